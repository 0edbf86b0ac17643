"""The files that hold several records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mbc_widgets.records.base import Day, Regulator, Source, Strict
from mbc_widgets.records.drugs import Regimen
from mbc_widgets.records.evidence import LineShare, ResultShare, SharedFit
from mbc_widgets.records.guidance import Body, Edition
from mbc_widgets.records.model import (
    Assumption,
    CohortFigure,
    Concern,
    Fit,
    FitCheck,
    LifeTable,
    Penalty,
    Prognosis,
    Remark,
    Step,
    Structure,
    Unlike,
)
from mbc_widgets.records.vocabulary import DrugClass, Field, Group


@dataclass(frozen=True, kw_only=True, slots=True)
class VocabularyFile(Strict):
    """data/vocabulary.yaml."""

    groups: tuple[Group, ...]
    fields: tuple[Field, ...]
    drug_classes: tuple[DrugClass, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RegimenGroup(Strict):
    """A name that licences and statements use for several regimens at once."""

    id: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RegimenFile(Strict):
    """data/regimens.yaml."""

    groups: tuple[RegimenGroup, ...]
    regimens: tuple[Regimen, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class GuidelineFile(Strict):
    """data/guidelines.yaml."""

    bodies: tuple[Body, ...]
    editions: tuple[Edition, ...]
    shared_fit: tuple[SharedFit, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class DataEdition(Strict):
    """data/edition.yaml: what this edition of the knowledge covers."""

    id: str
    first_day: Day
    current_day: Day
    regulators: tuple[Regulator, ...]
    default_regulator: Regulator
    first_scenario: str
    seed: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RealWorldFile(Strict):
    """A file of data/realworld: what was counted in cohorts."""

    id: str
    shares: tuple[LineShare, ...] = ()
    test_results: tuple[ResultShare, ...] = ()
    figures: tuple[CohortFigure, ...] = ()
    life_tables: tuple[LifeTable, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    structures: tuple[Structure, ...] = ()
    ladders: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    penalties: tuple[Penalty, ...] = ()
    prognosis: tuple[Prognosis, ...] = ()
    unlike: tuple[Unlike, ...] = ()
    remarks: tuple[Remark, ...] = ()
    concerns: tuple[Concern, ...] = ()
    fits: tuple[Fit, ...] = ()
    checks: tuple[FitCheck, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario(Strict):
    """A teaching patient; `patient` is raw history, read by `patient.read_patient`; `body` is the guideline body to read by."""

    id: str
    title: str
    patient: Mapping[str, Any]
    teaches: str = ""
    day: Day | None = None
    regulator: Regulator | None = None
    body: str | None = None

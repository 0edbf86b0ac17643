"""The closed vocabulary: fields, groups and drug classes."""

from dataclasses import dataclass, field
from typing import Any, Literal

from mbc_widgets.records.base import Day, Strict


@dataclass(frozen=True, kw_only=True, slots=True)
class Field(Strict):
    """One entry of the vocabulary: what a patient, a condition or a control may name."""

    id: str
    label: str
    group: str
    kind: Literal["state", "set", "number", "flag"]
    changes: Literal["test", "choice", "course", "fixed"]
    if_not_given: Any
    unit: str = ""
    states: Any = field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False  # a grade or a count: 2.5 is a slip
    step: float = 1  # of the control
    derived: bool = False
    definition: str | None = None
    passes: bool = False  # corrected or over by the next line: a plan asks for it anew
    passes_from: float | None = None  # below it, it is not expected to
    passes_to: dict[str, str] = field(
        default_factory=dict
    )  # the state that another one passes to, if not the usual one
    ask: str | None = None  # what to order or do when it is unknown
    says: tuple[str, ...] = ()  # in a sentence: (when it is so, when it is not), with {} for the state
    ever: tuple[str, ...] = ()  # of months since something: (when it ever was, when it never was)
    source: str | None = None
    since: Day | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group(Strict):
    """A clinical group of controls, or of regimens."""

    id: str
    label: str
    open: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class DrugClass(Strict):
    """A class of drugs: how a line with it is counted, and its colour."""

    id: str
    label: str
    kind: Literal["endocrine", "suppression", "targeted", "adc", "immune", "cytotoxic", "supportive"]
    palette: str
    not_twice: bool = False  # after progression on one drug of it, the others come after everything new

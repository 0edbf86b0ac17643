"""What the simulation stands on: figures of cohorts, life tables, assumptions, and the frozen fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mbc_widgets.records.base import Backbone, Day, Strict, Tree, Verified

Subtype = Literal["hr_positive", "triple_negative", "all"]
CohortMeasure = Literal[
    "overall_survival_median", "overall_survival_percent", "line_median", "line_percent", "next_line_percent",
    "death_before_next_line_percent", "no_further_line_percent", "died_on_treatment_percent", "time_on_treatment_percent",
    "lines_median", "benefit_odds_ratio", "hazard_ratio", "utility", "utility_change", "esr1_percent", "supportive_care_median",
    "months_to_next_line",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class CohortFigure(Strict):
    """One published figure of a cohort: what the simulation is fitted to, checked against, or takes over."""

    id: str
    cohort: str
    subtype: Subtype
    measure: CohortMeasure
    value: float
    unit: str
    population: str
    source: str
    verified: Verified
    low: float | None = None
    high: float | None = None
    n: int | None = None
    line: int | None = None
    at_months: float | None = None
    counted_among: Literal["started", "progressed"] = "started"  # a line, whom a share of the next line is of
    factor: str | None = None
    endpoint: str | None = None
    checked: Day | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LifeTable(Strict):
    """Chances of death within the next year of age, from `from_age` on, of a whole population."""

    id: str
    sex: Literal["female", "male"]
    country: str
    year: int
    from_age: int
    yearly: tuple[float, ...]
    source: str
    verified: Verified
    checked: Day | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Assumption(Strict):
    """A number of the model that no cohort prints as such: value, range, why; `fitted` when `mbc calibrate` sets it."""

    id: str
    value: float
    text: str
    low: float | None = None
    high: float | None = None
    figures: tuple[str, ...] = ()  # the cohort figures it follows from


@dataclass(frozen=True, kw_only=True, slots=True)
class Structure(Strict):
    """One way in which the same published figures can fit together; several fit alike, so several are shown side by side.

    `next_line`: by subtype, the figures that give the share starting the next line after lines 1, 2, ...; the last one holds
    on. `support_months`: median after the last line. `death_on_line`: by subtype, the assumption that takes the place of the usual one.
    """

    id: str
    label: str
    text: str
    next_line: Mapping[str, tuple[str, ...]]
    support_months: float
    death_on_line: Mapping[str, str] = field(default_factory=dict)
    misses: Mapping[str, str] = field(default_factory=dict)  # by figure: why this structure does not meet it
    contradicted: tuple["Contradiction", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Contradiction(Strict):
    """Patients for whom a structure says what a cohort denies: shown there, without a voice in any verdict.

    `from_line`: who start this line or a later one as the first line of their plan. `figure`: the cohort's.
    """

    subtype: Subtype
    figure: str
    from_line: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Step(Strict):
    """Median months on a line in everyday care: a figure's, or the step before times a ratio of two figures' hazards."""

    figure: str | None = None
    ratio_of: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Penalty(Strict):
    """What earlier therapy costs a line that is read from people without it: its months are divided by `ratio`, once a line.

    `of`: backbones it concerns. `before`: figures of trials that had reported, or had enrolled all, before this day, from a time
    without such therapy; with it the steps of everyday care in `subtypes` as well, whose cohorts are of that time. Without it every
    figure of a trial.
    """

    id: str
    text: str
    when: Tree
    of: tuple[Backbone, ...]
    ratio: float  # of two median times
    low: float
    high: float
    source: str
    verified: Verified
    before: Day | None = None
    subtypes: tuple[Subtype, ...] = ()
    checked: Day | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Prognosis(Strict):
    """A condition of a patient that goes with a longer or shorter survival: a hazard ratio of death against those without it.

    It moves death on a line, loss between lines and survival after the last line, never the time to progression. `figure` is
    where the ratio stands, or the survival that it is set to meet; without one it is a judgement, and `text` says so. `percent` have it in such cohorts.
    """

    id: str
    text: str
    when: Tree
    hazard_ratio: float
    low: float
    high: float
    percent: float
    figure: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Unlike(Strict):
    """Patients whom no cohort behind the simulation holds: for them nothing is simulated, and `text` says whom it is about."""

    id: str
    text: str
    when: Tree


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark(Strict):
    """What the simulation leaves out for such patients, said beside its figures."""

    id: str
    text: str
    when: Tree


@dataclass(frozen=True, kw_only=True, slots=True)
class Concern(Strict):
    """A finding that makes harms weigh more: words of the events' names, in lower case, and who has it. Judgement."""

    id: str
    says: str
    events: tuple[str, ...]
    when: Tree


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit(Strict):
    """What `mbc calibrate` found for one structure and subtype: mean months, frozen."""

    structure: str
    subtype: Subtype
    beyond: float  # on the drug after progression
    gap: float  # without a drug before the next line


@dataclass(frozen=True, kw_only=True, slots=True)
class FitCheck(Strict):
    """How near a fitted structure comes to a published figure; `used` says whether it was fitted to it."""

    structure: str
    figure: str
    fitted: float
    z: float | None
    used: Literal["fitted", "checked"]
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Model(Strict):
    """All that the simulation stands on, by id."""

    figures: Mapping[str, CohortFigure] = field(default_factory=dict)
    life_tables: Mapping[str, LifeTable] = field(default_factory=dict)
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)
    structures: Mapping[str, Structure] = field(default_factory=dict)
    ladders: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    penalties: tuple[Penalty, ...] = ()
    prognosis: tuple[Prognosis, ...] = ()
    unlike: tuple[Unlike, ...] = ()
    remarks: tuple[Remark, ...] = ()
    concerns: tuple[Concern, ...] = ()
    fits: Mapping[tuple[str, str], Fit] = field(default_factory=dict)
    checks: tuple[FitCheck, ...] = ()

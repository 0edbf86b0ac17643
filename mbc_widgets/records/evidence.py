"""Trials and their dated results."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mbc_widgets.records.base import Day, Precision, Source, Strict, Tree, Verified


@dataclass(frozen=True, kw_only=True, slots=True)
class Arm(Strict):
    """One arm of a trial and the regimens of this library that it is."""

    id: str
    name: str
    regimens: tuple[str, ...] = ()
    choice_of: tuple[str, ...] = ()
    n: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FitCriterion(Strict):
    """One question that says whether a trial fits a patient; missing a defining one means "does not match"."""

    text: str
    when: Tree
    defining: bool = False
    verified: Verified = "recalled"  # seen only where somebody read this very criterion and says so
    source: str | None = None  # the trial's own source when omitted


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedFit(FitCriterion):
    """A criterion that every trial of a subtype has, told once: a guideline says so of them all, or the time in which they ran.

    `reported_before`: only of trials that had reported by then. `not_in`: trials that drew the line elsewhere.
    """

    subtype: str
    reported_before: Day | None = None
    not_in: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure(Strict):
    """A figure with its interval."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    interval: float | None = None
    not_reached: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Result(Strict):
    """One dated result of a trial in one population."""

    reported: Day
    endpoint: str
    unit: str
    source: str
    verified: Verified
    analysis: str | None = None
    population: str | None = None
    population_when: Tree = None
    exploratory: bool = False
    assessor: str | None = None
    at_months: float | None = None
    experimental: Measure | None = None
    control: Measure | None = None
    hazard_ratio: Measure | None = None
    arm: str | None = None
    control_arm: str | None = None
    p: str | float | None = None
    note: str | None = None
    checked: Day | None = None
    reported_verified: Verified = "seen"
    reported_to: Precision = "day"  # how exact the written day is; the compiler works it out
    year: int | str | None = None
    also_source: str | None = None
    merged: int | None = None
    added: bool = False
    plausible_because: Mapping[str, str] | None = None  # why a figure that looks odd stands so in its source


@dataclass(frozen=True, kw_only=True, slots=True)
class AdverseEvent(Strict):
    """How many had an event, by arm."""

    arm: str
    event: str
    source: str
    verified: Verified
    any_grade_percent: float | None = None
    grade_3_plus_percent: float | None = None
    checked: Day | None = None
    arm_name: str | None = None
    detail: str | None = None
    also_source: str | None = None
    merged: int | None = None
    added: bool = False
    note: str | None = None
    plausible_because: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial(Strict):
    """A trial with its dated results."""

    id: str
    name: str
    subtype: str
    arms: tuple[Arm, ...]
    population: str
    first_report: Day | None = None
    first_report_status: str | None = None
    note: str | None = None
    nct: str | None = None
    phase: str | int | None = None
    line: str | None = None
    started: Day | None = None
    enrolled_until: Day | None = None  # the last patient: which earlier drugs they can have had
    design: str | None = None
    biomarker: str | None = None
    prior_therapy: str | None = None
    journal: str | None = None
    pmid: int | str | None = None
    doi: str | None = None
    source: str | None = None
    verified: Verified = "recalled"
    checked: Day | None = None
    shares_arm_with: tuple[str, ...] = ()
    fit: tuple[FitCriterion, ...] = ()
    results: tuple[Result, ...] = ()
    adverse_events: tuple[AdverseEvent, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultShare(Strict):
    """How often a test shows a result, in percent of a published cohort: what a branch of a sequence is drawn with.

    `shows` is the result, one atom over one field. `again` marks a result that can come after another one (acquired, or read
    again): the test is worth repeating where an older result is known. `unless_known` is a test whose result, once known,
    makes the cohort another than this patient's.
    """

    shows: Tree
    when: Tree
    percent: float
    cohort: str
    source: str
    verified: Verified
    low: float | None = None
    high: float | None = None
    checked: Day | None = None
    again: bool = False
    unless_known: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LineShare(Strict):
    """Share of the people who start a line that go on to start the next one."""

    subtype: str
    from_line: int
    percent: float
    cohort: str
    source: str
    verified: Verified
    low: float | None = None
    high: float | None = None
    checked: Day | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CurveArm(Strict):
    """One arm of a published figure: (month, percent without the event), (month, people at risk), and the events if printed."""

    arm: str
    points: tuple[tuple[float, float], ...]
    at_risk: tuple[tuple[float, int], ...]
    events: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedCurve(Strict):
    """A published curve, read off its figure: for teaching, no figure of the library rests on it."""

    id: str
    trial: str
    endpoint: str
    population: str
    reported: Day
    arms: tuple[CurveArm, ...]
    source: str
    verified: Verified
    checked: Day | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)

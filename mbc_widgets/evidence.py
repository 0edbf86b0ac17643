"""Which trial speaks for a regimen in this patient, and how well it fits.

Comes in: a regimen, the facts and the snapshot. Goes out: `Row`s, the best-fitting first. A figure is always one trial,
one population and one assessor; rows of two trials are never merged, and a recalled figure is never the reference.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from mbc_widgets.conditions import fields_of, holds
from mbc_widgets.facts import Facts
from mbc_widgets.knowledge import Snapshot
from mbc_widgets.records import FitCriterion, Measure, Result, Trial

FITS, IN_PART, NO_MATCH, NOT_ASSESSED = "fits", "in part", "does not match", "not assessed"
FIT_ORDER = (FITS, IN_PART, NOT_ASSESSED, NO_MATCH)
POOR_ECOG = 3
TIME_ON_LINE = ("pfs", "ttp")
LINE_OF_THERAPY = frozenset({
    "metastatic_lines", "metastatic_endocrine_lines", "months_since_adjuvant_endocrine_end", "endocrine_resistance",
})  # fmt: skip
CLOSER = LINE_OF_THERAPY | {
    "endocrine_group",
    "brain_state",
}  # a gain of all is not carried over to treated brain metastases


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How well a trial fits a patient: a word, the criteria that are missed or unknown, how many of them are defining."""

    word: str
    defining_missed: int = 0
    defining_unknown: int = 0
    missed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """One result seen from one regimen: `own` is the regimen's arm, `other` the arm against it."""

    trial: Trial
    result: Result
    fit: Fit
    experimental: bool
    own: Measure | None
    other: Measure | None
    by_others: bool = False  # judged by others than the primary analysis of the trial

    @property
    def usable(self) -> bool:
        """Say whether it may stand as a reference figure: read in its source, with a median of this regimen."""
        return _is_usable(self.result, experimental=self.experimental)


def fit(trial: Trial, facts: Facts) -> Fit:
    """Give how well `trial` fits: a missed defining criterion means "does not match", any other miss "in part"."""
    if not trial.fit:
        return Fit(word=NOT_ASSESSED)
    refused, unknown = _unmet(trial, facts)
    defining = sum(criterion.defining for criterion in refused)
    word = NO_MATCH if defining else IN_PART if refused or unknown else FITS
    if word == FITS and facts.values.get("performance_status", 0) >= POOR_ECOG and not _asks_for_ecog(trial):
        word = NOT_ASSESSED  # few trials took such patients, and this one does not say
    return Fit(
        word=word,
        defining_missed=defining,
        defining_unknown=sum(criterion.defining for criterion in unknown),
        missed=tuple(criterion.text for criterion in refused),
        unknown=tuple(criterion.text for criterion in unknown),
    )


def _asks_for_ecog(trial: Trial) -> bool:
    return any("performance_status" in fields_of(criterion.when) for criterion in trial.fit)


def reported_trials(regimens: Iterable[str], snapshot: Snapshot) -> tuple[Trial, ...]:
    """Give the trials of these regimens that had reported by the day."""
    knowledge = snapshot.knowledge
    names = dict.fromkeys(name for regimen in regimens for name, _ in knowledge.trials_of.get(regimen, ()))
    trials = (knowledge.trial(name) for name in names)
    return tuple(trial for trial in trials if any(result.reported <= snapshot.day for result in trial.results))


def missed(trial: Trial, facts: Facts) -> tuple[FitCriterion, ...]:
    """Give the criteria of a trial that this patient does not meet; an unknown one is not missed."""
    return tuple(_unmet(trial, facts)[0])


def _unmet(trial: Trial, facts: Facts) -> tuple[list[FitCriterion], list[FitCriterion]]:
    """Give the criteria of a trial that this patient does not meet, and those of which nobody knows."""
    refused: list[FitCriterion] = []
    unknown: list[FitCriterion] = []
    for criterion in trial.fit:
        answer = holds(criterion.when, facts.values)
        if not answer:
            (unknown if answer is None else refused).append(criterion)
    return refused, unknown


def rows(regimen: str, facts: Facts, snapshot: Snapshot) -> tuple[Row, ...]:
    """Give every dated result that concerns `regimen` and this patient's population, best fitting first."""
    return tuple(sorted(_rows(arms_of(regimen, snapshot), facts), key=lambda row: _rank(row, facts)))


def _rows(dated: Iterable[tuple[Trial, Result, bool]], facts: Facts) -> Iterator[Row]:
    """Give the rows of results whose population this patient may be in, each with the fit of its trial."""
    fits: dict[str, Fit] = {}
    primary: dict[str, str] = {}
    for trial, result, experimental in dated:
        if result.population_when is not None and holds(result.population_when, facts.values) is False:
            continue
        if trial.id not in fits:
            fits[trial.id] = fit(trial, facts)
            primary[trial.id] = primary_assessor(trial)
        own, other = (result.experimental, result.control) if experimental else (result.control, result.experimental)
        yield Row(
            trial=trial,
            result=result,
            fit=fits[trial.id],
            experimental=experimental,
            own=own,
            other=other,
            by_others=result.assessor not in {primary[trial.id], None},
        )


@cache
def arms_of(regimen: str, snapshot: Snapshot) -> tuple[tuple[Trial, Result, bool], ...]:
    """Give the trial, the result and whether the regimen is its experimental arm, for all that was reported by the day."""
    return tuple(
        (trial, *found)
        for name, arm in snapshot.knowledge.trials_of.get(regimen, ())
        for trial in [snapshot.knowledge.trial(name)]
        for found in _results_of_arm(trial, arm, snapshot.day)
    )


@cache
def _times_on_line(regimen: str, snapshot: Snapshot) -> tuple[tuple[Trial, Result, bool], ...]:
    """Give those of the dated results that tell how long the line holds, in months: read, with a median of this regimen."""
    return tuple(
        (trial, result, experimental)
        for trial, result, experimental in arms_of(regimen, snapshot)
        if result.endpoint in TIME_ON_LINE and result.unit == "months" and _is_usable(result, experimental=experimental)
    )


def _is_usable(result: Result, *, experimental: bool) -> bool:
    own = result.experimental if experimental else result.control
    return result.verified == "seen" and own is not None and own.value is not None


def best(regimen: str, facts: Facts, snapshot: Snapshot) -> Row | None:
    """Give the row that the board draws: median time to progression of this regimen in the best-fitting population.

    A trial that misses a defining criterion (disease, biomarker, line, exposure), or one whose defining test is not known here,
    gives no length: a number from another population is not a smaller error than no number.
    """
    dated = _times_on_line(regimen, snapshot)
    fitting = {trial.id for trial in {found[0].id: found[0] for found in dated}.values() if _may_tell(trial, facts)}
    found = _rows((one for one in dated if one[0].id in fitting), facts)
    return min(found, key=lambda row: _rank(row, facts), default=None)


def _may_tell(trial: Trial, facts: Facts) -> bool:
    """Say whether a trial took patients of this disease who are known to meet what defines its population."""
    group = facts.values.get("endocrine_group")
    if (trial.subtype, group) in {("hr_positive", "negative"), ("triple_negative", "positive")}:
        return False
    return all(holds(criterion.when, facts.values) for criterion in trial.fit if criterion.defining)


def _results_of_arm(trial: Trial, arm: str, day: str) -> tuple[tuple[Result, bool], ...]:
    """Give the results by `day` in which `arm` takes part, and whether it is the experimental side there."""
    found = []
    for result in trial.results:
        if result.reported > day:
            continue
        experimental, control = result.arm or "experimental", result.control_arm or "control"
        if arm in {experimental, control}:
            found.append((result, arm == experimental))
    return tuple(found)


def _rank(row: Row, facts: Facts) -> tuple[object, ...]:
    """Order rows: fit, read figures, the population that names this patient, phase 3 and size, newest, primary assessor.

    An exploratory subgroup stands before the whole trial only when it names the receptor group or the line: by age or site it
    is a chance finding until proven.
    """
    result, trial = row.result, row.trial
    specific = 1 if result.population_when is None else 0
    if result.population_when is not None and holds(result.population_when, facts.values) is None:
        specific = 2
    return (
        FIT_ORDER.index(row.fit.word),
        row.fit.defining_missed,
        row.fit.defining_unknown,
        not row.usable,
        result.exploratory and not fields_of(result.population_when or ("all", ())) <= CLOSER,
        specific,
        str(trial.phase) != "3",
        result.exploratory,
        not row.experimental,
        -sum(arm.n or 0 for arm in trial.arms),
        row.by_others,
        _newest_first(result.reported),
        trial.id,
    )


def primary_assessor(trial: Trial) -> str:
    """Give who judged progression in the primary analysis of a trial: the row that every page shows where two are told.

    Where the rows do not tell (both were reported as primary, or neither): the investigator in a blinded trial, a panel in an
    open one.
    """
    times = [result for result in trial.results if result.endpoint in TIME_ON_LINE and result.assessor]
    told = {result.assessor for result in times if result.analysis == "primary" and not result.exploratory}
    if len(told) == 1:
        return str(told.pop())
    placebo = any("placebo" in arm.name.lower() for arm in trial.arms)
    return "investigator" if placebo else "bicr"


@cache
def _newest_first(day: str) -> int:
    return -int(day.replace("-", ""))

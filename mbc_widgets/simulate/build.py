"""From a planned sequence to the courses that are simulated: one for each structure, from the figures that the plan shows.

Comes in: a `Sequence`, the patient, the snapshot, a structure. Goes out: a `Course`. Every line takes the curve of the trial row
that the board draws; a line without such a figure takes the step of everyday care for its number.
"""

from collections.abc import Iterator
from math import log

from mbc_widgets.branches import TestPoint
from mbc_widgets.conditions import holds
from mbc_widgets.evidence import FITS, Row, best
from mbc_widgets.facts import Facts
from mbc_widgets.knowledge import Knowledge, Snapshot
from mbc_widgets.records import CohortFigure, Model, Penalty, Structure
from mbc_widgets.sequences import Line, Sequence, cohort_subtype
from mbc_widgets.simulate.course import Course, Fork, LineCourse
from mbc_widgets.simulate.prognosis import outlook, with_ratio
from mbc_widgets.simulate.uncertainty import EVERYDAY_ERROR, USUAL_ERROR, USUAL_N, WIDTH, Errors, LineError
from mbc_widgets.survival import Curve, curve_of, from_median

EVERYBODY = 100
LADDER = "everyday care, no trial figure"
STOPPED = "Stopped for adverse event"
USUAL_AGE = "age_of_cohorts"
SUPPORT_FACTOR = 2.0  # the median after the last line may be half or twice as long (assumption)


def course_of(sequence: Sequence, facts: Facts, snapshot: Snapshot, structure: str) -> Course | None:
    """Give the course of a sequence by a structure of the model; None where nothing is planned.

    Raises:
        KeyError: no such structure, or `mbc calibrate` has no fit for it.

    """
    known = snapshot.knowledge
    model, subtype = known.model, cohort_subtype(facts)
    shape, fit = model.structures[structure], model.fits[structure, subtype]
    if not sequence.lines:
        return None
    lines = []
    for line in sequence.lines:
        dies, goes_on = shares(model, shape, subtype, line.number)
        lines.append(
            LineCourse(
                name=line.option.regimen.id,
                curve=_curve(line, subtype, snapshot),
                hazard_ratio=_penalty(line, model),
                dies=dies,
                stops=_stops(line),
                beyond=fit.beyond,
                gap=fit.gap,
                goes_on=goes_on,
                forks=tuple(_forks(line, sequence, snapshot)),
            )
        )
    course = Course(
        lines=tuple(lines),
        frailty=model.assumptions["frailty_variance"].value,
        leaning=model.assumptions["leaning"].value,
        support=from_median(shape.support_months, shape=model.assumptions["support_shape"].value),
        other_deaths=other_deaths(known, facts.values.get("age_years"), facts.values.get("sex")),
    )
    return with_ratio(course, outlook(facts, model).ratio)


def errors_of(sequence: Sequence, facts: Facts, snapshot: Snapshot, structure: str) -> Errors:
    """Give how well the course of a sequence is known: intervals of the medians, people behind the shares, ranges.

    Raises:
        KeyError: no such structure.

    """
    model, subtype = snapshot.knowledge.model, cohort_subtype(facts)
    shape = model.structures[structure]
    wider = model.assumptions["wider_when_not_like_the_trial"].value
    lines = tuple(
        LineError(
            log_median=_log_error(line.row, wider) if line.row else EVERYDAY_ERROR,
            source=_source(line),
            people=_figure(model, shape, subtype, line.number).n or USUAL_N,
            log_hazard_ratio=max((log(p.high / p.low) / WIDTH for p in _penalties(line, model)), default=0.0),
        )
        for line in sequence.lines
    )
    return Errors(
        lines=lines,
        frailty=_range(model, "frailty_variance"),
        leaning=_range(model, "leaning"),
        support=(shape.support_months / SUPPORT_FACTOR, shape.support_months * SUPPORT_FACTOR),
    )


def _source(line: Line) -> str:
    """Name whose error the median of a line has: the arm of a trial in a population, or everyday care on a line of its number."""
    if line.row is None:
        return f"everyday care, line {line.number}"
    return (
        f"{line.row.trial.id}, {line.row.result.population}, {'experimental' if line.row.experimental else 'control'}"
    )


def _range(model: Model, name: str) -> tuple[float, float]:
    found = model.assumptions[name]
    return (found.value if found.low is None else found.low, found.value if found.high is None else found.high)


def _log_error(row: Row, wider: float) -> float:
    """Give the standard error of the log of a median; wider where the trial left patients like this one out."""
    own = row.own
    known = own is not None and own.low is not None and own.high is not None and own.low > 0
    error = log(own.high / own.low) / WIDTH if known else USUAL_ERROR  # type: ignore[union-attr, operator]
    return error if row.fit.word == FITS else error * wider


def _figure(model: Model, structure: Structure, subtype: str, number: int) -> CohortFigure:
    """Give the figure that tells how many go on from the line of this number; the last one holds for all later lines."""
    listed = structure.next_line[subtype]
    return model.figures[listed[min(number, len(listed)) - 1]]


def shares(model: Model, structure: Structure, subtype: str, number: int) -> tuple[float, float]:
    """Give, for the line of this number, the share that dies on it and, of those alive after it, that starts the next."""
    figure = _figure(model, structure, subtype, number)
    next_line = figure.value if figure.measure == "next_line_percent" else EVERYBODY - figure.value
    lost = 1 - next_line / EVERYBODY
    dies = lost * model.assumptions["lost_by_death"].value
    return dies, (1 - lost) / (1 - dies)


def ladder(model: Model, subtype: str) -> tuple[float, ...]:
    """Give the median months on lines 1, 2, ... in everyday care.

    A step is a published median, or the step before times the ratio of two published medians.
    """
    medians: list[float] = []
    for step in model.ladders[subtype]:
        if step.figure:
            medians.append(model.figures[step.figure].value)
        else:
            earlier, later = (model.figures[name].value for name in step.ratio_of)
            medians.append(medians[-1] * later / earlier)
    return tuple(medians)


def other_deaths(known: Knowledge, age: float | None, sex: str | None) -> tuple[float, ...]:
    """Give the yearly chances of death from this age on; those of women and of the cohorts' age where nobody said."""
    table = next(t for t in known.model.life_tables.values() if t.sex == ("male" if sex == "male" else "female"))
    usual = known.model.assumptions[USUAL_AGE].value
    first = int(usual if age is None else age) - table.from_age
    return table.yearly[min(first, len(table.yearly) - 1) :]


def _curve(line: Line, subtype: str, snapshot: Snapshot) -> Curve:
    if line.row:
        return curve_of(line.row, line.option.regimen.id, snapshot)
    medians = ladder(snapshot.knowledge.model, subtype)
    return from_median(medians[min(line.number, len(medians)) - 1])


def _penalty(line: Line, model: Model) -> float:
    """Give what earlier therapy costs: the largest that applies, never one on top of another."""
    return max((penalty.hazard_ratio for penalty in _penalties(line, model)), default=1.0)


def _penalties(line: Line, model: Model) -> tuple[Penalty, ...]:
    """Give the penalties that apply; none where no trial speaks, as the step of everyday care holds them already."""
    if line.row is None:
        return ()
    reported, values = line.row.result.reported, line.option.facts.values
    return tuple(
        penalty
        for penalty in model.penalties
        if line.option.regimen.backbone in penalty.of
        and (penalty.reported_before is None or reported < penalty.reported_before)
        and holds(penalty.when, values) is True
    )


def _stops(line: Line) -> float:
    """Give the share that left the drug for toxicity in the trial of this line, 0 where nobody read it."""
    if line.row is None:
        return 0.0
    arm = line.row.result.arm or "experimental" if line.row.experimental else line.row.result.control_arm or "control"
    for event in line.row.trial.adverse_events:
        if event.event == STOPPED and event.arm == arm and event.verified == "seen" and event.any_grade_percent:
            return event.any_grade_percent / EVERYBODY
    return 0.0


def _forks(line: Line, sequence: Sequence, snapshot: Snapshot) -> Iterator[Fork]:
    """Give the results with a cited share that turn this line to another regimen whose figure was read."""
    for point in _tests(sequence):
        for branch in point.branches:
            if branch.line != line.number or branch.share is None or branch.share.verified != "seen":
                continue
            row = best(branch.option.regimen.id, branch.option.facts, snapshot)
            if row:
                curve = curve_of(row, branch.option.regimen.id, snapshot)
                share = branch.share.percent / EVERYBODY
                yield Fork(marker=point.field, share=share, name=branch.option.regimen.id, curve=curve)


def _tests(sequence: Sequence) -> Iterator[TestPoint]:
    for line in sequence.lines:
        yield from line.tests

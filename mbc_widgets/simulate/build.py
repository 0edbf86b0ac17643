"""From a planned sequence to the courses that are simulated: one for each structure, from the figures that the plan shows.

Comes in: the `Paths` of a sequence, the patient, the snapshot, a structure. Goes out: a `Course` with those of people whose test
results turn the plan, and `Errors`. Every line takes the curve of the trial row that the board draws; a line without such a
figure takes the step of everyday care for its number.
"""

from dataclasses import replace
from functools import lru_cache
from math import exp, log

from mbc_widgets.conditions import holds
from mbc_widgets.evidence import FITS, Row
from mbc_widgets.facts import Facts
from mbc_widgets.knowledge import Knowledge, Snapshot
from mbc_widgets.records import CohortFigure, Fit, Model, Penalty, Regimen, Structure
from mbc_widgets.sequences import cohort_subtype
from mbc_widgets.simulate.course import Course, LineCourse, Past
from mbc_widgets.simulate.exits import EVERYBODY, Exits
from mbc_widgets.simulate.paths import Paths, Taken
from mbc_widgets.simulate.prognosis import WIDTH, factor_at, leverage, outlook, with_factor
from mbc_widgets.simulate.uncertainty import Errors, LineError
from mbc_widgets.survival import Curve, curve_of, from_median

LADDER = "everyday care, no trial figure"
DIVIDED = "months divided"
STOPPED = "Stopped for adverse event"
USUAL_AGE = "age_of_cohorts"


def course_of(paths: Paths, facts: Facts, snapshot: Snapshot, structure: str, past: tuple[Past, ...] = ()) -> Course:
    """Give the course of a planned sequence by a structure of the model, for people with these earlier lines.

    Raises:
        KeyError: no such structure, or `mbc calibrate` has no fit for it.

    """
    known = snapshot.knowledge
    model, subtype = known.model, cohort_subtype(facts)
    shape, fit = model.structures[structure], model.fits[structure, subtype]
    course, *turned = (
        Course(
            lines=tuple(_line(taken, shape, fit, snapshot) for taken in lines),
            frailty=model.assumptions["frailty_variance"].value,
            leaning=model.assumptions["leaning"].value,
            support=from_median(shape.support_months, shape=model.assumptions["support_shape"].value),
            other_deaths=other_deaths(known, facts.values.get("age_years"), facts.values.get("sex")),
            past=past,
        )
        for lines in paths.lines
    )
    course = replace(course, turns=paths.turns, turned=tuple(turned))
    return with_factor(course, factor_at(outlook(facts, model).ratio, _leverage_of(paths, facts, snapshot, structure)))


def everyday_course(known: Knowledge, structure: str, subtype: str, *, beyond: float, gap: float) -> Course:
    """Give the course of a cohort in everyday care: the ladder's medians, and the shares of a structure."""
    model = known.model
    shape = model.structures[structure]
    lines = []
    for at, median in enumerate(ladder(model, subtype), start=1):
        dies, goes_on = shares(model, shape, subtype, at)
        curve = from_median(median)
        lines.append(LineCourse(name=f"line {at}", curve=curve, beyond=beyond, gap=gap, dies=dies, goes_on=goes_on))
    return Course(
        lines=tuple(lines),
        frailty=model.assumptions["frailty_variance"].value,
        leaning=model.assumptions["leaning"].value,
        support=from_median(shape.support_months, shape=model.assumptions["support_shape"].value),
        other_deaths=other_deaths(known, None, None),
    )


@lru_cache(maxsize=256)
def _leverage(
    snapshot: Snapshot,
    structure: str,
    subtype: str,
    first: int,
    age: float | None,
    sex: str | None,
    ratio: float,
) -> tuple[tuple[float, float], ...]:
    """Give the factor of a hazard ratio on everyday care from this line on, and that of 1."""
    known = snapshot.knowledge
    fit = known.model.fits[structure, subtype]
    course = everyday_course(known, structure, subtype, beyond=fit.beyond, gap=fit.gap)
    course = replace(course, lines=course.lines[first - 1 :], other_deaths=other_deaths(known, age, sex))
    return leverage(course, [ratio])


def _leverage_of(
    paths: Paths, facts: Facts, snapshot: Snapshot, structure: str, *errors: int
) -> tuple[tuple[float, float], ...]:
    """Give the factors of a patient's hazard ratio, and of those that lie so many standard errors beside it."""
    first, values = paths.lines[0][0].number, facts.values
    held = outlook(facts, snapshot.knowledge.model)
    about = snapshot, structure, cohort_subtype(facts), first, values.get("age_years"), values.get("sex")
    ratios = (held.ratio * exp(step * held.log_error) for step in (0, *errors))
    return tuple(sorted({known for ratio in ratios for known in _leverage(*about, ratio)}))


def _line(taken: Taken, structure: Structure, fit: Fit, snapshot: Snapshot) -> LineCourse:
    model = snapshot.knowledge.model
    dies, goes_on = shares(model, structure, fit.subtype, taken.number)
    option = taken.option
    return LineCourse(
        name=option.regimen.id,
        curve=line_curve(taken.number, option.regimen, option.facts, taken.row, fit.subtype, snapshot),
        dies=dies,
        stops=_stops(taken),
        beyond=fit.beyond,
        gap=fit.gap,
        goes_on=goes_on,
    )


def line_curve(
    number: int, regimen: Regimen | None, facts: Facts, row: Row | None, subtype: str, snapshot: Snapshot
) -> Curve:
    """Give how long the line of this number holds in people with these facts before it, by the row or by everyday care."""
    model = snapshot.knowledge.model
    if row and regimen:
        curve = curve_of(row, regimen.id, snapshot)
    else:
        medians = ladder(model, subtype)
        curve = from_median(medians[min(number, len(medians)) - 1])
    costs = _penalties(regimen, facts, row, subtype, model) if regimen else ()
    cost = max((penalty.ratio for penalty in costs), default=1.0)  # never one on another
    if cost == 1:
        return curve
    return replace(curve.stretched(1 / cost), notes=(*curve.notes, f"{DIVIDED} by {cost:g} for earlier therapy"))


def errors_of(paths: Paths, facts: Facts, snapshot: Snapshot, structure: str) -> Errors:
    """Give how well the course of a sequence is known: intervals of the medians, people behind the shares, ranges.

    Raises:
        KeyError: no such structure.

    """
    model, subtype = snapshot.knowledge.model, cohort_subtype(facts)
    shape = model.structures[structure]
    held = outlook(facts, model)
    (low, high), factor = _range(model, "frailty_variance"), model.assumptions["support_factor"].value
    lines, *turned = (tuple(_line_error(taken, shape, subtype, model) for taken in each) for each in paths.lines)
    return Errors(
        lines=lines,
        turned=tuple(turned),
        frailty=(low, model.assumptions["frailty_variance"].value, high),
        leaning=_range(model, "leaning"),
        support=(shape.support_months / factor, shape.support_months * factor),
        lost_by_death=_range(model, "lost_by_death"),
        death_on_line=_range(model, _deaths(shape, subtype)),
        ratio=held.ratio,
        log_ratio=held.log_error,
        leverage=_leverage_of(paths, facts, snapshot, structure, -2, 2),
    )


def _line_error(taken: Taken, structure: Structure, subtype: str, model: Model) -> LineError:
    figure = _figure(model, structure, subtype, taken.number)
    costs = _penalties(taken.option.regimen, taken.option.facts, taken.row, subtype, model)
    largest = max(costs, key=lambda penalty: penalty.ratio, default=None)
    return LineError(
        log_median=_log_error(taken.row, model),
        source=_source(taken),
        exits=exits_of(model, structure, subtype, taken.number),
        registry=figure.id,
        people=figure.n or int(model.assumptions["usual_people"].value),
        cost=largest.id if largest else "",
        log_cost=log(largest.high / largest.low) / WIDTH if largest else 0.0,
    )


def _source(taken: Taken) -> str:
    """Name whose error the median of a line has: the arm of a trial, or everyday care, whose steps are one chain.

    Populations of one arm are wrong together: they share most of their patients.
    """
    if taken.row is None:
        return "everyday care"
    return f"{taken.row.trial.id}, {'experimental' if taken.row.experimental else 'control'}"


def _range(model: Model, name: str) -> tuple[float, float]:
    found = model.assumptions[name]
    return (found.value if found.low is None else found.low, found.value if found.high is None else found.high)


def _log_error(row: Row | None, model: Model) -> float:
    """Give the standard error of the log of a median; wider where the trial left patients like this one out."""
    if row is None:
        return model.assumptions["everyday_log_error"].value
    error, own = model.assumptions["usual_log_error"].value, row.own
    if own and own.low and own.high:
        error = log(own.high / own.low) / WIDTH
    return error if row.fit.word == FITS else error * model.assumptions["wider_when_not_like_the_trial"].value


def _figure(model: Model, structure: Structure, subtype: str, number: int) -> CohortFigure:
    """Give the figure that tells how many go on from the line of this number; the last one holds for all later lines."""
    listed = structure.next_line[subtype]
    return model.figures[listed[min(number, len(listed)) - 1]]


def exits_of(model: Model, structure: Structure, subtype: str, number: int) -> Exits:
    """Give what is known of how the line of this number ends."""
    figure = _figure(model, structure, subtype, number)
    next_line = figure.value if figure.measure == "next_line_percent" else EVERYBODY - figure.value
    of_progressed = figure.counted_among == "progressed"
    died = model.assumptions[_deaths(structure, subtype) if of_progressed else "lost_by_death"].value
    return Exits(next_line=next_line / EVERYBODY, of_progressed=of_progressed, died=died)


def _deaths(structure: Structure, subtype: str) -> str:
    """Name the assumption on who dies on a line."""
    return structure.death_on_line.get(subtype, f"death_on_line_{subtype}")


def shares(model: Model, structure: Structure, subtype: str, number: int) -> tuple[float, float]:
    """Give, for the line of this number, the share that dies on it and, of those alive after it, that starts the next."""
    return exits_of(model, structure, subtype, number).shares()


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


def _penalties(regimen: Regimen, facts: Facts, row: Row | None, subtype: str, model: Model) -> tuple[Penalty, ...]:
    """Give what earlier therapy costs a line: of figures from people without it, be they of a trial or of everyday care."""
    return tuple(
        penalty
        for penalty in model.penalties
        if regimen.backbone in penalty.of
        and _from_people_without(penalty, row, subtype)
        and holds(penalty.when, facts.values) is True
    )


def _from_people_without(penalty: Penalty, row: Row | None, subtype: str) -> bool:
    if penalty.before is None:
        return row is not None  # a step of everyday care is no figure of such a drug
    if row is None:
        return subtype in penalty.subtypes
    known = (row.result.reported, row.trial.first_report, row.trial.enrolled_until)
    return min(day for day in known if day) < penalty.before


def _stops(taken: Taken) -> float:
    """Give the share that left the drug for toxicity in the trial of this line, 0 where nobody read it."""
    row = taken.row
    if row is None:
        return 0.0
    arm = row.result.arm or "experimental" if row.experimental else row.result.control_arm or "control"
    for event in row.trial.adverse_events:
        if event.event == STOPPED and event.arm == arm and event.verified == "seen" and event.any_grade_percent:
            return event.any_grade_percent / EVERYBODY
    return 0.0

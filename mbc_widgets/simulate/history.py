"""What the lines behind a patient tell of those to come: whoever progressed early will, more often than not, progress early again.

Comes in: a `View`. Goes out: a `Past` for each earlier line whose days are known. A line that still runs tells how long it has held,
and not how it ends.
"""

from collections.abc import Sequence
from dataclasses import replace

from mbc_widgets.evidence import best
from mbc_widgets.facts import facts, group_by_line
from mbc_widgets.patient import Therapy, months_between
from mbc_widgets.records import Regimen
from mbc_widgets.sequences import cohort_subtype
from mbc_widgets.simulate.build import line_curve
from mbc_widgets.simulate.course import Course, Past
from mbc_widgets.workbook import View

LEAST = 0.1  # of a curve: with fewer left its tail is a guess, and a guess would make people live for years
ABOUT = 0.05  # of a hazard: nearer to the usual one is the usual one


def past_of(view: View) -> tuple[Past, ...]:
    """Give what is known of how long the earlier lines for metastatic disease held."""
    known = view.snapshot.knowledge
    metastatic = [therapy for therapy in view.patient.prior_therapies if therapy.setting == "metastatic"]
    lines = enumerate(group_by_line(metastatic, known), start=1)
    found = [each for number, line in lines if (each := _past(number, line, view))]
    kept = known.model.assumptions["earlier_line_tells"].value
    return tuple(
        replace(each, weight=kept**back) for each, back in zip(found, reversed(range(len(found))), strict=True)
    )


def _past(number: int, line: Sequence[Therapy], view: View) -> Past | None:
    months = months_between(line[0].start, line[-1].stop or view.patient.seen_on)
    if months <= 0:
        return None
    earlier = tuple(therapy for therapy in view.patient.prior_therapies if therapy.start < line[0].start)
    then = facts(replace(view.patient, seen_on=line[0].start, prior_therapies=earlier), view.snapshot)
    regimen = _regimen(line[0], view)
    row = best(regimen.id, then, view.snapshot) if regimen else None
    curve = line_curve(number, regimen, then, row, cohort_subtype(view.facts), view.snapshot)
    return Past(longer=max(float(curve.survival(months)), LEAST), progressed=line[-1].progressed)


def _regimen(therapy: Therapy, view: View) -> Regimen | None:
    """Give the regimen of the library with these very drugs."""
    agents = frozenset(therapy.agents)
    found = (one for one in view.snapshot.knowledge.regimens.values() if frozenset(one.agents) == agents)
    return next(found, None)


def told(course: Course) -> str:
    """Say in words what the earlier lines make of these people; nothing where they tell nothing."""
    hazard = course.own_frailty[0]
    if not course.past:
        return ""
    lines = f"{len(course.past)} earlier line{'s' * (len(course.past) != 1)} held"
    if abs(hazard - 1) < ABOUT:
        return f"{lines} about as long as usual, so that progression and death come at the usual hazard."
    word = "longer than usual" if hazard < 1 else "less long than usual"
    return (
        f"{lines} {word}, so that the hazard of progression is {hazard:.2f} times the usual at the start:"
        " whoever progressed early tends to do so again."
    )

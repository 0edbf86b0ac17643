"""What the lines behind a patient tell of those to come: whoever progressed early will, more often than not, progress early again.

Comes in: a `View`. Goes out: a `Past` for each earlier line whose days are known. A line that still runs tells how long it has held,
and not how it ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from mbc_widgets.evidence import best
from mbc_widgets.facts import facts, group_by_line
from mbc_widgets.facts.lines import BESIDE, CHEMOTHERAPY, ENDOCRINE, counted_as, kinds_of
from mbc_widgets.patient import Therapy, months_between
from mbc_widgets.records import Regimen
from mbc_widgets.sequences import cohort_subtype
from mbc_widgets.simulate.build import line_curve
from mbc_widgets.simulate.course import Course, Past
from mbc_widgets.survival import Curve
from mbc_widgets.workbook import View

LEAST = 0.1  # of a curve: with fewer left its tail is a guess, and a guess would make people live for years
EVERYDAY = frozenset(
    {ENDOCRINE, CHEMOTHERAPY}
)  # what the cohorts of everyday care had: before CDK4/6 inhibitors and conjugates
PLANNED = ("completed", "planned_break")
ABOUT = 0.05  # of a hazard: nearer to the usual one is the usual one


def past_of(view: View) -> tuple[Past, ...]:
    """Give what is known of how long the earlier lines for metastatic disease held; nothing of those that tell nothing."""
    known = view.snapshot.knowledge
    metastatic = [therapy for therapy in view.patient.prior_therapies if therapy.setting == "metastatic"]
    lines = group_by_line(metastatic, known)
    kept = known.model.assumptions["earlier_line_tells"].value
    starts = [line[0].start for line in lines[1:]]
    found = []
    for at, line in enumerate(lines):
        following = starts[at] if at < len(starts) else None
        past = _past(at + 1, line, following, view)
        if past:
            found.append(replace(past, weight=kept ** (len(lines) - 1 - at)))
    return tuple(found)


def _past(number: int, line: Sequence[Therapy], following: date | None, view: View) -> Past | None:
    """Give what one line tells; None where what held is not one kind of therapy, or nothing read is like it."""
    known = view.snapshot.knowledge
    if len({counted_as(therapy.agents, known) for therapy in line}) > 1:
        return None  # maintenance: the figures are those of its first part
    until, progressed = _end(line[-1], following, view)
    months = months_between(line[0].start, until)
    curve = _usual(number, line[0], view) if months > 0 else None
    return Past(longer=max(float(curve.survival(months)), LEAST), progressed=progressed) if curve else None


def _end(last: Therapy, following: date | None, view: View) -> tuple[date, bool]:
    """Give the day to which a line is known to have held, and whether it ended in progression.

    A course that was completed as planned ended in progression at some day before the next line: the day between is taken. One
    that was left for another reason, or still runs, tells only how long it held.
    """
    seen = view.patient.seen_on
    if last.progressed or last.best_response == "progression":
        return last.stop or seen, True
    if last.stop and last.stop_reason in PLANNED and following:
        return last.stop + (following - last.stop) / 2, True
    return last.stop or seen, False


def _usual(number: int, therapy: Therapy, view: View) -> Curve | None:
    """Give how long such a line holds: of this regimen, of another of the same classes, or of everyday care where that had them."""
    earlier = tuple(each for each in view.patient.prior_therapies if each.start < therapy.start)
    then = facts(replace(view.patient, seen_on=therapy.start, prior_therapies=earlier), view.snapshot)
    subtype = cohort_subtype(view.facts)
    for regimen in _alike(therapy, view):
        row = best(regimen.id, then, view.snapshot)
        if row:
            return line_curve(number, regimen, then, row, subtype, view.snapshot)
    known = view.snapshot.knowledge
    kinds = kinds_of(therapy.agents, known) - {BESIDE}
    if not kinds <= EVERYDAY:
        return None
    return line_curve(number, next(iter(_alike(therapy, view)), None), then, None, subtype, view.snapshot)


def _alike(therapy: Therapy, view: View) -> list[Regimen]:
    """Give the regimens of these drugs, then those of the same classes; what is given beside a line does not count."""
    known = view.snapshot.knowledge

    def main(agents: Iterable[str]) -> frozenset[str]:
        return frozenset(name for name in agents if counted_as([name], known) != BESIDE)

    def classes(agents: Iterable[str]) -> list[str]:
        return sorted(known.agents[name].drug_class for name in main(agents))

    drugs, kinds = main(therapy.agents), classes(therapy.agents)
    same = [each for each in known.regimens.values() if classes(each.agents) == kinds]
    return sorted(same, key=lambda each: (main(each.agents) != drugs, len(each.agents)))


def told(course: Course) -> str:
    """Say in words what the earlier lines make of these people; nothing where they tell nothing."""
    hazard = course.own_frailty[0]
    if not course.past:
        return ""
    still = len(course.past) == 1 and not course.past[0].progressed
    lines = f"{len(course.past)} earlier line{'s' * (len(course.past) != 1)} {'has so far held' if still else 'held'}"
    if abs(hazard - 1) < ABOUT:
        return f"{lines} about as long as usual, so that progression and death come at the usual hazard."
    word = "longer than usual" if hazard < 1 else "less long than usual"
    return (
        f"{lines} {word}, so that the hazard of progression is {hazard:.2f} times the usual at the start: whoever progressed early"
        " tends to do so again. Months of each line are told as of usual people."
    )

"""What the engine makes of an answer: where the choice stands in the list, and which points the reason names.

Words are matched, not understood: `Seen.found` is what was matched, so that a reader can judge it. What a point says is read
from the knowledge by whoever shows it; here only which points hold for the patient on the day, and which of them were named.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mbc_widgets.conditions import holds
from mbc_widgets.eligibility import NEEDS_TEST, NOT_NOW, NOT_OFFERED, OFFERED, Option
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.knowledge.bodies import in_force
from mbc_widgets.records import CommonError, Point, SafetyRule, Statement, TeachingCase
from mbc_widgets.teaching.progress import OTHER, SUPPORT, TESTS, Commitment, Progress, TeachingError
from mbc_widgets.teaching.stages import view_at
from mbc_widgets.workbook import View

USED, MISSED, OPEN = "used", "missed", "open"
OPENS_MORE, OPENS_RARE, OPENS_NOTHING = "opens-more", "opens-rare", "opens-nothing"  # of more tests first
ALL_THAT_FITS, COMFORT, OTHERS_OFFERED = "all-that-fits", "comfort-first", "others-offered"  # of supportive care alone
UNKNOWN, NOT_LISTED = "unknown-drug", "not-listed"  # of something else
STANDINGS = (
    *(OFFERED, NEEDS_TEST, NOT_NOW, NOT_OFFERED),
    *(OPENS_MORE, OPENS_RARE, OPENS_NOTHING, ALL_THAT_FITS, COMFORT, OTHERS_OFFERED, UNKNOWN, NOT_LISTED),
)
AGREES = frozenset({OFFERED, OPENS_MORE, ALL_THAT_FITS, COMFORT})
_BETWEEN = re.compile(r"\s*(?:\+|&|/|,|;|\band\b|\bwith\b|\bplus\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A point of a good reason: used (its words were found), missed, or open (a debate); `found` is what was matched."""

    point: Point
    kind: str
    found: str = ""


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What is told of one answer.

    `standing` is one of STANDINGS. `option` is the engine's own, where the choice is a regimen; `position` counts from 1 among
    what is offered; `lanes` are the places of the sequences that contain it; `errors` are the common errors that it is one of.
    """

    answer: Commitment
    standing: str
    option: Option | None
    position: int | None
    offered: int
    lanes: tuple[int, ...]
    points: tuple[Seen, ...]
    errors: tuple[CommonError, ...]

    @property
    def departs(self) -> bool:
        """Say whether the answer is not what comes first in the list, so that a reason for it may be given."""
        return self.standing not in AGREES or (self.position or 1) > 1


def reveal(progress: Progress, case: TeachingCase, knowledge: Knowledge) -> Feedback:
    """Give the feedback on the newest answer to the open decision.

    Raises:
        TeachingError: nothing is committed yet, so nothing is shown.

    """
    if progress.last is None:
        raise TeachingError("choice", "Commit first: the options stay closed until then.")
    return feedback(case, progress.decision, progress.last, knowledge)


def feedback(case: TeachingCase, index: int, answer: Commitment, knowledge: Knowledge) -> Feedback:
    """Give what the engine says of an answer to one decision."""
    decision, view = case.decisions[index], view_at(case.id, index, knowledge)
    chosen = regimen_of(answer, view)
    option = view.option(chosen) if chosen else None
    offered = view.offered()
    return Feedback(
        answer=answer,
        standing=_standing(answer, chosen, option, view),
        option=option,
        position=offered.index(chosen) + 1 if chosen in offered else None,
        offered=len(offered),
        lanes=tuple(index for index, lane in enumerate(view.sequences) if chosen in _regimens(lane)),
        points=tuple(named(answer.reason, decision.points, view)),
        errors=tuple(error for error in decision.common_errors if error.choice in {chosen, answer.choice}),
    )


def regimen_of(answer: Commitment, view: View) -> str:
    """Give the regimen that an answer means, "" when it means none."""
    if answer.choice == OTHER:
        return read_choice(answer.other, view)
    return "" if answer.choice in {TESTS, SUPPORT} else answer.choice


def read_choice(text: str, view: View) -> str:
    """Give the regimen that a typed text names, such as "Exemestane with everolimus"; "" when it names none of this patient's."""
    drugs = _drugs(text, view.snapshot.knowledge)
    if not drugs:
        return ""
    return next(
        (o.regimen.id for o in view.options if _without_suppression(o) == drugs or set(o.regimen.agents) == drugs), ""
    )


def _without_suppression(option: Option) -> set[str]:
    knowledge = option.snapshot.knowledge
    return {a for a in option.regimen.agents if knowledge.agents[a].drug_class != "ovarian_suppression"}


def _drugs(text: str, knowledge: Knowledge) -> set[str]:
    """Give the drugs that a text names, or nothing when a part of it is no drug of the library."""
    names = {}
    for agent in knowledge.agents.values():
        for name in (agent.id, agent.name, agent.short_name):
            if name:
                names[_folded(name)] = agent.id
    whole = names.get(_folded(text))
    if whole:
        return {whole}
    found = [names.get(_folded(part)) for part in _BETWEEN.split(text.strip()) if part.strip()]
    return {name for name in found if name} if found and all(found) else set()


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _standing(answer: Commitment, chosen: str, option: Option | None, view: View) -> str:
    if answer.choice == TESTS:
        if any(not point.rare for point in view.tests):
            return OPENS_MORE
        return OPENS_RARE if view.tests else OPENS_NOTHING
    if answer.choice == SUPPORT:
        if not view.offered():
            return ALL_THAT_FITS
        return COMFORT if view.facts.values.get("goal") == "comfort" else OTHERS_OFFERED
    if option is not None:
        return option.verdict
    return NOT_LISTED if chosen or answer.choice != OTHER else UNKNOWN


def _regimens(sequence: object) -> set[str]:
    return {line.option.regimen.id for line in getattr(sequence, "lines", ())}


def named(reason: str, points: tuple[Point, ...], view: View) -> Iterator[Seen]:
    """Give the points that hold for the patient on the day, each used, missed or open."""
    for point in points:
        if not stands(point, view):
            continue
        found = next((match[0] for word in point.words if (match := re.search(word, reason, re.IGNORECASE))), "")
        kind = OPEN if point.debate else USED if found else MISSED
        yield Seen(point=point, kind=kind, found=found)


def points_of(case: TeachingCase, index: int, knowledge: Knowledge) -> tuple[str, ...]:
    """Give the ids of the points of a decision that hold for its patient and can be missed: an open debate cannot."""
    view = view_at(case.id, index, knowledge)
    return tuple(each.id for each in case.decisions[index].points if not each.debate and stands(each, view))


def unmet(case: TeachingCase, knowledge: Knowledge) -> Iterator[str]:
    """Give what a case rests on that does not hold for its patient on the day, and choices that cannot concern the patient."""
    for index, decision in enumerate(case.decisions):
        view = view_at(case.id, index, knowledge)
        place = f"{case.id}: decision '{decision.id}'"
        for choice in decision.choices:
            if view.option(choice) is None:
                yield f"{place}: choices: {choice} cannot concern this patient (sex, menopause or suppression); name its variant"
        for point in decision.points:
            if not stands(point, view):
                yield f"{place}: points: '{point.id}' does not hold on {view.snapshot.day}; it would never be shown"
        for error in decision.common_errors:
            if not stands(error, view):
                yield f"{place}: common_errors: what {error.choice} rests on does not hold on {view.snapshot.day}"
        for item in decision.items:
            if view.option(item.thinking) is None:
                yield f"{place}: items: '{item.id}': {item.thinking} cannot concern this patient; name its variant"


def stands(basis: Point | CommonError, view: View) -> bool:
    """Say whether what a point rests on holds for the patient and was known on the day."""
    values, day = view.facts.values, view.snapshot.day
    if basis.when is not None:
        return holds(basis.when, values) is True
    if basis.debate:
        return any(each.id == basis.debate for each in view.debates)
    if basis.trial:
        return any(result.reported <= day for result in view.snapshot.knowledge.trial(basis.trial).results)
    if basis.statement:
        statement = statement_of(basis.statement, view.snapshot.knowledge)
        return in_force(statement, day) and holds(statement.when, values) is True
    if basis.rule:
        return rule_of(basis.rule, view) is not None
    return True


def statement_of(name: str, knowledge: Knowledge) -> Statement:
    """Give a statement by its id."""
    return next(each for question in knowledge.questions for each in question.statements if each.id == name)


def rule_of(name: str, view: View) -> SafetyRule | None:
    """Give the safety rule with this id that holds for the patient on the day, or None; one that is written out by drug is any of these."""
    here, day = view.snapshot.regulator, view.snapshot.day
    rules = (rule for topic in view.snapshot.knowledge.safety for rule in topic.rules)
    found = (rule for rule in rules if rule.id.partition(":")[0] == name and rule.regulator in {None, here})
    return next((rule for rule in found if in_force(rule, day) and holds(rule.when, view.facts.values) is True), None)

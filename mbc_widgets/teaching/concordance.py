"""Script concordance: a regimen that one is thinking of, a finding, and where the rules put the regimen before and after.

A script-concordance test asks what a finding does to a thought, and compares with the spread of a panel. Here is no panel but a
lecturer's, and no expected answer: the rules say whether the finding opens, closes or moves the regimen, and which of their reasons
came or went. How much it weighs they do not say.
"""

from dataclasses import dataclass
from functools import lru_cache

from mbc_widgets.eligibility import Option, options
from mbc_widgets.facts import facts
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.patient import read_patient
from mbc_widgets.patient.story import at_visit
from mbc_widgets.ranking import in_guideline_order
from mbc_widgets.records import Item, Licence, SafetyRule, Statement, TeachingCase
from mbc_widgets.teaching.stages import KEPT, view_at

Reason = SafetyRule | Licence | Statement


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a regimen stands: the engine's own option (None when it cannot concern the patient), and its place among what is offered."""

    option: Option | None
    position: int | None
    offered: int

    @property
    def verdict(self) -> str:
        """Give the verdict, "" when the regimen cannot concern the patient."""
        return self.option.verdict if self.option else ""


@dataclass(frozen=True, kw_only=True)
class Concordance:
    """What a finding does: the place before and after, and the rules, licences and statements that hold only after or only before."""

    item: Item
    before: Place
    after: Place
    came: tuple[Reason, ...]
    went: tuple[Reason, ...]

    @property
    def moved(self) -> bool:
        """Say whether the verdict is another one."""
        return self.before.verdict != self.after.verdict


@lru_cache(maxsize=KEPT)
def concordance(case: str, item: str, knowledge: Knowledge) -> Concordance:
    """Give what the finding of an item of a case does to its regimen, on the day of its decision under the regulator of the case."""
    told = knowledge.teaching_cases[case]
    index, asked = item_of(told, item)
    view = view_at(case, index, knowledge)
    raw = at_visit(told.patient, [*(each.patient for each in told.decisions[: index + 1]), asked.patient])
    patient = read_patient(raw, knowledge.vocabulary, frozenset(knowledge.agents))
    found = options(facts(patient, view.snapshot), view.snapshot, flips=False)
    before, after = _place(asked.thinking, view.options), _place(asked.thinking, found)
    earlier, later = reasons_of(before.option), reasons_of(after.option)
    return Concordance(
        item=asked,
        before=before,
        after=after,
        came=tuple(each for each in later if each not in earlier),
        went=tuple(each for each in earlier if each not in later),
    )


def item_of(case: TeachingCase, item: str) -> tuple[int, Item]:
    """Give an item of a case by its id, with the number of its decision, counted from 0."""
    return next(
        (index, each) for index, decision in enumerate(case.decisions) for each in decision.items if each.id == item
    )


def _place(regimen: str, listed: tuple[Option, ...]) -> Place:
    offered = [option.regimen.id for option in in_guideline_order(listed)]
    return Place(
        option=next((option for option in listed if option.regimen.id == regimen), None),
        position=offered.index(regimen) + 1 if regimen in offered else None,
        offered=len(offered),
    )


def reasons_of(option: Option | None) -> tuple[Reason, ...]:
    """Give what holds for the patient of all that is said of a regimen, what closes it first; not what is said of every drug."""
    if option is None:
        return ()
    cautions = (rule for rule in option.cautions if not rule.applies_to.everything)
    closing = (*option.blocked_by, *option.held_by, *cautions)
    return (*closing, *option.licences, *option.statements, *option.against)

"""The script-concordance items of a decision as data: the thought, the finding, and, once rated, the rules before and after.

Nothing of an item but its words is in the value before the learner has rated it.
"""

from collections.abc import Iterable
from typing import Any

from mbc_widgets.eligibility import NEEDS_TEST, OFFERED, Option
from mbc_widgets.figures import words
from mbc_widgets.figures.case_votes import item_votes
from mbc_widgets.figures.case_words import STANDINGS
from mbc_widgets.figures.choices import because, carrier, limit, why_not
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Item, SafetyRule, TeachingCase
from mbc_widgets.teaching import SCALE, Concordance, Panel, Place, Progress, concordance
from mbc_widgets.teaching.concordance import Reason
from mbc_widgets.teaching.feedback import NOT_LISTED
from mbc_widgets.workbook import View

MOST_CHANGES = 4  # of the reasons that came, and of those that went


def items(progress: Progress, case: TeachingCase, panel: Panel | None, view: View) -> list[dict[str, Any]]:
    """Give the items of the open decision: those that are rated with what the rules and the panels say."""
    knowledge = view.snapshot.knowledge
    found = []
    for item in case.decisions[progress.decision].items:
        own = progress.rating(item.id)
        told = _told(concordance(case.id, item.id, knowledge)) if own else {}
        votes = {"votes": item_votes(panel, case, item, own)} if own else {}
        found.append({**_asked(item, own, knowledge), **told, **votes})
    return found


def rated(progress: Progress, case: TeachingCase, index: int, knowledge: Knowledge) -> list[dict[str, Any]]:
    """Give the items of a decision that were rated, for the summary."""
    return [
        {**_asked(item, own, knowledge), **_told(concordance(case.id, item.id, knowledge))}
        for item in case.decisions[index].items
        if (own := progress.rating(item.id))
    ]


def _asked(item: Item, own: str, knowledge: Knowledge) -> dict[str, Any]:
    return {
        "id": item.id,
        "thinking": words.regimen_name(item.thinking, knowledge),
        "finding": item.finding,
        "scale": [{"point": point, "label": label} for point, label in SCALE.items()],
        "own": own,
        "own_label": SCALE.get(own, ""),
    }


def _told(found: Concordance) -> dict[str, Any]:
    """Give the two places and what changed; a reason that both places give, or that a place gives already, is told once."""
    before, after = place(found.before), place(found.after)
    came = _changes(found.came, found.after.option, after["reasons"])
    went = _changes(found.went, found.before.option, before["reasons"])
    if after["reasons"] == before["reasons"]:
        after["reasons"] = []
    return {"before": before, "after": after, "moved": _moved(found), "came": came, "went": went}


def place(found: Place) -> dict[str, Any]:
    """Give where a regimen stands, with the first reason and where that is from."""
    word, kind = STANDINGS[found.verdict or NOT_LISTED]
    number = f"number {found.position} of {found.offered} in guideline order" if found.position else ""
    return {"word": word, "kind": kind, "text": number, "reasons": _first_reason(found.option)}


def _first_reason(option: Option | None) -> list[dict[str, str]]:
    if option is None:
        return []
    if option.verdict == OFFERED:
        return because(option)[:1]
    if option.verdict == NEEDS_TEST:
        vocabulary = option.snapshot.knowledge.vocabulary
        missing = ", ".join(vocabulary[name].ask or vocabulary[name].label for name in option.missing)
        return [{"text": f"Missing: {missing}", "source": "", "url": ""}]
    return why_not(option)[:1]


def _moved(found: Concordance) -> str:
    """Say in one sentence what the finding does to the place; it weighs nothing."""
    before, after = found.before, found.after
    if found.moved:
        one, other = (STANDINGS[each.verdict or NOT_LISTED][0] for each in (before, after))
        return f"The finding changes the verdict of the rules: {one}, then {other}."
    if before.position != after.position:
        return f"The verdict of the rules stays; the place changes from number {before.position} to number {after.position}."
    if found.came or found.went:
        return "The verdict and the place stay; what is said of it changes."
    return "For the rules nothing changes."


def _changes(reasons: Iterable[Reason], option: Option | None, told: list[dict[str, str]]) -> dict[str, Any]:
    """Give the first of some reasons in words, without those that are told already, and how many more there are."""
    if option is None:
        return {"shown": [], "more": 0}
    listed = [limit(each, option) if isinstance(each, SafetyRule) else carrier(each, option) for each in reasons]
    fresh = [each for each in listed if each not in told]
    return {"shown": fresh[:MOST_CHANGES], "more": len(fresh[MOST_CHANGES:])}

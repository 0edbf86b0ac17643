"""Whose guidelines a reader may pick: the bodies of this region whose words were read and are in force.

Picking one body silences the others where options are opened and ordered; what they say stays on the cards.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from mbc_widgets import records as r
from mbc_widgets.conditions import nearest

if TYPE_CHECKING:
    from mbc_widgets.knowledge.whole import Knowledge

ALL_BODIES = "all"  # how a reader writes that no single body was picked
NOT_ENCODED = {"nccn": "is known, but its guideline is not encoded here: that needs a permission"}


def in_force(item: r.Statement | r.SafetyRule, day: str) -> bool:
    """Say whether a statement or rule had begun by a day and had not ended."""
    return (item.since or "") <= day and (item.until is None or day < item.until)


def opens(statement: r.Statement, knowledge: "Knowledge", regulator: str) -> bool:
    """Say whether a statement may open an option: it was read, and its body speaks for this regulator."""
    return statement.verified == "seen" and regulator in knowledge.bodies[statement.body].speaks_for


@cache
def bodies_on(knowledge: "Knowledge", day: str, regulator: str) -> Mapping[str, r.Statement]:
    """Give the bodies that a reader may pick on a day, in the order of the files, each with its newest text on a regimen."""
    newest: dict[str, r.Statement] = {}
    for question in knowledge.questions:
        for statement in question.statements:
            if statement.covers and in_force(statement, day) and opens(statement, knowledge, regulator):
                before = newest.get(statement.body, statement)
                newest[statement.body] = max(before, statement, key=lambda text: text.since)
    return {name: newest[name] for name in knowledge.bodies if name in newest}


def bodies_elsewhere(knowledge: "Knowledge", day: str, regulator: str) -> Mapping[str, tuple[str, ...]]:
    """Give, by regulator, the bodies that could be picked there on this day and not here."""
    here = set(bodies_on(knowledge, day, regulator))
    others = (place for place in knowledge.edition.regulators if place != regulator)
    return {place: tuple(name for name in bodies_on(knowledge, day, place) if name not in here) for place in others}


def body_meant(given: object, knowledge: "Knowledge", day: str, regulator: str) -> str:
    """Give the id of the body that is meant; "" stands for all of this region.

    Raises:
        ValueError: no such body, or one that has no word here on this day.

    """
    name, allowed = str(given).strip().casefold(), bodies_on(knowledge, day, regulator)
    if name in {"", ALL_BODIES}:
        return ""
    if name in allowed:
        return name
    if name in knowledge.bodies:
        elsewhere = [place for place in knowledge.bodies[name].speaks_for if place != regulator]
        where = f"; it speaks for the {', '.join(elsewhere)} (regulator: {elsewhere[0]})" if elsewhere else ""
        why = f"'{name}' has no statement that was read and speaks for the {regulator} on {day}{where}."
    elif name in NOT_ENCODED:
        why = f"'{name}' {NOT_ENCODED[name]}."
    else:
        why = f"{str(given)[:60]!r} is not known{nearest(name, allowed)}"
    raise ValueError(f"body: {why} Allowed: {', '.join((ALL_BODIES, *allowed))}")

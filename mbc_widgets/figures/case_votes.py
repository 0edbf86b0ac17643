"""The votes of a lecturer's panels as counts: on the line of a decision, and on a script-concordance item. None is made up."""

from collections.abc import Iterator
from typing import Any

from mbc_widgets.figures import words
from mbc_widgets.figures.case_words import choice_name
from mbc_widgets.records import Decision, Item, TeachingCase
from mbc_widgets.teaching import SCALE, Panel, Vote
from mbc_widgets.workbook import View


def votes(panel: Panel | None, case: TeachingCase, decision: Decision, view: View) -> dict[str, Any]:
    """Give the votes of the panels of a file on one decision, as counts; nothing where no file has any."""
    found = panel.at(case.id, decision.id) if panel else ()
    if not found:
        return {"text": "The panel file has no votes on this decision." if panel else "", "panels": []}
    panels = []
    for told, mine in _by_panel(found):
        total = sum(each.votes for each in mine)
        rows = [
            {"name": choice_name(each.choice, view), "votes": f"{each.votes} of {total}", "reason": each.reason}
            for each in sorted(mine, key=lambda each: -each.votes)
        ]
        panels.append({**told, "rows": rows})
    return {"text": "", "panels": panels}


def item_votes(panel: Panel | None, case: TeachingCase, item: Item, own: str) -> dict[str, Any]:
    """Give the spread of the panels of a file over the scale of one item, and the usual partial credit, as counts.

    The credit of a point is its votes over those of the point with the most: several can be right, and none is here the answer.
    """
    found = panel.on(case.id, item.id) if panel else ()
    if not found:
        return {"text": "The panel file has no votes on this item." if panel else "", "panels": []}
    panels = []
    for told, mine in _by_panel(found):
        total, most = sum(each.votes for each in mine), max(each.votes for each in mine)
        by_point = {each.choice: each for each in mine}
        rows = [
            {
                "point": point,
                "name": label,
                "votes": f"{count} of {total}",
                "credit": f"{count}/{most}" if most else "",
                "reason": by_point[point].reason if point in by_point else "",
                "own": point == own,
            }
            for point, label in SCALE.items()
            for count in [by_point[point].votes if point in by_point else 0]
        ]
        panels.append({**told, "rows": rows})
    return {"text": "", "panels": panels}


def _by_panel(found: tuple[Vote, ...]) -> Iterator[tuple[dict[str, str], list[Vote]]]:
    """Give each panel by name and day, with its votes."""
    for name in dict.fromkeys(each.panel for each in found):
        mine = [each for each in found if each.panel == name]
        days = sorted({each.date for each in mine if each.date})
        yield {"name": name, "date": ", ".join(map(words.day, days)) or "no date given"}, mine

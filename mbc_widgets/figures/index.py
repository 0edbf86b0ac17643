"""The index page as data: the ways in, the lessons, the cases, what is new, how far the knowledge goes, and its limits."""

from typing import Any

from mbc_widgets.figures import words
from mbc_widgets.figures.case import library
from mbc_widgets.figures.page import days
from mbc_widgets.knowledge import Knowledge

NEWEST = 6  # days with something new that are shown for each regulator
LIMITS = (
    "For teaching. Every patient is invented. Nothing here is advice on the care of a person.",
    "Order and offers come from licences and guidelines that were read and are named; where experts differ, both are shown.",
    "A figure that nobody has read in its source is marked as recalled and is never the reference.",
    "Simulated outcomes stand for published medians. They forecast nobody.",
    "Categories and blocks of guidelines that may not be copied are not in it.",
)


def index(knowledge: Knowledge) -> dict[str, Any]:
    """Give the index page: `modes`, `lessons`, `cases`, `people` of the scenarios, `news` by regulator, `edition` and `limits`."""
    edition = knowledge.edition
    return {
        "edition": edition.id,
        "from": words.day(edition.first_day),
        "until": words.day(edition.current_day),
        "seed": edition.seed,
        "lessons": [
            {
                "number": each.number,
                "title": each.title,
                "minutes": each.minutes,
                "objectives": [objective.text for objective in each.objectives],
            }
            for each in sorted(knowledge.lessons.values(), key=lambda each: each.number)
        ],
        "cases": library(knowledge),
        "people": [{"id": name, "title": raw["title"]} for name, raw in knowledge.scenarios.items()],
        "news": {name: _newest(knowledge, name) for name in edition.regulators},
        "limits": list(LIMITS),
    }


def _newest(knowledge: Knowledge, regulator: str) -> list[dict[str, Any]]:
    news = [each for each in days(knowledge, regulator) if each["day"] != knowledge.edition.current_day]
    return list(reversed(news))[:NEWEST]

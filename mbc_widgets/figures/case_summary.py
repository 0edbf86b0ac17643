"""The end of a case on one page: the path, what was committed and why, what the rules said, and how sure the learner was."""

from collections.abc import Iterable
from typing import Any

from mbc_widgets.eligibility import OFFERED
from mbc_widgets.figures import words
from mbc_widgets.figures.case_items import rated
from mbc_widgets.figures.case_words import answer_name, standing
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import TeachingCase
from mbc_widgets.teaching import CONFIDENCE, DEVIATIONS, Feedback, Progress, feedback, view_at
from mbc_widgets.teaching.feedback import MISSED, OPEN, USED
from mbc_widgets.teaching.progress import SUPPORT, TESTS

SURE_OF = {"certain": "You were certain of", "fairly": "You were fairly sure of", "guess": "You guessed"}


def summary(progress: Progress, case: TeachingCase, knowledge: Knowledge) -> dict[str, Any]:
    """Give the rows of a finished case, the first answers first, and how confidence met the list, in words."""
    rows, firsts = [], []
    for index, given in enumerate(progress.answers):
        view = view_at(case.id, index, knowledge)
        first = feedback(case, index, given[0], knowledge)
        last = feedback(case, index, given[-1], knowledge)
        firsts.append(first)
        changed = len(given) > 1 and (given[0].choice, given[0].other) != (given[-1].choice, given[-1].other)
        rows.append(
            {
                "number": index + 1,
                "title": case.decisions[index].title,
                "day": words.day(view.snapshot.day),
                "choice": answer_name(given[0], view),
                "sure": given[0].sure,
                "standing": standing(first, view),
                "reason": given[0].reason.strip(),
                "changed": f"{answer_name(given[-1], view)} ({standing(last, view)['word']})" if changed else "",
                "deviation": DEVIATIONS.get(given[-1].deviation, ""),
                "points": {kind: _labels(first, kind) for kind in (USED, MISSED, OPEN)},
                "items": rated(progress, case, index, knowledge),
                "then": case.decisions[index].then,
            }
        )
    return {"rows": rows, "calibration": calibration(firsts)}


def _labels(told: Feedback, kind: str) -> list[str]:
    return [each.point.label for each in told.points if each.kind == kind]


def calibration(told: Iterable[Feedback]) -> list[str]:
    """Say of each degree of confidence how many of the lines chosen with it were offered on their day.

    More tests and supportive care are no lines, and are left out; nothing is said of a degree that was never used.
    """
    lines = [each for each in told if each.answer.choice not in {TESTS, SUPPORT}]
    said = []
    for sure in reversed(CONFIDENCE):
        mine = [each for each in lines if each.answer.sure == sure]
        offered = sum(each.standing == OFFERED for each in mine)
        if mine:
            said.append(f"{SURE_OF[sure]} {_lines(len(mine))}: {_offered(offered, len(mine))}.")
    return said or ["No line was chosen, so there is nothing to compare your confidence with."]


def _lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number} lines"


def _offered(offered: int, number: int) -> str:
    if number == 1:
        return f"it was {'' if offered else 'not '}offered on its day"
    return f"{offered or 'none'} {'was' if offered in {0, 1} else 'were'} offered on the day of the choice"

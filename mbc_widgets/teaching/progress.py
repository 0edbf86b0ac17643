"""How far a learner is in a case, and what was committed: frozen values, and the steps from one to the next.

Every commitment is kept, the first one too: a line may be changed after the options are open, the first answer stays.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from mbc_widgets.conditions import nearest
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Decision, TeachingCase
from mbc_widgets.slips import Slip

CONFIDENCE = ("guess", "fairly", "certain")
DEVIATIONS: Mapping[str, str] = {
    "my-choice": "my choice",
    "particular-case": "particular case",
    "practice-moved-on": "practice moved on",
    "patients-choice": "patient's choice",
}
# What a finding does to a line that one is thinking of: the scale of a script-concordance item.
SCALE: Mapping[str, str] = {
    "-2": "much less fitting",
    "-1": "less fitting",
    "0": "neither less nor more fitting",
    "+1": "more fitting",
    "+2": "much more fitting",
}
TESTS, SUPPORT, OTHER = "more-tests", "supportive-care", "something-else"
SPECIAL: Mapping[str, tuple[str, str]] = {
    TESTS: ("more tests first", "say which in your reason"),
    SUPPORT: ("supportive care alone", "no drug against the tumour"),
    OTHER: ("something else", "type it"),
}
LONGEST_REASON, LONGEST_OTHER = 2000, 120  # letters
MOST_ANSWERS = 20  # to one decision


class TeachingError(Slip):
    """What a learner entered cannot be taken; `field` says where it belongs, the text what to do."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """One answer: the choice (`other` is what was typed for something else), how sure, because, and why it departs from the list."""

    choice: str
    sure: str
    reason: str
    other: str = ""
    deviation: str = ""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The case, the decision that is open (counted from 0), and by decision all that was committed, first to last.

    `rated` are the script-concordance items that were answered, each with its point of SCALE.
    """

    case: str
    decision: int = 0
    answers: tuple[tuple[Commitment, ...], ...] = ()
    rated: tuple[tuple[str, str], ...] = ()

    @property
    def committed(self) -> bool:
        """Say whether the open decision has an answer, so that its options may be shown."""
        return len(self.answers) > self.decision

    @property
    def last(self) -> Commitment | None:
        """Give the newest answer to the open decision."""
        return self.answers[self.decision][-1] if self.committed else None

    def rating(self, item: str) -> str:
        """Give the point of SCALE that was committed to an item, "" when none was."""
        return dict(self.rated).get(item, "")

    def finished(self, case: TeachingCase) -> bool:
        """Say whether every decision lies behind."""
        return self.decision >= len(case.decisions)

    def plain(self) -> dict[str, Any]:
        """Give the mapping that `restored` takes back."""
        answers = [[asdict(each) for each in given] for given in self.answers]
        return {"case": self.case, "decision": self.decision, "answers": answers, "rated": list(map(list, self.rated))}


def case_of(name: str, knowledge: Knowledge) -> TeachingCase:
    """Give a teaching case by its id.

    Raises:
        TeachingError: there is none; the message lists them.

    """
    found = knowledge.teaching_cases.get(name)
    if found is None:
        near = nearest(name, knowledge.teaching_cases)
        raise TeachingError(
            "case", f"There is no case {name!r}{near} There are: {', '.join(knowledge.teaching_cases)}."
        )
    return found


def start(name: str, knowledge: Knowledge) -> Progress:
    """Give the progress of somebody who opens a case."""
    return Progress(case=case_of(name, knowledge).id)


def choices_of(decision: Decision) -> tuple[str, ...]:
    """Give the ids of all choices of a decision, as codes and panels count them: its regimens, then those that are always there."""
    return (*decision.choices, *SPECIAL)


def commit(progress: Progress, case: TeachingCase, answer: Commitment) -> Progress:
    """Give the progress with `answer` to the open decision, the first one or a later one.

    Raises:
        TeachingError: a part of the answer is missing or not allowed, or the case is over.

    """
    if progress.finished(case):
        raise TeachingError("choice", "The case is over; start it again to answer anew.")
    _check(answer, case.decisions[progress.decision])
    given = progress.answers[progress.decision] if progress.committed else ()
    if len(given) >= MOST_ANSWERS:
        raise TeachingError(
            "choice", f"There are {MOST_ANSWERS} answers to this decision already; go on to the next one."
        )
    return replace(progress, answers=(*progress.answers[: progress.decision], (*given, answer)))


def _check(answer: Commitment, decision: Decision) -> None:
    if not answer.choice:
        raise TeachingError("choice", "My next line: nothing is chosen yet. Choose one of the list.")
    if answer.choice not in choices_of(decision):
        text = f"My next line: {answer.choice!r} is not in the list. Choose one of the list, or something else and type it."
        raise TeachingError("choice", text)
    if answer.choice == OTHER and not answer.other.strip():
        raise TeachingError(
            "other", "Something else: nothing is typed yet. Type the drug or drugs, for example: olaparib."
        )
    if len(answer.other) > LONGEST_OTHER:
        raise TeachingError(
            "other", f"Something else: {len(answer.other)} letters; at most {LONGEST_OTHER}. Name the drugs alone."
        )
    if answer.sure not in CONFIDENCE:
        raise TeachingError("sure", f"How sure: nothing is chosen yet. Choose one of: {', '.join(CONFIDENCE)}.")
    if not answer.reason.strip():
        raise TeachingError("reason", "Because: nothing is written yet. One sentence is enough; the feedback is on it.")
    if len(answer.reason) > LONGEST_REASON:
        text = f"Because: {len(answer.reason)} letters; at most {LONGEST_REASON}. Shorten it to what decides."
        raise TeachingError("reason", text)
    if answer.deviation and answer.deviation not in DEVIATIONS:
        raise TeachingError("deviation", f"Why you depart: choose one of: {', '.join(DEVIATIONS.values())}.")


def deviate(progress: Progress, deviation: str) -> Progress:
    """Give the progress with the reason for which the newest answer departs from the list; "" takes it back.

    Raises:
        TeachingError: nothing is committed, or it is no such reason.

    """
    if not progress.committed:
        raise TeachingError("deviation", "Commit first; then say why you depart from the list.")
    if deviation and deviation not in DEVIATIONS:
        raise TeachingError("deviation", f"Why you depart: choose one of: {', '.join(DEVIATIONS.values())}.")
    *earlier, last = progress.answers[progress.decision]
    given = (*earlier, replace(last, deviation=deviation))
    return replace(progress, answers=(*progress.answers[: progress.decision], given))


def rate(progress: Progress, case: TeachingCase, item: str, point: str) -> Progress:
    """Give the progress with the point of SCALE for an item; it stays, as nothing is told of the item before.

    Raises:
        TeachingError: the item is of no decision that has an answer, has a point already, or the point is none of SCALE.

    """
    opened = [each.id for decision in case.decisions[: len(progress.answers)] for each in decision.items]
    if item not in opened:
        near = nearest(item, opened)
        raise TeachingError(
            "item", f"No item {item[:40]!r} is open{near} The items of a decision open after its answer."
        )
    if progress.rating(item):
        raise TeachingError("item", "This item has your answer already; the first answer stays.")
    if point not in SCALE:
        raise TeachingError("item", f"{point[:20]!r} is not on the scale. Choose one of: {', '.join(SCALE)}.")
    return replace(progress, rated=(*progress.rated, (item, point)))


def next_decision(progress: Progress, case: TeachingCase) -> Progress:
    """Give the progress at the next decision, or after the last one.

    Raises:
        TeachingError: the open decision has no answer yet.

    """
    if progress.finished(case):
        return progress
    if not progress.committed:
        raise TeachingError("choice", "Commit first: the story goes on after your answer.")
    return replace(progress, decision=progress.decision + 1)


def restored(raw: object, knowledge: Knowledge) -> Progress:
    """Give the progress in what `Progress.plain` gave, checked like everything that comes from outside.

    Raises:
        TeachingError: it is none, or of another edition of the case.

    """
    refused = TeachingError("case", "What was kept of the case does not fit this edition; start it again.")
    if not isinstance(raw, Mapping) or not isinstance(raw.get("answers"), list):
        raise refused
    case = case_of(str(raw.get("case")), knowledge)
    wanted = raw.get("decision")
    if (
        not isinstance(wanted, int)
        or not 0 <= wanted <= len(case.decisions)
        or len(raw["answers"]) > len(case.decisions)
    ):
        raise refused
    progress = Progress(case=case.id)
    for given in raw["answers"]:
        if progress.committed:
            progress = next_decision(progress, case)
        for row in given if isinstance(given, list) else ():
            if not isinstance(row, Mapping) or not {"choice", "sure", "reason"} <= set(row):
                raise refused
            keys = ("choice", "sure", "reason", "other", "deviation")
            progress = commit(progress, case, Commitment(**{key: str(row.get(key, "")) for key in keys}))
    if wanted > progress.decision:
        progress = next_decision(progress, case)
    if progress.decision != wanted:
        raise refused
    return _rated(progress, case, raw.get("rated", []), refused)


def _rated(progress: Progress, case: TeachingCase, rows: object, refused: TeachingError) -> Progress:
    """Give the progress with the items in what `Progress.plain` gave."""
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, list) or len(row) != len(("item", "point")):
            raise refused
        progress = rate(progress, case, str(row[0]), str(row[1]))
    return progress

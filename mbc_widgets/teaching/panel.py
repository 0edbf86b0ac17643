"""A lecturer's own panel: votes from a CSV file. The workbook holds none, and never makes any up.

Columns: case, decision, choice, votes, panel; and, where there is one, reason, date and item. One row is one choice of one decision;
a row that names a script-concordance item of it is one point of the scale, -2 to +2, in the column choice.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mbc_widgets.conditions import nearest
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.patient import read_day
from mbc_widgets.records import Decision, TeachingCase
from mbc_widgets.slips import Slip
from mbc_widgets.teaching.progress import SCALE, choices_of

NEEDED = ("case", "decision", "choice", "votes", "panel")
COLUMNS = (*NEEDED, "reason", "date", "item")
MOST_LETTERS, MOST_ROWS, MOST_VOTES, LONGEST = 200_000, 2000, 10_000, 300
SHOWN_PROBLEMS = 8
AS_SPREADSHEETS_WRITE = {
    "1": "+1",
    "2": "+2",
    "\u22121": "-1",
    "\u22122": "-2",
}  # without the plus, or with a true minus sign


class PanelError(Slip):
    """A panel file that cannot be used; `problems` lists what is wrong with it, line by line."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, kw_only=True)
class Vote:
    """How many of a panel chose something at a decision, and why, in the panel's words.

    With an `item`, `choice` is the point of SCALE that they gave to it.
    """

    case: str
    decision: str
    choice: str
    votes: int
    panel: str
    reason: str = ""
    date: str = ""
    item: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The votes of a file, which a reader picked or a lecturer put into the folder of panels."""

    file: str
    votes: tuple[Vote, ...]
    of_folder: bool = False

    def at(self, case: str, decision: str) -> tuple[Vote, ...]:
        """Give the votes on the line of one decision."""
        return tuple(each for each in self.votes if (each.case, each.decision, each.item) == (case, decision, ""))

    def on(self, case: str, item: str) -> tuple[Vote, ...]:
        """Give the votes on one script-concordance item."""
        return tuple(each for each in self.votes if (each.case, each.item) == (case, item))


def read_panel(file: str, text: str, knowledge: Knowledge) -> Panel:
    """Give the panel in the text of a CSV file.

    Raises:
        PanelError: everything that is wrong, with its line, what was found and what is allowed.

    """
    if len(text) > MOST_LETTERS:
        raise PanelError([f"{file}: {len(text)} letters; at most {MOST_LETTERS}. Keep the rows of these cases alone."])
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=_delimiter(text))
    try:
        table = [(rows.line_num, row) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise PanelError(
            [f"{file}: cannot be read as CSV ({error}); save it as CSV, UTF-8, from your spreadsheet"]
        ) from None
    header = [cell.strip().casefold() for cell in table[0][1]] if table else []
    problems = _header_problems(file, header)
    if problems:
        raise PanelError(problems)
    if not 1 < len(table) <= MOST_ROWS + 1:
        raise PanelError(
            [f"{file}: found {len(table) - 1} rows; allowed 1 to {MOST_ROWS}, one for each choice of a decision"]
        )
    votes: list[Vote] = []
    for line, row in table[1:]:
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
        vote = _vote(f"{file}:{line}", cells, knowledge, problems)
        if vote and any(_same(vote, each) for each in votes):
            where = f"this choice of this {'item' if vote.item else 'decision'}"
            problems.append(
                f"{file}:{line}: {where} is there already for the panel '{vote.panel}'; add up its votes in one row"
            )
        elif vote:
            votes.append(vote)
    if problems:
        more = [f"and {len(problems) - SHOWN_PROBLEMS} more"] if len(problems) > SHOWN_PROBLEMS else []
        raise PanelError([*problems[:SHOWN_PROBLEMS], *more])
    return Panel(file=file, votes=tuple(votes))


def _same(one: Vote, other: Vote) -> bool:
    same = (one.case, one.decision, one.item, one.choice, one.panel)
    return same == (other.case, other.decision, other.item, other.choice, other.panel)


def _delimiter(text: str) -> str:
    """Give what parts the columns of the first line: many spreadsheets write a semicolon."""
    first = text.split("\n", maxsplit=1)[0]
    return max(",;\t", key=first.count)


def _header_problems(file: str, header: list[str]) -> list[str]:
    if not header:
        return [f"{file}: empty; its first line names the columns: {', '.join(NEEDED)} (and reason, date, item)"]
    missing = [name for name in NEEDED if name not in header]
    strange = [name for name in header if name not in COLUMNS]
    found = [f"{file}:1: column '{name}' is missing; needed are: {', '.join(NEEDED)}" for name in missing]
    return found + [
        f"{file}:1: unknown column '{name}'{nearest(name, COLUMNS)} Allowed: {', '.join(COLUMNS)}" for name in strange
    ]


def _vote(place: str, cells: Mapping[str, str], knowledge: Knowledge, problems: list[str]) -> Vote | None:
    case = _case(place, cells.get("case", ""), knowledge, problems)
    decision = _decision(place, cells.get("decision", ""), case, problems) if case else None
    item = _item(place, cells.get("item", ""), decision, problems) if decision else ""
    choice = _choice(place, cells.get("choice", ""), decision, item, problems) if decision and item is not None else ""
    votes, before = cells.get("votes", ""), len(problems)
    if not (votes.isascii() and votes.isdigit()) or int(votes[:9]) > MOST_VOTES:
        problems.append(f"{place}: votes: '{votes[:20]}' is no count; write a whole number from 0 to {MOST_VOTES}")
    if not cells.get("panel"):
        problems.append(f"{place}: panel: empty; write who voted, for example the name of your tumour board")
    long = (name for name in ("panel", "reason") if len(cells.get(name, "")) > LONGEST)
    problems += [f"{place}: {name}: {len(cells[name])} letters; at most {LONGEST}" for name in long]
    date = _date(place, cells.get("date", ""), problems)
    if not (case and decision and choice) or item is None or len(problems) > before:
        return None
    return Vote(
        case=case.id, decision=decision.id, choice=choice, votes=int(votes),
        panel=cells["panel"], reason=cells.get("reason", ""), date=date, item=item,
    )  # fmt: skip


def _case(place: str, given: str, knowledge: Knowledge, problems: list[str]) -> TeachingCase | None:
    found = knowledge.teaching_cases.get(given)
    if found is None:
        near = nearest(given, knowledge.teaching_cases)
        problems.append(f"{place}: case: no case '{given[:40]}'{near} Allowed: {', '.join(knowledge.teaching_cases)}")
    return found


def _decision(place: str, given: str, case: TeachingCase, problems: list[str]) -> Decision | None:
    """Give the decision that is named by its id or by its number."""
    numbered = {str(number): each for number, each in enumerate(case.decisions, start=1)}
    found = {**numbered, **{each.id: each for each in case.decisions}}.get(given)
    if found is None:
        ids = ", ".join(each.id for each in case.decisions)
        problems.append(
            f"{place}: decision: no decision '{given[:40]}' in {case.id}; allowed: 1 to {len(case.decisions)}, or {ids}"
        )
    return found


def _item(place: str, given: str, decision: Decision, problems: list[str]) -> str | None:
    """Give the item that a row names, "" when it names none and is of the decision itself, None when there is no such item."""
    allowed = [each.id for each in decision.items]
    if not given or given in allowed:
        return given
    there = f"Allowed: {', '.join(allowed)}" if allowed else "It has none; leave the column empty"
    problems.append(f"{place}: item: no item '{given[:40]}' at {decision.id}{nearest(given, allowed)} {there}")
    return None


def _choice(place: str, given: str, decision: Decision, item: str, problems: list[str]) -> str:
    allowed = tuple(SCALE) if item else choices_of(decision)
    found = AS_SPREADSHEETS_WRITE.get(given, given) if item else given
    if found in allowed:
        return found
    what = f"point of the item {item}" if item else f"choice of {decision.id}"
    problems.append(
        f"{place}: choice: '{given[:60]}' is no {what}{nearest(given, allowed)} Allowed: {', '.join(allowed)}"
    )
    return ""


def _date(place: str, given: str, problems: list[str]) -> str:
    if not given:
        return ""
    try:
        return read_day(given).isoformat()
    except ValueError:
        problems.append(f"{place}: date: '{given[:20]}' is no day; write YYYY-MM-DD, or leave it empty")
        return ""

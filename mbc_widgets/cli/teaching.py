"""`mbc case`: the teaching cases, and what result codes tell, as a table or as CSV for a spreadsheet."""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator

from mbc_widgets.cli.failure import Refused, knowledge
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.teaching import DEVIATIONS, CodeError, Result, decode, points_of, view_at

COLUMNS = (
    "code",
    "case",
    "decision",
    "choice",
    "sure",
    "last_choice",
    "departed_for",
    "points_named",
    "points_not_named",
)


def answer(chosen: argparse.Namespace) -> None:
    """Print what the result codes tell, decision by decision; without codes, the cases.

    Raises:
        Refused: a text is no result code; all of them are listed.

    """
    known = knowledge()
    if not chosen.codes:
        if chosen.csv:
            raise Refused("CODE: none is given; write the result codes after `mbc case --csv`")
        print("\n".join(_cases(known)))
        return
    results, problems = [], []
    for code in chosen.codes:
        try:
            results.append((code, decode(code, known)))
        except CodeError as error:
            problems.append(str(error))
    if problems:
        raise Refused(*problems)
    rows = [row for code, result in results for row in _rows(code, result, known)]
    if chosen.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([COLUMNS, *rows])
    else:
        print("\n".join(_table(results, known)))


def _cases(known: Knowledge) -> Iterator[str]:
    for case in known.teaching_cases.values():
        yield f"{case.id}: {case.title} ({case.regulator}; invented patient)"
        for number, decision in enumerate(case.decisions, start=1):
            day = view_at(case.id, number - 1, known).snapshot.day
            yield f"  {number} {decision.id}, {day}: {', '.join(decision.choices)}"
            yield from (f"      item {item.id}: {item.thinking}, then: {item.finding}" for item in decision.items)


def _rows(code: str, result: Result, known: Knowledge) -> Iterator[tuple[str, ...]]:
    case = known.teaching_cases[result.case]
    for index, taken in enumerate(result.answers):
        missed = [name for name in points_of(case, index, known) if name not in taken.used]
        last = taken.last if taken.last != taken.choice else ""
        departed = DEVIATIONS.get(taken.deviation, "")
        yield (
            *(code, case.id, taken.decision, taken.choice, taken.sure, last, departed),
            *(" ".join(taken.used), " ".join(missed)),
        )


def _table(results: Iterable[tuple[str, Result]], known: Knowledge) -> Iterator[str]:
    for code, result in results:
        case = known.teaching_cases[result.case]
        yield f"{code}  {case.title} ({len(result.answers)} of {len(case.decisions)} decisions)"
        for row in _rows(code, result, known):
            _, _, decision, choice, sure, last, departed, used, missed = row
            then = f", then {last}" if last else ""
            why = f"; departed for: {departed}" if departed else ""
            yield f"  {decision}: {choice} ({sure}){then}{why}"
            yield f"      named: {used or 'none'}; not named: {missed or 'none'}"

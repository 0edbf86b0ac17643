"""Which lines the same plan becomes for people with other test results than those that are known.

Comes in: a `Sequence` with its test points and their cited shares. Goes out: the results that turn it, and for each set of them
the lines that these people take: first the regimen that a result opens, then those of the planned lines that are still
offered after it. So a result takes the place of no drug, nobody takes one twice, and earlier therapy is each person's own; there are as many lines as
planned, so the last planned one falls off.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from mbc_widgets.answered import Answered
from mbc_widgets.branches import Branch
from mbc_widgets.conditions import Tree
from mbc_widgets.eligibility import Option
from mbc_widgets.evidence import Row
from mbc_widgets.front import Front
from mbc_widgets.openings import change_of
from mbc_widgets.sequences import Sequence
from mbc_widgets.simulate.course import MOST_LINES, MOST_TURNS, Turn
from mbc_widgets.simulate.exits import EVERYBODY


class Taken(NamedTuple):
    """One line that somebody takes: its number since metastatic diagnosis, the option, and the row that tells its length."""

    number: int
    option: Option
    row: Row | None


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A regimen that results open before a planned line: the line, the regimen, the results with their cited shares."""

    line: int
    regimen: str
    shows: Tree
    results: tuple[tuple[str, float], ...]


@dataclass(frozen=True, kw_only=True)
class Paths:
    """What a sequence becomes: the results that turn it, and the lines of each set of them in the order of `Course.paths`."""

    turns: tuple[Turn, ...]
    lines: tuple[tuple[Taken, ...], ...]


def paths_of(sequence: Sequence) -> Paths:
    """Give the lines that people take along a sequence, by their test results; none where nothing is planned."""
    if not sequence.lines:
        return Paths(turns=(), lines=())
    opened = _opened(sequence)
    turns = tuple(Turn(results=each.results) for each in opened)
    held = (tuple(o for at, o in enumerate(opened) if taken >> at & 1) for taken in range(2 ** len(opened)))
    return Paths(turns=turns, lines=tuple(_lines(sequence, each) for each in held))


def _opened(sequence: Sequence) -> tuple[Opened, ...]:
    """Give what cited results open, the commonest few in the order of the lines; results that open the same are one."""
    found: dict[tuple[int, str], tuple[Tree, dict[str, float]]] = {}
    for branch in _cited(sequence):
        assert branch.share is not None  # noqa: S101 - cited
        _, shares = found.setdefault((branch.line, branch.option.regimen.id), (branch.shows, {}))
        name = str(branch.shows[1])
        shares[name] = max(shares.get(name, 0.0), branch.share.percent / EVERYBODY)
    listed = [
        Opened(line=line, regimen=regimen, shows=shows, results=tuple(shares.items()))
        for (line, regimen), (shows, shares) in found.items()
    ]
    listed = [each for at, each in enumerate(listed) if not any(_as_soon(one, each) for one in listed[:at])]
    common = sorted(listed, key=lambda each: -max(share for _, share in each.results))[:MOST_TURNS]
    return tuple(sorted(common, key=lambda each: each.line))


def _as_soon(one: Opened, other: Opened) -> bool:
    """Say whether whoever another turn is for has taken its regimen by the first turn already."""
    shares = dict(one.results)
    return one.regimen == other.regimen and all(shares.get(name, 0.0) >= share for name, share in other.results)


def _cited(sequence: Sequence) -> Iterator[Branch]:
    """Give the branches whose share was read in a cohort."""
    for line in sequence.lines:
        for point in line.tests:
            yield from (branch for branch in point.branches if branch.share and branch.share.verified == "seen")


def _lines(sequence: Sequence, held: tuple[Opened, ...]) -> tuple[Taken, ...]:
    """Give the lines of people with these results."""
    if not held:
        return tuple(Taken(line.number, line.option, line.row) for line in sequence.lines)
    front = Front(_answered(sequence.lines[0].option))
    found: list[Taken] = []

    def take(regimen: str) -> None:
        nonlocal front
        option = front.still(regimen)
        if option is None or len(found) == len(sequence.lines):
            return
        row, after = front.after(option)
        number = int(after.facts.values["metastatic_lines"])
        if number <= MOST_LINES:
            found.append(Taken(number, option, row))
            front = after

    for line in sequence.lines:
        for opened in (each for each in held if each.line == line.number):
            front = _with_result(front, opened.shows)
            take(opened.regimen)
        take(line.option.regimen.id)
    return tuple(found)


def _with_result(front: Front, shows: Tree) -> Front:
    """Give the front of the same people with this result."""
    change = change_of(shows, front.facts)
    return Front(Answered(front.facts.put(change), front.snapshot, front.answered, change))


def _answered(option: Option) -> Answered:
    return option.answers if isinstance(option.answers, Answered) else Answered(option.facts, option.snapshot)

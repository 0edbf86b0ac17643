"""The pairs of changes that would open an option which no single change opens; asked for one option at a time.

Comes in: a closed option of a view. Goes out: pairs of `Flip`s, of which the second carries the facts after both.
"""

from mbc_widgets.conditions import StatePlanes
from mbc_widgets.eligibility import OFFERED, Answers, Option
from mbc_widgets.neighbours import MOST_FLIPS, ORDER, Flip, is_number, pairs


def two_changes(option: Option) -> tuple[tuple[Flip, Flip], ...]:
    """Give the pairs of changes that would open a closed option which no single change opens: tests first, at most four.

    Asked for one option at a time, as there are thousands of pairs; the option must carry its flips, as those of a view do.
    """
    if option.verdict == OFFERED or option.flips:
        return ()
    candidate, snapshot = option.candidate, option.snapshot
    found = pairs(option.facts, snapshot, snapshot.fields_of(candidate))
    states = StatePlanes(option.facts.values, [second.facts for _, second in found])
    offered = Answers(snapshot, states).verdicts(candidate)[OFFERED]
    opening = [pair for index, pair in enumerate(found, start=1) if offered >> index & 1]
    known = option.facts.values

    def size(pair: tuple[Flip, Flip]) -> float:
        return float(
            sum(
                abs(flip.to - known[flip.field])
                for flip in pair
                if is_number(flip.to) and is_number(known.get(flip.field))
            )
        )

    smallest: dict[tuple[object, ...], tuple[Flip, Flip]] = {}
    for pair in sorted(opening, key=size):  # of several values of one number only the one next to the present value
        words = tuple((flip.field, None if is_number(flip.to) else flip.to) for flip in pair)
        smallest.setdefault(words, pair)
    kinds = sorted(smallest.values(), key=lambda pair: sorted(ORDER.index(flip.kind) for flip in pair))
    return tuple(kinds[:MOST_FLIPS])

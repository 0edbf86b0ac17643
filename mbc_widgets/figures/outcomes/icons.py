"""The same hundred people by two sequences at one month, paired person by person."""

from collections.abc import Sequence

import numpy as np

from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import Figure, figure
from mbc_widgets.simulate.kernel import Array
from mbc_widgets.simulate.outcomes import hundred


def paired(one: Array, two: Array, axis: Sequence[float]) -> list[list[int]]:
    """Give, at each month, how many of 100 are alive by both, only by the first, only by the second, by neither.

    All months at once; `simulate.outcomes.paired_icons` gives the same month by month.
    """
    months = np.asarray(axis, np.float32)[:, None]
    first, second = one > months, two > months
    both, alone = (np.count_nonzero(each, axis=1) for each in (first & second, first))
    other = np.count_nonzero(second, axis=1) - both
    shares = np.array([both, alone - both, other, one.size - alone - other]) / one.size
    return [hundred(row) for row in shares.T]


def pair(one: Candidate, two: Candidate, axis: Sequence[float]) -> Figure:
    """Give of 100 people who is alive by both sequences, by one of them, by neither; a row for each month."""
    return figure(
        f"The same 100 people, {one.letter} and {two.letter}",
        "",
        ["month", "alive by both", f"only by {one.letter}", f"only by {two.letter}", "by neither"],
        [[month, *row] for month, row in zip(axis, paired(one.lives.dies, two.lives.dies, axis), strict=True)],
        notes=[
            (
                "Each person has the same frailty and the same luck in both sequences. Who lives longer by one does so in the"
                " model: no trial has put one person on both."
            )
        ],
    )

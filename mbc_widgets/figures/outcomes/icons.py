"""The same hundred people by two sequences at one month, paired person by person."""

from collections.abc import Sequence

from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import Figure, figure


def pair(one: Candidate, two: Candidate, axis: Sequence[float]) -> Figure:
    """Give of 100 people who is alive by both sequences, by one of them, by neither; a row for each month."""
    return figure(
        f"The same 100 people, {one.letter} and {two.letter}",
        "",
        ["month", "alive by both", f"only by {one.letter}", f"only by {two.letter}", "by neither"],
        [[month, *row] for month, row in zip(axis, one.people.paired(two.people, axis), strict=True)],
        notes=[
            (
                "Each person has the same frailty and the same luck in both sequences. Who lives longer by one does so in the"
                " model: no trial has put one person on both."
            )
        ],
    )

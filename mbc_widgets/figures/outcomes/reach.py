"""How many start each line of a sequence, how many die on it, and how many leave its drug for toxicity."""

from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import Figure, figure, listed


def reach(one: Candidate) -> Figure:
    """Give the share of people who start each line."""
    bars = [
        {**mark, **{name: round(percent) for name, percent in one.people.reach(at)._asdict().items()}}
        for at, mark in enumerate(one.taken_marks)
    ]
    steps = [f"{bar['starts']} {one.told(at, one.people.starting(at), bar['starts'])}" for at, bar in enumerate(bars)]
    return figure(
        f"Who reaches each line, sequence {one.letter}",
        f"{one.letter}, of 100 who start the first line shown, so many start each: {listed(steps)}.",
        ["line", "regimen", "start, of 100", "die on it, of 100", "of those who start, stop it for toxicity, percent"],
        ([bar["number"], bar["called"], bar["starts"], bar["dies"], bar["toxicity"] or "not read"] for bar in bars),
        notes=[
            (
                "Shares of all who start the sequence come from registries of their own for each structure, so they need not be those"
                " on the board, which has one registry. Who reaches a late line was fitter from the start: a long life there is"
                " no merit of the line."
            ),
            one.early,
        ],
        bars=bars,
    )

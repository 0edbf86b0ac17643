"""How many start each line of a sequence, how many die on it, and how many leave its drug for toxicity."""

from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import Figure, figure, listed
from mbc_widgets.simulate.outcomes import reach_rows


def reach(one: Candidate) -> Figure:
    """Give the share of people who start each line."""
    rows = reach_rows(one.lives, one.names)
    bars = [
        {**mark, "starts": round(row["starts"]), "dies": round(row["dies"]), "toxicity": round(row["toxicity"])}
        for mark, row in zip(one.marks(), rows, strict=True)
    ]
    steps = [f"{bar['starts']} start {bar['name']}" for bar in bars]
    return figure(
        f"Who reaches each line, sequence {one.letter}",
        f"{one.letter}, of 100 who start the first line shown: {listed(steps)}.",
        ["line", "regimen", "start, of 100", "die on it, of 100", "of those who start, stop it for toxicity, percent"],
        ([bar["number"], bar["name"], bar["starts"], bar["dies"], bar["toxicity"] or "not read"] for bar in bars),
        notes=[
            (
                "Shares of all who start the sequence come from registries that mostly ended before conjugates."
                " Who reaches a late line was fitter from the start: a long life there is no merit of the line."
            ),
            one.early,
        ],
        bars=bars,
    )

"""One life in the middle, and twenty of the same frailty and plan: what differs among them, test results too, is chance."""

from collections.abc import Sequence
from typing import Any

from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import Figure, figure, listed, months

COMMONEST = ", among those whose test results are the commonest"
TESTED = ", but test results of their own, and with them other drugs in some lines"


def swimmer(one: Candidate) -> Figure:
    """Give the person whose survival is the median, and the ghosts beside."""
    middle, alike = one.people.typical()
    told = _life(one, middle)
    ghosts = sorted((_life(one, at) for at in alike), key=lambda each: float(each["dies"]))
    rows = [_row("the life in the middle", told), *(_row(f"alike {n}", each) for n, each in enumerate(ghosts, 1))]
    return figure(
        f"One life among its like, sequence {one.letter}",
        _sentence(one, told, ghosts),
        ["person", "line by line, months from the start", "supportive care from", "dies, month"],
        rows,
        notes=[
            (
                "The life in the middle is that of the simulated person whose survival is nearest to the median"
                f"{COMMONEST if one.tested else ''}; the others have the same frailty and the same plan{TESTED if one.tested else ''}."
                " Nobody knows which of these lives a patient gets."
            ),
            "Pale: the drug was left for toxicity before progression.",
            "The months between lines stand for all that the lines leave out: a drug beyond progression, pauses, further therapy.",
        ],
        life=told,
        ghosts=[_thin(ghost) for ghost in ghosts],
    )


def _life(one: Candidate, at: int) -> dict[str, Any]:
    """Give a life with the colour of what was really given on each line."""
    found = one.people.life(at, one.regimens)
    bars = [{**bar, **one.mark(bar["regimen"]), "number": one.lines[bar["line"] - 1].number} for bar in found["bars"]]
    return {**found, "bars": bars}


def _thin(ghost: dict[str, Any]) -> dict[str, Any]:
    """Give what the drawing of a ghost needs: palette, start and end of each bar."""
    return {**ghost, "bars": [[bar["palette"], bar["start"], bar["end"]] for bar in ghost["bars"]]}


def _row(who: str, told: dict[str, Any]) -> Sequence[str]:
    lines = "; ".join(f"{bar['name']} {months(bar['start'])} to {months(bar['end'])}" for bar in told["bars"])
    supportive = "" if told["supportive_from"] is None else months(told["supportive_from"])
    return [who, lines, supportive, months(told["dies"])]


def _length(length: float) -> str:
    return months(length) if round(length) else "less than 1"


def _sentence(one: Candidate, told: dict[str, Any], ghosts: Sequence[dict[str, Any]]) -> str:
    on = [bar["end"] - bar["start"] for bar in told["bars"]]
    lines = [f"{_length(length)} on {bar['name']}" for length, bar in zip(on, told["bars"], strict=True)]
    rest = round(told["dies"] - sum(on))
    lines += [f"{rest} between lines or after the last"] if rest else []
    ends = [ghost["dies"] for ghost in ghosts]
    return (
        f"{one.letter}: the person in the middle lives {months(told['dies'])} months: {listed(lines)}."
        f" Of {len(ghosts)} alike the first dies at month {months(min(ends))}, the last at month {months(max(ends))}."
    )

"""Where the lanes of the board stand: at the diagnosis, at now, or each at the end of a line. Comes in: bars since diagnosis."""

from collections.abc import Iterable, Sequence
from typing import Any

from mbc_widgets.timeline import Bar

DIAGNOSIS, NOW, LINE = "diagnosis", "now", "line-"
AXES = {DIAGNOSIS: "Months since MBC", NOW: "Months from now"}


def choices(lanes: Iterable[Sequence[Bar]]) -> list[dict[str, str]]:
    """Give the places that lanes can be aligned at: diagnosis, now, and the end of every line that a lane has."""
    given: dict[int, bool] = {}
    for bar in (bar for bars in lanes for bar in bars):
        given[bar.line] = given.get(bar.line, True) and bar.given is not None
    lines = [
        {"id": f"{LINE}{line}", "label": f"end of line {line}{' (given)' if given[line] else ''}"}
        for line in sorted(given)
    ]
    return [{"id": DIAGNOSIS, "label": DIAGNOSIS}, {"id": NOW, "label": NOW}, *lines]


def settled(asked: str, among: Iterable[dict[str, str]]) -> str:
    """Give the place that was asked for, or the diagnosis where no lane has it (any more)."""
    return asked if asked in {each["id"] for each in among} else DIAGNOSIS


def zero(bars: Sequence[Bar], place: str, now: float) -> tuple[float, str]:
    """Give the month since diagnosis at which a lane has its zero, and what a lane without that line says ("" with it)."""
    if not place.startswith(LINE):
        return (round(now, 1) if place == NOW else 0.0), ""
    line = int(place.removeprefix(LINE))
    ends = [bar.end for bar in bars if bar.line == line]
    if ends:
        return round(max(ends), 1), ""
    return round(max((bar.end for bar in bars), default=now), 1), f"no line {line}: stands at its own end"


def axis(place: str) -> dict[str, Any]:
    """Give what the axis says: its title, the word at zero where there are months before and after it, and it all spoken."""
    if not place.startswith(LINE):
        return {
            "title": AXES[place],
            "zero": "",
            "spoken": f"in months {'from now' if place == NOW else 'since diagnosis'}",
        }
    end = f"end of line {place.removeprefix(LINE)}"
    return {"title": "Months", "zero": end, "spoken": f"in months before and after the {end}"}

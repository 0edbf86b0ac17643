"""Where 100 people are at each month of a sequence: on a line, in supportive care, dead. Areas, icons and table count alike."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import Figure, figure, listed
from mbc_widgets.simulate.outcomes import DEAD, LINE, SUPPORTIVE, hundred, occupancy_rows

READ_AT = 12  # months: the row that the sentence reads out


def occupancy(one: Candidate, axis: Sequence[float]) -> Figure:
    """Give the stacked areas of a sequence; the rows of the table are whole people, which the icons show too."""
    order = [*(f"{LINE} {number}" for number in range(1, len(one.lines) + 1)), SUPPORTIVE, DEAD]
    shares = [[row[name] for name in order] for row in occupancy_rows(one.lives, axis)]
    rows = [[month, *hundred(np.array(row) / 100)] for month, row in zip(axis, shares, strict=True)]
    return figure(
        f"Where 100 people are, sequence {one.letter}",
        _sentence(one, rows),
        ["month", *one.labels, SUPPORTIVE, DEAD],
        rows,
        notes=["A line counts until the next one starts, with the months between.", *_turned(one)],
        shares=shares,
    )


def _turned(one: Candidate) -> list[str]:
    found = []
    for at, label in enumerate(one.labels):
        turned = [f"{each['percent']} have {each['name']}" for each in one.turned(at) if each["percent"]]
        if turned:
            found.append(f"Of 100 who start {label}: by a test result {listed(turned)} in its place.")
    return found


def _sentence(one: Candidate, rows: Sequence[Sequence[Any]]) -> str:
    month, *counts = next((row for row in rows if row[0] >= READ_AT), rows[-1])
    *lines, supportive, dead = counts
    on = [f"{count} on {name}" for count, name in zip(lines, one.names, strict=True) if count]
    rest = [f"{supportive} in supportive care", f"{dead} have died"]
    return f"{one.letter}, of 100 at {month:g} months: {listed([*on, *rest])}."

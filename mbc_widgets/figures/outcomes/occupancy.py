"""Where 100 people are at each month of a sequence: on a line, in supportive care, dead. Areas, icons and table count alike."""

from collections.abc import Sequence
from typing import Any

from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import Figure, figure, listed
from mbc_widgets.simulate.exits import EVERYBODY
from mbc_widgets.simulate.people import DEAD, SUPPORTIVE
from mbc_widgets.simulate.spread import hundred

READ_AT = 12  # months: the row that the sentence reads out


def occupancy(one: Candidate, axis: Sequence[float]) -> Figure:
    """Give the stacked areas of a sequence; the rows of the table are whole people, which the icons show too."""
    shares = one.people.occupancy(axis)
    rows = [[month, *hundred([share / EVERYBODY for share in each])] for month, each in zip(axis, shares, strict=True)]
    return figure(
        f"Where 100 people are, sequence {one.letter}",
        _sentence(one, rows),
        ["month", *one.labels, SUPPORTIVE, DEAD],
        rows,
        notes=["A line counts until the next one starts, with the months between.", one.running],
        shares=shares,
    )


def _sentence(one: Candidate, rows: Sequence[Sequence[Any]]) -> str:
    """Read a row out, with the regimens that these people really have."""
    month, *counts = next((row for row in rows if row[0] >= READ_AT), rows[-1])
    *lines, supportive, dead = counts
    on = [f"{count} in {one.told(at, one.people.on_line(at, month), count)}" for at, count in enumerate(lines) if count]
    rest = [f"{supportive} in supportive care", f"{dead} have died"]
    return f"{one.letter}, of 100 at {month:g} months: {listed([*on, *rest])}."

"""What each line of a simulated sequence is made of: trial, population, endpoint with its assessor, and how far its figures reach."""

from mbc_widgets.evidence import Row
from mbc_widgets.figures import words
from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import Figure, figure
from mbc_widgets.sequences import Line
from mbc_widgets.simulate.build import DIVIDED, LADDER

COLUMNS = ("line", "regimen", "trial and population", "endpoint", "median, months", "points to month", "shape", "fit")


def sources(one: Candidate) -> Figure:
    """Give the figures that a sequence was built from."""
    readers = sorted({_reader(line.row) for line in one.lines if line.row})
    mixed = (
        f"The lines of {one.letter} rest on different readers ({', '.join(readers)}): no median is set against another."
    )
    return figure(
        f"What sequence {one.letter} is made of",
        f"{one.letter} is built from {len(one.lines)} medians, one a line, of different trials and populations; they are chained,"
        " not compared."
        if len(one.lines) > 1
        else f"{one.letter} is built from one median.",
        COLUMNS,
        [
            [line.number, name, *_made(line, at, one)]
            for at, (line, name) in enumerate(zip(one.lines, one.names, strict=True))
        ],
        notes=[mixed if len(readers) > 1 else ""],
    )


def _made(line: Line, at: int, one: Candidate) -> list[str]:
    """Give trial and population, endpoint, median, how far points reach, shape, and fit."""
    lived, row = one.course.lines[at], line.row
    shape = "; ".join(lived.curve.notes)
    reach = words.number(round(lived.curve.known_to or 0, 1))
    cost = [note for note in lived.curve.notes if note.startswith(DIVIDED)]
    if row is None:
        return [
            LADDER,
            "; ".join(["time to the next line in everyday care", *cost]),
            f"{lived.curve.median():.1f}",
            reach,
            shape,
            "",
        ]
    population = f"{row.trial.name}: {row.result.population or row.trial.population}"
    return [
        population,
        "; ".join([words.endpoint(row.result), *cost]),
        words.figure(row.own) + (f"; here {lived.curve.median():.1f}" if cost else ""),
        reach,
        shape,
        row.fit.word,
    ]


def _reader(row: Row) -> str:
    return words.ASSESSORS.get(row.result.assessor or "", row.result.assessor or "assessor not told")

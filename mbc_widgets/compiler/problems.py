"""Problems of the data, in words a clinician understands: where, what, what is allowed, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from mbc_widgets.slips import Slip


@dataclass(frozen=True, order=True)
class Problem:
    """One problem: the file (from the data folder), the line (from 1) and what to do about it."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        """Give `file:line: text`."""
        return f"{self.file}:{self.line}: {self.text}"


class DataError(Slip):
    """The data cannot be compiled; `problems` holds all of them, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        count = len(self.problems)
        listed = "\n".join(str(problem) for problem in self.problems)
        super().__init__(f"{listed}\n{count} problem{'s' if count != 1 else ''} in the data")

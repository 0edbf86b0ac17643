"""Samples, therapies and days: the rows of a history."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from mbc_widgets.slips import Slip

SETTINGS = ("neoadjuvant", "adjuvant", "metastatic")
STOP_REASONS = (
    "progression",
    "toxicity",
    "completed",
    "patient_choice",
    "planned_break",
    "ongoing",
)
RESPONSES = ("complete", "partial", "stable", "progression", "not_evaluable")
METHODS = ("core", "cytology", "decalcified")
TISSUES = ("primary", "metastasis")
DAYS_PER_MONTH = 30.4375  # the mean month, where a rate or a rounded duration is meant
EARLIEST = date(1950, 1, 1)
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class PatientError(Slip):
    """A patient that contradicts itself or uses an unknown word; `problems` lists every one."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One receptor sample: percentages of stained cells, 0 to 100, and a HER2 state of the vocabulary."""

    day: date
    site: str = ""
    tissue: str = "metastasis"
    er_percent: float | None = None
    pr_percent: float | None = None
    her2: str | None = None
    method: str = "core"


@dataclass(frozen=True, kw_only=True)
class Therapy:
    """One therapy that was given; `dose_mg_m2` is the cumulative anthracycline dose when it was recorded."""

    agents: tuple[str, ...]
    setting: str
    start: date
    stop: date | None = None
    stop_reason: str = "ongoing"
    progressed_while_on: bool | None = None
    best_response: str | None = None
    maintenance: bool = False
    toxicity: str | None = None
    dose_mg_m2: float | None = None

    @property
    def progressed(self) -> bool:
        """Say whether the disease grew or came back while it was given."""
        return self.stop_reason == "progression" if self.progressed_while_on is None else self.progressed_while_on


def months_between(start: date, end: date) -> float:
    """Give the months from `start` to `end` by the calendar (negative when `end` is earlier).

    From the 3rd to the 3rd is a whole number of months, so that "within 12 months" means what a clinician means.
    """
    if end < start:
        return -months_between(end, start)
    whole = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    year, month = divmod(start.month - 1 + whole, 12)
    year, month = start.year + year, month + 1
    length = monthrange(year, month)[1]
    return whole + (end - date(year, month, min(start.day, length))).days / length


def read_day(value: object) -> date:
    """Give the day in `YYYY-MM-DD`; a month counts as its 15th, a year as 1 July (history is rarely exact).

    Raises:
        ValueError: no such day, or before 1950.

    """
    match = _DAY.fullmatch(str(value))
    if match:
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            found = date(year or 0, month or 7, day or (15 if month else 1))
        except ValueError:
            found = None
        if found and found >= EARLIEST:
            return found
    message = f"{value!r} is not a day; write YYYY-MM-DD, YYYY-MM or YYYY, from 1950 on"
    raise ValueError(message)

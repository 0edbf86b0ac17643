"""What a page asks of the model, and the words of the model that its messages are read with.

Tests can hand a `Session` another engine; that of this package is `dialogue/workbook.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mbc_widgets.codes import Shared
from mbc_widgets.patient import DAYS_PER_MONTH, Patient, PatientError, months_between, read_day

__all__ = [
    "DAYS_PER_MONTH",
    "Engine",
    "Patient",
    "PatientError",
    "Start",
    "Title",
    "months_between",
    "read_day",
]


@dataclass(frozen=True, kw_only=True)
class Title:
    """A scenario as a menu shows it."""

    id: str
    title: str
    teaches: str


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where a scenario starts: its patient, its day, its regulator and the guideline body it is read by ("" for all)."""

    patient: Patient
    day: str
    regulator: str
    body: str = ""


class Engine(Protocol):
    """What a `Session` asks of the model."""

    def titles(self) -> tuple[Title, ...]:
        """Give the teaching scenarios, in the order of the menu."""

    def first(self) -> str:
        """Give the id of the scenario that the page opens with."""

    def start(self, scenario: str) -> Start:
        """Give the start of a scenario; raises KeyError with the known ones."""

    def patient(self, raw: Mapping[str, Any]) -> Patient:
        """Give the checked patient; raises PatientError with every problem."""

    def fields(self) -> Mapping[str, Any]:
        """Give the fields of the vocabulary by id."""

    def day(self, text: str) -> str:
        """Give the ISO day that is meant; raises ValueError for what is no day, or none of the edition."""

    def bodies(self, day: str, regulator: str) -> tuple[str, ...]:
        """Give the guideline bodies that may be picked there."""

    def body_word(self, body: str) -> str:
        """Give the name of a guideline body."""

    def place(self, day: str, regulator: str, body: str) -> str:
        """Give the guideline body as it is spelt; raises ValueError for a day, regulator or body that cannot be looked at."""

    def write_code(self, shared: Shared) -> str:
        """Give the code of what is looked at; raises CodeError when it is too much for one."""

    def read_code(self, text: str) -> Shared:
        """Give what a code tells; raises CodeError."""

    def look(self, patient: Patient, day: str, regulator: str, body: str) -> Any:
        """Give the view; raises ValueError for a day or regulator outside the edition, or a body without a word there."""

    def outcomes(self, view: Any) -> Any:
        """Give what simulates `view`: `heads` of its sequences, `shown(letters, pictures)` and `bands(letters)`.

        The last two give {} after each piece of work and the value at last.
        """

    def pictures(self) -> tuple[str, ...]:
        """Give the names of all pictures of the outcomes."""

    def first_pictures(self) -> tuple[str, ...]:
        """Give the names of those that are open at first."""

    def first_part(self, state: Any, view: Any, previous: Any) -> dict[str, Any]:
        """Give what the page of `view` draws first in the mode of `state`; `previous` is the view before the change, or None."""

    def rest(self, state: Any, view: Any, previous: Any, first: dict[str, Any]) -> dict[str, Any]:
        """Give the rest of the page whose first part is `first`; {} in a mode that shows no more."""

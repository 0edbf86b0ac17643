"""The engine of this package: the one place where a page meets the rest of it.

Everything that a page needs from the model comes through here, so that a change of a name there is a change of one line here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from mbc_widgets.codes import Shared, read_code, write_code
from mbc_widgets.dialogue.engine import Start, Title
from mbc_widgets.knowledge import Knowledge, bodies_on, body_meant, load
from mbc_widgets.patient import Patient, read_day


@dataclass(frozen=True, kw_only=True)
class Mode:
    """What a mode shows: the patient's board, what stands below it, and under its own name what `make` gives."""

    board: bool = True
    rest: bool = True
    make: Callable[[Any, Any], dict[str, Any]] | None = None


class Workbook:
    """The engine of this package.

    Args:
        knowledge: what it answers from; that of this installation, as it stands on the disk, when omitted.
    """

    def __init__(self, knowledge: Knowledge | None = None) -> None:
        self._given = knowledge

    @property
    def _known(self) -> Knowledge:
        return self._given or load()

    @cache  # noqa: B019 - one Workbook lives as long as the process
    def titles(self) -> tuple[Title, ...]:
        """Give the teaching scenarios, in the order of the menu."""
        return tuple(
            Title(id=name, title=raw.get("title", name), teaches=raw.get("teaches", ""))
            for name, raw in self._known.scenarios.items()
        )

    def first(self) -> str:
        """Give the id of the scenario that the page opens with."""
        return self._known.edition.first_scenario

    def start(self, scenario: str) -> Start:
        """Give the start of a scenario.

        Raises:
            KeyError: no such scenario; the message lists the known ones.
        """
        from mbc_widgets.workbook import scenario as read

        patient, day, regulator = read(scenario, self._given)
        body = body_meant(self._known.scenarios[scenario].get("body", ""), self._known, day, regulator)
        return Start(patient=patient, day=day, regulator=regulator, body=body)

    def patient(self, raw: Mapping[str, Any]) -> Patient:
        """Give the checked patient in `raw`.

        Raises:
            PatientError: every problem at once.
        """
        from mbc_widgets.workbook import patient

        return patient(raw, self._given)

    def fields(self) -> Mapping[str, Any]:
        """Give the fields of the vocabulary by id."""
        return self._known.vocabulary

    def day(self, text: str) -> str:
        """Give the ISO day that `text` means.

        Raises:
            ValueError: no day, or one outside the edition; the message says which days are allowed.
        """
        edition = self._known.edition
        allowed = f"Allowed: {edition.first_day} to {edition.current_day}, as YYYY-MM-DD"
        try:
            day = read_day(text).isoformat()
        except ValueError as error:
            found = f"{text!r} is not a day" if text else "no whole day is written"
            raise ValueError(f"{found}. {allowed}.") from error
        if not edition.first_day <= day <= edition.current_day:
            raise ValueError(f"{day} is outside this edition. {allowed}.")
        return day

    def body_word(self, body: str) -> str:
        """Give the name of a guideline body."""
        return self._known.bodies[body].word

    def bodies(self, day: str, regulator: str) -> tuple[str, ...]:
        """Give the guideline bodies that may be picked on `day` under `regulator`."""
        return tuple(bodies_on(self._known, day, regulator))

    def place(self, day: str, regulator: str, body: str) -> str:
        """Give the guideline body as it is spelt in the knowledge.

        Raises:
            ValueError: the day or the regulator is outside this edition, or the body has no word there.
        """
        return self._known.on(day, regulator, body).body

    def write_code(self, shared: Shared) -> str:
        """Give the code of what is looked at.

        Raises:
            CodeError: it is too much for a code.
        """
        return write_code(shared, self._known)

    def read_code(self, text: str) -> Shared:
        """Give what a code tells.

        Raises:
            CodeError: mistyped, or of another edition.
        """
        return read_code(text, self._known)

    def look(self, patient: Patient, day: str, regulator: str, body: str) -> Any:
        """Give the view of `patient` on `day` under `regulator`, by the guidelines of `body` or of all.

        Raises:
            ValueError: the day or the regulator is outside this edition, or the body has no word there.
        """
        from mbc_widgets.workbook import look

        return look(patient, day=day, regulator=regulator, body=body, knowledge=self._given)

    def outcomes(self, view: Any) -> Any:
        """Give what simulates `view`, in steps."""
        from mbc_widgets.figures.outcomes.whole import Outcomes

        return Outcomes(view)

    def pictures(self) -> tuple[str, ...]:
        """Give the names of all pictures of the outcomes."""
        from mbc_widgets.figures.outcomes.names import ALL

        return ALL

    def first_pictures(self) -> tuple[str, ...]:
        """Give the names of those that are open at first."""
        from mbc_widgets.figures.outcomes.names import FIRST

        return FIRST

    def first_part(self, state: Any, view: Any, previous: Any) -> dict[str, Any]:
        """Give what the page of `view` draws first in the mode of `state`: a case has a story of its own in the place of the board."""
        from mbc_widgets.figures.page import first_of_page, place_of

        mode = MODES[state.mode]
        first: dict[str, Any] = first_of_page(view, previous, state.align) if mode.board else place_of(view)
        return {**first, state.mode: mode.make(state, view)} if mode.make else first

    def rest(self, state: Any, view: Any, previous: Any, first: dict[str, Any]) -> dict[str, Any]:
        """Give the rest of the page whose first part is `first`; {} in a mode that shows no more."""
        from mbc_widgets.figures.page import rest_of_page

        return rest_of_page(view, previous, first, state.asked) if MODES[state.mode].rest else {}


def _present(state: Any, view: Any) -> dict[str, Any]:  # noqa: ARG001 - every mode gets both
    from mbc_widgets.figures.present import present

    return present(view)


def _compare(state: Any, view: Any) -> dict[str, Any]:
    from mbc_widgets.dialogue.comparing import shown

    return shown(state, view, Workbook())


def _case(state: Any, view: Any) -> dict[str, Any]:
    from mbc_widgets.dialogue.casework import case_mode

    return case_mode(state, view)


MODES: Mapping[str, Mode] = {
    "study": Mode(),
    "present": Mode(rest=False, make=_present),
    "case": Mode(board=False, rest=False, make=_case),
    "compare": Mode(make=_compare),
}

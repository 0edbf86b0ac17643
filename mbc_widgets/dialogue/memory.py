"""What is looked at, what can be undone, and what was typed but refused: the values that a message of the page moves.

`Memory` is what `messages`, and the modes with messages of their own, take and give; nothing here knows a page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mbc_widgets import codes
from mbc_widgets.dialogue.engine import Engine, Patient

STEPS = 100  # how many changes can be undone
STUDY, CASE = "study", "case"
PINNED = "pinned"
MODES = codes.MODES


class MessageError(ValueError):
    """A message that makes no sense; the page stays as it is and says so."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """The other side of a comparison: what is empty is as on the side that is looked at, and follows it.

    `source` says where a patient of its own comes from: the id of a scenario, `PINNED`, or what was looked at before.
    """

    patient: Patient | None = None
    day: str = ""
    regulator: str = ""
    body: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class State:
    """What is being looked at."""

    patient: Patient
    day: str
    regulator: str
    body: str = ""  # the guideline body that alone is heard; all when empty
    align: str = "diagnosis"
    asked: str = ""  # the regimen of which somebody asked for two changes
    scenario: str = ""
    mode: str = STUDY
    other: Side | None = None  # what Compare shows beside it; the same patient in 2012 when None
    pinned: Side | None = None
    swapped: bool = False  # whether Compare shows the other side second
    case: Any = None  # what the mode Case keeps: a `casework.Casework`


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong with the input; `field` is "" when it belongs to none, `part` and `row` say where in it."""

    field: str
    text: str
    part: str = ""
    row: int | None = None


@dataclass(frozen=True, kw_only=True)
class Memory:
    """The state, its past and future, and what was typed but could not be taken over.

    `taken_since` counts the changes that were taken over after something was refused: undo takes these back first.
    `wrong_day` is what was typed as a day and is none, `wrong_code` the same of a code; `told` is what the last message did
    beside what was asked; `address` is what was read of the page's address.
    """

    now: State
    past: tuple[State, ...] = ()
    future: tuple[State, ...] = ()
    refused: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    wrong_day: str | None = None
    day_problem: Problem | None = None
    wrong_code: str | None = None
    code_problem: Problem | None = None
    address: str = ""
    taken_since: int = 0
    told: str = ""

    @property
    def waits(self) -> bool:
        """Whether something typed is not taken over."""
        return bool(self.refused) or self.wrong_day is not None or self.wrong_code is not None

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """What is wrong with the patient, with the day, and with the code."""
        return (*self.problems, *(each for each in (self.day_problem, self.code_problem) if each))

    def cleared(self) -> "Memory":
        """Give the memory without anything that waits."""
        return replace(
            self, refused={}, problems=(), wrong_day=None, day_problem=None, wrong_code=None, code_problem=None
        )

    def to(self, state: State) -> "Memory":
        """Give the memory after a change to `state`; what was undone before is forgotten."""
        if state == self.now:
            return self
        past = (*self.past, self.now)[-STEPS:]
        return replace(self, now=state, past=past, future=(), taken_since=self.taken_since + 1)


Step = Callable[[Memory, Mapping[str, Any], Engine], Memory]


def settled(state: State, engine: Engine) -> State:
    """Give the state after a move in time or place: a guideline body that has no word there is left, and all are heard."""
    kept = not state.body or state.body in engine.bodies(state.day, state.regulator)
    return state if kept else replace(state, body="")

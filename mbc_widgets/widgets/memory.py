"""What is looked at, what can be undone, and what was typed but refused: the values that a message of the page moves.

`Memory` is what `messages`, and the modes with messages of their own, take and give; nothing here knows a page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mbc_widgets.widgets.engine import Engine, Patient

STEPS = 100  # how many changes can be undone
STUDY = "study"
MODES = (STUDY, "present", "case", "compare")


class MessageError(ValueError):
    """A message that makes no sense; the page stays as it is and says so."""


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
    `wrong_day` is what was typed as a day and is none; `told` is what the last message did beside what was asked.
    """

    now: State
    past: tuple[State, ...] = ()
    future: tuple[State, ...] = ()
    refused: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    wrong_day: str | None = None
    day_problem: Problem | None = None
    taken_since: int = 0
    told: str = ""

    @property
    def waits(self) -> bool:
        """Whether something typed is not taken over."""
        return bool(self.refused) or self.wrong_day is not None

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """What is wrong with the patient, and with the day."""
        return (*self.problems, self.day_problem) if self.day_problem else self.problems

    def cleared(self) -> "Memory":
        """Give the memory without anything that waits."""
        return replace(self, refused={}, problems=(), wrong_day=None, day_problem=None)

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

"""The desk at which one person looks at a patient: it takes what is asked for and keeps the answer, and nothing on it is lost.

What a page asks for comes in as plain messages, what it draws goes out as plain data. Nothing that goes wrong leaves a dead page:
the last good answer stays and `page["errors"]` says what happened. No interface library is known here: a notebook's `Session` and the
page without a server stand on the same desk.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mbc_widgets.dialogue.address import CODE_LABEL, code_of, granted, waiting, wish_of
from mbc_widgets.dialogue.engine import Engine, Patient
from mbc_widgets.dialogue.memory import Memory, MessageError, Problem, State, settled
from mbc_widgets.dialogue.messages import SAMPLES, THERAPIES, handle
from mbc_widgets.dialogue.workbook import Workbook

LOG = logging.getLogger("mbc_widgets")
FAILED = "This change could not be worked out, so the page shows what it showed before."
NOT_TAKEN = "**Not taken over:** see the message below. The page shows the answer without it."
TAKE_BACK = "Take this entry back"
STILL_WAITING = "An entry from before still waits: see the message below."


class Desk:
    """One patient on one day under one regulator, with the answer.

    Gives `view`, what `mbc_widgets.look` gives; `first`, what the page draws first; and `page`, the first part and the rest. They are set
    in this order, `first` before the rest is worked out: a subclass that tells somebody makes them traits or properties.

    Args:
        memory: what to start from. engine: what works the answer out; only tests give another.

    Raises:
        ValueError: the day or the regulator of `memory` is outside the edition, or the body has no word there.
    """

    view: Any = None
    first: dict[str, Any]
    page: dict[str, Any]

    def __init__(self, memory: Memory, engine: Engine | None = None) -> None:
        super().__init__()
        self._engine: Engine = engine or Workbook()
        self._memory = memory
        self._shown: State | None = None
        self._previous: Any = None  # the view before the last change, for the sentence
        self._plain: tuple[dict[str, Any], dict[str, Any]] = ({}, {})  # both parts of the page as the engine gave them
        self._take(memory)

    def receive(self, message: Mapping[str, Any]) -> None:
        """Does what a message of the page asks for; never raises, errors go to the page."""
        if message.get("type") == "address":
            self.arrive(str(message.get("search", "")))
            return
        try:
            after = handle(self._memory, message, self._engine)
        except MessageError as error:
            self.say(str(error))
            return
        except Exception:
            LOG.exception("message %r failed", message.get("type"))
            self.say(FAILED)
            return
        self._attempt(after)

    def arrive(self, search: str) -> None:
        """Shows what the address of the page asks for (`?code=...`), and says what of it cannot be; never raises.

        A kernel that was started before anybody asked hears the address from the browser. It is the start then, no step to undo.
        """
        try:
            memory, problem = granted(wish_of(search), self._engine)
        except Exception:
            LOG.exception("address could not be read")
            self.say(FAILED)
            return
        done = self._memory
        memory = done.cleared().to(memory.now) if done.past else memory
        self._attempt(replace(memory, address=search))
        if problem:
            self.say(problem)

    def change(self, **changes: Any) -> None:
        """Sets fields of the patient, as the form does: `session.change(esr1="mutated")`; None is unknown."""
        self.receive({"type": "set", "changes": changes})

    def undo(self) -> None:
        """Takes the last change back."""
        self.receive({"type": "undo"})

    def redo(self) -> None:
        """Does again what was undone last."""
        self.receive({"type": "redo"})

    def _attempt(self, after: Memory) -> None:
        before = self._memory
        try:
            self._take(after)
        except ValueError as error:
            self._restore(before, str(error))
        except Exception:
            LOG.exception("no answer for %s", after.now.day)
            self._restore(before, FAILED)

    def _restore(self, before: Memory, text: str) -> None:
        self._memory = before
        self._taken_over(before.now)
        self.say(text)

    def _take(self, memory: Memory) -> None:
        """Works the answer out and only then takes the new state over."""
        state, view, previous, (first, rest) = memory.now, self.view, self._previous, self._plain
        if self._shown is None or _asks(state) != _asks(self._shown):
            same = self._shown is not None and state.scenario == self._shown.scenario
            previous = view if same else None  # another scenario is a start, not a change
            view = self._engine.look(state.patient, state.day, state.regulator, state.body)
            state = replace(state, body=view.snapshot.body)  # as it is spelt in the knowledge
            memory = replace(memory, now=state)
        if self._shown is None or state != self._shown:
            first = self._engine.first_part(state, view, previous)
            self.first = finish(first, memory, self._engine)  # the board is under way while the rest is worked out
            rest = self._engine.rest(state, view, previous, first)
        self._memory, self._shown, self._previous, self._plain = memory, state, previous, (first, rest)
        self._taken_over(state)
        self.view = view
        self._show(memory)

    def _show(self, memory: Memory) -> None:
        first, rest = self._plain
        self.first = finish(first, memory, self._engine)
        form = {"form": _with_refused(rest["form"], memory)} if "form" in rest else {}
        self.page = {**rest, **form, **self.first}

    def _taken_over(self, state: State) -> None:
        """Hears what is looked at now; for a subclass that shows it."""

    def say(self, text: str) -> None:
        """Shows the page as it is with `text` above it."""
        extra = Problem(field="", text=text)
        shown = replace(self._memory, problems=(*self._memory.problems, extra))
        self._show(shown)


def start(engine: Engine, scenario: str = "", *, day: str = "", regulator: str = "", body: str = "") -> Memory:
    """Give the memory of somebody who sits down to a scenario, the first one when omitted.

    Raises:
        KeyError: no such scenario.
    """
    name = scenario or engine.first()
    begun = engine.start(name)
    state = State(
        patient=begun.patient,
        day=day or begun.day,
        regulator=regulator or begun.regulator,
        body=begun.body,
        scenario=name,
    )
    return Memory(now=replace(state, body=body) if body else settled(state, engine))


def _asks(state: State) -> tuple[Patient, str, str, str]:
    return state.patient, state.day, state.regulator, state.body


def finish(page: Mapping[str, Any], memory: Memory, engine: Engine) -> dict[str, Any]:
    """Give the first part of a page with what the session knows and the view does not: scenario, undo, what was refused."""
    refused = [
        {"field": each.field, "text": each.text, "actions": [_take_back(each)] if each.field else []}
        for each in memory.all_problems
    ]
    sentence = f"{page.get('sentence', '')} {memory.told}".strip()
    if memory.all_problems:
        sentence = f"{sentence} {STILL_WAITING}" if memory.waits and memory.taken_since else NOT_TAKEN
    return {
        **page,
        "sentence": sentence,
        "errors": [*refused, *page.get("errors", ())],
        # The steps of undo are of the patient in Study, whom a case does not show.
        "can_undo": bool(memory.past or memory.waits) and memory.now.mode != "case",
        "can_redo": bool(memory.future) and memory.now.mode != "case",
        "mode": memory.now.mode,
        "code": code_of(memory.now, engine),
        "code_typed": memory.wrong_code,
        "code_error": memory.code_problem.text.removeprefix(CODE_LABEL) if memory.code_problem else "",
        "address": memory.address,
        "waiting": waiting(memory),
        "scenario": memory.now.scenario,
        "scenarios": [dict(vars(title)) for title in engine.titles()],
        "changed_from_scenario": _is_changed(memory.now, engine),
        "day_typed": memory.wrong_day,
        "day_error": memory.day_problem.text.replace("**", "") if memory.day_problem else "",
    }


def _take_back(problem: Problem) -> dict[str, Any]:
    return {"label": TAKE_BACK, "send": {"type": "take_back", "field": problem.field}}


def _is_changed(state: State, engine: Engine) -> bool:
    if not state.scenario:
        return False
    start = engine.start(state.scenario)
    return _asks(state) != (start.patient, start.day, start.regulator, start.body)


def _with_refused(form: Mapping[str, Any], memory: Memory) -> dict[str, Any]:
    """Give the form with each refused value still in its field, and what is wrong with it beside it."""
    texts = {each.field: each.text.replace("**", "") for each in memory.problems}
    wrong: dict[str, list[dict[str, Any]]] = {}
    for each in memory.problems:
        wrong.setdefault(each.field, []).append({"row": each.row, "part": each.part})

    def field(entry: Mapping[str, Any]) -> dict[str, Any]:
        name = {"samples": SAMPLES, "therapies": THERAPIES}.get(entry["kind"], entry["id"])
        plain = {**entry, "error": texts.get(name, ""), "wrong": wrong.get(name, [])}
        if name in memory.refused:
            typed = memory.refused[name]
            plain |= {"value": typed, "unknown": typed is None, "assumed": False}
            plain["error"] = plain["error"] or "not taken over yet; see the message above"
        return plain

    groups = [{**group, "fields": [field(each) for each in group["fields"]]} for group in form.get("groups", ())]
    return {**form, "groups": groups}

"""The session: what one person looks at, and with its feed of outcomes the only object of the project that changes.

Traits in (patient, day, regulator, body, align, scenario), traits out (view, first, page). Whoever sets a trait,
a control, the page or a line of code, gets one recompute; several at once inside `hold()`. Nothing
that goes wrong leaves a dead page: the last good answer stays and `page["errors"]` says what
happened.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import traitlets as t

from mbc_widgets.widgets.address import CODE_LABEL, code_of, granted, waiting, wish_of
from mbc_widgets.widgets.engine import Engine, Patient, Workbook
from mbc_widgets.widgets.memory import Memory, MessageError, Problem, State, settled
from mbc_widgets.widgets.messages import SAMPLES, THERAPIES, handle
from mbc_widgets.widgets.outcomes import Feed

LOG = logging.getLogger("mbc_widgets")
INPUTS = ("patient", "day", "regulator", "body", "align", "scenario")
FAILED = "This change could not be worked out, so the page shows what it showed before."
NOT_TAKEN = "**Not taken over:** see the message below. The page shows the answer without it."
TAKE_BACK = "Take this entry back"
STILL_WAITING = "An entry from before still waits: see the message below."


class Session(t.HasTraits):
    """One patient on one day under one regulator, with the answer.

    Args:
        scenario: id of the teaching scenario to start with; the first one when omitted.
        day: start on another day than the scenario's. regulator: FDA or EMA.
        body: hear the guidelines of this body alone, such as "asco"; the scenario's, mostly all, when omitted.
        memory: what to start from, as an address tells it; the words above are then not read.
        engine: what works the answer out; only tests give another.

    Raises:
        KeyError: no such scenario.
        ValueError: the day or the regulator is outside the edition, or the body has no word there.
    """

    patient = t.Any(help="The patient as raw history; set a changed copy to change it")
    day = t.Unicode(help="The knowledge of this day, YYYY-MM-DD")
    regulator = t.Unicode(help="FDA or EMA")
    body = t.Unicode(
        help="Id of the guideline body that alone opens and orders, such as asco; empty hears all of the region"
    )
    align = t.Unicode("diagnosis", help="Where the lanes of the board are aligned: diagnosis, now, or line-2")
    scenario = t.Unicode(help="Id of the scenario the session started from")
    view = t.Any(help="The answer: what mbc_widgets.look gives")
    first = t.Dict(help="What the page draws first: the sentence and the board, or what its mode shows in their place")
    page = t.Dict(help="The answer as the plain data that the page draws: the first part and the rest")

    def __init__(
        self,
        scenario: str = "",
        *,
        day: str = "",
        regulator: str = "",
        body: str = "",
        memory: Memory | None = None,
        engine: Engine | None = None,
    ) -> None:
        super().__init__()
        self._engine: Engine = engine or Workbook()
        self._memory = memory or Memory(now=self._first(scenario, day, regulator, body))
        self._shown: State | None = None
        self._previous: Any = None  # the view before the last change, for the sentence
        self._plain: tuple[dict[str, Any], dict[str, Any]] = ({}, {})  # both parts of the page as the engine gave them
        self._from_inside = False
        self._feed: Feed | None = None
        self._take(self._memory)
        self.observe(self._from_outside, names=list(INPUTS))

    def _first(self, scenario: str, day: str, regulator: str, body: str) -> State:
        name = scenario or self._engine.first()
        start = self._engine.start(name)
        state = State(
            patient=start.patient,
            day=day or start.day,
            regulator=regulator or start.regulator,
            body=start.body,
            scenario=name,
        )
        return replace(state, body=body) if body else settled(state, self._engine)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Several traits set inside are one change with one recompute."""
        with self.hold_trait_notifications():
            yield

    def receive(self, message: Mapping[str, Any]) -> None:
        """Does what a message of the page asks for; never raises, errors go to the page."""
        if message.get("type") == "address":
            self.arrive(str(message.get("search", "")))
            return
        try:
            after = handle(self._memory, message, self._engine)
        except MessageError as error:
            self._say(str(error))
            return
        except Exception:
            LOG.exception("message %r failed", message.get("type"))
            self._say(FAILED)
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
            self._say(FAILED)
            return
        done = self._memory
        memory = done.cleared().to(memory.now) if done.past else memory
        self._attempt(replace(memory, address=search))
        if problem:
            self._say(problem)

    def change(self, **changes: Any) -> None:
        """Sets fields of the patient, as the form does: `session.change(esr1="mutated")`; None is unknown."""
        self.receive({"type": "set", "changes": changes})

    def undo(self) -> None:
        """Takes the last change back."""
        self.receive({"type": "undo"})

    def redo(self) -> None:
        """Does again what was undone last."""
        self.receive({"type": "redo"})

    @property
    def feed(self) -> Feed:
        """Give the simulated outcomes; nothing is simulated before somebody asks for them."""
        self._feed = self._feed or Feed(self, self._engine)
        return self._feed

    def value(self, field: str) -> Any:
        """Give what the patient says about `field`, or None."""
        return self.patient.findings.get(field)

    def fields(self) -> Mapping[str, Any]:
        """Give the fields of the vocabulary by id."""
        return self._engine.fields()

    def _from_outside(self, change: Any) -> None:  # noqa: ARG002 - a traitlets Bunch
        if self._from_inside:
            return
        state = replace(self._memory.now, **{name: getattr(self, name) for name in INPUTS})
        if state.body == self._memory.now.body:
            state = settled(state, self._engine)
        if state != self._memory.now:
            self._attempt(self._memory.to(state))

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
        self._set_inputs(before.now)
        self._say(text)

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
        self._set_inputs(state)
        self.view = view
        self._show(memory)

    def _show(self, memory: Memory) -> None:
        first, rest = self._plain
        self.first = finish(first, memory, self._engine)
        form = {"form": _with_refused(rest["form"], memory)} if "form" in rest else {}
        self.page = {**rest, **form, **self.first}

    def _set_inputs(self, state: State) -> None:
        self._from_inside = True
        try:
            with self.hold_trait_notifications():
                for name in INPUTS:
                    setattr(self, name, getattr(state, name))
        finally:
            self._from_inside = False

    def _say(self, text: str) -> None:
        extra = Problem(field="", text=text)
        shown = replace(self._memory, problems=(*self._memory.problems, extra))
        self._show(shown)


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

"""What a message from the page does to the state: pure functions, tested without a page.

In: `Memory` (the state now, what can be undone and redone, what was typed but refused) and a
message of the page. Out: the next `Memory`. A change that the patient refuses keeps the typed value
in `refused`; it is tried again with every later change, because the second of two changes may be
what makes the first one possible.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mbc_widgets.dialogue import casework
from mbc_widgets.dialogue.address import open_code
from mbc_widgets.dialogue.comparing import COMPARING, beside
from mbc_widgets.dialogue.engine import Engine, Patient, PatientError
from mbc_widgets.dialogue.history import RowError, with_sample, with_therapies
from mbc_widgets.dialogue.memory import MODES, Memory, MessageError, Problem, State, Step, settled

SAMPLES, THERAPIES, DAY, CODE = "receptor_samples", "prior_therapies", "day", "code"


def handle(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:
    """Give the memory after `message`.

    Raises:
        MessageError: an unknown kind of message, or one without what it needs.
    """
    kind = str(message.get("type", ""))
    step = STEPS_BY_TYPE.get(kind)
    if step is None:
        raise MessageError(f"The page sent {kind!r}, which is not known. Reload the page.")
    try:
        return step(replace(memory, told=""), message, engine)
    except (KeyError, TypeError, AttributeError) as error:
        raise MessageError(f"The page sent an incomplete {kind!r} message ({error}).") from error


def _set(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:
    return _try(memory, dict(message["changes"]), engine)


def _samples(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:
    return _try(memory, {SAMPLES: dict(message["value"])}, engine)


def _therapies(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:
    return _try(memory, {THERAPIES: [dict(row) for row in message["value"]]}, engine)


def _try(memory: Memory, changes: Mapping[str, Any], engine: Engine) -> Memory:
    """Takes the changes over with what was refused before, else alone, else keeps them as refused."""
    waiting = {**memory.refused, **changes}
    patient, problems = _changed(memory.now.patient, waiting, engine)
    if patient is not None:
        cleared = replace(memory, refused={}, problems=())
        return cleared.to(replace(memory.now, patient=patient))
    if len(waiting) > len(changes):
        alone, _ = _changed(memory.now.patient, changes, engine)
        if alone is not None:
            rest = {name: value for name, value in waiting.items() if name not in changes}
            _, problems = _changed(alone, rest, engine)
            kept = replace(memory, refused=rest, problems=problems)
            return kept.to(replace(memory.now, patient=alone))
    return replace(memory, refused=waiting, problems=problems, taken_since=0)


def _take_back(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:
    """Takes one refused entry back and tries the others again; all of them when the message is about none of them alone."""
    name = str(message["field"])
    if name == DAY:
        return replace(memory, wrong_day=None, day_problem=None)
    if name == CODE:
        return replace(memory, wrong_code=None, code_problem=None)
    rest = {each: value for each, value in memory.refused.items() if each != name}
    cleared = replace(memory, refused={}, problems=())
    return _try(cleared, rest, engine) if name in memory.refused and rest else cleared


def _changed(
    patient: Patient, changes: Mapping[str, Any], engine: Engine
) -> tuple[Patient | None, tuple[Problem, ...]]:
    """Give the changed patient, or None and everything that is wrong with it."""
    problems: list[Problem] = []
    raw = patient.as_dict()
    if SAMPLES in changes:
        raw[SAMPLES] = with_sample(patient, changes[SAMPLES])[SAMPLES]
    if THERAPIES in changes:
        try:
            raw |= with_therapies(patient, changes[THERAPIES]) | {SAMPLES: raw[SAMPLES]}
        except RowError as error:
            problems.append(Problem(field=THERAPIES, text=str(error), part=error.part, row=error.index))
    raw |= {name: each for name, each in changes.items() if name not in {SAMPLES, THERAPIES}}
    try:
        changed = engine.patient(raw)
    except PatientError as error:
        problems += [read_problem(text, engine) for text in error.problems]
    return (None if problems else changed), tuple(problems)


PLACE = re.compile(r"(?:patient\.)?(?P<field>\w+)(?:\[(?P<row>\d+)\])?(?:\.(?P<part>\w+))?: (?P<rest>.*)", re.DOTALL)
PARTS = {
    "er_percent": "ER",
    "pr_percent": "PR",
    "her2": "HER2",
    SAMPLES: "Receptors",
    THERAPIES: "Prior therapy",
}


def read_problem(text: str, engine: Engine) -> Problem:
    """Give a problem of the patient in the words of the form: its label in place of the field's name."""
    found = PLACE.fullmatch(text)
    if not found:
        return Problem(field="", text=text)
    name, part = found["field"], found["part"]
    entry = engine.fields().get(part or name) or engine.fields().get(name)
    label = PARTS.get(part or name) or PARTS.get(name) or getattr(entry, "label", name)
    row = int(found["row"]) if found["row"] and name == THERAPIES else None
    where = label if row is None else f"{label} {row + 1}"
    return Problem(field=name, text=f"**{where}:** {found['rest']}", part=part or "", row=row)


def _day(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:
    typed = str(message["day"])
    try:
        day = engine.day(typed)
    except ValueError as error:
        problem = Problem(field=DAY, text=f"**Any day:** {error}")
        return replace(memory, wrong_day=typed, day_problem=problem, taken_since=0)
    right = replace(memory, wrong_day=None, day_problem=None)
    return right.to(settled(replace(memory.now, day=day), engine))


def _regulator(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:
    return memory.to(settled(replace(memory.now, regulator=str(message["regulator"])), engine))


def _body(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    return memory.to(replace(memory.now, body=str(message["body"])))


# How the board is drawn is no step to undo.
def _align(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    return replace(memory, now=replace(memory.now, align=str(message["to"])))


# Nor is a question.
def _pairs(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    return replace(memory, now=replace(memory.now, asked=str(message["regimen"])))


def _mode(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    """Shows the same state in another way, which is no step to undo."""
    if message["to"] not in MODES:
        raise MessageError(f"There is no mode {message['to']!r}; there are: {', '.join(MODES)}.")
    return replace(memory, now=replace(memory.now, mode=message["to"]))


def _scenario(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:
    """Starts another scenario; a guideline body that the reader picked stays where it speaks, and else the page says so."""
    state, picked = _started(str(message["id"]), memory.now, engine), _picked(memory.now, engine)
    told = "What waited to be taken over went with the patient it was typed for." if memory.refused else ""
    if picked and picked in engine.bodies(state.day, state.regulator):
        state = replace(state, body=picked)
    elif picked:
        heard = f"{engine.body_word(state.body)} is" if state.body else "all are"
        told = f"No text of {engine.body_word(picked)} that was read is in force there under the {state.regulator}, so {heard} heard. {told}"
    return replace(memory.cleared(), told=told.strip()).to(state)


def _started(name: str, now: State, engine: Engine) -> State:
    start = engine.start(name)
    place = replace(now, day=start.day, regulator=start.regulator, body=start.body)
    return replace(place, patient=start.patient, scenario=name)


def _picked(now: State, engine: Engine) -> str:
    """Give the body that the reader picked, "" when it is what the scenario came with."""
    own = engine.start(now.scenario).body if now.scenario else ""
    return "" if now.body == own else now.body


def _reset(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    cleared, name = memory.cleared(), memory.now.scenario
    return cleared.to(_started(name, memory.now, engine)) if name else cleared


def _looked_at(state: State, now: State) -> State:
    """Give an earlier or later state, looked at as the one now is."""
    view = replace(state, align=now.align, asked=now.asked, mode=now.mode, case=now.case)
    return beside(view, now)


def _undo(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    if memory.waits and not memory.taken_since:  # what was refused is the last thing that was done
        return memory.cleared()
    if not memory.past:
        return memory
    *past, before = memory.past
    now = _looked_at(before, memory.now)
    since = max(memory.taken_since - 1, 0)
    return replace(memory, now=now, past=tuple(past), future=(memory.now, *memory.future), taken_since=since)


def _redo(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    if not memory.future:
        return memory
    after, *future = memory.future
    now = _looked_at(after, memory.now)
    past = (*memory.past, memory.now)
    return replace(memory, now=now, past=past, future=tuple(future), taken_since=memory.taken_since + 1)


STEPS_BY_TYPE: Mapping[str, Step] = {
    "set": _set,
    "samples": _samples,
    "therapies": _therapies,
    "day": _day,
    "regulator": _regulator,
    "body": _body,
    "scenario": _scenario,
    "align": _align,
    "mode": _mode,
    "pairs": _pairs,
    "code": open_code,
    "take_back": _take_back,
    "undo": _undo,
    "redo": _redo,
    "reset": _reset,
    **COMPARING,
    **casework.STEPS,
}

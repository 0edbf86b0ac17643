"""The address of the page and its code: what they tell becomes a state, and a state the code that tells it.

An address says `?code=7QF4-26G1`, or by words `?scenario=er-low&day=2012-03-19&regulator=EMA&body=abc`,
`?mode=present`, `?case=everolimus-2012`. What of it cannot be met is left out and said, never a crash: it may be typed by anybody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import chain, combinations
from typing import Any
from urllib.parse import parse_qs

from mbc_widgets.codes import CodeError, Shared
from mbc_widgets.conditions import nearest
from mbc_widgets.dialogue.casework import read_case, told_case
from mbc_widgets.dialogue.comparing import read_side, told_side
from mbc_widgets.dialogue.engine import Engine
from mbc_widgets.dialogue.memory import CASE, MODES, Memory, Problem, State, settled
from mbc_widgets.patient.history import read_day

CODE_LABEL = "**Code:** "
WORDS = ("scenario", "day", "regulator", "body", "mode", "case")
MOST = {"code": 8000}  # letters of a value that are read
USUAL_MOST = 80
LONGEST = 16_000  # letters of an address that are read


@dataclass(frozen=True, kw_only=True)
class Part:
    """How a mode's own field of the state goes into a code and comes back.

    `write` gives plain JSON of the field, None when there is nothing to tell; `read` gives the field again and raises
    ValueError, with a sentence, for what it does not know.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any, Engine], Any]


# By field of `State`. A mode adds its line here, and its field is in the code, in the address and in what is undone.
PARTS: Mapping[str, Part] = {
    "other": Part(write=told_side, read=read_side),
    "pinned": Part(write=told_side, read=read_side),
    "case": Part(write=told_case, read=read_case),
    "swapped": Part(write=lambda swapped: True if swapped else None, read=lambda told, _: told is True),
}


def code_of(state: State, engine: Engine) -> str:
    """Give the code of a state; "" when it is too much for one."""
    parts = {name: part.write(getattr(state, name)) for name, part in PARTS.items()}
    shared = Shared(
        patient=state.patient,
        day=state.day,
        regulator=state.regulator,
        body=state.body,
        scenario=state.scenario,
        mode=state.mode,
        parts={name: told for name, told in parts.items() if told is not None},
    )
    try:
        return engine.write_code(shared)
    except CodeError:
        return ""


def state_of(code: str, now: State, engine: Engine) -> State:
    """Give the state that a code tells; how the board is drawn stays as it is `now`.

    Raises:
        ValueError: a CodeError, or a mode's own part that cannot be read.

    """
    told = engine.read_code(code)
    own = {name: part.read(told.parts[name], engine) for name, part in PARTS.items() if name in told.parts}
    return replace(
        now,
        patient=told.patient,
        day=told.day,
        regulator=told.regulator,
        body=told.body,
        scenario=told.scenario,
        mode=told.mode,
        asked="",
        **own,
    )


def open_code(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:
    """Give the memory after a code was typed: one step that can be undone, or what is wrong with it and nothing else."""
    typed = str(message["text"])[: MOST["code"]]
    try:
        state = state_of(typed, memory.now, engine)
    except ValueError as error:
        return replace(refused_code(memory, typed, error), taken_since=0)
    told = "What waited to be taken over went with the patient it was typed for." if memory.refused else ""
    return replace(memory.cleared(), told=told).to(state)


def refused_code(memory: Memory, typed: str, error: ValueError) -> Memory:
    """Give the memory with a code that was typed and tells nothing."""
    return replace(memory, wrong_code=typed, code_problem=Problem(field="code", text=f"{CODE_LABEL}{error}"))


def wish_of(search: str) -> dict[str, str]:
    """Give what an address asks for, by name; what else is in it is passed over."""
    try:
        told = parse_qs(search[:LONGEST].removeprefix("?"), max_num_fields=40, errors="replace")
    except ValueError:
        return {}
    return {name: told[name][0][: MOST.get(name, USUAL_MOST)] for name in ("code", *WORDS) if name in told}


def granted(wish: Mapping[str, str], engine: Engine) -> tuple[Memory, str]:
    """Give the memory that a wish starts with, and what of it could not be met ("" when all could).

    A code that can be read tells everything. Of words, the fewest that cannot be met are left out.

    Raises:
        ValueError, KeyError: not even the first scenario can be shown.

    """
    if not wish.get("code"):
        return _by_words(wish, engine)
    memory, problem = _by_words({name: value for name, value in wish.items() if name != "code"}, engine)
    try:
        return replace(memory, now=state_of(wish["code"], memory.now, engine)), ""
    except ValueError as error:
        return refused_code(memory, wish["code"], error), problem


def _by_words(wish: Mapping[str, str], engine: Engine) -> tuple[Memory, str]:
    problem, asked = "", [name for name in reversed(WORDS) if wish.get(name)]
    for left_out in chain.from_iterable(combinations(asked, count) for count in range(len(asked) + 1)):
        try:
            state = _state({name: "" if name in left_out else wish.get(name, "") for name in WORDS}, engine)
        except (KeyError, ValueError) as error:
            problem = problem or str(error.args[0] if error.args else error)
            continue
        return Memory(now=state), f"{problem.rstrip('.')}. Shown without it." if problem else ""
    raise ValueError(problem)


def _state(words: Mapping[str, str], engine: Engine) -> State:
    name = words["scenario"] or engine.first()
    start = engine.start(name)
    day = read_day(words["day"]).isoformat() if words["day"] else start.day
    regulator = words["regulator"].upper() or start.regulator
    state = State(patient=start.patient, day=day, regulator=regulator, body=start.body, scenario=name)
    state = replace(state, body=words["body"]) if words["body"] else settled(state, engine)
    state = replace(state, body=engine.place(state.day, state.regulator, state.body))
    if words["case"]:
        return replace(state, mode=CASE, case=read_case(words["case"], engine))
    if words["mode"] and words["mode"] not in MODES:
        raise ValueError(
            f"There is no mode {words['mode']!r}{nearest(words['mode'], MODES)} There are: {', '.join(MODES)}"
        )
    return replace(state, mode=words["mode"] or state.mode)


def waiting(memory: Memory) -> list[dict[str, Any]]:
    """Give the messages that bring back what was typed and is not taken over, for a page that is loaded anew."""
    rows = {"receptor_samples": "samples", "prior_therapies": "therapies"}
    fields = {name: value for name, value in memory.refused.items() if name not in rows}
    found: list[dict[str, Any]] = [{"type": "set", "changes": fields}] if fields else []
    found += [{"type": kind, "value": memory.refused[name]} for name, kind in rows.items() if name in memory.refused]
    found += [{"type": "day", "day": memory.wrong_day}] if memory.wrong_day is not None else []
    return found + ([{"type": "code", "text": memory.wrong_code}] if memory.wrong_code is not None else [])

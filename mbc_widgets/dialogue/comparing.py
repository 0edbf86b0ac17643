"""Compare: what its messages do to the other side, and what it shows. Pure functions, as in `messages`.

The other side is looked at, never changed entry by entry: another day, the other regulator, another scenario, or the state that
was pinned. Choosing it is no step to undo, and undo leaves it alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from mbc_widgets.dialogue.engine import Engine
from mbc_widgets.dialogue.memory import PINNED, Memory, MessageError, Side, State, Step, settled

PLACE = ("day", "regulator", "body", "source")
LEFT = "left"  # the source of a side that was looked at before
KEPT = 2  # views of other sides that are kept, so that a change of one side does not work the other one out again


def default_side(state: State) -> Side:
    """Give the other side that nobody chose: the same patient on the day of the seed review, or else when something was first offered."""
    return Side(day=_first_day(_key(state), state.day, state.regulator))


def resolved(state: State, engine: Engine) -> State:
    """Give the other side as a state of its own, with what it leaves open taken from the side that is looked at."""
    other = state.other or default_side(state)
    place = replace(
        state,
        patient=other.patient or state.patient,
        day=other.day or state.day,
        regulator=other.regulator or state.regulator,
        body=other.body if other.patient else other.body or state.body,
        scenario=("" if other.source in {PINNED, LEFT} else other.source) if other.patient else state.scenario,
    )
    return settled(place, engine)


def is_second(state: State) -> bool:
    """Say whether the other side is shown second: where nobody chose it, the earlier day comes first."""
    if state.other is None:
        return (default_side(state).day > state.day) != state.swapped
    return state.swapped


def beside(state: State, now: State) -> State:
    """Give an earlier or later state with the comparison of the one now; a state that met itself is compared with the one it left."""
    kept = replace(state, other=now.other, pinned=now.pinned, swapped=now.swapped)
    if now.other and _asks(state) == (now.other.patient, now.other.day, now.other.regulator, now.other.body):
        return replace(kept, other=_frozen(now, LEFT))
    return kept


def told_side(side: Side | None) -> dict[str, Any] | None:
    """Give a side as plain JSON for a code; a scenario's patient by the name alone, None for no side."""
    if side is None:
        return None
    told: dict[str, Any] = {name: value for name in PLACE if (value := getattr(side, name))}
    if side.patient is not None and side.source in {PINNED, LEFT}:
        told["patient"] = side.patient.as_dict()
    return told


def read_side(told: Any, engine: Engine) -> Side:
    """Give the side that a code tells.

    Raises:
        ValueError: it is none.

    """
    if not isinstance(told, dict) or not set(told) <= {*PLACE, "patient"}:
        raise ValueError("The other side of the comparison cannot be read.")
    place = {name: str(told.get(name, "")) for name in PLACE}
    if place["day"]:
        place["day"] = engine.day(place["day"])
    patient = engine.patient(told["patient"]) if "patient" in told else None
    if patient is None and place["source"]:
        try:
            patient = engine.start(place["source"]).patient
        except KeyError as error:
            raise ValueError(str(error.args[0])) from error
    return Side(patient=patient, **place)


def shown(state: State, view: Any, engine: Engine) -> dict[str, Any]:
    """Give what Compare shows of a state, of which `view` is the answer."""
    from mbc_widgets.figures.compare import compare
    from mbc_widgets.figures.page import days

    other = resolved(state, engine)
    beside_it = _looked(_key(other), other.day, other.regulator, other.body)
    second = is_second(state)
    first_view, second_view = (view, beside_it.view) if second else (beside_it.view, view)
    plain = compare(first_view, second_view)
    roles = ("this", "other") if second else ("other", "this")
    knowledge = view.snapshot.knowledge
    for side, role in zip(plain["sides"], roles, strict=True):
        side["role"] = role
        side["days"] = days(knowledge, side["regulator"])
    chosen = state.other or Side()
    source = chosen.source if chosen.patient else ""
    return {
        **plain,
        "source": source,
        "pinned": _words("Pinned", state.pinned),
        "left": _words("Looked at before", chosen if source == LEFT else None),
    }


class _Kept:
    """A view that was worked out, by what it answers."""

    def __init__(self, view: Any) -> None:
        self.view = view


class _Key:
    """A patient as a key: patients are frozen, but hold mappings, which cannot be hashed."""

    def __init__(self, patient: Any) -> None:
        self.patient = patient
        self._text = repr(patient)

    def __hash__(self) -> int:
        return hash(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and bool(self.patient == other.patient)


def _key(state: State) -> _Key:
    return _Key(state.patient)


@lru_cache(maxsize=KEPT)
def _looked(key: _Key, day: str, regulator: str, body: str) -> _Kept:
    from mbc_widgets.workbook import look

    return _Kept(look(key.patient, day=day, regulator=regulator, body=body))


@lru_cache(maxsize=KEPT)
def _first_day(key: _Key, day: str, regulator: str) -> str:
    """Give the seed's day; where that is the day looked at, today's; where nothing is offered then, the first day on which something is."""
    from mbc_widgets.figures.page import SEED_DAY
    from mbc_widgets.knowledge import load

    if day == SEED_DAY:
        return load().edition.current_day
    if _looked(key, SEED_DAY, regulator, "").view.offered():
        return SEED_DAY
    return _first_offer(key, day, regulator) or SEED_DAY


def _first_offer(key: _Key, day: str, regulator: str) -> str:
    """Give the first day by `day` on which something is offered, "" for none: one of the days on which what is offered now began."""
    from mbc_widgets.workbook import look

    now = look(key.patient, day=day, regulator=regulator)
    facts = [
        held.item for o in now.options if o.verdict == "offered" for held in o.candidate.indications if o.holds(held)
    ]
    began = sorted({str(getattr(fact, "granted", None) or getattr(fact, "since", None) or "") for fact in facts} - {""})
    return next(
        (each for each in began if each <= day and look(key.patient, day=each, regulator=regulator).offered()), ""
    )


def _words(what: str, side: Side | None) -> dict[str, str] | None:
    if side is None or side.patient is None:
        return None
    from mbc_widgets.figures import words

    who = side.patient.name or "a patient"
    return {"label": f"{what}: {who}, {words.day(side.day)}, {side.regulator}"}


def _asks(state: State) -> tuple[Any, ...]:
    return state.patient, state.day, state.regulator, state.body


def _frozen(state: State, source: str) -> Side:
    return Side(patient=state.patient, day=state.day, regulator=state.regulator, body=state.body, source=source)


def _with(memory: Memory, **changes: Any) -> Memory:
    """The comparison is another one; that is no step to undo."""
    return replace(memory, now=replace(memory.now, **changes))


def _chosen(memory: Memory, side: Side) -> Memory:
    """Takes another other side over; it stays where it is shown."""
    return _with(memory, other=side, swapped=is_second(memory.now))


def _other(memory: Memory) -> Side:
    return memory.now.other or default_side(memory.now)


def _other_day(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:
    try:
        day = engine.day(str(message["day"]))
    except ValueError as error:
        raise MessageError(f"**Day of the other side:** {error}") from error
    return _chosen(memory, replace(_other(memory), day=day))


def _other_regulator(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:
    regulator = str(message["regulator"])
    side = replace(_other(memory), regulator=regulator, body="")
    try:
        engine.bodies(side.day or memory.now.day, regulator)
    except ValueError as error:
        raise MessageError(f"**Regulator of the other side:** {error}") from error
    return _chosen(memory, side)


def _other_regulator_only(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    """Compares with the same patient on the same day under the other regulator."""
    return _chosen(memory, Side(regulator=str(message["regulator"])))


def _other_patient(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:
    """Compares with a scenario as it starts, with what was pinned, or ("") with the same patient again."""
    name = str(message["id"])
    if name == LEFT:
        return memory
    if not name:
        return _chosen(memory, default_side(memory.now))
    if name == PINNED:
        if memory.now.pinned is None:
            raise MessageError("Nothing is pinned. Pin a state in Study first.")
        return _chosen(memory, memory.now.pinned)
    try:
        start = engine.start(name)
    except KeyError as error:
        raise MessageError(f"**Patient of the other side:** {error.args[0]}") from error
    side = Side(patient=start.patient, day=start.day, regulator=start.regulator, body=start.body, source=name)
    return _chosen(memory, side)


def _swap(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    return _with(memory, swapped=not memory.now.swapped)


def _pin(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    """Keeps the state as it is; Compare shows it beside whatever comes."""
    pinned = _frozen(memory.now, PINNED)
    told = "This state is pinned: Compare shows it beside what you change it to."
    return replace(_with(memory, pinned=pinned, other=pinned, swapped=False), told=told)


def _then(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    """Opens Compare with the same patient on the day of the seed review."""
    return _with(memory, other=None, swapped=False, mode="compare")


def _open_other(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    """Looks at the other side in Study, a step that can be undone; what was looked at becomes the other side."""
    other, left = resolved(memory.now, engine), _frozen(memory.now, LEFT)
    told = "What waited to be taken over went with the patient it was typed for." if memory.refused else ""
    state = replace(other, mode="study", other=left, pinned=memory.now.pinned, swapped=not is_second(memory.now))
    return replace(memory.cleared(), told=told).to(state)


COMPARING: Mapping[str, Step] = {
    "other_day": _other_day,
    "other_regulator": _other_regulator,
    "other_regulator_only": _other_regulator_only,
    "other_patient": _other_patient,
    "swap": _swap,
    "pin": _pin,
    "then_and_now": _then,
    "open_other": _open_other,
}

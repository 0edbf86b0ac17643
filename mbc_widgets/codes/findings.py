"""One changed finding of the patient in few digits: its field, then its value within what the vocabulary allows.

The latest receptor sample counts as three fields more, ER, PR and HER2, because that is what the form changes. A value that is
off the steps of its field, or a set of many words, has no short form: None, and it goes with the rest (`shared.py`).
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from mbc_widgets.codes.digits import Digits, Reader
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Field

SAMPLES = "receptor_samples"
PERCENT = ("er_percent", "pr_percent")
SAMPLE_FIELDS = (*PERCENT, "her2")
MOST_AS_MASK = 12  # words of a set that are told by one bit each; of a longer list the few are named
MOST_NAMED = 4


@cache
def names(knowledge: Knowledge) -> tuple[str, ...]:
    """Give the fields that a patient can be given, then those of the latest sample; the place in the list is the digit."""
    inputs = (name for name, entry in knowledge.vocabulary.items() if not entry.derived)
    return (*inputs, *(f"{SAMPLES}.{part}" for part in SAMPLE_FIELDS))


def short(name: str, value: Any, knowledge: Knowledge) -> Digits | None:
    """Give the digits of a changed field and its value (None: unknown), or None when there is no short form."""
    known = names(knowledge)
    if name not in known:
        return None
    digits = _value_digits(name, value, knowledge)
    return None if digits is None else [(known.index(name), len(known)), *digits]


def read_short(reader: Reader, knowledge: Knowledge) -> tuple[str, Any]:
    """Give the name and value that `short` wrote."""
    known = names(knowledge)
    name = known[reader.take(len(known))]
    return name, _read_value(name, reader, knowledge)


def _words(name: str, knowledge: Knowledge) -> list[Any] | None:
    """Give every value of a field with a plain list of them; None for a number or a set."""
    part = name.removeprefix(f"{SAMPLES}.")
    if part == "her2":
        return [None, *knowledge.vocabulary["her2_state"].states]
    if part in PERCENT and part != name:
        return [None, *range(101)]
    entry = knowledge.vocabulary[name]
    return {"flag": [None, False, True], "state": [None, *entry.states]}.get(entry.kind)


def _value_digits(name: str, value: Any, knowledge: Knowledge) -> Digits | None:
    words = _words(name, knowledge)
    if words is not None:
        return [(words.index(value), len(words))] if value in words else None
    if value is None:
        return [(0, 2)]
    entry = knowledge.vocabulary[name]
    digits = _number_digits(entry, value) if entry.kind == "number" else _set_digits(entry, value)
    return None if digits is None else [(1, 2), *digits]


def _read_value(name: str, reader: Reader, knowledge: Knowledge) -> Any:
    words = _words(name, knowledge)
    if words is not None:
        return words[reader.take(len(words))]
    if not reader.take(2):
        return None
    entry = knowledge.vocabulary[name]
    return _read_number(entry, reader) if entry.kind == "number" else _read_set(entry, reader)


def _steps(entry: Field) -> int:
    low, high = entry.minimum or 0, entry.maximum or 0
    return round((high - low) / entry.step) + 1


def _on_step(entry: Field, step: int) -> float:
    value = round((entry.minimum or 0) + step * entry.step, 6)
    return int(value) if value == int(value) else value


def _number_digits(entry: Field, value: float) -> Digits | None:
    step = round((value - (entry.minimum or 0)) / entry.step)
    fits = 0 <= step < _steps(entry) and _on_step(entry, step) == value
    return [(step, _steps(entry))] if fits else None


def _read_number(entry: Field, reader: Reader) -> float:
    return _on_step(entry, reader.take(_steps(entry)))


def _set_digits(entry: Field, value: list[str]) -> Digits | None:
    places = [list(entry.states).index(word) for word in value]
    count = len(entry.states)
    if count <= MOST_AS_MASK:
        return [(sum(1 << place for place in places), 1 << count)]
    if len(places) > MOST_NAMED:
        return None
    return [(len(places), MOST_NAMED + 1), *((place, count) for place in places)]


def _read_set(entry: Field, reader: Reader) -> list[str]:
    words = list(entry.states)
    if len(words) <= MOST_AS_MASK:
        mask = reader.take(1 << len(words))
        return sorted(word for place, word in enumerate(words) if mask >> place & 1)
    return sorted(words[reader.take(len(words))] for _ in range(reader.take(MOST_NAMED + 1)))


def sample_changes(before: Any, after: Any) -> Mapping[str, Any] | None:
    """Give what differs in ER, PR and HER2 of the latest sample, or None when anything else of the samples does."""
    if not before or not after or before[:-1] != after[:-1]:
        return None
    old, new = before[-1], after[-1]
    changed = {part: new.get(part) for part in {*old, *new} if old.get(part) != new.get(part)}
    return changed if set(changed) <= set(SAMPLE_FIELDS) else None

"""What a code tells, in this order: scenario, mode, place in time, changes of the patient, and what has no short form."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from hashlib import blake2b
from typing import Any

from mbc_widgets.codes.digits import Digits, Reader, Writer
from mbc_widgets.codes.findings import SAMPLES, names, read_short, sample_changes, short
from mbc_widgets.codes.letters import GROUP, LONGEST, RADIX, SHORTEST, CodeError, letters, number, shown
from mbc_widgets.knowledge import Knowledge, body_meant
from mbc_widgets.patient import Patient, PatientError
from mbc_widgets.workbook import patient as read_patient
from mbc_widgets.workbook import scenario as read_scenario

MODES = ("study", "present", "case", "compare")
CHECK = 1 << 20  # the check has at least this many values
MOST_BYTES = 5_000  # of what has no short form, packed
MOST_UNPACKED = 100_000
RAW_DEFLATE = -15


@dataclass(frozen=True, kw_only=True)
class Shared:
    """One patient at one place in time, and the mode it is shown in.

    `scenario` is what the patient is told against, "" for none. `parts` is where a mode adds what is its own: plain JSON by
    the name of the mode's part, such as {"case": {...}}; it goes into the code, its length and its check as it is.
    """

    patient: Patient
    day: str
    regulator: str
    body: str = ""
    scenario: str = ""
    mode: str = MODES[0]
    parts: Mapping[str, Any] = field(default_factory=dict)


def write_code(shared: Shared, knowledge: Knowledge) -> str:
    """Give the code of what is looked at.

    Raises:
        CodeError: it is too much for a code, a history of hundreds of rows.

    """
    scenario = shared.scenario if shared.scenario in knowledge.scenarios else ""
    raw = _plain(shared.patient.as_dict())
    start, place = _start(scenario, knowledge), (shared.day, shared.regulator, shared.body)
    writer = Writer()
    writer.put_all(_head(scenario, shared.mode, knowledge))
    writer.put_all(_place(place, start.place, knowledge))
    rest: dict[str, Any] = {}
    for name, value in _changes(start.patient, raw).items():
        digits = short(name, value, knowledge)
        if digits is None:
            rest[name] = value
        else:
            writer.put_all([(1, 2), *digits])
    writer.put(0, 2)
    writer.put(int(bool(rest or shared.parts)), 2)
    if rest or shared.parts:
        writer.put_bytes(_packed([rest, dict(shared.parts)], scenario, knowledge))
    length = _length(writer.scale)
    if length > LONGEST:
        raise CodeError("This is too long for a code: the history of the patient has too many rows.")
    whole = _content(scenario, shared.mode, place, raw, shared.parts)
    check = _check(whole, RADIX**length // writer.scale)
    return letters(writer.number + check * writer.scale, length)


def read_code(text: str, knowledge: Knowledge) -> Shared:
    """Give what a code tells.

    Raises:
        CodeError: mistyped, of another edition, or of a patient that this edition refuses; nothing else is ever raised.

    """
    found, length = number(text)
    reader = Reader(found)
    try:
        scenario, mode = _read_head(reader, knowledge)
        start = _start(scenario, knowledge)
        place = _read_place(reader, start.place, knowledge)
        raw, parts = _read_patient(reader, scenario, start.patient, knowledge)
        fits = length == _length(reader.scale)
        whole = _content(scenario, mode, place, raw, parts)
        fits = fits and reader.number == _check(whole, RADIX**length // reader.scale)
    except (ValueError, TypeError, LookupError, RecursionError, zlib.error, MemoryError):
        fits = False
    if not fits:
        told = f"{shown(text.strip())} is the code of no page of this edition ({knowledge.edition.id})"
        raise CodeError(
            f"{told}: a letter or digit is wrong, or it comes from another edition. Compare it letter by letter."
        )
    return _checked(scenario, mode, place, (raw, parts), knowledge)


def _checked(
    scenario: str,
    mode: str,
    place: tuple[str, str, str],
    found: tuple[Mapping[str, Any], Mapping[str, Any]],
    knowledge: Knowledge,
) -> Shared:
    day, regulator, body = place
    try:
        body = body_meant(body, knowledge, day, regulator)
        patient = read_patient(found[0], knowledge)
    except (PatientError, ValueError, TypeError) as error:
        first = str(error).split("\n", maxsplit=1)[0]
        raise CodeError(f"The code tells what this edition refuses: {first}") from None
    return Shared(
        patient=patient, day=day, regulator=regulator, body=body, scenario=scenario, mode=mode, parts=found[1]
    )


@dataclass(frozen=True, kw_only=True)
class _Start:
    patient: Mapping[str, Any]
    place: tuple[str, str, str] | None


@cache
def _start(scenario: str, knowledge: Knowledge) -> _Start:
    """Give what a scenario starts with; without one, an empty patient and no place."""
    if not scenario:
        return _Start(patient={}, place=None)
    patient, day, regulator = read_scenario(scenario, knowledge)
    body = body_meant(knowledge.scenarios[scenario].get("body", ""), knowledge, day, regulator)
    return _Start(patient=_plain(patient.as_dict()), place=(day, regulator, body))


def _head(scenario: str, mode: str, knowledge: Knowledge) -> Digits:
    known = ["", *knowledge.scenarios]
    return [(known.index(scenario), len(known)), (MODES.index(mode), len(MODES))]


def _read_head(reader: Reader, knowledge: Knowledge) -> tuple[str, str]:
    known = ["", *knowledge.scenarios]
    return known[reader.take(len(known))], MODES[reader.take(len(MODES))]


def _place(place: tuple[str, str, str], usual: tuple[str, str, str] | None, knowledge: Knowledge) -> Digits:
    if place == usual:
        return [(0, 2)]
    (day, regulator, body), edition = place, knowledge.edition
    first, bodies = date.fromisoformat(edition.first_day), ["", *knowledge.bodies]
    return [
        (1, 2),
        ((date.fromisoformat(day) - first).days, _days(knowledge)),
        ([*map(str, edition.regulators)].index(regulator), len(edition.regulators)),
        (bodies.index(body), len(bodies)),
    ]


def _read_place(reader: Reader, usual: tuple[str, str, str] | None, knowledge: Knowledge) -> tuple[str, str, str]:
    if not reader.take(2):
        if usual is None:
            raise ValueError("no scenario gives the place")
        return usual
    edition, bodies = knowledge.edition, ["", *knowledge.bodies]
    day = date.fromisoformat(edition.first_day) + timedelta(days=reader.take(_days(knowledge)))
    regulator = edition.regulators[reader.take(len(edition.regulators))]
    return day.isoformat(), regulator, bodies[reader.take(len(bodies))]


def _days(knowledge: Knowledge) -> int:
    first, last = (date.fromisoformat(day) for day in (knowledge.edition.first_day, knowledge.edition.current_day))
    return (last - first).days + 1


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Give what differs, None where it is gone; of the samples only ER, PR and HER2 of the latest where no more does."""
    changed = {name: after.get(name) for name in {**before, **after} if before.get(name) != after.get(name)}
    if SAMPLES in changed:
        few = sample_changes(before.get(SAMPLES), after.get(SAMPLES))
        if few is not None and all(_is_whole(value) for value in few.values()):
            del changed[SAMPLES]
            changed |= {f"{SAMPLES}.{part}": value for part, value in few.items()}
    return changed


def _is_whole(value: object) -> bool:
    return not isinstance(value, float)


def _read_patient(
    reader: Reader, scenario: str, before: Mapping[str, Any], knowledge: Knowledge
) -> tuple[dict[str, Any], dict[str, Any]]:
    changed: dict[str, Any] = {}
    samples: dict[str, Any] = {}
    for _ in names(knowledge):
        if not reader.take(2):
            break
        name, value = read_short(reader, knowledge)
        if name.startswith(f"{SAMPLES}."):
            samples[name.removeprefix(f"{SAMPLES}.")] = value
        else:
            changed[name] = value
    else:
        if reader.take(2):
            raise ValueError("more changes than fields")
    parts: dict[str, Any] = {}
    if reader.take(2):
        rest, parts = _unpacked(reader.take_bytes(MOST_BYTES), scenario, knowledge)
        changed |= rest
    raw = {**before, **changed}
    if samples:
        *older, latest = raw[SAMPLES]
        raw[SAMPLES] = [*older, _present({**latest, **samples})]
    return _present(raw), parts


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


@cache
def _dictionary(scenario: str, knowledge: Knowledge) -> bytes:
    """Give the text that packing may refer to: every word of a patient, and last the patient of the scenario."""
    states = {word for entry in knowledge.vocabulary.values() for word in entry.states}
    words = " ".join(sorted({*knowledge.vocabulary, *states, *knowledge.agents}))
    rows = {name: dict(each["patient"]) for name, each in list(knowledge.scenarios.items())[-2:]}
    return (words.encode() + _text(rows) + _text(_start(scenario, knowledge).patient))[-32_000:]


def _packed(value: Any, scenario: str, knowledge: Knowledge) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, RAW_DEFLATE, 9, zdict=_dictionary(scenario, knowledge))
    return packer.compress(_text(value)) + packer.flush()


def _unpacked(data: bytes, scenario: str, knowledge: Knowledge) -> tuple[dict[str, Any], dict[str, Any]]:
    unpacker = zlib.decompressobj(RAW_DEFLATE, zdict=_dictionary(scenario, knowledge))
    text = unpacker.decompress(data, MOST_UNPACKED)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("not a whole packing")
    rest, parts = json.loads(text, parse_constant=_refuse)
    if not isinstance(rest, dict) or not isinstance(parts, dict):
        raise TypeError("not two mappings")
    return rest, parts


def _refuse(word: str) -> float:
    raise ValueError(word)


def _plain(value: Any) -> Any:
    """Give a value with one way to write each number: 61.0 is 61."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _text(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")  # half a letter in a typed name is no reason to fail


def _content(
    scenario: str, mode: str, place: tuple[str, str, str], raw: Mapping[str, Any], parts: Mapping[str, Any]
) -> bytes:
    return _text([scenario, mode, *place, _plain(raw), _plain(parts)])


def _check(content: bytes, room: int) -> int:
    return int.from_bytes(blake2b(content, digest_size=32).digest(), "big") % room


def _length(scale: int) -> int:
    """Give the fewest letters, in whole groups, that hold a number below `scale` and a check."""
    bits = (scale * CHECK - 1).bit_length()
    per_group = GROUP * (RADIX.bit_length() - 1)
    groups = max(-(-bits // per_group), SHORTEST // GROUP)
    return groups * GROUP

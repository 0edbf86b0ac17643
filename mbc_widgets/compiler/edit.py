"""Change one place of a YAML text and leave all else as it was typed, so that every line keeps its number.

Comes in: the text of a data file and a place such as `licences[FDA].granted`. Goes out: the changed text, or a `PlaceError`
that says what there is. An entry of a list is named by its number or by words that only this entry holds.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from mbc_widgets import strict_yaml
from mbc_widgets.conditions import nearest
from mbc_widgets.slips import Slip

Path = tuple[str | int, ...]
_STEP = re.compile(r"\[([^\[\]]+)\]|\.?([^.\[\]]+)")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SHOWN = 12  # keys or entries in a message


class PlaceError(Slip):
    """A place that is not in the file; `line` is that of the last part that is there."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def edited(text: str, place: str, value: object) -> str:
    """Give `text` with `value` at `place`; a key that a mapping does not have yet is added to it.

    Raises:
        PlaceError: no such place; the message names the nearest and what there is.
        strict_yaml.YamlError: the text is not YAML as this project reads it.

    """
    path = path_of(text, place)
    written = json.dumps(value, ensure_ascii=False, default=str)
    nodes = _nodes(text)
    if path in nodes:
        start, end = _span(nodes[path], text)
        spaced = "" if start == 0 or text[start - 1] in " [{\n" else " "  # `key:` with nothing behind it
        return f"{text[:start]}{spaced}{written}{text[end:]}"
    return _with_key(text, nodes[path[:-1]], f"{path[-1]}: {written}")


def part_of(text: str, place: str) -> str:
    """Give the text of one place, as it is typed.

    Raises:
        PlaceError: no such place; the message names the nearest and what there is.

    """
    path, nodes = path_of(text, place), _nodes(text)
    if path not in nodes:
        document, (*above, name) = strict_yaml.parse(text), path
        known = [each[-1] for each in nodes if each and each[:-1] == tuple(above)]
        raise PlaceError(f"{place}: {_lacks(str(name), known)}. A change may add it", document.line(path))
    start, end = _span(nodes[path], text)
    return " " * nodes[path].start_mark.column + text[start:end]


def path_of(text: str, place: str) -> Path:
    """Give the keys and numbers that lead to `place`; its last key may be one that is not there yet.

    Raises:
        PlaceError: no such place; the message names the nearest and what there is.

    """
    document = strict_yaml.parse(text)
    steps = list(_STEP.finditer(place))
    if "".join(step[0] for step in steps) != place or not steps:
        raise PlaceError(f"{place!r} is no place; write keys and entries, for example licences[FDA].granted", 1)
    value, path = document.value, Path()
    for number, step in enumerate(steps, start=1):
        try:
            part = _part(value, step[1], step[2], last=number == len(steps))
        except LookupError as error:
            where = place_word(path) or "the file"
            raise PlaceError(f"{place}: {where} {error.args[0]}", document.line(path)) from None
        path = (*path, part)
        value = value.get(part) if isinstance(value, Mapping) else value[part]  # type: ignore[index]
    return path


def place_word(path: Path) -> str:
    """Give a path as it is written: `licences[1].granted`."""
    words = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(words).removeprefix(".")


def _part(value: object, entry: str | None, key: str | None, *, last: bool) -> str | int:
    """Give the key or the number that a step means in `value`; a LookupError says what there is."""
    if isinstance(value, list):
        return _entry(value, entry, key)
    name = entry or key or ""
    if isinstance(value, Mapping):
        if name not in value and not last:
            raise LookupError(_lacks(name, value))
        return name
    raise LookupError(f"is {value!r} and holds nothing more; leave the rest out")


def _lacks(name: str, known: Iterable[Any]) -> str:
    """Say that a name is not there, with the nearest and the first of what is."""
    names = [str(each) for each in known]
    return f"has no '{name}'{nearest(name, names)} It has: {', '.join(names[:SHOWN])}"


def _entry(entries: list[Any], entry: str | None, key: str | None) -> int:
    known = f"is a list of {len(entries)}: " + "; ".join(
        f"[{number}] {_short(each)}" for number, each in enumerate(entries[:SHOWN])
    )
    if entry is None:
        raise LookupError(f"{known}. Write which one in brackets before '{key}'")
    if entry.isdigit():
        if int(entry) < len(entries):
            return int(entry)
        raise LookupError(f"{known}. The first is [0], the last is [{len(entries) - 1}]")
    asked = [word.strip() for word in entry.split(",")]
    found = [number for number, each in enumerate(entries) if set(asked) <= _words(each)]
    if len(found) == 1:
        return found[0]
    if found:
        raise LookupError(
            f"has more than one entry with {entry!r}: {', '.join(f'[{n}]' for n in found)}; write one of them"
        )
    words = sorted({word for each in entries for word in _words(each)})
    raise LookupError(f"has no entry with {entry!r}{nearest(asked[0], words)} It {known}")


def _words(entry: Any) -> set[str]:
    values = entry.values() if isinstance(entry, Mapping) else [entry]
    return {str(value) for value in values if not isinstance(value, (Mapping, list))}


def _short(entry: Any) -> str:
    """Give the words that tell an entry from its neighbours."""
    if not isinstance(entry, Mapping):
        return str(entry)
    names = ("id", "name", "regulator", "granted", "reported", "endpoint", "analysis", "population", "event", "text")
    return " ".join(str(entry[name]) for name in names if name in entry)[:60] or ", ".join(list(entry)[:3])


def _nodes(text: str) -> dict[Path, yaml.Node]:
    found: dict[Path, yaml.Node] = {}

    def keep(node: yaml.Node | None, path: Path) -> None:
        if node is None:
            return
        found[path] = node
        if isinstance(node, yaml.MappingNode):
            for key, inner in node.value:
                keep(inner, (*path, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for index, inner in enumerate(node.value):
                keep(inner, (*path, index))

    keep(yaml.compose(text, Loader=_LOADER), ())
    return found


def _span(node: yaml.Node, text: str) -> tuple[int, int]:
    """Give where a value begins and ends; a block ends with its last word and not before the next key."""
    start, end = node.start_mark.index, node.end_mark.index
    return start, max(start, len(text[:end].rstrip()))


def _with_key(text: str, mapping: Any, pair: str) -> str:
    """Give the text with one more pair, written before the first one of a mapping."""
    start = mapping.start_mark.index
    if mapping.flow_style:
        rest = ", " if mapping.value else ""
        return f"{text[: start + 1]}{pair}{rest}{text[start + 1 :]}"
    return f"{text[:start]}{pair}\n{' ' * mapping.start_mark.column}{text[start:]}"

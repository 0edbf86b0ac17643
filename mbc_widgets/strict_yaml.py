"""Read YAML strictly: what a clinician typed is what the program sees.

Comes in: the text of a file. Goes out: a `Document` of plain dicts, lists and scalars with the line of every value.
Plain YAML reads `no` as false, `12:30` as 750 and keeps only the last of two equal keys; here only `true` and `false`
are booleans, a key written twice is an error, and dates stay text until a record says that they are days.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mbc_widgets.slips import Slip

LARGEST_BYTES = 1_000_000
DEEPEST = 60
LONGEST_NUMBER = 100

type_of_path = tuple[str | int, ...]

_NUMBER = re.compile(r"[-+]?(0|[1-9]\d*)(\.\d+)?")
_NULLS = {"", "~", "null"}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(Slip):
    """A text that is not YAML as this project reads it; the message starts with the line."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, kw_only=True)
class Document:
    """A parsed file: `value` as plain Python, `lines` from the path of each value to its line (from 1)."""

    value: object
    lines: dict[type_of_path, int]

    def line(self, path: type_of_path) -> int:
        """Give the line of the value at `path`, or of the nearest parent that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_text(path: Path) -> str:
    """Give the text of a file.

    Raises:
        YamlError: the file is missing, over `LARGEST_BYTES`, or not text in UTF-8.

    """
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            message = f"the file has {size:,} bytes; allowed are {LARGEST_BYTES:,}; split it or check that it is YAML"
            raise YamlError(message)
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        message = "the file is not text (UTF-8); save it as plain text"
        raise YamlError(message) from None
    except OSError as error:
        message = f"the file cannot be read ({error.strerror}); check the name and the folder"
        raise YamlError(message) from None


def parse(text: str) -> Document:
    """Give the document in `text`.

    Raises:
        YamlError: broken YAML, a key twice, an anchor or alias, several documents, a nesting deeper than `DEEPEST`.

    """
    try:
        _check_depth(text)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        deep = "nesting depth" in what
        message = f"nested deeper than {DEEPEST} levels" if deep else f"this is not valid YAML: {what}"
        raise YamlError(message, mark.line + 1 if mark else 1) from None
    if node is None:
        message = "the file is empty; start from a template in data/templates/"
        raise YamlError(message)
    lines: dict[type_of_path, int] = {}
    return Document(value=_convert(node, (), lines), lines=lines)


def _check_depth(text: str) -> None:
    """Refuse deep nesting and aliases from the event stream, before any recursion."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = "anchors and aliases (& and *) are not allowed; write the value out"
            raise YamlError(message, _line(event.start_mark))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            message = f"nested deeper than {DEEPEST} levels"
            raise YamlError(message, _line(event.start_mark))


def _line(mark: Any) -> int:
    return mark.line + 1 if mark else 1


def _convert(node: yaml.Node, path: type_of_path, lines: dict[type_of_path, int]) -> object:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, path, lines))
    if isinstance(node, yaml.SequenceNode):
        return [_convert(child, (*path, index), lines) for index, child in enumerate(node.value)]
    return _scalar(node) if isinstance(node, yaml.ScalarNode) else None


def _pairs(node: yaml.MappingNode, path: type_of_path, lines: dict[type_of_path, int]) -> Iterator[tuple[str, object]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value
        if not isinstance(key_node, yaml.ScalarNode) or not key:
            message = "a key must be one word"
            raise YamlError(message, line)
        if key in seen:
            message = f"the key '{key}' is written twice; keep one"
            raise YamlError(message, line)
        seen.add(key)
        yield key, _convert(value_node, (*path, key), lines)


def _scalar(node: yaml.ScalarNode) -> object:
    text: str = node.value
    if node.style:  # quoted or block text is text, whatever it looks like
        return text
    if text in {"true", "false"}:
        return text == "true"
    if text in _NULLS:
        return None
    if _NUMBER.fullmatch(text):
        if len(text) > LONGEST_NUMBER:
            message = f"a number has at most {LONGEST_NUMBER} characters, this one has {len(text)}; put it in quotes if it is text"
            raise YamlError(message, _line(node.start_mark))
        return float(text) if "." in text else int(text)
    return text

"""Strict YAML: what a clinician typed is what the program sees, and every refusal names its line."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbc_widgets import strict_yaml
from mbc_widgets.strict_yaml import DEEPEST, LARGEST_BYTES, YamlError

WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1)
NUMBERS = st.integers() | st.decimals(-1000, 1000, places=2).map(float)
PLAIN = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


def value(text: str) -> object:
    return strict_yaml.parse(text).value


def refused(text: str) -> YamlError:
    with pytest.raises(YamlError) as caught:
        strict_yaml.parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("12:30", "12:30"),
        ("2023-01-27", "2023-01-27"),
        ("2023-01", "2023-01"),
        ("2023", 2023),
        ("012", "012"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("-3", -3),
        ("0.6", 0.6),
        ("10.0", 10.0),
        ("null", None),
        ("~", None),
        ("", None),
        ("'5'", "5"),
        ('"true"', "true"),
        ("'null'", "null"),
        ("!!int '5'", "5"),
        ("!!python/name:os.system", None),
    ],
)
def test_a_scalar_is_read_as_it_was_typed(typed: str, seen: object) -> None:
    found = value(f"key: {typed}")["key"]
    assert (found, type(found)) == (seen, type(seen))


@pytest.mark.parametrize("key", ["on", "no", "yes", "12:30", "2023-01-27", "1", "true"])
def test_a_key_is_always_text(key: str) -> None:
    assert value(f"{key}: x") == {key: "x"}


def test_a_block_of_text_is_text_whatever_it_looks_like() -> None:
    assert value("key: |-\n  true\n") == {"key": "true"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3", 3, "the key 'a' is written twice; keep one"),
        ("a:\n  b: 1\n  'b': 2", 3, "the key 'b' is written twice; keep one"),
        ("", 1, "the file is empty"),
        ("# only a comment\n", 1, "the file is empty"),
        ("a: 1\n---\nb: 2", 2, "another document"),
        ("a: 1\nb: &x 1", 2, "anchors and aliases"),
        ("a: *nobody", 1, "anchors and aliases"),
        ("a: 1\n? [b]\n: 2", 2, "a key must be one word"),
        ("a: 1\n'': 2", 2, "a key must be one word"),
        ("a: 1\nb:\n\t- c", 3, "not valid YAML"),
        ("a: [1, 2\nb: 3", 2, "not valid YAML"),
        ("a: b\x00c", 1, "not valid YAML"),
        ("a: 1\nb: " + "9" * 5000, 2, "number"),
    ],
    ids=lambda part: repr(part)[:30],
)
def test_a_refusal_names_the_line_and_the_reason(text: str, line: int, words: str) -> None:
    error = refused(text)
    assert words in str(error)
    assert error.line == line


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 5_000, "- " * 5_000 + "a", "[" * 61 + "]" * 61])
def test_a_depth_bomb_is_refused_before_any_recursion(text: str) -> None:
    assert refused(text).line == 1


def test_the_deepest_allowed_nesting_is_read() -> None:
    assert value("[" * DEEPEST + "]" * DEEPEST) != []


def test_every_value_knows_its_line() -> None:
    document = strict_yaml.parse("a: 1\nb:\n  - c: 2\n    d: 3\n  - e\n")
    lines = {("a",): 1, ("b", 0, "c"): 3, ("b", 0, "d"): 4, ("b", 1): 5}
    assert {path: document.line(path) for path in lines} == lines


def test_a_missing_key_has_the_line_of_its_parent() -> None:
    document = strict_yaml.parse("a: 1\nb:\n  - c: 2\n")
    assert document.line(("b", 0, "missing", "deeper")) == 3
    assert document.line(("nothing",)) == 1


def test_a_file_is_read_as_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: Ärztin ≥ 1 %", encoding="utf-8")
    assert value(strict_yaml.read_text(path)) == {"a": "Ärztin ≥ 1 %"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00binary", "not text (UTF-8)"),
        (b"\x89PNG\r\n\x1a\n", "not text (UTF-8)"),
        (b"a" * (LARGEST_BYTES + 1), "1,000,001 bytes; allowed are 1,000,000"),
    ],
    ids=["utf-16", "picture", "too large"],
)
def test_a_file_that_cannot_be_text_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(YamlError) as caught:
        strict_yaml.read_text(path)
    assert words in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.yaml", tmp_path):
        with pytest.raises(YamlError, match=r"cannot be read .*; check the name and the folder"):
            strict_yaml.read_text(path)


@settings(deadline=None, max_examples=150, derandomize=True, database=None)
@given(PLAIN.filter(lambda found: found is not None))
def test_plain_values_written_as_json_come_back_unchanged(plain: object) -> None:
    assert value(json.dumps(plain, ensure_ascii=False)) == plain


@settings(deadline=None, max_examples=300, derandomize=True, database=None)
@given(st.text() | st.text("{}[]:,-&*!|>'\"%@`\n #ab1?~"))
def test_any_text_is_a_document_or_a_named_refusal(text: str) -> None:
    line = line_of_refusal(text)
    assert line is None or 1 <= line <= text.count("\n") + text.count("\r") + 2


def line_of_refusal(text: str) -> int | None:
    try:
        strict_yaml.parse(text)
    except YamlError as error:
        return error.line
    return None

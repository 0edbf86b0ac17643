"""Conditions in plain clinical English.

A field of the vocabulary may carry its own phrases (`says`, `ever`: what is said when it is so, and when it is not); without
them its label is joined to the state.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from mbc_widgets.conditions import FieldLike, Tree

NEVER_FROM = 900  # months that stand for "never given"


class Wording(FieldLike, Protocol):
    """What a sentence needs to know of a field of the vocabulary."""

    @property
    def says(self) -> Sequence[str]:
        """Give (phrase, phrase of the contrary), with {} for the state; empty when the label will do."""

    @property
    def ever(self) -> Sequence[str]:
        """Give (phrase, phrase of the contrary) of "months since …, at most 998", which asks whether it ever was."""


def describe(tree: Tree, vocabulary: Mapping[str, Wording], *, negated: bool = False) -> str:
    """Give `tree` in words, for example "ESR1 mutated; no visceral crisis": all points, or one of them after ", or"."""
    together, parts = _parts(tree, vocabulary, negated=negated)
    if not parts:
        return "always" if together else "never"
    return "; ".join(_nested(part) for part in parts) if together else ", or ".join(_in_brackets(p) for p in parts)


Part = str | tuple[bool, tuple[Any, ...]]  # an atom in words, or (all of them, the parts)


def _parts(tree: Tree, vocabulary: Mapping[str, Wording], *, negated: bool) -> tuple[bool, tuple[Part, ...]]:
    """Give (all, parts) of a condition: negations moved to the atoms, repetitions and what is always true left out."""
    kind = tree[0]
    if kind == "not":
        return _parts(tree[1], vocabulary, negated=not negated)
    if kind not in {"all", "any"}:
        return True, (_atom(tree, vocabulary[tree[1]], negated=negated),)
    together = (kind == "all") != negated
    found: list[Part] = []
    for part in _flat(tree, kind):
        inner_together, inner = _parts(part, vocabulary, negated=negated)
        found += inner if len(inner) == 1 or inner_together == together else [(inner_together, inner)]
    return together, tuple(dict.fromkeys(found))


def _nested(part: Part) -> str:
    """Give a part between semicolons: several points in it need no brackets."""
    if isinstance(part, str):
        return part
    together, parts = part
    return (" and " if together else " or ").join(_in_brackets(each) for each in parts)


def _in_brackets(part: Part) -> str:
    return part if isinstance(part, str) else f"({_nested(part)})"


def _flat(tree: Tree, kind: str) -> list[Tree]:
    """Give the parts of a condition, with those of the same kind inside them taken up."""
    parts: list[Tree] = []
    for part in tree[1]:
        parts += _flat(part, kind) if part[0] == kind else [part]
    return parts


def _atom(atom: Tree, field: Wording, *, negated: bool) -> str:
    kind, _, wanted = atom
    if field.unit == "lines" and kind != "is":
        return _count(kind, wanted, field, negated=negated)
    if kind != "is" and wanted >= NEVER_FROM:  # "at most 998 months" asks only whether it ever was
        return _ever(field, so=negated != (kind == "at_most"))
    unit = f" {field.unit}" if field.unit and not field.label.lower().startswith(field.unit) else ""
    if kind == "at_least":
        return f"{lower_first(field.label)} {'below' if negated else 'at least'} {wanted:g}{unit}"
    if kind == "at_most":
        return f"{lower_first(field.label)} {'above' if negated else 'at most'} {wanted:g}{unit}"
    if field.kind == "flag":
        return _flag(field, so=(wanted == (True,)) != negated)
    return _state(field, wanted, negated=negated)


def _ever(field: Wording, *, so: bool) -> str:
    return field.ever[not so] if field.ever else f"{field.label}: {'known' if so else 'never'}"


def _flag(field: Wording, *, so: bool) -> str:
    if field.says:
        return field.says[not so]
    return lower_first(field.label) if so else f"no {lower_first(field.label)}"


def _state(field: Wording, wanted: Sequence[Any], *, negated: bool) -> str:
    words = " or ".join(field.states.get(state, state) for state in wanted)
    if field.says:
        return field.says[negated].format(words)
    label = f"not {lower_first(field.label)}" if negated and field.kind == "set" else lower_first(field.label)
    return f"{label} {'not ' if negated and field.kind != 'set' else ''}{words}"


def _count(kind: str, wanted: float, field: Wording, *, negated: bool) -> str:
    """Say "at least 1 chemotherapy line for metastatic disease", "no endocrine lines …", "fewer than 2 …"."""
    words = {
        ("at_least", False): "at least",
        ("at_least", True): "fewer than",
        ("at_most", False): "at most",
        ("at_most", True): "more than",
    }
    noun = lower_first(field.label)
    if (kind == "at_most" and wanted == 0 and not negated) or (kind == "at_least" and wanted == 1 and negated):
        return f"no {noun}"
    count = noun.replace("lines", "line", 1) if wanted == 1 else noun
    return f"{words[kind, negated]} {wanted:g} {count}"


def lower_first(text: str) -> str:
    """Lower the first letter unless the word is an acronym (HER2, CDK4/6, QTcF)."""
    word = text.split(" ", 1)[0]
    return text if any(letter.isupper() or letter.isdigit() for letter in word[1:]) else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Give the text as a sentence begins."""
    return text[:1].upper() + text[1:]

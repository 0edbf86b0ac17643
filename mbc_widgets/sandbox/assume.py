"""From changes to a knowledge: the texts are changed, compiled as every edition is, and what is wrong comes back in one error."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from mbc_widgets.compiler import DataError, PlaceError, Problem, compile_changed, edited
from mbc_widgets.figures.printed import Table
from mbc_widgets.knowledge import Knowledge, load, read
from mbc_widgets.sandbox.sources import AssumeError, fixed, folder, name_of, text_of
from mbc_widgets.sandbox.told import breaks, changed, flips
from mbc_widgets.strict_yaml import YamlError

ADVICE = "; look it up again"  # to those who keep the edition
MARK = " (assumption)"  # behind the id of the edition
Changes = Mapping[str, str | Mapping[str, object]]


@dataclass(frozen=True, kw_only=True, repr=False)
class Assumed:
    """A what-if: its `knowledge` for `look`, and beside it the `edition` that it was changed from. It prints what is changed."""

    reason: str
    knowledge: Knowledge
    edition: Knowledge
    texts: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    @property
    def changed(self) -> Table:
        """Give what differs from the edition: file, place, what stands in the edition, what is assumed."""
        return changed(self)

    def flips(self) -> Table:
        """Give which reference patients get another answer, by regimen, with the regulators and days."""
        return flips(self)

    def breaks(self) -> Table:
        """Give which sourced expectations of data/cases do not hold any more, and why that matters."""
        return breaks(self)

    def __repr__(self) -> str:
        return repr(self.changed)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        return self.changed._repr_mimebundle_(**options)


def assume(reason: str, changes: Changes) -> Assumed:
    """Give the knowledge as it would be, changed for a `reason` in your own words; nothing is written.

    `changes` holds, by data file, either the whole changed text, or new values by their place:
    `{"agents/everolimus.yaml": {"licences[FDA].granted": "2010-07-20"}}`.

    Raises:
        AssumeError: a change cannot be made; every problem is told with its file, its line and what is allowed.

    """
    problems = list(_unusable(reason, changes))
    if problems:
        raise AssumeError(*problems, changes=changes)
    texts, problems = _texts(changes)
    if problems:
        raise AssumeError(*problems, changes=changes)
    try:
        made, doubts = _compiled(tuple(sorted(texts.items())))
    except DataError as error:
        own = [
            each for each in error.problems if each.file.removeprefix("data/") in texts
        ]  # others only follow from these
        raise AssumeError(*(_told(each, texts) for each in own or error.problems), changes=changes) from None
    edition = load()
    marked = replace(made.edition, id=f"{edition.edition.id}{MARK}")
    known = replace(made, edition=marked, assumed=reason.strip(), changed_from=edition)
    return Assumed(reason=reason.strip(), knowledge=known, edition=edition, texts=texts, doubts=doubts)


def try_assume(reason: str, changes: Changes) -> Assumed | AssumeError:
    """Give what `assume` gives, or its error as a value that prints itself, so that a notebook runs on."""
    try:
        return assume(reason, changes)
    except AssumeError as error:
        return error


def _unusable(reason: object, changes: object) -> list[str]:
    if not isinstance(reason, str) or not reason.strip():
        return [f"reason: found {reason!r}; write first, in your own words, what is assumed and why"]
    if not isinstance(changes, Mapping) or not changes:
        example = '{"agents/everolimus.yaml": {"licences[FDA].granted": "2010-07-20"}}'
        return [f"changes: found {changes!r}; write files with their changes, for example {example}"]
    named = [*changes, *(place for change in changes.values() if isinstance(change, Mapping) for place in change)]
    return [
        f"changes: {name!r} is no text; a file and a place are words in quotes"
        for name in named
        if not isinstance(name, str)
    ]


def _texts(changes: Changes) -> tuple[dict[str, str], list[str]]:
    """Give the changed texts by file, and what cannot be changed."""
    texts: dict[str, str] = {}
    problems: list[str] = []
    for file, change in changes.items():
        name = name_of(file)
        try:
            if fixed(name):
                problems.append(fixed(name))
            elif isinstance(change, str):
                texts[name] = str(change)  # plain, where it is the text of `source`
            elif isinstance(change, Mapping):
                texts[name] = _edited(name, change, problems)
            else:
                problems.append(f"data/{name}: found {change!r}; write the whole text, or {{place: new value}}")
        except AssumeError as error:
            problems += error.problems
    return texts, problems


def _edited(name: str, change: Mapping[str, object], problems: list[str]) -> str:
    text = text_of(name)
    for place, value in change.items():
        try:
            text = edited(text, place, value)
        except (PlaceError, YamlError) as error:
            problems.append(f"data/{name}:{error.line}: {error}")
    return text


@lru_cache(maxsize=8)
def _compiled(texts: tuple[tuple[str, str], ...]) -> tuple[Knowledge, tuple[str, ...]]:
    """Compile; kept, because a cell is run again and again."""
    compiled, doubts = compile_changed(folder(), dict(texts))
    return read(compiled), tuple(str(each).partition(ADVICE)[0] for each in doubts)


def _told(problem: Problem, texts: Mapping[str, str]) -> str:
    """Give a problem with the line that it is about, where that line was typed here."""
    lines = texts.get(problem.file.removeprefix("data/"), "").splitlines()
    number = min(problem.line, len(lines))  # what is never closed is missed after the last line
    shown = [f"    {number} | {lines[number - 1].strip()}"] if lines else []
    return "\n".join([str(problem), *shown])

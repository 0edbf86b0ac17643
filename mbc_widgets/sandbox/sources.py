"""The text of the data files, to read and to copy."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from mbc_widgets import strict_yaml
from mbc_widgets.compiler import PlaceError, part_of
from mbc_widgets.conditions import nearest
from mbc_widgets.figures.printed import Table
from mbc_widgets.knowledge import data_folder
from mbc_widgets.slips import Slip

MOST_NAMED, MOST_FOUND = 8, 15
LONGEST = 100  # letters of a text
TOLD_ELSEWHERE = ("lessons/", "course/", "teaching-cases/", "scenarios/")  # they hold questions and what answers them
FIXED = {
    "edition.yaml": "says which days this edition covers; it is the same for every what-if",
    "cases/": "holds expectations, not knowledge; what breaks in them is told by .breaks()",
    "templates/": "holds templates, not knowledge",
    "schema/": "is written by a program",
}


class AssumeError(Slip):
    """A change that cannot be made: `problems` holds all of them, `changes` what was typed; it prints as its text."""

    def __init__(self, *problems: str, changes: object = None) -> None:
        what = "The change was not made; data/ is as it was." if changes is not None else "Nothing was read."
        keep = ["What you typed is kept: correct it there and run the cell again."] if changes is not None else []
        super().__init__("\n".join([what, *(f"- {problem}" for problem in problems), *keep]))
        self.problems, self.changes = problems, changes

    def __repr__(self) -> str:
        return str(self)


class Text(str):
    """A text that a notebook shows as it is, line by line."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def source(file: str, place: str = "") -> Text:
    """Give the text of a data file (`trials/monaleesa-2.yaml`), or of one `place` of it (`results[0]`), to read or to change.

    Raises:
        AssumeError: no such file or place; the text names the nearest.

    """
    _texts(file=file, place=place)
    text = text_of(file)
    if not place:
        return Text(text)
    try:
        return Text(part_of(text, place))
    except PlaceError as error:
        raise AssumeError(f"data/{name_of(file)}:{error.line}: {error}") from None


def find(word: str) -> Table:
    """Give where a word is written in the knowledge of data/: file, place and text, to learn which place to change.

    Raises:
        AssumeError: the word is no text, or empty.

    """
    _texts(word=word)
    if not word.strip():
        raise AssumeError("find: no word; write what to look for, such as 'everolimus'")
    base = folder()
    texts = {
        path.relative_to(base).as_posix(): path.read_text(encoding="utf-8") for path in sorted(base.rglob("*.yaml"))
    }
    found = [
        (name, place, text[:LONGEST])
        for name, whole in texts.items()
        if not name.startswith((*FIXED, *TOLD_ELSEWHERE)) and word.casefold() in whole.casefold()
        for place, text in _written(strict_yaml.parse(whole).value, "")
        if word.casefold() in text.casefold()
    ]
    more = f"and {len(found) - MOST_FOUND} more places; a longer word finds fewer" if len(found) > MOST_FOUND else ""
    none = "" if found else "no place has this word"
    rows = tuple(found[:MOST_FOUND])
    return Table(title=f"{word} in data/", columns=("File", "Place", "Text"), rows=rows, note=more or none)


def _texts(**given: object) -> None:
    """Refuse what is no text, by the name of its argument."""
    for name, value in given.items():
        if not isinstance(value, str):
            raise AssumeError(f"{name}: write text in quotes, found {value!r}")


def _written(value: object, place: str) -> Iterator[tuple[str, str]]:
    """Give every value with its place; an entry of a list is named by its id where it has one."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _written(item, f"{place}.{key}".removeprefix("."))
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        for number, each in enumerate(value):
            name = each.get("id", number) if isinstance(each, Mapping) else number
            yield from _written(each, f"{place}[{name}]")
    elif value is not None:
        yield place, ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def folder() -> Path:
    """Give the data folder.

    Raises:
        AssumeError: this is an installed package, which carries the compiled knowledge and not its text.

    """
    found = data_folder()
    if found is None:
        raise AssumeError(
            "data/: not here; an installed package carries the knowledge compiled, without the text that the sandbox changes."
            " Get the checkout of the project and start JupyterLab there (`make lab`)"
        )
    return found


def name_of(file: str) -> str:
    """Give the name of a file from the data folder on: with its ending, without `data/`."""
    bare = file.strip().removeprefix("data/")
    return bare if bare.endswith(".yaml") else f"{bare}.yaml"


def text_of(file: str) -> str:
    """Give the text of a data file.

    Raises:
        AssumeError: no such file; the text names the nearest, and the files in which the word stands.

    """
    place, name = folder(), name_of(file)
    names = [path.relative_to(place).as_posix() for path in sorted(place.rglob("*.yaml"))]
    if name in names:
        return (place / name).read_text(encoding="utf-8")
    word = Path(name).stem
    holding = [each for each in names if word in (place / each).read_text(encoding="utf-8")]
    more = f" and {len(holding) - MOST_NAMED} more" if len(holding) > MOST_NAMED else ""
    found = f" The word {word!r} is written in {', '.join(holding[:MOST_NAMED])}{more}." if holding else ""
    raise AssumeError(f"data/{name}: no such file{nearest(name, names)}{found}")


def fixed(name: str) -> str:
    """Say why a file cannot be assumed otherwise; "" for one that can."""
    return next((f"data/{name}: {start} {why}" for start, why in FIXED.items() if name.startswith(start)), "")

"""A picture of a view in a notebook: the board, the options or the evidence of the page, of any patient and any knowledge."""

from collections.abc import Mapping
from typing import Any

from mbc_widgets.conditions import nearest
from mbc_widgets.dialogue.memory import Memory, State
from mbc_widgets.dialogue.workbook import Workbook
from mbc_widgets.figures.printed import TableError, show
from mbc_widgets.widgets.session import Session
from mbc_widgets.widgets.study import Board, Evidence, Options, View

# By its name: the picture, and the table of the same rows that is printed beside it.
PICTURES: Mapping[str, tuple[type[View], str]] = {
    "board": (Board, "sequences"),
    "options": (Options, "offered"),
    "evidence": (Evidence, "evidence"),
}


def picture(view: Any, name: str = "board") -> View:
    """Give a picture of what `look` gave; beside it stands its table, as text and as data, which a test can compare.

    Raises:
        TableError: there is no such picture; the text lists them.

    """
    if name not in PICTURES:
        raise TableError(f"There is no picture {name!r}{nearest(name, PICTURES)} There are: {', '.join(PICTURES)}.")
    kind, table = PICTURES[name]
    snapshot = view.snapshot
    state = State(patient=view.patient, day=snapshot.day, regulator=snapshot.regulator, body=snapshot.body)
    made = kind(Session(memory=Memory(now=state), engine=Workbook(snapshot.knowledge)))
    made.beside = show(view, table)
    return made

"""The views as anywidgets: the whole study page, and its parts for a student's own layout.

Each shows `session.page`, in two messages so that the board need not wait for what stands below it, and hands what the reader does to
`session.receive`; nothing is decided here.
"""

import os
import time
from collections.abc import Mapping
from typing import Any, ClassVar

import anywidget
import traitlets as t

from mbc_widgets.figures.printed import DATA, Table
from mbc_widgets.widgets.assets import css, module
from mbc_widgets.widgets.session import Session

SENDING = 0.001  # seconds: the thread that sends a message needs the interpreter for as long
GIVE_WAY = 10  # niceness, of 19


class View(anywidget.AnyWidget):
    """A view of a session; subclasses name the ES module that draws it."""

    _css: ClassVar[str] = css()
    page = t.Dict(help="What is shown first, as plain data").tag(sync=True)
    rest = t.Dict(help="What is shown beside it, as plain data").tag(sync=True)
    beside: Table | None = None  # what a notebook prints with it, so that a test can compare its numbers

    def __init__(self, session: Session | None = None, **traits: Any) -> None:
        self.session = session or Session()
        super().__init__(page=self.session.first, rest=self._beside(), **traits)
        self.session.observe(self._begun, names="first")
        self.session.observe(self._whole, names="page")
        self.on_msg(self._heard)

    def _begun(self, _: object) -> None:
        self.page = self.session.first
        time.sleep(SENDING)

    def _whole(self, _: object) -> None:
        self.rest = self._beside()

    def _beside(self) -> dict[str, Any]:
        return {name: value for name, value in self.session.page.items() if name not in self.session.first}

    def _heard(self, widget: object, message: Mapping[str, Any], buffers: object) -> None:  # noqa: ARG002
        """Passes a message on; the view is told even when nothing changed, so that it stops waiting; a ping is answered."""
        if message.get("type") == "ping":
            self.send({"type": "alive"})
            return
        self.session.receive(message)
        self.send({"type": "done"})

    def _repr_mimebundle_(self, **options: Any) -> Any:
        shown = super()._repr_mimebundle_(**options)
        if not shown or self.beside is None:
            return shown
        return {**shown[0], "text/plain": repr(self.beside), DATA: self.beside.data()}, shown[1]

    def __repr__(self) -> str:
        state = self.session
        picked = f", body={state.body!r}" if state.body else ""
        return f"{type(self).__name__}({state.scenario!r}, day={state.day!r}, regulator={state.regulator!r}{picked})"


class Simulated(View):
    """A view that also shows the simulated outcomes, which come after the page."""

    outcomes = t.Dict(help="The simulation of the newest view").tag(sync=True)
    bands = t.Dict(help="How sure the parameters leave the chosen sequences").tag(sync=True)

    def __init__(self, session: Session | None = None, **traits: Any) -> None:
        super().__init__(session, _view_count=0, **traits)  # a number asks the front end to count what is on the screen
        feed = self.session.feed
        if os.environ.get("VOILA_PREHEAT") != "True":  # a kernel that waits for a visitor has time
            feed.hold()
        self.observe(self._on_screen, "_view_count")
        self._links = [t.dlink((feed, name), (self, name)) for name in ("outcomes", "bands")]

    def _on_screen(self, _: Any) -> None:
        """Begins the simulation; in a room of many, the pages that others open go before it from then on."""
        self.session.feed.seen()
        if os.environ.get("SERVER_SOFTWARE", "").startswith("voila") and hasattr(os, "nice"):
            os.nice(max(0, GIVE_WAY - os.nice(0)))

    def _heard(self, widget: object, message: Mapping[str, Any], buffers: object) -> None:
        """Passes what is chosen and opened to the simulation, everything else to the session."""
        self.session.feed.seen()
        if message.get("type") == "sequences":
            self.session.feed.choose(map(str, message.get("letters", ())))
        elif message.get("type") == "pictures":
            self.session.feed.open(map(str, message.get("names", ())))
        else:
            super()._heard(widget, message, buffers)
            return
        self.send({"type": "done"})


class StudyPage(Simulated):
    """The whole page."""

    _esm: ClassVar[str] = module("page")


class Board(View):
    """The sequence board alone."""

    _esm: ClassVar[str] = module("board")


class Options(View):
    """What is offered and what is not, alone."""

    _esm: ClassVar[str] = module("options")


class Outcomes(Simulated):
    """The simulated outcomes, alone."""

    _esm: ClassVar[str] = module("outcomes")


class Evidence(View):
    """The table of trial results, alone."""

    _esm: ClassVar[str] = module("evidence")


class Form(View):
    """The patient as a form, alone."""

    _esm: ClassVar[str] = module("form")

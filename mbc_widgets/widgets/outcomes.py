"""The simulated outcomes of a session: worked out after the page, in steps on the kernel's loop, for the newest request only.

The board never waits for it. After each stretch (some hundredths of a second) the kernel hears what the reader did meanwhile; a
newer view ends the work on the older. Then follow the bands of the parameters, for the chosen sequences alone. Without a running
loop (a plain script, a test) nothing runs until `finish()` is called.
"""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import traitlets as t

from mbc_widgets.widgets.engine import Engine

LOG = logging.getLogger("mbc_widgets")
STRETCH, PAUSE = 0.03, 0.004  # seconds of work, and then of rest in which the kernel hears the page
FAILED = "The outcomes could not be simulated. The rest of the page works."
WAITING, READY, BROKEN = "waiting", "ready", "failed"
PAIR = 2


class Feed(t.HasTraits):
    """What the outcomes of a session show; each value says for which request it is.

    Args:
        session: has the traits `view` and `page`; a page with another view is a new request.
        engine: what simulates.

    """

    outcomes = t.Dict(help="The simulation of the newest view: request, state, and when it is ready the pictures")
    bands = t.Dict(help="How sure the parameters leave the chosen sequences: request, state, chosen, bands, verdict")

    def __init__(self, session: t.HasTraits, engine: Engine) -> None:
        super().__init__()
        self._session, self._engine = session, engine
        self._view: Any = None
        self._maker: Any = None
        self._request = self._ticket = 0  # of the view; of the work, so that older work ends
        self._wanted: tuple[str, ...] = ()  # strategies, as letters mean something else in another view
        self._task: asyncio.Task[None] | None = None
        session.observe(self._changed, names="page")
        self._changed()

    def choose(self, letters: tuple[str, ...]) -> None:
        """Shows other sequences, one or two; unknown letters are left out."""
        known = {one["letter"]: one["strategy"] for one in self.outcomes.get("lanes", ())}
        self._wanted = tuple(known[letter] for letter in dict.fromkeys(letters) if letter in known)[:PAIR]
        if self._maker is not None:
            self._start(self._sure())

    def finish(self) -> None:
        """Works out at once what is still open."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        for _ in self._whole():
            pass

    def _changed(self, _: Any = None) -> None:
        view = getattr(self._session, "view", None)
        if view is self._view:
            return
        self._view, self._maker = view, None
        self._request += 1
        self._start(self._whole())

    def _start(self, work: Iterator[None]) -> None:
        """Begins some work; what was under way stops at its next step."""
        self._ticket += 1
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._task = loop.create_task(self._run(work, self._ticket))

    async def _run(self, work: Iterator[None], ticket: int) -> None:
        loop, since = asyncio.get_running_loop(), -STRETCH
        for _ in work:
            if loop.time() - since < STRETCH:
                continue
            await asyncio.sleep(PAUSE)  # the page goes first
            if ticket != self._ticket:
                return
            since = loop.time()

    def _whole(self) -> Iterator[None]:
        """Everything about the newest view, a step at a time."""
        request = self._request
        self.outcomes = {"request": request, "state": WAITING}
        yield
        try:
            maker = self._engine.outcomes(self._view)
            for value in maker.steps():
                if value:
                    self._maker = maker
                    self.outcomes = {"request": request, "state": READY, "chosen": self._chosen(value), **value}
                yield
        except Exception:
            LOG.exception("no outcomes for request %d", request)
            self.outcomes = {"request": request, "state": BROKEN, "text": FAILED}
            return
        yield from self._sure()

    def _sure(self) -> Iterator[None]:
        """The bands of the chosen sequences, a step at a time."""
        chosen = self._chosen(self.outcomes)
        about = {"request": self._request, "chosen": chosen}
        self.bands = {**about, "state": WAITING}
        try:
            for value in self._maker.bands(chosen):
                if value:
                    self.bands = {**about, "state": READY, **value}
                yield
        except Exception:
            LOG.exception("no bands for %s", chosen)
            self.bands = {**about, "state": BROKEN, "text": FAILED}

    def _chosen(self, value: Any) -> list[str]:
        """Give the letters of the wanted strategies; for one that is gone, and at the start, the first of the others."""
        lanes = value.get("lanes", ())
        wanted = [one["letter"] for name in self._wanted for one in lanes if one["strategy"] == name]
        rest = (one["letter"] for one in lanes if one["letter"] not in wanted)
        return [*wanted, *rest][: len(self._wanted) or PAIR]

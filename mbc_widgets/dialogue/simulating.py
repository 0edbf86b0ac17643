"""The simulated outcomes of a desk: worked out after the page, in steps on the kernel's loop, for the newest request only.

The board never waits for it. First comes what the reader sees: the chosen sequences and the pictures that are open. Then the bands of
their parameters, and last the folded pictures, so that opening one or printing waits for nothing. After each stretch (a few hundredths
of a second) the kernel hears what the reader did meanwhile; a newer view ends the work on the older. Without a running loop (a plain
script, a test) nothing runs until `finish()` is called.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mbc_widgets.dialogue.engine import Engine

LOG = logging.getLogger("mbc_widgets")
STRETCH, PAUSE = 0.05, 0.004  # seconds of work, and then of rest in which the kernel hears the page
FAILED = "The outcomes could not be simulated. The rest of the page works."
WAITING, READY, BROKEN = "waiting", "ready", "failed"
PAIR = 2


class Simulating:
    """What the outcomes of a view show; `outcomes` and `bands` are set anew with each stretch of work, and each says for which request it is.

    Args:
        engine: what simulates.
    """

    outcomes: dict[str, Any]
    bands: dict[str, Any]

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self.outcomes, self.bands = {}, {}
        self._view: Any = None
        self._maker: Any = None
        self._request = self._ticket = 0  # of the view; of the work, so that older work ends
        self._wanted: tuple[str, ...] = ()  # strategies, as letters mean something else in another view
        self._count = PAIR
        self._open: tuple[str, ...] = engine.first_pictures()
        self._task: asyncio.Task[None] | None = None
        self._is_seen, self._is_held = False, False

    def hold(self) -> None:
        """Works nothing out until a reader sees a view: where a class opens the page at once, the pages of all go first."""
        if not self._is_seen:
            self._ticket += 1
            self._is_held = True
            if self._task is not None:
                self._task.cancel()

    def seen(self) -> None:
        """A reader sees a view: what was held begins."""
        self._is_seen = True
        if self._is_held:
            self._is_held = False
            self._again()

    def choose(self, letters: Iterable[str]) -> None:
        """Shows other sequences, one or two; unknown letters are left out."""
        known = {one["letter"]: one["strategy"] for one in self.outcomes.get("lanes", ())}
        self._wanted = tuple(known[letter] for letter in dict.fromkeys(letters) if letter in known)[:PAIR]
        self._count = len(self._wanted) or PAIR
        self._again()

    def open(self, names: Iterable[str]) -> None:
        """Says which pictures the reader has open: they are made first, here and for every later view."""
        known = self._engine.pictures()
        self._open = tuple(name for name in known if name in set(names))
        self._again()

    def finish(self) -> None:
        """Works out at once what is still open."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        for _ in self._whole():
            pass

    def show(self, view: Any) -> None:
        """Begins with `view`, unless it is the one that is shown."""
        if view is self._view:
            return
        self._view, self._maker = view, None
        self._request += 1
        self.outcomes = {"request": self._request, "state": WAITING}
        self._start(self._whole())

    def _again(self) -> None:
        """Begins anew with what is wanted now; what was worked out is kept, so that only the rest is left."""
        if self._view is not None:
            self._start(self._whole())

    def _start(self, work: Iterator[None]) -> None:
        """Begins some work; what was under way stops at its next step."""
        self._ticket += 1
        if self._is_held:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._task = loop.create_task(self._run(work, self._ticket))

    async def _run(self, work: Iterator[None], ticket: int) -> None:
        loop = asyncio.get_running_loop()
        since = loop.time()
        for _ in work:
            if loop.time() - since < STRETCH:
                continue
            await asyncio.sleep(PAUSE)  # the page goes first
            if ticket != self._ticket:
                return
            since = loop.time()

    def _whole(self) -> Iterator[None]:
        """Everything about the newest view, a step at a time: what is open, how sure it is, what is folded."""
        for part in (self._show(self._open), self._sure(), self._show(self._engine.pictures())):
            yield from part
            if self.outcomes.get("state") == BROKEN:
                return

    def _show(self, names: Sequence[str]) -> Iterator[None]:
        """These pictures of the chosen sequences, a step at a time."""
        try:
            self._maker = self._maker or self._engine.outcomes(self._view)
            yield
            chosen = self._chosen()
            for value in self._maker.shown(chosen, names):
                if value:
                    self.outcomes = {"request": self._request, "state": READY, "chosen": chosen, **value}
                yield
        except Exception:
            LOG.exception("no outcomes for request %d", self._request)
            self.outcomes = {"request": self._request, "state": BROKEN, "text": FAILED}

    def _sure(self) -> Iterator[None]:
        """The bands of the chosen sequences, a step at a time; none are drawn twice."""
        chosen = self._chosen()
        about = {"request": self._request, "chosen": chosen}
        if self.bands == {**self.bands, **about, "state": READY}:
            return
        self.bands = {**about, "state": WAITING}
        try:
            for value in self._maker.bands(chosen):
                if value:
                    self.bands = {**about, "state": READY, **value}
                yield
        except Exception:
            LOG.exception("no bands for %s", chosen)
            self.bands = {**about, "state": BROKEN, "text": FAILED}

    def _chosen(self) -> list[str]:
        """Give the letters of the wanted strategies; for one that is gone, and at the start, the first of the others."""
        lanes = self._maker.heads
        wanted = [one["letter"] for name in self._wanted for one in lanes if one["strategy"] == name]
        rest = (one["letter"] for one in lanes if one["letter"] not in wanted)
        return [*wanted, *rest][: self._count]

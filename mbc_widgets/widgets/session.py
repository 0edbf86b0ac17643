"""The session: a desk whose answer is made of traits, so that controls, the page and a line of code all hear of a change.

Traits in (patient, day, regulator, body, align, scenario), traits out (view, first, page). Whoever sets a trait,
a control, the page or a line of code, gets one recompute; several at once inside `hold()`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import traitlets as t

from mbc_widgets.dialogue.desk import Desk, start
from mbc_widgets.dialogue.engine import Engine
from mbc_widgets.dialogue.memory import Memory, State, settled
from mbc_widgets.dialogue.workbook import Workbook
from mbc_widgets.widgets.outcomes import Feed

INPUTS = ("patient", "day", "regulator", "body", "align", "scenario")


class Session(Desk, t.HasTraits):
    """One patient on one day under one regulator, with the answer.

    Args:
        scenario: id of the teaching scenario to start with; the first one when omitted.
        day: start on another day than the scenario's. regulator: FDA or EMA.
        body: hear the guidelines of this body alone, such as "asco"; the scenario's, mostly all, when omitted.
        memory: what to start from, as an address tells it; the words above are then not read.
        engine: what works the answer out; only tests give another.

    Raises:
        KeyError: no such scenario.
        ValueError: the day or the regulator is outside the edition, or the body has no word there.
    """

    patient = t.Any(help="The patient as raw history; set a changed copy to change it")
    day = t.Unicode(help="The knowledge of this day, YYYY-MM-DD")
    regulator = t.Unicode(help="FDA or EMA")
    body = t.Unicode(
        help="Id of the guideline body that alone opens and orders, such as asco; empty hears all of the region"
    )
    align = t.Unicode("diagnosis", help="Where the lanes of the board are aligned: diagnosis, now, or line-2")
    scenario = t.Unicode(help="Id of the scenario the session started from")
    view = t.Any(help="The answer: what mbc_widgets.look gives")
    first = t.Dict(help="What the page draws first: the sentence and the board, or what its mode shows in their place")
    page = t.Dict(help="The answer as the plain data that the page draws: the first part and the rest")

    def __init__(
        self,
        scenario: str = "",
        *,
        day: str = "",
        regulator: str = "",
        body: str = "",
        memory: Memory | None = None,
        engine: Engine | None = None,
    ) -> None:
        engine = engine or Workbook()
        self._from_inside = False
        self._feed: Feed | None = None
        super().__init__(memory or start(engine, scenario, day=day, regulator=regulator, body=body), engine)
        self.observe(self._from_outside, names=list(INPUTS))

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Several traits set inside are one change with one recompute."""
        with self.hold_trait_notifications():
            yield

    @property
    def feed(self) -> Feed:
        """Give the simulated outcomes; nothing is simulated before somebody asks for them."""
        self._feed = self._feed or Feed(self, self._engine)
        return self._feed

    def value(self, field: str) -> Any:
        """Give what the patient says about `field`, or None."""
        return self.patient.findings.get(field)

    def fields(self) -> Mapping[str, Any]:
        """Give the fields of the vocabulary by id."""
        return self._engine.fields()

    def _from_outside(self, change: Any) -> None:  # noqa: ARG002 - a traitlets Bunch
        if self._from_inside:
            return
        state = replace(self._memory.now, **{name: getattr(self, name) for name in INPUTS})
        if state.body == self._memory.now.body:
            state = settled(state, self._engine)
        if state != self._memory.now:
            self._attempt(self._memory.to(state))

    def _taken_over(self, state: State) -> None:
        self._from_inside = True
        try:
            with self.hold_trait_notifications():
                for name in INPUTS:
                    setattr(self, name, getattr(state, name))
        finally:
            self._from_inside = False

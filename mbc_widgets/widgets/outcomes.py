"""The simulated outcomes of a session as traits, which a page and a line of code can watch."""

from typing import Any

import traitlets as t

from mbc_widgets.dialogue.engine import Engine
from mbc_widgets.dialogue.simulating import Simulating


class Feed(Simulating, t.HasTraits):
    """What the outcomes of a session show.

    Args:
        session: has the traits `view` and `page`; a page with another view is a new request.
        engine: what simulates.

    """

    outcomes = t.Dict(help="The simulation of the newest view: request, state, and when it is ready the pictures")
    bands = t.Dict(help="How sure the parameters leave the chosen sequences: request, state, chosen, bands, verdict")

    def __init__(self, session: t.HasTraits, engine: Engine) -> None:
        super().__init__(engine)
        self._session = session
        session.observe(self._changed, names="page")
        self._changed()

    def _changed(self, _: Any = None) -> None:
        self.show(getattr(self._session, "view", None))

"""The study page where the browser runs Python: messages come in and values go out as JSON text.

`assets/site/worker.js` calls `open_page` once, and what it gives with each message of the page. A value goes out under the name that the
views know it by: page (what is drawn first), rest, outcomes, bands; `done` ends the answer to a message.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mbc_widgets.dialogue.address import granted, wish_of
from mbc_widgets.dialogue.desk import Desk
from mbc_widgets.dialogue.engine import Engine
from mbc_widgets.dialogue.memory import Memory
from mbc_widgets.dialogue.simulating import Simulating
from mbc_widgets.dialogue.workbook import Workbook

Tell = Callable[[str, Any], None]
LOG = logging.getLogger("mbc_widgets")
DONE = "done"


class Told:
    """An attribute whose new values are told, each once, under `name`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __set_name__(self, owner: type, attribute: str) -> None:
        self._kept = f"_told_{attribute}"

    def __get__(self, instance: Any, owner: type) -> Any:
        return vars(instance).get(self._kept, {})

    def __set__(self, instance: Any, value: Any) -> None:
        if value == vars(instance).get(self._kept):
            return
        vars(instance)[self._kept] = value
        instance.told(self._name, value)


class _Desk(Desk):
    first = Told("page")
    page = Told("rest")

    def __init__(self, memory: Memory, engine: Engine, tell: Tell) -> None:
        self._tell = tell
        super().__init__(memory, engine)

    def told(self, name: str, value: Mapping[str, Any]) -> None:
        """Passes a value on; of the whole page only what was not told as its first part."""
        beside = {key: each for key, each in value.items() if key not in self.first} if name == "rest" else value
        self._tell(name, beside)


class _Simulating(Simulating):
    outcomes = Told("outcomes")
    bands = Told("bands")

    def __init__(self, engine: Engine, tell: Tell) -> None:
        self.told = tell
        super().__init__(engine)


def as_text(value: Any) -> str:
    """Give a value as the shortest JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def open_page(about: Mapping[str, Any], tell: Callable[[int, str, str], None]) -> Callable[[int, str], None]:
    """Tells the dashboard that `about["search"]` asks for, at the one place of the page; gives what takes each message there."""
    receive = page_of(about["search"], lambda name, text: tell(0, name, text))
    return lambda place, text: receive(text)  # noqa: ARG005 - there is but one place


def page_of(search: str, tell: Callable[[str, str], None], *, simulates: bool = True) -> Callable[[str], None]:
    """Tells the page that `search`, the words of its address, asks for; gives what takes each message.

    Args:
        search: such as "scenario=er-low&day=2012-03-19"; what of it cannot be is said on the page.
        tell: takes the name of a value and the value as JSON text.
        simulates: whether the outcomes are worked out too.
    """

    def told(name: str, value: Any) -> None:
        tell(name, as_text(value))

    engine = Workbook()
    memory, problem = granted(wish_of(search), engine)
    desk = _Desk(replace(memory, address=search), engine, told)
    if problem:
        desk.say(problem)
    simulating = _Simulating(engine, told) if simulates else None
    if simulating:
        simulating.show(desk.view)

    def receive(text: str) -> None:
        message = json.loads(text)
        if simulating and message.get("type") == "sequences":
            simulating.choose(map(str, message.get("letters", ())))
        elif simulating and message.get("type") == "pictures":
            simulating.open(map(str, message.get("names", ())))
        else:
            desk.receive(message)
        told(DONE, None)
        if simulating:
            simulating.show(desk.view)

    return receive

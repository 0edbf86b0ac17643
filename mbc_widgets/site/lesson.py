"""A lesson where the browser runs Python: its pages were worked out when the site was built, what a reader answers is marked here.

Each place of the page (a question, a picture) has a number; a message names its place, and so does each value that goes out.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from mbc_widgets.dialogue.exercises import Asked, Reading
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Exercise
from mbc_widgets.site.page import DONE, Told, as_text, page_of

Tell = Callable[[int, str, str], None]


def silent(name: str, value: Any) -> None:
    """Tells nobody."""


class Question(Asked):
    """A question at a place of the page; nothing is told of it while it is made."""

    page = Told("page")

    def __init__(self, exercise: Exercise, knowledge: Knowledge, *, predicts: bool = False) -> None:
        self.told: Callable[[str, Any], None] = silent
        super().__init__(exercise, knowledge, predicts=predicts)


class Questions:
    """The questions of a lesson by their places; those of one exercise are made together, when one of them is answered.

    Args:
        number: of the lesson. places: what each asks: {"ask": name}, {"check": name} or {"again": place}. tell: takes a value.
    """

    def __init__(
        self, number: int, places: Mapping[int, Mapping[str, Any]], tell: Callable[[int, str, Any], None]
    ) -> None:
        self._reading = Reading(number, Question)
        self._places, self._tell = places, tell
        self._made: dict[int, Question] = {}

    def at(self, place: int) -> Question:
        """Give the question at a place."""
        if place not in self._made:
            asked = self._places[place]
            name = asked.get("ask") or asked.get("check")
            alike = [at for at, each in self._places.items() if name and name in {each.get("ask"), each.get("check")}]
            for at in alike or [place]:
                self._made[at] = self._make(at)
        return self._made[place]

    def _make(self, at: int) -> Question:
        asked = self._places[at]
        if "again" in asked:
            return self._told(at, self._reading.again(asked["again"]))
        return self._told(at, self._reading.question(asked.get("ask") or asked["check"], predicts="ask" in asked))

    def _told(self, at: int, made: Question) -> Question:
        made.told = lambda name, value: self._tell(at, name, value)
        return made


def open_page(about: Mapping[str, Any], tell: Tell) -> Callable[[int, str], None]:
    """Gives what takes each message of a lesson: the place it comes from and its JSON text.

    Args:
        about: `lesson`, its number, and `places`: for each what it asks, or {"code": what a picture shows}.
        tell: takes a place, the name of a value and the value as JSON text.
    """

    def told(place: int, name: str, value: Any) -> None:
        tell(place, name, as_text(value))

    asked = {at: each for at, each in enumerate(about["places"]) if "code" not in each}
    questions = Questions(about["lesson"], asked, told)
    pictures: dict[int, Callable[[str], None]] = {}

    def receive(place: int, text: str) -> None:
        if place in asked:
            taken = json.loads(text).get("taken")
            questions.at(place).answer([str(each) for each in taken] if isinstance(taken, list) else ())
            told(place, DONE, None)
            return
        if place not in pictures:
            code = about["places"][place]["code"]
            pictures[place] = page_of(f"code={code}", lambda name, value: tell(place, name, value), simulates=False)
        pictures[place](text)

    return receive

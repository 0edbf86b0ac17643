"""A lesson in a notebook: `lesson(2)`, its questions as widgets, and `check()` for an answer that is typed.

Every object shows itself as a page (HTML or a widget) and, for a test that compares printed answers, as plain text and data.
"""

import html
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import anywidget
import traitlets as t

from mbc_widgets import teaching
from mbc_widgets.figures import lesson as pages
from mbc_widgets.figures.printed import DATA
from mbc_widgets.knowledge import Knowledge, load
from mbc_widgets.widgets.assets import css, module

Bundle = dict[str, Any]
PLAIN = "text/plain"


class Question(anywidget.AnyWidget):
    """An exercise with its choices; what is committed is marked, and every choice says why.

    One that `predicts` marks nothing: what is committed is kept in `prediction`, and shown again where the exercise is answered.
    """

    _esm: ClassVar[str] = module("lesson")
    _css: ClassVar[str] = css("tokens.css", "ui.css", "lesson.css")
    page = t.Dict(help="The exercise as plain data").tag(sync=True)
    prediction = t.Tuple(help="The words of the choices that were predicted, in their order")

    def __init__(self, exercise: Any, knowledge: Knowledge, *, predicts: bool = False) -> None:
        self._exercise, self._knowledge = exercise, knowledge
        super().__init__(page={**pages.exercise(exercise, None, knowledge), "predicts": predicts})
        self.on_msg(self._heard)

    def answer(self, taken: str | Iterable[str]) -> None:
        """Marks an answer or keeps a prediction, as the button does; never raises, what is wrong with it is on the page."""
        try:
            marked = teaching.mark(self._exercise, taken, self._knowledge)
        except teaching.LessonError as error:
            self.page = {**self.page, "error": str(error)}
            return
        if not marked.taken:  # marks for an empty hand would give it all away
            self.page = {**self.page, "error": "Choose first, then commit."}
        elif self.page["predicts"]:
            self.prediction = pages.taken(marked, self._knowledge)
        else:
            told = pages.exercise(self._exercise, marked, self._knowledge)
            self.page = {**self.page, "marked": told["marked"], "error": ""}

    @t.observe("prediction")
    def _predicted(self, change: Mapping[str, Any]) -> None:
        if change["new"]:
            self.page = {**self.page, "predicted": list(change["new"]), "error": ""}

    def _heard(self, widget: object, message: Mapping[str, Any], buffers: object) -> None:  # noqa: ARG002
        if message.get("type") == "ping":
            self.send({"type": "alive"})
            return
        taken = message.get("taken")
        self.answer([str(each) for each in taken] if isinstance(taken, list) else ())
        self.send({"type": "done"})

    def _repr_mimebundle_(self, **options: Any) -> tuple[Bundle, Bundle] | None:
        """Give the widget, and beside it the question as text and data, which a test can compare."""
        shown = super()._repr_mimebundle_(**options)
        return ({**shown[0], PLAIN: pages.asked(self.page), DATA: self.page}, shown[1]) if shown else None


class Checked:
    """What is said of an answer: right or not yet, and of every choice that was taken why."""

    def __init__(self, page: Mapping[str, Any]) -> None:
        self.page = page
        self.right = bool(page["marked"]["solved"])

    def __repr__(self) -> str:
        return pages.told(self.page)

    def _repr_html_(self) -> str:
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in repr(self).splitlines())
        return f'<div class="mbc-checked">{lines}</div>'


class Lesson:
    """One lesson: show it for its objectives; `ask` gives a question, `check` marks an answer.

    Args:
        number: of the lesson, from 1.
        knowledge: a changed edition; the shipped one when omitted.

    Raises:
        LessonError: there is no such lesson; the text lists them.
    """

    def __init__(self, number: int, knowledge: Knowledge | None = None) -> None:
        self._knowledge = knowledge or load()
        self._lesson = teaching.lesson_of(number, self._knowledge)
        self._predicted: dict[str, tuple[str, ...]] = {}
        self._questions: dict[str, list[Question]] = {}

    def ask(self, exercise: str) -> Question:
        """Ask for a prediction; `check` asks again, after what there is to look at, and says why.

        Raises:
            LessonError: there is no exercise of this name.
        """
        asked = Question(teaching.exercise_of(exercise, self._lesson), self._knowledge, predicts=True)
        self._join(exercise, asked)
        asked.observe(lambda change: self._keep(exercise, change["new"]), "prediction")
        return asked

    def _join(self, exercise: str, asked: Question) -> None:
        """Tells a question what was predicted, now and whenever it changes: cells run in any order, and again."""
        self._questions.setdefault(exercise, []).append(asked)
        asked.prediction = self._predicted.get(exercise, ())

    def _keep(self, exercise: str, prediction: tuple[str, ...]) -> None:
        self._predicted[exercise] = prediction
        for asked in self._questions[exercise]:
            asked.prediction = prediction

    def again(self, place: int) -> Question:
        """Give a question of an earlier lesson, the first, second or third that comes again here.

        Raises:
            LessonError: there are fewer.
        """
        names = self._lesson.retrieval
        if type(place) is not int or not 1 <= place <= len(names):
            raise teaching.LessonError(
                f"Lesson {self._lesson.number} has {len(names)} questions of earlier lessons; {place!r} is none of them."
            )
        return Question(teaching.retrieved(names[place - 1], self._knowledge), self._knowledge)

    def check(self, exercise: str, answer: str | Iterable[str] | None = None) -> "Question | Checked":
        """Say whether an answer (the id of a choice, or a list of them) is right, and why; without one, ask.

        Raises:
            LessonError: there is no such exercise, or the answer names no choice of it.
        """
        found = teaching.exercise_of(exercise, self._lesson)
        if not answer:
            asked = Question(found, self._knowledge)
            self._join(exercise, asked)
            return asked
        marked = teaching.mark(found, answer, self._knowledge)
        return Checked(pages.exercise(found, marked, self._knowledge))

    def __repr__(self) -> str:
        return pages.title(pages.head(self._lesson, self._knowledge))

    def _repr_html_(self) -> str:
        head = pages.head(self._lesson, self._knowledge)
        items = "".join(f"<li>{html.escape(each)}</li>" for each in head["objectives"])
        about = f"{head['minutes']} minutes. Edition {head['edition']}. For teaching; invented patients."
        return f"<p>{html.escape(about)}</p><p>After this lesson you can:</p><ul>{items}</ul>"

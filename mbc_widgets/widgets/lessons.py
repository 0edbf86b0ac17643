"""A lesson in a notebook: `lesson(2)`, its questions as widgets, and `check()` for an answer that is typed.

Every object shows itself as a page (HTML or a widget) and, for a test that compares printed answers, as plain text and data.
"""

import html
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import anywidget
import traitlets as t

from mbc_widgets import teaching
from mbc_widgets.dialogue.exercises import Asked, Reading
from mbc_widgets.figures import lesson as pages
from mbc_widgets.figures.printed import DATA
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Exercise
from mbc_widgets.widgets.assets import css, module

Bundle = dict[str, Any]
PLAIN = "text/plain"


class Question(Asked, anywidget.AnyWidget):
    """An exercise with its choices, as a widget."""

    _esm: ClassVar[str] = module("lesson")
    _css: ClassVar[str] = css("tokens.css", "ui.css", "lesson.css")
    page = t.Dict(help="The exercise as plain data").tag(sync=True)

    def __init__(self, exercise: Exercise, knowledge: Knowledge, *, predicts: bool = False) -> None:
        super().__init__(exercise, knowledge, predicts=predicts)
        self.on_msg(self._heard)

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


class Lesson(Reading[Question]):
    """One lesson: show it for its objectives; `ask` gives a question, `check` marks an answer.

    Args:
        number: of the lesson, from 1.
        knowledge: a changed edition; the shipped one when omitted.

    Raises:
        LessonError: there is no such lesson; the text lists them.
    """

    def __init__(self, number: int, knowledge: Knowledge | None = None) -> None:
        super().__init__(number, Question, knowledge)

    def ask(self, exercise: str) -> Question:
        """Ask for a prediction; `check` asks again, after what there is to look at, and says why.

        Raises:
            LessonError: there is no exercise of this name.
        """
        return self.question(exercise, predicts=True)

    def check(self, exercise: str, answer: str | Iterable[str] | None = None) -> "Question | Checked":
        """Say whether an answer (the id of a choice, or a list of them) is right, and why; without one, ask.

        Raises:
            LessonError: there is no such exercise, or the answer names no choice of it.
        """
        found = teaching.exercise_of(exercise, self._lesson)
        if not answer:
            return self.question(exercise, predicts=False)
        marked = teaching.mark(found, answer, self._knowledge)
        return Checked(pages.exercise(found, marked, self._knowledge))

    def __repr__(self) -> str:
        return pages.title(pages.head(self._lesson, self._knowledge))

    def _repr_html_(self) -> str:
        head = pages.head(self._lesson, self._knowledge)
        items = "".join(f"<li>{html.escape(each)}</li>" for each in head["objectives"])
        about = f"{head['minutes']} minutes. Edition {head['edition']}. For teaching; invented patients."
        return f"<p>{html.escape(about)}</p><p>After this lesson you can:</p><ul>{items}</ul>"

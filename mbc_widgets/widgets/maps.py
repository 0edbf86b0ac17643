"""The maps of the lessons as pages for paper, and the outlines of the lessons, both read from the notebooks of this installation."""

import json
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from mbc_widgets.dialogue.slides import slides
from mbc_widgets.figures.lesson_map import lesson_map
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.teaching import LessonError, Outline, lesson_of, outline
from mbc_widgets.widgets.places import VOILA, find_notebook

TEMPLATES = VOILA / "share" / "voila" / "templates" / "mbc"


def notebook_of(number: int) -> Path:
    """Give the notebook of a lesson.

    Raises:
        LessonError: there is none.

    """
    found = sorted(find_notebook().parent.glob(f"{number:02}-*.ipynb"))
    if not found:
        raise LessonError(f"Lesson {number} has no notebook: write notebooks/{number:02}-….ipynb.")
    return found[0]


def outline_of(number: int, knowledge: Knowledge) -> Outline:
    """Give the outline of a lesson.

    Raises:
        LessonError: there is no such lesson or notebook, or an exercise is not asked in it.

    """
    lesson = lesson_of(number, knowledge)
    return outline(json.loads(notebook_of(number).read_text(encoding="utf-8")), lesson)


def map_page(number: int, base: str, knowledge: Knowledge, shown: Mapping[str, str] | None = None) -> str:
    """Give the map of a lesson as HTML that asks nothing of any server; its links lead below `base`.

    `shown` has the slides, where they were worked out already.

    Raises:
        LessonError: there is no such lesson or notebook.

    """
    lesson = lesson_of(number, knowledge)
    told = lesson_map(lesson, outline_of(number, knowledge), shown or slides([lesson], knowledge), knowledge)
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    return environment.get_template("map.html.j2").render(map=told, base=base)

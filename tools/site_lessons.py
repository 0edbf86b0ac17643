"""The lessons as pages of the site: their cells run when it is built, and what they print stands in the page.

Markdown and tables become HTML; a question or a picture becomes a place with the values it is drawn from, which Python in the browser
takes up when somebody answers.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbconvert.filters import markdown2html

from mbc_widgets.widgets.lessons import Question
from mbc_widgets.widgets.study import View

ASKED = re.compile(r"lesson\.(ask|check|again)\((?:\"([\w-]+)\"|(\d+))")


def lesson_page(notebook: Path) -> dict[str, Any]:
    """Give what the page of a lesson is made of: `parts` in their order, each `html` or a `view`; `about`: its places and their values.

    Raises:
        ValueError: a cell shows a question that no `lesson.ask`, `check` or `again` gave.
    """
    read = nbformat.read(notebook, as_version=4)
    parts: list[dict[str, Any]] = []
    places: list[dict[str, Any]] = []
    values: list[dict[str, Any]] = []
    for cell, shown in cells(read):
        if cell["cell_type"] == "markdown":
            parts.append({"html": Markup(markdown2html(cell["source"])), "text": True})  # noqa: S704 - our own text
        elif isinstance(shown, Question):
            places.append(asked(cell["source"]))
            values.append({"page": shown.page})
            parts.append({"view": "lesson"})
        elif isinstance(shown, View):
            places.append({"code": shown.session.first["code"]})
            values.append({"page": shown.page, "rest": shown.rest})
            parts.append({"view": type(shown).__name__.lower()})
        elif shown is not None:
            parts.append({"html": Markup(printed(shown)), "text": False})  # noqa: S704 - our own text
    return {
        "nb": read,
        "parts": parts,
        "about": {"lesson": read["metadata"]["lesson"], "places": places, "values": values},
    }


def cells(notebook: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], Any]]:
    """Run the code of a notebook from top to bottom; give each cell with the value of its last line."""
    names: dict[str, Any] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            yield cell, None
            continue
        *lines, last = ast.parse(cell["source"]).body
        if not isinstance(last, ast.Expr):
            lines, last = [*lines, last], None
        exec(compile(ast.Module(lines, []), cell["id"], "exec"), names)  # noqa: S102 - our own notebook
        yield cell, eval(compile(ast.Expression(last.value), cell["id"], "eval"), names) if last else None  # noqa: S307 - the same


def asked(source: str) -> dict[str, Any]:
    """Give which question a cell shows."""
    found = ASKED.search(source)
    if found is None:
        raise ValueError(f"This cell shows a question, but no lesson.ask, check or again stands in it: {source}")
    how, name, place = found.groups()
    return {how: name or int(place)}


def printed(shown: Any) -> str:
    """Give what a notebook prints for a value."""
    page = getattr(shown, "_repr_html_", None)
    return page() if page else f"<pre>{escape(shown if isinstance(shown, str) else repr(shown))}</pre>"

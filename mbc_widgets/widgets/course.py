"""The index page and the lessons of the server: the index is plain HTML and takes no kernel, nor does a map, a lesson is its notebook shown by Voila."""

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, authenticated

from mbc_widgets.figures.index import index
from mbc_widgets.knowledge import content_key, data_folder, load
from mbc_widgets.teaching import LessonError
from mbc_widgets.widgets.maps import TEMPLATES, map_page, notebook_of

DASHBOARD = "dashboard"


class Index(JupyterHandler):
    """The page that a visitor meets first. An address with words, as links to the dashboard had it, is sent on there."""

    @authenticated
    def get(self) -> None:
        """Answers at once; nothing is started."""
        if self.request.query:
            self.redirect(f"{url_path_join(self.base_url, DASHBOARD)}?{self.request.query}")
            return
        folder = data_folder()
        self.set_header("Cache-Control", "no-cache")
        self.finish(page(self.base_url, content_key(folder) if folder else ""))


class Map(JupyterHandler):
    """The map of a lesson, for paper."""

    @authenticated
    def get(self, number: str) -> None:
        """Answers at once; nothing is started."""
        lesson_name(int(number))
        folder = data_folder()
        self.set_header("Cache-Control", "no-cache")
        self.finish(sheet(int(number), self.base_url, content_key(folder) if folder else ""))


@cache
def sheet(number: int, base: str, edition: str) -> str:  # noqa: ARG001 - as of the index
    """Give the map of a lesson as HTML, its addresses below `base`."""
    return map_page(number, base, load())


@cache
def page(base: str, edition: str) -> str:  # noqa: ARG001 - the key of the knowledge: another one is another page
    """Give the index page as HTML, its addresses below `base`."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    return environment.get_template("landing.html.j2").render(page=index(load()), base=base)


@cache
def lesson_name(number: int) -> str:
    """Give the name of the notebook of a lesson.

    Raises:
        HTTPError: there is none (404).
    """
    try:
        found = notebook_of(number)
    except LessonError:
        found = None
    if found is None or number not in load().lessons:
        raise HTTPError(404, f"There is no lesson {number}.")
    return found.name


def addresses(base: str, lesson: type, settings: dict[str, Any]) -> list[Any]:
    """Give the routes of the index, of the lessons and of their maps; `settings` are those of a Voila page."""
    return [
        (url_path_join(base, "/"), Index),
        (url_path_join(base, r"/lessons/(\d{1,2})/map"), Map),
        (url_path_join(base, r"/lessons/(\d{1,2})"), lesson, settings),
    ]

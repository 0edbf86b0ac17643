"""A student's own Jupyter server in a class: JupyterLab as always, and beside it the pages of `mbc dashboard`.

An extension of that server (`deploy/` enables it): the index at its first address, the dashboard, the lessons and their maps. The pages
are those of this installation, not of the student's copy of the notebooks, so that a copy gone wrong never costs the dashboard. Their
kernels are the student's, in the student's folder. Voila's own extension, which must be enabled too, serves what the pages load; what it
would run besides is closed: a link that fetches somebody's notebook must not run it before it was read.
"""

from http import HTTPStatus
from typing import Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from jupyter_server.utils import url_path_join
from tornado.ioloop import PeriodicCallback
from tornado.web import HTTPError, RequestHandler
from voila.configuration import VoilaConfiguration
from voila.paths import collect_template_paths
from voila.server_extension import load_config_file

from mbc_widgets.widgets.copies import bury, can_copy
from mbc_widgets.widgets.course import DASHBOARD, addresses
from mbc_widgets.widgets.leave import Leave
from mbc_widgets.widgets.places import find_notebook
from mbc_widgets.widgets.room import Lesson, Room, Templates

BETWEEN = 5_000  # milliseconds between two looks at what kernels left behind


class Closed(RequestHandler):
    """What is not there."""

    def get(self, _: str = "") -> None:
        """Says so."""
        raise HTTPError(HTTPStatus.NOT_FOUND)


class _Shared:
    """Reads the notebook of a page where the installation has it, and not in the folder of the student; loads from this server alone."""

    settings: dict[str, Any]

    @property
    def contents_manager(self) -> AsyncLargeFileManager:
        """Give what reads notebooks."""
        return self.settings["mbc_notebooks"]  # type: ignore[no-any-return]

    @property
    def content_security_policy(self) -> str:
        """Give what a page may load, as `mbc dashboard` says it."""
        return self.settings["mbc_policy"]  # type: ignore[no-any-return]


class Page(_Shared, Room):
    """The dashboard."""


class LessonPage(_Shared, Lesson):
    """A lesson."""


def pages(app: Any) -> list[Any]:
    """Give the routes of a Jupyter server `app`, below its address."""
    settings = app.web_app.settings
    configuration = VoilaConfiguration(parent=app)
    strict = load_config_file()
    configuration.update_config(strict)
    settings["mbc_policy"] = strict.Voila.tornado_settings["headers"]["Content-Security-Policy"]
    settings |= {"mathjax_url": None, "mathjax_config": None}  # both, or Voila names a server of the internet
    notebook = find_notebook()
    settings["mbc_notebooks"] = AsyncLargeFileManager(parent=app, root_dir=str(notebook.parent))
    base = settings["base_url"]
    page = {
        "config": app.config,
        "notebook_path": notebook.name,
        "template_paths": collect_template_paths(["voila", "nbconvert"], configuration.template),
        "voila_configuration": configuration,
    }
    return [
        *addresses(base, LessonPage, page),
        (url_path_join(base, DASHBOARD), Page, page),
        (url_path_join(base, r"/voila(|/|/render.*|/tree.*)"), Closed),
        (url_path_join(base, r"/voila/templates/(.*)"), Templates),
        (url_path_join(base, r"/voila/api/shutdown/(.*)"), Leave),
    ]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """What a Jupyter server asks a package that is enabled as an extension."""
    return [{"module": "mbc_widgets.widgets.own_server"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Adds the pages to a Jupyter server."""
    app.web_app.add_handlers(".*$", pages(app))
    if can_copy():
        PeriodicCallback(bury, BETWEEN).start()

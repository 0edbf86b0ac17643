"""Static files for the views under `<base_url>mbc/`, for `mbc dashboard` and for JupyterLab.

Only plotly.js, the file that the installed plotly package carries: a view imports it when it first
shows a chart, and the browser keeps it. The views themselves travel with their widgets.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from tornado.web import StaticFileHandler

YEAR = 31_536_000  # seconds


class Asset(StaticFileHandler):
    """A file that may be kept for a year when its address names its version (`?v=`)."""

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002 - tornado's signature
        """Says how long the file may be kept."""
        versioned = bool(self.get_argument("v", ""))
        keep = f"public, max-age={YEAR}, immutable" if versioned else "no-cache"
        self.set_header("Cache-Control", keep)


def routes(base_url: str) -> list[tuple[str, type, dict[str, str]]]:
    """Give the routes below `base_url`; none where plotly is not installed."""
    found = find_spec("plotly")
    if found is None or found.origin is None:
        return []
    folder = Path(found.origin).parent / "package_data"
    pattern = url_path_join(base_url, r"/mbc/plotly/(plotly\.min\.js)")
    return [(pattern, Asset, {"path": str(folder)})]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """What JupyterLab's server asks a package that is enabled as an extension."""
    return [{"module": "mbc_widgets.widgets.server"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Adds the routes to Jupyter's server, before those of Voila, which is loaded after us: a page that is left ends its kernel there too."""
    from mbc_widgets.widgets.leave import Leave

    base_url = app.web_app.settings["base_url"]
    leave = (url_path_join(base_url, r"/voila/api/shutdown/(.*)"), Leave)
    app.web_app.add_handlers(".*$", [*routes(base_url), leave])

"""Voila for a class: our routes, a limited number of seats, kernels that end with their page."""

from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from tornado.ioloop import IOLoop
from tornado.web import authenticated
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler

from mbc_widgets.widgets.launch import seats
from mbc_widgets.widgets.server import routes

GRACE = 2.0  # seconds
FULL = """<!doctype html><html lang="en"><meta charset="utf-8"><title>MBC workbook: the room is full</title>
<style>body{font:16px/1.5 sans-serif;max-width:36em;margin:15vh auto;padding:0 1em}</style>
<h1>The room is full</h1><p>All seats of this server are taken. A seat is free again when somebody closes the page,
or ten minutes after. Please try again soon.</p></html>"""


class Room(TornadoVoilaHandler):
    """The page of one visitor, or a friendly word when all seats are taken."""

    async def get(self, path: str | None = None) -> None:
        """Answers a visit; each starts a kernel."""
        limit = seats()
        visit = not path  # with a path it is a request for a file, which starts nothing
        if visit and limit and len(self.kernel_manager.list_kernel_ids()) >= limit:
            self.set_status(503)
            self.set_header("Retry-After", "60")
            self.finish(FULL)
            return
        await super().get(path)


class Leave(VoilaShutdownKernelHandler):
    """Ends the kernel of a page that is left.

    The browser's last message cannot carry the token against forged requests. It names the kernel's random id,
    which only that page knows; that is proof enough, and without it every closed page would hold its seat.
    """

    def check_xsrf_cookie(self) -> None:
        """Asks for no token; see the class."""

    @authenticated
    async def post(self, kernel_id: str) -> None:
        """Takes the page's last word at once, and ends the kernel when the page is surely gone.

        A page whose kernel ends while it is still closing tries to connect anew and complains.
        """
        IOLoop.current().call_later(GRACE, self._end, kernel_id)
        self.set_status(204)
        self.finish()

    async def _end(self, kernel_id: str) -> None:
        if kernel_id in self.kernel_manager.list_kernel_ids():
            await ensure_async(self.kernel_manager.shutdown_kernel(kernel_id))


class Dashboard(Voila):
    """Voila with our handlers."""

    def init_handlers(self) -> list[Any]:
        """Gives our routes first, then Voila's with our pages in their place."""
        ours = {TornadoVoilaHandler: Room, VoilaShutdownKernelHandler: Leave}
        theirs = [(each[0], ours.get(each[1], each[1]), *each[2:]) for each in super().init_handlers()]
        return [*routes(self.server_url), *theirs]


def make_app(notebook: Path, *, port: int, host: str, config: Path) -> Dashboard:
    """Give the server, ready to start, with `config`/voila.py and nothing else as its configuration."""
    app: Dashboard = Dashboard.instance(config_file_paths=[str(config)], notebook_path=str(notebook))
    app.initialize([])
    app.port, app.ip, app.port_retries, app.open_browser = port, host, 0, False
    return app

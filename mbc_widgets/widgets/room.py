"""Voila for a class: our routes, a limited number of seats, kernels that end with their page."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path, PurePath
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.utils import url_path_join
from tornado.ioloop import PeriodicCallback
from tornado.web import HTTPError
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler

from mbc_widgets.widgets.course import DASHBOARD, addresses, lesson_name
from mbc_widgets.widgets.leave import Leave
from mbc_widgets.widgets.places import seats
from mbc_widgets.widgets.server import routes

PREHEATED = "VOILA_PREHEAT"  # in the environment of a kernel that Voila starts
REFILL = 30_000  # milliseconds between two looks at the pool
FULL = """<!doctype html><html lang="en"><meta charset="utf-8"><title>MBC workbook: the room is full</title>
<style>body{font:16px/1.5 sans-serif;max-width:36em;margin:15vh auto;padding:0 1em}</style>
<h1>The room is full</h1><p>All seats of this server are taken. A seat is free again when somebody closes the page,
or ten minutes after. Please try again soon.</p></html>"""


class Seats:
    """Who sits in the room: visitors whose page is on its way, and kernels that have a page; a kernel in the pool takes no seat.

    It is told which kernels were started, and which of them went to the visit that is under way.
    """

    def __init__(self) -> None:
        self.arriving = 0
        self._without_page: set[str] = set()
        self._visit: ContextVar[list[str] | None] = ContextVar("visit", default=None)

    def taken(self, kernels: Iterable[str]) -> int:
        """Give how many seats are taken, from the ids of all kernels."""
        return self.arriving + sum(each not in self._without_page for each in kernels)

    @contextmanager
    def visit(self) -> Iterator[None]:
        """A visit from the first request until its page is there."""
        kernels: list[str] = []
        token = self._visit.set(kernels)
        self.arriving += 1
        try:
            yield
        finally:
            self.arriving -= 1
            self._visit.reset(token)
            self._without_page.difference_update(kernels)

    def started(self, kernel: str, *, for_pool: bool) -> None:
        """A kernel runs, for the pool or for the visit under way."""
        self._without_page.add(kernel)
        if not for_pool:
            self.came(kernel)

    def came(self, kernel: str) -> None:
        """A kernel is that of the visit under way; it has its page when the visit ends."""
        visit = self._visit.get()
        if visit is not None:
            visit.append(kernel)


SEATS = Seats()


class Kernels(AsyncMappingKernelManager):
    """The kernels of the room; Voila puts its pool on top of it."""

    async def start_kernel(self, **rest: Any) -> str:  # type: ignore[override]
        """Starts a kernel and tells the seats whom it is for."""
        kernel: str = await super().start_kernel(**rest)
        known = self._processes()
        for ended in known.keys() - set(self.list_kernel_ids()):
            del known[ended]
        known[kernel] = self._process(kernel)
        SEATS.started(kernel, for_pool=rest.get("env", {}).get(PREHEATED) == "True")
        return kernel

    async def is_as_started(self, kernel: str) -> bool:
        """Whether a kernel is the process that ran the notebook: one that died is started anew by Jupyter, and knows no page."""
        if kernel not in self or self._processes().get(kernel) != self._process(kernel):
            return False
        return bool(await ensure_async(self.get_kernel(kernel).is_alive()))

    def _process(self, kernel: str) -> int | None:
        found: int | None = getattr(self.get_kernel(kernel).provisioner, "pid", None)
        return found

    def _processes(self) -> dict[str, int | None]:
        found: dict[str, int | None] = self.__dict__.setdefault("_process_by_kernel", {})
        return found


class Room(TornadoVoilaHandler):
    """The page of one visitor, or a friendly word when all seats are taken."""

    async def get(self, path: str | None = None) -> None:
        """Answers a visit; each takes a kernel."""
        limit = seats()
        if path:  # a request for a file, which starts nothing
            await super().get(path)
        elif limit and SEATS.taken(self.kernel_manager.list_kernel_ids()) >= limit:
            self.set_status(503)
            self.set_header("Retry-After", "60")
            self.finish(FULL)
        else:
            with SEATS.visit():
                await ensure_async(super().get(path))  # nothing to wait for when the visitor is sent to a login


class Lesson(Room):
    """The page of a lesson: its notebook, in a kernel of its own."""

    async def get(self, number: str) -> None:  # type: ignore[override]
        """Answers a visit."""
        self.notebook_path = str(PurePath(vars(self)["notebook_path"]).with_name(lesson_name(int(number))))
        await super().get(None)


class Templates(TemplateStaticFileHandler):
    """The files of Voila's templates; an address that goes up is not found, where Voila's own handler stumbles over it."""

    def parse_url_path(self, path: str) -> str:
        """Give the path below the templates."""
        if ".." in path.split("/"):
            raise HTTPError(404)
        return super().parse_url_path(path)  # type: ignore[no-any-return]


class Dashboard(Voila):
    """Voila with our handlers, and a pool that is filled again when its kernels were ended for being idle."""

    def listen(self) -> None:
        """Serves until it is interrupted."""
        hand_out, refill = (
            getattr(self.kernel_manager, name, None) for name in ("get_rendered_notebook", "fill_if_needed")
        )
        if hand_out is not None:
            self.kernel_manager.get_rendered_notebook = _telling(hand_out, self.kernel_manager)
        if refill is not None:
            notebook = self.kernel_manager.notebook_path
            PeriodicCallback(lambda: refill(delay=0, notebook_name=notebook), REFILL).start()
        super().listen()

    def init_handlers(self) -> list[Any]:
        """Gives our routes first, then Voila's with our pages in their place."""
        ours = {TornadoVoilaHandler: Room, VoilaShutdownKernelHandler: Leave, TemplateStaticFileHandler: Templates}
        *theirs, page = [(each[0], ours.get(each[1], each[1]), *each[2:]) for each in super().init_handlers()]
        dashboard = (url_path_join(self.server_url, f"/{DASHBOARD}"), *page[1:])
        return [*routes(self.server_url), *addresses(self.server_url, Lesson, page[2]), *theirs, dashboard]


def _telling(hand_out: Callable[..., Awaitable[Any]], kernels: Kernels) -> Callable[..., Awaitable[Any]]:
    """Give what hands a kernel of the pool to a visit, and tells the seats; one that died while it waited is passed over."""

    async def handed_out(*args: Any, **rest: Any) -> Any:
        found = await hand_out(*args, **rest)
        while not await kernels.is_as_started(found[2]):
            if found[2] in kernels:
                await ensure_async(kernels.shutdown_kernel(found[2], now=True))  # type: ignore[no-untyped-call]
            found = await hand_out(*args, **rest)  # the pool is filled at once
        SEATS.came(found[2])
        return found

    return handed_out


def make_app(notebook: Path, *, port: int, host: str, config: Path) -> Dashboard:
    """Give the server, ready to start, with `config`/voila.py and nothing else as its configuration."""
    app: Dashboard = Dashboard.instance(config_file_paths=[str(config)], notebook_path=str(notebook))
    app.initialize([])
    app.port, app.ip, app.port_retries, app.open_browser = port, host, 0, False
    return app

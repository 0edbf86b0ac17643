"""What ends the kernel of a page that is left."""

from jupyter_core.utils import ensure_async
from tornado.ioloop import IOLoop
from tornado.web import authenticated
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler

GRACE = 2.0  # seconds


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

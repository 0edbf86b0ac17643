"""`mbc dashboard`: one notebook, shown by Voila with our template and strict configuration.

The notebook is that of the checkout, or the copy in an installed wheel. Nothing of the user's own
Jupyter configuration is read, so the page is the same everywhere.
"""

import ctypes
import os
import socket
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from threading import Timer

from mbc_widgets.widgets.places import PACKAGE, VOILA, LaunchError, find_notebook

PORT = 8866
# mallopt(3) of glibc: one heap for all threads, and memory from this size on goes back to the system when it is free.
HEAPS, GIVES_BACK_ABOVE, IS_OWN_ABOVE = -8, -1, -3
PIECE = 131_072  # bytes, with which glibc starts; it raises it by itself when a larger piece was freed
TAKEN = (
    "Port {port} is taken, perhaps by a workbook that is already running. "
    "Close it, or choose another: mbc dashboard --port {other}"
)


def serve(
    port: int = PORT,
    host: str = "127.0.0.1",
    *,
    open_browser: bool = True,
    say: Callable[[str], object] = print,
) -> None:
    """Serves the dashboard until it is interrupted.

    Args:
        port: where to listen.
        host: 127.0.0.1 for this machine only; see deploy/ before giving another.
        open_browser: whether to show the page in the user's browser.
        say: told the address, once.

    Raises:
        LaunchError: the notebook is missing, or the port is taken.
    """
    notebook = find_notebook()
    check_free(port, host)
    prepare_environment()
    from mbc_widgets.widgets.copies import use_copies
    from mbc_widgets.widgets.room import make_app

    use_copies()
    give_memory_back()
    app = make_app(notebook, port=port, host=host, config=VOILA)
    address = f"http://{host}:{port}/"
    say(f"MBC workbook: {address}   (Ctrl+C ends it)")
    if open_browser:
        opening = Timer(1.0, webbrowser.open, [address])
        opening.daemon = True
        opening.start()
    app.start()


def check_free(port: int, host: str) -> None:
    """Asks for the port before anything slow starts.

    Raises:
        LaunchError: something else listens there, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise LaunchError(f"Port {port} is not allowed here; choose one above 1024.") from error
        except OSError as error:
            raise LaunchError(TAKEN.format(port=port, other=port + 1)) from error


def prepare_environment() -> None:
    """Lets Voila find our template, and kernels find this package; must run before voila is imported."""
    _put_first("JUPYTER_PATH", VOILA / "share")
    if (PACKAGE.parent / "pyproject.toml").is_file():
        _put_first("PYTHONPATH", PACKAGE.parent)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # a debugger's notice, of no use here
    if sys.platform == "win32":
        os.environ.setdefault("PYTHONUTF8", "1")


def give_memory_back() -> None:
    """Lets freed memory go back to the system, where glibc is: a server that sent a page to 120 visitors then keeps 16 MB less."""
    set_option = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    for option, value in ((HEAPS, 1), (GIVES_BACK_ABOVE, PIECE), (IS_OWN_ABOVE, PIECE)):
        if set_option:
            set_option(option, value)


def _put_first(name: str, path: Path) -> None:
    before = os.environ.get(name, "")
    os.environ[name] = os.pathsep.join(filter(None, [str(path), before]))

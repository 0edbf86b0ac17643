"""Finds the browser that the checks drive: one that is installed, never one to download."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
HOW_TO_INSTALL = (
    "Install Chromium (Debian, Ubuntu: apt install chromium) or Chrome, or name one: "
    "MBC_CHROMIUM=/path/to/chrome make test"
)

# Nothing of the browser's own may go out: a test sees only what the page asks for.
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # a container runs as root, where Chromium's own sandbox cannot start
]


def find_chromium() -> str | None:
    """The path of an installed Chromium or Chrome, or None; MBC_CHROMIUM decides when it is set."""
    named = os.environ.get("MBC_CHROMIUM")
    if named:
        return shutil.which(named)
    found = (shutil.which(name) for name in NAMES)
    placed = (place for place in PLACES if Path(place).is_file())
    return next(filter(None, found), None) or next(placed, None)

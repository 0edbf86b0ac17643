"""Where this installation has its notebook and what Voila is configured by, and how many people it takes."""

import os
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent
VOILA = PACKAGE / "assets" / "voila"
NOTEBOOK = Path("notebooks", "dashboard.ipynb")


class LaunchError(RuntimeError):
    """The dashboard cannot be served; the message says what to do."""


def find_notebook() -> Path:
    """Give the dashboard notebook: the checkout's, else the one in the wheel.

    Raises:
        LaunchError: neither is there.
    """
    checkout = PACKAGE.parent
    places = [PACKAGE / "_shipped" / NOTEBOOK]
    if (checkout / "pyproject.toml").is_file():
        places.insert(0, checkout / NOTEBOOK)
    for place in places:
        if place.is_file():
            return place
    raise LaunchError(f"{NOTEBOOK} is missing; install the package again or restore the checkout.")


def pool(environment: Any = os.environ) -> int:
    """How many kernels wait for a visitor: MBC_POOL, 1 when it says nothing or no number; each holds the memory of a visitor."""
    text = environment.get("MBC_POOL", "").strip()
    return int(text) if text.isdigit() else 1


def seats(environment: Any = os.environ) -> int:
    """How many visitors at once: MBC_SEATS, 40 when it says nothing or no number; 0 is no limit."""
    text = environment.get("MBC_SEATS", "").strip()
    return int(text) if text.isdigit() else 40

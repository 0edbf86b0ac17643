"""Gives notebook cells time on a busy machine; what it does to other tests is nothing."""

import pytest

SECONDS = 60  # nbval waits 5 s between two outputs of a cell and has no option for it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets nbval wait longer for the outputs of each cell."""
    for item in items:
        if hasattr(item, "output_timeout"):
            item.output_timeout = SECONDS

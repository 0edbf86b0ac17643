"""A Python without what a browser does not have: whatever lies outside the standard library cannot be imported."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

FOREIGN = (
    "IPython", "anywidget", "distributed", "ipywidgets", "numpy", "pandas", "plotly", "pydantic", "traitlets", "voila", "yaml",
)  # fmt: skip


class Refusing(MetaPathFinder):
    """Refuses what the standard library does not have and this package is not."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        first = name.partition(".")[0]
        if first in sys.stdlib_module_names or first in {"mbc_widgets", "tests"}:
            return None
        raise ModuleNotFoundError(f"{name} is not in the standard library", name=name)


def block() -> None:
    """From here on imports nothing else."""
    sys.meta_path.insert(0, Refusing())

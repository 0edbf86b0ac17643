"""From the YAML of `data/` to one checked, cross-linked JSON file.

Comes in: a data folder. Goes out: bytes of compact JSON that `knowledge.load` reads with the standard library alone, or
a `DataError` that lists every problem at once. Only this package and `strict_yaml` read YAML; only this package uses
pydantic, so that looking at a patient never imports either.
"""

from mbc_widgets.compiler.build import compile_changed, compile_folder
from mbc_widgets.compiler.edit import PlaceError, edited, part_of, place_word
from mbc_widgets.compiler.problems import DataError, Problem

__all__ = [
    "DataError",
    "PlaceError",
    "Problem",
    "compile_changed",
    "compile_folder",
    "edited",
    "part_of",
    "place_word",
]

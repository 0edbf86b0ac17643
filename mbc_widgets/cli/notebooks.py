"""`mbc notebooks FOLDER`: the lessons' notebooks in a folder of one's own, to be changed in JupyterLab. What is there stays as it is."""

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

from mbc_widgets.cli.failure import Refused
from mbc_widgets.widgets.places import LaunchError, find_notebook


def answer(chosen: argparse.Namespace) -> None:
    """Copy what is missing in the folder, and name what is there and differs.

    Raises:
        Refused: this installation has no notebooks, or the folder cannot be written.

    """
    try:
        shipped = find_notebook().parent
    except LaunchError as error:
        raise Refused(str(error)) from None
    kept = []
    try:
        for name in wanted(shipped, answers=chosen.answers):
            place = chosen.output / name
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(shipped / name, place)
                print(place)
            elif place.read_bytes() != (shipped / name).read_bytes():
                kept.append(place)
    except OSError as error:
        raise Refused(f"{chosen.output}: cannot be written ({error.strerror}); choose another folder") from None
    for place in kept:
        print(f"{place}: differs from that of this installation and stays; another FOLDER gets the new one")
    print(f"Open them with: jupyter lab --notebook-dir={chosen.output}")


def wanted(shipped: Path, *, answers: bool) -> Iterator[Path]:
    """Give the names of the lessons and of the dashboard, then (`answers`) of the lessons with their answers."""
    for pattern in ("*.ipynb", *(["answers/*.ipynb"] if answers else [])):
        yield from (path.relative_to(shipped) for path in sorted(shipped.glob(pattern)))

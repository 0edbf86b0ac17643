"""`mbc impact BASE..HEAD`: which reference patients, on which days, get a different answer after an edit of the data.

Reference patients are the scenarios and the cases of data/cases. This is the clinician's review of a change: consequences,
not YAML.
"""

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from mbc_widgets.cli.failure import Refused, knowledge
from mbc_widgets.impact import WORDS, changes, listed, looked_at, reference_patients
from mbc_widgets.knowledge import Knowledge, data_folder, read


def answer(chosen: argparse.Namespace) -> None:
    """Print every verdict that differs, as sentences with the patients and days.

    Raises:
        Refused: there is nothing to compare with, or one of the two cannot be compiled.

    """
    base, dots, head = chosen.before.partition("..")
    with tempfile.TemporaryDirectory() as place:
        before = _compiled(_folder(base or "HEAD", Path(place) / "before"))
        newer = _folder(head, Path(place) / "after") if dots and head else data_folder()
        after = _compiled(newer) if dots and head and newer else knowledge()
        patients = reference_patients(after, newer)
    found = changes(before, after, patients)
    for (regimen, was, now), places in found.items():
        print(f"{regimen}: {WORDS[now]}; before the edit: {WORDS[was]}")
        print("\n".join(f"  {line}" for line in listed(places)))
    changed = {place[0] for places in found.values() for place in places}
    print(f"{len(found)} changes, {len(changed)} of {len(patients)} patients, {looked_at(after)}")


def _folder(given: str, place: Path) -> Path:
    """Give the data folder of an older checkout or of a git revision, which is unpacked at `place`."""
    if Path(given).is_dir():
        return Path(given)
    folder, git = data_folder(), shutil.which("git")
    if folder is None or git is None:
        raise Refused(f"BEFORE {given!r}: not a folder, and here is no git or no checkout; give an older data folder")
    place.mkdir()
    archive = subprocess.run(  # noqa: S603 - no shell; git refuses what is no revision
        [git, "archive", "--format=tar", f"--output={place}/data.tar", "--end-of-options", given, "data"],
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if archive.returncode:
        raise Refused(
            f"BEFORE {given!r}: neither a data folder nor a git revision with data/; {archive.stderr.strip()}"
        )
    import tarfile

    with tarfile.open(f"{place}/data.tar") as tar:
        tar.extractall(place, filter="data")
    return place / "data"


def _compiled(folder: Path) -> Knowledge:
    from mbc_widgets.compiler import DataError, compile_folder

    try:
        return read(compile_folder(folder))
    except DataError as error:
        raise Refused(*str(error).splitlines(), f"{folder} cannot be compiled; choose another revision") from None

"""`mbc impact`: which teaching patients, on which days, get a different answer after an edit of the data.

This is the clinician's review of a change: consequences, not YAML.
"""

import argparse
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mbc_widgets.cli.failure import Refused, knowledge
from mbc_widgets.eligibility import options
from mbc_widgets.facts import facts
from mbc_widgets.knowledge import Knowledge, data_folder, read
from mbc_widgets.patient import PatientError
from mbc_widgets.workbook import patient as read_patient

Place = tuple[str, str, str]  # scenario, regulator, day
Answers = dict[Place, dict[str, str]]  # verdict by regimen
MOST_DAYS = 6
ABSENT = "not listed"


def answer(chosen: argparse.Namespace) -> None:
    """Print every verdict that differs, with the patients and days.

    Raises:
        Refused: there is nothing to compare with, or one of the two cannot be compiled.

    """
    after = knowledge()
    before = _before(chosen.before)
    days = _days(after)
    old, new = dict(_answers(before, days)), dict(_answers(after, days))
    changes = _changes(old, new)
    for (regimen, was, now), places in sorted(changes.items()):
        print(f"{regimen}: {was} -> {now}")
        print("\n".join(f"  {line}" for line in _listed(places)))
    patients = {place[0] for places in changes.values() for place in places}
    print(
        f"{len(changes)} changes, {len(patients)} of {len(after.scenarios)} scenarios,"
        f" looked at on {len(days)} days under {len(after.edition.regulators)} regulators"
    )


def _before(given: str) -> Knowledge:
    """Give the knowledge of an older data folder or git revision."""
    if Path(given).is_dir():
        return _compiled(Path(given))
    folder, git = data_folder(), shutil.which("git")
    if folder is None or git is None:
        raise Refused(f"BEFORE {given!r}: not a folder, and here is no git or no checkout; give an older data folder")
    with tempfile.TemporaryDirectory() as place:
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
        return _compiled(Path(place) / "data")


def _compiled(folder: Path) -> Knowledge:
    from mbc_widgets.compiler import DataError, compile_folder

    try:
        return read(compile_folder(folder))
    except DataError as error:
        raise Refused(*str(error).splitlines(), "the older data cannot be compiled; choose another BEFORE") from None


def _days(known: Knowledge) -> list[str]:
    """Give the first of January and July of every year of the edition, and its last day."""
    first, last = known.edition.first_day, known.edition.current_day
    halves = [f"{year}-{month}-01" for year in range(int(first[:4]), int(last[:4]) + 1) for month in ("01", "07")]
    return [*(day for day in halves if first <= day < last), last]


def _answers(known: Knowledge, days: list[str]) -> Iterator[tuple[Place, dict[str, str]]]:
    first, last = known.edition.first_day, known.edition.current_day
    for name, raw in known.scenarios.items():
        try:
            patient = read_patient(raw["patient"], known)
        except PatientError:  # its words were not known yet
            continue
        for regulator in known.edition.regulators:
            for day in days:
                if first <= day <= last:
                    snapshot = known.on(day, regulator)
                    listed = options(facts(patient, snapshot), snapshot, flips=False)
                    yield (name, regulator, day), {option.regimen.id: option.verdict for option in listed}


def _changes(old: Answers, new: Answers) -> dict[tuple[str, str, str], list[Place]]:
    """Give the places of every (regimen, verdict before, verdict after) that differs."""
    found: dict[tuple[str, str, str], list[Place]] = {}
    for place in [*old, *(place for place in new if place not in old)]:
        was, now = old.get(place, {}), new.get(place, {})
        for regimen in {**was, **now}:
            pair = was.get(regimen, ABSENT), now.get(regimen, ABSENT)
            if pair[0] != pair[1]:
                found.setdefault((regimen, *pair), []).append(place)
    return found


def _listed(places: list[Place]) -> Iterator[str]:
    by_patient: dict[tuple[str, str], list[str]] = {}
    for name, regulator, day in places:
        by_patient.setdefault((name, regulator), []).append(day)
    for (name, regulator), days in by_patient.items():
        more = f" and {len(days) - MOST_DAYS} more days" if len(days) > MOST_DAYS else ""
        yield f"{name}, {regulator}: {', '.join(days[:MOST_DAYS])}{more}"

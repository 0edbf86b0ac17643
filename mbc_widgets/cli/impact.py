"""`mbc impact BASE..HEAD`: which reference patients, on which days, get a different answer after an edit of the data.

Reference patients are the scenarios and the cases of data/cases. This is the clinician's review of a change: consequences,
not YAML.
"""

import argparse
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mbc_widgets.cli.failure import Refused, knowledge
from mbc_widgets.eligibility import NEEDS_TEST, NOT_NOW, NOT_OFFERED, OFFERED, options
from mbc_widgets.facts import facts
from mbc_widgets.knowledge import Knowledge, data_folder, read
from mbc_widgets.patient import Patient, PatientError
from mbc_widgets.workbook import patient as read_patient

Place = tuple[str, str, str]  # patient, regulator, day
Answers = dict[Place, dict[str, str]]  # verdict by regimen
DAYS = ("2012-03-19", "2016-06-01", "2019-06-01", "2023-06-01")  # and the edition's last
MOST_DAYS = 6
ABSENT = "not listed"
WORDS = {
    OFFERED: "offered",
    NEEDS_TEST: "waiting for a test result",
    NOT_NOW: "on hold",
    NOT_OFFERED: "not offered",
    ABSENT: "not among what can concern this patient",
}


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
        patients = dict(_patients(after, newer))
    old, new = dict(_answers(before, patients)), dict(_answers(after, patients))
    changes = _changes(old, new)
    for (regimen, was, now), places in sorted(changes.items()):
        print(f"{regimen} is {WORDS[now]}; before the edit it was {WORDS[was]}:")
        print("\n".join(f"  {line}" for line in _listed(places)))
    changed = {place[0] for places in changes.values() for place in places}
    print(
        f"{len(changes)} changes, {len(changed)} of {len(patients)} patients, looked at on {len(DAYS) + 1} days and"
        f" on a day of their own under {len(after.edition.regulators)} regulators"
    )


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


def _patients(known: Knowledge, folder: Path | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give (name, scenario or case) of every reference patient; an installed package has the scenarios alone."""
    yield from known.scenarios.items()
    from mbc_widgets import strict_yaml

    for path in sorted((folder / "cases").glob("*.yaml")) if folder else ():
        listed: Any = strict_yaml.parse(strict_yaml.read_text(path)).value
        for case in listed:
            yield f"{path.stem}: {case['name']}", case


def _answers(known: Knowledge, patients: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Place, dict[str, str]]]:
    for name, raw in patients.items():
        try:
            person = read_patient(raw["patient"], known)
        except PatientError:  # its words were not known yet
            continue
        for regulator, day in _views(known, raw):
            yield (name, regulator, day), _verdicts(person, known, day, regulator)


def _views(known: Knowledge, raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give (regulator, day): the days that everybody is looked at on, and the patient's own."""
    first, last = known.edition.first_day, known.edition.current_day
    days = [*DAYS, last]
    yield from ((regulator, day) for regulator in known.edition.regulators for day in days)
    own = str(raw.get("day") or last)
    if own not in days and first <= own <= last:
        yield raw.get("regulator") or known.edition.default_regulator, own


def _verdicts(person: Patient, known: Knowledge, day: str, regulator: str) -> dict[str, str]:
    snapshot = known.on(day, regulator)
    listed = options(facts(person, snapshot), snapshot, flips=False)
    return {option.regimen.id: option.verdict for option in listed}


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

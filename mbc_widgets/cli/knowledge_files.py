"""`mbc check` and `mbc build`: the data folder, its problems, what it holds, and the one file made of it."""

import argparse
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mbc_widgets.cli.failure import Refused
from mbc_widgets.knowledge import Knowledge, content_key, data_folder, read
from mbc_widgets.scenarios import ScenarioError, from_mapping

KINDS = {
    "licences": "licences",
    "statements": "guideline statements",
    "rules": "safety rules",
    "results": "trial results",
    "adverse_events": "adverse events",
    "fit": "trial fit criteria",
    "status_notes": "notes on pending decisions and status",
    "companion_tests": "companion tests",
    "dose": "doses",
    "boxed_warning": "boxed warnings",
    "shares": "shares that reach the next line",
}
NAMED_BY = ("id", "granted", "reported", "event", "text", "name", "from_line")


def check(chosen: argparse.Namespace) -> None:
    """Print what the data holds, seen and recalled.

    Raises:
        Refused: the data has problems; all are listed.

    """
    folder = _folder(chosen.folder)
    compiled = _compile(folder)
    raw = json.loads(compiled)
    problems = list(_scenario_problems(read(compiled)))
    if problems:
        raise Refused(*problems, f"{len(problems)} problem{'s' if len(problems) > 1 else ''} in the scenarios")
    print(
        f"{folder}: no problems. Edition {raw['edition']['id']}, days {raw['edition']['first_day']} to {raw['edition']['current_day']}."
    )
    counts = {
        name: len(raw[name]) for name in ("agents", "regimens", "trials", "questions", "safety", "sources", "scenarios")
    }
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    _print_counts(raw)
    if chosen.recalled:
        print("\nRecalled, not yet read in the source:")
        print("\n".join(f"  {where}: {what}" for _, where, what in _facts(raw, "recalled")))


def _print_counts(raw: dict[str, Any]) -> None:
    seen = Counter(kind for kind, _, _ in _facts(raw, "seen"))
    recalled = Counter(kind for kind, _, _ in _facts(raw, "recalled"))
    print(f"\n{'facts':<40}{'seen':>6}{'recalled':>10}")
    for kind, label in KINDS.items():
        print(f"{label:<40}{seen[kind]:>6}{recalled[kind]:>10}")
    print(f"{'all':<40}{seen.total():>6}{recalled.total():>10}")


def _facts(raw: dict[str, Any], verified: str) -> Iterator[tuple[str, str, str]]:
    """Give (kind, where, name) of every fact with this `verified`."""
    files = {
        "agents": raw["agents"],
        "trials": raw["trials"],
        "rules": raw["questions"],
        "safety": raw["safety"],
        "realworld": raw["line_shares"],
    }
    found = {}  # a rule that was written out for each of its drugs counts once
    for folder, records in files.items():
        for record in records:
            for kind, label in KINDS.items():
                items = record.get(kind) or []
                for index, item in enumerate(items if isinstance(items, list) else [items]):
                    if item.get("verified", "seen") == verified:
                        name = next((str(item[key]) for key in NAMED_BY if item.get(key)), "").split(":")[0]
                        key = (kind, folder, record["id"], name if kind == "rules" else index)
                        found[key] = (kind, f"data/{folder}/{record['id']}", f"{label}, {name[:80]}")
    yield from found.values()


def _scenario_problems(knowledge: Knowledge) -> Iterator[str]:
    """Read every shipped scenario as a person's own file is read."""
    for name, raw in knowledge.scenarios.items():
        try:
            from_mapping(raw, name, knowledge)
        except ScenarioError as error:
            yield from (f"data/scenarios/{name}.yaml: {problem}" for problem in error.problems)


def build(chosen: argparse.Namespace) -> None:
    """Write exactly one knowledge-<hash>.json to the output folder and print its path.

    Raises:
        Refused: the data has problems, or the folder cannot be written.

    """
    folder = _folder(chosen.folder)
    compiled = _compile(folder)

    place: Path = chosen.output / f"knowledge-{content_key(folder)}.json"
    try:
        chosen.output.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=chosen.output, prefix=".knowledge-", delete=False) as file:
            file.write(compiled)
        Path(file.name).chmod(0o644)  # the temporary name was private
        Path(file.name).replace(place)
        for old in chosen.output.glob("knowledge-*.json"):
            if old != place:
                old.unlink()
    except (OSError, ValueError) as error:
        raise Refused(
            f"--output {chosen.output}: cannot be written ({_reason(error)}); choose another folder"
        ) from None
    print(f"{place} ({os.path.getsize(place):,} bytes)")  # noqa: PTH202


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _folder(given: Path | None) -> Path:
    folder = given or data_folder()
    if folder is None:
        raise Refused("there is no data folder in an installed package; give one: mbc check FOLDER")
    try:
        is_folder = folder.is_dir()
    except (OSError, ValueError):
        is_folder = False
    if not is_folder:
        raise Refused(f"{folder}: this is not a folder; give the data folder, for example data/")
    return folder


def _compile(folder: Path) -> bytes:
    from mbc_widgets.compiler import DataError, compile_folder

    try:
        return compile_folder(folder)
    except DataError as error:
        raise Refused(*str(error).splitlines()) from None

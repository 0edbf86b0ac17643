"""`mbc check` and `mbc build`: the data folder, its problems, what it holds, and the one file made of it."""

import argparse
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mbc_widgets.cli.fact_counts import facts, sample, table
from mbc_widgets.cli.failure import Refused
from mbc_widgets.knowledge import Knowledge, content_key, data_folder, read
from mbc_widgets.scenarios import ScenarioError, from_mapping
from mbc_widgets.teaching import unmet, unsound


def check(chosen: argparse.Namespace) -> None:
    """Print what the data holds, seen and recalled.

    Raises:
        Refused: the data has problems; all are listed.

    """
    folder = _folder(chosen.folder)
    compiled = _compile(folder)
    raw = json.loads(compiled)
    known = read(compiled)
    problems = [*_scenario_problems(known), *_case_problems(known), *_lesson_problems(known)]
    if problems:
        raise Refused(
            *problems,
            f"{len(problems)} problem{'s' if len(problems) > 1 else ''} in scenarios, teaching cases and lessons",
        )
    print(
        f"{folder}: no problems. Edition {raw['edition']['id']}, days {raw['edition']['first_day']} to {raw['edition']['current_day']}."
    )
    counts = {
        name: len(raw[name])
        for name in (
            "agents",
            "regimens",
            "trials",
            "questions",
            "safety",
            "sources",
            "scenarios",
            "teaching_cases",
            "lessons",
        )
    }
    print(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()))
    _print_facts(raw, chosen)


def _print_facts(raw: dict[str, Any], chosen: argparse.Namespace) -> None:
    found = list(facts(raw))
    seen = sum(fact.seen for fact in found)
    print(f"{len(found)} facts: {seen} seen in their source, {len(found) - seen} recalled")
    if chosen.evidence:
        print(f"\n{table(found)}")
    if chosen.sample:
        seed = chosen.seed or raw["edition"]["id"]
        print(f"\n{chosen.sample} random facts that claim to be seen (seed {seed}); read each again in its source:")
        print("\n".join(sample(found, chosen.sample, seed, raw["sources"])))
    for wanted, heading, primary in (
        (chosen.recalled, "Recalled, not yet read in the source:", None),
        (chosen.secondary, "Seen only in a secondary source:", False),
    ):
        if wanted:
            print(f"\n{heading}")
            print("\n".join(f"  {fact.where}: {fact.kind}, {fact.name}" for fact in found if fact.primary is primary))


def _scenario_problems(knowledge: Knowledge) -> Iterator[str]:
    """Read every shipped scenario as a person's own file is read."""
    for name, raw in knowledge.scenarios.items():
        try:
            from_mapping(raw, name, knowledge)
        except ScenarioError as error:
            yield from (f"data/scenarios/{name}.yaml: {problem}" for problem in error.problems)


def _case_problems(knowledge: Knowledge) -> Iterator[str]:
    """Look at every decision of the teaching cases on its own day: what they rest on must hold there."""
    for name, case in knowledge.teaching_cases.items():
        yield from (f"data/teaching-cases/{name}.yaml: {problem}" for problem in unmet(case, knowledge))


def _lesson_problems(knowledge: Knowledge) -> Iterator[str]:
    """Solve every exercise: some choice must be right, and some not."""
    for lesson in knowledge.lessons.values():
        yield from (f"data/lessons/{lesson.id}.yaml: {problem}" for problem in unsound(lesson, knowledge))


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

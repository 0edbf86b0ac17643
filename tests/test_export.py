"""The export holds every row of the research tables: nothing was lost when they became data/."""

import csv
import json
from collections import defaultdict
from pathlib import Path

import pytest

from mbc_widgets.cli.commands import main
from mbc_widgets.cli.tables import TABLES
from tests.conftest import ROOT

NUMBERS = ["exp", "exp_lo", "exp_hi", "ctrl", "ctrl_lo", "ctrl_hi", "hr", "hr_lo", "hr_hi"]
RESEARCH = json.loads((ROOT / "tests" / "data" / "research_rows.json").read_text(encoding="utf-8"))
Table = list[dict[str, str]]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    folder = tmp_path_factory.mktemp("export")
    assert main(["export", str(folder)]) == 0
    return {path.stem: read(path) for path in sorted(folder.glob("*.csv"))}


def read(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float | str | None:
    try:
        return float(text) if text else None
    except ValueError:
        return text


def corrected(table: str) -> set[int]:
    """The lines of a research table whose figures were corrected, each with its reason in the file."""
    names = [name.split() for name in RESEARCH["corrected"]]
    return {int(line) for kind, line in names if kind == table}


def holds(exported: list[object], row: list[object]) -> bool:
    """Whether every figure of a research row stands at its place in an exported row."""
    return all(figure in (None, kept) for figure, kept in zip(row, exported, strict=True))


def test_every_table_is_written_with_rows(tables: dict[str, Table]) -> None:
    assert set(tables) == set(TABLES)
    assert all(tables.values())


def test_every_trial_is_there(tables: dict[str, Table]) -> None:
    kept = {row["trial_id"] for row in tables["trials"]}
    gone = RESEARCH["merged_trials"]  # found to be another one under a second name
    assert {trial for trial in RESEARCH["trials"] if trial not in kept} == set(gone)
    assert kept >= set(gone.values())
    assert len(RESEARCH["trials"]) == RESEARCH["counts"]["trials"] == 177


@pytest.mark.parametrize(("table", "rows"), [("outcomes", 665), ("adverse_events", 631)])
def test_merged_rows_add_up_to_the_research_table(tables: dict[str, Table], table: str, rows: int) -> None:
    assert sum(int(row["research_rows"]) for row in tables[table]) == rows
    assert len(RESEARCH[table]) == RESEARCH["counts"][table] == rows


def test_named_merges_explain_the_rows_that_share_an_entry(tables: dict[str, Table]) -> None:
    for table in ("outcomes", "adverse_events"):
        shared = sum(max(int(row["research_rows"]) - 1, 0) for row in tables[table])
        named = [lines for name, _, _, lines, _ in RESEARCH["merged"] if name == table]
        assert shared == sum(len(lines) - 1 for lines in named)


def test_every_outcome_keeps_its_figures(tables: dict[str, Table]) -> None:
    kept = defaultdict(list)
    for row in tables["outcomes"]:
        kept[row["trial_id"], row["unit"]].append([number(row[name]) for name in NUMBERS])
    units = {"months": "months", "percent": "percent"}
    moved = {line: trial for table, trial, _, lines, _ in RESEARCH["merged"] if table == "outcomes" for line in lines}
    lost = [
        row
        for row in RESEARCH["outcomes"]
        if row[0] not in corrected("outcomes")
        and not any(
            holds(found, row[3]) for found in kept[moved.get(row[0], row[1]), units.get(row[2], "events_per_year")]
        )
    ]
    assert not lost


def test_every_adverse_event_keeps_its_figures(tables: dict[str, Table]) -> None:
    kept = defaultdict(list)
    for row in tables["adverse_events"]:
        kept[row["trial_id"]].append([number(row["any_pct"]), number(row["g3plus_pct"])])
    rows = [row for row in RESEARCH["adverse_events"] if row[0] not in corrected("adverse_events")]
    assert not [row for row in rows if not any(holds(found, row[2:]) for found in kept[row[1]])]


def test_every_drug_is_there(tables: dict[str, Table]) -> None:
    assert {row["agent"] for row in tables["agents"]} >= set(RESEARCH["agents"])


def test_every_approval_keeps_its_day_or_names_its_correction(tables: dict[str, Table]) -> None:
    lost = []
    for line, table, agent, regulator, day in RESEARCH["approvals"]:
        days = {row["date"] for row in tables[table] if (row["agent"], row["regulator"]) == (agent, regulator)}
        if line not in corrected("approvals") and not any(found.startswith(day) for found in days):
            lost.append((line, agent, regulator, day))
    assert not lost


@pytest.mark.parametrize("table", ["guideline_statements", "safety_rules"])
def test_every_rule_is_there_or_named_as_left_out(tables: dict[str, Table], table: str) -> None:
    kept = {row["rule_id"] for row in tables[table]}  # a row with two answers became -01A and -01B
    gone = {name for name in RESEARCH[table] if not any(rule.startswith(name) for rule in kept)}
    assert gone == set(RESEARCH["left_out"]) & set(RESEARCH[table])


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["export", str(tmp_path / "file")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "choose another folder" in err

"""The `mbc` command as a person and a script meet it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mbc_widgets.cli import failure, templates
from mbc_widgets.cli.commands import NEW_KINDS, main
from mbc_widgets.cli.fact_counts import facts
from mbc_widgets.cli.trial_text import trial_text
from mbc_widgets.compiler import compile_folder
from mbc_widgets.knowledge import load, read
from mbc_widgets.scenarios import first_known, load_scenario
from tests.conftest import ROOT

HEAVY = {"numpy", "pandas", "plotly", "ipywidgets", "IPython", "pydantic", "yaml", "anywidget", "traitlets"}


def started(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mbc_widgets", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def copied_data(folder: Path) -> Path:
    shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns(".compiled"))
    return folder / "data"


class TestStart:
    def test_help_names_every_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--help"]) == 0
        out = capsys.readouterr().out
        names = ["plan", "options", "check", "build", "cite", "impact", "export", "schema", "new", "dashboard", "bench"]
        assert not [name for name in names if name not in out]
        assert "does not advise on the care of a person" in " ".join(out.split())

    def test_no_command_is_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([]) == 2
        assert capsys.readouterr().out == ""

    def test_a_plan_imports_nothing_heavy(self) -> None:
        load()  # compiled once, so that the process below only reads it
        code = (
            "import sys; from mbc_widgets.__main__ import main; main(['plan', 'man', '--json']);"
            f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stderr.strip() == "[]"

    def test_a_reader_that_has_seen_enough_is_no_error(self) -> None:
        command = [sys.executable, "-m", "mbc_widgets", "plan", "man", "--json"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            assert running.stdout
            assert running.stderr
            running.stdout.read(10)
            running.stdout.close()
            assert running.stderr.read() == b""
        assert running.returncode == 0

    def test_a_terminal_without_unicode_gets_its_answer(self) -> None:
        ascii_only = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
        for arguments in (["plan", "man"], ["plan", "man", "--json"]):
            done = started(*arguments, env=ascii_only)
            assert (done.returncode, done.stderr) == (0, "")


class TestPlan:
    def test_text_names_day_regulator_options_and_sequences(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["plan", "esr1-after-cdk46", "--day", "2024-03", "--regulator", "FDA"]) == 0
        out = capsys.readouterr().out
        assert "Knowledge of 2024-03-31, FDA" in out
        assert "elacestrant: licensed" in out
        assert "Guideline order" in out
        assert "not an expected survival" in out

    def test_text_of_options_has_no_sequences(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["options", "man"]) == 0
        assert "Sequences" not in capsys.readouterr().out

    def test_a_path_and_an_id_give_the_same_answer(self, capsys: pytest.CaptureFixture[str]) -> None:
        answers = []
        for name in ("man", str(ROOT / "data" / "scenarios" / "man.yaml")):
            assert main(["plan", "--json", name]) == 0
            answers.append(capsys.readouterr().out)
        assert answers[0] == answers[1]

    def test_a_bad_file_among_good_ones_leaves_stdout_empty(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["plan", "man", "nobody"]) == 2
        assert capsys.readouterr().out == ""


class TestEarlyDrugs:
    @pytest.mark.parametrize("agent", ["tamoxifen", "letrozole", "paclitaxel", "goserelin"])
    def test_old_drugs_have_no_first_day(self, agent: str) -> None:
        assert first_known(agent, load()) is None

    def test_first_day_is_the_first_report_when_that_came_before_the_licence(self) -> None:
        licensed = min(x.granted or "9" for x in load().agents["palbociclib"].licences)
        assert "2009" < (first_known("palbociclib", load()) or "") < licensed

    def test_shipped_scenarios_name_no_drug_before_its_time(self) -> None:
        for name in load().scenarios:
            load_scenario(name, load())


class TestCite:
    @pytest.fixture
    def emerald(self, capsys: pytest.CaptureFixture[str]) -> str:
        assert main(["cite", "EMERALD"]) == 0
        return capsys.readouterr().out

    def test_a_trial_is_found_by_its_name_or_its_id(self, emerald: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["cite", "emerald"]) == 0
        assert capsys.readouterr().out == emerald

    def test_identifiers_arms_and_both_arms_of_a_result_are_printed(self, emerald: str) -> None:
        """Bidard, J Clin Oncol 2022;40:3246, PMID 35584336: ESR1-mutated, PFS HR 0.55 (0.39-0.77)."""
        assert all(word in emerald for word in ("NCT03778931", "PMID 35584336", "elacestrant, n=239"))
        assert "3.8 v 1.9 months, HR 0.55 (0.39-0.77), p 0.0005" in " ".join(emerald.split())

    def test_results_are_newest_first(self, emerald: str) -> None:
        days = re.findall(
            r"^  (\d{4}-\d\d-\d\d)",
            emerald.split("Results, newest first")[1].split("Adverse events", maxsplit=1)[0],
            re.MULTILINE,
        )
        assert days == sorted(days, reverse=True)

    def test_a_registry_number_finds_the_trial_and_a_drug_names_its_trials(
        self, emerald: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["cite", "NCT03778931"]) == 0
        assert capsys.readouterr().out == emerald
        assert main(["cite", "elacestrant"]) == 2
        assert "trials of elacestrant: " in capsys.readouterr().err

    def test_every_figure_says_how_it_was_read(self, emerald: str) -> None:
        results = emerald.split("Results, newest first")[1].split("Cited by", maxsplit=1)[0]
        rows = results.count("\n  2")
        assert rows > 5
        assert results.count("[seen in ") + results.count("[recalled]") >= rows

    def test_every_trial_can_be_printed(self) -> None:
        known = load()
        for name in known.raw_trials:
            assert list(trial_text(known.trial(name), known))

    def test_a_name_that_is_near_gets_a_suggestion(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["cite", "emeral"]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "no trial 'emeral'" in err
        assert "did you mean 'emerald'?" in err


class TestCheckAndBuild:
    def test_check_counts_seen_and_recalled(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check"]) == 0
        out = capsys.readouterr().out
        assert "no problems" in out
        assert re.search(r"\d+ facts: \d+ seen in their source, \d+ recalled", out)

    def test_check_lists_what_nobody_has_read(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", "--recalled"]) == 0
        listed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  data/")]
        assert len(listed) > 100

    def test_check_lists_what_only_others_tell(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", "--secondary"]) == 0
        listed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  data/")]
        found = list(facts(json.loads(compile_folder(ROOT / "data"))))
        assert len(listed) == sum(fact.primary is False for fact in found) > 0

    def test_check_counts_every_kind_of_fact_by_how_it_was_read(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", "--evidence"]) == 0
        lines = [
            line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines() if line.startswith("| ")
        ]
        counts = {cells[0]: [int(cell) for cell in cells[1:5]] for cells in lines[1:]}
        assert {"licences", "doses", "safety rules: never", "trial results", "adverse events", "all"} <= set(counts)
        assert all(total == primary + secondary + recalled for total, primary, secondary, recalled in counts.values())
        kinds = [row for kind, row in counts.items() if kind != "all"]
        assert counts["all"] == [sum(column) for column in zip(*kinds, strict=True)]

    def test_a_sample_is_the_same_for_everybody_and_names_each_source(self, capsys: pytest.CaptureFixture[str]) -> None:
        texts = []
        for _ in "12":
            assert main(["check", "--sample", "5"]) == 0
            texts.append(capsys.readouterr().out.split("read each again in its source:")[1])
        assert texts[0] == texts[1]
        assert main(["check", "--sample", "5", "--seed", "another reader"]) == 0
        assert capsys.readouterr().out.split("read each again in its source:")[1] != texts[0]
        assert texts[0].count("   source: {") == 5

    @pytest.mark.parametrize("count", ["0", "-3", "some"])
    def test_a_sample_of_nothing_is_refused(self, count: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", f"--sample={count}"]) == 2
        assert "give a whole number from 1" in capsys.readouterr().err

    def test_what_decides_an_answer_is_read(self) -> None:
        """The share of facts, by kind, that somebody read in their source; the aim for results is 97 percent."""
        found = list(facts(json.loads(compile_folder(ROOT / "data"))))
        for kind, least in {
            "safety rules: never": 100,
            "doses": 100,
            "boxed warnings": 100,
            "licences": 95,
            "trial results": 95,
        }.items():
            seen = [fact.seen for fact in found if fact.kind == kind]
            assert 100 * sum(seen) >= least * len(seen), kind

    def test_the_readme_shows_the_count_of_today(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", "--evidence"]) == 0
        table = capsys.readouterr().out.split("\n\n")[1].strip()
        assert table in (ROOT / "README.md").read_text(encoding="utf-8"), "run: make format"

    def test_check_lists_all_problems_with_file_and_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        data = copied_data(tmp_path)
        for file, old, new in [
            ("agents/palbociclib.yaml", "route: oral", "route: orally"),
            ("trials/emerald.yaml", "esr1: mutated", "esr1: mutant"),
            ("agents/letrozole.yaml", "drug_class:", "drug_clas:"),
        ]:
            text = (data / file).read_text(encoding="utf-8")
            assert old in text
            (data / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        assert main(["check", str(data)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "data/agents/palbociclib.yaml:6: route: 'orally' is not allowed; did you mean 'oral'?" in err
        assert "did you mean 'mutated'?" in err
        assert "did you mean 'drug_class'?" in err

    def test_check_reads_the_patients_of_the_scenarios(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        data = copied_data(tmp_path)
        text = (data / "scenarios" / "man.yaml").read_text(encoding="utf-8")
        (data / "scenarios" / "man.yaml").write_text(text.replace("sex: male", "sex: mail"), encoding="utf-8")
        assert main(["check", str(data)]) == 2
        assert "data/scenarios/man.yaml: patient.sex: 'mail' is not known" in capsys.readouterr().err

    def test_an_empty_folder_is_refused(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", str(tmp_path)]) == 2
        assert "missing; the knowledge needs this file" in capsys.readouterr().err

    def test_build_writes_exactly_one_file_that_can_be_loaded(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "knowledge-old.json").write_text("{}")
        assert main(["build", "--output", str(tmp_path)]) == 0
        (made,) = tmp_path.iterdir()
        assert str(made) in capsys.readouterr().out
        assert made.name.startswith("knowledge-")
        assert set(read(made.read_bytes()).scenarios) == set(load().scenarios)

    def test_the_same_data_builds_the_same_bytes(self, tmp_path: Path) -> None:
        for name in ("a", "b"):
            assert main(["build", "--output", str(tmp_path / name)]) == 0
        (first,), (again,) = (tmp_path / "a").iterdir(), (tmp_path / "b").iterdir()
        assert (first.name, first.read_bytes()) == (again.name, again.read_bytes())


class TestImpact:
    def test_the_same_data_changes_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["impact", str(ROOT / "data")]) == 0
        assert capsys.readouterr().out.startswith("0 changes, 0 of ")

    def test_an_edit_is_told_as_patients_and_days(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        data = copied_data(tmp_path)
        text = (data / "agents" / "elacestrant.yaml").read_text(encoding="utf-8")
        (data / "agents" / "elacestrant.yaml").write_text(text.replace("granted: 2023-01-27", "granted: 2026-11-01"))
        assert main(["impact", str(data)]) == 0
        out = capsys.readouterr().out
        assert "elacestrant: offered; before the edit: not offered" in out
        assert "esr1-after-cdk46, FDA: 2023-06-01, 2026-07-01" in out
        assert "rechallenge-and-order: " in out  # the cases are asked as well

    def test_two_revisions_are_compared_with_each_other(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["impact", "HEAD..HEAD"]) == 0
        assert capsys.readouterr().out.startswith("0 changes, 0 of ")

    def test_a_revision_that_does_not_exist_is_refused_on_either_side(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["impact", "HEAD..no-such-revision"]) == 2
        assert "no-such-revision" in capsys.readouterr().err

    def test_nothing_to_compare_with_is_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["impact", "no-such-revision"]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "neither a data folder nor a git revision" in err


class TestNew:
    @pytest.fixture
    def data(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        data = copied_data(tmp_path)
        monkeypatch.setattr(templates, "data_folder", lambda: data)
        return data

    @pytest.mark.parametrize("kind", NEW_KINDS)
    def test_new_file_is_where_it_belongs_and_passes_the_check(
        self, data: Path, kind: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        name = "hr-positive/my-one" if kind == "rule" else "my-one"
        assert main(["new", kind, name]) == 0
        made = Path(capsys.readouterr().out.splitlines()[0])
        assert made.is_relative_to(data)
        assert "new-" not in made.read_text(encoding="utf-8").replace("new-agent", "")
        assert main(["check", str(data)]) == 0, capsys.readouterr().err

    def test_nothing_is_overwritten(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before = (data / "trials" / "emerald.yaml").read_bytes()
        assert main(["new", "trial", "emerald"]) == 2
        assert "left as it is" in capsys.readouterr().err
        assert (data / "trials" / "emerald.yaml").read_bytes() == before

    def test_an_installed_package_has_no_templates(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(templates, "data_folder", lambda: None)
        assert main(["new", "trial", "my-one"]) == 2
        assert "checkout" in capsys.readouterr().err


def test_data_that_cannot_be_compiled_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = copied_data(tmp_path)
    (data / "edition.yaml").unlink()
    monkeypatch.setattr(failure, "load", lambda: load(data))
    assert main(["plan", "man"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "data/edition.yaml:1: missing" in err


def test_json_is_plain_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "man", "--json"]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out)["schema"] == "mbc-plan/1"


# ---- why


def why(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["why", *arguments]) == 0
    return capsys.readouterr().out


def test_why_an_offered_regimen_is_offered_names_licence_bodies_and_trials(capsys: pytest.CaptureFixture[str]) -> None:
    out = why(capsys, "esr1-after-cdk46", "elacestrant", "--day", "2026-07-01")
    assert "elacestrant: offered, licensed" in out
    assert "licensed FDA 27 Jan 2023" in out
    assert "ASCO 2024-02" in out
    assert "EMERALD: fits" in out
    assert "would open it" not in out


def test_why_marks_a_statement_that_nobody_read(capsys: pytest.CaptureFixture[str]) -> None:
    out = why(capsys, "esr1-after-cdk46", "elacestrant", "--day", "2026-07-01")
    assert re.search(r"AGO 2024-05.*\(recalled\)", out)
    assert not re.search(r"ASCO 2024-02[^-]*\(recalled\)", out)


def test_why_a_closed_regimen_is_closed_says_which_change_opens_it(capsys: pytest.CaptureFixture[str]) -> None:
    out = why(capsys, "esr1-after-cdk46", "olaparib")
    assert "One change would open it\n  - Germline BRCA1/2: pathogenic variant (test, now no pathogenic variant)" in out
    assert "OlympiAD: does not match (Germline BRCA1/2 mutated)" in out
    assert "Asked for in" in out


def test_the_body_is_taken_said_and_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "man", "--regulator", "EMA", "--body", "esmo", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["body"] == "esmo"
    assert main(["plan", "man", "--regulator", "EMA", "--body", "NICE"]) == 0
    assert "EMA, guidelines of NICE alone, edition" in capsys.readouterr().out
    for given, told in (
        ("asko", "did you mean 'asco'?"),
        ("nice", "speaks for the FDA"),
        ("esmo", "Allowed: all, asco"),
    ):
        assert main(["plan", "man", "--day", "2026-11-23", "--regulator", "FDA", "--body", given]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("--body: ")
        assert told in err


def test_the_body_of_a_scenario_is_used_and_all_takes_it_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "data" / "scenarios" / "esr1-after-cdk46.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(f"body: abc\n{text}", encoding="utf-8")
    bodies = []
    for more in ([], ["--body", "all"], ["--body", "asco"]):
        assert main(["options", str(tmp_path / "mine.yaml"), "--json", *more]) == 0
        bodies.append(json.loads(capsys.readouterr().out)["body"])
    assert bodies == ["abc", None, "asco"]


def test_why_says_that_only_one_body_is_heard(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--day", "2026-11-23", "--regulator", "FDA", "--body", "abc")
    out = why(capsys, "germline-brca", "capecitabine", *asked)
    assert "FDA, guidelines of ABC alone" in out
    assert "capecitabine: not offered" in out
    assert "of guidelines only those of ABC are heard" in " ".join(out.split())


def test_why_takes_the_day_and_the_regulator(capsys: pytest.CaptureFixture[str]) -> None:
    out = why(capsys, "esr1-after-cdk46", "elacestrant", "--day", "2020", "--regulator", "EMA")
    assert "2020-12-31, EMA" in out
    assert "elacestrant: not offered" in out


@pytest.mark.parametrize(
    ("regimen", "told"),
    [
        ("elacestrnt", "no regimen 'elacestrnt'; did you mean 'elacestrant'?"),
        (
            "letrozole",
            "letrozole cannot concern this patient (sex, menopause or suppression); ask for letrozole+goserelin",
        ),
    ],
)
def test_why_refuses_a_regimen_that_cannot_be_asked_for(
    regimen: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["why", "man", regimen]) == 2
    assert told in capsys.readouterr().err

"""Whatever is handed to `mbc plan`, it answers (0) or refuses (2) in words; never a traceback, never half an answer."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbc_widgets import strict_yaml
from mbc_widgets.cli.commands import main
from tests.conftest import ROOT

TEMPLATE = (ROOT / "data" / "templates" / "scenario.yaml").read_text(encoding="utf-8")
GOOD: dict[str, Any] = strict_yaml.parse(TEMPLATE).value  # type: ignore[assignment]
FUZZ = settings(
    max_examples=150,
    deadline=None,  # the first answer loads the knowledge
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example writes its file anew
)
Refusal = Callable[[bytes | str], str]


@pytest.fixture
def refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Refusal:
    """Gives what stderr says about a file with this content, after checking that it was refused cleanly."""

    def refuse(content: bytes | str) -> str:
        path = tmp_path / "patient.yaml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        assert main(["plan", "--json", str(path)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "Traceback" not in err
        return err.replace(str(path), "patient.yaml")

    return refuse


def changed(path: list[str | int], value: object) -> str:
    """The good scenario with one value changed, as YAML; None takes the key away."""
    scenario = copy.deepcopy(GOOD)
    place: Any = scenario
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return yaml.safe_dump(scenario, sort_keys=False)


def test_the_template_itself_is_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "patient.yaml").write_text(changed(["title"], "Ada"))
    assert main(["plan", "--json", str(tmp_path / "patient.yaml")]) == 0
    assert json.loads(capsys.readouterr().out)["options"]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["pacient"], {}, "patient.yaml:65: pacient: unknown key; did you mean 'patient'?"),
        (["patient"], None, "patient: missing; add it"),
        (["day"], "2030-01-01", "day: 2030-01-01 is outside this edition; allowed 2012-01-01 to"),
        (["day"], "yesterday", "day: 'yesterday' is not a day; write YYYY-MM-DD"),
        (["regulator"], "PMDA", "regulator: 'PMDA' is not covered. Allowed: FDA, EMA"),
        (["body"], "asko", "patient.yaml:6: body: 'asko' is not known; did you mean 'asco'? Allowed: all, asco, abc"),
        (["body"], "nice", "body: 'nice' has no statement that was read and speaks for the FDA on"),
        (["title"], {"a": 1}, "title: expected words"),
        (["patient", "esr"], "mutated", "patient.esr: unknown key; did you mean 'esr1'?"),
        (["patient", "esr1"], "mutant", "patient.esr1: 'mutant' is not known; did you mean 'mutated'?"),
        (["patient", "endocrine_group"], "low", "is worked out from the history"),
        (["patient", "age_years"], -3, "patient.age_years: -3 is out of range; allowed 18 to 110"),
        (["patient", "sex"], "male", "a man has no menopause"),
        (["patient", "presentation"], "de_novo", "excludes (neo)adjuvant therapy"),
        (["patient", "seen_on"], None, "patient.seen_on: missing"),
        (["patient", "seen_on"], "2031-01-01", "is after the last day of this edition"),
        (["patient", "prior_therapies", 2, "stop"], "2023-01-01", "is before the start"),
        (["patient", "prior_therapies", 2, "agents"], ["palbocyclib"], "did you mean 'palbociclib'?"),
        (["patient", "receptor_samples", 0, "er_percent"], 900, "out of range; allowed 0 to 100"),
        (["patient", "receptor_samples", 0, "her2"], "plus", "Allowed: zero_without_staining"),
        (["patient", "receptor_samples"], "none", "expected a list"),
        (["patient", "receptor_samples", 0, "her2"], ["one_plus"], "receptor_samples[0].her2: expected a word"),
        (["patient", "prior_therapies", 0, "agents"], None, "agents: missing"),
    ],
)
def test_one_slip_is_named_with_what_is_allowed(
    refusal: Refusal, path: list[str | int], value: object, words: str
) -> None:
    assert words in refusal(changed(path, value))


def test_a_drug_before_anybody_knew_it_is_refused_with_its_day(refusal: Refusal) -> None:
    early = {"agents": ["palbociclib", "letrozole"], "setting": "metastatic", "start": "2005-01-10"}
    scenario = copy.deepcopy(GOOD)
    scenario["patient"] |= {"first_metastatic_day": "2005-01-01", "diagnosis_day": "2004-01-01"}
    scenario["patient"]["prior_therapies"] = [early]
    err = refusal(yaml.safe_dump(scenario))
    assert "palbociclib was started on 2005-01-10, but its first known report or licence is of" in err
    assert "letrozole was" not in err


def test_every_problem_is_listed_at_once(refusal: Refusal) -> None:
    scenario = {"titel": "x", "regulator": "X", "patient": {"seen_on": "never", "esr": 1, "sex": "m"}}
    err = refusal(yaml.safe_dump(scenario))
    assert all(word in err for word in ("titel", "regulator", "seen_on", "patient.esr", "patient.sex"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"   \n# only a comment\n", "the file is empty"),
        (b"\x00\x01\xff\xfe" * 50, "not text"),
        (b"a" * 10_000_000, "allowed are"),
        (b"just words", "expected 'key: value' pairs"),
        (b"- a\n- b\n", "expected 'key: value' pairs"),
        (b"patient: {seen_on: 2024-01-01\n", "not valid YAML"),
        (b"patient:\n  seen_on: 2024-01-01\n  seen_on: 2025-01-01\n", "patient.yaml:3: the key 'seen_on' is written twice"),
        (b"a: &x 1\nb: *x\n", "anchors and aliases"),
        (b"patient: " + b"[" * 5_000, "nest"),
        (b"patient: " + b"{a: " * 5_000, "nest"),
        (b"patient: {age_years: " + b"9" * 6_000 + b"}", "patient.yaml:"),
        (b"--- a\n--- b\n", "not valid YAML"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_scenario_is_refused(refusal: Refusal, content: bytes, words: str) -> None:
    assert words in refusal(content)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plan"], "SCENARIO"),
        (["plann", "man"], "invalid choice"),
        (["plan", "mann"], "did you mean 'man'?"),
        (["plan", "no/such/file.yaml"], "no such file"),
        (["plan", str(ROOT / "data")], "not a file"),
        (["plan", "a\0b"], "no such file"),
        (["plan", "x" * 5000], "no such file"),
        (["plan", "man", "--day", "2011-12-31"], "--day: 2011-12-31 is outside this edition"),
        (["plan", "man", "--day", "2026-13"], "is not a day"),
        (["plan", "man", "--day", ""], "is not a day"),
        (["plan", "man", "--regulator", "fda"], "did you mean 'FDA'?"),
        (["plan", "man", "nobody", "--json"], "nobody: no such file"),
        (["plan", "man", "--jason"], "unrecognized arguments"),
        (["options", "man", "--day", "٢٠٢٠"], "is not a day"),
        (["check", "no-folder"], "not a folder"),
        (["build", "--output", "/dev/null/x"], "cannot be written"),
        (["new", "trial", "Not An Id"], "lowercase words joined by hyphens"),
        (["new", "rule", "somewhere"], "a rule needs its folder"),
        (["new", "trial", "../../evil"], "no folder here"),
        (["dashboard", "--port", "70000"], "is not a port"),
    ],
)
def test_a_command_line_that_cannot_be_used_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err


def answered_or_refused(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["plan", "--json", str(path)])
    out, err = capsys.readouterr()
    assert code in {0, 2}
    if code:
        assert (out, bool(err.strip())) == ("", True)
    else:
        json.loads(out)


@FUZZ
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "any.yaml").write_bytes(content)
    answered_or_refused(tmp_path / "any.yaml", capsys)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(max_size=8)
    | st.sampled_from(["male", "adjuvant", "letrozole", "2024-05", "positive", "bone", "1e999", "progression"])
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


def paths(value: object, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place of the good scenario."""
    inner: list[tuple[str | int, ...]] = [here] if here else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return inner + [path for key, item in items for path in paths(item, (*here, key))]


@FUZZ
@given(path=st.sampled_from(paths(GOOD)), value=VALUES)
def test_any_value_at_any_place_of_a_good_scenario(
    path: tuple[str | int, ...], value: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = copy.deepcopy(GOOD)
    place: Any = scenario
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    (tmp_path / "any.yaml").write_text(yaml.safe_dump(scenario, allow_unicode=False), encoding="utf-8")
    answered_or_refused(tmp_path / "any.yaml", capsys)


FIELDS = ["sites", "interacting_drugs", "agents_given", "her2_state", "qtcf_ms", "goal", "name", "seen_on", "x", "all"]


@FUZZ
@given(patient=st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=6), VALUES, max_size=5))
def test_any_patient(patient: dict[str, object], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = yaml.safe_dump({"patient": {"seen_on": "2024-01-01", **patient}}, allow_unicode=False)
    (tmp_path / "any.yaml").write_text(text, encoding="utf-8")
    answered_or_refused(tmp_path / "any.yaml", capsys)

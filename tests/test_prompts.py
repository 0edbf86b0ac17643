"""Warnings about the input: what is unusual is said and kept, what is usual is not."""

from typing import Any

import pytest

from mbc_widgets.knowledge import load
from mbc_widgets.patient import read_patient
from mbc_widgets.workbook import look, scenario

VISIT = {"seen_on": "2026-06-01", "first_metastatic_day": "2024-01-10"}
LETROZOLE = {
    "agents": ["palbociclib", "letrozole"],
    "setting": "metastatic",
    "start": "2024-02-01",
    "stop": "2025-06-01",
    "stop_reason": "progression",
}


def warned(**patient: Any) -> set[str]:
    known = load()
    read = read_patient({**VISIT, **patient}, known.vocabulary, frozenset(known.agents))
    return {warning.code for warning in look(read, day="2026-11-23", regulator="FDA").warnings}


@pytest.mark.parametrize(
    ("second", "overlaps"),
    [
        ({"agents": ["fulvestrant"], "setting": "metastatic", "start": "2025-05-01"}, True),
        ({"agents": ["fulvestrant"], "setting": "metastatic", "start": "2025-06-01"}, False),
        ({"agents": ["denosumab"], "setting": "metastatic", "start": "2024-03-01"}, False),
        ({"agents": ["goserelin"], "setting": "metastatic", "start": "2024-02-01"}, False),
    ],
)
def test_two_lines_at_the_same_time_are_named(second: dict[str, Any], *, overlaps: bool) -> None:
    assert ("overlap" in warned(prior_therapies=[LETROZOLE, second])) is overlaps


def test_brain_among_the_sites_asks_for_its_state() -> None:
    assert "brain-state" in warned(sites=["brain", "bone"])
    assert "brain-state" not in warned(sites=["brain", "bone"], brain_state="stable_treated")
    assert "brain-state" not in warned(sites=["bone"])


def told_of_trials(name: str, **changed: Any) -> str:
    patient, day, regulator = scenario(name)
    found = look(patient.replace(**changed), day=day, regulator=regulator).warnings
    return " ".join(warning.text for warning in found if warning.code == "no-trial")


@pytest.mark.parametrize("name", ["luminal-2012", "esr1-after-cdk46", "frail-80", "many-lines-2026", "germline-brca"])
def test_a_patient_of_ecog_3_is_told_that_no_trial_took_such_a_patient(name: str) -> None:
    """The trials of endocrine, targeted and conjugate therapy asked for ECOG 0-1 or 0-2."""
    told = told_of_trials(name, performance_status=3)
    assert told.startswith("None of the ") or "each kept such patients out" in told
    assert "ECOG performance status" in told


@pytest.mark.parametrize("name", ["esr1-after-cdk46", "tnbc-pdl1-negative", "man"])
def test_active_brain_metastases_are_named_as_what_the_trials_kept_out(name: str) -> None:
    told = told_of_trials(name, brain_state="active_symptomatic")
    assert told.startswith("Brain metastases: ")
    assert "each kept such patients out" in told


def test_a_usual_patient_and_an_unknown_state_are_not_told_that_no_trial_took_them() -> None:
    assert told_of_trials("esr1-after-cdk46") == ""
    assert told_of_trials("esr1-after-cdk46", esr1=None) == ""
    assert told_of_trials("luminal-2012") == ""


def about_samples(*samples: tuple[str, float, float, str]) -> dict[str, str]:
    """Give what is said, by code, of samples of (day, ER, PR, method)."""
    known = load()
    rows = [
        {"day": day, "site": "bone", "er_percent": er, "pr_percent": pr, "her2": "one_plus", "method": method}
        for day, er, pr, method in samples
    ]
    read = read_patient({**VISIT, "receptor_samples": rows}, known.vocabulary, frozenset(known.agents))
    said = {warning.code: warning.text for warning in look(read, day="2026-11-23", regulator="FDA").warnings}
    return {code: said[code] for code in ("receptor-lost", "er-lost", "doubtful-negative") if code in said}


FIRST = ("2019-03-01", 90, 50, "core")


def test_a_lost_receptor_is_said_with_both_samples() -> None:
    """Clinical review 3: both states are kept and neither is silently decisive."""
    said = about_samples(FIRST, ("2026-05-01", 0, 0, "core"))
    assert list(said) == ["receptor-lost"]
    assert "ER 90 %, PR 50 % (bone, 2019-03-01)" in said["receptor-lost"]
    assert "ER 0 %, PR 0 % (bone, 2026-05-01)" in said["receptor-lost"]
    assert about_samples(FIRST, ("2026-05-01", 80, 0, "core")) == {}
    assert about_samples(("2026-05-01", 0, 0, "core")) == {}


@pytest.mark.parametrize("method", ["decalcified", "cytology"])
def test_a_negative_that_does_not_count_is_said(method: str) -> None:
    """ASCO 2015: careful attention to assay performance, particularly for bone metastases."""
    doubtful = ("2026-05-01", 0, 0, method)
    assert list(about_samples(FIRST, doubtful)) == ["doubtful-negative"]
    assert about_samples(FIRST, doubtful, ("2026-05-20", 70, 0, "core")) == {}
    said = about_samples(FIRST, ("2025-05-01", 0, 0, "core"), doubtful)
    assert list(said) == ["receptor-lost"]
    assert "2025-05-01" in said["receptor-lost"]


def test_er_lost_with_pr_kept_is_said() -> None:
    assert list(about_samples(FIRST, ("2026-05-01", 0, 60, "core"))) == ["er-lost"]

"""Truth tables: one word a cell, the best verdict of what a column covers."""

import pytest

import mbc_widgets as mbc
from mbc_widgets.truth import CELLS, truth_table
from mbc_widgets.workbook import View


@pytest.fixture(scope="module")
def view() -> View:
    patient, day, regulator = mbc.scenario("esr1-after-cdk46")
    return mbc.look(patient, day=day, regulator=regulator)


def test_a_cell_is_the_verdict_of_the_option(view: View) -> None:
    names = [option.regimen.id for option in view.options if not option.regimen.variant_of]
    table = truth_table({"her": view}, names)
    for option in view.options:
        if option.regimen.id in names and view.snapshot.knowledge.covered[option.regimen.id] == (option.regimen.id,):
            assert table.loc["her", option.regimen.id] == CELLS[option.verdict]


def test_a_group_shows_its_best_member(view: View) -> None:
    members = view.snapshot.knowledge.covered["oral-serd-alone"]
    best = {option.verdict for option in view.options if option.regimen.id in members}
    assert "offered" in best
    assert truth_table({"her": view}, ["oral-serd-alone"]).iloc[0, 0] == "offered"


def test_what_cannot_concern_a_patient_is_not_offered(view: View) -> None:
    """A variant with suppression stands for no woman after the menopause."""
    assert all(option.regimen.id != "letrozole+goserelin" for option in view.options)
    assert truth_table({"her": view}, ["letrozole+goserelin"]).iloc[0, 0] == "-"


def test_an_unknown_name_is_refused_with_the_nearest(view: View) -> None:
    with pytest.raises(ValueError, match="'elacestrnt' is neither a regimen nor a group; did you mean 'elacestrant'"):
        truth_table({"her": view}, ["elacestrnt"])


def test_a_patient_is_changed_with_the_words_of_a_scenario_file() -> None:
    patient, _, _ = mbc.scenario("esr1-after-cdk46")
    row = {
        "agents": ["letrozole"],
        "setting": "metastatic",
        "start": "2025-01-01",
        "stop": "2025-09-01",
        "stop_reason": "progression",
    }
    changed = patient.replace(first_metastatic_day="2024-12-01", seen_on="2026-06-01", prior_therapies=[row])
    assert changed.as_dict()["prior_therapies"] == [row]
    assert changed.seen_on.isoformat() == "2026-06-01"
    with pytest.raises(mbc.PatientError, match="letrozol"):
        patient.replace(prior_therapies=[{**row, "agents": ["letrozol"]}])

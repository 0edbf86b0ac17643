"""The page value: what a gap is called, which days are listed, and whose guidelines are left out of the list."""

from typing import Any

import pytest

from mbc_widgets.figures import words
from mbc_widgets.figures.cards import lacking
from mbc_widgets.figures.page import build_page, days
from mbc_widgets.knowledge import load
from mbc_widgets.workbook import look, scenario

K = load()


def page(name: str, **place: str) -> dict[str, Any]:
    patient, day, regulator = scenario(name)
    return build_page(look(patient, **{"day": day, "regulator": regulator} | place))


def planned(shown: dict[str, Any]) -> list[dict[str, Any]]:
    return [bar for lane in shown["board"]["lanes"] for bar in lane["bars"] if not bar["given"]]


@pytest.mark.parametrize("name", ["luminal-2012", "er-low", "tnbc-pdl1-negative"])
def test_a_figure_that_nobody_read_and_one_that_nobody_told_have_two_words_and_two_counts(name: str) -> None:
    shown = page(name)
    gaps = [bar["lack"] for bar in planned(shown)]
    assert set(gaps) <= {"", words.UNVERIFIED, words.NO_FIGURE}
    assert all((bar["median"] is None) == bool(bar["lack"]) for bar in planned(shown))
    unread = sum(not row["verified"] for row in shown["evidence"]["rows"])
    assert f"In the table {unread} of {len(shown['evidence']['rows'])} results are unverified" in shown["figures_note"]
    note = f"{gaps.count(words.UNVERIFIED)} of {len(gaps)} planned lines are unverified, and {gaps.count(words.NO_FIGURE)} have no figure"
    assert note in shown["figures_note"]


def test_a_line_of_which_only_a_recalled_median_is_told_is_unverified() -> None:
    names = [scenario(name) for name in K.scenarios]
    options = [o for patient, day, where in names for o in look(patient, day=day, regulator=where).options]
    found = {lacking(option, None) for option in options}
    assert found == {words.UNVERIFIED, words.NO_FIGURE}


def test_a_day_of_a_guideline_names_its_body_and_another_region_s_is_not_listed() -> None:
    listed = {where: [day["what"] for day in days(K, where)] for where in ("FDA", "EMA")}
    assert any(what.startswith("ASCO: Rapid recommendation update") for what in listed["FDA"])
    assert not [what for what in listed["FDA"] if "NICE" in what or "ESMO: " in what]
    assert not [what for what in listed["EMA"] if "ASCO: " in what]
    assert any("NICE" in what for what in listed["EMA"])


def test_the_list_of_bodies_says_who_speaks_elsewhere_and_what_is_not_encoded() -> None:
    here, there = page("esr1-after-cdk46"), page("esr1-after-cdk46", regulator="EMA")
    assert here["bodies_elsewhere"] == "ESMO, NICE: under the EMA"
    assert there["bodies_elsewhere"] == "ASCO: under the FDA"
    notes = [shown["options"]["groups"][0]["note"] for shown in (here, there)]
    assert ["NCCN" in note for note in notes] == [True, False]


def test_a_caution_whose_source_names_no_year_says_so_on_an_older_day() -> None:
    """ESR1 was found to matter after 2012; the PDQ page that says so carries no year."""
    rule = next(r for topic in K.safety for r in topic.rules if r.id == "S-C05")
    patient = scenario("esr1-after-cdk46")[0]
    then, now = (look(patient, day=day).snapshot for day in ("2012-03-19", "2026-11-23"))
    assert "names no year: perhaps not known on this day" in words.rule_text(rule, rule.text, then)
    assert words.rule_text(rule, rule.text, now) == rule.text


def test_nothing_younger_is_used_but_a_definition_that_is_named() -> None:
    told = {
        day: {each.code: each.text for each in look(scenario("esr1-after-cdk46")[0], day=day).warnings}
        for day in ("2012-03-19", "2020-01-01")
    }
    assert "nothing younger but the definition named here" in told["2012-03-19"]["older-day"]
    assert "nothing younger; what is shown" in told["2020-01-01"]["older-day"]


def test_the_forest_has_the_ratios_that_were_read_and_no_other() -> None:
    """EMERALD: 0.55 (0.39-0.77) in ESR1-mutated disease, doi 10.1200/JCO.22.00338."""
    rows = page("esr1-after-cdk46")["evidence"]["rows"]
    drawn = [row for row in rows if row["forest"]]
    assert {"value": 0.55, "low": 0.39, "high": 0.77} in [row["forest"] for row in drawn if row["trial"] == "EMERALD"]
    for row in rows:
        if row["forest"]:
            assert row["verified"]
            assert row["hazard_ratio"].startswith(f"{row['forest']['value']:g}")
            assert row["against"]
        elif row["verified"]:
            assert row["hazard_ratio"] == "-" or "other arm" in row["hazard_ratio"]

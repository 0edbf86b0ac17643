"""Three clocks: first report, licence and first recommendation, with the days that licences and trials have."""

from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbc_widgets.figures.clocks import clocks
from mbc_widgets.knowledge import load
from mbc_widgets.workbook import View, look, scenario

K = load()
SEED, TODAY = "2012-03-19", "2026-07-01"
FEW = settings(deadline=None, max_examples=15, derandomize=True, database=None)


@cache
def seen(name: str = "esr1-after-cdk46", day: str = TODAY, regulator: str = "FDA") -> View:
    return look(scenario(name)[0], day=day, regulator=regulator)


def row(value: dict[str, Any], regimen: str) -> dict[str, Any]:
    return next(each for each in value["rows"] if each["id"] == regimen)


def test_elacestrant_was_reported_in_december_2021_and_allowed_thirteen_months_later() -> None:
    """EMERALD, San Antonio 8 Dec 2021; FDA 27 Jan 2023; ASCO 2024."""
    found = row(clocks(seen(day=SEED), seen()), "elacestrant")
    assert found["reported"]["day"] == "2021-12-08"
    assert [(bar["kind"], bar["from"]) for bar in found["bars"]] == [("patient", "2023-01-27")]
    assert found["words"] == "13 mo to allowed"
    assert found["recommended"]["label"] == "2024-02"


def test_a_licence_for_others_is_drawn_apart_from_the_one_for_such_a_patient() -> None:
    """Trastuzumab deruxtecan: FDA 5 Aug 2022 after chemotherapy, 27 Jan 2025 before it."""
    found = row(clocks(seen(day=SEED), seen()), "trastuzumab-deruxtecan")
    assert [(bar["kind"], bar["from"]) for bar in found["bars"]] == [
        ("others", "2022-08-05"),
        ("patient", "2025-01-27"),
    ]
    assert found["bars"][0]["to"] == "2025-01-27"
    assert "31 mo for such a patient" in found["words"]


def test_palbociclib_with_letrozole_begins_on_the_day_that_teachers_know() -> None:
    found = row(clocks(seen("luminal-2012", SEED), seen("luminal-2012", "2026-11-23")), "palbociclib+letrozole")
    assert found["bars"][-1]["from"] == "2015-02-03"
    europe = clocks(seen("luminal-2012", SEED, "EMA"), seen("luminal-2012", "2026-11-23", "EMA"))
    assert row(europe, "palbociclib+letrozole")["bars"][-1]["from"] == "2016-11-09"


def test_a_decision_that_is_due_is_a_question_mark_on_its_day() -> None:
    found = row(clocks(seen(day=SEED), seen()), "giredestrant+everolimus")
    assert found["pending"]["day"] == "2026-12-18"
    assert not found["bars"]


def test_a_withdrawn_licence_ends_on_its_day() -> None:
    """Atezolizumab with nab-paclitaxel: 8 Mar 2019 to 27 Aug 2021 in the United States."""
    value = clocks(seen("tnbc-pdl1-positive", "2020-01-01"), seen("tnbc-pdl1-positive", "2022-01-01"))
    (bar,) = row(value, "atezolizumab+nab-paclitaxel")["bars"]
    assert (bar["from"], bar["to"], bar["withdrawn"]) == ("2019-03-08", "2021-08-27", True)


def test_an_old_licence_without_a_day_begins_before_the_axis_and_is_not_leaned_on() -> None:
    (bar,) = row(clocks(seen(day=SEED), seen()), "tamoxifen")["bars"]
    assert (bar["before"], bar["unverified"], bar["from"]) == (True, True, "2012-01-01")


@FEW
@given(
    st.sampled_from(sorted(K.scenarios)),
    st.dates(date(2012, 1, 1), date(2026, 11, 23)).map(date.isoformat),
    st.dates(date(2012, 1, 1), date(2026, 11, 23)).map(date.isoformat),
    st.sampled_from(K.edition.regulators),
)
def test_nothing_after_the_later_day_is_drawn_but_a_day_that_is_due(
    name: str, one: str, other: str, regulator: str
) -> None:
    value = clocks(seen(name, one, regulator), seen(name, other, regulator))
    horizon = max(one, other)
    for each in value["rows"]:
        assert all(bar["from"] <= bar["to"] <= horizon for bar in each["bars"])
        assert all(each[key]["day"] <= horizon for key in ("reported", "recommended") if each[key])
        assert each["spoken"].startswith(f"{each['name']}: ")
    assert len(value["table"]["rows"]) == len(value["rows"])
    assert [each[0] for each in value["table"]["rows"]] == [each["name"] for each in value["rows"]]


@pytest.mark.parametrize("name", sorted(K.scenarios))
def test_rows_are_in_order_of_their_first_day_and_every_offered_option_has_one(name: str) -> None:
    then, now = seen(name, SEED), seen(name)
    value = clocks(then, now)
    ids = [each["id"] for each in value["rows"]]
    assert {*now.offered()} <= set(ids)
    days = [each["reported"]["day"] for each in value["rows"] if each["reported"]]
    assert days == sorted(days)
    assert sum(each["first"] for each in value["rows"] if not each["id"].startswith("test-")) <= 16


def test_which_side_comes_first_does_not_change_the_clocks() -> None:
    assert clocks(seen(day=SEED), seen()) == clocks(seen(), seen(day=SEED))


def test_the_same_words_are_in_the_table_and_beside_the_row() -> None:
    value = clocks(seen(day=SEED), seen())
    assert [cells[-1] for cells in value["table"]["rows"]] == [each["words"] for each in value["rows"]]


def test_every_dated_fact_of_a_row_has_a_source() -> None:
    facts = [fact for each in clocks(seen(day=SEED), seen())["rows"] for fact in each["facts"]]
    assert facts
    assert all(fact["source"] for fact in facts)


def test_the_esr1_test_was_advised_from_may_2023_on_and_no_day_before() -> None:
    """ASCO rapid update on ESR1 testing, 17 May 2023."""
    found = row(clocks(seen(day=SEED), seen()), "test-esr1")
    assert found["bars"][0]["from"] == "2023-05-17"
    assert found["words"] == "advised by ASCO since 2023-05"
    earlier = clocks(seen(day=SEED), seen(day="2023-05-16"))
    assert not [each for each in earlier["rows"] if each["id"] == "test-esr1"]


def test_between_two_patients_the_licensed_drugs_of_one_of_them_are_among_the_first_rows() -> None:
    value = clocks(seen("germline-brca", "2025-03-03", "EMA"), seen())
    assert row(value, "elacestrant")["first"]


def test_under_two_regulators_what_only_one_of_them_opened_is_among_the_first_rows() -> None:
    value = clocks(seen(), seen(regulator="EMA"))
    assert row(value, "trastuzumab-deruxtecan")["first"]

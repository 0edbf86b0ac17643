"""The lane: bars in months since metastatic diagnosis, to scale, one after the other, with nothing added up."""

from datetime import timedelta
from functools import cache

import pytest

from mbc_widgets.knowledge import load
from mbc_widgets.patient import DAYS_PER_MONTH
from mbc_widgets.timeline import NOMINAL_MONTHS, SHORTEST_GIVEN, Bar, given, now_month
from mbc_widgets.workbook import View, look, scenario
from mbc_widgets.workbook import patient as read
from tests.test_options import drawn

K = load()


@cache
def views() -> tuple[View, ...]:
    taught = [
        look(scenario(name, K)[0], day=day, regulator=reg, knowledge=K)
        for name in K.scenarios
        for day in ("2016-06-01", "2026-11-23")
        for reg in K.edition.regulators
    ]
    return (*taught, *(look(p, day=s.day, regulator=s.regulator, knowledge=K) for p, s in drawn()[:60]))


def lanes() -> list[tuple[View, tuple[Bar, ...]]]:
    return [(view, lane) for view in views() for lane in view.lanes]


def test_no_bar_is_negative_or_empty() -> None:
    for _, lane in lanes():
        assert all(0 <= bar.start < bar.end for bar in lane)


def test_a_planned_bar_starts_where_the_one_before_ends_and_the_first_one_now() -> None:
    for view, lane in lanes():
        at = now_month(view.patient)
        for bar in lane:
            if bar.planned:
                assert bar.start == pytest.approx(at)
                at = bar.end


def test_a_planned_bar_is_as_long_as_its_median_or_nominal_without_a_number() -> None:
    for _, lane in lanes():
        for bar in lane:
            if bar.planned:
                months = bar.planned.months
                assert bar.end - bar.start == pytest.approx(months.value if months else NOMINAL_MONTHS)
                if months is None:
                    assert (bar.low, bar.high) == (None, None)


def test_an_interval_holds_the_end_of_its_bar() -> None:
    for _, lane in lanes():
        for bar in lane:
            assert bar.low is None or bar.start < bar.low <= bar.end
            assert bar.high is None or bar.high >= bar.end


def test_a_given_bar_is_as_long_as_the_therapy_was() -> None:
    for view in views():
        for bar in given(view.patient, K):
            therapy = bar.given
            assert therapy
            days = ((therapy.stop or view.patient.seen_on) - therapy.start).days
            if bar.start > 0 and days > 20:
                assert bar.end - bar.start == pytest.approx(days / DAYS_PER_MONTH, abs=0.2)  # months differ in length


def test_only_metastatic_therapy_has_a_bar_and_each_has_one() -> None:
    for view in views():
        late = [t for t in view.patient.prior_therapies if t.setting == "metastatic"]
        assert [bar.given for bar in given(view.patient, K)] == late


def test_a_line_has_one_number_on_the_board_and_in_the_count() -> None:
    for view in views():
        numbers = [bar.line for bar in given(view.patient, K)]
        begun = (
            view.facts.values["metastatic_lines"] + view.facts.values["_line_again"]
        )  # one that was left counts later
        assert max(numbers, default=0) == begun, numbers


def numbered(*rows: tuple[str, str, str, str]) -> list[tuple[int, str]]:
    """Give (line, drugs) of the bars of a history of (drugs, start, stop, why it stopped)."""
    history = [
        {"agents": drugs.split("+"), "setting": "metastatic", "start": start, "stop": stop, "stop_reason": why}
        for drugs, start, stop, why in rows
    ]
    patient = read({"seen_on": "2026-06-01", "first_metastatic_day": "2023-01-01", "prior_therapies": history}, K)
    return [(bar.line, bar.regimen) for bar in given(patient, K)]


def test_chemotherapy_after_an_endocrine_line_left_for_toxicity_has_the_next_number() -> None:
    """DESTINY-Breast04 and -Breast06 count lines of chemotherapy and of endocrine therapy, whatever ended them (registry)."""
    left = ("ribociclib+letrozole", "2023-01-01", "2023-05-01", "toxicity")
    assert numbered(left, ("capecitabine", "2023-05-20", "2024-05-01", "progression"))[1] == (2, "capecitabine")
    assert numbered(left, ("abemaciclib+letrozole", "2023-05-20", "2024-05-01", "progression"))[1][0] == 1


def test_a_bone_agent_has_the_number_of_the_line_that_it_is_given_beside() -> None:
    found = numbered(
        ("letrozole", "2023-01-01", "2024-06-01", "progression"),
        ("denosumab", "2023-01-15", "2025-01-15", "completed"),
        ("capecitabine", "2024-06-10", "2025-06-01", "progression"),
    )
    assert found == [(1, "letrozole"), (1, "denosumab"), (2, "capecitabine")]


def test_every_lane_of_a_patient_starts_with_the_same_given_bars() -> None:
    for view in views():
        past = given(view.patient, K)
        assert all(lane[: len(past)] == past for lane in view.lanes)


def test_a_therapy_of_some_days_is_still_seen() -> None:
    history = [
        {
            "agents": ["capecitabine"],
            "setting": "metastatic",
            "start": "2026-05-20",
            "stop": "2026-05-21",
            "stop_reason": "toxicity",
        }
    ]
    patient = read({"seen_on": "2026-06-01", "first_metastatic_day": "2026-05-01", "prior_therapies": history}, K)
    (bar,) = given(patient, K)
    assert bar.end - bar.start == pytest.approx(SHORTEST_GIVEN)


def test_months_count_from_metastatic_diagnosis_or_else_from_the_first_metastatic_therapy() -> None:
    history = [{"agents": ["letrozole"], "setting": "metastatic", "start": "2025-06-01"}]
    with_day = read({"seen_on": "2026-06-01", "first_metastatic_day": "2025-03-01", "prior_therapies": history}, K)
    without = read({"seen_on": "2026-06-01", "prior_therapies": history}, K)
    never = read({"seen_on": "2026-06-01"}, K)
    assert [round(now_month(p)) for p in (with_day, without, never)] == [15, 12, 0]


def test_a_bar_that_goes_on_ends_now() -> None:
    patient = read(
        {
            "seen_on": "2026-06-01",
            "first_metastatic_day": "2025-03-01",
            "prior_therapies": [{"agents": ["letrozole"], "setting": "metastatic", "start": "2025-06-01"}],
        },
        K,
    )
    (bar,) = given(patient, K)
    assert bar.end == pytest.approx(now_month(patient))
    assert timedelta(days=(bar.end - bar.start) * DAYS_PER_MONTH).days == pytest.approx(365, abs=1)

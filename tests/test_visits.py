"""Planned visits: each day somebody has to come, by the schedules and monitoring plans of the US labels, counted once."""

from dataclasses import replace
from pathlib import Path

import pytest

from mbc_widgets.compiler import DataError
from mbc_widgets.eligibility import Option, options
from mbc_widgets.facts import facts
from mbc_widgets.figures.cards import card
from mbc_widgets.knowledge import load
from mbc_widgets.records import Regimen
from mbc_widgets.strategies import STRATEGIES, early_visits, visits_per_month
from mbc_widgets.workbook import look, scenario
from tests.test_knowledge import compiled, write

K = load()
MONTH = 30.4375  # days

# Days beside the usual ones, by hand from the US labels. Fulvestrant 500 mg on days 1, 15, 29, then monthly. Palbociclib:
# counts on day 15 of cycles 1 and 2. Ribociclib: ECG about day 14, counts and liver every 2 weeks for 2 cycles. Abemaciclib:
# the same every 2 weeks for 2 months. Alpelisib: glucose weekly for 2 weeks. Inavolisib: every 3 days in week 1, weekly to
# day 28, then every 2 weeks. Capivasertib: day 3 or 4 of weeks 1, 2, 4, 6, 8. Datopotamab deruxtecan: eyes at the start.
LABELS = {
    "letrozole": set(),
    "elacestrant": set(),
    "fulvestrant": {15},
    "fulvestrant+goserelin": {15},
    "ribociclib+letrozole": {15, 43},
    "palbociclib+letrozole": {15, 43},
    "abemaciclib+letrozole": {15, 43},
    "ribociclib+fulvestrant": {15, 43},  # the loading dose, the count and the ECG are one visit
    "palbociclib+fulvestrant": {15, 43},
    "abemaciclib+fulvestrant": {15, 43},  # days 29 and 57 are those of the injection
    "alpelisib+fulvestrant": {8, 15},
    "capivasertib+fulvestrant": {3, 10, 15, 24, 38, 52},
    "inavolisib+palbociclib+fulvestrant": {4, 7, 15, 22, 43},  # 29 and 57 are those of the injection
    "gedatolisib+fulvestrant": set(),  # day 15 is an infusion day
    "gedatolisib+palbociclib+fulvestrant": set(),
    "datopotamab-deruxtecan": {0},
    "trastuzumab-deruxtecan": set(),
}
MITOMYCIN = Regimen(id="mitomycin", agents=("mitomycin",), groups=(), palette="chemo", backbone="chemotherapy")
USUAL = {"gedatolisib+fulvestrant": 3 / 28, "trastuzumab-deruxtecan": 1 / 21, "datopotamab-deruxtecan": 1 / 21}


def option(regimen: str) -> Option:
    snapshot = K.on("2026-11-23", "FDA")
    state = facts(scenario("esr1-after-cdk46")[0], snapshot)
    candidate = next(c for c in snapshot.candidates if c.regimen.id == regimen)
    answers = options(state, snapshot, flips=False)[0].answers
    return Option(candidate=candidate, verdict="offered", facts=state, snapshot=snapshot, answers=answers)


@pytest.mark.parametrize("regimen", LABELS)
def test_the_extra_days_are_those_of_the_labels_and_none_is_counted_twice(regimen: str) -> None:
    drugs = [K.agents[agent] for agent in K.regimens[regimen].agents]
    assert early_visits(drugs) == LABELS[regimen]


@pytest.mark.parametrize("regimen", ["letrozole", "ribociclib+letrozole", "capivasertib+fulvestrant", *USUAL])
def test_the_mean_is_over_six_months(regimen: str) -> None:
    days = 6 * MONTH
    usual = days * USUAL.get(regimen, 1 / 28)
    assert visits_per_month(option(regimen)) == pytest.approx((usual + len(LABELS[regimen])) / 6)


def test_a_tablet_with_checks_means_more_visits_than_a_tablet_without() -> None:
    """REVIEW, finding 48: one visit a cycle is wrong in the first two months of ribociclib, alpelisib and abemaciclib."""
    alone = visits_per_month(option("letrozole"))
    for drug in ("ribociclib", "palbociclib", "abemaciclib"):
        assert visits_per_month(option(f"{drug}+letrozole")) > alone
    assert visits_per_month(option("capivasertib+fulvestrant")) > visits_per_month(option("alpelisib+fulvestrant"))


def test_a_drug_given_every_six_weeks_still_needs_a_visit_in_four() -> None:
    found = replace(option("letrozole"), candidate=replace(option("letrozole").candidate, regimen=MITOMYCIN))
    assert visits_per_month(found) == pytest.approx(MONTH / 28)


def test_the_strategy_says_what_it_counts() -> None:
    note = STRATEGIES["fewest-visits"].note
    assert "mean of the first six" in note
    assert "not counted" not in note


def test_every_extra_visit_was_read_in_a_label_and_stands_on_the_card() -> None:
    for agent in K.agents.values():
        if agent.early_visits:
            assert agent.early_visits.verified == "seen", agent.id
            assert K.sources[agent.early_visits.source].kind == "label", agent.id
    view = look(scenario("luminal-2012")[0], day="2026-11-23", regulator="FDA")
    found = view.option("ribociclib+letrozole")
    assert found
    shown = [row for row in card("A1", "", found, None)["rows"] if row["term"] == "More visits"]
    assert [row["text"].split(":")[0] for row in shown] == ["ribociclib"]
    assert "ECG" in shown[0]["text"]


@pytest.mark.parametrize("days", ["[15, 15]", "[43, 15]", "[90]", "[-1]"])
def test_impossible_days_are_refused(days: str, tmp_path: Path) -> None:
    line = f"route: oral\nearly_visits: {{days: {days}, text: Count, source: shared, verified: seen}}\n"
    with pytest.raises(DataError, match=r"days: .*write each day once, in order, from 0"):
        compiled(write(tmp_path, {"agents/alpha.yaml": ("route: oral\n", line)}))

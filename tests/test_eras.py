"""Eras: on a day only what was known, licensed and recommended by then, under that regulator, to the day."""

import os
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbc_widgets.compiler.read import last_day
from mbc_widgets.evidence import rows
from mbc_widgets.facts import facts
from mbc_widgets.knowledge import Candidate, Snapshot, load
from mbc_widgets.records import POSITIVE_POSITIONS, Licence, SafetyRule, Statement
from mbc_widgets.workbook import scenario

DEEP = os.environ.get("MBC_DEEP") == "1"
PROFILE = settings(deadline=None, max_examples=1500 if DEEP else 40, derandomize=not DEEP, database=None)
K = load()
FIRST, LAST = date.fromisoformat(K.edition.first_day), date.fromisoformat(K.edition.current_day)
DAYS = st.dates(FIRST, LAST).map(date.isoformat)
REGULATORS = st.sampled_from(K.edition.regulators)
LICENCES = [(agent, licence) for agent in K.agents.values() for licence in agent.licences]
STATEMENTS = [statement for question in K.questions for statement in question.statements]
RULES = [rule for topic in K.safety for rule in topic.rules]


@cache
def by_regimen(day: str, regulator: str) -> dict[str, Candidate]:
    snapshot = K.on(day, regulator)
    return {c.regimen.id: c for c in (*snapshot.candidates, *snapshot.supportive)}


def near(day: str) -> list[tuple[str, bool]]:
    """Give the day before (False), the day (True) and the day after (True), inside the edition."""
    at = date.fromisoformat(day)
    around = [(at - timedelta(days=1), False), (at, True), (at + timedelta(days=1), True)]
    return [(d.isoformat(), there) for d, there in around if FIRST <= d <= LAST]


def active(name: str) -> bool:
    return K.regimens[name].intent == "active"


def listed(held: tuple[Any, ...], item: object) -> bool:
    return any(h.item is item for h in held)


# ---- nothing of tomorrow


def in_force(item: Statement | SafetyRule, day: str) -> bool:
    return (item.since or day) <= day and (item.until or "9") > day


@PROFILE
@given(DAYS, REGULATORS)
def test_nothing_in_a_snapshot_is_later_than_its_day(day: str, regulator: str) -> None:
    snapshot = K.on(day, regulator)
    for candidate in (*snapshot.candidates, *snapshot.supportive):
        for held in (*candidate.active, *candidate.withdrawn):
            licence: Licence = held.item
            assert licence.regulator == regulator
            assert licence.established or (licence.granted or "9") <= day
        assert all((h.item.withdrawn or "9") > day for h in candidate.active)
        assert all(h.item.withdrawn <= day for h in candidate.withdrawn)
        assert all(in_force(h.item, day) for h in (*candidate.positive, *candidate.against))
        assert all(h.item.position in POSITIVE_POSITIONS for h in candidate.positive)
        rules = [h.item for h in (*candidate.never, *candidate.not_now, *candidate.cautions)]
        assert all(in_force(rule, day) and rule.regulator in {None, regulator} for rule in rules)
    assert all(in_force(statement, day) for statement in snapshot.general_statements())


@PROFILE
@given(DAYS, REGULATORS)
def test_only_a_licence_or_a_read_statement_of_the_region_opens_an_option(day: str, regulator: str) -> None:
    for candidate in K.on(day, regulator).candidates:
        for held in candidate.indications:
            if isinstance(held.item, Statement):
                assert held.item.verified == "seen"
                assert regulator in K.bodies[held.item.body].speaks_for
            else:
                assert listed(candidate.active, held.item)


@PROFILE
@given(DAYS, REGULATORS, st.sampled_from(sorted(K.scenarios)))
def test_no_trial_row_is_shown_before_it_was_reported(day: str, regulator: str, name: str) -> None:
    snapshot = K.on(day, regulator)
    state = facts(scenario(name, K)[0], snapshot)
    for regimen in ("palbociclib+letrozole", "trastuzumab-deruxtecan", "capecitabine", "elacestrant"):
        assert all(row.result.reported <= day for row in rows(regimen, state, snapshot))


# ---- the day before, the day, the day after


@pytest.mark.parametrize("agent", sorted(a.id for a, licence in LICENCES if licence.granted))
def test_a_licence_opens_on_the_day_it_was_granted(agent: str) -> None:
    for licence in K.agents[agent].licences:
        if licence.granted is None or licence.established:
            continue
        for day, there in near(licence.granted):
            for regimen in filter(active, K.expand(licence.covers)):
                candidate = by_regimen(day, licence.regulator)[regimen]
                withdrawn = (licence.withdrawn or "9") <= day
                assert listed(candidate.active, licence) is (there and not withdrawn), (regimen, day)


@pytest.mark.parametrize(
    ("agent", "licence"),
    [pytest.param(a, x, id=f"{a.id} {x.regulator} {x.withdrawn}") for a, x in LICENCES if x.withdrawn],
)
def test_a_withdrawn_licence_is_kept_as_withdrawn_from_that_day_on(agent: Any, licence: Licence) -> None:
    assert licence.withdrawn
    for day, gone in near(licence.withdrawn):
        for regimen in filter(active, K.expand(licence.covers)):
            candidate = by_regimen(day, licence.regulator)[regimen]
            assert listed(candidate.withdrawn, licence) is gone, (agent.id, day)
            assert listed(candidate.active, licence) is not gone


@pytest.mark.parametrize("question", sorted(q.id for q in K.questions))
def test_a_statement_speaks_from_its_first_day_and_not_on_its_last(question: str) -> None:
    (found,) = [q for q in K.questions if q.id == question]
    for statement in found.statements:
        for regimen in [r for r in K.expand(statement.covers) if active(r)][:2]:
            for day, there in near(statement.since):
                candidate = by_regimen(day, "FDA")[regimen]
                assert listed((*candidate.positive, *candidate.against), statement) is there, (statement.id, day)
            for day, gone in near(statement.until) if statement.until else []:
                candidate = by_regimen(day, "FDA")[regimen]
                assert listed((*candidate.positive, *candidate.against), statement) is not gone, (statement.id, day)


def test_a_safety_rule_of_one_regulator_from_a_day_on_stays_there() -> None:
    dated_rules = [rule for rule in RULES if rule.since or rule.regulator]
    assert dated_rules
    for rule in dated_rules:
        regimen = next(name for name, rules in K.rules_of.items() if rule in rules and active(name))
        for day, there in near(rule.since) if rule.since else [(K.edition.current_day, True)]:
            for regulator in K.edition.regulators:
                candidate = by_regimen(day, regulator)[regimen]
                held = (*candidate.never, *candidate.not_now, *candidate.cautions)
                expected = there and rule.regulator in {None, regulator} and (rule.until or "9") > day
                assert listed(held, rule) is expected, (rule.id, day, regulator)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2023-05", "2023-05-31"),
        ("2024-02", "2024-02-29"),
        ("2023-02", "2023-02-28"),
        ("2023", "2023-12-31"),
        (2023, "2023-12-31"),
        ("2023-05-02", "2023-05-02"),
    ],
)
def test_a_month_counts_from_its_last_day(typed: object, day: str) -> None:
    assert last_day(typed) == day


@pytest.mark.parametrize("typed", ["", "2023-13", "2023-5", "2023-02-30", "05/2023", "2023-05-02-01", None, True])
def test_what_is_no_day_is_refused(typed: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the compiler writes the message, with its place
        last_day(typed)


# ---- days that a teacher knows by heart (licence days as in the agents' files, with their sources)

KNOWN = [
    ("palbociclib+letrozole", "FDA", "2015-02-03"),
    ("palbociclib+letrozole", "EMA", "2016-11-09"),
    ("olaparib", "FDA", "2018-01-12"),
    ("alpelisib+fulvestrant", "FDA", "2019-05-24"),
    ("atezolizumab+nab-paclitaxel", "FDA", "2019-03-08"),
    ("trastuzumab-deruxtecan", "FDA", "2022-08-05"),
    ("elacestrant", "FDA", "2023-01-27"),
    ("capivasertib+fulvestrant", "FDA", "2023-11-16"),
    ("inavolisib+palbociclib+fulvestrant", "FDA", "2024-10-10"),
]


@pytest.mark.parametrize(("regimen", "regulator", "first"), KNOWN, ids=str)
def test_the_first_licence_day_is_the_one_that_teachers_know(regimen: str, regulator: str, first: str) -> None:
    granted = [x.granted for _, x in K.licences_of[regimen] if x.regulator == regulator and x.granted]
    assert min(granted) == first


def test_atezolizumab_with_nab_paclitaxel_left_the_united_states_on_2021_08_27() -> None:
    before, after = (by_regimen(day, "FDA")["atezolizumab+nab-paclitaxel"] for day in ("2021-08-26", "2021-08-27"))
    assert (before.closed, after.closed) == (False, True)


def test_every_source_key_of_what_can_be_shown_resolves() -> None:
    items = [*(x for _, x in LICENCES), *STATEMENTS, *RULES]
    lost = [item for item in items if item.source not in K.sources]
    assert not lost


def test_nothing_is_dated_after_the_edition() -> None:
    days = [licence.granted for _, licence in LICENCES if licence.granted] + [s.since for s in STATEMENTS]
    assert max(days) <= K.edition.current_day


def test_a_snapshot_holds_every_active_regimen_once() -> None:
    snapshot: Snapshot = K.on("2026-11-23", "EMA")
    ids = [c.regimen.id for c in (*snapshot.candidates, *snapshot.supportive)]
    assert sorted(ids) == sorted(filter(active, K.regimens))

"""Branches: what a result at a test point would turn in a sequence, and how often a published cohort found it."""

from collections.abc import Iterator
from functools import cache
from itertools import islice

import pytest

from mbc_widgets import openings
from mbc_widgets.answered import Answered
from mbc_widgets.branches import Branch
from mbc_widgets.branches import TestPoint as Point
from mbc_widgets.conditions import holds
from mbc_widgets.eligibility import OFFERED, options
from mbc_widgets.facts import Facts, facts
from mbc_widgets.front import may_be_planned
from mbc_widgets.knowledge import Snapshot, load
from mbc_widgets.neighbours import neighbours
from mbc_widgets.ranking import heard
from mbc_widgets.sequences import SWITCH, Sequence, plan
from mbc_widgets.workbook import patient, scenario
from tests.test_options import drawn

K = load()
TODAY = K.on(K.edition.current_day, "FDA")


@cache
def branched() -> tuple[tuple[str, Sequence, Point, Branch, int], ...]:
    """Give (name, sequence, test point, branch, line of the test point) for scenarios and random patients."""
    found = []
    for name, state, snapshot in _states():
        for sequence in plan(state, snapshot):
            for line in sequence.lines:
                found += [(name, sequence, point, b, line.number) for point in line.tests for b in point.branches]
    return tuple(found)


def _states() -> Iterator[tuple[str, Facts, Snapshot]]:
    for name in K.scenarios:
        person, _, _ = scenario(name, K)
        for regulator in K.edition.regulators:
            snapshot = K.on(K.edition.current_day, regulator)
            yield f"{name} {regulator}", facts(person, snapshot), snapshot
    for number, (person, snapshot) in enumerate(islice(drawn(), 150)):
        yield f"random {number}", facts(person, snapshot), snapshot


def test_there_are_branches_to_look_at() -> None:
    assert len(branched()) > 100
    assert {point.again for _, _, point, _, _ in branched()} == {False, True}


def test_a_branch_is_what_the_strategy_puts_first_when_everything_is_ranked_anew() -> None:
    """The engine looks only at what the result opens; here all options of the changed state are asked and ranked."""
    for name, sequence, _, branch, _ in branched()[::7]:
        state, snapshot = branch.option.facts, branch.option.snapshot
        offered = [option for option in options(state, snapshot, flips=False) if option.verdict == OFFERED]
        context = heard(offered)
        ranked = min(
            (sequence.strategy.key(option, context), index, option.regimen.id)
            for index, option in enumerate(offered)
            if may_be_planned(option, state)
        )
        assert ranked[2] == branch.option.regimen.id, name


def test_a_branch_rests_on_its_result_and_opens_or_lifts_the_option() -> None:
    """Without the result the option is closed, or open and further behind (carboplatin without a germline variant)."""
    for name, sequence, _, branch, _ in branched():
        line = next(line for line in sequence.lines if line.number == branch.line)
        without = line.option.facts
        assert holds(branch.shows, without.values) is not True, name
        assert holds(branch.shows, branch.option.facts.values) is True, name
        read = branch.option.snapshot.fields_of(branch.option.candidate)
        changed = {k for k, value in branch.option.facts.values.items() if without.values.get(k) != value}
        assert read & changed, name


def test_a_branch_never_stands_before_its_test_and_differs_from_the_line_it_replaces() -> None:
    for name, sequence, _, branch, line in branched():
        assert line <= branch.line, name
        replaced = next(each for each in sequence.lines if each.number == branch.line)
        assert branch.option.regimen.id != replaced.option.regimen.id, name


def test_a_share_is_of_this_result_in_a_cohort_like_this_patient() -> None:
    for name, sequence, _, branch, line in branched():
        if branch.share is None:
            continue
        state = next(each for each in sequence.lines if each.number == line).option.facts
        assert branch.share.shows == branch.shows, name
        assert holds(branch.share.when, state.values) is True, name
        assert branch.share.source in K.sources, name


def test_a_known_result_is_asked_again_only_where_a_cohort_says_that_it_changes() -> None:
    for name, sequence, point, branch, line in branched():
        state = next(each for each in sequence.lines if each.number == line).option.facts
        known = state.values.get(point.field) is not None
        assert known == point.again, name
        if point.again:
            assert branch.share is not None, name
            assert branch.share.again, name


def _after_first_line(**more: object) -> dict[str, object]:
    return {
        "age_years": 62, "menopausal_status": "postmenopausal_natural", "seen_on": "2026-06-01", "sites": ["bone", "liver"],
        "receptor_samples": [
            {"day": "2024-03-01", "site": "liver", "tissue": "metastasis", "er_percent": 90, "pr_percent": 20, "her2": "zero_not_subclassified"},
        ],
        "prior_therapies": [
            {"agents": ["ribociclib", "letrozole"], "setting": "metastatic", "start": "2024-04-01", "stop": "2026-05-20", "stop_reason": "progression"},
        ],
        **more,
    }  # fmt: skip


def _branches(raw: dict[str, object], strategy: str = "guideline-first") -> list[tuple[int, Point, Branch]]:
    person = patient(raw, K)
    sequence = next(s for s in plan(facts(person, TODAY), TODAY) if s.strategy.id == strategy)
    return [
        (line.number, point, branch) for line in sequence.lines for point in line.tests for branch in point.branches
    ]


def test_after_a_cdk46_inhibitor_with_letrozole_esr1_is_found_in_35_of_100_and_opens_an_oral_drug() -> None:
    """170 of 480 patients tested at second line after both drugs (meeting abstract e13140); EMERALD's licence asks for it."""
    found = [
        (line, b) for line, point, b in _branches(_after_first_line(germline_brca="negative")) if point.field == "esr1"
    ]
    assert found
    line, branch = found[0]
    assert (line, branch.line) == (2, 2)
    assert branch.share is not None
    assert branch.share.percent == pytest.approx(100 * 170 / 480, abs=0.05)
    assert "oral_serd" in branch.option.candidate.classes


def test_before_any_metastatic_therapy_esr1_is_mutated_in_few() -> None:
    """PADA-1: 33 of 1,017 (3.2 %, 2.2-4.5) before therapy; the share for a patient who had none is never the 46 % of later."""
    shares = [share for share in K.result_shares if share.shows[1] == "esr1"]
    fresh = facts(patient({**_after_first_line(), "prior_therapies": []}, K), TODAY)
    held = [share for share in shares if holds(share.when, fresh.values) is True]
    assert [(share.percent, share.low, share.high) for share in held] == [(3.2, 2.2, 4.5)]


def test_ihc_0_is_read_again_before_a_conjugate_against_her2_is_given_up() -> None:
    """PMC10515285: more than 30 % of historical IHC 0 were HER2-low when trained pathologists read them again."""
    found = [(point, b) for _, point, b in _branches(_after_first_line()) if point.field == "her2_state"]
    assert found
    point, branch = found[0]
    assert point.again
    assert branch.option.regimen.id == "trastuzumab-deruxtecan"
    assert branch.share is not None
    assert branch.share.percent == pytest.approx(30)


def test_answers_taken_over_from_a_known_state_equal_answers_worked_out_anew() -> None:
    for name, state, snapshot in islice(_states(), 60):
        known = Answered(state, snapshot)
        for flip in neighbours(state, snapshot)[:20]:
            taken, anew = _both_ways(state.put(flip.facts), known)
            assert taken.masks(_every(snapshot)) == anew.masks(_every(snapshot)), (name, flip)
            assert taken.verdicts == anew.verdicts, (name, flip)
            for candidate in snapshot.candidates:
                assert taken.said(candidate) == anew.said(candidate), candidate.regimen.id


def test_answers_taken_over_line_after_line_equal_answers_worked_out_anew() -> None:
    """Ages, counts and sets of drugs move in a sequence; so does a fact that becomes unknown (ESR1 after endocrine therapy)."""
    for name, state, snapshot in _states():
        known = Answered(state, snapshot)
        for line in max((s.lines for s in plan(state, snapshot, branches=False)), key=len):
            taken, anew = _both_ways(line.option.facts, known)
            assert taken.masks(_every(snapshot)) == anew.masks(_every(snapshot)), (name, line.number)
            known = taken


def test_each_line_is_what_its_strategy_puts_first_when_its_state_is_asked_anew() -> None:
    """What a plan keeps from state to state (answers, what is said, ranks) is what nobody would find otherwise there."""
    for name, state, snapshot in islice(_states(), 60):
        for sequence in plan(state, snapshot, branches=False):
            for line in sequence.lines:
                if SWITCH in line.option.regimen.groups:
                    continue  # before progression nothing else is due
                offered = Answered(line.option.facts, snapshot).options(OFFERED)
                fresh = [option for option in offered if may_be_planned(option, option.facts)]
                first = sequence.strategy.first_of(fresh, heard(offered))
                assert first
                assert first.regimen.id == line.option.regimen.id, (name, sequence.strategy.id, line.number)


def _both_ways(state: Facts, known: Answered) -> tuple[Answered, Answered]:
    return Answered(state, known.snapshot, known), Answered(state, known.snapshot)


def _every(snapshot: Snapshot) -> int:
    return (1 << len(snapshot.trees)) - 1


def test_no_branch_is_lost_by_ranking_only_what_a_result_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked again with every regimen whose conditions read the result, the same sequences turn at the same lines."""
    states = list(_states())[::2]
    quick = [plan(state, snapshot) for _, state, snapshot in states]
    monkeypatch.setattr(openings, "_turned", lambda indices, _: indices)
    monkeypatch.setattr(openings, "_settled", lambda *_: False)
    for (name, state, snapshot), found in zip(states, quick, strict=True):
        slow = plan(state, snapshot)
        assert [_turned(sequence) for sequence in found] == [_turned(sequence) for sequence in slow], name


def _turned(sequence: Sequence) -> list[tuple[str, int, str]]:
    points = [point for line in sequence.lines for point in line.tests]
    return [(str(b.shows), b.line, b.option.regimen.id) for point in points for b in point.branches]

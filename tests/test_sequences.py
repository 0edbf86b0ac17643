"""Sequences: line after line on a state that moves, frozen to the day; no strategy opens what is closed."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from mbc_widgets.conditions import fields_of
from mbc_widgets.eligibility import options
from mbc_widgets.evidence import CLOSER, TIME_ON_LINE, best
from mbc_widgets.facts import Facts, after, facts
from mbc_widgets.figures.board import board
from mbc_widgets.front import may_be_planned
from mbc_widgets.knowledge import Snapshot, load
from mbc_widgets.merits import cytotoxic_rank, given_before, pathway, repeats_class, unmatched, weak
from mbc_widgets.patient import Patient
from mbc_widgets.ranking import guideline_rank, heard, newer_licence
from mbc_widgets.records import LineShare
from mbc_widgets.sequences import MOST_LINES, Line, Sequence, plan
from mbc_widgets.strategies import STRATEGIES, _sound, hair_and_nerve_rank, route_rank, speed_rank, visits_per_month
from mbc_widgets.workbook import look, scenario
from mbc_widgets.workbook import patient as read
from tests.test_facts import TODAY, Slow, extended
from tests.test_options import drawn

K = load()
DAYS = ("2012-03-19", "2016-06-01", "2019-06-01", "2023-06-01", "2026-11-23")


@cache
def histories() -> tuple[tuple[str, Patient, Facts, Snapshot, tuple[Sequence, ...]], ...]:
    """Give (name, patient, facts, snapshot, sequences): every scenario on five days under both regulators, and random patients."""
    found = []
    for name in K.scenarios:
        patient, own_day, _ = scenario(name, K)
        for day in (own_day, *DAYS):
            for regulator in K.edition.regulators:
                snapshot = K.on(day, regulator)
                found.append((f"{name} on {day} {regulator}", patient, snapshot))
    found += [(f"random {number}", patient, snapshot) for number, (patient, snapshot) in enumerate(drawn())]
    stated = [(name, patient, facts(patient, snapshot), snapshot) for name, patient, snapshot in found]
    return tuple((name, p, state, snapshot, plan(state, snapshot)) for name, p, state, snapshot in stated)


@cache
def planned() -> tuple[tuple[str, Facts, Snapshot, tuple[Sequence, ...]], ...]:
    """Give (name, facts, snapshot, sequences)."""
    return tuple((name, state, snapshot, sequences) for name, _, state, snapshot, sequences in histories())


def lines() -> Iterator[tuple[str, Snapshot, Sequence, Line]]:
    for name, _, snapshot, sequences in planned():
        for sequence in sequences:
            for line in sequence.lines:
                yield (
                    f"{name}, {sequence.strategy.id}, line {line.number}: {line.option.regimen.id}",
                    snapshot,
                    sequence,
                    line,
                )


def given(line: Line) -> set[str]:
    """Give the drugs of a line without ovarian suppression, which goes on whatever the line is."""
    return {a for a in line.option.regimen.agents if K.agents[a].drug_class != "ovarian_suppression"}


# ---- every planned line


def test_a_planned_line_never_repeats_a_drug_that_failed() -> None:
    for told, _, _, line in lines():
        assert not given(line) & line.option.facts.values["agents_progressed_on"], told


def test_a_planned_line_never_brings_back_a_drug_that_was_not_tolerated() -> None:
    told = [told for told, _, _, line in lines() if given(line) & line.option.facts.values["agents_not_tolerated"]]
    assert told[:5] == []


def test_a_planned_line_is_offered_in_its_own_state_on_the_frozen_day() -> None:
    for told, snapshot, _, line in lines():
        option = line.option
        assert option.verdict == "offered", told
        assert not option.blocked_by, told
        assert not option.held_by, told
        assert option.snapshot is snapshot, told
        assert option.licences or option.statements, told
        assert all(x.established or (x.granted or "9") <= snapshot.day for x in option.licences), told
        assert all(s.since <= snapshot.day and (s.until or "9") > snapshot.day for s in option.statements), told


def test_the_state_of_a_line_knows_the_lines_before_it() -> None:
    for _, _, _, sequences in planned():
        for sequence in sequences:
            before: set[str] = set()
            for line in sequence.lines:
                assert before <= line.option.facts.values["agents_progressed_on"]
                before |= given(line)


def test_the_lines_are_numbered_from_the_next_one_to_at_most_the_sixth() -> None:
    """The first planned line has the number that the slow reading gives it once it has been given."""
    for told, patient, _, _, sequences in histories():
        if any(t.stop is None for t in patient.prior_therapies):
            continue  # what runs is given until progression before
        for sequence in sequences:
            numbers = [line.number for line in sequence.lines]
            if numbers:
                longer = extended(patient, sequence.regimens[0], 200)
                assert numbers[0] == Slow(longer, TODAY).lines()["metastatic_lines"], told
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers)) if numbers else []), told
            assert max(numbers, default=1) <= MOST_LINES
            assert sequence.end


def test_a_line_after_the_one_that_runs_is_the_next() -> None:
    for told, patient, state, _, sequences in histories():
        if any(t.stop is None for t in patient.prior_therapies if t.setting == "metastatic"):
            for sequence in sequences:
                begun = int(state.values["metastatic_lines"])
                assert [line.number for line in sequence.lines][:1] in ([], [begun + 1]), told


def test_a_sequence_that_ends_early_really_has_nothing_left() -> None:
    for told, state, _, sequences in planned():
        for sequence in sequences:
            if sequence.end.startswith("no further option"):
                assert len(sequence.lines) < MOST_LINES - int(state.values["metastatic_lines"]), told
                assert "palliative care" in sequence.end


# ---- figures


def test_an_exploratory_subgroup_by_age_or_site_never_stands_for_its_trial() -> None:
    """HORIZON at 65 or younger, PALOMA-2 by visceral disease, S0226 by earlier tamoxifen: the whole trial is drawn."""
    for told, _, _, line in lines():
        row = line.row
        if row is None or not row.result.exploratory or fields_of(row.result.population_when or ("all", ())) <= CLOSER:
            continue
        whole = [
            other
            for other in row.trial.results
            if (other.endpoint, other.reported[:4] <= row.result.reported[:4]) == (row.result.endpoint, True)
            and not other.exploratory and other.population_when is None and other.verified == "seen"
            and other.experimental and other.experimental.value and other.control and other.control.value
        ]  # fmt: skip
        assert not whole, told


def test_a_length_is_the_median_of_one_row_that_was_read_by_the_day() -> None:
    for told, snapshot, _, line in lines():
        if line.row is None:
            assert line.months is None, told
            continue
        result = line.row.result
        assert result.verified == "seen", told
        assert result.reported <= snapshot.day, told
        assert (result.endpoint in TIME_ON_LINE, result.unit) == (True, "months"), told
        assert line.months is line.row.own is (result.experimental if line.row.experimental else result.control), told
        assert line.row.own, told
        assert line.row.own.value, told


def test_a_length_belongs_to_an_arm_that_is_this_regimen() -> None:
    for told, _, _, line in lines():
        if line.row:
            regimen, trial = line.option.regimen, line.row.trial
            arms = {arm.id for arm in trial.arms if {regimen.id, regimen.variant_of} & set(arm.regimens)}
            own = (
                (line.row.result.arm or "experimental")
                if line.row.experimental
                else (line.row.result.control_arm or "control")
            )
            assert own in arms, told


def other_disease(line: Line) -> bool:
    group = line.option.facts.values.get("endocrine_group")
    return (line.row.trial.subtype, group) in {("hr_positive", "negative"), ("triple_negative", "positive")}


def test_a_length_never_comes_from_the_other_disease_nor_from_a_trial_that_misses_more_than_one_defining_point() -> (
    None
):
    wrong = [
        f"{told}: {line.months and line.months.value} of {line.row.trial.id}"
        for told, _, _, line in lines()
        if line.row and (line.row.fit.defining_missed > 1 or other_disease(line))
    ]
    assert wrong[:5] == [], f"{len(wrong)} lines"


def test_a_length_never_comes_from_a_trial_of_a_marker_that_is_not_known_here() -> None:
    """BROCADE3 took germline BRCA carriers only: without that result it says nothing of carboplatin with paclitaxel."""
    snapshot = K.on("2026-11-23", "FDA")
    state = facts(scenario("tnbc-pdl1-negative")[0], snapshot)
    for known, is_length in ((None, False), ("negative", False), ("pathogenic", True)):
        row = best("carboplatin+paclitaxel", Facts(values={**state.values, "germline_brca": known}), snapshot)
        assert (row is not None and row.trial.id == "brocade3") is is_length, known


def test_the_share_of_people_never_grows() -> None:
    for told, _, _, sequences in planned():
        for sequence in sequences:
            shares = [line.share for line in sequence.lines]
            known = [share for share in shares if share is not None]
            assert known == sorted(known, reverse=True), told
            assert shares[: len(known)] == known, told  # once unknown, unknown to the end
            assert not shares or shares[0] == 100


def test_a_share_is_the_product_of_cited_steps() -> None:
    steps = {(s.subtype, s.from_line): s for s in K.line_shares}
    assert all(isinstance(s, LineShare) and 0 < s.percent <= 100 and s.source in K.sources for s in steps.values())
    _, state, _, sequences = next(x for x in planned() if x[0].startswith("tnbc-pdl1-negative on 2026-11-23 FDA"))
    assert state.values["endocrine_group"] == "negative"
    expected = 100.0
    for line in sequences[0].lines:
        assert line.share is None or line.share == pytest.approx(expected)
        step = steps.get(("triple_negative", line.number))
        expected *= step.percent / 100 if step else 1


# ---- strategies


def test_no_strategy_opens_or_closes_an_option() -> None:
    for told, state, snapshot, sequences in planned():
        offered = {o.regimen.id for o in options(state, snapshot, flips=False) if o.verdict == "offered"}
        for sequence in sequences:
            assert not sequence.lines or sequence.lines[0].option.regimen.id in offered, told


def test_every_strategy_is_named_and_has_a_source() -> None:
    for name, strategy in STRATEGIES.items():
        assert strategy.id == name
        assert strategy.label
        assert strategy.note
        assert strategy.source


def by_strategy(sequences: tuple[Sequence, ...]) -> dict[str, Sequence]:
    return {sequence.strategy.id: sequence for sequence in sequences}


def first_cytotoxic(sequence: Sequence) -> int:
    return min((line.number for line in sequence.lines if cytotoxic_rank(line.option)), default=99)


def test_chemotherapy_last_never_starts_a_cytotoxic_drug_earlier_than_the_guideline_order() -> None:
    for told, _, _, sequences in planned():
        named = by_strategy(sequences)
        if "chemotherapy-last" in named:
            late, guided = first_cytotoxic(named["chemotherapy-last"]), first_cytotoxic(named["guideline-first"])
            assert late >= guided, told


def test_chemotherapy_last_gives_a_cytotoxic_drug_only_when_nothing_else_sound_is_left() -> None:
    for told, state, snapshot, sequences in planned():
        sequence = by_strategy(sequences).get("chemotherapy-last")
        if sequence and sequence.lines and cytotoxic_rank(sequence.lines[0].option):
            failed = state.values["agents_progressed_on"] | state.values["agents_not_tolerated"]
            left = [
                o.regimen.id for o in options(state, snapshot, flips=False)
                if o.verdict == "offered" and not cytotoxic_rank(o) and not weak(o) and not repeats_class(o)
                and not set(o.regimen.agents) & failed and "endocrine-alone" not in o.regimen.groups
            ]  # fmt: skip
            assert not left, told


@pytest.mark.parametrize("reason", [{"visceral_crisis": True}, {"emergency": "cord_compression"}])
def test_chemotherapy_is_not_put_off_in_a_crisis(reason: dict[str, object]) -> None:
    patient = scenario("esr1-after-cdk46", K)[0].replace(**reason)
    snapshot = K.on("2026-11-23", "FDA")
    assert "chemotherapy-last" not in by_strategy(plan(facts(patient, snapshot), snapshot))


def test_chemotherapy_is_not_put_off_in_triple_negative_disease() -> None:
    patient, day, regulator = scenario("tnbc-pdl1-negative", K)
    snapshot = K.on(day, regulator)
    assert "chemotherapy-last" not in by_strategy(plan(facts(patient, snapshot), snapshot))


@pytest.mark.parametrize("regulator", K.edition.regulators)
def test_a_second_non_steroidal_inhibitor_never_comes_before_fulvestrant(regulator: str) -> None:
    """Cross-resistance within the class: EFECT gave exemestane or fulvestrant after one, not the other of the two."""
    patient = scenario("luminal-2012", K)[0]
    for day in DAYS:
        for sequence in plan(facts(patient, K.on(day, regulator)), K.on(day, regulator)):
            drugs = [line.option.regimen.id for line in sequence.lines]
            if {"letrozole", "anastrozole"} <= set(drugs):
                later = max(drugs.index("letrozole"), drugs.index("anastrozole"))
                assert "fulvestrant" in drugs[:later], (day, drugs)


def test_a_wish_is_interrupted_in_a_crisis_and_the_soonest_response_asked_for_when_it_presses() -> None:
    for told, state, _, sequences in planned():
        named = set(by_strategy(sequences))
        brain = state.values["brain_state"] == "active_symptomatic"
        crisis = bool(state.values["visceral_crisis"]) or brain or state.values["emergency"] != "no_emergency"
        assert ("oral-first" in named) is not crisis, told
        assert ("spare-hair-and-nerves" in named) is not crisis, told
        presses = (
            state.values["visceral_crisis"] or state.values["pace"] == "rapid" or state.values["symptoms"] == "severe"
        )
        assert ("soonest-response" in named) is bool(presses), told


@pytest.mark.parametrize("strategy", ["oral-first", "spare-hair-and-nerves"])
def test_a_wish_never_starts_with_what_guidelines_put_behind_or_what_failed(strategy: str) -> None:
    for told, state, snapshot, sequences in planned():
        sequence = by_strategy(sequences).get(strategy)
        if sequence and sequence.lines:
            first = sequence.lines[0].option
            front = [
                o for o in options(state, snapshot, flips=False) if o.verdict == "offered" and may_be_planned(o, state)
            ]
            new = [o for o in front if not repeats_class(o)]
            assert not new or not repeats_class(first), told
            in_path = [o for o in new if pathway(o) == min(map(pathway, new))]
            strong = [o for o in in_path if not weak(o)]
            assert not strong or not weak(first), told
            tested = [o for o in strong if not unmatched(o)]
            assert not tested or not unmatched(first), told
            read = {o.regimen.id for o in tested for s in o.statements_here if s.position in {"preferred", "standard"}}
            drugs = [o for o in tested if o.regimen.id in read and o.regimen.backbone != "chemotherapy"]
            assert not drugs or first.regimen.backbone != "chemotherapy", (told, first.regimen.id, read)


def test_for_comfort_the_fewest_visits_mean_the_fewest_drugs() -> None:
    """S-R10: the least burdensome option, or none."""
    patient, day, regulator = scenario("frail-80")
    snapshot = K.on(day, regulator)
    first = by_strategy(plan(facts(patient, snapshot), snapshot))["fewest-visits"].lines[0].option
    assert len(first.regimen.agents) == 1


def test_what_runs_without_progression_is_not_planned_again_and_is_said() -> None:
    patient = scenario("esr1-after-cdk46")[0]
    last = replace(patient.prior_therapies[-1], stop=None, stop_reason="ongoing", progressed_while_on=None)
    view = look(patient.replace(prior_therapies=(last,), esr1="wild_type"), day="2026-11-23", regulator="EMA")
    assert "running-line" in {warning.code for warning in view.warnings}
    for sequence in view.sequences:
        for line in sequence.lines:
            assert not {"letrozole", "palbociclib"} & set(line.option.regimen.agents), sequence.strategy.id
            assert line.number >= 2
        assert sequence.lines[0].option.regimen.id not in {"anastrozole", "exemestane"}


def test_a_patient_who_declines_chemotherapy_has_conjugates_planned_after_other_drugs() -> None:
    """S-N41b: a conjugate carries a cytotoxic drug; whether it is meant as well has to be asked."""
    patient = scenario("esr1-after-cdk46")[0].replace(chemotherapy_declined=True, esr1="wild_type")
    snapshot = K.on("2026-11-01", "FDA")
    for sequence in plan(facts(patient, snapshot), snapshot):
        kinds = [line.option.regimen.backbone == "adc" for line in sequence.lines]
        assert kinds == sorted(kinds), sequence.strategy.id


def test_by_mouth_first_takes_the_easiest_route_among_what_stands_alike() -> None:
    tablets = 0
    for told, state, snapshot, sequences in planned():
        sequence = by_strategy(sequences).get("oral-first")
        if sequence and sequence.lines and not state.values.get("agents_running"):
            first = sequence.lines[0].option
            front = [o for o in options(state, snapshot, flips=False) if o.verdict == "offered"]
            context = heard(front)
            place = _sound(first, context)
            alike = [o for o in front if _sound(o, context) == place and may_be_planned(o, state)]
            assert route_rank(first) == min(map(route_rank, alike)), told
            tablets += route_rank(first) == 0
    assert tablets > 20


@pytest.mark.parametrize("day", ["2012-03-19", "2019-06-01", "2026-11-23"])
def test_sparing_hair_and_nerves_takes_no_drug_that_commonly_costs_either_before_one_that_does_not(day: str) -> None:
    """Labels: alopecia and neuropathy of capecitabine none, of gemcitabine some and none; both common with taxanes, eribulin."""
    patient = scenario("luminal-2012")[0]
    snapshot = K.on(day, "FDA")
    lines = by_strategy(plan(facts(patient, snapshot), snapshot))["spare-hair-and-nerves"].lines
    cytotoxic = [line.option for line in lines if line.option.regimen.backbone == "chemotherapy"]
    assert cytotoxic[0].regimen.id == "capecitabine"
    assert [max(hair_and_nerve_rank(option)) for option in cytotoxic[:4]] == sorted(
        max(hair_and_nerve_rank(option)) for option in cytotoxic[:4]
    )


def test_a_patient_who_named_nerves_alone_has_them_ranked_before_hair() -> None:
    patient, _, regulator = scenario("luminal-2012")
    snapshot = K.on("2026-11-23", regulator)
    both = {o.regimen.id: hair_and_nerve_rank(o) for o in options(facts(patient, snapshot), snapshot, flips=False)}
    named = facts(patient.replace(neuropathy_matters=True), snapshot)
    nerves = {o.regimen.id: hair_and_nerve_rank(o) for o in options(named, snapshot, flips=False)}
    assert both["doxorubicin"] > both["vinorelbine"]
    assert nerves["doxorubicin"] < nerves["vinorelbine"]


def test_the_soonest_response_in_a_crisis_is_two_cytotoxic_drugs() -> None:
    patient, day, regulator = scenario("visceral-crisis")
    snapshot = K.on(day, regulator)
    sequence = by_strategy(plan(facts(patient, snapshot), snapshot))["soonest-response"]
    assert speed_rank(sequence.lines[0].option) == 0


def test_fewest_visits_starts_with_the_fewest_visits_among_what_is_sound_and_new_in_the_pathway() -> None:
    for told, state, snapshot, sequences in planned():
        if state.values["visceral_crisis"]:
            continue  # a crisis interrupts this strategy: the fastest therapy comes first
        sequence = by_strategy(sequences).get("fewest-visits")
        if sequence is None or state.values.get("goal") == "comfort":
            continue  # an emergency interrupts it too; for comfort the fewest drugs come first
        failed = state.values["agents_progressed_on"] | state.values["agents_not_tolerated"]
        sound = [
            o for o in options(state, snapshot, flips=False)
            if o.verdict == "offered" and not weak(o) and not repeats_class(o) and not set(o.regimen.agents) & failed
            and "endocrine-alone" not in o.regimen.groups
            and not ("pd1-combination" in o.regimen.groups and state.values["metastatic_lines_beyond_endocrine"])  # first chemotherapy
        ]  # fmt: skip
        if sequence.lines and sound:
            first = sequence.lines[0].option
            context = heard([o for o in options(state, snapshot, flips=False) if o.verdict == "offered"])
            place = _sound(first, context)
            assert place <= min(_sound(o, context) for o in sound), told
            alike = [visits_per_month(o) for o in sound if _sound(o, context) == place]
            assert visits_per_month(first) - 0.05 <= min(alike, default=99), told


def test_a_body_of_this_region_comes_before_a_body_that_speaks_for_another() -> None:
    for told, state, snapshot, _ in planned():
        offered = [o for o in options(state, snapshot, flips=False) if o.verdict == "offered"]
        context = heard(offered)
        place = {o.regimen.id: guideline_rank(o, context)[6] for o in offered}
        # A chemotherapy class given before counts as a text of elsewhere would (E2100 took nobody soon after a taxane).
        here = [place[o.regimen.id] for o in offered if o.statements_here and not given_before(o)]
        elsewhere = [
            place[o.regimen.id]
            for o in offered
            if not o.statements_here
            and not newer_licence(o, context)
            and any(s.verified == "seen" for s in o.statements)
        ]
        assert max(here, default=0) < min(elsewhere, default=99), told


def test_a_statement_that_was_not_read_never_orders_anything() -> None:
    for told, state, snapshot, _ in planned():
        for option in options(state, snapshot, flips=False):
            assert all(s.verified == "seen" for s in option.statements_here), told


# ---- tests on the way


def test_after_a_cdk46_inhibitor_the_plan_asks_for_esr1_and_pik3ca() -> None:
    patient = read({
        "seen_on": "2026-06-01", "menopausal_status": "postmenopausal_natural", "presentation": "de_novo",
        "receptor_samples": [{"day": "2026-05-01", "er_percent": 90, "pr_percent": 50, "her2": "zero_without_staining"}],
    }, K)  # fmt: skip
    snapshot = K.on("2026-11-23", "FDA")
    guided = plan(facts(patient, snapshot), snapshot)[0]
    assert "cdk46-endocrine" in guided.lines[0].option.regimen.groups
    asked = {point.field for line in guided.lines[:2] for point in line.tests}
    assert {"esr1", "pik3ca"} <= asked


# ---- the end of a road


def test_a_sequence_with_nothing_to_offer_says_what_is_left() -> None:
    patient = read(
        {
            "seen_on": "2026-11-01",
            "receptor_samples": [{"day": "2026-10-01", "er_percent": 0, "pr_percent": 0, "her2": "positive"}],
        },
        K,
    )
    snapshot = K.on("2026-11-23", "FDA")
    for sequence in plan(facts(patient, snapshot), snapshot):
        assert sequence.lines == ()
        assert sequence.end.startswith("outside this library")


def test_planning_twice_gives_the_same_sequences() -> None:
    patient, day, regulator = scenario("premenopausal", K)
    snapshot = K.on(day, regulator)
    state = facts(patient, snapshot)
    once, again = plan(state, snapshot), plan(state, snapshot)
    assert [[x.option.regimen.id for x in s.lines] for s in once] == [
        [x.option.regimen.id for x in s.lines] for s in again
    ]


def test_what_a_patient_wishes_for_stands_right_after_the_guideline_order() -> None:
    patient, day, regulator = scenario("esr1-after-cdk46")
    for wish, strategy in (
        ({"oral_preferred": True}, "oral-first"),
        ({"few_visits_preferred": True}, "fewest-visits"),
        ({"neuropathy_matters": True}, "spare-hair-and-nerves"),
    ):
        sequences = look(patient.replace(**wish), day=day, regulator=regulator).sequences
        assert [s.strategy.id for s in sequences][:2] == ["guideline-first", strategy]
        assert [s.strategy.id for s in sequences if s.asked_for] == [strategy]


def test_a_planned_anthracycline_fills_its_lifetime_dose() -> None:
    """75 mg/m2 every 21 days for 3 months are 326 mg/m2; epirubicin counts 0.6 of itself; nobody passes 550 (label)."""
    snapshot = K.on("2026-11-23", "FDA")
    state = facts(scenario("tnbc-pdl1-negative")[0], snapshot)
    doses = {
        (name, months): after(state, K.regimens[name], months, K).values["doxorubicin_equivalent_mg_m2"]
        for name in ("doxorubicin", "epirubicin", "capecitabine")
        for months in (3, 9, None)
    }
    assert doses["doxorubicin", 3] == pytest.approx(75 * 3 * 30.4375 / 21, rel=0.01)
    assert doses["epirubicin", 3] == pytest.approx(0.6 * 90 * 3 * 30.4375 / 21, rel=0.01)
    assert doses["doxorubicin", 9] == doses["doxorubicin", None] == 550
    assert {doses["capecitabine", months] for months in (3, 9, None)} == {0}


def test_a_line_says_what_earlier_drugs_left_for_it() -> None:
    told = [
        (line, text) for _, _, _, sequences in planned() for s in sequences for line in s.lines for text in line.carried
    ]
    assert any(text.startswith("anthracycline so far") for _, text in told)
    for line, text in told:
        given = line.option.facts.values["agents_given"]
        if text.startswith("nerves: "):
            named = text.removeprefix("nerves: ").split(" before")[0].split(", ")
            assert set(named) <= given
            assert all(K.agents[name].neuropathy == "common" for name in named)


def test_strategies_that_choose_the_same_lines_are_one_lane() -> None:
    patient, day, regulator = scenario("frail-80")
    view = look(patient, day=day, regulator=regulator)
    lanes = board(view)["lanes"]
    assert len(lanes) == len({(s.regimens, s.end) for s in view.sequences}) < len(view.sequences)
    assert any("the same lines by" in lane["note"] for lane in lanes)


@pytest.mark.parametrize("regulator", ["FDA", "EMA"])
@pytest.mark.parametrize("marker", [{"pik3ca": "mutated"}, {"akt1": "mutated"}, {"esr1": "mutated"}])
def test_a_marker_never_passes_over_a_cdk46_inhibitor_that_was_never_given(
    regulator: str, marker: dict[str, str]
) -> None:
    """A relapse years after adjuvant tamoxifen: ASCO 2021 and 2024 and ABC5 put a CDK4/6 inhibitor with an AI first.

    The EU licences of capivasertib and imlunestrant say only "after endocrine therapy"; CAPItello-291 and EMBER-3 took
    progression on an aromatase inhibitor.
    """
    patient, _, _ = scenario("luminal-2012")
    for sequence in look(patient.replace(**marker), day="2026-11-23", regulator=regulator).sequences:
        assert "cdk46_inhibitor" in sequence.lines[0].option.candidate.classes, sequence.strategy.id


def test_pd_l1_comes_before_brca_in_first_line_triple_negative_disease() -> None:
    """ESMO 2021, figure 5: PD-L1 is asked first; a PARP inhibitor where it is negative (doi 10.1016/j.annonc.2021.09.019)."""
    patient, _, _ = scenario("tnbc-pdl1-negative")
    for score, wanted in ((20, "pd1_inhibitor"), (1, "parp_inhibitor")):
        person = patient.replace(pdl1_cps=score, germline_brca="pathogenic")
        first = look(person, day="2026-11-23", regulator="FDA").sequences[0].lines[0]
        assert wanted in first.option.candidate.classes

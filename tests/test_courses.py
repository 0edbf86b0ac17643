"""From plans to courses: each person's own lines, what earlier therapy costs, how a patient's outlook moves survival."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from math import log
from typing import Any

import numpy as np
import pytest

from mbc_widgets.cli.commands import main
from mbc_widgets.facts import facts
from mbc_widgets.knowledge import load
from mbc_widgets.sequences import Line, cohort_subtype, plan
from mbc_widgets.simulate.build import course_of, everyday_course, ladder
from mbc_widgets.simulate.course import MOST_LINES, Past
from mbc_widgets.simulate.history import past_of
from mbc_widgets.simulate.kernel import PROGRESSED, simulate, survival_times
from mbc_widgets.simulate.outcomes import reach_rows, survival_spread
from mbc_widgets.simulate.paths import paths_of
from mbc_widgets.simulate.prognosis import FARTHEST, combined, factor_at, leverage, outlook, realised, with_factor
from mbc_widgets.simulate.rates import hazard_ratio
from mbc_widgets.simulate.validation import checks
from mbc_widgets.simulate.view import simulated
from mbc_widgets.workbook import look, scenario
from tests.test_simulate import FULL, N, course

K = load()
MODEL = K.model


# --- from a plan to courses -------------------------------------------------------------------------------------------


@cache
def planned() -> tuple[tuple[str, object], ...]:
    """Give (scenario and sequence, course) of every scenario on its own day, by the first structure."""
    found = []
    for name in K.scenarios:
        patient, day, regulator = scenario(name, K)
        snapshot = K.on(day, regulator)
        state = facts(patient, snapshot)
        for sequence in plan(state, snapshot):
            if sequence.lines:
                made = course_of(paths_of(sequence), state, snapshot, next(iter(MODEL.structures)))
                found.append((f"{name}, {sequence.strategy.id}", (sequence, state, snapshot, made)))
    return tuple(found)


def costs() -> Iterator[tuple[str, Line, float, float]]:
    """Give, for every planned line of people without further results, the published or everyday months and those that are simulated."""
    for name, (sequence, state, _, made) in planned():
        medians = ladder(MODEL, cohort_subtype(state))
        for line, course_line in zip(sequence.lines, made.lines, strict=True):
            told = line.months.value if line.months and line.months.value else medians[line.number - 1]
            yield f"{name}, line {line.number}", line, told, course_line.curve.median()


def test_every_planned_line_takes_the_curve_that_the_board_draws_or_pays_one_cost_of_earlier_therapy() -> None:
    allowed = {1.0, *(penalty.ratio for penalty in MODEL.penalties)}
    for name, _, told, simulated_months in costs():
        assert any(told / simulated_months == pytest.approx(cost, rel=0.02) for cost in allowed), name


def test_lines_read_from_people_without_a_cdk46_inhibitor_pay_for_it_be_they_of_a_trial_or_of_everyday_care() -> None:
    paying, free = 0, 0
    for name, line, told, simulated_months in costs():
        values, regimen = line.option.facts.values, line.option.regimen
        if regimen.backbone not in {"chemotherapy", "endocrine"}:
            continue
        exposed = "cdk46_inhibitor" in values["classes_given_metastatic"]
        early = cohort_subtype(line.option.facts) == "hr_positive"
        if line.row:
            days = (line.row.result.reported, line.row.trial.first_report, line.row.trial.enrolled_until)
            early = min(day for day in days if day) < "2017-01-01"
        pays = told / simulated_months > 1.2
        assert pays == (exposed and early), name
        paying, free = paying + pays, free + (not pays)
    assert min(paying, free) > 10


def test_a_second_conjugate_pays_where_its_months_are_those_of_a_conjugate() -> None:
    seen = 0
    for name, line, told, simulated_months in costs():
        if line.option.regimen.backbone == "adc":
            second = "antibody_drug_conjugate" in line.option.facts.values["classes_progressed_on"]
            seen += second and line.row is not None
            assert (told / simulated_months > 2) == (second and line.row is not None), name
    assert seen > 3


def test_people_with_a_result_take_what_it_opens_and_then_the_planned_drugs_that_are_still_offered() -> None:
    """A plan for an unknown ESR1 becomes one with elacestrant before it; capivasertib with fulvestrant leaves no fulvestrant alone."""
    seen = 0
    for name, (sequence, *_) in planned():
        found = paths_of(sequence)
        for lines in found.lines[1:]:
            regimens = [taken.option.regimen.id for taken in lines]
            assert len(regimens) == len(set(regimens)) <= MOST_LINES, name
            assert all(taken.option.verdict == "offered" for taken in lines), name
            kept = [regimen for regimen in sequence.regimens if regimen in regimens]
            assert [regimen for regimen in regimens if regimen in kept] == kept, name
            lost = set(sequence.regimens[: len(regimens)]) - set(regimens)
            assert all("fulvestrant" in regimen or regimen in sequence.regimens[-2:] for regimen in lost), (name, lost)
            seen += 1
    assert seen > 10


def test_triple_negative_and_er_low_disease_are_read_with_the_cohorts_of_triple_negative_disease() -> None:
    """ER of 1 to 10 % runs as ER-negative: doi 10.1016/j.esmoop.2021.100289."""
    groups = {cohort_subtype(state): set[object]() for _, (_, state, _, _) in planned()}
    for _, (_, state, _, _) in planned():
        groups[cohort_subtype(state)].add(state.values["endocrine_group"])
    assert groups == {"hr_positive": {"positive"}, "triple_negative": {"negative", "low"}}


def test_lanes_of_one_view_are_the_same_people() -> None:
    patient, day, regulator = scenario("luminal-2012", K)
    found = simulated(look(patient, day=day, regulator=regulator), size=2000)
    assert len(found.lanes) > 1
    first, *others = (lane.lives.frailty for lane in found.lanes)
    assert all(np.array_equal(first, other) for other in others)
    assert set(found.lanes[0].medians) == set(MODEL.structures)


# --- prognosis ----------------------------------------------------------------------------------------------------------


def test_a_factor_has_the_ratio_of_its_figure_or_says_that_it_is_a_judgement() -> None:
    for factor in MODEL.prognosis:
        figure = MODEL.figures.get(factor.figure or "")
        if figure is None:
            assert "Judgement" in factor.text, factor.id
        elif figure.unit == "ratio":
            assert (factor.hazard_ratio, factor.low, factor.high) == (figure.value, figure.low, figure.high), factor.id
        else:
            assert factor.id == "age-70"  # set to the survival below


def test_the_ratio_of_age_is_set_to_the_survival_of_women_of_seventy_and_older() -> None:
    """ESME before CDK4/6 inhibitors: 34.0 months (doi of esme-age-2025); Seattle's 1.88 would let them live five months shorter."""
    by_structure = {c.structure: c.simulated for c in checks(K, size=50_000) if c.figure == "esme-old-before-os"}
    assert by_structure[next(iter(MODEL.structures))] == pytest.approx(34.0, rel=0.03)
    assert all(months == pytest.approx(34.0, rel=0.06) for months in by_structure.values()), by_structure


def test_what_nobody_knows_and_the_average_of_a_cohort_move_nothing() -> None:
    assert combined(MODEL, {}).ratio == 1.0
    for factor in MODEL.prognosis:
        has, lacks = (combined(MODEL, {factor.id: answer}).ratio for answer in (True, False))
        share = factor.percent / 100
        assert share * has + (1 - share) * lacks == pytest.approx(1.0), factor.id


def test_age_and_performance_status_worsen_death_and_loss_and_leave_progression_alone() -> None:
    """REVIEW 46: attrition and death on line worsen with ECOG, age and line."""
    usual = course(**FULL)
    worse = with_factor(usual, 1.7)
    one, two = simulate(usual, N, 36), simulate(worse, N, 36)
    both = (one.exits[0] == PROGRESSED) & (two.exits[0] == PROGRESSED)
    per_month = [
        float((lives.exits[0] == PROGRESSED).sum() / (lives.ends[0] - lives.begins[0]).sum()) for lives in (one, two)
    ]
    assert both.any()
    assert per_month[1] == pytest.approx(per_month[0], rel=0.03)
    assert reach_rows(two, ["a", "b"])[1]["starts"] < reach_rows(one, ["a", "b"])[1]["starts"] - 5
    assert survival_spread(two).median < 0.85 * survival_spread(one).median


@pytest.mark.parametrize("ratio", [0.55, 0.85, 1.25, 1.7, 2.5])
@pytest.mark.parametrize(("structure", "subtype"), MODEL.fits)
@pytest.mark.parametrize("first", [1, 3])
def test_survival_in_everyday_care_has_the_hazard_ratio_that_is_told(
    structure: str, subtype: str, ratio: float, first: int
) -> None:
    """To a twentieth, in other people than those in whom the factor is worked out; or as near as the farthest factor comes."""
    fit = MODEL.fits[structure, subtype]
    whole = everyday_course(K, structure, subtype, beyond=fit.beyond, gap=fit.gap)
    usual = replace(whole, lines=whole.lines[first - 1 :])
    moved = with_factor(usual, factor_at(ratio, leverage(usual, [ratio])))
    reached = log(hazard_ratio(*(survival_times(each, 30_000, 41) for each in (moved, usual))))
    if abs(log(moved.factor)) < FARTHEST - 0.01:
        assert reached == pytest.approx(log(ratio), abs=0.05)
    else:
        assert 0.2 < reached / log(ratio) < 1.05


def test_most_ratios_that_patients_have_are_reached() -> None:
    """Between 0.75 and 1.7, in hormone receptor positive and triple-negative disease, by the first structure."""
    for subtype in ("hr_positive", "triple_negative"):
        fit = MODEL.fits[next(iter(MODEL.structures)), subtype]
        usual = everyday_course(K, fit.structure, subtype, beyond=fit.beyond, gap=fit.gap)
        for ratio in (0.75, 1.25, 1.7):
            assert abs(log(factor_at(ratio, leverage(usual, [ratio])))) < FARTHEST


def test_nobody_dies_sooner_on_a_drug_because_another_is_planned_after_it() -> None:
    patient, day, regulator = scenario("frail-80", K)
    lanes = simulated(look(patient, day=day, regulator=regulator), size=100).lanes
    assert len(lanes) > 1
    for structure in MODEL.structures:
        assert len({lane.courses[structure].factor for lane in lanes}) == 1
        assert lanes[0].courses[structure].factor > 1


def test_what_the_ratio_becomes_on_a_plan_is_told() -> None:
    """Lines of other lengths than everyday care's: the same factor is a little more or less there."""
    for name, (_, state, _, made) in planned():
        told = outlook(state, MODEL).ratio
        assert 0 < log(realised(made)) / log(told) < 1.8 or abs(log(told)) < 0.05, name


def test_a_factor_of_an_earlier_or_later_draw_stays_within_bounds() -> None:
    fit = MODEL.fits["more-lost-later", "hr_positive"]
    usual = everyday_course(K, fit.structure, fit.subtype, beyond=fit.beyond, gap=fit.gap)
    known = leverage(usual, [1.1, 1.4, 1.9])
    factors = [factor_at(ratio, known) for ratio in (0.5, 1.0, 1.2, 1.4, 1.9, 5.0)]
    assert factors == sorted(factors)
    assert factors[1] == 1.0
    assert factors[-1] == factors[-2] <= 4.001


def test_no_factor_makes_weeks_after_the_last_line_of_months() -> None:
    usual = course(**FULL)
    median = usual.care.median()
    for factor in (0.05, 0.5, 2.0, 20.0):
        assert median / 2.5 < with_factor(usual, factor).care.median() < median * 2.5


def test_factors_together_stay_within_bounds() -> None:
    everything = combined(MODEL, {factor.id: factor.hazard_ratio > 1 for factor in MODEL.prognosis}).ratio
    nothing = combined(MODEL, {factor.id: factor.hazard_ratio < 1 for factor in MODEL.prognosis}).ratio
    assert 1 < everything <= 3
    assert 0.4 <= nothing < 1


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("visceral-crisis", {}, "visceral crisis"),
        ("brain-symptomatic", {}, "brain metastases with symptoms"),
        ("luminal-2012", {"performance_status": 3}, "ECOG 3"),
        ("luminal-2012", {"sites": ["bone", "leptomeningeal"]}, "leptomeningeal"),
        ("luminal-2012", {"sites": ["bone", "brain"]}, "whether they are treated"),
        ("frail-80", {"limited_life_expectancy": True}, "another illness"),
    ],
)
def test_nothing_is_simulated_for_people_whom_no_cohort_holds(
    name: str, changes: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such patients live some months; a median of three years, as the cohorts' others have, would teach what is false."""
    patient, day, regulator = scenario(name, K)
    found = simulated(look(patient.replace(**changes), day=day, regulator=regulator), size=100)
    assert found.lanes == ()
    assert said in found.withheld
    if not changes:
        assert main(["simulate", name, "--patients", "100"]) == 0
        assert said in capsys.readouterr().out


def test_what_the_simulation_leaves_out_for_a_patient_is_said() -> None:
    patient, day, regulator = scenario("esr1-after-cdk46", K)
    for changes, said in (
        ({"progression_type": "oligoprogression"}, "Oligoprogression"),
        ({"age_years": 66}, "step at 70"),
    ):
        found = simulated(look(patient.replace(**changes), day=day, regulator=regulator), size=100)
        assert any(said in remark for remark in found.remarks), (said, found.remarks)


def test_a_structure_that_a_cohort_denies_is_shown_and_has_no_voice() -> None:
    """The rule in model.yaml: it misses a later survival by more than 10 standard errors of which another comes within 4."""
    missed = {(check.structure, check.figure): abs(check.z) for check in MODEL.checks if check.z is not None}
    denied = {
        structure
        for (structure, figure), z in missed.items()
        if z > 10 and any(f == figure and other < 4 for (_, f), other in missed.items())
    }
    assert denied == {structure.id for structure in MODEL.structures.values() if structure.contradicted}
    assert denied == {"many-are-lost"}
    for name, unheard in (("her2-ultralow", {"many-are-lost"}), ("tnbc-pdl1-negative", set())):
        patient, day, regulator = scenario(name, K)
        found = simulated(look(patient, day=day, regulator=regulator), size=500)
        assert set(found.contradicted) == unheard
        assert set(found.lanes[0].medians) == set(MODEL.structures)
        assert set(found.compare(0, 1, draws=8, people=200).by_structure) == set(MODEL.structures) - unheard


def test_a_plan_that_ends_early_has_no_verdict() -> None:
    """SONIA: a longer time to progression is no longer survival (pfs2 and os of data/trials/sonia.yaml)."""
    patient, day, regulator = scenario("frail-80", K)
    verdict = simulated(look(patient, day=day, regulator=regulator), size=500).compare(0, 1, draws=8, people=200)
    assert verdict.longer is None
    assert "end before six lines" in verdict.because


def test_a_regimen_with_a_figure_in_one_plan_alone_decides_nothing() -> None:
    """Trastuzumab deruxtecan at line 3 has 14 months of a trial, and everyday care's few months at line 5: that is no finding."""
    patient, day, regulator = scenario("man", K)
    found = simulated(look(patient, day=day, regulator=regulator), size=500)
    verdict = found.compare(0, 1, draws=8, people=200)
    assert verdict.longer is None
    assert "trastuzumab-deruxtecan" in verdict.because
    assert "that step would decide" in verdict.because


# --- the lines behind a patient -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("chance", [0.1, 0.5, 0.9])
def test_the_frailty_after_a_progression_is_that_of_simulated_people_who_progressed_at_that_time(chance: float) -> None:
    """Of people who all progress, those around one month of progression: their mean frailty is what `Past` tells."""
    made = replace(course((12.0,)), frailty=0.45)
    lives = simulate(made, 400_000, 43)
    months = float(np.quantile(lives.ends[0], chance))
    near = np.abs(lives.ends[0] / months - 1) < 0.03
    told = replace(made, past=(Past(longer=1 - chance, progressed=True),)).own_frailty
    frailty = lives.frailty[near]
    assert told[0] == pytest.approx(float(frailty.mean()), abs=4 * float(frailty.std()) / near.sum() ** 0.5 + 0.01)
    assert told[1] == pytest.approx(float(frailty.var() / frailty.mean() ** 2), rel=0.15)


def test_a_line_that_still_runs_tells_of_those_for_whom_it_still_holds() -> None:
    made = replace(course((12.0,)), frailty=0.45)
    lives = simulate(made, 400_000, 44)
    longer = lives.ends[0] > np.quantile(lives.ends[0], 0.7)
    told = replace(made, past=(Past(longer=0.3, progressed=False),)).own_frailty
    assert told[0] == pytest.approx(float(lives.frailty[longer].mean()), abs=0.01)


def test_over_everybody_what_earlier_lines_tell_averages_to_the_usual() -> None:
    shares = (np.arange(4000) + 0.5) / 4000
    made = replace(course((12.0,)), frailty=0.45)
    means = [replace(made, past=(Past(longer=float(share), progressed=True),)).own_frailty[0] for share in shares]
    assert np.mean(means) == pytest.approx(1.0, abs=0.005)


def history(stop: str | None, reason: str = "progression") -> dict[str, Any]:
    """Give a first line of ribociclib and letrozole from 1 January 2022 on."""
    therapy = {"agents": ["ribociclib", "letrozole"], "setting": "metastatic", "start": "2022-01-03"}
    return {**therapy, **({"stop": stop} if stop else {}), "stop_reason": reason}


def lived(*therapies: dict[str, Any]) -> tuple[tuple[Past, ...], float]:
    """Give the past of a patient with these lines, and the median survival of the first plan."""
    patient, day, regulator = scenario("esr1-after-cdk46", K)
    early = [therapy for therapy in patient.as_dict()["prior_therapies"] if therapy["setting"] != "metastatic"]
    view = look(
        patient.replace(prior_therapies=[*early, *therapies], first_metastatic_day="2021-12-01"),
        day=day,
        regulator=regulator,
    )
    return past_of(view), simulated(view, size=4000).lanes[0].medians["more-lost-later"]


def test_who_progressed_early_lives_shorter_than_who_progressed_late() -> None:
    """The odds of benefit from line 2 after none from line 1 are half those after benefit (udine-benefit-or)."""
    (early,), short = lived(history("2022-04-04"))
    (late,), long = lived(history("2025-12-01"))
    assert early.longer > 0.85
    assert late.longer < 0.4
    assert short < 0.8 * long


def test_what_is_given_beside_a_line_and_which_aromatase_inhibitor_it_is_change_nothing() -> None:
    found = [
        lived({**history("2024-01-02"), "agents": agents})[0][0].longer
        for agents in (
            ["ribociclib", "letrozole"], ["ribociclib", "anastrozole"], ["ribociclib", "letrozole", "goserelin"],
            ["ribociclib", "letrozole", "denosumab"],
        )
    ]  # fmt: skip
    assert found == pytest.approx([found[0]] * 4, abs=0.1)


def test_a_line_of_a_class_that_no_figure_is_of_tells_nothing() -> None:
    """Everyday care's cohorts had no CDK4/6 inhibitor and no conjugate: their months are no measure of one."""
    odd = {
        "agents": ["sacituzumab-govitecan", "capecitabine"],
        "setting": "metastatic",
        "start": "2022-01-03",
        "stop": "2024-01-02",
        "stop_reason": "progression",
    }
    assert lived(odd)[0] == ()


def test_maintenance_after_chemotherapy_is_no_long_chemotherapy() -> None:
    chemotherapy = {
        "agents": ["paclitaxel"],
        "setting": "metastatic",
        "start": "2022-01-03",
        "stop": "2022-05-02",
        "stop_reason": "completed",
    }
    maintenance = {
        "agents": ["letrozole"],
        "setting": "metastatic",
        "start": "2022-05-16",
        "stop": "2023-07-03",
        "stop_reason": "progression",
        "maintenance": True,
    }
    assert lived(chemotherapy, maintenance)[0] == ()


def test_a_completed_course_before_another_line_ended_in_progression_in_between() -> None:
    done = {
        "agents": ["capecitabine"],
        "setting": "metastatic",
        "start": "2022-01-03",
        "stop": "2022-07-04",
        "stop_reason": "completed",
    }
    following = {
        "agents": ["fulvestrant"],
        "setting": "metastatic",
        "start": "2022-11-07",
        "stop": "2023-04-03",
        "stop_reason": "progression",
    }
    (first, _), _ = lived(done, following)
    assert first.progressed
    (alone,), _ = lived(done)
    assert alone.longer > first.longer
    assert not alone.progressed
    (failed,), _ = lived({**done, "best_response": "progression"})
    assert failed.progressed


def test_an_older_line_tells_half_as_much_as_the_last_one() -> None:
    """ESME: survival from line 3 by PFS on line 1 (0.76) and on line 2 (0.55), doi of cabel-2021."""
    second = {
        "agents": ["fulvestrant"],
        "setting": "metastatic",
        "start": "2023-02-06",
        "stop": "2023-08-07",
        "stop_reason": "progression",
    }
    past, _ = lived(history("2023-01-16"), second)
    assert [each.weight for each in past] == [0.5, 1.0]
    assert log(0.76) / log(0.55) == pytest.approx(0.5, abs=0.05)


def test_a_line_left_for_toxicity_and_one_that_runs_tell_no_progression() -> None:
    (left,), _ = lived(history("2023-01-02", "toxicity"))
    (runs,), _ = lived(history(None, "ongoing"))
    assert not left.progressed
    assert not runs.progressed
    assert runs.longer < left.longer < 1


def test_who_has_no_line_behind_has_no_past() -> None:
    assert lived()[0] == ()


def test_what_earlier_lines_and_conditions_make_of_a_patient_is_said() -> None:
    patient, day, regulator = scenario("frail-80", K)
    said = " ".join(simulated(look(patient, day=day, regulator=regulator), size=100).remarks)
    assert "Hazard ratio of death against the cohorts as a whole: 1.37" in said
    assert "ECOG 2 or worse" in said
    patient, day, regulator = scenario("esr1-after-cdk46", K)
    said = " ".join(simulated(look(patient, day=day, regulator=regulator), size=100).remarks)
    assert "1 earlier line held less long than usual" in said


def test_a_trial_that_had_enrolled_everybody_before_cdk46_inhibitors_is_of_people_without() -> None:
    """VicTORia: December 2011 to February 2016 (ESMO 2018, abstract 295P); the paper came in 2019."""
    trial = K.trial("victoria")
    assert trial.enrolled_until is not None
    assert trial.enrolled_until < "2016-11" < (trial.first_report or "")

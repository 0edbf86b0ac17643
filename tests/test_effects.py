"""Effects and validation: what published figures and closed forms say, with tolerances from the Monte-Carlo error.

Tolerances of simulated medians are four standard errors; where more is allowed, the reason stands beside it.
"""

import json
from dataclasses import FrozenInstanceError, replace
from functools import cache
from math import exp, gamma, log, sqrt

import numpy as np
import pytest

from mbc_widgets.cli.commands import main
from mbc_widgets.conditions import fields_of
from mbc_widgets.knowledge import load
from mbc_widgets.simulate import cohorts, effects, rates, sonia, validation
from mbc_widgets.simulate.build import ladder
from mbc_widgets.simulate.cited import Effect, monte_carlo_error, signed, told
from mbc_widgets.simulate.course import Course, LineCourse
from mbc_widgets.simulate.kernel import Lives, simulate
from mbc_widgets.simulate.tails import esme_points, tails, weibull_through
from mbc_widgets.survival import LN2, USUAL_SHAPE, from_median, through

K = load()
FIGURES, STRUCTURES = K.model.figures, tuple(K.model.structures)
SIZE, SEED = 30_000, 8
NAMES = ("immortal-time", "pfs-is-not-time-to-next-treatment", "adding-medians-loses",
         "progression-gain-is-not-survival-gain", "trial-against-registry", "unknowable-tails")  # fmt: skip
OTHER_DEATH = 0.4  # months by which death from other causes, about 1 % a year, may shorten a median of 2 years


@cache
def found() -> dict[str, Effect]:
    return {effect.id: effect for effect in effects.effects(K, size=SIZE, seed=SEED)}


@cache
def checks() -> tuple[validation.Check, ...]:
    return validation.checks(K, size=20_000, seed=SEED)


@cache
def everyday(structure: str) -> Lives:
    return simulate(cohorts.cohort_course(K, structure, ()), SIZE, SEED)


def value(figure: str) -> float:
    return FIGURES[figure].value


class TestEveryEffect:
    def test_six_are_taught_in_order(self) -> None:
        assert tuple(found()) == NAMES

    @pytest.mark.parametrize("name", NAMES)
    def test_cites_only_figures_that_were_read_each_with_a_source(self, name: str) -> None:
        for figure in found()[name].figures:
            assert figure.verified == "seen", figure.id
            assert figure.source, figure.id
            assert figure.read, figure.id

    @pytest.mark.parametrize("name", NAMES)
    def test_has_a_question_rows_of_one_shape_a_sentence_and_limits(self, name: str) -> None:
        effect = found()[name]
        assert effect.question.endswith("?")
        assert effect.sentence.endswith(".")
        assert effect.limits
        assert len({tuple(row) for row in effect.rows}) == 1

    def test_cannot_be_changed(self) -> None:
        with pytest.raises(FrozenInstanceError):
            found()["immortal-time"].title = "another"  # type: ignore[misc]

    def test_is_the_same_for_the_same_seed_and_another_for_another(self) -> None:
        one, two, other = (effects.immortal_time(K, size=4000, seed=seed) for seed in (1, 1, 2))
        assert one == two
        assert one != other


class TestImmortalTime:
    def test_survival_by_lines_received_more_than_doubles_though_no_line_does_anything(self) -> None:
        numbers = found()["immortal-time"].numbers
        assert numbers["most_lines"] > 2 * numbers["one_line"]

    def test_it_rises_with_every_line(self) -> None:
        medians = [row["median"] for row in found()["immortal-time"].rows]
        assert medians == sorted(medians)

    def test_it_still_rises_among_those_alive_at_twelve_months(self) -> None:
        numbers = found()["immortal-time"].numbers
        assert numbers["most_lines_alive_at_landmark"] > 1.25 * numbers["one_line_alive_at_landmark"]

    def test_all_together_live_as_long_as_the_cohort(self) -> None:
        curve = weibull_through(*esme_points(K))
        error = value("esme-all-os") / (
            curve.shape * LN2 * sqrt(SIZE)
        )  # one half over the density at the median, over root n
        assert found()["immortal-time"].numbers["all"] == pytest.approx(value("esme-all-os"), abs=4 * error)

    @pytest.mark.parametrize("lines", [1, 2])
    def test_sorted_by_lines_begun_before_the_landmark_survival_is_that_of_everybody_alive_then(
        self, lines: int
    ) -> None:
        curve = weibull_through(*esme_points(K))
        expected = curve.time_at(
            curve.hazard_to(effects.LANDMARK) + LN2
        )  # half of those alive at the landmark are dead
        density = curve.shape / expected * (expected / curve.scale) ** curve.shape  # the hazard at that month
        error = 1 / (density * sqrt(0.15 * SIZE))  # a group of at least 15 in a hundred
        got = found()["immortal-time"].numbers[f"lines_by_landmark_{lines}"]
        assert got == pytest.approx(expected, abs=4 * error)

    @pytest.mark.parametrize("line", [2, 3, 5])
    def test_ever_against_never_seems_to_halve_the_hazard_and_from_the_start_of_the_line_it_is_one(
        self, line: int
    ) -> None:
        numbers = effects.immortal_time(K, line=line, size=SIZE, seed=SEED).numbers
        assert numbers["hazard_ratio_ever"] < 0.5
        error = sqrt(1 / (0.2 * SIZE) + 1 / (0.2 * SIZE))  # of its log; at least 2 in 10 died on either side
        assert log(numbers["hazard_ratio_from_start"]) == pytest.approx(0, abs=4 * error)

    def test_where_people_differ_counting_from_the_start_makes_a_line_without_effect_look_harmful(self) -> None:
        assert found()["immortal-time"].numbers["hazard_ratio_from_start_unlike"] > 1.5


class TestNextTreatment:
    @pytest.mark.parametrize("structure", STRUCTURES)
    def test_whoever_starts_line_2_does_so_the_fitted_months_after_progression(self, structure: str) -> None:
        fit, lives = K.model.fits[structure, "hr_positive"], everyday(structure)
        apart = cohorts.time_to_next_treatment(lives) - cohorts.time_to_progression(lives)
        started = ~np.isnan(lives.begins[1])
        assert apart[started] == pytest.approx(fit.beyond + fit.gap, abs=1e-3)  # single precision at a hundred months

    @pytest.mark.parametrize("structure", STRUCTURES)
    def test_nobody_has_the_next_treatment_before_progression_nor_after_death(self, structure: str) -> None:
        lives = everyday(structure)
        following = cohorts.time_to_next_treatment(lives)
        assert (following >= cohorts.time_to_progression(lives)).all()
        assert (following <= lives.dies).all()

    def test_the_first_line_holds_as_long_as_published(self) -> None:
        effect = found()["pfs-is-not-time-to-next-treatment"]
        expected = pytest.approx(value("esme-young-before"), abs=4 * effect.standard_error + OTHER_DEATH)
        assert effect.numbers["pfs"] == expected

    def test_the_more_months_a_structure_puts_between_lines_the_further_the_endpoints_lie_apart(self) -> None:
        numbers = found()["pfs-is-not-time-to-next-treatment"].numbers
        fits = {name: K.model.fits[name, "hr_positive"] for name in STRUCTURES}
        ordered = sorted(STRUCTURES, key=lambda name: fits[name].beyond + fits[name].gap)
        apart = [numbers[f"apart_{name}"] for name in ordered]
        assert apart == sorted(apart)
        assert apart[0] > 0

    def test_records_of_the_same_patients_print_the_next_treatment_no_later_than_progression(self) -> None:
        effect = found()["pfs-is-not-time-to-next-treatment"]
        assert effect.numbers["published_apart"] == value("imcore-gap") == -0.4
        assert "11.5 and 11.1" in effect.sentence


class TestAddingMedians:
    def test_adding_the_lines_of_the_median_patient_loses_a_third_of_survival(self) -> None:
        numbers = found()["adding-medians-loses"].numbers
        second = 12.3 * 7.7 / 11.8  # ESME, then the ratio of GIM13, then that of Udine
        assert numbers["sum_of_lines"] == pytest.approx(12.3 + second + second * 4.0 / 4.4)
        assert numbers["lost_percent"] == pytest.approx(100 / 3, abs=5)

    def test_the_fitted_course_lives_as_long_as_the_cohort(self) -> None:
        effect = found()["adding-medians-loses"]
        assert effect.numbers["published"] == 43.3
        assert effect.numbers["simulated"] == pytest.approx(43.3, abs=4 * effect.standard_error)

    def test_the_changes_of_the_steps_add_up_from_the_sum_to_the_survival(self) -> None:
        rows = found()["adding-medians-loses"].rows
        changes = sum(row["change"] for row in rows[1:])
        assert rows[0]["median"] + changes == pytest.approx(rows[-1]["median"], abs=0.01 * len(rows))  # each is rounded

    def test_the_median_of_the_sum_lies_between_the_sums_of_medians_and_of_means(self) -> None:
        numbers = found()["adding-medians-loses"].numbers
        means = sum(ladder(K.model, "hr_positive")) * gamma(1 + 1 / USUAL_SHAPE) / LN2 ** (1 / USUAL_SHAPE)
        assert numbers["sum_of_all"] < numbers["median_of_sum"] < means

    def test_two_equal_exponential_lines_have_the_median_of_an_erlang_and_not_twice_the_median(self) -> None:
        line = LineCourse(name="", curve=from_median(10, family="exponential"))
        both = simulate(Course(lines=(line, line), frailty=0.0, support=from_median(1)), 100_000, SEED).ends[-1]
        scaled = float(np.median(both)) * LN2 / 10
        assert exp(-scaled) * (1 + scaled) == pytest.approx(0.5, abs=4 * 0.5 / sqrt(100_000))
        assert float(np.median(both)) > 2 * 10

    def test_what_is_lost_is_told_for_the_triple_negative_cohort_as_well(self) -> None:
        effect = effects.adding_medians_loses(K, subtype="triple_negative", size=SIZE, seed=SEED)
        assert effect.numbers["published"] == 14.8
        assert effect.numbers["simulated"] == pytest.approx(14.8, abs=4 * effect.standard_error)


class TestSonia:
    def test_the_published_gain_shrinks_from_the_first_line_to_survival(self) -> None:
        numbers = found()["progression-gain-is-not-survival-gain"].numbers
        gains = [numbers[f"published_gain_{endpoint}"] for endpoint in ("pfs", "pfs2", "os")]
        assert gains == pytest.approx([24.7 - 16.1, 31.9 - 26.7, 47.9 - 48.1])

    @pytest.mark.parametrize("structure", STRUCTURES)
    def test_the_second_line_is_as_long_as_the_published_pfs2_asks_for(self, structure: str) -> None:
        for arm, figure in zip(sonia.courses(K, structure, size=SIZE, seed=SEED), sonia.PFS2, strict=True):
            assert arm.reached
            assert arm.median == pytest.approx(value(figure), abs=0.1)

    def test_a_pfs2_that_cannot_come_so_early_says_so(self) -> None:
        late = replace(FIGURES[sonia.PFS2[0]], value=20.0)  # below the first line alone
        assert not sonia._meeting(K, STRUCTURES[0], 24.7, late, (2000, SEED)).reached

    def test_simulated_progression_has_the_hazard_ratio_of_two_weibull_curves(self) -> None:
        rows = found()["progression-gain-is-not-survival-gain"].rows
        expected = (16.1 / 24.7) ** USUAL_SHAPE
        for row in rows:
            if row["source"] != "published" and row["endpoint"] == "pfs":
                error = (
                    4 * sqrt(2 / SIZE) + 0.01
                )  # deaths from other causes, alike in both arms, dilute it by 1 in a hundred
                assert log(row["hazard_ratio"]) == pytest.approx(log(expected), abs=error)

    def test_the_model_hands_a_gain_on_to_survival_where_the_trial_saw_none(self) -> None:
        effect = found()["progression-gain-is-not-survival-gain"]
        for structure in STRUCTURES:
            assert effect.numbers[f"gain_{structure}"] > 4 * effect.standard_error
        assert effect.numbers["published_gain_os"] < 0
        assert "−0.2 in survival" in effect.sentence

    def test_the_sentence_says_on_which_side_of_the_published_interval_the_model_lies(self) -> None:
        effect = found()["progression-gain-is-not-survival-gain"]
        ratios = [effect.numbers[f"hazard_ratio_{structure}"] for structure in STRUCTURES]
        inside = all(0.77 <= ratio <= 1.07 for ratio in ratios)
        assert ("lies inside" in effect.sentence) is inside
        assert ("lies outside" in effect.sentence) is not inside


class TestTrialAgainstRegistry:
    def test_every_source_keeps_its_printed_median_and_nothing_is_pooled(self) -> None:
        medians = {row["source"].split(",")[0]: row["median"] for row in found()["trial-against-registry"].rows}
        printed = {"P-REALITY X": 19.3, "PALMARES-2": 34.1, "SONIA": 24.7, "PALOMA-2": 27.6, "MONALEESA-2": 25.3}
        assert medians == printed
        assert not {"mean", "pooled"} & set(found()["trial-against-registry"].numbers)

    def test_the_longest_is_nearly_twice_the_shortest(self) -> None:
        assert found()["trial-against-registry"].numbers["longest_over_shortest"] == pytest.approx(34.1 / 19.3)

    def test_ecog_2_was_not_taken_where_the_registry_of_the_trial_says_ecog_0_to_1(self) -> None:
        taken = {row["source"]: row["ecog_2"] for row in found()["trial-against-registry"].rows}
        assert taken["MONALEESA-2"] == "not taken"
        assert taken["PALOMA-2"] == taken["SONIA"] == "taken"
        assert taken["PALMARES-2, 2016-2023"] == "not told"

    def test_a_regimen_has_no_trial_for_ecog_2_only_when_none_of_its_trials_took_such_patients(self) -> None:
        without = effects.regimens_without_ecog_2(K)
        assert "palbociclib+letrozole" not in without
        for regimen in without:
            for name, _ in K.trials_of[regimen]:
                limits = {c.text for c in K.trial(name).fit if "performance_status" in fields_of(c.when)}
                assert limits, name
                assert not [text for text in limits if "0-2" in text], name


class TestTails:
    def test_three_families_pass_through_both_published_points(self) -> None:
        for name, tail in tails(39.5, 60, 0.338).items():
            assert tail.survival(39.5) == pytest.approx(0.5), name
            assert tail.survival(60) == pytest.approx(0.338), name
            assert tail.survival(0) == 1, name

    def test_ten_years_and_means_are_those_of_the_method_paper(self) -> None:
        numbers = found()["unknowable-tails"].numbers
        families = ("weibull", "log_normal", "log_logistic")
        ten = [numbers[f"ten_years_{name}"] for name in families]
        assert ten == pytest.approx([10.2, 13.3, 14.3], abs=0.05)
        assert [numbers[f"mean_{name}"] for name in families] == pytest.approx([54, 65, 83], abs=0.5)

    def test_inside_the_data_they_agree_and_before_it_they_need_not(self) -> None:
        numbers = found()["unknowable-tails"].numbers
        assert numbers["apart_between_figures"] < 1
        within = [months for name, months in numbers.items() if name.startswith("mean_within")]
        assert max(within) - min(within) < 2
        assert numbers["apart_before_first"] > numbers["apart_between_figures"]

    def test_the_weibull_is_that_of_the_simulation(self) -> None:
        tail, curve = tails(39.5, 60, 0.338)["weibull"], through([(39.5, 0.5), (60, 0.338)])
        assert tail.survival(100) == pytest.approx(curve.survival(100.0))

    def test_a_mean_within_few_months_of_a_flat_start_is_nearly_all_of_them(self) -> None:
        months = 10.0
        tail = tails(1000, 2000, 0.25)["weibull"]  # shape 1, so that the mean until then has a closed form
        rate = LN2 / 1000
        assert tail.mean_within(months) == pytest.approx((1 - exp(-rate * months)) / rate, rel=1e-6)

    @pytest.mark.parametrize("point", [(30, 0.338), (60, 0.6), (60, 0.0)])
    def test_a_landmark_that_is_no_later_point_of_the_same_curve_is_refused(self, point: tuple[float, float]) -> None:
        with pytest.raises(ValueError, match="landmark"):
            tails(39.5, *point)


class TestHazardRatio:
    def test_is_one_for_the_same_people_under_the_same_course(self) -> None:
        dies = everyday(STRUCTURES[0]).dies
        assert rates.hazard_ratio(dies, dies) == pytest.approx(1)

    def test_gives_proportional_hazards_back(self) -> None:
        rng, curve = np.random.default_rng(SEED), from_median(20)
        one, two = curve.with_hazard_ratio(0.6).sample(SIZE, rng), curve.sample(SIZE, rng)
        assert log(rates.hazard_ratio(one, two)) == pytest.approx(log(0.6), abs=4 * sqrt(2 / SIZE))

    def test_counts_events_and_months_at_risk_band_by_band(self) -> None:
        begin, end = np.array([0.0, 2.0, 4.0]), np.array([5.0, 3.5, 9.0])
        events, months = rates.events_and_months(
            begin, end, np.array([0.0, 3.0, 6.0, 9.0]), event=np.array([True, True, False])
        )
        assert list(events) == [0, 2, 0]
        assert list(months) == pytest.approx([3 + 1, 2 + 0.5 + 2, 3])


class TestTold:
    def test_a_tenth_below_the_monte_carlo_error_is_not_told(self) -> None:
        assert told(43.29, 0.2) == "43"
        assert told(43.29, 0.01) == "43.3"
        assert told(-0.04, 0.01) == "0.0"

    def test_a_loss_has_a_true_minus_sign(self) -> None:
        assert signed(-0.2) == "−0.2"

    def test_the_monte_carlo_error_of_a_mean_is_that_of_the_textbook(self) -> None:
        months = np.random.default_rng(SEED).normal(40, 10, 40_000)
        assert monte_carlo_error(np.mean, months) == pytest.approx(10 / 200, rel=0.65)  # 20 batches: 4 errors are 65 %


class TestValidation:
    def test_no_held_out_figure_was_fitted_or_is_part_of_the_ladder(self) -> None:
        fitted = {check.figure for check in K.model.checks if check.used == "fitted"}
        used = {name for steps in K.model.ladders.values() for step in steps for name in (step.figure, *step.ratio_of)}
        assert not {check.figure for check in checks()} & (fitted | used)

    def test_every_figure_is_compared_by_every_structure(self) -> None:
        listed = [(check.figure, check.structure) for check in checks()]
        figures = dict.fromkeys(figure for figure, _ in listed)
        assert sorted(listed) == sorted((figure, structure) for figure in figures for structure in STRUCTURES)
        assert {"preality-os-palbo", "preality-os-ai", "sonia-os-cdk1", "sonia-os-cdk2", "imcore-os"} <= set(figures)

    def test_the_verdict_is_that_of_the_published_interval(self) -> None:
        figure = FIGURES["preality-os-ai"]  # 37.6 to 48.0
        assert validation.verdict(figure, 37.6) == validation.verdict(figure, 48.0) == "inside"
        assert validation.verdict(figure, 48.1) == "outside"
        assert validation.verdict(FIGURES["esme-old-before-os"], 34.0) == "no interval printed"

    def test_published_values_stand_as_the_cohort_printed_them(self) -> None:
        for check in checks():
            figure = FIGURES[check.figure]
            assert (check.published, check.low, check.high) == (figure.value, figure.low, figure.high)
            assert figure.verified == "seen"
            assert check.why

    def test_a_longer_first_line_is_never_a_shorter_life_for_the_same_people(self) -> None:
        for structure in STRUCTURES:
            arms = [
                simulate(cohorts.cohort_course(K, structure, (months,)), 4000, SEED).dies for months in (13.9, 19.3)
            ]
            assert (
                arms[1] >= arms[0]
            ).mean() > 0.98  # the few: another cause comes first and a later, luckier line is lost

    def test_older_people_live_shorter_by_the_life_table_alone(self) -> None:
        for structure in STRUCTURES:
            young, old = (
                simulate(cohorts.cohort_course(K, structure, (), age=age), 4000, SEED).dies for age in (60, 75)
            )
            assert np.median(old) < np.median(young)

    def test_the_table_holds_every_check_those_outside_included_and_the_tally(self) -> None:
        text = validation.table(checks())
        head, *_ = lines = [line for line in text.splitlines() if line.startswith("|")]
        assert {line.count("|") for line in lines} == {head.count("|")}
        assert text.count("\n| ") == len(checks())
        assert text.count("| outside |") == sum(check.verdict == "outside" for check in checks())
        met = validation.tally(checks())
        assert set(met) == set(STRUCTURES)
        judged = sum(check.verdict != "no interval printed" for check in checks())
        assert sum(total for _, total in met.values()) == judged


def test_the_command_tells_every_effect_with_its_sentence_and_what_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["effects"]) == 0
    text = capsys.readouterr().out
    assert main(["effects", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told) == 6
    for effect in told:
        assert effect["sentence"] in text
        assert all(figure["read"] in text for figure in effect["read"])

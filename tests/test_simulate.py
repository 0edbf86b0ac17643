"""The simulation: closed forms, common random numbers, frailty that leaves published curves as they are, exits apart.

Tolerances: with n people a share has a standard error below 0.5 / sqrt(n), a median one of about 0.72 / (density x sqrt(n)); four
of them are allowed, which fails by chance once in 16,000.
"""

import csv
import json
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import exp, gamma, log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbc_widgets.cli.commands import main
from mbc_widgets.compiler import DataError, compile_folder
from mbc_widgets.facts import facts
from mbc_widgets.knowledge import data_folder, load
from mbc_widgets.simulate.build import ladder, other_deaths, shares
from mbc_widgets.simulate.calibrate import SUBTYPES, benefit_odds, calibrate
from mbc_widgets.simulate.course import MOST_LINES, Course, LineCourse, Turn
from mbc_widgets.simulate.exits import Exits
from mbc_widgets.simulate.kernel import (
    CHUNK,
    DIED_OF_OTHER,
    DIED_ON_LINE,
    NOT_REACHED,
    Lives,
    chunks,
    simulate,
    survival_times,
)
from mbc_widgets.simulate.outcomes import (
    life,
    occupancy_rows,
    paired,
    reach_rows,
    survival_rows,
    survival_spread,
    typical,
)
from mbc_widgets.simulate.people import DEAD
from mbc_widgets.simulate.spread import hundred
from mbc_widgets.simulate.uncertainty import Draws, Errors, LineError, compare, parameter_draws
from mbc_widgets.simulate.verdicts import judged, worded
from mbc_widgets.survival import FAMILIES, Curve, from_median, published, through
from mbc_widgets.widgets.progress import progress
from mbc_widgets.workbook import scenario

K = load()
MODEL = K.model
N = 100_000
FOUR_ERRORS = 4 * 0.5 / sqrt(N)  # of a share
MEDIANS = (12.0, 8.0, 6.0, 5.0, 4.0, 3.0)
LIFE_TABLE = other_deaths(K, 60, "female")
QUICK = settings(deadline=None, max_examples=25, derandomize=True, database=None)


def course(  # noqa: PLR0913 - a course has as many parts
    medians: tuple[float, ...] = MEDIANS,
    *,
    frailty: float = 0.0,
    leaning: float = 0.0,
    dies: float = 0.0,
    goes_on: float = 1.0,
    gap: float = 0.0,
    beyond: float = 0.0,
    stops: float = 0.0,
    hazard_ratio: float = 1.0,
    deaths: tuple[float, ...] = (),
) -> Course:
    lines = tuple(
        LineCourse(
            name=f"line {number}", curve=_first(median, hazard_ratio if number == 1 else 1.0), dies=dies, goes_on=goes_on, gap=gap, beyond=beyond,
            stops=stops,
        )
        for number, median in enumerate(medians, start=1)
    )  # fmt: skip
    return Course(lines=lines, frailty=frailty, leaning=leaning, support=from_median(2), other_deaths=deaths)


def _first(median: float, hazard_ratio: float) -> Curve:
    return from_median(median).with_hazard_ratio(hazard_ratio)


FULL = {"frailty": 0.5, "leaning": 0.5, "dies": 0.15, "goes_on": 0.85, "gap": 1.5, "beyond": 0.7, "stops": 0.1}


def months_on(lives: Lives, line: int) -> np.ndarray:
    """Give the months on a line of those who started it."""
    started = ~np.isnan(lives.begins[line - 1])
    return (lives.ends[line - 1] - lives.begins[line - 1])[started]


# --- closed forms -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", FAMILIES)
def test_one_line_without_frailty_has_the_survival_of_its_curve(family: str) -> None:
    curve = from_median(10, family=family)
    only = Course(lines=(LineCourse(name="", curve=curve, dies=1.0),), frailty=0.0, support=from_median(2))
    lives = simulate(only, N, 1)
    for month in (2.0, 5.0, 10.0, 20.0, 40.0):
        assert float((lives.dies > month).mean()) == pytest.approx(curve.survival(month), abs=FOUR_ERRORS)


def test_the_mean_of_one_weibull_line_is_that_of_the_gamma_function() -> None:
    curve = from_median(10, shape=1.3)
    only = Course(lines=(LineCourse(name="", curve=curve, dies=1.0),), frailty=0.0, support=from_median(2))
    dies = simulate(only, N, 2).dies
    assert float(dies.mean(dtype=float)) == pytest.approx(
        curve.scale * gamma(1 + 1 / 1.3), abs=4 * float(dies.std()) / sqrt(N)
    )


def test_two_exponential_lines_are_survived_as_the_sum_of_both() -> None:
    """Hypoexponential: S(t) = (b exp(-at) - a exp(-bt)) / (b - a)."""
    a, b = log(2) / 10, log(2) / 4
    lines = [LineCourse(name="", curve=from_median(m, family="exponential"), dies=d) for m, d in ((10, 0.0), (4, 1.0))]
    dies = simulate(Course(lines=tuple(lines), frailty=0.0, support=from_median(2)), N, 3).dies
    for month in (5.0, 15.0, 30.0):
        expected = (b * exp(-a * month) - a * exp(-b * month)) / (b - a)
        assert float((dies > month).mean()) == pytest.approx(expected, abs=FOUR_ERRORS)


def test_death_from_other_causes_follows_the_life_table() -> None:
    """US life table of 2019, women: of 60 year olds, as many are alive after 20 years as its yearly chances leave."""
    endless = Course(
        lines=(LineCourse(name="", curve=from_median(1e12)),),
        frailty=0.0,
        support=from_median(2),
        other_deaths=LIFE_TABLE,
    )
    dies = simulate(endless, N, 4).dies
    alive = float(np.prod(1 - np.array(LIFE_TABLE[:20])))
    assert float((dies > 240).mean()) == pytest.approx(alive, abs=FOUR_ERRORS + 0.001)
    assert simulate(endless, N, 4).of_other_cause.all()


def test_the_life_tables_give_the_published_life_expectancy() -> None:
    """National Vital Statistics Reports 70(19), US 2019: 81.4 years for women, 76.3 for men."""
    for table, years in ((MODEL.life_tables["us-2019-female"], 81.4), (MODEL.life_tables["us-2019-male"], 76.3)):
        alive = np.concatenate([[1.0], np.cumprod(1 - np.array(table.yearly))])
        assert float(alive[1:].sum() + 0.5) == pytest.approx(years, abs=0.15), table.id


# --- frailty ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("frailty", [0.15, 0.45, 0.85])
@pytest.mark.parametrize("leaning", [0.0, 0.5, 1.0])
def test_whoever_starts_a_line_has_its_published_median_whatever_the_frailty(frailty: float, leaning: float) -> None:
    lives = simulate(course(frailty=frailty, leaning=leaning, dies=0.15, goes_on=0.85), N, 5)
    for number, median in enumerate(MEDIANS, start=1):
        months = months_on(lives, number)
        assert float((months > median).mean()) == pytest.approx(0.5, abs=4 * 0.5 / sqrt(months.size) + 0.004), number


def test_the_frailty_of_those_who_start_a_line_is_that_which_was_worked_out() -> None:
    made = course(**FULL)
    lives = simulate(made, N, 6)
    for line, selection in enumerate(made.selection):
        frailty = lives.frailty[~np.isnan(lives.begins[line])].astype(float)
        assert float(frailty.mean()) == pytest.approx(
            selection.mean, abs=4 * float(frailty.std()) / sqrt(frailty.size) + 0.004
        )
        assert float(frailty.var() / frailty.mean() ** 2) == pytest.approx(selection.variance, rel=0.06)


def test_survivors_are_less_frail_line_after_line() -> None:
    means = [selection.mean for selection in course(**FULL).selection]
    assert means[0] == pytest.approx(1.0, abs=1e-6)
    assert all(one > two for one, two in pairwise(means))


def test_the_shares_that_die_and_go_on_are_the_published_ones_whatever_leans_on_the_frailty() -> None:
    lives = simulate(course(frailty=0.6, leaning=1.0, dies=0.2, goes_on=0.8), N, 7)
    for line in range(MOST_LINES - 1):
        started = ~np.isnan(lives.begins[line])
        alive = started & (lives.exits[line] != DIED_ON_LINE)
        n = int(started.sum())
        assert float((lives.exits[line][started] == DIED_ON_LINE).mean()) == pytest.approx(
            0.2, abs=4 * 0.5 / sqrt(n) + 0.004
        )
        on = ~np.isnan(lives.begins[line + 1])
        assert float(on[alive].mean()) == pytest.approx(0.8, abs=4 * 0.5 / sqrt(n) + 0.004)


def test_without_frailty_lines_are_independent_and_with_it_benefit_predicts_benefit() -> None:
    alone, shared = (benefit_odds(simulate(course((9.0, 5.0), frailty=v), N, 8)) for v in (0.0, 0.45))
    assert alone == pytest.approx(1.0, abs=0.06)  # four errors of the log odds ratio of two halves
    assert shared < 0.65


def test_whoever_dies_on_a_line_was_frailer() -> None:
    lives = simulate(course(**FULL), N, 9)
    died = lives.exits[0] == DIED_ON_LINE
    assert float(lives.frailty[died].mean()) > 1.1 * float(lives.frailty[~died].mean())


# --- exits, attrition, months between lines ------------------------------------------------------------------------------


def test_when_nobody_goes_on_there_is_one_line() -> None:
    lives = simulate(course(goes_on=0.0), 5000, 10)
    assert (lives.exits[1:] == NOT_REACHED).all()
    assert np.isnan(lives.begins[1:]).all()


def test_every_exit_has_its_own_mark_and_none_is_lost() -> None:
    lives = simulate(course(**FULL, deaths=LIFE_TABLE), N, 11)
    supportive = ~np.isnan(lives.supportive_from)
    on_line = (lives.exits == DIED_ON_LINE).any(axis=0)
    other_on_line = (lives.exits == DIED_OF_OTHER).any(axis=0)
    between = ~supportive & ~on_line & ~other_on_line
    assert not (on_line & other_on_line).any()
    assert not (supportive & on_line).any()
    assert lives.of_other_cause[other_on_line].all()
    assert lives.of_other_cause[between].all()  # between two lines one dies of another cause alone
    assert 0 < float(between.mean()) < 0.02


def test_nobody_outlives_the_death_from_another_cause() -> None:
    endless = Course(
        lines=(LineCourse(name="", curve=from_median(1e12)),),
        frailty=0.5,
        support=from_median(2),
        other_deaths=LIFE_TABLE,
    )
    assert (simulate(course(**FULL, deaths=LIFE_TABLE), N, 12).dies <= simulate(endless, N, 12).dies + 1e-3).all()


def test_a_line_begins_after_the_months_between() -> None:
    lives = simulate(course(gap=1.5, beyond=0.7), 5000, 13)
    for line in range(MOST_LINES - 1):
        assert lives.begins[line + 1] - lives.ends[line] == pytest.approx(np.full(5000, 2.2), abs=1e-3)
        assert lives.treated_until[line] - lives.ends[line] == pytest.approx(np.full(5000, 0.7), abs=1e-3)


def test_a_drug_is_left_for_toxicity_by_as_many_as_the_trial_says_and_no_line_is_shorter_for_it() -> None:
    kept, left = (simulate(course((12.0,), stops=share), N, 14) for share in (0.0, 0.15))
    assert (kept.ends == left.ends).all()
    assert float((left.treated_until < left.ends).mean()) == pytest.approx(
        0.15, abs=0.02
    )  # races of Weibull 1.1, not of 1.0


# --- common random numbers --------------------------------------------------------------------------------------------


def test_a_hazard_ratio_of_one_gives_the_same_people_the_same_lives() -> None:
    one, two = simulate(course(**FULL), 20_000, 15), simulate(course(**FULL, hazard_ratio=1.0), 20_000, 15)
    assert (one.dies == two.dies).all()


@QUICK
@given(st.floats(0.2, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 0.3), st.integers(0, 1000))
def test_a_smaller_hazard_never_shortens_the_line_of_anybody(
    ratio: float, frailty: float, dies: float, seed: int
) -> None:
    kept = {"frailty": frailty, "leaning": 0.5, "dies": dies, "goes_on": 0.8}
    usual, better = (simulate(course(**kept, hazard_ratio=r), 2000, seed) for r in (1.0, ratio))
    assert (better.ends[0] >= usual.ends[0] - 1e-3).all()
    assert (better.dies >= usual.dies - 1e-2).all()


def test_the_same_people_are_compared_with_a_smaller_error_than_different_ones() -> None:
    """Paired by the same numbers, at most half as large (six times smaller in a prototype)."""
    usual, better = (simulate(course(**FULL, hazard_ratio=r), N, 16) for r in (1.0, 0.8))
    other = simulate(course(**FULL, hazard_ratio=0.8), N, 17)
    assert float((better.dies - usual.dies).std()) < float((other.dies - usual.dies).std()) / 2


@pytest.mark.parametrize("size", [1, 1000, CHUNK, CHUNK + 1, 3 * CHUNK + 17])
def test_the_number_of_threads_changes_nothing(size: int) -> None:
    made = course(**FULL, deaths=LIFE_TABLE)
    one, two = (simulate(made, size, 18, threads=threads) for threads in (1, 2))
    for name in Lives.__dataclass_fields__:
        assert np.array_equal(getattr(one, name), getattr(two, name), equal_nan=name != "of_other_cause"), name


def test_chunks_and_survival_times_give_the_same_lives() -> None:
    made = course(**FULL, deaths=LIFE_TABLE)
    whole = simulate(made, 2 * CHUNK + 5, 19)
    assert np.array_equal(np.concatenate([part.dies for part in chunks(made, 2 * CHUNK + 5, 19)]), whole.dies)
    assert np.array_equal(survival_times(made, 2 * CHUNK + 5, 19), whole.dies)


def test_another_seed_gives_other_people() -> None:
    assert not np.array_equal(simulate(course(), 1000, 20).dies, simulate(course(), 1000, 21).dies)


@pytest.mark.parametrize(("size", "seed"), [(0, 1), (-5, 1), (10, -1)])
def test_nobody_or_a_negative_seed_is_refused(size: int, seed: int) -> None:
    with pytest.raises(ValueError, match="at least 1 patient"):
        simulate(course(), size, seed)


@pytest.mark.parametrize("wrong", [{"dies": 1.2}, {"goes_on": -0.1}, {"gap": -1.0}])
def test_a_course_that_cannot_be_is_refused_with_its_line(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="line 1"):
        course(**wrong)


def test_a_course_has_one_to_six_lines() -> None:
    for medians in ((), (1.0,) * 7):
        with pytest.raises(ValueError, match="1 to 6"):
            course(medians)


# --- results that open another regimen ------------------------------------------------------------------------------------


def with_turns(*results: tuple[str, float]) -> Course:
    """Two usual lines; each result opens a long line before the second."""
    usual = [LineCourse(name="usual", curve=from_median(5)) for _ in range(2)]
    other = LineCourse(name="other", curve=from_median(20))
    kept = {"frailty": 0.4, "support": from_median(2)}
    paths = [Course(lines=(usual[0], *[other] * at.bit_count(), usual[1]), **kept) for at in range(2 ** len(results))]
    return replace(paths[0], turns=tuple(Turn(results=(each,)) for each in results), turned=tuple(paths[1:]))


def test_a_result_turns_as_many_as_the_cohort_says_and_takes_no_drug_away() -> None:
    lives = simulate(with_turns(("esr1", 0.354)), N, 22)
    turned = lives.path == 1
    assert float(turned.mean()) == pytest.approx(0.354, abs=FOUR_ERRORS)
    assert float(np.median((lives.ends[1] - lives.begins[1])[turned])) == pytest.approx(20, rel=0.04)
    assert float(np.median((lives.ends[1] - lives.begins[1])[~turned])) == pytest.approx(5, rel=0.04)
    assert np.median(lives.dies[turned]) > np.median(lives.dies[~turned]) + 10
    assert np.isnan(lives.begins[2][~turned]).all()


def test_whoever_has_a_result_at_one_line_has_it_at_the_next() -> None:
    lives = simulate(with_turns(("esr1", 0.1), ("esr1", 0.35)), 20_000, 23)
    assert not (lives.path == 1).any()
    assert float((lives.path == 3).mean()) == pytest.approx(0.1, abs=0.01)


def test_results_of_different_tests_come_together_by_chance_alone() -> None:
    lives = simulate(with_turns(("esr1", 0.4), ("pik3ca", 0.4)), N, 23)
    assert float((lives.path == 3).mean()) == pytest.approx(0.16, abs=FOUR_ERRORS)


def test_a_result_changes_nothing_for_people_without_it() -> None:
    made = with_turns(("esr1", 0.3))
    alone, mixed = simulate(replace(made, turns=(), turned=()), 20_000, 24), simulate(made, 20_000, 24)
    assert (alone.dies == mixed.dies)[mixed.path == 0].all()


def test_a_course_has_lives_for_every_set_of_results() -> None:
    with pytest.raises(ValueError, match="a course for each set"):
        replace(with_turns(("esr1", 0.3)), turned=())


# --- rows -------------------------------------------------------------------------------------------------------------


def test_the_shares_of_all_states_sum_to_a_hundred_at_every_month() -> None:
    lives = simulate(course(**FULL, deaths=LIFE_TABLE), 20_000, 24)
    for row in occupancy_rows(lives, range(0, 120, 7)):
        assert sum(value for name, value in row.items() if name != "month") == pytest.approx(100, abs=0.05)
    assert occupancy_rows(lives, [0])[0]["line 1"] == 100


def test_survival_rows_and_dead_people_agree() -> None:
    lives = simulate(course(**FULL), 20_000, 25)
    months = (0.0, 6.0, 24.0, 60.0)
    for alive, states in zip(survival_rows(lives, months), occupancy_rows(lives, months), strict=True):
        assert alive["percent"] + states[DEAD] == pytest.approx(100, abs=0.02)


def test_a_hundred_people_are_a_hundred_and_paired_counts_agree_with_survival() -> None:
    one, two = (simulate(course(**FULL, hazard_ratio=ratio), 20_000, 26) for ratio in (1.0, 0.6))
    both, only_first, only_second, neither = paired(one, two, [24])[0]
    assert both + only_first + only_second + neither == 100
    assert abs(both + only_first - survival_rows(one, [24])[0]["percent"]) <= 1.5
    assert only_first == 0  # a smaller hazard on line 1 takes nobody's life
    with pytest.raises(ValueError, match="person by person"):
        paired(one, simulate(course(), 10, 26), [24])


@QUICK
@given(st.lists(st.floats(0.001, 1.0), min_size=1, max_size=9))
def test_any_shares_make_a_hundred_people_each_within_one_of_its_share(weights: list[float]) -> None:
    shares = np.array(weights) / sum(weights)
    counts = hundred(shares)
    assert sum(counts) == 100
    assert all(abs(count - 100 * share) < 1 + 1e-9 for count, share in zip(counts, shares, strict=True))


def test_fewer_reach_each_later_line() -> None:
    lives = simulate(course(**FULL), 20_000, 27)
    rows = reach_rows(lives, [f"r{number}" for number in range(1, 7)])
    starts = [row["starts"] for row in rows]
    assert starts[0] == 100
    assert all(one > two for one, two in pairwise(starts))


def test_the_typical_life_is_told_in_order_and_has_twenty_of_like_frailty() -> None:
    lives = simulate(course(**FULL), 20_000, 28)
    middle, alike = typical(lives)
    told = life(lives, middle, [f"r{number}" for number in range(1, 7)])
    assert told["dies"] == pytest.approx(survival_spread(lives).median, abs=0.2)
    assert all(bar["start"] <= bar["end"] <= told["dies"] for bar in told["bars"])
    assert len(set(alike)) == 20
    assert float(np.ptp(lives.frailty[list(alike)])) < 0.05


def test_no_digit_below_the_monte_carlo_error_is_told() -> None:
    assert survival_spread(simulate(course(**FULL), 400, 29)).digits == 0


# --- uncertainty ------------------------------------------------------------------------------------------------------

EXITS = Exits(next_line=0.72, of_progressed=False, died=0.5)
ERRORS = Errors(
    lines=(LineError(log_median=0.1, exits=EXITS),) * 6, frailty=(0.2, 0.5, 0.8), leaning=(0.0, 1.0), support=(1.0, 4.0)
)


def test_known_parameters_have_no_band_and_unknown_ones_have() -> None:
    exact = Errors(
        lines=(LineError(log_median=0.0),) * 6, frailty=(0.5, 0.5, 0.5), leaning=(0.5, 0.5), support=(2.0, 2.0)
    )
    made = course(**FULL)
    certain, open_ = (parameter_draws(made, e, (12,), draws=40, people=4000, seed=30).band() for e in (exact, ERRORS))
    assert certain.high - certain.low < 0.5
    assert open_.high - open_.low > 4 * (certain.high - certain.low)


def test_a_sequence_cannot_be_told_from_itself_and_a_much_longer_one_can() -> None:
    usual, alike, longer = course(**FULL), course(**FULL), course(tuple(3 * m for m in MEDIANS), **FULL)
    drawn = [parameter_draws(c, ERRORS, (), draws=40, people=2000, seed=31) for c in (usual, alike, longer)]
    same = compare(drawn[0], drawn[1], {"a": 0.0, "b": 0.0})
    assert same.longer is None
    apart = compare(drawn[0], drawn[2], {"a": 40.0, "b": 30.0})
    assert apart.longer == "second"
    assert "not a trial's" in apart.because


def moved(*months: float) -> tuple[Draws, Draws]:
    """Draws of two sequences whose medians lie as far apart as told, draw by draw."""
    first = parameter_draws(course(**FULL), ERRORS, (), draws=len(months), people=500, seed=31)
    return first, replace(first, median=first.median + np.array(months))


def test_a_difference_of_less_than_a_month_is_too_small_to_matter() -> None:
    verdict = compare(*moved(0.6, 0.5, 0.7), {"a": 0.6, "b": 0.5})
    assert verdict.longer is None
    assert verdict.because == "the difference of the medians is under a month, too small to matter"


def test_a_difference_of_unknown_sign_is_told_apart_from_one_that_may_be_too_small() -> None:
    unknown = compare(*moved(-3.2, 0.0, 5.1), {"a": 1.0}, ("A", "B"))
    assert (
        unknown.because
        == "the median is from 3 months longer by A to 5 months longer by B, so which is longer is not known"
    )
    small = compare(*moved(-2.9, -1.0, -0.6), {"a": -1.0}, ("A", "B"))
    assert small.longer is None
    assert (
        small.because
        == "the median is from under a month to 3 months longer by A, perhaps too small to matter (under a month)"
    )


@pytest.mark.parametrize("ends", [(-1.4, -0.6), (-1.2, 0.9), (0.6, 3.0), (-0.4, 0.4), (0.97, 1.04), (-8.0, 0.9)])
def test_no_bound_of_a_difference_contradicts_its_words(ends: tuple[float, float]) -> None:
    because = compare(*moved(ends[0], sum(ends) / 2, ends[1]), {"a": sum(ends) / 2}).because
    assert "−" not in because
    assert ("not known" in because) == (ends[0] < 0 < ends[1] and max(map(abs, ends)) > 1)
    assert "between" not in because


def test_every_structure_moves_the_whole_band_and_all_must_agree() -> None:
    far = moved(5.0, 5.5, 6.0)
    assert compare(*far, {"a": 5.5, "b": 4.0}).longer == "second"
    verdict = compare(*far, {"a": 5.5, "b": -1.0})
    assert verdict.longer is None
    assert "the structures disagree" in verdict.because
    near = compare(*far, {"a": 5.5, "b": 0.8})
    assert near.longer is None
    assert "perhaps too small to matter" in near.because


def test_a_plan_that_ends_early_leaves_no_verdict_and_is_named() -> None:
    verdict = judged([], ({"a": 20.0}, {"a": 32.0}), ("A", "B"), ended=["A"])
    title, text = worded(verdict, ("A", "B"))
    assert title == "No verdict"
    assert text.startswith("A ends before six lines")


def test_a_structure_that_a_cohort_denies_is_not_heard() -> None:
    verdict = judged(moved(5.0, 5.5, 6.0), ({"a": 20.0, "b": 20.0}, {"a": 25.5, "b": 5.0}), ("A", "B"), unheard=["b"])
    assert verdict.by_structure == {"a": 5.5}
    assert verdict.longer == "second"


def test_parameter_draws_do_not_depend_on_threads() -> None:
    made = course(**FULL)
    one, two = (parameter_draws(made, ERRORS, (12, 24), draws=12, people=1000, seed=33, threads=t) for t in (1, 2))
    assert np.array_equal(one.median, two.median)
    assert np.array_equal(one.alive, two.alive)


def test_two_sequences_share_the_errors_of_what_they_share_and_no_others() -> None:
    """Two trials of one median are wrong by themselves, one trial in two sequences is wrong alike."""
    made = course(**FULL)

    def drawn(source: str) -> np.ndarray:
        lines = tuple(LineError(log_median=0.2, source=f"{source} {at}") for at in range(6))
        known = Errors(lines=lines, frailty=(0.5, 0.5, 0.5), leaning=(0.5, 0.5), support=(2.0, 2.0))
        return parameter_draws(made, known, (), draws=60, people=1000, seed=33).median

    assert np.array_equal(drawn("trial"), drawn("trial"))
    assert abs(float(np.corrcoef(drawn("trial"), drawn("another"))[0, 1])) < 0.45  # 60 pairs: 3.5 standard errors


def test_whoever_waits_is_told_how_far_the_draws_have_come(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("mbc_widgets.widgets.progress.display", shown.append)
    heard = parameter_draws(
        course(**FULL), ERRORS, (12,), draws=150, people=200, seed=33, on_progress=progress("Draws")
    )
    silent = parameter_draws(course(**FULL), ERRORS, (12,), draws=150, people=200, seed=33)
    assert np.array_equal(heard.median, silent.median)
    assert [(bar.value, bar.max, bar.bar_style) for bar in shown] == [(150, 150, "success")]


# --- what was calibrated ----------------------------------------------------------------------------------------------


def test_every_published_target_is_met_or_named_as_missed_with_a_reason() -> None:
    assert len(MODEL.checks) > 20
    for check in MODEL.checks:
        figure = MODEL.figures[check.figure]
        met = (
            abs(check.z) <= 1.96
            if check.z is not None
            else abs(check.fitted - figure.value) <= 0.02 * abs(figure.value)
        )
        assert met or check.text, (check.structure, check.figure, check.fitted, figure.value)


def test_median_survival_of_the_cohorts_is_met_by_the_first_structure() -> None:
    """ESME 2008-2016, doi 10.1016/j.ejca.2020.01.016: 43.3 (42.5-44.5) and 14.8 (14.1-15.5) months."""
    first = next(iter(MODEL.structures))
    fitted = {check.figure: check.fitted for check in MODEL.checks if check.structure == first}
    assert 42.5 <= fitted["esme-hr-os"] <= 44.5
    assert 14.1 <= fitted["esme-tn-os"] <= 15.5


def test_the_frozen_fit_is_what_comes_out_now() -> None:
    """A fifth of the people: the errors of the medians are about 0.3 months, which move the months between lines by as much."""
    found = calibrate(K, size=20_000)
    for fit in found.fits:
        frozen = MODEL.fits[fit.structure, fit.subtype]
        assert fit.beyond + fit.gap == pytest.approx(frozen.beyond + frozen.gap, abs=0.6), fit
    assert found.frailty[0] == pytest.approx(MODEL.assumptions["frailty_variance"].value, abs=0.08)


def test_the_frailty_gives_the_published_odds_of_benefit() -> None:
    """Bonotto 2015, doi 10.1634/theoncologist.2015-0002: odds ratio 0.48 (0.29-0.77)."""
    (check,) = [c for c in MODEL.checks if c.figure == "udine-benefit-or"]
    assert 0.29 <= check.fitted <= 0.77
    assert check.fitted == pytest.approx(0.48, abs=0.02)


@pytest.mark.parametrize("subtype", SUBTYPES)
def test_the_ladder_of_everyday_care_falls(subtype: str) -> None:
    medians = ladder(MODEL, subtype)
    assert len(medians) == MOST_LINES
    assert all(one > two for one, two in pairwise(medians))


@pytest.mark.parametrize("name", MODEL.structures)
def test_a_structure_loses_as_many_after_each_line_as_its_figures_say(name: str) -> None:
    for subtype in SUBTYPES:
        for number in range(1, 7):
            dies, goes_on = shares(MODEL, MODEL.structures[name], subtype, number)
            listed = MODEL.structures[name].next_line[subtype]
            figure = MODEL.figures[listed[min(number, len(listed)) - 1]]
            percent = figure.value if figure.measure == "next_line_percent" else 100 - figure.value
            counted = goes_on if figure.counted_among == "progressed" else (1 - dies) * goes_on
            assert counted == pytest.approx(percent / 100)


# --- published medians and landmarks, simulated; the table is committed ---------------------------------------------------

TABLE = Path(__file__).parent / "data" / "single_lines.csv"


@cache
def single_lines() -> dict[tuple[str, str, str], tuple[float, float, str]]:
    """Give, by regimen, trial and population, the published and the simulated median, and its landmarks as text.

    Every regimen with a figure for any scenario under either regulator on the current day, each alone, without death from another
    cause, with the frailty of the model.
    """
    found = {}
    for name in K.scenarios:
        for regulator in K.edition.regulators:
            snapshot = K.on(K.edition.current_day, regulator)
            state = facts(scenario(name, K)[0], snapshot)
            for regimen in K.regimens:
                told = published(regimen, state, snapshot)
                if told:
                    row, curve = told
                    found.setdefault((regimen, row.trial.id, row.result.population or ""), (row.own.value, curve))
    return {key: (median, *_simulated(curve)) for key, (median, curve) in found.items()}


def _simulated(curve: Curve) -> tuple[float, str]:
    line = LineCourse(name="", curve=curve)
    made = Course(lines=(line,), frailty=MODEL.assumptions["frailty_variance"].value, support=from_median(2))
    months = simulate(made, N, 34).ends[0]
    told = [
        f"{at:g}: {100 * share:.1f} v {100 * float((months > at).mean()):.1f}"
        for at, share in curve.made_of
        if share != 0.5
    ]
    return round(float(np.median(months)), 2), "; ".join(told)


def test_single_lines_reproduce_the_published_medians_within_two_per_cent_and_landmarks_within_three_points() -> None:
    assert len(single_lines()) > 60
    for key, (published_median, simulated_median, landmarks) in single_lines().items():
        assert simulated_median == pytest.approx(published_median, rel=0.02), key
        for told in filter(None, landmarks.split("; ")):
            one, two = (float(share) for share in told.split(": ")[1].split(" v "))
            assert abs(one - two) <= 3, (key, told)


def test_the_committed_table_of_single_lines_is_what_comes_out() -> None:
    with TABLE.open(encoding="utf-8") as file:
        rows = {(r["regimen"], r["trial"], r["population"]): r for r in csv.DictReader(file)}
    now = single_lines()
    assert set(rows) == set(now), "run tools/single_lines.py after a change of trial results"
    for key, row in rows.items():
        assert float(row["published_months"]) == now[key][0], key
        assert float(row["simulated_months"]) == pytest.approx(now[key][1], rel=0.005), key


def test_a_structure_that_names_no_figure_is_refused(tmp_path: Path) -> None:
    import shutil

    folder = data_folder()
    assert folder is not None
    copy = tmp_path / "data"
    shutil.copytree(folder, copy)
    place = copy / "realworld" / "model.yaml"
    place.write_text(
        place.read_text(encoding="utf-8").replace("torrisi-next-1,", "torrisi-next-9,", 1), encoding="utf-8"
    )
    with pytest.raises(DataError, match=r"torrisi-next-9.*torrisi-next-1"):
        compile_folder(copy)


def test_points_carry_a_curve_whose_median_is_the_first_scan() -> None:
    """REVIEW 45: EMERALD's control, half progress by the first scan, some run long."""
    curve = through([(1.9, 0.5), (6.0, 0.19), (12.0, 0.08)])
    made = Course(lines=(LineCourse(name="", curve=curve),), frailty=0.45, support=from_median(2))
    months = simulate(made, N, 35).ends[0]
    assert float((months > 12).mean()) == pytest.approx(0.08, abs=0.03)


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_tells_each_sequence_and_calls_none_the_best(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "er-low", "--patients", "500", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["comparisons"]) == len(told["sequences"]) - 1
    assert all(lane["alive_percent"][0]["percent"] <= 100 for lane in told["sequences"])
    assert {v["longer"] for v in told["comparisons"]} <= {"not distinguishable", "first", "second"}
    assert main(["simulate", "er-low", "--patients", "500"]) == 0
    text = capsys.readouterr().out
    assert "best" not in text
    assert "no forecast for a person" in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--patients", "0"], "whole number from 1"),
        (["--patients", "99999999"], "10000000"),
        (["--seed", "x"], "from 0"),
    ],
)
def test_the_command_refuses_what_cannot_be_with_what_can(
    wrong: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "er-low", *wrong]) == 2
    out = capsys.readouterr()
    assert said in out.err
    assert not out.out

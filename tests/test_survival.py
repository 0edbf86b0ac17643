"""Survival: published numbers in, a curve out that gives them back; closed forms, proportional hazards, sampling."""

from functools import cache
from itertools import pairwise
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbc_widgets.evidence import best
from mbc_widgets.facts import Facts, facts
from mbc_widgets.knowledge import Snapshot, load
from mbc_widgets.sequences import plan
from mbc_widgets.survival import FAMILIES, Curve, from_median, proportional, published, through
from mbc_widgets.workbook import scenario

K = load()
TODAY = K.on(K.edition.current_day, "EMA")
PROFILE = settings(deadline=None, max_examples=200, derandomize=True, database=None)
MEDIANS, SHAPES = st.floats(1, 80), st.floats(0.5, 2.0)


@cache
def curves() -> tuple[tuple[str, float, tuple[tuple[float, float], ...], Curve], ...]:
    """Give (name, median, landmarks, curve) of every regimen that any scenario is planned with and that has a figure."""
    found = {}
    for name in K.scenarios:
        for regulator in K.edition.regulators:
            snapshot = K.on(K.edition.current_day, regulator)
            state = facts(scenario(name)[0], snapshot)
            for sequence in plan(state, snapshot, branches=False):
                for line in sequence.lines:
                    key, value = _curve(line.option.regimen.id, line.option.facts, snapshot)
                    found[key] = value
    return tuple(value for value in found.values() if value)


def _curve(
    regimen: str, state: Facts, snapshot: Snapshot
) -> tuple[tuple[str, ...], tuple[str, float, tuple[tuple[float, float], ...], Curve] | None]:
    told = published(regimen, state, snapshot)
    if told is None:
        return (regimen,), None
    row, curve = told
    assert row.own
    assert row.own.value
    landmarks = tuple(
        (float(r.at_months), (r.experimental if row.experimental else r.control).value / 100)  # type: ignore[union-attr, operator]
        for r in row.trial.results
        if r.endpoint == f"{row.result.endpoint}_at"
        and (r.population, r.assessor) == (row.result.population, row.result.assessor)
        and (r.arm, r.control_arm) == (row.result.arm, row.result.control_arm)
        and r.at_months
        and (r.experimental if row.experimental else r.control)
        and (r.experimental if row.experimental else r.control).value  # type: ignore[union-attr]
    )
    return (regimen, row.trial.id, row.result.population or ""), (regimen, row.own.value, landmarks, curve)


def test_every_regimen_with_a_figure_gives_its_median_back_within_two_per_cent() -> None:
    assert len(curves()) > 30
    for name, median, _, curve in curves():
        assert curve.median() == pytest.approx(median, rel=0.02), name


def test_every_published_landmark_of_these_arms_is_met_within_three_points() -> None:
    assert sum(len(landmarks) for _, _, landmarks, _ in curves()) > 15
    for name, _, landmarks, curve in curves():
        for months, share in landmarks:
            assert abs(curve.survival(months) - share) <= 0.03, (name, months)


def test_a_weibull_with_a_shape_of_one_is_exponential() -> None:
    one, two = from_median(10, shape=1), from_median(10, family="exponential")
    for months in (0.0, 1.0, 10.0, 50.0):
        assert one.survival(months) == pytest.approx(two.survival(months)) == pytest.approx(0.5 ** (months / 10))


def test_the_hazard_ratio_moves_a_weibull_median_by_its_root_not_by_the_ratio() -> None:
    """Doi 10.1186/1471-2288-12-9 and arithmetic: m x HR^(-1/a)."""
    curve = from_median(10, shape=1.25).with_hazard_ratio(0.5)
    assert curve.median() == pytest.approx(10 * 0.5 ** (-1 / 1.25))
    assert curve.median() != pytest.approx(20, rel=0.05)


@pytest.mark.parametrize("family", FAMILIES)
@PROFILE
@given(MEDIANS, SHAPES, st.floats(0.3, 3))
def test_time_and_hazard_are_each_others_inverse(family: str, median: float, shape: float, ratio: float) -> None:
    curve = from_median(median, family=family, shape=shape).with_hazard_ratio(ratio)
    for hazard in (0.01, 0.3, log(2), 2.0, 6.0):
        assert curve.hazard_to(curve.time_at(hazard)) == pytest.approx(hazard, rel=1e-6)


@PROFILE
@given(MEDIANS, st.lists(st.floats(0.03, 0.97), min_size=2, max_size=4, unique=True))
def test_a_curve_passes_every_published_point_within_three_points(median: float, shares: list[float]) -> None:
    falling = sorted({round(share, 3) for share in shares} | {0.5}, reverse=True)
    months = [median * (1 + 0.9 * (place - falling.index(0.5))) for place in range(len(falling))]
    points = [(m, s) for m, s in zip(months, falling, strict=True) if m > 0]
    curve = through(points)
    for at, share in points:
        assert abs(curve.survival(at) - share) <= 0.03 + 1e-9
    ordered = [curve.survival(at) for at in np.linspace(0, 5 * median, 50)]
    assert all(one >= two for one, two in pairwise(ordered))


def test_a_median_at_the_first_scan_with_a_long_tail_is_told_by_its_points() -> None:
    """EMERALD, standard arm: half progress by the first scan, a minority runs long; no Weibull of shape 1.1 says so."""
    curve = through([(1.9, 0.5), (6.0, 0.19), (12.0, 0.08)])
    assert curve.survival(12.0) == pytest.approx(0.08, abs=0.03)
    assert from_median(1.9).survival(12.0) < 0.01


@pytest.mark.parametrize("family", FAMILIES)
def test_a_sample_has_the_median_and_the_landmarks_of_its_curve(family: str) -> None:
    """400,000 draws: a share has a standard error below 0.0008, so 0.004 are five of them."""
    curve = from_median(12, family=family)
    drawn = curve.sample(400_000, np.random.default_rng(7))
    for months in (3, 6, 12, 24, 48):
        assert float(np.mean(drawn > months)) == pytest.approx(curve.survival(float(months)), abs=0.004)


def test_numbers_and_arrays_are_answered_alike() -> None:
    points = ((2.0, 0.6), (5.0, 0.5), (12.0, 0.1))
    for curve in (*(from_median(8, family=family) for family in FAMILIES), Curve(family="points", points=points)):
        months = np.array([0.5, 2.0, 7.5, 30.0])
        assert curve.survival(months) == pytest.approx([curve.survival(float(m)) for m in months])
        hazards = np.array([0.1, 0.7, 3.0])
        assert curve.time_at(hazards) == pytest.approx([curve.time_at(float(h)) for h in hazards])


def test_the_mean_of_a_weibull_is_that_of_the_gamma_function() -> None:
    from math import gamma

    curve = from_median(10, shape=1.5)
    drawn = curve.sample(400_000, np.random.default_rng(1))
    assert float(np.mean(drawn)) == pytest.approx(curve.scale * gamma(1 + 1 / 1.5), rel=0.01)


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ([], "none was given"),
        ([(5.0, 0.5), (10.0, 0.6)], "must fall"),
        ([(5.0, 0.5), (5.0, 0.4)], "must fall"),
        ([(0.0, 0.5)], "must fall"),
    ],
)
def test_points_that_are_no_curve_are_refused(points: list[tuple[float, float]], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        through(points)


def test_medians_that_do_not_fit_the_hazard_ratio_are_told_as_not_proportional() -> None:
    """BROCADE3, HR-positive: 13.0 v 12.5 months and 0.69 (0.52-0.93; doi 10.1177/17588359211059601) cannot be of one shape; PALOMA-2 fits."""
    for trial, expected in (("brocade3", False), ("paloma-2", True)):
        rows = [
            row
            for name in K.scenarios
            for regimen, pairs in K.trials_of.items()
            if trial in {one for one, _ in pairs}
            for row in [best(regimen, facts(scenario(name)[0], TODAY), TODAY)]
            if row and row.trial.id == trial
        ]
        assert rows, trial
        assert all(proportional(row, 1.1) is expected for row in rows), trial


def test_an_unknown_family_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match="'gompertz' is unknown; there are: weibull, log_logistic, exponential"):
        from_median(10, family="gompertz")


def test_a_median_of_the_first_scan_without_a_landmark_has_the_long_tail_of_like_controls() -> None:
    """REVIEW 45. EMERALD's control had 19 to 20 % free of progression at 6 months, VERITAC-2's 22.7 % (medians 1.9 and 2.1)."""
    found = {}
    for name in K.scenarios:
        state = facts(scenario(name)[0], TODAY)
        for regimen in K.regimens:
            told = published(regimen, state, TODAY)
            if told and told[0].own and told[0].own.value and told[0].own.value <= 2.2 and not told[1].made_of:
                found[regimen] = told[1]
    assert found
    for regimen, curve in found.items():
        assert 0.12 < curve.survival(6.0) < 0.3, regimen

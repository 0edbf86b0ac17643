"""Published curves made into people again: medians, landmarks, numbers at risk and the hazard ratio of the paper come back."""

import numpy as np
import pytest

from mbc_widgets.knowledge import load
from mbc_widgets.rebuilt import Rebuilt, rebuild
from mbc_widgets.records import CurveArm, PublishedCurve
from mbc_widgets.simulate.rates import events_and_months, pooled_ratio

K = load()
CURVES = tuple(K.curves.values())
# Medians and hazard ratios as the papers print them (PMID 25231953, 27908454, 26030518, 27717303).
PRINTED = {
    "bolero-2-os": (31.0, 26.6, 0.89, 0.73, 1.10),
    "falcon-pfs": (16.6, 13.8, 0.797, 0.637, 0.999),
    "paloma-3-pfs": (9.2, 3.8, 0.42, 0.32, 0.56),
    "monaleesa-2-pfs": (None, 14.7, 0.56, 0.43, 0.72),
}


def arms(curve: PublishedCurve) -> tuple[Rebuilt, Rebuilt]:
    found = {arm.arm: rebuild(arm) for arm in curve.arms}
    return found["experimental"], found["control"]


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.id)
def test_medians_of_the_paper_come_back_within_three_per_cent(curve: PublishedCurve) -> None:
    for people, printed in zip(arms(curve), PRINTED[curve.id][:2], strict=True):
        assert people.median() == (None if printed is None else pytest.approx(printed, rel=0.03))


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.id)
def test_every_point_and_number_at_risk_comes_back(curve: PublishedCurve) -> None:
    for arm, people in zip(curve.arms, arms(curve), strict=True):
        for month, percent in arm.points:
            assert 100 * people.at(month) == pytest.approx(percent, abs=2.0), (arm.arm, month)
        for month, left in arm.at_risk:
            assert people.at_risk(month) == pytest.approx(left, abs=max(2, 0.02 * arm.at_risk[0][1])), (arm.arm, month)
        assert len(people.months) == arm.at_risk[0][1]
        assert sum(people.event) == pytest.approx(arm.events, rel=0.06)


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.id)
def test_the_hazard_ratio_of_the_rebuilt_people_lies_near_that_of_the_paper(curve: PublishedCurve) -> None:
    """Not stratified, and by bands of three months instead of Cox: within a tenth, and inside the printed interval."""
    counts = []
    for people in arms(curve):
        months = np.array(people.months)
        counts += events_and_months(np.zeros_like(months), months, np.arange(0, 60, 3.0), event=np.array(people.event))
    ratio = pooled_ratio(*counts)
    _, _, printed, low, high = PRINTED[curve.id]
    assert low < ratio < high
    assert ratio == pytest.approx(printed, rel=0.1)


def test_a_curve_without_censoring_comes_back_person_by_person() -> None:
    arm = CurveArm(arm="x", points=((1, 80.0), (2, 60.0), (3, 20.0), (4, 0.0)), at_risk=((0, 10), (2, 8)), events=10)
    assert rebuild(arm).months == (1, 1, 2, 2, 3, 3, 3, 3, 4, 4)
    assert all(rebuild(arm).event)


def test_people_who_leave_between_two_numbers_at_risk_are_censored_evenly() -> None:
    people = rebuild(CurveArm(arm="x", points=((10, 50.0),), at_risk=((0, 100), (8, 60)), events=30))
    assert sum(not event and months < 8 for months, event in zip(people.months, people.event, strict=True)) == 40
    assert people.at(10) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": ((1, 50.0), (2, 60.0)), "at_risk": ((0, 10),)},
        {"points": ((1, 50.0),), "at_risk": ((0, 10), (1, 12))},
        {"points": ((1, 50.0),), "at_risk": ((1, 10),)},
        {"points": (), "at_risk": ((0, 10),)},
    ],
)
def test_a_figure_that_cannot_be_is_refused(wrong: dict[str, tuple[tuple[float, float], ...]]) -> None:
    with pytest.raises(ValueError, match="must fall"):
        rebuild(CurveArm(arm="x", **wrong))

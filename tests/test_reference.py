"""The readable model and the fast one: life by life and in arrays, they describe the same people.

Tolerances are 4 standard errors of the difference, so that one check in 16,000 would fail by chance; the seeds are fixed. Of a
share p among n and m people the error is sqrt(p (1 - p) (1 / n + 1 / m)). Of a median it is half the distance between the
quantiles at 0.5 -+ 0.5 / sqrt(n), each added in squares. The kernel reads the frailty and the life table from 4,096 straight
steps: what that adds lies below a hundredth of a month and a tenth of a percent.
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import hypot, sqrt

import numpy as np
import pytest

from mbc_widgets.knowledge import load
from mbc_widgets.simulate.build import other_deaths
from mbc_widgets.simulate.course import Course, LineCourse, Past, Turn
from mbc_widgets.simulate.kernel import DIED_ON_LINE, Lives, simulate
from mbc_widgets.simulate.reference import DEATH_ON_LINE, Life, lives_one_by_one
from mbc_widgets.survival import Curve, from_median, through

ONE_BY_ONE, AT_ONCE = 10_000, 200_000
ERRORS = 4
STEP_MONTHS, STEP_SHARE = 0.01, 0.001
ESR1 = Turn(results=(("esr1", 0.4),))
PIK3CA = Turn(results=(("pik3ca", 0.3), ("akt1", 0.07)))


def course(*medians: float, **of_each: float) -> Course:
    shares = {"dies": 0.12, "goes_on": 0.85, **of_each}
    lines = tuple(LineCourse(name=f"line {m}", curve=from_median(m), **shares) for m in medians)
    return Course(lines=lines, frailty=0.0, support=from_median(3))


def turned(*medians: float, **of_each: float) -> Course:
    """Two results: one opens a longer second line, the other a line more, and who has both takes both."""
    first, *later = medians
    longer = course(first, 19, *later[1:], **of_each)
    more = course(first, 9, *later, **of_each)
    both = course(first, 9, 19, *later[1:], **of_each)
    log_logistic = replace(more.lines[1], curve=from_median(9, family="log_logistic"))
    more = replace(more, lines=(more.lines[0], log_logistic, *more.lines[2:]))
    return replace(course(*medians, **of_each), turns=(PIK3CA, ESR1), turned=(longer, more, both))


def with_curve(curve: Curve) -> Course:
    plain = course(12, 6)
    return replace(plain, frailty=0.5, lines=(plain.lines[0], replace(plain.lines[1], curve=curve)))


def everything() -> Course:
    full = turned(24, 8, 6, 5, beyond=1.5, gap=1.0, stops=0.1)
    more = {"frailty": 0.6, "leaning": 0.5, "other_deaths": old_age()}
    return replace(full, turned=tuple(replace(path, **more) for path in full.turned), **more)


@cache
def old_age() -> tuple[float, ...]:
    return other_deaths(load(), 75, "female")


COURSES: dict[str, Course] = {
    "one line": course(12),
    "six lines": course(14, 8, 6, 5, 4, 4),
    "frailty": replace(course(14, 8, 6, 5), frailty=0.6),
    "frailty on which the fates lean": replace(course(14, 8, 6, 5), frailty=0.9, leaning=1.0),
    "fates that would lean, but all are alike": replace(course(14, 8), leaning=1.0),
    "results that open other paths": turned(14, 8, 6),
    "toxicity": course(14, 8, stops=0.25),
    "everybody leaves the first drug for toxicity": course(14, 8, stops=1.0),
    "gaps and drugs beyond progression": course(14, 8, 6, gap=2.0, beyond=3.0),
    "a hazard ratio": replace(with_curve(from_median(6).with_hazard_ratio(2.2)), frailty=0.6),
    "other deaths": replace(course(40, 20, 10, gap=2.0), other_deaths=old_age()),
    "published points": with_curve(through([(2, 0.5), (2.3, 0.42), (9, 0.2)])),
    "a log-logistic curve": with_curve(from_median(6, family="log_logistic", shape=1.4)),
    "an exponential curve": with_curve(from_median(6, family="exponential")),
    "people whose death and loss are likelier": replace(course(14, 8, 6, 5), frailty=0.6, leaning=0.5, factor=2.5),
    "people with earlier lines": replace(
        course(14, 8, 6), frailty=0.6, leaning=0.5, past=(Past(longer=0.9, progressed=True),)
    ),
    "all of it": everything(),
}


@dataclass(frozen=True, kw_only=True)
class Both:
    one_by_one: list[Life]
    at_once: Lives

    def assert_same_share(self, of_life: Callable[[Life], bool], of_lives: np.ndarray) -> None:
        n, m = len(self.one_by_one), self.at_once.size
        one, two = sum(map(of_life, self.one_by_one)) / n, float(of_lives.mean())
        pooled = (one * n + two * m) / (n + m)
        assert abs(one - two) <= ERRORS * sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)) + STEP_SHARE, f"{one} and {two}"

    def assert_same_median(self, one: Sequence[float], two: np.ndarray) -> None:
        error = hypot(median_error(one), median_error(two))
        assert abs(np.median(one) - np.median(two)) <= ERRORS * error + STEP_MONTHS, (
            f"{np.median(one)}, {np.median(two)}"
        )


def median_error(months: Sequence[float] | np.ndarray) -> float:
    half = 0.5 / sqrt(len(months))
    low, high = np.quantile(months, (0.5 - half, 0.5 + half))
    return float(high - low) / 2


@pytest.fixture(scope="module", params=COURSES)
def both(request: pytest.FixtureRequest) -> Both:
    found = COURSES[request.param]
    return Both(one_by_one=lives_one_by_one(found, ONE_BY_ONE, seed=7), at_once=simulate(found, AT_ONCE, seed=8))


def lines_of(both: Both) -> range:
    return range(len(both.at_once.begins))


def test_the_median_survival_is_the_same(both: Both) -> None:
    both.assert_same_median([life.dies for life in both.one_by_one], both.at_once.dies)


@pytest.mark.parametrize("month", [6, 12, 24, 60])
def test_as_many_are_alive(both: Both, month: int) -> None:
    both.assert_same_share(lambda life: life.dies > month, both.at_once.dies > month)


def test_as_many_reach_each_line(both: Both) -> None:
    for at in lines_of(both):
        both.assert_same_share(lambda life, at=at: len(life.legs) > at, ~np.isnan(both.at_once.begins[at]))  # type: ignore[misc]


def test_as_many_die_on_each_line(both: Both) -> None:
    for at in lines_of(both):
        both.assert_same_share(
            lambda life, at=at: len(life.legs) > at and life.legs[at].end == DEATH_ON_LINE,  # type: ignore[misc]
            both.at_once.exits[at] == DIED_ON_LINE,
        )


def test_each_line_lasts_as_long_and_so_does_its_drug(both: Both) -> None:
    for at in lines_of(both):
        legs = [life.legs[at] for life in both.one_by_one if len(life.legs) > at]
        began = both.at_once.begins[at]
        started = ~np.isnan(began)
        for name in ("ends", "treated_until"):
            months = (getattr(both.at_once, name)[at] - began)[started]
            both.assert_same_median([getattr(leg, name) - leg.begins for leg in legs], months)


def test_as_many_take_each_path(both: Both) -> None:
    for place in range(4):
        both.assert_same_share(lambda life, place=place: life.path == place, both.at_once.path == place)  # type: ignore[misc]


def test_as_many_come_to_supportive_care_for_as_long(both: Both) -> None:
    lives = both.at_once
    cared = ~np.isnan(lives.supportive_from)
    both.assert_same_share(lambda life: life.supportive_from is not None, cared)
    months = [life.dies - life.supportive_from for life in both.one_by_one if life.supportive_from is not None]
    both.assert_same_median(months, (lives.dies - lives.supportive_from)[cared])


def test_as_many_die_of_another_cause(both: Both) -> None:
    both.assert_same_share(lambda life: life.of_other_cause, both.at_once.of_other_cause)


def test_the_same_seed_gives_the_same_lives() -> None:
    assert lives_one_by_one(everything(), 50, seed=3) == lives_one_by_one(everything(), 50, seed=3)


def test_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 patient"):
        lives_one_by_one(everything(), 0, seed=3)


def test_it_runs_with_the_standard_library_alone() -> None:
    code = """
import sys
from mbc_widgets.simulate.course import Course, LineCourse, Turn
from mbc_widgets.simulate.reference import lives_one_by_one
from mbc_widgets.survival import from_median, through
line = LineCourse(name="one", curve=through([(2, 0.5), (2.3, 0.42), (9, 0.2)]), dies=0.1, stops=0.1, goes_on=0.8)
odds = LineCourse(name="two", curve=from_median(5, family="log_logistic"))
kept = {"frailty": 0.5, "leaning": 0.5, "support": from_median(3), "other_deaths": (0.1, 0.2)}
other = Course(lines=(odds,), **kept)
course = Course(lines=(line, odds), turns=(Turn(results=(("m", 0.5),)),), turned=(other,), **kept)
assert len(lives_one_by_one(course, 100, seed=1)) == 100
print([name for name in sys.modules if name.partition(".")[0] in {"numpy", "pandas", "scipy"}])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

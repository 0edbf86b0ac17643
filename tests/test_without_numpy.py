"""The outcomes where only the standard library can be imported: fewer people, the same model, the same page.

`reference` and `kernel` are compared course by course in test_reference. Here the pictures are: each scenario is drawn by both engines.
Tolerances are 4 standard errors of the difference. A share p of n and m people has sqrt(p (1 - p) (1 / n + 1 / m)), a median the error
that its own quantiles tell. To both comes that of the patient's hazard ratio, which the smaller engine works out in fewer people: 2 in
100, which moves a share by up to p ln(1 / p) times that and a median by as much as itself. A picture tells tenths of a month and of a
percent, bars whole people.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from math import hypot, log, sqrt
from typing import Any

import numpy as np
import pytest

from mbc_widgets.figures.outcomes.names import ONE, PAIR
from mbc_widgets.figures.outcomes.whole import Outcomes
from mbc_widgets.knowledge import load
from mbc_widgets.simulate import few, many
from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.kernel import DIED_OF_OTHER, DIED_ON_LINE, NOT_REACHED, PROGRESSED, Lives
from mbc_widgets.simulate.reference import DEATH_ON_LINE, OTHER_DEATH, PROGRESSION, Life
from mbc_widgets.simulate.spread import spread_of
from mbc_widgets.workbook import look, scenario
from tests.conftest import ROOT
from tests.test_reference import COURSES
from tests.without_numpy import BANDS_OF

ERRORS = 4
RATIO_ERROR = few.EFFORT.ratio_error
TENTH, WHOLE = 0.1, 1.0
LANDMARKS = (12, 24, 36, 60)
SCENARIOS = tuple(load().scenarios)
every_scenario = pytest.mark.parametrize("name", SCENARIOS)
Found = dict[str, Any]


@cache
def alone() -> Found:
    command = [sys.executable, "-m", "tests.without_numpy"]
    found: Found = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    return found


def plain(name: str) -> Found:
    found: Found = alone()["scenarios"][name]
    return found


@cache
def usual(name: str) -> tuple[Outcomes, Found]:
    patient, day, regulator = scenario(name)
    maker = Outcomes(look(patient, day=day, regulator=regulator))
    return maker, list(maker.shown(maker.letters))[-1]


def lanes(name: str) -> Iterator[tuple[Found, Found]]:
    """Give each sequence as the smaller engine draws it, and as NumPy does."""
    yield from zip(plain(name)["shown"]["lanes"], usual(name)[1]["lanes"], strict=True)


def test_nothing_outside_the_standard_library_is_imported() -> None:
    assert alone()["imported"] == []


@every_scenario
def test_every_picture_is_drawn(name: str) -> None:
    value = plain(name)["shown"]
    assert value["withheld"] == usual(name)[1]["withheld"]
    for one in value["lanes"]:
        assert all(one[picture]["table"]["rows"] for picture in ONE)
    assert value["pairs"].keys() == usual(name)[1]["pairs"].keys()


@every_scenario
def test_what_rests_on_no_simulated_person_is_the_same(name: str) -> None:
    for one, two in lanes(name):
        assert [{**line, "called": "", "called_short": ""} for line in one["lines"]] == [
            {**line, "called": "", "called_short": ""} for line in two["lines"]
        ]
        assert [one[each] for each in ("label", "strategy", "early", "sources", "harms")] == [
            two[each] for each in ("label", "strategy", "early", "sources", "harms")
        ]


@every_scenario
def test_the_median_survival_is_the_same_by_every_structure(name: str) -> None:
    for one in usual(name)[0].candidates:
        for structure, (median, error) in plain(name)["medians"][one.letter].items():
            spread = spread_of(one.lane.deaths(structure))
            tolerance = ERRORS * hypot(error, spread.standard_error, RATIO_ERROR * spread.median)
            assert abs(median - spread.median) <= tolerance, f"{one.letter} {structure}: {median} and {spread.median}"


@every_scenario
@pytest.mark.parametrize("month", LANDMARKS)
def test_as_many_are_alive_by_every_structure(name: str, month: int) -> None:
    first, second = plain(name)["shown"]["months"], usual(name)[1]["months"]
    if month not in first or month not in second:
        return
    for one, two in lanes(name):
        for plainly, usually in zip(one["survival"]["structures"], two["survival"]["structures"], strict=True):
            alive = plainly["alive"][first.index(month)], usually["alive"][second.index(month)]
            assert_same_percent(*alive, TENTH, f"{one['letter']} {plainly['label']}")


@every_scenario
def test_as_many_are_on_each_line_at_a_year_and_reach_it(name: str) -> None:
    first, second = plain(name)["shown"]["months"], usual(name)[1]["months"]
    for one, two in lanes(name):
        states = zip(
            one["occupancy"]["shares"][first.index(12)], two["occupancy"]["shares"][second.index(12)], strict=True
        )
        for shares in states:
            assert_same_percent(*shares, TENTH, one["letter"])
        for plainly, usually in zip(one["reach"]["bars"], two["reach"]["bars"], strict=True):
            for of in ("starts", "dies"):
                assert_same_percent(plainly[of], usually[of], WHOLE, f"{one['letter']} line {plainly['number']} {of}")


def assert_same_percent(one: float, two: float, rounded: float, where: str) -> None:
    n, m = few.EFFORT.size, many.EFFORT.size
    share = min(max((one * n + two * m) / (n + m) / 100, 1 / n), 1 - 1 / n)
    error = hypot(sqrt(share * (1 - share) * (1 / n + 1 / m)), RATIO_ERROR * share * log(1 / share))
    assert abs(one - two) <= 100 * ERRORS * error + rounded, f"{where}: {one} and {two}"


@every_scenario
def test_the_page_says_how_many_people_it_shows_and_what_chance_does_to_them(name: str) -> None:
    value = plain(name)["shown"]
    assert value["size"] == few.EFFORT.size
    if value["lanes"]:
        said = value["remarks"][-1]
        assert "1,000 on each sequence" in said
        assert "a count of 100 by up to 4" in said  # 1.96 x 50 / sqrt(1000) = 3.1
        assert "100 draws of the parameters, with 500 people each" in said
        assert value["remarks"][-1] not in usual(name)[1]["remarks"]


@every_scenario
def test_the_first_pictures_come_in_small_steps(name: str) -> None:
    """Lives of one course, months of death by one structure, or one picture at a time: a click is heard in between."""
    if chosen := min(len(plain(name)["medians"]), 2):
        assert plain(name)["steps"] >= 12 * chosen


@pytest.mark.parametrize("name", BANDS_OF)
def test_the_bands_are_those_of_many_people_but_for_their_rough_ends(name: str) -> None:
    """Over seeds an end moves by up to 3 months with 100 draws of 500 people, by 1 with 300 draws of 4,000: 4 errors are 13."""
    maker, _ = usual(name)
    found = list(maker.bands(maker.letters[:2]))[-1]
    for letter, band in plain(name)["bands"]["lanes"].items():
        ends = zip(*(each["median"].split(" to ") for each in (band, found["lanes"][letter])), strict=True)
        assert all(abs(int(one) - int(two)) <= 13 for one, two in ends)


@pytest.mark.parametrize("name", BANDS_OF)
def test_fewer_draws_never_tell_two_sequences_apart_that_more_do_not(name: str) -> None:
    maker, _ = usual(name)
    words = list(maker.bands(maker.letters[:2]))[-1]["verdict"]["title"]
    assert plain(name)["bands"]["verdict"]["title"] in {words, "Not distinguishable"}


every_course = pytest.mark.parametrize("name", COURSES)


@every_course
class TestBothAnswerAlike:
    """The very same lives, once one by one and once in arrays: every question has one answer."""

    def test_where_people_are(self, name: str) -> None:
        one, two = both(COURSES[name])
        months = [3.0 * at for at in range(40)]
        np.testing.assert_allclose(one.occupancy(months), two.occupancy(months), atol=0.011)
        for at in range(most_lines(COURSES[name])):
            assert list(one.starting(at)) == list(two.starting(at))
            assert list(one.on_line(at, 12.5)) == list(two.on_line(at, 12.5))
            assert one.reach(at) == two.reach(at)

    def test_how_long_they_live_and_one_life(self, name: str) -> None:
        one, two = both(COURSES[name])
        np.testing.assert_allclose(one.deaths, two.deaths, rtol=1e-6)
        assert one.typical()[0] == two.typical()[0]
        regimens = [[line.name for line in path.lines] for path in COURSES[name].paths]
        for person in range(20):
            assert flat(one.life(person, regimens)) == pytest.approx(flat(two.life(person, regimens)), abs=0.11)

    def test_pairs(self, name: str) -> None:
        one, two = both(COURSES[name])
        other, another = both(COURSES["six lines"])
        assert one.paired(other, [6.0, 24.0]) == two.paired(another, [6.0, 24.0])

    def test_days_in_the_clinic_and_weighted_months(self, name: str) -> None:
        one, two = both(COURSES[name])
        lines, paths = range(most_lines(COURSES[name])), range(len(COURSES[name].paths))
        rates = [[(1.0 + at + path, 2.0) if path != 2 else None for path in paths] for at in lines]
        worth = [[0.8 - at / 10 - path / 20 for path in paths] for at in lines]
        first, second = (each.clinic(rates, 2.0) for each in (one, two))
        assert first[:4] == pytest.approx(second[:4], rel=1e-4)
        np.testing.assert_allclose(first.lines, second.lines, rtol=1e-4)
        assert one.adjusted(worth, 0.5) == pytest.approx(two.adjusted(worth, 0.5), rel=1e-4)


@cache
def both(course: Course) -> tuple[few.Few, many.Many]:
    one = few.people(course, 500, 5)
    return one, many.Many(in_arrays(one.lives, most_lines(course)), len(course.paths))


def most_lines(course: Course) -> int:
    return max(len(path.lines) for path in course.paths)


def in_arrays(lives: list[Life], lines: int) -> Lives:
    ends_as = {PROGRESSION: PROGRESSED, DEATH_ON_LINE: DIED_ON_LINE, OTHER_DEATH: DIED_OF_OTHER}

    def months(of: str) -> np.ndarray:
        rows = [[getattr(x.legs[at], of) if len(x.legs) > at else np.nan for x in lives] for at in range(lines)]
        return np.array(rows, np.float32)

    exits = [[ends_as[x.legs[at].end] if len(x.legs) > at else NOT_REACHED for x in lives] for at in range(lines)]
    supportive = [np.nan if x.supportive_from is None else x.supportive_from for x in lives]
    return Lives(
        begins=months("begins"),
        ends=months("ends"),
        treated_until=months("treated_until"),
        exits=np.array(exits, np.uint8),
        path=np.array([x.path for x in lives], np.uint8),
        supportive_from=np.array(supportive, np.float32),
        dies=np.array([x.dies for x in lives], np.float32),
        of_other_cause=np.array([x.of_other_cause for x in lives]),
        frailty=np.array([x.frailty for x in lives], np.float32),
    )


def flat(life: Found) -> list[float]:
    """Give the months of a life in a row; -1 stands for no supportive care."""
    bars = [bar[name] for bar in life["bars"] for name in ("start", "end", "treated_until")]
    return [*bars, -1.0 if life["supportive_from"] is None else life["supportive_from"], life["dies"]]


def test_one_person_has_the_same_luck_along_every_course() -> None:
    """So that two sequences differ by what they do; a line that lasts twice as long does so for everybody."""
    one, two = (few.people(COURSES[name], 200, 3) for name in ("one line", "six lines"))
    longer = [life.legs[0].ends / other.legs[0].ends for life, other in zip(one.lives, two.lives, strict=True)]
    assert max(longer) - min(longer) < 1e-9


def test_hazard_ratios_are_those_of_numpy() -> None:
    one, two = (few.survival_times(COURSES[name], 800, 3) for name in ("frailty", "all of it"))
    theirs = many.hazard_ratio(np.array(one), np.array(two))
    assert few.hazard_ratio(one, two) == pytest.approx(theirs, rel=1e-6)


def test_the_picture_of_pairs_is_drawn_from_the_same_people() -> None:
    assert PAIR == "people"
    for name in BANDS_OF:
        for figure in plain(name)["shown"]["pairs"].values():
            assert all(sum(row[1:]) == 100 for row in figure["table"]["rows"])

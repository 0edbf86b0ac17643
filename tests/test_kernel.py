"""What the fast kernel promises for any course: the same lives with any number of threads, in chunks, or after other courses."""

from dataclasses import fields

import numpy as np
import pytest

from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.exits import Exits
from mbc_widgets.simulate.kernel import CHUNK, Lives, chunks, simulate, survival_of_draws, survival_times
from mbc_widgets.simulate.uncertainty import Errors, LineError, courses, parameter_draws
from tests.test_reference import COURSES, everything

SEVERAL_CHUNKS = 2 * CHUNK + 7
every_course = pytest.mark.parametrize("name", COURSES)


def assert_same(one: Lives, two: Lives) -> None:
    for field in fields(Lives):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(two, field.name), err_msg=field.name)


@every_course
def test_two_threads_give_the_lives_of_one_bit_for_bit(name: str) -> None:
    one, two = (simulate(COURSES[name], SEVERAL_CHUNKS, 3, threads=threads) for threads in (1, 2))
    assert_same(one, two)


@every_course
def test_chunks_in_a_row_are_the_lives_of_one_run(name: str) -> None:
    whole, parts = (run(COURSES[name], SEVERAL_CHUNKS, 3, threads=2) for run in (simulate, chunks))
    listed = list(parts)
    assert_same(
        whole, Lives(**{f.name: np.concatenate([getattr(x, f.name) for x in listed], -1) for f in fields(Lives)})
    )


@every_course
@pytest.mark.parametrize("size", [1, 1_000, SEVERAL_CHUNKS])
def test_survival_times_are_those_of_the_lives(name: str, size: int) -> None:
    times = survival_times(COURSES[name], size, 3, threads=2)
    np.testing.assert_array_equal(times, simulate(COURSES[name], size, 3, threads=1).dies)


@every_course
def test_a_course_gives_the_same_lives_after_other_courses_used_the_same_numbers(name: str) -> None:
    before = simulate(COURSES[name], 1_000, 3)
    for other in COURSES.values():
        simulate(other, 1_000, 3)
    assert_same(before, simulate(COURSES[name], 1_000, 3))


@every_course
@pytest.mark.parametrize("size", [1_000, CHUNK, CHUNK + 1])
def test_draws_worked_out_together_are_those_worked_out_alone(name: str, size: int) -> None:
    listed = list(courses(COURSES[name], errors(COURSES[name]), 5, 9))
    alone = [survival_times(course, size, 3, threads=1) for course in listed]
    rounding = 1e-5  # single precision has seven digits, and a stretched curve is rounded once more
    np.testing.assert_allclose(survival_of_draws(listed, size, 3), alone, rtol=rounding, atol=rounding)


def errors(course: Course) -> Errors:
    exits = Exits(next_line=0.75, of_progressed=False, died=0.5)
    line = LineError(log_median=0.2, exits=exits, registry="one", people=100, cost="one", log_cost=0.1)
    lines, *turned = ((line,) * len(path.lines) for path in course.paths)
    return Errors(
        lines=lines,
        turned=tuple(turned),
        frailty=(0.0, 0.5, 0.8),
        leaning=(0.0, 1.0),
        support=(1.0, 4.0),
        ratio=1.2,
        log_ratio=0.1,
    )


def test_draws_are_the_same_with_two_threads_bit_for_bit() -> None:
    one, two = (
        parameter_draws(everything(), errors(everything()), (12, 60), draws=40, people=2_000, seed=3, threads=threads)
        for threads in (1, 2)
    )
    np.testing.assert_array_equal(one.median, two.median)
    np.testing.assert_array_equal(one.alive, two.alive)


def test_all_months_are_in_single_precision_so_that_equal_months_compare_as_equal() -> None:
    lives = simulate(everything(), 1_000, 3)
    months = (lives.begins, lives.ends, lives.treated_until, lives.supportive_from, lives.dies, lives.frailty)
    assert {array.dtype for array in months} == {np.dtype(np.float32)}


def test_nobody_has_no_month_of_death() -> None:
    for course in COURSES.values():
        assert np.isfinite(survival_times(course, 1_000, 3)).all()

"""The policy sweep: every patient, strategy, structure and draw has its row, and a cluster gives the rows that one process gives."""

import sys
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from mbc_widgets.knowledge import load
from mbc_widgets.simulate.build import course_of
from mbc_widgets.simulate.kernel import survival_times
from mbc_widgets.simulate.paths import paths_of
from mbc_widgets.simulate.sweep import Row, sweep
from mbc_widgets.workbook import View, look, scenario

DRAWS, PEOPLE, SEED, MONTHS = 3, 500, 5, (6, 24.5)
STRUCTURES = tuple(load().model.structures)


@cache
def patients() -> tuple[tuple[str, View], ...]:
    return tuple((name, _view(name)) for name in list(load().scenarios)[:2])


def _view(name: str) -> View:
    patient, day, regulator = scenario(name)
    return look(patient, day=day, regulator=regulator)


def swept(**changed: object) -> list[Row]:
    asked = {"months": MONTHS, "draws": DRAWS, "people": PEOPLE, "seed": SEED, **changed}
    return list(sweep(patients(), **asked))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Starts a scheduler with two worker processes of one thread each; no dashboard."""
    from dask.distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        yield cluster.scheduler_address


def test_each_patient_strategy_structure_and_draw_has_one_row() -> None:
    expected = [
        (name, sequence.strategy.id, structure, draw)
        for name, view in patients()
        for sequence in view.sequences
        if sequence.lines
        for structure in STRUCTURES
        for draw in range(DRAWS + 1)
    ]
    found = [(row["scenario"], row["strategy"], row["structure"], row["draw"]) for row in swept()]
    assert sorted(found) == sorted(expected)


def test_a_row_tells_months_percent_alive_and_the_seed() -> None:
    assert list(swept()[0])[4:] == ["median_months", "percent_alive_at_6", "percent_alive_at_24.5", "seed"]


def test_draw_0_has_the_parameters_as_published() -> None:
    view = patients()[0][1]
    first = swept()[0]
    course = course_of(paths_of(view.sequences[0]), view.facts, view.snapshot, first["structure"])
    assert course
    dies = survival_times(course, PEOPLE, SEED)
    assert first["median_months"] == np.sort(dies)[PEOPLE // 2]
    assert first["percent_alive_at_6"] == pytest.approx(100 * (dies > 6).mean())


def test_without_draws_only_the_published_parameters_are_told() -> None:
    assert {row["draw"] for row in swept(draws=0)} == {0}


def test_a_strategy_that_plans_the_same_sequence_has_the_same_numbers() -> None:
    for name, view in patients():
        by_sequence: dict[object, set[str]] = {}
        for sequence in view.sequences:
            by_sequence.setdefault((sequence.regimens, sequence.end), set()).add(sequence.strategy.id)
        for alike in by_sequence.values():
            rows = [row for row in swept() if row["scenario"] == name and row["strategy"] in alike]
            assert len({(r["structure"], r["draw"], r["median_months"]) for r in rows}) * len(alike) == len(rows)


def test_rows_come_one_by_one_and_not_after_the_last() -> None:
    def endless() -> Iterator[tuple[str, View]]:
        while True:
            yield patients()[0]

    rows = sweep(endless(), draws=0, people=10)
    assert [next(rows)["scenario"] for _ in range(100)] == [patients()[0][0]] * 100


def test_two_worker_processes_give_the_rows_of_one_process_bit_for_bit(scheduler: str) -> None:
    assert swept(scheduler=scheduler) == swept()


def test_a_sweep_on_a_cluster_without_dask_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(ModuleNotFoundError, match=r"mbc_widgets\[cluster\].*leave `scheduler` out"):
        swept(scheduler="tcp://127.0.0.1:8786")


def test_an_address_that_is_none_is_refused_with_what_to_do() -> None:
    with pytest.raises(ConnectionError, match="nothing answers at nonsense://here"):
        swept(scheduler="nonsense://here")


@pytest.mark.parametrize("wrong", [{"draws": -1}, {"people": 0}, {"seed": -1}])
def test_fewer_than_nothing_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="not negative"):
        swept(**wrong)

"""Lanes side by side: at the diagnosis, at now, or each at the end of a line; a lane without that line says so."""

from functools import cache
from typing import Any

import pytest

from mbc_widgets.figures import aligned
from mbc_widgets.figures.board import board
from mbc_widgets.knowledge import load
from mbc_widgets.timeline import Bar
from mbc_widgets.workbook import View, look, scenario

K = load()


@cache
def seen(name: str) -> View:
    person, day, regulator = scenario(name, K)
    return look(person, day=day, regulator=regulator, knowledge=K)


def planned(line: int, start: float, end: float) -> Bar:
    return Bar(line=line, regimen="capecitabine", start=start, end=end, low=None, high=None, share=None)


def ends(lane: dict[str, Any], line: int) -> float:
    return float(max(bar["end"] for bar in lane["bars"] if bar["line"] == line))


NAMES = ["esr1-after-cdk46", "many-lines-2026", "luminal-2012", "frail-80"]


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_the_board_can_be_aligned_at_and_then_ends_at_zero(name: str) -> None:
    view = seen(name)
    plain = board(view)
    lines = {bar["line"] for lane in plain["lanes"] for bar in lane["bars"]}
    assert [each["id"] for each in plain["align"]] == ["diagnosis", "now", *(f"line-{line}" for line in sorted(lines))]
    for line in lines:
        drawn = board(view, f"line-{line}")
        assert drawn["aligned"] == f"line-{line}"
        assert [ends(lane, line) for lane in drawn["lanes"]] == [0] * len(drawn["lanes"])
        assert f"before and after the end of line {line}" in drawn["axis"]["spoken"]


@pytest.mark.parametrize("name", NAMES)
def test_aligning_moves_a_lane_whole_and_changes_nothing_else(name: str) -> None:
    view = seen(name)
    for place in (each["id"] for each in board(view)["align"]):
        for lane, still in zip(board(view, place)["lanes"], board(view)["lanes"], strict=True):
            for bar, before in zip(lane["bars"], still["bars"], strict=True):
                assert bar["start"] + lane["zero"] == pytest.approx(before["start"], abs=0.11)  # both to one place
                assert {**bar, "start": 0, "end": 0} == {**before, "start": 0, "end": 0}


def test_every_bar_is_within_the_axis() -> None:
    for name in NAMES:
        for place in (each["id"] for each in board(seen(name))["align"]):
            drawn = board(seen(name), place)
            assert all(bar["end"] <= drawn["months"] for lane in drawn["lanes"] for bar in lane["bars"])


def test_a_lane_without_the_line_stands_at_its_own_end_and_says_so() -> None:
    bars = [planned(1, 0, 8), planned(2, 8, 12)]
    assert aligned.zero(bars, "line-3", 0) == (12, "no line 3: stands at its own end")
    assert aligned.zero(bars, "line-1", 0) == (8, "")
    assert aligned.zero([], "line-1", 5) == (5, "no line 1: stands at its own end")


def test_a_line_of_two_therapies_ends_with_the_last_of_them() -> None:
    assert aligned.zero([planned(1, 0, 8), planned(1, 8, 12), planned(2, 12, 14)], "line-1", 0) == (12, "")


def test_a_place_that_no_lane_has_any_more_is_the_diagnosis() -> None:
    drawn = board(seen("frail-80"), "line-9")
    assert drawn["aligned"] == "diagnosis"
    assert drawn == board(seen("frail-80"))


def test_a_given_line_is_called_so() -> None:
    labels = [each["label"] for each in board(seen("esr1-after-cdk46"))["align"]]
    assert labels[2:4] == ["end of line 1 (given)", "end of line 2"]


def test_the_table_says_from_where_its_months_count() -> None:
    view = seen("esr1-after-cdk46")
    assert "starts, month" in board(view)["table"]["columns"]
    assert "starts, in months before and after the end of line 2" in board(view, "line-2")["table"]["columns"]

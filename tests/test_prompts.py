"""Warnings about the input: what is unusual is said and kept, what is usual is not."""

from typing import Any

import pytest

from mbc_widgets.knowledge import load
from mbc_widgets.patient import read_patient
from mbc_widgets.workbook import look

VISIT = {"seen_on": "2026-06-01", "first_metastatic_day": "2024-01-10"}
LETROZOLE = {
    "agents": ["palbociclib", "letrozole"],
    "setting": "metastatic",
    "start": "2024-02-01",
    "stop": "2025-06-01",
    "stop_reason": "progression",
}


def warned(**patient: Any) -> set[str]:
    known = load()
    read = read_patient({**VISIT, **patient}, known.vocabulary, frozenset(known.agents))
    return {warning.code for warning in look(read, day="2026-11-23", regulator="FDA").warnings}


@pytest.mark.parametrize(
    ("second", "overlaps"),
    [
        ({"agents": ["fulvestrant"], "setting": "metastatic", "start": "2025-05-01"}, True),
        ({"agents": ["fulvestrant"], "setting": "metastatic", "start": "2025-06-01"}, False),
        ({"agents": ["denosumab"], "setting": "metastatic", "start": "2024-03-01"}, False),
        ({"agents": ["goserelin"], "setting": "metastatic", "start": "2024-02-01"}, False),
    ],
)
def test_two_lines_at_the_same_time_are_named(second: dict[str, Any], *, overlaps: bool) -> None:
    assert ("overlap" in warned(prior_therapies=[LETROZOLE, second])) is overlaps


def test_brain_among_the_sites_asks_for_its_state() -> None:
    assert "brain-state" in warned(sites=["brain", "bone"])
    assert "brain-state" not in warned(sites=["brain", "bone"], brain_state="stable_treated")
    assert "brain-state" not in warned(sites=["bone"])

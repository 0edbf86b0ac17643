"""What a clinical review found, finding by finding: each answer from its source, written before the program gave it.

The number is that of the review's finding. Where a source was opened for the test it stands after "Read:"; the others are those
that data/ cites.
"""

from typing import Any

import pytest

from mbc_widgets.facts import Facts, after
from mbc_widgets.knowledge import load
from mbc_widgets.sequences import Line
from mbc_widgets.workbook import View
from tests.test_clinic import NEGATIVE, TESTED, given, seen

K = load()
LETROZOLE = given("ribociclib+letrozole", "metastatic", "2024-01-10", "2026-10-10")


def next_state(view: View, regimen: str = "capecitabine") -> Facts:
    """Give the facts of a patient after one more planned line."""
    return after(view.facts, K.regimens[regimen], 4, K)


def lines_with(view: View, agent: str) -> list[Line]:
    return [line for s in view.sequences for line in s.lines if agent in line.option.regimen.agents]


def verdict(view: View, regimen: str) -> str:
    option = view.option(regimen)
    assert option, regimen
    return option.verdict


# --- 17: what passes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finding", "now", "later"),
    [
        ("bilirubin_x_uln", 1.2, 0.6),  # docetaxel, boxed warning: before each cycle, not above normal
        ("transaminases_x_uln", 6, 0.8),
        ("alkaline_phosphatase_x_uln", 5, 0.8),
        ("haemoglobin_g_dl", 9, 12),  # olaparib, EU text 4.4: start once it has recovered
        ("recent_infarct", True, False),  # doxorubicin: for 4 to 6 weeks
        ("recent_arterial_event", True, False),
        ("lvef_percent", 38, 60),  # trastuzumab deruxtecan, section 2.3: hold, repeat within 3 weeks
        ("lvef_percent", 25, 25),  # 30 % or less: no anthracycline is started; nobody counts on its return
        ("diabetes", "type_2_uncontrolled", "type_2_controlled"),  # alpelisib: correct it first; the diabetes stays
        ("diabetes", "type_1", "type_1"),
        ("lung_disease", "active", "past_grade_2_or_more"),  # it is over, and it was
        ("neuropathy_grade", 3, 3),
        ("child_pugh", "class_c", "class_c"),
    ],
)
def test_what_passes_is_asked_anew_at_the_next_planned_line(finding: str, now: Any, later: Any) -> None:
    """Finding 17: a finding of today that is corrected or over by the next line closes no drug for years; what stays, stays."""
    state = next_state(seen(LETROZOLE, **TESTED, **{finding: now}))
    assert state.values[finding] == later


def test_a_bilirubin_just_above_normal_holds_docetaxel_today_and_not_for_good() -> None:
    view = seen(**NEGATIVE, **TESTED, pdl1_cps=0, bilirubin_x_uln=1.2)
    assert verdict(view, "docetaxel") == "not-now"
    assert seen(**NEGATIVE, **TESTED, pdl1_cps=0).option("docetaxel").verdict == "offered"  # type: ignore[union-attr]
    assert next_state(view).values["bilirubin_x_uln"] <= 1


def test_a_line_that_counts_on_recovery_says_so_and_no_other_does() -> None:
    """LVEF 38 %: trastuzumab deruxtecan waits; a QTcF of 431 ms never closed ribociclib (label: below 450), so none counts on it."""
    view = seen(LETROZOLE, **TESTED, her2="one_plus", lvef_percent=38, qtcf_ms=431)
    assert verdict(view, "trastuzumab-deruxtecan") == "not-now"
    later = lines_with(view, "trastuzumab-deruxtecan")
    assert later
    assert all("counts on recovery by then: Ejection fraction (LVEF)" in line.carried for line in later)
    told = [text for s in view.sequences for line in s.lines for text in line.carried]
    assert not any("QTcF" in text for text in told)

"""What a clinical review found, finding by finding: each answer from its source, written before the program gave it.

The number is that of the review's finding. Where a source was opened for the test it stands after "Read:"; the others are those
that data/ cites.
"""

from typing import Any

import pytest

from mbc_widgets.carried import carried
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


# --- 24: what is left of the lifetime dose ----------------------------------------------------------------------------------


def after_anthracycline(mg_m2: float, agent: str = "doxorubicin", **more: Any) -> View:
    early = given(f"{agent}+cyclophosphamide", "adjuvant", "2018-01-10", "2018-05-10", "completed") | {
        "dose_mg_m2": mg_m2
    }
    return seen(early, **NEGATIVE, **TESTED, pdl1_cps=0, **more)


@pytest.mark.parametrize(
    ("mg_m2", "agent", "regimen", "expected", "warned"),
    [
        # label of doxorubicin: 550 mg/m2; 60-75 mg/m2 a cycle, AC of four cycles 240
        (240, "doxorubicin", "doxorubicin+cyclophosphamide", "offered", False),  # 240 + 240 = 480
        (310, "doxorubicin", "doxorubicin+cyclophosphamide", "offered", False),  # 550 exactly
        (360, "doxorubicin", "doxorubicin+cyclophosphamide", "offered", True),  # 600: three cycles fit, four do not
        (490, "doxorubicin", "doxorubicin", "offered", True),  # one cycle fits
        (500, "doxorubicin", "doxorubicin+cyclophosphamide", "not-offered", True),  # 560
        (500, "doxorubicin", "doxorubicin", "not-offered", True),
        # label of epirubicin: 900 mg/m2, 60-90 a cycle
        (360, "epirubicin", "epirubicin+cyclophosphamide", "offered", False),  # 360 + 360 = 720
        (600, "epirubicin", "epirubicin+cyclophosphamide", "offered", True),  # 960
        (850, "epirubicin", "epirubicin+cyclophosphamide", "not-offered", True),  # 910 with one cycle of 60
    ],
)
def test_a_course_that_passes_the_lifetime_dose_is_not_offered_as_if_free(
    mg_m2: float, agent: str, regimen: str, expected: str, *, warned: bool
) -> None:
    option = after_anthracycline(mg_m2, agent).option(regimen)
    assert option
    assert option.verdict == expected
    assert bool({"S-N62d", "S-N63c"} & {rule.id for rule in option.cautions}) == warned


def test_after_radiotherapy_to_the_heart_field_the_limit_of_400_counts_the_next_cycle() -> None:
    """Label of doxorubicin: 400 mg/m2 then; 350 + 60 = 410."""
    assert verdict(after_anthracycline(350, chest_radiotherapy=True), "doxorubicin") == "not-offered"
    assert verdict(after_anthracycline(350), "doxorubicin") == "offered"


def test_liposomal_doxorubicin_is_told_separately() -> None:
    """It has no fixed ceiling: heart toxicity in 11 % at 450 to 550 mg/m2 (old US label), LVEF before each dose above 450 (EU)."""
    option = after_anthracycline(500).option("pegylated-liposomal-doxorubicin")
    assert option
    assert option.verdict == "offered"
    assert "S-N63b" in {rule.id for rule in option.cautions}


def test_a_planned_anthracycline_tells_how_many_cycles_fit() -> None:
    """360 so far: 190 are left, three cycles of 60 mg/m2."""
    view = after_anthracycline(360)
    front = view.option("doxorubicin")
    assert front
    told = carried(front, view.facts)
    assert any("3 cycles of 60 mg/m2 fit below the limit" in text for text in told), told

"""Plausibility: figures that hardly can stand together are found at their line, printed ones that can are left alone."""

import math
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mbc_widgets.compiler import DataError
from mbc_widgets.compiler.curves import across_rows
from mbc_widgets.compiler.plausible import result_findings
from tests.test_knowledge import compiled, write

TRIAL = """\
id: one
name: ONE
subtype: hr_positive
population: All
started: 2018-05
first_report: 2020-06
verified: seen
source: paper
arms:
  - {id: experimental, name: alpha, regimens: [alpha], n: 100}
  - {id: control, name: beta, regimens: [beta], n: 100}
results:
  - reported: 2021-06
    analysis: update
    endpoint: os
    unit: months
    experimental: {value: 40}
    control: {value: 30}
    hazard_ratio: {value: 0.75, low: 0.60, high: 0.94}
    p: "0.012"
    source: paper
    verified: seen
  - reported: 2020-06
    endpoint: pfs
    unit: months
    experimental: {value: 12, low: 10, high: 14}
    control: {value: 8}
    source: paper
    verified: seen
  - reported: 2020-06
    endpoint: pfs_at
    at_months: 24
    unit: percent
    experimental: {value: 30}
    control: {value: 15}
    source: paper
    verified: seen
adverse_events:
  - {arm: experimental, event: Nausea, any_grade_percent: 40, grade_3_plus_percent: 5, source: paper, verified: seen}
  - {arm: control, event: Nausea, any_grade_percent: 20, source: paper, verified: seen}
sources:
  paper: {kind: paper, title: Paper, doi: 10.1000/y}
"""

# What the slip is: (what stands there, what is written instead, what the checker says at which line).
SLIPS = {
    "an interval that is not around the ratio on the log scale": (
        "low: 0.60",
        "low: 0.40",
        ":19: results.0.hazard_ratio: 0.75 is not in the middle (0.61) of 0.4-0.94",
    ),
    "a ratio on the wrong side of the medians": (
        "value: 40}",
        "value: 26}",
        ":19: results.0.hazard_ratio: 0.75 is on the wrong side of the medians 26 and 30 months",
    ),
    "a p value that the interval does not give": (
        '"0.012"',
        '"0.20"',
        ":20: results.0.p: 0.20 does not fit 0.75 (0.6-0.94), which gives about 0.012",
    ),
    "a p value far too small": ('"0.012"', '"<0.0001"', ":20: results.0.p: <0.0001 does not fit"),
    "a large p value beside a clear interval": ('"0.012"', '"0.8"', "0.8 does not fit 0.75"),
    "a p value with a comma": ('"0.012"', '"0,012"', "0,012 is no p value; write a number from 0 to 1 with a point"),
    "a p value above 1": ('"0.012"', '"12"', "12 is no p value"),
    "a P in words": ('"0.012"', '"P = 0.9"', "P = 0.9 does not fit"),
    "a level that is none": ("high: 0.94", "high: 0.94, interval: 150", "interval: 150 is no level; write the percentage, for example 95 or 97.5"),
    "an interval of nothing": ("value: 0.75, low: 0.60", "low: 0.60", "an interval stands there without the hazard ratio"),
    "a ratio of no trial": ("value: 0.75, low: 0.60, high: 0.94", "value: 7.5, low: 6.0, high: 9.4", "7.5 is far from any hazard ratio of a trial"),
    "a rate without its month": ("    at_months: 24\n", "", "at_months: missing; pfs_at needs the month of its rate"),
    "survival in percent": ("endpoint: os\n    unit: months", "endpoint: os\n    unit: percent", "unit: os is told in months, found percent"),
    "an interval that runs down": ("experimental: {value: 40}", "experimental: {low: 50, high: 30}", "its interval runs from 50 down to 30"),
    "months below nothing": ("experimental: {value: 40}", "experimental: {value: -40}", "-40 is below 0"),
    "a ratio of nothing": ("low: 0.60", "low: 0", "a hazard ratio and its interval are above 0"),
    "a percentage above 100": ("experimental: {value: 30}", "experimental: {value: 130}", "130 percent is outside 0-100"),
    "more severe events than events": (
        "grade_3_plus_percent: 5",
        "grade_3_plus_percent: 50",
        "grade_3_plus_percent: 50 percent is more than any grade (40)",
    ),
    "an event of 140 percent": ("any_grade_percent: 40", "any_grade_percent: 140", "any_grade_percent: 140 percent is outside 0-100"),
    "survival shorter than its time without progression": (
        "experimental: {value: 12, low: 10, high: 14}",
        "experimental: {value: 45}",
        "survival of 'experimental' (40) is shorter than its time without progression (45)",
    ),
    "a rate that the median of the same report contradicts": (
        "experimental: {value: 30}",
        "experimental: {value: 70}",
        "70 percent at month 24 does not fit the median 12 months of the same report",
    ),
    "a result before the trial's first report": (
        "reported: 2021-06",
        "reported: 2019-06",
        "2019-06-30 is before the trial's first_report 2020-06-30",
    ),
    "a result after the edition's day": ("reported: 2021-06", "reported: 2099-06", "2099-06-30 is after the day"),
    "a DOI with its address": ("doi: 10.1000/y", 'doi: "https://doi.org/10.1000/y"', "doi.org/10.1000/y' is no such identifier"),
    "a DOI with the end of its address": ("doi: 10.1000/y", "doi: 10.1000/y/abstract", "10.1000/y/abstract' is no such identifier"),
    "an address with its middle left out": (
        "doi: 10.1000/y",
        'url: "https://example.org/.../y"',
        "'https://example.org/.../y' is no such identifier; write the whole address",
    ),
    "a registry number with a digit too few": (
        "name: ONE",
        "name: ONE\nnct: NCT0377893",
        ":3: nct: 'NCT0377893' is no such identifier; write NCT and eight digits",
    ),
    "a PubMed number with letters": ("doi: 10.1000/y", "pmid: PMC123", "pmid: 'PMC123' is no such identifier"),
    "a start after the report": ("started: 2018-05", "started: 2021-05", "started: 2021-05-31 is after the first report 2020-06-30; check both days"),
    "an adverse event told twice": (
        "  - {arm: control, event: Nausea, any_grade_percent: 20",
        "  - {arm: experimental, event: nausea, any_grade_percent: 20",
        "adverse_events.1: tells the same fact as adverse_events.0; keep one",
    ),
}  # fmt: skip


def problems(folder: Path, trial: str) -> str:
    try:
        compiled(write(folder, more={"trials/one.yaml": trial}))
    except DataError as error:
        return str(error)
    return ""


def test_a_trial_that_agrees_with_itself_passes(tmp_path: Path) -> None:
    assert problems(tmp_path, TRIAL) == ""


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_found_at_its_line(slip: str, tmp_path: Path) -> None:
    old, new, said = SLIPS[slip]
    assert TRIAL.count(old) >= 1
    assert said in problems(tmp_path, TRIAL.replace(old, new, 1))


def test_every_slip_says_what_to_do(tmp_path: Path) -> None:
    said = problems(tmp_path, TRIAL.replace("low: 0.60", "low: 0.40"))
    assert "look it up again, or write `plausible_because: {hazard_ratio: …}` when the source prints it so" in said


def explained(trial: str, part: str) -> str:
    return trial.replace("    analysis: update\n", f"    plausible_because: {{{part}: The paper prints it so}}\n", 1)


def test_a_figure_that_the_source_prints_so_is_kept(tmp_path: Path) -> None:
    odd = TRIAL.replace("low: 0.60", "low: 0.40").replace('    p: "0.012"\n', "")
    assert problems(tmp_path, explained(odd, "hazard_ratio")) == ""


def test_an_explained_figure_excuses_no_other_of_its_row(tmp_path: Path) -> None:
    odd = TRIAL.replace("low: 0.60", "low: 0.40").replace('"0.012"', '"0.9"')
    said = problems(tmp_path, explained(odd, "p"))
    assert "results.0.hazard_ratio: 0.75 is not in the middle" in said
    assert "results.0.p" not in said


def test_an_explanation_that_nothing_asks_for_is_found(tmp_path: Path) -> None:
    said = problems(tmp_path, explained(TRIAL, "hazard_ratio"))
    assert "results.0.plausible_because: hazard_ratio is not odd; take it out" in said


def test_a_curve_that_the_source_prints_so_is_kept(tmp_path: Path) -> None:
    odd = TRIAL.replace("experimental: {value: 12, low: 10, high: 14}", "experimental: {value: 45}")
    odd = odd.replace("experimental: {value: 30}", "experimental: {value: 60}")
    assert "shorter than its time" in problems(tmp_path, odd)
    assert problems(tmp_path, explained(odd, "row")) == ""
    assert problems(tmp_path, explained(odd, "experimental")) == ""


@pytest.mark.parametrize(
    "p", ["0.012 (2-sided)", "0.006 one-sided", "P<0.02", ">0.01", "0.7 for interaction", "0.4 non-inferiority", "NS"]
)
def test_a_p_value_that_may_stand_there_is_left_alone(p: str, tmp_path: Path) -> None:
    assert problems(tmp_path, TRIAL.replace('"0.012"', f'"{p}"')) == ""


def test_an_interval_of_ninety_seven_and_a_half_percent_is_allowed(tmp_path: Path) -> None:
    assert problems(tmp_path, TRIAL.replace("low: 0.60, high: 0.94", "low: 0.58, high: 0.97, interval: 97.5")) == ""


def test_a_row_told_twice_is_found(tmp_path: Path) -> None:
    first = TRIAL.index("  - reported: 2020-06\n    endpoint: pfs\n")
    row = TRIAL[first : TRIAL.index("  - reported: 2020-06\n    endpoint: pfs_at")]
    assert "results.2: tells the same fact as results.1" in problems(tmp_path, TRIAL.replace(row, row + row, 1))


def test_two_cuts_of_one_median_may_move_but_not_jump(tmp_path: Path) -> None:
    later = "  - {reported: 2022-06, endpoint: os, unit: months, experimental: {value: %s}, source: paper, verified: seen}\n"
    for value, said in (("44", False), ("90", True)):
        found = problems(tmp_path, TRIAL.replace("adverse_events:\n", later % value + "adverse_events:\n"))
        assert ("os of 'experimental' is 40 months in one cut and 90 in another" in found) is said


def test_a_licence_before_any_report_of_its_regimen_is_found(tmp_path: Path) -> None:
    early = {"agents/alpha.yaml": ("granted: 2023-01", "granted: 2019-01")}
    with pytest.raises(DataError, match=r"2019-01-31 is before the first report \(2020-06-30\) of any trial of alpha"):
        compiled(write(tmp_path, early, {"trials/one.yaml": TRIAL}))


def test_a_licence_told_twice_is_found(tmp_path: Path) -> None:
    line = "  - {regulator: FDA, established: true, status: established, covers: [beta], when: {}, wording: old, source: shared, verified: seen}\n"
    with pytest.raises(DataError, match=r"licences\.1: tells the same fact as licences.0"):
        compiled(write(tmp_path, {"agents/beta.yaml": (line, line + line)}))


def test_a_statement_before_its_text_was_published_is_found(tmp_path: Path) -> None:
    early = {"rules/any/question.yaml": ("since: 2024-02", "since: 2023-02")}
    with pytest.raises(DataError, match=r"2023-02-28 is before its text was published \(2024-02-29\)"):
        compiled(write(tmp_path, early))


# ---- misprints in a public text, NCI PDQ of 2025-12-30, that a careful reader must catch


def test_the_misprinted_interval_of_tamrad_is_found(tmp_path: Path) -> None:
    odd = TRIAL.replace("value: 0.75, low: 0.60, high: 0.94", "value: 0.54, low: 0.56, high: 0.81")
    assert "0.54 lies outside its interval 0.56 to 0.81" in problems(tmp_path, odd)


def test_the_misprinted_ratio_of_efect_is_found(tmp_path: Path) -> None:
    odd = TRIAL.replace("value: 0.75, low: 0.60, high: 0.94", "value: 0.93, low: 0.819, high: 1.133")
    assert "0.93 is not in the middle (0.96) of 0.819-1.133" in problems(tmp_path, odd)


# ---- what honest arithmetic prints is never asked again


@given(
    log_ratio=st.floats(-1.5, 1.5),
    error=st.floats(0.03, 0.6),
    one_sided=st.booleans(),
)
def test_figures_of_a_wald_model_rounded_as_printed_are_plausible(
    log_ratio: float, error: float, *, one_sided: bool
) -> None:
    value, low, high = (round(math.exp(log_ratio + step * 1.96 * error), 2) for step in (0, -1, 1))
    assume(low >= 0.05)
    p = math.erfc(abs(log_ratio) / error / math.sqrt(2)) / (2 if one_sided else 1)
    assume(abs(log_ratio) > 0.01)  # at no difference the printed zero hides the side
    row = {
        "unit": "months",
        "endpoint": "pfs",
        "hazard_ratio": {"value": value, "low": low, "high": high},
        "p": f"{p:.3f}",
    }
    assert not list(result_findings(row))


@given(
    shape=st.floats(0.6, 1.8),
    scale=st.floats(3, 60),
    months=st.lists(st.integers(1, 60), min_size=1, max_size=5, unique=True),
)
def test_points_of_one_falling_curve_agree(shape: float, scale: float, months: list[int]) -> None:
    rows = [
        {
            "endpoint": "os_at",
            "unit": "percent",
            "at_months": m,
            "reported": "2020-01-01",
            "experimental": {"value": round(100 * math.exp(-((m / scale) ** shape)), 1)},
        }
        for m in months
    ]
    rows.append(
        {
            "endpoint": "os",
            "unit": "months",
            "reported": "2020-01-01",
            "experimental": {"value": round(scale * math.log(2) ** (1 / shape), 1)},
        }
    )
    assert not list(across_rows(rows))


@given(shape=st.floats(0.6, 1.8), months=st.integers(6, 24))
def test_a_rate_far_above_the_median_is_always_found(shape: float, months: int) -> None:
    rows = [
        {
            "endpoint": "pfs_at",
            "unit": "percent",
            "at_months": months,
            "reported": "2020-01-01",
            "experimental": {"value": 54},
        },
        {"endpoint": "pfs", "unit": "months", "reported": "2020-01-01", "experimental": {"value": months - shape}},
    ]
    assert list(across_rows(rows))

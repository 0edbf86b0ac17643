"""Survey: every teaching patient on five days under both regulators, read as a breast oncologist would.

The expectations below rest on trials and guideline texts named beside them, never on what the program prints.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from mbc_widgets.knowledge import load
from mbc_widgets.workbook import View, look, scenario

K = load()
DAYS = ("2012-03-19", "2016-06-01", "2019-06-01", "2023-06-01", "2026-11-23")
EVERY = [(name, day, regulator) for name in K.scenarios for day in DAYS for regulator in K.edition.regulators]


@cache
def view(name: str, day: str = "", regulator: str = "") -> View:
    patient, own_day, own_regulator = scenario(name, K)
    return look(patient, day=day or own_day, regulator=regulator or own_regulator, knowledge=K)


def views() -> Iterator[View]:
    return (view(*place) for place in EVERY)


def classes(regimen: str) -> set[str]:
    return {K.agents[agent].drug_class for agent in K.regimens[regimen].agents}


@pytest.mark.parametrize(("name", "day", "regulator"), EVERY, ids=" ".join)
def test_there_is_an_option_or_a_reason_why_nothing_fits(name: str, day: str, regulator: str) -> None:
    found = view(name, day, regulator)
    nothing = not found.offered()
    reasons = [rule for option in found.options for rule in (*option.blocked_by, *option.held_by)]
    assert found.options
    assert not nothing or reasons or any(option.missing for option in found.options)
    assert not nothing or all("palliative care" in sequence.end for sequence in found.sequences)
    assert found.sequences


def test_no_endocrine_drug_is_offered_where_no_sample_ever_had_a_receptor() -> None:
    for found in views():
        if found.facts.values.get("receptor_ever_positive") is False:
            assert not [r for r in found.offered() if K.regimens[r].backbone == "endocrine"]


def test_no_checkpoint_inhibitor_combination_is_offered_in_plainly_receptor_positive_disease() -> None:
    for found in views():
        if found.facts.values.get("endocrine_group") == "positive":
            assert not [r for r in found.offered() if "pd1-combination" in K.regimens[r].groups]


def test_a_parp_inhibitor_is_offered_only_for_a_pathogenic_variant() -> None:
    for found in views():
        brca = {found.facts.values.get(gene) for gene in ("germline_brca", "germline_palb2", "somatic_brca")}
        if "pathogenic" not in brca:
            assert not [r for r in found.offered() if "parp_inhibitor" in classes(r)]


def test_with_functioning_ovaries_low_oestrogen_drugs_come_with_suppression() -> None:
    needs = {"aromatase_inhibitor", "serd", "oral_serd"}
    for found in views():
        if found.facts.values.get("ovaries") in {"suppressed", "can_be_suppressed", "declined"}:
            bare = [r for r in found.offered() if classes(r) & needs and "ovarian_suppression" not in classes(r)]
            assert not bare


def test_trastuzumab_deruxtecan_waits_for_the_day_on_which_her2_low_became_a_target() -> None:
    for found in views():
        if found.snapshot.day < "2022-08-05":
            assert "trastuzumab-deruxtecan" not in found.offered()


def test_after_one_trop2_conjugate_no_second_one_is_planned() -> None:
    trop2 = {name for name, agent in K.agents.items() if agent.adc and agent.adc.target == "trop2"}
    for found in views():
        for sequence in found.sequences:
            used = [a for line in sequence.lines for a in line.option.regimen.agents if a in trop2]
            assert len(used) <= 1, (found.patient.name, found.snapshot.day)


def test_a_checkpoint_inhibitor_is_planned_before_any_other_cytotoxic_line_or_for_a_rare_marker() -> None:
    for found in views():
        for sequence in found.sequences:
            for line in sequence.lines:
                regimen = line.option.regimen
                if "pd1_inhibitor" in classes(regimen.id) and "tissue-agnostic" not in regimen.groups:
                    assert line.option.facts.values["metastatic_lines_beyond_endocrine"] == 0


def test_a_drug_that_failed_is_not_offered_again_unchanged() -> None:
    for found in views():
        failed = found.facts.values["agents_progressed_on"]
        again = [r for r in found.offered() if set(K.regimens[r].agents) - {"goserelin"} <= set(failed)]
        assert not again, (found.patient.name, found.snapshot.day)


# What a board of breast oncologists would start with: the regimens or groups of which line 1 of the guideline order
# must be one, and why.
FIRST_LINES: dict[str, tuple[set[str], str]] = {
    "luminal-2012": ({"ai-alone"}, "adjuvant tamoxifen ended 2.5 years before: an aromatase inhibitor, P025 and seed review 2012"),
    "premenopausal": ({"cdk46-ai"}, "MONALEESA-7, survival gain with suppression"),
    "man": ({"cdk46-ai", "cdk46-fulvestrant"}, "ASCO 2020: men as women, with a GnRH agent for the inhibitor"),
    "tnbc-pdl1-positive": ({"pd1-combination"}, "CPS 25 and relapse three years after curative therapy: KEYNOTE-355 survival, ASCENT-04"),
    "tnbc-pdl1-negative": ({"taxane-alone", "trop2-adc-alone"}, "ASCENT-03 and TROPION-Breast02 or a taxane; single anthracycline is not the usual start"),
    "germline-brca": ({"parp-alone"}, "OlympiAD and EMBRACA: after a CDK4/6 inhibitor before chemotherapy"),
    "her2-ultralow": ({"adc-alone"}, "DESTINY-Breast06: two endocrine lines behind, no chemotherapy, ultralow"),
    "esr1-after-cdk46": ({"oral-serd-alone"}, "EMERALD: more than 12 months on a CDK4/6 inhibitor, ESR1 mutated"),
    "many-lines-2026": ({"trop2-adc-alone", "later-chemotherapy"}, "TROPiCS-02 after T-DXd and chemotherapy; eribulin EMBRACE"),
    "visceral-crisis": ({"single-agent-chemotherapy", "combination-chemotherapy"}, "ABC4: most rapidly effective therapy in crisis; RIGHT Choice left out bilirubin above 1.5 x"),  # noqa: E501
    "tnbc-liver-crisis": ({"platinum-alone", "platinum-combination", "taxane-alone", "combination-chemotherapy", "bevacizumab-chemotherapy"}, "bilirubin 3 x: a platinum by the kidneys or a taxane at a lower dose, in the EU with bevacizumab (ASCO 2014: immediate threat); docetaxel, full AC and SG closed, few data on Dato-DXd (labels)"),  # noqa: E501
    "er-low": ({"pd1-combination", "single-agent-chemotherapy"}, "ER 5 %, CPS 15, rapid: behaves as triple-negative (PMID 34678571)"),
    "brain-symptomatic": ({"adc-alone", "later-chemotherapy"}, "second line triple negative, HER2-low: SG (ASCENT) or T-DXd; local therapy first"),
    "frail-80": ({"endocrine-alone", "cdk46-endocrine"}, "bone-only, comfort first: SIOG, endocrine therapy"),
}  # fmt: skip


@pytest.mark.parametrize("regulator", K.edition.regulators)
@pytest.mark.parametrize("name", sorted(K.scenarios))
def test_the_guideline_order_starts_where_a_breast_oncologist_would(name: str, regulator: str) -> None:
    expected, why = FIRST_LINES[name]
    sequence = view(name, regulator=regulator).sequences[0]
    regimen = sequence.lines[0].option.regimen
    assert {regimen.id, *regimen.groups} & expected, f"starts with {regimen.id}; expected {sorted(expected)}: {why}"


FORBIDDEN: list[tuple[str, str, set[str], str]] = [
    ("premenopausal", "guideline-first", {"tamoxifen-with-suppression", "anthracycline-alone"}, "line 2 after a CDK4/6 inhibitor is a targeted partner or fulvestrant; a single anthracycline is late"),  # noqa: E501
    ("germline-brca", "guideline-first", {"docetaxel"}, "TNT: carboplatin before docetaxel with a germline variant"),
    ("frail-80", "fewest-visits", {"docetaxel", "anthracycline-alone"}, "SIOG: 83 years, frail, ECOG 2, LVEF 48 %: no docetaxel every 3 weeks, no anthracycline"),  # noqa: E501
    ("man", "fewest-visits", set(), "capecitabine must not come before the CDK4/6 inhibitor"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "strategy", "forbidden", "why"), FORBIDDEN, ids=[f"{row[0]} {row[1]}" for row in FORBIDDEN]
)
def test_a_sequence_holds_no_line_that_a_board_would_strike_out(
    name: str, strategy: str, forbidden: set[str], why: str
) -> None:
    found = {s.strategy.id: s for s in view(name).sequences}[strategy]
    lines = [line.option.regimen for line in found.lines]
    early = [r.id for r in lines[:4] if {r.id, *r.groups} & forbidden]
    assert not early, why
    if name == "man":
        kinds = [("cdk46_inhibitor" in classes(r.id), r.backbone) for r in lines]
        first_chemotherapy = next((i for i, (_, b) in enumerate(kinds) if b in {"chemotherapy", "adc"}), 99)
        first_inhibitor = next((i for i, (c, _) in enumerate(kinds) if c), 98)
        assert first_inhibitor < first_chemotherapy, why


def test_every_scenario_teaches_something_that_is_visible_on_its_day() -> None:
    for name, raw in K.scenarios.items():
        assert raw["teaches"], name
        found = view(name)
        assert found.offered(), name


def test_tests_that_guidelines_ask_for_come_before_rare_markers() -> None:
    rare = {"ntrk_fusion", "ret_fusion", "microsatellite_status", "tumour_mutational_burden"}
    for found in views():
        asked = [point.field for point in found.tests]
        common = [i for i, field in enumerate(asked) if field not in rare]
        uncommon = [i for i, field in enumerate(asked) if field in rare]
        assert not common or not uncommon or max(common) < min(uncommon), asked


def everything(values: Any) -> str:
    return " ".join(map(str, values))


def test_an_emergency_is_said_before_any_drug() -> None:
    patient = scenario("esr1-after-cdk46", K)[0].replace(emergency="cord_compression")
    found = look(patient, day="2026-11-23", regulator="FDA", knowledge=K)
    assert "cord" in everything(prompt.text.lower() for prompt in found.prompts)

"""What a clinical review found, finding by finding: each answer from its source, written before the program gave it.

The number is that of the review's finding. Where a source was opened for the test it stands after "Read:"; the others are those
that data/ cites.
"""

from typing import Any

import pytest

from mbc_widgets.carried import carried
from mbc_widgets.cli.why import why
from mbc_widgets.facts import Facts, after, facts
from mbc_widgets.figures.board import board
from mbc_widgets.figures.lags import lag
from mbc_widgets.knowledge import load
from mbc_widgets.neighbours import consequence
from mbc_widgets.ranking import heard
from mbc_widgets.sequences import Line
from mbc_widgets.strategies import STRATEGIES, severe_nerves, visits_per_month
from mbc_widgets.workbook import View, look, patient, scenario
from tests.test_clinic import NEGATIVE, TESTED, TODAY, given, seen

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


# --- 38: the patient declines -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2018-06-01", TODAY])
def test_who_declines_chemotherapy_and_has_little_else_is_told_of_palliative_care(day: str) -> None:
    """ASCO 2024 (doi 10.1200/JCO.24.00542): palliative care early, goals and decisions among its parts. Read: the abstract."""
    view = seen(chemotherapy_declined=True, day=day, **NEGATIVE)
    assert any("palliative care" in prompt.text for prompt in view.prompts)
    ends = {sequence.end for sequence in view.sequences}
    assert ends
    assert all("palliative care" in end for end in ends)
    luminal = seen(chemotherapy_declined=True, **TESTED)
    assert not any("declined" in prompt.text for prompt in luminal.prompts)


@pytest.mark.parametrize(
    "more",
    [
        {"goal": "comfort"},
        {"limited_life_expectancy": True},
        {"performance_status": 4},
        NEGATIVE | {"platelets": 20000},
    ],
)
def test_every_lane_that_stops_before_its_lines_are_drawn_names_palliative_care(more: dict[str, Any]) -> None:
    for sequence in seen(**TESTED | more).sequences:
        if sequence.end != "drawn lines end":
            assert "palliative care" in sequence.end, sequence.end


# --- 39 and 1: therapy of early disease, and another conjugate of the same target -------------------------------------------


def early(agents: str, stop: str, why: str = "completed", **more: Any) -> View:
    """Give a patient who relapses on 2026-11-01 after (neo)adjuvant therapy with these drugs."""
    row = given(agents, "adjuvant", "2025-01-10", stop, why)
    return seen(row, met="2026-11-01", **{"pdl1_cps": 0, **TESTED, **more})


def cautions(view: View, regimen: str) -> set[str]:
    option = view.option(regimen)
    assert option, regimen
    return {rule.id.partition(":")[0] for rule in option.cautions}


def test_capecitabine_within_a_year_of_adjuvant_capecitabine_is_told() -> None:
    """Study 301 (NCT00337103) took nobody after capecitabine; 12 months as for a taxane in E2100."""
    soon, later = early("capecitabine", "2026-08-01", **NEGATIVE), early("capecitabine", "2025-10-01", **NEGATIVE)
    assert soon.facts.values["months_since_adjuvant_capecitabine_end"] == pytest.approx(3, abs=0.1)
    assert "S-C87" in cautions(soon, "capecitabine")
    assert not {"S-C87", "S-C87b"} & cautions(later, "capecitabine")
    assert all(sequence.regimens[0] != "capecitabine" for sequence in soon.sequences)
    none = seen(**NEGATIVE, **TESTED, pdl1_cps=0)
    assert none.facts.values["months_since_adjuvant_capecitabine_end"] == 999


@pytest.mark.parametrize("regimen", ["sacituzumab-govitecan", "datopotamab-deruxtecan"])
def test_a_trop2_conjugate_soon_after_an_adjuvant_one_does_not_lead(regimen: str) -> None:
    """TROPION-Breast01 (NCT05104866): nobody after a TROP2 conjugate, in any setting."""
    view = early("sacituzumab-govitecan+pembrolizumab", "2026-09-01", **NEGATIVE)
    assert {"S-C06c", "S-C06d"} & cautions(view, regimen)
    assert "S-C06e" in cautions(view, regimen)
    assert all(sequence.regimens[0] != regimen for sequence in view.sequences if "soonest" not in sequence.strategy.id)
    assert "S-C06e" not in cautions(early("sacituzumab-govitecan+pembrolizumab", "2025-10-01", **NEGATIVE), regimen)


def test_an_oral_serd_after_an_adjuvant_one_is_told() -> None:
    """EMBER-3 (NCT04975308) and VERITAC-2 (NCT05654623) took nobody after such a drug."""
    row = given("giredestrant", "adjuvant", "2023-01-10", "2024-06-01", "completed")
    line = given("palbociclib+letrozole", "metastatic", "2024-10-01", "2026-10-01")
    view = seen(row, line, **TESTED | {"esr1": "mutated"})
    assert {"S-C73b", "S-C73c"} <= cautions(view, "elacestrant")
    assert view.facts.values["months_since_adjuvant_oral_serd_end"] == pytest.approx(4, abs=0.1)


def test_months_on_an_adjuvant_cdk46_inhibitor_are_a_fact_that_is_told() -> None:
    view = early("ribociclib+letrozole", "2026-03-10", **TESTED)
    assert view.facts.values["cdk46_months_adjuvant"] == pytest.approx(14, abs=0.1)
    told = [prompt.text for prompt in view.warnings if prompt.code == "adjuvant-cdk46"]
    assert told
    assert "14 months on it, relapse 8 months after its end" in told[0]


def test_after_a_conjugate_left_for_toxicity_the_other_one_of_its_target_cites_whom_the_trials_took() -> None:
    """Finding 1. TROPION-Breast01 took nobody after a TROP2 conjugate or a topoisomerase-1 drug (registry, read)."""
    option = seen(
        LETROZOLE, given("sacituzumab-govitecan", "metastatic", "2026-10-20", "2026-11-15", "toxicity"), **NEGATIVE
    ).option("datopotamab-deruxtecan")
    assert option
    rule = next(rule for rule in option.cautions if rule.id.startswith("S-C06c"))
    assert rule.verified == "seen"
    assert "took nobody after one" in rule.text


# --- 34: a failing liver in triple-negative disease -------------------------------------------------------------------------


def test_triple_negative_liver_crisis_keeps_what_a_failing_liver_allows_with_its_dose_step() -> None:
    """Labels: docetaxel not above normal, ixabepilone pair contraindicated, SG not studied above 1.5 x; carboplatin by Calvert.

    Read: paclitaxel by liver function (doi 10.1111/j.1365-2125.2007.02956.x, table 1), 70 mg/m2 in nine with severe dysfunction,
    weekly epirubicin in 36 (abstracts), the formula of Calvert.
    """
    ines, day, regulator = scenario("tnbc-liver-crisis")
    view = look(ines, day=day, regulator=regulator)
    for closed in ("docetaxel", "ixabepilone+capecitabine", "doxorubicin+cyclophosphamide"):
        assert verdict(view, closed) == "not-now"
    assert "sacituzumab-govitecan" not in view.offered()
    steps = {
        "carboplatin": "AUC x (GFR + 25)",
        "paclitaxel": "100 up to 3.5 x",
        "vinorelbine": "a quarter above 3 mg/dL",
        "epirubicin": "25 mg/m2",
        "nab-paclitaxel": "20 % lower",
    }
    for regimen, step in steps.items():
        option = view.option(regimen)
        assert option
        assert option.verdict == "offered", regimen
        assert any(step in rule.text for rule in option.cautions), regimen
    assert any("supportive care" in prompt.text for prompt in view.prompts)
    for sequence in view.sequences:
        assert "deruxtecan" not in sequence.regimens[0], sequence.strategy.id


def test_with_liver_and_counts_down_the_answer_is_supportive_care_and_not_an_empty_lane() -> None:
    patient, day, regulator = scenario("tnbc-liver-crisis")
    view = look(
        patient.replace(platelets=20000, absolute_neutrophils=600, bilirubin_x_uln=8), day=day, regulator=regulator
    )
    for sequence in view.sequences:
        assert sequence.lines or "supportive and palliative care" in sequence.end


# --- 37: tests where a sequence turns ---------------------------------------------------------------------------------------


def test_the_branch_of_a_pdl1_score_has_a_cited_share() -> None:
    """Keytruda, US label, section 14: 38 % of the 847 of KEYNOTE-355 had a CPS of at least 10. Read in the label's text."""
    view = seen(**NEGATIVE, germline_brca="negative")
    shares = [
        branch.share
        for sequence in view.sequences
        for line in sequence.lines
        for point in line.tests
        for branch in point.branches
        if branch.shows == ("at_least", "pdl1_cps", 10)
    ]
    assert shares
    assert all(share and share.percent == 38 and "847 patients" in share.cohort for share in shares)


def test_the_brain_is_imaged_for_symptoms_and_not_as_a_routine() -> None:
    """Egyptian Health Council (after ESMO 2021): brain imaging for symptoms, MRI by preference; ABC4: not without. Both read."""
    told = [prompt.text for prompt in seen(neurological_symptoms=True, **TESTED).prompts]
    assert any("MRI of the brain" in text for text in told)
    assert not any("MRI of the brain" in prompt.text for prompt in seen(**TESTED).prompts)
    known = seen(neurological_symptoms=True, brain_state="active_symptomatic", sites=["brain", "liver"], **TESTED)
    assert not any("MRI of the brain" in prompt.text for prompt in known.prompts)


def test_each_test_point_on_the_board_says_when_the_brain_is_imaged() -> None:
    drawn = board(seen())
    cards = [point["card"] for lane in drawn["lanes"] for point in lane["tests"]]
    assert cards
    assert all("Brain MRI" in {row["term"] for row in card["rows"]} for card in cards)


# --- 50: how long one regulator came after the other ------------------------------------------------------------------------


TWO_LINES = (
    given("paclitaxel", "metastatic", "2024-01-10", "2024-10-10"),
    given("capecitabine", "metastatic", "2024-11-10", "2025-10-10"),
)


@pytest.mark.parametrize(
    ("prior", "more", "regimen", "months"),
    [
        # days of the notices of FDA and European Commission; the review counted 21, 19, 15, 14, 8 and 5 months
        ((), {}, "palbociclib+letrozole", 21.2),  # 2015-02-03, 2016-11-09
        (TWO_LINES, NEGATIVE, "sacituzumab-govitecan", 19),  # 2020-04-22, 2021-11-22
        ((LETROZOLE,), {"esr1": "mutated"}, "elacestrant", 7.6),  # 2023-01-27, 2023-09-15
        (TWO_LINES, NEGATIVE | {"her2": "one_plus"}, "trastuzumab-deruxtecan", 5.6),  # 2022-08-05, 2023-01-23
    ],
)
def test_the_lag_between_the_regulators_is_worked_out_for_this_patient(
    prior: tuple[dict[str, Any], ...], more: dict[str, Any], regimen: str, months: float
) -> None:
    for regulator in ("FDA", "EMA"):
        option = seen(*prior, regulator=regulator, **TESTED | more).option(regimen)
        assert option
        told = lag(option)
        assert f": {months:g} months later" in told, told
        assert told.startswith("FDA ")


def test_no_lag_is_told_before_the_second_regulator_has_spoken_nor_for_old_drugs() -> None:
    option = seen(day="2016-06-01", **TESTED).option("palbociclib+letrozole")
    assert option
    assert lag(option) == "FDA 3 Feb 2015; EMA none for such a patient by this day"
    old = seen(**TESTED).option("letrozole")
    assert old
    assert lag(old) == ""


# --- 35: what grows old, and what stands still ------------------------------------------------------------------------------


def sampled(day: str, **more: Any) -> View:
    sample = {"day": day, "site": "breast", "tissue": "primary", "er_percent": 90, "pr_percent": 50, "her2": "one_plus"}
    return seen(LETROZOLE, receptor_samples=[sample], **{**TESTED, **more})


def test_an_old_her2_result_is_told_with_how_often_it_changes() -> None:
    """Miglietta, npj Breast Cancer 2021;7:137 (read): 38.0 % of 547 pairs discordant; 15 % from 0 to low, 14 % from low to 0."""
    old, new = sampled("2020-11-23"), sampled("2026-01-10")
    assert old.facts.values["months_since_her2_sample"] == pytest.approx(72, abs=0.1)
    told = [prompt.text for prompt in old.warnings if prompt.code == "old-her2-sample"]
    assert told
    assert "38 of 100 (547 pairs" in told[0]
    assert not [prompt for prompt in new.warnings if prompt.code == "old-her2-sample"]


def test_a_planned_her2_conjugate_says_how_old_the_result_will_be() -> None:
    for line in lines_with(sampled("2022-11-23"), "trastuzumab-deruxtecan"):
        age = line.option.facts.values["months_since_her2_sample"]
        assert age >= 48
        assert (
            f"HER2 will have been looked at {age:.0f} months before: a new sample, or a re-read, first" in line.carried
        )


def test_the_board_and_the_terminal_say_what_stands_still_in_a_plan() -> None:
    view = seen(**TESTED)
    assert "ECOG, frailty, weight, marrow, lungs, brain" in board(view)["foot"]


# --- 43: a drug that stands for its class -----------------------------------------------------------------------------------


def test_the_card_says_for_what_goserelin_and_letrozole_stand() -> None:
    """MONALEESA-7 and ABC4: any aromatase inhibitor, and any suppression or ablation, may be the partner."""
    view = seen(menopausal_status="premenopausal", age_years=42, **TESTED)
    cards = [bar["card"] for lane in board(view)["lanes"] for bar in lane["bars"] if "goserelin" in bar["name"]]
    assert cards
    for drawn in cards:
        notes = " ".join(row["text"] for row in drawn["rows"] if row["term"] == "Regimen")
        assert "Goserelin stands for any GnRH agent, in women also for ablation" in notes
        if "ciclib + letrozole" in drawn["title"]:
            assert "Any aromatase inhibitor may be the partner" in notes
    option = view.option("ribociclib+letrozole+goserelin")
    assert option
    assert "Regimen" in "\n".join(why(option, view))


# --- 48: what a wish counts -------------------------------------------------------------------------------------------------


def test_g_csf_that_a_label_asks_for_is_a_visit_of_each_cycle() -> None:
    """Trodelvy, US label of March 2025: primary G-CSF from 65 years on; pegfilgrastim not within 24 hours after the infusion."""
    old = seen(*TWO_LINES, **NEGATIVE | TESTED, age_years=70).option("sacituzumab-govitecan")
    young = seen(*TWO_LINES, **NEGATIVE | TESTED, age_years=50).option("sacituzumab-govitecan")
    assert old
    assert young
    assert visits_per_month(old) - visits_per_month(young) == pytest.approx(30.4375 / 21)
    eu = seen(*TWO_LINES, regulator="EMA", **NEGATIVE | TESTED, age_years=70).option("sacituzumab-govitecan")
    assert eu
    assert visits_per_month(eu) == pytest.approx(visits_per_month(young))


@pytest.mark.parametrize(
    ("regimen", "band"),
    [
        ("vinorelbine", 0),  # NorBreast-231: none of grade 3 or more
        ("capecitabine", 0),  # Thomas 2007: 0 %
        ("paclitaxel", 1),  # weekly 5 %, Gradishar 2 %
        ("eribulin", 1),  # EMBRACE: 8 %
        ("nab-paclitaxel", 2),  # Gradishar: 10 %
        ("ixabepilone+capecitabine", 2),  # Thomas 21 %, Sparano 24 %
        ("docetaxel", 1),  # no grade was read: its label's word is common
    ],
)
def test_nerves_are_ranked_by_the_share_with_grade_3_where_it_was_read(regimen: str, band: int) -> None:
    option = seen(*TWO_LINES, **NEGATIVE | TESTED).option(regimen)
    assert option
    assert severe_nerves(option) == band


def test_of_drugs_that_commonly_hurt_nerves_the_less_severe_comes_first_where_nerves_matter() -> None:
    view = seen(**NEGATIVE, **TESTED, pdl1_cps=0, neuropathy_matters=True)
    both = {o.regimen.id: STRATEGIES["spare-hair-and-nerves"].key(o, heard(view.options)) for o in view.options}
    assert both["paclitaxel"] < both["nab-paclitaxel"]


# --- 21: suppression declined -----------------------------------------------------------------------------------------------


DECLINED = {"age_years": 38, "menopausal_status": "premenopausal", "ovarian_suppression": "declined", **TESTED}


@pytest.mark.parametrize("regulator", ["FDA", "EMA"])
def test_suppression_declined_leaves_tamoxifen_first_and_chemotherapy_open(regulator: str) -> None:
    """ABC4: tamoxifen alone is the only endocrine option without suppression, less effective; the review: and chemotherapy."""
    view = seen(regulator=regulator, **DECLINED)
    for regimen in ("tamoxifen", "paclitaxel", "capecitabine"):
        assert verdict(view, regimen) == "offered", regimen
    for sequence in view.sequences:
        assert sequence.regimens[0] == "tamoxifen", sequence.strategy.id
    ready = seen(regulator=regulator, **DECLINED | {"ovarian_suppression": "acceptable"})
    option = ready.option("paclitaxel")
    assert option
    assert option.verdict == "not-offered"
    assert not any(flip.field == "ovarian_suppression" for flip in option.flips)


def test_suppression_declined_is_told_why_no_cdk46_inhibitor_goes_with_tamoxifen() -> None:
    """NCI PDQ on MONALEESA-7 (read): QTcF over 60 ms in 16 % with ribociclib and tamoxifen; tamoxifen came with goserelin."""
    view = seen(**DECLINED)
    told = [prompt.text for prompt in view.prompts]
    assert any("MONALEESA-7" in text and "QT" in text for text in told)
    for regimen in ("abemaciclib+tamoxifen", "palbociclib+tamoxifen", "ribociclib+tamoxifen"):
        option = view.option(regimen)
        assert option
        assert option.verdict == "not-offered"
        text = " ".join("\n".join(why(option, view)).split())
        assert "no licence, no guideline that was read" in text or "QTcF rose" in text
    assert not any("MONALEESA-7" in prompt.text for prompt in seen(**TESTED).prompts)


# --- 16: rules with a first day ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "regimen", "before", "after_it"),
    [
        ("S-C08", "palbociclib+fulvestrant", "2022-06-01", "2023-06-01"),  # PACE, SABCS of December 2022
        ("S-C08b", "ribociclib+fulvestrant", "2022-03-01", "2023-06-01"),  # MAINTAIN, ASCO of June 2022
    ],
)
def test_what_a_trial_taught_is_not_known_before_its_first_public_day(
    rule: str, regimen: str, before: str, after_it: str
) -> None:
    line = given("palbociclib+letrozole", "metastatic", "2019-01-10", "2022-01-10")
    for day, known in ((before, False), (after_it, True)):
        option = seen(line, day=day).option(regimen)
        assert option
        assert (rule in cautions(seen(line, day=day), regimen)) is known
        assert (rule in {later.id.partition(":")[0] for later in option.learnt_later}) is not known


def test_the_word_on_tamoxifen_and_a_cdk46_inhibitor_is_as_old_as_monaleesa_7() -> None:
    """First public on 2017-12-06 (SABCS 2017)."""
    for day, told in (("2016-06-01", False), ("2018-06-01", True)):
        view = seen(day=day, age_years=38, menopausal_status="premenopausal", ovarian_suppression="declined")
        assert any("MONALEESA-7" in prompt.text for prompt in view.prompts) is told


@pytest.mark.parametrize(("day", "text"), [("2026-03-01", "no dose was known"), (TODAY, "3 mg below 30")])
def test_the_renal_step_of_inavolisib_is_that_of_the_label_of_the_day(day: str, text: str) -> None:
    """US label: the step below an eGFR of 30 came in 04/2026."""
    relapse = given("letrozole", "adjuvant", "2022-01-10", "2025-12-01")
    option = seen(relapse, day=day, met=day, creatinine_clearance_ml_min=25, **TESTED | {"pik3ca": "mutated"}).option(
        "inavolisib+palbociclib+fulvestrant"
    )
    assert option
    assert any(text in rule.text for rule in option.cautions)
    assert sum("eGFR" in rule.text for rule in option.cautions) == 1


def test_the_count_of_dated_rules_does_not_fall() -> None:
    """26 of 357 carry a day; the others hold on every day, or rest with a drug that is younger than what they say."""
    rules = [rule for topic in K.safety for rule in topic.rules if rule.since or rule.until]
    assert len({rule.id.partition(":")[0] for rule in rules}) >= 26


def test_a_change_after_which_a_conclusion_cannot_be_drawn_makes_it_unknown() -> None:
    """No receptor result: in pregnancy, or with suppression declined, chemotherapy is open; without either nobody can tell."""
    for name, now, then in (
        ("pregnancy", "second_or_third_trimester", "not_pregnant"),
        ("ovarian_suppression", "declined", "acceptable"),
    ):
        raw = {"seen_on": TODAY, "age_years": 38, "menopausal_status": "premenopausal", name: now}
        state = facts(patient(raw), K.on(TODAY, "FDA"))
        assert state.values["chemotherapy_indicated"] is True
        assert consequence(name, then, state)["chemotherapy_indicated"] is None

"""What licences of the day ask for, which of them a reason names, and who judged a figure: answers from labels and papers."""

import re
from typing import Any

import pytest

from mbc_widgets.conditions import holds
from mbc_widgets.evidence import primary_assessor
from mbc_widgets.figures.causes import by_regimen
from mbc_widgets.figures.choices import options
from mbc_widgets.figures.compare import compare
from mbc_widgets.figures.debates import trial_figures
from mbc_widgets.figures.outside import nearest
from mbc_widgets.knowledge import load
from mbc_widgets.knowledge.licensed_line import LINES, line_asked
from mbc_widgets.workbook import View, look, scenario
from tests.test_clinic import EARLY_CHEMOTHERAPY, NEGATIVE, TESTED, TODAY, given, regimens, seen

K = load()
CRISIS = {"visceral_crisis": True, "pace": "rapid", "symptoms": "severe"}


def verdict(view: View, regimen: str) -> str:
    option = view.option(regimen)
    assert option, regimen
    return option.verdict


# --- the line that a licence asks for -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("regulator", ["FDA", "EMA"])
@pytest.mark.parametrize("day", ["2012-06-01", "2013-06-01", "2014-05-01", "2016-06-01", "2021-09-01", TODAY])
@pytest.mark.parametrize("patient", [CRISIS, NEGATIVE], ids=["luminal in crisis", "triple negative"])
def test_eribulin_is_never_the_first_chemotherapy(patient: dict[str, Any], day: str, regulator: str) -> None:
    """US text of 2010-11-15: at least two regimens for metastatic disease; EU 2011-03: two; from 2014: one.

    Read: Halaven, US text of 09/2021, section 1.1 (guidelinecentral.com), and those that data/ cites.
    """
    assert verdict(seen(day=day, regulator=regulator, **patient), "eribulin") == "not-offered"


@pytest.mark.parametrize(
    ("day", "regulator", "regimens_before", "expected"),
    [
        ("2013-06-01", "FDA", ["paclitaxel"], "not-offered"),  # two are asked for
        ("2013-06-01", "EMA", ["paclitaxel"], "not-offered"),
        ("2013-06-01", "FDA", ["paclitaxel", "capecitabine"], "offered"),
        ("2013-06-01", "EMA", ["paclitaxel", "capecitabine"], "offered"),
        ("2016-06-01", "EMA", ["paclitaxel"], "offered"),  # EU, one since 2014
        ("2016-06-01", "FDA", ["paclitaxel"], "offered"),  # off label: ASCO 2014 names eribulin for the second line
        (
            "2022-06-01",
            "FDA",
            ["paclitaxel"],
            "not-offered",
        ),  # ASCO 2021 speaks of "later chemotherapy", no drug by name
    ],
)
def test_a_group_that_a_text_names_does_not_pass_over_the_licensed_line(
    day: str, regulator: str, regimens_before: list[str], expected: str
) -> None:
    year = int(day[:4])
    early = [{**row, "start": f"{year - 8}{row['start'][4:]}", "stop": f"{year - 8}{row['stop'][4:]}"} for row in EARLY_CHEMOTHERAPY]  # fmt: skip
    late = [
        given(name, "metastatic", f"{year - 2 + at}-01-10", f"{year - 2 + at}-11-10")
        for at, name in enumerate(regimens_before)
    ]
    view = seen(*early, *late, day=day, regulator=regulator, diagnosis_day=f"{year - 9}-12-01", **CRISIS)
    assert verdict(view, "eribulin") == expected


def test_a_pair_with_ixabepilone_waits_for_a_failed_anthracycline_and_taxane() -> None:
    """FDA, 2007-10-16: with capecitabine, disease resistant to an anthracycline and a taxane. No text of those read names the pair.

    Read: fda.gov, ixabepilone (web archive of 2008-09-17).
    """
    for day in ("2016-06-01", "2021-09-01", TODAY):
        assert verdict(seen(day=day, **CRISIS), "ixabepilone+capecitabine") == "not-offered"


@pytest.mark.parametrize("regulator", K.edition.regulators)
@pytest.mark.parametrize("day", ["2012-06-01", "2016-06-01", "2021-09-01", TODAY])
def test_what_a_group_opens_keeps_the_line_of_its_licences(day: str, regulator: str) -> None:
    for patient in (CRISIS, NEGATIVE, {}):
        view = seen(day=day, regulator=regulator, **patient)
        for option in view.options:
            line = line_asked(held.item for held in option.candidate.active)
            named = {option.regimen.id, option.regimen.variant_of}
            by_name = any(named & set(statement.covers) for statement in option.statements)
            if option.verdict == "offered" and line is not None and not by_name:
                assert holds(line, option.facts.values), option.regimen.id


def test_every_count_of_lines_is_known_to_be_one() -> None:
    assert {name for name, entry in K.vocabulary.items() if entry.unit == "lines"} - {
        "endocrine_lines_progressed"
    } == LINES


# --- the licence that a reason names ------------------------------------------------------------------------------------------


def reason(view: View, regimen: str) -> dict[str, str]:
    found = [o for group in options(view)["groups"] for o in group["options"] if o["id"] == regimen]
    return next(each for each in found[0]["blocked_by"] if each["level"] == "indication")


def test_sacituzumab_govitecan_in_luminal_disease_is_explained_by_its_luminal_licence() -> None:
    """US licence of 2023-02-03: receptor positive, after endocrine-based therapy and two more systemic therapies (TROPiCS-02)."""
    told = reason(
        seen(given("ribociclib+letrozole", "metastatic", "2025-01-10", "2026-10-10")), "sacituzumab-govitecan"
    )
    assert "3 Feb 2023" in told["source"]
    assert "chemotherapy or ADC lines" in told["text"]
    assert "hormone receptors" not in told["text"].lower()


@pytest.mark.parametrize(("patient", "group"), [({}, "positive"), (NEGATIVE, "negative")])
def test_the_licence_that_a_reason_names_is_for_these_receptors_where_there_is_one(
    patient: dict[str, Any], group: str
) -> None:
    view = seen(her2="one_plus", **patient)
    for option in view.options:
        held = option.candidate.indications
        alike = [each for each in held if holds(("is", "endocrine_group", (group,)), option.facts.values) and _for(each.item.when, group)]  # fmt: skip
        if option.verdict == "not-offered" and alike:
            assert _for(nearest(option).item.when, group), option.regimen.id


def _for(tree: Any, group: str) -> bool:
    """Say whether no point of a condition excludes the group."""
    if tree[0] == "all":
        return all(_for(part, group) for part in tree[1])
    return not (tree[0] == "is" and tree[1] == "endocrine_group") or group in tree[2]


# --- who judged ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trial", "assessor"),
    [
        (
            "bolero-2",
            "investigator",
        ),  # Baselga, N Engl J Med 2012;366:520: local assessment; central review supported it
        ("destiny-breast04", "bicr"),  # Modi, N Engl J Med 2022;387:9: blinded independent central review
        (
            "e2100",
            "investigator",
        ),  # Miller, N Engl J Med 2007;357:2666; Gray, J Clin Oncol 2009;27:4966 added the review
        ("postmonarch", "investigator"),
        ("olympiad", "bicr"),
        ("ascent-04", "bicr"),
    ],
)
def test_the_primary_analysis_says_who_judged(trial: str, assessor: str) -> None:
    assert primary_assessor(K.trial(trial)) == assessor


@pytest.mark.parametrize(
    ("day", "figures"),
    [
        ("2012-11-01", ("6.9", "2.8")),  # Baselga 2012, investigator; by central review 10.6 v 4.1
        ("2014-01-01", ("7.8", "3.2")),  # Yardley 2013, investigator; 11.0 v 4.1
    ],
)
def test_bolero_2_is_told_by_the_investigator_everywhere_and_says_so(day: str, figures: tuple[str, str]) -> None:
    view = seen(given("letrozole", "metastatic", "2011-01-10", "2012-06-10"), day=day)
    debate = next(line["text"] for line in trial_figures("bolero-2", view) if "PFS" in line["text"])
    option = next(o for g in options(view)["groups"] for o in g["options"] if o["id"] == "everolimus+exemestane")
    card = option["card"]
    in_list, on_card = (
        f"{option['figure']} {option['fit']['text']}",
        f"{card['big']} {card['big_rest']} {card['small']}",
    )
    for told in (debate, in_list, on_card):
        assert "investigator" in told
        assert all(figure in told for figure in figures), told


def test_compare_shows_the_figure_of_the_day_of_the_licence_and_who_judged() -> None:
    """Everolimus, US licence of 2012-07-20: BOLERO-2 by the investigators, 6.9 v 2.8 months (Baselga 2012)."""
    view = seen(given("letrozole", "metastatic", "2011-01-10", "2012-06-10"), day="2014-01-01")
    rows = compare(look(view.patient, day="2012-07-01", regulator="FDA"), view)["causes"]["rows"]
    assert any("6.9 v 2.8 mo, investigator" in row["effect"] for row in rows)


def test_a_debate_shows_the_row_of_the_same_assessor_as_the_card() -> None:
    """DESTINY-Breast04: blinded review 10.1 v 5.4 in 2022; the investigators' 9.6 v 4.2 of 2023 is an update."""
    view = seen(given("capecitabine", "metastatic", "2025-01-10", "2026-10-10"), her2="one_plus")
    told = next(line["text"] for line in trial_figures("destiny-breast04", view) if "PFS" in line["text"])
    assert "blinded review" in told
    assert re.search(r"\b10\.1 .* v 5\.4", told)


# --- what opened an option between two days -------------------------------------------------------------------------------------


def test_the_first_text_that_opened_an_option_is_named_not_the_one_in_force_now() -> None:
    """ABC4 (2018-07) put a CDK4/6 inhibitor with suppression first before the menopause; ABC5 of 2020-09-23 repeats it."""
    patient, day, regulator = scenario("premenopausal")
    cause = by_regimen(
        look(patient, day="2012-03-19", regulator=regulator), look(patient, day=day, regulator=regulator)
    )
    assert cause["palbociclib+letrozole+goserelin"].day.startswith("2018-07")
    assert cause["palbociclib+letrozole+goserelin"].what.startswith("ABC 2018-07")


def test_an_option_that_a_later_text_took_over_is_still_dated_by_the_first() -> None:
    """ASCO 2014 (2014-09) named single drugs for the first chemotherapy; the text of 2021-07 replaced it."""
    patient = {"day": "2022-06-01", **NEGATIVE}
    later, first = seen(**patient), look(seen(**patient).patient, day="2012-01-02", regulator="FDA")
    causes = by_regimen(first, later)
    assert all("2021" not in cause.what for name, cause in causes.items() if name in {"gemcitabine", "cisplatin"})


# --- 2012: after an aromatase inhibitor -----------------------------------------------------------------------------------------


def test_in_2012_fulvestrant_follows_an_aromatase_inhibitor_where_tamoxifen_was_given_before() -> None:
    """EFECT (Chia 2008) and CONFIRM (2010); US label of fulvestrant: progression following antioestrogen therapy."""
    patient, day, regulator = scenario("luminal-2012")
    planned = regimens(look(patient, day=day, regulator=regulator))
    assert planned[:2] == ("letrozole", "fulvestrant")
    assert "eribulin" not in planned[:4]


def test_after_relapse_on_an_aromatase_inhibitor_and_a_failed_fulvestrant_another_inhibitor_alone_is_not_planned_next() -> (
    None
):
    """OlympiAD and EMBRACA set the PARP inhibitor against chemotherapy: what follows it is chemotherapy or a conjugate."""
    patient, day, regulator = scenario("germline-brca")
    planned = regimens(look(patient, day=day, regulator=regulator))
    assert planned[0] in {"talazoparib", "olaparib"}
    assert not set(planned) & {"letrozole+goserelin", "anastrozole+goserelin"}


def test_a_crisis_with_ecog_3_and_a_bilirubin_of_3_begins_with_one_drug() -> None:
    """RIGHT Choice, the trial of pairs, took ECOG 0-2 and a bilirubin up to 1.5 x normal. Read: NCT03839823, eligibility."""
    patient, day, regulator = scenario("visceral-crisis")
    assert "+" not in regimens(look(patient, day=day, regulator=regulator))[0]
    fit = look(patient.replace(performance_status=1, bilirubin_x_uln=1.0, transaminases_x_uln=1.0), day=day, regulator=regulator)  # fmt: skip
    assert "vinorelbine+capecitabine" in fit.offered()


@pytest.mark.parametrize("regulator", K.edition.regulators)
def test_early_visceral_relapse_on_an_adjuvant_cdk46_inhibitor_is_warned_of_endocrine_therapy_alone(
    regulator: str,
) -> None:
    """ABC4: relapse in the first two years of adjuvant endocrine therapy is primary resistance, the doubt against endocrine first."""
    early = given("abemaciclib+letrozole", "adjuvant", "2024-09-01", "2025-11-01")
    view = seen(early, day="2026-01-10", met="2025-11-01", diagnosis_day="2023-12-01", regulator=regulator, **TESTED)
    later = seen(early, day="2026-01-10", met="2025-11-01", diagnosis_day="2023-12-01", regulator=regulator, sites=["bone"], **TESTED)  # fmt: skip
    for told, expected in ((view, True), (later, False)):
        option = told.option("fulvestrant")
        assert option
        assert any("expect little of endocrine therapy alone" in rule.text for rule in option.cautions) == expected


def test_an_appraisal_of_one_cdk46_inhibitor_does_not_put_it_before_its_sisters() -> None:
    """NICE TA563 (2019-02) is of abemaciclib alone; ABC4 names the class, and MONALEESA-7 alone took women before the menopause."""
    view = seen(day="2020-06-01", regulator="EMA", age_years=42, menopausal_status="premenopausal", sites=["bone"])
    assert regimens(view)[0] == "ribociclib+letrozole+goserelin"


# --- contraception --------------------------------------------------------------------------------------------------------------

YOUNG = {"age_years": 36, "menopausal_status": "premenopausal"}
WEEKS_OR_MONTHS = {
    # Enhertu, Swiss text; Trodelvy, Hong Kong text; Talzenna, Swiss text; Lynparza, US label; Keytruda, Swiss text;
    # Faslodex, FDA 2016-03; Verzenio, Ibrance and Kisqali: US and EU texts
    "trastuzumab-deruxtecan": "7 months",
    "datopotamab-deruxtecan": "7 months",
    "sacituzumab-govitecan": "6 months",
    "talazoparib": "7 months",
    "olaparib": "6 months",
    "pembrolizumab": "4 months",
    "fulvestrant": "1 year",
    "palbociclib": "3 weeks",
    "ribociclib": "3 weeks",
    "abemaciclib": "3 weeks",
}


@pytest.mark.parametrize("drug", WEEKS_OR_MONTHS)
def test_before_the_menopause_each_drug_says_how_long_after_it_no_pregnancy(drug: str) -> None:
    told = {
        option.regimen.id: " ".join(rule.text for rule in option.cautions)
        for patient in ({}, NEGATIVE)
        for option in seen(**YOUNG, her2="one_plus", germline_brca="pathogenic", pdl1_cps=20, **patient).options
        if drug in option.regimen.agents
    }
    assert told
    assert all(
        f"contraception during treatment and for {WEEKS_OR_MONTHS[drug]} after" in text for text in told.values()
    )


@pytest.mark.parametrize(
    ("patient", "expected"),
    [(YOUNG, True), ({}, False), ({**YOUNG, "ovarian_suppression": "ablated"}, False), ({"sex": "male", "menopausal_status": "not_applicable"}, False)],
)  # fmt: skip
def test_contraception_is_spoken_of_where_ovaries_may_work(patient: dict[str, Any], *, expected: bool) -> None:
    assert any("contraception" in prompt.text for prompt in seen(**patient).prompts) == expected

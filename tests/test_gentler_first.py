"""Where a text asks for the gentler drug, it stands first: by the guideline named in each test, not by what the program said before."""

import pytest

import mbc_widgets as mbc

K = mbc.load()
TODAY = "2026-11-23"
CDK46 = {"palbociclib+letrozole", "ribociclib+letrozole", "abemaciclib+letrozole"}
NEUROTOXIC = {"paclitaxel", "docetaxel", "nab-paclitaxel", "ixabepilone", "eribulin", "vinorelbine", "cisplatin"}


def offered(name: str, day: str = TODAY, regulator: str = "FDA", **changes: object) -> tuple[str, ...]:
    patient, _, _ = mbc.scenario(name)
    return mbc.look(patient.replace(**changes), day=day, regulator=regulator).offered()


@pytest.mark.parametrize("regulator", ["FDA", "EMA"])
@pytest.mark.parametrize(
    "state", [{"goal": "comfort", "frailty": "frail"}, {"limited_life_expectancy": True}], ids=["frail", "short-lived"]
)
def test_endocrine_therapy_alone_goes_before_a_cdk46_inhibitor(regulator: str, state: dict[str, object]) -> None:
    """Canadian consensus 2023 (PMC10297170): alone where other illness limits life, or the inhibitor does not suit."""
    listed = offered("luminal-2012", regulator=regulator, **state)
    assert listed[0] == "letrozole"
    assert all(listed.index("letrozole") < listed.index(name) for name in CDK46 & set(listed))
    assert CDK46 & set(listed), "they stay on offer"


def test_a_fit_woman_still_begins_with_a_cdk46_inhibitor() -> None:
    """RIGHT Choice, MONALEESA-2 and the guidelines that follow them: the inhibitor is the standard for those who can take it."""
    assert offered("luminal-2012")[0] in CDK46


def test_numb_hands_put_the_drugs_that_cause_it_behind() -> None:
    """ASCO 2020 (doi 10.1200/JCO.20.01399): with neuropathy that limits function, discuss drugs that do not cause it."""
    listed = offered("tnbc-pdl1-negative", neuropathy_grade=2, germline_brca="negative", pdl1_cps=0)
    single = [name for name in listed if name in NEUROTOXIC | {"capecitabine"}]
    assert single[0] == "capecitabine"


@pytest.mark.parametrize(("day", "source"), [("2012-03-19", "ASCO 2012"), ("2026-11-23", "ASCO 2016")])
def test_palliative_care_is_named_from_the_first_line_on(day: str, source: str) -> None:
    """ASCO 2012 (provisional clinical opinion) and 2017 (doi 10.1200/JCO.2016.70.1474): early, beside treatment of the cancer."""
    patient, _, _ = mbc.scenario("luminal-2012")
    told = mbc.show(mbc.look(patient, day=day, regulator="FDA"), "beside")
    assert any("alliative care" in text and source in said for text, said in told.rows)

"""Compare: what differs between two sides, and the dated fact that did it; expected days are those of licences and trials."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbc_widgets.dialogue.comparing import resolved
from mbc_widgets.dialogue.memory import Side, State
from mbc_widgets.figures.causes import by_regimen, causes
from mbc_widgets.figures.compare import compare
from mbc_widgets.figures.difference import Pair, patient_rows, sentence
from mbc_widgets.knowledge import load
from mbc_widgets.widgets.session import Session
from mbc_widgets.workbook import View, look, scenario
from mbc_widgets.workbook import patient as read

K = load()
SEED, TODAY = "2012-03-19", "2026-07-01"
DAYS = (SEED, "2015-02-03", "2019-06-01", "2023-01-27", TODAY)
FEW = settings(deadline=None, max_examples=15, derandomize=True, database=None)


@cache
def seen(name: str = "esr1-after-cdk46", day: str = TODAY, regulator: str = "FDA", **changes: Any) -> View:
    patient = scenario(name)[0]
    return look(patient.replace(**changes) if changes else patient, day=day, regulator=regulator)


SIDES = st.builds(
    seen, st.sampled_from(sorted(K.scenarios)), st.sampled_from(DAYS), st.sampled_from(K.edition.regulators)
)


def differing(value: dict[str, Any], role: int, group: str = "alone") -> list[str]:
    return [item["id"] for g in value["sides"][role]["groups"] if g["id"] == group for item in g["items"]]


# ---- what did it


@pytest.mark.parametrize(
    ("regimen", "day", "trial"),
    [
        ("elacestrant", "2023-01-27", "EMERALD"),  # FDA approval of 27 Jan 2023; Bidard, J Clin Oncol 2022;40:3246
        ("everolimus+exemestane", "2012-07-20", "BOLERO-2"),  # FDA, 20 Jul 2012; Baselga, N Engl J Med 2012;366:520
        ("trastuzumab-deruxtecan", "2025-01-27", "DESTINY-Breast06"),  # FDA, 27 Jan 2025, before chemotherapy
        ("vepdegestrant", "2026-05-01", "VERITAC-2"),
    ],
)
def test_between_2012_and_2026_each_new_drug_was_opened_by_its_licence(regimen: str, day: str, trial: str) -> None:
    cause = by_regimen(seen(day=SEED), seen())[regimen]
    assert (cause.day, cause.trial, cause.opens) == (day, trial, True)
    assert cause.what == "FDA licence"


def test_palbociclib_with_letrozole_was_opened_on_the_third_of_february_2015_on_paloma_1() -> None:
    """FDA accelerated approval of 3 Feb 2015 on PALOMA-1 (Finn, Lancet Oncol 2015;16:25)."""
    cause = by_regimen(seen("luminal-2012", SEED), seen("luminal-2012", "2015-02-03"))["palbociclib+letrozole"]
    assert (cause.day, cause.trial) == ("2015-02-03", "PALOMA-1/TRIO-18")


def test_a_withdrawn_licence_is_what_closed_the_option_that_it_had_opened() -> None:
    """The company withdrew atezolizumab with nab-paclitaxel from the US breast indication on 27 Aug 2021."""
    before, after = (seen("tnbc-pdl1-positive", day, pdl1_ic_percent=5) for day in ("2021-08-26", "2021-08-27"))
    cause = by_regimen(before, after)["atezolizumab+nab-paclitaxel"]
    assert (cause.day, cause.opens) == ("2021-08-27", False)
    assert "withdrawn" in cause.what


def test_a_statement_that_names_no_trial_is_given_none() -> None:
    cause = by_regimen(seen(day=SEED), seen())["vinorelbine"]
    assert cause.what.startswith("ASCO 2021-07")
    assert not cause.trial


def test_what_opened_options_alike_is_told_once() -> None:
    told = [cause.what for cause in causes(seen(day=SEED), seen()) if cause.what.startswith("ASCO 2021-07")]
    assert len(told) == 1


def test_under_two_regulators_the_cause_says_under_which() -> None:
    cause = by_regimen(seen(), seen(regulator="EMA"))["vepdegestrant"]
    assert (cause.where, cause.day) == ("FDA", "2026-05-01")


@FEW
@given(SIDES, st.sampled_from(DAYS))
def test_a_cause_lies_between_the_days_and_is_one_of_the_option_s_own_facts(view: View, day: str) -> None:
    other = look(view.patient, day=day, regulator=view.snapshot.regulator)
    first, last = sorted((day, view.snapshot.day))
    for cause in by_regimen(view, other).values():
        assert not cause.day or first < cause.day <= last, cause


# ---- two sides are what they are, whichever comes first


@FEW
@given(SIDES)
def test_a_side_beside_itself_shows_no_difference(view: View) -> None:
    value = compare(view, view)
    assert value["same"]
    assert "no difference" in value["sentence"]
    assert not value["causes"]["rows"] + value["patient"]["rows"] + value["table"]["rows"]
    assert not differing(value, 0) + differing(value, 1)
    assert len(value["both"]) == len(view.offered())


@FEW
@given(SIDES, SIDES)
def test_swapping_the_sides_swaps_what_is_told(one: View, other: View) -> None:
    here, there = compare(one, other), compare(other, one)
    for group in ("alone", "needs-test", "not-yet", "withdrawn"):
        assert sorted(differing(here, 0, group)) == sorted(differing(there, 1, group))
    assert {(a, c, b) for a, b, c in here["patient"]["rows"]} == {tuple(row) for row in there["patient"]["rows"]}
    assert sorted((a, c, b) for a, b, c in here["table"]["rows"]) == sorted(map(tuple, there["table"]["rows"]))
    assert here["causes"] == there["causes"]


@FEW
@given(SIDES, SIDES)
def test_each_offered_option_is_on_one_side_alone_or_in_both(one: View, other: View) -> None:
    value = compare(one, other)
    both = {item["id"] for item in value["both"]}
    for index, view in enumerate((one, other)):
        alone = set(differing(value, index))
        assert alone | both == set(view.offered())
        assert not alone & both


# ---- in words


def test_the_sentence_counts_what_was_offered_then_and_now() -> None:
    then, now = seen(day=SEED), seen()
    common = len(set(then.offered()) & set(now.offered()))
    text = sentence(Pair(first=then, second=now))
    assert f"{len(then.offered())} options offered then, {len(now.offered())} now, **{common} in common**" in text
    assert text.startswith("The same patient on **19 Mar 2012** and **1 Jul 2026**")
    assert "only with a result of **ESR1**" in text


def test_when_all_that_is_new_is_young_the_sentence_says_all() -> None:
    text = sentence(Pair(first=seen("man", SEED, "EMA"), second=seen("man", "2025-11-10", "EMA")))
    assert "All 6 new ones were first reported after 19 Mar 2012" in text


def test_her2_positive_disease_is_outside_on_whichever_side() -> None:
    raw = scenario("esr1-after-cdk46")[0].as_dict()
    raw["receptor_samples"] = [{**row, "her2": "positive"} for row in raw["receptor_samples"]]
    outside = look(read(raw), day=TODAY, regulator="FDA")
    assert "the second side is HER2 positive" in sentence(Pair(first=seen(), second=outside))
    assert "both sides are" in compare(outside, outside)["sentence"]


def test_the_later_day_first_is_not_called_then() -> None:
    text = sentence(Pair(first=seen(), second=seen(day=SEED)))
    assert "offered on 1 Jul 2026" in text
    assert "then" not in text


def test_two_patients_are_told_apart_by_what_differs_in_words() -> None:
    pair = Pair(first=seen(), second=seen(esr1="wild_type"))
    assert patient_rows(pair) == [["ESR1", "mutated", "not mutated"]]
    assert "They differ in ESR1." in sentence(pair)
    assert compare(pair.first, pair.second)["causes"]["rows"] == []


def test_a_drug_that_was_given_before_the_day_had_it_says_so_and_keeps_the_entry() -> None:
    """Ribociclib was first licensed by the FDA on 13 Mar 2017."""
    value = compare(seen(day=SEED), seen())
    told = value["sides"][0]["checks"][0]
    assert told["therapy"] == "ribociclib"
    assert "first 13 Mar 2017" in told["text"]
    assert "The entry is kept" in told["text"]
    assert not value["sides"][1]["checks"]


def test_the_bars_of_both_boards_have_ids_of_their_own_and_one_scale() -> None:
    board = compare(seen(day=SEED), seen())["boards"]
    ids = [bar["id"] for lane in board["lanes"] for bar in lane["bars"]]
    assert len(ids) == len(set(ids))
    assert max(bar["end"] for lane in board["lanes"] for bar in lane["bars"]) <= board["months"]
    assert [lane["heading"] for lane in board["lanes"] if lane["heading"]] == ["19 Mar 2012", "1 Jul 2026"]


# ---- the messages


@pytest.fixture
def session() -> Session:
    started = Session("esr1-after-cdk46")
    started.receive({"type": "mode", "to": "compare"})
    return started


def labels(session: Session) -> list[str]:
    return [side["label"] for side in session.page["compare"]["sides"]]


def test_compare_opens_with_the_same_patient_on_the_day_of_the_review(session: Session) -> None:
    assert labels(session) == ["19 Mar 2012", "1 Jul 2026"]
    assert [side["role"] for side in session.page["compare"]["sides"]] == ["other", "this"]


def test_on_the_day_of_the_review_itself_today_stands_beside_it() -> None:
    session = Session("luminal-2012")
    session.receive({"type": "mode", "to": "compare"})
    assert labels(session) == ["19 Mar 2012", "23 Nov 2026"]
    assert [side["role"] for side in session.page["compare"]["sides"]] == ["this", "other"]


def test_the_other_side_is_no_step_to_undo_and_survives_undo(session: Session) -> None:
    session.receive({"type": "other_day", "day": "2020-01-01"})
    assert not session.page["can_undo"]
    session.change(esr1="wild_type")
    session.undo()
    assert labels(session) == ["1 Jan 2020", "1 Jul 2026"]
    assert session.value("esr1") == "mutated"


def test_the_same_patient_stays_the_same_when_an_entry_changes(session: Session) -> None:
    session.change(esr1="wild_type")
    assert session.page["compare"]["sentence"].startswith("The same patient")


def test_swapping_twice_is_as_before(session: Session) -> None:
    session.receive({"type": "swap"})
    assert labels(session) == ["1 Jul 2026", "19 Mar 2012"]
    session.receive({"type": "swap"})
    assert labels(session) == ["19 Mar 2012", "1 Jul 2026"]


def test_the_other_regulator_on_the_same_day(session: Session) -> None:
    session.receive({"type": "other_regulator_only", "regulator": "EMA"})
    assert labels(session) == ["EMA", "FDA"]


def test_a_pinned_state_is_the_other_side_and_stays_as_it_was() -> None:
    session = Session("esr1-after-cdk46")
    session.receive({"type": "pin"})
    assert "pinned" in session.page["sentence"]
    session.change(esr1="wild_type")
    session.receive({"type": "mode", "to": "compare"})
    assert session.page["compare"]["patient"]["rows"] == [["ESR1", "mutated", "not mutated"]]
    session.receive({"type": "other_patient", "id": ""})
    assert session.page["compare"]["sentence"].startswith("The same patient")
    session.receive({"type": "other_patient", "id": "pinned"})
    assert session.page["compare"]["patient"]["rows"] == [["ESR1", "mutated", "not mutated"]]


def test_a_scenario_as_the_other_side_brings_its_own_day_and_regulator(session: Session) -> None:
    _, day, regulator = scenario("germline-brca")
    session.receive({"type": "other_patient", "id": "germline-brca"})
    side = session.page["compare"]["sides"][0]
    assert (side["day"], side["regulator"], side["role"]) == (day, regulator, "other")
    assert session.scenario == "esr1-after-cdk46"


def test_the_other_side_can_be_opened_in_study_and_undone(session: Session) -> None:
    session.receive({"type": "open_other"})
    assert (session.page["mode"], session.day) == ("study", SEED)
    session.undo()
    session.receive({"type": "mode", "to": "compare"})
    assert session.day == TODAY
    assert sorted(labels(session)) == sorted(["19 Mar 2012", "1 Jul 2026"])


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ({"type": "other_day", "day": "yesterday"}, "Allowed: 2012-01-01 to"),
        ({"type": "other_day", "day": "1999-01-01"}, "outside this edition"),
        ({"type": "other_regulator", "regulator": "PMDA"}, "allowed: FDA, EMA"),
        ({"type": "other_regulator_only", "regulator": "PMDA"}, "allowed: FDA, EMA"),
        ({"type": "other_patient", "id": "nobody"}, "There are: "),
        ({"type": "other_patient", "id": "pinned"}, "Pin a state in Study first"),
        ({"type": "other_day"}, "incomplete"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words_and_the_page_stays(
    session: Session, message: dict[str, Any], says: str
) -> None:
    session.receive(message)
    assert says in session.page["errors"][-1]["text"]
    assert labels(session) == ["19 Mar 2012", "1 Jul 2026"]


def test_where_nothing_was_offered_in_2012_the_other_day_is_the_first_on_which_something_was() -> None:
    session = Session("her2-ultralow")
    state = State(patient=session.patient, day=session.day, regulator=session.regulator)
    other = resolved(state, session._engine)
    view = look(other.patient, day=other.day, regulator=other.regulator)
    assert other.day == SEED or view.offered()


def test_a_body_without_a_word_on_the_other_day_is_left_there() -> None:
    patient = scenario("esr1-after-cdk46")[0]
    state = State(patient=patient, day=TODAY, regulator="FDA", body="abc", other=Side(day=SEED))
    assert resolved(state, Session("esr1-after-cdk46")._engine).body == ""


def test_what_was_not_yet_allowed_or_withdrawn_is_for_disease_with_these_receptors() -> None:
    for name, others in (
        ("tnbc-pdl1-positive", ("everolimus", "camizestrant", "letrozole")),
        ("esr1-after-cdk46", ("atezolizumab",)),
    ):
        patient, day, regulator = scenario(name)
        told = compare(
            look(patient, day="2012-03-19", regulator=regulator), look(patient, day=day, regulator=regulator)
        )
        groups = [
            group for side in told["sides"] for group in side["groups"] if group["id"] in {"not-yet", "withdrawn"}
        ]
        names = [item["name"] for group in groups for item in group["items"]]
        assert not [each for each in names if any(other in each for other in others)], name


def test_no_trial_of_another_drug_is_named_as_the_cause() -> None:
    """MONALEESA-2 and -3 are of ribociclib: no cause of palbociclib with fulvestrant."""
    patient, day, regulator = scenario("premenopausal")
    told = compare(look(patient, day="2012-03-19", regulator=regulator), look(patient, day=day, regulator=regulator))
    rows = [row for row in told["causes"]["rows"] if "palbociclib + fulvestrant" in row["effect"]]
    assert rows
    assert not any("MONALEESA" in row["what"] for row in rows)

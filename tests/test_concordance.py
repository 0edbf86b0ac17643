"""Script-concordance items: the rules before and after a finding, a point that is committed first, panels, and bad files."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from mbc_widgets import teaching as t
from mbc_widgets.cli.commands import main
from mbc_widgets.compiler import DataError, compile_folder
from mbc_widgets.eligibility import NEEDS_TEST, NOT_NOW, NOT_OFFERED, OFFERED
from mbc_widgets.knowledge import load
from mbc_widgets.records import SafetyRule, Statement
from mbc_widgets.widgets.session import Session
from tests.conftest import ROOT

K = load()
CASES = tuple(K.teaching_cases.values())
LUMINAL, EVEROLIMUS, TRIPLE = (
    K.teaching_cases[name] for name in ("luminal-to-the-end", "everolimus-2012", "triple-negative-pdl1")
)
ITEMS = [(case.id, item.id) for case in CASES for decision in case.decisions for item in decision.items]
PANEL = "case,decision,item,choice,votes,reason,panel,date\n"
ROW = "luminal-to-the-end,first-line,long-qt,-2,3,an ECG first,Made for this test,2026-10-01\n"


def told(case: str, item: str) -> t.Concordance:
    return t.concordance(case, item, K)


def rules(reasons: tuple[object, ...]) -> set[str]:
    return {each.id for each in reasons if isinstance(each, SafetyRule)}


def committed(case: str = LUMINAL.id) -> t.Progress:
    told = K.teaching_cases[case]
    answer = t.Commitment(choice=told.decisions[0].choices[0], sure="guess", reason="because")
    return t.commit(t.start(case, K), told, answer)


class TestWhatTheRulesSay:
    @pytest.mark.parametrize(("case", "item"), ITEMS)
    def test_both_places_are_the_engines_and_on_the_day_of_the_decision(self, case: str, item: str) -> None:
        found = told(case, item)
        assert found.before.option
        assert found.after.option
        assert found.before.option.snapshot.day == found.after.option.snapshot.day
        for place in (found.before, found.after):
            assert (place.verdict == OFFERED) == (place.position is not None)

    def test_some_findings_change_the_verdict_and_others_do_not(self) -> None:
        assert {told(case, item).moved for case, item in ITEMS} == {True, False}

    def test_a_long_qt_holds_ribociclib_back_by_the_rule_of_its_label(self) -> None:
        found = told(LUMINAL.id, "long-qt")
        assert (found.before.verdict, found.after.verdict) == (OFFERED, NOT_NOW)
        assert "S-N60" in rules(found.came)
        assert not found.went

    def test_her2_two_plus_without_amplification_is_as_low_as_one_plus(self) -> None:
        found = told(LUMINAL.id, "her2-two-plus")
        assert (found.moved, found.came, found.went) == (False, (), ())
        assert found.before.position == found.after.position

    def test_in_2012_no_rule_reads_pik3ca(self) -> None:
        found = told(EVEROLIMUS.id, "pik3ca")
        assert (found.moved, found.came, found.went) == (False, (), ())

    def test_an_active_pneumonitis_holds_everolimus_back(self) -> None:
        found = told(EVEROLIMUS.id, "lung-inflammation")
        assert (found.before.verdict, found.after.verdict) == (OFFERED, NOT_NOW)
        assert "S-C12" in rules(found.came)

    def test_a_pathogenic_brca_variant_opens_what_waited_for_it(self) -> None:
        found = told(TRIPLE.id, "germline-brca")
        assert (found.before.verdict, found.after.verdict) == (NEEDS_TEST, OFFERED)

    def test_a_caution_may_come_while_the_verdict_stays(self) -> None:
        found = told(TRIPLE.id, "ugt1a1")
        assert not found.moved
        assert rules(found.came) == {"S-C26"}


class TestFindingsOfLuminalDisease:
    def test_a_long_qt_is_no_matter_of_palbociclib(self) -> None:
        found = told("bone-only-2016", "long-qt")
        assert (found.moved, found.came, found.went) == (False, (), ())

    def test_a_shorter_qt_opens_ribociclib_and_the_kidneys_still_lower_its_dose(self) -> None:
        found = told("kidney-and-liver", "ecg-again")
        assert (found.before.verdict, found.after.verdict) == (NOT_NOW, OFFERED)
        assert rules(found.went) == {"S-N60"}
        assert found.after.option
        assert "S-C51" in rules(found.after.option.cautions)

    def test_no_periods_after_chemotherapy_are_no_menopause(self) -> None:
        found = told("crisis-then-endocrine", "no-periods")
        assert (found.moved, found.came, found.went) == (False, (), ())

    def test_brivudine_closes_capecitabine(self) -> None:
        found = told("her2-zero-or-ultralow", "shingles")
        assert (found.before.verdict, found.after.verdict) == (OFFERED, NOT_OFFERED)
        assert rules(found.came) == {"S-N97"}

    def test_an_earlier_severe_skin_reaction_closes_alpelisib(self) -> None:
        found = told("kidney-and-liver", "old-rash")
        assert (found.before.verdict, found.after.verdict) == (OFFERED, NOT_OFFERED)
        assert rules(found.came) == {"S-N71"}

    def test_numb_hands_and_feet_put_a_taxane_behind_without_closing_it(self) -> None:
        found = told("inavolisib-2025", "numb-feet")
        assert not found.moved
        assert rules(found.came) == {"S-C28"}
        assert found.before.position
        assert found.after.position
        assert found.after.position > found.before.position


class TestCommitBeforeReveal:
    def test_no_item_can_be_rated_before_its_decision_has_an_answer(self) -> None:
        with pytest.raises(t.TeachingError, match="open after its answer"):
            t.rate(t.start(LUMINAL.id, K), LUMINAL, "long-qt", "+1")
        with pytest.raises(t.TeachingError, match="open after its answer"):
            t.rate(committed(), LUMINAL, "her2-two-plus", "+1")

    def test_the_first_point_stays(self) -> None:
        progress = t.rate(committed(), LUMINAL, "long-qt", "-2")
        with pytest.raises(t.TeachingError, match="first answer stays"):
            t.rate(progress, LUMINAL, "long-qt", "+2")
        assert progress.rating("long-qt") == "-2"

    @pytest.mark.parametrize("point", ["", "3", "+3", "more", "-2.0"])
    def test_a_point_outside_the_scale_is_refused_with_the_scale(self, point: str) -> None:
        with pytest.raises(t.TeachingError, match=re.escape("-2, -1, 0, +1, +2")):
            t.rate(committed(), LUMINAL, "long-qt", point)

    def test_points_are_kept_in_the_plain_form_and_an_older_form_without_them_is_read(self) -> None:
        progress = t.rate(committed(), LUMINAL, "long-qt", "0")
        plain = json.loads(json.dumps(progress.plain()))
        assert t.restored(plain, K) == progress
        del plain["rated"]
        assert t.restored(plain, K) == committed()

    @pytest.mark.parametrize("rated", [["x"], [["long-qt"]], [["nobody", "0"]], [["long-qt", "9"]]])
    def test_what_are_no_points_is_refused(self, rated: object) -> None:
        with pytest.raises(t.TeachingError):
            t.restored({**committed().plain(), "rated": rated}, K)

    def test_a_result_code_does_not_change_with_them(self) -> None:
        progress = committed()
        assert t.encode(t.rate(progress, LUMINAL, "long-qt", "0"), LUMINAL, K) == t.encode(progress, LUMINAL, K)


class TestPanel:
    def test_rows_of_an_item_are_kept_apart_from_those_of_its_decision(self) -> None:
        decision = "luminal-to-the-end,first-line,,letrozole,2,,Made for this test,\n"
        panel = t.read_panel("x.csv", PANEL + ROW + decision, K)
        assert [each.choice for each in panel.at(LUMINAL.id, "first-line")] == ["letrozole"]
        assert [(each.choice, each.votes) for each in panel.on(LUMINAL.id, "long-qt")] == [("-2", 3)]

    @pytest.mark.parametrize(("written", "point"), [("1", "+1"), ("+2", "+2"), ("\u22122", "-2"), ("0", "0")])
    def test_points_are_read_as_spreadsheets_write_them(self, written: str, point: str) -> None:
        panel = t.read_panel("x.csv", PANEL + ROW.replace(",-2,", f",{written},"), K)
        assert [each.choice for each in panel.votes] == [point]

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            (
                ROW.replace("long-qt", "long-tq"),
                "x.csv:2: item: no item 'long-tq' at first-line; did you mean 'long-qt'?",
            ),
            (ROW.replace("long-qt", "her2-two-plus"), "no item 'her2-two-plus' at first-line. Allowed: long-qt"),
            (ROW.replace("first-line", "test-result"), "It has none; leave the column empty"),
            (ROW.replace(",-2,", ",-3,"), "x.csv:2: choice: '-3' is no point of the item long-qt"),
            (ROW.replace(",-2,", ",letrozole,"), "Allowed: -2, -1, 0, +1, +2"),
            (ROW.replace(",long-qt,", ",,"), "'-2' is no choice of first-line"),
            (ROW + ROW, "x.csv:3: this choice of this item is there already"),
        ],
    )
    def test_a_row_with_a_slip_is_refused_with_line_and_what_is_allowed(self, text: str, told: str) -> None:
        with pytest.raises(t.PanelError) as refused:
            t.read_panel("x.csv", PANEL + text, K)
        assert told in str(refused.value)


@pytest.fixture
def session() -> Session:
    """A session in the mode Case, with the luminal case open."""
    made = Session("er-low")
    made.receive({"type": "mode", "to": "case"})
    made.receive({"type": "case-open", "id": LUMINAL.id})
    return made


def opened(session: Session) -> dict[str, Any]:
    found: dict[str, Any] = session.page["case"]["open"]
    return found


def commit(session: Session, choice: str = "paclitaxel") -> None:
    session.receive({"type": "case-commit", "choice": choice, "sure": "guess", "reason": "because"})


def rate(session: Session, point: str) -> None:
    session.receive({"type": "case-rate", "item": "long-qt", "point": point})


class TestThePage:
    def test_no_item_is_shown_before_the_decision_is_committed(self, session: Session) -> None:
        assert "items" not in opened(session)
        assert "QTcF of 470" not in json.dumps(session.page["case"])

    def test_only_the_words_of_an_item_are_there_before_it_is_rated(self, session: Session) -> None:
        session.receive({"type": "case-panel", "name": "made-in-a-test.csv", "text": PANEL + ROW})
        commit(session)
        (item,) = opened(session)["items"]
        assert item["own"] == ""
        assert not {"before", "after", "moved", "came", "went", "votes"} & set(item)

    def test_then_the_rules_before_and_after_with_their_first_reason_and_its_source(self, session: Session) -> None:
        commit(session)
        rate(session, "-1")
        (item,) = opened(session)["items"]
        assert (item["before"]["word"], item["after"]["word"]) == ("offered", "not now")
        assert item["before"]["text"].startswith("number ")
        assert "450 ms" in item["after"]["reasons"][0]["text"]
        assert item["after"]["reasons"][0]["source"]
        assert item["came"]["shown"] == [], "the only rule that came is the first reason already"
        assert session.page["case"]["told"] == "Committed: less fitting (-1). What the rules say follows."

    def test_a_panel_is_shown_as_a_spread_over_the_scale(self, session: Session) -> None:
        more = ROW.replace(",-2,3,", ",-1,2,") + ROW.replace(",-2,3,", ",0,3,")
        session.receive({"type": "case-panel", "name": "made-in-a-test.csv", "text": PANEL + ROW + more})
        commit(session)
        rate(session, "-1")
        (panel,) = opened(session)["items"][0]["votes"]["panels"]
        assert [(row["point"], row["votes"], row["credit"]) for row in panel["rows"]] == [
            ("-2", "3 of 8", "3/3"), ("-1", "2 of 8", "2/3"), ("0", "3 of 8", "3/3"), ("+1", "0 of 8", "0/3"), ("+2", "0 of 8", "0/3"),
        ]  # fmt: skip
        assert [row["point"] for row in panel["rows"] if row["own"]] == ["-1"]

    def test_without_votes_on_the_item_none_are_made_up(self, session: Session) -> None:
        commit(session)
        rate(session, "-1")
        assert opened(session)["items"][0]["votes"] == {"text": "", "panels": []}

    def test_a_second_point_is_told_and_changes_nothing(self, session: Session) -> None:
        commit(session)
        rate(session, "-1")
        rate(session, "+2")
        assert session.page["case"]["field"] == "item"
        assert opened(session)["items"][0]["own"] == "-1"

    def test_the_summary_lists_what_was_rated(self, session: Session) -> None:
        commit(session)
        rate(session, "-1")
        for choice in ("more-tests", "elacestrant", "capecitabine", "supportive-care"):
            session.receive({"type": "case-next"})
            commit(session, choice)
        session.receive({"type": "case-next"})
        rows = opened(session)["summary"]["rows"]
        assert [len(row["items"]) for row in rows] == [1, 0, 0, 0, 0]
        assert (rows[0]["items"][0]["own"], rows[0]["items"][0]["after"]["word"]) == ("-1", "not now")


class TestFindingsOfTripleNegativeAndOtherDisease:
    def test_a_raised_bilirubin_holds_sacituzumab_govitecan_back_by_its_label(self) -> None:
        found = told("premenopausal-2019", "bilirubin")
        assert (found.before.verdict, found.after.verdict) == (OFFERED, NOT_NOW)
        assert rules(found.came) == {"S-C47"}

    def test_an_uncertain_variant_is_no_variant_and_closes_what_waited_for_the_test(self) -> None:
        found = told("triple-negative-her2-low", "uncertain-variant")
        assert (found.before.verdict, found.after.verdict) == (NEEDS_TEST, NOT_OFFERED)
        assert rules(found.came) == {"S-N03"}

    def test_faint_her2_staining_opens_nothing_without_hormone_receptors(self) -> None:
        found = told("triple-negative-early-relapse", "faint-staining")
        assert (found.before.verdict, found.after.verdict) == (NOT_OFFERED, NOT_OFFERED)
        assert (rules(found.went), rules(found.came)) == ({"S-N09"}, {"S-N10"})

    def test_a_higher_pdl1_score_does_not_outweigh_an_early_relapse(self) -> None:
        found = told("triple-negative-early-relapse", "higher-score")
        assert (found.moved, found.came, found.went) == (False, (), ())
        assert found.before.position == found.after.position
        assert found.after.option
        assert "S-C09" in rules(found.after.option.cautions)

    def test_progression_on_a_platinum_puts_a_parp_inhibitor_behind_and_does_not_close_it(self) -> None:
        found = told("triple-negative-germline-brca1", "scan-read-again")
        assert found.after.verdict == OFFERED
        assert rules(found.came) == {"S-C07"}
        assert found.before.position
        assert found.after.position
        assert found.after.position > found.before.position

    def test_tamoxifen_stays_once_suppression_is_declined_but_not_first_nine_months_after_it(self) -> None:
        found = told("premenopausal-2019", "suppression-declined")
        assert found.after.verdict == OFFERED
        assert rules(found.went) == {"S-N20c"}
        assert "ABC4-HR-03" in {each.id for each in found.came if isinstance(each, Statement)}
        assert "S-C82b" in rules(found.came)
        assert found.after.position == found.after.offered


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(ROOT / "data", copy, ignore=shutil.ignore_patterns(".compiled"))
    return copy


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("thinking: ribociclib+letrozole", "thinking: ribocicilb+letrozole", "did you mean 'ribociclib+letrozole'"),
        ("patient: {qtcf_ms: 470}", "patient: {qtc_ms: 470}", "item 'long-qt'"),
        ("patient: {qtcf_ms: 470}", "patient: {}", "nothing changes"),
        ("patient: {qtcf_ms: 470}", "patient: {qtcf_ms: 470, seen_on: 2023-02-07}", "take it out"),
        ("id: her2-two-plus", "id: long-qt", "already an item of this case"),
        ("finding: ", "expected: ", "unknown key"),
    ],
)
def test_a_slip_in_an_item_is_told_with_file_and_line(folder: Path, old: str, new: str, told: str) -> None:
    path = folder / "teaching-cases" / "luminal-to-the-end.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as refused:
        compile_folder(folder)
    lines = [line for line in str(refused.value).splitlines() if told in line]
    assert lines, str(refused.value)
    assert re.match(r"data/teaching-cases/luminal-to-the-end\.yaml:\d+: ", lines[0])


def test_check_tells_a_regimen_that_cannot_concern_the_patient(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "teaching-cases" / "luminal-to-the-end.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("thinking: ribociclib+letrozole", "thinking: ribociclib+letrozole+goserelin"), "utf-8")
    assert main(["check", str(folder)]) == 2
    assert "'long-qt': ribociclib+letrozole+goserelin cannot concern this patient" in capsys.readouterr().err


def test_the_list_of_cases_names_the_items_for_a_panel_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["case"]) == 0
    assert "item long-qt: ribociclib+letrozole, then: The ECG" in capsys.readouterr().out

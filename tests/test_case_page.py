"""The mode Case of a session: nothing is given away before the commitment, nothing typed is lost, Study stays as it was."""

import json
from pathlib import Path
from typing import Any

import pytest

from mbc_widgets.knowledge import load
from mbc_widgets.teaching import view_at
from mbc_widgets.widgets.session import Session

K = load()
LUMINAL = "luminal-to-the-end"


@pytest.fixture
def session() -> Session:
    """A session in the mode Case, with the luminal case open."""
    return start()


def start() -> Session:
    made = Session("er-low")
    made.receive({"type": "mode", "to": "case"})
    made.receive({"type": "case-open", "id": LUMINAL})
    return made


def opened(session: Session) -> dict[str, Any]:
    found: dict[str, Any] = session.page["case"]["open"]
    return found


def commit(session: Session, choice: str, reason: str = "because", sure: str = "certain", **rest: str) -> None:
    session.receive({"type": "case-commit", "choice": choice, "sure": sure, "reason": reason, **rest})


def through(session: Session, *choices: str) -> None:
    for choice in choices:
        commit(session, choice)
        session.receive({"type": "case-next"})


def test_the_list_names_every_case_and_says_that_it_is_open_to_all() -> None:
    session = Session()
    session.receive({"type": "mode", "to": "case"})
    assert {each["id"] for each in session.page["case"]["library"]} == set(K.teaching_cases)
    assert session.page["case"]["open"] is None


class TestBeforeTheCommitment:
    def test_no_verdict_is_in_the_value_of_the_mode(self, session: Session) -> None:
        shown = opened(session)
        assert not {"feedback", "options", "board", "errors", "debates", "prompts"} & set(shown)
        words = json.dumps(shown)
        assert "offered" not in words
        assert "What comes next is told after you commit" in words

    def test_nothing_of_what_comes_later_is_there(self, session: Session) -> None:
        words = json.dumps(opened(session))
        later = K.teaching_cases[LUMINAL].decisions[1]
        assert later.story[:40] not in words
        assert later.title not in words
        assert K.teaching_cases[LUMINAL].decisions[0].then[:40] not in words

    def test_the_choices_stand_by_name_and_those_that_are_always_there_come_last(self, session: Session) -> None:
        names = [each["name"] for each in opened(session)["choices"]]
        assert names[:-3] == sorted(names[:-3])
        assert names[-3:] == ["more tests first", "supportive care alone", "something else"]

    def test_an_untested_marker_is_told_as_not_tested(self, session: Session) -> None:
        row = next(each for each in opened(session)["known"] if not each["known"])
        assert "ESR1" in row["value"]

    def test_a_commitment_without_a_reason_is_told_at_the_reason(self, session: Session) -> None:
        commit(session, "paclitaxel", reason="")
        assert session.page["case"]["field"] == "reason"
        assert "nothing is written yet" in session.page["case"]["problems"][0]
        assert opened(session)["committed"] is None


class TestAfterTheCommitment:
    def test_the_verdict_is_that_of_the_engine(self, session: Session) -> None:
        commit(session, "paclitaxel")
        told = opened(session)["feedback"]
        assert told["standing"]["word"] == "not offered"
        assert told["blocked_by"]
        assert told["departs"]

    def test_the_options_are_those_of_the_case_and_not_of_study(self, session: Session) -> None:
        commit(session, "ribociclib+letrozole")
        offered = opened(session)["options"]["groups"][0]["options"]
        assert [each["id"] for each in offered] == list(view_at(LUMINAL, 0, K).offered())

    def test_no_button_of_the_options_changes_a_patient(self, session: Session) -> None:
        commit(session, "ribociclib+letrozole")
        options = [each for group in opened(session)["options"]["groups"] for each in group["options"]]
        assert not [each["id"] for each in options if each["flips"] or each["pairs"] or each["ask"]]

    def test_the_lanes_are_those_that_have_the_line(self, session: Session) -> None:
        commit(session, "ribociclib+letrozole")
        lanes = opened(session)["board"]["lanes"]
        assert lanes
        assert all(any(bar["name"] == "ribociclib + letrozole" for bar in lane["bars"]) for lane in lanes)

    def test_each_point_says_where_its_words_come_from(self, session: Session) -> None:
        commit(session, "ribociclib+letrozole", "MONALEESA-2")
        points = {each["label"]: each for each in opened(session)["feedback"]["points"]}
        assert points["MONALEESA-2"]["kind"] == "used"
        assert points["MONALEESA-2"]["basis"][0]["url"].startswith("https://")
        assert all(each["basis"][0]["text"] for each in points.values())

    def test_a_changed_line_keeps_the_first_answer(self, session: Session) -> None:
        commit(session, "paclitaxel")
        commit(session, "ribociclib+letrozole")
        assert opened(session)["committed"]["first"] == "paclitaxel; certain"
        assert opened(session)["feedback"]["standing"]["word"] == "offered"

    def test_a_reason_for_departing_can_be_given_and_taken_back(self, session: Session) -> None:
        commit(session, "paclitaxel")
        session.receive({"type": "case-deviation", "reason": "patients-choice"})
        assert opened(session)["feedback"]["deviation"] == "patients-choice"
        session.receive({"type": "case-deviation", "reason": ""})
        assert opened(session)["feedback"]["deviation"] == ""


class TestTheEnd:
    def test_the_summary_tells_path_confidence_and_code(self, session: Session) -> None:
        through(session, "paclitaxel", "more-tests", "elacestrant", "trastuzumab-deruxtecan", "supportive-care")
        shown = opened(session)
        assert shown["finished"]
        assert [row["standing"]["word"] for row in shown["summary"]["rows"]][:3] == [
            "not offered", "a test would open more", "offered",
        ]  # fmt: skip
        assert shown["summary"]["calibration"] == [
            "You were certain of 3 lines: 2 were offered on the day of the choice."
        ]
        assert shown["code"]

    def test_the_story_is_drawn_to_the_end(self, session: Session) -> None:
        through(session, "letrozole", "more-tests", "elacestrant", "capecitabine", "supportive-care")
        strip = opened(session)["strip"]
        names = [bar["name"] for bar in strip["bars"]]
        assert names == ["ribociclib + letrozole", "elacestrant", "trastuzumab deruxtecan", "capecitabine"]
        assert all(bar["from"] < bar["to"] <= strip["now"] + 1 for bar in strip["bars"])
        assert all(name in strip["sentence"] for name in names)


class TestTheStateAroundIt:
    def test_study_keeps_its_patient_and_its_undo(self, session: Session) -> None:
        patient = session.patient
        through(session, "letrozole", "more-tests")
        session.receive({"type": "mode", "to": "study"})
        assert session.patient == patient
        assert not session.page["can_undo"], "a case adds no step to undo"

    def test_leaving_and_coming_back_keeps_the_case(self, session: Session) -> None:
        through(session, "letrozole")
        session.receive({"type": "mode", "to": "study"})
        session.change(age_years=50)
        session.undo()
        session.receive({"type": "mode", "to": "case"})
        assert opened(session)["number"] == 2

    def test_undo_is_no_button_of_a_case(self, session: Session) -> None:
        session.receive({"type": "mode", "to": "study"})
        session.change(age_years=50)
        session.receive({"type": "mode", "to": "case"})
        assert not session.page["can_undo"]

    def test_a_case_is_resumed_from_what_the_page_kept(self, session: Session) -> None:
        through(session, "letrozole")
        kept = json.loads(json.dumps(opened(session)["saved"]))
        other = Session()
        other.receive({"type": "mode", "to": "case"})
        other.receive({"type": "case-resume", "saved": kept})
        assert opened(other)["saved"] == kept

    def test_the_code_tells_which_case_is_open_and_nothing_that_was_answered(self, session: Session) -> None:
        before = session.page["code"]
        commit(session, "letrozole", reason="a sentence that belongs to nobody else")
        assert session.page["code"] == before
        other = Session()
        other.receive({"type": "code", "text": before})
        assert (other.page["mode"], opened(other)["id"], opened(other)["number"]) == ("case", LUMINAL, 1)
        assert opened(other)["committed"] is None
        session.receive({"type": "case-close"})
        assert session.page["code"] != before

    @pytest.mark.parametrize(
        "message",
        [
            {"type": "case-open", "id": "nobody"},
            {"type": "case-resume", "saved": {"case": 5}},
            {"type": "case-next"},
            {"type": "case-deviation", "reason": "none"},
            {"type": "case-commit", "choice": "paclitaxel", "sure": "certain", "reason": "x"},
        ],
    )
    def test_what_makes_no_sense_is_told_and_changes_nothing(self, message: dict[str, Any]) -> None:
        session = Session()
        session.receive({"type": "mode", "to": "case"})
        session.receive(message)
        assert session.page["case"]["problems"]
        assert session.page["case"]["open"] is None


class TestPanel:
    FILE = (
        "case,decision,choice,votes,reason,panel,date\n"
        "luminal-to-the-end,first-line,ribociclib+letrozole,5,long interval,Panel of this test,2026-01-02\n"
        "luminal-to-the-end,first-line,letrozole,1,,Panel of this test,2026-01-02\n"
    )

    def test_without_a_file_it_says_that_none_is_loaded(self, session: Session) -> None:
        assert opened(session)["panel"]["text"].startswith("Panel votes: none loaded.")

    def test_votes_are_shown_after_the_commitment_as_counts_with_name_and_date(self, session: Session) -> None:
        session.receive({"type": "case-panel", "name": "made-in-a-test.csv", "text": self.FILE})
        assert "5 of 6" not in json.dumps(session.page["case"])
        commit(session, "letrozole")
        (panel,) = opened(session)["feedback"]["votes"]["panels"]
        assert (panel["name"], panel["date"]) == ("Panel of this test", "2 Jan 2026")
        assert [(row["name"], row["votes"]) for row in panel["rows"]] == [
            ("ribociclib + letrozole", "5 of 6"), ("letrozole", "1 of 6"),
        ]  # fmt: skip

    def test_a_wrong_file_is_told_and_the_one_before_stays(self, session: Session) -> None:
        session.receive({"type": "case-panel", "name": "made-in-a-test.csv", "text": self.FILE})
        session.receive({"type": "case-panel", "name": "wrong.csv", "text": "a,b\n1,2\n"})
        assert session.page["case"]["field"] == "panel"
        assert opened(session)["panel"]["file"] == "made-in-a-test.csv"

    def test_a_lecturers_folder_has_the_panel_of_a_case_and_what_a_reader_picks_comes_first(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MBC_PANELS", str(tmp_path))
        (tmp_path / f"{LUMINAL}.csv").write_text(self.FILE, encoding="utf-8")
        reader = start()
        assert opened(reader)["panel"]["text"].startswith(f"Panel file {LUMINAL}.csv of the lecturer's folder: 2 rows.")
        commit(reader, "letrozole")
        assert opened(reader)["feedback"]["votes"]["panels"][0]["name"] == "Panel of this test"
        reader.receive({"type": "case-panel", "name": "mine.csv", "text": self.FILE})
        reader.receive({"type": "case-close"})
        reader.receive({"type": "case-open", "id": LUMINAL})
        assert opened(reader)["panel"]["file"] == "mine.csv"

    def test_a_wrong_file_of_the_folder_is_told_and_the_case_opens_all_the_same(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MBC_PANELS", str(tmp_path))
        (tmp_path / f"{LUMINAL}.csv").write_text("a,b\n1,2\n", encoding="utf-8")
        page = start().page["case"]
        assert page["open"]
        assert (page["field"], page["problems"][0]) == (
            "panel",
            f"{LUMINAL}.csv:1: column 'case' is missing; needed are: case, decision, choice, votes, panel",
        )

"""The session without a page: what a message does, what is refused and kept, what is taken back."""

from typing import Any

import pytest

from mbc_widgets.dialogue.history import therapy_row
from mbc_widgets.dialogue.workbook import Workbook
from mbc_widgets.widgets.dashboard import dashboard
from mbc_widgets.widgets.session import Session

ESR1 = "esr1-after-cdk46"


class Counting(Workbook):
    """The real engine, which counts how often it is asked and can be told to fail."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0
        self.broken = False

    def look(self, patient: Any, day: str, regulator: str, body: str) -> Any:
        self.looks += 1
        if self.broken:
            raise ZeroDivisionError
        return super().look(patient, day, regulator, body)


@pytest.fixture
def engine() -> Counting:
    return Counting()


@pytest.fixture
def session(engine: Counting) -> Session:
    return Session(ESR1, engine=engine)


def field(session: Session, name: str) -> dict[str, Any]:
    fields = [each for group in session.page["form"]["groups"] for each in group["fields"]]
    return next(each for each in fields if each["id"] == name)


def rows(session: Session) -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = field(session, "prior_therapies")["value"]
    return [dict(row) for row in value]


def texts(session: Session) -> str:
    return "\n".join(error["text"] for error in session.page["errors"])


def test_a_field_is_set_and_taken_back_and_set_again(session: Session) -> None:
    session.receive({"type": "set", "changes": {"esr1": None}})
    assert session.value("esr1") is None
    assert session.page["can_undo"]
    session.receive({"type": "undo"})
    assert session.value("esr1") == "mutated"
    session.receive({"type": "redo"})
    assert session.value("esr1") is None


def test_one_message_is_one_recompute(session: Session, engine: Counting) -> None:
    before = engine.looks
    session.receive({"type": "set", "changes": {"esr1": None, "pik3ca": "mutated"}})
    assert engine.looks == before + 1


def test_the_same_value_again_is_no_step(session: Session, engine: Counting) -> None:
    before = engine.looks
    session.receive({"type": "set", "changes": {"esr1": "mutated"}})
    assert engine.looks == before
    assert not session.page["can_undo"]


def test_several_traits_in_hold_are_one_recompute(session: Session, engine: Counting) -> None:
    before = engine.looks
    with session.hold():
        session.day = "2012-03-19"
        session.regulator = "EMA"
    assert engine.looks == before + 1
    assert (session.page["day"], session.page["regulator"]) == ("2012-03-19", "EMA")


def test_a_guideline_body_is_chosen_taken_back_and_chosen_again(session: Session, engine: Counting) -> None:
    before = engine.looks
    session.receive({"type": "body", "body": "abc"})
    assert (session.body, session.page["body"], session.view.snapshot.body) == ("abc", "abc", "abc")
    assert session.page["changed_from_scenario"]
    assert engine.looks == before + 1
    session.undo()
    assert (session.body, session.page["body"]) == ("", "")
    session.redo()
    assert session.page["body"] == "abc"
    session.receive({"type": "body", "body": ""})
    assert session.page["body"] == ""
    session.receive({"type": "reset"})
    assert not session.page["changed_from_scenario"]


def test_a_body_that_has_no_word_here_is_refused_and_the_page_stays(session: Session) -> None:
    for name in ("nice", "asko"):
        session.receive({"type": "body", "body": name})
        assert session.body == ""
        assert "Allowed: all, asco" in texts(session)
    with pytest.raises(ValueError, match="body: 'asko' is not known"):
        Session(ESR1, body="asko")


def test_a_body_is_left_where_it_has_no_word_and_the_page_says_so(session: Session) -> None:
    session.receive({"type": "body", "body": "asco"})
    session.receive({"type": "regulator", "regulator": "EMA"})
    assert (session.regulator, session.body) == ("EMA", "")
    assert "no text of ASCO that was read is in force" in session.page["sentence"]
    session.undo()
    assert (session.regulator, session.body) == ("FDA", "asco")
    session.regulator = "EMA"
    assert session.body == ""
    with session.hold():
        session.regulator, session.body = "FDA", "ASCO"
    assert (session.page["regulator"], session.body) == ("FDA", "asco")


def test_another_scenario_keeps_the_picked_body_where_it_speaks_and_says_where_not(session: Session) -> None:
    session.receive({"type": "body", "body": "asco"})
    session.receive({"type": "scenario", "id": "tnbc-pdl1-positive"})
    assert (session.scenario, session.body) == ("tnbc-pdl1-positive", "asco")
    assert "guidelines of **ASCO** alone" in session.page["sentence"]
    session.receive({"type": "scenario", "id": "man"})
    assert session.body == ""
    assert "No text of ASCO that was read is in force there under the EMA, so all are heard" in session.page["sentence"]
    session.undo()
    assert session.body == "asco"
    assert "No text of ASCO" not in session.page["sentence"]
    session.receive({"type": "reset"})
    assert session.body == ""


def test_another_scenario_says_that_a_waiting_entry_is_gone(session: Session) -> None:
    session.change(age_years=7)
    session.receive({"type": "scenario", "id": "man"})
    assert "What waited to be taken over went" in session.page["sentence"]
    assert not session.page["errors"]


def test_a_value_out_of_range_stays_in_its_field_with_the_reason(session: Session) -> None:
    session.receive({"type": "set", "changes": {"age_years": 7}})
    assert session.value("age_years") != 7
    assert field(session, "age_years")["value"] == 7
    assert "18 to 110" in field(session, "age_years")["error"]
    assert "Age" in texts(session)
    session.receive({"type": "undo"})
    assert not session.page["errors"]
    assert field(session, "age_years")["value"] == session.value("age_years")


def test_text_in_a_number_is_refused_and_kept(session: Session) -> None:
    session.receive({"type": "set", "changes": {"age_years": "sixty"}})
    assert field(session, "age_years")["value"] == "sixty"
    assert field(session, "age_years")["error"]


def test_a_contradiction_is_solved_by_the_second_of_two_changes(session: Session) -> None:
    session.receive({"type": "set", "changes": {"sex": "male"}})
    assert field(session, "sex")["value"] == "male"
    assert session.value("sex") != "male"
    session.receive({"type": "set", "changes": {"menopausal_status": "not_applicable"}})
    assert session.value("sex") == "male"
    assert not session.page["errors"]


def test_another_field_can_be_changed_while_one_is_refused(session: Session) -> None:
    session.receive({"type": "set", "changes": {"age_years": 7}})
    session.receive({"type": "set", "changes": {"esr1": "wild_type"}})
    assert session.value("esr1") == "wild_type"
    assert field(session, "age_years")["value"] == 7
    assert "Age" in texts(session)


def test_a_day_outside_the_edition_changes_nothing_and_says_what_is_allowed(
    session: Session,
) -> None:
    before = session.day
    session.receive({"type": "day", "day": "2009-01-01"})
    assert session.day == before
    assert "2012-01-01" in texts(session)
    session.receive({"type": "day", "day": "soon"})
    assert session.day == before


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2026-11-24", "2026-11-24 is outside this edition"),
        ("275760-05-01", "'275760-05-01' is not a day"),
        ("", "no whole day is written"),
    ],
)
def test_a_wrong_day_is_kept_marked_and_taken_back_like_any_entry(session: Session, typed: str, told: str) -> None:
    session.receive({"type": "day", "day": typed})
    assert (session.page["day_typed"], session.page["can_undo"]) == (typed, True)
    assert told in session.page["day_error"]
    assert "Allowed: 2012-01-01 to " in session.page["day_error"]
    session.change(esr1="wild_type")
    assert "still waits" in session.page["sentence"]
    (error,) = session.page["errors"]
    session.receive(error["actions"][0]["send"])
    assert (session.page["day_typed"], session.page["day_error"], session.page["errors"]) == (None, "", [])
    assert session.value("esr1") == "wild_type"


def test_a_right_day_or_undo_takes_the_wrong_one_away_and_leaves_other_entries(session: Session) -> None:
    session.change(age_years=7)
    session.receive({"type": "day", "day": "soon"})
    session.receive({"type": "day", "day": "2020-01-01"})
    assert (session.day, session.page["day_typed"]) == ("2020-01-01", None)
    assert [error["field"] for error in session.page["errors"]] == ["age_years"]
    session.undo()
    session.receive({"type": "day", "day": "soon"})
    session.undo()
    assert not session.page["errors"]


def test_a_broken_engine_leaves_the_last_answer_and_says_so(
    session: Session, engine: Counting, caplog: pytest.LogCaptureFixture
) -> None:
    groups = session.page["options"]
    engine.broken = True
    session.receive({"type": "set", "changes": {"esr1": None}})
    assert session.page["options"] == groups
    assert "could not be worked out" in texts(session)
    assert "ZeroDivisionError" in caplog.text
    engine.broken = False
    session.receive({"type": "set", "changes": {"esr1": None}})
    assert session.value("esr1") is None
    assert not session.page["errors"]


@pytest.mark.parametrize(
    "message",
    [{}, {"type": "nonsense"}, {"type": "set"}, {"type": "day"}, {"type": "therapies"}],
)
def test_a_senseless_message_is_answered_in_words(session: Session, message: dict[str, Any]) -> None:
    session.receive(message)
    assert texts(session)
    assert session.page["board"]


def test_an_unknown_scenario_is_answered_in_words(session: Session) -> None:
    session.receive({"type": "scenario", "id": "nobody"})
    assert session.scenario == ESR1
    assert texts(session)


def test_reset_goes_back_to_the_scenario(session: Session) -> None:
    start = session.patient
    session.receive({"type": "set", "changes": {"esr1": None}})
    assert session.page["changed_from_scenario"]
    session.receive({"type": "reset"})
    assert session.patient == start
    assert not session.page["changed_from_scenario"]


def test_the_rows_of_the_form_unchanged_leave_the_history_as_it_is(session: Session) -> None:
    before = session.patient
    session.receive({"type": "therapies", "value": rows(session)})
    assert session.patient == before


def test_months_of_one_row_move_no_other(session: Session) -> None:
    before = session.patient.prior_therapies
    changed = rows(session)
    changed[-1]["months"] = 20
    session.receive({"type": "therapies", "value": changed})
    after = session.patient.prior_therapies
    assert after[:-1] == before[:-1]
    assert after[-1].best_response == before[-1].best_response
    raw = session.patient.as_dict()["prior_therapies"][-1]
    assert therapy_row(raw, session.patient.seen_on)["months"] == 20


def test_a_therapy_is_added_and_removed(session: Session) -> None:
    before = session.patient
    row = {
        "agents": "capecitabine",
        "setting": "metastatic",
        "months": 0.4,
        "stop_reason": "ongoing",
        "months_ago": 0,
    }
    session.receive({"type": "therapies", "value": [*rows(session), row]})
    assert session.patient.prior_therapies[-1].agents == ("capecitabine",)
    assert session.patient.prior_therapies[-1].stop is None
    session.receive({"type": "therapies", "value": rows(session)[:-1]})
    assert session.patient.prior_therapies == before.prior_therapies


def test_a_line_before_the_first_metastatic_day_moves_that_day(session: Session) -> None:
    changed = rows(session)
    changed[-1]["months"] = 40
    session.receive({"type": "therapies", "value": changed})
    first = session.patient.first_metastatic_day
    assert first == session.patient.prior_therapies[-1].start


def test_a_row_without_a_drug_is_refused_and_kept(session: Session) -> None:
    session.receive({"type": "therapies", "value": [*rows(session), {"agents": ""}]})
    assert "no drug" in texts(session)
    assert len(rows(session)) == len(session.patient.prior_therapies) + 1


@pytest.mark.parametrize(
    ("part", "value", "told"),
    [
        ("months", 500, "before the diagnosis of 2016-02-15. Allowed: at most "),
        ("months_ago", 200, "Allowed: ended at most "),
        ("months", None, "For is empty. Allowed: 0 to 600 months"),
        ("months", "ten", "For 'ten' is no number. Allowed: 0 to 600 months"),
        ("months_ago", 700, "Ended, ago 700 is out of range. Allowed: 0 to 600 months"),
    ],
)
def test_a_wrong_length_names_its_row_and_box_and_what_is_allowed(
    session: Session, part: str, value: object, told: str
) -> None:
    typed = rows(session)
    last = len(typed) - 1
    typed[last][part] = value
    session.receive({"type": "therapies", "value": typed})
    assert f"**Prior therapy {last + 1}:**" in texts(session)
    assert told in texts(session)
    assert "diagnosis_day" not in texts(session)
    assert field(session, "prior_therapies")["wrong"] == [{"row": last, "part": part}]
    assert rows(session)[last][part] == value


def test_of_two_receptors_the_wrong_one_is_marked(session: Session) -> None:
    session.receive({"type": "samples", "value": {"er_percent": "ten", "pr_percent": 20}})
    assert [at["part"] for at in field(session, "receptor_samples")["wrong"]] == ["er_percent"]


def test_what_to_do_is_said_in_the_words_of_the_form(session: Session) -> None:
    session.change(sex="male")
    assert "choose 'not applicable'" in texts(session)


def test_a_part_of_a_sample_leaves_the_rest(session: Session) -> None:
    session.receive({"type": "samples", "value": {"her2": "ultralow"}})
    latest = session.patient.receptor_samples[-1]
    assert latest.her2 == "ultralow"
    assert latest.er_percent is not None


def test_her2_positive_is_out_of_scope_and_the_other_entries_are_kept(session: Session) -> None:
    session.receive({"type": "samples", "value": {"her2": "positive"}})
    assert "HER2-negative" in texts(session)
    assert session.value("esr1") == "mutated"


def test_align_is_no_step_to_undo(session: Session) -> None:
    session.receive({"type": "align", "to": "now"})
    assert session.page["board"]["aligned"] == "now"
    assert not session.page["can_undo"]


def closed(session: Session, regimen: str) -> dict[str, Any]:
    listed = [each for group in session.page["options"]["groups"] for each in group["options"]]
    return next(each for each in listed if each["id"] == regimen)


def test_two_changes_are_searched_on_request_and_their_button_opens_the_option(engine: Counting) -> None:
    """Ribociclib's label: not above a QTcF of 449 ms, not in heart failure; the scenario has both."""
    session = Session("frail-80", engine=engine)
    assert closed(session, "ribociclib+letrozole")["pairs"] is None
    looks = engine.looks
    session.receive({"type": "pairs", "regimen": "ribociclib+letrozole"})
    assert engine.looks == looks
    assert not session.page["can_undo"]
    (pair,) = closed(session, "ribociclib+letrozole")["pairs"]
    assert pair["label"] == "Set QTcF to 449 ms and Heart failure to none"
    session.receive(pair["send"])
    assert "ribociclib+letrozole" in session.view.offered()
    session.undo()
    assert "ribociclib+letrozole" not in session.view.offered()


def test_an_option_that_no_two_changes_open_says_so_with_an_empty_list(session: Session) -> None:
    never = next(o for o in session.view.options if o.blocked_by and not o.flips)
    session.receive({"type": "pairs", "regimen": never.regimen.id})
    assert closed(session, never.regimen.id)["pairs"] == []


def test_a_question_about_an_unknown_regimen_changes_nothing(session: Session) -> None:
    before = session.page["options"]
    session.receive({"type": "pairs", "regimen": "nothing"})
    assert session.page["options"] == before
    session.receive({"type": "pairs"})
    assert "incomplete" in texts(session)


def test_another_scenario_is_a_start_and_marks_no_field_as_changed(session: Session) -> None:
    session.receive({"type": "scenario", "id": "er-low"})
    fields = [each for group in session.page["form"]["groups"] for each in group["fields"]]
    assert not [each["id"] for each in fields if each["changed"]]


def test_each_refused_entry_is_taken_back_by_itself(session: Session) -> None:
    session.change(age_years=7)
    session.change(performance_status=9)
    actions = {error["field"]: error["actions"][0]["send"] for error in session.page["errors"]}
    session.receive(actions["age_years"])
    assert [error["field"] for error in session.page["errors"]] == ["performance_status"]
    session.receive(actions["performance_status"])
    assert session.page["errors"] == []


def test_undo_takes_back_the_change_that_was_taken_over_after_a_refused_entry(session: Session) -> None:
    session.change(age_years=7)
    regulator = session.regulator
    session.receive({"type": "regulator", "regulator": "EMA" if regulator == "FDA" else "FDA"})
    assert "still waits" in session.page["sentence"]
    assert "Not taken over" not in session.page["sentence"]
    session.undo()
    assert session.regulator == regulator
    assert session.page["errors"]
    session.undo()
    assert session.page["errors"] == []


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("scenario=er-low&day=2012-03-19&body=xyz", "xyz"),
        ("scenario=er-low&day=2012-03-19&regulator=MHRA", "MHRA"),
    ],
)
def test_one_wrong_word_in_the_address_leaves_the_right_ones(
    monkeypatch: pytest.MonkeyPatch, address: str, problem: str
) -> None:
    monkeypatch.setenv("QUERY_STRING", address)
    shown = dashboard().session
    assert (shown.scenario, shown.day) == ("er-low", "2012-03-19")
    assert problem in texts(shown)
    assert "Shown without it" in texts(shown)


def test_a_year_in_the_address_is_a_day_and_a_regulator_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUERY_STRING", "day=2015&regulator=ema")
    shown = dashboard().session
    assert (shown.day, shown.regulator) == ("2015-07-01", "EMA")
    assert shown.page["errors"] == []

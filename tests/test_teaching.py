"""Teaching cases: what holds on their days, commitment before anything is revealed, codes, panels, and bad files."""

import contextlib
import csv
import io
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbc_widgets import teaching as t
from mbc_widgets.cli.commands import main
from mbc_widgets.compiler import DataError, compile_folder
from mbc_widgets.eligibility import NOT_OFFERED, OFFERED
from mbc_widgets.knowledge import load
from mbc_widgets.records import Decision, TeachingCase
from mbc_widgets.teaching.feedback import rule_of, statement_of
from tests.conftest import ROOT

K = load()
CASES = tuple(K.teaching_cases.values())
LUMINAL, EVEROLIMUS = K.teaching_cases["luminal-to-the-end"], K.teaching_cases["everolimus-2012"]
DECISIONS = [(case, index) for case in CASES for index in range(len(case.decisions))]
NAMES = [f"{case.id}-{case.decisions[index].id}" for case, index in DECISIONS]


def answer(
    choice: str = "paclitaxel", sure: str = "fairly", reason: str = "no visceral crisis", **rest: str
) -> t.Commitment:
    return t.Commitment(choice=choice, sure=sure, reason=reason, **rest)


def went_through(case: TeachingCase, reason: str = "because") -> t.Progress:
    progress = t.start(case.id, K)
    for decision in case.decisions:
        progress = t.commit(progress, case, answer(decision.choices[0], reason=reason))
        progress = t.next_decision(progress, case)
    return progress


class TestShippedCases:
    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
    def test_all_that_a_case_rests_on_holds_for_its_patient_on_its_day(self, case: TeachingCase) -> None:
        assert not list(t.unmet(case, K))

    @pytest.mark.parametrize(("case", "index"), DECISIONS, ids=NAMES)
    def test_a_decision_shows_choices_of_different_verdicts(self, case: TeachingCase, index: int) -> None:
        view = t.view_at(case.id, index, K)
        verdicts = {option.verdict for choice in case.decisions[index].choices if (option := view.option(choice))}
        assert NOT_OFFERED in verdicts
        assert len(verdicts) > 1 or index == len(case.decisions) - 1, "only at the end nothing may be offered"

    @pytest.mark.parametrize(("case", "index"), DECISIONS, ids=NAMES)
    def test_what_a_point_rests_on_was_read_in_its_source(self, case: TeachingCase, index: int) -> None:
        decision, view = case.decisions[index], t.view_at(case.id, index, K)
        rests = (*decision.points, *decision.common_errors)
        facts = [statement_of(each.statement, K) for each in rests if each.statement]
        facts += [rule_of(each.rule, view) for each in rests if each.rule]
        assert not [fact for fact in facts if fact.verified != "seen"]

    @pytest.mark.parametrize(("case", "index"), DECISIONS, ids=NAMES)
    def test_a_common_error_is_not_what_comes_first(self, case: TeachingCase, index: int) -> None:
        view = t.view_at(case.id, index, K)
        errors = {error.choice for error in case.decisions[index].common_errors}
        assert view.offered()[:1] not in [(error,) for error in errors]

    def test_a_case_goes_from_the_first_line_to_the_end_of_treatment(self) -> None:
        for case in CASES:
            first, last = (t.view_at(case.id, index, K) for index in (0, len(case.decisions) - 1))
            assert first.facts.values["metastatic_lines"] == 0
            assert last.facts.values["performance_status"] == 4
            support = t.feedback(case, len(case.decisions) - 1, answer(t.SUPPORT), K)
            assert not support.departs

    def test_new_results_arrive_at_progression(self) -> None:
        before, after = (t.patient_at(LUMINAL.id, index, K).findings for index in (1, 2))
        assert "esr1" not in before
        assert after["esr1"] == "mutated"

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
    def test_the_patient_grows_older_with_the_years(self, case: TeachingCase) -> None:
        """Each visit leaves days on which the patient can be born; some day has to fit all of them."""
        visits = [t.patient_at(case.id, index, K) for index in range(len(case.decisions))]
        births = [visit.seen_on.toordinal() - visit.findings["age_years"] * 365.25 for visit in visits]
        assert max(births) - min(births) < 365

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
    def test_palliative_care_comes_before_the_last_decision(self, case: TeachingCase) -> None:
        told = " ".join(decision.story + decision.then for decision in case.decisions[:-1])
        assert re.search("palliative", told, re.IGNORECASE)

    def test_the_words_of_a_case_hold_no_figure_of_a_trial(self) -> None:
        figure = re.compile(r"\d ?%|\bHR\b|hazard|median \d|\d\.\d")
        for case in CASES:
            told = (
                (d.story, d.then, *(e.why for e in d.common_errors), *(i.finding for i in d.items))
                for d in case.decisions
            )
            texts = [text for each in told for text in each]
            assert not [text for text in texts if figure.search(text)]


class TestVerdictsAreTheEngines:
    def test_everolimus_is_closed_in_march_2012_and_offered_in_november(self) -> None:
        early = t.feedback(EVEROLIMUS, 0, answer("everolimus+exemestane"), K)
        late = t.feedback(EVEROLIMUS, 1, answer("everolimus+exemestane"), K)
        assert (early.standing, late.standing, late.position) == (NOT_OFFERED, OFFERED, 1)

    def test_a_drug_waits_for_its_test_until_the_result_is_there(self) -> None:
        waiting = t.feedback(LUMINAL, 1, answer("elacestrant"), K)
        assert waiting.standing == "needs-test"
        assert t.feedback(LUMINAL, 2, answer("elacestrant"), K).standing == OFFERED

    def test_more_tests_are_judged_by_what_a_result_would_open(self) -> None:
        tests = [t.feedback(LUMINAL, index, answer(t.TESTS), K).standing for index in (1, 2, 4)]
        assert tests == ["opens-more", "opens-rare", "opens-nothing"]

    def test_supportive_care_alone_is_no_answer_while_drugs_are_offered_and_she_wants_them(self) -> None:
        assert t.feedback(LUMINAL, 0, answer(t.SUPPORT), K).departs

    @pytest.mark.parametrize(
        "typed", ["exemestane and everolimus", "Everolimus + Exemestane", " everolimus/exemestane "]
    )
    def test_something_else_is_read_as_drugs_in_any_order(self, typed: str) -> None:
        told = t.feedback(EVEROLIMUS, 1, answer(t.OTHER, other=typed), K)
        assert told.option is not None
        assert told.option.regimen.id == "everolimus+exemestane"

    def test_something_that_is_no_drug_gets_no_verdict(self) -> None:
        told = t.feedback(EVEROLIMUS, 1, answer(t.OTHER, other="a long holiday"), K)
        assert (told.standing, told.option) == ("unknown-drug", None)

    def test_a_line_that_does_not_come_first_departs_from_the_list(self) -> None:
        assert t.feedback(LUMINAL, 2, answer("fulvestrant"), K).departs
        assert not t.feedback(LUMINAL, 2, answer("elacestrant"), K).departs


class TestReasons:
    def test_a_point_is_used_when_its_words_are_there_and_missed_when_not(self) -> None:
        told = t.feedback(LUMINAL, 2, answer("elacestrant", reason="ESR1 is mutated."), K)
        kinds = {each.point.id: each.kind for each in told.points}
        assert kinds["esr1-mutated"] == "used"
        assert kinds["at-least-12-months"] == "missed"

    def test_a_debate_is_open_whether_it_is_named_or_not(self) -> None:
        for reason in ("a combination", "tablets"):
            told = t.feedback(LUMINAL, 2, answer("elacestrant", reason=reason), K)
            assert {each.kind for each in told.points if each.point.debate} == {"open"}

    @pytest.mark.parametrize(("case", "index"), DECISIONS, ids=NAMES)
    def test_no_empty_phrase_uses_a_point(self, case: TeachingCase, index: int) -> None:
        told = t.feedback(
            case, index, answer(case.decisions[index].choices[0], reason="I think this is right for her"), K
        )
        assert not [each.point.id for each in told.points if each.found]

    @pytest.mark.parametrize(("case", "index"), DECISIONS, ids=NAMES)
    def test_each_point_can_be_reached_by_its_own_label_or_trial(self, case: TeachingCase, index: int) -> None:
        view = t.view_at(case.id, index, K)
        points = case.decisions[index].points
        reached = [any(s.point == p and s.found for s in t.named(p.label, (p,), view)) for p in points]
        assert sum(reached) >= len(points) / 2


class TestCommitBeforeReveal:
    def test_nothing_is_revealed_before_the_commitment(self) -> None:
        with pytest.raises(t.TeachingError, match="Commit first"):
            t.reveal(t.start(LUMINAL.id, K), LUMINAL, K)

    def test_the_story_does_not_go_on_before_the_commitment(self) -> None:
        with pytest.raises(t.TeachingError, match="Commit first"):
            t.next_decision(t.start(LUMINAL.id, K), LUMINAL)

    def test_the_first_answer_stays_when_it_is_changed(self) -> None:
        first, second = answer("paclitaxel"), answer("ribociclib+letrozole")
        progress = t.commit(t.commit(t.start(LUMINAL.id, K), LUMINAL, first), LUMINAL, second)
        assert progress.answers == ((first, second),)
        assert t.reveal(progress, LUMINAL, K).standing == OFFERED

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"choice": ""}, "choice"),
            ({"choice": "aspirin"}, "choice"),
            ({"choice": t.OTHER}, "other"),
            ({"sure": "very"}, "sure"),
            ({"reason": "  "}, "reason"),
            ({"reason": "x" * 2001}, "reason"),
        ],
    )
    def test_a_commitment_without_a_part_is_refused_at_that_part(self, change: dict[str, str], field: str) -> None:
        with pytest.raises(t.TeachingError) as refused:
            t.commit(t.start(LUMINAL.id, K), LUMINAL, answer(**change))
        assert refused.value.field == field

    def test_a_reason_for_departing_is_kept_with_the_newest_answer(self) -> None:
        progress = t.commit(t.start(LUMINAL.id, K), LUMINAL, answer())
        assert t.deviate(progress, "particular-case").last == answer(deviation="particular-case")
        with pytest.raises(t.TeachingError):
            t.deviate(progress, "because-i-say-so")

    def test_progress_is_restored_from_its_plain_form(self) -> None:
        progress = went_through(EVEROLIMUS)
        assert t.restored(progress.plain(), K) == progress
        assert progress.finished(EVEROLIMUS)

    @pytest.mark.parametrize(
        "broken",
        [
            None,
            {},
            {"case": "nobody", "decision": 0, "answers": []},
            {"case": LUMINAL.id, "decision": 3, "answers": []},
            {"case": LUMINAL.id, "decision": -1, "answers": []},
            {"case": LUMINAL.id, "decision": 0, "answers": [[{"choice": "aspirin", "sure": "guess", "reason": "x"}]]},
            {"case": LUMINAL.id, "decision": 0, "answers": [["x"]]},
        ],
    )
    def test_what_is_no_progress_is_refused(self, broken: object) -> None:
        with pytest.raises(t.TeachingError):
            t.restored(broken, K)


@st.composite
def progresses(draw: st.DrawFn) -> tuple[TeachingCase, t.Progress]:
    case = draw(st.sampled_from(CASES))
    progress = t.start(case.id, K)
    for decision in case.decisions[: draw(st.integers(1, len(case.decisions)))]:
        for _ in range(draw(st.integers(1, 2))):
            progress = t.commit(progress, case, draw(answers(decision)))
        progress = t.deviate(progress, draw(st.sampled_from(["", *t.DEVIATIONS])))
        progress = t.next_decision(progress, case)
    return case, progress


def answers(decision: Decision) -> st.SearchStrategy[t.Commitment]:
    words = [re.sub(r"[^a-zA-Z0-9 ]", "", point.label) for point in decision.points]
    return st.builds(
        t.Commitment,
        choice=st.sampled_from(t.choices_of(decision)),
        sure=st.sampled_from(t.CONFIDENCE),
        reason=st.lists(st.sampled_from(words), min_size=1).map("; ".join),
        other=st.just("a drug"),
    )


class TestCodes:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(progresses())
    def test_a_code_tells_what_was_answered(self, taken: tuple[TeachingCase, t.Progress]) -> None:
        case, progress = taken
        result = t.decode(t.encode(progress, case, K), K)
        assert result.case == case.id
        assert [each.choice for each in result.answers] == [given[0].choice for given in progress.answers]
        assert [each.last for each in result.answers] == [given[-1].choice for given in progress.answers]
        assert [each.sure for each in result.answers] == [given[0].sure for given in progress.answers]
        assert [each.deviation for each in result.answers] == [given[-1].deviation for given in progress.answers]

    def test_a_code_tells_the_points_that_the_first_reason_named(self) -> None:
        progress = t.commit(t.start(LUMINAL.id, K), LUMINAL, answer(reason="No crisis; MONALEESA-2"))
        (first,) = t.decode(t.encode(progress, LUMINAL, K), K).answers
        assert first.used == ("no-crisis", "monaleesa-2")

    def test_a_code_holds_no_word_of_the_learner_and_is_short(self) -> None:
        one, other = (t.encode(went_through(LUMINAL, reason), LUMINAL, K) for reason in ("Lena Muster, ward 3", "ward"))
        assert one == other
        assert len(one) <= 32

    def test_letters_that_look_alike_and_missing_hyphens_are_read(self) -> None:
        code = t.encode(went_through(LUMINAL), LUMINAL, K)
        typed = code.replace("-", " ").lower().replace("0", "o").replace("1", "l")
        assert t.decode(typed, K) == t.decode(code, K)

    @given(st.data())
    @settings(max_examples=60, deadline=None)
    def test_one_wrong_letter_is_noticed(self, data: st.DataObject) -> None:
        code = t.encode(went_through(EVEROLIMUS), EVEROLIMUS, K)
        place = data.draw(st.sampled_from([at for at, letter in enumerate(code) if letter != "-"]))
        letter = data.draw(
            st.sampled_from([each for each in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if each != code[place]])
        )
        wrong = code[:place] + letter + code[place + 1 :]
        try:
            read = t.decode(wrong, K)
        except t.CodeError:
            return
        assert read != t.decode(code, K), (
            "two letters of check let one slip in a thousand pass, never as the same answer"
        )

    @given(st.text(max_size=60))
    def test_any_text_is_a_code_or_is_refused_in_words(self, text: str) -> None:
        with contextlib.suppress(t.CodeError):
            assert t.decode(text, K).case in K.teaching_cases

    def test_no_two_cases_share_the_letters_that_name_them(self) -> None:
        heads = {t.encode(t.commit(t.start(c.id, K), c, answer(c.decisions[0].choices[0])), c, K)[:3] for c in CASES}
        assert len(heads) == len(CASES)


PANEL = "case,decision,choice,votes,reason,panel,date\n"
ROW = "luminal-to-the-end,1,ribociclib+letrozole,7,long interval,Made for this test,2026-10-01\n"


class TestPanel:
    def test_votes_are_read_by_case_decision_and_choice(self) -> None:
        panel = t.read_panel("made-in-a-test.csv", PANEL + ROW, K)
        (vote,) = panel.at("luminal-to-the-end", "first-line")
        assert (vote.choice, vote.votes, vote.panel, vote.date) == (
            "ribociclib+letrozole", 7, "Made for this test", "2026-10-01",
        )  # fmt: skip
        assert panel.at("luminal-to-the-end", "test-result") == ()

    def test_a_spreadsheet_with_semicolons_and_a_mark_at_the_start_is_read(self) -> None:
        assert t.read_panel("x.csv", "\ufeff" + (PANEL + ROW).replace(",", ";"), K).votes

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("", "empty"),
            ("case,decision,choice,votes\n" + "x,1,y,2\n", "column 'panel' is missing"),
            (PANEL.replace("reason", "resaon") + ROW, "did you mean"),
            (PANEL, "found 0 rows"),
            (PANEL + ROW.replace("luminal-to-the-end", "luminal-to-the-ned"), "x.csv:2: case: no case"),
            (PANEL + ROW.replace(",1,", ",9,"), "allowed: 1 to 5"),
            (PANEL + ROW.replace("ribociclib+letrozole", "ribociclib+letrozol"), "x.csv:2: choice"),
            (PANEL + ROW.replace(",7,", ",seven,"), "'seven' is no count"),
            (PANEL + ROW.replace(",7,", ",-7,"), "'-7' is no count"),
            (PANEL + ROW.replace("2026-10-01", "last week"), "'last week' is no day"),
            (PANEL + ROW.replace("Made for this test", ""), "panel: empty"),
            (PANEL + ROW + ROW, "x.csv:3: this choice of this decision is there already"),
            ("x" * 200_001, "at most 200000"),
        ],
    )
    def test_a_file_with_a_slip_is_refused_with_line_and_what_is_allowed(self, text: str, told: str) -> None:
        with pytest.raises(t.PanelError) as refused:
            t.read_panel("x.csv", text, K)
        assert told in str(refused.value)

    @given(st.text(max_size=300))
    def test_any_text_is_a_panel_or_is_refused_in_words(self, text: str) -> None:
        with pytest.raises(t.PanelError):
            t.read_panel("x.csv", text, K)

    def test_a_folder_has_a_file_for_each_case_found_by_its_name(self, tmp_path: Path) -> None:
        (tmp_path / "luminal-to-the-end.csv").write_text(PANEL + ROW, encoding="utf-8")
        (tmp_path / "notes.txt").write_text("who voted", encoding="utf-8")
        assert t.check_panels(tmp_path, K) == ("luminal-to-the-end",)
        panel = t.panel_of("luminal-to-the-end", tmp_path, K)
        assert panel
        assert panel.of_folder
        assert len(panel.votes) == 1
        assert t.panel_of(CASES[1].id if CASES[0].id == "luminal-to-the-end" else CASES[0].id, tmp_path, K) is None

    @pytest.mark.parametrize(
        ("name", "data", "told"),
        [
            (
                "luminal-to-the-ned.csv",
                b"",
                "no case 'luminal-to-the-ned'; did you mean 'luminal-to-the-end'? Allowed: ",
            ),
            ("luminal-to-the-end.xlsx", b"PK", "luminal-to-the-end.xlsx: no CSV file; save the sheet as CSV"),
            ("luminal-to-the-end.csv", b"", "luminal-to-the-end.csv: empty"),
            (
                "luminal-to-the-end.csv",
                (PANEL + ROW.replace(",7,", ",many,")).encode(),
                "luminal-to-the-end.csv:2: votes: 'many'",
            ),
            ("luminal-to-the-end.csv", "caf\u00e9".encode("latin-1"), "save it as CSV, UTF-8"),
            ("luminal-to-the-end.csv", b"x" * 800_001, "800001 bytes; at most 800000"),
            (
                "triple-negative-pdl1.csv",
                (PANEL + ROW).encode(),
                "triple-negative-pdl1.csv: case: has rows of luminal-to-the-end; allowed: triple-negative-pdl1",
            ),
        ],
    )
    def test_a_wrong_file_of_a_folder_is_refused_with_what_is_allowed(
        self, tmp_path: Path, name: str, data: bytes, told: str
    ) -> None:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(t.PanelError) as refused:
            t.check_panels(tmp_path, K)
        assert told in str(refused.value)

    def test_a_folder_that_is_none_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(t.PanelError, match="no folder; allowed"):
            t.check_panels(tmp_path / "nowhere", K)

    def test_the_repository_holds_no_votes(self) -> None:
        found = [path for path in (ROOT / "data").rglob("*.csv") if "votes" in path.read_text(encoding="utf-8")]
        assert not found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(ROOT / "data", copy, ignore=shutil.ignore_patterns(".compiled"))
    return copy


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("invented: true", "invented: false", "only invented patients"),
        ("trial: monaleesa-2", "trial: monalesa-2", "unknown name 'monalesa-2'"),
        ("choices: [ribociclib+letrozole", "choices: [ribocicilb+letrozole", "did you mean 'ribociclib+letrozole'"),
        ("esr1: mutated\n", "esr1: mutant\n", "decision 'test-result'"),
        ("seen_on: 2024-09-16", "seen_on: 2022-09-16", "first-progression"),
        ('"crisis"', '"("', "cannot be searched for"),
        ('"crisis"', '".*"', "found in every text"),
        ("when: {visceral_crisis: false}}", "when: {visceral_crisis: false}, trial: emerald}", "exactly one of"),
        ("objectives:", "objektives:", "unknown key"),
    ],
)
def test_a_slip_in_a_case_is_told_with_file_and_line(folder: Path, old: str, new: str, told: str) -> None:
    path = folder / "teaching-cases" / "luminal-to-the-end.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as refused:
        compile_folder(folder)
    lines = [line for line in str(refused.value).splitlines() if told in line]
    assert lines, str(refused.value)
    assert re.match(r"data/teaching-cases/luminal-to-the-end\.yaml:\d+: ", lines[0])


def test_check_tells_a_point_that_does_not_hold_on_its_day(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "teaching-cases" / "everolimus-2012.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("trial: bolero-2}", "trial: paloma-2}", 1), encoding="utf-8"
    )
    assert main(["check", str(folder)]) == 2
    assert "'bolero-2' does not hold on 2012-03-26" in capsys.readouterr().err


class TestCommand:
    def test_codes_become_a_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["case", t.encode(went_through(EVEROLIMUS), EVEROLIMUS, K)]) == 0
        told = capsys.readouterr().out
        assert "Everolimus arrives" in told
        assert "relapse: fulvestrant (fairly)" in told

    def test_codes_become_rows_for_a_spreadsheet(self, capsys: pytest.CaptureFixture[str]) -> None:
        code = t.encode(went_through(LUMINAL, "ESR1"), LUMINAL, K)
        assert main(["case", "--csv", code, code]) == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert len(rows) == 2 * len(LUMINAL.decisions)
        assert rows[1]["points_named"] == "esr1"

    def test_every_wrong_code_is_told(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["case", "nonsense!", "ABC"]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 2

    def test_without_codes_the_cases_are_listed(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["case"]) == 0
        assert "first-line, 2023-02-06: ribociclib+letrozole" in capsys.readouterr().out

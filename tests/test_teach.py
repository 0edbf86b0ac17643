"""The teacher's pack: minutes that add up, every exercise and misconception in the guide, cards that rest on a source, slides that open a person."""

import csv
import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import mbc_widgets as mbc
from mbc_widgets import teaching
from mbc_widgets.cli.commands import DASHBOARD, main
from mbc_widgets.cli.teach import ANKI, COLUMNS, pack
from mbc_widgets.dialogue.address import granted, wish_of
from mbc_widgets.dialogue.slides import slides
from mbc_widgets.dialogue.workbook import Workbook
from mbc_widgets.figures import lesson as pages
from mbc_widgets.figures import words
from mbc_widgets.figures.flashcards import cards
from mbc_widgets.figures.guide import SPECIAL
from mbc_widgets.records import Exercise, Lesson
from mbc_widgets.widgets.maps import map_page, notebook_of, outline_of
from tests.conftest import ROOT

K = mbc.load()
LESSONS = tuple(K.lessons.values())
EXERCISES = {f"{lesson.number}/{each.id}": each for lesson in LESSONS for each in lesson.exercises}
OUTLINES = {number: outline_of(number, K) for number in K.lessons}
TAUGHT = {number: teaching.trials_of(K.lessons[number], each) for number, each in OUTLINES.items()}
PACK = dict(pack(K, DASHBOARD))
CARDS = cards(TAUGHT, K)
SLIDES = slides(LESSONS, K)
DOCS = ROOT / "docs" / "course"
NAMES_WITH_DIGITS = re.compile(r"CDK4/6|ESR1|PIK3CA|HER2|PD-L1|BRCA[12]?")


def by_number(lesson: Lesson) -> str:
    return str(lesson.number)


class TestPlan:
    @pytest.mark.parametrize("lesson", LESSONS, ids=by_number)
    def test_the_minutes_add_up_and_no_step_is_empty(self, lesson: Lesson) -> None:
        steps = teaching.plan(lesson, OUTLINES[lesson.number])
        assert sum(step.minutes for step in steps) == lesson.minutes
        assert all(step.minutes >= 1 for step in steps)
        assert [step.begins for step in steps] == [sum(s.minutes for s in steps[:n]) for n in range(len(steps))]

    @pytest.mark.parametrize("lesson", LESSONS, ids=by_number)
    def test_every_exercise_has_its_place_once_and_retrieval_comes_early(self, lesson: Lesson) -> None:
        steps = teaching.plan(lesson, OUTLINES[lesson.number])
        placed = [name for step in steps for name in step.exercises if "/" not in name]
        assert sorted(placed) == sorted(each.id for each in lesson.exercises)
        assert [step.exercises for step in steps[1:2]] == (
            [lesson.retrieval] if lesson.retrieval else [steps[1].exercises]
        )

    def test_more_to_do_takes_longer(self) -> None:
        steps = {step.title: step.minutes for step in teaching.plan(K.lessons[1], OUTLINES[1])}
        assert steps["The person"] > steps["What is a crisis?"]

    def test_a_lesson_too_short_for_its_sections_is_refused(self) -> None:
        with pytest.raises(teaching.LessonError, match="12 minutes are too few"):
            teaching.plan(replace(K.lessons[2], minutes=12), OUTLINES[2])

    def test_an_exercise_that_the_notebook_does_not_ask_is_named(self) -> None:
        notebook = json.loads(notebook_of(2).read_text(encoding="utf-8"))
        cells = [cell for cell in notebook["cells"] if "why-change" not in "".join(cell["source"])]
        with pytest.raises(teaching.LessonError, match="does not ask why-change"):
            teaching.outline({"cells": cells}, K.lessons[2])

    @pytest.mark.parametrize("lesson", LESSONS, ids=by_number)
    def test_a_lesson_leaves_something_to_remember(self, lesson: Lesson) -> None:
        assert len(OUTLINES[lesson.number].remember) >= 3


class TestDiscussion:
    @pytest.mark.parametrize("lesson", LESSONS, ids=by_number)
    def test_a_lesson_has_two_to_four_questions_for_a_room(self, lesson: Lesson) -> None:
        assert 2 <= len(lesson.discuss) <= 4

    @pytest.mark.parametrize("lesson", LESSONS, ids=by_number)
    def test_none_has_a_number(self, lesson: Lesson) -> None:
        asked = [NAMES_WITH_DIGITS.sub("", point.ask) for point in lesson.discuss]
        assert not [text for text in asked if re.search(r"\d", text)]

    def test_an_unknown_debate_and_a_number_that_is_taken_are_told(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        data = tmp_path / "data"
        shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns(".compiled"))
        third, eighth = data / "lessons" / "03-testing.yaml", data / "lessons" / "08-then-and-now.yaml"
        third.write_text(third.read_text().replace("number: 3\n", "number: 2\n"))
        eighth.write_text(eighth.read_text().replace("debate: bevacizumab}\n", "debate: bevacizumb}\n"))
        assert main(["check", str(data)]) == 2
        told = capsys.readouterr().err
        assert "number: 2 is that of lessons/02-endocrine.yaml; choose another" in told
        assert "did you mean 'bevacizumab'?" in told


class TestGuide:
    guide = PACK["guide.md"]

    def part(self, exercise: Exercise) -> str:
        """What the guide says below the heading of an exercise."""
        found = self.guide.split(f"\n`{exercise.id}`")
        assert len(found) == 2, "once in the guide"
        return re.split(r"\n###", found[1])[0]

    def test_no_two_exercises_share_a_name(self) -> None:
        assert len({each.id for each in EXERCISES.values()}) == len(EXERCISES)

    @pytest.mark.parametrize("name", EXERCISES)
    def test_right_choices_and_misconceptions_stand_under_their_headings(self, name: str) -> None:
        exercise = EXERCISES[name]
        right, wrong = self.part(exercise).split("Misconceptions:")
        for choice in exercise.choices:
            label = escaped(pages.label(choice, exercise, K))
            assert (f"- **{label}.**" in right) == (choice.id in teaching.right_choices(exercise, K))
            assert (f"- **{label}.**" in right) != (f"- **{label}.**" in wrong)
            assert escaped(choice.why) in right + wrong

    @pytest.mark.parametrize("name", EXERCISES)
    def test_an_exercise_about_a_person_has_a_slide(self, name: str) -> None:
        assert ("[Show](" in self.part(EXERCISES[name])) == (EXERCISES[name].about is not None)

    @pytest.mark.parametrize("lesson", LESSONS, ids=by_number)
    def test_objectives_and_both_sides_of_a_debate_are_told(self, lesson: Lesson) -> None:
        assert all(escaped(each.text) in self.guide for each in lesson.objectives)
        assert all(escaped(point.ask) in self.guide for point in lesson.discuss)
        named = {point.debate for point in lesson.discuss} - {None}
        sides = [side for debate in K.debates if debate.id in named for side in debate.sides]
        assert all(escaped(side.says) in self.guide for side in sides)

    def test_a_seminar_with_cases_is_explained(self) -> None:
        for word in ("Script concordance", "Result codes", "`item`", "MBC_PANELS", f"{len(K.teaching_cases)} cases"):
            assert word in self.guide


def escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)


class TestSlides:
    def test_every_exercise_about_a_person_has_one(self) -> None:
        assert set(SLIDES) == {name for name, each in EXERCISES.items() if each.about}

    @pytest.mark.parametrize("name", SLIDES)
    def test_it_brings_that_patient_day_and_regulator_in_the_mode_present(self, name: str) -> None:
        memory, problem = granted(wish_of(SLIDES[name].partition("?")[2]), Workbook(K))
        view = teaching.person_of(EXERCISES[name], K)
        assert view is not None
        assert not problem
        assert not memory.problems
        now = memory.now
        assert (now.mode, now.day, now.regulator, now.body) == (
            "present",
            view.snapshot.day,
            view.snapshot.regulator,
            "",
        )
        assert now.patient == view.patient

    def test_an_unchanged_patient_is_named_in_words_and_a_changed_one_by_a_code(self) -> None:
        assert SLIDES["2/first-line-2012"] == (
            "dashboard?mode=present&scenario=luminal-2012&day=2012-03-19&regulator=FDA"
        )
        assert SLIDES["2/relapse-on-letrozole"].startswith("dashboard?code=")


class TestCards:
    def test_every_front_is_asked_once(self) -> None:
        assert len({card.front for card in CARDS}) == len(CARDS)

    def test_every_back_has_a_source_that_can_be_opened(self) -> None:
        assert not [card.front for card in CARDS if not re.search(r"Source: .+, https?://\S+$", card.back)]

    def test_every_card_is_tagged_with_a_lesson_that_teaches_it(self) -> None:
        assert all(re.fullmatch(r"lesson-0[1-9]", card.tags[0]) for card in CARDS)
        assert all(re.fullmatch(r"[a-z0-9-]+", tag) for card in CARDS for tag in card.tags)

    def test_a_figure_is_the_one_of_the_paper(self) -> None:
        """MONALEESA-2, final survival: N Engl J Med 2022;386:942, read in its abstract."""
        found = next(card for card in CARDS if card.front.startswith("MONALEESA-2") and "in: ITT.\nOS" in card.front)
        assert "0.76 (0.63-0.93)" in found.back
        assert "https://doi.org/10.1056/NEJMoa2114663" in found.back
        assert {"lesson-02", "cdk46-inhibitor"} <= set(found.tags)

    @pytest.mark.parametrize("trial", sorted({name for trials in TAUGHT.values() for name in trials}))
    def test_no_recalled_figure_is_on_a_card(self, trial: str) -> None:
        found = K.trial(trial)
        backs = "\n".join(card.back for card in CARDS if card.front.startswith(f"{found.name}:"))
        figures = {
            kind: {words.figure(each.hazard_ratio) for each in found.results if (each.verified == "seen") == kind}
            for kind in (True, False)
        }
        assert not [text for text in figures[False] - figures[True] if text != "-" and text in backs]

    def test_what_nobody_read_makes_no_card(self) -> None:
        trial = "monaleesa-2"
        unread = [{**row, "verified": "recalled"} for row in K.raw_trials[trial]["results"]]
        changed = replace(K, raw_trials={**K.raw_trials, trial: {**K.raw_trials[trial], "results": unread}})
        assert not [card for card in cards({2: (trial,)}, changed) if "trial" in card.tags]

    def test_a_licence_card_tells_days_and_populations(self) -> None:
        found = next(card for card in CARDS if card.front.startswith("everolimus, FDA"))
        assert found.back.startswith("20 Jul 2012: ")
        assert "BOLERO-2" in found.back

    def test_a_withdrawn_licence_says_so(self) -> None:
        assert any("Withdrawn" in card.back for card in CARDS if card.front.startswith("atezolizumab, FDA"))

    def test_the_table_reads_back_as_it_was_written(self) -> None:
        head, *rows = csv.reader(io.StringIO(PACK["cards.csv"]))
        assert tuple(head) == COLUMNS
        assert rows == [[card.front, card.back, " ".join(card.tags)] for card in CARDS]
        assert PACK["anki.txt"].removeprefix(ANKI) == PACK["cards.csv"].partition("\n")[2]

    def test_a_card_with_every_mark_of_a_table_keeps_them(self) -> None:
        assert any("," in card.front and "\n" in card.front for card in CARDS)


class TestMaps:
    @pytest.mark.parametrize("lesson", LESSONS, ids=by_number)
    def test_it_has_the_questions_in_order_the_trials_and_what_to_remember(self, lesson: Lesson) -> None:
        text = plain(map_page(lesson.number, "/", K, SLIDES))
        places = [text.index(EXERCISES[f"{lesson.number}/{name}"].ask) for name in order(lesson)]
        assert places == sorted(places)
        assert all(K.trial(name).name in text for name in TAUGHT[lesson.number])
        assert all(each in text for each in OUTLINES[lesson.number].remember)

    @pytest.mark.parametrize("lesson", LESSONS, ids=by_number)
    def test_it_asks_nothing_of_any_server(self, lesson: Lesson) -> None:
        page = PACK[f"maps/lesson-{lesson.number:02}.html"]
        assert not re.search(r"<script|<img|@import|url\(|<link (?!rel=\"icon\" href=\"data:)", page)

    def test_a_lesson_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(teaching.LessonError, match="There is no lesson 77"):
            map_page(77, "/", K)


def order(lesson: Lesson) -> list[str]:
    return [name for section in OUTLINES[lesson.number].sections for name in section.exercises]


def plain(page: str) -> str:
    return (
        page.replace("&#39;", "'").replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    )


# The maps are served, and Anki's file is the cards again: neither is kept twice.
KEPT = ("guide.md", "slides.md", "cards.csv")


class TestCopy:
    @pytest.mark.parametrize("name", KEPT)
    def test_the_copy_in_docs_is_of_today(self, name: str) -> None:
        assert (DOCS / name).read_text(encoding="utf-8") == PACK[name], "run: mbc teach docs/course"

    def test_nothing_is_left_of_an_older_pack(self) -> None:
        there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*") if path.is_file()}
        assert {name for name in there if not name.startswith("review-")} <= set(
            PACK
        )  # the map of the review is written apart
        assert set(KEPT) < set(PACK)


def test_the_command_writes_the_pack_with_the_address_that_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mbc_widgets.cli.teach.knowledge", lambda: replace(K, lessons={1: K.lessons[1]}))
    assert main(["teach", str(tmp_path / "pack"), "--address", "https://class.example/mbc"]) == 0
    assert {path.name for path in (tmp_path / "pack").iterdir()} == {
        "guide.md",
        "slides.md",
        "cards.csv",
        "anki.txt",
        "maps",
    }
    assert "(https://class.example/mbc/dashboard?" in (tmp_path / "pack" / "slides.md").read_text()
    assert [path.name for path in (tmp_path / "pack" / "maps").iterdir()] == ["lesson-01.html"]


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["teach", str(tmp_path / "file")]) == 2
    assert "choose another folder" in capsys.readouterr().err


def test_the_number_of_a_lesson_begins_its_name() -> None:
    assert all(lesson.id.startswith(f"{lesson.number:02}-") for lesson in LESSONS)

"""Lessons: right answers are worked out from the knowledge, an answer is marked with its reasons, and what is wrong is said plainly."""

from dataclasses import replace

import pytest

import mbc_widgets as mbc
from mbc_widgets import teaching
from mbc_widgets.figures import lesson as pages
from mbc_widgets.records import Exercise, Lesson
from mbc_widgets.widgets.lessons import Checked, Question

K = mbc.load()
LESSONS = tuple(K.lessons.values())
EXERCISES = tuple((lesson, exercise) for lesson in LESSONS for exercise in lesson.exercises)
NAMES = [f"{lesson.number}/{exercise.id}" for lesson, exercise in EXERCISES]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_every_exercise_can_be_asked(lesson: Lesson) -> None:
    assert not list(teaching.unsound(lesson, K))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_every_objective_is_reached_by_an_exercise(lesson: Lesson) -> None:
    assert {each.objective for each in lesson.exercises} == {each.id for each in lesson.objectives}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_a_lesson_after_the_first_brings_back_three_questions_of_earlier_ones(lesson: Lesson) -> None:
    numbers = [int(name.partition("/")[0]) for name in lesson.retrieval]
    assert len(numbers) == (3 if lesson.number > 1 else 0)
    assert all(number < lesson.number for number in numbers)
    assert len(set(lesson.retrieval)) == len(lesson.retrieval)


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=NAMES)
def test_before_an_answer_nothing_gives_the_right_choices_away(lesson: Lesson, exercise: Exercise) -> None:  # noqa: ARG001
    page = pages.exercise(exercise, None, K)
    assert page["marked"] is None
    assert {*page} == {"id", "ask", "hint", "about", "choices", "several", "marked"}
    assert all({*choice} == {"id", "label"} for choice in page["choices"])


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=NAMES)
def test_every_choice_says_why_and_on_what_that_rests(lesson: Lesson, exercise: Exercise) -> None:  # noqa: ARG001
    right = teaching.right_choices(exercise, K)
    page = pages.exercise(exercise, teaching.mark(exercise, right, K), K)
    assert page["marked"]["solved"]
    for row in page["marked"]["rows"]:
        assert row["why"], row
        assert all(each["text"] for each in row["why"])


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=NAMES)
def test_a_wrong_answer_is_explained_and_gives_the_rest_not_away(lesson: Lesson, exercise: Exercise) -> None:
    wrong = next(each.id for each in exercise.choices if each.id not in teaching.right_choices(exercise, K))
    checked = mbc.Lesson(lesson.number).check(exercise.id, wrong)
    assert isinstance(checked, Checked)
    assert not checked.right
    told = repr(checked)
    assert told.startswith("Not yet.")
    assert ": not right." in told
    assert ": right." not in told


def test_without_an_answer_a_check_asks() -> None:
    lesson, exercise = EXERCISES[0]
    assert isinstance(mbc.Lesson(lesson.number).check(exercise.id), Question)
    assert isinstance(mbc.Lesson(lesson.number).check(exercise.id, None), Question)


def test_a_part_of_the_right_choices_is_not_all_of_them() -> None:
    exercise = teaching.exercise_of("first-line-2012", K.lessons[2])
    marked = teaching.mark(exercise, "fulvestrant", K)
    assert not marked.solved
    assert "more is right" in pages.told(pages.exercise(exercise, marked, K)) or "more are right" in pages.told(
        pages.exercise(exercise, marked, K)
    )


def test_a_misspelt_choice_exercise_or_lesson_is_answered_with_the_nearest() -> None:
    lesson = mbc.Lesson(2)
    with pytest.raises(teaching.LessonError, match="did you mean 'fulvestrant'"):
        lesson.check("first-line-2012", "fulvestrent")
    with pytest.raises(teaching.LessonError, match="did you mean 'first-line-2012'"):
        lesson.ask("first-line")
    with pytest.raises(teaching.LessonError, match=r"There is no lesson 12\. There are: "):
        mbc.Lesson(12)
    with pytest.raises(teaching.LessonError, match=r"has \d questions"):
        lesson.again(9)


def test_the_right_answer_moves_with_the_knowledge() -> None:
    """A licence that had come before the review would have opened everolimus in March 2012."""
    exercise = teaching.exercise_of("everolimus-since", K.lessons[2])
    earlier = tuple(
        replace(each, granted="2010-01-01")
        if (each.granted or "").startswith("2012") and "BOLERO-2" in each.wording
        else each
        for each in K.agents["everolimus"].licences
    )
    moved = replace(K, agents={**K.agents, "everolimus": replace(K.agents["everolimus"], licences=earlier)})
    assert teaching.right_choices(exercise, K) == {"autumn"}
    assert teaching.right_choices(exercise, moved) == {"review"}


def test_the_page_of_a_question_answers_what_a_reader_sends() -> None:
    question = mbc.Lesson(2).again(1)
    right = next(each["id"] for each in question.page["choices"])
    sent: list[object] = []
    question.send = sent.append  # type: ignore[method-assign, assignment]
    question._heard(question, {"type": "answer", "taken": [right]}, [])
    assert question.page["marked"]["rows"][0]["taken"]
    question._heard(question, {"type": "answer", "taken": ["nothing like it"]}, [])
    assert "there is no choice" in question.page["error"]
    question._heard(question, {"type": "answer", "taken": 7}, [])
    assert sent == [{"type": "done"}] * 3


def test_a_prediction_marks_nothing_and_is_shown_where_the_exercise_is_answered() -> None:
    lesson = mbc.Lesson(2)
    predicted, later = lesson.ask("first-line-2012"), lesson.check("first-line-2012")
    assert isinstance(later, Question)
    predicted.answer(["everolimus", "fulvestrant"])
    assert predicted.page["marked"] is None
    assert predicted.page["predicted"] == later.page["predicted"] == ["fulvestrant", "everolimus + exemestane"]
    later.answer("fulvestrant")
    assert later.page["marked"]
    assert predicted.page["marked"] is None


def test_a_prediction_reaches_every_question_of_its_exercise_whatever_ran_first() -> None:
    lesson = mbc.Lesson(2)
    earlier = lesson.check("first-line-2012")
    lesson.ask("first-line-2012").answer("fulvestrant")
    again, later = lesson.ask("first-line-2012"), lesson.check("first-line-2012")
    assert [each.page["predicted"] for each in (earlier, again, later)] == [["fulvestrant"]] * 3  # type: ignore[union-attr]
    again.answer("exemestane")
    assert [each.page["predicted"] for each in (earlier, later)] == [["exemestane"]] * 2  # type: ignore[union-attr]


def test_an_empty_hand_is_told_to_choose_and_shown_nothing() -> None:
    for question in (mbc.Lesson(2).ask("first-line-2012"), mbc.Lesson(2).again(1)):
        question.answer([])
        assert question.page["error"] == "Choose first, then commit."
        assert question.page["marked"] is None
        assert "predicted" not in question.page


def test_every_word_of_a_choice_is_told_once() -> None:
    for lesson, exercise in EXERCISES:
        labels = [pages.label(each, exercise, K) for each in exercise.choices]
        assert len(set(labels)) == len(labels), f"{lesson.number}/{exercise.id}"


@pytest.mark.parametrize(
    "answer",
    [
        ["Fulvestrant", " exemestane "],
        "fulvestrant, exemestane",
        ("exemestane", "fulvestrant"),
    ],
)
def test_how_an_answer_is_typed_does_not_matter(answer: object) -> None:
    assert mbc.Lesson(2).check("first-line-2012", answer).right  # type: ignore[arg-type, union-attr]


def test_the_regimen_that_a_choice_shows_is_an_answer_as_well() -> None:
    exercise = teaching.exercise_of("first-line-2012", K.lessons[2])
    assert teaching.mark(exercise, "docetaxel + capecitabine", K).taken == {"two-drugs"}


@pytest.mark.parametrize("answer", [42, True, ["fulvestrant", ["exemestane"]], {"fulvestrant": True}, [1, 2]])
def test_what_is_no_answer_says_how_to_write_one(answer: object) -> None:
    with pytest.raises(
        teaching.LessonError, match=r"several in a list, such as .'fulvestrant', 'exemestane'.. There are: "
    ):
        mbc.Lesson(2).check("first-line-2012", answer)  # type: ignore[arg-type]

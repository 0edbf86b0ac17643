"""The exercises of a lesson as a reader answers them: an answer is marked, a prediction is kept and comes back with the question."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from mbc_widgets import teaching
from mbc_widgets.figures import lesson as pages
from mbc_widgets.knowledge import Knowledge, load
from mbc_widgets.records import Exercise

Keep = Callable[[tuple[str, ...]], None]
EMPTY_HAND = "Choose first, then commit."


class Asked:
    """An exercise with its choices; what is committed is marked, and every choice says why.

    One that `predicts` marks nothing: what is committed is kept, and shown again where the exercise is answered. `page` is set anew with
    each change; a subclass that tells somebody makes it a trait or a property.
    """

    page: dict[str, Any]

    def __init__(self, exercise: Exercise, knowledge: Knowledge, *, predicts: bool = False) -> None:
        super().__init__()
        self._exercise, self._knowledge = exercise, knowledge
        self._keep: Keep = self.recall
        self.page = {**pages.exercise(exercise, None, knowledge), "predicts": predicts}

    def kept_by(self, keep: Keep) -> None:
        """Says what takes a prediction: a lesson tells all questions of the same exercise."""
        self._keep = keep

    def answer(self, taken: str | Iterable[str]) -> None:
        """Marks an answer or keeps a prediction, as the button does; never raises, what is wrong with it is on the page."""
        try:
            marked = teaching.mark(self._exercise, taken, self._knowledge)
        except teaching.LessonError as error:
            self.page = {**self.page, "error": str(error)}
            return
        if not marked.taken:  # marks for an empty hand would give it all away
            self.page = {**self.page, "error": EMPTY_HAND}
        elif self.page["predicts"]:
            self._keep(pages.taken(marked, self._knowledge))
        else:
            told = pages.exercise(self._exercise, marked, self._knowledge)
            self.page = {**self.page, "marked": told["marked"], "error": ""}

    def recall(self, prediction: tuple[str, ...]) -> None:
        """Shows the words of the choices that were predicted, in their order."""
        if prediction:
            self.page = {**self.page, "predicted": list(prediction), "error": ""}


Kind = TypeVar("Kind", bound=Asked)


class Reading(Generic[Kind]):
    """One lesson as one person reads it: its questions, each made by `kind`, and what was predicted.

    Args:
        number: of the lesson, from 1.
        kind: makes a question from an exercise. knowledge: a changed edition; the shipped one when omitted.

    Raises:
        LessonError: there is no such lesson; the text lists them.
    """

    def __init__(self, number: int, kind: Callable[..., Kind], knowledge: Knowledge | None = None) -> None:
        self._knowledge = knowledge or load()
        self._kind = kind
        self._lesson = teaching.lesson_of(number, self._knowledge)
        self._predicted: dict[str, tuple[str, ...]] = {}
        self._questions: dict[str, list[Kind]] = {}

    def question(self, exercise: str, *, predicts: bool) -> Kind:
        """Give an exercise of this lesson as a question.

        Raises:
            LessonError: there is no exercise of this name.
        """
        asked = self._kind(teaching.exercise_of(exercise, self._lesson), self._knowledge, predicts=predicts)
        self._questions.setdefault(exercise, []).append(asked)
        asked.kept_by(lambda prediction: self._keep(exercise, prediction))
        asked.recall(self._predicted.get(exercise, ()))
        return asked

    def _keep(self, exercise: str, prediction: tuple[str, ...]) -> None:
        """Tells every question of the exercise what was predicted: cells run in any order, and again."""
        self._predicted[exercise] = prediction
        for asked in self._questions[exercise]:
            asked.recall(prediction)

    def again(self, place: int) -> Kind:
        """Give a question of an earlier lesson, the first, second or third that comes again here.

        Raises:
            LessonError: there are fewer.
        """
        names = self._lesson.retrieval
        if type(place) is not int or not 1 <= place <= len(names):
            raise teaching.LessonError(
                f"Lesson {self._lesson.number} has {len(names)} questions of earlier lessons; {place!r} is none of them."
            )
        return self._kind(teaching.retrieved(names[place - 1], self._knowledge), self._knowledge, predicts=False)

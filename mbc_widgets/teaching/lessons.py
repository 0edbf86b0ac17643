"""Lessons at work: which choices of an exercise are right, worked out from the knowledge, and what is made of an answer.

Nothing here knows words or widgets; a right answer that changes with the knowledge changes the lesson with it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from mbc_widgets.conditions import nearest
from mbc_widgets.evidence import primary_assessor
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.patient import read_patient
from mbc_widgets.records import Choice, Exercise, Lesson, Result
from mbc_widgets.slips import Slip
from mbc_widgets.workbook import View, look

EVERYBODY = "ITT"  # as the data name the whole trial


class LessonError(Slip):
    """An answer, an exercise or a lesson that is not there; the text says what is."""


@dataclass(frozen=True, kw_only=True)
class Marked:
    """What is made of an answer: the choices that were taken, those that are right, and whether the two are the same."""

    exercise: Exercise
    taken: frozenset[str]
    right: frozenset[str]

    @property
    def solved(self) -> bool:
        """Say whether exactly the right choices were taken; nothing taken solves nothing."""
        return bool(self.taken) and self.taken == self.right


def lesson_of(number: int, knowledge: Knowledge) -> Lesson:
    """Give a lesson by its number.

    Raises:
        LessonError: there is none; the text lists them.

    """
    if type(number) is not int or number not in knowledge.lessons:
        listed = "; ".join(f"{each.number} {each.title}" for each in knowledge.lessons.values())
        hint = "" if type(number) is int else "; write its number alone"
        raise LessonError(f"There is no lesson {number!r}{hint}. There are: {listed}.")
    return knowledge.lessons[number]


def exercise_of(name: str, lesson: Lesson) -> Exercise:
    """Give an exercise of a lesson.

    Raises:
        LessonError: there is none; the text names the nearest and all.

    """
    found = {each.id: each for each in lesson.exercises}
    if not isinstance(name, str) or name not in found:
        raise LessonError(
            f"Lesson {lesson.number} has no exercise {name!r}{nearest(name, found)} There are: {', '.join(found)}."
        )
    return found[name]


def retrieved(name: str, knowledge: Knowledge) -> Exercise:
    """Give the exercise of an earlier lesson that "2/first-line" names."""
    number, _, exercise = name.partition("/")
    return exercise_of(exercise, lesson_of(int(number), knowledge))


def person_of(exercise: Exercise, knowledge: Knowledge, choice: Choice | None = None) -> View | None:
    """Give the view of the person an exercise is about, with the change and on the day of one choice; None where it is about nobody."""
    about = exercise.about
    if about is None:
        return None
    scenario = knowledge.scenarios[about.scenario]
    raw = {**scenario["patient"], **about.patient, **(choice.patient if choice else {})}
    day = (choice.day if choice else None) or about.day or scenario.get("day") or knowledge.edition.current_day
    regulator = about.regulator or scenario.get("regulator") or knowledge.edition.default_regulator
    patient = read_patient(raw, knowledge.vocabulary, frozenset(knowledge.agents))
    return look(patient, day=day, regulator=regulator, knowledge=knowledge)


def mark(exercise: Exercise, answer: str | Iterable[str], knowledge: Knowledge) -> Marked:
    """Give what is made of an answer: one id of a choice, or several.

    Raises:
        LessonError: it names a choice that is not there.

    """
    taken = frozenset(_choice(name, exercise) for name in _names(answer, exercise))
    return Marked(exercise=exercise, taken=taken, right=right_choices(exercise, knowledge))


def _names(answer: object, exercise: Exercise) -> list[str]:
    """Give the names of an answer: one text, also with commas, or several texts."""
    names = answer.split(",") if isinstance(answer, str) else answer
    if isinstance(names, Iterable) and not isinstance(names, Mapping):
        listed = [*names]
        if all(isinstance(name, str) for name in listed):
            return [name.strip() for name in listed]
    known = [each.id for each in exercise.choices]
    raise LessonError(
        f"{exercise.id}: {answer!r} is no answer; write one name in quotes, or several in a list,"
        f" such as [{known[0]!r}, {known[1]!r}]. There are: {', '.join(known)}."
    )


def _choice(name: str, exercise: Exercise) -> str:
    """Give the id of the choice of this name; a capital letter is no mistake, nor is the regimen that only one choice names."""
    ids = {each.id.casefold(): each.id for each in exercise.choices}
    bare = name.casefold().replace(" ", "")
    of_regimen = [each.id for each in exercise.choices if each.regimen and each.regimen.casefold() == bare]
    if name.casefold() in ids:
        return ids[name.casefold()]
    if len(of_regimen) == 1:
        return of_regimen[0]
    known = [*ids.values()]
    raise LessonError(
        f"{exercise.id}: there is no choice {name!r}{nearest(name, known)} There are: {', '.join(known)}."
    )


def right_choices(exercise: Exercise, knowledge: Knowledge) -> frozenset[str]:
    """Give the ids of the right choices."""
    return frozenset(WAYS[exercise.solved](exercise, knowledge))


def _offered(exercise: Exercise, knowledge: Knowledge) -> Iterator[str]:
    offered = _seen(exercise, knowledge).offered()
    return (each.id for each in exercise.choices if each.regimen in offered)


def _first(exercise: Exercise, knowledge: Knowledge) -> Iterator[str]:
    offered = _seen(exercise, knowledge).offered()
    found = [each for each in exercise.choices if each.regimen in offered]
    yield from (each.id for each in sorted(found, key=lambda each: offered.index(str(each.regimen)))[:1])


def _opens(exercise: Exercise, knowledge: Knowledge) -> Iterator[str]:
    return (each.id for each in exercise.choices if exercise.regimen in _seen(exercise, knowledge, each).offered())


def _since(exercise: Exercise, knowledge: Knowledge) -> Iterator[str]:
    days = sorted(exercise.choices, key=lambda each: each.day or "")
    open_then = (each.id for each in days if exercise.regimen in _seen(exercise, knowledge, each).offered())
    yield from (each for each in [next(open_then, "")] if each)


def _longer(exercise: Exercise, knowledge: Knowledge) -> Iterator[str]:
    for each in exercise.choices:
        ratio = result_of(each, knowledge).hazard_ratio
        if ratio is not None and ratio.high is not None and ratio.high < 1:
            yield each.id


def _judged(exercise: Exercise, knowledge: Knowledge) -> Iterator[str]:  # noqa: ARG001 - as every way
    return (each.id for each in exercise.choices if each.right)


# By `Exercise.solved`: the ids of the right choices.
WAYS: Mapping[str, Callable[[Exercise, Knowledge], Iterable[str]]] = {
    "offered": _offered,
    "first": _first,
    "opens": _opens,
    "since": _since,
    "longer": _longer,
    "judged": _judged,
}


def _seen(exercise: Exercise, knowledge: Knowledge, choice: Choice | None = None) -> View:
    view = person_of(exercise, knowledge, choice)
    if view is None:
        raise LessonError(f"{exercise.id}: solved by '{exercise.solved}', so it needs the person it is about.")
    return view


def result_of(choice: Choice, knowledge: Knowledge) -> Result:
    """Give the newest read result of the trial and endpoint that a choice names, with a hazard ratio.

    Raises:
        LessonError: there is none.

    """
    trial, wanted = knowledge.trial(str(choice.trial)), {choice.population or EVERYBODY, choice.population}
    primary = {primary_assessor(trial), None}
    found = [
        each
        for each in trial.results
        if each.endpoint == choice.endpoint and each.population in wanted and each.hazard_ratio
    ]
    if not found:
        there = sorted(
            {f"{each.endpoint} in {each.population or EVERYBODY}" for each in trial.results if each.hazard_ratio}
        )
        asked = f"{choice.endpoint} in {choice.population or EVERYBODY}"
        raise LessonError(
            f"{choice.id}: {trial.id} has no hazard ratio of {asked}; it has {', '.join(there) or 'none'}."
        )
    return max(found, key=lambda each: (each.verified == "seen", each.assessor in primary, each.reported))


def unsound(lesson: Lesson, knowledge: Knowledge) -> Iterator[str]:
    """Give the exercises of a lesson that cannot be asked: no choice is right, or every one."""
    for exercise in lesson.exercises:
        try:
            right = right_choices(exercise, knowledge)
        except LessonError as error:
            yield f"{exercise.id}: {error}"
            continue
        if not right or len(right) == len(exercise.choices):
            found = "every choice is" if right else "no choice is"
            yield f"{exercise.id}: {found} right by today's knowledge; change the choices"

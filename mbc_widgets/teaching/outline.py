"""A lesson as its notebook tells it: sections in their order with their exercises and trials, what to remember, and a plan of the minutes.

The notebook is the one place where these are written, so whatever is printed for a teacher is read from it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mbc_widgets.records import Lesson
from mbc_widgets.teaching.lessons import LessonError

EARLIER, LAST = "From earlier lessons", "Take away"  # the headings that every lesson has
EXERCISE = re.compile(r'lesson\.(?:ask|check)\("([\w-]+)"')
TRIAL = re.compile(r'mbc\.trial\("([\w-]+)"\)')
OPENING, EACH_RETRIEVAL, CLOSE = 2, 2, 6  # minutes; the close has the take-away and a question to discuss


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a lesson: its heading, and the ids of the exercises that are first met in it and of the trials that it shows."""

    title: str
    exercises: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outline:
    """The sections of a lesson, and the sentences to take away from it."""

    sections: tuple[Section, ...]
    remember: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of the plan of a lesson: when it begins, how long it takes (minutes), and what is done in it."""

    begins: int
    minutes: int
    title: str
    exercises: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()


def outline(notebook: Mapping[str, Any], lesson: Lesson) -> Outline:
    """Give the outline of a lesson from its notebook as JSON.

    Raises:
        LessonError: an exercise of the lesson is not in the notebook.

    """
    parts = _parts(notebook)
    met: set[str] = set()
    sections = []
    for title, _, code in parts:
        exercises = [name for name in dict.fromkeys(EXERCISE.findall(code)) if name not in met]
        met.update(exercises)
        if title not in {EARLIER, LAST}:
            trials = tuple(dict.fromkeys(TRIAL.findall(code)))
            sections.append(Section(title=title, exercises=tuple(exercises), trials=trials))
    missing = [each.id for each in lesson.exercises if each.id not in met]
    if missing:
        raise LessonError(f"The notebook of lesson {lesson.number} does not ask {', '.join(missing)}.")
    last = "\n".join(text for title, text, _ in parts if title == LAST)
    return Outline(sections=tuple(sections), remember=tuple(re.findall(r"^- (.+)$", last, re.MULTILINE)))


def _parts(notebook: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Give heading, text and code of each part that begins with a heading of the second level."""
    parts: list[tuple[str, list[str], list[str]]] = []
    for kind, line in _lines(notebook):
        if kind == "markdown" and line.startswith("## "):
            parts.append((line.removeprefix("## ").strip(), [], []))
        elif parts:
            _, text, code = parts[-1]
            (text if kind == "markdown" else code).append(line)
    return [(title, "\n".join(text), "\n".join(code)) for title, text, code in parts]


def _lines(notebook: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for cell in notebook["cells"]:
        for line in "".join(cell["source"]).splitlines():
            yield cell["cell_type"], line


def trials_of(lesson: Lesson, outlined: Outline) -> tuple[str, ...]:
    """Give the ids of the trials that a lesson teaches: those that its notebook shows, and those that its exercises ask of."""
    shown = [trial for section in outlined.sections for trial in section.trials]
    asked = [choice.trial for exercise in lesson.exercises for choice in exercise.choices if choice.trial]
    return tuple(dict.fromkeys([*shown, *asked]))


def plan(lesson: Lesson, outlined: Outline) -> tuple[Step, ...]:
    """Give the steps of a lesson; their minutes add up to those of the lesson.

    What opening, retrieval and close leave is shared among the sections by what there is to answer and to read in them.

    Raises:
        LessonError: the lesson is too short for its sections.

    """
    retrieval = EACH_RETRIEVAL * len(lesson.retrieval)
    rest = lesson.minutes - OPENING - retrieval - CLOSE
    if rest < len(outlined.sections):
        raise LessonError(f"Lesson {lesson.number}: {lesson.minutes} minutes are too few for its sections.")
    steps: list[tuple[str, int, tuple[str, ...], tuple[str, ...]]]
    steps = [("The person, the objectives, how to answer", OPENING, (), ())]
    steps += [(EARLIER, retrieval, lesson.retrieval, ())] if retrieval else []
    shares = _shared(rest, [2 + 4 * len(each.exercises) + len(each.trials) for each in outlined.sections])
    steps += [
        (each.title, minutes, each.exercises, each.trials)
        for each, minutes in zip(outlined.sections, shares, strict=True)
    ]
    steps += [(f"{LAST}, and a question to discuss", CLOSE, (), ())]
    begins = [sum(minutes for _, minutes, *_ in steps[:index]) for index in range(len(steps))]
    return tuple(
        Step(begins=begin, minutes=minutes, title=title, exercises=exercises, trials=trials)
        for begin, (title, minutes, exercises, trials) in zip(begins, steps, strict=True)
    )


def _shared(minutes: int, weights: list[int]) -> list[int]:
    """Give whole minutes by weight, at least one each, that add up (largest remainders)."""
    free, whole = minutes - len(weights), sum(weights)
    shares = [1 + free * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: -(free * weights[index] % whole))
    for index in by_remainder[: minutes - sum(shares)]:
        shares[index] += 1
    return shares

"""The map of a lesson as data, for one sheet of paper: its questions in their order, its trials, and what to remember. No answers."""

from collections.abc import Mapping
from typing import Any

from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Lesson
from mbc_widgets.teaching import Outline, exercise_of, trials_of


def lesson_map(lesson: Lesson, outline: Outline, slides: Mapping[str, str], knowledge: Knowledge) -> dict[str, Any]:
    """Give the map; `slides` gives the address of the person of an exercise, by "number/exercise"."""
    return {
        "number": lesson.number,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "edition": knowledge.edition.id,
        "path": [
            {
                "title": section.title,
                "questions": [
                    {"ask": exercise_of(name, lesson).ask, "slide": slides.get(f"{lesson.number}/{name}", "")}
                    for name in section.exercises
                ],
            }
            for section in outline.sections
        ],
        "trials": [_trial(name, knowledge) for name in trials_of(lesson, outline)],
        "remember": list(outline.remember),
    }


def _trial(name: str, knowledge: Knowledge) -> dict[str, str]:
    """Give the name of a trial and what was compared in it; no result, which the learner adds."""
    trial = knowledge.trial(name)
    return {"name": trial.name, "arms": " v ".join(arm.name for arm in trial.arms)}

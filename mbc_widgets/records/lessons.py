"""Lessons: objectives, and exercises whose right answers are worked out from the knowledge, or rest on one place of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mbc_widgets.records.base import Day, Regulator, Strict
from mbc_widgets.records.teaching import Ground

Solved = Literal["offered", "first", "opens", "since", "longer", "judged"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Objective(Strict):
    """What a learner can do after the lesson."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class About(Strict):
    """The invented person an exercise is about: a scenario with changes, seen on a day under a regulator (the scenario's when omitted)."""

    scenario: str
    patient: Mapping[str, Any] = field(default_factory=dict)
    day: Day | None = None
    regulator: Regulator | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice(Ground):
    """One answer. What it needs depends on how the exercise is solved; `right` and `why` are written only for `judged`.

    `regimen` for offered and first, `patient` (a change) for opens, `day` for since, `trial` with `endpoint` and
    `population` for longer.
    """

    id: str
    label: str = ""
    regimen: str | None = None
    patient: Mapping[str, Any] = field(default_factory=dict)
    day: Day | None = None
    endpoint: str | None = None
    population: str | None = None
    right: bool | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exercise(Strict):
    """A question with choices, and how the right ones are found.

    offered: regimens that the rules offer. first: the one of the choices that comes first. opens: changes that make `regimen`
    offered. since: the first of the days on which `regimen` is offered. longer: results whose confidence interval lies wholly
    in favour of the experimental arm. judged: written by hand, each choice with its ground.
    """

    id: str
    objective: str
    ask: str
    solved: Solved
    choices: tuple[Choice, ...]
    about: About | None = None
    regimen: str | None = None
    hint: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Discussion(Strict):
    """A question for a room, without a right answer; `debate` names the open debate whose sides the teacher's guide prints with it."""

    ask: str
    debate: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson(Strict):
    """A lesson: `retrieval` names exercises of earlier lessons, "number/exercise", that come again at its start.

    `discuss` is for the teacher's guide alone.
    """

    id: str
    number: int
    title: str
    minutes: int
    objectives: tuple[Objective, ...]
    exercises: tuple[Exercise, ...]
    retrieval: tuple[str, ...] = ()
    discuss: tuple[Discussion, ...] = ()

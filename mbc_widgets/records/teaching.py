"""Teaching cases: an invented patient from decision to decision, with what a good reason would name.

No expected answer is written here. Whether a choice is offered, waits or is not offered, and why, is what the rules say of
the patient on the day; a case tells the story, offers choices, and points into the knowledge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mbc_widgets.records.base import Regulator, Strict, Tree

BASES = ("when", "field", "statement", "rule", "trial", "debate")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground(Strict):
    """The one place of the knowledge that something rests on; what it says is taken from there.

    `when` is a condition on the facts of the patient, `field` an entry of the vocabulary, the others are ids.
    """

    when: Tree = None
    field: str | None = None
    statement: str | None = None
    rule: str | None = None
    trial: str | None = None
    debate: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Point(Ground):
    """What a good reason names, and its ground; a debate is never missed: it is open.

    `words` are regular expressions that show it, read without regard to case.
    """

    id: str
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CommonError(Ground):
    """A choice that learners often make here, and why it does not fit: one sentence beside what the rules say.

    It has a ground, or rests on the verdict alone.
    """

    choice: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Item(Strict):
    """A script-concordance item: a regimen that one is thinking of, then a finding; does it become less or more fitting?

    `patient` is what the finding changes in the patient of the decision, on the same day. No answer is written: the rules say where
    the regimen stands before and after, and a lecturer's panel may have voted.
    """

    id: str
    thinking: str
    finding: str
    patient: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision(Strict):
    """One decision: what happens, what is new about the patient, which choices are shown, what a good reason names.

    `patient` says what changes: fields take the place of earlier ones, samples and therapies are added (a therapy with the start and
    drugs of an earlier one takes its place), `seen_on` is the day of the visit and of the knowledge. `then` tells what the story does next.
    """

    id: str
    title: str
    story: str
    choices: tuple[str, ...]
    points: tuple[Point, ...]
    then: str
    patient: Mapping[str, Any] = field(default_factory=dict)
    common_errors: tuple[CommonError, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class TeachingCase(Strict):
    """A case: `patient` is the raw history at the first decision, as a scenario has it; `invented` says so aloud."""

    id: str
    title: str
    objectives: tuple[str, ...]
    invented: bool
    regulator: Regulator
    patient: Mapping[str, Any]
    decisions: tuple[Decision, ...]
    ending: str

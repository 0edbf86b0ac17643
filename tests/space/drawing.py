"""Millions of consistent patients, drawn as facts.

Fields that depend on one another (history, receptors, sex, menopause, sites and the like) come from a pool of patients who
passed the real checks and the real derivation. Every other field is drawn beside them, on its own; each state of a word
and each side of a limit is as likely as the next, so rare findings are not rare here.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np

from mbc_widgets.columns import UNKNOWN, Codes, Column, ColumnPlanes, Members, columns
from mbc_widgets.conditions import Tree
from mbc_widgets.facts import facts
from mbc_widgets.knowledge import Knowledge, Snapshot
from mbc_widgets.neighbours import thresholds
from mbc_widgets.patient import Patient, PatientError, Therapy
from mbc_widgets.records import Field
from tests.test_facts import random_patient

POOLED = frozenset({
    "age_years", "sex", "menopausal_status", "ovarian_suppression", "gonadal_suppression_man", "pregnancy", "presentation", "sites",
    "lesion_count", "all_lesions_locally_treatable", "brain_state", "visceral_crisis", "autoimmune_disease", "transplant",
    "prior_immune_toxicity_grade", "pdl1_cps",
})  # fmt: skip
KNOWN_SHARE = 0.85  # of a result that may be unknown
ANTHRACYCLINE_DOSES = (100, 200, 300, 390, 399, 400, 401, 440, 450, 539, 540, 541, 549, 550, 551, 600, 899, 900, 901)
USUAL_SHARE = 0.7  # of a finding that stands at its usual state unless somebody says otherwise


@dataclass(frozen=True)
class Pool:
    """Patients who passed the checks, as facts, and how many that were drawn did not."""

    states: tuple[Mapping[str, Any], ...]
    drawn: int


def pool(size: int, snapshot: Snapshot, seed: int) -> Pool:
    """Give `size` patients by the definitions of the snapshot's day."""
    r = random.Random(seed)  # noqa: S311 - test data
    knowledge = snapshot.knowledge
    fields = [knowledge.vocabulary[name] for name in sorted(POOLED)]
    states: list[Mapping[str, Any]] = []
    drawn = 0
    while len(states) < size:
        drawn += 1
        found = {f.id: value for f in fields if (value := _value(f, r, knowledge)) is not None}
        try:
            patient = _with_more_history(random_patient(r), r, knowledge).replace(**found)
        except PatientError:
            continue
        states.append(facts(patient, snapshot).values)
    return Pool(states=tuple(states), drawn=drawn)


def _with_more_history(patient: Patient, r: random.Random, knowledge: Knowledge) -> Patient:
    """Add lines of any regimen of the library, and anthracycline doses on both sides of each limit: rare pasts are not rare here."""
    day = patient.seen_on
    regimens = list(knowledge.regimens.values())
    more = []
    for _ in range(r.choice([0, 1, 1, 2])):
        day -= timedelta(days=r.choice([30, 100, 200, 400]))
        agents = r.choice(regimens).agents
        dose = r.choice(ANTHRACYCLINE_DOSES) if {"doxorubicin", "epirubicin"} & set(agents) else None
        more.append(
            Therapy(
                agents=agents, setting="metastatic", start=day - timedelta(days=r.choice([20, 90, 300])), stop=day,
                stop_reason=r.choice(["progression", "progression", "toxicity"]), dose_mg_m2=dose,
            )
        )  # fmt: skip
    therapies = sorted([*patient.prior_therapies, *more], key=lambda t: t.start)
    return replace(patient, prior_therapies=tuple(therapies), first_metastatic_day=None)


def _value(entry: Field, r: random.Random, knowledge: Knowledge) -> Any:
    """Give a value for a finding, or None for "not given"."""
    if r.random() < USUAL_SHARE / 2:
        return None
    if entry.kind == "flag":
        return r.random() < 0.5
    if entry.kind == "set":
        return frozenset(r.sample(sorted(entry.states), r.randint(0, 3)))
    if entry.kind == "number":
        return r.choice(points(entry, knowledge))
    return r.choice(sorted(entry.states))


def points(entry: Field, knowledge: Knowledge) -> tuple[float, ...]:
    """Give the values on both sides of every limit that anything reads, within what may be entered."""
    low, high = entry.minimum or 0, entry.maximum or 1000
    read = thresholds(knowledge).get(entry.id, ())
    usual = [] if entry.if_not_given == "unknown" else [float(entry.if_not_given)]
    return tuple(sorted({low, high, *usual, *(point for point in read if low <= point <= high)}))


class Space(ColumnPlanes):
    """`count` states: each of the pool stands for a run of them, the other fields are drawn for each state alone.

    `usual` is the share of findings at their usual state; with 0 every state is as likely as the next.
    """

    def __init__(
        self, count: int, people: Pool, knowledge: Knowledge, seed: int, *, usual: float = USUAL_SHARE
    ) -> None:
        super().__init__(count, {})
        self.vocabulary = knowledge.vocabulary
        self._place = np.arange(count) * len(people.states) // count
        self._pooled = ColumnPlanes(len(people.states), columns(people.states, knowledge.vocabulary))
        rng = np.random.default_rng(seed)
        free = [f for f in knowledge.vocabulary.values() if not f.derived and f.id not in POOLED]
        self._free: dict[str, Column] = {f.id: _column(f, count, rng, knowledge, usual) for f in free}
        self._values = self._free

    @property
    def free(self) -> frozenset[str]:
        """Give the fields that are drawn on their own."""
        return frozenset(self._free)

    def states_of(self, name: str) -> np.ndarray[Any, Any]:
        """Give the state of a field drawn on its own as a small number; unknown is a state too."""
        column = self._free[name]
        if isinstance(column, Codes):
            return column.at.astype(np.int64) + 1
        assert not isinstance(column, Members)
        return np.unique(np.nan_to_num(column, nan=-1), return_inverse=True)[1]

    def _answer(self, atom: Tree) -> tuple[Any, Any]:
        if atom[1] in self._free:
            return super()._answer(atom)
        return tuple(np.packbits(self._pooled.unpacked(plane)[self._place]) for plane in self._pooled.of(atom))  # type: ignore[return-value]


def _column(entry: Field, count: int, rng: np.random.Generator, knowledge: Knowledge, share: float) -> Column:
    usual = rng.random(count) < share
    may_be_unknown = entry.if_not_given == "unknown"
    if entry.kind == "number":
        values = np.array(points(entry, knowledge))[rng.integers(0, len(points(entry, knowledge)), count)]
        if may_be_unknown:
            values[rng.random(count) > KNOWN_SHARE] = np.nan
        else:
            values[usual] = float(entry.if_not_given)
        return values
    if entry.kind == "set":
        return _members(entry, count, rng)
    words = (False, True) if entry.kind == "flag" else tuple(entry.states)
    codes = rng.integers(0, len(words), count).astype(np.int8)
    codes[rng.random(count) > KNOWN_SHARE if may_be_unknown else usual] = (
        UNKNOWN if may_be_unknown else words.index(entry.if_not_given)
    )
    return Codes(words=words, at=codes)


def _members(entry: Field, count: int, rng: np.random.Generator) -> Column:
    names = tuple(entry.states)
    chosen = rng.integers(0, len(names) * 3, count)  # one member, or in two of three states none
    return Members(known=np.ones(count, bool), of={name: chosen == place for place, name in enumerate(names)})

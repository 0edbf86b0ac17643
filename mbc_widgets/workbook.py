"""The whole job in one call: `look(patient, day=..., regulator=..., body=...)` gives the `View` that everything else shows."""

from dataclasses import dataclass
from typing import Any

from mbc_widgets.branches import TestPoint, test_points
from mbc_widgets.conditions import nearest
from mbc_widgets.eligibility import NOT_OFFERED, OFFERED, Option, options, supportive
from mbc_widgets.evidence import Row, rows
from mbc_widgets.facts import Facts, facts
from mbc_widgets.knowledge import Knowledge, Snapshot, load
from mbc_widgets.patient import Patient, read_patient
from mbc_widgets.prompts import Prompt, debates, no_trial, prompts, warnings
from mbc_widgets.ranking import in_guideline_order
from mbc_widgets.records import Debate
from mbc_widgets.sequences import Sequence, plan
from mbc_widgets.slips import UnknownNameError
from mbc_widgets.timeline import Bar, timeline


@dataclass(frozen=True, kw_only=True, repr=False)
class View:
    """One patient on one day under one regulator, by all its guideline bodies or by one, with every answer."""

    patient: Patient
    snapshot: Snapshot
    facts: Facts
    options: tuple[Option, ...]
    supportive: tuple[Option, ...]
    sequences: tuple[Sequence, ...]
    lanes: tuple[tuple[Bar, ...], ...]
    tests: tuple[TestPoint, ...]
    prompts: tuple[Prompt, ...]
    warnings: tuple[Prompt, ...]
    debates: tuple[Debate, ...]

    def __repr__(self) -> str:
        """Say who, when and where, and how to see more: the whole value fills pages."""
        who = self.patient.name or "Patient"
        asked = f"{who}, {self.snapshot.day}, {self.snapshot.regulator}"
        return f'<View: {asked}; {len(self.offered())} regimens offered. mbc.show(view, "offered") lists them>'

    def offered(self) -> tuple[str, ...]:
        """Give the ids of the offered regimens, in guideline order."""
        return tuple(option.regimen.id for option in in_guideline_order(self.options))

    def option(self, regimen: str) -> Option | None:
        """Give the option of a regimen, or None when it cannot concern this patient."""
        return next((option for option in self.options if option.regimen.id == regimen), None)

    def evidence(self, regimen: str) -> tuple[Row, ...]:
        """Give the dated trial rows of a regimen, best fitting first."""
        return rows(regimen, self.facts, self.snapshot)


def look(
    patient: Patient,
    *,
    day: str | None = None,
    regulator: str | None = None,
    body: str | None = None,
    knowledge: Knowledge | None = None,
) -> View:
    """Give the view of `patient` with the knowledge of `day` (ISO; the edition's day when omitted) under `regulator`.

    With `body`, of all guidelines only those of this body open and order (those of every body of the region when omitted).

    Raises:
        ValueError: no patient, no day, the day or the regulator is outside this edition, or the body has no word there.

    """
    if not isinstance(patient, Patient):
        raise ValueError(  # noqa: TRY004 - to whoever calls it every wrong word of a call is the same error
            f'patient: {patient!r:.60} is no patient; take one with mbc.scenario("luminal-2012")[0], or make one with mbc.patient({{...}})'
        )
    known = knowledge or load()
    snapshot = known.on(day or known.edition.current_day, regulator or known.edition.default_regulator, body or "")
    state = facts(patient, snapshot)
    listed = options(state, snapshot)
    sequences = plan(state, snapshot)
    offered = [option.regimen.id for option in listed if option.verdict == OFFERED]
    return View(
        patient=patient,
        snapshot=snapshot,
        facts=state,
        options=listed,
        supportive=supportive(state, snapshot),
        sequences=sequences,
        lanes=tuple(timeline(sequence, patient, known) for sequence in sequences),
        tests=test_points(listed, snapshot),
        prompts=prompts(state, snapshot),
        warnings=(
            *warnings(patient, state, snapshot),
            *_unguided(listed, snapshot),
            *no_trial(offered, state, snapshot),
        ),
        debates=tuple(debate for debate in debates(state, snapshot) if _is_about(debate, listed)),
    )


def _unguided(listed: tuple[Option, ...], snapshot: Snapshot) -> tuple[Prompt, ...]:
    """Say that no guideline that is heard here and was read speaks to what is offered: the order is then that of licences."""
    offered = [option for option in listed if option.verdict == OFFERED]
    if any(option.statements_here for option in offered):
        return ()
    if snapshot.body:
        name = snapshot.knowledge.bodies[snapshot.body].word
        text = f"{name} says nothing, in a text that was read, on what is offered to this patient on this day: the order rests on licences alone."
        closed = f"Of guidelines only those of {name} are heard; no text of them that was read opens a drug for this patient on this day."
        return (Prompt(code="no-guideline", text=text if offered else closed),)
    if not offered:
        return ()
    text = f"No guideline for {snapshot.regulator} that was read here speaks to what is offered on this day: the order rests on licences and other bodies."
    return (Prompt(code="no-guideline", text=text),)


def _is_about(debate: Debate, listed: tuple[Option, ...]) -> bool:
    """Say whether a debate is about anything that is open to this patient here."""
    live = [option.regimen for option in listed if option.verdict != NOT_OFFERED]
    return any({regimen.id, regimen.variant_of, *regimen.groups} & set(debate.covers) for regimen in live)


def patient(raw: Any, knowledge: Knowledge | None = None) -> Patient:
    """Give the checked patient in `raw` (the `patient` part of a scenario).

    Raises:
        PatientError: every problem at once.

    """
    known = knowledge or load()
    return read_patient(raw, known.vocabulary, frozenset(known.agents))


def scenario(name: str, knowledge: Knowledge | None = None) -> tuple[Patient, str, str]:
    """Give (patient, day, regulator) of a teaching scenario.

    Raises:
        UnknownNameError: no such scenario; the message lists them.

    """
    known = knowledge or load()
    if name not in known.scenarios:
        message = f"no scenario '{name}'{nearest(name, known.scenarios)} There are: {', '.join(known.scenarios)}"
        raise UnknownNameError(message)
    raw = known.scenarios[name]
    day, regulator = (
        raw.get("day", known.edition.current_day),
        raw.get("regulator", known.edition.default_regulator),
    )
    return patient(raw["patient"], known), day, regulator

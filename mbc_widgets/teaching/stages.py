"""The patient of a case at each decision, and what the engine says of that state on that day."""

from functools import cache, lru_cache

from mbc_widgets.knowledge import Knowledge
from mbc_widgets.patient import Patient, read_patient
from mbc_widgets.patient.story import at_visit
from mbc_widgets.workbook import View, look

KEPT = 16  # views: one is some hundred kB


@cache
def patient_at(case: str, decision: int, knowledge: Knowledge) -> Patient:
    """Give the patient of a case at a decision, counted from 0."""
    told = knowledge.teaching_cases[case]
    raw = at_visit(told.patient, [each.patient for each in told.decisions[: decision + 1]])
    return read_patient(raw, knowledge.vocabulary, frozenset(knowledge.agents))


@lru_cache(maxsize=KEPT)
def view_at(case: str, decision: int, knowledge: Knowledge) -> View:
    """Give the view of a case at a decision, on the day of the visit under the regulator of the case."""
    patient = patient_at(case, decision, knowledge)
    regulator = knowledge.teaching_cases[case].regulator
    return look(patient, day=patient.seen_on.isoformat(), regulator=regulator, knowledge=knowledge)

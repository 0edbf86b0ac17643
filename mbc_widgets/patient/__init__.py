"""The patient as raw history: receptor samples, past therapies and findings, checked and frozen.

Comes in: a mapping as a scenario file holds it. Goes out: a `Patient`. Nothing is derived here; `facts` does that.
Contradictions (a premenopausal man, a stop before a start) are refused, all of them at once; unusual but real input
(a drug before its licence) passes and is warned about later. The day of the visit is `seen_on`; the day of the
knowledge is another thing and never stored here.
"""

from mbc_widgets.patient.history import (
    DAYS_PER_MONTH,
    METHODS,
    RESPONSES,
    SETTINGS,
    STOP_REASONS,
    TISSUES,
    PatientError,
    Sample,
    Therapy,
    months_between,
    read_day,
)
from mbc_widgets.patient.person import Patient
from mbc_widgets.patient.reading import read_patient

__all__ = [
    "DAYS_PER_MONTH",
    "METHODS",
    "RESPONSES",
    "SETTINGS",
    "STOP_REASONS",
    "TISSUES",
    "Patient",
    "PatientError",
    "Sample",
    "Therapy",
    "months_between",
    "read_day",
    "read_patient",
]

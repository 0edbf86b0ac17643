"""Which harms this patient already has or is prone to: a finding, and the events of trials that it meets.

Comes in: the values of the patient. Goes out: for an event, the findings that light it up. Judgement: it opens and closes nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Concern:
    """A finding that makes some events weigh more: words of their names, and whether this patient has it."""

    says: str
    events: tuple[str, ...]
    holds: Callable[[Values], bool]


def _has(name: str, *harmless: object) -> Callable[[Values], bool]:
    """Give a test: the finding is told and is none of the harmless ones."""
    return lambda values: values.get(name) not in {None, False, "none", "negative", *harmless}


def _above(name: str, limit: float) -> Callable[[Values], bool]:
    return lambda values: values.get(name, limit) > limit


def _below(name: str, limit: float) -> Callable[[Values], bool]:
    return lambda values: values.get(name, limit) < limit


def _taxane(values: Values) -> bool:
    return bool({"paclitaxel", "docetaxel", "nab-paclitaxel"} & set(values.get("agents_given", ())))


NERVES, LUNG = ("neuropathy", "neurotoxicity"), ("interstitial lung", "pneumonitis")
HEART = ("heart failure", "cardiac", "ejection fraction", "ventricular")
QT, SUGAR, CLOT = ("qt",), ("hyperglycaemia", "glucose"), ("thromboembol", "pulmonary embol", "thrombosis")
BOWEL, WHITE, RED = ("diarrhoea", "colitis"), ("neutropenia", "neutrophils", "leukopenia"), ("anaemia", "haemoglobin")
PLATELETS, LIVER = ("thrombocytopenia", "platelets"), ("alt ", "ast ", "alt increased", "ast increased", "hepato")
CONCERNS = (
    Concern(says="has neuropathy", events=NERVES, holds=_above("neuropathy_grade", 0)),
    Concern(says="numb hands would matter", events=NERVES, holds=_has("neuropathy_matters")),
    Concern(says="had a taxane", events=NERVES, holds=_taxane),
    Concern(says="hair loss matters", events=("alopecia",), holds=_has("hair_loss_matters")),
    Concern(says="lung inflammation, past or active", events=LUNG, holds=_has("lung_disease")),
    Concern(says="heart failure", events=HEART, holds=_has("heart_failure")),
    Concern(says="LVEF below 50 %", events=HEART, holds=_below("lvef_percent", 50)),
    Concern(says="radiotherapy to the heart field", events=HEART, holds=_has("chest_radiotherapy")),
    Concern(says="had an anthracycline", events=HEART, holds=_above("doxorubicin_equivalent_mg_m2", 0)),
    Concern(says="QTcF above 450 ms", events=QT, holds=_above("qtcf_ms", 450)),
    Concern(says="congenital long QT", events=QT, holds=_has("long_qt_syndrome")),
    Concern(says="diabetes", events=SUGAR, holds=_has("diabetes")),
    Concern(says="HbA1c 5.7 % or more", events=SUGAR, holds=_above("hba1c_percent", 5.69)),
    Concern(says="venous thrombosis", events=CLOT, holds=_has("venous_thrombosis")),
    Concern(says="bowel disease", events=BOWEL, holds=_has("chronic_bowel_disease")),
    Concern(says="UGT1A1 *28/*28", events=(*BOWEL, *WHITE), holds=lambda v: v.get("ugt1a1_status") == "homozygous_28"),
    Concern(says="neutrophils below 1500", events=WHITE, holds=_below("absolute_neutrophils", 1500)),
    Concern(says="haemoglobin below 10", events=RED, holds=_below("haemoglobin_g_dl", 10)),
    Concern(says="platelets below 100 000", events=PLATELETS, holds=_below("platelets", 100_000)),
    Concern(says="AST or ALT above 3 times", events=LIVER, holds=_above("transaminases_x_uln", 3)),
    Concern(says="blood pressure uncontrolled", events=("hypertension",), holds=_has("uncontrolled_hypertension")),
    Concern(says="bleeds", events=("bleeding", "haemorrhage"), holds=_has("active_bleeding")),
    Concern(says="autoimmune disease", events=("immune-mediated", "colitis"), holds=_has("autoimmune_disease")),
    Concern(
        says="eye surface disease", events=("ocular", "dry eye", "keratitis"), holds=_has("ocular_surface_disease")
    ),
    Concern(says="severe skin reaction before", events=("rash",), holds=_has("severe_skin_reaction")),
    Concern(
        says="frail",
        events=("fatigue", "asthenia", "febrile", "diarrhoea"),
        holds=lambda v: v.get("frailty") == "frail",
    ),
)


def concerns(event: str, values: Values) -> tuple[str, ...]:
    """Give the findings of this patient that an event meets."""
    return tuple(_found(event.casefold(), values))


def _found(event: str, values: Values) -> Iterator[str]:
    for concern in CONCERNS:
        if any(word in event for word in concern.events) and concern.holds(values):
            yield concern.says

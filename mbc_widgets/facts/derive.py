"""Derive the facts of a patient on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mbc_widgets.conditions import Value
from mbc_widgets.facts.receptors import receptor_facts
from mbc_widgets.facts.therapy import therapy_facts
from mbc_widgets.knowledge import Snapshot
from mbc_widgets.patient import Patient

VISCERAL = frozenset({"lung", "pleura", "liver", "peritoneum", "brain", "leptomeningeal"})
OLIGO_LESIONS = 5  # ABC4: at most 5 lesions, all amenable to local treatment
CPS_POSITIVE = 10  # KEYNOTE-355 and the licences: PD-L1 CPS of at least 10 (22C3)
SEVERE_IMMUNE_GRADE = 3
PD1_INTERVAL_MONTHS = 6  # KEYNOTE-355, ASCENT-04: at least 6 months since curative therapy
REFRACTORY_LINES = 2


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The facts: `values` by field (absent = unknown), and the fields whose state was assumed."""

    values: Mapping[str, Value]
    assumed: tuple[str, ...] = ()

    def put(self, values: Mapping[str, Value]) -> "Facts":
        """Give the facts with some values put over them, as they are."""
        return Facts(values={**self.values, **values}, assumed=self.assumed)

    def with_changes(self, changes: Mapping[str, Value]) -> "Facts":
        """Give the facts with some values put over them and the conclusions drawn again."""
        return Facts(values=concluded({**self.values, **changes}), assumed=self.assumed)


def facts(patient: Patient, snapshot: Snapshot) -> Facts:
    """Give the facts of `patient` by the definitions of the snapshot's day."""
    vocabulary = snapshot.knowledge.vocabulary
    values: dict[str, Any] = dict(patient.findings)
    derived = {
        **receptor_facts(patient, snapshot.day),
        **therapy_facts(patient, snapshot.knowledge),
    }
    values.update({name: value for name, value in derived.items() if value is not None})
    assumed = []
    for name, entry in vocabulary.items():
        if name not in values and entry.if_not_given != "unknown":
            values[name] = frozenset(entry.if_not_given) if entry.kind == "set" else entry.if_not_given
            if not entry.derived:
                assumed.append(name)
    if "sites" in assumed:
        values.pop("sites")  # nobody named a site: where the disease is stays unknown
    values.update(ovaries_of(values))
    values.update(_disease(values))
    return Facts(values=concluded(values), assumed=tuple(assumed))


def ovaries_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the state of the ovaries (and what a man's status must be) from sex, menopause and suppression."""
    if values.get("sex") == "male":
        return {"ovaries": "not_applicable", "menopausal_status": "not_applicable"}
    status, suppression = values.get("menopausal_status"), values.get("ovarian_suppression")
    if suppression == "ablated" or str(status).startswith("postmenopausal"):
        return {"ovaries": "not_functioning"}
    if status is None or status == "not_applicable":
        return {}
    state = {"in_place": "suppressed", "declined": "declined"}.get(str(suppression), "can_be_suppressed")
    return {"ovaries": state}


def _disease(values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    sites = values.get("sites")
    if sites:
        found["bone_only"] = sites <= {"bone", "marrow"}
        found["visceral_disease"] = bool(sites & VISCERAL)
    lesions = values.get("lesion_count")
    if lesions is not None:
        found["oligometastatic"] = lesions <= OLIGO_LESIONS and bool(values.get("all_lesions_locally_treatable"))
    return found


def concluded(values: dict[str, Any]) -> dict[str, Any]:
    """Draw the conclusions that rest on other facts; the same for a patient and for a planned state."""
    values["pd1_contraindicated"] = (
        values.get("autoimmune_disease") == "severe_active"
        or values.get("transplant", "none") != "none"
        or values.get("prior_immune_toxicity_grade", 0) >= SEVERE_IMMUNE_GRADE
    )
    _keep(values, "pd1_candidate", _pd1_candidate(values))
    values["progressed_after_endocrine"] = bool(values.get("progressed_on_endocrine")) or (
        values.get("metastatic_endocrine_lines", 0) > 0 and values.get("progression_type") != "none"
    )
    after_cdk46 = bool(values.get("_chemotherapy_after_cdk46"))
    values["endocrine_refractory"] = (
        values.get("endocrine_lines_progressed", 0) >= REFRACTORY_LINES
        or bool(values.get("_latest_line_primary"))
        or (after_cdk46 and bool(values.get("progressed_on_metastatic_endocrine")))
    )
    group = values.get("endocrine_group")
    early = bool(values.get("visceral_disease")) and values.get("endocrine_resistance") == "primary"
    crisis = bool(values.get("visceral_crisis"))
    pressing = crisis or early or values["endocrine_refractory"] or _endocrine_closed(values)
    _keep(
        values,
        "chemotherapy_indicated",
        True if pressing else None if group is None else group != "positive",
    )
    return values


def _endocrine_closed(values: Mapping[str, Any]) -> bool:
    """Say whether little or no endocrine therapy can be given: in pregnancy, or where suppression of the ovaries was declined.

    Then tamoxifen alone is left, judged less effective (ABC4); chemotherapy is open beside it, and tamoxifen comes first.
    """
    if values.get("pregnancy", "not_pregnant") != "not_pregnant":
        return True
    return values.get("ovaries") == "declined"


def _pd1_candidate(values: Mapping[str, Any]) -> bool | None:
    """Give False as soon as one reason rules it out, None while the score is unknown."""
    failed = "pd1_inhibitor" in values.get("classes_progressed_on", ())
    early = values.get("months_since_curative_therapy", 999) < PD1_INTERVAL_MONTHS
    if values["pd1_contraindicated"] or failed or early or values.get("endocrine_group") == "positive":
        return False
    score = values.get("pdl1_cps")
    return None if score is None else score >= CPS_POSITIVE


def _keep(values: dict[str, Any], name: str, value: object) -> None:
    if value is None:
        values.pop(name, None)
    else:
        values[name] = value

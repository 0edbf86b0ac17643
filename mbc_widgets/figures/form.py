"""The form as data, generated from the vocabulary: groups, fields, values, and what no rule reads on this day."""

from functools import cache
from typing import Any

from mbc_widgets.conditions import fields_of
from mbc_widgets.figures import words
from mbc_widgets.knowledge import Knowledge, Snapshot
from mbc_widgets.patient import RESPONSES, SETTINGS, STOP_REASONS, Patient, months_between
from mbc_widgets.records import Field
from mbc_widgets.workbook import View

ALWAYS_READ = frozenset({
    "age_years", "sex", "menopausal_status", "ovarian_suppression", "gonadal_suppression_man", "presentation", "sites",
    "lesion_count", "all_lesions_locally_treatable", "performance_status", "visceral_crisis", "goal", "autoimmune_disease",
    "transplant", "prior_immune_toxicity_grade", "pdl1_cps",
})  # fmt: skip
ASSUMED_SHOWN = 6


def form(view: View, changed: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Give the groups of the form with the patient's values."""
    knowledge = view.snapshot.knowledge
    read = fields_read(view.snapshot) | ALWAYS_READ
    groups = []
    for group in knowledge.groups:
        fields = [
            _field(f, view, read, changed)
            for f in knowledge.vocabulary.values()
            if f.group == group.id and not f.derived
        ]
        if group.id == "receptors":
            fields = [_samples(view, changed), *fields]
        if group.id == "therapy":
            fields = [_therapies(view, changed), *fields]
        groups.append(
            {
                "id": group.id,
                "label": group.label,
                "open": group.open,
                "summary": _summary(group.id, fields, view),
                "fields": fields,
            }
        )
    return {"groups": groups}


@cache
def fields_read(snapshot: Snapshot) -> frozenset[str]:
    """Give the fields that some condition in force on this day reads."""
    return frozenset().union(*(fields_of(tree) for tree in snapshot.trees))


def _field(entry: Field, view: View, read: frozenset[str], changed: frozenset[str]) -> dict[str, Any]:
    value = view.patient.findings.get(entry.id)
    assumed = entry.id in view.facts.assumed
    shown = value if value is not None else (view.facts.values.get(entry.id) if assumed else None)
    cautions = (
        [r for o in view.options for r in o.cautions if entry.id in fields_of(r.when)]
        if value is not None and not assumed
        else []
    )
    return {
        "id": entry.id, "label": entry.label, "kind": entry.kind, "unit": entry.unit, "minimum": entry.minimum, "maximum": entry.maximum,
        "step": entry.step,
        "states": [{"id": key, "label": label} for key, label in entry.states.items()] if entry.kind in {"state", "set"} else [],
        "value": sorted(shown) if isinstance(shown, frozenset) else shown,
        "unknown": shown is None, "assumed": assumed,
        "disabled": "" if entry.id in read or value is not None else f"not read by any rule on {words.day(view.snapshot.day)}",
        "changed": entry.id in changed, "caution": "caution" if cautions else "", "error": "",
    }  # fmt: skip


def _samples(view: View, changed: frozenset[str]) -> dict[str, Any]:
    states = view.snapshot.knowledge.vocabulary["her2_state"].states
    values = view.facts.values
    value = {
        "er_percent": values.get("er_percent"),
        "pr_percent": values.get("pr_percent"),
        "her2": values.get("her2_state"),
    }
    return {
        "id": "receptor_samples", "label": "ER / PR", "kind": "samples", "unit": "", "minimum": 0, "maximum": 100, "step": 1,
        "states": [{"id": key, "label": label} for key, label in states.items()], "value": value, "unknown": value["her2"] is None,
        "assumed": False, "disabled": "", "changed": "receptor_samples" in changed, "caution": "", "error": "",
    }  # fmt: skip


def _therapies(view: View, changed: frozenset[str]) -> dict[str, Any]:
    patient = view.patient
    rows = [
        {
            "agents": "+".join(t.agents), "setting": t.setting, "months": round(months_between(t.start, t.stop or patient.seen_on), 1),
            "stop_reason": t.stop_reason, "months_ago": round(months_between(t.stop or patient.seen_on, patient.seen_on), 1),
        }
        for t in patient.prior_therapies
    ]  # fmt: skip
    return {
        "id": "prior_therapies", "label": "Therapies so far", "kind": "therapies", "unit": "", "minimum": None, "maximum": None, "step": None,
        "states": [], "value": rows, "choices": _choices(view.snapshot.knowledge, patient), "unknown": False, "assumed": False,
        "disabled": "", "changed": "prior_therapies" in changed, "caution": "", "error": "",
    }  # fmt: skip


def _choices(knowledge: Knowledge, patient: Patient) -> dict[str, Any]:
    known = [r.id for r in knowledge.regimens.values() if r.backbone != "supportive"]
    given = ["+".join(t.agents) for t in patient.prior_therapies]
    return {
        "agents": [
            {"id": name, "label": words.regimen_name(name, knowledge)} for name in dict.fromkeys([*given, *known])
        ],
        "setting": [{"id": name, "label": name} for name in SETTINGS],
        "stop_reason": [{"id": name, "label": name.replace("_", " ")} for name in STOP_REASONS],
        "best_response": [{"id": name, "label": name.replace("_", " ")} for name in RESPONSES],
    }


def _summary(group: str, fields: list[dict[str, Any]], view: View) -> str:
    values = view.facts.values
    if group == "receptors":
        her2 = "HER2-low" if values.get("her2_low") else "HER2-ultralow" if values.get("her2_ultralow") else ""
        her2 = (
            "HER2 positive"
            if values.get("her2_positive")
            else her2 or ("HER2 0" if values.get("her2_state") else "HER2 unknown")
        )
        hormone = {"positive": "HR+", "low": "ER-low", "negative": "HR-"}.get(
            str(values.get("endocrine_group")), "HR unknown"
        )
        return f"{hormone}, {her2}"
    if group == "biomarkers":
        open_fields = [f for f in fields if f["unknown"] and not f["disabled"]]
        return f"{len(open_fields)} not tested"
    if group == "therapy":
        lines = int(values.get("metastatic_lines", 0) or 0)
        return f"{lines} line{'s' if lines != 1 else ''} for MBC"
    if group == "disease":
        return "visceral crisis" if values.get("visceral_crisis") else "no visceral crisis"
    given = [f for f in fields if not f["unknown"] and not f["assumed"]]
    return "" if group == "person" else f"{len(given)} given" if given else "nothing given"


def assumptions(view: View) -> str:
    """Give the sentence that says what was assumed because nobody gave it."""
    vocabulary = view.snapshot.knowledge.vocabulary
    read = fields_read(view.snapshot)
    first = (
        "performance_status",
        "visceral_crisis",
        "burden",
        "pace",
        "symptoms",
        "ovarian_suppression",
        "frailty",
    )
    names = [name for name in first if name in view.facts.assumed]
    rest = sum(1 for name in view.facts.assumed if name in read and name not in names)
    parts = [_assumed(vocabulary[name], view.facts.values[name]) for name in names[:ASSUMED_SHOWN]]
    if not parts and not rest:
        return ""
    return f"Not given, so assumed: **{', '.join(parts)}**" + (
        f", and {rest} more (organ function, medicines) without a known problem." if rest else "."
    )


def _assumed(entry: Field, value: Any) -> str:
    if entry.kind == "flag":
        return entry.label.lower() if value else f"no {entry.label.lower()}"
    return f"{entry.label} {entry.states.get(value, value) if entry.kind == 'state' else words.number(value)}"

"""What is wrong with a patient: unknown words, impossible values, contradictions; each with what to do."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mbc_widgets.conditions import FieldLike, nearest

if TYPE_CHECKING:
    from mbc_widgets.patient.person import Patient


def finding_problems(patient: "Patient") -> list[str]:
    """Check every finding and every word of the history against the vocabulary."""
    words = patient.vocabulary
    inputs = {name for name, entry in words.items() if not getattr(entry, "derived", False)}
    problems = []
    for name, value in patient.findings.items():
        if name not in inputs:
            why = (
                "is worked out from the history; give receptor_samples or prior_therapies instead"
                if name in words
                else (f"unknown key{_meant(name, inputs, words)} The fields are listed in data/vocabulary.yaml")
            )
            problems.append(f"patient.{name}: {why}")
        else:
            problems += _value_problems(name, value, words[name])
    her2 = words["her2_state"].states if "her2_state" in words else {}
    for index, sample in enumerate(patient.receptor_samples):
        if sample.her2 is not None and sample.her2 not in her2:
            problems.append(
                f"patient.receptor_samples[{index}].her2: {sample.her2!r} is not known{nearest(sample.her2, her2)}"
                f" Allowed: {', '.join(her2)}"
            )
    for index, therapy in enumerate(patient.prior_therapies):
        problems += [
            f"patient.prior_therapies[{index}].agents: unknown drug '{agent}'{nearest(agent, patient.agents)}"
            " The drugs are the files of data/agents/"
            for agent in therapy.agents
            if agent not in patient.agents
        ]
    return problems


def _meant(name: str, inputs: set[str], words: Mapping[str, FieldLike]) -> str:
    """Give the nearest field, else those in whose name or label the word stands: `age` is age_years, `ecog` performance_status."""
    near = nearest(name, inputs)
    if near != ".":
        return near
    held = [
        each
        for each, entry in words.items()
        if each in inputs and name.casefold() in re.split(r"[\W_]+", f"{each} {getattr(entry, 'label', '')}".casefold())
    ]
    return f"; did you mean {' or '.join(map(repr, held[:3]))}?" if held else near


def _value_problems(name: str, value: Any, entry: Any) -> list[str]:
    if entry.kind == "flag":
        return [] if isinstance(value, bool) else [f"patient.{name}: write true or false, found {value!r}"]
    if entry.kind == "number":
        low, high = entry.minimum or 0, entry.maximum if entry.maximum is not None else float("inf")
        fine = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
        unit = f" {entry.unit}" if entry.unit else ""
        if fine and entry.whole and value != int(value):
            return [f"patient.{name}: {value!r} is no whole number; allowed {low:g} to {high:g}{unit} in steps of 1"]
        wrong = "is no number" if isinstance(value, str) else "is out of range"
        return [] if fine else [f"patient.{name}: {value!r} {wrong}; allowed {low:g} to {high:g}{unit}"]
    given = value if isinstance(value, list | tuple | frozenset | set) and entry.kind == "set" else [value]
    return [
        f"patient.{name}: {state!r} is not known{nearest(str(state), entry.states)} Allowed: {', '.join(list(entry.states)[:30])}"
        for state in given
        if not isinstance(state, str) or state not in entry.states
    ]


def typed(findings: Mapping[str, Any], words: Mapping[str, FieldLike]) -> dict[str, Any]:
    """Make set findings frozen sets, so that a patient can be compared and shared."""
    return {
        name: frozenset([value] if isinstance(value, str) else value) if words[name].kind == "set" else value
        for name, value in findings.items()
    }


def contradictions(patient: "Patient") -> list[str]:
    """List what cannot be true together; each with what to do."""
    found = patient.findings
    problems = []
    if found.get("sex") == "male" and found.get("menopausal_status", "not_applicable") != "not_applicable":
        problems.append(
            "patient.menopausal_status: a man has no menopause; choose 'not applicable' (in a file: not_applicable) or leave it out"
        )
    if found.get("sex") == "male" and found.get("pregnancy", "not_pregnant") != "not_pregnant":
        problems.append("patient.pregnancy: a man cannot be pregnant; change sex or pregnancy")
    if (
        str(found.get("menopausal_status", "")).startswith("postmenopausal")
        and found.get("pregnancy", "not_pregnant") != "not_pregnant"
    ):
        problems.append("patient.pregnancy: not possible after menopause; change one of the two")
    early = [t for t in patient.prior_therapies if t.setting != "metastatic"]
    if found.get("presentation") == "de_novo" and early:
        problems.append(
            "patient.presentation: metastatic at diagnosis excludes (neo)adjuvant therapy; write recurrent, or the setting metastatic"
        )
    if found.get("brain_state") == "leptomeningeal" and "sites" in found and "leptomeningeal" not in found["sites"]:
        problems.append(
            "patient.sites: leptomeningeal disease is entered under brain_state but not among the sites; add it"
        )
    return problems + _day_problems(patient)


def _day_problems(patient: "Patient") -> list[str]:
    problems = []
    seen, first = patient.seen_on, patient.first_metastatic_day
    if first and first > seen:
        problems.append(
            f"patient.first_metastatic_day: {first} is after the visit ({seen}); allowed is that day or earlier"
        )
    if patient.diagnosis_day and first and patient.diagnosis_day > first:
        problems.append(
            f"patient.diagnosis_day: {patient.diagnosis_day} is after the first metastatic day ({first}); allowed is that day or earlier."
            " A line for metastatic disease that is too long, or whose setting is wrong, moves that day"
        )
    problems += [
        f"patient.receptor_samples[{index}].day: {sample.day} is after the visit ({seen})"
        for index, sample in enumerate(patient.receptor_samples)
        if sample.day > seen
    ]
    for index, therapy in enumerate(patient.prior_therapies):
        where = f"patient.prior_therapies[{index}]"
        if therapy.start > seen or (therapy.stop and therapy.stop > seen):
            problems.append(f"{where}: it starts or stops after the visit ({seen}); only past therapy belongs here")
        if therapy.stop and therapy.stop < therapy.start:
            problems.append(f"{where}.stop: {therapy.stop} is before the start ({therapy.start})")
        if therapy.stop and therapy.stop_reason == "ongoing":
            problems.append(
                f"{where}.stop_reason: ongoing, but it has a stop; say why it stopped or leave the stop out"
            )
        if therapy.stop_reason == "progression" and therapy.progressed_while_on is False:
            problems.append(
                f"{where}.progressed_while_on: false, but it stopped for progression; change one of the two"
            )
        if therapy.stop is None and therapy.stop_reason != "ongoing":
            problems.append(f"{where}.stop: missing, but stop_reason is {therapy.stop_reason}; give the day")
        if therapy.setting == "metastatic" and first and (therapy.stop or seen) < first:
            problems.append(f"{where}.setting: metastatic, but it ended before the first metastatic day ({first})")
    return problems

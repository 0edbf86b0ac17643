"""The patient as raw history: receptor samples, past therapies and findings, checked and frozen.

Comes in: a mapping as a scenario file holds it. Goes out: a `Patient`. Nothing is derived here; `facts` does that.
Contradictions (a premenopausal man, a stop before a start) are refused, all of them at once; unusual but real input
(a drug before its licence) passes and is warned about later. The day of the visit is `seen_on`; the day of the
knowledge is another thing and never stored here.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Self

from mbc_widgets.conditions import FieldLike, nearest

SETTINGS = ("neoadjuvant", "adjuvant", "metastatic")
STOP_REASONS = (
    "progression",
    "toxicity",
    "completed",
    "patient_choice",
    "planned_break",
    "ongoing",
)
RESPONSES = ("complete", "partial", "stable", "progression", "not_evaluable")
METHODS = ("core", "cytology", "decalcified")
TISSUES = ("primary", "metastasis")
DAYS_PER_MONTH = 30.4375  # the mean month, where a rate or a rounded duration is meant
EARLIEST = date(1950, 1, 1)
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class PatientError(ValueError):
    """A patient that contradicts itself or uses an unknown word; `problems` lists every one."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One receptor sample: percentages of stained cells, 0 to 100, and a HER2 state of the vocabulary."""

    day: date
    site: str = ""
    tissue: str = "metastasis"
    er_percent: float | None = None
    pr_percent: float | None = None
    her2: str | None = None
    method: str = "core"


@dataclass(frozen=True, kw_only=True)
class Therapy:
    """One therapy that was given; `dose_mg_m2` is the cumulative anthracycline dose when it was recorded."""

    agents: tuple[str, ...]
    setting: str
    start: date
    stop: date | None = None
    stop_reason: str = "ongoing"
    progressed_while_on: bool | None = None
    best_response: str | None = None
    maintenance: bool = False
    toxicity: str | None = None
    dose_mg_m2: float | None = None

    @property
    def progressed(self) -> bool:
        """Say whether the disease grew or came back while it was given."""
        return self.stop_reason == "progression" if self.progressed_while_on is None else self.progressed_while_on


@dataclass(frozen=True, kw_only=True)
class Patient:
    """A patient: raw history plus `findings`, the input fields of the vocabulary that were given."""

    seen_on: date
    receptor_samples: tuple[Sample, ...] = ()
    prior_therapies: tuple[Therapy, ...] = ()
    findings: Mapping[str, Any] = field(default_factory=dict)
    first_metastatic_day: date | None = None
    diagnosis_day: date | None = None
    name: str = ""
    vocabulary: Mapping[str, FieldLike] = field(default_factory=dict, repr=False, compare=False)
    agents: frozenset[str] = field(default_factory=frozenset, repr=False, compare=False)

    def replace(self, **changes: Any) -> Self:
        """Give a copy with history fields or findings changed; None takes a finding back to unknown.

        Raises:
            PatientError: a word outside the vocabulary, or a contradiction.

        """
        own = {f.name for f in fields(self)} - {"vocabulary", "agents", "findings"}
        findings = {**self.findings, **{k: v for k, v in changes.items() if k not in own}}
        findings = {name: value for name, value in findings.items() if value is not None}
        history = {name: value for name, value in changes.items() if name in own}
        return _checked(replace(self, findings=findings, **history), [])

    def as_dict(self) -> dict[str, Any]:
        """Give the mapping that `read_patient` takes back."""
        kept: dict[str, Any] = {"name": self.name} if self.name else {}
        kept["seen_on"] = self.seen_on.isoformat()
        for name in ("diagnosis_day", "first_metastatic_day"):
            if getattr(self, name):
                kept[name] = getattr(self, name).isoformat()
        kept.update({name: sorted(v) if isinstance(v, frozenset) else v for name, v in self.findings.items()})
        kept["receptor_samples"] = [_plain(sample) for sample in self.receptor_samples]
        kept["prior_therapies"] = [_plain(therapy) for therapy in self.prior_therapies]
        return kept


def months_between(start: date, end: date) -> float:
    """Give the months from `start` to `end` by the calendar (negative when `end` is earlier).

    From the 3rd to the 3rd is a whole number of months, so that "within 12 months" means what a clinician means.
    """
    if end < start:
        return -months_between(end, start)
    whole = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    year, month = divmod(start.month - 1 + whole, 12)
    year, month = start.year + year, month + 1
    length = monthrange(year, month)[1]
    return whole + (end - date(year, month, min(start.day, length))).days / length


def read_day(value: object) -> date:
    """Give the day in `YYYY-MM-DD`; a month counts as its 15th, a year as 1 July (history is rarely exact).

    Raises:
        ValueError: no such day, or before 1950.

    """
    match = _DAY.fullmatch(str(value))
    if match:
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            found = date(year or 0, month or 7, day or (15 if month else 1))
        except ValueError:
            found = None
        if found and found >= EARLIEST:
            return found
    message = f"{value!r} is not a day; write YYYY-MM-DD, YYYY-MM or YYYY, from 1950 on"
    raise ValueError(message)


def read_patient(raw: object, vocabulary: Mapping[str, FieldLike], agents: frozenset[str]) -> Patient:
    """Give the patient in `raw`, the `patient` part of a scenario file.

    Args:
        raw: mapping with seen_on, receptor_samples, prior_therapies, dates, and findings by their vocabulary name.
        vocabulary: fields by id. agents: the drug ids that may be named.

    Raises:
        PatientError: every problem at once: unknown keys, states and drugs, impossible values, contradictions.

    """
    if not isinstance(raw, Mapping):
        raise PatientError((f"patient: expected 'key: value' pairs, found {raw!r}",))
    problems: list[str] = []
    rest = dict(raw)
    days = {
        key: _day(rest.pop(key, None), key, problems) for key in ("seen_on", "first_metastatic_day", "diagnosis_day")
    }
    samples = _rows(rest.pop("receptor_samples", None), "receptor_samples", Sample, problems)
    therapies = _rows(rest.pop("prior_therapies", None), "prior_therapies", Therapy, problems)
    name = str(rest.pop("name", "") or "")
    if raw.get("seen_on") is None:
        problems.append("patient.seen_on: missing; give the day of the visit, for example seen_on: 2026-06-01")
    patient = Patient(
        seen_on=days["seen_on"] or date.max,  # without a visit nothing is after it; the missing day is said once
        first_metastatic_day=days["first_metastatic_day"],
        diagnosis_day=days["diagnosis_day"],
        receptor_samples=tuple(samples),
        prior_therapies=tuple(therapies),
        findings={key: value for key, value in rest.items() if value is not None},
        name=name,
        vocabulary=vocabulary,
        agents=agents,
    )
    return _checked(patient, problems)


def _checked(patient: Patient, problems: list[str]) -> Patient:
    """Give the patient with its history in order of time, or raise every problem, with rows as they were typed."""
    problems = [*problems, *_finding_problems(patient), *_contradictions(patient)]
    if problems:
        raise PatientError(tuple(problems))
    return replace(
        patient,
        findings=_typed(patient.findings, patient.vocabulary),
        receptor_samples=tuple(sorted(patient.receptor_samples, key=lambda sample: sample.day)),
        prior_therapies=tuple(sorted(patient.prior_therapies, key=lambda therapy: therapy.start)),
    )


def _plain(row: Sample | Therapy) -> dict[str, Any]:
    plain = {f.name: getattr(row, f.name) for f in fields(row)}
    plain = {
        k: v.isoformat() if isinstance(v, date) else list(v) if isinstance(v, tuple) else v for k, v in plain.items()
    }
    return {k: v for k, v in plain.items() if v is not None and v != "" and (k, v) != ("maintenance", False)}


def _day(value: object, where: str, problems: list[str]) -> date | None:
    if value is None:
        return None
    try:
        return read_day(value)
    except ValueError as error:
        problems.append(f"patient.{where}: {error}")
        return None


def _rows(raw: object, where: str, kind: type, problems: list[str]) -> list[Any]:
    """Read a list of samples or therapies; a bad row is reported and left out."""
    if raw is None:
        return []
    if not isinstance(raw, list | tuple):
        problems.append(f"patient.{where}: expected a list, found {raw!r}")
        return []
    rows = []
    for index, item in enumerate(raw):
        place = f"{where}[{index}]"
        if not isinstance(item, Mapping):
            problems.append(f"patient.{place}: expected 'key: value' pairs, found {item!r}")
            continue
        before = len(problems)
        values = _row_values(dict(item), place, kind, problems)
        if len(problems) == before:
            rows.append(kind(**values))
    return rows


_WORDS = {
    "setting": SETTINGS,
    "stop_reason": STOP_REASONS,
    "best_response": RESPONSES,
    "method": METHODS,
    "tissue": TISSUES,
}
_FLAGS = ("progressed_while_on", "maintenance")
_NUMBERS = {"er_percent": 100.0, "pr_percent": 100.0, "dose_mg_m2": 5000.0}


def _row_values(item: dict[str, Any], place: str, kind: type, problems: list[str]) -> dict[str, Any]:
    allowed = {f.name for f in fields(kind)}
    values: dict[str, Any] = {}
    for key, value in item.items():
        where = f"{place}.{key}"
        if key not in allowed:
            problems.append(
                f"patient.{where}: unknown key{nearest(key, allowed)} Allowed: {', '.join(sorted(allowed))}"
            )
        elif value is not None:
            values[key] = _row_value(key, value, where, problems)
    for key in ("day",) if kind is Sample else ("agents", "setting", "start"):
        if item.get(key) is None:
            problems.append(f"patient.{place}.{key}: missing; every row needs it")  # noqa: PERF401 - one list for all
    if kind is Therapy and values.get("stop") and "stop_reason" not in values:
        problems.append(f"patient.{place}.stop_reason: missing; it has a stop. Allowed: {', '.join(STOP_REASONS)}")
    return values


def _row_value(key: str, value: Any, where: str, problems: list[str]) -> Any:
    if key in {"day", "start", "stop"}:
        return _day(value, where, problems)
    if key in _WORDS and value not in _WORDS[key]:
        problems.append(
            f"patient.{where}: {value!r} is not known{nearest(value, _WORDS[key])} Allowed: {', '.join(_WORDS[key])}"
        )
    if key in _FLAGS and not isinstance(value, bool):
        problems.append(f"patient.{where}: write true or false, found {value!r}")
    if key in _NUMBERS and (
        isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _NUMBERS[key]
    ):
        problems.append(f"patient.{where}: {value!r} is out of range; allowed 0 to {_NUMBERS[key]:g}")
    if key == "agents":
        if not isinstance(value, list | tuple) or not value:
            problems.append(f"patient.{where}: expected a list of drugs such as [letrozole], found {value!r}")
            return ()
        return tuple(str(agent) for agent in value)
    return value


def _finding_problems(patient: Patient) -> list[str]:
    """Check every finding and every word of the history against the vocabulary."""
    words = patient.vocabulary
    inputs = {name for name, entry in words.items() if not getattr(entry, "derived", False)}
    problems = []
    for name, value in patient.findings.items():
        if name not in inputs:
            why = (
                "is worked out from the history; give receptor_samples or prior_therapies instead"
                if name in words
                else (f"unknown key{nearest(name, inputs)} The fields are listed in data/vocabulary.yaml")
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


def _value_problems(name: str, value: Any, entry: Any) -> list[str]:
    if entry.kind == "flag":
        return [] if isinstance(value, bool) else [f"patient.{name}: write true or false, found {value!r}"]
    if entry.kind == "number":
        low, high = entry.minimum or 0, entry.maximum if entry.maximum is not None else float("inf")
        fine = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
        unit = f" {entry.unit}" if entry.unit else ""
        return [] if fine else [f"patient.{name}: {value!r} is out of range; allowed {low:g} to {high:g}{unit}"]
    given = value if isinstance(value, list | tuple | frozenset | set) and entry.kind == "set" else [value]
    return [
        f"patient.{name}: {state!r} is not known{nearest(str(state), entry.states)} Allowed: {', '.join(list(entry.states)[:30])}"
        for state in given
        if not isinstance(state, str) or state not in entry.states
    ]


def _typed(findings: Mapping[str, Any], words: Mapping[str, FieldLike]) -> dict[str, Any]:
    """Make set findings frozen sets, so that a patient can be compared and shared."""
    return {
        name: frozenset([value] if isinstance(value, str) else value) if words[name].kind == "set" else value
        for name, value in findings.items()
    }


def _contradictions(patient: Patient) -> list[str]:
    """List what cannot be true together; each with what to do."""
    found = patient.findings
    problems = []
    if found.get("sex") == "male" and found.get("menopausal_status", "not_applicable") != "not_applicable":
        problems.append("patient.menopausal_status: a man has no menopause; write not_applicable or leave it out")
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


def _day_problems(patient: Patient) -> list[str]:
    problems = []
    seen, first = patient.seen_on, patient.first_metastatic_day
    if first and first > seen:
        problems.append(
            f"patient.first_metastatic_day: {first} is after the visit ({seen}); allowed is that day or earlier"
        )
    if patient.diagnosis_day and first and patient.diagnosis_day > first:
        problems.append(f"patient.diagnosis_day: {patient.diagnosis_day} is after the first metastatic day ({first})")
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

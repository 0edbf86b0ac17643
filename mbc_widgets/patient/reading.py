"""Read a patient from a mapping, as a scenario file holds it; all problems at once."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from mbc_widgets.conditions import FieldLike, nearest
from mbc_widgets.patient.history import (
    METHODS,
    RESPONSES,
    SETTINGS,
    STOP_REASONS,
    TISSUES,
    PatientError,
    Sample,
    Therapy,
    read_day,
)
from mbc_widgets.patient.person import Patient, checked


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
    return checked(patient, problems)


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
_TEXTS = ("her2", "site", "toxicity", *_WORDS)
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
        wrong = "is no number" if isinstance(value, str) else "is out of range"
        problems.append(f"patient.{where}: {value!r} {wrong}; allowed 0 to {_NUMBERS[key]:g}")
    if key in _TEXTS and not isinstance(value, str):
        problems.append(f"patient.{where}: expected a word, found {value!r}")
        return None
    if key == "agents":
        if not isinstance(value, list | tuple) or not value:
            problems.append(f"patient.{where}: expected a list of drugs such as [letrozole], found {value!r}")
            return ()
        return tuple(str(agent) for agent in value)
    return value

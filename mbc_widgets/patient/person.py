"""The patient as a frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from mbc_widgets.conditions import FieldLike
from mbc_widgets.patient.checks import contradictions, finding_problems, typed
from mbc_widgets.patient.history import PatientError, Sample, Therapy

DAYS = ("seen_on", "first_metastatic_day", "diagnosis_day")


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

    def replace(self, **changes: Any) -> "Patient":
        """Give a copy with history fields or findings changed; None takes a finding back to unknown.

        Days may be ISO text, and samples and therapies mappings, as in a scenario file.

        Raises:
            PatientError: a word outside the vocabulary, or a contradiction.

        """
        for name in ("receptor_samples", "prior_therapies"):
            if isinstance(changes.get(name, ()), str | Mapping):
                raise PatientError(
                    (f"patient.{name}: expected a list of rows, each {{name: value}}; found {changes[name]!r}",)
                )
        rows = [*changes.get("receptor_samples", ()), *changes.get("prior_therapies", ())]
        if any(isinstance(row, Mapping) for row in rows) or any(isinstance(changes.get(day), str) for day in DAYS):
            from mbc_widgets.patient.reading import read_patient  # it makes patients of raw rows, so it stands above

            return read_patient({**self.as_dict(), **changes}, self.vocabulary, self.agents)
        own = {f.name for f in fields(self)} - {"vocabulary", "agents", "findings"}
        findings = {**self.findings, **{k: v for k, v in changes.items() if k not in own}}
        findings = {name: value for name, value in findings.items() if value is not None}
        history = {name: value for name, value in changes.items() if name in own}
        return checked(replace(self, findings=findings, **history), [])

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


def checked(patient: Patient, problems: list[str]) -> Patient:
    """Give the patient with its history in order of time, or raise every problem, with rows as they were typed."""
    problems = [*problems, *finding_problems(patient), *contradictions(patient)]
    if problems:
        raise PatientError(tuple(problems))
    return replace(
        patient,
        findings=typed(patient.findings, patient.vocabulary),
        receptor_samples=tuple(sorted(patient.receptor_samples, key=lambda sample: sample.day)),
        prior_therapies=tuple(sorted(patient.prior_therapies, key=lambda therapy: therapy.start)),
    )


def _plain(row: Sample | Therapy) -> dict[str, Any]:
    plain = {f.name: getattr(row, f.name) for f in fields(row)}
    plain = {
        k: v.isoformat() if isinstance(v, date) else list(v) if isinstance(v, tuple) else v for k, v in plain.items()
    }
    return {k: v for k, v in plain.items() if v is not None and v != "" and (k, v) != ("maintenance", False)}

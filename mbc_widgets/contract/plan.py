"""The whole object: patient, tests, warnings, options and sequences of one view."""

from typing import Any

from mbc_widgets.branches import Branch, TestPoint
from mbc_widgets.conditions import holds
from mbc_widgets.contract.options import because, cited, option_dict
from mbc_widgets.contract.schema import NAME
from mbc_widgets.facts import Facts
from mbc_widgets.knowledge import Snapshot
from mbc_widgets.sequences import Line, Sequence
from mbc_widgets.wording import describe
from mbc_widgets.workbook import View


def as_dict(view: View, *, sequences: bool = True) -> dict[str, Any]:
    """Give the view as a plain dict that `json` can write; without `sequences` when they were not asked for."""
    snapshot = view.snapshot
    found: dict[str, Any] = {
        "schema": NAME,
        "day": snapshot.day,
        "regulator": snapshot.regulator,
        "body": snapshot.body or None,
        "edition": snapshot.knowledge.edition.id,
        "patient": _patient(view),
        "tests": [{"test": t.field, "because": _why_test(t, view), "unlocks": list(t.unlocks)} for t in view.tests],
        "prompts": [{"code": p.code, "text": p.text, "source": cited(p.source, snapshot)} for p in view.prompts],
        "warnings": [{"code": warning.code, "text": warning.text} for warning in view.warnings],
        "debates": [debate.id for debate in view.debates],
        "options": [option_dict(option, _orders(view, option.regimen.id)) for option in view.options],
        "supportive": [option_dict(option, {}) for option in view.supportive],
    }
    if sequences:
        found["sequences"] = [_sequence(sequence) for sequence in view.sequences]
    return found


def _patient(view: View) -> dict[str, Any]:
    """Give the raw history, what was derived from it, and what nobody gave and was assumed."""
    vocabulary = view.snapshot.knowledge.vocabulary
    values = view.facts.values
    derived = {name: entry for name, entry in vocabulary.items() if entry.derived and name in values}
    return {
        "input": view.patient.as_dict(),
        "derived": {name: _plain(values[name]) for name in derived},
        "assumed": {name: _plain(values[name]) for name in view.facts.assumed if name in values},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return round(value, 2) if isinstance(value, float) else value


def _why_test(point: TestPoint, view: View) -> str:
    """Give what the bodies in force say of this test for this patient, or how much waits for it."""
    label = view.snapshot.knowledge.vocabulary[point.field].label
    count = len(point.unlocks)
    waits = f"{label}: {count} regimen{'s wait' if count > 1 else ' waits'} for this result."
    return " ".join([waits, *_advice(point.field, view.facts, view)])


def _advice(field: str, facts: Facts, view: View) -> list[str]:
    bodies = view.snapshot.knowledge.bodies
    asking = [s for s in view.snapshot.general_statements() if field in s.test and holds(s.when, facts.values)]
    return [f"{bodies[s.body].name}: {s.advice or s.because}" for s in asking]


def _orders(view: View, regimen: str) -> dict[str, int]:
    """Give, by strategy, at which place of its sequence a regimen stands (1 is the next line)."""
    found: dict[str, int] = {}
    for sequence in view.sequences:
        for order, line in enumerate(sequence.lines, start=1):
            if line.option.regimen.id == regimen:
                found.setdefault(sequence.strategy.id, order)
    return found


def _sequence(sequence: Sequence) -> dict[str, Any]:
    return {
        "strategy": sequence.strategy.id,
        "label": sequence.strategy.label,
        "asked_for": sequence.asked_for,
        "lines": [_line(line) for line in sequence.lines],
        "tests": [_test(line, point) for line in sequence.lines for point in line.tests],
        "end": sequence.end,
    }


def _test(line: Line, point: TestPoint) -> dict[str, Any]:
    return {
        "line": line.number,
        "test": point.field,
        "again": point.again,
        "unlocks": list(point.unlocks),
        "branches": [_branch(branch, line.option.snapshot) for branch in point.branches],
    }


def _branch(branch: Branch, snapshot: Snapshot) -> dict[str, Any]:
    """Give a branch; its share is null where no cohort was read."""
    share = branch.share
    return {
        "shows": describe(branch.shows, snapshot.knowledge.vocabulary),
        "line": branch.line,
        "regimen": branch.option.regimen.id,
        "percent": share.percent if share else None,
        "cohort": share.cohort if share else None,
        "source": cited(share.source, snapshot) if share else None,
        "verified": share.verified if share else None,
    }


def _line(line: Line) -> dict[str, Any]:
    months, row = line.months, line.row
    return {
        "line": line.number,
        "regimen": line.option.regimen.id,
        "median_months": months.value if months else None,
        "lo": months.low if months else None,
        "hi": months.high if months else None,
        "trial": row.trial.id if row else None,
        "fit": row.fit.word if row else None,
        "reaches_line": None if line.share is None else round(line.share, 1),
        "because": because(line.option),
        "carried": list(line.carried),
        "source": cited(row.result.source, line.option.snapshot) if row else None,
    }

"""Harms along a sequence: for each line five to eight events of its own trial, both arms, with those lit up that meet the patient.

Each line has the arms of one trial and the population line of that trial; lines are never put on one scale to be compared.
"""

from collections.abc import Container, Iterable
from typing import Any

from mbc_widgets.evidence import Row
from mbc_widgets.evidence import rows as rows_of
from mbc_widgets.figures import words
from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.concerns import concerns
from mbc_widgets.figures.outcomes.frame import Figure, figure, listed
from mbc_widgets.knowledge import Snapshot
from mbc_widgets.records import AdverseEvent
from mbc_widgets.sequences import Line

MOST, FEWEST = 8, 5
LUNG = ("interstitial lung", "pneumonitis")  # rare, deadly, and told in every panel that has it
MOST_CAUTIONS = 3
MOST_SEVERE = 3  # these come before the most common
SAME = {
    "neutrophils decreased": "neutropenia", "haemoglobin decreased": "anaemia", "platelets decreased": "thrombocytopenia",
    "leukocytes decreased": "leukopenia", "lymphocytes decreased": "lymphopenia", "asthenia": "fatigue", "mucositis": "stomatitis",
}  # fmt: skip
SUMMARIES = ("any ", "serious", "stopped", "fatal", "dose ", "death", "immune-mediated adverse event")
COLUMNS = (
    "line", "regimen", "trial and population", "event", "this arm, any grade", "grade 3+", "other arm, any grade", "grade 3+", "for this patient",
)  # fmt: skip


def harms(one: Candidate) -> Figure:
    """Give the harms of every line of a sequence."""
    shared = _shared(one)
    panels = [_panel(one, at, shared) for at in range(len(one.lines))]
    rows = [
        [
            p["number"],
            p["name"],
            p["trial"],
            e["event"],
            *map(_told, e["own"]),
            *map(_told, e["other"]),
            "; ".join(e["lit"]),
        ]
        for p in panels
        for e in p["events"]
    ]
    return figure(
        f"Harms line by line, sequence {one.letter}",
        _sentence(one, panels),
        COLUMNS,
        rows,
        notes=[
            (
                "Each line shows its own trial, in that trial's population; percent of two trials are not compared. Marked: what this"
                " patient has, had or named."
            ),
            *(f"{one.letter}, lines {listed(list(map(str, numbers)))}: {text}" for text, numbers in shared.items()),
        ],
        panels=panels,
    )


def _shared(one: Candidate) -> dict[str, list[int]]:
    """Give the cautions that several lines have in common, with the numbers of these lines: they are told once."""
    found: dict[str, list[int]] = {}
    for line in one.lines:
        for text in _cautions(line):
            found.setdefault(text, []).append(line.number)
    return {text: numbers for text, numbers in found.items() if len(numbers) > 1}


def _cautions(line: Line) -> list[str]:
    return [rule.told for rule in line.option.cautions if not rule.applies_to.everything]


def _panel(one: Candidate, at: int, shared: Container[str]) -> dict[str, Any]:
    line, snapshot = one.lines[at], one.lines[at].option.snapshot
    row, events = _chosen(line, snapshot)
    cautions = [text for text in _cautions(line) if text not in shared][:MOST_CAUTIONS]
    return {
        **one.marks()[at],
        "trial": f"{row.trial.name}: {row.result.population or row.trial.population}"
        if row
        else "No trial of this regimen with harms was read.",
        "arms": _arms(row) if row else [],
        "events": events,
        "cautions": [*line.carried, *cautions],
    }


def _chosen(line: Line, snapshot: Snapshot) -> tuple[Row | None, list[dict[str, Any]]]:
    """Give the trial of the line's figure with its events; where that one tells none, another of the regimen, which is named."""
    own = (line.row,) if line.row else ()
    for row in (*own, *rows_of(line.option.regimen.id, line.option.facts, snapshot)):
        events = _events(row, line, snapshot)
        if events:
            return row, events
    return None, []


def _events(row: Row, line: Line, snapshot: Snapshot) -> list[dict[str, Any]]:
    """Give the events: those that meet the patient first, then the lung, the most severe, the most common."""
    own, other = _by_event(row, _arm(row, own=True), snapshot), _by_event(row, _arm(row, own=False), snapshot)
    values, listed_concerns = line.option.facts.values, snapshot.knowledge.model.concerns
    lit = {
        name: concerns(event.event, listed_concerns, values) if _occurs(event) else () for name, event in own.items()
    }

    first = [name for name in own if lit[name] or any(word in name for word in LUNG)]
    severe = sorted(own, key=lambda name: -(own[name].grade_3_plus_percent or 0))[:MOST_SEVERE]
    common = sorted(own, key=lambda name: -(own[name].any_grade_percent or 0))
    ranked = list(dict.fromkeys([*sorted(first, key=lambda name: not lit[name]), *severe, *common]))
    most = max(FEWEST, min(MOST, len(first) + FEWEST))
    return [
        {"event": own[name].event, "own": _grades(own[name]), "other": _grades(other.get(name)), "lit": list(lit[name])}
        for name in ranked[:most]
    ]


def _occurs(event: AdverseEvent) -> bool:
    return bool(event.any_grade_percent or event.grade_3_plus_percent)


def _by_event(row: Row, arm: str, snapshot: Snapshot) -> dict[str, AdverseEvent]:
    """Give one figure an event: what was read, known by the year of the day, and no sum of events."""
    year, found = int(snapshot.day[:4]), dict[str, AdverseEvent]()
    for event in row.trial.adverse_events:
        known = (words.source_year(event.source, snapshot.knowledge) or year) <= year
        told = event.any_grade_percent is not None or event.grade_3_plus_percent is not None
        name = event.event.casefold()
        if event.arm == arm and event.verified == "seen" and known and told and not name.startswith(SUMMARIES):
            found.setdefault(name, event)
    return {name: event for name, event in found.items() if SAME.get(name) not in found}


def _arm(row: Row, *, own: bool) -> str:
    result = row.result
    return (result.arm or "experimental") if row.experimental == own else (result.control_arm or "control")


def _arms(row: Row) -> list[str]:
    """Give the names of this arm and the other."""
    names = {arm.id: arm.name for arm in row.trial.arms}
    return [names.get(_arm(row, own=own), "") for own in (True, False)]


def _grades(event: AdverseEvent | None) -> list[float | None]:
    return [event.any_grade_percent, event.grade_3_plus_percent] if event else [None, None]


def _told(percent: float | None) -> str:
    return "" if percent is None else words.number(percent)


def _sentence(one: Candidate, panels: Iterable[dict[str, Any]]) -> str:
    found = [f"on {panel['name']} {told}" for panel in panels if (told := _watched(panel))]
    if not found:
        return f"{one.letter}: none of the events shown meets what is known of this patient."
    return f"{one.letter}, to watch in this patient: {'; '.join(found)}."


def _watched(panel: dict[str, Any]) -> str:
    """Give "nausea and fatigue (frail)": the events of a line that meet the patient, by what they meet."""
    by_finding: dict[str, list[str]] = {}
    for event in panel["events"]:
        if event["lit"]:
            name = event["event"]
            by_finding.setdefault(", ".join(event["lit"]), []).append(name if name[1:2].isupper() else name.lower())
    return ", ".join(f"{listed(events)} ({finding})" for finding, events in by_finding.items())

"""The source card: one figure with its trial, its fit, its harms and where it may be used."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from mbc_widgets.eligibility import Option
from mbc_widgets.evidence import NO_MATCH, TIME_ON_LINE, Row
from mbc_widgets.evidence import rows as rows_of
from mbc_widgets.figures import assumed, words
from mbc_widgets.figures.lags import lag
from mbc_widgets.knowledge import Knowledge, Snapshot
from mbc_widgets.records import AdverseEvent, Agent, Dose, Regimen

MOST_HARMS = 4
OTHER_GRADE = re.compile(r"\bgrades? \d|serious")
LUNG = "interstitial lung disease"
LATER = "Not known then"


LACKING = {
    words.UNVERIFIED: f"{words.UNVERIFIED}: told, not read in its source",
    words.NO_FIGURE: f"{words.NO_FIGURE}: none told for such patients",
}


def lacking(option: Option, row: Row | None) -> str:
    """Say what a line without a row lacks: a figure that was read, or any figure of patients like this one; "" with a row."""
    if row is not None:
        return ""
    told = rows_of(option.regimen.id, option.facts, option.snapshot)
    times = [
        r.result
        for r in told
        if r.result.unit == "months" and r.result.endpoint in TIME_ON_LINE and r.fit.word != NO_MATCH
    ]
    return words.UNVERIFIED if any(result.verified != "seen" for result in times) else words.NO_FIGURE


def card(identity: str, title: str, option: Option, row: Row | None, carried: Iterable[str] = ()) -> dict[str, Any]:
    """Give the card of an option with the row that carries its figure, or of an option without one.

    `carried` is what earlier lines leave behind for a planned one.
    """
    note = [{"term": "Regimen", "text": option.regimen.note}] if option.regimen.note else []
    supposed = assumed.spoken(assumed.parts(option.regimen.id, option.snapshot, row))
    told = f"{supposed}. {assumed.note(option.snapshot.knowledge)}"
    said = [{"term": "Assumption", "text": told}] if supposed else []
    before = [*note, *({"term": "Carried", "text": text} for text in carried)]
    knowledge = option.snapshot.knowledge
    plain: dict[str, Any] = {"id": identity, "title": title, "palette": option.regimen.palette}
    if row is None:
        plain |= {
            "lead": "No median that was read in its source fits this line.",
            "big": "",
            "big_rest": LACKING[lacking(option, row)],
            "small": "",
        }
        return {
            **plain,
            "rows": [*said, *before, *_harms(option, None), *_label(option, knowledge), *_allowed(option, knowledge)],
        }
    plain |= {
        "lead": f"{row.trial.name}: {row.result.population or row.trial.population}",
        "big": words.number(row.own.value if row.own else None),
        "big_rest": f"months{words.interval(row.own)} v {words.figure(row.other)}",
        "small": words.endpoint(row.result) + _ratio(row),
    }
    return {
        **plain,
        "rows": [
            *said,
            *_source(row, knowledge),
            *_fit(row),
            *before,
            *_harms(option, row),
            *_label(option, knowledge),
            *_allowed(option, knowledge),
        ],
    }


def _ratio(row: Row) -> str:
    ratio = row.result.hazard_ratio
    if ratio is None or ratio.value is None:
        return "; no hazard ratio in this row"
    side = "" if row.experimental else " (of the other arm against this one)"
    return f"; hazard ratio {words.figure(ratio)}{side}"


def _source(row: Row, knowledge: Knowledge) -> list[dict[str, str]]:
    cited, url = words.link(row.result.source, knowledge)
    text = assumed.marked_result(cited, row.trial, row.result, knowledge)
    return [
        {"term": "Source", "text": text, "url": url, "tag": assumed.tag_result(row.trial, row.result, knowledge)},
        {
            "term": "When",
            "text": f"reported {words.reported(row.result)}"
            + (", exploratory subgroup" if row.result.exploratory else ""),
        },
        {
            "term": "Against",
            "text": next((arm.name for arm in row.trial.arms if arm.id != _own_arm(row)), ""),
        },
    ]


def _own_arm(row: Row) -> str:
    result = row.result
    return (result.arm or "experimental") if row.experimental else (result.control_arm or "control")


def _fit(row: Row) -> list[dict[str, str]]:
    rows = [{"term": "Fit", "text": row.fit.word}]
    if row.fit.missed:
        rows.append({"term": "Not met", "text": "; ".join(row.fit.missed)})
    if row.fit.unknown:
        rows.append({"term": "Unknown", "text": "; ".join(row.fit.unknown)})
    if row.trial.note:
        rows.append({"term": "Note", "text": row.trial.note})
    return rows


def _harms(option: Option, row: Row | None) -> list[dict[str, str]]:
    """Give the harms of this regimen in the trial of the figure; in another trial, which is named, when that one tells none."""
    own = _told_harms(row, option.snapshot) if row else ""
    if own:
        return [{"term": "Harms", "text": own}]
    for other in rows_of(option.regimen.id, option.facts, option.snapshot):
        told = _told_harms(other, option.snapshot)
        if told:
            return [{"term": "Harms", "text": f"{told} ({other.trial.name})"}]
    return []


def _told_harms(row: Row, snapshot: Snapshot) -> str:
    """Give the harms of the arm; what only a source younger than this day tells is left out."""
    own, year = _own_arm(row), int(snapshot.day[:4])
    events = [e for e in row.trial.adverse_events if e.arm == own and e.verified == "seen"]
    events = [e for e in events if (words.source_year(e.source, snapshot.knowledge) or year) <= year]
    severe = sorted(
        (e for e in events if e.grade_3_plus_percent is not None),
        key=lambda e: -(e.grade_3_plus_percent or 0),
    )
    common = sorted(
        (e for e in events if e.grade_3_plus_percent is None),
        key=lambda e: -(e.any_grade_percent or 0),
    )
    lung = [e for e in events if e.event.casefold() == LUNG]  # few, but they die of it
    by_event: dict[str, AdverseEvent] = {}  # one figure an event: label and paper count differently
    for event in (*lung, *severe, *common):
        by_event.setdefault(event.event.casefold(), event)
    return "; ".join(map(_event, list(by_event.values())[:MOST_HARMS]))


def _event(event: AdverseEvent) -> str:
    """Give "nausea 34.3 % grade 1-2 or not serious": a detail that names other grades stands in place of ours."""
    word = event.event if event.event[1:2].isupper() else event.event.lower()
    severe = event.grade_3_plus_percent is not None
    percent = words.number(event.grade_3_plus_percent if severe else event.any_grade_percent)
    detail, grade = event.detail or "", "grade 3+" if severe else "any grade"
    if OTHER_GRADE.search(detail):
        return f"{word} {percent} % {detail}"
    return f"{word} {percent} % {grade}" + (f", {detail}" if detail else "")


def _label(option: Option, knowledge: Knowledge) -> Iterator[dict[str, str]]:
    """Give dose, US boxed warning and extra visits of each drug, and what was learnt later; what nobody read is left out."""
    day = option.snapshot.day
    for agent in (knowledge.agents[name] for name in option.regimen.agents):
        doses = [("Dose", dose) for dose in _doses(agent, option.regimen)]
        for term, note in [*doses, *(("US box", box) for box in agent.boxed_warnings)]:
            later = (note.since or "") > day
            if note.verified == "seen" and not (later and term == "Dose"):
                text, url = words.link(note.source, knowledge)
                cited = "" if url else f" ({text})"
                box = f"US box from {(note.since or '')[:4]} on, " if later else ""
                told = f"{box}{agent.name}: {note.text}{cited}"
                yield {"term": LATER if later else term, "text": told, "url": url, "tag": "seen"}
        early = agent.early_visits
        if early and early.verified == "seen":
            _, url = words.link(early.source, knowledge)
            yield {"term": "More visits", "text": f"{agent.name}: {early.text}", "url": url, "tag": early.verified}
    for rule in option.learnt_later:
        text, url = words.link(rule.source, knowledge)
        yield {
            "term": LATER,
            "text": f"From {(rule.since or '')[:4]} on: {rule.text}",
            "url": url,
            "tag": rule.verified,
        }


def _doses(agent: Agent, regimen: Regimen) -> list[Dose]:
    """Give the doses that name this regimen or its group; only when none does, those that name no regimen."""
    names = {regimen.id, regimen.variant_of, *regimen.groups}
    own = [dose for dose in agent.doses if names & set(dose.covers)]
    return own or [dose for dose in agent.doses if not dose.covers]


def _allowed(option: Option, knowledge: Knowledge) -> list[dict[str, str]]:
    rows = []
    for licence in option.licences[:2]:
        _, url = words.link(licence.source, knowledge)
        rows.append(
            {
                "term": "Licence",
                "text": assumed.marked(f"{words.licence_word(licence)}: {licence.wording}", licence, knowledge),
                "url": url,
                "tag": assumed.tag(licence, knowledge),
            }
        )
    late = lag(option)
    if late:
        rows.append({"term": "FDA and EMA", "text": late})
    for statement in option.statements[:3]:
        _, url = words.link(statement.source, knowledge)
        rows.append(
            {
                "term": "Advice",
                "text": assumed.marked(words.statement_word(statement, knowledge), statement, knowledge),
                "url": url,
                "tag": assumed.tag(statement, knowledge),
            }
        )
    return rows

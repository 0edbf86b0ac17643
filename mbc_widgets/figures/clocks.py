"""Three clocks of each regimen: first reported, allowed by the regulator, first recommended; for one patient, up to a day.

Comes in: two views. Goes out: a row per regimen that is or was an option on one of the two sides, with its days, what
they mean for this patient in words, the facts behind them with their sources, a table and a sentence. Licences and
statements are those whose population holds the patient of the later side; nothing later than that side's day is told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from mbc_widgets.conditions import holds
from mbc_widgets.eligibility import NEEDS_TEST, NOT_NOW, NOT_OFFERED, OFFERED, Option
from mbc_widgets.figures import words
from mbc_widgets.figures.advised import advised_rows
from mbc_widgets.figures.choices import notes_in_force
from mbc_widgets.knowledge import Knowledge, Snapshot, asked_by, opens
from mbc_widgets.patient import DAYS_PER_MONTH
from mbc_widgets.records import POSITIVE_POSITIONS, Licence, Statement, StatusNote, Trial
from mbc_widgets.workbook import View

FIRST_ROWS = 16
COLUMNS = ("Regimen", "First reported", "Allowed", "First recommended", "Pending", "In words")
LONGEST_NOTE = 60
CONTROL = "control"


@dataclass(frozen=True, kw_only=True)
class Report:
    """The first public day of a regimen in a trial that tested it, and where that is told."""

    day: str
    trial: Trial
    source: str
    read: bool  # somebody read that very day in a source


@cache
def reports(regimen: str, knowledge: Knowledge) -> tuple[Report, ...]:
    """Give the first report of each trial that tested a regimen, oldest first; control arms test nothing."""
    found = []
    for name, arm in knowledge.trials_of.get(regimen, ()):
        trial = knowledge.trial(name)
        first = trial.first_report or min((result.reported for result in trial.results), default="")
        if arm == CONTROL or not first:
            continue
        result = next((each for each in trial.results if each.reported == first), None)
        read = result is None or result.reported_verified == "seen"
        source = trial.source or (result.source if result else "")
        found.append(Report(day=first, trial=trial, source=source, read=read))
    return tuple(sorted(found, key=lambda report: report.day))


def first_report(option: Option) -> Report | None:
    """Give the first report of the regimen, in whatever patients; None when nothing was reported by the day."""
    known = (each for each in reports(option.regimen.id, option.snapshot.knowledge) if each.day <= option.snapshot.day)
    return next(known, None)


def clocks(first: View, second: View) -> dict[str, Any]:
    """Give the three clocks of two views: rows, axis, table and sentence."""
    later = first if first.snapshot.day > second.snapshot.day else second
    earlier = second if later is first else first
    chosen = sorted(_chosen(earlier, later), key=_order)
    in_time = earlier.patient == later.patient and earlier.snapshot.day < later.snapshot.day
    since = earlier.snapshot.day if in_time else ""
    ranks = {option.regimen.id: _rank(option, earlier, since) for option in chosen}
    newest_first = list(ranks)[::-1]
    shown = set(sorted(newest_first, key=lambda name: ranks[name])[:FIRST_ROWS])
    rows = [_row(option, first=option.regimen.id in shown) for option in chosen]
    rows += advised_rows(later)
    edition = later.snapshot.knowledge.edition
    horizon = words.day(later.snapshot.day)
    return {
        "title": "Three clocks: reported, allowed, recommended",
        "regulator": later.snapshot.regulator,
        "patient": later.patient.name,
        "from": f"{edition.first_day[:4]}-01-01",
        "to": f"{int(edition.current_day[:4]) + 1}-01-01",
        "days": list(dict.fromkeys(view.snapshot.day for view in (earlier, later))),
        "day_labels": list(dict.fromkeys(words.day(view.snapshot.day) for view in (earlier, later))),
        "rows": rows,
        "sentence": _sentence(chosen, later),
        "note": f"Licences and recommendations are those that hold such a patient under the {later.snapshot.regulator}; a recommendation counts"
        f" once its text was read. Nothing after {horizon} is drawn but the day on which a decision is due.",
        "table": {"columns": list(COLUMNS), "rows": [_table_row(row) for row in rows]},
    }


def _chosen(earlier: View, later: View) -> Iterator[Option]:
    """Give, as seen on the later side, what is offered, waits or is reported and not yet allowed on either."""
    for option in later.options:
        before = earlier.option(option.regimen.id)
        if _is_open(option) or (before and _is_open(before)) or is_not_yet(option) or (before and is_not_yet(before)):
            yield option


def _is_open(option: Option) -> bool:
    return option.verdict in {OFFERED, NEEDS_TEST, NOT_NOW}


def is_not_yet(option: Option) -> bool:
    """Say whether a regimen was reported by the day and no licence of this regulator had ever covered it."""
    closed = option.verdict == NOT_OFFERED and not (option.candidate.active or option.candidate.withdrawn)
    return closed and first_report(option) is not None


def _rank(option: Option, earlier: View, since: str) -> int:
    """Give how little a row tells of the two days: what a licence after `since` opened or closed first, what is pending, what waits."""
    before = earlier.option(option.regimen.id)
    moved = (option.verdict == OFFERED) != (before is not None and before.verdict == OFFERED)
    licences = [*_allowed(option), *(_allowed(before) if before else ())]
    if moved and any(since < (day or "") for x in licences for day in (x.granted, x.withdrawn)):
        return 0
    if _pending(option) and not option.blocked_by:
        return 1
    return 2 if option.verdict == NEEDS_TEST else 3


def _order(option: Option) -> tuple[str, str]:
    report = first_report(option)
    days = [licence.granted or "" for licence in _allowed(option)]
    return (report.day if report else min(days, default=""), option.regimen.id)


def _licences(option: Option) -> list[Licence]:
    """Give the licences of this regulator that cover the regimen, granted by the day, whatever their population."""
    snapshot = option.snapshot
    regimen = option.regimen.id
    return [
        licence
        for _, licence in snapshot.knowledge.licences_of.get(regimen, ())
        if licence.regulator == snapshot.regulator
        and not licence.off_label
        and (licence.established or (licence.granted or "9") <= snapshot.day)
    ]


def _allowed(option: Option) -> list[Licence]:
    """Give those that take this patient, or may."""
    return [licence for licence in _licences(option) if holds(licence.when, option.facts.values) is not False]


def first_recommended(option: Option) -> Statement | None:
    """Give the first positive statement that was read, is of a body heard here, and holds this patient; ended ones count."""
    snapshot = option.snapshot
    found = [
        statement
        for statement in snapshot.knowledge.statements_of.get(option.regimen.id, ())
        if statement.position in POSITIVE_POSITIONS
        and statement.since <= snapshot.day
        and snapshot.body in {"", statement.body}
        and opens(statement, snapshot.knowledge, snapshot.regulator)
        and holds(asked_by(statement, option.regimen, snapshot.knowledge, snapshot.regulator), option.facts.values)
    ]
    return min(found, key=lambda statement: statement.since, default=None)


def _pending(option: Option) -> list[StatusNote]:
    """Give what the regulator has before it on this day for a regimen that it has not licensed."""
    if _licences(option):
        return []
    first_day = (
        option.snapshot.knowledge.edition.first_day
    )  # an older note tells of the past, not of a decision to come
    notes = notes_in_force(option.regimen.agents, option)
    return [note for note in notes if note.regulator and (note.due or (note.since or "") >= first_day)]


def _row(option: Option, *, first: bool) -> dict[str, Any]:
    knowledge, day = option.snapshot.knowledge, option.snapshot.day
    report = first_report(option)
    statement, pending, name = first_recommended(option), _pending(option), words.name(option.regimen, knowledge)
    told = _in_words(option, report, statement, pending)
    row = {
        "id": option.regimen.id, "name": name, "palette": option.regimen.palette, "first": first,
        "reported": {"day": report.day, "label": _month(report.day), "before": report.day < knowledge.edition.first_day} if report else None,
        "bars": _bars(option), "words": told,
        "recommended": {"day": statement.since, "label": words.since(statement)} if statement else None,
        "pending": {"day": pending[0].due or day, "label": _due(pending)} if pending else None,
        "facts": list(_facts(option, report, statement, pending)),
    }  # fmt: skip
    return {**row, "spoken": _spoken(row)}


def _bars(option: Option) -> list[dict[str, Any]]:
    """Give when the regimen was allowed: filled where such a patient was meant, an outline where only others were."""
    allowed = _allowed(option)
    others = [licence for licence in _licences(option) if licence not in allowed]
    found = [_bar(option.snapshot, group, kind) for group, kind in ((others, "others"), (allowed, "patient")) if group]
    if len(found) == 2 and found[0]["from"] < found[1]["from"]:  # noqa: PLR2004 - others first: their bar ends where ours begins
        found[0]["to"] = min(found[0]["to"], found[1]["from"])
    elif len(found) == 2:  # noqa: PLR2004
        found = found[1:]
    return found


def _bar(snapshot: Snapshot, licences: Iterable[Licence], kind: str) -> dict[str, Any]:
    listed = list(licences)
    oldest = min(listed, key=_start)
    day, first_day = snapshot.day, snapshot.knowledge.edition.first_day
    ends = [licence.withdrawn if licence.withdrawn and licence.withdrawn <= day else day for licence in listed]
    unknown = oldest.established or not oldest.granted or oldest.granted_to != "day"
    return {
        "kind": kind,
        "from": max(_start(oldest), first_day),
        "to": max(ends),
        "before": _start(oldest) < first_day,
        "unverified": unknown or oldest.verified != "seen",
        "withdrawn": max(ends) < day,
        "label": words.licence_word(oldest),
    }


def _start(licence: Licence) -> str:
    return "" if licence.established else licence.granted or ""


def _in_words(option: Option, report: Report | None, statement: Statement | None, pending: list[StatusNote]) -> str:
    """Give the right-hand column: how long from the report to the licence, and what this patient meets now."""
    parts = [_lag(option, report, pending), _standing(option)]
    if option.verdict == OFFERED and statement is None and _allowed(option):
        parts.append("no recommendation read")
    return "; ".join(part for part in parts if part)


def _lag(option: Option, report: Report | None, pending: list[StatusNote]) -> str:
    """Give how the licence stands to the first report, for such a patient; or why there is none."""
    allowed, listed = _allowed(option), _licences(option)
    if not listed:
        return _due(pending) if pending else f"no licence of the {option.snapshot.regulator}"
    if not allowed:
        return f"for others: {words.licence_word(min(listed, key=_start))}"
    gone = [x.withdrawn for x in allowed if x.withdrawn and x.withdrawn <= option.snapshot.day]
    if len(gone) == len(allowed):
        return f"withdrawn {words.day(max(gone))}"
    return _since(option, min(allowed, key=_start), report)


def _since(option: Option, oldest: Licence, report: Report | None) -> str:
    """Give "13 mo to allowed"; only the day where the report is older than the axis, or unknown."""
    first_day = option.snapshot.knowledge.edition.first_day
    if oldest.established or not oldest.granted:
        return "in use before 2012, day not known"
    if oldest.granted < first_day:
        return f"allowed in {oldest.granted[:4]}"
    if report is None or report.day < first_day:
        return f"allowed {words.moment(oldest.granted, oldest.granted_to)}"
    earlier = [_start(x) for x in _licences(option) if _start(x) and _start(x) < oldest.granted]
    own = _to_allowed(_months(report.day, oldest.granted))
    if earlier:
        return f"{_to_allowed(_months(report.day, min(earlier)))} to allowed, {own} for such a patient"
    return f"{own} to allowed"


def _to_allowed(months: int) -> str:
    """Give "13 mo"; a licence may come with the first report, or before it was public."""
    return f"{months} mo" if months > 0 else "0 mo" if months == 0 else f"{-months} mo before the report"


def _months(start: str, end: str) -> int:
    """Give the completed months from one day to another, negative when the second came first."""
    return int((date.fromisoformat(end) - date.fromisoformat(start)).days / DAYS_PER_MONTH)


def _due(pending: list[StatusNote]) -> str:
    due = next((note.due for note in pending if note.due), None)
    if due:
        return f"decision due {words.day(due)}"
    text = pending[-1].text
    return text if len(text) <= LONGEST_NOTE else text.split(" (")[0].split(", ")[0]


def _standing(option: Option) -> str:
    """Give what stands between this patient and the option, in the engine's own words; "" when it is offered."""
    if option.verdict == OFFERED:
        return "off label" if option.licence_status == "off-label" else ""
    if option.verdict == NEEDS_TEST:
        vocabulary = option.snapshot.knowledge.vocabulary
        return "waits for " + ", ".join(vocabulary[name].label for name in option.missing[:2])
    rules = (*option.held_by, *option.blocked_by)
    if rules:
        return f"{'not now' if option.verdict == NOT_NOW else 'closed'}: {rules[0].text.rstrip('.')}"
    return "" if option.candidate.closed else "outside its licences and statements"


def _month(day: str) -> str:
    return words.moment(day, "month")


def _facts(
    option: Option, report: Report | None, statement: Statement | None, pending: list[StatusNote]
) -> Iterator[dict[str, str]]:
    """Give the dated facts behind a row, oldest first in each kind, with their sources."""
    knowledge = option.snapshot.knowledge
    if report:
        text, url = words.link(report.source, knowledge)
        doubt = "" if report.read else ", day not verified"
        yield {
            "term": "Reported",
            "text": f"{_month(report.day)}, {report.trial.name}{doubt}",
            "source": text,
            "url": url,
        }
    for licence in sorted(_licences(option), key=_start):
        taken = "" if licence in _allowed(option) else " (not such a patient)"
        text, url = words.link(licence.source, knowledge)
        gone = (
            f", withdrawn {words.day(licence.withdrawn)}"
            if licence.withdrawn and licence.withdrawn <= option.snapshot.day
            else ""
        )
        told = f"{words.licence_word(licence)}{gone}: {licence.wording}{taken}"
        yield {"term": "Allowed", "text": told, "source": text, "url": url}
    if statement:
        text, url = words.link(statement.source, knowledge)
        told = f"{words.statement_word(statement, knowledge)}. {statement.because}"
        yield {"term": "Recommended", "text": told, "source": text, "url": url}
    for note in pending:
        text, url = words.link(note.source, knowledge)
        yield {"term": "Pending", "text": note.text, "source": text, "url": url}


def _spoken(row: dict[str, Any]) -> str:
    """Give the name of a row: its clocks in words, as the table has them."""
    _, reported, allowed, recommended, pending, told = _table_row(row)
    parts = [f"reported {reported}", f"allowed: {allowed}", f"recommended {recommended}", f"pending: {pending}"]
    told_parts = [part for part in parts if not part.endswith(" -")]
    return f"{row['name']}: {', '.join(told_parts) or 'no dated fact'}. {told}."


def _table_row(row: dict[str, Any]) -> list[str]:
    bars = "; ".join(
        bar["label"]
        + (" (others)" if bar["kind"] == "others" else "")
        + (", day unverified" if bar["unverified"] else "")
        for bar in row["bars"]
    )
    dated = [(row[key] or {}).get("label", "-") for key in ("reported", "recommended", "pending")]
    return [row["name"], dated[0], bars or "-", dated[1], dated[2], row["words"]]


def _sentence(chosen: list[Option], later: View) -> str:
    """Give how long the licences took, from the same rows."""
    lags = []
    for option in chosen:
        report, allowed = first_report(option), _allowed(option)
        dated = [x.granted for x in allowed if x.granted and not x.established]
        if report and report.day >= later.snapshot.knowledge.edition.first_day and dated:
            lags.append((_months(report.day, min(dated)), words.name(option.regimen, later.snapshot.knowledge)))
    if not lags:
        return f"{len(chosen)} regimens; for none is both a first report since 2012 and a dated licence for such a patient known."
    (short, fast), (long, slow) = min(lags), max(lags)
    span = (
        f"the licence came {_after(short)} the first report ({fast})"
        if len(lags) == 1
        else f"from {_after(short)} ({fast}) to {_after(long)} ({slow}) the first report"
    )
    return f"{len(chosen)} regimens; for the {len(lags)} reported since 2012 and licensed for such a patient by the {later.snapshot.regulator}, {span}."


def _after(months: int) -> str:
    unit = "month" if abs(months) == 1 else "months"
    return f"{months} {unit} after" if months >= 0 else f"{-months} {unit} before"

"""Two sides beside each other: two days, regulators or patients. The difference in sentences, then in rows.

Comes in: the two views, with a word for where the first comes from. Goes out: one plain value. Comparing a view with itself
finds no difference; the other way round the same rows stand on the other side.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from mbc_widgets.eligibility import NEEDS_TEST, NOT_NOW, Option
from mbc_widgets.figures import words
from mbc_widgets.figures.board import board
from mbc_widgets.figures.causes import Cause, by_regimen, causes
from mbc_widgets.figures.clocks import clocks, first_report, is_not_yet
from mbc_widgets.figures.difference import Pair, lanes_sentence, patient_rows, sentence, short_place
from mbc_widgets.figures.page import patient_lines
from mbc_widgets.workbook import View

CAUSE_COLUMNS = ("Day", "Trial or label", "Effect for this patient")
OPTION_COLUMNS = ("Option", "First side", "Second side")
PATIENT_COLUMNS = ("Entry", "First side", "Second side")
ALLOWED_LATER = "allowed"


def compare(first: View, second: View) -> dict[str, Any]:
    """Give everything that Compare shows of two views."""
    pair = Pair(first=first, second=second)
    why = by_regimen(first, second) if pair.same_patient else {}
    found = causes(first, second) if pair.same_patient else ()
    boards = _boards(pair)
    return {
        "sentence": sentence(pair),
        "same": pair.same,
        "sides": [_side(first, second, why, pair, 0), _side(second, first, why, pair, 1)],
        "both": _both(pair),
        "causes": {
            "columns": list(CAUSE_COLUMNS),
            "rows": [_cause_row(cause) for cause in found],
            "note": "The figure is that of the trial which fits this patient best, as it was public on the day of its row."
            if found
            else "",
        },
        "patient": {"columns": _columns(PATIENT_COLUMNS, pair), "rows": patient_rows(pair)},
        "clocks": clocks(first, second),
        "boards": boards,
        "lanes": lanes_sentence(pair),
        "table": {"columns": _columns(OPTION_COLUMNS, pair), "rows": _table(pair)},
    }


def _columns(names: Sequence[str], pair: Pair) -> list[str]:
    """Give the heads of a table: the two sides by what parts them."""
    return [names[0], *(short_place(view, pair) for view in (pair.first, pair.second))]


def _side(view: View, other: View, why: dict[str, Cause], pair: Pair, index: int) -> dict[str, Any]:
    knowledge = view.snapshot.knowledge
    offered = set(other.offered())
    alone = [o for o in _in_order(view) if o.regimen.id not in offered]
    groups = [
        ("alone", _alone_label(pair, index), [(o, _why_word(o, other, why)) for o in alone]),
        ("needs-test", "Needs a test", [(o, _missing(o)) for o in view.options if o.verdict == NEEDS_TEST]),
        (
            "not-now",
            "Not now",
            [(o, o.held_by[0].text if o.held_by else "") for o in view.options if o.verdict == NOT_NOW],
        ),
        (
            "not-yet",
            "Reported, not allowed on that day",
            sorted(
                ((o, _not_yet(o, other)) for o in view.options if is_not_yet(o) and _concerns(o, view)),
                key=_allowed_first,
            ),
        ),
        (
            "withdrawn",
            "Withdrawn",
            [(o, _withdrawn(o)) for o in view.options if o.licence_status == "withdrawn" and _concerns(o, view)],
        ),
    ]
    return {
        "label": short_place(view, pair), "day": view.snapshot.day, "day_label": words.day(view.snapshot.day),
        "regulator": view.snapshot.regulator, "body": words.body(view.snapshot.body, knowledge) if view.snapshot.body else "",
        "patient": patient_lines(view), "offered": len(view.offered()),
        "groups": [{"id": name, "label": label, "items": [_item(o, note) for o, note in items]} for name, label, items in groups if items],
        "checks": [*_given_later(view), *({"text": w.text} for w in view.warnings if w.code in {"before-licence", "older-day"})],
    }  # fmt: skip


def _concerns(option: Option, view: View) -> bool:
    """Say whether a regimen is one for disease with these receptors: by its kind, and by whom its trials took."""
    group = view.facts.values.get("endocrine_group")
    if group == "negative" and option.regimen.backbone == "endocrine":
        return False
    other = {"negative": "hr_positive", "positive": "triple_negative"}.get(str(group))
    return any(row.trial.subtype != other for row in view.evidence(option.regimen.id))


def _in_order(view: View) -> list[Option]:
    by_id = {option.regimen.id: option for option in view.options}
    return [by_id[name] for name in view.offered()]


def _alone_label(pair: Pair, index: int) -> str:
    if pair.then_and_now and pair.same_patient:
        return "Offered now, not then" if index else "Offered then, not now"
    return "Offered on this side alone"


def _item(option: Option, note: str) -> dict[str, str]:
    knowledge = option.snapshot.knowledge
    return {
        "id": option.regimen.id,
        "name": words.name(option.regimen, knowledge),
        "palette": option.regimen.palette,
        "note": note,
    }


def _why_word(option: Option, other: View, why: dict[str, Cause]) -> str:
    """Give the fact that parts the sides in a few words: "EMERALD; FDA licence 27 Jan 2023"; for two patients what stops it there."""
    cause = why.get(option.regimen.id)
    if cause:
        day = (
            "" if cause.day_label and cause.day[:7] in cause.what else cause.day_label
        )  # a statement names its month already
        return "; ".join(part for part in (cause.trial, f"{cause.what} {day}".strip()) if part)
    there = other.option(option.regimen.id)
    if there is None:
        return "not for such a patient"
    if there.verdict == NEEDS_TEST:
        return f"there it waits for {_missing(there)}"
    rules = (*there.held_by, *there.blocked_by)
    return f"there: {rules[0].text}" if rules else "there outside its licences and statements"


def _missing(option: Option) -> str:
    vocabulary = option.snapshot.knowledge.vocabulary
    return ", ".join(vocabulary[name].label for name in option.missing[:2])


def _not_yet(option: Option, other: View) -> str:
    """Give when it was reported, and when it was allowed by the later side."""
    report = first_report(option)
    told = f"reported {words.moment(report.day, 'month')}, {report.trial.name}" if report else ""
    there = other.option(option.regimen.id)
    if (
        other.snapshot.day <= option.snapshot.day
        or other.snapshot.regulator != option.snapshot.regulator
        or there is None
    ):
        return told
    dated = [x for x in there.licences if x.granted and not x.off_label and x.granted > option.snapshot.day]
    first = min(dated, key=lambda licence: licence.granted or "", default=None)
    return (
        f"{told}; {ALLOWED_LATER} {words.moment(first.granted, first.granted_to)}" if first and first.granted else told
    )


def _allowed_first(entry: tuple[Option, str]) -> bool:
    return ALLOWED_LATER not in entry[1]


def _withdrawn(option: Option) -> str:
    last = max(held.item.withdrawn or "" for held in option.candidate.withdrawn)
    return f"{option.snapshot.regulator} indication, on {words.day(last)}"


def _both(pair: Pair) -> list[dict[str, Any]]:
    """Give what is offered on both sides, with its place in the order of each."""
    first, second = pair.first.offered(), pair.second.offered()
    found = []
    for option in _in_order(pair.second):
        name = option.regimen.id
        if name in first:
            here, there = first.index(name) + 1, second.index(name) + 1
            note = f"{_ordinal(here)} of {len(first)}, {_ordinal(there)} of {len(second)}"
            found.append({**_item(option, note), "moved": (here, len(first)) != (there, len(second))})
    return found


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in {11, 12, 13} else "th"
    return f"{number}{ending}"


def _given_later(view: View) -> list[dict[str, str]]:
    """Name drugs of the history that this regulator had not licensed for anything by the day of the side."""
    agents, day, regulator = view.snapshot.knowledge.agents, view.snapshot.day, view.snapshot.regulator
    given = dict.fromkeys(agent for therapy in view.patient.prior_therapies for agent in therapy.agents)
    found = []
    for drug in (agents[name] for name in given):
        days = [x.granted or "" for x in drug.licences if x.regulator == regulator]
        old = any(x.established for x in drug.licences) or (drug.first_licence or "9") <= day
        if days and day < min(days) and not old:
            text = (
                f"On {words.day(day)} **{drug.name}** was allowed for nothing by the {regulator} (first {words.day(min(days))}). The history is read"
                " as entered: what follows on that day follows a drug that nobody there could be given outside a trial. The entry is kept."
            )
            found.append({"text": text, "therapy": drug.name})
    return found


def _cause_row(cause: Cause) -> dict[str, Any]:
    told = ", ".join(part for part in (cause.trial, cause.what) if part)
    return {
        "day": cause.day_label or "no day",
        "what": told,
        "effect": cause.effect,
        "source": cause.source,
        "url": cause.url,
    }


def _table(pair: Pair) -> list[list[str]]:
    """Give every option whose standing differs, with its standing on both sides."""
    ids = dict.fromkeys(o.regimen.id for view in (pair.second, pair.first) for o in view.options)
    rows = []
    for name in ids:
        options = [view.option(name) for view in (pair.first, pair.second)]
        standing = [_standing(option) for option in options]
        known = next(option for option in options if option)
        if standing[0] != standing[1]:
            rows.append([words.name(known.regimen, known.snapshot.knowledge), *standing])
    return rows


def _standing(option: Option | None) -> str:
    if option is None:
        return "not for such a patient"
    if is_not_yet(option):
        return "reported, not allowed"
    return "withdrawn" if option.licence_status == "withdrawn" else option.verdict.replace("-", " ")


# ---- the two boards


def _boards(pair: Pair) -> dict[str, Any]:
    """Give one board of both sides at one scale: the lanes of the first, then those of the second, each with its own ids."""
    drawn = [board(view) for view in (pair.first, pair.second)]
    lanes = [
        _own_ids(lane, f"{mark}-", short_place(view, pair), first=not place)
        for view, each, mark in zip((pair.first, pair.second), drawn, "12", strict=True)
        for place, lane in enumerate(each["lanes"])
    ]
    return {
        **drawn[1],
        "title": "The sequences of both sides, at one scale",
        "months": max(each["months"] for each in drawn),
        "now": drawn[1]["now"] if drawn[0]["now"] == drawn[1]["now"] else None,
        "lanes": lanes,
        "align": [],
        "python": "",
        "foot": "Each lane is planned with the licences and the knowledge of its own side. A bar is the median of one trial: **do not add bars up**.",
        "sentence": " ".join(f"{short_place(view, pair)}: {each['sentence']}" for view, each in zip((pair.first, pair.second), drawn, strict=True)),
        "table": {
            "columns": ["side", *drawn[0]["table"]["columns"]],
            "rows": [
                [short_place(view, pair), *row]
                for view, each in zip((pair.first, pair.second), drawn, strict=True)
                for row in each["table"]["rows"]
            ],
        },
        "legend": _merged(each["legend"] for each in drawn),
    }  # fmt: skip


def _merged(legends: Iterable[list[dict[str, str]]]) -> list[dict[str, str]]:
    return list({entry["palette"]: entry for legend in legends for entry in legend}.values())


def _own_ids(lane: dict[str, Any], mark: str, side: str, *, first: bool) -> dict[str, Any]:
    """Give a lane whose bars have ids of their own, so that A1 of both sides can be told apart; the first says whose lanes follow."""
    return {
        **lane,
        "key": f"{mark}{lane['letter']}",
        "side": side,
        "heading": side if first else "",
        "bars": [{**bar, "id": f"{mark}{bar['id']}", "mark": bar["id"]} for bar in lane["bars"]],
    }

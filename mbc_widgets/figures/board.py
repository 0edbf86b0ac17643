"""The sequence board as data: lanes of bars to scale in months, with the reason on the bar and its table."""

from collections import Counter
from math import ceil
from string import ascii_lowercase
from typing import Any

from mbc_widgets.evidence import FITS, IN_PART
from mbc_widgets.figures import aligned, assumed, words
from mbc_widgets.figures.cards import LACKING, card, lacking
from mbc_widgets.figures.tests_due import test_point
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Regimen
from mbc_widgets.sequences import MOVES, Sequence, alike
from mbc_widgets.timeline import Bar, now_month
from mbc_widgets.wording import upper_first
from mbc_widgets.workbook import View

LETTERS = "ABCDEF"
SHORTEST_AXIS, STEP = 12, 6
EVERYONE = 100
STARTS = "starts, month"
COLUMNS = (
    "lane",
    "line",
    "regimen",
    STARTS,
    "median months",
    "interval",
    "start of 100",
    "trial",
    "fit",
)


def board(view: View, align: str = aligned.DIAGNOSIS) -> dict[str, Any]:
    """Give the board of a view: lanes, legend, table and sentence. Months count from diagnosis, from now or from a line's end."""
    now = now_month(view.patient)
    out_of_scope = bool(view.facts.values.get("her2_positive"))
    groups = [] if out_of_scope else alike(view.sequences)[: len(LETTERS)]
    places = aligned.choices(view.lanes[indexes[0]] for indexes in groups)
    place = aligned.settled(align, places)
    lanes = [_lane(letter, view, indexes, place) for letter, indexes in zip(LETTERS, groups, strict=False)]
    bars = [bar for lane in lanes for bar in lane["bars"]]
    last = max([max(bar["end"], bar["start"] + (bar["high"] or 0)) for bar in bars], default=0)
    first = min([bar["start"] for bar in bars], default=0)
    axis = aligned.axis(place)
    used = list(dict.fromkeys(bar["palette"] for lane in lanes for bar in lane["bars"]))
    nothing = "Outside this workbook" if out_of_scope else "No drug sequence fits"
    return {
        "title": _title(lanes, view) if lanes else nothing,
        "months": max(SHORTEST_AXIS + min(0, ceil(first)), STEP * ceil((last + 1) / STEP)),
        "now": None if axis["zero"] else round(now - aligned.zero((), place, now)[0], 1),  # else each lane has its own
        "since": round(now, 1),  # diagnosis to now, for a lane that is pinned and drawn again
        "aligned": place,
        "align": places,
        "axis": axis,
        "legend": [{"palette": palette, "label": words.CLASS_NAMES[palette]} for palette in used],
        "lanes": lanes,
        "foot": _foot(view),
        "sentence": _sentence(lanes),
        "table": {
            "columns": _columns(axis["spoken"], place),
            "rows": [_table_row(lane, bar) for lane in lanes for bar in lane["bars"]],
        },
        "python": _python(view),
        "edition": view.snapshot.knowledge.edition.id,
    }


def _title(lanes: list[dict[str, Any]], view: View) -> str:
    number = ("One", "Two", "Three", "Four", "Five", "Six")[len(lanes) - 1]
    different = "different " if 1 < len(lanes) < len(view.sequences) else ""
    mark = f" ({assumed.ASSUMPTION})" if view.snapshot.knowledge.assumed else ""
    return f"{number} {different}candidate sequence{'s' if len(lanes) > 1 else ''}{mark}"


def _columns(spoken: str, place: str) -> list[str]:
    """Give the heads of the table; where months do not count from the diagnosis, the column says from where."""
    return [f"starts, {spoken}" if name == STARTS and place != aligned.DIAGNOSIS else name for name in COLUMNS]


def _lane(letter: str, view: View, indexes: list[int], place: str) -> dict[str, Any]:
    index = indexes[0]
    now = now_month(view.patient)
    shift, apart = aligned.zero(view.lanes[index], place, now)
    sequence = view.sequences[index]
    same = [view.sequences[each] for each in indexes]
    bars = _bars(letter, view, index, shift)
    tests = [
        test_point(f"{letter}{bar.line}-tests", bar.planned, round(bar.start - shift, 1))
        for bar in view.lanes[index]
        if bar.planned and bar.planned.tests
    ]
    end = max((bar["end"] for bar in bars), default=0)
    return {
        "letter": letter,
        "strategy": sequence.strategy.id,
        "label": sequence.strategy.label,
        "note": _note(same),
        "apart": apart,
        "zero": shift,  # in months since diagnosis
        "now": round(now - shift, 1),
        "bars": bars,
        "tests": tests,
        "end": {"month": end, "label": sequence.end},
    }


def _note(same: list[Sequence]) -> str:
    """Say what the strategy of a lane is for, which others choose the same lines, and whether this patient asks for one."""
    first, others = same[0].strategy, [each.strategy.label.lower() for each in same[1:]]
    asked = [each.strategy.label.lower() for each in same if each.asked_for]
    parts = [f"the same lines by {', '.join(others)}"] if others else [first.note]
    return "; ".join(
        [*(["asked for" if len(same) == 1 else f"asked for: {', '.join(asked)}"] if asked else []), *parts]
    )


def _bars(letter: str, view: View, index: int, shift: float) -> list[dict[str, Any]]:
    """Give the bars of a lane, each with an id of its own: the second therapy of line 2 of lane A is A2b."""
    found, used = [], Counter[int]()
    for bar in view.lanes[index]:
        used[bar.line] += 1
        identity = f"{letter}{bar.line}{'' if used[bar.line] == 1 else ascii_lowercase[used[bar.line] - 1]}"
        found.append((_given_bar if bar.given else _planned_bar)(identity, bar, view, shift))
    return found


def _given_bar(identity: str, bar: Bar, view: View, shift: float) -> dict[str, Any]:
    knowledge = view.snapshot.knowledge
    palette = _palette(bar.regimen, knowledge)
    months = bar.end - bar.start
    why = (bar.given.stop_reason if bar.given else "").replace("_", " ")
    reason = [
        f"given; {why}" if why != "progression" else f"given; progression after {words.number(round(months, 1))} months"
    ]
    title = words.regimen_name(bar.regimen, knowledge)
    return {
        "id": identity, "line": bar.line, "name": title, "short": title, "code": words.CODES[palette], "palette": palette,
        "start": round(bar.start - shift, 1), "end": round(bar.end - shift, 1), "share": 100, "given": True, "fit": FITS,
        "hatched": False, "lack": "", "assumed": [], "median": round(months, 1), "low": None, "high": None, "reason": reason, "figure": "",
        "accessible_name": f"{identity}, line {bar.line}: {title}, given for {words.number(round(months, 1))} months, not planned; {why}", "card": None,
    }  # fmt: skip


def _palette(regimen: str, knowledge: Knowledge) -> str:
    """Give the colour of what was given: the library's regimen, or the class of its newest drug."""
    known: Regimen | None = knowledge.regimens.get(regimen)
    if known:
        return known.palette
    order = ["adc", "parp", "io", "serd", "pam", "cdk", "chemo", "et", "bsc"]
    classes = [knowledge.drug_classes[knowledge.agents[agent].drug_class].palette for agent in regimen.split("+")]
    return min(classes, key=order.index)


def _planned_bar(identity: str, bar: Bar, view: View, shift: float) -> dict[str, Any]:
    line = bar.planned
    assert line is not None  # noqa: S101 - a bar is given or planned
    option, row = line.option, line.row
    knowledge = view.snapshot.knowledge
    title = words.name(option.regimen, knowledge)
    trees = [*(x.when for x in option.licences), *(s.when for s in option.statements_heard)]
    fit = row.fit.word if row else "not assessed"
    reason = [
        upper_first(words.reasons(option, trees, 2)) or _carrier(view, bar),
        *([f"{row.trial.name}, {row.result.population or 'all'}: {fit}"] if row else []),
    ]
    supposed = assumed.parts(option.regimen.id, option.snapshot, row)
    reason = [*filter(None, [assumed.spoken(supposed)]), *reason]
    lack = lacking(option, row)
    share = None if bar.share is None else round(bar.share)
    figure = (
        f"{words.number(row.own.value)} mo{words.interval(row.own)}{words.assessor(row.result)}"
        if row and row.own
        else LACKING[lack or words.NO_FIGURE]
    )
    figure += ", share not cited" if share is None else f", {share} of 100 start" if share < EVERYONE else ""
    hatched = fit not in {FITS, IN_PART} or bool(supposed)
    meaning = _hatch(lack, hatched=hatched, supposed=bool(supposed))
    return {
        "id": identity, "line": bar.line, "name": title, "short": words.short_name(option.regimen, knowledge),
        "code": words.CODES[option.regimen.palette], "palette": option.regimen.palette,
        "start": round(bar.start - shift, 1), "end": round(bar.end - shift, 1), "share": share, "given": False, "fit": fit,
        "hatched": hatched, "lack": lack, "assumed": [*supposed],
        "median": round(row.own.value, 1) if row and row.own and row.own.value is not None else None,
        "low": row.own.low if row and row.own else None, "high": row.own.high if row and row.own else None,
        "reason": reason, "figure": figure,
        "accessible_name": f"{identity}, line {bar.line}: {title}, {_spoken(figure, lack)}. {'. '.join(reason)}.{meaning}",
        "card": card(identity, f"{identity} {title}", option, row, line.carried),
    }  # fmt: skip


def _spoken(figure: str, lack: str) -> str:
    """Give the words under a bar as they are said; what is drawn is a median, where there is one."""
    return figure if lack else f"median {figure.replace('-', ' to ').replace(' mo', ' months', 1)}"


def _hatch(lack: str, *, hatched: bool, supposed: bool) -> str:
    """Say what the hatch of a bar means; "" for a bar without one."""
    if supposed:
        return f" Hatched: it rests on an {assumed.ASSUMPTION}"
    if lack:
        return " Hatched: its length means nothing"
    return " Hatched: the trial does not match this patient" if hatched else ""


def _carrier(view: View, bar: Bar) -> str:
    option = bar.planned.option if bar.planned else None
    knowledge = view.snapshot.knowledge
    if option and option.statements_heard:
        return words.statement_word(option.statements_heard[0], knowledge)
    return words.licence_word(option.licences[0]) if option and option.licences else ""


def _foot(view: View) -> str:
    cohorts = list(dict.fromkeys(share.cohort for share in view.snapshot.knowledge.line_shares))
    said = assumed.note(view.snapshot.knowledge)
    foot = (
        "Bar = median of one trial in one population. **Do not add bars up: the sum is not expected survival.** "
        f"Lane height = share who start the line ({'; '.join(cohorts)}). Trials of different populations are not ranked; "
        "no sequence is called the best. Every line is planned with the licences and the knowledge of "
        f"{words.day(view.snapshot.day)}. {MOVES}"
    )
    return f"**{said}** {foot}" if said else foot


def _sentence(lanes: list[dict[str, Any]]) -> str:
    parts = [
        f"{lane['letter']}, {lane['label'].lower()}: " + ", then ".join(bar["name"] for bar in lane["bars"])
        for lane in lanes
    ]
    return (
        ". ".join(parts) + "."
        if parts
        else "No drug sequence fits; supportive and palliative care, or a clinical trial."
    )


def _table_row(lane: dict[str, Any], bar: dict[str, Any]) -> list[str]:
    card_of = bar["card"] or {}
    median = "given" if bar["given"] else bar["lack"] or "-" if bar["median"] is None else words.number(bar["median"])
    interval = bar["figure"].partition("(")[2].partition(")")[0]
    share = "" if bar["share"] is None else str(bar["share"])
    return [
        lane["letter"],
        str(bar["line"]),
        bar["name"],
        words.number(bar["start"]),
        median,
        interval,
        share,
        str(card_of.get("lead", ""))[:80],
        f"{bar['fit']}; {assumed.ASSUMPTION}" if bar["assumed"] else bar["fit"],
    ]


def _python(view: View) -> str:
    """Give the lines that reproduce the view in a notebook; `mbc.patient` may be the package of that name there, not the function."""
    day, regulator, body = view.snapshot.day, view.snapshot.regulator, view.snapshot.body
    picked = f", body={body!r}" if body else ""
    if view.snapshot.knowledge.assumed:
        picked += ", knowledge=assumed.knowledge"  # of `assumed = mbc.assume(...)`
    first = "from mbc_widgets.workbook import look, patient"
    return f"{first}\nperson = patient({view.patient.as_dict()!r})\nlook(person, day={day!r}, regulator={regulator!r}{picked})"

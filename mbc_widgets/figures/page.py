"""The whole study page as one plain value: what the ES modules draw."""

from functools import cache
from typing import Any

from mbc_widgets.eligibility import NEEDS_TEST, OFFERED
from mbc_widgets.evidence import Row
from mbc_widgets.figures import assumed, words
from mbc_widgets.figures.board import board
from mbc_widgets.figures.change import changed_fields, sentence
from mbc_widgets.figures.choices import in_order, options
from mbc_widgets.figures.debates import debates
from mbc_widgets.figures.form import assumptions, form
from mbc_widgets.knowledge import Knowledge, Snapshot, bodies_elsewhere, bodies_on
from mbc_widgets.prompts import Prompt
from mbc_widgets.records import Statement
from mbc_widgets.workbook import View

SEED_DAY, SEED = (
    "2012-03-19",
    "Gogineni and DeMichele published: the review this workbook starts from",
)
MOST_EVIDENCE_PER_REGIMEN = 4
EVIDENCE_COLUMNS = {
    "trial": "Trial", "regimen": "Regimen", "population": "Population", "endpoint": "Endpoint", "experimental": "This regimen",
    "control": "Against", "hazard_ratio": "Hazard ratio", "fit": "Fit", "reported": "Public by", "source": "Source",
}  # fmt: skip


def build_page(
    view: View, *, previous: View | None = None, align: str = "diagnosis", asked: str = ""
) -> dict[str, Any]:
    """Give the page of `view`; `previous` is the view before the change, for the sentence that says what changed."""
    first = first_of_page(view, previous, align)
    return {**first, **rest_of_page(view, previous, first, asked)}


def place_of(view: View) -> dict[str, Any]:
    """Give where the reader stands: the day, the regulator, the guidelines and the patient in two lines."""
    snapshot, knowledge = view.snapshot, view.snapshot.knowledge
    return {
        "edition": knowledge.edition.id,
        "day": snapshot.day,
        "day_label": words.day(snapshot.day),
        "first_day": knowledge.edition.first_day,
        "last_day": knowledge.edition.current_day,
        "regulator": snapshot.regulator,
        "regulators": list(knowledge.edition.regulators),
        "body": snapshot.body,
        "body_label": words.body(snapshot.body, knowledge),
        "patient": patient_lines(view),
    }


def first_of_page(view: View, previous: View | None, align: str) -> dict[str, Any]:
    """Give what the reader looks for first after a change: the sentence, what is wrong or urgent, the board."""
    return {
        **place_of(view),
        "sentence": sentence(view, previous),
        "errors": _scope_errors(view),
        "warnings": [{"code": w.code, "text": w.text} for w in view.warnings],
        "prompts": [_prompt(p, view.snapshot.knowledge) for p in view.prompts if not p.beside],
        "board": board(view, align),
    }


def rest_of_page(view: View, previous: View | None, first: dict[str, Any], asked: str) -> dict[str, Any]:
    """Give everything else of the page whose first part is `first`."""
    snapshot, evidence = view.snapshot, _evidence(view)
    return {
        "bodies": bodies(snapshot),
        "bodies_elsewhere": elsewhere(snapshot),
        "days": days(snapshot.knowledge, snapshot.regulator),
        "form": form(view, changed_fields(view, previous)),
        "options": options(view, asked),
        "evidence": evidence,
        "tests": [_test(view, point.field, point.unlocks) for point in view.tests],
        "supportive": supportive(view),
        "debates": debates(view),
        "trials_only": _trials_only(view),
        "assumptions": assumptions(view),
        "figures_note": _note(evidence["rows"], first["board"]),
    }


def bodies(snapshot: Snapshot) -> list[dict[str, str]]:
    """Give the guideline bodies that the reader may pick on this day, each with the month of its newest text; all come first."""
    knowledge = snapshot.knowledge
    newest = bodies_on(knowledge, snapshot.day, snapshot.regulator)
    named = [
        {"id": name, "label": f"{words.body(name, knowledge)}, {words.since(text)}"} for name, text in newest.items()
    ]
    return [{"id": "", "label": words.body("", knowledge)}, *named]


def elsewhere(snapshot: Snapshot) -> str:
    """Say which bodies the list leaves out because they speak under the other regulator."""
    found = bodies_elsewhere(snapshot.knowledge, snapshot.day, snapshot.regulator)
    named = {place: [words.body_short(name, snapshot.knowledge) for name in names] for place, names in found.items()}
    return "; ".join(f"{', '.join(names)}: under the {place}" for place, names in named.items() if names)


def patient_lines(view: View) -> list[str]:
    """Give the patient in two lines: who, and what was given last."""
    values, found = view.facts.values, view.patient.findings
    sex = {"male": "Man", "female": "Woman"}.get(str(values.get("sex")), "Person")
    age = f" {found['age_years']:g}" if "age_years" in found else ""
    parts = [f"{view.patient.name + ', ' if view.patient.name else ''}{sex.lower() if view.patient.name else sex}{age}"]
    if values.get("er_percent") is not None:
        lost = " (receptor lost)" if values.get("receptor_lost") else ""
        parts.append(f"ER {words.number(values['er_percent'])} %{lost}")
    her2 = values.get("her2_state")
    if her2:
        parts.append(
            "HER2-low"
            if values.get("her2_low")
            else "HER2-ultralow"
            if values.get("her2_ultralow")
            else "HER2 positive"
            if her2 == "positive"
            else "HER2 0"
        )
    vocabulary = view.snapshot.knowledge.vocabulary
    parts += [
        f"{vocabulary[n].label} {vocabulary[n].states[found[n]]}"
        for n in ("esr1", "pik3ca", "germline_brca")
        if found.get(n) in {"mutated", "pathogenic"}
    ]
    return [", ".join(parts), _last_therapy(view)]


def _last_therapy(view: View) -> str:
    past = view.patient.prior_therapies
    if not past:
        return "no therapy so far"
    last = past[-1]
    drugs = words.regimen_name("+".join(last.agents), view.snapshot.knowledge)
    if not last.stop:
        return f"on {drugs} ({last.setting})"
    return f"last: {drugs} ({last.setting}), {words.stopped(last.stop_reason)}"


@cache
def days(knowledge: Knowledge, regulator: str) -> list[dict[str, Any]]:
    """Give the days on which something changed under a regulator, oldest first, with what changed."""
    first, last = knowledge.edition.first_day, knowledge.edition.current_day
    events: dict[str, list[tuple[bool, str]]] = {
        first: [(False, "first day")],
        last: [(False, "today in this edition")],
        SEED_DAY: [(True, SEED)],
    }
    for agent in knowledge.agents.values():
        for licence in agent.licences:
            if licence.regulator == regulator and licence.granted and not licence.off_label:
                events.setdefault(licence.granted, []).append((True, f"{agent.name} licensed: {licence.wording}"))
            if licence.regulator == regulator and licence.withdrawn:
                events.setdefault(licence.withdrawn, []).append((True, f"{agent.name} withdrawn"))
    for question in knowledge.questions:
        for statement in question.statements:
            if regulator in (knowledge.bodies[statement.body].speaks_for or (regulator,)):  # or nobody's: Japan, Canada
                events.setdefault(statement.since, []).append((False, _edition(statement, knowledge)))
    inside = sorted(day for day in events if first <= day <= last)
    return [_day(day, events[day]) for day in inside]


def _edition(statement: Statement, knowledge: Knowledge) -> str:
    """Give "ASCO: Rapid recommendation update: ESR1 testing"; a title that begins with its body names it once."""
    title, body = knowledge.editions[statement.edition].title, words.body_short(statement.body, knowledge)
    return title if title.casefold().startswith(body.casefold()) else f"{body}: {title}"


def _day(day: str, events: list[tuple[bool, str]]) -> dict[str, Any]:
    texts = list(dict.fromkeys(text for _, text in sorted(events, key=lambda event: not event[0])))
    more = f" and {len(texts) - 2} more" if len(texts) > 2 else ""  # noqa: PLR2004
    return {
        "day": day,
        "label": words.day(day),
        "what": "; ".join(texts[:2]) + more,
        "major": any(major for major, _ in events),
    }


def _scope_errors(view: View) -> list[dict[str, Any]]:
    if not view.facts.values.get("her2_positive"):
        return []
    send = {"type": "samples", "value": {"her2": "two_plus_ish_negative"}}
    text = (
        "HER2 is positive; this workbook covers HER2-negative disease. Allowed: 0, ultralow, 1+, 2+ not amplified. "
        "Your other entries are kept."
    )
    return [
        {
            "field": "her2",
            "text": text,
            "actions": [{"label": "Set 2+ not amplified", "send": send}],
        }
    ]


def _evidence(view: View) -> dict[str, Any]:
    """Give the dated results behind what is offered or waits for a test, best fitting first."""
    rows = []
    for verdict in (OFFERED, NEEDS_TEST):
        for option in in_order(view, verdict):
            found = view.evidence(option.regimen.id)[:MOST_EVIDENCE_PER_REGIMEN]
            rows += [_evidence_row(option, row, view) for row in found]
    columns = [{"id": key, "label": label} for key, label in EVIDENCE_COLUMNS.items()]
    trials, day = len({row["trial"] for row in rows}), words.day(view.snapshot.day)
    text = f"{len(rows)} results of {trials} trials reported by {day}; trials of different populations are not ranked."
    said = assumed.note(view.snapshot.knowledge)
    return {"columns": columns, "rows": rows, "sentence": f"{said} {text}".strip()}


def _evidence_row(option: Any, row: Row, view: View) -> dict[str, Any]:
    knowledge, seen = view.snapshot.knowledge, row.result.verified == "seen"
    source, url = words.link(row.result.source, knowledge)
    unit = {"months": " mo", "percent": " %"}.get(row.result.unit, f" {row.result.unit}")

    def shown(text: str) -> str:
        return (f"{text}{unit}" if text not in {"-", "not reached"} else text) if seen else "unverified"

    ratio = words.figure(row.result.hazard_ratio) if seen else "unverified"
    return {
        "trial": row.trial.name, "regimen": words.name(option.regimen, knowledge), "population": row.result.population or "all",
        "endpoint": words.endpoint(row.result), "experimental": shown(words.figure(row.own)), "control": shown(words.figure(row.other)),
        "hazard_ratio": ratio if row.experimental or ratio in {"-", "unverified"} else f"{ratio} for the other arm", "fit": row.fit.word,
        "reported": words.reported_iso(row.result), "source": assumed.marked_result(source, row.trial, row.result, knowledge), "url": url, "verified": seen,
        "palette": option.regimen.palette, "against": _against(row), "forest": _forest(row),
    }  # fmt: skip


def _against(row: Row) -> str:
    """Give the name of the arm that this regimen was set against."""
    names = {arm.id: arm.name for arm in row.trial.arms}
    other = row.result.control_arm or "control" if row.experimental else row.result.arm or "experimental"
    return names.get(other, "")


def _forest(row: Row) -> dict[str, float | None] | None:
    """Give the hazard ratio of this regimen against the other arm; None where nobody read one, or it is that of the other arm."""
    found = row.result.hazard_ratio
    if found is None or found.value is None or row.result.verified != "seen" or not row.experimental:
        return None
    return {"value": found.value, "low": found.low, "high": found.high}


def _test(view: View, field: str, unlocks: tuple[str, ...]) -> dict[str, Any]:
    knowledge = view.snapshot.knowledge
    entry = knowledge.vocabulary[field]
    names = [words.name(knowledge.regimens[regimen], knowledge) for regimen in unlocks]
    positive = {"mutated", "altered", "pathogenic", "present", "unstable"}
    sends = [
        {"label": f"Set {entry.label} to {label}", "send": {"type": "set", "changes": {field: state}}}
        for state, label in entry.states.items()
        if state in positive and not entry.derived
    ] if entry.kind == "state" else []  # fmt: skip
    return {
        "label": entry.ask or entry.label,
        "because": f"Not known yet; {len(names)} option{'s' if len(names) != 1 else ''} wait for it.",
        "unlocks": names,
        "send": sends,
    }


def _prompt(prompt: Prompt, knowledge: Knowledge) -> dict[str, str]:
    return {"text": prompt.text, "source": words.link(prompt.source, knowledge)[0]}


def supportive(view: View) -> list[dict[str, str]]:
    """Give what is due beside the drugs against the tumour: text, source, url."""
    knowledge = view.snapshot.knowledge
    found = [{**_prompt(p, knowledge), "url": words.link(p.source, knowledge)[1]} for p in view.prompts if p.beside]
    bone = [o for o in view.supportive if o.verdict == OFFERED]
    if bone:
        names = " or ".join(words.name(o.regimen, knowledge) for o in bone)
        licence = next((x for o in bone for x in o.licences), None)
        text, url = words.link(licence.source, knowledge) if licence else ("", "")
        found.append(
            {
                "text": f"**Bone metastases:** {names}, with calcium and vitamin D.",
                "source": text,
                "url": url,
            }
        )
    for statement in view.snapshot.general_statements():
        if statement.position == "advice" and view.options and view.options[0].explain(statement.when).holds:
            _, url = words.link(statement.source, knowledge)
            found.append(
                {
                    "text": statement.advice or statement.because,
                    "source": words.statement_word(statement, knowledge),
                    "url": url,
                }
            )
    return found


def _trials_only(view: View) -> list[dict[str, str]]:
    """Name what was reported for this pathway but is not licensed here: a trial, not an offer."""
    knowledge = view.snapshot.knowledge
    group = view.facts.values.get("endocrine_group")
    found = []
    for option in view.options:
        if option.licence_status == "not-licensed" and (option.regimen.backbone != "endocrine" or group != "negative"):
            trials = [r.trial.name for r in view.evidence(option.regimen.id)]
            if trials:
                named = ", ".join(list(dict.fromkeys(trials))[:2])
                title = words.name(option.regimen, knowledge)
                found.append({"text": f"{title} ({named}): reported, not licensed here on this day"})
    return found


def _note(rows: list[dict[str, Any]], drawn: dict[str, Any]) -> str:
    """Count apart what nobody read in its source and what no result tells: two gaps, and only the first can be closed by reading."""
    planned = [bar for lane in drawn["lanes"] for bar in lane["bars"] if not bar["given"]]
    told = {word: sum(bar["lack"] == word for bar in planned) for word in (words.UNVERIFIED, words.NO_FIGURE)}
    table = f"In the table {sum(not row['verified'] for row in rows)} of {len(rows)} results are unverified: told, not read in their source. "
    lines = (
        f"On the board {told[words.UNVERIFIED]} of {len(planned)} planned lines are unverified, and "
        f"{told[words.NO_FIGURE]} have no figure: no result of such patients tells one."
    )
    return (table if rows else "") + (lines if planned else "")

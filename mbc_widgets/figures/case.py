"""The mode Case as data: the library of cases, the open decision, and after the commitment what the rules make of it.

Nothing that gives the answer away is in the value before the learner has committed: no verdict, no option, no board.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from mbc_widgets.eligibility import NEEDS_TEST, NOT_NOW, OFFERED
from mbc_widgets.figures import words
from mbc_widgets.figures.board import LETTERS, board
from mbc_widgets.figures.case_items import items
from mbc_widgets.figures.case_summary import summary
from mbc_widgets.figures.case_votes import votes
from mbc_widgets.figures.case_words import answer_name, basis, choice_name, standing
from mbc_widgets.figures.choices import options
from mbc_widgets.figures.debates import debates
from mbc_widgets.figures.form import fields_read
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.patient import Patient, months_between
from mbc_widgets.records import Decision, Field, TeachingCase
from mbc_widgets.teaching import (
    CONFIDENCE,
    DEVIATIONS,
    SPECIAL,
    Feedback,
    Panel,
    Progress,
    encode,
    patient_at,
    reveal,
    view_at,
)
from mbc_widgets.workbook import View

NOT_LOADED = "Panel votes: none loaded."
PANEL_NOTE = "A lecturer can add a panel file; until then feedback is the evidence, not votes."
CLOSE = frozenset({OFFERED, NEEDS_TEST, NOT_NOW})  # to being given: their cautions matter
BIOMARKERS, NOT_TESTED = "biomarkers", "not_tested"
GROUPS = (BIOMARKERS, "disease", "person", "preferences")


def library(knowledge: Knowledge) -> list[dict[str, Any]]:
    """Give the cases as the list from which one is opened."""
    return [_title(case, knowledge) for case in knowledge.teaching_cases.values()]


def _title(case: TeachingCase, knowledge: Knowledge) -> dict[str, Any]:
    days = [patient_at(case.id, index, knowledge).seen_on for index in range(len(case.decisions))]
    return {
        "id": case.id,
        "title": case.title,
        "about": f"{len(case.decisions)} decisions, {_month(days[0])} to {_month(days[-1])}, {case.regulator}",
        "objectives": list(case.objectives),
    }


def _month(day: date) -> str:
    return f"{day:%b %Y}"


def case_page(progress: Progress, panel: Panel | None, knowledge: Knowledge) -> dict[str, Any]:
    """Give an open case: its story so far, and the decision, or the summary after the last one."""
    case = knowledge.teaching_cases[progress.case]
    index = min(progress.decision, len(case.decisions) - 1)
    view, over = view_at(case.id, index, knowledge), progress.finished(case)
    found: dict[str, Any] = {
        "id": case.id,
        "title": case.title,
        "objectives": list(case.objectives),
        "number": index + 1,
        "total": len(case.decisions),
        "about": f"invented patient; {words.day(view.snapshot.day)}, {case.regulator}",
        "finished": over,
        "story": story(progress, case, knowledge),
        "strip": strip(view.patient, knowledge, over=over),
        "known": known(view),
        "code": encode(progress, case, knowledge) if progress.answers else "",
        "panel": panel_about(panel),
        "saved": progress.plain(),
    }
    if over:
        return {**found, "summary": summary(progress, case, knowledge), "ending": case.ending}
    decision = case.decisions[index]
    found |= {
        "decision": decision.id,
        "choices": choices(decision, view),
        "confidence": list(CONFIDENCE),
        "committed": _committed(progress, view),
        "next": _next(progress, case, knowledge),
    }
    return {**found, **_revealed(progress, case, panel, view)} if progress.committed else found


def choices(decision: Decision, view: View) -> list[dict[str, str]]:
    """Give the choices by name, so that their order says nothing, and at the end those that are always there."""
    regimens = view.snapshot.knowledge.regimens
    listed = [
        {
            "id": each,
            "name": choice_name(each, view),
            "about": words.CLASS_NAMES[regimens[each].palette],
            "palette": regimens[each].palette,
        }
        for each in decision.choices
    ]
    always = [{"id": each, "name": name, "about": about, "palette": ""} for each, (name, about) in SPECIAL.items()]
    return [*sorted(listed, key=lambda each: each["name"]), *always]


def story(progress: Progress, case: TeachingCase, knowledge: Knowledge) -> list[dict[str, Any]]:
    """Give what was told so far, oldest first: when, what, and what the learner answered there."""
    told: list[dict[str, Any]] = []
    for index, decision in enumerate(case.decisions[: progress.decision + 1]):
        view = view_at(case.id, index, knowledge)
        current = index == progress.decision
        given = progress.answers[index] if index < len(progress.answers) else ()
        chose = f"You chose {answer_name(given[-1], view)}; {given[-1].sure}." if given and not current else ""
        told.append(
            {
                "when": f"Month {month_of(view.patient)}",
                "day": words.day(view.snapshot.day),
                "title": decision.title,
                "text": decision.story,
                "chose": chose,
                "then": "" if current else decision.then,
                "current": current,
            }
        )
    return told


def month_of(patient: Patient) -> int:
    """Give the months since metastatic diagnosis on the day of the visit."""
    return round(months_between(patient.first_metastatic_day or patient.seen_on, patient.seen_on))


def strip(patient: Patient, knowledge: Knowledge, *, over: bool) -> dict[str, Any]:
    """Give the lines so far to scale, in months since metastatic diagnosis, with the sentence that says the same."""
    start = patient.first_metastatic_day or patient.seen_on
    bars = []
    for therapy in patient.prior_therapies:
        if therapy.setting != "metastatic":
            continue
        regimen = "+".join(therapy.agents)
        known_regimen = knowledge.regimens.get(regimen)
        bars.append(
            {
                "name": words.regimen_name(regimen, knowledge),
                "palette": known_regimen.palette if known_regimen else "bsc",
                "from": round(months_between(start, therapy.start), 1),
                "to": round(months_between(start, therapy.stop or patient.seen_on), 1),
                "why": (therapy.stop_reason or "").replace("_", " "),
            }
        )
    now = month_of(patient)
    told = [f"{bar['name']}, month {bar['from']:g} to {bar['to']:g}, {words.stopped(str(bar['why']))}" for bar in bars]
    ends = "treatment against the tumour has ended" if over else "the next line is open"
    sentence = "; ".join(told) if told else "no line for metastatic disease yet"
    return {"bars": bars, "now": now, "over": over, "sentence": f"So far: {sentence}; month {now}: {ends}."}


def known(view: View) -> list[dict[str, Any]]:
    """Give what is known of the patient and what is not: receptors, biomarkers, those that a rule of the day reads and nobody tested, the rest."""
    vocabulary, values, read = view.snapshot.knowledge.vocabulary, view.facts.values, fields_read(view.snapshot)
    rows: list[dict[str, Any]] = [{"label": "ER / PR / HER2", "value": _receptors(view), "known": True}]
    for group in GROUPS:
        entries = [entry for entry in vocabulary.values() if entry.group == group and not entry.derived]
        for entry in entries:
            given = view.patient.findings.get(entry.id)
            if given is not None and given != NOT_TESTED:
                rows.append({"label": entry.label, "value": _value(entry, given), "known": True})
        tests = [entry for entry in entries if entry.changes == "test" and entry.id in read]
        missing = [entry.label for entry in tests if group == BIOMARKERS and values.get(entry.id) in {None, NOT_TESTED}]
        if missing:
            rows.append({"label": "Not tested", "value": ", ".join(missing), "known": False})
    return rows


def _value(entry: Field, given: Any) -> str:
    if entry.kind == "set":
        return ", ".join(entry.states[each] for each in sorted(given))
    return words.value(entry, given)


def _receptors(view: View) -> str:
    values, vocabulary = view.facts.values, view.snapshot.knowledge.vocabulary
    parts = [
        f"{words.number(values[name])} %" if values.get(name) is not None else "unknown"
        for name in ("er_percent", "pr_percent")
    ]
    her2 = values.get("her2_state")
    low = " (low)" if values.get("her2_low") else " (ultralow)" if values.get("her2_ultralow") else ""
    return " / ".join(
        [*parts, f"{vocabulary['her2_state'].states[her2].removeprefix('HER2 ')}{low}" if her2 else "unknown"]
    )


def _committed(progress: Progress, view: View) -> dict[str, Any] | None:
    """Give the newest answer, and the first one where it is another."""
    if progress.last is None:
        return None
    last, first = progress.last, progress.answers[progress.decision][0]
    changed = (first.choice, first.other, first.sure, first.reason) != (last.choice, last.other, last.sure, last.reason)
    return {
        "choice": last.choice, "other": last.other, "sure": last.sure, "reason": last.reason, "deviation": last.deviation,
        "name": answer_name(last, view), "first": f"{answer_name(first, view)}; {first.sure}" if changed else "",
    }  # fmt: skip


def _next(progress: Progress, case: TeachingCase, knowledge: Knowledge) -> dict[str, str]:
    """Give the label of the step to what comes next; before the answer it says only that something does."""
    after = progress.decision + 1
    if after >= len(case.decisions):
        return {"label": "Next: the end of the story, and your summary"}
    if not progress.committed:
        return {"label": "Month ? What comes next is told after you commit."}
    return {"label": f"Next: month {month_of(patient_at(case.id, after, knowledge))}"}


def _revealed(progress: Progress, case: TeachingCase, panel: Panel | None, view: View) -> dict[str, Any]:
    told = reveal(progress, case, view.snapshot.knowledge)
    decision = case.decisions[progress.decision]
    drawn = board(view)
    lanes = {LETTERS[index] for index in range(len(drawn["lanes"])) if _has(drawn["lanes"][index], told)}
    return {
        "feedback": {**verdict(told, view), "then": decision.then, "votes": votes(panel, case, decision, view)},
        "items": items(progress, case, panel, view),
        "prompts": [each.text for each in view.prompts if not each.beside],
        "options": _without_flips(options(view)),
        "board": {**drawn, "lanes": [lane for lane in drawn["lanes"] if lane["letter"] in lanes]},
        "board_all": len(drawn["lanes"]),
        "debates": debates(view),
        "errors": [
            {"name": choice_name(each.choice, view), "why": each.why, "basis": basis(each, view)}
            for each in decision.common_errors
        ],
    }


def _has(lane: Mapping[str, Any], told: Feedback) -> bool:
    """Say whether a lane of the board has the chosen regimen as one of its planned lines."""
    name = words.name(told.option.regimen, told.option.snapshot.knowledge) if told.option else ""
    return any(not bar["given"] and bar["name"] == name for bar in lane["bars"])


def _without_flips(listed: dict[str, Any]) -> dict[str, Any]:
    """Give the options without the buttons that would change the patient: the patient of a case is what the story says."""
    groups = [
        {**group, "options": [{**option, "flips": [], "pairs": None, "ask": False} for option in group["options"]]}
        for group in listed["groups"]
    ]
    return {**listed, "groups": groups}


def verdict(told: Feedback, view: View) -> dict[str, Any]:
    """Give the feedback on one answer: the line, why, the reason with its points, and the common error that it is."""
    page = _option_on_page(told, view)
    return {
        "name": answer_name(told.answer, view),
        "standing": standing(told, view),
        "because": page.get("because", []) if told.standing == OFFERED else [],
        "missing": [each["label"] for each in page.get("missing", [])],
        "blocked_by": page.get("blocked_by", []) if told.standing != OFFERED else [],
        "cautions": page.get("cautions", []) if told.standing in CLOSE else [],
        "reason": told.answer.reason.strip(),
        "points": [
            {"kind": each.kind, "label": each.point.label, "found": each.found, "basis": basis(each.point, view)}
            for each in told.points
        ],
        "errors": [{"why": each.why, "basis": basis(each, view)} for each in told.errors],
        "departs": told.departs,
        "deviations": [{"id": key, "label": label} for key, label in DEVIATIONS.items()],
        "deviation": told.answer.deviation,
    }


def _option_on_page(told: Feedback, view: View) -> dict[str, Any]:
    if told.option is None:
        return {}
    listed = (option for group in options(view)["groups"] for option in group["options"])
    return next((option for option in listed if option["id"] == told.option.regimen.id), {})


def panel_about(panel: Panel | None) -> dict[str, str]:
    """Give what is said of the lecturer's panel as such."""
    if panel is None:
        return {"file": "", "text": f"{NOT_LOADED} {PANEL_NOTE}"}
    place = " of the lecturer's folder" if panel.of_folder else ""
    return {
        "file": panel.file,
        "text": f"Panel file {panel.file}{place}: {len(panel.votes)} rows. Shown after you commit.",
    }

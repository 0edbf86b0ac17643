"""The list of options as data: offered, needs a test, not now, not offered; each with why, why not and what would flip it."""

from collections.abc import Iterable, Iterator
from typing import Any

from mbc_widgets.eligibility import (
    NEEDS_TEST,
    NOT_NOW,
    NOT_OFFERED,
    OFFERED,
    VERDICT_NAMES,
    Option,
)
from mbc_widgets.evidence import Row, rows
from mbc_widgets.figures import assumed, words
from mbc_widgets.figures.cards import card
from mbc_widgets.figures.flips import changes, opened_by_others
from mbc_widgets.figures.outside import outside
from mbc_widgets.knowledge import is_marketed
from mbc_widgets.ranking import heard, in_guideline_order, newer_licence
from mbc_widgets.records import Licence, SafetyRule, Statement, StatusNote
from mbc_widgets.said import INVESTIGATIONAL, WITHDRAWN
from mbc_widgets.workbook import View

NOTES = {
    OFFERED: "; the figure is one trial's median time to progression, months",
    NEEDS_TEST: "one result would decide",
    NOT_NOW: "correct, wait or decide, then look again",
    NOT_OFFERED: "what one change would open comes first",
}
NOT_ENCODED = {"FDA": ". The guideline of the NCCN is not encoded (permission): no statement here is no rejection"}
NEWER, NEWER_THAN_PICKED = "newer than the guidelines read", "newer than this guideline"
MOST_REASONS = 4
CHANGES = ("test", "choice", "course")


def options(view: View, asked: str = "") -> dict[str, Any]:
    """Give the grouped options of a view; for the regimen `asked` also the pairs of changes that would open it."""
    numbers = _next_lines(view)
    offered = [option for option in view.options if option.verdict == OFFERED]
    context = heard(offered)
    newer = frozenset(option.regimen.id for option in offered if newer_licence(option, context))
    groups = []
    for verdict, label in VERDICT_NAMES.items():
        found = in_order(view, verdict)
        if found or verdict in {OFFERED, NOT_OFFERED}:
            which = " or ".join(map(str, numbers))
            note = (
                f"for line {which}; {_order(view)}{NOTES[verdict]}{_undated(view)}{NOT_ENCODED.get(view.snapshot.regulator, '')}"
                if verdict == OFFERED
                else NOTES[verdict]
            )
            said = assumed.note(view.snapshot.knowledge) if verdict == OFFERED else ""
            groups.append(
                {
                    "verdict": verdict,
                    "label": label + (words.in_place(view.facts) if verdict == OFFERED else ""),
                    "note": f"{note}. {said}" if said else note,
                    "options": [_option(o, view, newer, asked) for o in found],
                }
            )
    return {"line": numbers[0], "groups": groups}


def _undated(view: View) -> str:
    """Say on an older day that limits without a day of their own hold on every day."""
    today = view.snapshot.knowledge.edition.current_day
    return "; safety limits whose first day was not read are shown on every day" if view.snapshot.day < today else ""


def _next_lines(view: View) -> list[int]:
    """Give the numbers that the next line has in the plans: after a stop for toxicity it depends on what is chosen."""
    planned = sorted({sequence.lines[0].number for sequence in view.sequences if sequence.lines})
    return planned or [int(view.facts.values.get("metastatic_lines", 0)) + 1]


def _order(view: View) -> str:
    """Say whose guidelines order what is offered."""
    body = view.snapshot.body
    return f"in the order of {words.body(body, view.snapshot.knowledge)} alone" if body else "guideline order"


def in_order(view: View, verdict: str) -> list[Option]:
    """Give the options of a verdict: offered by guideline rank; closed ones with the nearest change first."""
    if verdict == OFFERED:
        return in_guideline_order(view.options)
    found = [option for option in view.options if option.verdict == verdict]
    return sorted(found, key=_nearest)


def _nearest(option: Option) -> tuple[Any, ...]:
    nearest = min((CHANGES.index(flip.kind) for flip in option.flips), default=len(CHANGES))
    return (nearest, len(option.blocked_by), option.licence_status == INVESTIGATIONAL)


def _option(option: Option, view: View, newer: frozenset[str], asked: str) -> dict[str, Any]:
    knowledge = view.snapshot.knowledge
    shown = option.verdict in {OFFERED, NEEDS_TEST, NOT_NOW}
    row = _reference(option, view) if shown else None
    title = words.name(option.regimen, knowledge)
    return {
        "id": option.regimen.id,
        "name": title,
        "palette": option.regimen.palette,
        "figure": _versus(row),
        "figure_title": f"{row.trial.name}, {words.endpoint(row.result)}" if row else "",
        "because": because(option)[:MOST_REASONS] if shown or option.blocked_by else [],
        "missing": [
            {"field": name, "label": knowledge.vocabulary[name].ask or knowledge.vocabulary[name].label}
            for name in option.missing
        ],
        "blocked_by": why_not(option),
        "against": [{"text": s.because, "source": words.statement_word(s, knowledge)} for s in option.against],
        "fit": {"word": row.fit.word, "text": _fit_text(row)} if row else {"word": "", "text": ""},
        "licence": _licence(option),
        "recommendations": [
            {
                "text": words.statement_word(s, knowledge),
                "url": words.link(s.source, knowledge)[1],
                "verified": s.verified == "seen",
            }
            for s in option.statements
        ],
        "cautions": _cautions(option),
        "flags": [flag.replace("-", " ") for flag in option.flags]
        + [NEWER_THAN_PICKED if view.snapshot.body else NEWER] * (option.regimen.id in newer)
        + [assumed.ASSUMPTION] * bool(assumed.parts(option.regimen.id, option.snapshot, row)),
        **changes(option, asked),
        "card": card(option.regimen.id, title, option, row) if shown else None,
    }


def reasons_of(option: Option, view: View) -> list[dict[str, str]]:
    """Give why an option stands where it stands, the reason that decides first, each with its source: text, source, url."""
    vocabulary = view.snapshot.knowledge.vocabulary
    missing = [
        {"text": f"Not known yet: {vocabulary[name].ask or vocabulary[name].label}.", "source": "", "url": ""}
        for name in option.missing
    ]
    found = [*because(option), *put_back(option)] if option.verdict == OFFERED else [*missing, *why_not(option)]
    return [{key: each[key] for key in ("text", "source", "url")} for each in found]


def put_back(option: Option) -> list[dict[str, str]]:
    """Give the cautions that put an option behind others."""
    return [limit(rule, option) for rule in option.cautions if rule.puts]


def minded(option: Option) -> list[dict[str, str]]:
    """Give what must be done or minded for this drug in this person, beside what only puts it behind others."""
    own = (rule for rule in option.cautions if not rule.applies_to.everything and not rule.puts)
    return [limit(rule, option) for rule in sorted(own, key=lambda rule: rule.level != "require")]


def _cautions(option: Option) -> list[dict[str, str]]:
    """Give the cautions of this day, then what was learnt later, which is still shown and says so."""
    now = (rule for rule in option.cautions if not rule.applies_to.everything)
    later = (rule for rule in option.learnt_later if not rule.applies_to.everything)
    return [
        *({"text": words.rule_text(rule, rule.told, option.snapshot), "level": rule.level} for rule in now),
        *({"text": words.later_text(rule), "level": "later"} for rule in later),
    ]


def _versus(row: Row | None) -> str:
    """Give "8.6 v 1.9", "2.2 v 6.3 (control)" where the trial tested the other arm, or only the own figure when there was no other."""
    if row is None or row.own is None:
        return ""
    own = words.number(row.own.value)
    if row.other is None or row.other.value is None:
        return own
    return f"{own} v {words.number(row.other.value)}" + ("" if row.experimental else " (control)")


def _reference(option: Option, view: View) -> Row | None:
    found = [r for r in rows(option.regimen.id, view.facts, view.snapshot) if r.usable and r.result.unit == "months"]
    return next((r for r in found if r.result.endpoint in {"pfs", "ttp"}), None)


def _fit_text(row: Row) -> str:
    missed = "; ".join([*row.fit.missed, *(f"unknown: {text}" for text in row.fit.unknown)])
    return f"{row.trial.name}{words.assessor(row.result)}" + (f" ({missed})" if missed else "")


def because(option: Option) -> list[dict[str, str]]:
    """Give what carries the option: licences first, then statements, each with what decided in this patient."""
    carriers: list[Licence | Statement] = [*option.licences, *option.statements]
    return [carrier(each, option) for each in carriers]


def carrier(item: Licence | Statement, option: Option) -> dict[str, str]:
    """Give a licence with what decided in this patient, or a statement, and where it is from."""
    knowledge = option.snapshot.knowledge
    _, url = words.link(item.source, knowledge)
    if isinstance(item, Licence):
        why = words.reasons(option, [item.when])
        return {
            "text": item.wording + (f" (here: {why})" if why else ""),
            "source": assumed.marked(words.licence_word(item), item, knowledge),
            "url": url,
        }
    source = assumed.marked(words.statement_word(item, knowledge), item, knowledge)
    return {"text": item.because, "source": source, "url": url}


def why_not(option: Option) -> list[dict[str, str]]:
    """Give what stands before the option: the regulator, rules, or that nothing covers this patient."""
    rules = (limit(rule, option) for rule in (*option.blocked_by, *option.held_by))
    return [*_closed(option), *rules, *_no_indication(option)]


def limit(rule: SafetyRule, option: Option) -> dict[str, str]:
    """Give a rule with its why, its level and where it is from."""
    text, url = words.link(rule.source, option.snapshot.knowledge)
    return {
        "text": words.rule_text(rule, f"{rule.text} {rule.why}".strip(), option.snapshot),
        "source": assumed.marked(text, rule, option.snapshot.knowledge),
        "url": url,
        "level": rule.level,
    }


def _closed(option: Option) -> list[dict[str, str]]:
    """Say that the regulator has closed the regimen, with what is pending for its drugs."""
    if option.licence_status not in {INVESTIGATIONAL, WITHDRAWN}:
        return []
    knowledge, day, regulator = (
        option.snapshot.knowledge,
        option.snapshot.day,
        option.snapshot.regulator,
    )
    if option.licence_status == WITHDRAWN:
        last = max(held.item.withdrawn or "" for held in option.candidate.withdrawn)
        return [
            {
                "text": f"Indication withdrawn ({regulator}) on {words.day(last)}.",  # by it, or by the company
                "source": "",
                "url": "",
                "level": "regulator",
            }
        ]
    agents = [a for a in option.regimen.agents if not is_marketed(knowledge.agents[a], day, regulator)]
    names = ", ".join(knowledge.agents[a].name for a in agents)
    found = [
        {
            "text": f"{names}: not licensed by the {regulator} on {words.day(day)}.",
            "source": "",
            "url": "",
            "level": "regulator",
        }
    ]
    return [*found, *_pending(agents, option)]


def _pending(agents: Iterable[str], option: Option) -> list[dict[str, str]]:
    """Give what is pending or known of some drugs here on this day."""
    found = []
    for note in notes_in_force(agents, option):
        text, url = words.link(note.source, option.snapshot.knowledge)
        found.append({"text": note.text, "source": text, "url": url, "level": "pending"})
    return found


def notes_in_force(agents: Iterable[str], option: Option) -> Iterator[StatusNote]:
    """Give the notes on some drugs that stand here on this day."""
    knowledge, day, regulator = option.snapshot.knowledge, option.snapshot.day, option.snapshot.regulator
    for note in (note for agent in agents for note in knowledge.agents[agent].status_notes):
        # Without a day of its own a note counts from the year of its source, without that from this edition on.
        year = words.source_year(note.source, knowledge) or int(knowledge.edition.current_day[:4])
        known = note.since <= day if note.since else year <= int(day[:4])
        if known and (note.until is None or day < note.until) and note.regulator in {None, regulator}:
            yield note


def _no_indication(option: Option) -> list[dict[str, str]]:
    """Say what the nearest licence or statement asks for that this patient does not have."""
    indicated = option.licences or option.statements
    if (
        option.verdict != NOT_OFFERED
        or option.candidate.closed
        or option.blocked_by
        or (indicated and not _only_shown(option))
    ):
        return []
    if opened_by_others(option):
        picked = words.body(option.snapshot.body, option.snapshot.knowledge)
        text = f"No licence opens it here; others recommend it, and only the guidelines of {picked} are heard."
        return [{"text": text, "source": "", "url": "", "level": "indication"}]
    if not option.candidate.indications:
        return [
            {
                "text": "No licence here and no statement covers it.",
                "source": "",
                "url": "",
                "level": "indication",
            }
        ]
    return [outside(option), *_pending(option.regimen.agents, option)]


def _only_shown(option: Option) -> bool:
    """Say whether what covers the patient does not open the option (unread, of another region, or not yet indicated)."""
    return option.verdict == NOT_OFFERED


def _licence(option: Option) -> dict[str, str]:
    knowledge = option.snapshot.knowledge
    if not option.licences:
        open_text = "licensed for a population that a missing result decides"
        return {"text": open_text if option.licences_open else option.licence_status.replace("-", " "), "url": ""}
    licence: Licence = max(option.licences, key=lambda x: (x.verified == "seen", x.granted or ""))
    return {"text": words.licence_word(licence), "url": words.link(licence.source, knowledge)[1]}

"""The words that all pictures share: names of regimens, days, figures, reasons, links."""

from collections.abc import Iterable
from datetime import date

from mbc_widgets import cite
from mbc_widgets.conditions import Tree, evaluate
from mbc_widgets.eligibility import Option
from mbc_widgets.facts import Facts
from mbc_widgets.knowledge import Knowledge, Snapshot
from mbc_widgets.records import Field, Licence, Measure, Precision, Regimen, Result, SafetyRule, Statement
from mbc_widgets.wording import NEVER_FROM, describe

CODES = {
    "et": "ET", "cdk": "CDK4/6", "serd": "SERD", "pam": "PI3K/AKT/mTOR", "parp": "PARP", "adc": "ADC", "chemo": "Chemo",
    "io": "PD-1", "bsc": "BSC",
}  # fmt: skip
CLASS_NAMES = {
    "et": "endocrine", "cdk": "CDK4/6", "serd": "oral SERD", "pam": "PI3K/AKT/mTOR", "parp": "PARP", "adc": "ADC",
    "chemo": "chemotherapy", "io": "PD-(L)1", "bsc": "supportive care",
}  # fmt: skip
ENDPOINTS = {
    "pfs": "PFS",
    "ttp": "time to progression",
    "os": "OS",
    "orr": "response rate",
    "pfs_at": "PFS at",
    "os_at": "OS at",
    "pfs2": "PFS2",
    "pfs2_at": "PFS2 at",
    "ttf": "time to treatment failure",
    "cbr": "clinical benefit rate",
    "dcr": "disease control rate",
    "dor": "duration of response",
    "tfst": "time to first subsequent therapy",
    "tsst": "time to second subsequent therapy",
}
ASSESSORS = {"bicr": "blinded review", "investigator": "investigator"}
ORDER: dict[str, int] = {"test": 0, "fixed": 1, "course": 2, "choice": 3}
GENERAL = frozenset(
    {"endocrine_group", "receptor_ever_positive", "visceral_crisis", "metastatic_lines"}
)  # true of most
ISO_LENGTH: dict[Precision, int] = {"day": 10, "month": 7, "year": 4}
NEGATED = 4  # what is absent explains less than what is there
UNVERIFIED = "unverified"  # a figure is told, and nobody read it in its source
NO_FIGURE = "no figure"  # no result of such patients tells one
POSITIONS = {"not_recommended": "not recommended"}


def day(iso: str) -> str:
    """Give "27 Jan 2023" for an ISO day."""
    found = date.fromisoformat(iso)
    return f"{found.day} {found:%b %Y}"


def moment(iso: str, precision: Precision) -> str:
    """Give "27 Jan 2023", or "Jan 2023" or "2023" when no day is known."""
    found = date.fromisoformat(iso)
    return {"day": day(iso), "month": f"{found:%b %Y}", "year": f"{found:%Y}"}[precision]


def reported(result: Result) -> str:
    """Give when a result became public, as exactly as it is known; a day that nobody read says so."""
    text = moment(result.reported, result.reported_to)
    return text if result.reported_verified == "seen" else f"{text}, date not verified"


def reported_iso(result: Result) -> str:
    """Give "2023-01-27", "2023-01" or "2023": as much of the first public day as is known, in an order that sorts."""
    return result.reported[: ISO_LENGTH[result.reported_to]]


def name(regimen: Regimen, knowledge: Knowledge) -> str:
    """Give "ribociclib + letrozole"."""
    return " + ".join(_plain(knowledge.agents[agent].name) for agent in regimen.agents)


def short_name(regimen: Regimen, knowledge: Knowledge) -> str:
    """Give the name with the short forms of the drugs, for a bar that is too short for the full one."""
    return " + ".join(knowledge.agents[a].short_name or _plain(knowledge.agents[a].name) for a in regimen.agents)


def regimen_name(regimen: str, knowledge: Knowledge) -> str:
    """Give the name of a regimen id, also of drugs given together that are no regimen of the library."""
    parts = regimen.split("+")
    return " + ".join(_plain(knowledge.agents[part].name) if part in knowledge.agents else part for part in parts)


def _plain(text: str) -> str:
    """Give a drug's name in lower case, acronyms apart, as it stands inside a sentence."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def stopped(reason: str) -> str:
    """Give why a therapy ended as the end of a sentence: 'completed', 'stopped for progression'."""
    return reason if reason == "completed" else f"stopped for {reason.replace('_', ' ')}"


def number(value: float | None) -> str:
    """Give a figure as it is printed: at most two decimals, no trailing zeros, a dash when there is none."""
    return "-" if value is None else f"{round(value, 2):g}"


def value(field: Field, state: object) -> str:
    """Give a value of a field as a person reads it: the word of a state, yes or no, a number with its unit."""
    if field.kind == "state":
        return str(field.states.get(str(state), state))
    if isinstance(state, bool):
        return "yes" if state else "no"
    return f"{state:g} {field.unit}".strip()


def interval(measure: Measure | None) -> str:
    """Give " (9.8-17.1)", " (from 9.8)" where no upper end is told, or an empty string."""
    if measure is None or (measure.low is None and measure.high is None):
        return ""
    if measure.low is None or measure.high is None:
        return f" (from {number(measure.low)})" if measure.high is None else f" (to {number(measure.high)})"
    return f" ({number(measure.low)}-{number(measure.high)})"


def figure(measure: Measure | None) -> str:
    """Give "12.9 (9.8-17.1)", "not reached" or a dash."""
    if measure is None:
        return "-"
    if measure.value is None:
        return f"not reached{interval(measure)}" if measure.not_reached else "-"
    return f"{number(measure.value)}{interval(measure)}"


def endpoint(result: Result) -> str:
    """Give "median PFS, blinded review" or "response rate, %"."""
    word = ENDPOINTS.get(result.endpoint, result.endpoint.replace("_", " "))
    if result.at_months is not None:
        word = f"{word} {number(result.at_months)} months"
    median = "median " if result.unit == "months" and result.endpoint in {"pfs", "os", "ttp"} else ""
    unit = ", %" if result.unit == "percent" else ""
    return f"{median}{word}{unit}{assessor(result)}"


def assessor(result: Result) -> str:
    """Give ", blinded review" or ", investigator" where the paper says who saw the progression, else nothing: they are not one clock."""
    return f", {ASSESSORS.get(result.assessor, result.assessor)}" if result.assessor else ""


def link(key: str | None, knowledge: Knowledge) -> tuple[str, str]:
    """Give (citation, address) of a source key."""
    source = knowledge.sources.get(key or "")
    return (cite.short(source), cite.link(source)) if source else (key or "", "")


def source_year(key: str, knowledge: Knowledge) -> int | None:
    """Give the year of a source, None where it carries none."""
    source = knowledge.sources.get(key)
    return source.year if source else None


def rule_text(rule: SafetyRule, text: str, snapshot: Snapshot) -> str:
    """Give the text of a rule; where it has no day of its own and its source is younger than this day, or names no year, say so."""
    year = source_year(rule.source, snapshot.knowledge)
    undated = int(snapshot.knowledge.edition.current_day[:4])  # a source without a year was read for this edition
    if rule.since or (year or undated) <= int(snapshot.day[:4]):
        return text
    told = f"is of {year}" if year else "names no year"
    return f"{text} (Its source {told}: perhaps not known on this day.)"


def later_text(rule: SafetyRule) -> str:
    """Give a rule that was learnt after the day, with the year from which it holds."""
    return f"Not known on this day, from {(rule.since or '')[:4]} on: {rule.text}"


def recalled(fact: Licence | Statement) -> str:
    """Give the mark of a fact that nobody read in its source, else nothing."""
    return "" if fact.verified == "seen" else " (recalled)"


def statement_word(statement: Statement, knowledge: Knowledge) -> str:
    """Give "ASCO 2024-02: alternative"; the grade stays in the body's own scale."""
    position = POSITIONS.get(statement.position, statement.position)
    grade = f" ({statement.grade.text})" if statement.grade else ""
    return f"{knowledge.bodies[statement.body].word} {since(statement)}: {position}{grade}"


def body(picked: str, knowledge: Knowledge) -> str:
    """Give the name of a guideline body, or of all when none was picked."""
    return knowledge.bodies[picked].word if picked else "all for this region"


def body_short(name: str, knowledge: Knowledge) -> str:
    """Give the name of a guideline body without what stands in brackets behind it."""
    return knowledge.bodies[name].word.partition(" (")[0]


def since(statement: Statement) -> str:
    """Give "2024-02", or "2024" when no month is known."""
    return statement.since[: min(ISO_LENGTH[statement.since_to], ISO_LENGTH["month"])]


def in_place(facts: Facts) -> str:
    """Give what must stand in a heading over what is offered while a therapy that works is being given."""
    return " in place of what is being given" if facts.values.get("agents_running") else ""


def licence_word(licence: Licence) -> str:
    """Give "licensed FDA 27 Jan 2023", or how an old drug came to be used."""
    off_label = {"off_label_standard": "off label, standard practice", "off_label_trial": "off label, on a small trial"}
    if licence.established or not licence.granted:
        before = {**off_label, "national_licence": "national licence before 2012"}
        return f"{before.get(licence.status, 'in use before 2012')}, {licence.regulator}"
    words = {**off_label, "accelerated": "accelerated or conditional"}
    status = words.get(licence.status, licence.status.replace("_", " "))
    known = ", since" if licence.off_label else ""  # nobody granted it
    return f"{status} {licence.regulator}{known} {moment(licence.granted, licence.granted_to)}"


def _says_nothing(atom: Tree) -> bool:
    """Say whether an atom only asks if something ever was; no clinician would name it as a reason."""
    inner = atom[1] if atom[0] == "not" else atom
    return inner[0] in {"at_least", "at_most"} and inner[2] >= NEVER_FROM


def reasons(option: Option, trees: Iterable[Tree], limit: int = 3) -> str:
    """Give the atoms that decided, in words: tests first, then the rest; what is true of everyone is left out."""
    vocabulary = option.snapshot.knowledge.vocabulary
    atoms = [atom for tree in trees for atom in evaluate(tree, option.facts.values).because]
    unique = [atom for atom in dict.fromkeys(atoms) if not _says_nothing(atom)]

    def weight(atom: Tree) -> int:
        field = vocabulary[(atom[1] if atom[0] == "not" else atom)[1]]
        absent = atom[0] == "not" or (atom[0] == "is" and tuple(atom[2]) == (False,))
        return int(ORDER[field.changes] + NEGATED * (field.id in GENERAL) + 2 * NEGATED * absent)

    chosen = sorted(unique, key=weight)[:limit]
    return "; ".join(describe(atom, vocabulary) for atom in chosen)

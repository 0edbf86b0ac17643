"""A view for a lecture: one question, the patient in two lines, and the answer in steps, each hidden until it is asked for.

Comes in: a `View`. Goes out: a plain value. Its steps name what they show of the board (`lines` planned lines of each lane) and say it;
which step the room has reached is known to the page alone.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from mbc_widgets.eligibility import NOT_OFFERED, OFFERED, Option
from mbc_widgets.figures import words
from mbc_widgets.figures.board import LETTERS
from mbc_widgets.figures.choices import in_order
from mbc_widgets.patient import months_between
from mbc_widgets.said import INVESTIGATIONAL
from mbc_widgets.sequences import Line, alike
from mbc_widgets.wording import describe, upper_first
from mbc_widgets.workbook import View

MOST_LANES = 3  # that can be read from the back row
MOST_HANDS = 6  # answers that a room can be asked for, a digit key each
LEAST_CLASSES = 3  # to choose from: with one answer there is nothing to vote on
NEWS = 24  # months for which a report without a licence is news
MOST_ASIDE = 3  # closed options, tests or debates that one step tells
TEST_FIRST = "a test first"
CHEMOTHERAPY = words.CLASS_NAMES["chemo"]
FIELDS = ("menopausal_status", "sites", "performance_status", "visceral_crisis", "pace", "symptoms")  # who is before us
ALSO = (
    "preferences",
    "heart_lung",
    "metabolism",
    "blood_liver_kidney",
    "immune",
    "medicines",
)  # groups of what may decide as well
ALSO_FIELDS = ("frailty", "brain_state", "lesion_count", "neuropathy_grade", "limited_life_expectancy")
ZERO = ("zero_not_subclassified", "zero_without_staining", "ultralow")
RESULTS = ("esr1", "pik3ca", "akt1", "pten", "germline_brca", "pdl1_cps", "germline_palb2", "somatic_brca")


def present(view: View) -> dict[str, Any]:
    """Give the question, the patient, the lanes to choose from, the answers to count hands for, and the steps."""
    lanes = _lanes(view)
    return {
        "question": question(view),
        "patient": [_who(view), _known(view), *_also(view)],
        "lanes": _first_choice(lanes),
        "hands": hands(view),
        "steps": list(steps(view, lanes)),
    }


def question(view: View) -> str:
    """Give what the room is asked."""
    values = view.facts.values
    last = next((t for t in reversed(view.patient.prior_therapies) if t.setting == "metastatic"), None)
    if last is None:
        return "Metastatic disease, nothing given for it yet. What first?"
    drugs = words.regimen_name("+".join(last.agents), view.snapshot.knowledge)
    if values.get("agents_running"):
        return f"On {drugs}. What now, and what next?"
    return f"{'Progression on' if last.progressed else 'After'} {drugs}. What next?"


def _who(view: View) -> str:
    """Give age, sex and what is said of the disease, with the unit of each; what was assumed is left out."""
    vocabulary, found, values = view.snapshot.knowledge.vocabulary, view.patient.findings, view.facts.values
    age = f", {found['age_years']:g}" if "age_years" in found else ""
    parts = [{"male": "Man", "female": "Woman"}.get(str(values.get("sex")), "Person") + age]
    receptors = [
        f"{name} {words.number(values[key])} %"
        for name, key in (("ER", "er_percent"), ("PR", "pr_percent"))
        if values.get(key) is not None
    ]
    her2 = values.get("her2_state")
    if her2:
        low = " (HER2-low in another sample)" if values.get("her2_low") and her2 in ZERO else ""
        receptors.append(describe(("is", "her2_state", (her2,)), vocabulary) + low)
    parts += [", ".join(receptors)]
    parts += [*(_said(name, view) for name in FIELDS if name in found), _last(view)]
    return ". ".join(upper_first(part) for part in parts if part) + "."


def _also(view: View) -> list[str]:
    """Give what was done for the early disease and until when, and every further finding that was told; nothing where neither is known."""
    known, found = view.snapshot.knowledge, view.patient.findings
    early = [therapy for therapy in view.patient.prior_therapies if therapy.setting != "metastatic"]
    names = [
        words.regimen_name("+".join(each.agents), known) + (f" to {each.stop:%b %Y}" if each.stop else "")
        for each in early
    ]
    more = [
        _said(name, view)
        for name, entry in known.vocabulary.items()
        if name in found and (entry.group in ALSO or name in ALSO_FIELDS)
    ]
    parts = [f"Early disease: {', '.join(names)}" if names else "", f"Also: {', '.join(more)}" if more else ""]
    text = ". ".join(part for part in parts if part)
    return [f"{text}."] if text else []


def _last(view: View) -> str:
    """Give "14 months on ribociclib + letrozole"; nothing before the first line."""
    last = next((t for t in reversed(view.patient.prior_therapies) if t.setting == "metastatic"), None)
    if last is None:
        return ""
    months = round(months_between(last.start, last.stop or view.patient.seen_on))
    return (
        f"{months} month{'s' * (months != 1)} on {words.regimen_name('+'.join(last.agents), view.snapshot.knowledge)}"
    )


def _said(name: str, view: View) -> str:
    entry, value = view.snapshot.knowledge.vocabulary[name], view.patient.findings[name]
    if entry.kind == "set":
        return ", ".join(entry.states.get(each, each) for each in sorted(value))
    if name == "menopausal_status":
        return str(entry.states[value])
    if entry.kind == "flag":
        return entry.label if value else f"no {entry.label.lower()}"
    return f"{entry.label} {words.value(entry, value)}"


def _known(view: View) -> str:
    """Give the test results that are known, and those for which an option waits."""
    vocabulary, found = view.snapshot.knowledge.vocabulary, view.patient.findings
    known = [
        f"{vocabulary[name].label} {words.value(vocabulary[name], found[name])}" for name in RESULTS if name in found
    ]
    waits = [vocabulary[point.field].ask or vocabulary[point.field].label for point in view.tests[: MOST_ASIDE + 1]]
    parts = [", ".join(known) or "No biomarker result", f"not known: {', '.join(waits)}" if waits else ""]
    return "; ".join(part for part in parts if part) + "."


def _lanes(view: View) -> list[dict[str, Any]]:
    """Give letter and sequence of each lane of the board, which the page has drawn already."""
    groups = [] if view.facts.values.get("her2_positive") else alike(view.sequences)
    return [
        {"letter": letter, "sequence": view.sequences[indexes[0]]}
        for letter, indexes in zip(LETTERS, groups, strict=False)
    ]


def _first_choice(lanes: Sequence[dict[str, Any]]) -> list[str]:
    """Give the letters of the lanes to begin with: the first, and those whose first two lines are other ones."""
    chosen: dict[tuple[str, ...], str] = {}
    for lane in lanes:
        chosen.setdefault(tuple(line.option.regimen.id for line in lane["sequence"].lines[:2]), lane["letter"])
    return list(chosen.values())[: MOST_LANES - 1] or [lane["letter"] for lane in lanes[:1]]


def hands(view: View) -> list[str]:
    """Give the answers to count hands for: classes of what is offered, tempting ones that are not, and a test where one is waited for.

    They stand in one order for every patient, so that no place gives the answer away. Chemotherapy is always asked for.
    """
    room = MOST_HANDS - bool(view.tests)
    offered = _classes(in_order(view, OFFERED))
    kept = [*[name for name in offered if name != CHEMOTHERAPY][: room - 1], CHEMOTHERAPY]
    known = [
        each for each in in_order(view, NOT_OFFERED) if each.licence_status != INVESTIGATIONAL or _reported(each, view)
    ]
    closed = [name for name in _classes(known) if name not in kept]
    kept += closed[: max(0, LEAST_CLASSES - len(kept))]
    return [*[name for name in words.CLASS_NAMES.values() if name in kept], *([TEST_FIRST] if view.tests else [])]


def _classes(options: Sequence[Option]) -> list[str]:
    return list(dict.fromkeys(words.CLASS_NAMES[option.regimen.palette] for option in options))


def steps(view: View, lanes: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give the steps: planned line after planned line, then the tests, what is closed and why, and what is debated."""
    most = max((len(lane["sequence"].lines) for lane in lanes), default=0)
    first = [prompt.text for prompt in view.prompts if not prompt.beside]
    if first:
        yield {"title": "Before any drug", "lines": 0, "texts": [{"letter": "", "text": text} for text in first]}
    for at in range(most):
        shown = [(lane["letter"], lane["sequence"].lines[at]) for lane in lanes if at < len(lane["sequence"].lines)]
        texts = [{"letter": letter, "text": _line(line, view)} for letter, line in shown]
        number = min(line.number for _, line in shown)
        yield {
            "title": f"Line {number}" if number == max(line.number for _, line in shown) else "Next line",
            "lines": at + 1,
            "texts": texts,
        }
    for title, told in (
        ("Which test would change it?", _tests(view)),
        ("Not offered, and why", _closed(view)),
        ("Not settled", _debated(view)),
    ):
        if told:
            yield {"title": title, "lines": most, "texts": [{"letter": "", "text": text} for text in told]}


def _line(line: Line, view: View) -> str:
    """Give "**elacestrant**: ESR1 mutated. 3.8 months (EMERALD, ESR1m)."; a length that nobody read is none."""
    option = line.option
    trees = [*(x.when for x in option.licences), *(s.when for s in option.statements_heard)]
    why = words.reasons(option, trees, 2)
    row = line.row if line.months else None
    months = (
        f"{words.number(row.own.value)}{words.interval(row.own)} months{words.assessor(row.result)} "
        f"({row.trial.name}, {row.result.population or 'all'}; {row.fit.word})"
        if row and row.own
        else "no length of such patients was read"
    )
    return (
        f"**{words.name(option.regimen, view.snapshot.knowledge)}**{': ' + why if why else ''}. {upper_first(months)}."
    )


def _tests(view: View) -> list[str]:
    knowledge = view.snapshot.knowledge
    return [
        f"**{knowledge.vocabulary[point.field].ask or knowledge.vocabulary[point.field].label}** would open "
        + ", ".join(words.name(knowledge.regimens[name], knowledge) for name in point.unlocks[:MOST_ASIDE])
        for point in view.tests[:MOST_ASIDE]
    ]


def _closed(view: View) -> list[str]:
    """Give the newest report that no licence followed yet, then what is nearest to being offered, with what blocks it."""
    listed = in_order(view, NOT_OFFERED)
    news = [option for option in listed if _is_news(option, view)]
    newest = [max(news, key=lambda option: _last_report(option, view))] if news else []
    told = [(option, _reported(option, view)) for option in newest] + [(each, _why_not(each, view)) for each in listed]
    found = [(option, why) for option, why in told if why]
    return [f"**{words.name(option.regimen, view.snapshot.knowledge)}**: {why}" for option, why in found][:MOST_ASIDE]


def _reported(option: Option, view: View) -> str:
    if option.licence_status != "not-licensed" or option.blocked_by:
        return ""
    trials = list(dict.fromkeys(row.trial.name for row in view.evidence(option.regimen.id)))
    return f"reported ({', '.join(trials[:2])}), not licensed here on this day" if trials else ""


def _is_news(option: Option, view: View) -> bool:
    """Say whether a drug without a licence was reported of late; after two years, the workbook's choice, it is news no more."""
    if not _reported(option, view):
        return False
    return months_between(date.fromisoformat(_last_report(option, view)), date.fromisoformat(view.snapshot.day)) <= NEWS


def _last_report(option: Option, view: View) -> str:
    """Give the day on which the newest of its trials was reported first."""
    rows = view.evidence(option.regimen.id)
    return max(min(result.reported for result in row.trial.results) for row in rows)


def _why_not(option: Option, view: View) -> str:
    """Give the first rule that blocks and was known on the day."""
    known, day = view.snapshot.knowledge, view.snapshot.day
    for rule in option.blocked_by:
        began = rule.since or str(words.source_year(rule.source, known) or known.edition.current_day)
        if began[:4] <= day[:4] and (rule.since or "") <= day:
            return rule.text
    return ""


def _debated(view: View) -> list[str]:
    return [debate.question for debate in view.debates[:MOST_ASIDE]]

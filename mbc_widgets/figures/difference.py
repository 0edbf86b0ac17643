"""The difference between two sides in sentences, and how the sides are told apart; used by `compare`."""

from collections import Counter
from dataclasses import dataclass

from mbc_widgets.eligibility import OFFERED
from mbc_widgets.figures import words
from mbc_widgets.figures.causes import tests_needed
from mbc_widgets.figures.change import changed_fields, value_word
from mbc_widgets.figures.clocks import first_report
from mbc_widgets.workbook import View

MOST_NAMES = 3
HISTORIES = ("receptor_samples", "prior_therapies")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two views with what parts them: the patient, the day, the regulator, the guideline body."""

    first: View
    second: View

    @property
    def same_patient(self) -> bool:
        """Say whether both sides are of one patient."""
        return bool(self.first.patient == self.second.patient)

    @property
    def same(self) -> bool:
        """Say whether nothing parts the sides."""
        return self.same_patient and self.place(self.first) == self.place(self.second)

    @property
    def then_and_now(self) -> bool:
        """Say whether the first side is the earlier of two days, so that "then" and "now" are right."""
        return self.first.snapshot.day < self.second.snapshot.day

    @staticmethod
    def place(view: View) -> tuple[str, str, str]:
        """Give the day, regulator and body of a side."""
        return view.snapshot.day, view.snapshot.regulator, view.snapshot.body


def sentence(pair: Pair) -> str:
    """Give the difference in sentences, the first of them as short as it can be."""
    first, second = pair.first.offered(), pair.second.offered()
    common = len(set(first) & set(second))
    outside = [view for view in (pair.first, pair.second) if view.facts.values.get("her2_positive")]
    if outside:
        first_too, second_too = (any(view is each for each in outside) for view in (pair.first, pair.second))
        whose = "both sides are" if first_too and second_too else f"the {'first' if first_too else 'second'} side is"
        return f"**HER2-positive disease is outside this workbook**, and {whose} HER2 positive: nothing is compared."
    if pair.same:
        return f"**Both sides are the same**: {_options(len(first))} offered, no difference."
    one, other = _side_words(pair)
    counts = f"{_options(len(first))} offered {one}, {len(second)} {other}, **{common} in common**"
    parts = [f"{_sides(pair)}: {counts}.", _news(pair), _patient_sentence(pair)]
    return " ".join(part for part in parts if part)


def _side_words(pair: Pair) -> tuple[str, str]:
    """Give how a sentence tells the sides apart: "then" and "now", "under the EMA", "for Bea"."""
    first, second = pair.first, pair.second
    names = first.patient.name, second.patient.name
    if not pair.same_patient:
        if names[0] and names[0] == names[1]:
            return "in the first", "in the second"
        return (
            (f"for {names[0]}", f"for {names[1]}")
            if all(names) and names[0] != names[1]
            else ("for the first", "for the second")
        )
    if pair.then_and_now:
        return "then", "now"
    if first.snapshot.day != second.snapshot.day:
        return f"on {words.day(first.snapshot.day)}", f"on {words.day(second.snapshot.day)}"
    if first.snapshot.regulator != second.snapshot.regulator:
        return f"under the {first.snapshot.regulator}", f"under the {second.snapshot.regulator}"
    return "on the first side", "on the second"


def _options(number: int) -> str:
    return f"{number} option{'' if number == 1 else 's'}"


def _sides(pair: Pair) -> str:
    """Give "The same patient on **1 Jul 2012** and **1 Jul 2026** under the FDA"."""
    (day, regulator, body), (other_day, other_regulator, other_body) = map(pair.place, (pair.first, pair.second))
    days = f"on **{words.day(day)}**" + (f" and **{words.day(other_day)}**" if other_day != day else "")
    places = (
        f"under the {regulator}"
        if regulator == other_regulator
        else f"under the **{regulator}** and the **{other_regulator}**"
    )
    if day != other_day and regulator != other_regulator:
        days, places = (
            f"on **{words.day(day)}** under the {regulator} and on **{words.day(other_day)}** under the {other_regulator}",
            "",
        )
    who = _who(pair)
    knowledge = pair.first.snapshot.knowledge
    names = [words.body(each, knowledge) if each else "all bodies" for each in (body, other_body)]
    heard = f"hearing {names[0]} and {names[1]}" if body != other_body else ""
    return " ".join(part for part in (who, days, places, heard) if part)


def _who(pair: Pair) -> str:
    first, second = pair.first.patient.name, pair.second.patient.name
    if pair.same_patient:
        return "The same patient"
    if first and first == second:
        return f"**{first}** in two states"
    return f"**{first}** and **{second}**" if first and second else "Two patients"


def _news(pair: Pair) -> str:
    """Say of what is offered on the second side alone how much was first reported after the first day, and what rests on one test."""
    before = set(pair.first.offered())
    new = [option for option in pair.second.options if option.verdict == OFFERED and option.regimen.id not in before]
    if not new or not pair.same_patient:
        return ""
    whose = "new ones" if pair.then_and_now else f"offered {_side_words(pair)[1]} alone"
    day = pair.first.snapshot.day
    young = sum((report := first_report(option)) is not None and report.day > day for option in new)
    parts = [f"{_share(young, len(new), whose)} first reported after {words.day(day)}"] if young else []
    vocabulary = pair.second.snapshot.knowledge.vocabulary
    for name, count in Counter(field for _, field in tests_needed(new)).most_common(1):
        opens = f"open{'s' if count == 1 else ''} only with a result of **{vocabulary[name].label}**"
        parts.append(f"{count} {opens}" if parts else f"{count} of the {len(new)} {whose} {opens}")
    return f"{', '.join(parts)}." if parts else ""


def _share(some: int, number: int, whose: str) -> str:
    """Give "9 of the 18 new ones were", "All 6 new ones were", "The 1 new one was"."""
    if number == 1:
        return f"The 1 {whose.removesuffix('s')} was"
    return (
        f"All {number} {whose} were"
        if some == number
        else f"{some} of the {number} {whose} {'was' if some == 1 else 'were'}"
    )


def _patient_sentence(pair: Pair) -> str:
    if pair.same_patient:
        return ""
    labels = [label for label, _, _ in patient_rows(pair)]
    if not labels:
        return "They differ in name alone."
    more = f" and {len(labels) - MOST_NAMES} more" if len(labels) > MOST_NAMES else ""
    return f"They differ in {', '.join(labels[:MOST_NAMES])}{more}."


def lanes_sentence(pair: Pair) -> str:
    """Say which sequences begin with another line, by the strategy that both sides have."""
    starts, others = _starts(pair.first), _starts(pair.second)
    both = [label for label in starts if label in others]
    moved = [label for label in both if starts[label] != others[label]]
    if not both:
        return "No strategy has a sequence on both sides."
    if not moved:
        return f"The first line is the same in all {len(both)} strategies that both sides have."
    one, other = _side_words(pair)
    ways: dict[tuple[str, str], list[str]] = {}
    for label in moved:
        ways.setdefault((starts[label], others[label]), []).append(label)
    told = "; ".join(f"{', '.join(labels)}: {here} {one}, {there} {other}" for (here, there), labels in ways.items())
    same = [label for label in both if label not in moved]
    rest = f" {', '.join(same)}: the same." if same else ""
    count = f"all {len(both)}" if not same else f"{len(moved)} of {len(both)}"
    return f"The first planned line differs in {count} strategies. {told}.{rest}"


def _starts(view: View) -> dict[str, str]:
    knowledge = view.snapshot.knowledge
    return {s.strategy.label: words.name(s.lines[0].option.regimen, knowledge) for s in view.sequences if s.lines}


def patient_rows(pair: Pair) -> list[list[str]]:
    """Give what differs between two patients: entry, first side, second side."""
    if pair.same_patient:
        return []
    vocabulary = pair.first.snapshot.knowledge.vocabulary
    rows = [
        [entry.label, *(value_word(entry, view.facts.values.get(name)) for view in (pair.first, pair.second))]
        for name, entry in ((each, vocabulary[each]) for each in ("er_percent", "pr_percent", "her2_state"))
    ]
    names = changed_fields(pair.second, pair.first) - {*HISTORIES}
    rows += [
        [entry.label, *(value_word(entry, view.patient.findings.get(entry.id)) for view in (pair.first, pair.second))]
        for entry in vocabulary.values()
        if entry.id in names
    ]
    rows.append(["Therapies so far", *(_therapies(view) for view in (pair.first, pair.second))])
    return [row for row in rows if row[1] != row[2]]


def _therapies(view: View) -> str:
    knowledge = view.snapshot.knowledge
    told = [f"{words.regimen_name('+'.join(t.agents), knowledge)} ({t.setting})" for t in view.patient.prior_therapies]
    return "; ".join(told) or "none"


def short_place(view: View, pair: Pair) -> str:
    """Give a side by what parts it from the other: "19 Mar 2012", "FDA", "Bea, 1 Jul 2026"."""
    other = pair.second if view is pair.first else pair.first
    parts = (
        [words.day(view.snapshot.day)]
        if view.snapshot.day != other.snapshot.day or view.snapshot.regulator == other.snapshot.regulator
        else []
    )
    parts += [view.snapshot.regulator] if view.snapshot.regulator != other.snapshot.regulator else []
    if not pair.same_patient:
        parts = [view.patient.name or ("first patient" if view is pair.first else "second patient"), *parts]
    return ", ".join(parts)

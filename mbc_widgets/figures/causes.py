"""Why the same patient is offered something on one side and not on the other: the dated fact that opened or closed it.

Comes in: two views of one patient. Goes out: for each option that differs one `Cause`, read from the option's own
indications and rules on the two sides; where no dated fact explains it, the cause says so instead of guessing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mbc_widgets.conditions import asked_present, holds
from mbc_widgets.eligibility import NEEDS_TEST, OFFERED, Option
from mbc_widgets.evidence import NO_MATCH, Row
from mbc_widgets.figures import words
from mbc_widgets.knowledge import Knowledge, openers
from mbc_widgets.knowledge.snapshot import COMMON
from mbc_widgets.records import Licence, SafetyRule, Statement
from mbc_widgets.said import INVESTIGATIONAL
from mbc_widgets.workbook import View

Fact = Licence | Statement | SafetyRule
MEDIANS = ("pfs", "ttp")


@dataclass(frozen=True, kw_only=True)
class Cause:
    """The fact that opened an option on one side, or closed it on the other.

    `day` is "" when the fact carries none. `what` names it; `trial` is the trial whose figure this patient is shown, with
    `figure` its medians; both are "" where none was read. `opens` says what it did on its day, whichever side is looked at
    first; `advice` that a guideline's text alone ended; `where` names the regulator under which, when the sides have two.
    """

    what: str
    day: str = ""
    day_label: str = ""
    source: str = ""
    url: str = ""
    trial: str = ""
    figure: str = ""
    opens: bool = True
    advice: bool = False
    where: str = ""
    regimens: tuple[str, ...] = ()

    @property
    def effect(self) -> str:
        """Give what it did for this patient: "elacestrant opens: 8.6 v 1.9 mo"."""
        names = ", ".join(self.regimens)
        if self.advice:
            return f"{names} no longer named: a guideline text was replaced, no licence ended that day"
        verb = ("opens" if self.opens else "closes") if len(self.regimens) == 1 else ("open" if self.opens else "close")
        place = f" under the {self.where}" if self.where else ""
        return f"{names} {verb}{place}{f': {self.figure}' if self.figure else ''}"


def causes(first: View, second: View) -> tuple[Cause, ...]:
    """Give what opened or closed options between two sides, the same fact once, by day; undated ones last."""
    found: dict[Cause, list[str]] = {}
    for regimen, cause in by_regimen(first, second).items():
        knowledge = second.snapshot.knowledge
        found.setdefault(cause, []).append(words.name(knowledge.regimens[regimen], knowledge))
    listed = [replace(cause, regimens=tuple(names)) for cause, names in found.items()]
    return tuple(sorted(listed, key=lambda cause: (cause.day or "9", cause.what, cause.regimens)))


def by_regimen(first: View, second: View) -> dict[str, Cause]:
    """Give the cause of each option that is offered on one side alone, by regimen."""
    found = {}
    for here, there in ((first, second), (second, first)):
        for option in here.options:
            other = there.option(option.regimen.id)
            if option.verdict == OFFERED and (other is None or other.verdict != OFFERED):
                found[option.regimen.id] = _cause(option, other, here, there)
    return found


def _cause(option: Option, other: Option | None, here: View, there: View) -> Cause:
    """Give why an option that is offered `here` is not offered `there`."""
    if other is None:
        return Cause(what="concerns no such patient on the other side")
    two_places = here.snapshot.regulator != there.snapshot.regulator
    later_there = here.snapshot.day < there.snapshot.day and not two_places
    if (
        other.indicated and not other.candidate.closed
    ):  # it had a reason to be offered, and a rule or a missing result stood before it
        where = there.snapshot.regulator if two_places else ""
        return replace(_stopped(other, option, there), opens=not (later_there or two_places), where=where)
    facts = [held.item for held in option.candidate.indications if option.holds(held)]
    reasons = {id(held.item) for held in other.candidate.indications}
    own = [fact for fact in facts if id(fact) not in reasons]
    if not own:
        return _unlike(other)
    if later_there:
        return replace(_ended(own, option, here, there), opens=False)
    fact = (_first_between(option, there, here) if not two_places else None) or min(own, key=_began)
    cause = _named(fact, _began(fact), here.snapshot.knowledge)
    return replace(_with_trial(cause, option, here, fact), where=here.snapshot.regulator if two_places else "")


def _first_between(option: Option, before: View, now: View) -> Fact | None:
    """Give the licence or statement that first opened the option between two days, though another one holds it now; None if none.

    A text counts from the day on which every drug of it had a licence here. The patient is read as on the later day.
    """
    snapshot, start = now.snapshot, before.snapshot.day
    opened: list[tuple[str, bool, Fact]] = [
        (began, isinstance(fact, Statement), fact)
        for fact, tree in openers(option.regimen, snapshot)
        if start < (began := _began(fact)) <= snapshot.day and holds(tree, option.facts.values)
    ]
    return min(opened, key=lambda found: found[:2])[2] if opened else None


def _ended(facts: Iterable[Fact], option: Option, here: View, there: View) -> Cause:
    """Give the fact that ended last of those that had opened the option: with it the last reason went."""
    dated = [(end, fact) for fact in facts if (end := _ends(fact)) and end <= there.snapshot.day]
    if not dated:
        return Cause(what="no dated fact explains it")
    end, fact = max(dated, key=lambda pair: pair[0])
    cause = _named(fact, end, here.snapshot.knowledge)
    gone = "withdrawn" if isinstance(fact, Licence) else "replaced"
    told = replace(cause, what=f"{cause.what} {gone}", advice=isinstance(fact, Statement))
    return _with_trial(told, option, here, fact)


def _stopped(other: Option, option: Option, there: View) -> Cause:
    """Give the rule that stood before an option on the side where it is not offered, or the result that it waits for."""
    held = {id(rule) for rule in (*option.blocked_by, *option.held_by)}
    rules = [rule for rule in (*other.blocked_by, *other.held_by) if id(rule) not in held]
    if rules:
        rule = rules[0]
        day = rule.until if other.snapshot.day < option.snapshot.day and rule.until else rule.since or ""
        return _named(rule, day, there.snapshot.knowledge)
    return _unlike(other)


def _unlike(other: Option) -> Cause:
    """Say what the other side waits for, when nothing that is dated parts the two."""
    vocabulary = other.snapshot.knowledge.vocabulary
    if other.verdict == NEEDS_TEST and other.missing:
        return Cause(
            what=f"waits for {', '.join(vocabulary[name].label for name in other.missing[:2])} on the other side"
        )
    if other.licence_status == INVESTIGATIONAL:
        return Cause(what=f"not licensed by the {other.snapshot.regulator} on the other side")
    return Cause(what="no dated fact explains it")


def _began(fact: Fact) -> str:
    """Give the day from which a fact holds, "" when it carries none."""
    if isinstance(fact, Licence):
        return "" if fact.established else fact.granted or ""
    return fact.since or ""


def _ends(fact: Fact) -> str:
    return (fact.withdrawn if isinstance(fact, Licence) else fact.until) or ""


def _named(fact: Fact, day: str, knowledge: Knowledge) -> Cause:
    if isinstance(fact, Licence):
        text, url = words.link(fact.source, knowledge)
        kind = words.licence_word(fact) if fact.off_label or not day else f"{fact.regulator} licence"
        label = words.moment(day, fact.granted_to if day == fact.granted else "day") if day else ""
    elif isinstance(fact, Statement):
        text, url = words.link(fact.source, knowledge)
        kind = words.statement_word(fact, knowledge)
        label = words.moment(day, fact.since_to if day == fact.since else "day") if day else ""
    else:
        text, url = words.link(fact.source, knowledge)
        kind, label = f"limit: {fact.text.rstrip('.')}", words.day(day) if day else ""
    return Cause(what=kind, day=day, day_label=label, source=text, url=url)


def _with_trial(cause: Cause, option: Option, view: View, fact: Fact) -> Cause:
    """Give the cause with the trial whose figure this patient is shown, when it was public by the day of the fact.

    A statement has the trials that it names itself, and none else. A licence is not tied to a trial in the knowledge: the
    one that carries the figure is named, and nothing is said of what the regulator read.
    """
    named = set(fact.trials) if isinstance(fact, Statement) else None
    by = cause.day or view.snapshot.day
    for row in view.evidence(option.regimen.id):
        if _is_median(row) and row.result.reported <= by and (named is None or row.trial.id in named):
            return replace(cause, trial=row.trial.name, figure=_figure(row))
    knowledge = view.snapshot.knowledge
    own = {
        name for name, _ in knowledge.trials_of.get(option.regimen.id, ())
    }  # a trial of another drug is no cause of this one
    return replace(cause, trial=", ".join(knowledge.trial(name).name for name in sorted((named or set()) & own)[:2]))


def _is_median(row: Row) -> bool:
    return row.usable and row.experimental and row.result.unit == "months" and row.result.endpoint in MEDIANS


def _figure(row: Row) -> str:
    own = words.number(row.own.value if row.own else None)
    other = f" v {words.number(row.other.value)}" if row.other and row.other.value is not None else ""
    return (
        f"{own}{other} mo{words.assessor(row.result)}"
        + (f", {row.result.population}" if row.result.population else "")
        + (", trial does not match" if row.fit.word == NO_MATCH else "")
    )


def tests_needed(options: Iterable[Option]) -> Iterator[tuple[str, str]]:
    """Give (regimen, field) where every reason to offer an option asks for the same test result to be present."""
    for option in options:
        vocabulary, trees = option.snapshot.knowledge.vocabulary, option.snapshot.trees
        held = [held for held in option.candidate.indications if option.holds(held)]
        asked = [asked_present(trees[each.at]) - COMMON for each in held]
        for name in sorted(frozenset.intersection(*map(frozenset, asked)) if asked else ()):
            if vocabulary[name].changes == "test":
                yield option.regimen.id, name

"""`mbc why`: one regimen for one patient: the verdict, what decided it, and the smallest changes that would turn it."""

import argparse
from collections.abc import Iterable, Iterator
from textwrap import fill

from mbc_widgets.cli.failure import Refused, knowledge
from mbc_widgets.cli.plans import loaded_view
from mbc_widgets.cli.summary import picked
from mbc_widgets.conditions import nearest
from mbc_widgets.eligibility import NOT_OFFERED, OFFERED, Option
from mbc_widgets.evidence import NO_MATCH
from mbc_widgets.figures import words
from mbc_widgets.figures.flips import opened_by_others
from mbc_widgets.figures.lags import lag
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.neighbours import Flip
from mbc_widgets.records import SafetyRule, Statement
from mbc_widgets.two_changes import two_changes
from mbc_widgets.wording import describe
from mbc_widgets.workbook import View

WIDTH, FEW = 100, 3


def answer(chosen: argparse.Namespace) -> None:
    """Print why a regimen is, or is not, offered.

    Raises:
        Refused: the scenario, the day or the regimen cannot be used.

    """
    scenario, view = loaded_view(chosen)
    option = _found(chosen.regimen, view)
    print(f"{scenario.title} ({scenario.id}), {view.snapshot.day}, {view.snapshot.regulator}{picked(view)}")
    print("\n".join(why(option, view)))


def _found(name: str, view: View) -> Option:
    known = knowledge().regimens
    if name not in known:
        having = ", ".join(regimen for regimen in known if name.lower() in known[regimen].agents)
        hint = f"; with this drug there are: {having}." if having else nearest(name.lower(), known)
        raise Refused(f"REGIMEN: no regimen '{name}'{hint} The ids are in data/regimens.yaml")
    option = next((each for each in (*view.options, *view.supportive) if each.regimen.id == name), None)
    if option is None:
        other = known[name].variant_of or f"{name}+goserelin"
        hint = f"; ask for {other}" if other in known else ""
        raise Refused(f"REGIMEN: {name} cannot concern this patient (sex, menopause or suppression){hint}")
    return option


def _rule(rule: SafetyRule, text: str, view: View) -> str:
    return f"{rule.id}: {words.rule_text(rule, text, view.snapshot)}"


def why(option: Option, view: View) -> Iterator[str]:
    """Give the lines of text about one option."""
    known = view.snapshot.knowledge
    yield f"{words.name(option.regimen, known)}: {option.verdict.replace('-', ' ')}, {option.licence_status.replace('-', ' ')}"
    yield from _section("Regimen", [option.regimen.note] if option.regimen.note else [])
    yield from _section(
        "Licence", (f"{words.licence_word(x)}: {x.wording}{words.recalled(x)}" for x in option.licences)
    )
    late = lag(option)
    yield from _section("FDA and EMA", [late] if late else [])
    yield from _section("Recommended", _statements(option.statements, known))
    yield from _section("Advised against", _statements(option.against, known))
    yield from _section("Never", (_rule(rule, f"{rule.text} {rule.why}", view) for rule in option.blocked_by))
    yield from _section("Not now", (_rule(rule, f"{rule.text} {rule.why}", view) for rule in option.held_by))
    yield from _section("Caution", (_rule(rule, rule.told, view) for rule in option.cautions))
    yield from _section("Not known then", (f"{rule.id}: {words.later_text(rule)}" for rule in option.learnt_later))
    yield from _section("Not known yet", (known.vocabulary[name].label for name in option.missing))
    yield from _section("Trials", _trials(option, view))
    if option.verdict != OFFERED:
        if not (option.licences or option.statements or option.licences_open or option.statements_open):
            yield f"\n{_no_licence(option)}, and no guideline asks for it."
        elif not option.indicated and option.verdict == NOT_OFFERED:
            yield f"\n{_not_opened(option)}"
        yield from _section("One change would open it", (_change(flip, option) for flip in option.flips))
        pairs = (f"{_change(one, option)}, and {_change(two, option)}" for one, two in two_changes(option))
        yield from _section("Two changes would open it", pairs)
        if not option.indicated:
            yield from _section("Asked for in", dict.fromkeys(_asked(option)))


def _statements(statements: Iterable[Statement], known: Knowledge) -> Iterator[str]:
    return (f"{words.statement_word(x, known)}: {x.because}{words.recalled(x)}" for x in statements)


def _trials(option: Option, view: View) -> Iterator[str]:
    """Give the trials that fit, wholly or in part, a few of those that do not, and count the others."""
    fits = {row.trial.name: row.fit for row in view.evidence(option.regimen.id)}
    far = [name for name, fit in fits.items() if fit.word == NO_MATCH]
    yield from (f"{name}: {fit.word}{_missed(fit.missed)}" for name, fit in fits.items() if name not in far[FEW:])
    if far[FEW:]:
        yield f"{len(far[FEW:])} more that do not match"


def _missed(criteria: tuple[str, ...]) -> str:
    return f" ({'; '.join(criteria)})" if criteria else ""


def _change(flip: Flip, option: Option) -> str:
    entry = option.snapshot.knowledge.vocabulary[flip.field]
    now = option.facts.values.get(flip.field)
    stated = "" if now is None or flip.field in option.facts.assumed else f", now {words.value(entry, now)}"
    return f"{entry.label}: {words.value(entry, flip.to)} ({flip.kind}{stated})"


def _no_licence(option: Option) -> str:
    """Say whether there is none, there was one, or those in force are for others."""
    snapshot = option.snapshot
    here = [
        x for _, x in snapshot.knowledge.licences_of.get(option.regimen.id, ()) if x.regulator == snapshot.regulator
    ]
    ended = [x.withdrawn for x in here if x.withdrawn and x.withdrawn <= snapshot.day]
    if ended:
        return f"The licence was withdrawn ({snapshot.regulator} {max(ended)})"
    if any(x.established or (x.granted or "9") <= snapshot.day for x in here):
        return f"What the {snapshot.regulator} licensed by this day is for other patients"
    return f"The {snapshot.regulator} had not licensed it by this day"


def _not_opened(option: Option) -> str:
    """Say why what covers this patient opens nothing: a licence that is no reason by itself, or advice that does not count here."""
    snapshot = option.snapshot
    if opened_by_others(option):
        return f"Others recommend it, but of guidelines only those of {snapshot.knowledge.bodies[snapshot.body].word} are heard."
    vocabulary = snapshot.knowledge.vocabulary
    wanted = [option.explain(licence.opens) for licence in option.licences if licence.opens is not None]
    atoms = dict.fromkeys(atom for verdict in wanted if verdict.holds is False for atom in verdict.because)
    if atoms:
        return f"Its licence alone is no reason to give it here: {'; '.join(describe(a, vocabulary) for a in atoms)}."
    return "A guideline of another region, or one that nobody read, does not open what has no licence here."


def _asked(option: Option) -> Iterator[str]:
    """Give the populations in which it is licensed or recommended here."""
    for held in option.candidate.indications:
        yield describe(option.snapshot.trees[held.at], option.snapshot.knowledge.vocabulary)


def _section(heading: str, texts: Iterable[str]) -> Iterator[str]:
    found = list(texts)
    if found:
        yield f"\n{heading}"
        yield from (fill(text, WIDTH, initial_indent="  - ", subsequent_indent="    ") for text in found)

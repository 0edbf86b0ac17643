"""`mbc why`: one regimen for one patient: the verdict, what decided it, and the smallest changes that would turn it."""

import argparse
from collections.abc import Iterable, Iterator
from textwrap import fill

from mbc_widgets.cli.failure import Refused, knowledge
from mbc_widgets.cli.plans import loaded_view
from mbc_widgets.conditions import describe, nearest
from mbc_widgets.eligibility import OFFERED, Option, two_changes
from mbc_widgets.figures import words
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.neighbours import Flip
from mbc_widgets.records import Licence, Statement
from mbc_widgets.workbook import View

WIDTH = 100


def answer(chosen: argparse.Namespace) -> None:
    """Print why a regimen is, or is not, offered.

    Raises:
        Refused: the scenario, the day or the regimen cannot be used.

    """
    chosen.scenarios = [chosen.scenario]
    scenario, view = loaded_view(chosen)
    option = _found(chosen.regimen, view)
    print(f"{scenario.title} ({scenario.id}), {view.snapshot.day}, {view.snapshot.regulator}")
    print("\n".join(why(option, view)))


def _found(name: str, view: View) -> Option:
    known = knowledge().regimens
    if name not in known:
        raise Refused(f"REGIMEN: no regimen '{name}'{nearest(name, known)} The ids are in data/regimens.yaml")
    option = view.option(name)
    if option is None:
        other = known[name].variant_of or f"{name}+goserelin"
        hint = f"; ask for {other}" if other in known else ""
        raise Refused(f"REGIMEN: {name} cannot concern this patient (sex, menopause or suppression){hint}")
    return option


def why(option: Option, view: View) -> Iterator[str]:
    """Give the lines of text about one option."""
    known = view.snapshot.knowledge
    yield f"{words.name(option.regimen, known)}: {option.verdict}, {option.licence_status.replace('-', ' ')}"
    yield from _section("Licensed", (f"{words.licence_word(x)}: {x.wording}{_recalled(x)}" for x in option.licences))
    yield from _section("Recommended", _statements(option.statements, known))
    yield from _section("Advised against", _statements(option.against, known))
    yield from _section("Never", (f"{rule.id}: {rule.text} {rule.why}" for rule in option.blocked_by))
    yield from _section("Not now", (f"{rule.id}: {rule.text} {rule.why}" for rule in option.held_by))
    yield from _section("Caution", (f"{rule.id}: {rule.text}" for rule in option.cautions))
    yield from _section("Not known yet", (known.vocabulary[name].label for name in option.missing))
    fits = (f"{row.trial.name}: {row.fit.word}{_missed(row.fit.missed)}" for row in view.evidence(option.regimen.id))
    yield from _section("Trials", dict.fromkeys(fits))
    if option.verdict != OFFERED:
        yield from _section("One change would open it", (_change(flip, view) for flip in option.flips))
        pairs = (f"{_change(one, view)}, and {_change(two, view)}" for one, two in two_changes(option))
        yield from _section("Two changes would open it", pairs)
        if not option.indicated:
            yield from _section("Asked for by", _asked(option))


def _statements(statements: Iterable[Statement], known: Knowledge) -> Iterator[str]:
    return (f"{words.statement_word(x, known)}: {x.because}{_recalled(x)}" for x in statements)


def _recalled(fact: Licence | Statement) -> str:
    return "" if fact.verified == "seen" else " (recalled)"


def _missed(criteria: tuple[str, ...]) -> str:
    return f" ({'; '.join(criteria)})" if criteria else ""


def _change(flip: Flip, view: View) -> str:
    entry = view.snapshot.knowledge.vocabulary[flip.field]
    return f"{entry.label}: {words.value(entry, flip.to)} ({flip.kind})"


def _asked(option: Option) -> Iterator[str]:
    """Give the populations in which it is licensed or recommended here."""
    for held in option.candidate.indications:
        yield describe(option.snapshot.trees[held.at], option.snapshot.knowledge.vocabulary)


def _section(heading: str, texts: Iterable[str]) -> Iterator[str]:
    found = list(texts)
    if found:
        yield f"\n{heading}"
        yield from (fill(text, WIDTH, initial_indent="  - ", subsequent_indent="    ") for text in found)

"""Words of a teaching case: where a choice stands, and what the knowledge says at a point, each with its source."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mbc_widgets.conditions import evaluate
from mbc_widgets.eligibility import NEEDS_TEST, NOT_NOW, NOT_OFFERED, OFFERED, VERDICT_NAMES
from mbc_widgets.figures import words
from mbc_widgets.figures.board import LETTERS
from mbc_widgets.figures.debates import trial_figures
from mbc_widgets.records import Ground, Tree
from mbc_widgets.sequences import alike
from mbc_widgets.teaching import OTHER, SPECIAL, Commitment, Feedback
from mbc_widgets.teaching.feedback import (
    ALL_THAT_FITS,
    COMFORT,
    NOT_LISTED,
    OPENS_MORE,
    OPENS_NOTHING,
    OPENS_RARE,
    OTHERS_OFFERED,
    UNKNOWN,
    regimen_of,
    rule_of,
    statement_of,
)
from mbc_widgets.wording import describe, upper_first
from mbc_widgets.workbook import View

# By standing: the word, and its look (ok, ask, warn, no).
STANDINGS = {
    **{
        verdict: (VERDICT_NAMES[verdict], kind)
        for verdict, kind in ((OFFERED, "ok"), (NEEDS_TEST, "ask"), (NOT_NOW, "warn"), (NOT_OFFERED, "no"))
    },
    OPENS_MORE: ("a test would open more", "ok"),
    OPENS_RARE: ("only markers that are rare in breast cancer are left to test", "warn"),
    OPENS_NOTHING: ("no missing result would open more", "no"),
    ALL_THAT_FITS: ("no drug against the tumour is offered", "ok"),
    COMFORT: ("her goal is comfort", "ok"),
    OTHERS_OFFERED: ("drugs against the tumour are offered", "warn"),
    UNKNOWN: ("not known to the library", "ask"),
    NOT_LISTED: ("cannot concern this patient", "no"),
}
MOST_NAMES = 5


def choice_name(choice: str, view: View) -> str:
    """Give the name of a choice: of a regimen, or of one that is always there."""
    return SPECIAL[choice][0] if choice in SPECIAL else words.regimen_name(choice, view.snapshot.knowledge)


def answer_name(answer: Commitment, view: View) -> str:
    """Give the name of what was chosen; of something else what it was read as, or what was typed."""
    found = regimen_of(answer, view)
    if answer.choice == OTHER:
        return choice_name(found, view) if found else f"“{answer.other.strip()}”"
    return choice_name(answer.choice, view)


def standing(told: Feedback, view: View) -> dict[str, Any]:
    """Give the verdict on a choice with where it stands in the list, and the sequences that contain it."""
    word, kind = STANDINGS[told.standing]
    pronoun = {"female": "her", "male": "his"}.get(str(view.facts.values.get("sex")), "the")
    word = word.replace("her ", f"{pronoun} ") if told.standing == COMFORT else word
    return {"word": word, "kind": kind, "text": " ".join(_where(told, view))}


def _where(told: Feedback, view: View) -> Iterator[str]:
    if told.position:
        first = "first" if told.position == 1 else f"number {told.position}"
        order = "in guideline order"
        yield f"It is {first} of {told.offered} {order}."
        letters = [
            letter for letter, lanes in zip(LETTERS, alike(view.sequences), strict=False) if {*lanes} & {*told.lanes}
        ]
        if letters:
            yield f"{'Sequence' if len(letters) == 1 else 'Sequences'} {', '.join(letters)} of the board {'has' if len(letters) == 1 else 'have'} it."
        elif view.sequences:
            yield "No sequence of the board has it."
    elif told.standing in {OPENS_MORE, OPENS_RARE, OPENS_NOTHING}:
        vocabulary = view.snapshot.knowledge.vocabulary
        tests = [vocabulary[point.field].ask or vocabulary[point.field].label for point in view.tests]
        more = f" and {len(tests) - MOST_NAMES} more" if len(tests) > MOST_NAMES else ""
        yield (
            f"Tests that could change the answer: {', '.join(tests[:MOST_NAMES])}{more}."
            if tests
            else "Nothing waits for a result."
        )
    elif told.standing == UNKNOWN:
        yield "Write the drugs by their names, joined by +; or take it as it is: it stays in the summary, without a verdict."
    elif told.answer.choice in SPECIAL:
        yield f"{told.offered} options are offered." if told.offered else "Nothing else is offered."


Told = tuple[str, str, str]  # text, source, address


def basis(item: Ground, view: View) -> list[dict[str, str]]:
    """Give what the knowledge says at the place on which a point rests: text, source, address; nothing where it rests on none."""
    told: list[Told] = []
    for name, read in READERS.items():
        place = getattr(item, name)
        if place is not None:
            told += read(place, view)
    return [{"text": upper_first(text), "source": source, "url": url} for text, source, url in told]


def _facts(tree: Tree, view: View) -> list[Told]:
    """Give the facts of the patient that decided a condition."""
    atoms = dict.fromkeys(evaluate(tree, view.facts.values).because)
    found = "; ".join(describe(atom, view.snapshot.knowledge.vocabulary) for atom in atoms)
    return [(f"Here: {found}", "", "")]


def _field(name: str, view: View) -> list[Told]:
    entry, value = view.snapshot.knowledge.vocabulary[name], view.facts.values.get(name)
    return [(f"Here: {entry.label} {'not tested' if value is None else words.value(entry, value)}", "", "")]


def _trial(name: str, view: View) -> list[Told]:
    return [(each["text"], each["name"], each["url"]) for each in trial_figures(name, view)]


def _debate(name: str, view: View) -> list[Told]:
    found = next(each for each in view.snapshot.knowledge.debates if each.id == name)
    return [(f"{found.question} The sides are below; none is scored", "", "")]


def _statement(name: str, view: View) -> list[Told]:
    knowledge = view.snapshot.knowledge
    found = statement_of(name, knowledge)
    text = " ".join(filter(None, (found.advice, found.because)))
    source = f"{words.statement_word(found, knowledge)}{words.recalled(found)}"
    return [(text, source, words.link(found.source, knowledge)[1])]


def _rule(name: str, view: View) -> list[Told]:
    rule = rule_of(name, view)
    if rule is None:
        return []
    return [(words.rule_text(rule, rule.told, view.snapshot), *words.link(rule.source, view.snapshot.knowledge))]


READERS: Mapping[str, Callable[[Any, View], list[Told]]] = {
    "when": _facts, "field": _field, "trial": _trial, "debate": _debate, "statement": _statement, "rule": _rule,
}  # fmt: skip

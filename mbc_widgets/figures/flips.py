"""What would open a closed option, as buttons: one change, another day, regulator or guideline, and on request two changes."""

from typing import Any

from mbc_widgets.conditions import evaluate
from mbc_widgets.eligibility import NOT_OFFERED, OFFERED, Option
from mbc_widgets.figures import words
from mbc_widgets.knowledge import Knowledge, opens
from mbc_widgets.neighbours import Flip
from mbc_widgets.two_changes import two_changes


def changes(option: Option, asked: str) -> dict[str, Any]:
    """Give what would open the option: `flips`, the `pairs` of the regimen that was asked about, whether to `ask`."""
    return {
        "flips": flips(option),
        "pairs": pairs(option) if option.regimen.id == asked else None,
        "ask": option.verdict != OFFERED and not option.flips,
    }


def flips(option: Option) -> list[dict[str, Any]]:
    """Give the changes that open the option as buttons: inputs first, other guidelines, the next licence day, the other regulator."""
    found = [_button(option.snapshot.knowledge, flip) for flip in option.flips]
    if opened_by_others(option):
        found.append({"label": "Hear all guidelines of this region", "send": {"type": "body", "body": ""}})
    return found + (_day_flips(option) if option.verdict == NOT_OFFERED and not option.blocked_by else [])


def opened_by_others(option: Option) -> bool:
    """Say whether it is closed only because the guidelines that would open it are those of a body that the reader did not pick."""
    if option.verdict != NOT_OFFERED or option.blocked_by or option.candidate.closed or option.indicated:
        return False
    snapshot = option.snapshot
    others = (held for held in option.candidate.beside if option.holds(held))
    return any(opens(held.item, snapshot.knowledge, snapshot.regulator) for held in others)


def pairs(option: Option) -> list[dict[str, Any]]:
    """Give the pairs of changes that open an option which no single one opens, each as one button; empty when none does."""
    return [_button(option.snapshot.knowledge, *pair) for pair in two_changes(option)]


def _button(knowledge: Knowledge, *changes: Flip) -> dict[str, Any]:
    named = [(knowledge.vocabulary[flip.field], flip.to) for flip in changes]
    label = " and ".join(f"{field.label} to {words.value(field, to)}" for field, to in named)
    sent: dict[str, Any] = {}
    for flip in changes:  # HER2 is a result of a sample, the rest are findings
        sent |= {"receptor_samples": {"her2": flip.to}} if flip.field == "her2_state" else {flip.field: flip.to}
    return {"label": f"Set {label}", "send": {"type": "set", "changes": sent}}


def _day_flips(option: Option) -> list[dict[str, Any]]:
    """Give the first later day, and the other regulator, under which a licence covers this patient."""
    knowledge, day, regulator = (
        option.snapshot.knowledge,
        option.snapshot.day,
        option.snapshot.regulator,
    )
    covering = [
        licence
        for _, licence in knowledge.licences_of.get(option.regimen.id, ())
        if evaluate(licence.when, option.facts.values).holds and not licence.established
    ]
    later = sorted(x.granted for x in covering if x.regulator == regulator and x.granted and x.granted > day)
    last = knowledge.edition.current_day
    found = [{"label": f"See {words.day(d)}", "send": {"type": "day", "day": d}} for d in later[:1] if d <= last]
    elsewhere = [
        x
        for x in covering
        if x.regulator != regulator and (x.granted or "9") <= day and not (x.withdrawn and x.withdrawn <= day)
    ]
    return found + [
        {"label": f"See {x.regulator}", "send": {"type": "regulator", "regulator": x.regulator}} for x in elsewhere[:1]
    ]

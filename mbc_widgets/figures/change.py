"""One sentence that says what the last change changed, from two views."""

from typing import Any

from mbc_widgets.figures import words
from mbc_widgets.workbook import View

MOST_NAMES = 4


def changed_fields(view: View, previous: View | None) -> frozenset[str]:
    """Give the inputs that differ between two views."""
    if previous is None:
        return frozenset()
    now, before = view.patient, previous.patient
    names = {n for n in {*now.findings, *before.findings} if now.findings.get(n) != before.findings.get(n)}
    for history in ("receptor_samples", "prior_therapies"):
        if getattr(now, history) != getattr(before, history):
            names.add(history)
    return frozenset(names)


def sentence(view: View, previous: View | None) -> str:
    """Give what changed and what follows, for example "You set **ESR1 to mutated**: elacestrant is now offered."."""
    if previous is None:
        return _opening(view)
    cause = _cause(view, previous)
    if not cause:
        return _opening(view)
    if view.facts.values.get("her2_positive"):
        return f"{cause}. {_opening(view)}"
    now, before = set(view.offered()), set(previous.offered())
    opened = [o for o in view.options if o.regimen.id in now - before]
    closed = [o for o in previous.options if o.regimen.id in before - now]
    parts = []
    if opened:
        parts.append(f"{_names(opened, view)} {'are' if len(opened) > 1 else 'is'} now offered")
    if closed:
        parts.append(f"{_names(closed, view)} no longer")
    if not parts:
        return f"{cause}: what is offered stays the same{_lanes(view, previous)}."
    return f"{cause}: {'; '.join(parts)}{_lanes(view, previous)}."


def _opening(view: View) -> str:
    if view.facts.values.get("her2_positive"):
        return "**HER2-positive disease is outside this workbook**: it covers HER2-negative disease. Your entries are kept."
    offered = view.offered()
    if not offered:
        return "**No drug option fits.** Best supportive care, the palliative team now, and a trial if wished. The list shows what one change would open."
    words_of = view.snapshot.knowledge.vocabulary
    tests = [words_of[test.field].ask or words_of[test.field].label for test in view.tests[:2]]
    first = [s.lines[0].option for s in view.sequences if s.lines]
    names = list(dict.fromkeys(words.name(o.regimen, view.snapshot.knowledge) for o in first))
    ask = f" A test would open more: {', '.join(tests)}." if tests else ""
    day, body = words.day(view.snapshot.day), view.snapshot.body
    by = f" by the guidelines of **{words.body(body, view.snapshot.knowledge)}** alone" if body else ""
    return f"On **{day}** under the {view.snapshot.regulator}{by}, {len(offered)} options are offered; the sequences start with {' or '.join(names)}.{ask}"


def _cause(view: View, previous: View) -> str:
    place = _place(view, previous)
    if place:
        return place
    names = changed_fields(view, previous)
    vocabulary = view.snapshot.knowledge.vocabulary
    if names == {"receptor_samples"}:
        return f"You set **{_receptors(view, previous)}**"
    if names == {"prior_therapies"}:
        return "You changed the **therapies so far**"
    if len(names) == 1:
        (name,) = names
        value = view.patient.findings.get(name)
        return f"You set **{vocabulary[name].label} to {value_word(vocabulary[name], value)}**"
    return f"You changed **{len(names)} entries**" if names else ""


def _place(view: View, previous: View) -> str:
    """Say that the day, the regulator or the guideline body is another one; a body without a word there is left by itself."""
    now, before = view.snapshot, previous.snapshot
    name = f"**{words.body(now.body, now.knowledge) if now.body else 'all bodies of this region'}**"
    moved = f"You moved to **{words.day(now.day)}**" if now.day != before.day else ""
    if now.regulator != before.regulator:
        moved = f"You switched to the **{now.regulator}**"
    if now.body == before.body or not moved:
        return moved or (f"You chose the guidelines of {name}" if now.body != before.body else "")
    left = f", where no text of {words.body(before.body, now.knowledge)} that was read is in force, so all are heard"
    return moved + (f" and the guidelines of {name}" if now.body else left)


def _receptors(view: View, previous: View) -> str:
    vocabulary = view.snapshot.knowledge.vocabulary
    parts = []
    for name in ("er_percent", "pr_percent", "her2_state"):
        now = view.facts.values.get(name)
        if now != previous.facts.values.get(name):
            value = value_word(vocabulary[name], now).removeprefix(f"{vocabulary[name].label} ")
            parts.append(f"{vocabulary[name].label} to {value}")
    return ", ".join(parts) or "the receptors"


def value_word(entry: Any, value: Any) -> str:
    """Give a value of a field as a sentence has it; None is not tested, or unknown."""
    if value is None:
        return "not tested" if entry.changes == "test" else "unknown"
    if entry.kind == "flag":
        return "yes" if value else "no"
    if entry.kind == "set":
        return ", ".join(entry.states.get(v, v) for v in sorted(value)) or "none"
    return entry.states.get(value, value) if entry.kind == "state" else f"{words.number(value)} {entry.unit}".strip()


def _names(options: list[Any], view: View) -> str:
    names = [words.name(o.regimen, view.snapshot.knowledge) for o in options]
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    shown = names[:MOST_NAMES]
    return (", ".join(shown[:-1]) + " and " + shown[-1] if len(shown) > 1 and not more else ", ".join(shown)) + more


def _lanes(view: View, previous: View) -> str:
    """Say which sequences start differently."""

    def starts(v: View) -> dict[str, str]:
        return {s.strategy.label: s.lines[0].option.regimen.id for s in v.sequences if s.lines}

    now, before = starts(view), starts(previous)
    moved = [label for label, regimen in now.items() if before.get(label) != regimen]
    if not moved:
        return "; the sequences start as before"
    return f"; {', '.join(moved)} now start{'s' if len(moved) == 1 else ''} with another line"

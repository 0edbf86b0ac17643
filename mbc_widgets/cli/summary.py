"""A view as plain text for a terminal: what to know first, the options with their reasons, the sequences."""

from collections.abc import Iterator
from textwrap import fill

from mbc_widgets.branches import Branch
from mbc_widgets.eligibility import NOT_OFFERED, OFFERED, VERDICT_NAMES, Option
from mbc_widgets.figures import words
from mbc_widgets.ranking import in_guideline_order
from mbc_widgets.scenarios import LoadedScenario
from mbc_widgets.sequences import MOVES, Line
from mbc_widgets.wording import describe
from mbc_widgets.workbook import View

WIDTH = 100
TEACHING = "For teaching. Not advice on the care of a person."


def summary(scenario: LoadedScenario, view: View, *, sequences: bool = True) -> str:
    """Give the text of one scenario."""
    snapshot = view.snapshot
    lines = [
        f"{scenario.title} ({scenario.id})",
        f"Knowledge of {snapshot.day}, {snapshot.regulator}{picked(view)}, edition {snapshot.knowledge.edition.id}. {TEACHING}",
    ]
    lines += _notes("First", [prompt.text for prompt in view.prompts])
    lines += _notes("About the input", [warning.text for warning in view.warnings])
    for verdict, name in VERDICT_NAMES.items():
        listed = (
            in_guideline_order(view.options)
            if verdict == OFFERED
            else [o for o in view.options if o.verdict == verdict]
        )
        place = words.in_place(view.facts) if verdict == OFFERED else ""
        lines += _options(name.capitalize() + place, listed, frozenset(prompt.code for prompt in view.prompts))
    lines += _notes("Tests that open options", [f"{_label(t.field, view)}: {', '.join(t.unlocks)}" for t in view.tests])
    if sequences:
        lines += _sequences(view)
    return "\n".join(lines)


def picked(view: View) -> str:
    """Name the guideline body that alone is heard, where one was picked."""
    body = view.snapshot.body
    return f", guidelines of {view.snapshot.knowledge.bodies[body].word} alone" if body else ""


def _label(field: str, view: View) -> str:
    return view.snapshot.knowledge.vocabulary[field].label


def _notes(heading: str, texts: list[str]) -> Iterator[str]:
    if texts:
        yield f"\n{heading}"
        yield from (fill(text, WIDTH, initial_indent="  - ", subsequent_indent="    ") for text in texts)


def _options(heading: str, listed: list[Option], said: frozenset[str]) -> Iterator[str]:
    """Give the options of one verdict; rules in `said` were prompted before all drugs and are not repeated."""
    if not listed:
        return
    yield f"\n{heading} ({len(listed)})"
    if listed[0].verdict == NOT_OFFERED:
        names = ", ".join(option.regimen.id for option in listed)
        yield fill(names, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
        return
    for option in listed:
        yield f"  {option.regimen.id}: {', '.join([option.licence_status, *_said(option)])}"
        yield from (
            fill(text, WIDTH, initial_indent="      ", subsequent_indent="      ") for text in _why(option, said)
        )


def _said(option: Option) -> list[str]:
    """Give each position once with its bodies, in the order in which they are listed."""
    found: dict[str, list[str]] = {}
    for statement in (*option.statements, *option.against):
        found.setdefault(statement.position.replace("_", " "), []).append(statement.body)
    said = [f"{position} by {', '.join(dict.fromkeys(bodies))}" for position, bodies in found.items()]
    return [*said, *(flag for flag in option.flags if flag != option.licence_status)]


def _why(option: Option, said: frozenset[str]) -> Iterator[str]:
    vocabulary = option.snapshot.knowledge.vocabulary
    if option.statements_heard:
        yield option.statements_heard[0].because
    if option.missing:
        yield "missing: " + ", ".join(vocabulary[name].label for name in option.missing)
    rules = [rule for rule in (*option.held_by, *option.cautions) if rule.id not in said]
    for rule in rules:
        yield f"{rule.level.replace('_', ' ')}: {words.rule_text(rule, rule.text, option.snapshot)}"


def _sequences(view: View) -> Iterator[str]:
    yield "\nSequences (medians of single trials; their sum is not an expected survival)"
    for sequence in view.sequences:
        yield f"  {sequence.strategy.label}: {sequence.strategy.note}"
        for line in sequence.lines:
            yield from (f"       if {_turn(branch, view)}" for point in line.tests for branch in point.branches)
            yield f"    {_line(line)}"
            yield from (f"       {text}" for text in line.carried)
        yield f"    then: {sequence.end}"
    yield fill(MOVES, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _turn(branch: Branch, view: View) -> str:
    share = f" ({branch.share.percent:g} of 100)" if branch.share else ""
    result = describe(branch.shows, view.snapshot.knowledge.vocabulary)
    return f"{result}{share}: {branch.option.regimen.id} at line {branch.line}"


def _line(line: Line) -> str:
    months = line.months
    if months is None or months.value is None or line.row is None:
        return f"{line.number}  {line.option.regimen.id}: no figure was read"
    interval = f" ({months.low:g}-{months.high:g})" if months.low is not None and months.high is not None else ""
    return (
        f"{line.number}  {line.option.regimen.id}: median {months.value:g} months{interval},"
        f" {line.row.trial.name}{words.assessor(line.row.result)}, {line.row.fit.word}"
    )

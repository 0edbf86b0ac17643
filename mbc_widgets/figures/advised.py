"""From which day on a test was advised: rows for the tests on which the options of a patient rest, shaped as those of `clocks`."""

from typing import Any

from mbc_widgets.conditions import holds
from mbc_widgets.eligibility import NEEDS_TEST, OFFERED
from mbc_widgets.figures import words
from mbc_widgets.figures.causes import tests_needed
from mbc_widgets.knowledge import opens
from mbc_widgets.records import Statement
from mbc_widgets.workbook import View


def advised_rows(view: View) -> list[dict[str, Any]]:
    """Give a row for each test that an option needs, or waits for, and that a body heard here advised by the day."""
    needed = [field for _, field in tests_needed(o for o in view.options if o.verdict == OFFERED)]
    waited = [field for option in view.options if option.verdict == NEEDS_TEST for field in option.missing]
    rows = []
    for field in dict.fromkeys([*needed, *waited]):
        found = sorted(_advice(field, view), key=lambda statement: statement.since)
        if found:
            rows.append(_row(field, found, view))
    return rows


def _advice(field: str, view: View) -> list[Statement]:
    """Give the statements that advise the test to such a patient: read, of a body heard here, whether or not they ended since."""
    snapshot = view.snapshot
    return [
        statement
        for question in snapshot.knowledge.questions
        for statement in question.statements
        if field in statement.test
        and statement.position == "advice"
        and statement.since <= snapshot.day
        and snapshot.body in {"", statement.body}
        and opens(statement, snapshot.knowledge, snapshot.regulator)
        and holds(statement.when, view.facts.values)
    ]


def _row(field: str, found: list[Statement], view: View) -> dict[str, Any]:
    knowledge, day = view.snapshot.knowledge, view.snapshot.day
    first, name = found[0], f"{knowledge.vocabulary[field].label} test"
    told = f"advised by {knowledge.bodies[first.body].word} since {words.since(first)}"
    ends = [statement.until if statement.until and statement.until <= day else day for statement in found]
    bar = {
        "kind": "test", "from": first.since, "to": max(ends), "before": False, "unverified": False, "withdrawn": max(ends) < day,
        "label": f"advised {words.since(first)}",
    }  # fmt: skip
    facts = []
    for statement in found:
        text, url = words.link(statement.source, knowledge)
        advice = (
            f"{knowledge.bodies[statement.body].word} {words.since(statement)}: {statement.advice or statement.because}"
        )
        facts.append({"term": "Advised", "text": advice, "source": text, "url": url})
    return {
        "id": f"test-{field}", "name": name, "palette": "", "first": True, "reported": None, "bars": [bar], "words": told,
        "recommended": {"day": first.since, "label": words.since(first)}, "pending": None, "facts": facts,
        "spoken": f"{name}: {told}.",
    }  # fmt: skip

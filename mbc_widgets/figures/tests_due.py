"""Test points on the board: their words, and the card that says what each result would turn, how often, by whose count."""

from collections.abc import Iterator
from typing import Any

from mbc_widgets.branches import Branch, TestPoint
from mbc_widgets.figures import words
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.sequences import Line
from mbc_widgets.wording import describe

MOST_NAMED = 3
READ_AGAIN = {
    ("is", "her2_state", ("one_plus",)): "HER2-low on a new reading or sample"
}  # one state stands for all low ones


def test_point(identity: str, line: Line, month: float) -> dict[str, Any]:
    """Give the test point before a planned line: where it stands, its label, its spoken name and its card."""
    knowledge = line.option.snapshot.knowledge
    turning = [point for point in line.tests if point.branches]
    others = [_name(point, knowledge) for point in line.tests if not point.branches]
    named = [*(_name(point, knowledge) for point in turning), *others][:MOST_NAMED]
    turns = f"; {len(turning)} of them would turn this sequence" if turning else ""
    return {
        "month": month,
        "done": False,
        "label": ", ".join(named),
        "accessible_name": f"Test point before line {line.number}: {', '.join(named)} would open further options{turns}",
        "card": {
            "id": identity,
            "title": f"Tests before line {line.number}",
            "palette": turning[0].branches[0].option.regimen.palette if turning else line.option.regimen.palette,
            "lead": "What each result would change in this sequence, one result at a time.",
            "small": "A share is that of the cohort named, not of this patient.",
            "rows": [
                *(_turn(branch, point, knowledge) for point in turning for branch in point.branches),
                *_not_turning(others),
                *_brain(line),
            ],
        },
    }


def _name(point: TestPoint, knowledge: Knowledge) -> str:
    field = knowledge.vocabulary[point.field]
    return f"{field.ask or field.label}{' again' if point.again else ''}"


def _not_turning(names: list[str]) -> Iterator[dict[str, str]]:
    if names:
        text = (
            f"{', '.join(names)}: would open options that this strategy places behind the lines drawn, or rare markers"
        )
        yield {"term": "Also open", "text": text}


def _brain(line: Line) -> Iterator[dict[str, str]]:
    """Say when the brain is imaged: for symptoms at any line, without them not as a routine (ABC4-IM-01, S-R01d)."""
    if line.option.facts.values.get("brain_state", "none_known") == "none_known":
        yield {
            "term": "Brain MRI",
            "text": "with new neurological symptoms, at any line; without symptoms not as a routine",
        }


def _turn(branch: Branch, point: TestPoint, knowledge: Knowledge) -> dict[str, str]:
    """Give "ESR1 mutated: line 2 elacestrant; 46.2 of 100 in 93 patients …" with the source of the share."""
    row = {
        "term": READ_AGAIN.get(branch.shows, describe(branch.shows, knowledge.vocabulary))
        + (" (older result known)" if point.again else ""),
        "text": f"line {branch.line}: {words.name(branch.option.regimen, knowledge)}; share not cited",
    }
    if branch.share is None:
        return row
    share = branch.share
    cited, url = words.link(share.source, knowledge)
    interval = "" if share.low is None else f" ({words.number(share.low)}-{words.number(share.high)})"
    row["text"] = (
        f"line {branch.line}: {words.name(branch.option.regimen, knowledge)}; "
        f"{words.number(share.percent)} of 100{interval}, {share.cohort}" + ("" if url else f" ({cited})")
    )
    return {**row, "url": url, "tag": share.verified}

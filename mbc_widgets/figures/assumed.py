"""How an assumption of the sandbox looks wherever it is drawn: its note, its mark behind a source, its words on a bar.

In an edition nothing is assumed, and all of these are empty.
"""

from mbc_widgets.evidence import Row
from mbc_widgets.knowledge import Knowledge, Snapshot, assumed_parts, is_assumed, is_assumed_result
from mbc_widgets.records import Licence, Result, SafetyRule, Statement, Trial

ASSUMPTION = "assumption"
MARK = " [assumption: its source does not say so]"


def note(knowledge: Knowledge) -> str:
    """Give the sentence that stands with all that is shown from a what-if."""
    return f"Assumed: {knowledge.assumed}. Not from the edition; for learning alone." if knowledge.assumed else ""


def marked(text: str, record: Licence | Statement | SafetyRule, knowledge: Knowledge) -> str:
    """Give a citation with the mark of an assumption where the edition holds no such licence, statement or rule."""
    return f"{text}{MARK}" if is_assumed(record, knowledge) else text


def marked_result(text: str, trial: Trial, result: Result, knowledge: Knowledge) -> str:
    """Give the citation of a result with the mark of an assumption where the edition holds no such result of this trial."""
    return f"{text}{MARK}" if is_assumed_result(trial, result, knowledge) else text


def tag(record: Licence | Statement | SafetyRule, knowledge: Knowledge) -> str:
    """Give whether a record was seen or is recalled, or that it is an assumption."""
    return ASSUMPTION if is_assumed(record, knowledge) else record.verified


def tag_result(trial: Trial, result: Result, knowledge: Knowledge) -> str:
    """Give whether a result was seen or is recalled, or that it is an assumption."""
    return ASSUMPTION if is_assumed_result(trial, result, knowledge) else result.verified


def parts(regimen: str, snapshot: Snapshot, row: Row | None = None) -> tuple[str, ...]:
    """Give what of an option, and of the row that carries its figure, is assumed: licence, guideline, safety limit, figure."""
    found = assumed_parts(regimen, snapshot)
    figure = row is not None and is_assumed_result(row.trial, row.result, snapshot.knowledge)
    return (*found, "figure") if figure else found


def spoken(found: tuple[str, ...]) -> str:
    """Give "Assumption: its licence and its figure", or ""."""
    return f"Assumption: {' and '.join(f'its {part}' for part in found)}" if found else ""

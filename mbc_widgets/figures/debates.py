"""Open debates that concern the patient: each side in words, with the figures of its trials as they were known on the day."""

from collections.abc import Iterator
from typing import Any

from mbc_widgets.conditions import holds
from mbc_widgets.evidence import primary_assessor
from mbc_widgets.figures import words
from mbc_widgets.records import Debate, Result, Side, Statement, Trial
from mbc_widgets.workbook import View

SHOWN = (("pfs", "ttp"), ("os",))


def debates(view: View) -> list[dict[str, Any]]:
    """Give the debates, never with an answer."""
    statements = {s.id: s for question in view.snapshot.knowledge.questions for s in question.statements}
    return [_debate(debate, view, statements) for debate in view.debates]


def _debate(debate: Debate, view: View, statements: dict[str, Statement]) -> dict[str, Any]:
    argued = [side for side in debate.sides if (side.since or "") <= view.snapshot.day]
    return {
        "id": debate.id,
        "question": debate.question,
        "settled_by": debate.settled_by,
        "sides": [{"says": side.says, "evidence": list(_evidence(side, view, statements))} for side in argued],
    }


def _evidence(side: Side, view: View, statements: dict[str, Statement]) -> Iterator[dict[str, str]]:
    day, knowledge = view.snapshot.day, view.snapshot.knowledge
    for name in side.trials:
        yield from trial_figures(name, view)
    for name in side.statements:
        statement = statements[name]
        if statement.since <= day and (statement.until is None or day < statement.until):
            yield {
                "name": f"{words.statement_word(statement, knowledge)}{words.recalled(statement)}",
                "text": statement.because,
                "url": words.link(statement.source, knowledge)[1],
            }


def trial_figures(name: str, view: View) -> Iterator[dict[str, str]]:
    """Give the newest figures of a trial that were public on the day, each beside its own source; nothing of a later trial."""
    day, knowledge = view.snapshot.day, view.snapshot.knowledge
    trial = knowledge.trial(name)
    if trial.results and all(result.reported > day for result in trial.results):
        return  # nobody could argue from it yet
    found = [row for row in (_newest(trial, wanted, view) for wanted in SHOWN) if row]
    for row in found:
        yield {"name": trial.name, "text": _figures(row), "url": words.link(row.source, knowledge)[1]}
    if not found:
        yield {"name": trial.name, "text": "no result of all patients was read by this day", "url": ""}


def _newest(trial: Trial, endpoints: tuple[str, ...], view: View) -> Result | None:
    """Give the newest result read and public by the day: of a group that this patient is in, else of the whole trial.

    Where a panel and the investigators judged, the row of those who judged the primary analysis, as everywhere.
    """

    def concerns(row: Result) -> bool:
        return row.population_when is None or holds(row.population_when, view.facts.values) is True

    found = [
        r for r in trial.results
        if r.endpoint in endpoints and r.reported <= view.snapshot.day and r.verified == "seen" and not r.exploratory
        and (r.hazard_ratio or (r.experimental and r.experimental.value is not None)) and concerns(r)
    ]  # fmt: skip
    primary = {primary_assessor(trial), None}
    return min(
        found,
        key=lambda r: (r.population_when is None, r.assessor not in primary, -int(r.reported.replace("-", ""))),
        default=None,
    )


def _figures(result: Result) -> str:
    sides = [words.figure(m) for m in (result.experimental, result.control) if m]
    told = f"{' v '.join(sides)} {result.unit}" if any(side != "-" for side in sides) else ""
    ratio = f"hazard ratio {words.figure(result.hazard_ratio)}" if result.hazard_ratio else ""
    who = f" ({result.population})" if result.population not in {None, "", "ITT"} else ""
    figures = ", ".join(part for part in (told, ratio) if part)
    return f"{words.ENDPOINTS[result.endpoint]}{who} {figures}{words.assessor(result)}"

"""One option as a plain dict: verdict, licence, recommendations, reasons, safety, flips and evidence."""

from collections.abc import Iterable, Mapping
from typing import Any

from mbc_widgets import cite
from mbc_widgets.conditions import Tree
from mbc_widgets.eligibility import Option
from mbc_widgets.evidence import Row, rows
from mbc_widgets.knowledge import Snapshot
from mbc_widgets.records import Licence, Measure, SafetyRule, Statement
from mbc_widgets.said import WITHDRAWN
from mbc_widgets.wording import describe


def cited(key: str | None, snapshot: Snapshot) -> str | None:
    """Give a source as a short citation, such as a DOI; None when there is none."""
    if not key:
        return None
    source = snapshot.knowledge.sources.get(key)
    return cite.short(source) if source else key


def option_dict(option: Option, orders: Mapping[str, int]) -> dict[str, Any]:
    """Give one option; `orders` is its place in the sequence of each strategy that plans it."""
    agents = option.snapshot.knowledge.agents
    listed = rows(option.regimen.id, option.facts, option.snapshot)
    return {
        "regimen": option.regimen.id,
        "agents": list(option.regimen.agents),
        "classes": list(dict.fromkeys(agents[agent].drug_class for agent in option.regimen.agents)),
        "verdict": option.verdict,
        "licence": _licence(option),
        "flags": list(option.flags),
        "recommendations": [_recommendation(s, option.snapshot) for s in (*option.statements, *option.against)],
        "strategies": dict(orders),
        "because": because(option),
        "blocked_by": _rules((*option.held_by, *option.blocked_by), option),
        "missing": list(option.missing),
        "flips": [{"field": flip.field, "to": _plain(flip.to)} for flip in option.flips],
        "cautions": _rules(option.cautions, option),
        "evidence": [_evidence(row, option.snapshot) for row in listed],
    }


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _licence(option: Option) -> dict[str, Any]:
    """Give the status, and the day and source of the oldest licence that holds (or that was withdrawn last)."""
    status = option.licence_status
    found: dict[str, Any] = {"status": status, "since": None, "source": None, "verified": None}
    if status == WITHDRAWN:
        ended = max((held.item for held in option.candidate.withdrawn), key=lambda x: x.withdrawn or "")
        source = ended.withdrawn_source or ended.source
        return {**found, "since": ended.withdrawn, "source": cited(source, option.snapshot), "verified": ended.verified}
    oldest = min(option.licences, key=lambda x: (x.off_label, not x.established, x.granted or ""), default=None)
    if oldest is None:
        return found
    return {
        **found,
        "since": None if oldest.off_label else oldest.granted,
        "source": cited(oldest.source, option.snapshot),
        "verified": oldest.verified,
    }


def _recommendation(statement: Statement, snapshot: Snapshot) -> dict[str, Any]:
    edition = snapshot.knowledge.editions.get(statement.edition)
    grade = f"{statement.grade.scale}: {statement.grade.text}" if statement.grade else None
    return {
        "rule": statement.id,
        "body": statement.body,
        "version": edition.title if edition else statement.edition,
        "since": statement.since,
        "grade": grade,
        "preference": statement.position,
        "source": cited(statement.source, snapshot),
        "verified": statement.verified,
    }


def because(option: Option) -> list[dict[str, Any]]:
    """Give the statements and licences that hold, each with the facts of the patient that made it hold."""
    found = [_reason(s.id, s.because, s.when, s.source, option) for s in option.statements]
    found += [_reason(_licence_name(x, option), x.wording, x.when, x.source, option) for x in option.licences]
    return found


def _licence_name(licence: Licence, option: Option) -> str:
    agent = next(held.agent for held in option.candidate.active if held.item is licence)
    return f"{licence.regulator}:{agent}:{licence.granted or 'established'}"


def _reason(rule: str, text: str, when: Tree, source: str, option: Option) -> dict[str, Any]:
    vocabulary = option.snapshot.knowledge.vocabulary
    atoms = option.explain(when).because
    facts = list(dict.fromkeys(describe(atom, vocabulary) for atom in atoms))
    return {"rule": rule, "text": text, "source": cited(source, option.snapshot), "facts": facts}


def _rules(rules: Iterable[SafetyRule], option: Option) -> list[dict[str, Any]]:
    return [
        {
            "rule": rule.id,
            "level": rule.level,
            "text": rule.told,
            "source": cited(rule.source, option.snapshot),
            "verified": rule.verified,
        }
        for rule in rules
    ]


def _evidence(row: Row, snapshot: Snapshot) -> dict[str, Any]:
    """Give one result as its trial reported it; `arm` says on which side the regimen stood."""
    result = row.result
    ratio = result.hazard_ratio or Measure()
    return {
        "trial": row.trial.id,
        "population": result.population or "ITT",
        "endpoint": result.endpoint,
        "assessor": result.assessor,
        "analysis": result.analysis,
        "reported": result.reported,
        "reported_to": result.reported_to,
        "at_months": result.at_months,
        "unit": result.unit,
        "arm": "experimental" if row.experimental else "control",
        "exp": result.experimental.value if result.experimental else None,
        "ctrl": result.control.value if result.control else None,
        "hr": ratio.value,
        "lo": ratio.low,
        "hi": ratio.high,
        "source": cited(result.source, snapshot),
        "verified": result.verified,
        "fit": row.fit.word,
    }

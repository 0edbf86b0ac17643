"""The tables of `mbc export`: rows as dicts, with the column names of the research tables where these still make sense."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mbc_widgets import cite
from mbc_widgets import records as r
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.wording import describe

Row = dict[str, Any]
NOTHING = r.Measure()


def _cited(key: str | None, known: Knowledge) -> Row:
    source = known.sources.get(key or "")
    if source is None:
        return {"source": key, "link": None}
    return {"source": cite.short(source), "link": cite.link(source) or None}


def _words(tree: r.Tree, known: Knowledge) -> str | None:
    return None if tree is None else describe(tree, known.vocabulary)


def trials(known: Knowledge) -> Iterator[Row]:
    """Give one row for each trial."""
    for name in known.raw_trials:
        trial = known.trial(name)
        arms = {arm.id: arm for arm in trial.arms}
        experimental, control = arms.get("experimental"), arms.get("control")
        yield {
            "trial_id": trial.id,
            "acronym": trial.name,
            "nct": trial.nct,
            "phase": trial.phase,
            "subtype": trial.subtype,
            "biomarker": trial.biomarker,
            "line": trial.line,
            "prior_therapy": trial.prior_therapy,
            "population": trial.population,
            "arm_exp": experimental and experimental.name,
            "arm_ctrl": control and control.name,
            "n_exp": experimental and experimental.n,
            "n_ctrl": control and control.n,
            "other_arms": tuple(arm.name for arm in trial.arms if arm.id not in {"experimental", "control"}),
            "started": trial.started,
            "first_report": trial.first_report,
            "journal": trial.journal,
            "pmid": trial.pmid,
            "doi": trial.doi,
            "note": trial.note,
            **_cited(trial.source, known),
            "verified": trial.verified,
        }


def outcomes(known: Knowledge) -> Iterator[Row]:
    """Give one row for each dated result; exp and ctrl are the arms named in arm and control_arm."""
    for name in known.raw_trials:
        for result in known.trial(name).results:
            yield {
                "trial_id": name,
                "population": result.population or "ITT",
                "endpoint": result.endpoint,
                "at_months": result.at_months,
                "assessor": result.assessor,
                "arm": result.arm or "experimental",
                **_measure("exp", result.experimental),
                "control_arm": result.control_arm or "control",
                **_measure("ctrl", result.control),
                "unit": result.unit,
                **_measure("hr", result.hazard_ratio, ratio=True),
                "p": result.p,
                "analysis": result.analysis,
                "exploratory": result.exploratory,
                "reported": result.reported,
                "reported_to": result.reported_to,
                "reported_verified": result.reported_verified,
                "year": result.year,
                "population_condition": _words(result.population_when, known),
                "note": result.note,
                **_cited(result.source, known),
                "verified": result.verified,
                "research_rows": 0 if result.added else result.merged or 1,
            }


def _measure(name: str, measure: r.Measure | None, *, ratio: bool = False) -> Row:
    known = measure or NOTHING
    row = {name: known.value, f"{name}_lo": known.low, f"{name}_hi": known.high}
    return {**row, "interval": known.interval} if ratio else {**row, f"{name}_not_reached": known.not_reached}


def adverse_events(known: Knowledge) -> Iterator[Row]:
    """Give one row for each arm and event."""
    for name in known.raw_trials:
        trial = known.trial(name)
        arms = {arm.id: arm.name for arm in trial.arms}
        for event in trial.adverse_events:
            yield {
                "trial_id": name,
                "arm": event.arm_name or arms[event.arm],
                "arm_id": event.arm,
                "event": event.event,
                "any_pct": event.any_grade_percent,
                "g3plus_pct": event.grade_3_plus_percent,
                "detail": event.detail,
                "note": event.note,
                **_cited(event.source, known),
                "verified": event.verified,
                "research_rows": 0 if event.added else event.merged or 1,
            }


def approvals(known: Knowledge) -> Iterator[Row]:
    """Give one row for each licence."""
    for agent in known.agents.values():
        for licence in agent.licences:
            yield {
                "agent": agent.id,
                "regulator": licence.regulator,
                "date": licence.granted,
                "established": licence.established,
                "regimens": licence.covers,
                "indication": licence.wording,
                "condition": _words(licence.when, known),
                "status": licence.status,
                "withdrawn_date": licence.withdrawn,
                "withdrawn_source": _cited(licence.withdrawn_source, known)["source"],
                "unverified_after": licence.unverified_after,
                "note": licence.note,
                **_cited(licence.source, known),
                "verified": licence.verified,
            }


def agent_status(known: Knowledge) -> Iterator[Row]:
    """Give one row for each pending decision or status of a drug."""
    for agent in known.agents.values():
        for note in agent.status_notes:
            yield {
                "agent": agent.id,
                "regulator": note.regulator,
                "status": note.text,
                "as_of": note.since,
                "until": note.until,
                "due": note.due,
                **_cited(note.source, known),
                "verified": note.verified,
            }


def companion_tests(known: Knowledge) -> Iterator[Row]:
    """Give one row for each test that is licensed together with a drug."""
    for agent in known.agents.values():
        for test in agent.companion_tests:
            yield {
                "agent": agent.id,
                "regulator": test.regulator,
                "date": test.granted,
                "test": test.name,
                "purpose": test.purpose,
                **_cited(test.source, known),
                "verified": test.verified,
            }


def agents(known: Knowledge) -> Iterator[Row]:
    """Give one row for each drug."""
    for agent in known.agents.values():
        granted = [x.granted for x in agent.licences if x.regulator == "FDA" and x.granted]
        dose = agent.doses[0] if agent.doses else None
        source = agent.source or (dose.source if dose else None)
        yield {
            "agent": agent.id,
            "brand": agent.brand,
            "class": agent.drug_class,
            "target": agent.target or (agent.adc and agent.adc.target),
            "payload": agent.adc and agent.adc.payload,
            "route": agent.route,
            "standard_dose": tuple(dose.text for dose in agent.doses),
            "schedule": agent.schedule,
            "cycle_days": agent.cycle_days,
            "visits_per_cycle": agent.visits_per_cycle,
            "biomarker_required": agent.biomarker_required,
            "contraindications": agent.contraindications,
            "key_cautions": agent.cautions,
            "monitoring": agent.monitoring,
            "boxed_warning": tuple(box.text for box in agent.boxed_warnings),
            "lifetime_cumulative_limit": agent.lifetime_limit,
            "alopecia": agent.alopecia,
            "neuropathy": agent.neuropathy,
            "first_FDA_approval_listed": min(granted, default=None),
            **_cited(source, known),
            "verified": agent.verified if agent.source or not dose else dose.verified,
        }


def regimens(known: Knowledge) -> Iterator[Row]:
    """Give one row for each regimen that is written in data/regimens.yaml."""
    for regimen in known.regimens.values():
        if regimen.variant_of is None:
            yield {
                "regimen_id": regimen.id,
                "agents": regimen.agents,
                "class": regimen.backbone,
                "groups": regimen.groups,
                "suppression": regimen.suppression,
                "intent": regimen.intent,
                "notes": regimen.note,
            }


def guideline_statements(known: Knowledge) -> Iterator[Row]:
    """Give one row for each statement of a body."""
    for question in known.questions:
        for statement in question.statements:
            edition = known.editions[statement.edition]
            grade = statement.grade
            yield {
                "rule_id": statement.id,
                "question": question.question,
                "condition": _words(statement.when, known),
                "option": statement.covers,
                "advice": statement.advice,
                "test": statement.test,
                "preference": statement.position,
                "body": known.bodies[statement.body].name,
                "guideline": edition.title,
                "version_date": edition.published,
                "evidence_grade": grade and f"{grade.scale}: {grade.text}",
                "because": statement.because,
                "supporting_trials": statement.trials,
                "valid_from": statement.since,
                "valid_until": statement.until,
                "note": statement.note,
                **_cited(statement.source, known),
                "verified": statement.verified,
            }


def safety_rules(known: Knowledge) -> Iterator[Row]:
    """Give one row for each safety rule; a rule that was written out for its drugs has one row for each drug."""
    for topic in known.safety:
        for rule in topic.rules:
            yield {
                "rule_id": rule.id.split(":")[0],
                "topic": topic.title,
                "level": rule.level,
                "regimens": _scope(rule.applies_to),
                "predicate": _words(rule.when, known),
                "rule": rule.text,
                "why": rule.why,
                "valid_from": rule.since,
                "valid_until": rule.until,
                "regulator": rule.regulator,
                **_cited(rule.source, known),
                "verified": rule.verified,
            }


def _scope(scope: r.Scope) -> tuple[str, ...]:
    if scope.everything:
        return ("ALL",)
    named = (*scope.agents, *scope.classes, *scope.regimens, *scope.groups, *scope.backbone)
    return (*named, "alone") if scope.alone else named


def line_shares(known: Knowledge) -> Iterator[Row]:
    """Give one row for each cited share of people who go on to the next line."""
    for share in known.line_shares:
        yield {
            "subtype": share.subtype,
            "from_line": share.from_line,
            "percent": share.percent,
            "lo": share.low,
            "hi": share.high,
            "cohort": share.cohort,
            **_cited(share.source, known),
            "verified": share.verified,
        }


def test_results(known: Knowledge) -> Iterator[Row]:
    """Give one row for each cited share of a test's results."""
    for share in known.result_shares:
        yield {
            "result": describe(share.shows, known.vocabulary),
            "where": describe(share.when, known.vocabulary),
            "percent": share.percent,
            "lo": share.low,
            "hi": share.high,
            "cohort": share.cohort,
            **_cited(share.source, known),
            "verified": share.verified,
        }


TABLES: Mapping[str, Callable[[Knowledge], Iterator[Row]]] = {
    "trials": trials,
    "outcomes": outcomes,
    "adverse_events": adverse_events,
    "approvals": approvals,
    "agent_status": agent_status,
    "companion_tests": companion_tests,
    "agents": agents,
    "regimens": regimens,
    "guideline_statements": guideline_statements,
    "safety_rules": safety_rules,
    "line_shares": line_shares,
    "test_results": test_results,
}

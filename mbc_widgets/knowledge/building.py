"""Build records from the mappings of the compiled file; equal conditions become one object."""

from collections.abc import Iterable, Mapping
from typing import Any

from mbc_widgets import records as r

MODEL_LISTS = (
    "figures",
    "life_tables",
    "assumptions",
    "structures",
    "penalties",
    "prognosis",
    "unlike",
    "remarks",
    "concerns",
    "fits",
    "checks",
)
_SHARED: dict[Any, Any] = {}


def shared(tree: Any) -> Any:
    """Give the one object that stands for all trees equal to this one."""
    return _SHARED.setdefault(tree, tree)


def _tree(raw: Any) -> Any:
    """Make the lists of a compiled condition tuples; equal trees become one object, so that each is answered once."""
    if not isinstance(raw, list):
        return raw
    return shared(tuple(_tree(part) for part in raw))


def with_tree(kind: type, raw: Mapping[str, Any], key: str, *tuples: str) -> Any:
    """Build a record: `key` (and `opens`, `shows`) hold conditions, `tuples` hold lists."""
    made = {**raw, **{name: tuple(raw[name]) for name in tuples if name in raw}}
    for name in (key, "opens", "shows"):
        if made.get(name) is not None:
            made[name] = _tree(made[name])
    return kind(**made)


def build_agent(raw: Mapping[str, Any]) -> r.Agent:
    """Give the agent in a compiled mapping."""
    made = dict(raw)
    made["licences"] = tuple(with_tree(r.Licence, x, "when", "covers") for x in raw.get("licences", ()))
    made["status_notes"] = tuple(r.StatusNote(**x) for x in raw.get("status_notes", ()))
    made["companion_tests"] = tuple(r.CompanionTest(**x) for x in raw.get("companion_tests", ()))
    made["boxed_warnings"] = tuple(r.Note(**x) for x in raw.get("boxed_warnings", ()))
    made["doses"] = tuple(r.Dose(**{**x, "covers": tuple(x.get("covers", ()))}) for x in raw.get("doses", ()))
    if raw.get("early_visits"):
        early = raw["early_visits"]
        made["early_visits"] = r.EarlyVisits(**{**early, "days": tuple(early["days"])})
    if raw.get("adc"):
        made["adc"] = r.Conjugate(**raw["adc"])
    return r.Agent(**made)


def build_question(raw: Mapping[str, Any]) -> r.Question:
    """Give the question with its statements."""
    statements = []
    for item in raw["statements"]:
        grade = {"grade": r.Grade(**item["grade"])} if item.get("grade") else {}
        statements.append(with_tree(r.Statement, {**item, **grade}, "when", "covers", "test", "trials"))
    return r.Question(**{**raw, "statements": tuple(statements)})


def build_debate(raw: Mapping[str, Any]) -> r.Debate:
    """Give the debate with its sides."""
    sides = tuple(
        r.Side(
            says=x["says"],
            trials=tuple(x.get("trials", ())),
            statements=tuple(x.get("statements", ())),
            since=x.get("since"),
        )
        for x in raw["sides"]
    )
    debate: r.Debate = with_tree(r.Debate, {**raw, "sides": sides}, "when", "covers")
    return debate


def build_topic(raw: Mapping[str, Any]) -> r.SafetyTopic:
    """Give the safety topic with its rules."""
    rules = []
    for item in raw["rules"]:
        scope: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in item["applies_to"].items()}
        rules.append(with_tree(r.SafetyRule, {**item, "applies_to": r.Scope(**scope)}, "when"))
    return r.SafetyTopic(**{**raw, "rules": tuple(rules)})


def build_trial(raw: Mapping[str, Any], shared_fit: Iterable[r.SharedFit] = ()) -> r.Trial:
    """Give the trial with its results; the shared criteria of its subtype follow its own, where it has any and asks no such thing."""
    made = dict(raw)
    made["arms"] = tuple(
        r.Arm(
            **{
                **arm,
                "regimens": tuple(arm.get("regimens", ())),
                "choice_of": tuple(arm.get("choice_of", ())),
            }
        )
        for arm in raw["arms"]
    )
    own = tuple(with_tree(r.FitCriterion, x, "when") for x in raw.get("fit", ()))
    made["fit"] = own + tuple(criterion for criterion in shared_fit if own and _shares(raw, criterion, own))
    made["results"] = tuple(_result(x) for x in raw.get("results", ()))
    made["adverse_events"] = tuple(r.AdverseEvent(**x) for x in raw.get("adverse_events", ()))
    made["shares_arm_with"] = tuple(raw.get("shares_arm_with", ()))
    return r.Trial(**made)


def _shares(raw: Mapping[str, Any], criterion: r.SharedFit, own: tuple[r.FitCriterion, ...]) -> bool:
    """Say whether a trial has a shared criterion: not where it asks the same itself."""
    if criterion.subtype != raw["subtype"] or raw["id"] in criterion.not_in:
        return False
    if criterion.reported_before and raw.get("first_report", "9") >= criterion.reported_before:
        return False
    return all(criterion.when != asked.when for asked in own)


def _result(raw: Mapping[str, Any]) -> Any:
    measures = {key: r.Measure(**raw[key]) for key in ("experimental", "control", "hazard_ratio") if raw.get(key)}
    return with_tree(r.Result, {**raw, **measures}, "population_when")


def build_model(files: Iterable[Mapping[str, Any]]) -> r.Model:
    """Give what the simulation stands on, from the files of data/realworld."""
    listed = {key: [item for file in files for item in file.get(key, ())] for key in MODEL_LISTS}
    ladders = {name: steps for file in files for name, steps in file.get("ladders", {}).items()}
    return r.Model(
        figures={x["id"]: r.CohortFigure(**x) for x in listed["figures"]},
        life_tables={x["id"]: r.LifeTable(**{**x, "yearly": tuple(x["yearly"])}) for x in listed["life_tables"]},
        assumptions={x["id"]: with_tree(r.Assumption, x, "when", "figures") for x in listed["assumptions"]},
        structures={x["id"]: _structure(x) for x in listed["structures"]},
        ladders={n: tuple(with_tree(r.Step, x, "when", "ratio_of") for x in steps) for n, steps in ladders.items()},
        penalties=tuple(with_tree(r.Penalty, x, "when", "of", "subtypes") for x in listed["penalties"]),
        prognosis=tuple(with_tree(r.Prognosis, x, "when") for x in listed["prognosis"]),
        unlike=tuple(with_tree(r.Unlike, x, "when") for x in listed["unlike"]),
        concerns=tuple(with_tree(r.Concern, x, "when", "events") for x in listed["concerns"]),
        remarks=tuple(with_tree(r.Remark, x, "when") for x in listed["remarks"]),
        fits={(x["structure"], x["subtype"]): r.Fit(**x) for x in listed["fits"]},
        checks=tuple(r.FitCheck(**x) for x in listed["checks"]),
    )


def _structure(raw: Mapping[str, Any]) -> r.Structure:
    next_line = {name: tuple(ids) for name, ids in raw["next_line"].items()}
    contradicted = tuple(r.Contradiction(**each) for each in raw.get("contradicted", ()))
    return r.Structure(**{**raw, "next_line": next_line, "contradicted": contradicted})


def build_curve(raw: Mapping[str, Any]) -> r.PublishedCurve:
    """Give the published curve with its arms."""
    arms = [{**arm, **{key: tuple(map(tuple, arm[key])) for key in ("points", "at_risk")}} for arm in raw["arms"]]
    return r.PublishedCurve(**{**raw, "arms": tuple(r.CurveArm(**arm) for arm in arms)})


def build_case(raw: Mapping[str, Any]) -> r.TeachingCase:
    """Give the teaching case with its decisions."""
    decisions = tuple(_decision(each) for each in raw["decisions"])
    return r.TeachingCase(**{**raw, "objectives": tuple(raw["objectives"]), "decisions": decisions})


def _decision(raw: Mapping[str, Any]) -> r.Decision:
    points = tuple(with_tree(r.Point, each, "when", "words") for each in raw["points"])
    errors = tuple(with_tree(r.CommonError, each, "when") for each in raw.get("common_errors", ()))
    items = tuple(r.Item(**each) for each in raw.get("items", ()))
    return r.Decision(
        **{**raw, "choices": tuple(raw["choices"]), "points": points, "common_errors": errors, "items": items}
    )


def build_lesson(raw: Mapping[str, Any]) -> r.Lesson:
    """Give the lesson with its exercises."""
    objectives = tuple(r.Objective(**each) for each in raw["objectives"])
    exercises = tuple(_exercise(each) for each in raw["exercises"])
    retrieval = tuple(raw.get("retrieval", ()))
    discuss = tuple(r.Discussion(**each) for each in raw.get("discuss", ()))
    made = {"objectives": objectives, "exercises": exercises, "retrieval": retrieval, "discuss": discuss}
    return r.Lesson(**{**raw, **made})


def _exercise(raw: Mapping[str, Any]) -> r.Exercise:
    choices = tuple(with_tree(r.Choice, each, "when") for each in raw["choices"])
    about = r.About(**raw["about"]) if raw.get("about") else None
    return r.Exercise(**{**raw, "choices": choices, "about": about})


def build_course_map(raw: Mapping[str, Any]) -> r.CourseMap:
    """Give the course map with its pieces."""
    parts = tuple(r.MapPart(**each) for each in raw["parts"])
    return r.CourseMap(**{**raw, "parts": parts, "items": tuple(_map_item(each) for each in raw["items"])})


def _map_item(raw: Mapping[str, Any]) -> r.MapItem:
    places = {key: tuple(raw.get(key, ())) for key in ("taught", "cells")}
    return r.MapItem(**{**raw, **places, "now": r.Today(**raw["now"])})

"""Carry the facts one planned line further: the line is given until progression, then the next is chosen."""

from typing import Any

from mbc_widgets.facts.derive import Facts, concluded
from mbc_widgets.facts.lines import CHEMOTHERAPY, CONJUGATE, ENDOCRINE, counted_as, kinds_of, leaves_endocrine, stays_in
from mbc_widgets.facts.therapy import EPIRUBICIN_TO_DOXORUBICIN, LIFETIME_LIMIT, PRIMARY_METASTATIC_MONTHS
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.patient import DAYS_PER_MONTH
from mbc_widgets.records import Agent, Field, Regimen

MONTHS_PER_YEAR = 12
STALE_AFTER_ENDOCRINE = ("esr1",)  # acquired under treatment: an older negative result says little about now


def after(state: Facts, regimen: Regimen, months: float | None, knowledge: Knowledge, *, median: bool = False) -> Facts:
    """Give the facts after `regimen` was given as the next metastatic line for `months` and the disease progressed.

    Args:
        state: the facts before the line. months: time on the line, None when no figure is known.
        regimen: what was given. knowledge: for the classes of its drugs.
        median: the months are a trial's median, which no patient lived: it is no sign of early resistance.

    """
    moved = _failed(state, frozenset(regimen.agents), months, knowledge, median=median)
    dose = sum(_anthracycline(knowledge.agents[agent], months) for agent in regimen.agents)
    if not dose:
        return moved
    before = state.values.get("doxorubicin_equivalent_mg_m2", 0)
    return moved.put({"doxorubicin_equivalent_mg_m2": max(before, min(before + dose, LIFETIME_LIMIT))})


def _anthracycline(drug: Agent, months: float | None) -> float:
    """Give the dose that a planned line adds, in mg/m2 of doxorubicin: up to the limit when nobody knows how long it lasts."""
    per_cycle = max((dose.mg_m2_per_cycle or 0 for dose in drug.doses), default=0)
    factor = EPIRUBICIN_TO_DOXORUBICIN if drug.id == "epirubicin" else 1.0
    if not per_cycle or months is None or not drug.cycle_days:
        return LIFETIME_LIMIT if per_cycle else 0.0
    return factor * per_cycle * months * DAYS_PER_MONTH / drug.cycle_days


def after_running_line(state: Facts, knowledge: Knowledge) -> Facts:
    """Give the facts after progression on what is being given now; the same facts when nothing runs."""
    running: frozenset[str] = state.values.get("agents_running", frozenset())
    if not running:
        return state
    values = {
        **state.values,
        "_line_goes_on": True,
        "_line_kinds": frozenset({counted_as(running, knowledge)}),
        "_line_endocrine": ENDOCRINE in kinds_of(running, knowledge),
        "agents_running": frozenset(),
    }
    failed = _failed(Facts(values=values, assumed=state.assumed), running, None, knowledge)
    passing = [name for name, entry in knowledge.vocabulary.items() if entry.passes or entry.passes_to]
    today = {name: state.values[name] for name in ("visceral_crisis", *passing) if name in state.values}
    return failed.with_changes({**today, "_asked_anew": {}})  # a crisis and a count are those of today


def _failed(
    state: Facts, agents: frozenset[str], months: float | None, knowledge: Knowledge, *, median: bool = False
) -> Facts:
    values: dict[str, Any] = dict(state.values)
    drugs = [knowledge.agents[agent] for agent in agents]
    classes = frozenset(drug.drug_class for drug in drugs)
    kinds = kinds_of(agents, knowledge)
    same_line = _count_line(values, agents, counted_as(agents, knowledge))  # first: it asks what was given before
    after_cdk46 = not same_line and "cdk46_inhibitor" in values["classes_given_metastatic"]
    values["_chemotherapy_after_cdk46"] = bool(values.get("_chemotherapy_after_cdk46")) or (
        after_cdk46 and leaves_endocrine(agents, knowledge)
    )
    for name, added in (
        ("agents_given", agents),
        ("agents_progressed_on", agents),
        ("classes_given", classes),
        ("classes_given_metastatic", classes),
        ("classes_progressed_on", classes),
        ("adc_targets_progressed_on", frozenset(d.adc.target for d in drugs if d.adc)),
        ("adc_payloads_progressed_on", frozenset(d.adc.payload for d in drugs if d.adc)),
    ):
        values[name] = values.get(name, frozenset()) | added
    if CHEMOTHERAPY in kinds:
        values["chemotherapy_any_setting"] = True
    if ENDOCRINE in kinds:
        same_exposure = same_line and bool(values.get("_line_endocrine"))
        _after_endocrine(values, months, same_exposure=same_exposure, median=median)
    values["_line_again"] = values["_line_goes_on"] = values["_line_endocrine"] = False
    values["_line_kinds"] = values["_line_partners"] = frozenset()
    _after_cdk46(values, classes, months)
    _after_taxane(values, classes, months)
    if "ovarian_suppression" in classes and values.get("ovaries") == "can_be_suppressed":
        values["ovaries"] = "suppressed"
    values["progression_type"] = "systemic"
    _ask_anew(values, knowledge)
    _grow_older(values, months or 0)
    # The line was given for the crisis; whether the next progression is one, nobody knows yet.
    values["visceral_crisis"] = False
    return Facts(values=concluded(values), assumed=state.assumed)


def _after_taxane(values: dict[str, Any], classes: frozenset[str], months: float | None) -> None:
    if "taxane" in classes:
        values["months_since_last_taxane"] = 0
    elif "taxane" in values["classes_given"]:
        values["months_since_last_taxane"] = values.get("months_since_last_taxane", 0) + (months or 0)


def _grow_older(values: dict[str, Any], months: float) -> None:
    for name, added in (("age_years", months / MONTHS_PER_YEAR), ("months_since_her2_sample", months)):
        if name in values:
            values[name] += added


def _after_cdk46(values: dict[str, Any], classes: frozenset[str], months: float | None) -> None:
    if "cdk46_inhibitor" in values["classes_given_metastatic"]:
        values["cdk46_setting"] = values.get("cdk46_setting", frozenset()) | {"metastatic"}
    if "cdk46_inhibitor" in classes:
        values["cdk46_months_metastatic"] = max(values.get("cdk46_months_metastatic", 0), months or 0)


def _ask_anew(values: dict[str, Any], knowledge: Knowledge) -> None:
    """Take the usual state for what is corrected or over by the next line, and remember what it was.

    A count of today closes no drug for years; a line on which it would have closed one says that it counts on it.
    """
    before = {}
    for name, entry in knowledge.vocabulary.items():
        usual = passed(entry, values.get(name))
        if usual != values.get(name):
            before[name] = values.get(name)
            values[name] = usual
    values["_asked_anew"] = {**before, **values.get("_asked_anew", {})}


def passed(entry: Field, now: Any) -> Any:
    """Give what stands for the value `now` of a field at the next line; the value itself when it is not expected to pass."""
    if entry.passes_to:
        return entry.passes_to.get(now, now)
    low = entry.passes_from is not None and now is not None and now < entry.passes_from
    return entry.if_not_given if entry.passes and not low else now


def _count_line(values: dict[str, Any], agents: frozenset[str], kind: str) -> bool:
    """Count the line that a therapy of this kind begins, and say whether it goes on with an open one instead.

    An endocrine line that was left counts now in either case: it goes on, or what follows is another line.
    """
    if values.get("_line_again"):
        _count(values, "metastatic_lines", "metastatic_endocrine_lines")
    shared = not agents.isdisjoint(values.get("_line_partners", ()))
    goes_on = bool(values.get("_line_goes_on"))
    if stays_in(values.get("_line_kinds", frozenset()), kind, shared=shared, goes_on=goes_on):
        return True
    _count(values, "metastatic_lines", "lines_ascent")
    if kind == CONJUGATE:
        _count(values, "metastatic_adc_lines", "metastatic_lines_beyond_endocrine")
    elif kind == CHEMOTHERAPY:
        _count(values, "metastatic_chemotherapy_lines", "metastatic_lines_beyond_endocrine")
    elif kind == ENDOCRINE:
        _count(values, "metastatic_endocrine_lines")
    return False


def _count(values: dict[str, Any], *names: str) -> None:
    for name in names:
        values[name] = values.get(name, 0) + 1


def _after_endocrine(values: dict[str, Any], months: float | None, *, same_exposure: bool, median: bool) -> None:
    """Move resistance: early failure of the first metastatic endocrine exposure is primary, any other secondary."""
    before = values.get("_endocrine_exposures", 0)
    spent = (values.get("months_on_last_endocrine", 0) if same_exposure else 0) + (months or 0)
    lived = months is not None and not median
    primary = lived and before - same_exposure == 0 and spent < PRIMARY_METASTATIC_MONTHS
    values["_endocrine_exposures"] = before + (not same_exposure)
    _count(values, "endocrine_lines_progressed")
    values["endocrine_any_setting"] = values["progressed_on_endocrine"] = True
    values["progressed_on_metastatic_endocrine"] = True
    values["months_on_last_endocrine"] = spent
    values["endocrine_resistance"] = "primary" if primary else "secondary"
    if values.get("endocrine_resistance_worst") != "primary":
        values["endocrine_resistance_worst"] = values["endocrine_resistance"]
    values["_latest_line_primary"] = primary
    for name in STALE_AFTER_ENDOCRINE:
        if values.get(name) == "wild_type":
            values.pop(name)

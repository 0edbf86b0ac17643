"""What a planned line meets of the lines before it: a lifetime dose that is filling, nerves that were hurt.

Comes in: an option and the state it is planned in. Goes out: sentences. Grades cannot be foreseen, so none is planned with.
"""

from mbc_widgets.conditions import holds
from mbc_widgets.eligibility import Option
from mbc_widgets.facts import Facts
from mbc_widgets.facts.therapy import EPIRUBICIN_TO_DOXORUBICIN, LIFETIME_LIMIT

COMMON = "common"
# One cycle, as doxorubicin: 60 mg/m2 (lower label dose alone, and in AC); epirubicin 90 mg/m2.
CYCLES = {
    "doxorubicin": ("60 mg/m2", 60.0),
    "epirubicin": ("epirubicin 90 mg/m2", EPIRUBICIN_TO_DOXORUBICIN * 90),
}
OLD_SAMPLE = 24  # months; judgement
IRRADIATED_LIMIT = 400.0  # label of doxorubicin: after radiotherapy to the heart field
EPIRUBICIN_LIMIT = EPIRUBICIN_TO_DOXORUBICIN * 900  # label of epirubicin


def carried(option: Option, facts: Facts) -> tuple[str, ...]:
    """Give what earlier therapy, given or planned, leaves behind for this option; nothing when it meets nothing of it."""
    return (
        *_anthracycline(option, facts),
        *_neuropathy(option, facts),
        *_old_sample(option, facts),
        *_recovered(option, facts),
    )


def _old_sample(option: Option, facts: Facts) -> tuple[str, ...]:
    """Say how old the HER2 result is that a conjugate against HER2 rests on: 38 % of 547 changed from primary to relapse."""
    months = facts.values.get("months_since_her2_sample", 0)
    if months < OLD_SAMPLE or all(conjugate.target != "her2" for conjugate in option.candidate.conjugates):
        return ()
    return (f"HER2 will have been looked at {months:.0f} months before: a new sample, or a re-read, first",)


def _recovered(option: Option, facts: Facts) -> tuple[str, ...]:
    """Name what a plan counts on having been corrected before this line: what closed this option, or put it behind, as it was."""
    was, snapshot = facts.values.get("_asked_anew", {}), option.snapshot
    if not was:
        return ()
    then = {**facts.values, **was}
    candidate = option.candidate
    rules = (*candidate.not_now, *candidate.never, *candidate.puts_behind, *candidate.puts_last)
    met = (held.at for held in rules if holds(snapshot.trees[held.at], then))
    read = frozenset().union(*map(snapshot.fields_at, met))
    names = sorted(snapshot.knowledge.vocabulary[name].label for name in read & was.keys())
    return (f"counts on recovery by then: {', '.join(names)}",) if names else ()


def _anthracycline(option: Option, facts: Facts) -> tuple[str, ...]:
    """Tell the dose so far, and how many cycles of the usual dose still fit below the limit of a drug that has one."""
    dose = facts.values.get("doxorubicin_equivalent_mg_m2", 0)
    if "anthracycline" not in option.candidate.classes or not dose:
        return ()
    fit = [
        f"; {max(0, int((_limit(agent, facts) - dose) // cycle))} cycles of {name} fit below the limit"
        for agent, (name, cycle) in CYCLES.items()
        if agent in option.regimen.agents
    ]
    left = "".join(fit) or ": LVEF, and the lifetime limit"
    return (f"anthracycline so far {dose:.0f} mg/m2 (as doxorubicin, at full doses){left}",)


def _limit(agent: str, facts: Facts) -> float:
    if facts.values.get("chest_radiotherapy"):
        return IRRADIATED_LIMIT
    return EPIRUBICIN_LIMIT if agent == "epirubicin" else LIFETIME_LIMIT


def _neuropathy(option: Option, facts: Facts) -> tuple[str, ...]:
    """Name the drugs that commonly hurt nerves, given before one that does so too."""
    agents = option.snapshot.knowledge.agents
    if not any(agents[agent].neuropathy == COMMON for agent in option.regimen.agents):
        return ()
    before = [a for a in sorted(facts.values.get("agents_given", ())) if a in agents and agents[a].neuropathy == COMMON]
    return (f"nerves: {', '.join(before)} before; what neuropathy remains adds up",) if before else ()

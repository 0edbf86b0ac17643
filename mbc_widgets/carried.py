"""What a planned line meets of the lines before it: a lifetime dose that is filling, nerves that were hurt.

Comes in: an option and the state it is planned in. Goes out: sentences. Grades cannot be foreseen, so none is planned with.
"""

from mbc_widgets.eligibility import Option
from mbc_widgets.facts import Facts

COMMON = "common"


def carried(option: Option, facts: Facts) -> tuple[str, ...]:
    """Give what earlier therapy, given or planned, leaves behind for this option; nothing when it meets nothing of it."""
    return (*_anthracycline(option, facts), *_neuropathy(option, facts), *_recovered(option, facts))


def _recovered(option: Option, facts: Facts) -> tuple[str, ...]:
    """Name what a plan counts on having been corrected before this line, where a rule of this option reads it."""
    anew = facts.values.get("_asked_anew")
    if not anew:
        return ()
    vocabulary = option.snapshot.knowledge.vocabulary
    rules = (*option.candidate.not_now, *option.candidate.never)
    read = frozenset().union(*(option.snapshot.fields_at(held.at) for held in rules)) if rules else frozenset()
    names = sorted(vocabulary[name].label for name in anew & read)
    return (f"counts on recovery by then: {', '.join(names)}",) if names else ()


def _anthracycline(option: Option, facts: Facts) -> tuple[str, ...]:
    dose = facts.values.get("doxorubicin_equivalent_mg_m2", 0)
    if "anthracycline" not in option.candidate.classes or not dose:
        return ()
    return (f"anthracycline so far {dose:.0f} mg/m2 (as doxorubicin, at full doses): LVEF, and the lifetime limit",)


def _neuropathy(option: Option, facts: Facts) -> tuple[str, ...]:
    """Name the drugs that commonly hurt nerves, given before one that does so too."""
    agents = option.snapshot.knowledge.agents
    if not any(agents[agent].neuropathy == COMMON for agent in option.regimen.agents):
        return ()
    before = [a for a in sorted(facts.values.get("agents_given", ())) if a in agents and agents[a].neuropathy == COMMON]
    return (f"nerves: {', '.join(before)} before; what neuropathy remains adds up",) if before else ()

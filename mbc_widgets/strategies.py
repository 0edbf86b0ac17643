"""Named strategies: how a sequence picks the next line among what is offered. Every key is named and has its source.

A strategy orders, it never opens or closes an option. No strategy is declared the best; they answer different wishes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from mbc_widgets.conditions import Value
from mbc_widgets.eligibility import Option
from mbc_widgets.facts import Facts
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.merits import (
    CDK46,
    ELSEWHERE,
    POSITIONS,
    after_the_new,
    cytotoxic_rank,
    off_label,
    pathway,
    unmatched,
    weak,
)
from mbc_widgets.patient import DAYS_PER_MONTH
from mbc_widgets.ranking import (
    GUIDELINE,
    Heard,
    Key,
    Step,
    alone,
    behind_others,
    first_of,
    key_of,
    place,
    steady,
    unlifted,
)
from mbc_widgets.records import Agent

REVIEW = 28  # days: a tablet too means one visit in four weeks, for blood and review
WEEK, HALF_YEAR = 7, 6  # days, months
HOW_COMMON = ("none", "some", "common")
SEVERE_SOME, SEVERE_COMMON = 1, 10  # percent with neuropathy of grade 3 or more; bands of the workbook


@dataclass(frozen=True, kw_only=True)
class Strategy:
    """A named way to choose: what it is for, the steps by which it ranks, when it may be used, and its source.

    `wishes` are the findings that ask for it: it then stands before those that nobody asked for.
    """

    id: str
    label: str
    note: str
    source: str
    steps: Sequence[Step]
    usable: Callable[[Facts], bool]
    wishes: Mapping[str, Value] = field(default_factory=dict)

    def key(self, option: Option, context: Heard) -> Key:
        """Give the whole key of an option, smaller first."""
        return key_of(self.steps, option, context)

    def first_of(self, options: Iterable[Option], context: Heard) -> Option | None:
        """Give the option that this strategy takes first."""
        return first_of(options, self.steps, context)

    def asked_for(self, facts: Facts) -> bool:
        """Say whether this patient has a wish that this strategy answers."""
        return any(facts.values.get(name) == wish for name, wish in self.wishes.items())


def visits_per_month(option: Option) -> float:
    """Give the mean of the planned visits a month over the first six months.

    The visits of the drug that needs the clinic most often, at least one in four weeks for blood and review; and those that
    labels add in the first two months (loading doses, blood, ECG, glucose, eyes), each day once, unless a drug is given then;
    and what a rule that holds asks for in each cycle: G-CSF comes on the day after, unless it is injected at home.
    """
    more: float = sum(held.item.visits_per_cycle for held in option.candidate.adds_visits if option.holds(held))
    knowledge, agents = option.snapshot.knowledge, option.regimen.agents
    cycle = min((_usual(knowledge.agents[name])[1] for name in agents), default=REVIEW) if more else REVIEW
    return _mean_visits(knowledge, agents) + more * DAYS_PER_MONTH / cycle


@cache
def _mean_visits(knowledge: Knowledge, names: tuple[str, ...]) -> float:
    """Work the mean out once for the same drugs: plans ask for it again and again."""
    agents = [knowledge.agents[name] for name in names]
    rates = [_usual(drug)[0] * DAYS_PER_MONTH / _usual(drug)[1] for drug in agents]
    return max([DAYS_PER_MONTH / REVIEW, *rates]) + len(early_visits(agents)) / HALF_YEAR


def early_visits(agents: Iterable[Agent]) -> frozenset[int]:
    """Give the days of the first two months on which somebody has to come beside the usual visits of these drugs."""
    drugs = tuple(agents)
    days = {day for drug in drugs if drug.early_visits for day in drug.early_visits.days}
    return frozenset(day for day in days if not any(_comes_on(day, drug) for drug in drugs))


def _usual(drug: Agent) -> tuple[float, int]:
    """Give the usual visits of a drug and the days of the cycle that they are for."""
    return (1, REVIEW) if drug.route == "oral" else (drug.visits_per_cycle or 1, drug.cycle_days or REVIEW)


def _comes_on(day: int, drug: Agent) -> bool:
    """Say whether a usual visit of a drug falls on a day; several in a cycle are a week apart (days 1, 8, 15)."""
    visits, cycle = _usual(drug)
    week, rest = divmod((day - 1) % cycle, WEEK)
    return day > 0 and rest == 0 and week < visits


def route_rank(option: Option) -> int:
    """Give 0 when every drug is taken by mouth, 1 when some are injected under the skin or into muscle, 2 with infusions."""
    routes = {option.snapshot.knowledge.agents[agent].route for agent in option.regimen.agents}
    return 2 if "intravenous" in routes else int(bool(routes - {"oral"}))


def hair_and_nerve_rank(option: Option) -> tuple[int, int]:
    """Give how common hair loss and nerve damage are (0 none, 1 some, 2 common): the worse of the two, then their sum.

    Where this patient named one of the two, that one comes first. Thinning under endocrine therapy ("some") ranks as none:
    it decides between no two endocrine drugs. The words are the labels' and trials'; the grade comes after them (`severe_nerves`).
    """
    drugs = [option.snapshot.knowledge.agents[agent] for agent in option.regimen.agents]
    nerves = max(HOW_COMMON.index(drug.neuropathy or "none") for drug in drugs)
    hair = max(HOW_COMMON.index(drug.alopecia or "none") for drug in drugs)
    if option.regimen.backbone == "endocrine" and HOW_COMMON[hair] != "common":
        hair = 0
    values = option.facts.values
    wishes = bool(values.get("hair_loss_matters")), bool(values.get("neuropathy_matters"))
    if wishes[0] != wishes[1]:
        return (hair, nerves) if wishes[0] else (nerves, hair)
    return max(hair, nerves), hair + nerves


def severe_nerves(option: Option) -> int:
    """Give the band of neuropathy of grade 3 or more: 0 below 1 %, 1 below 10 %, 2 from 10 % on; where none was read, by the word.

    Bands and not figures, for trials counted differently; only of trials that were public by the day.
    """
    regimen, snapshot = option.regimen, option.snapshot
    worst = _worst_neuropathy(snapshot.knowledge, regimen.variant_of or regimen.id, snapshot.day)
    if worst is None:
        words = (snapshot.knowledge.agents[agent].neuropathy for agent in regimen.agents)
        return int(any(word == "common" for word in words))
    return (worst >= SEVERE_SOME) + (worst >= SEVERE_COMMON)


@cache
def _worst_neuropathy(knowledge: Knowledge, regimen: str, day: str) -> float | None:
    """Give the highest share with neuropathy of grade 3 or more in the arms that are this regimen, of what was read."""
    found = []
    for name, arm in knowledge.trials_of.get(regimen, ()):
        trial = knowledge.raw_trials[name]
        if all(result["reported"] > day for result in trial.get("results", ())):
            continue
        found += [
            event["grade_3_plus_percent"]
            for event in trial.get("adverse_events", ())
            if event["arm"] == arm and event["verified"] == "seen" and "neuropathy" in event["event"].casefold()
            if event.get("grade_3_plus_percent") is not None and "motor" not in str(event.get("detail"))
        ]
    return max(found, default=None)


def _worse_harm(option: Option) -> int:
    return hair_and_nerve_rank(option)[0]


def _other_harm(option: Option) -> int:
    return hair_and_nerve_rank(option)[1]


def speed_rank(option: Option) -> int:
    """Give how soon a class is expected to act, by class and level of evidence only, never by response rates across trials.

    0: in a crisis two cytotoxic drugs together (ASCO 2014, 2021: for immediately life-threatening disease), not the low doses of
    metronomic therapy. 1: cytotoxic drugs, a conjugate, a PARP inhibitor (OlympiAD, EMBRACA: twice the responses of
    chemotherapy). 2: endocrine therapy with a CDK4/6 inhibitor (RIGHT Choice: median time to response 4.9 v 3.2 months with
    combination chemotherapy). 3: other partners. 4: endocrine therapy alone.
    """
    cytotoxic = option.candidate.cytotoxic
    if option.regimen.backbone in {"chemotherapy", "adc"} or cytotoxic:
        together = len(cytotoxic) > 1 and "metronomic-chemotherapy" not in option.regimen.groups
        return int(not together or _not_in_crisis(option.facts))
    if "parp_inhibitor" in option.candidate.classes:
        return 1
    if "cdk46_inhibitor" in option.candidate.classes:
        return 2
    return 4 if "endocrine-alone" in option.regimen.groups else 3


def _always(_: Facts) -> bool:
    return True


def _not_in_crisis(facts: Facts) -> bool:
    """A crisis or an emergency interrupts a wish: the drug that works soonest comes first then."""
    values = facts.values
    brain = values.get("brain_state") == "active_symptomatic"
    return not (values.get("visceral_crisis") or brain) and values.get("emergency", "no_emergency") == "no_emergency"


def _presses(facts: Facts) -> bool:
    """The soonest response matters in a crisis, in fast disease or with severe symptoms."""
    values = facts.values
    return bool(values.get("visceral_crisis")) or values.get("pace") == "rapid" or values.get("symptoms") == "severe"


def _may_postpone_chemotherapy(facts: Facts) -> bool:
    """Postponing makes no sense without an endocrine pathway, in a visceral crisis or an emergency of the brain."""
    return facts.values.get("endocrine_group") == "positive" and _not_in_crisis(facts)


def _passed_by(option: Option, context: Heard) -> bool:
    """A wish passes over no CDK4/6 inhibitor that guidelines put first or a regular licence lifts."""
    return (context.cdk46_first or context.cdk46_lifted) and _without_cdk46(option)


def _unspent_by(option: Option, context: Heard) -> bool:
    """Nor, among equals, over one that is not spent."""
    return context.cdk46_open and _without_cdk46(option)


def _without_cdk46(option: Option) -> bool:
    return CDK46 not in option.candidate.classes and option.facts.values.get("goal") != "comfort"


def _behind_named(option: Option, context: Heard) -> int:
    """Give 0 for what guidelines put first or a result lifts; one chemotherapy stands like another, behind what they name."""
    if not unlifted(option, context):
        return 0
    position = place(option, context)
    if option.regimen.backbone == "chemotherapy" or position >= ELSEWHERE:
        return 2
    return int(position > POSITIONS["standard"])


# What comes before any wish: nothing that failed, the pathway, test results, what guidelines put first, then name: they name
# many chemotherapies, and order few by evidence. No wish passes over a CDK4/6 inhibitor, unless comfort is the goal.
SOUND: Sequence[Step] = (
    alone(after_the_new),
    alone(pathway),
    _passed_by,
    steady(weak),
    alone(unmatched),
    alone(behind_others),
    _behind_named,
    _unspent_by,
)


def _sound(option: Option, context: Heard) -> Key:
    """Give the place of an option before any wish."""
    return key_of(SOUND, option, context)


def _number_of_drugs(option: Option) -> int:
    """For comfort the least burdensome: S-R10."""
    return len(option.regimen.agents) if option.facts.values.get("goal") == "comfort" else 0


def _visits(option: Option) -> float:
    return round(visits_per_month(option), 1)


def _soonest(option: Option) -> int:
    """Rank by speed while something presses; once the crisis is over, as guidelines do."""
    return speed_rank(option) if _presses(option.facts) else 0


STRATEGIES: Mapping[str, Strategy] = {
    strategy.id: strategy
    for strategy in (
        Strategy(
            id="guideline-first",
            label="Guideline order",
            note="what is licensed here first, then by its best position in a guideline that was read",
            source="positions of the statements in force on the day",
            steps=GUIDELINE,
            usable=_always,
        ),
        Strategy(
            id="chemotherapy-last",
            label="Chemotherapy last",
            note="latest start of chemotherapy; conjugates count as cytotoxic",
            source="ABC4, ASCO 2021: endocrine-based therapy before chemotherapy unless in crisis",
            steps=(alone(after_the_new), alone(cytotoxic_rank), steady(weak), *GUIDELINE),
            usable=_may_postpone_chemotherapy,
            wishes={"chemotherapy_declined": True},
        ),
        Strategy(
            id="fewest-visits",
            label="Fewest visits",
            note="fewest planned clinic days a month, mean of the first six (with the loading doses, blood, ECG, glucose and eye checks of"
            " the first two, and G-CSF where a label asks for it), after pathway, test results and what guidelines put first; for comfort the fewest drugs",
            source="dosing and monitoring schedules of the US labels",
            steps=(*SOUND[:-2], steady(_number_of_drugs), *SOUND[-2:], alone(_visits), *GUIDELINE),
            usable=_not_in_crisis,
            wishes={"few_visits_preferred": True, "goal": "comfort"},
        ),
        Strategy(
            id="oral-first",
            label="By mouth first",
            note="tablets before injections, injections before infusions, after test results",
            source="routes of the labels",
            steps=(*SOUND, steady(route_rank), *GUIDELINE),
            usable=_not_in_crisis,
            wishes={"oral_preferred": True},
        ),
        Strategy(
            id="spare-hair-and-nerves",
            label="Spare hair and nerves",
            note="least neuropathy and hair loss by the words of the labels, then fewest with neuropathy of grade 3 or more where a trial of it"
            " was read (below 1, below 10, from 10 %); hair without grades",
            source="adverse events of the labels: none, some, common; grades of the trials",
            steps=(*SOUND, steady(_worse_harm), steady(_other_harm), steady(severe_nerves), *GUIDELINE),
            usable=_not_in_crisis,
            wishes={"hair_loss_matters": True, "neuropathy_matters": True},
        ),
        Strategy(
            id="soonest-response",
            label="Soonest response",
            note="classes that act sooner first, by class and level of evidence, not by response rates across trials",
            source="ASCO 2014 and 2021, RIGHT Choice (doi 10.1200/JCO.24.00144)",
            steps=(alone(after_the_new), steady(off_label), alone(_soonest), *GUIDELINE),
            usable=_presses,
            wishes={"visceral_crisis": True, "pace": "rapid", "symptoms": "severe"},
        ),
    )
}

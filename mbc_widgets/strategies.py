"""Named strategies: how a sequence picks the next line among what is offered. Every key is named and has its source.

A strategy orders, it never opens or closes an option. No strategy is declared the best; they answer different wishes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mbc_widgets.conditions import Value
from mbc_widgets.eligibility import OFFERED, Option
from mbc_widgets.facts import Facts
from mbc_widgets.patient import DAYS_PER_MONTH

POSITIONS = {"preferred": 0, "standard": 1, "alternative": 2, "consider": 3}
ELSEWHERE = 4  # added to the position of a body that speaks for another region
LICENSED_ONLY, UNVERIFIED = 8, 9
AGAIN = 2  # places that a chemotherapy class given before loses: what is preferred stands then as an alternative
LAG_YEARS = 3  # how long a new licence may wait for its guideline; later, silence is not lateness
NOT_TWICE = frozenset(
    {
        "cdk46_inhibitor",
        "parp_inhibitor",
        "pd1_inhibitor",
        "oral_serd",
        "pi3k_inhibitor",
        "akt_inhibitor",
        "mtor_inhibitor",
        "platinum",
        "taxane",
        "anthracycline",
    }
)
ORAL_VISITS_PER_MONTH = DAYS_PER_MONTH / 28  # a tablet too means one visit a cycle, for blood and review

HOW_COMMON = ("none", "some", "common")

Key = tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What the guidelines of this place say to this patient: the day of the newest text, and the classes it names.

    It keeps the place that each option was given, in guideline order and before any wish: every strategy asks for them.
    """

    newest: str
    classes: frozenset[str]
    places: dict[str, Key] = field(default_factory=dict, compare=False, repr=False)
    sound: dict[str, Key] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Strategy:
    """A named way to choose: what it is for, its ranking key, when it may be used, and its source.

    `wishes` are the findings that ask for it: it then stands before those that nobody asked for.
    """

    id: str
    label: str
    note: str
    source: str
    key: Callable[[Option, Heard], Key]
    usable: Callable[[Facts], bool]
    wishes: Mapping[str, Value] = field(default_factory=dict)

    def asked_for(self, facts: Facts) -> bool:
        """Say whether this patient has a wish that this strategy answers."""
        return any(facts.values.get(name) == wish for name, wish in self.wishes.items())


def heard(listed: Iterable[Option]) -> Heard:
    """Give what was heard over a list of offered options."""
    spoken = [(option, option.statements_here) for option in listed]
    days = [statement.since for _, read in spoken for statement in read]
    classes = [option.candidate.classes for option, read in spoken if read]
    return Heard(newest=max(days, default=""), classes=frozenset().union(*classes))


def heard_also(context: Heard, more: Iterable[Option]) -> Heard:
    """Give what is heard when some options come in addition."""
    added = heard(more)
    return Heard(newest=max(context.newest, added.newest), classes=context.classes | added.classes)


def in_guideline_order(listed: Iterable[Option]) -> list[Option]:
    """Give the offered options of a list, those first that the guidelines of this place put first."""
    offered = [option for option in listed if option.verdict == OFFERED]
    context = heard(offered)
    return sorted(offered, key=lambda option: guideline_rank(option, context))


def years_before(day: str, years: int) -> str:
    """Give the same day some years earlier, as ISO text for comparing."""
    return f"{int(day[:4]) - years}{day[4:]}"


def newer_licence(option: Option, context: Heard) -> str:
    """Give the day of the first licence when it is newer than every text heard and brings a class that none of them names."""
    if option.statements_here or not context.newest or not option.candidate.classes - context.classes:
        return ""
    days = [
        x.granted or "" for x in option.licences if x.verified == "seen" and x.status in {"licensed", "accelerated"}
    ]
    first = min(days, default="")  # a later one, for example of a new dose, makes no new class
    recent = first > years_before(option.snapshot.day, LAG_YEARS)
    return first if first > context.newest and recent else ""


def guideline_rank(option: Option, context: Heard) -> Key:
    """Rank as guidelines do: the pathway, what a test result opened, what is licensed here, the best position that was read.

    A new class that was licensed after the newest text stands beside its standard, and the page says so; another drug of
    a class that the text already names waits behind it. Bodies of other regions come next, then what only an older licence
    carries, unread statements last. Ties: a chemotherapy class not yet given, the newer text, the order of the library; a
    caution is no reason by itself, since the absence of a rule is none either.
    """
    name = option.regimen.id
    if name not in context.places:
        position, day = _position(option, context)
        order = (repeats_class(option), pathway(option), not matched(option), off_label(option))
        before = given_before(option)
        again = min(position + AGAIN, ELSEWHERE - 1) if before and position < ELSEWHERE else position
        context.places[name] = (*order, again, before, -int(day.replace("-", "") or 0))
    return context.places[name]


def _position(option: Option, context: Heard) -> tuple[int, str]:
    """Give the place of what carries the option, and its day: this region's bodies, a newer licence, other bodies, licences."""
    here = option.statements_here
    if here:
        return min(POSITIONS[s.position] for s in here), max(s.since for s in here)
    newer = newer_licence(option, context)
    if newer:
        return POSITIONS["standard"], newer
    read = [s for s in option.statements if s.verified == "seen"]
    if read:
        return ELSEWHERE + min(POSITIONS[s.position] for s in read), max(s.since for s in read)
    licensed = any(licence.verified == "seen" for licence in option.licences)
    return (LICENSED_ONLY if licensed else UNVERIFIED), ""


def pathway(option: Option) -> int:
    """Give 0 for the pathway that comes first, else 1.

    Receptor positive: endocrine-based therapy until it is exhausted (ABC4 and ASCO 2021), a PARP inhibitor from the second
    line on; in a visceral crisis the faster chemotherapy or conjugate. Triple-negative: a HER2-directed conjugate after the
    TROP2 one (phase 3 in ASCENT; 58 patients, exploratory, in DESTINY-Breast04). ER-low: as triple-negative unless indolent.
    """
    values, backbone = option.facts.values, option.regimen.backbone
    group = values.get("endocrine_group")
    if group == "negative":
        return int("her2" in targets(option) and "trop2" not in values["adc_targets_progressed_on"])
    if group == "low":
        endocrine = backbone == "endocrine" or "cdk46_inhibitor" in option.candidate.classes
        return int(endocrine and values.get("pace") != "indolent")
    if backbone == "adc" and values.get("chemotherapy_declined"):
        return 1  # a conjugate carries a cytotoxic drug: it comes last until somebody asked (S-N41b)
    if values.get("visceral_crisis"):
        return int(backbone not in {"chemotherapy", "adc"})
    if values.get("endocrine_refractory"):
        return 0
    later = values.get("metastatic_lines", 0) > 0
    return int(backbone != "endocrine" and not (backbone == "targeted" and later))


def targets(option: Option) -> frozenset[str]:
    """Give what the conjugates of a regimen bind."""
    return frozenset(conjugate.target for conjugate in option.candidate.conjugates)


def given_before(option: Option) -> int:
    """Count the chemotherapy classes of a regimen that were given before, in any setting."""
    classes = option.snapshot.knowledge.drug_classes
    cytotoxic = {name for name in option.candidate.classes if classes[name].kind == "cytotoxic"}
    return len(cytotoxic & option.facts.values.get("classes_given", frozenset()))


def off_label(option: Option) -> bool:
    """Say whether no licence here covers this patient, old standard practice apart (weekly paclitaxel, vinorelbine)."""
    standard = any(licence.status == "off_label_standard" for licence in option.licences)
    return option.licence_status == "off-label" and not standard


def matched(option: Option) -> bool:
    """Say whether a test result of this patient opened the option (ESR1, PIK3CA, germline BRCA, PD-L1)."""
    carriers = (*option.candidate.active, *option.candidate.positive)
    return any(held.matched and option.holds(held) for held in carriers)


def weak(option: Option) -> bool:
    """Say whether it is off label, carried by nothing that was read, or chemotherapy in no guideline: planned last."""
    bare = option.regimen.backbone == "chemotherapy" and not option.statements
    return bare or off_label(option) or "unverified" in option.flags


def repeats_class(option: Option) -> int:
    """Count what already failed and comes after everything new.

    Targeted and cytotoxic classes, a non-steroidal AI after an AI (S-C64), fulvestrant alone after an oral SERD.
    """
    failed = option.facts.values.get("classes_progressed_on", frozenset())
    second_inhibitor = "nsai-alone" in option.regimen.groups and "aromatase_inhibitor" in failed
    alone = "endocrine-alone" in option.regimen.groups
    second_degrader = alone and "serd" in option.candidate.classes and "oral_serd" in failed
    return len(option.candidate.classes & failed & NOT_TWICE) + second_inhibitor + second_degrader


def cytotoxic_rank(option: Option) -> int:
    """Give 0 for endocrine and targeted drugs, 1 for antibody-drug conjugates (they are cytotoxic), 2 for chemotherapy.

    A second conjugate with the payload of one that failed ranks with chemotherapy: cross-resistance is likely.
    """
    payloads = {conjugate.payload for conjugate in option.candidate.conjugates}
    if payloads & option.facts.values.get("adc_payloads_progressed_on", frozenset()):
        return 2
    return {"chemotherapy": 2, "adc": 1}.get(option.regimen.backbone, 0)


def unmatched(option: Option) -> bool:
    """Say whether a low or negative tumour's option leaves a result unused that another would use (PD-L1, BRCA)."""
    return option.facts.values.get("endocrine_group") != "positive" and not matched(option)


def visits_per_month(option: Option) -> float:
    """Give the planned visits a month: the most frequent drug that needs the clinic; at least one for blood and review."""
    agents = [option.snapshot.knowledge.agents[agent] for agent in option.regimen.agents]
    rates = [
        (drug.visits_per_cycle or 1) * DAYS_PER_MONTH / (drug.cycle_days or 28)
        for drug in agents
        if drug.route != "oral"
    ]
    return max([ORAL_VISITS_PER_MONTH, *rates])


def route_rank(option: Option) -> int:
    """Give 0 when every drug is taken by mouth, 1 when some are injected under the skin or into muscle, 2 with infusions."""
    routes = {option.snapshot.knowledge.agents[agent].route for agent in option.regimen.agents}
    return 2 if "intravenous" in routes else int(bool(routes - {"oral"}))


def hair_and_nerve_rank(option: Option) -> tuple[int, int]:
    """Give how common hair loss and nerve damage are (0 none, 1 some, 2 common): the worse of the two, then their sum.

    Where this patient named one of the two, that one comes first. Thinning under endocrine therapy ("some") ranks as none:
    it decides between no two endocrine drugs. The words are the labels' and trials', without a grade.
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


def speed_rank(option: Option) -> int:
    """Give how soon a class is expected to act, by class and level of evidence only, never by response rates across trials.

    0: in a crisis two cytotoxic drugs together (ASCO 2014, 2021: for immediately life-threatening disease). 1: cytotoxic drugs,
    a conjugate, a PARP inhibitor (OlympiAD, EMBRACA: twice the responses of chemotherapy). 2: endocrine therapy with a CDK4/6
    inhibitor (RIGHT Choice: median time to response 4.9 v 3.2 months with combination chemotherapy). 3: other partners. 4:
    endocrine therapy alone.
    """
    classes = option.snapshot.knowledge.drug_classes
    cytotoxic = [name for name in option.candidate.classes if classes[name].kind == "cytotoxic"]
    if option.regimen.backbone in {"chemotherapy", "adc"} or cytotoxic:
        return int(len(cytotoxic) < 2 or _not_in_crisis(option.facts))  # noqa: PLR2004 - two drugs make a combination
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
    return not values.get("visceral_crisis") and values.get("emergency", "no_emergency") == "no_emergency"


def _presses(facts: Facts) -> bool:
    """The soonest response matters in a crisis, in fast disease or with severe symptoms."""
    values = facts.values
    return bool(values.get("visceral_crisis")) or values.get("pace") == "rapid" or values.get("symptoms") == "severe"


def _may_postpone_chemotherapy(facts: Facts) -> bool:
    """Postponing makes no sense without an endocrine pathway, in a visceral crisis or an emergency of the brain."""
    return facts.values.get("endocrine_group") == "positive" and _not_in_crisis(facts)


def _postpone(option: Option, context: Heard) -> Key:
    rank = guideline_rank(option, context)
    return (repeats_class(option) > 0, cytotoxic_rank(option), weak(option), *rank)


def _few_visits(option: Option, context: Heard) -> Key:
    *first, behind = _sound(option, context)
    burden = (
        len(option.regimen.agents) if option.facts.values.get("goal") == "comfort" else 0
    )  # S-R10: least burdensome
    return (*first, burden, behind, round(visits_per_month(option), 1), *guideline_rank(option, context))


def _sound(option: Option, context: Heard) -> Key:
    """Rank what comes before any wish: nothing that failed, the pathway, test results, what guidelines put first, then name.

    One chemotherapy stands like another here, behind what guidelines name: they name many, and order few by evidence.
    """
    name = option.regimen.id
    if name not in context.sound:
        repeats, path, unasked, _, position, *_ = guideline_rank(option, context)
        chemotherapy = option.regimen.backbone == "chemotherapy"
        behind = 2 if chemotherapy or position >= ELSEWHERE else position > POSITIONS["standard"]
        context.sound[name] = (repeats > 0, path, weak(option), unmatched(option), behind if unasked else 0)
    return context.sound[name]


def _by_mouth(option: Option, context: Heard) -> Key:
    return (*_sound(option, context), route_rank(option), *guideline_rank(option, context))


def _spare_hair_and_nerves(option: Option, context: Heard) -> Key:
    return (*_sound(option, context), *hair_and_nerve_rank(option), *guideline_rank(option, context))


def _soonest(option: Option, context: Heard) -> Key:
    return (repeats_class(option) > 0, off_label(option), speed_rank(option), *guideline_rank(option, context))


STRATEGIES: Mapping[str, Strategy] = {
    strategy.id: strategy
    for strategy in (
        Strategy(
            id="guideline-first",
            label="Guideline order",
            note="what is licensed here, by its best position in a guideline that was read",
            source="positions of the statements in force on the day",
            key=guideline_rank,
            usable=_always,
        ),
        Strategy(
            id="chemotherapy-last",
            label="Chemotherapy last",
            note="latest start of chemotherapy; conjugates count as cytotoxic",
            source="ABC4, ASCO 2021: endocrine-based therapy before chemotherapy unless in crisis",
            key=_postpone,
            usable=_may_postpone_chemotherapy,
            wishes={"chemotherapy_declined": True},
        ),
        Strategy(
            id="fewest-visits",
            label="Fewest visits",
            note="fewest clinic days a month, after pathway, test results and what guidelines put first; for comfort the fewest drugs",
            source="dosing schedules of the labels",
            key=_few_visits,
            usable=_not_in_crisis,
            wishes={"few_visits_preferred": True, "goal": "comfort"},
        ),
        Strategy(
            id="oral-first",
            label="By mouth first",
            note="tablets before injections, injections before infusions, after test results",
            source="routes of the labels",
            key=_by_mouth,
            usable=_not_in_crisis,
            wishes={"oral_preferred": True},
        ),
        Strategy(
            id="spare-hair-and-nerves",
            label="Spare hair and nerves",
            note="least neuropathy and hair loss by the words of the labels, without grades",
            source="adverse events of the labels: none, some, common",
            key=_spare_hair_and_nerves,
            usable=_not_in_crisis,
            wishes={"hair_loss_matters": True, "neuropathy_matters": True},
        ),
        Strategy(
            id="soonest-response",
            label="Soonest response",
            note="classes that act sooner first, by class and level of evidence, not by response rates across trials",
            source="ASCO 2014 and 2021, RIGHT Choice (doi 10.1200/JCO.24.00144)",
            key=_soonest,
            usable=_presses,
            wishes={"visceral_crisis": True, "pace": "rapid", "symptoms": "severe"},
        ),
    )
}

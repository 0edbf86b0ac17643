"""Guideline order: what comes first by the texts and licences of this place, before any wish. Every key has its source.

Comes in: the offered options of one state. Goes out: keys, smaller first. Nothing here opens or closes an option.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mbc_widgets.conditions import evaluate
from mbc_widgets.eligibility import ACCELERATED, OFFERED, Option
from mbc_widgets.records import Statement

POSITIONS = {"preferred": 0, "standard": 1, "alternative": 2, "consider": 3}
ELSEWHERE = 4  # added to the position of a body that speaks for another region
LICENSED_ONLY, UNVERIFIED = 8, 9
LAG_YEARS = 3  # how long a new licence may wait for its guideline; later, silence is not lateness
CDK46 = "cdk46_inhibitor"
SINGLE = "single-agent-chemotherapy"
TWO_LINES = 2
REST = 12  # months
CDK46_REST = (
    12  # months since an adjuvant one: INAVO120 took relapses from then on; PACE counted earlier ones as resistance
)
UNASKED = 9  # behind whatever failed
# What a result can move and a rank reads, also that of an option whose own conditions do not: a platinum that stays where it
# is while a BRCA variant puts other chemotherapy behind it.
ORDERED_BY = frozenset({"endocrine_group", "pd1_candidate", "pace", "visceral_crisis", "germline_brca"})
Key = tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What the guidelines of this place (if none speaks, of others) say to this patient: the newest day, the classes they name.

    `here`: they are of this place. `cdk46_first`: they prefer a CDK4/6 inhibitor here, which has not failed. `cdk46_open`: a licence holds one with an
    endocrine partner, and none is spent, whatever texts say of this very line. `cdk46_lifted`: the licence of the one that
    texts put first among them is a regular one, so it rests on phase 3.

    It keeps the place that each option was given, in guideline order and before any wish: every strategy asks for them.
    """

    newest: str
    classes: frozenset[str]
    here: bool = True
    cdk46_first: bool = False
    cdk46_open: bool = False
    cdk46_lifted: bool = False
    places: dict[str, Key] = field(default_factory=dict, compare=False, repr=False)
    sound: dict[str, Key] = field(default_factory=dict, compare=False, repr=False)


def heard(listed: Iterable[Option]) -> Heard:
    """Give what was heard over a list of offered options."""
    spoken = [(option, option.statements_here) for option in listed]
    # Where no text of this place speaks, those of elsewhere tell what was known when somebody last wrote.
    here = any(read for _, read in spoken)
    told = spoken if here else [(option, _read(option)) for option, _ in spoken]
    days = [statement.since for _, read in told for statement in read]
    classes = [option.candidate.classes for option, read in told if read]
    inhibitors = [
        (option, read)
        for option, read in spoken
        if CDK46 in option.candidate.classes
        and option.regimen.backbone == "endocrine"
        and not repeats_class(option)
        and not repeats_drug(option)
        and not option.count_of(option.candidate.puts_behind)
    ]
    best = min((_best_position(read) for _, read in inhibitors), default=ELSEWHERE)
    unspent = [(option, read) for option, read in inhibitors if not (off_label(option) or cdk46_spent(option))]
    return Heard(
        newest=max(days, default=""),
        classes=frozenset().union(*classes),
        here=here,
        cdk46_first=best <= POSITIONS["standard"],
        cdk46_open=bool(unspent),
        cdk46_lifted=any(
            _best_position(read) == best and option.licence_status != ACCELERATED for option, read in unspent
        ),
    )


def _read(option: Option) -> list[Statement]:
    """Give the statements that may order and were read, of any region."""
    return [statement for statement in option.statements_heard if statement.verified == "seen"]


def cdk46_spent(option: Option) -> bool:
    """Say whether a CDK4/6 inhibitor had its time: intolerance is not resistance, nor is a relapse long after an adjuvant one.

    Progression on one is told by `repeats_class`. What was given for metastatic disease and ended otherwise counts as well.
    """
    values, agents = option.facts.values, option.snapshot.knowledge.agents
    left = any(agents[name].drug_class == CDK46 for name in values.get("agents_not_tolerated", ()))
    given = CDK46 in values.get("classes_given_metastatic", ())
    return (given and not left) or values.get("months_since_adjuvant_cdk46_end", CDK46_REST) < CDK46_REST


def _best_position(read: Iterable[Statement]) -> int:
    return min((POSITIONS[statement.position] for statement in read), default=ELSEWHERE)


def heard_also(context: Heard, more: Iterable[Option]) -> Heard:
    """Give what is heard when some options come in addition."""
    added = heard(more)
    told = [one for one in (context, added) if one.here] or [context, added]
    return Heard(
        newest=max(one.newest for one in told),
        classes=frozenset().union(*(one.classes for one in told)),
        here=context.here or added.here,
        cdk46_first=context.cdk46_first or added.cdk46_first,
        cdk46_open=context.cdk46_open or added.cdk46_open,
        cdk46_lifted=context.cdk46_lifted or added.cdk46_lifted,
    )


def in_guideline_order(listed: Iterable[Option]) -> list[Option]:
    """Give the offered options of a list, those first that the guidelines of this place put first."""
    offered = [option for option in listed if option.verdict == OFFERED]
    context = heard(offered)
    return sorted(offered, key=lambda option: guideline_rank(option, context))


def years_before(day: str, years: int) -> str:
    """Give the same day some years earlier, as ISO text for comparing."""
    return f"{int(day[:4]) - years}{day[4:]}"


def newer_licence(option: Option, context: Heard) -> str:
    """Give the day of the first regular licence (else accelerated) when it is newer than every text and its class in none.

    Where no text at all speaks to the patient it counts too, unless a body was picked: one that is silent lifts nothing.
    """
    body = option.snapshot.body
    silent = not option.candidate.classes - context.classes or (body and not context.newest)
    if option.statements_here or silent or _old_cytotoxic(option, context.newest):
        return ""
    if any(statement.body == body for statement in option.against):
        return ""
    if not context.here and not _class_came_after(option, context):
        return (
            ""  # a text of elsewhere says how old the silence is; another population of a known class is no news to it
        )
    read = [x for x in option.licences if x.verified == "seen"]
    regular = [x.granted or "" for x in read if x.status == "licensed"]
    accelerated = [x.granted or "" for x in read if x.status == "accelerated"]
    # A later one, for example of a new dose, makes no new class; the regular one after an accelerated one confirms it.
    first = min(regular or accelerated, default="")
    recent = first > years_before(option.snapshot.day, LAG_YEARS) or (body and _came_after(option, context.newest))
    return first if first > context.newest and recent else ""


def _old_cytotoxic(option: Option, text: str) -> bool:
    """Say whether it is a cytotoxic drug that somebody could have here when a text was written: its reworded label is no news.

    Without a text three years decide, as for every licence.
    """
    text = text or years_before(option.snapshot.day, LAG_YEARS)
    return SINGLE in option.regimen.groups and not _came_after(option, text)


def _class_came_after(option: Option, context: Heard) -> bool:
    """Say whether no drug of a class that texts do not name had a licence here when the newest of them was written."""
    new = option.candidate.classes - context.classes
    alike = (held.item for other in option.snapshot.candidates if other.classes & new for held in other.active)
    return not any(licence.established or (licence.granted or "") <= context.newest for licence in alike)


def _came_after(option: Option, text: str) -> bool:
    """Say whether the regimen had no licence here, for anybody, when a text was written.

    A body that was picked is asked for its own text, however old: that the others stayed silent since then means nothing.
    """
    licences = [held.item for held in option.candidate.active]
    return not any(licence.established or (licence.granted or "") <= text for licence in licences)


def guideline_rank(option: Option, context: Heard) -> Key:
    """Rank as guidelines do: the pathway, what is licensed here, what a test result opened, the best position that was read.

    A new class that was licensed after the newest text stands beside its standard, added to chemotherapy beside its
    alternatives, and the page says so; another drug of a class that the text already names waits behind it. Bodies of other
    regions come next, then what only an older licence carries, unread statements last. A caution may put an option behind
    the others of its pathway. Nothing there passes over a CDK4/6 inhibitor that is licensed and not spent: trials gained with
    it after endocrine lines and one of chemotherapy (PALOMA-3, MONARCH 2). Ties: endocrine therapy alone behind a CDK4/6
    inhibitor that is put first or open, a chemotherapy class not yet given, the newer text, the order of the library.
    """
    name = option.regimen.id
    if name not in context.places:
        position, day = _position(option, context)
        behind = option.count_of(option.candidate.puts_behind)
        with_cdk46 = CDK46 in option.candidate.classes and option.regimen.backbone == "endocrine"
        passed = context.cdk46_lifted and not with_cdk46
        order = (repeats_class(option), pathway(option), off_label(option), passed, not lifted(option, context), behind)
        before = given_before(option)
        again = _given_again(position) if before else position
        alone = (context.cdk46_first or context.cdk46_open) and "endocrine-alone" in option.regimen.groups
        context.places[name] = (*order, again, alone, before, -int(day.replace("-", "") or 0))
    return context.places[name]


def _given_again(position: int) -> int:
    """Give the place of chemotherapy of a class given before: a text of this place counts as one of elsewhere, that as none."""
    return position + ELSEWHERE if position < ELSEWHERE else max(position, LICENSED_ONLY)


def _position(option: Option, context: Heard) -> tuple[int, str]:
    """Give the place of what carries the option, and its day: this region's bodies, a newer licence, other bodies, licences."""
    here = option.statements_here
    if here:
        best, day = _best_position(here), max(s.since for s in here)
        # "Preferred" says one drug after another rather than together (ASCO 2014), an order among chemotherapies: none of
        # these texts weighed them against a class that was not yet there.
        plain = SINGLE in option.regimen.groups and not matched(option)
        return (max(best, POSITIONS["standard"]) if plain else best), day
    newer = newer_licence(option, context)
    if newer:
        together = option.regimen.backbone == "chemotherapy" and SINGLE not in option.regimen.groups
        return POSITIONS["alternative" if together else "standard"], newer
    read = _read(option)
    if read:
        return ELSEWHERE + min(POSITIONS[s.position] for s in read), max(s.since for s in read)
    licensed = any(licence.verified == "seen" for licence in option.licences)
    return (LICENSED_ONLY if licensed else UNVERIFIED), ""


def pathway(option: Option) -> int:
    """Give 0 for the pathway that comes first, else 1.

    Receptor positive: endocrine-based therapy until it is exhausted (ABC4 and ASCO 2021), a PARP inhibitor from the second
    line on; in a visceral crisis the faster chemotherapy or conjugate. ER-low: as triple-negative unless indolent.
    """
    values, backbone = option.facts.values, option.regimen.backbone
    if values.get("endocrine_group") in {"negative", "low"}:
        return _triple_negative(option)
    if values.get("visceral_crisis"):
        return int(backbone not in {"chemotherapy", "adc"})
    if values.get("endocrine_refractory") and values.get("metastatic_chemotherapy_lines", 0) >= TWO_LINES:
        return int(backbone not in {"adc", "targeted"})  # TROPiCS-02: a conjugate against chemotherapy, longer survival
    later = values.get("metastatic_lines", 0) > 0
    endocrine = backbone == "endocrine" or (backbone == "targeted" and later)
    return int(not endocrine and not values.get("endocrine_refractory"))


def _triple_negative(option: Option) -> int:
    """Give 0 for what comes first without hormone receptors, or with few of them, else 1.

    Before any chemotherapy for metastases a PD-1 combination for those who are candidates (ESMO 2021, figure 5, asks for PD-L1
    before BRCA; KEYNOTE-355 gained survival, the trials of PARP inhibitors did not); later a HER2-directed conjugate after the TROP2 one,
    while that can still be given (phase 3 in ASCENT; 58 patients, exploratory, in DESTINY-Breast04).
    """
    values, low = option.facts.values, option.facts.values.get("endocrine_group") == "low"
    if low and (option.regimen.backbone == "endocrine" or CDK46 in option.candidate.classes):
        return int(values.get("pace") != "indolent")
    if values.get("pd1_candidate") and values.get("metastatic_lines_beyond_endocrine", 0) == 0:
        return int("pd1_inhibitor" not in option.candidate.classes)
    return int(not low and "her2" in targets(option) and _trop2_open(option))


def _trop2_open(option: Option) -> bool:
    """Say whether a conjugate against TROP2 may still come, now or a line later (the EU text asks for two in de novo disease)."""
    values = option.facts.values
    if "trop2" in values["adc_targets_progressed_on"]:
        return False
    later = {**values, "metastatic_lines": values.get("metastatic_lines", 0) + 1}
    trees, left = option.snapshot.trees, values.get("agents_not_tolerated", frozenset())
    return any(
        not left & set(candidate.regimen.agents)
        and not option.count_of((*candidate.never, *candidate.not_now))
        and any(option.holds(held) or evaluate(trees[held.at], later).holds for held in candidate.indications)
        for candidate in option.snapshot.candidates
        if "trop2" in {conjugate.target for conjugate in candidate.conjugates} and not candidate.closed
    )


def targets(option: Option) -> frozenset[str]:
    """Give what the conjugates of a regimen bind."""
    return frozenset(conjugate.target for conjugate in option.candidate.conjugates)


def given_before(option: Option) -> int:
    """Count the chemotherapy classes of a regimen that were given before, those apart that have recovered."""
    classes = option.snapshot.knowledge.drug_classes
    given = option.facts.values.get("classes_given", frozenset()) - _recovered(option)
    return len({name for name in option.candidate.classes & given if classes[name].kind == "cytotoxic"})


def _recovered(option: Option) -> frozenset[str]:
    """Give the classes of early disease that did not fail and whose end is a year ago.

    E2100 and KEYNOTE-355 took patients from 12 months after an adjuvant taxane on, OlympiAD after a platinum.
    """
    values = option.facts.values
    ended = {"taxane": "months_since_last_taxane", "platinum": "months_since_adjuvant_platinum_end"}
    again = values["classes_given_metastatic"] | values.get("classes_progressed_on", frozenset())
    return frozenset(name for name, since in ended.items() if values.get(since, 0) >= REST and name not in again)


def off_label(option: Option) -> bool:
    """Say whether no licence here covers this patient, old standard practice apart (weekly paclitaxel, vinorelbine).

    With suppression a regimen that a guideline here names counts as after the menopause (ABC4), whatever its label says; so
    does what one prefers for a test result (a PARP inhibitor before any chemotherapy, ESMO 2021).
    """
    standard = any(licence.status == "off_label_standard" for licence in option.licences)
    woman = option.facts.values.get("sex") != "male"  # licences say themselves when men are added
    suppressed = woman and option.regimen.variant_of is not None and bool(option.statements_here)
    preferred = matched(option) and _best_position(option.statements_here) == POSITIONS["preferred"]
    return option.licence_status == "off-label" and not (standard or suppressed or preferred)


def matched(option: Option) -> bool:
    """Say whether a test result of this patient opened the option (ESR1, PIK3CA, germline BRCA, PD-L1)."""
    carriers = (*option.candidate.active, *option.candidate.positive)
    return any(held.matched and option.holds(held) for held in carriers)


def lifted(option: Option, context: Heard) -> bool:
    """Say whether a test result puts the option first.

    It never passes over a CDK4/6 inhibitor that guidelines of this place put first and that was never given (ASCO 2021 and
    2024, ABC5): "after endocrine therapy" in a licence also holds for a relapse years after adjuvant tamoxifen.
    """
    return used(option) and (CDK46 in option.candidate.classes or not context.cdk46_first)


def used(option: Option) -> bool:
    """Say whether a result of this patient is its target.

    A platinum for a BRCA variant is chemotherapy: before a PARP inhibitor, which is of no use after it failed, it is not lifted.
    """
    platinum = "platinum" in option.candidate.classes and "pd1_inhibitor" not in option.candidate.classes
    return matched(option) and not platinum


def weak(option: Option) -> bool:
    """Say whether it is off label, carried by nothing that was read, or chemotherapy in no guideline and for no result: planned last.

    What guidelines here offer for a test result is not weak, whatever the label asks for before it: ESMO 2021 wants neither
    anthracycline nor taxane before a PARP inhibitor.
    """
    bare = option.regimen.backbone == "chemotherapy" and not option.statements_heard and not used(option)
    offered = matched(option) and _best_position(option.statements_here) <= POSITIONS["standard"]
    return bare or (off_label(option) and not offered) or "unverified" in option.flags


def repeats_class(option: Option) -> int:
    """Count what already failed and comes after everything new.

    A class that failed, and every caution that puts the option last: cross-resistance, or a population that no trial took.
    Where chemotherapy was declined a conjugate, which carries a cytotoxic drug, waits until somebody asked (S-N41b).
    """
    if option.regimen.backbone == "adc" and option.facts.values.get("chemotherapy_declined"):
        return UNASKED
    failed = option.facts.values.get("classes_progressed_on", frozenset())
    classes = option.snapshot.knowledge.drug_classes
    repeated = sum(classes[name].not_twice for name in option.candidate.classes & failed)
    return repeated + option.count_of(option.candidate.puts_last)


def repeats_drug(option: Option) -> bool:
    """Say whether a drug of it failed or was not tolerated, suppression apart."""
    values, agents = option.facts.values, option.snapshot.knowledge.agents
    failed = values.get("agents_progressed_on", frozenset()) | values.get("agents_not_tolerated", frozenset())
    return any(name in failed and agents[name].drug_class != "ovarian_suppression" for name in option.regimen.agents)


def after_the_new(option: Option) -> int:
    """Give 0 for what is new, 1 for what repeats a class or is put last, 2 for a conjugate that somebody has to ask for."""
    repeats = repeats_class(option)
    return (repeats > 0) + (repeats >= UNASKED)


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
    return option.facts.values.get("endocrine_group") != "positive" and not used(option)

"""What one option is worth by itself: its pathway, licence, target, what it repeats. The guidelines of its place are not asked.

Comes in: an option of one state. Goes out: numbers and yes or no, from which keys are made. Nothing here opens or closes it.
"""

from collections.abc import Iterable

from mbc_widgets.conditions import evaluate
from mbc_widgets.eligibility import Option
from mbc_widgets.records import Statement
from mbc_widgets.said import OFF_LABEL

POSITIONS = {"preferred": 0, "standard": 1, "alternative": 2, "consider": 3}
ELSEWHERE = 4  # added to the position of a body that speaks for another region
CDK46 = "cdk46_inhibitor"
TWO_LINES = 2
REST = 12  # months
# Months since an adjuvant CDK4/6 inhibitor: INAVO120 took relapses from then on; PACE counted earlier ones as resistance.
CDK46_REST = 12
UNASKED = 9  # behind whatever failed
# What a result can move and a rank reads of every option, also of those whose own conditions do not.
RANKED = frozenset({"endocrine_group", "pd1_candidate", "pace", "visceral_crisis"})
# What, where it turns some options, orders others anew: a platinum that stays where it is while a BRCA variant puts other
# chemotherapy behind it.
REORDERED = frozenset({"germline_brca"})


def best_position(read: Iterable[Statement]) -> int:
    """Give the best place among statements that were read; that of elsewhere where there is none."""
    return min((POSITIONS[statement.position] for statement in read), default=ELSEWHERE)


def cdk46_spent(option: Option) -> bool:
    """Say whether a CDK4/6 inhibitor had its time: intolerance is not resistance, nor is a relapse long after an adjuvant one.

    Progression on one is told by `repeats_class`. What was given for metastatic disease and ended otherwise counts as well.
    """
    values, agents = option.facts.values, option.snapshot.knowledge.agents
    left = any(agents[name].drug_class == CDK46 for name in values.get("agents_not_tolerated", ()))
    given = CDK46 in values.get("classes_given_metastatic", ())
    return (given and not left) or values.get("months_since_adjuvant_cdk46_end", CDK46_REST) < CDK46_REST


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
    again = option.candidate.cytotoxic & option.facts.values.get("classes_given", frozenset())
    return len(again - _recovered(option)) if again else 0


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
    if option.licence_status != OFF_LABEL:
        return False
    standard = any(licence.status == "off_label_standard" for licence in option.licences)
    woman = option.facts.values.get("sex") != "male"  # licences say themselves when men are added
    suppressed = woman and option.regimen.variant_of is not None and bool(option.statements_here)
    preferred = matched(option) and best_position(option.statements_here) == POSITIONS["preferred"]
    return not (standard or suppressed or preferred)


def matched(option: Option) -> bool:
    """Say whether a test result of this patient opened the option (ESR1, PIK3CA, germline BRCA, PD-L1)."""
    return option.said.matched


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
    offered = matched(option) and best_position(option.statements_here) <= POSITIONS["standard"]
    return bare or (off_label(option) and not offered) or option.said.unverified


def repeats_class(option: Option) -> int:
    """Count what already failed and comes after everything new.

    A class that failed, and every caution that puts the option last: cross-resistance, or a population that no trial took.
    Where chemotherapy was declined a conjugate, which carries a cytotoxic drug, waits until somebody asked (S-N41b).
    """
    if option.regimen.backbone == "adc" and option.facts.values.get("chemotherapy_declined"):
        return UNASKED
    failed = option.facts.values.get("classes_progressed_on", frozenset())
    return len(option.candidate.not_twice & failed) + option.count_of(option.candidate.puts_last)


def repeats_drug(option: Option) -> bool:
    """Say whether a drug of it failed or was not tolerated, suppression apart."""
    values, drugs = option.facts.values, option.candidate.drugs
    failed, left = values.get("agents_progressed_on", ()), values.get("agents_not_tolerated", ())
    return not (drugs.isdisjoint(failed) and drugs.isdisjoint(left))


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

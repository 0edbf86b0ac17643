"""What must be said before any drug: out of scope, emergencies, biopsy, local therapy; and warnings about the input."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mbc_widgets.conditions import fields_of, holds
from mbc_widgets.evidence import missed, reported_trials
from mbc_widgets.facts import Facts
from mbc_widgets.facts.receptors import last_positive, overruled
from mbc_widgets.facts.therapy import LIFETIME_LIMIT
from mbc_widgets.knowledge import Snapshot
from mbc_widgets.patient import Patient, Sample
from mbc_widgets.records import Debate, FitCriterion, Trial

BESIDE = frozenset({"bone", "general"})  # topics of care that goes with any drug
MOST_MISSED, ENOUGH_TRIALS = 3, 3
OLD_SAMPLE = 24  # months; judgement
DOUBTFUL = {"cytology": "from cytology", "decalcified": "from decalcified bone"}
AROMATASE_INHIBITORS = frozenset({"letrozole", "anastrozole", "exemestane"})


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A sentence with a code and, for a prompt, the source key; `beside` is care beside the drugs, not before them."""

    code: str
    text: str
    source: str = ""
    beside: bool = False


def prompts(facts: Facts, snapshot: Snapshot) -> tuple[Prompt, ...]:
    """Give the rules that concern every regimen and the advice in force, as prompts shown before the drugs."""
    found = []
    for topic in snapshot.knowledge.safety:
        for rule in topic.rules:
            everyone = rule.applies_to.everything and rule.regulator in {None, snapshot.regulator}
            in_force = (rule.since or "") <= snapshot.day and (rule.until is None or snapshot.day < rule.until)
            if everyone and in_force and ":" not in rule.id and holds(rule.when, facts.values):
                found.append(Prompt(code=rule.id, text=rule.text, source=rule.source, beside=topic.id in BESIDE))
    return tuple(found)


def debates(facts: Facts, snapshot: Snapshot) -> tuple[Debate, ...]:
    """Give the open questions that concern this patient on this day; one about a marker waits for its result."""
    day = snapshot.day
    in_force = (d for d in snapshot.knowledge.debates if d.since <= day and (d.until is None or day < d.until))
    return tuple(debate for debate in in_force if holds(debate.when, facts.values))


def warnings(patient: Patient, facts: Facts, snapshot: Snapshot) -> tuple[Prompt, ...]:
    """Give what is unusual but possible in the input; each says how it is read and that it is kept."""
    found = [*_about_samples(patient, facts), *_about_receptors(facts)]
    values = facts.values
    if "anthracycline" in values.get("classes_given", ()) and not values.get("doxorubicin_equivalent_mg_m2"):
        found.append(
            Prompt(
                code="anthracycline-dose",
                text="An anthracycline was given but no dose is entered: the lifetime limit cannot be checked and counts as not reached.",
            )
        )
    if "brain" in values.get("sites", ()) and values.get("brain_state") == "none_known":
        found.append(
            Prompt(
                code="brain-state",
                text="Brain is among the sites, but brain metastases stand as none known: say whether they are treated or active. Many trials turn on it.",
            )
        )
    if values.get("agents_running"):
        drugs = " + ".join(snapshot.knowledge.agents[each].name for each in sorted(values["agents_running"]))
        found.append(
            Prompt(
                code="running-line",
                text=f"{drugs} is being given, without progression: treatment that works goes on. The options are what could be given"
                " today; the sequences begin after progression on it, unless a switch is due before.",
            )
        )
    found += [*_adjuvant_cdk46(facts), *_old_her2(facts, snapshot)]
    modern = _modern_definitions(facts, snapshot)
    found += [*modern, *_early_drugs(patient, snapshot), *_overlaps(patient, snapshot)]
    found += _unusual_therapy(patient, facts)
    if patient.seen_on.isoformat() > snapshot.day:
        found.append(
            Prompt(
                code="older-day",
                text=f"The history is of {patient.seen_on}; it is read with the knowledge of {snapshot.day}."
                f" Answers use nothing younger{' but the definition named here' if modern else ''}; what is shown of it says so.",
            )
        )
    return tuple(found)


def no_trial(regimens: Iterable[str], facts: Facts, snapshot: Snapshot) -> tuple[Prompt, ...]:
    """Say what about this patient no trial behind these regimens took, and when none took such a patient at all.

    Unknown is not missed, and a trial that is silent about a state of health neither took nor refused it.
    """
    trials = [trial for trial in reported_trials(regimens, snapshot) if trial.fit]
    asked = [{_subject(criterion, snapshot) for criterion in missed(trial, facts)} for trial in trials]
    if asked and all(asked):
        counts = Counter(subject for subjects in asked for subject in sorted(subjects))
        most = "; ".join(f"{subject} ({count})" for subject, count in counts.most_common(MOST_MISSED))
        told = f"None of the {len(asked)} trials behind the offered options took a patient like this one. They differ in {most}."
    else:
        told = " ".join(
            f"{label}: {count} of the {len(trials)} trials behind the offered options speak of it, and each kept such patients out."
            for label, count in _refused(trials, facts, snapshot)
        )
    return (Prompt(code="no-trial", text=f"{told} What they found may not hold here."),) if told else ()


def _refused(trials: list[Trial], facts: Facts, snapshot: Snapshot) -> Iterator[tuple[str, int]]:
    """Give each state of health that every trial which speaks of it refuses, and in how many trials; one or two prove nothing."""
    speaking: dict[str, dict[str, bool]] = {}
    for trial in trials:
        for criterion in trial.fit:
            names = fields_of(criterion.when)
            if len(names) == 1:
                refuses = holds(criterion.when, facts.values) is False
                by_trial = speaking.setdefault(min(names), {})
                by_trial[trial.id] = by_trial.get(trial.id, False) or refuses
    for name, by_trial in speaking.items():
        entry = snapshot.knowledge.vocabulary[name]
        health = entry.changes == "course" and not entry.derived and name not in facts.assumed
        if health and len(by_trial) >= ENOUGH_TRIALS and all(by_trial.values()):
            yield entry.label, len(by_trial)


def _subject(criterion: FitCriterion, snapshot: Snapshot) -> str:
    """Give what a criterion is about: the one number or state that it reads, as trials word it differently; else its words."""
    names = fields_of(criterion.when)
    entry = snapshot.knowledge.vocabulary[min(names)]
    return criterion.text if len(names) > 1 or entry.kind == "set" else entry.label


def _about_samples(patient: Patient, facts: Facts) -> Iterator[Prompt]:
    """Say which receptor was lost between which samples, and which negative result does not count."""
    samples, values = patient.receptor_samples, facts.values
    doubtful = overruled(samples)
    tested = [s for s in samples if (s.er_percent is not None or s.pr_percent is not None) and s not in doubtful]
    before = last_positive(samples, "er_percent", "pr_percent")
    if before is None:
        return
    if values.get("receptor_lost"):
        text = (
            f"Receptor lost: {_told(before)}, then {_told(tested[-1])}. Endocrine therapy alone stays open, with a caution; the rest is planned"
            " as without receptors, for trials of combinations took the latest sample. Bodies differ; repeat the biopsy if in doubt."
        )
        yield Prompt(code="receptor-lost", text=text)
        return
    with_er = last_positive(samples, "er_percent")
    if values.get("single_pr_positive") and with_er:
        text = f"ER lost, PR kept: {_told(with_er)}, then {_told(tested[-1])}. It counts as receptor positive; repeat the test."
        yield Prompt(code="er-lost", text=text)
    for sample in doubtful:
        if sample.day >= before.day:
            text = (
                f"Negative but doubtful: {_told(sample)}, {DOUBTFUL[sample.method]}. Such a sample is often falsely negative, so the earlier"
                " positive one counts; repeat the biopsy if it matters."
            )
            yield Prompt(code="doubtful-negative", text=text)


def _told(sample: Sample) -> str:
    """Give "ER 90 %, PR 50 % (liver, 2019-03-01)"."""
    results = (("ER", sample.er_percent), ("PR", sample.pr_percent))
    found = ", ".join(f"{name} {percent:g} %" for name, percent in results if percent is not None)
    return f"{found} ({sample.site or sample.tissue}, {sample.day})"


def _about_receptors(facts: Facts) -> list[Prompt]:
    """Say what an earlier HER2-positive sample, or a low receptor, means for the pathway."""
    found = []
    values = facts.values
    if values.get("her2_ever_positive"):
        found.append(
            Prompt(
                code="her2-ever-positive",
                text="An earlier sample was HER2 positive. This workbook covers HER2-negative disease; consider HER2-directed therapy and a new biopsy.",
            )
        )
    if values.get("endocrine_group") == "low":
        found.append(
            Prompt(
                code="er-low",
                text="ER-low (1-10 %) opens both pathways; it often behaves like triple-negative disease, and most trials of both kinds left it out.",
            )
        )
    return found


def _modern_definitions(facts: Facts, snapshot: Snapshot) -> list[Prompt]:
    """Say where a definition that is younger than the day is used, because no older one was read."""
    values, vocabulary = facts.values, snapshot.knowledge.vocabulary
    used = [
        name
        for name, quiet in (
            ("endocrine_resistance", {"naive", "sensitive"}),
            ("visceral_crisis", {False}),
            ("oligometastatic", {False, None}),
        )
        if values.get(name) not in quiet and (vocabulary[name].since or "") > snapshot.day
    ]
    return [
        Prompt(
            code="modern-definition",
            text=f"{vocabulary[name].label}: the definition of {vocabulary[name].since} is used for this older day ({vocabulary[name].source}).",
        )
        for name in used
    ]


def _unusual_therapy(patient: Patient, facts: Facts) -> list[Prompt]:
    """Name therapy that was given although it is not how these drugs are used: real, kept, and worth a word."""
    values = facts.values
    found = []
    alone = [t for t in patient.prior_therapies if set(t.agents) <= AROMATASE_INHIBITORS]
    working = values.get("ovaries") in {"can_be_suppressed", "declined"}
    if alone and (working or values.get("sex") == "male"):
        whom = "a man" if values.get("sex") == "male" else "working ovaries"
        text = f"An aromatase inhibitor was given alone to {whom}: without suppression it is unreliable. The entry is kept and counts as endocrine therapy."
        found.append(Prompt(code="inhibitor-alone", text=text))
    dose = values.get("doxorubicin_equivalent_mg_m2", 0)
    if dose > LIFETIME_LIMIT:
        text = (
            f"The anthracycline dose entered, {dose:.0f} mg/m2 as doxorubicin, is above the label's limit of {LIFETIME_LIMIT:.0f}:"
            " with dexrazoxane or a liposomal form it happens, else check the entry."
        )
        found.append(Prompt(code="anthracycline-above-limit", text=text))
    return found


def _old_her2(facts: Facts, snapshot: Snapshot) -> list[Prompt]:
    """Say that an old HER2 result may no longer hold, from the day on which its sub-class matters."""
    months, since = facts.values.get("months_since_her2_sample", 0), snapshot.knowledge.vocabulary["her2_low"].since
    if months < OLD_SAMPLE or facts.values.get("her2_positive") or (since or "") > snapshot.day:
        return []
    text = (
        f"HER2 was last looked at {months:.0f} months ago. Between primary tumour and relapse it changed in 38 of 100 (547 pairs,"
        " npj Breast Cancer 2021;7:137): 15 from 0 to low, 14 from low to 0. Think of a new sample."
    )
    return [Prompt(code="old-her2-sample", text=text)]


def _adjuvant_cdk46(facts: Facts) -> list[Prompt]:
    """Tell how long an adjuvant CDK4/6 inhibitor was given and when the disease came back: the trials part at 12 months."""
    values = facts.values
    if "adjuvant" not in values.get("cdk46_setting", ()):
        return []
    on, off = values.get("cdk46_months_adjuvant", 0), values.get("months_since_adjuvant_cdk46_end", 0)
    relapse = "relapse on it" if off == 0 else f"relapse {off:.0f} months after its end"
    text = (
        f"Adjuvant CDK4/6 inhibitor: {on:.0f} months on it, {relapse}. The first-line trials of these drugs took nobody after one; several later trials"
        " count a relapse within 12 months of its end as resistance. The trials of each option say whom they took."
    )
    return [Prompt(code="adjuvant-cdk46", text=text)]


def _overlaps(patient: Patient, snapshot: Snapshot) -> list[Prompt]:
    """Name lines for metastatic disease that ran at the same time: given together they are one line, not two."""
    agents, classes = snapshot.knowledge.agents, snapshot.knowledge.drug_classes
    lines = [
        (number, therapy)
        for number, therapy in enumerate(patient.prior_therapies, start=1)
        if therapy.setting == "metastatic"
        and any(classes[agents[a].drug_class].kind not in {"supportive", "suppression"} for a in therapy.agents)
    ]
    return [
        Prompt(
            code="overlap",
            text=f"Therapies {first} and {second} were given at the same time from {max(one.start, other.start)} on and count as two lines;"
            " drugs given together belong in one row. The entry is kept.",
        )
        for place, (first, one) in enumerate(lines)
        for second, other in lines[place + 1 :]
        if max(one.start, other.start) < min(one.stop or patient.seen_on, other.stop or patient.seen_on)
    ]


def _early_drugs(patient: Patient, snapshot: Snapshot) -> list[Prompt]:
    """Name drugs in the history that this regulator had not licensed for anything when they were started."""
    found = []
    for therapy in patient.prior_therapies:
        for agent in therapy.agents:
            drug = snapshot.knowledge.agents[agent]
            days = [x.granted or "" for x in drug.licences if x.regulator == snapshot.regulator]
            if days and therapy.start.isoformat() < min(days) and not any(x.established for x in drug.licences):
                text = (
                    f"{drug.name} was started on {therapy.start}, before its first licence here ({min(days)}): "
                    "a trial, another country or a slip. The entry is kept."
                )
                found.append(Prompt(code="before-licence", text=text))
    return found

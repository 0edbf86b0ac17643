"""What stands behind a regimen otherwise in one knowledge than in another: before and after an edit, in an edition and in a what-if.

Comes in: two snapshots of the same day, regulator and body, or a record. Goes out: the parts that differ. Whatever a what-if
of the sandbox changed is told by this, and drawn as an assumption.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from mbc_widgets import records as r
from mbc_widgets.knowledge.snapshot import Candidate, Snapshot
from mbc_widgets.knowledge.whole import Knowledge

LICENCE, GUIDELINE, LIMIT, DEFINITION = "licence", "guideline", "safety limit", "definition"
OF_THE_WHOLE = ("phase", "subtype", "arms", "fit", "population")  # of a trial: what every figure of it rests on
EVERYTHING: tuple[str, ...] = (DEFINITION,)


@cache
def facts_alike(old: Knowledge, new: Knowledge) -> bool:
    """Say whether every patient has the same facts by both: the same vocabulary, classes and drugs of each class."""
    drugs = [{name: (agent.drug_class, agent.adc) for name, agent in each.agents.items()} for each in (old, new)]
    return (old.vocabulary, old.drug_classes, drugs[0]) == (new.vocabulary, new.drug_classes, drugs[1])


def touched(old: Knowledge, new: Knowledge) -> frozenset[str]:
    """Give the regimens behind which anything differs on some day; of all others every answer is the same by both."""
    if not facts_alike(old, new) or (old.bodies, old.editions) != (new.bodies, new.editions):
        return frozenset({**old.regimens, **new.regimens})
    return frozenset(name for name in {**old.regimens, **new.regimens} if _behind(name, old) != _behind(name, new))


def _behind(regimen: str, known: Knowledge) -> Any:
    """Give all that is known of a regimen, whatever the day; its drugs may be marketed for another one."""
    if regimen not in known.regimens:
        return None
    drugs = (known.agents[name] for name in known.regimens[regimen].agents)
    return (
        known.regimens[regimen],
        [(drug.first_licence, drug.licences) for drug in drugs],
        known.licences_of.get(regimen),
        known.statements_of.get(regimen),
        known.rules_of[regimen],
    )


def narrowed(known: Knowledge, regimens: frozenset[str]) -> Knowledge:
    """Give the knowledge with some of its regimens alone: its days are made in a fraction of the time."""
    return replace(known, regimens={name: each for name, each in known.regimens.items() if name in regimens})


@cache
def differing(old: Snapshot, new: Snapshot) -> Mapping[str, tuple[str, ...]]:
    """Give, by regimen, which parts stand behind it otherwise in `new`; what is the same in both is left out."""
    before, after = _candidates(old), _candidates(new)
    alike = facts_alike(old.knowledge, new.knowledge)
    found: dict[str, tuple[str, ...]] = {}
    for name in {**before, **after}:
        if name not in before or name not in after:
            found[name] = EVERYTHING
            continue
        was, now = _parts(before[name]), _parts(after[name])
        parts = [part for part in now if now[part] != was[part]]
        if parts or not alike:
            found[name] = (*parts,) if alike else tuple(dict.fromkeys((*parts, DEFINITION)))
    return found


def _candidates(snapshot: Snapshot) -> dict[str, Candidate]:
    return {each.regimen.id: each for each in (*snapshot.candidates, *snapshot.supportive)}


def _parts(candidate: Candidate) -> dict[str, Any]:
    said = (*candidate.positive, *candidate.beside, *candidate.against)
    limits = (*candidate.never, *candidate.not_now, *candidate.cautions, *candidate.learnt_later)
    return {
        LICENCE: (candidate.marketed, [held.item for held in (*candidate.active, *candidate.withdrawn)]),
        GUIDELINE: (
            [(held.item, held.here) for held in said],
            len(candidate.indications) - len(candidate.active),  # how many of them open it
        ),
        LIMIT: [held.item for held in limits],
        DEFINITION: (candidate.regimen, candidate.classes, candidate.not_twice, candidate.conjugates),
    }


def assumed_parts(regimen: str, snapshot: Snapshot) -> tuple[str, ...]:
    """Give which parts behind a regimen are assumed on this day: licence, guideline, safety limit, definition; () in an edition."""
    edition = snapshot.knowledge.changed_from
    if edition is None:
        return ()
    try:
        before = edition.on(snapshot.day, snapshot.regulator, snapshot.body)
    except ValueError:  # a body that only the what-if knows
        return (GUIDELINE,)
    return differing(before, snapshot).get(regimen, ())


def is_assumed(record: r.Licence | r.Statement | r.SafetyRule, knowledge: Knowledge) -> bool:
    """Say whether the edition behind a what-if holds no such licence, statement or rule; False in an edition."""
    edition = knowledge.changed_from
    return edition is not None and record not in _records(edition).get((type(record), record.source), ())


@cache
def _records(edition: Knowledge) -> Mapping[tuple[type, str], list[Any]]:
    found: dict[tuple[type, str], list[Any]] = {}
    licences = (x for agent in edition.agents.values() for x in agent.licences)
    statements = (x for question in edition.questions for x in question.statements)
    rules = (x for topic in edition.safety for x in topic.rules)
    records: tuple[Any, ...] = (*licences, *statements, *rules)
    for record in records:
        found.setdefault((type(record), record.source), []).append(record)
    return found


def is_assumed_result(trial: r.Trial, result: r.Result, knowledge: Knowledge) -> bool:
    """Say whether the edition behind a what-if holds no such result, or says otherwise what trial it was; False in an edition."""
    edition = knowledge.changed_from
    if edition is None:
        return False
    if trial.id not in edition.raw_trials:
        return True
    known = edition.trial(trial.id)
    return result not in known.results or any(getattr(trial, name) != getattr(known, name) for name in OF_THE_WHOLE)

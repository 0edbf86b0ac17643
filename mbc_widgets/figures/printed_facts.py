"""What a notebook prints of the knowledge itself: a trial with its results or its harms, a drug with its licences and doses."""

from dataclasses import replace

from mbc_widgets.conditions import nearest
from mbc_widgets.figures import assumed, words
from mbc_widgets.figures.printed import Table, TableError, bare, made, noted, read
from mbc_widgets.knowledge import Knowledge, load
from mbc_widgets.records import Dose, Licence, Result, Trial


def trial(name: str, knowledge: Knowledge | None = None) -> Table:
    """Give every result of a trial: what was found in both arms, in whom, when it was public, and where it stands.

    Raises:
        TableError: there is no such trial; the text names the nearest.

    """
    found, known = _trial(name, knowledge)
    rows = [_result(result, found, known) for result in found.results]
    columns = ("Result", "Experimental", "Control", "Hazard ratio", "Public", "Source")
    links = [words.link(result.source, known)[1] for result in found.results]
    arms = " v ".join(arm.name for arm in found.arms)
    table = replace(made(f"{found.name}: {arms}", columns, rows, links), note=bare(found.note or ""))
    return noted(table, known)


def harms(name: str, knowledge: Knowledge | None = None) -> Table:
    """Give how many had an adverse event in each arm of a trial, percent.

    Raises:
        TableError: there is no such trial; the text names the nearest.

    """
    found, known = _trial(name, knowledge)
    arms = {arm.id: arm.name for arm in found.arms}
    rows = [
        (
            f"{each.event}, {each.arm_name or arms.get(each.arm, each.arm)}",
            words.number(each.any_grade_percent),
            words.number(each.grade_3_plus_percent) + ("" if each.verified == "seen" else " (recalled)"),
            words.link(each.source, known)[0],
        )
        for each in found.adverse_events
    ]
    links = [words.link(each.source, known)[1] for each in found.adverse_events]
    columns = ("Event and arm", "Any grade", "Grade 3 or more", "Source")
    return noted(made(f"{found.name}: adverse events, %", columns, rows, links), known)


def drug(name: str, knowledge: Knowledge | None = None) -> Table:
    """Give the licences of a drug, each with its days and population, and its doses.

    Raises:
        TableError: there is no such drug; the text names the nearest.

    """
    known = knowledge or load()
    if name not in known.agents:
        raise TableError(f"There is no drug {name!r}{nearest(name, known.agents)}")
    found = known.agents[name]
    facts: list[Licence | Dose] = [*found.licences, *found.doses]
    rows = [
        (*_licence(each), _source(each, known)) if isinstance(each, Licence) else (*_dose(each), _source(each, known))
        for each in facts
    ]
    columns = ("What", "For whom, or how much", "Regimens", "Source")
    links = [words.link(each.source, known)[1] for each in facts]
    return noted(made(found.name, columns, rows, links), known)


def _licence(licence: Licence) -> tuple[str, str, str]:
    end = f", withdrawn {words.day(licence.withdrawn)}" if licence.withdrawn else ""
    return f"{words.licence_word(licence)}{end}", licence.wording, ", ".join(licence.covers)


def _dose(dose: Dose) -> tuple[str, str, str]:
    counted = f" ({words.number(dose.mg_m2_per_cycle)} mg/m2 in a cycle)" if dose.mg_m2_per_cycle else ""
    return "dose", f"{dose.text}{counted}", ", ".join(dose.covers)


def _source(fact: Licence | Dose, known: Knowledge) -> str:
    return words.link(fact.source, known)[0] + ("" if fact.verified == "seen" else " (recalled)")


def _trial(name: str, knowledge: Knowledge | None) -> tuple[Trial, Knowledge]:
    known = knowledge or load()
    if name not in known.raw_trials:
        raise TableError(f"There is no trial {name!r}{nearest(name, known.raw_trials)}")
    return known.trial(name), known


def _result(result: Result, found: Trial, known: Knowledge) -> tuple[str, ...]:
    arms = {arm.id: arm.name for arm in found.arms}
    arm = f" ({arms.get(result.arm, '')} v {arms.get(result.control_arm or '', 'control')})" if result.arm else ""
    return (
        f"{words.endpoint(result)}, {result.population or 'all'}{arm}",
        read(result, words.figure(result.experimental)),
        read(result, words.figure(result.control)),
        read(result, words.figure(result.hazard_ratio)),
        words.reported(result),
        assumed.marked_result(words.link(result.source, known)[0], found, result, known),
    )

"""Lines of therapy for metastatic disease: what begins a new one and what still belongs to the one before.

Trials and labels count lines of chemotherapy, of conjugates and of endocrine therapy each for itself (DESTINY-Breast04 and
-Breast06, TROPION-Breast01, CAPItello-291), so a line goes on only within one kind of therapy.
"""

from collections.abc import Collection, Iterable
from datetime import date

from mbc_widgets.knowledge import Knowledge
from mbc_widgets.patient import DAYS_PER_MONTH, Therapy, months_between

SAME_LINE_AFTER = ("toxicity", "planned_break")  # a change for these is not a new line, within one kind of therapy
LEFT_MONTHS = 6  # longer without therapy, the next one is for a disease that came back; judgement
CONJUGATE, CHEMOTHERAPY, ENDOCRINE = "adc", "cytotoxic", "endocrine"
CYTOTOXIC = frozenset({CONJUGATE, CHEMOTHERAPY})
# Of the kinds in a therapy, the first is what it counts as.
DECIDING = (CONJUGATE, CHEMOTHERAPY, ENDOCRINE, "immune", "targeted")
BESIDE = ""  # bone agents and suppression alone are given beside a line


def kinds_of(agents: Iterable[str], knowledge: Knowledge) -> set[str]:
    """Give the kinds (endocrine, cytotoxic, adc, …) of some drugs."""
    return {knowledge.drug_classes[knowledge.agents[agent].drug_class].kind for agent in agents}


def counted_as(agents: Iterable[str], knowledge: Knowledge) -> str:
    """Give the kind of therapy that some drugs given together are, or `BESIDE`."""
    kinds = kinds_of(agents, knowledge)
    return next((kind for kind in DECIDING if kind in kinds), BESIDE)


def leaves_endocrine(agents: Iterable[str], knowledge: Knowledge) -> bool:
    """Say whether a line left endocrine therapy behind: chemotherapy, or a PARP inhibitor, which trials set in its place.

    OlympiAD and EMBRACA gave one against chemotherapy.
    """
    listed = tuple(agents)
    classes = {knowledge.agents[agent].drug_class for agent in listed}
    kind = counted_as(listed, knowledge)
    return kind == CHEMOTHERAPY or (kind == "targeted" and "parp_inhibitor" in classes)


def line_goes_on(therapy: Therapy, day: date) -> bool:
    """Say whether what begins on `day` may still belong to the same line.

    It was stopped for toxicity or a break, without progression, and not more than half a year ago.
    """
    left = therapy.stop_reason in SAME_LINE_AFTER and not therapy.progressed
    return left and months_between(therapy.stop or day, day) <= LEFT_MONTHS


def partners_of(last: Therapy, day: date) -> frozenset[str]:
    """Give the drugs of which one makes a therapy begun on `day` the same line: nothing progressed, and it begins within a month.

    An early switch on ESR1, the end of one of two drugs.
    """
    if last.stop is None or last.progressed or last.stop_reason == "progression":
        return frozenset()
    return frozenset(last.agents) if (day - last.stop).days <= DAYS_PER_MONTH else frozenset()


def stays_in(kinds: Collection[str], kind: str, *, shared: bool, goes_on: bool) -> bool:
    """Say whether a therapy of `kind` stays in a line of these `kinds`.

    Where chemotherapy or a conjugate is new in it, never. Else when it shares a drug with what was just given (`shared`); and
    in a line that `goes_on` when it is one of its kinds, or endocrine after chemotherapy (maintenance, ESMO 2021).
    """
    if kind in CYTOTOXIC and kind not in kinds:
        return False
    return shared or (goes_on and (kind in kinds or (kind == ENDOCRINE and not CYTOTOXIC.isdisjoint(kinds))))


def group_by_line(therapies: Iterable[Therapy], knowledge: Knowledge) -> list[list[Therapy]]:
    """Give metastatic therapies by line, without those beside one.

    Maintenance stays in the line before, and so do, within one kind of therapy, a change for toxicity and what follows a
    break; a partner that is changed or left does so unless chemotherapy or a conjugate is new in the line.
    """
    lines: list[list[Therapy]] = []
    kinds: list[set[str]] = []
    for therapy in therapies:
        kind = counted_as(therapy.agents, knowledge)
        if kind == BESIDE:
            continue
        if lines and (therapy.maintenance or _continues(lines[-1][-1], therapy, kinds[-1], kind)):
            lines[-1].append(therapy)
            kinds[-1].add(kind)
        else:
            lines.append([therapy])
            kinds.append({kind})
    return lines


def _continues(last: Therapy, therapy: Therapy, kinds: set[str], kind: str) -> bool:
    shared = not partners_of(last, therapy.start).isdisjoint(therapy.agents)
    return stays_in(kinds, kind, shared=shared, goes_on=line_goes_on(last, therapy.start))

"""Prior therapy as facts: lines by their counting rules, resistance per exposure, what failed and what was not tolerated."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from mbc_widgets.facts.lines import (
    BESIDE,
    counted_as,
    group_by_line,
    kinds_of,
    leaves_endocrine,
    line_goes_on,
    partners_of,
)
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.patient import Patient, Therapy, months_between

NEVER = 999  # months, where nothing was given
PRIMARY_ADJUVANT_MONTHS = 24  # ABC4 (doi 10.1093/annonc/mdy192): relapse in the first 2 years of adjuvant therapy
PRIMARY_METASTATIC_MONTHS = 6  # ABC4: progression in the first 6 months of first-line endocrine therapy
SECONDARY_AFTER_END_MONTHS = 12  # ABC4: relapse within 12 months of the end of adjuvant endocrine therapy
EPIRUBICIN_TO_DOXORUBICIN = 0.6  # ratio of the label limits, 550 and 900 mg/m2
LIFETIME_LIMIT = 550.0  # mg/m2 doxorubicin; the label's limit, at which a clinician stops
RESISTANCE = ("naive", "sensitive", "secondary", "primary")


def therapy_facts(patient: Patient, knowledge: Knowledge) -> dict[str, Any]:
    """Give all facts that come from past therapies; `first` is the first metastatic day (or the visit)."""
    history = History(patient, knowledge)
    return {
        **history.lines(),
        **history.exposures(),
        **history.early(),
        **history.endocrine(),
        **history.other(),
    }


class History:
    """Past therapies with the classes of their drugs; each method gives one group of facts."""

    def __init__(self, patient: Patient, knowledge: Knowledge) -> None:
        self.patient, self.knowledge = patient, knowledge
        self.therapies = patient.prior_therapies
        late = (t for t in self.therapies if t.setting == "metastatic")
        self.metastatic = [t for t in late if counted_as(t.agents, knowledge) != BESIDE]
        self.adjuvant = [t for t in self.therapies if t.setting != "metastatic"]
        starts = [t.start for t in self.metastatic]
        self.first = patient.first_metastatic_day or (min(starts) if starts else patient.seen_on)

    def classes(self, therapy: Therapy) -> set[str]:
        """Give the drug classes of a therapy."""
        return {self.knowledge.agents[agent].drug_class for agent in therapy.agents}

    def kinds(self, therapy: Therapy) -> set[str]:
        """Give the kinds (endocrine, cytotoxic, adc, …) of a therapy."""
        return kinds_of(therapy.agents, self.knowledge)

    def failed(self, therapy: Therapy) -> bool:
        """Say whether the disease progressed on it, or came back while an early therapy was running."""
        if therapy.progressed or therapy.setting == "metastatic" or therapy.progressed_while_on is False:
            return therapy.progressed
        return therapy.stop is None or therapy.stop >= self.first

    def blamed(self, therapy: Therapy) -> frozenset[str]:
        """Give the drugs that a stop for toxicity points at: the partners of an endocrine drug, where there are any."""
        agents = self.knowledge.agents
        kinds = {agent: self.knowledge.drug_classes[agents[agent].drug_class].kind for agent in therapy.agents}
        partners = frozenset(agent for agent, kind in kinds.items() if kind not in {"endocrine", "suppression"})
        return partners or frozenset(therapy.agents)

    def by_line(self) -> list[list[Therapy]]:
        """Give the metastatic therapies by line."""
        return group_by_line(self.metastatic, self.knowledge)

    def lines(self) -> dict[str, Any]:
        """Give the line counts; an endocrine line left without progression is still open and counts when it is over.

        What may follow it is then what may begin it: another CDK4/6 inhibitor after one that was not tolerated.
        """
        lines = [line[0] for line in self.by_line()][: -1 if self.left() else None]
        endocrine = [t for t in lines if "endocrine" in self.kinds(t) and not self.kinds(t) & {"cytotoxic", "adc"}]
        chemotherapy = [t for t in lines if "cytotoxic" in self.kinds(t) and "adc" not in self.kinds(t)]
        conjugates = [t for t in lines if "adc" in self.kinds(t)]
        return {
            "metastatic_lines": len(lines),
            "metastatic_endocrine_lines": len(endocrine),
            "metastatic_chemotherapy_lines": len(chemotherapy),
            "metastatic_adc_lines": len(conjugates),
            "metastatic_lines_beyond_endocrine": len(chemotherapy) + len(conjugates),
            "chemotherapy_any_setting": any("cytotoxic" in self.kinds(t) for t in self.therapies),
            "_chemotherapy_after_cdk46": self.chemotherapy_after_cdk46(),
            **self.open_line(),
        }

    def chemotherapy_after_cdk46(self) -> bool:
        """Say whether chemotherapy, or a PARP inhibitor, came after a CDK4/6 inhibitor: before it, it says nothing of resistance."""
        inhibited = False
        for line in self.by_line():
            if inhibited and leaves_endocrine(line[0].agents, self.knowledge):
                return True
            inhibited = inhibited or any("cdk46_inhibitor" in self.classes(t) for t in line)
        return False

    def open_line(self) -> dict[str, Any]:
        """Give what decides whether the next therapy still belongs to the last line: its kinds, and how it was left.

        `_line_again` says that it was left and is not yet counted (`left`).
        """
        last = self.by_line()[-1] if self.metastatic else []
        return {
            "_line_again": bool(self.left()),
            "_line_goes_on": self.goes_on(),
            "_line_kinds": frozenset(counted_as(t.agents, self.knowledge) for t in last),
            "_line_partners": partners_of(last[-1], self.patient.seen_on) if last else frozenset(),
            "_line_endocrine": any("endocrine" in self.kinds(t) for t in last),
            "agents_running": _union(t.agents for t in last if t.stop is None and not self.failed(t)),
        }

    def goes_on(self) -> bool:
        """Say whether the last line may still go on: a progression told since it was left, or half a year, ends any line."""
        told = self.patient.findings.get("progression_type", "none") != "none"
        return bool(self.metastatic) and not told and line_goes_on(self.by_line()[-1][-1], self.patient.seen_on)

    def left(self) -> list[Therapy]:
        """Give the therapies of an endocrine line that was left without progression and still goes on; else none."""
        if not self.goes_on():
            return []
        last = self.by_line()[-1]
        kinds = self.kinds(last[0])
        return [] if "endocrine" not in kinds or kinds & {"cytotoxic", "adc"} else last

    def exposures(self) -> dict[str, Any]:
        """Give the sets of drugs and classes: given, progressed on, not tolerated."""
        failed = [t for t in self.therapies if self.failed(t)]
        conjugates = [self.knowledge.agents[a].adc for t in failed for a in t.agents]
        return {
            "agents_given": _union(t.agents for t in self.therapies),
            "agents_progressed_on": _union(t.agents for t in failed),
            "agents_not_tolerated": _union(
                map(self.blamed, (t for t in self.therapies if t.stop_reason == "toxicity"))
            ),
            "classes_given": _union(self.classes(t) for t in self.therapies),
            "classes_given_metastatic": _union(self.classes(t) for t in self.metastatic),
            "classes_progressed_on": _union(self.classes(t) for t in failed),
            "adc_targets_progressed_on": frozenset(c.target for c in conjugates if c),
            "adc_payloads_progressed_on": frozenset(c.payload for c in conjugates if c),
        }

    def months_since_end(self, therapies: Iterable[Therapy]) -> float:
        """Give months from the end of the last of these to the relapse; 0 when still running, `NEVER` when none."""
        ends = [min(t.stop or self.first, self.first) for t in therapies]
        return max(0.0, months_between(max(ends), self.first)) if ends else NEVER

    def early(self) -> dict[str, Any]:
        """Give the facts about (neo)adjuvant therapy and the time from it to the relapse."""
        chemotherapy = [t for t in self.adjuvant if "cytotoxic" in self.kinds(t)]
        immune = [t for t in self.adjuvant if "pd1_inhibitor" in self.classes(t)]
        platinum = [t for t in self.adjuvant if "platinum" in self.classes(t)]
        cdk46 = [t for t in self.adjuvant if "cdk46_inhibitor" in self.classes(t)]
        inhibitors = [t for t in self.adjuvant if "aromatase_inhibitor" in self.classes(t)]
        serds = [t for t in self.adjuvant if "oral_serd" in self.classes(t)]
        conjugates = [t for t in self.adjuvant if "adc" in self.kinds(t)]
        capecitabine = [t for t in self.adjuvant if "capecitabine" in t.agents]
        since_chemotherapy = self.months_since_end(chemotherapy)
        months_ai = self.months_since_end(inhibitors)
        within_12 = since_chemotherapy <= 12  # noqa: PLR2004 - the number is in the name of the fact
        return {
            "months_since_curative_therapy": self.months_since_end([*chemotherapy, *immune]),
            "relapse_within_6_months_of_chemotherapy": since_chemotherapy <= 6,  # noqa: PLR2004
            "relapse_within_12_months_of_chemotherapy": within_12,
            "lines_ascent": len(self.by_line()) + within_12,
            "months_since_adjuvant_pd1_end": self.months_since_end(immune),
            "months_since_adjuvant_cdk46_end": self.months_since_end(cdk46),
            "months_since_adjuvant_platinum_end": self.months_since_end(platinum),
            "months_since_adjuvant_oral_serd_end": self.months_since_end(serds),
            "months_since_adjuvant_adc_end": self.months_since_end(conjugates),
            "months_since_adjuvant_capecitabine_end": self.months_since_end(capecitabine),
            "cdk46_months_adjuvant": max((self.months_before(t) for t in cdk46), default=0.0),
            "months_since_adjuvant_ai_end": months_ai,
            "relapse_on_adjuvant_ai": any(self.failed(t) for t in inhibitors),
        }

    def endocrine(self) -> dict[str, Any]:
        """Give endocrine exposure and resistance, one answer per exposure, then the latest and the worst."""
        early = [t for t in self.adjuvant if "endocrine" in self.kinds(t)]
        late = [[t for t in line if "endocrine" in self.kinds(t)] for line in self.by_line()]
        late = [line for line in late if line]
        relapse_on = any(self.failed(t) for t in early)
        months_end = 0.0 if relapse_on else self.months_since_end(early)
        states = [self._early_resistance(early, months_end, relapse_on=relapse_on)] if early else []
        states += [self._late_resistance(line, first=index == 0) for index, line in enumerate(late)]
        failed = [line for line in late if self.failed(line[-1])]
        return {
            "endocrine_any_setting": bool(early or late),
            "relapse_on_adjuvant_endocrine": relapse_on,
            "months_since_adjuvant_endocrine_end": months_end,
            "endocrine_resistance": states[-1] if states else "naive",
            "endocrine_resistance_worst": max(states, key=RESISTANCE.index, default="naive"),
            "progressed_on_endocrine": relapse_on or bool(failed),
            "progressed_on_metastatic_endocrine": bool(failed),
            "endocrine_lines_progressed": len(failed),
            "months_on_last_endocrine": self.months_on_line(late[-1]) if late else 0.0,
            "_latest_line_primary": bool(late) and states[-1] == "primary",
            "_endocrine_exposures": len(late),
        }

    def _early_resistance(self, early: list[Therapy], months_end: float, *, relapse_on: bool) -> str:
        start = min(t.start for t in early)
        if relapse_on:
            return "primary" if months_between(start, self.first) < PRIMARY_ADJUVANT_MONTHS else "secondary"
        return "secondary" if months_end <= SECONDARY_AFTER_END_MONTHS else "sensitive"

    def _late_resistance(self, line: list[Therapy], *, first: bool) -> str:
        if not self.failed(line[-1]):
            return "sensitive"
        return "primary" if first and self.months_on_line(line) < PRIMARY_METASTATIC_MONTHS else "secondary"

    def months_on_line(self, line: list[Therapy]) -> float:
        """Give the months from the start of the first to the stop of the last therapy of a line."""
        return months_between(line[0].start, line[-1].stop or self.patient.seen_on)

    def months_on(self, therapy: Therapy) -> float:
        """Give the months from start to stop, or to the visit."""
        return months_between(therapy.start, therapy.stop or self.patient.seen_on)

    def months_before(self, therapy: Therapy) -> float:
        """Give the months from start to stop of an early therapy, or to the relapse where that came first."""
        return max(0.0, months_between(therapy.start, min(therapy.stop or self.first, self.first)))

    def other(self) -> dict[str, Any]:
        """Give CDK4/6 inhibitor, taxane and anthracycline exposure."""
        inhibitors = [t for t in self.therapies if "cdk46_inhibitor" in self.classes(t)]
        in_metastatic = [t for t in inhibitors if t.setting == "metastatic"]
        left = self.left()
        settings = {"metastatic" if t.setting == "metastatic" else "adjuvant" for t in inhibitors if t not in left}
        taxanes = [t for t in self.therapies if "taxane" in self.classes(t)]
        ends: Callable[[Therapy], date] = lambda t: t.stop or self.patient.seen_on  # noqa: E731
        return {
            "cdk46_setting": frozenset(settings),
            "cdk46_months_metastatic": max((self.months_on(t) for t in in_metastatic), default=0.0),
            "months_since_last_taxane": months_between(max(map(ends, taxanes)), self.patient.seen_on)
            if taxanes
            else NEVER,
            "doxorubicin_equivalent_mg_m2": sum(_doxorubicin_equivalent(t) for t in self.therapies),
        }


def _doxorubicin_equivalent(therapy: Therapy) -> float:
    factor = EPIRUBICIN_TO_DOXORUBICIN if "epirubicin" in therapy.agents else 1.0
    return factor * (therapy.dose_mg_m2 or 0)


def _union(groups: Iterable[Iterable[str]]) -> frozenset[str]:
    return frozenset(item for group in groups for item in group)

"""All the knowledge, undated, with the indexes that every day shares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from mbc_widgets import records as r
from mbc_widgets.knowledge.bodies import body_meant
from mbc_widgets.knowledge.building import build_trial

if TYPE_CHECKING:
    from mbc_widgets.knowledge.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True, eq=False)
class Knowledge:
    """All the knowledge, undated; every mapping is by id and in the order of the files."""

    edition: r.DataEdition
    vocabulary: Mapping[str, r.Field]
    groups: tuple[r.Group, ...]
    drug_classes: Mapping[str, r.DrugClass]
    agents: Mapping[str, r.Agent]
    regimens: Mapping[str, r.Regimen]
    regimen_groups: Mapping[str, r.RegimenGroup]
    bodies: Mapping[str, r.Body]
    editions: Mapping[str, r.Edition]
    questions: tuple[r.Question, ...]
    safety: tuple[r.SafetyTopic, ...]
    debates: tuple[r.Debate, ...]
    shared_fit: tuple[r.SharedFit, ...]
    sources: Mapping[str, r.Source]
    line_shares: tuple[r.LineShare, ...]
    result_shares: tuple[r.ResultShare, ...]
    model: r.Model
    curves: Mapping[str, r.PublishedCurve]
    scenarios: Mapping[str, Mapping[str, Any]]
    teaching_cases: Mapping[str, r.TeachingCase]
    lessons: Mapping[int, r.Lesson]
    course_maps: Mapping[str, r.CourseMap]
    raw_trials: Mapping[str, Mapping[str, Any]] = field(repr=False)
    assumed: str = ""  # why it is no edition but one with changes made in the sandbox; "" for an edition
    changed_from: "Knowledge | None" = field(default=None, repr=False)  # the edition behind those changes

    @cache  # noqa: B019 - one Knowledge lives as long as the process
    def trial(self, name: str) -> r.Trial:
        """Give a trial with its results; built when first asked for."""
        return build_trial(self.raw_trials[name], self.shared_fit)

    @cached_property
    def trials_of(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Give, by regimen, the (trial, arm) pairs that are this regimen; a variant shares its base's trials."""
        found: dict[str, list[tuple[str, str]]] = {}
        for name, trial in self.raw_trials.items():
            for arm in trial["arms"]:
                for regimen in arm.get("regimens", ()):
                    found.setdefault(regimen, []).append((name, arm["id"]))
        for regimen in self.regimens.values():
            if regimen.variant_of in found:
                found[regimen.id] = [*found.get(regimen.id, []), *found[regimen.variant_of]]
        return {regimen: tuple(pairs) for regimen, pairs in found.items()}

    @cached_property
    def covered(self) -> Mapping[str, tuple[str, ...]]:
        """Give the regimens (with their variants) behind each regimen id and each group id."""
        found: dict[str, list[str]] = {}
        for regimen in self.regimens.values():
            for name in dict.fromkeys((regimen.variant_of or regimen.id, regimen.id, *regimen.groups)):
                found.setdefault(name, []).append(regimen.id)
        return {name: tuple(ids) for name, ids in found.items()}

    def expand(self, covers: Iterable[str]) -> tuple[str, ...]:
        """Give the regimen ids that a list of regimens and groups covers, without repeats."""
        return tuple(dict.fromkeys(regimen for name in covers for regimen in self.covered.get(name, ())))

    @cached_property
    def licences_of(self) -> Mapping[str, tuple[tuple[str, r.Licence], ...]]:
        """Give, by regimen, the (agent, licence) pairs that cover it."""
        found: dict[str, list[tuple[str, r.Licence]]] = {}
        for agent in self.agents.values():
            for licence in agent.licences:
                for regimen in self.expand(licence.covers):
                    found.setdefault(regimen, []).append((agent.id, licence))
        return {regimen: tuple(pairs) for regimen, pairs in found.items()}

    @cached_property
    def statements_of(self) -> Mapping[str, tuple[r.Statement, ...]]:
        """Give, by regimen, the statements that cover it."""
        found: dict[str, list[r.Statement]] = {}
        for question in self.questions:
            for statement in question.statements:
                for regimen in self.expand(statement.covers):
                    found.setdefault(regimen, []).append(statement)
        return {regimen: tuple(statements) for regimen, statements in found.items()}

    @cached_property
    def rules_of(self) -> Mapping[str, tuple[r.SafetyRule, ...]]:
        """Give, by regimen, the safety rules that concern it, in the order of the files."""
        named = self._regimens_by_name()
        found: dict[str, list[r.SafetyRule]] = {regimen: [] for regimen in self.regimens}
        for topic in self.safety:
            for rule in topic.rules:
                for regimen in self._concerned(rule.applies_to, named):
                    found[regimen].append(rule)
        return {regimen: tuple(rules) for regimen, rules in found.items()}

    def _regimens_by_name(self) -> Mapping[tuple[str, str], set[str]]:
        """Index regimens by everything a scope may name; suppression drugs do not make a regimen theirs."""
        named: dict[tuple[str, str], set[str]] = {}
        for regimen in self.regimens.values():
            drugs = [agent for agent in regimen.agents if self.agents[agent].drug_class != "ovarian_suppression"]
            keys = [("agents", agent) for agent in drugs or regimen.agents]
            keys += [("classes", self.agents[agent].drug_class) for agent in drugs or regimen.agents]
            keys += [("groups", group) for group in regimen.groups]
            keys += [("regimens", regimen.variant_of or regimen.id), ("regimens", regimen.id)]
            keys += [("backbone", regimen.backbone)] + [("single", regimen.id)] * (len(drugs) <= 1)
            for key in keys:
                named.setdefault(key, set()).add(regimen.id)
        return named

    def _concerned(self, scope: r.Scope, named: Mapping[tuple[str, str], set[str]]) -> Iterable[str]:
        if scope.everything:
            return self.regimens
        kinds = ("agents", "classes", "groups", "regimens", "backbone")
        drawn = [(kind, name) for kind in kinds for name in getattr(scope, kind)]
        found = set().union(*(named.get(key, set()) for key in drawn))
        return {regimen for regimen in found if ("single", regimen) in named} if scope.alone else found

    def on(self, day: str, regulator: str, body: str = "") -> "Snapshot":
        """Give what was known on `day` (ISO) under `regulator`; of guidelines only `body` orders and opens where one is given.

        Raises:
            ValueError: a day outside the edition, a regulator that is not covered, or a body that has no word here.

        """
        first, last = self.edition.first_day, self.edition.current_day
        if not _is_day(day):
            message = f"day: {day!r} is not a day; write YYYY-MM-DD in quotes, from {first} to {last}"
            raise ValueError(message)
        if not first <= day <= last:
            message = f"day: {day} is outside this edition; allowed {first} to {last}"
            raise ValueError(message)
        if regulator not in self.edition.regulators:
            message = f"regulator: {regulator!r} is not covered; allowed: {', '.join(self.edition.regulators)}"
            raise ValueError(message)
        from mbc_widgets.knowledge.snapshot import snapshot

        return snapshot(self, day, regulator, body_meant(body, self, day, regulator))


def _is_day(word: object) -> bool:
    """Say whether a word is a day of the calendar as this workbook writes it; days are compared as text, so no other way will do."""
    try:
        return isinstance(word, str) and date.fromisoformat(word).isoformat() == word
    except ValueError:
        return False

"""Drugs, their licences, and the regimens made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mbc_widgets.records.base import (
    Backbone,
    Day,
    LicenceStatus,
    Precision,
    Regulator,
    Source,
    Strict,
    Tree,
    Verified,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Conjugate(Strict):
    """What an antibody-drug conjugate binds and carries."""

    target: str
    payload: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Note(Strict):
    """A sentence about a drug with its source, for example a dose or a boxed warning."""

    text: str
    source: str
    verified: Verified
    since: Day | None = None
    checked: Day | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Dose(Note):
    """A dose of a drug in the regimens or groups that it `covers`; without any it holds in all that no other dose covers.

    `mg_m2_per_cycle` is the largest usual dose of a cycle, where a lifetime dose is counted (anthracyclines).
    """

    covers: tuple[str, ...] = ()
    mg_m2_per_cycle: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlyVisits(Strict):
    """The planned visits of the first two months beyond `visits_per_cycle`: loading doses, blood, ECG, glucose and eye tests.

    `days` count from the first dose, which is day 1; 0 is a visit elsewhere before it. What the label asks for before the
    first dose is otherwise done on day 1, or on the day of the decision.
    """

    days: tuple[int, ...]
    text: str
    source: str
    verified: Verified
    checked: Day | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Licence(Strict):
    """One licence of one regulator: for which regimens, in which population, from when to when.

    `opens` says when the licence alone makes the regimen an option: old chemotherapy labels cover everybody, but nobody
    is offered chemotherapy only because it is licensed.
    """

    regulator: Regulator
    status: LicenceStatus
    covers: tuple[str, ...]
    when: Tree
    wording: str
    source: str
    verified: Verified
    opens: Tree = None
    granted: Day | None = None
    granted_to: Precision = "day"  # how exact that day is written; the compiler works it out
    established: bool = False
    withdrawn: Day | None = None
    withdrawn_source: str | None = None
    unverified_after: Day | None = None
    checked: Day | None = None
    note: str | None = None
    plausible_because: Mapping[str, str] | None = None

    @property
    def off_label(self) -> bool:
        """Say whether it records a use outside the label, not a licence."""
        return self.status.startswith("off_label")


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusNote(Strict):
    """What is pending or known of a drug without a licence."""

    text: str
    source: str
    verified: Verified
    since: Day | None = None
    until: Day | None = None
    due: Day | None = None
    regulator: str | None = None
    checked: Day | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CompanionTest(Strict):
    """A test licensed together with a drug."""

    regulator: Regulator
    granted: Day
    name: str
    purpose: str
    source: str
    verified: Verified
    checked: Day | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Agent(Strict):
    """A drug or procedure."""

    id: str
    name: str
    drug_class: str
    route: Literal["oral", "intravenous", "intramuscular", "subcutaneous", "procedure"]
    short_name: str | None = None
    brand: str | None = None
    adc: Conjugate | None = None
    target: str | None = None
    doses: tuple[Dose, ...] = ()
    schedule: str | None = None
    cycle_days: int | None = None
    visits_per_cycle: float | None = None
    early_visits: EarlyVisits | None = None
    biomarker_required: str | None = None
    contraindications: str | None = None
    cautions: str | None = None
    monitoring: str | None = None
    boxed_warnings: tuple[Note, ...] = ()
    lifetime_limit: str | None = None
    alopecia: str | None = None
    neuropathy: str | None = None
    first_licence: Day | None = None
    source: str | None = None
    verified: Verified = "recalled"
    licences: tuple[Licence, ...] = ()
    status_notes: tuple[StatusNote, ...] = ()
    companion_tests: tuple[CompanionTest, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Regimen(Strict):
    """Drugs given together; the variant with ovarian suppression is made by the compiler."""

    id: str
    agents: tuple[str, ...]
    groups: tuple[str, ...]
    palette: str
    backbone: Backbone
    suppression: Literal["none", "ovarian", "both"] = "none"
    note: str | None = None
    intent: Literal["active", "failed"] = "active"
    applies: Tree = ("all", ())
    variant_of: str | None = None

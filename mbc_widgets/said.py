"""What licences and statements say of one regimen to one patient, whatever else is known of them.

Comes in: a candidate, and which of its conditions hold or are open. Goes out: the licences, the statements, and the status
that follows. Patients and planned states to whom the same conditions apply hear the same: it is read once for all of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mbc_widgets.knowledge import Candidate, Held
from mbc_widgets.records import Licence, Statement

LICENSED, ACCELERATED, OFF_LABEL, ESTABLISHED = "licensed", "accelerated", "off-label", "established"
INVESTIGATIONAL, WITHDRAWN = "not-licensed", "withdrawn"


@dataclass(frozen=True)
class Said:
    """What is said of a candidate where some of its conditions hold (`yes`) and others are open, as masks over their places.

    `ranks` and `places` keep what rests on this alone, and on what no planned line moves: worked out once for a whole plan.
    """

    candidate: Candidate
    yes: int
    open: int
    ranks: dict[Callable[..., float], float] = field(default_factory=dict, compare=False, repr=False)
    places: dict[tuple[object, ...], tuple[int, str]] = field(default_factory=dict, compare=False, repr=False)

    def _held(self, held: Iterable[Held]) -> tuple[Any, ...]:
        return tuple(item.item for item in held if self.yes >> item.at & 1)

    @cached_property
    def licences(self) -> tuple[Licence, ...]:
        """Give the licences whose population this patient is in."""
        return self._held(self.candidate.active)

    @cached_property
    def licences_open(self) -> tuple[Licence, ...]:
        """Give the licences whose population is not yet known to hold this patient."""
        return tuple(held.item for held in self.candidate.active if self.open >> held.at & 1)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Give the positive statements for this patient, those of bodies that the reader did not pick last."""
        return self._held((*self.candidate.positive, *self.candidate.beside))

    @cached_property
    def statements_here(self) -> tuple[Statement, ...]:
        """Give the positive statements that were read, are not stale, are heard, and whose body speaks for this region."""
        return self._held(held for held in self.candidate.positive if held.here)

    @cached_property
    def statements_heard(self) -> tuple[Statement, ...]:
        """Give the positive statements that may order: those of everybody, or of the body that the reader picked."""
        return self._held(self.candidate.positive)

    @cached_property
    def statements_read(self) -> tuple[Statement, ...]:
        """Give the positive statements that may order and were read, of any region."""
        return tuple(statement for statement in self.statements_heard if statement.verified == "seen")

    @cached_property
    def statements_open(self) -> tuple[Statement, ...]:
        """Give the positive statements that may order and wait for a fact."""
        return tuple(held.item for held in self.candidate.positive if self.open >> held.at & 1)

    @cached_property
    def against(self) -> tuple[Statement, ...]:
        """Give the statements that advise against it for this patient."""
        return self._held(self.candidate.against)

    @cached_property
    def matched(self) -> bool:
        """Say whether a licence or statement that asks for a test result to be present holds."""
        carriers = (*self.candidate.active, *self.candidate.positive)
        return any(held.matched and self.yes >> held.at & 1 for held in carriers)

    @cached_property
    def unverified(self) -> bool:
        """Say whether nothing that carries it was read."""
        carriers: list[Licence | Statement] = [*self.licences, *self.statements]
        return bool(carriers) and all(item.verified == "recalled" for item in carriers)

    @cached_property
    def licence_status(self) -> str:
        """Give licensed, accelerated, established, off-label, withdrawn or not-licensed for this patient, day and regulator."""
        if self.candidate.closed:
            return WITHDRAWN if self.candidate.withdrawn and not self.candidate.active else INVESTIGATIONAL
        held = {licence.status for licence in self.licences}
        for status in (LICENSED, ACCELERATED):
            if status in held:
                return status
        return ESTABLISHED if held & {"established", "national_licence"} else OFF_LABEL

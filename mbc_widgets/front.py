"""The front of a plan: all that may come next in one state, which of it is planned, and what follows.

Comes in: the options of a state. Goes out: the best of them under a strategy, and the state after it.
"""

from collections.abc import Collection
from functools import cached_property

from mbc_widgets.answered import Answered
from mbc_widgets.eligibility import OFFERED, Option
from mbc_widgets.evidence import Row, best
from mbc_widgets.facts import Facts, after
from mbc_widgets.merits import repeats_drug
from mbc_widgets.ranking import Heard, heard
from mbc_widgets.strategies import Strategy

TWICE = 2
LONG_BENEFIT = 12  # months


class Front:
    """All that may come next in one state, asked once for every lane that stands there; `group` alone where one is named."""

    def __init__(self, answered: Answered, group: str = "") -> None:
        self.answered, self.facts, self.snapshot = answered, answered.facts, answered.snapshot
        self._group = group
        self._options: dict[int, Option] = {}
        self._after: dict[str, tuple[Row | None, Front]] = {}

    def listed(self, verdict: str, besides: Collection[str] = ()) -> list[Option]:
        """Give the options with this verdict, apart from those of some regimens; each is made once."""
        candidates, found = self.snapshot.candidates, []
        for index in self.answered.having(verdict):
            regimen = candidates[index].regimen
            if regimen.id in besides or (self._group and self._group not in regimen.groups):
                continue
            if index not in self._options:
                self._options[index] = self.answered.option(index)
            found.append(self._options[index])
        return found

    @cached_property
    def offered(self) -> list[Option]:
        """Give what is offered."""
        return self.listed(OFFERED)

    @cached_property
    def context(self) -> Heard:
        """Give what guidelines say here."""
        return heard(self.offered)

    @cached_property
    def fresh(self) -> tuple[Option, ...]:
        """Give what may be planned of what is offered."""
        return tuple(option for option in self.offered if may_be_planned(option, self.facts))

    def best(self, strategy: Strategy) -> Option | None:
        """Give the option with the smallest key."""
        return strategy.first_of(self.fresh, self.context)

    def still(self, regimen: str) -> Option | None:
        """Give the option of a regimen if it is offered and may be planned here, None otherwise."""
        names = (candidate.regimen.id for candidate in self.snapshot.candidates)
        index = next((at for at, name in enumerate(names) if name == regimen), None)
        if index is None or self.answered.verdicts[index] != OFFERED:
            return None
        option = self.answered.option(index)
        return option if may_be_planned(option, self.facts) else None

    def after(self, option: Option) -> "tuple[Row | None, Front]":
        """Give the row that tells how long `option` lasts, and what may come after it."""
        name = option.regimen.id
        if name not in self._after:
            row = best(name, self.facts, self.snapshot)
            months = row.own.value if row and row.own else None
            state = after(self.facts, option.regimen, months, self.snapshot.knowledge, median=True)
            self._after[name] = row, Front(Answered(state, self.snapshot, self.answered))
        return self._after[name]


def may_be_planned(option: Option, facts: Facts) -> bool:
    """Say whether an offered option is more than a repetition: a drug that failed or was not tolerated is not planned again."""
    return not (
        repeats_drug(option) or _endocrine_exhausted(option, facts) or _late_checkpoint_inhibitor(option, facts)
    )


def _late_checkpoint_inhibitor(option: Option, facts: Facts) -> bool:
    """No PD-(L)1 combination after chemotherapy for metastases: KEYNOTE-355 and IMpassion130 took nobody who had had any.

    Endocrine lines before a receptor was lost, or in ER-low disease, do not count (EU licence of pembrolizumab).
    """
    return "pd1-combination" in option.regimen.groups and facts.values.get("metastatic_lines_beyond_endocrine", 0) > 0


def _endocrine_exhausted(option: Option, facts: Facts) -> bool:
    """No plain endocrine line after three failures, nor after two with an early one (judgement).

    After two it needs a guideline, or a year of benefit from the last one.
    """
    failures = facts.values.get("endocrine_lines_progressed", 0)
    if "endocrine-alone" not in option.regimen.groups or failures < TWICE:
        return False
    short = facts.values.get("months_on_last_endocrine", 0) < LONG_BENEFIT
    primary = facts.values.get("endocrine_resistance_worst") == "primary"
    return failures > TWICE or primary or (short and not option.statements_heard)

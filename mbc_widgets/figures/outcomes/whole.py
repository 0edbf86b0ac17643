"""All pictures of a view's outcomes, worked out in steps: after each step whoever asked may stop.

`Outcomes(view).steps()` gives {} after each piece of work and at last the value that the page draws; `bands()` likewise for the
chosen sequences.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from mbc_widgets.figures.outcomes.bands import band, draw, verdict
from mbc_widgets.figures.outcomes.candidate import Candidate, candidates
from mbc_widgets.figures.outcomes.clinic import clinic
from mbc_widgets.figures.outcomes.frame import Figure
from mbc_widgets.figures.outcomes.harms import harms
from mbc_widgets.figures.outcomes.icons import pair
from mbc_widgets.figures.outcomes.occupancy import occupancy
from mbc_widgets.figures.outcomes.quality import quality
from mbc_widgets.figures.outcomes.reach import reach
from mbc_widgets.figures.outcomes.sources import sources
from mbc_widgets.figures.outcomes.survival import survival
from mbc_widgets.figures.outcomes.swimmer import swimmer
from mbc_widgets.simulate.outcomes import month_axis
from mbc_widgets.simulate.uncertainty import DRAWS, PEOPLE, Draws
from mbc_widgets.simulate.view import SEED, SIZE, simulated
from mbc_widgets.workbook import View

Value = dict[str, Any]


class Outcomes:
    """The simulated outcomes of one view; what was worked out once is kept for the bands of other sequences."""

    def __init__(self, view: View, *, size: int = SIZE, seed: int = SEED) -> None:
        self._simulation = simulated(view, size=size, seed=seed)
        self._model = view.snapshot.knowledge.model
        self.size = size
        self.candidates = candidates(view, self._simulation)
        self._draws: dict[str, Draws] = {}

    @property
    def letters(self) -> tuple[str, ...]:
        """Give the letters of the sequences."""
        return tuple(one.letter for one in self.candidates)

    def steps(self) -> Iterator[Value]:
        """Give {} after each piece of work, and at last everything but the bands of the parameters."""
        for one in self.candidates:
            _ = one.lives, one.lane.medians
            yield {}
        axis = self._axis()
        lanes: list[Value] = []
        for one in self.candidates:
            lanes.append(self._head(one))
            for name, picture in self._pictures(one, axis):
                lanes[-1][name] = picture
                yield {}
        pairs: Value = {}
        for at, one in enumerate(self.candidates):
            pairs |= {f"{one.letter}{two.letter}": pair(one, two, axis) for two in self.candidates[at + 1 :]}
            yield {}
        model = self._model
        structures = [{"label": each.label, "text": each.text} for each in model.structures.values()]
        yield {
            "months": axis,
            "lanes": lanes,
            "pairs": pairs,
            "structures": structures,
            "size": self.size,
            "limits": self._simulation.limits,
            "running": next((one.running for one in self.candidates), ""),
            "withheld": self._simulation.withheld,
        }

    def bands(self, letters: Sequence[str], *, draws: int = DRAWS, people: int = PEOPLE) -> Iterator[Value]:
        """Give {} after every few parameter draws, and at last the bands of the chosen sequences and the verdict on two.

        Raises:
            KeyError: no such sequence.

        """
        by_letter = {one.letter: one for one in self.candidates}
        axis, chosen = self._axis(), [by_letter[letter] for letter in letters]
        for one in chosen:
            if one.letter in self._draws:
                continue
            for found in draw(one, axis, draws=draws, people=people):
                if found is None:
                    yield {}
                else:
                    self._draws[one.letter] = found
        value: Value = {"lanes": {one.letter: band(self._draws[one.letter]) for one in chosen}, "verdict": None}
        if len(chosen) == 2:  # noqa: PLR2004 - a pair
            drawn = [self._draws[one.letter] for one in chosen]
            value["verdict"] = verdict(chosen[0], chosen[1], drawn)
        yield value

    def _axis(self) -> list[float]:
        """Give the months of one axis for all sequences: to where fewer than 5 in 100 live by the longest."""
        axes = (list(month_axis(one.lane.deaths(one.lane.structure))) for one in self.candidates)
        return max(axes, key=len, default=[])

    @staticmethod
    def _head(one: Candidate) -> Value:
        strategy = one.sequence.strategy
        named = {"letter": one.letter, "label": strategy.label, "strategy": strategy.id}
        return {**named, "lines": one.taken_marks, "end": one.sequence.end, "early": one.early}

    def _pictures(self, one: Candidate, axis: Sequence[float]) -> Iterator[tuple[str, Figure]]:
        yield "survival", survival(one, axis)
        yield "occupancy", occupancy(one, axis)
        for make in (swimmer, reach, clinic, harms, quality, sources):
            yield make.__name__, make(one)

"""The pictures of a view's outcomes, those that are asked for, worked out in steps: after each step whoever asked may stop.

`Outcomes(view).shown(letters, names)` gives {} after each piece of work and at last the value that the page draws; `bands()` likewise.
What was simulated and drawn once is kept, so that another sequence or another picture costs only itself.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any

from mbc_widgets.figures.outcomes.bands import band, draw, verdict
from mbc_widgets.figures.outcomes.candidate import Candidate, candidates
from mbc_widgets.figures.outcomes.clinic import clinic
from mbc_widgets.figures.outcomes.frame import Figure
from mbc_widgets.figures.outcomes.harms import harms
from mbc_widgets.figures.outcomes.icons import pair
from mbc_widgets.figures.outcomes.names import ALL, PAIR
from mbc_widgets.figures.outcomes.occupancy import occupancy
from mbc_widgets.figures.outcomes.quality import quality
from mbc_widgets.figures.outcomes.reach import reach
from mbc_widgets.figures.outcomes.sources import sources
from mbc_widgets.figures.outcomes.survival import survival
from mbc_widgets.figures.outcomes.swimmer import swimmer
from mbc_widgets.simulate.spread import month_axis
from mbc_widgets.simulate.uncertainty import DRAWS, PEOPLE, Draws
from mbc_widgets.simulate.view import SEED, SIZE, simulated
from mbc_widgets.workbook import View

Value = dict[str, Any]
MAKERS: dict[str, Callable[[Candidate, Sequence[float]], Figure]] = {
    "survival": survival,
    "occupancy": occupancy,
    "sources": lambda one, _: sources(one),
    "swimmer": lambda one, _: swimmer(one),
    "reach": lambda one, _: reach(one),
    "clinic": lambda one, _: clinic(one),
    "harms": lambda one, _: harms(one),
    "quality": lambda one, _: quality(one),
}


class Outcomes:
    """The simulated outcomes of one view."""

    def __init__(self, view: View, *, size: int = SIZE, seed: int = SEED) -> None:
        self._simulation = simulated(view, size=size, seed=seed)
        self._model = view.snapshot.knowledge.model
        self.size = size
        self.candidates = candidates(view, self._simulation)
        self._by_letter = {one.letter: one for one in self.candidates}
        self._made: dict[str, dict[str, Figure]] = {one.letter: {} for one in self.candidates}
        self._pairs: dict[str, Figure] = {}
        self._draws: dict[str, Draws] = {}
        self._drawing: dict[str, Iterator[Draws | None]] = {}

    @property
    def letters(self) -> tuple[str, ...]:
        """Give the letters of the sequences."""
        return tuple(self._by_letter)

    @cached_property
    def heads(self) -> tuple[Value, ...]:
        """Give letter, strategy and planned lines of every sequence; nothing is simulated for it."""
        return tuple(
            {
                "letter": one.letter,
                "label": one.sequence.strategy.label,
                "strategy": one.sequence.strategy.id,
                "end": one.sequence.end,
                "early": one.early,
            }
            for one in self.candidates
        )

    def shown(self, letters: Sequence[str], names: Iterable[str] = ALL) -> Iterator[Value]:
        """Give {} after each piece of work, and at last the chosen sequences with these pictures and those made before.

        Raises:
            KeyError: no such sequence or picture.

        """
        chosen, wanted = [self._by_letter[letter] for letter in letters], tuple(names)
        yield from self._simulate(chosen)
        for one in chosen:
            made = self._made[one.letter]
            for name in wanted:
                if name != PAIR and name not in made:
                    made[name] = MAKERS[name](one, self.months)
                    yield {}
        if PAIR in wanted:
            self._pair(letters)
        yield self._value(letters)

    def bands(self, letters: Sequence[str], *, draws: int = DRAWS, people: int = PEOPLE) -> Iterator[Value]:
        """Give {} after every few parameter draws, and at last the bands of the chosen sequences and the verdict on two.

        Raises:
            KeyError: no such sequence.

        """
        chosen = [self._by_letter[letter] for letter in letters]
        for one in chosen:
            letter = one.letter
            drawing = self._drawing.setdefault(letter, draw(one, self.months, draws=draws, people=people))
            for found in () if letter in self._draws else drawing:  # goes on where an earlier question left off
                if found is None:
                    yield {}
                else:
                    self._draws[letter] = found
        value: Value = {"lanes": {one.letter: band(self._draws[one.letter]) for one in chosen}, "verdict": None}
        if len(chosen) == 2:  # noqa: PLR2004 - a pair
            value["verdict"] = verdict(chosen[0], chosen[1], [self._draws[one.letter] for one in chosen])
        yield value

    @cached_property
    def months(self) -> list[float]:
        """Give the months of one axis for all sequences: to where fewer than 5 in 100 live by the longest."""
        axes = (list(month_axis(one.lane.deaths(one.lane.structure))) for one in self.candidates)
        return max(axes, key=len, default=[])

    def _simulate(self, chosen: Sequence[Candidate]) -> Iterator[Value]:
        """Simulate every sequence by the first structure: whole lives on the chosen ones, and when people die on the others."""
        for one in chosen:
            _ = one.course
            yield {}
            _ = one.people
            yield {}
        for one in self.candidates:
            one.lane.deaths(one.lane.structure)
            yield {}
        for one in chosen:
            for structure in one.lane.courses:
                _ = one.lane.courses[structure]
                yield {}
                one.lane.deaths(structure)
                yield {}

    def _pair(self, letters: Sequence[str]) -> None:
        for key, one, two in self._keys(letters):
            if key not in self._pairs:
                self._pairs[key] = pair(one, two, self.months)

    def _keys(self, letters: Sequence[str]) -> Iterator[tuple[str, Candidate, Candidate]]:
        """Give the pairs of sequences, each with its key, such as "AB"."""
        for one, two in combinations(sorted(letters), 2):
            yield one + two, self._by_letter[one], self._by_letter[two]

    def _value(self, letters: Sequence[str]) -> Value:
        chosen = {letter: {"lines": self._by_letter[letter].taken_marks, **self._made[letter]} for letter in letters}
        lanes = [self._by_letter[letter].lane for letter in letters]
        return {
            "months": self.months,
            "lanes": [{**head, **chosen.get(head["letter"], {})} for head in self.heads],
            "pairs": {key: self._pairs[key] for key, *_ in self._keys(letters) if key in self._pairs},
            "structures": [{"label": each.label, "text": each.text} for each in self._model.structures.values()],
            "size": self.size,
            "limits": self._simulation.limits,
            "remarks": [
                *self._simulation.remarks,
                *self._simulation.reached(letters, lanes),
                *self._simulation.by_chance(lanes),
            ],
            "running": next((one.running for one in self.candidates), ""),
            "withheld": self._simulation.withheld,
        }

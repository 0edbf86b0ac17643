"""How a line ends, from the one share that a cohort prints: death on it, the next line, or supportive care.

Comes in: the share that starts the next line and whom it was counted among. Goes out: the shares that the simulation takes.
"""

from dataclasses import dataclass

EVERYBODY = 100


@dataclass(frozen=True, kw_only=True)
class Exits:
    """The share that starts the next line, `of_progressed` or of all who start this one, and what is assumed of deaths.

    `died`: of those lost, the share that died on the line; where the share is of those who progressed, of all who start it.
    """

    next_line: float
    of_progressed: bool
    died: float

    def shares(self) -> tuple[float, float]:
        """Give the share that dies on the line and, of those alive after it, that starts the next."""
        if self.of_progressed:
            return self.died, self.next_line
        lost = 1 - self.next_line
        dies = lost * self.died
        return dies, self.next_line / (1 - dies) if dies < 1 else 0.0

"""A sequence as it is simulated: curves, shares and months of each line, and what a shared frailty does to them.

Pure Python: the values, the arithmetic of the frailty, and no random number. A patient keeps one frailty Z for life, gamma with
mean 1 and variance v at the start. Whoever lives and goes on has a lower Z than those who do not, so the people who start line
3 are no sample of those who started line 1; a trial in line 3 was run in such survivors and its curve holds for them. The
moments of Z at the start of each line are therefore worked out here (`Course.selection`), and each curve is taken as that of
the people who start the line. Line after line is then neither too long (survivors counted twice) nor too short.

Sources of the form: semi-Markov simulation of patients, NICE Decision Support Unit document 15; gamma frailty in closed form,
Vaupel 1979 (doi 10.2307/2061224, recalled).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import exp, fsum, inf, lgamma, log

from mbc_widgets.survival import LN2, Curve

MOST_LINES = 6
NO_FRAILTY = 1e-4  # below this variance everybody is taken as alike
_POINTS = 121  # of ln Z, from far below to far above any Z that matters
_LOWEST, _HIGHEST = -9.0, 4.0
_STRIDE = 1.0  # of log odds at once, so that a flat start is not overshot
_NEAR = 1e-9  # of a share that an intercept is solved for


@dataclass(frozen=True, kw_only=True)
class Fork:
    """A test before a line: a share of people shows a result that opens another regimen for that line.

    `marker` names the result: who has it at an earlier line has it later (one number of a patient decides).
    """

    marker: str
    share: float
    name: str
    curve: Curve


@dataclass(frozen=True, kw_only=True)
class LineCourse:
    """What is assumed of one line. Shares are of all who come that far, from 0 to 1; months are those of everybody.

    `hazard_ratio`: of this patient against the people whose curve it is. `dies`: of those whose line ends, by death on it.
    `stops`: leave the drug for toxicity before progression. `beyond`: months on the drug after progression. `gap`: months
    without a drug before the next line. `goes_on`: of those alive after progression, start the next line. `forks`: results
    that open another regimen, first that holds.
    """

    name: str
    curve: Curve
    hazard_ratio: float = 1.0
    dies: float = 0.0
    stops: float = 0.0
    beyond: float = 0.0
    gap: float = 0.0
    goes_on: float = 1.0
    forks: tuple[Fork, ...] = ()

    @property
    def toxicity_months(self) -> float:
        """Give the mean months until the drug is left for toxicity, were there no progression: two constant hazards race."""
        return self.curve.median() / LN2 * (1 - self.stops) / self.stops if self.stops else inf


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The frailty of the people who start a line (mean, and variance over mean squared), and how their odds of a fate begin.

    `dies`, `goes_on`: log odds for a patient with Z = 1; None for a share of 0 or 1, on which no frailty acts.
    """

    mean: float
    variance: float
    dies: float | None
    goes_on: float | None


@dataclass(frozen=True, kw_only=True)
class Course:
    """A sequence with the frailty, supportive care, and the yearly chances of death from another cause.

    `frailty`: variance v of Z. `leaning`: the log odds of death on a line rise, those of a next line fall, by this times ln Z.
    `other_deaths`: chance of death in the next year, year by year from the age of the patient (a life table); () for none.
    """

    lines: tuple[LineCourse, ...]
    frailty: float
    support: Curve
    leaning: float = 0.0
    other_deaths: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.lines) <= MOST_LINES:
            raise ValueError(f"lines: found {len(self.lines)}; a course has 1 to {MOST_LINES}")
        for number, line in enumerate(self.lines, start=1):
            shares = {name: getattr(line, name) for name in ("dies", "stops", "goes_on")}
            wrong = {name: share for name, share in shares.items() if not 0 <= share <= 1}
            if wrong or line.hazard_ratio <= 0 or line.beyond < 0 or line.gap < 0:
                raise ValueError(
                    f"line {number}: shares are 0 to 1, hazard ratios above 0, months not negative; {line}"
                )

    @cached_property
    def selection(self) -> tuple[Selection, ...]:
        """Give, line by line, who starts it and how their fates lean on the frailty."""
        shares = tuple((line.dies, line.goes_on) for line in self.lines)
        return _selection(round(self.frailty, 6), round(self.leaning, 6), shares)


@lru_cache(maxsize=512)
def _selection(variance: float, leaning: float, shares: tuple[tuple[float, float], ...]) -> tuple[Selection, ...]:
    if variance < NO_FRAILTY:
        return tuple(Selection(mean=1.0, variance=0.0, dies=_log_odds(d), goes_on=_log_odds(g)) for d, g in shares)
    logs, weights = gamma_points(variance)
    found = []
    for dies, goes_on in shares:
        total = fsum(weights)
        mean = fsum(w * exp(x) for x, w in zip(logs, weights, strict=True)) / total
        square = fsum(w * exp(2 * x) for x, w in zip(logs, weights, strict=True)) / total
        worse, better = [leaning * x for x in logs], [-leaning * x for x in logs]
        of_death = _intercept(dies, worse, weights)
        weights = [w * (1 - _share(dies, of_death, x)) for x, w in zip(worse, weights, strict=True)]
        of_next = _intercept(goes_on, better, weights)
        weights = [w * _share(goes_on, of_next, x) for x, w in zip(better, weights, strict=True)]
        found.append(Selection(mean=mean, variance=square / mean**2 - 1, dies=of_death, goes_on=of_next))
        if not sum(weights):
            weights = [1.0] * len(logs)  # nobody goes on, so that nothing is read from what follows
    return tuple(found)


def gamma_points(variance: float) -> tuple[list[float], list[float]]:
    """Give ln Z at even steps and the weight of each, for a gamma with mean 1 and this variance; the weights sum to 1."""
    shape, step = 1 / variance, (_HIGHEST - _LOWEST) / (_POINTS - 1)
    logs = [_LOWEST + step * at for at in range(_POINTS)]
    weights = [exp(shape * (x - exp(x) + log(shape)) - lgamma(shape)) for x in logs]
    total = fsum(weights)
    return logs, [weight / total for weight in weights]


def _log_odds(share: float) -> float | None:
    return log(share / (1 - share)) if _NEAR < share < 1 - _NEAR else None


def _share(share: float, intercept: float | None, moved: float) -> float:
    """Give the share of people whose log odds lie `moved` from the intercept."""
    return share if intercept is None else 1 / (1 + exp(-intercept - moved))


def _intercept(share: float, moved: Sequence[float], weights: Sequence[float]) -> float | None:
    """Give the log odds at Z = 1 that make `share` the mean over all people (Newton's method); None for 0 and 1."""
    at, total = _log_odds(share), fsum(weights)
    if at is None:
        return None
    for _ in range(50):
        shares = [_share(share, at, x) for x in moved]
        missing = share - fsum(w * s for w, s in zip(weights, shares, strict=True)) / total
        if abs(missing) < _NEAR:
            break
        slope = fsum(w * s * (1 - s) for w, s in zip(weights, shares, strict=True)) / total
        at += max(-_STRIDE, min(_STRIDE, missing / max(slope, _NEAR)))
    return at

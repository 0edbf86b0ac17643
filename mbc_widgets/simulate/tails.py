"""Curves that share two published points and part ways after them: what a median and one landmark leave open.

Comes in: a median and a landmark. Goes out: three families in closed form, each with its survival and its mean. Pure Python. The
log-normal is here and not among the families of `survival`, as nothing is simulated from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, gamma, inf, log, pi, sin
from statistics import NormalDist

from mbc_widgets.knowledge import Knowledge
from mbc_widgets.survival import HALF, LN2, Curve

STEP = 0.25  # months of the sum that gives a restricted mean


@dataclass(frozen=True, kw_only=True)
class Tail:
    """A family through the points: survival from 0 to 1 at a month, and the mean in months (may be infinite)."""

    survival: Callable[[float], float]
    mean: float

    def mean_within(self, months: float) -> float:
        """Give the mean months lived until then (restricted mean), by the rule of trapezes."""
        count = round(months / STEP)
        alive = [self.survival(months * at / count) for at in range(count + 1)]
        return months / count * (sum(alive) - (alive[0] + alive[-1]) / 2)


def tails(median: float, months: float, share: float) -> dict[str, Tail]:
    """Give Weibull, log-normal and log-logistic through (median, one half) and (months, share).

    Raises:
        ValueError: the landmark does not lie beyond the median, below one half.

    """
    if not (0 < median < months and 0 < share < HALF):
        raise ValueError(f"a landmark after {median} months with less than half alive, found {share} at {months}")
    apart, normal = log(months / median), NormalDist()
    weibull = weibull_through(median, months, share)
    spread = apart / normal.inv_cdf(1 - share)
    slope = log((1 - share) / share) / apart
    mean = median * (pi / slope) / sin(pi / slope) if slope > 1 else inf
    return {
        "weibull": Tail(survival=weibull.survival, mean=weibull.scale * gamma(1 + 1 / weibull.shape)),
        "log_normal": Tail(
            survival=lambda t: 1 - normal.cdf(log(t / median) / spread) if t > 0 else 1.0,
            mean=median * exp(spread**2 / 2),
        ),
        "log_logistic": Tail(survival=lambda t: 1 / (1 + (t / median) ** slope), mean=mean),
    }


def weibull_through(median: float, months: float, share: float) -> Curve:
    """Give the Weibull curve through a median and a landmark."""
    shape = log(-log(share) / LN2) / log(months / median)
    return Curve(family="weibull", scale=median / LN2 ** (1 / shape), shape=shape, known_to=months)


def esme_points(known: Knowledge) -> tuple[float, float, float]:
    """Give the median survival of ESME, all subtypes, then a later month and the share alive at it."""
    landmark = known.model.figures["esme-all-os-60"]
    if landmark.at_months is None:
        raise ValueError("esme-all-os-60: the month of the landmark is missing")
    return known.model.figures["esme-all-os"].value, landmark.at_months, landmark.value / 100

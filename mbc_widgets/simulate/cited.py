"""What an effect gives back, the published figures beside it with their sources, and how far a simulated median is told.

Comes in: ids of figures of cohorts, results of trials, months of simulated people. Goes out: plain frozen values.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mbc_widgets.cite import link, short
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Measure, Result, Source, Trial
from mbc_widgets.simulate.kernel import Array
from mbc_widgets.simulate.spread import TENTH_TOLD

BATCHES = 20  # of people, whose spread gives the Monte-Carlo error
FEW = 0.01  # a group of fewer than one in a hundred is not told
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Cited:
    """One published figure of a cohort or trial: what it is, its value with interval, and where it was read."""

    id: str
    cohort: str
    what: str
    value: float
    low: float | None
    high: float | None
    unit: str
    population: str
    source: str  # its id
    read: str  # the short citation
    link: str
    verified: str


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One effect: the question, rows of one table, its numbers by name, a sentence made from them, figures and limits.

    `standard_error`: the largest Monte-Carlo error of a simulated median among the numbers, in months; 0 where none is simulated.
    """

    id: str
    title: str
    question: str
    rows: tuple[Row, ...]
    numbers: Mapping[str, float]
    sentence: str
    figures: tuple[Cited, ...]
    limits: tuple[str, ...]
    standard_error: float = 0.0


def of_cohorts(known: Knowledge, *ids: str) -> tuple[Cited, ...]:
    """Give figures of cohorts with their sources.

    Raises:
        KeyError: no such figure.

    """
    figures = [known.model.figures[name] for name in ids]
    return tuple(
        Cited(
            id=figure.id,
            cohort=figure.cohort,
            what=" ".join(filter(None, (figure.measure.replace("_", " "), figure.endpoint, figure.factor))),
            value=figure.value,
            low=figure.low,
            high=figure.high,
            unit=figure.unit,
            population=figure.population,
            verified=figure.verified,
            **_read(figure.source, known.sources[figure.source]),
        )
        for figure in figures
    )


def of_trial(known: Knowledge, trial: Trial, result: Result, measure: Measure, what: str) -> Cited:
    """Give the figure of one arm of a trial with its source.

    Raises:
        ValueError: the arm has no value.

    """
    if measure.value is None:
        raise ValueError(f"{trial.id}: {what} has no value")
    return Cited(
        id=f"{trial.id}: {what}",
        cohort=trial.name,
        what=what,
        value=measure.value,
        low=measure.low,
        high=measure.high,
        unit=result.unit,
        population=trial.population,
        verified=result.verified,
        **_read(result.source, trial.sources.get(result.source) or known.sources[result.source]),
    )


def _read(name: str, source: Source) -> dict[str, str]:
    return {"source": name, "read": short(source), "link": link(source)}


def ladder_figures(known: Knowledge, subtype: str) -> tuple[str, ...]:
    """Give the ids of the figures that the ladder of a subtype is made of, each once."""
    steps = known.model.ladders[subtype]
    return tuple(dict.fromkeys(name for step in steps for name in (step.figure, *step.ratio_of) if name))


def median(months: Array) -> float:
    """Give the median, in months to the second decimal."""
    return round(float(np.median(months)), 2)


def median_of(months: Array, chosen: Array) -> float | None:
    """Give the median of the chosen people in months, None where they are fewer than one in a hundred."""
    return median(months[chosen]) if chosen.mean() >= FEW else None


def monte_carlo_error(statistic: Callable[..., Any], *months: Array) -> float:
    """Give the standard error of a statistic of the same people, from its spread over batches of them."""
    batches = zip(*(np.array_split(each, BATCHES) for each in months), strict=True)
    return float(np.std([statistic(*batch) for batch in batches], ddof=1) / np.sqrt(BATCHES))


def told(months: float, error: float) -> str:
    """Give months as text: a tenth only where the Monte-Carlo error lies below it; a true minus sign, none before a zero."""
    digits = 1 if error < TENTH_TOLD else 0
    return f"{round(months, digits) + 0.0:.{digits}f}".replace("-", "−")


def signed(months: float) -> str:
    """Give published months as text with a true minus sign."""
    return f"{months:g}".replace("-", "−")

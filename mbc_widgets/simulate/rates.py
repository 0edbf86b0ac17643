"""Rates and their ratio, as a paper prints it: events over months at risk, in bands of follow-up.

Comes in: months to an event. Goes out: the hazard of one group over that of another.
"""

import numpy as np

from mbc_widgets.simulate.spread import BAND
from mbc_widgets.simulate.streams import Array


def hazard_ratio(one: Array, two: Array) -> float:
    """Give the hazard of group one over that of group two, from their months to the event; nobody is censored.

    Deaths over months at risk in bands of follow-up, pooled after Mantel and Haenszel: close to a Cox model without
    covariates (recalled: Rothman, Modern Epidemiology, person-time data).
    """
    edges = np.arange(0, max(one.max(), two.max()) + BAND, BAND)
    return pooled_ratio(
        *(found for months in (one, two) for found in events_and_months(np.zeros_like(months), months, edges))
    )


def events_and_months(begin: Array, end: Array, edges: Array, *, event: Array | None = None) -> tuple[Array, Array]:
    """Give, by band of follow-up, the events at `end` and the months at risk between `begin` and `end` of all together."""
    happened = end if event is None else end[event]
    events = np.histogram(happened, edges)[0].astype(float)

    def months_before(times: Array) -> Array:
        """Give the months that people spend in each band before their time."""
        ordered = np.sort(times.astype(float))
        below, total = np.searchsorted(ordered, edges), np.concatenate([[0.0], np.cumsum(ordered)])
        until: Array = total[below] + edges * (ordered.size - below)
        return np.diff(until)

    return events, months_before(end) - months_before(begin)


def pooled_ratio(events_1: Array, months_1: Array, events_2: Array, months_2: Array) -> float:
    """Give the ratio of two rates within bands, pooled after Mantel and Haenszel."""
    total = np.maximum(months_1 + months_2, 1e-9)
    return float((events_1 * months_2 / total).sum() / (events_2 * months_1 / total).sum())

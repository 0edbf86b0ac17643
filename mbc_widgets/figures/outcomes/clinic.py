"""Days at home and days in the clinic along a sequence, counted as the strategy "fewest visits" counts planned visits."""

from typing import Any

import numpy as np

from mbc_widgets.eligibility import Option
from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import Figure, figure, months
from mbc_widgets.patient import DAYS_PER_MONTH
from mbc_widgets.simulate.kernel import Array
from mbc_widgets.strategies import HALF_YEAR, early_visits, visits_per_month

EARLY = 2  # months over which labels ask for more visits
MONTH = 30  # days
TESTED = "Visits a month are those of the planned drug; months and days are those of all people, by the drug that each has by a test result."


def rates(option: Option) -> tuple[float, int]:
    """Give the usual planned visits a month, and the days that labels add in the first two months."""
    agents = option.snapshot.knowledge.agents
    early = len(early_visits(agents[name] for name in option.regimen.agents))
    return visits_per_month(option) - early / HALF_YEAR, early


def clinic(one: Candidate) -> Figure:
    """Give the clinic days of each line and of the whole sequence."""
    days = [_days(one, at) for at in range(len(one.lines))]
    bars = [_bar(one, at, each) for at, each in enumerate(days)]
    total = np.nansum(days, axis=0)
    tenth, middle, ninetieth = (float(x) for x in np.quantile(total, (0.1, 0.5, 0.9)))
    share = float(np.median(total / np.maximum(one.lives.dies * DAYS_PER_MONTH, 1))) * 100
    return figure(
        f"At home and in the clinic, sequence {one.letter}",
        f"{one.letter}: half of the people have more than {middle:.0f} planned clinic days from the start of the first line shown"
        f" (10 of 100 have {tenth:.0f} or fewer, 10 have {ninetieth:.0f} or more): {share:.0f} of 100 days alive in the"
        f" clinic, {100 - share:.0f} without a planned visit.",
        [
            "line",
            "regimen",
            "clinic days a month",
            "more in the first two months",
            "months on the drug, median",
            "clinic days, median",
        ],
        (
            [b["number"], b["called"], f"{b['usual']:.1f}", b["early"], months(b["months"]), round(b["days"])]
            for b in bars
        ),
        notes=[
            (
                "Planned visits only, each a day: for the drug that needs the clinic most often, at least one in four weeks, and"
                " what labels add in the first two months (loading doses, blood, ECG, glucose, eyes). Scans, complications and"
                " supportive care are not counted."
            ),
            TESTED if one.tested else "",
            one.running and one.running.replace("these months", "these days"),
        ],
        bars=bars,
        scale=MONTH,
    )


def _days(one: Candidate, at: int) -> Array:
    """Give the clinic days of each person on a line; NaN for those who do not start it."""
    lives = one.lives
    on = lives.treated_until[at] - lives.begins[at]
    found = np.zeros_like(on)
    for path, option in enumerate(one.options(at)):
        if option:
            usual, early = rates(option)
            days = usual * on + early * np.minimum(on / EARLY, 1)
            found = np.where(lives.path == path, days, found)
    return np.where(np.isnan(on), np.nan, found)


def _bar(one: Candidate, at: int, days: Array) -> dict[str, Any]:
    usual, early = rates(one.lines[at].option)
    on = one.lives.treated_until[at] - one.lives.begins[at]
    return {
        **one.taken_marks[at],
        "usual": round(usual * MONTH / DAYS_PER_MONTH, 1),
        "early": early,
        "months": _median(on),
        "days": _median(days),
    }


def _median(values: Array) -> float:
    """Give the median over those who start the line; 0 when nobody does."""
    told: Array = values[~np.isnan(values)]
    return round(float(np.median(told)), 1) if told.size else 0.0

"""Days at home and days in the clinic along a sequence, counted as the strategy "fewest visits" counts planned visits."""

from typing import Any

from mbc_widgets.eligibility import Option
from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import Figure, figure, months
from mbc_widgets.patient import DAYS_PER_MONTH
from mbc_widgets.simulate.people import OnLine
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
    by_path = [[rates(option) if option else None for option in one.options(at)] for at in range(len(one.lines))]
    days = one.people.clinic(by_path, EARLY)
    bars = [_bar(one, at, each) for at, each in enumerate(days.lines)]
    share = days.share * 100
    return figure(
        f"At home and in the clinic, sequence {one.letter}",
        f"{one.letter}: half of the people have more than {days.middle:.0f} planned clinic days from the start of the first line shown"
        f" (10 of 100 have {days.tenth:.0f} or fewer, 10 have {days.ninetieth:.0f} or more): {share:.0f} of 100 days alive in the"
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


def _bar(one: Candidate, at: int, on: OnLine) -> dict[str, Any]:
    usual, early = rates(one.lines[at].option)
    return {
        **one.taken_marks[at],
        "usual": round(usual * MONTH / DAYS_PER_MONTH, 1),
        "early": early,
        "months": round(on.months, 1),
        "days": round(on.days, 1),
    }

"""Quality-adjusted months as a range: one figure for each source of utilities, never one number and never a ranking.

Utilities are asked for in states of health: on a therapy, and after progression. The three sources asked other people in other
ways, so what they give lies apart; the range is the result.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mbc_widgets.eligibility import Option
from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import Figure, figure, months
from mbc_widgets.sequences import cohort_subtype

STABLE, PROGRESSION = "lloyd-stable", "lloyd-progression"
BASELINE = ("paloma3-placebo", "paloma3-palbo")
NEW_ZEALAND = {
    "": "UK tariff",
    "-nz": "own tariff",
    "-trade": "time trade-off",
}  # one method after the other, never mixed
CYTOTOXIC = {"chemotherapy", "adc"}


@dataclass(frozen=True, kw_only=True)
class Utilities:
    """What one source gives: on endocrine or targeted therapy, on cytotoxic drugs, and after progression; 0 to 1."""

    source: str
    endocrine: float
    cytotoxic: float
    after: float


def utilities(one: Candidate) -> Iterator[Utilities]:
    """Give the utilities of each source and method; what a source did not ask is Lloyd's."""
    known = one.knowledge.model.figures
    stable = known[STABLE].value
    after = round(stable + known[PROGRESSION].value, 2)
    yield Utilities(source=known[STABLE].cohort, endocrine=stable, cytotoxic=stable, after=after)
    if cohort_subtype(one.lines[0].option.facts) == known[BASELINE[0]].subtype:
        for value in sorted(known[name].value for name in BASELINE):
            yield Utilities(source=known[BASELINE[0]].cohort, endocrine=value, cytotoxic=stable, after=after)
    for method, label in NEW_ZEALAND.items():
        hormonal, chemotherapy = known[f"nz-hormonal{method}"], known[f"nz-chemotherapy{method}"]
        source = f"{hormonal.cohort}, {label}"
        yield Utilities(source=source, endocrine=hormonal.value, cytotoxic=chemotherapy.value, after=after)


def quality(one: Candidate) -> Figure:
    """Give the median of the quality-adjusted months by each source."""
    found = [(each, _adjusted(one, each)) for each in utilities(one)]
    least, most = min(value for _, value in found), max(value for _, value in found)
    return figure(
        f"Quality-adjusted months, sequence {one.letter}",
        f"{one.letter}: the median lies between {months(least)} and {months(most)} quality-adjusted months, by whom one asks"
        " what a month on therapy or after progression is worth.",
        [
            "asked",
            "on endocrine or targeted therapy",
            "on chemotherapy or a conjugate",
            "after progression",
            "median months",
        ],
        ([u.source, f"{u.endocrine:.2f}", f"{u.cytotoxic:.2f}", f"{u.after:.2f}", months(value)] for u, value in found),
        notes=[
            (
                "1 is full health, 0 is as bad as death. What a source did not ask (after progression; chemotherapy in PALOMA-3)"
                " is taken from the UK public. A range is no rank: it does not say which sequence is worth more to a person."
            )
        ],
        range=[round(least), round(most)],
        marks=[{"source": u.source, "months": round(value, 1)} for u, value in found],
    )


def _adjusted(one: Candidate, worth: Utilities) -> float:
    """Give the median of the months, each weighted by where it was spent."""
    by_path = [[_worth(option, worth) for option in one.options(at)] for at in range(len(one.lines))]
    return one.people.adjusted(by_path, worth.after)


def _worth(option: Option | None, worth: Utilities) -> float:
    """Give what a month on a regimen is worth; nobody spends one where a path has no such line."""
    if option is None:
        return 0.0
    return worth.cytotoxic if option.regimen.backbone in CYTOTOXIC else worth.endocrine

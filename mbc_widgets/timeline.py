"""From a sequence to tidy rows in months since metastatic diagnosis. Comes in: given therapies and a `Sequence`."""

from dataclasses import dataclass

from mbc_widgets.facts import group_by_line
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.patient import Patient, Therapy, months_between
from mbc_widgets.sequences import Line, Sequence

NOMINAL_MONTHS = 4.0  # length of a bar whose figure was not read: it is drawn hatched, open, without a number
SHORTEST_GIVEN = 0.5


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One line on a lane: `start` and `end` in months since metastatic diagnosis; `low`, `high` the interval's ends."""

    line: int
    regimen: str
    start: float
    end: float
    low: float | None
    high: float | None
    share: float | None
    given: Therapy | None = None
    planned: Line | None = None


def now_month(patient: Patient) -> float:
    """Give the months from metastatic diagnosis (or the first metastatic therapy) to the visit."""
    first = patient.first_metastatic_day or min(
        (t.start for t in patient.prior_therapies if t.setting == "metastatic"),
        default=patient.seen_on,
    )
    return max(0.0, months_between(first, patient.seen_on))


def given(patient: Patient, knowledge: Knowledge) -> tuple[Bar, ...]:
    """Give the bars of the metastatic therapies that were given, numbered by line as the facts count them.

    What is given beside a line (a bone agent) has the number of the line before it.
    """
    now = now_month(patient)
    late = [t for t in patient.prior_therapies if t.setting == "metastatic"]
    line_of = {id(t): number for number, line in enumerate(group_by_line(late, knowledge), 1) for t in line}
    bars: list[Bar] = []
    for therapy in late:
        number = line_of.get(id(therapy), bars[-1].line if bars else 1)
        bars.append(_given_bar(number, therapy, patient, now))
    return tuple(bars)


def _given_bar(number: int, therapy: Therapy, patient: Patient, now: float) -> Bar:
    start = max(0.0, now - months_between(therapy.start, patient.seen_on))
    end = now - months_between(therapy.stop, patient.seen_on) if therapy.stop else now
    return Bar(
        line=number,
        regimen="+".join(therapy.agents),
        start=start,
        end=max(end, start + SHORTEST_GIVEN),
        low=None,
        high=None,
        share=100.0,
        given=therapy,
    )


def timeline(sequence: Sequence, patient: Patient, knowledge: Knowledge) -> tuple[Bar, ...]:
    """Give the bars of one lane: what was given, then each planned line from the end of the one before.

    Each planned bar is the median of one trial. The end of the last bar is not an expected survival.
    """
    bars = list(given(patient, knowledge))
    at = now_month(patient)
    for line in sequence.lines:
        months = line.months
        length = months.value if months and months.value is not None else NOMINAL_MONTHS
        low = at + months.low if months and months.low is not None else None
        high = at + months.high if months and months.high is not None else None
        bars.append(
            Bar(line=line.number, regimen=line.option.regimen.id, start=at, end=at + length, low=low, high=high,
                share=line.share, planned=line)
        )  # fmt: skip
        at += length
    return tuple(bars)

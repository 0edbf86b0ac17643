"""Cohorts and trials that were not fitted, simulated and compared with what they printed: inside the interval or outside, and why.

Comes in: the knowledge. Goes out: a `Check` for every published figure and structure, and a table. A course takes only how long the
first lines held in that very cohort; all else is the frozen fit. Nothing is held back where it is outside.

Left out, because no course follows from what they print: Uppsala, Sweden and GIM13 (survival or lines, never both), PALMARES-2 (no
survival), and the four figures of later lines that `mbc calibrate` prints already.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import log

import numpy as np

from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import CohortFigure
from mbc_widgets.simulate import sonia
from mbc_widgets.simulate.cited import monte_carlo_error, told
from mbc_widgets.simulate.cohorts import cohort_course, time_to_second_progression
from mbc_widgets.simulate.kernel import Array, simulate
from mbc_widgets.simulate.rates import hazard_ratio

SIZE, SEED = 32_000, 2012
INSIDE, OUTSIDE, NO_INTERVAL = "inside", "outside", "no interval printed"
OLD = 75.0  # years, for a cohort of 70 and older: assumed, as no median age is printed


@dataclass(frozen=True, kw_only=True)
class Held:
    """A cohort that was held out: its survival figure, the medians of its first lines, the age, and what is known to differ."""

    figure: str
    lines: tuple[str, ...]
    differs: str
    age: float | None = None


AGE_IS_SET = (
    "The ratio of age is set to this figure by the first structure; how long the first line held is the cohort's."
)
OF_AGE = "The ratio of age is that which meets the years before CDK4/6 inhibitors."
HELD = (
    Held(
        figure="preality-os-palbo",
        lines=("preality-pfs-palbo",),
        differs="Later lines are those of the time before CDK4/6 inhibitors.",
    ),
    Held(
        figure="preality-os-ai",
        lines=("preality-pfs-ai",),
        differs="Some may have had a CDK4/6 inhibitor later; the later lines here are of the time before.",
    ),
    Held(
        figure="esme-old-before-os",
        lines=("esme-old-before",),
        age=OLD,
        differs=AGE_IS_SET,
    ),
    Held(
        figure="esme-old-after-os",
        lines=("esme-old-after",),
        age=OLD,
        differs=OF_AGE,
    ),
    Held(
        figure="imcore-os",
        lines=("imcore-pfs1",),
        differs="More than a third of these patients had another subtype; simulated as if all had hormone receptor positive disease.",
    ),
    Held(
        figure="udine-os",
        lines=("udine-pfs1", "udine-pfs2", "udine-pfs3", "udine-pfs4"),
        differs="All subtypes; the ratios of lines 2 to 4 were used in the ladder, the survival was not.",
    ),
)
OF_SONIA = (
    "Line 2 was set to meet the published PFS2; later lines are alike in both arms, and a trial takes the fitter."
)
OF_RATIO = "No interval of the medians is printed; the hazard ratio has one. Both arms are the same people."


@dataclass(frozen=True, kw_only=True)
class Check:
    """One published figure against one structure: months or a ratio, the verdict, and why it may differ.

    `apart`: simulated less published in months, or the log of the quotient of two ratios. `standard_error`: Monte-Carlo.
    """

    cohort: str
    figure: str
    published: float
    low: float | None
    high: float | None
    unit: str
    structure: str
    simulated: float
    standard_error: float
    verdict: str
    why: str

    @property
    def apart(self) -> float:
        """Give how far the simulated figure lies from the published one."""
        return log(self.simulated / self.published) if self.unit == "ratio" else self.simulated - self.published


def checks(known: Knowledge, *, size: int = SIZE, seed: int = SEED) -> tuple[Check, ...]:
    """Give every held-out figure by every structure; some seconds."""
    return tuple(
        check
        for structure in known.model.structures
        for part in (_of_cohorts, _of_preality, _of_sonia)
        for check in part(known, structure, size, seed)
    )


def _of_cohorts(known: Knowledge, structure: str, size: int, seed: int) -> Iterator[Check]:
    for held in HELD:
        yield _check(known, structure, held.figure, held.differs, np.median, _dies(known, structure, held, size, seed))


def _of_preality(known: Knowledge, structure: str, size: int, seed: int) -> Iterator[Check]:
    arms = [_dies(known, structure, held, size, seed) for held in HELD if held.figure.startswith("preality")]
    why = "Observational, weighted; the model knows of the two arms only how long the first line held. Both arms are the same people."
    yield _check(known, structure, "preality-os-hr", why, hazard_ratio, *arms)


def _of_sonia(known: Knowledge, structure: str, size: int, seed: int) -> Iterator[Check]:
    arms = sonia.courses(known, structure, size=size, seed=seed)
    missed = "" if all(arm.reached for arm in arms) else " The published PFS2 cannot be met by this structure."
    one, two = (simulate(arm.course, size, seed) for arm in arms)
    for figure, lives in zip(sonia.OS, (one, two), strict=True):
        yield _check(known, structure, figure, OF_SONIA + missed, np.median, lives.dies)
    second = [time_to_second_progression(lives) for lives in (one, two)]
    yield _check(known, structure, "sonia-pfs2-hr-update", OF_RATIO + missed, hazard_ratio, *second)
    yield _check(known, structure, "sonia-os-hr", OF_RATIO + missed, hazard_ratio, one.dies, two.dies)


def _dies(known: Knowledge, structure: str, held: Held, size: int, seed: int) -> Array:
    medians = [known.model.figures[name].value for name in held.lines]
    return simulate(cohort_course(known, structure, medians, age=held.age), size, seed).dies


def _check(
    known: Knowledge, structure: str, name: str, why: str, statistic: Callable[..., float], *months: Array
) -> Check:
    figure, simulated = known.model.figures[name], float(statistic(*months))
    return Check(
        cohort=figure.cohort,
        figure=name,
        published=figure.value,
        low=figure.low,
        high=figure.high,
        unit=figure.unit,
        structure=structure,
        simulated=simulated,
        standard_error=monte_carlo_error(statistic, *months),
        verdict=verdict(figure, simulated),
        why=why,
    )


def verdict(figure: CohortFigure, simulated: float) -> str:
    """Say whether a simulated figure lies inside the published interval, outside, or that none is printed."""
    if figure.low is None or figure.high is None:
        return NO_INTERVAL
    return INSIDE if figure.low <= simulated <= figure.high else OUTSIDE


def tally(found: Iterable[Check]) -> dict[str, tuple[int, int]]:
    """Give, by structure, how many figures with an interval were met and how many there are."""
    counts: dict[str, tuple[int, int]] = {}
    for check in found:
        met, all_of_them = counts.get(check.structure, (0, 0))
        judged = check.verdict != NO_INTERVAL
        counts[check.structure] = (met + (check.verdict == INSIDE), all_of_them + judged)
    return counts


def table(found: Iterable[Check]) -> str:
    """Give the checks as a Markdown table, and how many of the figures with an interval were met; `apart`: months too long."""
    found = tuple(found)
    rows = [
        "| cohort | figure | published | structure | simulated | apart | verdict | why it may differ |",
        "|---|---|---|---|---:|---:|---|---|",
    ]
    for check in found:
        interval = f" ({check.low:g} to {check.high:g})" if check.verdict != NO_INTERVAL else ""
        published = f"{check.published:g}{interval} {check.unit}"
        simulated, apart = f"{check.simulated:.2f}", ""
        if check.unit != "ratio":
            simulated, apart = (told(months, check.standard_error) for months in (check.simulated, check.apart))
        rows.append(
            f"| {check.cohort} | {check.figure} | {published} | {check.structure} | {simulated} |"
            f" {apart} | {check.verdict} | {check.why} |"
        )
    met_by = [f"{name}: {met} of {judged} figures with an interval met" for name, (met, judged) in tally(found).items()]
    return "\n".join([*rows, "", *met_by])

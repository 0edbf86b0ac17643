"""Six effects by which published survival misleads, each reproduced with its number.

Comes in: the knowledge, how many people, a seed. Goes out: an `Effect` with rows, numbers, one sentence made from the numbers, and
the published figures with their sources. Nothing is drawn here. Simulated people stand for published medians, not for patients.

Sources of the ideas: immortal time, doi 10.1093/aje/kwm324 (Suissa 2008, recalled); landmark, doi 10.1200/JCO.1983.1.11.710
(Anderson 1983, recalled). The figures themselves are cited in each effect.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mbc_widgets.conditions import fields_of, holds
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Trial
from mbc_widgets.simulate import cohorts, sonia
from mbc_widgets.simulate.build import everyday_course, ladder
from mbc_widgets.simulate.calibrate import SURVIVAL
from mbc_widgets.simulate.cited import (
    Effect,
    Row,
    ladder_figures,
    median,
    median_of,
    monte_carlo_error,
    of_cohorts,
    of_trial,
    signed,
    told,
)
from mbc_widgets.simulate.kernel import Array, simulate
from mbc_widgets.simulate.no_effect import ever_against_never, no_effect
from mbc_widgets.simulate.tails import Tail, esme_points, tails

SIZE, SEED = 96_000, 2012
PAIRED = 32_000  # people are enough where the same ones live through both arms, and a length is sought
LANDMARK = 12.0  # months
TEN_YEARS = 120.0
AXIS = (12.0, 24.0, 36.0, 48.0, 60.0, 84.0, 120.0, 180.0)  # months of the table of tails
POOR = {"performance_status": 2}
MODEL = "Simulated from published medians, not from the data of patients; no forecast for a person."
OTHER_COHORT = (
    "The lines were counted in another cohort than the survival: there, all subtypes and mean age 67.6, people lived {lived:g} months,"
    " and against that adding up loses {percent:.0f} %."
)


def effects(known: Knowledge, *, size: int = SIZE, seed: int = SEED) -> tuple[Effect, ...]:
    """Give all six, in the order in which they are taught; some seconds."""
    return (
        immortal_time(known, size=size, seed=seed),
        pfs_is_not_time_to_next_treatment(known, size=size, seed=seed),
        adding_medians_loses(known, size=size, seed=seed),
        progression_gain_is_not_survival_gain(known, size=min(size, PAIRED), seed=seed),
        trial_against_registry(known),
        unknowable_tails(known),
    )


def immortal_time(known: Knowledge, *, line: int = 3, size: int = SIZE, seed: int = SEED) -> Effect:
    """Give median survival by lines received where no line does anything, three ways, and "ever line k" against "never".

    Lines begin one after the other by the ladder of everyday care; death comes by the survival of ESME whatever is received. Rows:
    {lines, percent, median, median_alive_at_landmark, median_by_landmark}, months. The last is the right one: lines begun by
    month 12, of those alive then. Numbers with `_unlike`: people share a frailty, which the right ways do not mend.
    """
    begins, dies, unlike = no_effect(known, size, seed)
    rows = _by_lines(begins, dies)
    lines, by_landmark, alive = (begins < dies).sum(axis=0), (begins < LANDMARK).sum(axis=0), dies > LANDMARK
    most = len(begins)
    numbers = {"all": median(dies), "one_line": median(dies[lines == 1]), "most_lines": median(dies[lines == most])}
    numbers |= {
        f"{n}_alive_at_landmark": median(dies[alive & (lines == at)])
        for n, at in (("one_line", 1), ("most_lines", most))
    }
    numbers |= {f"lines_by_landmark_{at}": median(dies[alive & (by_landmark == at)]) for at in (1, 2)}
    numbers |= ever_against_never(begins, dies, line)
    numbers |= {f"{key}_unlike": value for key, value in ever_against_never(*unlike, line).items()}
    sentence = (
        f"No line does anything here, yet those who received {most} lived a median of {numbers['most_lines']:.0f} months and those who"
        f" received one {numbers['one_line']:.0f}; of those alive at month {LANDMARK:.0f} still"
        f" {numbers['most_lines_alive_at_landmark']:.0f} and {numbers['one_line_alive_at_landmark']:.0f}. Sorted by what had begun by"
        f" then it is gone: {numbers['lines_by_landmark_2']:.0f} months after two lines, {numbers['lines_by_landmark_1']:.0f} after one."
        f" “Ever line {line}” against “never” seems to cut the hazard of death to {numbers['hazard_ratio_ever']:.2f}; counted from the"
        f" day on which the line begins it is {numbers['hazard_ratio_from_start']:.2f}. Where people differ in how fast the disease is,"
        f" that too misleads: {numbers['hazard_ratio_from_start_unlike']:.1f}, and still no line has an effect."
    )
    return Effect(
        id="immortal-time",
        title="Immortal time",
        question="Do people live longer because they received more lines, or receive more lines because they live longer?",
        rows=rows,
        numbers=numbers,
        sentence=sentence,
        figures=of_cohorts(known, "esme-all-os", "esme-all-os-60", *ladder_figures(known, "hr_positive")),
        limits=(MODEL, "That no line has an effect is an assumption, made to show what the analysis adds by itself."),
        standard_error=max(
            monte_carlo_error(np.median, dies[chosen])
            for chosen in (lines == 1, lines == most, alive & (by_landmark == 1), alive & (by_landmark == 2))  # noqa: PLR2004 - lines
        ),
    )


def _by_lines(begins: Array, dies: Array) -> tuple[Row, ...]:
    lines, by_landmark, alive = (begins < dies).sum(axis=0), (begins < LANDMARK).sum(axis=0), dies > LANDMARK
    return tuple(
        {
            "lines": number,
            "percent": round(float(100 * (lines == number).mean()), 1),
            "median": median_of(dies, lines == number),
            "median_alive_at_landmark": median_of(dies, alive & (lines == number)),
            "median_by_landmark": median_of(dies, alive & (by_landmark == number)),
        }
        for number in range(1, len(begins) + 1)
    )


def pfs_is_not_time_to_next_treatment(known: Knowledge, *, size: int = SIZE, seed: int = SEED) -> Effect:
    """Give the median PFS and time to next treatment or death on line 1 in the same people, by structure, beside what records say.

    Rows: {source, pfs, ttnt, apart}, months; `apart` is the difference of the medians.
    """
    model = known.model
    rows, apart, error = [], {}, 0.0
    for name, structure in model.structures.items():
        lives = simulate(cohorts.cohort_course(known, name, ()), size, seed)
        pfs, following = cohorts.time_to_progression(lives), cohorts.time_to_next_treatment(lives)
        rows.append(_ends(f"simulated: {structure.label}", median(pfs), median(following)))
        apart[name] = rows[-1]["apart"]
        error = max(error, monte_carlo_error(np.median, following))
    seen = [model.figures[name].value for name in ("imcore-pfs1", "imcore-ttnt1")]
    rows.append(_ends("published: " + model.figures["imcore-pfs1"].cohort, *seen))
    first, records = rows[0], rows[-1]
    sentence = (
        f"In the same simulated people the first line holds {told(first['pfs'], error)} months and the next treatment begins after"
        f" {told(first['ttnt'], error)} ({told(min(apart.values()), error)} to {told(max(apart.values()), error)} months apart, by"
        f" structure): two endpoints, two numbers. US records of the same patients print {records['pfs']:g} and {records['ttnt']:g}:"
        " there the next treatment begins as early as progression is recorded, so the months that the model needs between lines are"
        " no months after line 1; they stand for what six lines leave out."
    )
    return Effect(
        id="pfs-is-not-time-to-next-treatment",
        title="Progression is not the next treatment",
        question="May a time to next treatment be set beside a progression-free survival?",
        rows=tuple(rows),
        numbers={"pfs": first["pfs"], "ttnt": first["ttnt"], "published_apart": records["apart"]}
        | {f"apart_{name}": months for name, months in apart.items()},
        sentence=sentence,
        figures=of_cohorts(known, "imcore-pfs1", "imcore-ttnt1", *ladder_figures(known, "hr_positive")[:1]),
        limits=(MODEL, "The records hold all subtypes, the simulation hormone receptor positive disease."),
        standard_error=error,
    )


def _ends(source: str, pfs: float, following: float) -> Row:
    return {"source": source, "pfs": pfs, "ttnt": following, "apart": round(following - pfs, 2)}


def adding_medians_loses(
    known: Knowledge, *, subtype: str = "hr_positive", structure: str = "", size: int = SIZE, seed: int = SEED
) -> Effect:
    """Give the sum of the ladder's medians against the median survival of the cohort, and step by step where the months lie.

    Rows: {step, median, change}, months; the order of the steps is one of several, and with it the share of each. `lines` and
    `sum_of_lines`: as many lines as the median patient of a published cohort had.
    """
    model = known.model
    structure = structure or next(iter(model.structures))
    medians, published = ladder(model, subtype), model.figures[SURVIVAL[subtype]]
    steps = dict(_steps(known, structure, subtype, size, seed))
    told = [("median months of all lines, added", sum(medians)), *((name, median(x)) for name, x in steps.items())]
    befores = [None, *(months for _, months in told)]
    rows = tuple(
        {"step": name, "median": round(months, 2), "change": None if before is None else round(months - before, 2)}
        for (name, months), before in zip(told, befores, strict=False)
    )
    lines, counted = int(model.figures["uppsala-lines"].value), model.figures["uppsala-os"].value
    numbers = {"sum_of_all": sum(medians), "median_of_sum": told[1][1], "simulated": told[-1][1]}
    numbers |= {"published": published.value, "lines": lines, "sum_of_lines": sum(medians[:lines])}
    numbers |= {"lost": published.value - numbers["sum_of_lines"]}
    numbers |= {"lost_percent": 100 * numbers["lost"] / published.value}
    sentence = (
        f"The median patient of one cohort had {lines} lines; their median months add up to {numbers['sum_of_lines']:.1f}, and another"
        f" cohort lived {published.value:g}: adding up loses {numbers['lost_percent']:.0f} %. Nor is a sum of medians the median of a sum: all"
        f" {len(medians)} lines one after the other for everybody, nothing between them, take {numbers['median_of_sum']:.0f} months and"
        f" not {numbers['sum_of_all']:.0f}, as some lines hold for years."
    )
    return Effect(
        id="adding-medians-loses",
        title="Adding up medians loses survival",
        question="Does one get the survival of a cohort by adding up the months of its lines?",
        rows=rows,
        numbers=numbers,
        sentence=sentence,
        figures=of_cohorts(known, published.id, "uppsala-lines", *ladder_figures(known, subtype)),
        limits=(
            MODEL,
            "The months between lines were fitted to the published survival, so that it comes out is no finding.",
            OTHER_COHORT.format(lived=counted, percent=100 * (1 - numbers["sum_of_lines"] / counted)),
        ),
        standard_error=max(monte_carlo_error(np.median, x) for x in steps.values()),
    )


def _steps(known: Knowledge, structure: str, subtype: str, size: int, seed: int) -> Iterator[tuple[str, Array]]:
    """Give, from bare lines to the fitted course, what is added and the months that everybody then lives."""
    fit = known.model.fits[structure, subtype]
    whole = everyday_course(known, structure, subtype, beyond=fit.beyond, gap=fit.gap)
    bare = tuple(replace(line, beyond=0.0, gap=0.0) for line in whole.lines)
    kept = tuple(replace(line, dies=0.0, goes_on=1.0) for line in bare)
    alike = replace(whole, lines=bare, frailty=0.0, leaning=0.0, other_deaths=())
    unlike = replace(alike, frailty=whole.frailty, leaning=whole.leaning)
    yield "all lines for everybody, nothing between", simulate(replace(alike, lines=kept), size, seed).ends[-1]
    yield "some are lost on a line or after it", np.nanmax(simulate(alike, size, seed).ends, axis=0)
    yield "people differ: who goes on is selected", np.nanmax(simulate(unlike, size, seed).ends, axis=0)
    yield "supportive care after the last line", simulate(unlike, size, seed).dies
    yield "months between lines (fitted)", simulate(replace(unlike, lines=whole.lines), size, seed).dies
    yield "death from other causes", simulate(whole, size, seed).dies


def progression_gain_is_not_survival_gain(known: Knowledge, *, size: int = PAIRED, seed: int = SEED) -> Effect:
    """Give SONIA as published and as simulated with its own curves: gain on line 1, on two lines, in survival.

    The length of line 2 is set in each arm so that its published PFS2 comes out; all later lines are alike, and the same people
    live through both arms (common random numbers). Rows: {source, endpoint, first, second, gain, hazard_ratio}, months,
    CDK4/6 inhibitor in line 1 against line 2. `gain_<structure>`: of simulated survival.
    """
    published = sonia.published(known)
    rows, error = sonia.simulated(known, size, seed)
    numbers = {f"published_gain_{row['endpoint']}": row["gain"] for row in published}
    for name, row in zip(known.model.structures, rows[len(sonia.ENDPOINTS) - 1 :: len(sonia.ENDPOINTS)], strict=True):
        numbers |= {f"gain_{name}": row["gain"], f"hazard_ratio_{name}": row["hazard_ratio"]}
    gains = [numbers[f"gain_{name}"] for name in known.model.structures]
    ratios, seen = (
        [numbers[f"hazard_ratio_{name}"] for name in known.model.structures],
        known.model.figures["sonia-os-hr"],
    )
    inside = all((seen.low or 0) <= ratio <= (seen.high or 0) for ratio in ratios)
    sentence = (
        (
            f"SONIA gained {signed(published[0]['gain'])} months on the first line, {signed(published[1]['gain'])} on two lines and"
            f" {signed(published[2]['gain'])} in survival. Simulated with its own curves, survival gains {min(gains):.0f} to {max(gains):.0f}"
            f" months, because the model hands on what two lines gained; its hazard ratio, {min(ratios):.2f} to {max(ratios):.2f}, lies"
            f" {'inside' if inside else 'outside'} the published interval ({seen.low:g} to {seen.high:g}). A gain in progression-free"
            " survival must not be read as a gain in survival, and neither may this model's."
        )
        .replace("-", "−")
        .replace("progression−free", "progression-free")
    )
    return Effect(
        id="progression-gain-is-not-survival-gain",
        title="A gain before progression is no gain in survival",
        question="CDK4/6 inhibitor first or second: what becomes of the months that the first line gains?",
        rows=(*published, *rows),
        numbers=numbers,
        sentence=sentence,
        figures=(
            *sonia.first_line_figures(known),
            *of_cohorts(known, *sonia.PFS2, "sonia-pfs2-hr-update", *sonia.OS, "sonia-os-hr"),
        ),
        limits=(
            MODEL,
            "The length of line 2 was chosen to meet the published PFS2; lines 3 to 6 are assumed alike in both arms.",
        ),
        standard_error=error,
    )


def trial_against_registry(known: Knowledge) -> Effect:
    """Give progression-free survival with a CDK4/6 inhibitor on line 1 as trials and registries print it, side by side, never pooled.

    Rows: {source, kind, therapy, median, low, high, ecog_2}, months; `ecog_2`: whether such patients were taken, by the criteria
    that were read. The numbers count trials that print a limit of performance status, and those that took nobody with ECOG 2.
    """
    registries = of_cohorts(known, "preality-pfs-palbo", "palmares-pfs1")
    rows = [
        _side(one.cohort, "registry", one.population.split(";")[0], (one.value, one.low, one.high), "not told")
        for one in registries
    ]
    arms = [_first_line_arm(known, name) for name in ("sonia", "paloma-2", "monaleesa-2")]
    for trial, one in arms:
        therapy = next(arm.name for arm in trial.arms if arm.id == "experimental")
        rows.append(_side(trial.name, "trial", therapy, (one.value, one.low, one.high), _takes_ecog_2(trial)))
    answers = [_takes_ecog_2(known.trial(name)) for name in known.raw_trials]
    medians = [row["median"] for row in rows]
    numbers = {"shortest": min(medians), "longest": max(medians), "longest_over_shortest": max(medians) / min(medians)}
    numbers |= {"limited": len(answers) - answers.count("not told"), "without_ecog_2": answers.count("not taken")}
    numbers |= {"regimens_without_ecog_2": len(regimens_without_ecog_2(known))}
    refused = " and ".join(row["source"] for row in rows if row["ecog_2"] == "not taken")
    sentence = (
        f"A CDK4/6 inhibitor on the first line held from {numbers['shortest']:g} to {numbers['longest']:g} months, the longest"
        f" {numbers['longest_over_shortest']:.1f} times the shortest: people, inhibitors, years and scans differ, and nobody can say how"
        f" much each of them counts. A patient with ECOG 2 was not taken by {refused}; of {numbers['limited']} trials here that"
        f" print a limit {numbers['without_ecog_2']} took none, and"
        f" of {numbers['regimens_without_ecog_2']} regimens no trial did."
    )
    return Effect(
        id="trial-against-registry",
        title="One therapy, many medians",
        question="How long does a CDK4/6 inhibitor hold on the first line?",
        rows=tuple(rows),
        numbers=numbers,
        sentence=sentence,
        figures=(*registries, *(one for _, one in arms)),
        limits=(
            "Not pooled and not ranked: the people, the inhibitors, the years and the scans differ.",
            "Being allowed in is not being there: how many had ECOG 2 is not in the data.",
        ),
    )


def regimens_without_ecog_2(known: Knowledge) -> tuple[str, ...]:
    """Give the regimens all of whose trials took nobody with ECOG 2; one whose limit was not read clears a regimen of it."""
    found = []
    for regimen, arms in known.trials_of.items():
        answers = {_takes_ecog_2(known.trial(name)) for name, _ in arms}
        if answers == {"not taken"} and not known.regimens[regimen].variant_of:
            found.append(regimen)
    return tuple(found)


def _takes_ecog_2(trial: Trial) -> str:
    """Say whether the criteria of a trial that were read admit ECOG 2: "taken", "not taken" or "not told"."""
    asked = [c for c in trial.fit if c.verified == "seen" and "performance_status" in fields_of(c.when)]
    answers = {holds(criterion.when, POOR) for criterion in asked}
    return "not taken" if False in answers else "taken" if True in answers else "not told"


def _first_line_arm(known: Knowledge, name: str) -> tuple[Trial, Any]:
    """Give a trial with its newest median of the first line that was read for the whole arm with the inhibitor."""
    trial = known.trial(name)
    fitting = [
        r for r in trial.results if (r.endpoint, r.population, r.verified) == ("pfs", "ITT", "seen") and r.experimental
    ]
    newest = max((r for r in fitting if r.experimental and r.experimental.value), key=lambda r: r.reported)
    return trial, of_trial(known, trial, newest, newest.experimental, "PFS with the inhibitor")  # type: ignore[arg-type]


def _side(source: str, kind: str, therapy: str, months: Sequence[float | None], ecog_2: str) -> Row:
    value, low, high = months
    return {
        "source": source, "kind": kind, "therapy": therapy, "median": value, "low": low, "high": high, "ecog_2": ecog_2,
    }  # fmt: skip


def unknowable_tails(known: Knowledge) -> Effect:
    """Give three families of curves through the same median and 5-year share of ESME: alive by month, and the mean.

    Rows: {month, weibull, log_normal, log_logistic}, percent alive, in closed form. `mean_<family>`: months;
    `mean_within_<family>`: months until the last published figure.
    """
    middle, last, share = esme_points(known)
    families = tails(middle, last, share)
    rows = tuple(
        {"month": month, **{name: round(100 * tail.survival(month), 1) for name, tail in families.items()}}
        for month in sorted({*AXIS, middle, last})
    )
    numbers = {f"ten_years_{name}": 100 * tail.survival(TEN_YEARS) for name, tail in families.items()}
    numbers |= {f"mean_{name}": tail.mean for name, tail in families.items()}
    numbers |= {f"mean_within_{name}": tail.mean_within(last) for name, tail in families.items()}
    between = [middle + (last - middle) * at / 100 for at in range(101)]
    numbers["apart_between_figures"] = max(_apart(families, month) for month in between)
    numbers["apart_before_first"] = max(_apart(families, middle * at / 100) for at in range(1, 101))
    ten, mean, within = (
        [numbers[f"{what}_{name}"] for name in families] for what in ("ten_years", "mean", "mean_within")
    )
    sentence = (
        f"Three families pass through the same median of {middle:g} months and the same {100 * share:g} % alive at month {last:g}, and"
        f" until then give {min(within):.0f} to {max(within):.0f} months of life; at ten years {min(ten):.0f} to {max(ten):.0f} % are"
        f" alive, and the mean is {min(mean):.0f} to {max(mean):.0f} months. The last published figure is where knowledge ends; a mean"
        " is a statement about the tail."
    )
    return Effect(
        id="unknowable-tails",
        title="Tails that nobody can know",
        question="What do a median and a five-year share say about ten years, and about the mean?",
        rows=rows,
        numbers=numbers,
        sentence=sentence,
        figures=of_cohorts(known, "esme-all-os", "esme-all-os-60"),
        limits=(
            "HER2-positive disease is included in these figures.",
            f"Before the median nothing is published, and the families part there by up to {numbers['apart_before_first']:.0f} points.",
        ),
    )


def _apart(families: Mapping[str, Tail], month: float) -> float:
    """Give how many points of percent lie between the families at a month."""
    alive = [100 * tail.survival(month) for tail in families.values()]
    return max(alive) - min(alive)

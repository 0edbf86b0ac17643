"""Guideline order: what comes first by the texts and licences of this place, before any wish. Every key has its source.

Comes in: the offered options of one state. Goes out: keys, smaller first. Nothing here opens or closes an option.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from mbc_widgets.eligibility import OFFERED, Option
from mbc_widgets.merits import (
    CDK46,
    ELSEWHERE,
    POSITIONS,
    best_position,
    cdk46_spent,
    given_before,
    matched,
    off_label,
    pathway,
    repeats_class,
    repeats_drug,
    used,
)
from mbc_widgets.said import ACCELERATED

LICENSED_ONLY, UNVERIFIED = 8, 9
LAG_YEARS = 3  # how long a new licence may wait for its guideline; later, silence is not lateness
SINGLE = "single-agent-chemotherapy"
PAIR = 2
Key = tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What the guidelines of this place (if none speaks, of others) say to this patient: the newest day, the classes they name.

    `here`: they are of this place. `cdk46_first`: they prefer a CDK4/6 inhibitor here, which has not failed. `cdk46_open`: a licence holds one with an
    endocrine partner, and none is spent, whatever texts say of this very line. `cdk46_lifted`: the licence of the one that
    texts put first among them is a regular one, so it rests on phase 3.

    It keeps what each step of a ranking gave to each option: several strategies ask the same.
    """

    newest: str
    classes: frozenset[str]
    here: bool = True
    cdk46_first: bool = False
    cdk46_open: bool = False
    cdk46_lifted: bool = False
    ranks: dict["Step", dict[Option, float]] = field(
        default_factory=lambda: defaultdict(dict), compare=False, repr=False
    )


Step = Callable[[Option, Heard], float]  # one reason to come earlier: the smaller the sooner


@cache
def alone(merit: Callable[[Option], float]) -> Step:
    """Give the step that asks only what an option is worth by itself; the same step each time, so that it is asked once."""
    return lambda option, _: merit(option)


@cache
def steady(merit: Callable[[Option], float]) -> Step:
    """Give the step that asks what no planned line moves unless it moves what is said of the option: wishes, labels, texts."""

    def step(option: Option, _: Heard) -> float:
        kept = option.said.ranks
        if merit not in kept:
            kept[merit] = merit(option)
        return kept[merit]

    return step


def key_of(steps: Iterable[Step], option: Option, context: Heard) -> Key:
    """Give the whole key of an option: what every step gives it."""
    return tuple(_ranks(step, (option,), context)[0] for step in steps)


def first_of(options: Iterable[Option], steps: Iterable[Step], context: Heard) -> Option | None:
    """Give the option with the smallest key, of equal ones the first.

    Step by step only those go on that no other has passed: most are out before the costly steps are asked.
    """
    left = tuple(options)
    for step in steps:
        if len(left) < PAIR:
            break
        ranks = _ranks(step, left, context)
        best = min(ranks)
        if ranks.count(best) < len(left):
            left = tuple(option for option, rank in zip(left, ranks, strict=True) if rank == best)
    return left[0] if left else None


def _ranks(step: Step, options: Iterable[Option], context: Heard) -> list[float]:
    """Give what a step gives to options, each asked once."""
    kept = context.ranks[step]
    found = []
    for option in options:
        rank = kept.get(option)
        if rank is None:
            rank = kept[option] = step(option, context)
        found.append(rank)
    return found


def heard(listed: Iterable[Option]) -> Heard:
    """Give what was heard over a list of offered options."""
    offered = list(listed)
    here = [option for option in offered if option.statements_here]
    # Where no text of this place speaks, those of elsewhere tell what was known when somebody last wrote.
    told = here or [option for option in offered if option.said.statements_read]
    days = [text.since for option in told for text in option.statements_here or option.said.statements_read]
    inhibitors = [
        option
        for option in offered
        if CDK46 in option.candidate.classes
        and option.regimen.backbone == "endocrine"
        and not repeats_class(option)
        and not repeats_drug(option)
        and not option.count_of(option.candidate.puts_behind)
    ]
    places = {option: best_position(option.statements_here) for option in inhibitors}
    best = min(places.values(), default=ELSEWHERE)
    unspent = [option for option in inhibitors if not (off_label(option) or cdk46_spent(option))]
    return Heard(
        newest=max(days, default=""),
        classes=frozenset().union(*(option.candidate.classes for option in told)),
        here=bool(here),
        cdk46_first=best <= POSITIONS["standard"],
        cdk46_open=bool(unspent),
        cdk46_lifted=any(places[option] == best and option.licence_status != ACCELERATED for option in unspent),
    )


def heard_also(context: Heard, more: Iterable[Option]) -> Heard:
    """Give what is heard when some options come in addition."""
    added = heard(more)
    told = [one for one in (context, added) if one.here] or [context, added]
    return Heard(
        newest=max(one.newest for one in told),
        classes=frozenset().union(*(one.classes for one in told)),
        here=context.here or added.here,
        cdk46_first=context.cdk46_first or added.cdk46_first,
        cdk46_open=context.cdk46_open or added.cdk46_open,
        cdk46_lifted=context.cdk46_lifted or added.cdk46_lifted,
    )


def in_guideline_order(listed: Iterable[Option]) -> list[Option]:
    """Give the offered options of a list, those first that the guidelines of this place put first."""
    offered = [option for option in listed if option.verdict == OFFERED]
    context = heard(offered)
    return sorted(offered, key=lambda option: guideline_rank(option, context))


def years_before(day: str, years: int) -> str:
    """Give the same day some years earlier, as ISO text for comparing."""
    return f"{int(day[:4]) - years}{day[4:]}"


def newer_licence(option: Option, context: Heard) -> str:
    """Give the day of the first regular licence (else accelerated) when it is newer than every text and its class in none.

    Where no text at all speaks to the patient it counts too, unless a body was picked: one that is silent lifts nothing.
    """
    body = option.snapshot.body
    silent = not option.candidate.classes - context.classes or (body and not context.newest)
    if option.statements_here or silent or _old_cytotoxic(option, context.newest):
        return ""
    if any(statement.body == body for statement in option.against):
        return ""
    # A text of elsewhere says how old the silence is; another population of a known class is no news to it.
    if not context.here and not _class_came_after(option, context):
        return ""
    read = [x for x in option.licences if x.verified == "seen"]
    regular = [x.granted or "" for x in read if x.status == "licensed"]
    accelerated = [x.granted or "" for x in read if x.status == "accelerated"]
    # A later one, for example of a new dose, makes no new class; the regular one after an accelerated one confirms it.
    first = min(regular or accelerated, default="")
    late = _named_since(option, context.newest) or (body and _came_after(option, context.newest))
    recent = first > years_before(option.snapshot.day, LAG_YEARS) or late
    return first if first > context.newest and recent else ""


def _named_since(option: Option, text: str) -> bool:
    """Say whether a body of elsewhere has advised it since: then the texts that were read here are late, however long ago.

    Not one of several cytotoxic drugs: to name another one is no news.
    """
    since = [statement for statement in option.said.statements_read if statement.since > text]
    return bool(text) and SINGLE not in option.regimen.groups and best_position(since) <= POSITIONS["standard"]


def _old_cytotoxic(option: Option, text: str) -> bool:
    """Say whether it is a cytotoxic drug that somebody could have here when a text was written: its reworded label is no news.

    Without a text three years decide, as for every licence.
    """
    text = text or years_before(option.snapshot.day, LAG_YEARS)
    return SINGLE in option.regimen.groups and not _came_after(option, text)


def _class_came_after(option: Option, context: Heard) -> bool:
    """Say whether no drug of a class that texts do not name had a licence here when the newest of them was written."""
    new = option.candidate.classes - context.classes
    alike = (held.item for other in option.snapshot.candidates if other.classes & new for held in other.active)
    return not any(licence.established or (licence.granted or "") <= context.newest for licence in alike)


def _came_after(option: Option, text: str) -> bool:
    """Say whether the regimen had no licence here, for anybody, when a text was written.

    A body that was picked is asked for its own text, however old: that the others stayed silent since then means nothing.
    """
    licences = [held.item for held in option.candidate.active]
    return not any(licence.established or (licence.granted or "") <= text for licence in licences)


def guideline_rank(option: Option, context: Heard) -> Key:
    """Rank as guidelines do: the pathway, what is licensed here, what a test result opened, the best position that was read.

    A new class that was licensed after the newest text stands beside its standard, added to chemotherapy beside its
    alternatives, and the page says so; another drug of a class that the text already names waits behind it. Bodies of other
    regions come next, then what only an older licence carries, unread statements last. A caution may put an option behind
    the others of its pathway. Nothing there passes over a CDK4/6 inhibitor that is licensed and not spent: trials gained with
    it after endocrine lines and one of chemotherapy (PALOMA-3, MONARCH 2). Ties: endocrine therapy alone behind a CDK4/6
    inhibitor that is put first or open, a chemotherapy class not yet given, the newer text, the order of the library.
    """
    return key_of(GUIDELINE, option, context)


def _passed(option: Option, context: Heard) -> bool:
    with_cdk46 = CDK46 in option.candidate.classes and option.regimen.backbone == "endocrine"
    return context.cdk46_lifted and not with_cdk46


def unlifted(option: Option, context: Heard) -> bool:
    """Say whether no test result puts the option first."""
    return not lifted(option, context)


def behind_others(option: Option) -> int:
    """Count the cautions that put the option behind the others of its pathway."""
    return option.count_of(option.candidate.puts_behind)


def place(option: Option, context: Heard) -> int:
    """Give the place of what carries the option, further back for chemotherapy of a class given before."""
    position, _ = _position(option, context)
    return _given_again(position) if given_before(option) else position


def _endocrine_alone(option: Option, context: Heard) -> bool:
    return (context.cdk46_first or context.cdk46_open) and "endocrine-alone" in option.regimen.groups


def _newest(option: Option, context: Heard) -> int:
    return -int(_position(option, context)[1].replace("-", "") or 0)


def _given_again(position: int) -> int:
    """Give the place of chemotherapy of a class given before: a text of this place counts as one of elsewhere, that as none."""
    return position + ELSEWHERE if position < ELSEWHERE else max(position, LICENSED_ONLY)


def _position(option: Option, context: Heard) -> tuple[int, str]:
    """Give the place of what carries the option, and its day; worked out once for all states in which the same is said and heard."""
    kept, key = option.said.places, (context.newest, context.classes, context.here)
    if key not in kept:
        kept[key] = _carried(option, context)
    return kept[key]


def _carried(option: Option, context: Heard) -> tuple[int, str]:
    """Look for what carries the option: this region's bodies, a newer licence, other bodies, licences."""
    here = option.statements_here
    if here:
        best = best_position(here)
        # What put it there dates it: an appraisal of one drug, weaker and younger, makes it no newer than its sisters.
        day = max(s.since for s in here if POSITIONS[s.position] == best)
        # "Preferred" says one drug after another rather than together (ASCO 2014), an order among chemotherapies: none of
        # these texts weighed them against a class that was not yet there.
        plain = SINGLE in option.regimen.groups and not matched(option)
        return (max(best, POSITIONS["standard"]) if plain else best), day
    newer = newer_licence(option, context)
    if newer:
        together = option.regimen.backbone == "chemotherapy" and SINGLE not in option.regimen.groups
        return POSITIONS["alternative" if together else "standard"], newer
    read = option.said.statements_read
    if read:
        return ELSEWHERE + min(POSITIONS[s.position] for s in read), max(s.since for s in read)
    licensed = any(licence.verified == "seen" for licence in option.licences)
    return (LICENSED_ONLY if licensed else UNVERIFIED), ""


def lifted(option: Option, context: Heard) -> bool:
    """Say whether a test result puts the option first.

    It never passes over a CDK4/6 inhibitor that guidelines of this place put first and that was never given (ASCO 2021 and
    2024, ABC5): "after endocrine therapy" in a licence also holds for a relapse years after adjuvant tamoxifen.
    """
    return used(option) and (CDK46 in option.candidate.classes or not context.cdk46_first)


GUIDELINE: Sequence[Step] = (
    alone(repeats_class),
    alone(pathway),
    steady(off_label),
    _passed,
    unlifted,
    alone(behind_others),
    place,
    _endocrine_alone,
    alone(given_before),
    _newest,
)

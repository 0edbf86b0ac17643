"""Cards for spaced repetition: figures of the trials that the lessons teach, and licences of their drugs, with the source on the back.

Nothing that is recalled is on a card: a card is learnt by heart.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mbc_widgets.evidence import primary_assessor
from mbc_widgets.figures import words
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Lesson, Licence, Measure, Result, Trial
from mbc_widgets.teaching import result_of
from mbc_widgets.wording import upper_first

TIMES = ("pfs", "ttp", "os")  # of a trial that has none of them, whatever it was made to count
JUDGED = ("pfs", "ttp")  # somebody looks at scans
SEEN = "seen"
NO_DIFFERENCE = 1.0  # a hazard ratio


@dataclass(frozen=True, kw_only=True)
class Card:
    """A question, its answer with the source, and tags: the lessons, and the classes of the drugs."""

    front: str
    back: str
    tags: tuple[str, ...]


def cards(taught: Mapping[int, tuple[str, ...]], knowledge: Knowledge) -> tuple[Card, ...]:
    """Give all cards; `taught` names the trials of each lesson by its number."""
    return (*_trial_cards(taught, knowledge), *_licence_cards(taught, knowledge))


def _trial_cards(taught: Mapping[int, tuple[str, ...]], knowledge: Knowledge) -> Iterator[Card]:
    for name in dict.fromkeys(trial for trials in taught.values() for trial in trials):
        trial = knowledge.trial(name)
        lessons = [number for number, trials in taught.items() if name in trials]
        tags = (*_lesson_tags(lessons), "trial", *_classes(_drugs(trial), knowledge))
        asked = [result for number in lessons for result in _asked(knowledge.lessons[number], trial, knowledge)]
        for result in _results(trial, asked):
            yield Card(front=_question(trial, result), back=_answer(result, knowledge), tags=tags)


def _asked(lesson: Lesson, trial: Trial, knowledge: Knowledge) -> Iterator[Result]:
    """Give the results of a trial that the exercises of a lesson ask about."""
    for exercise in lesson.exercises:
        for choice in exercise.choices:
            if exercise.solved == "longer" and choice.trial == trial.id:
                yield result_of(choice, knowledge)


def _results(trial: Trial, asked: list[Result]) -> tuple[Result, ...]:
    """Give the newest read result of each endpoint in each population; of subgroups those alone that an exercise asks about."""
    told = [each for each in trial.results if each.verified == SEEN and _tells(each, trial)]
    whole = [each for each in told if not each.exploratory]
    times = [each for each in whole if each.endpoint in TIMES and each.unit == "months"]
    primary = {primary_assessor(trial), None}
    found: dict[tuple[object, ...], Result] = {_place(each): each for each in asked if each.verified == SEEN}
    for each in sorted(times or whole, key=lambda each: (each.assessor in primary, each.reported), reverse=True):
        found.setdefault(_place(each), each)
    return tuple(found.values())


def _place(result: Result) -> tuple[object, ...]:
    return (result.endpoint, result.at_months, result.population, result.arm, result.control_arm)


def _tells(result: Result, trial: Trial) -> bool:
    """Say whether it compares two arms, or tells of the only one; a group beside the arms has no arm to be named by."""
    sides = bool(_figure(result.experimental) and (_figure(result.control) or result.arm or len(trial.arms) == 1))
    return result.hazard_ratio is not None or sides


def _drugs(trial: Trial) -> list[str]:
    """Give the drugs of the experimental arms."""
    arms = [arm for arm in trial.arms if arm.id != "control"]
    return [drug for arm in arms for regimen in (*arm.regimens, *arm.choice_of) for drug in regimen.split("+")]


def _lesson_tags(lessons: list[int]) -> tuple[str, ...]:
    return tuple(f"lesson-{number:02}" for number in lessons)


def _classes(drugs: list[str], knowledge: Knowledge) -> tuple[str, ...]:
    known = [knowledge.agents[drug].drug_class for drug in drugs if drug in knowledge.agents]
    return tuple(name.replace("_", "-") for name in dict.fromkeys(known))


def _question(trial: Trial, result: Result) -> str:
    arms = {arm.id: arm.name for arm in trial.arms}
    own = arms.get(result.arm or "experimental", trial.arms[0].name)
    other = arms.get(result.control_arm or "control")
    against = f" against {other}" if other and (result.control or result.hazard_ratio) else ""
    whom = f"\nTaken in: {trial.population}." if trial.verified == SEEN else ""
    asked = words.endpoint(result).removesuffix(words.assessor(result)).removeprefix("median ")
    return f"{trial.name}: {own}{against}.{whom}\nCounted in: {result.population or 'ITT'}.\n{upper_first(asked)}: what was found?"


def _answer(result: Result, knowledge: Knowledge) -> str:
    sides = [_with_unit(each, result.unit) for each in (result.experimental, result.control) if _figure(each)]
    middle = "median " if words.endpoint(result).startswith("median ") else ""
    ratio = (
        f"Hazard ratio {_figure(result.hazard_ratio)}{_verdict(result.hazard_ratio)}." if result.hazard_ratio else ""
    )
    judged = (
        words.ASSESSORS.get(result.assessor or "", result.assessor or "not told")
        if result.endpoint in JUDGED or result.assessor
        else ""
    )
    public = words.moment(result.reported, result.reported_to) if result.reported_verified == SEEN else ""
    analysis = f" (analysis: {result.analysis})" if result.analysis else ""
    lines = [
        f"{upper_first(middle)}{' against '.join(sides)}." if sides else "",
        ratio,
        f"Judged by: {judged}." if judged else "",
        f"Public: {public or 'the day was not read in a source'}{analysis}.",
        "Of a subgroup: it proves nothing alone." if result.exploratory else "",
        _source(result.source, knowledge),
    ]
    return "\n".join(line for line in lines if line)


def _with_unit(measure: Measure | None, unit: str) -> str:
    word = {"percent": "%"}.get(unit, unit)
    return _figure(measure) + (f" {word}" if measure and measure.value is not None else "")


def _figure(measure: Measure | None) -> str:
    if measure is None or (measure.value is None and not measure.not_reached):
        return ""
    level = f", {words.number(measure.interval)} % interval" if measure.interval and words.interval(measure) else ""
    return words.figure(measure) + level


def _verdict(ratio: Measure | None) -> str:
    if ratio is None or ratio.low is None or ratio.high is None:
        return ""
    leaves_out = ratio.high < NO_DIFFERENCE or ratio.low > NO_DIFFERENCE
    return "; the interval leaves out no difference" if leaves_out else "; no difference is within the interval"


def _source(key: str, knowledge: Knowledge) -> str:
    cited, address = words.link(key, knowledge)
    return f"Source: {cited}" + (f", {address}" if address and address != cited else "")


def _licence_cards(taught: Mapping[int, tuple[str, ...]], knowledge: Knowledge) -> Iterator[Card]:
    """Give a card for each drug and regulator with the licences that came in the days of this edition."""
    by_drug: dict[str, list[int]] = {}
    for number, trials in taught.items():
        named = [drug for trial in trials for drug in _drugs(knowledge.trial(trial))]
        for drug in dict.fromkeys([*named, *_asked_drugs(knowledge.lessons[number])]):
            by_drug.setdefault(drug, []).append(number)
    since = knowledge.edition.first_day
    for drug, lessons in sorted(by_drug.items()):
        for regulator in knowledge.edition.regulators if drug in knowledge.agents else ():
            told = [
                each
                for each in knowledge.agents[drug].licences
                if each.regulator == regulator and each.verified == SEEN and not each.off_label
                if each.granted and not each.established and each.granted >= since
            ]
            if told:
                agent = knowledge.agents[drug]
                ask = f"Which licences did it get since {since[:4]}: on which day, and for whom?"
                yield Card(
                    front=f"{agent.name}, {regulator}.\n{ask}",
                    back="\n".join(
                        _licence(each, knowledge) for each in sorted(told, key=lambda each: each.granted or "")
                    ),
                    tags=(*_lesson_tags(lessons), "licence", *_classes([drug], knowledge)),
                )


def _asked_drugs(lesson: Lesson) -> list[str]:
    """Give the drugs that the exercises of a lesson name."""
    own = [exercise.regimen for exercise in lesson.exercises]
    chosen = [choice.regimen for exercise in lesson.exercises for choice in exercise.choices]
    return [drug for regimen in (*own, *chosen) if regimen for drug in regimen.split("+")]


def _licence(licence: Licence, knowledge: Knowledge) -> str:
    status = " (accelerated or conditional)" if licence.status == "accelerated" else ""
    told = f"{words.moment(licence.granted or '', licence.granted_to)}{status}: {licence.wording.rstrip('.')}."
    if licence.withdrawn:
        gone = licence.withdrawn_source
        told += f" Withdrawn {words.day(licence.withdrawn)}{f' ({_source(gone, knowledge)})' if gone else ''}."
    return f"{told} {_source(licence.source, knowledge)}"

"""A lesson as data: its head, and its exercises before and after an answer; after it every choice says why."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from mbc_widgets.eligibility import OFFERED, VERDICT_NAMES
from mbc_widgets.figures import words
from mbc_widgets.figures.case_words import basis
from mbc_widgets.figures.choices import minded, put_back, reasons_of
from mbc_widgets.figures.page import patient_lines
from mbc_widgets.figures.printed import bare
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Choice, Exercise, Lesson
from mbc_widgets.teaching import Marked, person_of, result_of, retrieved
from mbc_widgets.workbook import View, look, patient

Told = dict[str, str]  # text, source, url
MOST_MINDED = 2  # cautions of an offered drug that are told with an answer
SOLVED, NOT_YET = "Right.", "Not yet."


def head(lesson: Lesson, knowledge: Knowledge) -> dict[str, Any]:
    """Give the title, the minutes, the objectives, and the questions that come again from earlier lessons."""
    return {
        "number": lesson.number,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "objectives": [each.text for each in lesson.objectives],
        "retrieval": [retrieved(name, knowledge).ask for name in lesson.retrieval],
        "edition": knowledge.edition.id,
    }


def exercise(asked: Exercise, marked: Marked | None, knowledge: Knowledge) -> dict[str, Any]:
    """Give the exercise as a page shows it; before an answer nothing that gives the right choices away."""
    view = person_of(asked, knowledge)
    return {
        "id": asked.id,
        "ask": asked.ask,
        "hint": asked.hint,
        "about": _about(view) if view else "",
        "choices": [{"id": each.id, "label": label(each, asked, knowledge)} for each in asked.choices],
        "several": asked.solved not in {"first", "since"},
        "marked": _marked(marked, knowledge) if marked else None,
    }


def _about(view: View) -> str:
    return f"{'; '.join(patient_lines(view))}. {words.day(view.snapshot.day)}, {view.snapshot.regulator}."


def label(choice: Choice, asked: Exercise, knowledge: Knowledge) -> str:
    """Give the words of a choice: its own, or those of the regimen, the day or the trial that it names."""
    if choice.label:
        return choice.label
    if asked.solved == "since" and choice.day:
        return words.day(choice.day)
    if choice.regimen:
        return words.regimen_name(choice.regimen, knowledge)
    return knowledge.trial(choice.trial).name if choice.trial else choice.id


def taken(marked: Marked, knowledge: Knowledge) -> tuple[str, ...]:
    """Give the words of the choices that were taken, in the order of the exercise."""
    asked = marked.exercise
    return tuple(label(each, asked, knowledge) for each in asked.choices if each.id in marked.taken)


def _marked(marked: Marked, knowledge: Knowledge) -> dict[str, Any]:
    asked = marked.exercise
    return {
        "solved": marked.solved,
        "word": SOLVED if marked.solved else NOT_YET,
        "rows": [
            {
                "id": each.id,
                "label": label(each, asked, knowledge),
                "taken": each.id in marked.taken,
                "right": each.id in marked.right,
                "why": WHYS[asked.solved](each, asked, knowledge),
            }
            for each in asked.choices
        ],
    }


def _verdict(choice: Choice, asked: Exercise, knowledge: Knowledge) -> list[Told]:
    """Say where a regimen stands for this person, with the first reason and its source."""
    view = person_of(asked, knowledge, choice)
    option = view.option(choice.regimen or asked.regimen or "") if view else None
    if view is None or option is None:
        return [{"text": "It cannot concern this patient (sex, menopause or suppression).", "source": "", "url": ""}]
    offered = view.offered()
    where = f", number {offered.index(option.regimen.id) + 1} of {len(offered)}" if option.verdict == OFFERED else ""
    return [
        {"text": f"{VERDICT_NAMES[option.verdict].capitalize()}{where}.", "source": "", "url": ""},
        *reasons_of(option, view)[:1],
        *((*put_back(option), *minded(option)[:MOST_MINDED]) if option.verdict == OFFERED else ()),
    ]


def _result(choice: Choice, asked: Exercise, knowledge: Knowledge) -> list[Told]:  # noqa: ARG001 - as every why
    result = result_of(choice, knowledge)
    source, url = words.link(result.source, knowledge)
    what = words.endpoint(result).removeprefix("median ")
    when = words.reported(result) + ("" if result.verified == "seen" else " (recalled)")
    text = f"Hazard ratio of {what}: {words.figure(result.hazard_ratio)}, {when}."
    return [{"text": text, "source": source, "url": url}]


def _judged(choice: Choice, asked: Exercise, knowledge: Knowledge) -> list[Told]:
    """Say why in words, and what the ground says: of the person on the day, else of anybody, else as it is written."""
    view = person_of(asked, knowledge, choice)
    seen = (basis(choice, each) for each in (view, _anybody(knowledge)) if each and not choice.debate)
    ground = next((found for found in seen if found), None) or [*_written(choice, knowledge)]
    return [{"text": choice.why, "source": "", "url": ""}, *ground]


@cache
def _anybody(knowledge: Knowledge) -> View:
    """Give the view through which a ground that concerns nobody in particular is read: the first scenario, today."""
    raw = knowledge.scenarios[knowledge.edition.first_scenario]["patient"]
    return look(patient(raw, knowledge), knowledge=knowledge)


def _written(choice: Choice, knowledge: Knowledge) -> Iterator[Told]:
    """Give a rule that holds for nobody here as it is written, and the sides of a debate."""
    for rule in (rule for topic in knowledge.safety for rule in topic.rules):
        if choice.rule and rule.id.partition(":")[0] == choice.rule:
            source, url = words.link(rule.source, knowledge)
            yield {"text": rule.text, "source": source, "url": url}
            return
    for debate in (each for each in knowledge.debates if each.id == choice.debate):
        yield {"text": f"{debate.question} {' / '.join(side.says for side in debate.sides)}", "source": "", "url": ""}


WHYS: Mapping[str, Callable[[Choice, Exercise, Knowledge], list[Told]]] = {
    "offered": _verdict,
    "first": _verdict,
    "opens": _verdict,
    "since": _verdict,
    "longer": _result,
    "judged": _judged,
}


def title(shown: Mapping[str, Any]) -> str:
    """Give the head of a lesson as text."""
    lines = [f"Lesson {shown['number']}: {shown['title']} ({shown['minutes']} minutes; edition {shown['edition']})"]
    return "\n".join([*lines, *(f"- {each}" for each in shown["objectives"])])


def asked(page: Mapping[str, Any]) -> str:
    """Give an exercise as text: the question and its choices by id."""
    about = [f"Invented patient: {page['about']}"] if page["about"] else []
    return "\n".join([*about, page["ask"], *(f"  {each['id']}: {each['label']}" for each in page["choices"])])


def told(page: Mapping[str, Any]) -> str:
    """Give what is said of an answer as text: of every choice that was taken, and when all is right of the others too."""
    marked = page["marked"]
    rows = [row for row in marked["rows"] if row["taken"] or marked["solved"]]
    lines = [f"{row['label']}: {'right' if row['right'] else 'not right'}. {_whys(row)}" for row in rows]
    missed = sum(row["right"] and not row["taken"] for row in marked["rows"]) if rows else 0
    more = [f"{missed} more {'is' if missed == 1 else 'are'} right."] if missed and not marked["solved"] else []
    hint = [page["hint"]] if page["hint"] and rows and not marked["solved"] else []
    return "\n".join([marked["word"], *lines, *more, *hint])


def _whys(row: Mapping[str, Any]) -> str:
    return bare(" ".join(f"{each['text']}{_bracket(each['source'])}" for each in row["why"]))


def _bracket(source: str) -> str:
    return f" [{source}]" if source else ""

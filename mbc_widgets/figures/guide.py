"""The teacher's guide, as Markdown: the plan of each lesson, its answers and misconceptions with their reasons, and what to discuss.

Right answers are worked out from the knowledge when the guide is written; nothing of it is typed here but how to teach.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mbc_widgets.figures import lesson as pages
from mbc_widgets.figures import words
from mbc_widgets.figures.printed import bare
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Discussion, Exercise, Lesson
from mbc_widgets.teaching import PANELS, Outline, Step, mark, plan, retrieved, right_choices
from mbc_widgets.teaching.panel import COLUMNS, NEEDED

SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")
HOW = """
For teachers: it has the answers. Every patient is invented; nothing here is advice on the care of a person.

- A lesson is a notebook, or a page of the dashboard (`lessons/1`). Learners commit before they look, alone or in pairs; let them
  say their reason before you open the next cell.
- *Show* opens the person of an exercise in the mode Present, on the day and under the regulator of the exercise: large type, hands
  counted with the digit keys, the answer hidden until you step. `slides.md` lists all of them.
- The minutes are a proposal that adds up. Where time is short, leave out a section, not the retrieval at the start.
- A wrong choice is one that learners really make. Ask who took it before you say why it does not hold.
- What is to be discussed has no right answer here. Where experts differ, read both sides aloud.
- The maps (one page for each lesson, at `lessons/1/map`) are for notes on paper; `cards.csv` and `anki.txt` are for the weeks after.
"""
CASES = """
Open `dashboard?case=…`, read the story aloud and let everybody commit on their own device: a line, how sure, and a reason in one
sentence. Only then go on: the page says what the rules offer that day, which points the reason named, and which it did not. Ask the
two who differ most to speak first; then show the open debate, and the next visit. Nothing is scored. {count} cases have {decisions}
decisions; a seminar takes one case, and its last decision is worth the time that is left for it.

**Script concordance.** After the commitment an item asks what one new finding does to a line that one is thinking of, from much less
to much more fitting. The rules say where the line stood before and stands after; your own panel may have voted. A panel is a CSV file
with the columns {needed} and, where there is one, {optional}: one row for each choice of a decision, or, with the column `item`
filled, one for each point of the scale (-2 to +2). Put one file for each case, `<case>.csv`, into a folder and start
`mbc dashboard --panels FOLDER` (or set `{panels}`). `mbc case` lists the ids. The workbook holds no votes of its own.

**Result codes.** At the end a case shows a short code in place of an account. Collect the codes in the chat or on paper:
`mbc case CODE… --csv` gives one row for each decision, with choice, confidence, departure from the rules and the points that were
named and not named. A code holds no name and no words of the learner.
"""


def guide(outlines: Mapping[int, Outline], slides: Mapping[str, str], knowledge: Knowledge) -> str:
    """Give the guide; `slides` gives the address of the person of an exercise, by "number/exercise"."""
    lines = [f"# Teacher's guide (edition {knowledge.edition.id})", HOW]
    for number, outline in outlines.items():
        lines += _lesson(knowledge.lessons[number], outline, slides, knowledge)
    lines += ["## Cases in a seminar", _cases(knowledge)]
    return "\n".join(lines).rstrip() + "\n"


def _lesson(lesson: Lesson, outline: Outline, slides: Mapping[str, str], knowledge: Knowledge) -> Iterator[str]:
    yield f"## Lesson {lesson.number}: {_text(lesson.title)}\n"
    yield f"{lesson.minutes} minutes. Afterwards a learner can:\n"
    yield from (f"- {_text(each.text)}" for each in lesson.objectives)
    yield "\n### Plan\n\n| from | minutes | what | exercises | trials to read |\n|---:|---:|---|---|---|"
    steps = plan(lesson, outline)
    yield from (_step(step, knowledge) for step in steps)
    yield f"| | {sum(step.minutes for step in steps)} | together | | |"
    if lesson.retrieval:
        yield "\n### Questions of earlier lessons\n"
        yield from (_again(name, knowledge) for name in lesson.retrieval)
    yield "\n### Exercises: right choices, misconceptions, and why\n"
    for place, exercise in enumerate(lesson.exercises, 1):
        yield from _exercise(place, exercise, slides.get(f"{lesson.number}/{exercise.id}", ""), knowledge)
    yield "### To discuss\n"
    for point in lesson.discuss:
        yield from _discussion(point, knowledge)
    yield ""


def _step(step: Step, knowledge: Knowledge) -> str:
    exercises = ", ".join(f"`{each}`" for each in step.exercises)
    trials = ", ".join(_text(knowledge.trial(each).name) for each in step.trials)
    return f"| {step.begins} | {step.minutes} | {_text(step.title)} | {exercises} | {trials} |"


def _again(name: str, knowledge: Knowledge) -> str:
    exercise = retrieved(name, knowledge)
    right = right_choices(exercise, knowledge)
    labels = "; ".join(_text(pages.label(each, exercise, knowledge)) for each in exercise.choices if each.id in right)
    return f"- `{name}` {_text(exercise.ask)} **{labels}**"


def _exercise(place: int, exercise: Exercise, slide: str, knowledge: Knowledge) -> Iterator[str]:
    page = pages.exercise(exercise, mark(exercise, (), knowledge), knowledge)
    yield f"#### {place}. {_text(exercise.ask)}\n"
    shown = f" [Show]({slide})" if slide else ""
    about = f" Invented patient: {_text(page['about'])}" if page["about"] else ""
    yield f"`{exercise.id}`{about}{shown}\n"
    rows = page["marked"]["rows"]
    for heading, right in (("Right", True), ("Misconceptions", False)):
        yield f"{heading}:\n"
        yield from (f"- **{_text(row['label'])}.** {_whys(row)}" for row in rows if row["right"] is right)
        yield ""
    if exercise.hint:
        yield f"Hint: *{_text(exercise.hint)}*\n"


def _whys(row: Mapping[str, Any]) -> str:
    return " ".join(f"{_text(each['text'])}{_source(each)}" for each in row["why"])


def _source(why: Mapping[str, str]) -> str:
    if not why["source"]:
        return ""
    cited = _text(why["source"])
    return f" ([{cited}]({_address(why['url'])}))" if why["url"] else f" ({cited})"


def _address(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29").replace(" ", "%20")


def _discussion(point: Discussion, knowledge: Knowledge) -> Iterator[str]:
    yield f"- {_text(point.ask)}"
    for debate in (each for each in knowledge.debates if each.id == point.debate):
        yield f"  - Open debate: {_text(debate.question)} What would settle it: {_text(debate.settled_by)}."
        for side in debate.sides:
            trials = ", ".join(_text(knowledge.trial(each).name) for each in side.trials)
            since = f" (since {words.day(side.since)})" if side.since else ""
            yield f"    - {_text(side.says)}{since}{f' Trials: {trials}.' if trials else ''}"


def _cases(knowledge: Knowledge) -> str:
    cases = knowledge.teaching_cases.values()
    decisions = sum(len(case.decisions) for case in cases)
    needed, optional = (", ".join(f"`{each}`" for each in names) for names in (NEEDED, COLUMNS[len(NEEDED) :]))
    return CASES.format(count=len(cases), decisions=decisions, needed=needed, optional=optional, panels=PANELS)


def _text(text: str) -> str:
    """Give words as Markdown shows them: marks of emphasis go, what Markdown would read is escaped."""
    return SPECIAL.sub(r"\\\1", " ".join(bare(text).split()))

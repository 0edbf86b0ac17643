"""A course map as a Markdown page: each piece of a text, what was known then, where it is taught, what became of it.

Comes in: the knowledge and a course map. Goes out: text; the same map gives the same bytes.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import CourseMap, MapItem, Today
from mbc_widgets.teaching.feedback import statement_of

KINDS = {"factor": "factor", "drugs": "class of drugs", "trial": "trial", "question": "question"}
KNOWN = {"seen": "seen in the text", "reconstructed": "reconstructed"}
COLUMNS = ("piece", "kind", "then", "read?", "taught in", "now", "rests on")


def page(course: CourseMap, knowledge: Knowledge) -> str:
    """Give the page of a course map."""
    return "\n".join(_lines(course, knowledge)) + "\n"


def _lines(course: CourseMap, knowledge: Knowledge) -> Iterator[str]:
    edition, counted = knowledge.editions[course.edition], Counter(item.known for item in course.items)
    yield f"# {course.title}"
    yield f"\nMade from `data/course/{course.id}.yaml` by `make format`; edit that file. Edition {knowledge.edition.id} of the knowledge."
    yield f"\nThe text: {edition.title} ({edition.published}, doi {edition.doi}). {course.note}"
    yield f"\n{len(course.items)} pieces: {counted['seen']} were seen in the text, {counted['reconstructed']} are reconstructed."
    for part in course.parts:
        yield f"\n## {part.title}\n"
        yield f"| {' | '.join(COLUMNS)} |"
        yield f"|{'---|' * len(COLUMNS)}"
        yield from (_row(item, knowledge) for item in course.items if item.part == part.id)


def _row(item: MapItem, knowledge: Knowledge) -> str:
    cells = (
        f"**{item.name}**",
        KINDS[item.kind],
        item.then,
        KNOWN[item.known],
        "<br>".join(_places(item, knowledge)),
        item.now.says,
        ground(item.now, knowledge),
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _places(item: MapItem, knowledge: Knowledge) -> Iterator[str]:
    """Give where a piece is taught, each with a link to the notebook of its lesson."""
    exercises = ((place, f"exercise *{place.partition('/')[2]}*") for place in item.taught)
    printed = ((place, f"table of {_trial(place.partition('/')[2], knowledge)}") for place in item.cells)
    for place, what in chain(exercises, printed):
        lesson = knowledge.lessons[int(place.partition("/")[0])]
        yield f"[lesson {lesson.number}](../../notebooks/{lesson.id}.ipynb), {what}"


def _trial(name: str, knowledge: Knowledge) -> str:
    return str(knowledge.raw_trials[name]["name"])


def ground(now: Today, knowledge: Knowledge) -> str:
    """Give the place that today's answer rests on, in words."""
    if now.trial:
        return f"trial: {_trial(now.trial, knowledge)}"
    if now.statement:
        said = statement_of(now.statement, knowledge)
        return f"{knowledge.bodies[said.body].name}, {said.since[:4]} ({said.id})"
    if now.debate:
        return f"open debate: {next(each.question for each in knowledge.debates if each.id == now.debate)}"
    if now.agent:
        return f"licence of {knowledge.agents[now.agent].name}"
    topics = (each for each in knowledge.safety if now.rule in {rule.id.partition(":")[0] for rule in each.rules})
    return f"safety rules: {next(topics).title} ({now.rule})"

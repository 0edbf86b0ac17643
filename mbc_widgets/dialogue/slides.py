"""The slides of a lesson: for each exercise about a person the address that shows just that person in the mode Present."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode

from mbc_widgets import teaching
from mbc_widgets.dialogue.address import code_of
from mbc_widgets.dialogue.memory import State
from mbc_widgets.dialogue.workbook import Workbook
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Exercise, Lesson

PRESENT = "present"
PAGE = "dashboard"


def slides(lessons: Iterable[Lesson], knowledge: Knowledge) -> dict[str, str]:
    """Give the addresses below that of the server by "number/exercise", in the order of the lessons."""
    return {
        f"{lesson.number}/{exercise.id}": address
        for lesson in lessons
        for exercise in lesson.exercises
        for address in _address(exercise, knowledge)
    }


def _address(exercise: Exercise, knowledge: Knowledge) -> Iterator[str]:
    """Give the address in words where the patient is as in the scenario, else by the code of what is looked at; none about nobody."""
    view, about = teaching.person_of(exercise, knowledge), exercise.about
    if view is None or about is None:
        return
    engine = Workbook(knowledge)
    day, regulator, name = view.snapshot.day, str(view.snapshot.regulator), about.scenario
    if not about.patient and not engine.start(name).body:  # a lesson hears every body
        words = {"mode": PRESENT, "scenario": name, "day": day, "regulator": regulator}
        yield f"{PAGE}?{urlencode(words)}"
        return
    code = code_of(State(patient=view.patient, day=day, regulator=regulator, scenario=name, mode=PRESENT), engine)
    if code:
        yield f"{PAGE}?{urlencode({'code': code})}"


def slide_list(shown: Mapping[str, str], knowledge: Knowledge) -> str:
    """Give the list of slides as Markdown, from what `slides` gives."""
    lines = [
        f"# Slides (edition {knowledge.edition.id})",
        "",
        "Each opens the mode Present with the person, the day and the regulator of an exercise. The digit keys count hands, the right",
        "arrow shows the next part of the answer. An exercise that is not here is about no single person.",
    ]
    for lesson in knowledge.lessons.values():
        lines += ["", f"## Lesson {lesson.number}: {lesson.title}", ""]
        lines += [
            f"- [{exercise.ask}]({shown[name]})"
            for exercise in lesson.exercises
            for name in [f"{lesson.number}/{exercise.id}"]
            if name in shown
        ]
    return "\n".join(lines) + "\n"

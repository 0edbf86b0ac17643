"""Runs the lessons, keeps what they print, and writes their answers anew: `python tools/notebooks.py [NAME ...]`.

Contract notebooks are printed anew only when they are named, as in `contract/figures`: each is a promise that a change is looked at.

A lesson holds `answer = None` above each `lesson.check(...)`; in its copy in `notebooks/answers/` the right choices stand there, worked
out from the knowledge, on a line marked `# changed`. Every printed text is the contract: `make test` runs the notebooks and compares.
"""

import re
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from mbc_widgets.knowledge import load
from mbc_widgets.teaching import exercise_of, lesson_of, right_choices

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
EMPTY = "answer = None"
NUMBER = re.compile(r"mbc\.Lesson\((\d+)\)")
CHECK = re.compile(r"lesson\.check\('([\w-]+)'|lesson\.check\(\"([\w-]+)\"")
COMPARED = "nbval-check-output"


def main(names: list[str]) -> None:
    """Runs the named lessons (all when none is named) and their answers."""
    for path in sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb")):
        if names and not any(name in path.name for name in names):
            continue
        lesson = nbformat.read(path, as_version=4)
        write(lesson, path)
        if any(EMPTY in cell.source for cell in lesson.cells):
            write(answered(lesson), NOTEBOOKS / "answers" / path.name)

    for path in sorted(NOTEBOOKS.glob("contract/*.ipynb")):
        if f"contract/{path.stem}" in names:
            write(nbformat.read(path, as_version=4), path)


def write(notebook: Any, path: Path) -> None:
    """Runs a notebook from top to bottom and writes it with what it printed, without the state of its widgets."""
    NotebookClient(
        notebook, timeout=120, store_widget_state=False, resources={"metadata": {"path": path.parent}}
    ).execute()
    notebook.metadata = {"kernelspec": KERNEL, **about(notebook)}
    for at, cell in enumerate(notebook.cells):
        cell.id = f"cell-{at:02}"
        cell.metadata = {"tags": [COMPARED]} if cell.get("outputs") and path.parent.name != "contract" else {}
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    path.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, path)
    print(path.relative_to(NOTEBOOKS.parent))


def about(notebook: Any) -> dict[str, Any]:
    """Give what a page made of a notebook says of it: its title, the number of the lesson, and of the next if there is one."""
    found = next((int(found[1]) for cell in notebook.cells if (found := NUMBER.search(cell.source))), 0)
    title = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
    after = {"next": found + 1} if found + 1 in load().lessons else {}
    return {"title": f"{title} · MBC workbook", **({"lesson": found, **after} if found else {})}


def answered(lesson: Any) -> Any:
    """Give a copy of a lesson with the right choices in the place of each empty answer."""
    copy = nbformat.from_dict(lesson)
    copy.cells = [nbformat.from_dict({**cell}) for cell in lesson.cells]
    title = copy.cells[0].source.splitlines()[0].removeprefix("# ")
    copy.cells[
        0
    ].source = f"# Answers: {title}\n\nThe lines marked `# changed` differ from the lesson; nothing else does."
    knowledge, number = load(), 0
    for cell in copy.cells:
        found = NUMBER.search(cell.source)
        number = int(found[1]) if found else number
        asked = CHECK.search(cell.source)
        if asked and EMPTY in cell.source:
            exercise = exercise_of(asked[1] or asked[2], lesson_of(number, knowledge))
            right = [each.id for each in exercise.choices if each.id in right_choices(exercise, knowledge)]
            lines = cell.source.splitlines()
            cell.source = "\n".join(
                f"answer = {right!r}  # changed" if line.startswith(EMPTY) else line for line in lines
            )
    return copy


if __name__ == "__main__":
    main(sys.argv[1:])

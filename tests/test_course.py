"""The notebooks of the lessons: thin, without a typed clinical number, every objective checked, the answers true and otherwise the same."""

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

import mbc_widgets as mbc
from tests.conftest import ROOT

K = mbc.load()
NOTEBOOKS = sorted((ROOT / "notebooks").glob("0[1-9]-*.ipynb"))
EMPTY, CHANGED, COMPARED = "answer = None", "# changed", "nbval-check-output"
CHECKED = re.compile(r"lesson\.check\(['\"]([\w-]+)['\"]")
# Digits that are no clinical number: code, years and months of history, names of genes, drugs' targets and lessons.
NO_NUMBER = (
    r"`[^`]*`",
    r"\b(19|20)\d\d(-\d\d(-\d\d)?)?\b",
    r"\b[Ll]essons? \d( (and|to) \d)?\b",
    r"\b(is|at) \d\d\b",  # an age
    r"(?i)\bpi(3k|k3ca)\b",
    r"\b(HER2|HER1|CDK4/6|PD-\(?L?\)?-?1|PD-1|BRCA[12]?(/2|[12])?|ESR1|AKT1|PALB2|CA ?15-3|TROP2|Ki-?67|ECOG [0-4]|ABC\d)",
)
PREDICTED = re.compile(r"lesson\.ask\(['\"]([\w-]+)['\"]\)")
LONGEST = 100
READ_ONLY = (ast.Import, ast.Expr, ast.Assign, ast.AugAssign)


def cells(path: Path, kind: str) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def number(path: Path) -> int:
    return int(path.name[:2])


def test_there_are_nine_lessons_each_with_its_notebook_and_its_answers() -> None:
    assert [number(path) for path in NOTEBOOKS] == sorted(K.lessons) == list(range(1, 10))
    assert [path.name for path in NOTEBOOKS] == sorted(
        path.name for path in (ROOT / "notebooks" / "answers").glob("*.ipynb")
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestLesson:
    def test_no_clinical_number_is_typed_into_its_text(self, path: Path) -> None:
        names = sorted((K.trial(name).name for name in K.raw_trials), key=len, reverse=True)
        for cell in cells(path, "markdown"):
            text = cell.source
            for name in names:
                text = text.replace(name, "").replace(name.split(" (")[0], "")
            for pattern in NO_NUMBER:
                text = re.sub(pattern, "", text)
            assert not re.findall(r"[^\n]{0,20}\d[^\n]{0,20}", text)

    def test_its_cells_call_and_assign_and_do_nothing_else(self, path: Path) -> None:
        for cell in cells(path, "code"):
            assert all(isinstance(line, READ_ONLY) for line in ast.parse(cell.source).body), cell.source
            assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Lambda)], cell.source
            assert max(map(len, cell.source.splitlines())) <= LONGEST, cell.source

    def test_its_checks_reach_every_objective(self, path: Path) -> None:
        lesson = K.lessons[number(path)]
        asked = {found[1] for cell in cells(path, "code") if (found := CHECKED.search(cell.source))}
        objectives = {each.objective for each in lesson.exercises if each.id in asked}
        assert objectives == {each.id for each in lesson.objectives}
        assert asked <= {each.id for each in lesson.exercises}

    def test_a_reader_commits_before_the_answer_is_there(self, path: Path) -> None:
        assert all(EMPTY in cell.source for cell in cells(path, "code") if CHECKED.search(cell.source))

    def test_what_was_predicted_is_asked_again_further_down(self, path: Path) -> None:
        sources = [cell.source for cell in cells(path, "code")]
        for place, source in enumerate(sources):
            for name in PREDICTED.findall(source):
                assert any(name in CHECKED.findall(later) for later in sources[place + 1 :]), name

    def test_questions_of_earlier_lessons_come_first(self, path: Path) -> None:
        found = [cell.source for cell in cells(path, "code") if "lesson.again(" in cell.source]
        assert found == ([] if number(path) == 1 else [f"lesson.again({place})" for place in (1, 2, 3)])

    def test_every_printed_text_is_compared(self, path: Path) -> None:
        for each in (path, path.parent / "answers" / path.name):
            for cell in cells(each, "code"):
                assert cell.execution_count
                assert (COMPARED in cell.metadata.get("tags", ())) == bool(cell.outputs)
                assert all("text/plain" in output.get("data", {}) or "text" in output for output in cell.outputs)

    def test_the_answers_are_right_and_differ_only_where_they_say_so(self, path: Path) -> None:
        lesson, answers = (cells(each, "code") for each in (path, path.parent / "answers" / path.name))
        for asked, answered in zip(lesson, answers, strict=True):
            lines = zip(asked.source.splitlines(), answered.source.splitlines(), strict=True)
            assert all(
                before == after or (before.startswith(EMPTY) and after.endswith(CHANGED)) for before, after in lines
            )
            if CHECKED.search(answered.source):
                assert answered.outputs[0]["data"]["text/plain"].startswith("Right.")
        texts = (cells(each, "markdown")[1:] for each in (path, path.parent / "answers" / path.name))
        assert all(one.source == other.source for one, other in zip(*texts, strict=True))

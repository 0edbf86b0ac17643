"""The course map: every piece of the review of 2012 is taught, by an exercise or a printed trial, and its page is the committed one."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from mbc_widgets.compiler import DataError
from mbc_widgets.compiler.build import compile_changed
from mbc_widgets.figures.course_map import ground, page
from mbc_widgets.knowledge import load
from mbc_widgets.records import CourseMap, MapItem
from tests.conftest import ROOT

K = load()
REVIEW = K.course_maps["review-2012"]
FILE = "course/review-2012.yaml"
TEXT = (ROOT / "data" / FILE).read_text(encoding="utf-8")
CELLS = sorted({cell for item in REVIEW.items for cell in item.cells})


def printed(lesson: int, call: str) -> Iterator[str]:
    """Give what the cells of a lesson print that are this call."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{K.lessons[lesson].id}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code" and call in cell.source.splitlines():
            yield from (output["data"]["text/plain"] for output in cell.outputs if "data" in output)


@pytest.mark.parametrize("cell", CELLS)
def test_a_lesson_prints_each_trial_that_is_said_to_be_shown(cell: str) -> None:
    number, _, trial = cell.partition("/")
    tables = list(printed(int(number), f'mbc.trial("{trial}")'))
    assert tables
    assert all(table.startswith(f"{K.raw_trials[trial]['name']}:") for table in tables)


@pytest.mark.parametrize("course", K.course_maps.values(), ids=lambda course: course.id)
def test_the_committed_page_is_the_one_that_the_data_give(course: CourseMap) -> None:
    committed = ROOT / "docs" / "course" / f"{course.id}.md"
    assert committed.read_text(encoding="utf-8") == page(course, K), "run: python tools/course_map.py"


def test_no_page_is_left_from_an_older_map() -> None:
    assert {path.stem for path in (ROOT / "docs" / "course").glob("review-*.md")} == set(K.course_maps)


def test_every_heading_and_kind_of_the_map_is_used() -> None:
    assert {item.part for item in REVIEW.items} == {part.id for part in REVIEW.parts}
    assert {item.kind for item in REVIEW.items} == {"factor", "drugs", "trial", "question"}
    assert sum(item.part == "questions" for item in REVIEW.items) == 12


@pytest.mark.parametrize("item", REVIEW.items, ids=lambda item: item.id)
def test_the_page_says_of_each_piece_whether_it_was_read_and_on_what_its_answer_rests(item: MapItem) -> None:
    row = next(line for line in page(REVIEW, K).splitlines() if line.startswith(f"| **{item.name}**"))
    assert ("| seen in the text |" in row) == (item.known == "seen")
    assert f"| {ground(item.now, K)} |" in row
    assert "](../../notebooks/" in row


def test_links_of_the_page_lead_to_notebooks() -> None:
    folder = ROOT / "docs" / "course"
    links = {part.partition(")")[0] for part in page(REVIEW, K).split("](")[1:]}
    assert links
    assert not [link for link in links if not (folder / Path(link)).resolve().is_file()]


@pytest.mark.parametrize(
    ("was", "instead", "told"),
    [
        ("    taught: [1/at-home]\n", "", "social-support: taught nowhere; name exercises under `taught`"),
        ("[1/at-home]", "[1/at-hom]", "unknown name '1/at-hom'; did you mean '1/at-home'?"),
        ("[2/rose-2000]", "[2/rose-200]", "unknown name '2/rose-200'"),
        ("rule: S-R12}", "rule: S-R12x}", "now.rule: unknown name 'S-R12x'"),
        (", rule: S-R12}", "}", "social-support: today's answer rests on exactly one of rule, statement"),
        ("rule: S-R12}", "rule: S-R12, trial: emerald}", "found rule, trial"),
        ("agent: everolimus}", "agent: fluoxymesterone}", "now.agent: unknown name 'fluoxymesterone'"),
        ('"It did not"', '"HR 0.7, it did not"', "a figure in the words"),
        ("id: pace\n", "id: symptoms\n", "'symptoms' is already used"),
        ("part: support\n", "part: suport\n", "unknown name 'suport'"),
        ("edition: review-2012", "edition: review-2013", "unknown name 'review-2013'"),
    ],
)
def test_a_wrong_entry_is_reported(was: str, instead: str, told: str) -> None:
    assert was in TEXT
    with pytest.raises(DataError) as caught:
        compile_changed(ROOT / "data", {FILE: TEXT.replace(was, instead, 1)})
    assert told in str(caught.value)
    assert "data/course/review-2012.yaml:" in str(caught.value)

"""The page elsewhere than on a desk: on paper, on a wall of 4K, where the system chooses the colours, and without motion."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BOARD

pytestmark = pytest.mark.browser
WALL = {"width": 3840, "height": 2160}


def enter(page: Page, mode: str) -> None:
    page.get_by_role("button", name=mode, exact=True).click()
    expect(page.get_by_role("button", name=mode, exact=True)).to_have_attribute("aria-pressed", "true")


def test_on_a_wall_of_4k_the_page_is_as_large_as_the_wall(study: Page) -> None:
    study.set_viewport_size(WALL)
    expect(study.locator(".mbc")).to_have_attribute("data-size", "wide")
    box = study.locator(BOARD).bounding_box()
    assert box
    assert box["width"] > 0.75 * WALL["width"]
    assert study.evaluate("document.documentElement.scrollWidth") <= WALL["width"]
    rail = study.locator(".rail").bounding_box()
    assert rail
    assert rail["height"] <= WALL["height"]


def test_the_board_of_compare_is_as_wide_as_its_own_page(study: Page) -> None:
    enter(study, "Compare")
    expect(study.get_by_role("heading", name="The sequences of both sides")).to_be_visible()
    drawing, room = study.locator(BOARD).bounding_box(), study.locator(".board-drawing").bounding_box()
    assert drawing
    assert room
    assert drawing["width"] == pytest.approx(room["width"], abs=2)


def test_where_the_system_chooses_colours_swatches_and_what_is_pressed_are_still_told_apart(study: Page) -> None:
    study.emulate_media(forced_colors="active", color_scheme="dark")
    colour = "node => getComputedStyle(node).backgroundColor"
    swatches = study.locator("[data-mbc='board'] .legend .swatch").evaluate_all(f"all => all.map({colour})")
    assert len(set(swatches)) == len(swatches)
    assert study.get_by_role("button", name="FDA", exact=True).evaluate(colour) != study.get_by_role(
        "button", name="EMA", exact=True
    ).evaluate(colour)


def test_without_motion_nothing_moves(study: Page) -> None:
    study.emulate_media(reduced_motion="reduce")
    moving = study.locator(".mbc, .mbc *").evaluate_all(
        "all => all.filter((node) => getComputedStyle(node).transitionDuration.split(',').some((each) => parseFloat(each) > 0)).length"
    )
    assert moving == 0


def test_a_lecture_on_paper_has_its_hands_and_answers_and_no_keys(study: Page) -> None:
    study.get_by_role("button", name="Present", exact=True).click()
    expect(study.get_by_role("main", name="Present")).to_be_visible()
    study.keyboard.press("Space")
    study.keyboard.press("1")
    study.emulate_media(media="print")
    for gone in (".keys", ".closed", ".key"):
        expect(study.locator(gone).first).to_be_hidden()
    expect(study.get_by_role("region", name="Answer")).to_contain_text("elacestrant")
    expect(study.locator(".hands .count").first).to_have_text("1")


def test_a_case_on_paper_is_a_sheet_to_fill_in_with_what_is_known(study: Page) -> None:
    enter(study, "Case")
    study.get_by_role("button", name="Open the case").first.click()
    expect(study.get_by_role("heading", name="1. Commit")).to_be_visible()
    study.emulate_media(media="print")
    expect(study.locator(".case-known")).to_be_visible()
    expect(study.get_by_label("Because")).to_be_visible()
    expect(study.locator("[data-key='case-commit']")).to_be_hidden()


def test_compare_on_paper_shows_every_line_of_its_lists(study: Page) -> None:
    enter(study, "Compare")
    shown = study.locator(".compare-list li")
    expect(shown.first).to_be_visible()
    before = shown.count()
    study.emulate_media(media="print")
    expect(shown.nth(before)).to_be_visible()  # those that wait behind "Show all"
    expect(study.locator(".side-controls").first).to_be_hidden()

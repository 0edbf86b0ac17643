"""What a lecturer does before a room: asks, lets hands be counted, and shows the answer step by step."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import BOARD, DRAWN_WITHIN

pytestmark = pytest.mark.browser


@pytest.fixture
def lecture(page: Page, dashboard_url: str) -> Page:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{dashboard_url}?scenario=esr1-after-cdk46", timeout=DRAWN_WITHIN)
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    page.get_by_role("button", name="Present", exact=True).click()
    expect(page.get_by_role("main", name="Present")).to_be_visible()
    return page


def answer(page: Page) -> Locator:
    return page.get_by_role("region", name="Answer")


def hidden(page: Page) -> Locator:
    return page.locator(".p-hidden")


def test_nothing_of_the_answer_is_on_the_page_before_the_first_step(lecture: Page) -> None:
    text = lecture.get_by_role("main", name="Present").inner_text()
    assert "elacestrant" not in text
    assert "trastuzumab" not in text
    expect(hidden(lecture)).to_have_count(10)
    expect(answer(lecture)).to_contain_text("The answer is hidden")
    names = " ".join(
        lecture.locator("[data-mbc='present'] [aria-label]").evaluate_all(
            "all => all.map(x => x.getAttribute('aria-label'))"
        )
    )
    assert "elacestrant" not in names


def test_the_space_bar_shows_the_next_line_and_b_hides_it_again(lecture: Page) -> None:
    lecture.keyboard.press("Space")
    expect(answer(lecture)).to_contain_text("A, B elacestrant")
    expect(hidden(lecture)).to_have_count(8)
    lecture.keyboard.press("Space")
    expect(answer(lecture)).to_contain_text("DESTINY-Breast06")
    lecture.keyboard.press("b")
    lecture.keyboard.press("b")
    expect(answer(lecture)).to_contain_text("The answer is hidden")
    expect(hidden(lecture)).to_have_count(10)
    lecture.keyboard.press("End")
    expect(hidden(lecture)).to_have_count(0)
    expect(answer(lecture)).to_contain_text("step 8 of 8")


def test_digits_count_hands_and_shift_takes_one_back(lecture: Page) -> None:
    counts = lecture.locator(".hands .count")
    for key in ("1", "1", "1", "2", "Shift+1"):
        lecture.keyboard.press(key)
    expect(counts.nth(0)).to_have_text("2")
    expect(counts.nth(1)).to_have_text("1")
    lecture.keyboard.press("Shift+3")
    expect(counts.nth(2)).to_have_text("0")
    lecture.keyboard.press("r")
    expect(counts.nth(0)).to_have_text("0")


def test_every_letter_is_of_24_pixels_on_a_screen_of_1080_lines(lecture: Page) -> None:
    lecture.keyboard.press("End")
    sizes = lecture.evaluate(
        """() => [...document.querySelectorAll('.present *')]
            .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()))
            .filter(node => !node.closest('footer') && !node.classList.contains('key') && node.getClientRects().length)
            .map(node => {
              const scale = node.ownerSVGElement ? node.ownerSVGElement.getBoundingClientRect().width / 1840 : 1;
              return [Math.round(parseFloat(getComputedStyle(node).fontSize) * scale * 10) / 10, node.textContent.slice(0, 40)];
            })"""
    )
    assert len(sizes) > 20
    assert not [each for each in sizes if each[0] < 23.7], sizes


def test_the_page_needs_no_scrolling_on_a_projector(lecture: Page) -> None:
    lecture.keyboard.press("Space")
    for width, height in ((1920, 1080), (1280, 720)):
        lecture.set_viewport_size({"width": width, "height": height})
        assert lecture.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
        assert lecture.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_step_and_hands_survive_a_reload_and_a_link_names_the_step(lecture: Page) -> None:
    lecture.keyboard.press("1")
    lecture.keyboard.press("Space")
    assert lecture.evaluate("location.hash") == "#step=1"
    lecture.reload(timeout=DRAWN_WITHIN)
    lecture.wait_for_selector("[data-mbc='present']", timeout=DRAWN_WITHIN)  # the code in the address tells the mode
    expect(answer(lecture)).to_contain_text("elacestrant")
    expect(lecture.locator(".hands .count").nth(0)).to_have_text("1")


def test_lanes_are_chosen_and_the_table_tells_the_steps_so_far(lecture: Page) -> None:
    lecture.keyboard.press("Space")
    lecture.keyboard.press("t")
    rows = lecture.get_by_role("region", name="The steps so far as a table").get_by_role("row")
    expect(rows).to_have_count(3)
    lecture.get_by_role("button", name="Sequence C").click()
    expect(rows).to_have_count(4)
    lecture.get_by_role("button", name="Sequence D").click()
    expect(rows).to_have_count(4)  # three lanes at most
    expect(lecture.get_by_role("button", name="Sequence A")).to_have_attribute("aria-pressed", "false")


def test_the_room_gets_the_code_and_is_told_what_of_a_link_was_not_met(lecture: Page, dashboard_url: str) -> None:
    expect(lecture.locator(".present footer code")).to_have_text(
        lecture.evaluate("new URL(location.href).searchParams.get('code')")
    )
    lecture.goto(f"{dashboard_url}?mode=present&scenario=esr1-after-cdk46&day=2031-01-01", timeout=DRAWN_WITHIN)
    expect(lecture.locator(".present .unmet")).to_contain_text("2031", timeout=DRAWN_WITHIN)


def test_escape_leaves_the_lecture_as_it_was(lecture: Page) -> None:
    lecture.keyboard.press("Escape")
    expect(lecture.locator(BOARD)).to_be_visible()
    expect(lecture.get_by_role("button", name="Study", exact=True)).to_have_attribute("aria-pressed", "true")


def test_on_a_phone_the_answer_is_told_in_words(lecture: Page) -> None:
    lecture.set_viewport_size({"width": 390, "height": 844})
    expect(lecture.locator(".stage")).to_have_count(0)
    lecture.get_by_role("button", name="Next step").click()
    expect(answer(lecture)).to_contain_text("elacestrant")
    assert lecture.evaluate("document.documentElement.scrollWidth <= innerWidth")

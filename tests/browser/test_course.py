"""The index page and the lessons as a reader meets them: what leads where, a question by keyboard, on a phone, without a violation."""

import urllib.error
import urllib.request
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

import mbc_widgets as mbc
from tests.browser.conftest import BOARD, DRAWN_WITHIN

pytestmark = pytest.mark.browser
K = mbc.load()


@pytest.fixture
def server(dashboard_url: str) -> str:
    return urljoin(dashboard_url, "/")


@pytest.fixture
def index(page: Page, server: str) -> Page:
    page.goto(server)
    return page


@pytest.fixture
def lesson(page: Page, server: str) -> Page:
    page.goto(f"{server}lessons/2", timeout=DRAWN_WITHIN)
    expect(page.locator(".mbc .exercise").first).to_be_visible(timeout=DRAWN_WITHIN)
    expect(page.locator(BOARD)).to_be_visible(timeout=DRAWN_WITHIN)
    return page


def broken(page: Page) -> list[str]:
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in Axe().run(page).response["violations"]]


def test_the_index_leads_to_every_lesson_and_case_and_starts_no_kernel(index: Page) -> None:
    links = set(index.eval_on_selector_all("a", "all => all.map((each) => each.getAttribute('href'))"))
    assert {f"/lessons/{number}" for number in K.lessons} <= links
    assert {f"/dashboard?case={name}" for name in K.teaching_cases} <= links
    assert {f"/dashboard?scenario={name}&mode=present" for name in K.scenarios} <= links
    assert {"/dashboard", "/dashboard?mode=compare", "/dashboard?mode=present", "/dashboard?mode=case"} <= links
    expect(index.get_by_text(f"edition {K.edition.id}")).to_be_visible()
    expect(index.get_by_text("Every patient is invented.")).to_be_visible()
    assert "kernelId" not in index.content()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_index_is_whole_and_free_of_violations(index: Page, width: int, scheme: str) -> None:
    index.set_viewport_size({"width": width, "height": 900})
    index.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    assert not broken(index)
    assert index.evaluate("document.documentElement.scrollWidth") <= width


def test_a_link_of_the_index_opens_its_case(index: Page) -> None:
    case = K.teaching_cases["everolimus-2012"]
    index.get_by_role("link", name=case.title).click()
    expect(index.get_by_role("heading", name=case.title)).to_be_visible(timeout=DRAWN_WITHIN)


def test_an_old_address_still_opens_the_dashboard(page: Page, server: str) -> None:
    page.goto(f"{server}?scenario=er-low", timeout=DRAWN_WITHIN)
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    assert "/dashboard?" in page.url


@pytest.mark.parametrize(
    "path", ["lessons/0", "lessons/12", "lessons/x", "lessons/", "lesson/1", "lessons/../dashboard.ipynb"]
)
def test_what_is_no_lesson_is_not_found(server: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match=r"40[34]"):
        urllib.request.urlopen(server + path, timeout=60)  # noqa: S310 - a server of this test


def test_a_prediction_is_kept_and_told_nothing_until_the_question_comes_again(lesson: Page) -> None:
    predicted, again = lesson.locator(".exercise", has_text="March 2012. Which of these").all()
    predicted.get_by_label("everolimus + exemestane").check()
    predicted.get_by_role("button", name="Commit my prediction").click()
    expect(predicted.get_by_role("status")).to_contain_text("Kept: everolimus + exemestane.")
    expect(predicted.locator(".right, .wrong, .why")).to_have_count(0)
    expect(again.get_by_role("status")).to_contain_text("You predicted: everolimus + exemestane.")
    assert again.locator("input:checked").count() == 0


def test_a_part_of_a_lesson_is_one_link_away(lesson: Page) -> None:
    parts = lesson.get_by_role("navigation", name="Parts of this lesson").get_by_role("link")
    assert parts.count() == lesson.locator(".jp-RenderedHTMLCommon h2").count()
    for link in parts.all():
        link.click()
        heading = lesson.get_by_role("heading", name=link.inner_text(), level=2)
        expect(heading).to_be_in_viewport()


def test_a_part_that_the_address_names_stays_in_sight_while_the_page_is_drawn(page: Page, server: str) -> None:
    page.goto(f"{server}lessons/2#Take-away", timeout=DRAWN_WITHIN)
    expect(page.locator(BOARD)).to_be_visible(timeout=DRAWN_WITHIN)
    expect(page.locator(".mbc .exercise").last).to_be_visible(timeout=DRAWN_WITHIN)
    page.wait_for_timeout(1000)
    expect(page.get_by_role("heading", name="Take away")).to_be_in_viewport()
    page.mouse.wheel(0, -3000)
    page.locator(".exercise").last.get_by_role("button", name="Commit").dispatch_event("click")
    expect(page.get_by_role("heading", name="Take away")).not_to_be_in_viewport()


def test_an_address_that_is_no_text_fails_nowhere(page: Page, server: str) -> None:
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(f"{server}lessons/2#50%", timeout=DRAWN_WITHIN)
    expect(page.locator(BOARD)).to_be_visible(timeout=DRAWN_WITHIN)
    assert not failed


def test_the_last_lesson_has_no_next_one(page: Page, server: str) -> None:
    page.goto(f"{server}lessons/{max(K.lessons)}", timeout=DRAWN_WITHIN, wait_until="commit")
    links = page.get_by_role("navigation", name="The course").get_by_role("link", name="Lesson")
    expect(links).to_have_text(["All lessons", f"Lesson {max(K.lessons) - 1}"], timeout=DRAWN_WITHIN)


def test_a_question_is_answered_by_keyboard_and_says_why(lesson: Page) -> None:
    asked = lesson.locator(".exercise", has_text="March 2012. Which of these").last
    asked.get_by_label("everolimus + exemestane").focus()
    lesson.keyboard.press("Space")
    asked.get_by_role("button", name="Commit and see why").press("Enter")
    expect(asked.get_by_role("status")).to_contain_text("Not yet.")
    expect(asked).to_contain_text("not licensed by the FDA on 19 Mar 2012")
    asked.get_by_label("everolimus + exemestane").uncheck()
    for name in ("fulvestrant", "exemestane"):
        asked.locator(f"input[value='{name}']").check()
    asked.get_by_role("button", name="Answer again").click()
    expect(asked.get_by_role("status")).to_contain_text("Right.")


def test_an_empty_answer_gives_nothing_away(lesson: Page) -> None:
    asked = lesson.locator(".exercise").first
    asked.get_by_role("button", name="Commit and see why").click()
    expect(asked.get_by_role("alert")).to_contain_text("Choose first")
    expect(asked.locator(".right, .wrong, .why")).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "light"), (1440, "dark")])
def test_a_lesson_is_whole_and_free_of_violations(lesson: Page, width: int, scheme: str) -> None:
    lesson.set_viewport_size({"width": width, "height": 900})
    lesson.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    lesson.wait_for_timeout(500)
    assert lesson.title().startswith("Lesson 2:")
    assert lesson.evaluate("document.documentElement.scrollWidth") <= width
    assert not broken(lesson)

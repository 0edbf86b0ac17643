"""The maps of the lessons as the server shows and a browser prints them, and a slide that opens its person."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

import mbc_widgets as mbc
from mbc_widgets.dialogue.slides import slides
from tests.browser.conftest import DRAWN_WITHIN
from tests.serving import PAGE

pytestmark = pytest.mark.browser

A4 = {"width": 703, "height": 1039}  # pixels of a sheet within its margins
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def base(dashboard_url: str) -> str:
    return dashboard_url.removesuffix(PAGE)


def test_every_map_is_one_sheet_with_room_for_notes_and_fits_a_phone(page: Page, base: str) -> None:
    page.goto(base)
    links = page.locator("#teachers ~ ul.maps a")
    expect(links).to_have_count(len(mbc.load().lessons))
    for address in [str(link.get_attribute("href")) for link in links.all()]:
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.goto(f"{base}{address.removeprefix('/')}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1, address
        page.emulate_media(media="print")
        page.set_viewport_size(A4)  # type: ignore[arg-type]
        assert page.evaluate(
            "(({ scrollHeight, clientHeight }) => scrollHeight <= clientHeight)(document.querySelector('.sheet'))"
        ), f"{address} is cut"
        assert page.evaluate("Math.max(...[...document.querySelectorAll('.notes')].map((e) => e.clientHeight))") > 150
        page.emulate_media(media="null")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_map(page: Page, base: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{base}lessons/5/map")
    assert not Axe().run(page).response["violations"]


def test_a_map_that_is_not_there_is_not_found(page: Page, base: str) -> None:
    answer = page.request.get(f"{base}lessons/77/map")
    assert answer.status == 404


def test_a_lesson_leads_to_its_map_and_a_question_of_the_map_to_its_person(page: Page, base: str) -> None:
    page.goto(f"{base}lessons/2", timeout=DRAWN_WITHIN, wait_until="commit")
    page.get_by_role("link", name="Map for paper").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The endocrine sequence")
    page.locator(f"a.slide[href$='{slides_of_lesson_2()['2/relapse-on-letrozole']}']").first.click()
    page.wait_for_selector(".mbc .page", timeout=DRAWN_WITHIN)
    expect(page.get_by_text("What first?")).to_be_visible(timeout=DRAWN_WITHIN)
    expect(page.get_by_text("Early disease: letrozole")).to_be_visible()


def slides_of_lesson_2() -> dict[str, str]:
    known = mbc.load()
    return slides([known.lessons[2]], known)

"""The outcomes on the real page: after the board, for the newest change only, with table, keyboard and select beside the slider."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from mbc_widgets.figures.outcomes.whole import Outcomes
from mbc_widgets.widgets.assets import css, module
from mbc_widgets.workbook import look, scenario
from tests.browser.conftest import BOARD, DRAWN_WITHIN

pytestmark = pytest.mark.browser

SERIOUS = {"serious", "critical"}
OPEN, FOLDED = ("survival", "occupancy"), ("swimmer", "reach", "people", "clinic", "harms", "quality")


def section(page: Page) -> Locator:
    return page.locator("[data-mbc='outcomes']")


def ready(page: Page) -> None:
    """Waits until the pictures of the newest view and their bands are there."""
    expect(section(page).get_by_role("status")).to_contain_text("simulated", timeout=DRAWN_WITHIN)


def picture(page: Page, name: str) -> Locator:
    return section(page).locator(f"[data-mbc='figure-{name}']")


def opened(page: Page, name: str) -> Locator:
    """Opens a folded picture as a reader does, and gives it drawn."""
    found = picture(page, name)
    found.locator("summary").first.click()
    expect(found.locator(".limits-note")).to_be_visible(timeout=DRAWN_WITHIN)
    return found


@pytest.fixture
def study(page: Page, dashboard_url: str) -> Page:
    """The page of a woman whose cancer grew on a CDK4/6 inhibitor, outcomes drawn."""
    page.goto(f"{dashboard_url}?scenario=esr1-after-cdk46", timeout=DRAWN_WITHIN)
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    ready(page)
    return page


def test_the_first_two_pictures_are_open_and_the_others_folded(study: Page) -> None:
    for name in OPEN:
        expect(picture(study, name).locator(".limits-note")).to_contain_text("no forecast for a person")
    for name in FOLDED:
        expect(picture(study, name).get_by_role("heading", level=3)).to_be_visible()
        expect(picture(study, name).locator("figure")).to_have_count(0)
    expect(section(study).locator("[data-mbc='verdict']")).to_contain_text("A and B")
    expect(section(study).locator("[data-mbc='remarks']")).to_contain_text("1 earlier line held less long than usual")
    expect(section(study).locator("[data-mbc='made']")).to_contain_text("EMERALD: ESR1m")


def test_a_folded_picture_is_opened_with_the_keyboard_and_stays_so_when_the_answer_changes(study: Page) -> None:
    harms = picture(study, "harms")
    harms.locator("summary").focus()
    study.keyboard.press("Enter")
    expect(harms.get_by_role("figure", name="Harms line by line")).to_be_visible(timeout=DRAWN_WITHIN)
    expect(harms.locator("summary")).to_be_focused()
    picture(study, "survival").locator("summary").first.focus()
    study.keyboard.press("Space")
    expect(picture(study, "survival").locator("figure")).to_have_count(0)
    before = int(section(study).get_attribute("data-request") or 0)
    study.get_by_label("Scenario").select_option("germline-brca")
    expect(section(study)).to_have_attribute("data-request", str(before + 1), timeout=DRAWN_WITHIN)
    expect(harms.locator(".harm-card").first).to_be_visible()  # came with the first pictures: nothing is drawn later
    expect(picture(study, "survival").locator("figure")).to_have_count(0)


def test_on_paper_every_picture_is_open_with_its_name_and_its_limits_and_folded_again_after(study: Page) -> None:
    expect(section(study).locator(".placeholder")).to_have_count(0)
    study.emulate_media(media="print")
    for name in (*OPEN, *FOLDED):
        expect(picture(study, name).locator(".limits-note")).to_contain_text(
            "no forecast for a person", timeout=DRAWN_WITHIN
        )
    for drawing in section(study).locator("svg.plot[role='img']").all():
        assert (drawing.get_attribute("aria-label") or "").strip()
    study.emulate_media(media="screen")
    for name in FOLDED:
        expect(picture(study, name).locator("figure")).to_have_count(0)


def test_on_a_phone_the_outcomes_are_four_screens_and_not_eleven(study: Page) -> None:
    study.set_viewport_size({"width": 390, "height": 844})
    expect(section(study).locator("[data-mbc='made']")).not_to_have_attribute("open", "")
    box = section(study).bounding_box()
    assert box
    assert box["height"] < 4 * 844


def test_of_two_quick_changes_the_newest_stays_and_no_older_answer_comes_after_it(study: Page) -> None:
    before = int(section(study).get_attribute("data-request") or 0)
    study.evaluate(
        "window.seen = []; new MutationObserver(() => window.seen.push("
        "document.querySelector(\"[data-mbc='outcomes']\").dataset.request)).observe(document.body,"
        " { attributes: true, subtree: true, attributeFilter: ['data-request'] })"
    )
    study.get_by_label("Scenario").select_option("germline-brca")
    study.get_by_label("Scenario").select_option("tnbc-pdl1-negative")
    expect(section(study)).to_have_attribute("data-request", str(before + 2), timeout=DRAWN_WITHIN)
    ready(study)
    seen = [int(each) for each in study.evaluate("window.seen")]
    assert seen == sorted(seen)
    assert seen[-1] == before + 2
    expect(section(study).locator("[data-mbc='made']")).to_contain_text("sacituzumab govitecan")


def test_a_picture_has_its_table(study: Page) -> None:
    shown = picture(study, "occupancy")
    shown.get_by_role("button", name="Table").click()
    tables = shown.get_by_role("region", name="Table:")
    expect(tables).to_have_count(2)
    cells = tables.first.locator("tbody tr").nth(4).locator("td").all_inner_texts()
    assert sum(int(cell) for cell in cells[1:]) == 100
    shown.get_by_role("button", name="Hide table").click()
    expect(tables).to_have_count(0)


def test_select_slider_and_buttons_choose_the_month_of_the_icons(study: Page) -> None:
    people = opened(study, "people")
    told = people.locator("svg[role='img']").first
    assert "month 24" in (told.get_attribute("aria-label") or "")
    alive = people.locator("svg[role='img']").first.locator(".person:not(.gone)")
    before = alive.count()
    people.get_by_label("Month", exact=True).select_option(label="60")
    assert "month 60" in (told.get_attribute("aria-label") or "")
    assert alive.count() < before
    people.get_by_role("button", name="Earlier month").click()
    expect(people.get_by_label("Month", exact=True).locator("option:checked")).to_have_text("57")
    slider = people.get_by_label("Month, slider")
    slider.focus()
    study.keyboard.press("ArrowRight")
    expect(people.get_by_label("Month", exact=True).locator("option:checked")).to_have_text("60")
    expect(slider).to_be_focused()
    expect(people.locator("svg[role='img']").first.locator(".person")).to_have_count(100)


def test_another_sequence_is_put_beside_and_one_alone_has_no_verdict(study: Page) -> None:
    people = opened(study, "people")
    section(study).get_by_label("beside").select_option("C")
    expect(section(study).locator("[data-mbc='verdict']")).to_contain_text(" C", timeout=DRAWN_WITHIN)
    expect(people).to_contain_text("A, C the same 100 people")
    section(study).get_by_label("beside").select_option("")
    expect(section(study).locator("[data-mbc='verdict']")).to_have_count(0)
    expect(picture(study, "survival").locator(".panel")).to_have_count(1)


def test_quality_is_folded_until_it_is_asked_for(study: Page) -> None:
    expect(opened(study, "quality")).to_contain_text("A range is no rank")


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits_and_breaks_no_rule(study: Page, width: int, theme: str) -> None:
    study.evaluate("theme => localStorage.setItem('mbc-theme', theme)", theme)
    study.set_viewport_size({"width": width, "height": 900})
    study.reload()
    ready(study)
    for name in FOLDED:
        opened(study, name)
    picture(study, "people").get_by_role("button", name="Table").click()
    assert study.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(study, context={"include": [["[data-mbc='outcomes']"]]}).response["violations"]
    assert not [(rule["id"], rule["nodes"][0]["target"]) for rule in found if rule["impact"] in SERIOUS]


ALONE = """async ([text, values]) => {
  window.model = { get: (name) => values[name], on: () => {}, off: () => {}, send: () => {} };
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  (await import(url)).default.render({ model: window.model, el: document.getElementById("app") });
}"""


def test_the_view_alone_needs_nothing_of_the_page(page: Page) -> None:
    patient, day, regulator = scenario("frail-80")
    maker = Outcomes(look(patient, day=day, regulator=regulator), size=500)
    value = {"request": 1, "state": "ready", "chosen": ["A", "B"], **list(maker.shown("AB"))[-1]}
    bands = {"request": 1, "state": "ready", "chosen": ["A", "B"], **list(maker.bands("AB", draws=10, people=200))[-1]}
    page.set_content(f"<!doctype html><html lang=en><title>x</title><style>{css()}</style><body><div id=app></div>")
    page.evaluate(ALONE, [module("outcomes"), {"page": {}, "outcomes": value, "bands": bands}])
    expect(page.locator("svg.plot[role='img']")).to_have_count(4)
    page.get_by_role("heading", name="Who reaches each line").click()
    expect(page.locator("svg.plot[role='img']")).to_have_count(6)
    expect(page.locator("[data-mbc='verdict']")).to_contain_text("end before six lines")
    filled = page.locator(".figure-reach rect[style*='url']").first.get_attribute("style") or ""
    pattern = filled.partition("#")[2].partition(")")[0]
    expect(page.locator(f"pattern[id='{pattern}']")).to_have_count(1)

"""Every mode in every state that a reader brings it into, in three themes, on a desk and on a phone.

No rule of axe is broken, of any weight; every text is readable on what is painted below it, and its colours are a pair of the palette;
nothing is wider than the page.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DRAWN_WITHIN
from tests.browser.contrast import pairs
from tests.browser.test_colours import TEXT, text_pairs

pytestmark = pytest.mark.browser

SCENARIO = "esr1-after-cdk46"
BOARD = "[data-mbc='board'] :is(svg[role='group'], ol)"
CASE = "Luminal disease, from the first line to the end of treatment"
OPEN_ALL = (
    """() => document.querySelectorAll(":is(main, .rail) details:not([open])").forEach((each) => (each.open = true))"""
)


def enter(page: Page, mode: str) -> None:
    page.get_by_role("button", name=mode, exact=True).click()
    expect(page.locator(".busy:not(:empty)")).to_have_count(0)  # a lecture has no place for the word


def open_all(page: Page) -> None:
    """Opens every fold; what is drawn for it may hold folds of its own."""
    for _ in range(3):
        page.evaluate(OPEN_ALL)
        page.wait_for_timeout(150)


def study(page: Page) -> Iterator[str]:
    expect(page.locator(".outcomes .figure svg").first).to_be_attached(timeout=DRAWN_WITHIN)
    if page.locator("[data-do='rail']").is_visible():
        page.locator("[data-do='rail']").click()
    yield "as it opens"
    open_all(page)
    for each in page.locator(
        "main :is([data-do='table'], [data-do='python'], .table-button, [data-value='made']):visible"
    ).all():
        each.click()
    page.locator("[data-card]").nth(1).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "all folds, tables and a card open"
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.get_by_label("Age", exact=True).fill("7")
    page.get_by_label("Age", exact=True).press("Enter")
    expect(page.locator("[data-mbc='errors']")).to_contain_text("18 to 110")
    page.locator(".menu-download > summary").click()
    yield "a wrong age and a menu open"


def compare(page: Page) -> Iterator[str]:
    enter(page, "Compare")
    expect(page.get_by_role("heading", name="Three clocks")).to_be_visible()
    yield "as it opens"
    open_all(page)
    for each in page.locator("main [aria-label^='Table: '], main [data-do='table']").all():
        each.click()
    yield "all folds and tables open"


def case(page: Page) -> Iterator[str]:
    enter(page, "Case")
    yield "the list"
    page.get_by_role("button", name=f"Open the case: {CASE}").click()
    for decision in range(1, 6):
        expect(page.get_by_text(f"decision {decision} of 5;")).to_be_visible()
        if decision == 1:
            page.locator("[data-key='case-commit']").click()
            expect(page.get_by_role("alert").filter(has_text="nothing is chosen yet")).to_be_visible()
            yield "before the commitment, nothing chosen"
        page.locator("[data-key='choice-supportive-care']").check()
        page.get_by_role("radio", name="guess").check(force=True)
        page.get_by_label("Because").fill("comfort")
        page.locator("[data-key='case-commit']").click()
        expect(page.locator(".case-feedback")).to_be_visible()
        if decision == 1:
            page.locator("[data-key='long-qt-2']").click()
            expect(page.locator(".case-places")).to_be_visible()
            open_all(page)
            yield "after it"
        page.locator("[data-key='case-next']").click()
    expect(page.locator(".case-summary")).to_be_visible()
    yield "its end"


def present(page: Page) -> Iterator[str]:
    enter(page, "Present")
    yield "the question"
    for key in ("1", "1", "2", "End", "t"):
        page.keyboard.press(key)
    expect(page.get_by_role("region", name="The steps so far as a table")).to_be_visible()
    yield "every step, and the table"


Walk = Callable[[Page], Iterator[str]]
MODES: dict[str, Walk] = {each.__name__: each for each in (study, compare, case, present)}


class Found(NamedTuple):
    """What is wrong with one state of a mode."""

    state: str
    theme: str
    what: str


def wear(page: Page, theme: str) -> None:
    """Switches the theme without touching anything else; in Present by way of Study, which keeps the step."""
    switch, lecture = page.locator("[data-key='theme']"), page.get_by_role("main", name="Present")
    presenting = lecture.count() > 0
    if presenting:
        page.keyboard.press("Escape")
        expect(switch).to_be_visible()
    for _ in range(3):
        if page.locator(f".mbc[data-theme='{theme}']").count():
            break
        switch.evaluate("button => button.click()")  # no pointer is pressed, so an open menu stays open
    if presenting:
        enter(page, "Present")
        expect(lecture).to_be_visible()


def wrong(page: Page, theme: str) -> list[str]:
    """Give what is wrong with the page as it is now."""
    broken = Axe().run(page).response["violations"]
    found = [f"{rule['id']}: {node['html'][:200]}" for rule in broken for node in rule["nodes"][:3]]
    drawn, palette = pairs(page), text_pairs(theme)
    assert len(drawn) > 2, "the walk saw no text"
    found += [f"contrast: {each}" for each in drawn if each.ratio < TEXT]
    return found + [f"not of the palette: {each}" for each in drawn if each.pair not in palette]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("mode", MODES)
def test_a_mode_breaks_no_rule_and_is_readable(page: Page, dashboard_url: str, mode: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{dashboard_url}?scenario={SCENARIO}", timeout=DRAWN_WITHIN)
    page.locator(BOARD).first.wait_for(timeout=DRAWN_WITHIN)
    found: list[Found] = []
    for state in MODES[mode](page):
        for theme in ("light", "dark", "contrast"):
            wear(page, theme)
            found += [Found(state, theme, what) for what in wrong(page, theme)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [Found(state, "every", f"{wide} px wide")] if wide > width else []
    assert not found, "\n".join(map(str, found))

"""A learner solves a case on the real page: by keyboard alone, with a reload in between, on a phone, in light and dark."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import BOARD, DRAWN_WITHIN

pytestmark = pytest.mark.browser

LUMINAL = "Luminal disease, from the first line to the end of treatment"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CODE = re.compile(r"^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{1,4})+$")
MOST_TABS = 200


@pytest.fixture
def cases(board_page: Page) -> Page:
    """The list of cases, reached by the keyboard."""
    tab_to(board_page, "Case")
    board_page.keyboard.press("Enter")
    expect(board_page.get_by_role("heading", name="Cases", exact=True)).to_be_visible()
    return board_page


def focused(page: Page) -> str:
    """The name of what has the focus, as a reader hears it, as far as text and labels go."""
    return str(
        page.evaluate(
            """() => {
              const node = document.activeElement;
              const own = node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent || "";
              return own.trim();
            }"""
        )
    )


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until something whose name begins so has the focus."""
    for _ in range(MOST_TABS):
        if focused(page).startswith(name):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never came to {name!r}")


def choose(page: Page, name: str) -> None:
    """Chooses a radio button of the list by the arrow keys, from where the form begins."""
    for _ in range(MOST_TABS):
        if page.evaluate("() => document.activeElement.matches(\"[name$='-choice']\")"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(20):
        if focused(page).startswith(name):
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"the arrow keys never came to {name!r}")


def solve(page: Page, choice: str, sure: str, reason: str) -> None:
    """One decision by the keyboard: choice, confidence, reason, commit."""
    choose(page, choice)
    tab_to(page, "guess")
    page.keyboard.press("Space")
    for _ in range(["guess", "fairly", "certain"].index(sure)):
        page.keyboard.press("ArrowRight")
    tab_to(page, "Because")
    page.keyboard.type(reason)
    tab_to(page, "Commit")
    page.keyboard.press("Enter")
    expect(page.locator(".case-feedback")).to_be_visible()


def open_luminal(page: Page) -> None:
    tab_to(page, f"Open the case: {LUMINAL}")
    page.keyboard.press("Enter")
    at_the_story(page)


def at_the_story(page: Page) -> None:
    """Waits until the focus was brought to the story: a key before that would be pressed somewhere else."""
    expect(page.get_by_role("heading", name=LUMINAL)).to_be_focused()


def test_a_whole_case_is_solved_by_the_keyboard_alone(cases: Page) -> None:
    page = cases
    open_luminal(page)
    answers = [
        ("paclitaxel", "certain", "liver metastases, though no crisis"),
        ("more tests first", "fairly", "ESR1 by ctDNA"),
        ("elacestrant", "certain", "ESR1 mutated, more than a year on the inhibitor"),
        ("capecitabine", "guess", "tablets"),
        ("supportive care alone", "certain", "ECOG 4; comfort is her goal; palliative care"),
    ]
    for number, (choice, sure, reason) in enumerate(answers, start=1):
        expect(page.get_by_text(f"decision {number} of 5;")).to_be_visible()
        at_the_story(page)
        solve(page, choice, sure, reason)
        expect(page.locator(".case-committed")).to_contain_text(choice)
        expect(page.locator(".case-committed")).to_contain_text(sure)
        if number == 4:
            tab_to(page, "patient's choice")
            page.keyboard.press("Enter")
            expect(page.get_by_role("button", name="patient's choice")).to_have_attribute("aria-pressed", "true")
        tab_to(page, "Next")
        page.keyboard.press("Enter")
        expect(page.locator(".case-feedback")).to_have_count(0)
    summary = page.locator(".case-summary")
    expect(summary).to_contain_text("You were certain of 2 lines: 1 was offered on the day of the choice.")
    expect(summary).to_contain_text("You departed from the list for patient's choice.")
    expect(summary.locator(".case-code")).to_have_text(CODE)


def test_what_is_announced_and_where_the_focus_goes(cases: Page) -> None:
    open_luminal(cases)
    solve(cases, "letrozole", "guess", "tablets")
    expect(cases.locator("main [role='status']")).to_have_text("Committed. The options are open.")
    expect(cases.get_by_role("heading", name="2. Then compare")).to_be_focused()
    tab_to(cases, "Next")
    cases.keyboard.press("Enter")
    expect(cases.locator("main [role='status']")).to_have_text("Decision 2 of 5.")
    expect(cases.get_by_role("heading", name=LUMINAL)).to_be_focused()


def test_the_options_stay_closed_until_the_commitment(cases: Page) -> None:
    open_luminal(cases)
    expect(cases.get_by_text("Closed.")).to_be_visible()
    expect(cases.locator("[data-mbc='options'], [data-mbc='board']")).to_have_count(0)
    tab_to(cases, "Commit and open the options")
    cases.keyboard.press("Enter")
    expect(cases.get_by_role("alert").filter(has_text="nothing is chosen yet")).to_be_visible()
    expect(cases.locator("[data-mbc='options']")).to_have_count(0)


def test_what_is_typed_survives_another_mode_and_a_reload(cases: Page) -> None:
    page = cases
    open_luminal(page)
    solve(page, "letrozole", "guess", "tablets")
    tab_to(page, "Next")
    page.keyboard.press("Enter")
    expect(page.get_by_text("decision 2 of 5;")).to_be_visible()
    at_the_story(page)
    choose(page, "elacestrant")
    tab_to(page, "Because")
    page.keyboard.type("half a sentence")
    page.get_by_role("button", name="Study", exact=True).click()
    page.wait_for_selector(BOARD)
    page.get_by_role("button", name="Case", exact=True).click()
    expect(page.get_by_label("Because")).to_have_value("half a sentence")
    page.wait_for_timeout(1000)  # the address follows a frame later; a reload before that would show what was before
    page.reload()
    expect(page.get_by_text("decision 2 of 5;")).to_be_visible(timeout=DRAWN_WITHIN)
    expect(page.get_by_label("Because")).to_have_value("half a sentence")
    expect(page.get_by_role("radio", name="elacestrant")).to_be_checked()


def test_something_else_opens_a_field_to_type_in(cases: Page) -> None:
    open_luminal(cases)
    choose(cases, "something else")
    cases.get_by_label("Something else: the drug or drugs").fill("letrozole and ribociclib")
    cases.get_by_role("radio", name="fairly").check(force=True)
    cases.get_by_label("Because").fill("no crisis")
    cases.get_by_role("button", name="Commit and open the options").click()
    expect(cases.locator(".case-feedback")).to_contain_text("ribociclib + letrozole: offered")


def test_a_panel_file_is_read_here_and_a_wrong_one_is_told(cases: Page) -> None:
    open_luminal(cases)
    picker = cases.locator("[data-case-panel]")
    wrong = {"name": "wrong.csv", "mimeType": "text/csv", "buffer": b"case,decision\nx,1\n"}
    picker.set_input_files([wrong])
    expect(cases.get_by_role("alert").filter(has_text="column 'choice' is missing")).to_be_visible()
    rows = "case,decision,choice,votes,panel\nluminal-to-the-end,1,letrozole,3,Panel of this test\n"
    picker.set_input_files([{"name": "made-in-a-test.csv", "mimeType": "text/csv", "buffer": rows.encode()}])
    expect(cases.get_by_text("Panel file made-in-a-test.csv: 1 rows.")).to_be_visible()
    expect(cases.get_by_text("3 of 3")).to_have_count(0)
    solve(cases, "letrozole", "guess", "tablets")
    expect(cases.get_by_role("table", name="Panel: Panel of this test, no date given")).to_contain_text("3 of 3")


def test_a_finding_is_rated_by_the_keyboard_before_the_rules_and_the_panel_are_shown(cases: Page) -> None:
    page = cases
    open_luminal(page)
    rows = "case,decision,item,choice,votes,panel\nluminal-to-the-end,1,long-qt,-2,3,Panel of this test\n"
    page.locator("[data-case-panel]").set_input_files(
        [{"name": "made-in-a-test.csv", "mimeType": "text/csv", "buffer": rows.encode()}]
    )
    expect(page.get_by_text("Panel file made-in-a-test.csv: 1 rows.")).to_be_visible()
    expect(page.locator(".case-items")).to_have_count(0)
    solve(page, "letrozole", "guess", "tablets")
    item = page.get_by_role("article", name="If you were thinking of ribociclib + letrozole")
    expect(item.get_by_role("group", name="ribociclib + letrozole becomes")).to_be_visible()
    expect(item.get_by_text("3 of 3")).to_have_count(0)
    tab_to(page, "-1 less fitting")
    page.keyboard.press("Enter")
    expect(page.locator("main [role='status']")).to_have_text(
        "Committed: less fitting (-1). What the rules say follows."
    )
    expect(item.locator(".case-places")).to_contain_text("offered, then not now")
    expect(item.get_by_role("table", name="Panel: Panel of this test, no date given")).to_contain_text("3 of 3")
    pressed = item.get_by_role("button", name="-1 less fitting")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(pressed).to_be_focused()
    page.keyboard.press("Enter")  # the first answer stays, and nothing is sent
    expect(item).to_contain_text("You said less fitting (-1).")
    page.reload()
    expect(item).to_contain_text("You said less fitting (-1).", timeout=DRAWN_WITHIN)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_of_a_case_is_accessible_and_fits(cases: Page, theme: str, width: int) -> None:
    page = cases
    page.set_viewport_size({"width": width, "height": 900})
    for _ in range(2):
        if theme in page.locator("[data-key='theme']").inner_text():
            break
        page.locator("[data-key='theme']").click()
    looked_at(page)
    page.get_by_role("button", name=f"Open the case: {LUMINAL}").click()
    for decision in range(1, 6):
        expect(page.get_by_text(f"decision {decision} of 5;")).to_be_visible()
        if decision == 1:
            looked_at(page)
        page.locator("[data-key='choice-supportive-care']").check()
        page.get_by_role("radio", name="guess").check(force=True)
        page.get_by_label("Because").fill("comfort")
        page.locator("[data-key='case-commit']").click()
        expect(page.locator(".case-feedback")).to_be_visible()
        if decision in {1, 5}:
            looked_at(page)
        page.locator("[data-key='case-next']").click()
    expect(page.locator(".case-summary")).to_be_visible()
    looked_at(page)


def looked_at(page: Page) -> None:
    """No rule of axe is broken, and nothing to scroll to the side."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert not [(each["id"], [node["html"][:160] for node in each["nodes"][:3]]) for each in found]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

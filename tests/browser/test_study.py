"""What a person does with the dashboard, on the real page with the real knowledge.

`MBC_SCREENSHOTS=1` also writes the two pictures of docs/screenshots.
"""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import BOARD, DRAWN_WITHIN
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

PICTURES = ROOT / "docs" / "screenshots"
SERIOUS = {"serious", "critical"}


def group(page: Page, verdict: str) -> Locator:
    return page.locator(f"[data-mbc='options'] [data-key='{verdict}']")


def option(page: Page, verdict: str, name: str) -> Locator:
    """An option of a group by its name, opened; the whole group is shown first."""
    place = group(page, verdict)
    more = place.get_by_role("button", name="Show all")
    if more.count():
        more.click()
    found = place.locator(".option").filter(has=page.get_by_role("heading", name=name, exact=True))
    if found.count() and found.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found


def esr1(page: Page) -> Locator:
    return page.get_by_label("ESR1").and_(page.locator("[data-field='esr1']"))


def choose(page: Page, control: Locator, value: str) -> None:
    """Chooses in a select of the form and waits for the answer."""
    before = page.locator(".sentence").inner_text()
    control.select_option(value)
    answered(page, before)


def answered(page: Page, before: str) -> None:
    """Waits for the sentence and the board, and then for what comes after them."""
    expect(page.locator(".sentence")).not_to_have_text(before)
    expect(page.locator(".answer[aria-busy]")).to_have_count(0)


def her2(page: Page) -> Locator:
    return page.get_by_label("HER2", exact=True)


def go_to(page: Page, day: str) -> None:
    box = page.get_by_label("Any day")
    before = page.locator(".sentence").inner_text()
    box.fill(day)
    box.press("Enter")
    answered(page, before)


def test_her2_low_brings_trastuzumab_deruxtecan_with_its_reason(study: Page) -> None:
    study.get_by_label("Scenario").select_option("her2-ultralow")
    expect(study.get_by_label("Scenario")).to_have_value("her2-ultralow")
    choose(study, her2(study), "zero_without_staining")
    expect(option(study, "offered", "trastuzumab deruxtecan")).to_have_count(0)
    choose(study, her2(study), "one_plus")
    found = option(study, "offered", "trastuzumab deruxtecan")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Because")
    expect(found).to_contain_text("HER2")


def test_the_day_of_2012_takes_later_drugs_away_and_brings_the_standard_back(study: Page) -> None:
    expect(option(study, "offered", "elacestrant")).to_have_count(1)
    go_to(study, "2012-03-19")
    for later in ["elacestrant", "trastuzumab deruxtecan", "palbociclib + fulvestrant"]:
        expect(option(study, "offered", later)).to_have_count(0)
    names = group(study, "offered").locator("h3").all_inner_texts()
    assert {"tamoxifen", "exemestane", "fulvestrant"} & set(names)
    study.get_by_role("button", name="Undo").click()
    expect(option(study, "offered", "elacestrant")).to_have_count(1)


def test_an_unknown_esr1_says_which_test_to_order_and_what_it_would_open(study: Page) -> None:
    choose(study, esr1(study), "")
    expect(option(study, "needs-test", "elacestrant")).to_contain_text("ESR1")
    test = study.locator("[data-mbc='tests'] li").filter(has_text="ESR1").first
    expect(test).to_contain_text("Would open")
    expect(test).to_contain_text("elacestrant")
    test.get_by_role("button", name="mutated").first.click()
    expect(option(study, "offered", "elacestrant")).to_have_count(1)


def test_an_open_debate_opens_with_its_sides_and_was_none_before_it_began(study: Page) -> None:
    debates = study.get_by_role("region", name="Open debates")
    question = "which drug, alone or combined?"
    debates.get_by_text(question).click()
    told = debates.locator("details[open]")
    expect(told.locator("ol > li").nth(1)).to_be_visible()
    expect(told).to_contain_text("Would settle it")
    expect(told).to_contain_text("EMERALD")
    go_to(study, "2012-03-19")
    expect(debates.get_by_text(question)).to_have_count(0)


def test_two_changes_that_would_open_an_option_are_shown_on_request(study: Page) -> None:
    study.get_by_label("Scenario").select_option("frail-80")
    expect(study.get_by_label("Scenario")).to_have_value("frail-80")
    found = option(study, "not-now", "ribociclib + letrozole")
    found.get_by_role("button", name="Which two changes would open it?").click()
    found.get_by_role("button", name="Set QTcF to 449 ms and Heart failure to none").click()
    expect(option(study, "offered", "ribociclib + letrozole")).to_have_count(1)


def test_a_guideline_body_is_chosen_and_the_page_says_by_whom_and_what_is_newer(page: Page, dashboard_url: str) -> None:
    page.goto(f"{dashboard_url}?scenario=her2-ultralow&day=2026-11-23&body=asco", timeout=DRAWN_WITHIN)
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    body, sentence = page.get_by_label("Guidelines of"), page.locator(".sentence")
    expect(body).to_have_value("asco")
    expect(sentence).to_contain_text("by the guidelines of ASCO alone")
    expect(option(page, "offered", "trastuzumab deruxtecan")).to_contain_text("newer than this guideline")
    choose(page, body, "abc")
    expect(page.get_by_label("Notes on this patient")).to_contain_text("ABC says nothing")
    expect(option(page, "offered", "trastuzumab deruxtecan")).to_contain_text("BCST 2025-01")
    page.get_by_role("button", name="Undo").click()
    expect(body).to_have_value("asco")
    page.get_by_role("button", name="EMA", exact=True).click()
    expect(body).to_have_value("")
    expect(sentence).to_contain_text("no text of ASCO that was read is in force")
    assert "asco" not in body.locator("option").evaluate_all("all => all.map(o => o.value)")
    choose(page, body, "esmo")
    expect(sentence).to_contain_text("You chose the guidelines of ESMO")


def test_her2_positive_is_out_of_scope_and_there_is_a_way_back(study: Page) -> None:
    choose(study, her2(study), "positive")
    errors = study.locator("[data-mbc='errors']")
    expect(errors).to_contain_text("HER2-negative")
    expect(esr1(study)).to_have_value("mutated")
    errors.get_by_role("button").first.click()
    expect(errors).to_be_empty()


def test_a_wrong_number_stays_in_its_box_and_is_explained(study: Page) -> None:
    age = study.get_by_label("Age", exact=True)
    age.fill("7")
    age.press("Enter")
    expect(study.locator("[data-mbc='errors']")).to_contain_text("18 to 110")
    expect(age).to_have_value("7")
    expect(study.locator(BOARD)).to_be_visible()
    study.get_by_role("button", name="Take this entry back").click()
    expect(age).not_to_have_value("7")


def test_a_wrong_day_stays_in_its_box_and_is_explained(study: Page) -> None:
    day = study.get_by_label("Any day")
    before = day.input_value()
    day.fill("2011-12-31")
    day.press("Enter")
    expect(study.locator("[data-mbc='errors']")).to_contain_text("Allowed: 2012-01-01 to")
    expect(day).to_have_value("2011-12-31")
    expect(day).to_have_attribute("aria-invalid", "true")
    study.get_by_role("button", name="Take this entry back").click()
    expect(day).to_have_value(before)
    day.fill("")
    day.press("Enter")
    expect(study.locator("[data-mbc='errors']")).to_contain_text("no whole day is written")
    study.get_by_role("button", name="Undo").click()
    expect(day).to_have_value(before)


def test_more_reasons_stay_open_when_they_make_the_page_higher(study: Page) -> None:
    more = study.locator("details.rest:visible").first
    more.locator("summary").click()
    study.wait_for_timeout(300)
    expect(more).to_have_attribute("open", "")


@pytest.mark.parametrize("scenario", ["luminal-2012", "many-lines-2026"])
def test_the_card_of_a_bar_opens_beside_the_board_which_stays_in_sight(
    page: Page, dashboard_url: str, scenario: str
) -> None:
    page.goto(f"{dashboard_url}?scenario={scenario}", timeout=DRAWN_WITHIN)
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    for bar in (page.locator("svg .bar[data-stop]").first, page.locator("svg .bar[data-stop]").last):
        before = page.evaluate("scrollY")
        bar.locator(".body").click()
        card = page.get_by_role("dialog")
        expect(card).to_be_in_viewport(ratio=1)
        expect(bar).to_be_in_viewport()
        assert page.evaluate("scrollY") == before
    card.get_by_role("button", name="Close").click()
    expect(bar).to_be_focused()
    if scenario == "many-lines-2026":
        page.locator("svg .test[data-stop]").first.click()  # the line "now" runs through it
        expect(page.get_by_role("dialog")).to_contain_text("Tests before line")


def test_on_a_phone_the_open_form_says_what_a_change_did(study: Page) -> None:
    study.set_viewport_size({"width": 390, "height": 844})
    study.get_by_role("button", name="Edit the patient").click()
    body, news = study.get_by_label("Guidelines of"), study.locator(".rail .news")
    body.select_option("asco")
    expect(news).to_contain_text("You chose the guidelines of ASCO")
    expect(news).to_be_in_viewport()
    age = study.get_by_label("Age", exact=True)
    age.fill("7")
    age.press("Enter")
    expect(news).to_contain_text("18 to 110")
    expect(news).to_be_in_viewport()
    study.get_by_role("button", name="Done editing").click()
    expect(news).to_have_count(0)


def test_the_keyboard_is_enough(study: Page) -> None:
    study.keyboard.press("Tab")
    expect(study.get_by_text("Skip to the answer")).to_be_focused()
    study.locator("svg [data-stop][tabindex='0']").focus()
    first = study.evaluate("document.activeElement.dataset.stop")
    study.keyboard.press("ArrowRight")
    second = study.evaluate("document.activeElement.dataset.stop")
    assert first != second
    study.keyboard.press("Enter")
    card = study.get_by_role("dialog")
    expect(card).to_be_visible()
    study.keyboard.press("Escape")
    expect(card).to_have_count(0)
    assert study.evaluate("document.activeElement.dataset.stop") == second


def test_every_scenario_has_a_page(study: Page) -> None:
    names = study.locator("[data-scenario] option").evaluate_all("all => all.map(o => o.value)")
    assert len(names) > 5
    for name in (name for name in names if name and name != "esr1-after-cdk46"):
        before = study.locator("[data-mbc='options']").inner_text()
        study.get_by_label("Scenario").select_option(name)
        expect(study.locator("[data-mbc='options']")).not_to_have_text(before, use_inner_text=True)
        expect(study.get_by_label("Scenario")).to_have_value(name)
        assert study.evaluate("document.documentElement.scrollWidth") <= 1440


def test_a_wish_in_the_address_that_cannot_be_met_is_said(page: Page, dashboard_url: str) -> None:
    page.goto(f"{dashboard_url}?scenario=nobody", timeout=DRAWN_WITHIN)
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    expect(page.locator("[data-mbc='errors']")).to_contain_text("nobody")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_page_fits_and_breaks_no_serious_rule(study: Page, width: int, height: int) -> None:
    study.set_viewport_size({"width": width, "height": height})
    study.wait_for_timeout(500)
    assert study.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(study).response["violations"]
    assert not [rule["id"] for rule in found if rule["impact"] in SERIOUS]
    if os.environ.get("MBC_SCREENSHOTS") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        study.evaluate("window.scrollTo(0, 0)")
        study.screenshot(path=PICTURES / f"study-{width}.png")


def test_hazard_ratios_are_drawn_with_their_intervals_and_narrowed_with_the_table(study: Page) -> None:
    forest = study.locator(".forest")
    expect(forest.get_by_role("row").filter(has_text="EMERALD").first).to_contain_text("0.39-0.77")
    study.get_by_placeholder("trial, drug, endpoint").fill("bolero-2 median pfs")
    expect(forest.locator("tbody tr").first).to_contain_text("everolimus + exemestane")
    expect(forest.locator("tbody tr").filter(has_text="EMERALD")).to_have_count(0)

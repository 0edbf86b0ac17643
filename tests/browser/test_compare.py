"""Compare and pinned lanes on the real page: by pointer, by keyboard alone, on a phone, and read out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import BOARD, DRAWN_WITHIN

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}
SENTENCE = ".sentence"


@pytest.fixture
def study(page: Page, dashboard_url: str) -> Page:
    """The page of a woman whose cancer grew on a CDK4/6 inhibitor, ESR1 mutated, on 1 Jul 2026."""
    page.goto(f"{dashboard_url}?scenario=esr1-after-cdk46", timeout=DRAWN_WITHIN)
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    return page


@pytest.fixture
def compare(study: Page) -> Page:
    study.get_by_role("button", name="Compare", exact=True).click()
    expect(study.get_by_role("heading", name="Three clocks")).to_be_visible(timeout=DRAWN_WITHIN)
    return study


def headings(page: Page) -> list[str]:
    return [
        text.split("\n")[0].split(" the other")[0].split(" as in")[0]
        for text in page.locator(".side-chooser h2").all_inner_texts()
    ]


def test_then_and_now_is_one_button_away_from_study(study: Page) -> None:
    study.get_by_role("button", name="Compare then and now").click()
    sentence = study.locator(SENTENCE)
    expect(sentence).to_contain_text("The same patient on 19 Mar 2012 and 1 Jul 2026")
    expect(sentence).to_contain_text("offered then")
    assert headings(study) == ["19 Mar 2012", "1 Jul 2026"]


def test_the_table_of_what_did_it_names_trial_label_and_day(compare: Page) -> None:
    row = compare.locator("[data-mbc='causes'] tr").filter(has_text="EMERALD")
    expect(row).to_contain_text("27 Jan 2023")
    expect(row).to_contain_text("FDA licence")
    expect(row).to_contain_text("elacestrant opens")


def test_a_row_of_the_clocks_says_its_days_and_opens_to_its_sources(compare: Page) -> None:
    row = compare.locator("[data-key='clock-elacestrant'] > summary")
    expect(row).to_have_accessible_name(
        "elacestrant: reported Dec 2021, allowed: licensed FDA 27 Jan 2023, recommended 2024-02. 13 mo to allowed."
    )
    row.focus()
    compare.keyboard.press("Enter")
    facts = compare.locator("[data-key='clock-elacestrant'] dl")
    expect(facts).to_contain_text("EMERALD")
    expect(facts).to_contain_text("licensed FDA 27 Jan 2023")
    expect(row).to_be_focused()


def test_the_clocks_have_a_table_of_the_same_rows(compare: Page) -> None:
    compare.get_by_role("button", name="Table: Three clocks").click()
    table = compare.get_by_role("region", name="Table: Three clocks")
    expect(table.get_by_role("row").filter(has_text="elacestrant")).to_contain_text("13 mo to allowed")
    compare.get_by_role("button", name="Show all").filter(has_text="Show all").first.click()
    assert compare.locator(".clock").count() == table.get_by_role("row").count() - 1


def test_by_keyboard_alone_the_other_side_becomes_another_day_and_regulator(compare: Page) -> None:
    day = compare.get_by_label("Day, other side")
    day.focus()
    day.select_option("2023-01-27")
    expect(compare.locator(SENTENCE)).to_contain_text("27 Jan 2023")
    expect(day).to_be_focused()
    regulator = compare.get_by_role("group", name="Regulator, other side").get_by_role("button", name="EMA")
    regulator.focus()
    compare.keyboard.press("Space")
    expect(compare.locator(SENTENCE)).to_contain_text("under the EMA")
    swap = compare.get_by_role("button", name="Swap sides")
    swap.focus()
    before = headings(compare)
    compare.keyboard.press("Enter")
    expect(compare.locator(".side-chooser h2").first).to_contain_text(before[1].split(",")[0])
    assert headings(compare) == before[::-1]
    expect(swap).to_be_focused()


def test_arrow_keys_go_from_the_lanes_of_one_side_to_those_of_the_other(compare: Page) -> None:
    last = compare.locator("svg [data-lane^='1-']").last.locator("[data-stop]").last
    last.focus()
    compare.keyboard.press("ArrowDown")
    name = compare.evaluate("document.activeElement.closest('[data-lane]').dataset.lane")
    assert name == "2-A"
    compare.keyboard.press("Enter")
    expect(compare.get_by_role("dialog")).to_be_visible()
    compare.keyboard.press("Escape")
    expect(compare.get_by_role("dialog")).to_have_count(0)


def test_a_lane_pinned_with_p_stays_as_it_was_until_it_is_unpinned(study: Page) -> None:
    study.locator("svg [data-stop='A2']").focus()
    was = study.locator("svg [data-stop='A2']").get_attribute("aria-label")
    study.keyboard.press("p")
    expect(study.locator(".pins")).to_contain_text("as it is now")
    study.get_by_label("Any day").fill("2019-01-01")
    study.get_by_label("Any day").press("Enter")
    pinned = study.locator("svg [data-lane='p1']")
    expect(pinned).to_contain_text("Pinned: 1 Jul 2026, FDA")
    expect(pinned.locator("[data-stop='p1-A2']")).to_have_attribute("aria-label", was or "")
    expect(study.locator("svg [data-stop='A2']")).not_to_have_attribute("aria-label", was or "")
    pin = pinned.get_by_role("button", name="Unpin lane A")
    pin.focus()
    study.keyboard.press("Enter")
    expect(study.locator("svg [data-lane='p1']")).to_have_count(0)


def test_no_more_than_three_lanes_are_pinned_and_the_fourth_is_refused_in_words(study: Page) -> None:
    for letter in "ABCD":
        study.get_by_role("button", name=f"Pin lane {letter},").click()
    expect(study.locator(".pins [role='status']")).to_contain_text("unpin one first")
    expect(study.get_by_role("list", name="Pinned lanes").get_by_role("listitem")).to_have_count(3)


def test_a_pinned_state_is_compared_with_what_it_became(study: Page) -> None:
    study.get_by_role("button", name="Pin this state").click()
    expect(study.locator(SENTENCE)).to_contain_text("This state is pinned")
    study.locator("[data-field='esr1']").select_option("wild_type")
    expect(study.locator(SENTENCE)).to_contain_text("You set ESR1")
    study.get_by_role("button", name="Compare", exact=True).click()
    expect(study.get_by_role("region", name="Table: What differs in the patients")).to_contain_text("ESR1")
    expect(study.locator(SENTENCE)).to_contain_text("They differ in ESR1")


def test_a_drug_of_the_history_that_was_not_allowed_then_is_marked_with_the_way_to_it(compare: Page) -> None:
    checks = compare.get_by_role("region", name="To check")
    expect(checks).to_contain_text("ribociclib was allowed for nothing by the FDA")
    checks.get_by_role("button", name="Edit prior therapy").click()
    expect(compare.get_by_role("heading", name="candidate sequences")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 1100, 800, 390])
def test_nothing_is_wider_than_the_page(compare: Page, width: int) -> None:
    compare.set_viewport_size({"width": width, "height": 844})
    expect(compare.locator(".mbc")).to_have_attribute(
        "data-size", "wide" if width >= 1360 else "desk" if width >= 1100 else "tablet" if width >= 720 else "phone"
    )
    assert compare.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_each_row_of_the_clocks_has_its_name_and_words_above_and_below_its_strip(compare: Page) -> None:
    compare.set_viewport_size({"width": 390, "height": 844})
    row = compare.locator("[data-key='clock-elacestrant'] > summary")
    expect(compare.locator(".mbc")).to_have_attribute("data-size", "phone")
    name, strip, words = (row.locator(each).bounding_box() for each in (".clock-name", ".clock-strip", ".clock-words"))
    assert name
    assert strip
    assert words
    assert name["y"] < strip["y"] < words["y"]
    assert strip["width"] > 300


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(compare: Page, theme: str) -> None:
    if theme == "dark":
        compare.get_by_role("button", name="Theme: light").click()
    compare.locator("[data-key='clock-elacestrant'] > summary").click()
    found = Axe().run(compare).response["violations"]
    assert not [(v["id"], [n["html"][:150] for n in v["nodes"]]) for v in found if v["impact"] in SERIOUS]

"""The page drawn from a sample value, without a server: keys, focus, what is typed, widths, the parts alone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mbc_widgets.widgets.assets import css, module

pytestmark = pytest.mark.browser

SAMPLE = json.loads(Path(__file__).with_name("sample_page.json").read_text(encoding="utf-8"))
Draw = Callable[..., Page]

# A model as anywidget hands it to a view, with what the view sent in `sent`.
START = """async ([text, page]) => {
  const heard = {};
  window.sent = [];
  window.answer = true;
  window.model = {
    get: (name) => ({ page: window.now })[name],
    on: (event, f) => (heard[event] ??= []).push(f),
    off: () => {},
    send: (message) => {
      window.sent.push(message);
      if (window.answer) setTimeout(() => window.fire("msg:custom", { type: "done" }), 10);
    },
  };
  window.fire = (event, value) => (heard[event] ?? []).forEach((f) => f(value));
  window.show = (page) => { window.now = page; window.fire("change:page"); };
  window.now = page;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const view = (await import(url)).default;
  view.render({ model: window.model, el: document.getElementById("app") });
}"""


@pytest.fixture
def draw(page: Page) -> Draw:
    """Draws a view of a page value at a width."""

    def show(view: str = "page", value: dict[str, Any] | None = None, width: int = 1440) -> Page:
        page.set_viewport_size({"width": width, "height": 900})
        page.set_content(
            f"<!doctype html><html lang=en><title>x</title><style>body{{margin:0}}{css()}</style>"
            "<body><div id=app></div>"
        )
        page.evaluate(START, [module(view), value or SAMPLE])
        return page

    return show


def sent(page: Page) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = page.evaluate("window.sent")
    return messages


def show(page: Page, change: str) -> None:
    """Gives the view a new page value, the sample after `change`, some JavaScript on `p`; waits for the frame that draws it."""
    drawn = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
    page.evaluate(f"(() => {{ const p = structuredClone(window.now); {change}; show(p); return {drawn}; }})()")


def on(page: Page) -> str:
    name: str = page.evaluate("document.activeElement.dataset.stop ?? ''")
    return name


def test_arrow_keys_walk_the_board_and_enter_opens_and_esc_returns(draw: Draw) -> None:
    page = draw()
    page.locator("svg [data-stop='A2']").focus()
    walk = [("ArrowRight", "A3"), ("ArrowDown", "B3"), ("ArrowDown", "C3"), ("Home", "C1")]
    for key, place in walk:
        page.keyboard.press(key)
        assert on(page) == place
    page.keyboard.press("End")
    assert on(page) == "C4"
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name="Source of C4")
    expect(card).to_be_visible()
    expect(card.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    assert on(page) == "C4"


def test_the_board_is_one_stop_for_the_tab_key(draw: Draw) -> None:
    page = draw()
    assert page.locator("svg [data-stop][tabindex='0']").count() == 1
    page.locator("svg [data-stop='B4']").focus()
    assert page.locator("svg [data-stop][tabindex='0']").get_attribute("data-stop") == "B4"


def test_every_bar_says_what_it_shows(draw: Draw) -> None:
    page = draw()
    name = page.locator("svg [data-stop='A3']").get_attribute("aria-label") or ""
    assert "trastuzumab deruxtecan, 12.9 months (9.8 to 17.1)" in name
    assert page.locator("svg[role='group'] [role='list']").count() == len(SAMPLE["board"]["lanes"])


def test_brackets_change_the_day_on_the_board(draw: Draw) -> None:
    page = draw()
    page.locator("svg [data-stop='A2']").focus()
    page.keyboard.press("]")
    page.keyboard.press("[")
    days = [message["day"] for message in sent(page)]
    assert days == ["2026-07-17", "2026-06-24"]


def test_a_select_sends_at_once_and_empty_means_unknown(draw: Draw) -> None:
    page = draw()
    page.get_by_label("AKT1", exact=True).select_option("mutated")
    page.get_by_label("ESR1", exact=True).select_option("")
    assert sent(page) == [
        {"type": "set", "changes": {"akt1": "mutated"}},
        {"type": "set", "changes": {"esr1": None}},
    ]


def test_a_number_is_sent_on_enter_once(draw: Draw) -> None:
    page = draw()
    age = page.get_by_label("Age", exact=True)
    age.fill("70")
    age.press("Enter")
    age.blur()
    page.wait_for_timeout(1000)
    assert sent(page) == [{"type": "set", "changes": {"age_years": 70}}]


def test_a_number_is_sent_after_a_pause_but_not_half_typed(draw: Draw) -> None:
    page = draw()
    age = page.get_by_label("Age", exact=True)
    age.fill("")
    age.press_sequentially("7")
    page.wait_for_timeout(1000)
    assert not [each for each in sent(page) if each["changes"]["age_years"] == 7]
    age.press_sequentially("0")
    page.wait_for_timeout(1000)
    assert sent(page)[-1] == {"type": "set", "changes": {"age_years": 70}}


def test_what_is_typed_survives_a_redraw_and_is_sent_before_a_flip(draw: Draw) -> None:
    page = draw()
    age = page.get_by_label("Age", exact=True)
    age.fill("7")
    show(page, "p.sentence = 'Another answer'")
    expect(page.locator(".sentence")).to_have_text("Another answer")
    expect(age).to_have_value("7")
    expect(age).to_be_focused()
    page.locator("[data-mbc='options'] .flip").first.click()
    assert [message["changes"] for message in sent(page)] == [
        {"age_years": 7},
        {"akt1": "mutated"},
    ]


def test_a_redraw_keeps_focus_and_open_details(draw: Draw) -> None:
    page = draw()
    option = page.locator("[data-key='option-imlunestrant']")
    option.locator("summary").first.click()
    expect(option).to_have_attribute("open", "")
    show(page, "p.options.groups[0].options.unshift(p.options.groups[0].options.splice(2, 1)[0])")
    expect(option).to_have_attribute("open", "")
    expect(option.locator("summary").first).to_be_focused()


def test_the_focus_does_not_get_lost_with_its_button(draw: Draw) -> None:
    page = draw()
    page.locator("[data-key='option-olaparib'] .flip").focus()
    show(page, "p.options.groups[1].options[1].flips = []")
    assert page.evaluate("document.activeElement !== document.body")


def test_a_slow_answer_is_said_and_nothing_is_blanked(draw: Draw) -> None:
    page = draw()
    page.evaluate("window.answer = false")
    page.get_by_label("AKT1", exact=True).select_option("mutated")
    expect(page.locator(".busy")).to_have_text("updating")
    expect(page.locator("main")).to_have_attribute("aria-busy", "true")
    expect(page.locator("svg [data-stop='A3']")).to_be_visible()
    page.evaluate("window.fire('msg:custom', {type: 'done'})")
    expect(page.locator(".busy")).to_have_text("")


def test_errors_come_first_with_their_way_out_and_the_field_is_marked(draw: Draw) -> None:
    page = draw()
    show(
        page,
        "p.errors = [{field: 'age_years', text: '**Age:** 7', actions: [{label: 'Take back', send: {type: 'undo'}}]}];"
        "const f = p.form.groups[3].fields[0]; f.value = 7; f.error = '7 is out of range'",
    )
    age = page.get_by_label("Age", exact=True)
    expect(age).to_have_attribute("aria-invalid", "true")
    expect(age).to_have_accessible_description("7 is out of range")
    page.get_by_role("alert").get_by_role("button", name="Take back").click()
    assert sent(page) == [{"type": "undo"}]


def test_a_long_list_is_shown_when_asked_for(draw: Draw) -> None:
    page = draw()
    group = page.locator("[data-key='offered']")
    assert group.locator(".option").count() == 8
    group.get_by_role("button", name="Show all 12").click()
    assert group.locator(".option").count() == 12


def test_evidence_is_narrowed_by_words(draw: Draw) -> None:
    page = draw()
    page.get_by_role("searchbox").fill("emerald fits")
    rows = page.locator("[data-mbc='evidence'] tbody tr")
    assert rows.count() == 3
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("searchbox").fill("nothing like this")
    expect(page.locator("[data-mbc='evidence'] .empty")).to_be_visible()


def test_a_set_sends_all_that_is_ticked(draw: Draw) -> None:
    page = draw()
    page.locator("[data-fold='set-sites'] > summary").click()
    page.get_by_label("brain", exact=True).click()
    assert sent(page) == [{"type": "set", "changes": {"sites": ["bone", "liver", "brain"]}}]


def test_a_flag_is_set_and_taken_back(draw: Draw) -> None:
    page = draw()
    crisis = page.get_by_role("group", name="Visceral crisis")
    crisis.get_by_role("button", name="yes").click()
    show(page, "Object.assign(p.form.groups[2].fields[3], {value: true, assumed: false})")
    expect(crisis.get_by_role("button", name="yes")).to_have_attribute("aria-pressed", "true")
    crisis.get_by_role("button", name="yes").click()
    assert [message["changes"]["visceral_crisis"] for message in sent(page)] == [True, None]


def test_receptors_are_sent_together(draw: Draw) -> None:
    page = draw()
    page.get_by_label("HER2", exact=True).select_option("ultralow")
    value = {"er_percent": 90, "pr_percent": 40, "her2": "ultralow"}
    assert sent(page) == [{"type": "samples", "value": value}]


def test_a_therapy_is_added_changed_and_removed(draw: Draw) -> None:
    page = draw()
    new = page.locator("[data-key='therapy-new']")
    new.locator("summary").click()
    new.get_by_role("button", name="Add").click()
    assert not sent(page), "without a drug nothing is sent"
    expect(new.get_by_text("No drug is chosen")).to_be_visible()
    expect(new.get_by_label("Drugs")).to_have_attribute("aria-invalid", "true")
    new.get_by_label("Drugs").select_option("capecitabine")
    expect(new.get_by_text("No drug is chosen")).to_be_hidden()
    new.get_by_label("For", exact=True).fill("6")
    show(page, "p.sentence = 'A redraw in between'")
    new.get_by_role("button", name="Add").click()
    added = sent(page)[-1]["value"]
    assert len(added) == 3
    assert (added[-1]["agents"], added[-1]["months"]) == ("capecitabine", 6)
    page.locator("details.therapy > summary").nth(1).click()
    page.get_by_role("button", name="Remove ribociclib + letrozole").click()
    assert [row["agents"] for row in sent(page)[-1]["value"]] == ["doxorubicin+cyclophosphamide"]


def test_a_row_that_is_sorted_anew_keeps_its_fold_its_focus_and_its_number(draw: Draw) -> None:
    page = draw()
    rows = "p.form.groups.flatMap((g) => g.fields).find((f) => f.kind === 'therapies').value"
    show(page, f"{rows}[1].stop_reason = 'progression'")
    row = page.locator("li").filter(has=page.locator("summary b", has_text="ribociclib"))
    row.locator("summary").click()
    ended = row.get_by_label("Ended, ago")
    ended.fill("90")
    ended.press("Enter")
    show(page, f"{rows}[1].months_ago = 90; {rows}.reverse()")
    expect(page.locator("details.therapy:not(.new) > summary b").first).to_have_text("ribociclib + letrozole")
    expect(row.locator("details")).to_have_attribute("open", "")
    expect(page.locator("details.therapy[open]")).to_have_count(1)
    expect(ended).to_be_focused()
    expect(ended).to_have_value("90")
    ended.fill("80")
    ended.press("Enter")
    assert [each["months_ago"] for each in sent(page)[-1]["value"] if "ribociclib" in each["agents"]] == [80]


def test_the_end_of_what_goes_on_cannot_be_typed(draw: Draw) -> None:
    page = draw()
    rows = "p.form.groups.flatMap((g) => g.fields).find((f) => f.kind === 'therapies').value"
    show(page, f"Object.assign({rows}[1], {{stop_reason: 'ongoing', months_ago: 0}})")
    row = page.locator("li").filter(has=page.locator("summary b", has_text="ribociclib"))
    row.locator("summary").click()
    expect(row.get_by_label("Ended, ago")).to_be_disabled()
    row.get_by_label("Setting").select_option("adjuvant")
    assert sent(page)[-1]["value"][1]["months_ago"] == 0
    new = page.locator("[data-key='therapy-new']")
    new.locator("summary").click()
    new.get_by_label("Stopped for").select_option("ongoing")
    expect(new.get_by_label("Ended, ago")).to_be_disabled()
    new.get_by_label("Stopped for").select_option("toxicity")
    expect(new.get_by_label("Ended, ago")).to_be_enabled()


def test_undo_by_key_but_not_in_a_text_box(draw: Draw) -> None:
    page = draw()
    page.get_by_label("Age", exact=True).press("Control+z")
    page.locator("svg [data-stop='A2']").press("Control+z")
    assert sent(page) == [{"type": "undo"}]


def test_the_theme_goes_round(draw: Draw) -> None:
    page = draw()
    for theme in ["dark", "contrast", "light"]:
        page.get_by_role("button", name="Theme").click()
        expect(page.locator(".mbc")).to_have_attribute("data-theme", theme)


def test_table_and_python_lines_are_there_without_the_picture(draw: Draw) -> None:
    page = draw()
    page.get_by_role("button", name="Table", exact=True).click()
    expect(page.get_by_role("region", name="The board as a table")).to_be_visible()
    page.get_by_role("button", name="Copy as Python").click()
    expect(page.get_by_label("Python lines")).to_contain_text("look(")


def test_on_a_phone_lanes_are_lists_and_the_card_keeps_the_focus(draw: Draw) -> None:
    page = draw(width=390)
    assert page.locator("svg[role='group']").count() == 0
    page.locator(".strip-bar[data-card='A3']").click()
    card = page.get_by_role("dialog", name="Source of A3")
    expect(card).to_have_attribute("aria-modal", "true")
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('[role=dialog]'))")
    page.keyboard.press("Escape")
    assert on(page) == "A3"
    page.get_by_role("button", name="Edit the patient").click()
    expect(page.get_by_label("ESR1", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [360, 390, 720, 1100, 1440, 1920])
def test_nothing_is_wider_than_the_page(draw: Draw, width: int) -> None:
    page = draw(width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [720, 1100, 1440, 1920])
def test_words_in_a_bar_stay_in_it(draw: Draw, width: int) -> None:
    page = draw(width=width)
    outside = page.evaluate(
        """() => [...document.querySelectorAll("svg .bar")].filter((bar) => {
          const body = bar.querySelector(".body").getBoundingClientRect();
          return [...bar.querySelectorAll(".inside text")].some((text) => {
            const box = text.getBoundingClientRect();
            return box.left < body.left || box.right > body.right + 1;
          });
        }).map((bar) => bar.dataset.stop)"""
    )
    assert not outside


@pytest.mark.parametrize("view", ["board", "options", "evidence", "form"])
def test_a_part_stands_alone(draw: Draw, view: str) -> None:
    page = draw(view, width=800)
    expect(page.locator(f"[data-mbc='{view}']")).to_be_visible()


def test_a_page_without_answers_is_still_a_page(draw: Draw) -> None:
    bare = {**SAMPLE, "options": None, "evidence": None, "tests": [], "supportive": []}
    bare["board"] = {**SAMPLE["board"], "lanes": []}
    page = draw(value=bare)
    expect(page.locator("[data-mbc='board']")).to_contain_text("No sequence")
    expect(page.get_by_label("ESR1", exact=True)).to_be_visible()

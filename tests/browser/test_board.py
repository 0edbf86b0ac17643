"""The sequence board: lanes aligned at any line, and what a screen reader hears of its bars, from Chromium's own accessibility tree."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from mbc_widgets.widgets.session import Session
from tests.browser.conftest import BOARD, DRAWN_WITHIN

pytestmark = pytest.mark.browser

SCENARIO = "esr1-after-cdk46"
PIXEL = 1.5  # an edge is drawn beside its month, so that two bars do not touch


@pytest.fixture
def board(page: Page, dashboard_url: str) -> Page:
    """The page of a woman after one given line; nothing moves on it, so that edges can be measured at once."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{dashboard_url}?scenario={SCENARIO}", timeout=DRAWN_WITHIN)
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    return page


def align(page: Page) -> Locator:
    return page.get_by_label("Align lanes at")


def drawing(page: Page) -> Locator:
    return page.locator(BOARD)


def right_edge(page: Page, bar: str) -> float:
    box = page.locator(f"svg [data-stop='{bar}'] .body").bounding_box()
    assert box
    return box["x"] + box["width"]


def zero(page: Page) -> float:
    box = page.locator("svg [data-key='zero'] line").bounding_box()
    assert box
    return box["x"] + box["width"] / 2


def heard(page: Page) -> list[dict[str, Any]]:
    """Role, name and description of everything in the accessibility tree that is not ignored."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        {"role": node["role"]["value"], "name": node.get("name", {}).get("value", "")}
        for node in nodes
        if not node["ignored"]
    ]


class TestAligning:
    def test_lanes_stand_at_the_end_of_a_line(self, board: Page) -> None:
        for line in (2, 3):
            align(board).select_option(label=f"end of line {line}")
            expect(drawing(board)).to_have_attribute(
                "aria-label", re.compile(f"before and after the end of line {line}")
            )
            edges = [right_edge(board, f"{lane}{line}") for lane in "ABCDE"]
            assert edges == pytest.approx([zero(board)] * 5, abs=PIXEL)
            expect(board.locator("svg [data-key='zero']")).to_have_text(f"beforeafter end of line {line}")
            expect(drawing(board)).to_contain_text("\u221212")  # months before it

    def test_each_lane_says_where_its_own_now_is(self, board: Page) -> None:
        expect(drawing(board).get_by_text("now", exact=True)).to_have_count(1)
        align(board).select_option(label="end of line 3")
        expect(drawing(board).get_by_text("now", exact=True)).to_have_count(5)

    def test_the_keyboard_aligns(self, board: Page) -> None:
        align(board).focus()
        for place in ("now", "end of line 1", "end of line 2"):
            board.keyboard.press("ArrowDown")
            expect(drawing(board)).to_have_attribute("aria-label", re.compile(place))
            expect(align(board)).to_be_focused()

    def test_a_place_is_kept_while_the_patient_changes_and_is_no_step_to_undo(self, board: Page) -> None:
        align(board).select_option(label="end of line 3")
        board.locator("[data-field='esr1']").select_option("wild_type")
        expect(board.locator(".sentence")).to_contain_text("You set ESR1")
        expect(align(board)).to_have_value("line-3")
        board.get_by_role("button", name="Undo").click()
        expect(board.locator("[data-field='esr1']")).to_have_value("mutated")
        expect(align(board)).to_have_value("line-3")

    def test_a_lane_without_the_line_stands_at_its_own_end_and_says_so(self, board: Page) -> None:
        board.get_by_label("Scenario").select_option("frail-80")
        expect(align(board).locator("option")).to_have_count(4)  # diagnosis, now, two lines
        board.get_by_role("button", name="Pin lane A").click()
        board.get_by_label("Scenario").select_option(SCENARIO)
        align(board).select_option(label="end of line 5")
        expect(board.get_by_role("list", name="no line 5: stands at its own end")).to_have_count(1)
        edges = [right_edge(board, bar) for bar in ("A5", "B5", "p1-A2")]
        assert edges == pytest.approx([zero(board)] * 3, abs=PIXEL)

    def test_on_a_phone_the_strips_are_aligned_too(self, board: Page) -> None:
        board.set_viewport_size({"width": 390, "height": 844})
        align(board).select_option(label="end of line 3")
        expect(board.locator(".strip-lane svg").first).to_contain_text("end of line 3")
        assert board.evaluate("document.documentElement.scrollWidth") <= 390


class TestWhatIsHeard:
    def test_every_bar_says_what_a_sighted_person_sees(self, board: Page) -> None:
        said = {one["name"].split(",")[0]: one["name"] for one in heard(board) if one["role"] == "button"}
        bars = [bar for lane in Session(SCENARIO).page["board"]["lanes"] for bar in lane["bars"]]
        assert len(bars) > 20
        for bar in bars:
            name = said[bar["id"]]
            assert f"line {bar['line']}: {bar['name']}" in name
            if bar["given"]:
                assert f"given for {bar['median']:g} months" in name
                continue
            for seen in (*bar["reason"], bar["figure"].replace("-", " to ").replace(" mo", " months", 1)):
                assert seen.replace("investigator to ", "") in name
            assert ("Hatched" in name) == bool(bar["hatched"] or bar["lack"])

    @pytest.mark.parametrize(
        ("bar", "name"),
        [
            ("A1", "A1, line 1: ribociclib + letrozole, given for 14 months, not planned; progression"),
            (
                "A3",
                (
                    "A3, line 3: trastuzumab deruxtecan, median 13.2 months (11.4 to 15.2), blinded review, 76 of 100 start. HER2-low "
                    "(IHC 1+, or 2+ ISH negative); progression on endocrine therapy for metastatic disease. DESTINY-Breast06, HER2-low: fits."
                ),
            ),
            (
                "C6",
                (
                    "C6, line 6: pegylated liposomal doxorubicin, no figure: none told for such patients, share not cited. At least 1 "
                    "chemotherapy line for metastatic disease; progression on endocrine therapy. Hatched: its length means nothing"
                ),
            ),
        ],
    )
    def test_in_full(self, board: Page, bar: str, name: str) -> None:
        assert [one["name"] for one in heard(board) if one["name"].startswith(f"{bar},")] == [name]

    def test_the_board_its_lanes_tests_and_ends_have_names(self, board: Page) -> None:
        nodes = heard(board)
        names = [one["name"] for one in nodes]
        assert any(name.startswith("Five candidate sequences, in months since diagnosis.") for name in names)
        assert sum(one["role"] == "list" and one["name"].startswith("Sequence ") for one in nodes) == 5
        assert sum(name.startswith("Test point before line 2: AKT1, PTEN") for name in names) == 5
        assert names.count("End of the drawn lines, not the end of life") == 5

    def test_two_therapies_of_one_line_are_two_stops_for_the_arrow_keys(self, page: Page, dashboard_url: str) -> None:
        page.goto(f"{dashboard_url}?scenario=many-lines-2026", timeout=DRAWN_WITHIN)
        page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
        page.locator("svg [data-stop='A1']").focus()
        walked = []
        for _ in range(4):
            page.keyboard.press("ArrowRight")
            walked.append(page.evaluate("document.activeElement.dataset.stop"))
        assert walked == ["A2", "A2b", "A3", "A4"]

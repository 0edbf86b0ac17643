"""The dashboard starts, draws its board, and stays on this machine."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Seen

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def test_board_is_drawn_and_nothing_leaves_the_machine(board_page: Page, seen: Seen) -> None:
    assert board_page.title()
    assert seen.requests
    assert not seen.outside()


def test_page_says_that_it_teaches_and_does_not_advise(board_page: Page) -> None:
    text = board_page.inner_text("body").lower()
    assert "teach" in text
    assert "not" in text


def test_no_accessibility_rule_is_broken(board_page: Page) -> None:
    found = Axe().run(board_page, options=RULES)
    broken = [
        f"{rule['id']} ({rule['impact']}): {[node['target'] for node in rule['nodes']]}"
        for rule in found.response["violations"]
    ]
    assert not broken, "\n".join(broken)

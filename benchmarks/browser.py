"""Measures what a visitor waits for, in a real browser, and writes benchmarks/RESULTS_BROWSER.md.

    python -m benchmarks.browser          # from the checkout; needs an installed Chromium or Chrome

First visit: from asking for the address to the drawn board, on a server that has just started, then for further fresh
visitors. Click: from changing one select of the form to the painted sentence that says what it changed. Each stands
beside the yardstick of bench.py, timed in the same repetition.
"""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.bench import Measured, measure
from tests.chromium import ARGUMENTS, HOW_TO_INSTALL, find_chromium
from tests.serving import dashboard

RESULTS = Path(__file__).with_name("RESULTS_BROWSER.md")
ROOT = Path(__file__).resolve().parent.parent
VISITS, CLICKS = 5, 11
BOARD = "[data-mbc='board'] svg[role='group']"
WAIT = 60_000  # milliseconds
FIELD, STATES = "PIK3CA", ("wild_type", "mutated")
CLICK = """([select, value]) => new Promise(done => {
  const sentence = document.querySelector('.sentence');
  const start = performance.now();
  new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
  }).observe(sentence.parentNode, {childList: true, characterData: true, subtree: true});
  select.value = value;
  select.dispatchEvent(new Event('input', {bubbles: true}));
  select.dispatchEvent(new Event('change', {bubbles: true}));
})"""


def visit(browser: Browser, url: str) -> tuple[Page, float]:
    """A fresh visitor's page with its board, and the seconds until it was drawn."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    start = time.perf_counter()
    page.goto(f"{url}?scenario=esr1-after-cdk46", wait_until="domcontentloaded", timeout=WAIT)
    page.wait_for_selector(BOARD, timeout=WAIT)
    return page, time.perf_counter() - start


def visiting(browser: Browser, url: str) -> Callable[[], float]:
    """A measurement of one more visitor, who leaves again."""

    def once() -> float:
        page, seconds = visit(browser, url)
        page.context.close()
        return seconds

    return once


def clicking(page: Page) -> Callable[[], float]:
    """A measurement of one change of a select, back and forth."""
    select = page.get_by_label(re.compile(f"^{FIELD}")).first.element_handle()
    turn = 0

    def once() -> float:
        nonlocal turn
        turn += 1
        return float(page.evaluate(CLICK, [select, STATES[turn % 2]])) / 1e3

    return once


def measured(browser: Browser, url: str) -> list[Measured]:
    """All measurements on one server that has just started."""
    first = measure("first visit of a server just started, to the drawn board", visiting(browser, url), 1)
    later = measure("further first visits, to the drawn board", visiting(browser, url), VISITS)
    page, _ = visit(browser, url)
    clicks = measure(f"one click ({FIELD}), to the painted answer", clicking(page), CLICKS)
    return [first, later, clicks]


def main() -> int:
    """Measures, prints and writes the page; 1 when there is no browser."""
    path = find_chromium()
    if path is None:
        print(HOW_TO_INSTALL, file=sys.stderr)
        return 1
    with dashboard([sys.executable, "-m", "mbc_widgets"], cwd=ROOT) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        found, version = measured(browser, url), browser.version
        browser.close()
    head = [
        "# What a visitor waits for",
        "",
        f"Made by `python -m benchmarks.browser`, Chromium {version}, server, kernel and browser on one machine; medians of 1,",
        f"{VISITS} and {CLICKS}. The yardstick is that of RESULTS.md.",
        "",
        "| what | median, ms | smallest to largest, ms | yardstick, ms | ratio |",
        "|---|---|---|---|---|",
    ]
    page = "\n".join([*head, *(one.row() for one in found), ""])
    print(page)
    RESULTS.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

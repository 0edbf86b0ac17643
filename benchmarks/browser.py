"""Measures what a visitor waits for, in a real browser, and writes benchmarks/RESULTS_BROWSER.md.

    python -m benchmarks.browser          # from the checkout; needs an installed Chromium or Chrome

First visit: from asking for the address to the drawn board, on a server that has just started, then for further fresh
visitors. Click: from changing one select of the form to the painted sentence that says what it changed; then the outcomes, which
follow as a second message (RESULTS_SECOND.md has what the kernel needs for it): when it came after the first one, and what the
browser added until it was painted. Each stands beside the yardstick of bench.py, timed in the same repetition.
"""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.bench import Measured, measure, yardstick
from benchmarks.kit import ROOT, as_for_a_user
from tests.chromium import ARGUMENTS, HOW_TO_INSTALL, find_chromium
from tests.serving import PAGE, dashboard

RESULTS = Path(__file__).with_name("RESULTS_BROWSER.md")
VISITS, CLICKS = 5, 11
BOARD = "[data-mbc='board'] svg[role='group']"
WAIT, SETTLED = 60_000, 3_000  # milliseconds: at most; between two clicks, until the bands of the last one are drawn
FIELD, STATES = "PIK3CA", ("wild_type", "mutated")
CLICK = """([select, value]) => new Promise(done => {
  const [outcomes, options, board] = ['outcomes', 'options', 'board'].map(name => document.querySelector(`[data-mbc='${name}']`));
  const [start, shown] = [performance.now(), outcomes.dataset.request];
  const found = {};
  const painted = () => new Promise(after => requestAnimationFrame(() => setTimeout(() => after(performance.now()))));
  const first = (name, node) => new MutationObserver((_, observer) => {
    observer.disconnect();
    painted().then(now => { found[name] = now - start; });
  }).observe(node, {childList: true, characterData: true, attributes: true, subtree: true});
  first('board', board);
  first('whole', options);
  new MutationObserver((_, observer) => {
    if (outcomes.dataset.request === shown) return;
    observer.disconnect();
    painted().then(now => done({ ...found, outcomes: now - window.came.outcomes, apart: window.came.outcomes - window.came.page }));
  }).observe(outcomes, {attributes: true, attributeFilter: ['data-request']});
  window.came = {};
  select.value = value;
  select.dispatchEvent(new Event('input', {bubbles: true}));
  select.dispatchEvent(new Event('change', {bubbles: true}));
})"""
# Notes when the page's messages come: the first after a click that brings a page, and the first with simulated outcomes.
LISTEN = """window.came = {};
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener('message', ({ data }) => {
      const now = performance.now();
      const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
      if (text.includes('"page": {') || text.includes('"page":{')) window.came.page ??= now;
      if (/"outcomes": ?\\{/.test(text) && /"ready"/.test(text)) window.came.outcomes ??= now;
    });
  }
};"""


def visit(browser: Browser, url: str) -> tuple[Page, float]:
    """A fresh visitor's page with its board, and the seconds until it was drawn."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(LISTEN)
    start = time.perf_counter()
    page.goto(f"{url}{PAGE}?scenario=esr1-after-cdk46", wait_until="domcontentloaded", timeout=WAIT)
    page.wait_for_selector(BOARD, timeout=WAIT)
    return page, time.perf_counter() - start


def visiting(browser: Browser, url: str) -> Callable[[], float]:
    """A measurement of one more visitor, who leaves again."""

    def once() -> float:
        page, seconds = visit(browser, url)
        page.context.close()
        return seconds

    return once


SIMULATED = "[data-mbc='outcomes'][data-request]"
PARTS = {
    "board": f"one click ({FIELD}), to the painted board",
    "whole": "the same click, to the painted page",
    "apart": "from the message of the board to that of the outcomes, as the browser hears them: it draws the board between",
    "outcomes": "from the message of the outcomes until they are painted",
}


def clicking(page: Page) -> list[Measured]:
    """Measurements of one change of a select, back and forth, and of the outcomes that follow."""
    select = page.get_by_label(re.compile(f"^{FIELD}")).first.element_handle()
    page.wait_for_selector(SIMULATED, timeout=WAIT)
    found = []
    for turn in range(CLICKS):
        page.wait_for_timeout(SETTLED)
        found.append((yardstick(), page.evaluate(CLICK, [select, STATES[(turn + 1) % 2]])))
    beside = [each for each, _ in found]
    return [
        Measured(name=name, seconds=[times[part] / 1e3 for _, times in found], yardstick=beside)
        for part, name in PARTS.items()
    ]


def measured(browser: Browser, url: str) -> list[Measured]:
    """All measurements on one server that has just started."""
    first = measure("first visit of a server just started, to the drawn board", visiting(browser, url), 1)
    later = measure("further first visits, to the drawn board", visiting(browser, url), VISITS)
    page, _ = visit(browser, url)
    return [first, later, *clicking(page)]


def main() -> int:
    """Measures, prints and writes the page; 1 when there is no browser."""
    path = find_chromium()
    if path is None:
        print(HOW_TO_INSTALL, file=sys.stderr)
        return 1
    with (
        dashboard([sys.executable, "-m", "mbc_widgets"], cwd=ROOT, env=as_for_a_user()) as url,
        sync_playwright() as playwright,
    ):
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

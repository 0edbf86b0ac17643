"""Measures the page without a server and writes benchmarks/RESULTS_SITE.md: `make bench-site`. Needs Chromium, Node.js and npm.

Five new profiles of Chromium, 1440 px wide, each on the built site from Python's plain file server: seconds until the board stands at the
first visit; milliseconds from a change of ESR1 to the next frame with its answer; and, with the network cut, seconds in a new tab.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.bench import yardstick
from benchmarks.kit import keep
from tests.chromium import ARGUMENTS, HOW_TO_INSTALL, find_chromium
from tests.serving import free_port, serving
from tests.site import built

RESULTS = Path(__file__).with_name("RESULTS_SITE.md")
ROUNDS, CHANGES = 5, 8
SETTLED = 9_000  # milliseconds, until the outcomes are simulated
BETWEEN = 2_500  # milliseconds between two changes
BOARD = "[data-mbc='board'] svg[role='group']"
WATCH = """() => new MutationObserver(() => window.sent && requestAnimationFrame(() => (window.drawn ??= performance.now())))
    .observe(document.querySelector(".sentence"), { subtree: true, childList: true, characterData: true })"""
CHANGE = """(value) => {
    [window.drawn, window.sent] = [null, performance.now()];
    const field = document.querySelector("[data-field='esr1']");
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
}"""
BUDGETS = {"first visit, s": 4.0, "again with the network cut, s": 2.5, "click, ms": 40.0}


def seconds_to_board(page: Page, address: str) -> float:
    """Opens the dashboard; gives the seconds until the board stands."""
    start = time.monotonic()
    page.goto(address)
    page.wait_for_selector(BOARD)
    return time.monotonic() - start


def clicks(page: Page) -> list[float]:
    """Give the milliseconds of each change."""
    page.evaluate(WATCH)
    found = []
    for number in range(CHANGES):
        page.evaluate(CHANGE, ("wild_type", "mutated")[number % 2])
        page.wait_for_timeout(BETWEEN)
        found.append(page.evaluate("drawn - sent"))
    return found


def measure(address: str, browser: str) -> dict[str, list[float]]:
    """Give what was measured, under the names of the budgets."""
    found: dict[str, list[float]] = {name: [] for name in BUDGETS}
    first, again, click = found.values()
    with sync_playwright() as play:
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as profile:
                context = play.chromium.launch_persistent_context(
                    profile, executable_path=browser, args=list(ARGUMENTS), viewport={"width": 1440, "height": 900}
                )
                page = context.new_page()
                first.append(seconds_to_board(page, address))
                page.evaluate("navigator.serviceWorker.ready")
                page.wait_for_timeout(SETTLED)
                click += clicks(page)
                context.set_offline(True)
                again.append(seconds_to_board(context.new_page(), address))
                context.close()
    return found


def main() -> int:
    """Measures, prints and writes the page; 1 without a browser. A median over its budget is said, and fails nothing."""
    browser = find_chromium()
    if browser is None:
        print(f"!!! NO BROWSER FOUND. {HOW_TO_INSTALL}")
        return 1
    port, before = free_port(), yardstick()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(built())]
    with serving(command, port) as served:
        found = measure(f"{served.url}dashboard/?scenario=esr1-after-cdk46", browser)
    rows = [
        f"| {name} | {statistics.median(found[name]):.3g} | {min(found[name]):.3g} to {max(found[name]):.3g} | {most:g} | "
        f"{'yes' if statistics.median(found[name]) <= most else 'NO'} |"
        for name, most in BUDGETS.items()
    ]
    page = [
        "# The page without a server",
        "",
        f"Made by `make bench-site`: {ROUNDS} new profiles of Chromium, {ROUNDS * CHANGES} changes, the plain file server on the same machine.",
        f"Yardstick of RESULTS.md before and after: {before * 1e3:.0f}, {yardstick() * 1e3:.0f} ms.",
        "",
        "| what | median | smallest to largest | budget | within |",
        "|---|---|---|---|---|",
        *rows,
        "",
    ]
    keep(RESULTS, page)
    return 0


if __name__ == "__main__":
    sys.exit(main())

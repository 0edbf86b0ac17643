"""Measures one page in the browser: first visits, what they send, clicks."""

import json
import re
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.bench import yardstick
from benchmarks.rivals.job import FIELDS, FIRST, answer
from benchmarks.rivals.pages import App
from tests.browser.conftest import Seen, watch
from tests.processes import processes, pss
from tests.serving import Served

VISITS, CLICKS = 5, 40
WAIT = 60_000  # milliseconds
REST = 1_000  # milliseconds between two clicks; the dashboard also waits for its simulation
REFILLED = 6.0  # seconds until a kernel waits for the next visitor
FIELD, STATES = "pik3ca", ("mutated", "wild_type")
SIMULATED = "[data-mbc='outcomes'][data-request]"
# The text of the board, wherever it is: some frameworks draw in shadow trees.
TEXTS = """
  const trees = (root) => [root, ...[...root.querySelectorAll("*")].filter((each) => each.shadowRoot).flatMap((each) => trees(each.shadowRoot))];
  let known = trees(document);
  const texts = (selector) => {
    const find = () => known.flatMap((tree) => [...tree.querySelectorAll(selector)]).map((each) => each.textContent);
    let found = find();
    if (!found.length) { known = trees(document); found = find(); }
    return found;
  };
"""
# A click, and the frame after the first in which the board has other words.
CLICK = f"""([element, value, selector]) => new Promise((done) => {{
  {TEXTS}
  const before = texts(selector).join("|");
  const start = performance.now();
  const look = () => {{
    const now = texts(selector).join("|");
    if (now && now !== before) requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    else requestAnimationFrame(look);
  }};
  if (value === null) (element.control ?? element.querySelector?.("input") ?? element).click();
  else {{
    element.value = value;
    element.dispatchEvent(new Event("input", {{ bubbles: true }}));
    element.dispatchEvent(new Event("change", {{ bubbles: true }}));
  }}
  requestAnimationFrame(look);
}})"""
SHOWN = f"(selector) => {{ {TEXTS} return texts(selector); }}"


@dataclass(kw_only=True)
class Measured:
    """What was found about one page."""

    name: str
    visits: list[float] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    outside: set[str] = field(default_factory=set)
    memory: float = 0.0
    yardstick: list[float] = field(default_factory=list)

    def row(self) -> str:
        """A row of the table."""
        visit, sent = statistics.median(self.visits), statistics.median(self.sent) / 1e6
        slow = statistics.quantiles(self.clicks, n=20, method="inclusive")[-1]
        beside = statistics.median(self.yardstick) * 1e3
        spread = f"{min(self.visits):.2f} to {max(self.visits):.2f}"
        return (
            f"| {self.name} | {visit:.2f} | {spread} | {sent:.1f} | {statistics.median(self.clicks):.0f} | {slow:.0f} "
            f"| {len(self.outside)} | {self.memory:.0f} | {beside:.0f} |"
        )


def visited(browser: Browser, app: App, served: Served, found: Measured, *, counts: bool) -> None:
    """One more visitor comes and leaves; the first of a server warms it and does not count."""
    if app.pool != "0":
        time.sleep(REFILLED)
    beside = yardstick()
    page, seconds, sent, seen = _visit(browser, app, served.url)
    if counts:
        found.visits.append(seconds)
        found.sent.append(sent)
        found.yardstick.append(beside)
    _leave(page, seen, found)


def clicked(browser: Browser, app: App, served: Served, found: Measured, clicks: int) -> None:
    """A visitor changes one radio back and forth."""
    page, _, _, seen = _visit(browser, app, served.url)
    found.memory = sum(map(pss, processes(served.process)))
    _clicks(page, app, clicks, found)
    _leave(page, seen, found)


def _leave(page: Page, seen: Seen, found: Measured) -> None:
    found.outside |= set(seen.outside())
    page.goto("about:blank")
    page.context.close()


def _visit(browser: Browser, app: App, url: str) -> tuple[Page, float, int, Seen]:
    """A fresh visitor's page with its board: seconds until it was there, and bytes that were sent until the page was quiet."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    seen, sent = watch(page), [0]
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")

    def count(event: dict[str, Any]) -> None:
        sent[0] += int(event.get("encodedDataLength") or len(event.get("response", {}).get("payloadData", "")))

    line.on("Network.loadingFinished", count)
    line.on("Network.webSocketFrameReceived", count)
    start = time.perf_counter()
    page.goto(url + app.search, wait_until="commit", timeout=WAIT)
    page.wait_for_selector(app.board, timeout=WAIT, state="attached")
    seconds = time.perf_counter() - start
    page.wait_for_timeout(REST)
    return page, seconds, sent[0], seen


def _clicks(page: Page, app: App, clicks: int, found: Measured) -> None:
    """Changes one radio back and forth, and looks that the board shows what the engine says."""
    for turn in range(clicks):
        page.wait_for_timeout(REST)
        if app.own:
            page.wait_for_selector(SIMULATED, timeout=WAIT)
            page.wait_for_timeout(REST)
        state = STATES[turn % 2]
        found.yardstick.append(yardstick())
        if app.own:
            target, value = page.get_by_label(re.compile("^PIK3CA")).first, state
        else:
            target, value = page.get_by_text(FIELDS[FIELD][1][state], exact=True).first, None
        found.clicks.append(page.evaluate(CLICK, [target.element_handle(timeout=WAIT), value, app.board]))
        if not app.own and turn < len(STATES):
            _check(page, app, state)


def _check(page: Page, app: App, state: str) -> None:
    """Raises ValueError when a rival shows other bars than the engine gave."""
    page.wait_for_timeout(REST)
    expected = sorted(bar[-1] for bar in answer(FIRST | {FIELD: state}).bars)
    shown = sorted(page.evaluate(SHOWN, app.board))
    if shown != expected:
        raise ValueError(
            f"{app.name} shows other bars than the engine gave: {json.dumps(shown)}, not {json.dumps(expected)}"
        )

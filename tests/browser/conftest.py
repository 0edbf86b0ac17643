"""A browser, a running dashboard, and a page that may ask for nothing outside this machine.

Fixtures for tests marked `browser`:
    dashboard_url   the address of one dashboard, started once for all tests
    page            a blank page of a fresh visitor; the test goes where it wants
    board_page      that page with the dashboard loaded and its sequence board drawn
    seen            what `page` asked for and complained about so far
When the test is over, `page` fails it for a request that left this machine or an error in the
console. A test that provokes an error takes it off the list: `seen.errors.clear()`.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright

from tests.chromium import ARGUMENTS, HOW_TO_INSTALL, find_chromium
from tests.conftest import ROOT
from tests.serving import PAGE, dashboard

BOARD = "[data-mbc='board'] svg[role='group']"
DRAWN_WITHIN = 60_000  # milliseconds; two to three seconds on a quiet machine
INLINE = {"data", "blob", "about"}


@dataclass(kw_only=True)
class Seen:
    """What a page asked for and complained about."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def outside(self) -> list[str]:
        """The requests that wanted to leave this machine."""
        return [url for url in self.requests if not is_here(url)]

    def console(self, message: ConsoleMessage) -> None:
        """Keeps an error of the console."""
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")


def is_here(url: str) -> bool:
    """Whether an address is inline or on the loopback interface."""
    parts = urlsplit(url)
    return parts.scheme in INLINE or parts.hostname == "127.0.0.1"


def watch(page: Page) -> Seen:
    """Notes every request and error of `page`, and lets no request leave this machine."""
    seen = Seen()

    def keep_here(route: Route) -> None:
        if is_here(route.request.url):
            route.continue_()
        else:
            route.abort()

    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("websocket", lambda socket: seen.requests.append(socket.url))
    page.on("console", seen.console)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.route(lambda url: not is_here(url), keep_here)
    return seen


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The installed Chromium or Chrome, started once."""
    path = find_chromium()
    if path is None:
        pytest.fail(f"no browser found. {HOW_TO_INSTALL}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def dashboard_url() -> Iterator[str]:
    """The address of a dashboard served from this checkout."""
    with dashboard([sys.executable, "-m", "mbc_widgets"], cwd=ROOT) as url:
        yield url + PAGE


@pytest.fixture
def visit(browser: Browser) -> Iterator[tuple[Page, Seen]]:
    """A fresh visitor's page and what it did; checked when the test is over."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    seen = watch(page)
    yield page, seen
    outside, errors = seen.outside(), list(seen.errors)
    if not page.is_closed():
        page.goto("about:blank")  # leaves as a reader does, so that the kernel ends and the seat is free
    context.close()
    assert not outside, "requests left this machine"
    assert not errors, "errors in the browser's console"


@pytest.fixture
def page(visit: tuple[Page, Seen]) -> Page:
    """A blank page of a fresh visitor."""
    return visit[0]


@pytest.fixture
def seen(visit: tuple[Page, Seen]) -> Seen:
    """What `page` asked for and complained about so far."""
    return visit[1]


@pytest.fixture
def board_page(page: Page, dashboard_url: str) -> Page:
    """The dashboard with its sequence board drawn."""
    page.goto(dashboard_url, wait_until="domcontentloaded", timeout=DRAWN_WITHIN)
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    return page


@pytest.fixture
def study(page: Page, dashboard_url: str) -> Page:
    """The page of a woman whose cancer grew on a CDK4/6 inhibitor, ESR1 mutated, HER2-low."""
    page.goto(f"{dashboard_url}?scenario=esr1-after-cdk46", timeout=DRAWN_WITHIN)
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    return page

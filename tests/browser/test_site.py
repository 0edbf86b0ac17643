"""The workbook as files, with nothing but a file server: the dashboard, a case, a lesson; then with the network cut."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from mbc_widgets.widgets.session import Session
from tests.browser.conftest import BOARD, DRAWN_WITHIN
from tests.browser.test_axe import MODES
from tests.serving import free_port, serving
from tests.site import built

pytestmark = pytest.mark.browser
LUMINAL = "Luminal disease, from the first line to the end of treatment"


@contextmanager
def file_server(folder: Path) -> Iterator[str]:
    """Hands a folder out with Python's plain file server; gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    with serving(command, port) as served:
        yield served.url


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the site."""
    with file_server(built()) as url:
        yield url


def opened(page: Page, address: str) -> Page:
    page.goto(address, timeout=DRAWN_WITHIN)
    expect(page.locator(BOARD).first).to_be_visible(timeout=DRAWN_WITHIN)
    return page


def broken(page: Page) -> list[str]:
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in Axe().run(page).response["violations"]]


def code_in(page: Page) -> str:
    page.wait_for_function("new URLSearchParams(location.search).has('code')")
    return parse_qs(urlsplit(page.url).query)["code"][0]


def test_a_change_is_answered_and_the_address_is_that_of_the_server(page: Page, site: str) -> None:
    opened(page, f"{site}dashboard/?scenario=esr1-after-cdk46")
    page.locator("[data-field='esr1']").select_option("wild_type")
    expect(page.locator(".sentence")).to_contain_text("You set ESR1 to not mutated")
    session = Session("esr1-after-cdk46")
    session.change(esr1="wild_type")
    assert code_in(page) == session.page["code"]
    page.reload()
    expect(page.get_by_label("ESR1", exact=True).locator("option:checked")).to_have_text(
        "not mutated", timeout=DRAWN_WITHIN
    )


def test_a_wrong_age_is_told_and_stays_where_it_was_typed(page: Page, site: str) -> None:
    opened(page, f"{site}dashboard/")
    page.get_by_label("Age", exact=True).fill("7")
    page.get_by_label("Age", exact=True).press("Enter")
    expect(page.locator("[data-mbc='errors']")).to_contain_text("18 to 110")
    expect(page.get_by_label("Age", exact=True)).to_have_value("7")


def test_the_outcomes_are_simulated_and_say_of_how_many(page: Page, site: str) -> None:
    opened(page, f"{site}dashboard/?scenario=esr1-after-cdk46")
    expect(page.locator(".outcomes .figure svg").first).to_be_attached(timeout=DRAWN_WITHIN)
    expect(page.locator("[data-mbc='outcomes']")).to_contain_text("1,000")


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_the_dashboard_breaks_no_rule_and_is_not_too_wide(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}dashboard/", timeout=DRAWN_WITHIN)
    expect(page.locator("[data-mbc='board']")).to_be_visible(timeout=DRAWN_WITHIN)
    assert not broken(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("mode", ["compare", "case", "present"])
def test_every_other_mode_breaks_no_rule_either(page: Page, site: str, mode: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}dashboard/?scenario=esr1-after-cdk46", timeout=DRAWN_WITHIN)
    expect(page.locator("[data-mbc='board']")).to_be_visible(timeout=DRAWN_WITHIN)
    for state in MODES[mode](page):
        assert not broken(page), state
        assert page.evaluate("document.documentElement.scrollWidth") <= width, state


def test_a_case_opens_from_the_index_and_takes_a_commitment(page: Page, site: str) -> None:
    page.goto(site)
    assert not broken(page)
    page.get_by_role("link", name=LUMINAL).click()
    expect(page.get_by_role("heading", name=LUMINAL)).to_be_visible(timeout=DRAWN_WITHIN)
    page.get_by_label("letrozole", exact=False).first.check()
    page.get_by_role("radio", name="guess").check(force=True)
    page.get_by_label("Because").fill("tablets")
    page.get_by_role("button", name="Commit and open the options").click()
    expect(page.locator(".case-feedback")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_lesson_is_read_at_once_and_its_questions_are_marked(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}lessons/2/")
    asked = page.locator(".exercise").filter(has_text="March 2012. Which of these")
    expect(asked).to_have_count(2)
    predicted, later = asked.all()
    predicted.get_by_label("fulvestrant", exact=True).check()
    predicted.get_by_role("button", name="Commit my prediction").click()
    expect(later).to_contain_text("You predicted: fulvestrant", timeout=DRAWN_WITHIN)
    later.get_by_label("exemestane", exact=True).check()
    later.get_by_role("button", name="Commit and see why").click()
    expect(later.locator(".why").first).to_be_visible()
    assert not broken(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 320])
def test_no_lesson_is_wider_than_a_phone(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for number in range(1, 10):
        page.goto(f"{site}lessons/{number}/")
        expect(page.locator(".exercise").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, number


def test_two_builds_of_one_server_keep_their_files_apart(page: Page, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).symlink_to(built(), target_is_directory=True)
    with file_server(tmp_path) as url:
        for name in ("a", "b"):
            opened(page, f"{url}{name}/dashboard/")
            page.evaluate("navigator.serviceWorker.ready")
        names = page.evaluate("caches.keys()")
    assert sorted(name.rsplit("-", 1)[0] for name in names) == ["mbc-/a/", "mbc-/b/"]


def test_everything_opens_again_with_the_network_cut(page: Page, site: str) -> None:
    opened(page, f"{site}dashboard/")
    page.evaluate("navigator.serviceWorker.ready")
    page.context.set_offline(True)
    opened(page, f"{site}dashboard?scenario=er-low&day=2018-02-01")
    assert urlsplit(page.url).path.endswith("/dashboard/")
    expect(page.get_by_label("Scenario")).to_have_value("er-low")
    page.goto(f"{site}lessons/3/index.html")
    expect(page.locator(BOARD).first).to_be_visible()
    page.goto(site)
    expect(page.get_by_role("heading", name="Lessons")).to_be_visible()
    assert json.loads((built() / "mbc" / "manifest.webmanifest").read_text())["start_url"] == "../"


def test_a_browser_without_python_says_so_in_words(page: Page, site: str, seen: object) -> None:
    page.route("**/pyodide.asm.wasm", lambda route: route.abort())
    page.goto(f"{site}dashboard/")
    expect(page.get_by_role("alert")).to_contain_text("could not start", timeout=DRAWN_WITHIN)
    seen.errors.clear()  # type: ignore[attr-defined] - the failed file is the point


@pytest.mark.parametrize("place", ["dashboard/", "lessons/2/"])
def test_a_page_whose_script_does_not_come_says_so(page: Page, site: str, place: str, seen: object) -> None:
    page.route("**/site.js", lambda route: route.abort())
    page.goto(f"{site}{place}")
    expect(page.locator("#mbc-word")).to_contain_text("did not come")
    seen.errors.clear()  # type: ignore[attr-defined] - the missing file is the point

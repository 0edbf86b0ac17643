"""Files made in the browser: they open alone, hold what the page shows, and no request is made for any of them."""

import csv
import io
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Page, expect

from mbc_widgets.widgets.session import Session
from tests.browser.conftest import BOARD, Seen

pytestmark = pytest.mark.browser
SVG = "{http://www.w3.org/2000/svg}"
PICTURES_WITHIN = 60_000  # milliseconds until the simulation has drawn


@pytest.fixture
def menu(board_page: Page) -> Page:
    """The dashboard with its outcomes drawn and the menu of downloads open."""
    board_page.wait_for_selector(".outcomes .figure svg", timeout=PICTURES_WITHIN)
    board_page.locator(".menu-download > summary").click()
    board_page.wait_for_selector(".menu-download [data-do=download]")  # what is in it is drawn once it is open
    return board_page


def items(page: Page) -> list[str]:
    return page.locator(".menu-download [data-do=download]").evaluate_all(
        "all => all.map((each) => each.dataset.value)"
    )


def download(page: Page, item: str, folder: Path) -> Path:
    with page.expect_download() as started:
        page.locator(f'.menu-download [data-value="{item}"]').click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def opened_alone(page: Page, path: Path) -> tuple[Page, list[str]]:
    """The file in a page of its own, and what it asked for or complained about beside itself."""
    alone, found = page.context.new_page(), list[str]()
    alone.on("request", lambda request: found.append(request.url))
    alone.on("console", lambda message: found.append(message.text))
    alone.on("pageerror", lambda error: found.append(str(error)))
    alone.goto(path.as_uri())
    assert found.pop(0) == path.as_uri()
    return alone, found


def test_the_menu_lists_the_case_the_open_pictures_and_the_tables(menu: Page) -> None:
    found = items(menu)
    assert found[0] == "summary"
    assert {"svg:board", "svg:survival", "svg:occupancy", "csv:board", "csv:options", "csv:evidence"} <= set(found)
    assert "svg:reach" not in found  # folded, so not drawn


def test_the_tables_hold_the_rows_of_the_page(menu: Page, tmp_path: Path) -> None:
    page = Session().page
    board = rows(download(menu, "csv:board", tmp_path))
    assert board[0] == page["board"]["table"]["columns"]
    assert len(board) == len(page["board"]["table"]["rows"]) + 1
    options = rows(download(menu, "csv:options", tmp_path))
    named = [option["name"] for group in page["options"]["groups"] for option in group["options"]]
    assert [row[1] for row in options[1:]] == named
    evidence = rows(download(menu, "csv:evidence", tmp_path))
    assert [row[0] for row in evidence[1:]] == [row["trial"] for row in page["evidence"]["rows"]]
    survival = rows(download(menu, "csv:survival", tmp_path))
    assert {row[0][0] for row in survival[1:]} == {"A", "B"}
    assert all(len(row) == len(table[0]) for table in (board, options, evidence, survival) for row in table)


def test_a_name_that_is_a_script_or_a_formula_stays_a_text_in_every_file(menu: Page, tmp_path: Path) -> None:
    session = Session()
    session.change(name="=<script>alert(1)</script>")
    code = session.page["code"]
    menu.locator(".menu-code > summary").click()
    menu.get_by_label("Open a code").fill(code)
    menu.keyboard.press("Enter")
    menu.wait_for_function("code => location.search === `?code=${code}`", arg=code)
    menu.locator(".menu-download > summary").click()
    text = download(menu, "summary", tmp_path).read_text(encoding="utf-8")
    assert "&lt;script&gt;" in text
    assert "<script>" not in text
    assert "<script>" not in download(menu, "svg:board", tmp_path).read_text(encoding="utf-8")


def test_the_board_opens_alone_as_a_picture_with_its_colours(menu: Page, tmp_path: Path) -> None:
    path = download(menu, "svg:board", tmp_path)
    text = path.read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314 - our own file
    assert root.tag == f"{SVG}svg"
    assert not re.search(r'var\(--|class="| style="|data-|tabindex', text)
    used = set(re.findall(r"url\(#([\w-]+)\)", text))
    assert used
    assert used <= {each.get("id") for each in root.iter(f"{SVG}pattern")}
    words = " ".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))
    page = Session().page
    for said in (page["board"]["title"], page["code"], page["patient"][0], "Not advice on the care of a person"):
        assert said in words
    alone, found = opened_alone(menu, path)
    assert alone.evaluate("document.documentElement.getBoundingClientRect().width") > 1000
    assert found == []


def test_the_board_is_the_same_picture_in_the_dark_and_on_a_phone(menu: Page, tmp_path: Path) -> None:
    wide = download(menu, "svg:board", tmp_path).read_text(encoding="utf-8")
    menu.get_by_role("button", name=re.compile("Theme")).click()
    menu.set_viewport_size({"width": 390, "height": 844})
    menu.wait_for_selector(".mbc[data-size=phone][data-theme=dark]")
    menu.locator(".menu-download > summary").click()
    assert download(menu, "svg:board", tmp_path).read_text(encoding="utf-8") == wide


def test_an_open_picture_of_the_outcomes_opens_alone_with_its_legend_and_sentence(menu: Page, tmp_path: Path) -> None:
    root = ET.fromstring(download(menu, "svg:survival", tmp_path).read_text(encoding="utf-8"))  # noqa: S314
    words = " ".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))
    assert "95 of 100 draws of the parameters" in words
    assert "A Guideline order" in words
    assert "half are alive" in words
    assert "is no forecast for a person" in words


def test_the_summary_is_one_page_that_says_all_and_opens_alone(menu: Page, tmp_path: Path) -> None:
    alone, found = opened_alone(menu, download(menu, "summary", tmp_path))
    page = Session().page
    told = alone.locator("body").inner_text()
    for said in (page["patient"][0], page["day_label"], page["regulator"], page["code"], page["edition"]):
        assert said in told
    assert told.count("Not advice on the care of a person") == 2
    for group in page["options"]["groups"]:
        for option in group["options"]:
            assert option["name"] in told
    assert page["options"]["groups"][0]["options"][0]["because"][0]["url"] in told
    assert alone.locator("main svg[role=img]").count() == 1
    assert alone.evaluate("document.documentElement.lang") == "en"
    alone.set_viewport_size({"width": 390, "height": 844})
    assert alone.evaluate("document.documentElement.scrollWidth") <= 390
    assert found == []


def test_no_file_needs_the_server(menu: Page, seen: Seen, tmp_path: Path) -> None:
    before = len(seen.requests)
    for item in ("summary", "svg:board", "csv:evidence"):
        download(menu, item, tmp_path)
    assert not [url for url in seen.requests[before:] if not url.startswith("blob:")]


def test_the_menu_is_a_sheet_on_a_phone_and_nothing_is_wider_than_it(menu: Page) -> None:
    menu.set_viewport_size({"width": 390, "height": 844})
    menu.wait_for_selector(".mbc[data-size=phone]")
    expect(menu.locator(".menu-download .menu-box")).to_be_visible()
    assert menu.evaluate("document.documentElement.scrollWidth") <= 390
    small = menu.locator(".top button, .top summary").evaluate_all(
        "all => all.filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 43).length"
    )
    assert small == 0
    assert menu.locator(BOARD).count() == 0  # the board is a list there; the picture is still to be had
    assert "svg:board" in items(menu)


def test_the_three_clocks_are_a_picture_and_a_table_where_they_are_shown(board_page: Page, tmp_path: Path) -> None:
    board_page.locator(".menu-download > summary").click()
    assert not {"svg:clocks", "csv:clocks"} & set(items(board_page))
    board_page.get_by_role("button", name="Compare", exact=True).click()
    board_page.get_by_role("heading", name="Three clocks").wait_for()
    names = board_page.locator(".clock-name").all_inner_texts()
    board_page.locator(".menu-download > summary").click()
    table = rows(download(board_page, "csv:clocks", tmp_path))
    assert table[0] == ["Regimen", "First reported", "Allowed", "First recommended", "Pending", "In words"]
    assert {name.strip() for name in names} <= {row[0] for row in table}
    path = download(board_page, "svg:clocks", tmp_path)
    text = path.read_text(encoding="utf-8")
    assert not re.search(r'var\(--|class="| style="|data-|tabindex', text)
    words = " ".join(" ".join(each.itertext()) for each in ET.fromstring(text).iter(f"{SVG}text"))  # noqa: S314 - our own file
    for said in (
        "Three clocks",
        "2012",
        "19 Mar 2012",
        "Not advice on the care of a person",
        *(name.split()[0] for name in names),
    ):
        assert said in words
    _, found = opened_alone(board_page, path)
    assert found == []

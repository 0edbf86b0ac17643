"""The address and the code, without a page and in one: both ways, kernels that were started ahead, wrong codes, lost kernels."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from mbc_widgets.dialogue import address, memory
from mbc_widgets.dialogue.workbook import Workbook
from mbc_widgets.widgets.dashboard import dashboard
from mbc_widgets.widgets.session import Session
from mbc_widgets.workbook import look, patient
from tests.browser.conftest import BOARD, DRAWN_WITHIN, Seen
from tests.conftest import ROOT
from tests.serving import PAGE, free_port, listens, stop

ESR1 = "esr1-after-cdk46"
EMA = {"type": "regulator", "regulator": "EMA"}
LOST = "[data-mbc='lost']"
SAID_WITHIN = 45_000  # milliseconds: a ping is due after 20 seconds, an answer to it within 15


def code_of(scenario: str = ESR1, *messages: dict[str, Any]) -> str:
    session = Session(scenario)
    for message in messages:
        session.receive(message)
    return str(session.page["code"])


def texts(session: Session) -> str:
    return "\n".join(error["text"] for error in session.page["errors"])


# ---- without a page


def test_a_code_opened_is_one_step_that_undo_takes_back_and_redo_brings_again() -> None:
    session, other = Session(ESR1), code_of("er-low", EMA)
    session.receive({"type": "code", "text": other.lower()})
    assert (session.scenario, session.regulator, session.page["code"]) == ("er-low", "EMA", other)
    session.undo()
    assert (session.scenario, session.page["code"]) == (ESR1, code_of())
    session.redo()
    assert session.page["code"] == other


def test_every_change_changes_the_code_and_undo_reset_and_redo_bring_the_earlier_one() -> None:
    session = Session(ESR1)
    start = session.page["code"]
    session.change(esr1="wild_type")
    changed = session.page["code"]
    session.receive({"type": "day", "day": "2019-01-05"})
    assert len({start, changed, session.page["code"]}) == 3
    session.undo()
    assert session.page["code"] == changed
    session.receive({"type": "reset"})
    assert session.page["code"] == start
    session.undo()
    assert session.page["code"] == changed


def test_a_wrong_code_says_what_is_wrong_keeps_what_was_typed_and_changes_nothing() -> None:
    session = Session(ESR1)
    before = session.page["code"], session.view
    session.receive({"type": "code", "text": "7QF4-26G1"})
    assert (session.page["code"], session.view) == before
    assert session.page["code_typed"] == "7QF4-26G1"
    assert "the code of no page" in session.page["code_error"]
    assert "**Code:** '7QF4-26G1'" in texts(session)
    session.receive(session.page["errors"][0]["actions"][0]["send"])
    assert (session.page["errors"], session.page["code_typed"]) == ([], None)


def test_a_code_clears_what_waited_and_says_so() -> None:
    session = Session(ESR1)
    session.change(age_years=7)
    session.receive({"type": "code", "text": code_of("man")})
    assert session.page["errors"] == []
    assert "went with the patient" in session.page["sentence"]


def test_what_waits_is_told_as_the_messages_that_bring_it_back() -> None:
    session = Session(ESR1)
    session.change(age_years=7)
    session.receive({"type": "samples", "value": {"er_percent": 300}})
    session.receive({"type": "day", "day": "2031-01-01"})
    session.receive({"type": "code", "text": "nonsense"})
    again = Session(ESR1)
    for message in session.page["waiting"]:
        again.receive(message)
    assert again.page["errors"] == session.page["errors"]
    assert again.page["code_typed"] == "nonsense"


def test_a_mode_is_in_the_code_and_every_mode_has_a_number() -> None:
    assert code_of(ESR1, {"type": "mode", "to": "present"}) != code_of()
    session = Session(ESR1)
    session.receive({"type": "code", "text": code_of("man", {"type": "mode", "to": "present"})})
    assert session.page["mode"] == "present"
    assert memory.MODES[0] == memory.STUDY


def test_a_field_of_a_mode_goes_into_the_code_by_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(told: Any, _: Any) -> str:
        if told not in {"diagnosis", "now"}:
            raise ValueError("align: not known")
        return str(told)

    part = address.Part(write=lambda align: None if align == "diagnosis" else align, read=read)
    monkeypatch.setattr(address, "PARTS", {"align": part})
    session, engine = Session(ESR1), Workbook()
    usual = session.page["code"]
    session.receive({"type": "align", "to": "now"})
    assert session.page["code"] != usual
    fresh = Session(ESR1)
    fresh.receive({"type": "code", "text": session.page["code"]})
    assert fresh.align == "now"
    monkeypatch.setattr(address, "PARTS", {"align": address.Part(write=lambda _: "sideways", read=read)})
    forged = address.code_of(session._memory.now, engine)
    fresh.receive({"type": "code", "text": forged})
    assert "align: not known" in fresh.page["code_error"]


@pytest.mark.parametrize("told", ["code", "words"])
def test_the_address_is_read_at_the_start_or_heard_from_the_browser(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    code = code_of("er-low", EMA)
    search = f"code={code}" if told == "code" else "scenario=er-low&regulator=ema"
    monkeypatch.setenv("QUERY_STRING", search)
    at_start = dashboard().session
    monkeypatch.delenv("QUERY_STRING")
    later = dashboard().session  # a kernel of a pool knows no address
    assert later.page["address"] == ""
    later.receive({"type": "address", "search": search})
    for session in (at_start, later):
        assert (session.page["code"], session.page["address"]) == (code, search)
        assert not session.page["can_undo"]
        assert session.page["errors"] == []


def test_after_a_change_an_address_is_a_step() -> None:
    session = Session(ESR1)
    session.change(esr1="wild_type")
    session.receive({"type": "address", "search": "scenario=man"})
    assert session.scenario == "man"
    session.undo()
    assert session.value("esr1") == "wild_type"


HOSTILE = ("%ff%00", "<script>alert(1)</script>", "A" * 20_000, "&" * 3000, "'; DROP", "..%2f..%2fetc%2fpasswd", "%")


@pytest.mark.parametrize("name", ["code", "scenario", "day", "regulator", "body"])
@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_address_gives_the_usual_page_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("QUERY_STRING", f"{name}={value}")
    session = dashboard().session
    assert session.page["code"] == code_of()
    assert session.page["errors"] or not address.wish_of(f"{name}={value}").get(name)


def test_a_wrong_code_in_the_address_leaves_the_words_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUERY_STRING", "code=7QF4-26G1&scenario=er-low&regulator=MHRA")
    session = dashboard().session
    assert session.scenario == "er-low"
    assert "7QF4-26G1" in texts(session)
    assert "MHRA" in texts(session)


def changed_sessions() -> Iterator[Session]:
    for title in Workbook().titles():
        session = Session(title.id)
        yield session
        session.receive({"type": "day", "day": "2021-06-30"})
        session.receive(EMA)
        session.change(performance_status=2, pik3ca="mutated")
        yield session
    session = Session(ESR1)
    row = {"agents": "capecitabine", "setting": "metastatic", "months": 3, "stop_reason": "ongoing"}
    rows = next(
        each for group in session.page["form"]["groups"] for each in group["fields"] if each["id"] == "prior_therapies"
    )
    session.receive({"type": "therapies", "value": [*rows["value"], row]})
    session.receive({"type": "samples", "value": {"er_percent": 5, "her2": None}})
    session.receive({"type": "body", "body": "asco"})
    assert session.page["errors"] == []
    yield session


def shown(view: Any) -> tuple[Any, ...]:
    """What is offered, and every sequence with its reason to end."""
    return view.offered(), [(each.strategy.id, each.regimens, each.end) for each in view.sequences]


def test_the_three_lines_of_python_reproduce_the_very_view() -> None:
    for session in changed_sessions():
        lines = session.page["board"]["python"].splitlines()
        assert len(lines) == 3
        names: dict[str, Any] = {}
        exec("\n".join([*lines[:2], f"view = {lines[2]}"]), names)  # noqa: S102 - the page's own lines are under test
        view = names["view"]
        assert shown(view) == shown(session.view)
        assert view.patient == session.view.patient


def test_the_code_reproduces_the_very_view_too() -> None:
    for session in changed_sessions():
        told = Workbook().read_code(session.page["code"])
        view = look(patient(told.patient.as_dict()), day=told.day, regulator=told.regulator, body=told.body)
        assert shown(view) == shown(session.view)


# ---- in a page


def drawn(page: Page, url: str) -> None:
    page.goto(url, wait_until="domcontentloaded", timeout=DRAWN_WITHIN)
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)


def search(page: Page) -> str:
    return str(page.evaluate("location.search"))


def wait_for_code(page: Page, code: str) -> None:
    page.wait_for_function("code => location.search === `?code=${code}`", arg=code)


@pytest.mark.browser
def test_the_address_follows_what_is_shown_and_brings_it_back(page: Page, dashboard_url: str) -> None:
    drawn(page, f"{dashboard_url}?scenario={ESR1}&day=2026-07-01")
    assert search(page) == f"?scenario={ESR1}&day=2026-07-01"  # as it was written, until something changes
    page.get_by_role("button", name="EMA", exact=True).click()
    changed = code_of(ESR1, EMA)
    wait_for_code(page, changed)
    page.get_by_role("button", name="Undo").click()
    wait_for_code(page, code_of())
    page.get_by_role("button", name="Redo").click()
    wait_for_code(page, changed)
    assert page.evaluate("history.length") <= 2  # the way back leads out of the page, not through every change
    page.reload()
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    expect(page.get_by_role("button", name="EMA", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".menu-code code").first).to_have_text(changed)


@pytest.mark.browser
def test_a_code_is_opened_with_the_keyboard_alone_and_a_wrong_one_stays_typed(board_page: Page) -> None:
    menu = board_page.locator(".menu-code > summary")
    menu.focus()
    board_page.keyboard.press("Enter")
    board_page.get_by_label("Open a code").focus()
    board_page.keyboard.type("7qf4 26g1")
    board_page.keyboard.press("Enter")
    field = board_page.get_by_label("Open a code")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("7qf4 26g1")
    expect(board_page.locator(".open-code [role=alert]")).to_contain_text("a letter or digit is wrong")
    assert search(board_page) == ""
    other = code_of("er-low")
    field.fill(other.lower().replace("-", ""))
    board_page.keyboard.press("Enter")
    wait_for_code(board_page, other)
    expect(board_page.locator(".menu-code")).not_to_have_attribute("open", "")
    expect(menu).to_be_focused()
    board_page.get_by_role("button", name="Undo").click()
    wait_for_code(board_page, code_of())


@pytest.mark.browser
def test_a_menu_closes_by_escape_and_by_a_touch_elsewhere(board_page: Page) -> None:
    menu = board_page.locator(".menu-code")
    menu.locator("summary").click()
    board_page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    board_page.locator("main .sentence").click(position={"x": 5, "y": 5})
    expect(menu).not_to_have_attribute("open", "")


@pytest.mark.browser
def test_a_link_is_copied_that_opens_this_very_page(board_page: Page) -> None:
    board_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    board_page.locator(".menu-code > summary").click()
    board_page.get_by_role("button", name="Copy link").click()
    expect(board_page.locator(".menu-code [role=status]")).to_have_text("Link copied")
    assert board_page.evaluate("navigator.clipboard.readText()").endswith(f"/dashboard?code={code_of()}")


@pytest.mark.browser
def test_a_hostile_code_in_the_address_is_a_sentence_and_no_script(page: Page, dashboard_url: str) -> None:
    page.on("dialog", lambda _: pytest.fail("a script of the address ran"))
    drawn(page, f"{dashboard_url}?code={quote('<img src=x onerror=alert(1)>')}")
    expect(page.locator("[data-mbc='errors']")).to_contain_text("which is in no code")
    assert page.locator("[data-mbc='errors'] img").count() == 0
    expect(page.locator(".menu-code code").first).to_have_text(code_of())


@pytest.mark.browser
def test_a_refused_entry_is_there_after_a_reload(board_page: Page) -> None:
    board_page.locator("[data-field=age_years]").fill("7")
    board_page.locator("[data-field=age_years]").press("Enter")
    expect(board_page.locator("[data-mbc='errors']")).to_contain_text("out of range")
    board_page.reload()
    board_page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    expect(board_page.locator("[data-mbc='errors']")).to_contain_text("out of range")
    expect(board_page.locator("[data-field=age_years]")).to_have_value("7")


@pytest.fixture
def server() -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A dashboard of its own that a test may stop."""
    port = free_port()
    command = [sys.executable, "-m", "mbc_widgets", "dashboard", "--port", str(port), "--no-browser"]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert listens(running, port)
    yield f"http://127.0.0.1:{port}/", running
    stop(running)


def kernels(running: "subprocess.Popen[bytes]") -> list[int]:
    """The processes that the server started."""
    found = subprocess.run(
        ["/bin/ps", "-o", "pid=", "--ppid", str(running.pid)], capture_output=True, text=True, check=False
    )
    return [int(each) for each in found.stdout.split()]


@pytest.mark.browser
def test_a_killed_kernel_is_noticed_and_reload_brings_back_what_was_entered(
    page: Page, seen: Seen, server: tuple[str, "subprocess.Popen[bytes]"]
) -> None:
    url, running = server
    drawn(page, url + PAGE)
    page.get_by_role("button", name="EMA", exact=True).click()
    changed = code_of(ESR1, EMA)
    wait_for_code(page, changed)
    for each in kernels(running):
        os.kill(each, signal.SIGKILL)
    expect(page.locator(LOST)).to_contain_text("Disconnected.", timeout=SAID_WITHIN)
    expect(page.locator(LOST)).to_contain_text(changed)
    page.locator("[data-field=pik3ca]").select_option("mutated")  # nobody hears it now
    page.get_by_role("button", name="Reload").click()
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    wait_for_code(page, code_of(ESR1, EMA, {"type": "set", "changes": {"pik3ca": "mutated"}}))
    expect(page.locator(LOST)).to_have_count(0)
    page.close()
    seen.errors.clear()  # the browser complains about the line that was cut


@pytest.mark.browser
def test_a_server_that_is_gone_is_noticed_and_the_code_is_there(
    page: Page, seen: Seen, server: tuple[str, "subprocess.Popen[bytes]"]
) -> None:
    url, running = server
    drawn(page, url + PAGE)
    stop(running)
    expect(page.locator(LOST)).to_contain_text("Disconnected.", timeout=SAID_WITHIN)
    expect(page.locator(LOST)).to_contain_text(code_of())
    page.close()
    seen.errors.clear()  # the browser complains about every try to connect

"""Many visitors at once, and what is left of them when they go: no session is lost, and no kernel stays."""

import asyncio
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tornado.httpclient import HTTPClientError

from tests.browser.conftest import BOARD, DRAWN_WITHIN
from tests.conftest import ROOT
from tests.processes import PROC, command, kernels
from tests.serving import PAGE, Served, free_port, serving
from tests.visitors import Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (PROC / "self" / "smaps_rollup").exists(), reason="looks at processes as Linux tells them"),
]
SEATS, CLICKS = 5, 3
GONE_WITHIN = 30.0  # seconds; three on a quiet machine
SILENT = """window.addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), { capture: true });"""


@pytest.fixture(scope="module")
def room() -> Iterator[Served]:
    port = free_port()
    started = [sys.executable, "-m", "mbc_widgets", "dashboard", "--port", str(port), "--no-browser"]
    environment = os.environ | {"MBC_SEATS": str(SEATS), "MBC_POOL": "0"}
    with serving(started, port, cwd=ROOT, env=environment) as served:
        yield served


def seconds_until_empty(room: Served) -> float:
    """Seconds until the server has no kernel any more."""
    start = time.monotonic()
    while kernels(room.process) and time.monotonic() - start < GONE_WITHIN:
        time.sleep(0.1)
    assert not kernels(room.process)
    return time.monotonic() - start


async def clicks(visitor: Visitor) -> None:
    for turn in range(CLICKS):
        state = ("mutated", "wild_type")[turn % 2]
        await visitor.click({"type": "set", "changes": {"pik3ca": state}})
        fields = [field for group in visitor.state["rest"]["form"]["groups"] for field in group["fields"]]
        assert next(field for field in fields if field["id"] == "pik3ca")["value"] == state


async def a_lesson(url: str) -> None:
    """All seats are taken at one moment; some leave and others come; each gets the answers to his own clicks."""
    crowd = await asyncio.gather(*(Visitor.arrive(url) for _ in range(SEATS)))
    with pytest.raises(HTTPClientError, match="503"):
        await Visitor.arrive(url)
    await asyncio.gather(*map(clicks, crowd))
    leaving, staying = crowd[:2], crowd[2:]
    await asyncio.gather(*(visitor.leave() for visitor in leaving))
    await asyncio.sleep(GONE_WITHIN / 5)
    coming = await asyncio.gather(*(Visitor.arrive(url) for _ in leaving))
    await asyncio.gather(*map(clicks, [*staying, *coming]))
    assert not [visitor for visitor in [*staying, *coming] if visitor.lost]
    await asyncio.gather(*(visitor.leave() for visitor in [*staying, *coming]))


def apart(talk: Coroutine[Any, Any, None]) -> None:
    """Runs a conversation on a loop of its own thread: a browser of another test may hold the loop of this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(talk)).result()


def test_a_full_room_serves_everybody_and_is_empty_after(room: Served) -> None:
    apart(a_lesson(room.url))
    print(f"kernels gone after {seconds_until_empty(room):.1f} s")


def opened(browser: Browser, room: Served, script: str = "") -> Page:
    """A page with its board, on the only kernel of the room."""
    page = browser.new_context().new_page()
    if script:
        page.add_init_script(script)
    page.goto(room.url + PAGE, wait_until="domcontentloaded", timeout=DRAWN_WITHIN)
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    assert len(kernels(room.process)) == 1
    return page


def test_a_closed_tab_ends_its_kernel(browser: Browser, room: Served) -> None:
    page = opened(browser, room)
    page.close(run_before_unload=True)
    print(f"kernel gone after {seconds_until_empty(room):.1f} s")
    page.context.close()


def test_a_browser_that_only_says_that_it_hides_the_page_ends_its_kernel_too(browser: Browser, room: Served) -> None:
    page = opened(browser, room, SILENT)
    page.goto("about:blank")
    seconds_until_empty(room)
    page.context.close()


def test_a_page_that_is_loaded_anew_leaves_its_old_kernel_behind(browser: Browser, room: Served) -> None:
    page = opened(browser, room)
    (old,) = kernels(room.process)
    page.reload(wait_until="domcontentloaded", timeout=DRAWN_WITHIN)
    page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
    end = time.monotonic() + GONE_WITHIN
    while command(old) and time.monotonic() < end:
        time.sleep(0.1)
    assert not command(old)
    assert len(kernels(room.process)) == 1
    page.goto("about:blank")
    seconds_until_empty(room)
    page.context.close()


def test_a_page_of_another_site_cannot_end_a_kernel(room: Served) -> None:
    async def attacked() -> None:
        visitor = await Visitor.arrive(room.url)
        address = f"{room.url}voila/api/shutdown/{visitor.kernel}"
        forged = urllib.request.Request(address, data=b"", headers={"Origin": "https://evil.example"})  # noqa: S310
        with pytest.raises(urllib.error.HTTPError, match="404"):
            await asyncio.to_thread(urllib.request.urlopen, forged, timeout=GONE_WITHIN)
        await asyncio.sleep(4)
        await clicks(visitor)
        await visitor.leave()

    apart(attacked())
    seconds_until_empty(room)

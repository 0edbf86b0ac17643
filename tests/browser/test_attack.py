"""What an anonymous visitor with bad intentions gets: nothing, and the others keep their pages.

The server's own doors (code execution, files, lists of kernels, foreign pages) and messages that no page of ours sends.
"""

import json
import os
import random
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from tornado.httpclient import HTTPClientError
from tornado.ioloop import IOLoop
from tornado.websocket import WebSocketClientConnection, websocket_connect

from mbc_widgets.dialogue.address import granted, wish_of
from mbc_widgets.dialogue.workbook import Workbook
from mbc_widgets.knowledge import load
from mbc_widgets.widgets.session import Session
from tests.conftest import ROOT
from tests.serving import PAGE, dashboard

WAIT = 60.0  # seconds
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with dashboard(
        [sys.executable, "-m", "mbc_widgets"], cwd=ROOT, env=os.environ | {"MBC_SEATS": "4", "MBC_POOL": "0"}
    ) as url:
        yield url


def ask(
    url: str, *, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    request = urllib.request.Request(url, data=body, method=method, headers=headers or {})  # noqa: S310 - a server of this test
    try:
        with urllib.request.urlopen(request, timeout=WAIT) as answer:  # noqa: S310
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


@pytest.fixture(scope="module")
def kernel(server: str) -> str:
    """The kernel of a visitor."""
    status, page = ask(server + PAGE)
    assert status == 200
    found = re.search(r'"kernelId": "([\w-]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "path",
    [
        "api/kernels", "api/sessions", "api/contents", "api/contents/pyproject.toml", "api/terminals", "api/kernelspecs", "api/me", "api/status",
        "tree", "lab", "nbconvert/html/dashboard.ipynb", "files/pyproject.toml", "metrics", "api/spec.yaml", "api/config/common",
    ],
)  # fmt: skip
def test_the_server_has_no_door_beside_the_page(server: str, path: str) -> None:
    status, text = ask(server + path)
    assert status in {302, 400, 403, 404, 405}, path
    assert "BSD-3-Clause" not in text


@pytest.mark.parametrize(
    "path",
    [
        "voila/files/dashboard.ipynb", "voila/files/../pyproject.toml", "voila/files/..%2f..%2fpyproject.toml", "voila/files/%2e%2e/pyproject.toml",
        "static/../../pyproject.toml", "static/..%2f..%2f..%2fetc%2fpasswd", "voila/static/..%2f..%2fetc%2fpasswd", "mbc/plotly/../../../etc/passwd",
        "mbc/plotly/..%2f..%2fpackage.json", "voila/templates/mbc/static/..%2fconf.json", "//etc/passwd", "voila/render/notebooks/dashboard.ipynb",
    ],
)  # fmt: skip
def test_no_file_is_read_by_going_up(server: str, path: str) -> None:
    status, text = ask(server + path)
    assert status in {302, 400, 403, 404, 405}, path
    assert "root:" not in text
    assert "[project]" not in text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["", "api/kernels", "api/contents/x.ipynb", "voila/files/x"])
def test_nothing_is_written(server: str, method: str, path: str) -> None:
    assert ask(server + path, method=method, body=b"{}")[0] in {400, 403, 404, 405}


def apart(speak: Callable[[], Awaitable[Any]]) -> Any:
    """Runs a conversation on a loop of its own thread: a browser of another test may hold the loop of this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: IOLoop(make_current=False).run_sync(speak, timeout=WAIT)).result()


def connected(url: str, origin: str | None) -> WebSocketClientConnection:
    from tornado.httpclient import HTTPRequest

    headers = {"Origin": origin} if origin else {}
    return apart(lambda: websocket_connect(HTTPRequest(url, headers=headers, request_timeout=WAIT)))


def test_a_page_of_another_site_cannot_speak_to_a_kernel(server: str, kernel: str) -> None:
    address = f"{server.replace('http', 'ws', 1)}api/kernels/{kernel}/channels"
    with pytest.raises(HTTPClientError, match="403"):
        connected(address, "https://evil.example")


def said_by_kernel(server: str, kernel: str, *messages: dict[str, object]) -> list[str]:
    """Give the kinds of messages that come back within some seconds."""

    async def speak() -> list[str]:
        import asyncio

        from tornado.httpclient import HTTPRequest

        address = f"{server.replace('http', 'ws', 1)}api/kernels/{kernel}/channels?session_id=x"
        socket = await websocket_connect(
            HTTPRequest(address, headers={"Origin": server.rstrip("/")}, request_timeout=WAIT)
        )
        for message in messages:
            await socket.write_message(json.dumps(message))
        heard = []
        for _ in range(40):
            try:
                text = await asyncio.wait_for(socket.read_message(), 3)
            except TimeoutError:
                break
            if text is None:
                break
            heard.append(text if isinstance(text, str) else text.decode(errors="replace"))
        socket.close()
        return heard

    return apart(speak)


def message(kind: str, content: dict[str, object]) -> dict[str, object]:
    header = {
        "msg_id": f"m{uuid4()}",
        "msg_type": kind,
        "username": "",
        "session": "x",
        "version": "5.3",
        "date": "2026-01-01T00:00:00Z",
    }
    return {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": content,
        "channel": "shell",
        "buffers": [],
    }


@pytest.mark.parametrize(
    "kind",
    [
        "execute_request",
        "inspect_request",
        "complete_request",
        "history_request",
        "debug_request",
        "is_complete_request",
    ],
)
def test_no_code_runs_in_a_kernel(server: str, kernel: str, kind: str) -> None:
    """Only the messages of widgets pass: what would run or look into code is not answered."""
    code = {
        "code": "print('owned' + '-by-me')",
        "silent": False,
        "store_history": False,
        "user_expressions": {},
        "allow_stdin": False,
        "cursor_pos": 3,
        "detail_level": 0,
    }
    heard = " ".join(said_by_kernel(server, kernel, message(kind, code)))
    assert "owned-by-me" not in heard
    assert kind.replace("_request", "_reply") not in heard


def test_malformed_and_oversized_messages_leave_the_kernel_alive(server: str, kernel: str) -> None:
    odd = [
        {"nonsense": True},
        message("comm_msg", {"comm_id": "no-such", "data": {"method": "update", "state": {"page": {}}}}),
        message("comm_msg", {"comm_id": 7, "data": "x" * 2_000_000}),
        message("comm_open", {"comm_id": "a", "target_name": "no.such.target", "data": {}}),
        message("comm_msg", {}),
    ]
    for each in odd:
        said_by_kernel(server, kernel, each)
    heard = " ".join(said_by_kernel(server, kernel, message("kernel_info_request", {})))
    assert "kernel_info_reply" in heard


def test_forged_ids_get_nothing(server: str) -> None:
    for name in ("00000000-0000-0000-0000-000000000000", "..", "%2e%2e", "a" * 4000):
        assert ask(f"{server}api/kernels/{name}/channels")[0] in {302, 400, 403, 404, 405, 414}
        assert ask(f"{server}voila/api/shutdown/{name}", method="POST", body=b"")[0] in {204, 400, 403, 404, 405, 414}


def test_the_others_are_still_served(server: str, kernel: str) -> None:
    status, page = ask(server + PAGE)
    assert status == 200
    assert kernel not in page


HOSTILE = (
    "<script>alert(1)</script>", "'; drop table patients; --", "../../etc/passwd", "%00", "\u202e", "{{7*7}}", "${7*7}", "__import__('os').system('x')",
    "a" * 5000, "-1", "NaN", "null", "[]", "\n\r\n", "ESR1", "2026-13-45", "fda", "💉",
)  # fmt: skip


def test_ten_thousand_odd_messages_leave_the_session_as_it_was_and_never_raise() -> None:
    """Whatever a page may send: kinds that do not exist, kinds with the wrong parts, hostile text in every field."""
    rng = random.Random(2012)  # noqa: S311 - a test that can be repeated
    session = Session("luminal-2012")
    start = session.patient, session.day, session.regulator, session.body
    kinds = [
        "set",
        "samples",
        "therapies",
        "day",
        "regulator",
        "body",
        "scenario",
        "align",
        "pairs",
        "take_back",
        "mode",
        "no-such",
        "",
        "__class__",
    ]
    parts = ["changes", "value", "day", "regulator", "body", "id", "to", "regimen", "field", "extra", "text"]

    def odd(depth: int = 0) -> object:
        pick = rng.randrange(6 if depth < 2 else 3)
        if pick < 3:
            return [rng.choice(HOSTILE), rng.choice([None, True, -1, 1e308, 0.5]), rng.choice(parts)][pick]
        if pick == 3:
            return [odd(depth + 1) for _ in range(rng.randrange(3))]
        return {str(rng.choice([*parts, *HOSTILE])): odd(depth + 1) for _ in range(rng.randrange(3))}

    for _ in range(10_000):
        session.receive({"type": rng.choice(kinds), **{rng.choice(parts): odd() for _ in range(rng.randrange(4))}})
        if rng.random() < 0.01:
            session.receive({"type": "reset"})
    for _ in range(200):
        session.undo()
    session.receive({"type": "scenario", "id": "luminal-2012"})
    assert (session.patient, session.day, session.regulator, session.body) == start
    assert session.page["board"]["lanes"]


def test_a_thousand_odd_addresses_get_the_page_or_a_word_and_no_trace_of_themselves(server: str) -> None:
    """A visit takes a kernel: one is made; the others are asked of what reads the address."""
    rng = random.Random(7)  # noqa: S311
    names, engine = ("scenario", "day", "regulator", "body", "code", "mode", "case", "theme", "template"), Workbook()
    for _ in range(1000):
        search = "&".join(f"{rng.choice(names)}={quote(rng.choice(HOSTILE), errors='ignore')}" for _ in range(3))
        memory, _ = granted(wish_of(search), engine)
        assert memory.now.scenario in load().scenarios
    status, text = ask(f"{server}{PAGE}?scenario={quote(HOSTILE[0])}&day={quote(HOSTILE[2])}")
    assert status in {200, 503}
    assert "<script>alert(1)" not in text

"""Students without a browser: each logs in at the hub, waits for the own server as the hub's page does, and takes the board over."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.visitors import PROTOCOL, Visitor

STARTS_WITHIN = 120.0  # seconds
LOOK = 0.2  # seconds between two looks whether a server is there


class RefusedError(RuntimeError):
    """The hub did not let somebody in."""


@dataclass(kw_only=True)
class Student:
    """Somebody who has logged in: the name, the browser's cookies."""

    name: str
    hub: str
    browser: httpx.AsyncClient

    @classmethod
    async def login(cls, hub: str, name: str, password: str, **rest: Any) -> "Student":
        """Give a student whose login was accepted; `rest` is for the browser (`verify`).

        Raises:
            RefusedError: it was not.
        """
        browser = httpx.AsyncClient(base_url=hub, timeout=STARTS_WITHIN, **rest)
        page = await browser.get("/hub/login")
        page.raise_for_status()
        form = {"username": name, "password": password, "_xsrf": browser.cookies.get("_xsrf", path="/hub/") or ""}
        answer = await browser.post("/hub/login", data=form)
        if answer.status_code != httpx.codes.FOUND:
            await browser.aclose()
            raise RefusedError(f"{name}: {answer.status_code}")
        return cls(name=name, hub=hub, browser=browser)

    @property
    def url(self) -> str:
        """The address of the student's own server."""
        return f"{self.hub}/user/{self.name}/"

    async def server(self) -> None:
        """Waits until the student's own server answers to this browser.

        Raises:
            TimeoutError: it never did.
        """
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end:
            answer = await self.browser.get("/hub/user-redirect/", follow_redirects=True)
            if answer.url.path.startswith(f"/user/{self.name}/") and answer.is_success:
                return
            await asyncio.sleep(LOOK)
        raise TimeoutError(f"{self.name}: no server")

    async def board(self, search: str = "") -> Visitor:
        """Give the student's open dashboard, drawn as far as no browser is needed for it."""
        return await Visitor.arrive(self.url, search, headers=self.headers(self.url))

    def headers(self, url: str) -> dict[str, str]:
        """Give the cookies that this browser would send to an address, and the token against forged requests."""
        found = {"Cookie": self.browser.build_request("GET", url).headers.get("cookie", "")}
        token = self.browser.cookies.get("_xsrf", path=f"/user/{self.name}/")
        return found | ({"X-XSRFToken": token} if token else {})

    async def get(self, path: str, **rest: Any) -> httpx.Response:
        """Give what an address below the student's own server answers."""
        return await self.browser.get(f"{self.url}{path}", **rest)

    async def run(self, code: str, *, seconds: float = 30) -> str:
        """Runs code in a new kernel of the student's server; gives what it printed, and the name of its error. The kernel ends when the code does.

        Raises:
            TimeoutError: it did not end in time; the kernel goes on.
        """
        kernel = (await self.post("api/kernels", json={})).json()["id"]
        address = f"{self.url.replace('http', 'ws', 1)}api/kernels/{kernel}/channels"
        headers = self.headers(self.url) | {"Origin": self.hub}
        socket = await websocket_connect(HTTPRequest(address, headers=headers), subprotocols=[PROTOCOL])
        request = uuid4().hex
        await socket.write_message(as_request(request, code), binary=True)
        said = []
        async with asyncio.timeout(seconds):
            while isinstance(raw := await socket.read_message(), bytes):
                kind, parent, content = heard(raw)
                if parent != request:  # Jupyter's server asks the kernel things of its own
                    continue
                if kind == "status" and content["execution_state"] == "idle":
                    break
                said.append(
                    content.get("text", "") if kind == "stream" else content["ename"] if kind == "error" else ""
                )
        socket.close()
        await self.browser.delete(f"{self.url}api/kernels/{kernel}", headers=self.headers(self.url))
        return "".join(said)

    async def stop(self, *, pending: bool = False) -> None:
        """Ends the student's server, with all its kernels, and waits until the hub says so; a `pending` one may not have been started."""
        hub = f"{self.hub}/hub/"
        token = self.browser.cookies.get("_xsrf", path="/hub/") or ""
        cookies = self.browser.build_request("GET", hub).headers.get("cookie", "")
        headers = {"X-XSRFToken": token, "Cookie": cookies}
        answer = await self.browser.delete(f"{hub}api/users/{self.name}/server", headers=headers)
        if not (pending and answer.is_client_error):
            answer.raise_for_status()
        while (await self.browser.get(f"{hub}api/user", headers=headers)).json().get("pending"):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(LOOK)

    async def post(self, path: str, **rest: Any) -> httpx.Response:
        """Give what a request that changes something is answered."""
        answer = await self.browser.post(f"{self.url}{path}", headers=self.headers(self.url), **rest)
        answer.raise_for_status()
        return answer


def as_request(request: str, code: str) -> bytes:
    """Give the message that asks a kernel to run code."""
    header = {"msg_id": request, "msg_type": "execute_request", "username": "", "session": uuid4().hex}
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False, "stop_on_error": True}
    whole = {"header": {**header, "version": "5.3", "date": "2026-01-01T00:00:00Z"}, "content": content}
    whole |= {"parent_header": {}, "metadata": {}}
    return bytes(serialize_msg_to_ws_v1(whole, "shell", lambda part: json.dumps(part).encode()))


def heard(raw: bytes) -> tuple[str, str, dict[str, Any]]:
    """Give the kind of a kernel's message, the request that it belongs to, and its content."""
    header, parent, _, content = map(json.loads, deserialize_msg_from_ws_v1(raw)[1][:4])
    return header["msg_type"], parent.get("msg_id", ""), content

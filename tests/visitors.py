"""Visitors without a browser: each asks for the page, opens its websocket, takes the widgets over and clicks as the page's script does.

What a browser does besides (scripts, drawing) is left out, so that one machine can play a whole class. The messages are those of
ipywidgets: the states are asked for over `jupyter.widget.control`, and a click is a message to the view, which says "done".
"""

import asyncio
import json
import re
import time
from contextlib import suppress
from typing import Any
from uuid import uuid4

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.serving import PAGE

WAIT = 120.0  # seconds until a visitor gives up
AT_ONCE = 1_000  # connections
LARGEST = 100_000_000  # bytes of a message
PROTOCOL = "v1.kernel.websocket.jupyter.org"
KERNEL = re.compile(r'"kernelId": "([\w-]+)"')
CONTROL, CONTROL_VERSION, VIEW = "jupyter.widget.control", "1.0.0", "AnyModel"


class Visitor:
    """One open page; `arrive` makes it."""

    def __init__(self, url: str, kernel: str, socket: WebSocketClientConnection, door: dict[str, Any]) -> None:
        self.url, self.kernel, self._door = url, kernel, door
        self.view = ""  # the id of the widget that is the page
        self.state: dict[str, Any] = {}  # of that widget, as far as it was told
        self.lost = False
        self._socket = socket
        self._session = uuid4().hex
        self._done: list[asyncio.Future[float]] = []
        self._there: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._changed = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def arrive(cls, url: str, search: str = "", **door: Any) -> "Visitor":
        """Give a visitor whose page is there with the state of its widget; `door` is what its requests need (`ca_certs`, `headers`).

        Raises:
            RuntimeError: the answer is no page with a kernel.
            tornado.httpclient.HTTPError: the server refused.
            TimeoutError: nothing came.
        """
        door |= {"connect_timeout": WAIT, "request_timeout": WAIT}
        page = (await client().fetch(HTTPRequest(f"{url}{PAGE}{search}", **door))).body.decode()
        found = KERNEL.search(page)
        if not found:
            raise RuntimeError(f"{url} has no kernel in its page")
        address = f"{url.replace('http', 'ws', 1)}api/kernels/{found[1]}/channels?session_id={uuid4()}"
        door["headers"] = {**door.get("headers", {}), "Origin": "/".join(url.split("/")[:3])}
        request = HTTPRequest(address, **door)
        socket = await websocket_connect(request, max_message_size=LARGEST, subprotocols=[PROTOCOL])
        visitor = cls(url, found[1], socket, door)
        control = uuid4().hex
        await visitor._send("comm_open", {"comm_id": control, "target_name": CONTROL, "data": {}})
        await visitor._send("comm_msg", {"comm_id": control, "data": {"method": "request_states"}})
        await asyncio.wait_for(asyncio.shield(visitor._there), WAIT)
        if visitor.state.get("_view_count") is not None:
            await visitor._tell({"method": "update", "state": {"_view_count": 1}, "buffer_paths": []})
        return visitor

    async def click(self, message: dict[str, Any]) -> float:
        """Sends what the page's script sends; gives the seconds until Python says that it is done.

        Raises:
            ConnectionError: the connection was lost.
            TimeoutError: no answer came.
        """
        answer: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._done.append(answer)
        start = time.perf_counter()
        await self._tell({"method": "custom", "content": message})
        return await asyncio.wait_for(answer, WAIT) - start

    async def until(self, name: str, **wanted: Any) -> None:
        """Waits until the part `name` of the state says what is wanted.

        Raises:
            TimeoutError: it never did.
        """
        async with asyncio.timeout(WAIT):
            while not self.lost and not wanted.items() <= self.state.get(name, {}).items():
                self._changed.clear()
                await self._changed.wait()

    async def leave(self, *, says_so: bool = True) -> None:
        """Closes the page: a browser sends a last word; one that crashed, or a laptop that is shut, does not."""
        if says_so:
            leaving = HTTPRequest(f"{self.url}voila/api/shutdown/{self.kernel}", method="POST", body=b"", **self._door)
            await client().fetch(leaving)
        self._socket.close()
        with suppress(asyncio.CancelledError):
            await self._reading

    async def _tell(self, data: dict[str, Any]) -> None:
        await self._send("comm_msg", {"comm_id": self.view, "data": data})

    async def _send(self, kind: str, content: dict[str, Any]) -> None:
        header = {"msg_id": uuid4().hex, "msg_type": kind, "username": "", "session": self._session}
        message = {"header": {**header, "version": "5.3", "date": "2026-01-01T00:00:00Z"}, "content": content}
        whole = {"parent_header": {}, "metadata": {"version": CONTROL_VERSION}, **message}
        await self._socket.write_message(serialize_msg_to_ws_v1(whole, "shell", _packed), binary=True)

    async def _read(self) -> None:
        while (raw := await self._socket.read_message()) is not None:
            _, (header, _, _, content, *_) = deserialize_msg_from_ws_v1(raw)
            if json.loads(header)["msg_type"] == "comm_msg":
                self._hear(json.loads(content))
        self.lost = True
        self._changed.set()
        for waits in [*self._done, self._there]:
            if not waits.done():
                waits.set_exception(ConnectionError("the connection was lost"))
                waits.exception()  # nobody may be waiting

    def _hear(self, content: dict[str, Any]) -> None:
        data = content["data"]
        method = data.get("method")
        if method == "update_states":
            self._take_over(data["states"])
        elif content["comm_id"] == self.view and method == "update":
            self.state |= data["state"]
            self._changed.set()
        elif content["comm_id"] == self.view and data.get("content", {}).get("type") == "done" and self._done:
            answer = self._done.pop(0)
            if not answer.done():
                answer.set_result(time.perf_counter())

    def _take_over(self, states: dict[str, Any]) -> None:
        self.view = next((name for name, each in states.items() if each["model_name"] == VIEW), "")
        if self._there.done():
            return
        if not self.view:
            self._there.set_exception(RuntimeError("the page has no view"))
            return
        self.state = dict(states[self.view]["state"])
        self._there.set_result(None)


def client() -> AsyncHTTPClient:
    """Give the client of all visitors of this loop; the usual one takes ten at a time."""
    return SimpleAsyncHTTPClient(max_clients=AT_ONCE, max_body_size=LARGEST)


def _packed(part: dict[str, Any]) -> bytes:
    return json.dumps(part).encode()

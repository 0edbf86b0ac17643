"""Students without a browser: each logs in at the hub, waits for the own server as the hub's page does, and takes the board over."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx

from tests.visitors import Visitor

STARTS_WITHIN = 120.0  # seconds
LOOK = 0.2  # seconds between two looks whether a server is there


class Refused(RuntimeError):
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
            Refused: it was not.
        """
        browser = httpx.AsyncClient(base_url=hub, timeout=STARTS_WITHIN, **rest)
        page = await browser.get("/hub/login")
        page.raise_for_status()
        form = {"username": name, "password": password, "_xsrf": browser.cookies.get("_xsrf", path="/hub/") or ""}
        answer = await browser.post("/hub/login", data=form)
        if answer.status_code != httpx.codes.FOUND:
            await browser.aclose()
            raise Refused(f"{name}: {answer.status_code}")
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

"""The server by itself: seats, what it shows and hides, a taken port. No browser is needed."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from mbc_widgets.widgets.launch import check_free
from mbc_widgets.widgets.places import LaunchError, find_notebook, pool, seats
from mbc_widgets.widgets.room import Seats
from tests.conftest import ROOT
from tests.serving import PAGE, dashboard

COMMAND = [sys.executable, "-m", "mbc_widgets"]
WAIT = 60.0  # seconds; a kernel starts in one or two on a quiet machine


@pytest.fixture(scope="module")
def small_room() -> Iterator[str]:
    """A dashboard with one seat."""
    with dashboard(COMMAND, cwd=ROOT, env=os.environ | {"MBC_SEATS": "1"}) as url:
        yield url


def get(url: str) -> tuple[int, dict[str, str], str]:
    request = urllib.request.Request(url)  # noqa: S310 - a server of this test
    try:
        with urllib.request.urlopen(request, timeout=WAIT) as answer:  # noqa: S310
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


def kernel(page: str) -> str:
    found = re.search(r'"kernelId": "([\w-]+)"', page)
    assert found
    return found[1]


def test_a_full_room_says_so_and_a_left_page_frees_its_seat(small_room: str) -> None:
    status, headers, page = get(small_room + PAGE)
    assert status == 200
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "jsdelivr" not in page
    assert str(ROOT) not in page
    status, headers, words = get(small_room + PAGE)
    assert status == 503
    assert "room is full" in words
    assert headers["Retry-After"]
    leave = f"{small_room}voila/api/shutdown/{kernel(page)}"
    urllib.request.urlopen(leave, data=b"", timeout=WAIT).close()  # noqa: S310
    end = time.monotonic() + WAIT
    while (status := get(small_room + PAGE)[0]) == 503 and time.monotonic() < end:
        time.sleep(0.5)
    assert status == 200


@pytest.mark.parametrize(
    "path", ["voila/files/dashboard.ipynb", "voila/files/../pyproject.toml", "api/kernels", "api/contents"]
)
def test_no_file_and_no_list_is_given_away(small_room: str, path: str) -> None:
    assert get(small_room + path)[0] in {302, 403, 404, 405}


def test_plotly_is_there_and_kept(small_room: str) -> None:
    status, headers, _ = get(f"{small_room}mbc/plotly/plotly.min.js?v=1")
    assert status == 200
    assert "immutable" in headers["Cache-Control"]


def test_a_taken_port_is_explained() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LaunchError, match=f"Port {port} is taken"):
            check_free(port, "127.0.0.1")


@pytest.mark.parametrize(("text", "number"), [("", 1), ("3", 3), ("0", 0), ("few", 1)])
def test_the_pool_is_read_from_the_environment(text: str, number: int) -> None:
    assert pool({"MBC_POOL": text}) == number


def test_kernels_that_wait_for_a_visitor_take_no_seat_and_a_visit_on_its_way_does() -> None:
    room, kernels = Seats(), ["waits"]
    room.started("waits", for_pool=True)
    assert room.taken(kernels) == 0
    with room.visit():
        assert room.taken(kernels) == 1
        room.came("waits")
        kernels.append("next")
        room.started("next", for_pool=True)  # the pool is filled again
        assert room.taken(kernels) == 1
    assert room.taken(kernels) == 1
    with room.visit():
        kernels.append("own")
        room.started("own", for_pool=False)  # the pool was empty
        assert room.taken(kernels) == 2
    assert room.taken(kernels) == 2
    kernels.remove("own")
    assert room.taken(kernels) == 1


@pytest.mark.parametrize(("text", "number"), [("", 40), ("7", 7), ("0", 0), ("many", 40), ("-1", 40)])
def test_seats_are_read_from_the_environment(text: str, number: int) -> None:
    assert seats({"MBC_SEATS": text}) == number


def test_the_checkout_shows_its_own_notebook() -> None:
    assert find_notebook() == ROOT / "notebooks" / "dashboard.ipynb"


def test_the_interface_is_not_loaded_with_the_package() -> None:
    ask = "import sys, mbc_widgets; mbc_widgets.look; print('ipywidgets' in sys.modules)"
    said = subprocess.check_output([sys.executable, "-c", ask], cwd=ROOT, text=True)
    assert said.strip() == "False"


def test_asset_folder_holds_what_voila_needs() -> None:
    template = Path(ROOT, "mbc_widgets/assets/voila/share/voila/templates/mbc/index.html.j2")
    text = template.read_text(encoding="utf-8")
    assert "jsdelivr" not in text
    assert "http" not in re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)

"""The example for nginx as it stands, with the real nginx before something that stands for the hub: the step `nginx`."""

import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from threading import Event, Thread
from typing import Any

import pytest
import yaml
from tornado import ioloop, web, websocket
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.nginx import NGINX, WayIn, prepared, running
from tests.serving import free_port

SCRIPT = b"let much = 'the same again'; " * 500


class Behind(web.RequestHandler):
    """Stands for the hub: says what reached it."""

    def get(self, path: str) -> None:
        if path.startswith("hub/static/"):
            self.set_header("Content-Type", "application/javascript")
            self.finish(SCRIPT)
        else:
            self.finish(
                {"host": self.request.host, "scheme": self.request.headers.get("X-Forwarded-Proto"), "long": "x" * 5000}
            )

    post = get


class Echo(websocket.WebSocketHandler):
    """Stands for a kernel: says the same again."""

    def on_message(self, message: str | bytes) -> None:
        self.write_message(message)


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> tuple[WayIn, int]:
    """The example, and the port of what stands for the hub."""
    behind = free_port()
    return prepared(tmp_path_factory.mktemp("nginx"), hub=behind, board=behind), behind


def test_nginx_reads_the_example(nginx: tuple[WayIn, int]) -> None:
    command = [NGINX, "-t", "-c", nginx[0].configuration]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


@pytest.fixture(scope="module")
def way(nginx: tuple[WayIn, int]) -> Iterator[WayIn]:
    """Nginx runs, and what stands for the hub behind it."""
    loop, listens = ioloop.IOLoop(make_current=False), Event()

    def serve() -> None:
        application = web.Application([(r"/user/anna/api/kernels/1/channels", Echo), (r"/(.*)", Behind)])
        application.listen(nginx[1], "127.0.0.1")
        listens.set()

    loop.add_callback(serve)
    thread = Thread(target=loop.start, daemon=True)
    thread.start()
    assert listens.wait(20)
    with running(nginx[0]):
        yield nginx[0]
    loop.add_callback(loop.stop)
    thread.join(5)


class TestWayIn:
    def test_who_comes_without_tls_is_sent_on(self, way: WayIn) -> None:
        answer = ask(way, "http", "/hub/login")
        assert answer.status == 308
        assert answer.headers["Location"] == "https://class.example.org/hub/login"

    def test_the_hub_hears_the_name_and_that_there_was_tls(self, way: WayIn) -> None:
        told = yaml.safe_load(ask(way, "https", "/hub/home").read())
        assert told["host"].startswith("class.example.org")
        assert told["scheme"] == "https"

    def test_headers_of_safety_are_there(self, way: WayIn) -> None:
        headers = ask(way, "https", "/hub/home").headers
        assert "max-age" in headers["Strict-Transport-Security"]
        assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
        assert headers.get_all("Referrer-Policy") == ["same-origin"]
        assert "1." not in headers["Server"]

    def test_files_are_compressed_and_pages_with_a_token_are_not(self, way: WayIn) -> None:
        script, page = (ask(way, "https", path) for path in ("/hub/static/script.js", "/hub/home"))
        assert script.headers["Content-Encoding"] == "gzip"
        assert len(script.read()) < len(SCRIPT) / 10
        assert page.headers["Content-Encoding"] is None

    def test_a_name_that_is_not_ours_gets_nothing(self, way: WayIn) -> None:
        assert ask(way, "https", "/hub/home", host="else.example.org").status == 421

    def test_a_websocket_goes_through(self, way: WayIn) -> None:
        async def echo() -> str | bytes | None:
            address = f"wss://127.0.0.1:{way.secret}/user/anna/api/kernels/1/channels"
            headers = {"Host": "class.example.org", "Origin": "https://class.example.org"}
            line = await websocket_connect(HTTPRequest(address, headers=headers, validate_cert=False))
            await line.write_message("are you there?")
            return await line.read_message()

        assert ioloop.IOLoop(make_current=False).run_sync(echo, timeout=10) == "are you there?"

    @pytest.mark.parametrize("path", ["/hub/login", "/hub/api/users/anna/tokens"])
    def test_a_class_logs_in_at_once_and_guessing_passwords_is_slowed_down(self, way: WayIn, path: str) -> None:
        assert {ask(way, "https", "/hub/login").status for _ in range(20)} == {200}  # to look at the page is no try
        guesses = 0
        while ask(way, "https", path, data=b"username=anna").status != HTTPStatus.TOO_MANY_REQUESTS:
            guesses += 1
            assert guesses < 5000
        assert guesses >= 400 or path != "/hub/login"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def ask(way: WayIn, scheme: str, path: str, host: str = "class.example.org", data: bytes | None = None) -> Any:
    """Give the answer of nginx, whatever it is."""
    port = way.plain if scheme == "http" else way.secret
    context = ssl.create_default_context(cafile=way.certificate)
    opener = urllib.request.build_opener(_Stay, urllib.request.HTTPSHandler(context=context))
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{scheme}://localhost:{port}{path}", headers={"Host": host, "Accept-Encoding": "gzip"}, data=data
    )
    try:
        return opener.open(request, timeout=10)
    except urllib.error.HTTPError as error:
        return error

"""What of deploy/ can be held without a hub, without root and in seconds; the rest is `make test-class`."""

import ast
import os
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import yaml
from tornado import ioloop, web, websocket
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from tests.conftest import ROOT
from tests.nginx import HOW_TO_INSTALL, NGINX, WayIn, prepared, running
from tests.serving import free_port
from tests.test_house import LINES_OF_A_FUNCTION, LINES_OF_A_MODULE, functions, length

DEPLOY = ROOT / "deploy"
PROGRAMS = sorted(DEPLOY.glob("*.py"))
SCRIPT = b"let much = 'the same again'; " * 500


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_a_program_is_short_and_says_what_it_is_for(program: Path) -> None:
    assert ast.get_docstring(ast.parse(program.read_text(encoding="utf-8")))
    assert len(program.read_text(encoding="utf-8").splitlines()) <= LINES_OF_A_MODULE
    assert not [part.name for part in functions(program) if length(part) > LINES_OF_A_FUNCTION]


class TestLocks:
    def test_every_package_is_pinned_with_its_hash_and_no_address(self) -> None:
        text = (DEPLOY / "requirements.lock").read_text(encoding="utf-8")
        allowed = re.compile(r"[a-z0-9._-]+==\S+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|    #.*")
        assert not [line for line in text.splitlines() if not allowed.fullmatch(line)]

    def test_what_the_dashboard_shares_has_the_same_version_as_everywhere(self) -> None:
        pins = [
            set(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", place.read_text(encoding="utf-8"), re.MULTILINE))
            for place in (DEPLOY / "requirements.lock", ROOT / "requirements.lock")
        ]
        assert pins[1] <= pins[0], "make lock"

    def test_the_proxy_is_pinned_with_its_hashes_and_no_address(self) -> None:
        text = (DEPLOY / "proxy" / "package-lock.json").read_text(encoding="utf-8")
        packages = yaml.safe_load(text)["packages"]
        wanted = yaml.safe_load((DEPLOY / "proxy" / "package.json").read_text(encoding="utf-8"))["dependencies"]
        assert "resolved" not in text
        assert all("integrity" in each for name, each in packages.items() if name)
        assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted


class TestHubConfiguration:
    @pytest.fixture
    def config(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Config:
        """As for systemd, where nothing of JupyterHub is imported to read it."""
        monkeypatch.setenv("MBC_CLASS_HOME", str(tmp_path))
        monkeypatch.setenv("MBC_CLASS_SYSTEMD", "yes")
        return PyFileConfigLoader("jupyterhub_config.py", path=str(DEPLOY)).load_config()

    def test_only_the_class_comes_in(self, config: Config) -> None:
        assert config.PAMAuthenticator.allowed_groups == {"mbc-class"}
        assert "allow_all" not in config.PAMAuthenticator
        assert "allow_all" not in config.Authenticator

    def test_it_listens_on_this_machine_alone(self, config: Config) -> None:
        for address in (
            config.JupyterHub.bind_url,
            config.JupyterHub.hub_bind_url,
            config.ConfigurableHTTPProxy.api_url,
        ):
            assert address.startswith("http://127.0.0.1:")

    def test_systemd_limits_memory_and_processor(self, config: Config) -> None:
        assert config.JupyterHub.spawner_class == "systemd"
        assert config.Spawner.mem_limit == "2G"
        assert config.Spawner.cpu_limit == 1.0

    def test_the_dashboard_is_the_first_page(self, config: Config) -> None:
        assert config.JupyterHub.default_url.endswith("/dashboard")

    def test_the_culler_may_end_servers_and_see_no_more_than_that_needs(self, config: Config) -> None:
        (role,) = config.JupyterHub.load_roles
        assert role["services"] == ["idle-culler"]
        assert not [scope for scope in role["scopes"] if scope.startswith(("admin", "access", "users"))]


@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
def test_a_process_that_wants_more_memory_than_its_limit_gets_an_error() -> None:
    code = (
        "import resource; from limits import limits\n"
        "for which, most in limits(500_000_000).items(): resource.setrlimit(which, (most, most))\n"
        "try: bytearray(600_000_000)\nexcept MemoryError: print('refused')\n"
        "print(len(bytearray(100_000_000)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=DEPLOY, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused", "100000000"]


# The keys of the chart that our values use, each read in its schema (version 4.4.0). The chart is not ours to keep here: `make test-cluster`
# lets helm render all of it.
CHART = {
    "hub": ["config", "extraConfig", "concurrentSpawnLimit", "activeServerLimit", "resources"],
    "proxy": ["https", "chp"],
    "proxy.https": ["enabled", "hosts", "letsencrypt"],
    "proxy.chp": ["resources"],
    "singleuser": [
        *["image", "cmd", "extraEnv", "memory", "cpu", "startTimeout", "storage", "networkPolicy", "cloudMetadata"],
        *["allowPrivilegeEscalation", "uid", "fsGid"],
    ],
    "singleuser.image": ["name", "tag"],
    "singleuser.memory": ["guarantee", "limit"],
    "singleuser.cpu": ["guarantee", "limit"],
    "singleuser.storage": ["capacity", "dynamic"],
    "singleuser.networkPolicy": ["enabled", "egressAllowRules"],
    "cull": ["enabled", "timeout", "every", "maxAge"],
    "scheduling": ["userScheduler", "userPlaceholder", "podPriority"],
    "prePuller": ["hook", "continuous"],
}


class TestClusterValues:
    @pytest.fixture
    def values(self) -> dict[str, Any]:
        found: dict[str, Any] = yaml.safe_load((DEPLOY / "kubernetes" / "values.yaml").read_text(encoding="utf-8"))
        return found

    def test_every_key_is_one_of_the_chart(self, values: dict[str, Any]) -> None:
        assert not set(values) - {name for name in CHART if "." not in name}
        for name, keys in CHART.items():
            part = values
            for step in name.split("."):
                part = part[step]
            assert not set(part) - set(keys), name

    def test_a_student_has_the_same_server_as_on_one_machine(self, values: dict[str, Any]) -> None:
        files = [each.removeprefix("--config=") for each in values["singleuser"]["cmd"][1:]]
        assert all((ROOT / name.removeprefix("/opt/mbc-class/workbook/")).is_file() for name in files)
        assert values["singleuser"]["allowPrivilegeEscalation"] is False


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
    if not Path(NGINX).is_file():
        if os.environ.get("CI"):
            pytest.fail(HOW_TO_INSTALL)
        pytest.skip(HOW_TO_INSTALL)
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

"""What of deploy/ can be held without a hub, without root and in seconds; the rest is `make test-class`."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from tests.conftest import ROOT
from tests.test_house import LINES_OF_A_FUNCTION, LINES_OF_A_MODULE, functions, length

DEPLOY = ROOT / "deploy"
PROGRAMS = sorted(DEPLOY.glob("*.py"))


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

"""The example deploy/nginx.conf as it stands, but for ports, names and the certificate, with a nginx that is installed."""

import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT
from tests.serving import free_port, stop

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
EXAMPLE = ROOT / "deploy" / "nginx.conf"
HOW_TO_INSTALL = "nginx is missing: apt install nginx-light"
STARTS_WITHIN = 20.0  # seconds
MAIN = """daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{ access_log off; gzip on; {places}
{example}
}}
"""


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """Where nginx has its files and listens: without TLS, and with it."""

    folder: Path
    plain: int
    secret: int

    @property
    def certificate(self) -> str:
        """The file of the certificate, which signed itself."""
        return str(self.folder / "class.pem")

    @property
    def configuration(self) -> str:
        """The file that nginx reads."""
        return str(self.folder / "nginx.conf")


def prepared(folder: Path, *, hub: int, board: int, names: dict[str, str] | None = None) -> WayIn:
    """Give the example, laid into `folder`, before a hub and a board on these ports; `names` replace those of the example (`class`, `board`)."""
    found = WayIn(folder=folder, plain=free_port(), secret=free_port())
    key = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(folder / "class.key"), "-out", found.certificate]
    names_of = "subjectAltName=DNS:class.example.org,DNS:board.example.org,DNS:localhost"
    make = ["openssl", "req", "-x509", *key, "-days", "1", "-subj", "/CN=class.example.org", "-addext", names_of]
    subprocess.run(make, check=True, capture_output=True)
    changes = {
        "#board ": "",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl;\n": "",
        "    listen [::]:443 ssl default_server;\n": "",
        "listen 80;": f"listen 127.0.0.1:{found.plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{found.secret} ssl",
        "/etc/ssl/mbc/": f"{folder}/",
        "127.0.0.1:900;": f"127.0.0.1:{hub};",
        "127.0.0.1:8866": f"127.0.0.1:{board}",
        **{f"{name}.example.org": to for name, to in (names or {}).items()},
    }
    example = EXAMPLE.read_text(encoding="utf-8")
    for before, after in changes.items():
        if before not in example:
            raise ValueError(f"deploy/nginx.conf: has no {before}")
        example = example.replace(before, after)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    Path(found.configuration).write_text(MAIN.format(folder=folder, places=places, example=example), encoding="utf-8")
    return found


@contextmanager
def running(way: WayIn) -> Iterator[int]:
    """Runs nginx; gives its process.

    Raises:
        RuntimeError: it does not answer.
    """
    server = subprocess.Popen([NGINX, "-c", way.configuration])
    try:
        end = time.monotonic() + STARTS_WITHIN
        while not takes_tls(way):
            if time.monotonic() > end or server.poll() is not None:
                raise RuntimeError(f"nginx does not answer.\n{(way.folder / 'error.log').read_text()}")
            time.sleep(0.05)
        yield server.pid
    finally:
        stop(server)


def takes_tls(way: WayIn) -> bool:
    """Whether nginx takes connections with its certificate."""
    try:
        ssl.get_server_certificate(("127.0.0.1", way.secret), timeout=5)
    except OSError:
        return False
    return True

"""What Binder does with this repository, without Binder: `make test-binder`.

A copy of what git tracks, a clean environment, binder/requirements.txt, binder/postBuild, then binder/start with Jupyter's server
below an address of its own and with a token. The dashboard and a lesson are opened in Chromium through Voila, and JupyterLab is
asked for. What it cannot show: Binder's image (its Python, its JupyterHub) and its network.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from hatch_build import tracked
from tests.browser.conftest import BOARD, DRAWN_WITHIN, Seen, watch
from tests.chromium import ARGUMENTS, HOW_TO_INSTALL, find_chromium
from tests.conftest import ROOT
from tests.installing import elsewhere
from tests.serving import free_port, serving

TOKEN, BASE = "a-visitor", "/user/somebody/"  # as Binder gives each visitor
ENDS_WITHIN = 20.0  # seconds
EXERCISE = ".mbc .exercise"


def main() -> int:
    """Install, build, start and look; give 0 when the pages are there."""
    browser = find_chromium()
    if browser is None:
        print(f"!!! NO BROWSER FOUND. {HOW_TO_INSTALL}")
        return 1
    with tempfile.TemporaryDirectory(prefix="mbc-binder-") as folder:
        repository, venv = Path(folder) / "repository", Path(folder) / "venv"
        copy_tracked(repository)
        environment = installed(repository, venv)
        look(repository, environment, browser)
    print("Binder's files: installed, built, started; dashboard, lesson and JupyterLab are there.")
    return 0


def copy_tracked(repository: Path) -> None:
    """Copy what git tracks, as Binder clones it."""
    for name in tracked(ROOT):
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, repository / name)


def installed(repository: Path, venv: Path) -> dict[str, str]:
    """Give the environment variables of a clean environment with exactly what binder/ asks for."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    environment = elsewhere() | {"PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}", "VIRTUAL_ENV": str(venv)}
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    requirements = ["install", "--no-cache-dir", "-r", "binder/requirements.txt"]
    subprocess.run([*pip, *requirements], cwd=repository, env=environment, check=True)
    subprocess.run([str(repository / "binder" / "postBuild")], cwd=repository, env=environment, check=True)
    subprocess.run([*pip, "check"], cwd=repository, env=environment, check=True)
    print(f"Installed and built in {time.perf_counter() - start:.0f} s.", flush=True)
    return environment


def look(repository: Path, environment: dict[str, str], browser: str) -> None:
    """Start Jupyter's server as Binder does and open the pages."""
    port = free_port()
    command = [
        str(repository / "binder" / "start"),
        "jupyter",
        "server",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--no-browser",
        "--allow-root",
    ]
    command += [f"--ServerApp.base_url={BASE}", f"--IdentityProvider.token={TOKEN}"]
    with (
        serving(command, port, cwd=repository, env=environment | {"HOME": str(repository.parent)}) as served,
        sync_playwright() as playwright,
    ):
        started = playwright.chromium.launch(executable_path=browser, args=ARGUMENTS)
        page = started.new_context(viewport={"width": 1440, "height": 900}).new_page()
        seen = watch(page)
        server = served.url.rstrip("/") + BASE
        opened(page, f"{server}voila/render/notebooks/dashboard.ipynb?token={TOKEN}", BOARD)
        opened(page, f"{server}voila/render/notebooks/02-endocrine.ipynb", EXERCISE)
        plotly = page.request.get(f"{server}mbc/plotly/plotly.min.js")
        assert plotly.ok, "the charts' library is not served"
        assert page.request.get(f"{server}lab").ok, "JupyterLab is not there"
        page.goto("about:blank")
        ended(page, f"{server}api/kernels")
        started.close()
        complaints(seen)


def opened(page: Page, address: str, shown: str) -> None:
    """Open a page until `shown` is drawn on it."""
    start = time.perf_counter()
    page.goto(address, wait_until="domcontentloaded", timeout=DRAWN_WITHIN)
    page.wait_for_selector(shown, timeout=DRAWN_WITHIN)
    print(
        f"{address.partition('?')[0].rpartition('/')[2]}: there after {time.perf_counter() - start:.1f} s.", flush=True
    )


def ended(page: Page, kernels: str) -> None:
    """Wait until the pages that were left have no kernel any more."""
    end = time.monotonic() + ENDS_WITHIN
    while left := page.request.get(kernels).json():
        assert time.monotonic() < end, f"{len(left)} kernels outlive their page"
        time.sleep(0.5)


def complaints(seen: Seen) -> None:
    """Fail when a page complained, or asked another machine for something else than MathJax.

    As an extension of Jupyter's server Voila names an address of MathJax on another machine to its pages; here the request is
    stopped, and the page is whole without it. `mbc dashboard` asks for none.
    """
    assert not [url for url in seen.outside() if "/mathjax/" not in url], seen.outside()
    assert not [error for error in seen.errors if "/mathjax/" not in error], seen.errors


if __name__ == "__main__":
    sys.exit(main())

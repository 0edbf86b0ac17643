"""The wheel alone shows the same page: no checkout, no network, an empty working folder."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import BOARD, DRAWN_WITHIN
from tests.conftest import ROOT
from tests.serving import PAGE, dashboard

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built offline with this environment's hatchling."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `mbc` command of a new environment that sees the dependencies but not the checkout.

    The dependencies come from this environment: its site-packages are named in a .pth file (whose
    own .pth files, and with them an editable install, are not read) and its Jupyter files linked.
    """
    venv = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    python = venv / "bin" / "python"
    here = sysconfig.get_paths()
    ask = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    purelib = subprocess.check_output([str(python), "-c", ask], text=True).strip()
    Path(purelib, "dependencies.pth").write_text(f"{here['purelib']}\n{here['platlib']}\n")
    (venv / "share").mkdir(exist_ok=True)
    (venv / "share" / "jupyter").symlink_to(Path(sys.prefix) / "share" / "jupyter")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "install", "-q", "--no-index", "--no-deps", "--ignore-installed", str(wheel)],
        check=True,
    )
    return venv / "bin" / "mbc"


def elsewhere() -> dict[str, str]:
    """This process's environment without its ways to the checkout."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def test_wheel_carries_what_the_page_needs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shipped = [name for name in names if name.startswith("mbc_widgets/_shipped/")]
    assert len([name for name in shipped if "/knowledge-" in name]) == 1
    assert [name for name in names if name.startswith("mbc_widgets/assets/esm/")]
    assert "mbc_widgets/_shipped/notebooks/dashboard.ipynb" in shipped
    assert [name for name in names if name.endswith("jupyter_server_config.d/mbc_widgets.json")]
    assert not [name for name in names if "checkpoint" in name or "__pycache__" in name]


def test_installed_package_is_the_wheel_and_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    ask = "import mbc_widgets; print(mbc_widgets.__file__)"
    python = str(installed.parent / "python")
    file = subprocess.check_output([python, "-c", ask], cwd=tmp_path, env=elsewhere(), text=True)
    assert Path(file).is_relative_to(installed.parent.parent)


def test_installed_command_shows_the_page_from_an_empty_folder(installed: Path, tmp_path: Path, page: Page) -> None:
    with dashboard([str(installed)], cwd=tmp_path, env=elsewhere()) as url:
        page.goto(url + PAGE, wait_until="domcontentloaded", timeout=DRAWN_WITHIN)
        page.wait_for_selector(BOARD, timeout=DRAWN_WITHIN)
        page.goto("about:blank")  # a page that outlives its server would report the lost connection

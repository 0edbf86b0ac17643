"""The wheel alone shows the same page: no checkout, no network, an empty working folder."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import BOARD, DRAWN_WITHIN
from tests.installing import command, elsewhere
from tests.serving import PAGE, dashboard

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return command(tmp_path_factory.mktemp("installed"))


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

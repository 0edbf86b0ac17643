"""The wheel in an environment of its own: built, installed, and asked from a folder that is not the checkout."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.conftest import ROOT

NAMED = (
    "MBC_INSTALLED"  # an `mbc` that is installed already, with its locked dependencies: `make test-installed` names it
)


def build_wheel(folder: Path) -> Path:
    """The wheel of this checkout, built offline with this environment's hatchling."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = folder.glob("*.whl")
    return made


def install(wheel: Path, venv: Path) -> Path:
    """The `mbc` command of a new environment that sees the dependencies but not the checkout.

    The dependencies come from this environment: its site-packages are named in a .pth file (whose
    own .pth files, and with them an editable install, are not read) and its Jupyter files linked.
    """
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


def command(folder: Path) -> Path:
    """The installed `mbc`: the one that is named, or one made in `folder`."""
    named = os.environ.get(NAMED)
    return Path(named) if named else install(build_wheel(folder), folder / "venv")


def elsewhere() -> dict[str, str]:
    """This process's environment without its ways to the checkout."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

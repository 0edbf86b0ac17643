"""Makes .venv hold what a lock file pins, and does nothing when it already does.

    python3 tools/env.py requirements.lock        # what the dashboard and JupyterLab need
    python3 tools/env.py requirements-dev.lock    # that and what the tests need

Both locks pin the same versions, so the second also serves for the first. A stamp in .venv keeps
the hash of the locks and of pyproject.toml; when one changes, the packages are brought up to date.
The package itself is installed editable and without network: hatchling and editables are in both
locks. This gives the `mbc` command and JupyterLab's server extension in a checkout too.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
RUNTIME, DEV = "requirements.lock", "requirements-dev.lock"
OLDEST = (3, 11)
IS_NEW_ENOUGH = f"import sys; sys.exit(sys.version_info[:2] < {OLDEST})"


def main(arguments: list) -> None:
    """Brings .venv up to date for the lock file named in `arguments`."""
    if arguments not in ([RUNTIME], [DEV]):
        sys.exit(f"usage: python3 tools/env.py {RUNTIME}|{DEV}")
    lock = arguments[0]
    key = wanted_key()
    runs = python_runs()
    if runs and any(stamp(name) == key for name in (lock, DEV)):
        return
    if not runs:
        make_venv()
    print(f"Installing what {lock} pins into .venv; a minute or two the first time.", flush=True)
    pip("install", "--require-hashes", "-r", str(ROOT / lock))
    pip("install", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT))
    stamp_file(lock).write_text(key, encoding="utf-8")


def wanted_key() -> str:
    """The hash of everything that decides what is installed."""
    files = [ROOT / name for name in (RUNTIME, DEV, "pyproject.toml")]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def stamp_file(lock: str) -> Path:
    """The file that keeps what was installed last from `lock`."""
    return VENV / f"mbc-{lock}.stamp"


def stamp(lock: str) -> str:
    """What was installed last from `lock`, or nothing."""
    file = stamp_file(lock)
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def python_runs() -> bool:
    """Whether .venv has an interpreter that starts here and is new enough."""
    try:
        return subprocess.call([str(PYTHON), "-c", IS_NEW_ENOUGH]) == 0
    except OSError:
        return False


def make_venv() -> None:
    """Makes .venv anew with the Python that runs this file."""
    if sys.version_info[:2] < OLDEST:
        found, needed = (".".join(map(str, version[:2])) for version in (sys.version_info, OLDEST))
        sys.exit(
            f"This is Python {found}; the MBC workbook needs {needed} or newer.\n"
            "Name a newer one, for example: make PYTHON=python3.12 dashboard"
        )
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        sys.exit("No virtual environment was made. On Debian or Ubuntu: apt install python3-venv")


def pip(*arguments: str) -> None:
    """Runs pip inside .venv, quietly, and stops with a remedy when it fails."""
    quiet = ["--disable-pip-version-check", "--quiet", "--quiet"]  # errors only
    if subprocess.call([str(PYTHON), "-m", "pip", *quiet, *arguments]):
        sys.exit("pip did not finish (see above). Is this machine online? Then run make again.")


if __name__ == "__main__":
    main(sys.argv[1:])

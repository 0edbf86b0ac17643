"""What the measuring programs share: a server as its users have it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DASHBOARD = [sys.executable, "-m", "mbc_widgets", "dashboard", "--no-browser"]
OPENED_ONCE = "from mbc_widgets.widgets.study import StudyPage; StudyPage()"


def as_for_a_user(**more: str) -> dict[str, str]:
    """Give the environment of a server, with `more`; Python keeps its bytecode there, and the knowledge is compiled.

    Test runs often forbid bytecode, and every kernel would then compile the package anew.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | {"PYTHONPATH": str(ROOT)} | more
    subprocess.run([sys.executable, "-c", OPENED_ONCE], cwd=ROOT, env=environment, check=True)
    return environment


def keep(results: Path, page: list[str]) -> None:
    """Prints a page of results and writes it."""
    text = "\n".join(page)
    print(text)
    results.write_text(text, encoding="utf-8")

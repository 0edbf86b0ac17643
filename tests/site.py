"""The site, built once for the checks of a run."""

import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.conftest import ROOT

SITE = ROOT / "build" / "tested-site"


@cache
def built() -> Path:
    """Give the folder of the site, built anew from this checkout."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "site.py"), str(SITE)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return SITE

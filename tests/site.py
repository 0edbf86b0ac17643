"""The site, built once for the checks of a run."""

import hashlib
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.conftest import ROOT

FROM = ("mbc_widgets", "data", "notebooks", "tools")


@cache
def built() -> Path:
    """Give the folder of the site of this checkout, built anew when anything in it has changed."""
    site = ROOT / "build" / f"tested-site-{_digest()}"
    if not (site / "sw.js").is_file():
        command = [sys.executable, str(ROOT / "tools" / "site.py"), str(site)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return site


def _digest() -> str:
    listed = subprocess.check_output(
        [shutil.which("git") or "git", "ls-files", "-z", "-c", "-o", "--exclude-standard", "--", *FROM], cwd=ROOT
    )
    digest = hashlib.sha256()
    for name in sorted(listed.decode().strip("\0").split("\0")):
        if (ROOT / name).is_file():
            digest.update(name.encode() + b"\0" + hashlib.sha256((ROOT / name).read_bytes()).digest())
    return digest.hexdigest()[:16]

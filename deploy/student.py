"""Starts a student's own server; JupyterHub runs it under the student's account.

The first time, the student gets a copy of the notebooks to write in (`~/workbook`) with `data/`, shared and read-only, beside them.
After that the copy is the student's: only the link of the class (nbgitpuller) brings in what is new, and keeps what the student changed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mbc_widgets.knowledge import data_folder
from mbc_widgets.widgets.launch import prepare_environment
from mbc_widgets.widgets.places import VOILA


def leave_out() -> None:
    """Keeps jsonschema from reading a grammar of addresses (1.7 s), for a check of a format that no notebook has."""
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]


def main(*, copying: bool = False) -> None:
    """Runs the server until the hub ends it.

    Args:
        copying: its kernels are copies of this process as it is now, which must have read what they need (preloaded.py).
    """
    leave_out()
    os.umask(0o077)  # what a student writes is the student's alone
    os.environ["SHELL"] = (
        "/bin/bash"  # of a terminal in JupyterLab; the account itself has none, so nobody logs in past the hub
    )
    os.environ["JUPYTER_CONFIG_PATH"] = str(VOILA)
    prepare_environment()
    place = Path.home() / "workbook"
    if not (place / ".git").exists():
        give_copy(place)
    if copying:
        from mbc_widgets.widgets.copies import copy_this_process

        copy_this_process()
    from jupyterhub.singleuser import main as serve

    serve()


def give_copy(place: Path) -> None:
    """Makes the student's copy; an empty folder when the repository of the class cannot be read, so that the dashboard is there all the same."""
    repository, branch = os.environ["MBC_CLASS_REPOSITORY"], os.environ["MBC_CLASS_BRANCH"]
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".workbook-") as beside:
        whole = Path(beside) / "workbook"
        if subprocess.call(["git", "clone", "--quiet", "--branch", branch, repository, str(whole)]) == 0:
            if place.exists():  # what a student wrote while there was no copy
                shutil.copytree(place, whole, symlinks=True, dirs_exist_ok=True)
                shutil.rmtree(place)
            whole.rename(place)
        else:
            print(
                f"{repository}, branch {branch}: not read; {place} stays empty until the next start.", file=sys.stderr
            )
            place.mkdir(exist_ok=True)
    shared = data_folder()
    if shared and not (place / "data").exists():
        (place / "data").symlink_to(shared)


if __name__ == "__main__":
    main()

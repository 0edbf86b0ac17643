"""What a wheel carries beside the code: the compiled knowledge, the notebooks and the scenarios.

In: the checkout (or the unpacked sdist). Out: files under ``mbc_widgets/_shipped``, in the wheel
only. They are made in a temporary folder, so that no copy lies about in a checkout and goes stale
there; an editable install gets none and reads the checkout itself.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShippedFiles(BuildHookInterface[Any]):
    """The build hook that hatchling finds in this file."""

    _folder: str | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Makes the files and asks for them under ``mbc_widgets/_shipped``."""
        if version == "editable":
            return
        root = Path(self.root)
        self._folder = tempfile.mkdtemp(prefix="mbc-shipped-")
        shipped = Path(self._folder)
        compile_knowledge(root, shipped)
        copy_files(root, tracked(root, "notebooks", "*.ipynb"), shipped)
        copy_files(root / "data", tracked(root, "data/scenarios", "*.yaml"), shipped)
        build_data["force_include"][self._folder] = "mbc_widgets/_shipped"

    def finalize(
        self,
        version: str,  # noqa: ARG002 - the interface of the hook
        build_data: dict[str, Any],  # noqa: ARG002
        artifact_path: str,  # noqa: ARG002
    ) -> None:
        """Removes the temporary folder once the wheel is written."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def compile_knowledge(root: Path, shipped: Path) -> None:
    """Runs the compiler in a process of its own and insists on exactly one file.

    Raises:
        RuntimeError: the data did not compile, or not to one ``knowledge-<hash>.json``.
    """
    command = [sys.executable, "-m", "mbc_widgets", "build", "--output", str(shipped)]
    paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    made = list(shipped.glob("knowledge-*.json"))
    if done.returncode or len(made) != 1:
        raise RuntimeError(
            f"data/: did not compile to one knowledge-<hash>.json (exit {done.returncode}, "
            f"{len(made)} files). Run `python -m mbc_widgets check` and correct what it lists.\n"
            f"{done.stdout}{done.stderr}"
        )


def tracked(root: Path, folder: str, pattern: str) -> list[Path]:
    """Files under `folder` that belong to the project: those git tracks, or all without git.

    An sdist has no git and holds only what was tracked or new when it was made.
    """
    files = sorted((root / folder).rglob(pattern))
    files = [file for file in files if ".ipynb_checkpoints" not in file.parts]
    if not (root / ".git").exists():
        return files
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", folder],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    known = {root / name for name in listed if name}
    return [file for file in files if file in known]


def copy_files(base: Path, files: list[Path], target: Path) -> None:
    """Copies `files` to `target`, at the place they have below `base`."""
    for file in files:
        place = target / file.relative_to(base)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)

"""What the wheel and the sdist carry: files that belong to the project, and nothing that lies about beside them.

In: the names that git tracks, or `tracked.txt` in an unpacked sdist. Out: for the sdist those files and that list; for the
wheel the package, and under ``mbc_widgets/_shipped`` the compiled knowledge, the notebooks and the scenarios. The knowledge is
compiled from copies of tracked files alone. Everything is made in a temporary folder, so that no copy lies about in a checkout
and goes stale there; an editable install gets none and reads the checkout itself.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LIST = "tracked.txt"
CACHES = {"__pycache__", ".ipynb_checkpoints"}  # never wanted, even if somebody tracked one
SHIPPED = "mbc_widgets/_shipped"
ALSO = {"notebooks/": "notebooks/", "data/scenarios/": "scenarios/"}  # in the checkout: below SHIPPED
SUFFIXES = (".ipynb", ".yaml")
EDITION = {"data/CHANGELOG.md": "CHANGELOG.md", "data/datacite.json": "datacite.json"}
COMPILED = ("data/", "mbc_widgets/", "pyproject.toml")  # what the compiler and its hash read


class TrackedFiles(BuildHookInterface[Any]):
    """The build hook that hatchling finds in this file; `leave-out` of its table names what an sdist does without."""

    _folder: str | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Takes the choice of files into its own hands: none by hatchling's rules, every one by its name."""
        if version == "editable":
            return
        root = Path(self.root)
        names = tracked(root)
        self._folder = tempfile.mkdtemp(prefix="mbc-build-")
        made = Path(self._folder)
        left_out = tuple(self.config.get("leave-out", ()))
        chosen = of_sdist(root, names, left_out, made) if self.target_name == "sdist" else of_wheel(root, names, made)
        self.build_config.set_exclude_all()
        build_data["force_include"].clear()
        build_data["force_include"].update((str(chosen[place]), place) for place in sorted(chosen))

    def finalize(
        self,
        version: str,  # noqa: ARG002 - the interface of the hook
        build_data: dict[str, Any],  # noqa: ARG002
        artifact_path: str,  # noqa: ARG002
    ) -> None:
        """Removes the temporary folder once the archive is written."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def tracked(root: Path) -> list[str]:
    """Give the names of the files that belong to the project: by git, by the list in an sdist, or (an unpacked archive of a forge) all.

    Raises:
        RuntimeError: this is a clone, and git does not answer.
    """
    if (root / ".git").exists():
        names = listed_by_git(root)
    elif (root / LIST).is_file():
        names = (root / LIST).read_text(encoding="utf-8").splitlines()
    else:
        files = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
        names = [file.as_posix() for file in files if not any(is_hidden(part) for part in file.parts[:-1])]
    return sorted(name for name in names if (root / name).is_file() and not CACHES.intersection(name.split("/")))


def is_hidden(folder: str) -> bool:
    """Say whether a folder is one that tools make for themselves: `.venv`, `.git`, `.mypy_cache`."""
    return folder.startswith(".") and folder not in {".ci", ".github"}


def listed_by_git(root: Path) -> list[str]:
    """Give what the index of git names.

    Raises:
        RuntimeError: git is missing, or refuses.
    """
    command = ["git", "ls-files", "-z"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", "") or str(error)
        raise RuntimeError(
            f"{root}: what belongs to the project is what git tracks, and git does not tell: {said.strip()}. "
            "Install git (or follow its advice above), or build from the sdist, which carries the list."
        ) from error
    return [name for name in done.stdout.split("\0") if name]


def of_sdist(root: Path, names: list[str], left_out: tuple[str, ...], made: Path) -> dict[str, Path]:
    """Give the files of the sdist by their place in it: the tracked ones, and the list of them."""
    kept = [name for name in names if not name.startswith(left_out)]
    (made / LIST).write_text("".join(f"{name}\n" for name in kept), encoding="utf-8", newline="\n")
    return {name: root / name for name in kept} | {LIST: made / LIST}


def of_wheel(root: Path, names: list[str], made: Path) -> dict[str, Path]:
    """Give the files of the wheel by their place in it."""
    chosen = {name: root / name for name in names if name.startswith("mbc_widgets/")}
    for folder, place in ALSO.items():
        inside = [name for name in names if name.startswith(folder) and name.endswith(SUFFIXES)]
        chosen |= {f"{SHIPPED}/{place}{name.removeprefix(folder)}": root / name for name in inside}
    chosen |= {f"{SHIPPED}/{place}": root / name for name, place in EDITION.items() if name in names}
    knowledge = compile_knowledge(root, [name for name in names if name.startswith(COMPILED)], made)
    return chosen | {f"{SHIPPED}/{knowledge.name}": knowledge}


def compile_knowledge(root: Path, names: list[str], made: Path) -> Path:
    """Give the one compiled file, made by the compiler in a process and a folder of its own.

    Raises:
        RuntimeError: the data did not compile, or not to one ``knowledge-<hash>.json``.
    """
    copy, output = made / "copy", made / "knowledge"
    for name in names:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, copy / name)
    command = [sys.executable, "-m", "mbc_widgets", "build", "--output", str(output)]
    paths = [str(copy), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    found = list(output.glob("knowledge-*.json"))
    if done.returncode or len(found) != 1:
        raise RuntimeError(
            f"data/: did not compile to one knowledge-<hash>.json (exit {done.returncode}, "
            f"{len(found)} files). Run `python -m mbc_widgets check` and correct what it lists.\n"
            f"{done.stdout}{done.stderr}"
        )
    return found[0]

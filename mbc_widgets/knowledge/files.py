"""Find, make and load the compiled file."""

import os
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path

from mbc_widgets.knowledge.reading import read
from mbc_widgets.knowledge.whole import Knowledge

PACKAGE = Path(__file__).parent.parent


def data_folder() -> Path | None:
    """Give the YAML folder of a checkout, or None when only the shipped compiled file is there."""
    checkout = PACKAGE.parent
    return checkout / "data" if (checkout / "pyproject.toml").is_file() and (checkout / "data").is_dir() else None


@cache
def load(folder: Path | None = None) -> Knowledge:
    """Give the knowledge of `folder` (or of this installation), compiling it first when its content is new.

    Raises:
        compiler.DataError: the data has problems; all are listed.
        FileNotFoundError: neither a data folder nor a shipped file is there.

    """
    folder = folder or data_folder()
    return read(compiled_bytes(folder) if folder is not None else _shipped().read_bytes())


def knowledge_key() -> str:
    """Give the key of this installation's knowledge: that of the checkout's data folder, or that which names the shipped file.

    Raises:
        FileNotFoundError: neither is there.

    """
    folder = data_folder()
    return content_key(folder) if folder is not None else _shipped().stem.removeprefix("knowledge-")


def _shipped() -> Path:
    found = sorted((PACKAGE / "_shipped").glob("knowledge-*.json"))
    if not found:
        message = "no knowledge found: neither a data/ folder nor a shipped file; install the package again"
        raise FileNotFoundError(message)
    return found[-1]


def compiled_bytes(folder: Path) -> bytes:
    """Read the compiled file of this very content, or make it (written to a temporary name, then renamed)."""
    name = f"knowledge-{content_key(folder)}.json"
    places = [
        folder / ".compiled",
        Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "mbc-widgets",
    ]
    for place in places:
        if (place / name).is_file():
            return (place / name).read_bytes()
    from mbc_widgets.compiler import compile_folder

    compiled = compile_folder(folder)
    for place in places:
        try:
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=place, delete=False) as file:
                file.write(compiled)
            Path(file.name).replace(place / name)
            _forget_old(place, name)
        except OSError:
            continue
        break
    return compiled


def _forget_old(place: Path, name: str, keep: int = 5) -> None:
    old = sorted(place.glob("knowledge-*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in old[keep:]:
        if path.name != name:
            path.unlink(missing_ok=True)


def content_key(folder: Path) -> str:
    """Give the key of a data folder: a hash of the names and bytes of its YAML and of the code that compiles it."""
    digest = sha256()
    code = [
        *(PACKAGE / "compiler").glob("*.py"),
        *(PACKAGE / "records").glob("*.py"),
        PACKAGE / "conditions.py",
    ]
    named = [(path.relative_to(folder), path) for path in sorted(folder.rglob("*.yaml"))]
    for name, path in [*named, *((path.name, path) for path in sorted(code))]:
        digest.update(str(name).encode())  # the folder says what a file holds
        digest.update(path.read_bytes())
    return digest.hexdigest()[:20]

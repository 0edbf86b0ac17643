"""Builds the workbook as a folder of files that any file server can hand out, and that works without network: `make site`.

In: the checkout, and Pyodide, a Python that runs in a browser, from the npm registry (the only thing that is fetched, and only when it is
built). Out: build/site. Nothing in it asks for anything outside the folder.
"""

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from mbc_widgets.figures.index import index  # noqa: E402
from mbc_widgets.knowledge import PACKAGE, compiled_bytes, content_key, load  # noqa: E402
from mbc_widgets.widgets.assets import css, module  # noqa: E402
from mbc_widgets.widgets.maps import TEMPLATES, map_page, notebook_of  # noqa: E402
from tools.site_lessons import lesson_page  # noqa: E402

SITE = ROOT / "build" / "site"
KEPT = ROOT / "build" / "pyodide"
PYODIDE = "314.0.7"
# Of the archive in the npm registry: https://www.npmjs.com/package/pyodide
SHA512 = "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
STATIC = PACKAGE / "assets" / "site"
# Of the package, what a browser has no use for: other ways to show it, what needs YAML or a folder to write to, and NumPy alone.
LEFT_OUT = ("_shipped", "assets", "cli", "compiler", "sandbox", "widgets", "__main__.py", "strict_yaml.py")
HOW_TO_INSTALL = "The site needs Node.js and npm when it is built (https://nodejs.org, or the packages nodejs and npm of Debian and Ubuntu)."
VIEWS = ("page", "lesson", "board", "options", "evidence")


class SiteError(RuntimeError):
    """The site cannot be built; the message says what to do."""


def main(target: Path = SITE) -> None:
    """Builds the site into `target`, which is replaced as a whole.

    Raises:
        SiteError: what it is built with is missing.
    """
    if shutil.which("node") is None:
        raise SiteError(f"Node.js is not installed. {HOW_TO_INSTALL}")
    runtime = pyodide()
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        made = Path(folder) / "site"
        assets = made / "mbc"
        copy_runtime(runtime, assets)
        write_python(runtime, assets)
        write_views(assets)
        write_pages(made)
        write_worker(made)
        shutil.rmtree(target, ignore_errors=True)
        shutil.move(made, target)
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
    print(f"{target.relative_to(ROOT) if target.is_relative_to(ROOT) else target}: {size / 1e6:.1f} MB")


def pyodide() -> Path:
    """Give the folder of the runtime, fetched once and checked against its published digest.

    Raises:
        SiteError: npm is missing, does not answer, or gave another file.
    """
    archive = KEPT / f"pyodide-{PYODIDE}.tgz"
    if not archive.is_file():
        KEPT.mkdir(parents=True, exist_ok=True)
        npm = shutil.which("npm")
        if npm is None:
            raise SiteError(f"npm is not installed. {HOW_TO_INSTALL}")
        done = subprocess.run(
            [npm, "pack", "--silent", f"pyodide@{PYODIDE}"], cwd=KEPT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SiteError(f"npm could not fetch pyodide@{PYODIDE}: {done.stderr.strip() or done.stdout.strip()}")
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != SHA512:
        archive.unlink()
        raise SiteError(f"pyodide@{PYODIDE} is not the file that was checked: sha512 {digest}, expected {SHA512}.")
    with tarfile.open(archive) as packed:
        packed.extractall(KEPT, filter="data")
    return KEPT / "package"


def copy_runtime(runtime: Path, assets: Path) -> None:
    """Copies the core of Pyodide, and of the list of packages that could be fetched its head alone."""
    folder = assets / "pyodide"
    folder.mkdir(parents=True)
    for name in RUNTIME:
        shutil.copyfile(runtime / name, folder / name)
    listed = json.loads((runtime / "pyodide-lock.json").read_text(encoding="utf-8"))
    write(folder / "pyodide-lock.json", json.dumps({**listed, "packages": {}}).encode())


def write_python(runtime: Path, assets: Path) -> None:
    """Writes the package with its knowledge, and the part of the standard library that it needs, as byte code of the browser's Python."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        for file in sources():
            write(stage / "source" / file.relative_to(PACKAGE.parent), file.read_bytes())
        pack(runtime, stage)
        data = ROOT / "data"
        knowledge = stage / "workbook" / PACKAGE.name / "_shipped" / f"knowledge-{content_key(data)}.json"
        write(knowledge, compiled_bytes(data))
        write(assets / "workbook.zip", zipped(stage / "workbook"))
        write(assets / "pyodide" / "python_stdlib.zip", zipped(stage / "python"))


def sources() -> Iterable[Path]:
    """Give the modules that the browser needs."""
    for file in sorted(PACKAGE.rglob("*.py")):
        if file.relative_to(PACKAGE).parts[0] not in LEFT_OUT:
            yield file


# Pyodide in Node, with a folder of this machine as /stage.
IN_NODE = """
import { loadPyodide } from %(runtime)s;
import { readFileSync } from "node:fs";
const python = await loadPyodide();
python.FS.mkdirTree("/stage");
python.mountNodeFS("/stage", %(stage)s);
python.runPython(readFileSync(%(script)s, "utf8"));
process.exit(0);
"""


def pack(runtime: Path, stage: Path) -> None:
    """Runs site_pack.py by the browser's Python.

    Raises:
        SiteError: it did not pack.
    """
    places = {
        "runtime": (runtime / "pyodide.mjs").as_uri(),
        "stage": str(stage),
        "script": str(Path(__file__).with_name("site_pack.py")),
    }
    script = IN_NODE % {name: json.dumps(place) for name, place in places.items()}
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise SiteError(f"Python could not be packed for the browser: {done.stderr[-2000:]}")


def zipped(folder: Path) -> bytes:
    """Give all files of `folder` as a zip that is the same each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix())  # without the time of today
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes(), compresslevel=9)
    return packed.getvalue()


def write_views(assets: Path) -> None:
    """Writes the views, each as one module, the stylesheets, and what puts them on a page."""
    for name in VIEWS:
        write(assets / "views" / f"{name}.js", module(name).encode())
    write(assets / "views.css", css().encode())
    for sheet in (TEMPLATES / "static" / "reading.css", TEMPLATES / "frame.css"):
        shutil.copyfile(sheet, assets / sheet.name)
    for file in STATIC.iterdir():
        if file.suffix != ".j2" and file.name != "sw.js":
            shutil.copyfile(file, assets / file.name)


def write_pages(made: Path) -> None:
    """Writes the index, the dashboard, the lessons and their maps."""
    known = load()
    pages = Environment(loader=FileSystemLoader([TEMPLATES, STATIC]), autoescape=True)

    def page(place: str, template: str, **values: Any) -> None:
        base = "../" * len(Path(place).parts) or "./"
        text = pages.get_template(template).render(
            base=base, style=f"{base}mbc/reading.css", resources={"base_url": base}, **values
        )
        write(made / place / "index.html", with_slashes(text).encode())

    page("", "landing.html.j2", page=index(known))
    page("dashboard", "dashboard.html.j2")
    for number in known.lessons:
        page(f"lessons/{number}", "lesson_page.html.j2", **lesson_page(notebook_of(number)))
        paper = map_page(number, "../../../", known)
        write(made / "lessons" / str(number) / "map" / "index.html", with_slashes(paper).encode())


def with_slashes(page: str) -> str:
    """Give a page whose links name folders as folders, so that a file server need not send anybody on."""
    return re.sub(r'(href="[./]*(?:dashboard|lessons/\d+(?:/map)?))(?=["?#])', r"\1/", page)


def write_worker(made: Path) -> None:
    """Writes the list of all files for a place without network, under a name that changes with any of them."""
    files = sorted(file for file in made.rglob("*") if file.is_file())
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(made).as_posix().encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    names = [file.relative_to(made).as_posix().removesuffix("index.html") or "./" for file in files]
    worker = Environment(loader=FileSystemLoader(STATIC), autoescape=False).get_template("sw.js")  # noqa: S701 - a script
    write(made / "sw.js", worker.render(version=digest.hexdigest()[:16], files=json.dumps(names, indent=1)).encode())


def write(place: Path, content: bytes) -> None:
    """Writes a file, and the folders it lies in."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


if __name__ == "__main__":
    try:
        main(*map(Path, sys.argv[1:2]))
    except SiteError as error:
        sys.exit(str(error))

"""Packs Python for the site; run by the browser's own Python when the site is built, for byte code fits one version alone.

In: /stage/source, the modules of the workbook; the standard library as Pyodide ships it. Out: /stage/workbook, their byte code, and
/stage/python, that of the modules of the standard library that they need. Without it the browser would fetch three times as much of the
library, and compile it at every start.
"""

import ast
import importlib.util
import sys
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc
from pathlib import Path

STAGE = Path("/stage")
LIBRARY = f"/lib/python{sys.version_info.major}{sys.version_info.minor}.zip"
WITHOUT_DOCSTRINGS = 2


def byte_code(source: bytes, name: str) -> bytes:
    """Give a module as a file of byte code that is never compared with a source."""
    code = compile(source, name, "exec", dont_inherit=True, optimize=WITHOUT_DOCSTRINGS)
    return bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source), checked=False))


def imported(tree: ast.AST, name: str, *, is_package: bool) -> set[str]:
    """Give the modules that `tree` may import, as absolute names; for `from x import y` both x and x.y."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = name.split(".") if is_package else name.split(".")[:-1]
            above = parts[: len(parts) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            found |= {base, *(f"{base}.{each.name}" for each in node.names)}
    return found


def at_start(tree: ast.Module) -> ast.Module:
    """Give what runs when a module is imported: what stands in its functions, and what is for a module that is run, is left out."""
    tree.body = [node for node in tree.body if not (isinstance(node, ast.If) and "__main__" in ast.dump(node.test))]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [ast.Pass()]
    return tree


def with_parents(name: str) -> set[str]:
    """Give a module and the packages it lies in."""
    parts = name.split(".")
    return {".".join(parts[:length]) for length in range(1, len(parts) + 1)}


def needed(library: dict[str, tuple[str, bytes]], wanted: set[str]) -> set[str]:
    """Give the modules of the library that `wanted` import when they start, directly or not, and themselves."""
    done: set[str] = set()
    todo = [each for name in wanted for each in with_parents(name)]
    while todo:
        name = todo.pop()
        if name in done or name not in library:
            continue
        done.add(name)
        file, source = library[name]
        tree = at_start(ast.parse(source))
        names = imported(tree, name, is_package=file.endswith("__init__.py"))
        todo += [each for found in names for each in with_parents(found)]
    return done


def read_library() -> dict[str, tuple[str, bytes]]:
    """Give the modules of the standard library by name: their file and their source."""
    with zipfile.ZipFile(LIBRARY) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name.endswith(".py")}
    return {
        name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): (name, text)
        for name, text in files.items()
    }


def main() -> None:
    """Packs both."""
    library, wanted = read_library(), set(sys.modules)
    for file in sorted((STAGE / "source").rglob("*.py")):
        place = file.relative_to(STAGE / "source")
        name = ".".join(place.with_suffix("").parts).removesuffix(".__init__")
        source = file.read_bytes()
        wanted |= imported(ast.parse(source), name, is_package=file.name == "__init__.py")
        write(STAGE / "workbook" / place.with_suffix(".pyc"), byte_code(source, str(place)))
    for name in sorted(needed(library, wanted)):
        file, source = library[name]
        write(STAGE / "python" / Path(file).with_suffix(".pyc"), byte_code(source, file))


def write(place: Path, content: bytes) -> None:
    """Writes a file, and the folders it lies in."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


main()

"""House rules that no linter knows: sizes, docstrings, no clock, one list of dependencies."""

import ast
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PACKAGE = ROOT / "mbc_widgets"
MODULES = sorted(set(PACKAGE.rglob("*.py")) - set((PACKAGE / "assets").rglob("*.py")))
LOCKS = {"requirements.lock": ["checkout"], "requirements-dev.lock": ["checkout", "dev"]}

LINES_OF_A_MODULE = 400
LINES_OF_A_FUNCTION = 40  # without its docstring
LINES_OF_AN_INIT = 50
CLOCK = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.localtime",
    "time.time",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def functions(module: Path) -> list[Function]:
    return [node for node in ast.walk(tree(module)) if isinstance(node, Function)]


def length(function: Function) -> int:
    start = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None
    docstring = (start.end_lineno or start.lineno) - start.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def public_parts(body: list[ast.stmt]) -> list[ast.ClassDef | Function]:
    """Public classes and functions of a module, and the public methods of those classes."""
    found = []
    for node in body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            found.append(node)
            if isinstance(node, ast.ClassDef):
                found += public_parts(node.body)
    return found


def project() -> dict[str, list[str]]:
    """What pyproject.toml asks for: the runtime under "", then each extra."""
    return {"": table()["dependencies"], **table()["optional-dependencies"]}


def table() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def test_there_are_modules_to_look_at() -> None:
    assert MODULES


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
class TestModule:
    def test_is_short(self, module: Path) -> None:
        most = LINES_OF_AN_INIT if module.parent == PACKAGE and is_init(module) else LINES_OF_A_MODULE
        assert len(module.read_text(encoding="utf-8").splitlines()) <= most

    def test_has_short_functions(self, module: Path) -> None:
        long = {part.name: length(part) for part in functions(module)}
        assert not {name: n for name, n in long.items() if n > LINES_OF_A_FUNCTION}

    def test_documents_its_public_names(self, module: Path) -> None:
        assert ast.get_docstring(tree(module)), "no module docstring"
        silent = [part.name for part in public_parts(tree(module).body) if not is_documented(part)]
        assert not silent

    def test_reads_no_clock(self, module: Path) -> None:
        calls = [node.func for node in ast.walk(tree(module)) if isinstance(node, ast.Call)]
        dotted = [".".join(ast.unparse(call).split(".")[-2:]) for call in calls]
        assert not CLOCK.intersection(dotted), "the day is an argument"


def is_init(module: Path) -> bool:
    return module.name == "__init__.py"


def is_documented(part: ast.ClassDef | Function) -> bool:
    """A docstring, or the signature alone where it is an overload or overrides by decorator."""
    overloads = {"overload", "override", "typing.overload"}
    return bool(ast.get_docstring(part) or overloads.intersection(ast.unparse(mark) for mark in part.decorator_list))


def test_environment_file_asks_for_what_pyproject_asks_for() -> None:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    from_pip = next(part["pip"] for part in listed if isinstance(part, dict))
    lines = [line for line in [*listed, *from_pip] if isinstance(line, str)]
    assert versions([line for line in lines if line not in {"pip", "-e ."}]) == {
        **versions([line for group in project().values() for line in group]),
        "python": SpecifierSet(table()["requires-python"]),
    }


def versions(lines: list[str]) -> dict[str, SpecifierSet]:
    asked = {canonicalize_name(each.name): each.specifier for each in map(Requirement, lines)}
    return {name: specifier for name, specifier in asked.items() if name != "mbc-widgets"}


def test_binder_installs_the_runtime_lock_on_a_python_that_the_package_takes() -> None:
    folder = ROOT / "binder"
    lines = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == ["-r ../requirements.lock"]
    name, _, version = (folder / "runtime.txt").read_text(encoding="utf-8").strip().partition("-")
    assert name == "python"
    assert version in SpecifierSet(table()["requires-python"])
    assert all(os.access(folder / script, os.X_OK) for script in ("postBuild", "start"))


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_what_pyproject_asks_for(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE):
        pinned.setdefault(canonicalize_name(name), []).append(version)
    wanted = [line for group in ["", *LOCKS[lock]] for line in project()[group]]
    for ask in map(Requirement, wanted):
        if canonicalize_name(ask.name) != "mbc-widgets":
            versions = pinned.get(canonicalize_name(ask.name))
            assert versions, f"{ask.name} is in pyproject.toml and not in {lock}: make lock"
            assert all(version in ask.specifier for version in versions), f"{ask}: make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_address_and_no_folder(lock: str) -> None:
    allowed = re.compile(r"[a-z0-9._-]+==\S+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|    #.*")
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not [line for line in text.splitlines() if not allowed.fullmatch(line)]


def test_locks_agree_on_every_version() -> None:
    pins = [set(re.findall(r"^[a-z0-9._-]+==[^\s;\\]+", (ROOT / lock).read_text(), re.MULTILINE)) for lock in LOCKS]
    assert pins[0] <= pins[1]

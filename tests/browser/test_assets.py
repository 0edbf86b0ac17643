"""The ES modules and stylesheets: house rules that no linter of this project reads."""

import re
from pathlib import Path

import pytest

from mbc_widgets.widgets.assets import ASSETS, ESM, STYLES, css, module

FILES = sorted(ESM.glob("*.js"))
VIEWS = ["page", "board", "options", "outcomes", "evidence", "form"]
SPACE = "http://www.w3.org/2000/svg"  # the name of a language, never fetched


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_one_module_without_imports(view: str) -> None:
    text = module(view)
    assert not re.search(r"^\s*(import|export) (?!default)", text, re.MULTILINE)
    assert text.count("export default") == 1
    assert f"draw{view.capitalize()}" in text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
class TestFile:
    def test_is_short_and_says_what_it_is_for(self, file: Path) -> None:
        lines = file.read_text(encoding="utf-8").splitlines()
        assert len(lines) < 400
        assert lines[0].startswith("// ")

    def test_has_short_functions(self, file: Path) -> None:
        found = re.finditer(r"^(?:export )?function (\w+).*?^}$", file.read_text(), re.MULTILINE | re.DOTALL)
        assert not [each[1] for each in found if each[0].count("\n") >= 40]

    def test_asks_for_nothing_outside(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8").replace(SPACE, "")
        assert not re.search(r"https?://(?!\))|fetch\(|XMLHttpRequest|@import", text)

    def test_writes_no_html_from_text(self, file: Path) -> None:
        assert "innerHTML" not in file.read_text(encoding="utf-8")


def test_every_stylesheet_is_delivered_and_asks_for_nothing() -> None:
    assert {file.name for file in (ASSETS / "css").glob("*.css")} == set(STYLES)
    assert "url(" not in css()
    assert "@import" not in css()


def test_every_rule_stays_inside_the_view() -> None:
    text = re.sub(r"/\*.*?\*/", "", css(), flags=re.DOTALL)
    selectors = [each.strip() for each in re.findall(r"([^{};]+)\{", text)]
    rules = [each for each in selectors if not each.startswith("@")]
    assert rules
    outside = [each for each in rules if not each.startswith((".mbc", "html[data-mbc-theme"))]
    assert not outside


def test_colours_are_written_in_the_tokens_only() -> None:
    for name in STYLES[1:]:
        text = (ASSETS / "css" / name).read_text(encoding="utf-8")
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb\(", text), name

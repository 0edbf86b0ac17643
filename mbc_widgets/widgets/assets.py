"""Finds the ES modules and stylesheets of the package; anywidget takes one of each.

The files in `assets/esm` are plain ES modules that a page can import as they are. Joined, each
becomes a function of its own that gives back what it exports, so that names of one file never meet
those of another.
"""

import re
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).resolve().parent.parent / "assets"
ESM = ASSETS / "esm"
STYLES = (
    "tokens.css",
    "ui.css",
    "board.css",
    "study.css",
    "outcomes.css",
    "present.css",
    "case.css",
    "compare.css",
    "tools.css",
    "lesson.css",
)
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const) (\w+))", re.MULTILINE)
# Every visitor is sent the text; what only its readers here need is an eighth of it.
_FOR_READERS = re.compile(r"^\s*(?://.*|/\*(?s:.*?)\*/)?\n|^[ \t]+", re.MULTILINE)


@cache
def module(name: str) -> str:
    """Give one ES module with all that `esm/<name>.js` needs; its default export shows the view.

    The file must export `draw<Name>(view)`, or `mount<Name>(context)` where it needs nothing of what all views of the page share.
    """
    own = f"mount{name.capitalize()}"
    alone = own in _EXPORT.findall(_text(name))
    parts = [_as_function(each) for each in (_in_order(name) if alone else _in_order(name, "mount"))]
    shown = f"_{name}.{own}(context)" if alone else f"_mount.mount(context, _{name}.draw{name.capitalize()})"
    parts.append(f"const render = (context) => {shown};")
    parts.append("export default { render };\n")
    return "\n".join(parts)


@cache
def css(*names: str) -> str:
    """Give the stylesheet of all views, or the named parts of it; every rule is under `.mbc`."""
    text = "\n".join((ASSETS / "css" / name).read_text(encoding="utf-8") for name in names or STYLES)
    return _FOR_READERS.sub("", text)


def _in_order(*names: str) -> list[str]:
    """Give the files that `names` import, directly or not, and themselves; the imported first."""
    done: dict[str, None] = {}
    entered: set[str] = set()

    def visit(name: str) -> None:
        if name in entered:
            return
        entered.add(name)
        for _, needed in _IMPORT.findall(_text(name)):
            visit(needed)
        done[name] = None

    for name in names:
        visit(name)
    return list(done)


def _text(name: str) -> str:
    return (ESM / f"{name}.js").read_text(encoding="utf-8")


def _as_function(name: str) -> str:
    text = _IMPORT.sub(r"const {\1} = _\2;", _text(name))
    exported = ", ".join(_EXPORT.findall(text))
    return f"const _{name} = (() => {{\n{_FOR_READERS.sub('', _EXPORT.sub('', text))}return {{ {exported} }};\n}})();"

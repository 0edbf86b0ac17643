"""`mbc new`: start a file from its template, in the folder where it belongs, and overwrite nothing."""

import argparse
import re
from pathlib import Path

from mbc_widgets.cli.failure import Refused
from mbc_widgets.conditions import nearest
from mbc_widgets.knowledge import data_folder

FOLDERS = {
    "trial": "trials", "agent": "agents", "safety": "safety", "debate": "debates", "scenario": "scenarios", "curve": "curves",
    "realworld": "realworld", "teaching-case": "teaching-cases", "lesson": "lessons", "course": "course",
}  # fmt: skip
RULE_FOLDERS = ("hr-positive", "triple-negative", "any", "supportive")
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
LONGEST_ID = 80


def new(chosen: argparse.Namespace) -> None:
    """Copy the template of a kind to its place, with the id written into it.

    Raises:
        Refused: there is no checkout, the id is not one, or the file is already there.

    """
    folder = data_folder()
    if folder is None:
        raise Refused("templates are in a checkout; an installed package has no data folder")
    place, name = _place(folder, chosen.kind, chosen.id)
    text = (folder / "templates" / f"{chosen.kind}.yaml").read_text(encoding="utf-8")
    text = text.replace(f"new-{chosen.kind}", name)
    try:
        with place.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise Refused(f"{place}: is already there and was left as it is; choose another id or edit that file") from None
    except OSError as error:
        raise Refused(f"{place}: cannot be written ({error.strerror}); check the folder") from None
    print(f"{place}\nReplace its examples, then run `mbc check`.")


def _place(folder: Path, kind: str, given: str) -> tuple[Path, str]:
    """Give the path of the new file and its id."""
    *parents, stem = given.split("/")
    if kind == "rule" and (len(parents) != 1 or parents[0] not in RULE_FOLDERS):
        near = nearest(parents[0], RULE_FOLDERS) if parents else "."
        raise Refused(
            f"ID {given!r}: a rule needs its folder{near} Allowed: {', '.join(f'{name}/…' for name in RULE_FOLDERS)}"
        )
    if kind != "rule" and parents:
        raise Refused(f"ID {given!r}: no folder here; the file goes to data/{FOLDERS[kind]}/")
    if not KEBAB.fullmatch(stem) or len(stem) > LONGEST_ID:
        raise Refused(f"ID {given!r}: not an id; write lowercase words joined by hyphens, for example my-{kind}")
    parent = folder / "rules" / parents[0] if parents else folder / FOLDERS[kind]
    return parent / f"{stem}.yaml", "-".join([*parents, stem])

"""A lecturer's folder of panels: one CSV file for each case, found by the case's name. `mbc dashboard --panels FOLDER` names it."""

from dataclasses import replace
from pathlib import Path

from mbc_widgets.conditions import nearest
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.teaching.panel import MOST_LETTERS, Panel, PanelError, read_panel

PANELS = "MBC_PANELS"  # the variable of the environment that names the folder for the page
MOST_BYTES = 4 * MOST_LETTERS
BESIDE = {".md", ".txt"}  # a lecturer's own notes


def check_panels(folder: Path, knowledge: Knowledge) -> tuple[str, ...]:
    """Give the names of the cases that have a panel in the folder.

    Raises:
        PanelError: no folder, a file that is of no case, or one that cannot be used; all of it at once.

    """
    if not folder.is_dir():
        raise PanelError([f"{folder}: no folder; allowed: a folder with one CSV file for each case, <case>.csv"])
    problems: list[str] = []
    found: list[str] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.suffix.lower() in BESIDE:
            continue
        try:
            found.append(_case_of(path, knowledge))
            panel_of(found[-1], folder, knowledge)
        except PanelError as error:
            problems += error.problems
    if problems:
        raise PanelError(problems)
    return tuple(found)


def panel_of(case: str, folder: Path, knowledge: Knowledge) -> Panel | None:
    """Give the panel of a case in the folder; None where it has none.

    Raises:
        PanelError: what is wrong with its file, line by line.

    """
    path = folder / f"{case}.csv"
    if not path.is_file():
        return None
    if path.stat().st_size > MOST_BYTES:
        raise PanelError(
            [f"{path.name}: {path.stat().st_size} bytes; at most {MOST_BYTES}. Keep the rows of this case alone."]
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PanelError(
            [f"{path.name}: cannot be read ({error}); save it as CSV, UTF-8, from your spreadsheet"]
        ) from None
    panel = read_panel(path.name, text, knowledge)
    others = sorted({vote.case for vote in panel.votes} - {case})
    if others:
        raise PanelError(
            [f"{path.name}: case: has rows of {', '.join(others)}; allowed: {case}. Move them to {others[0]}.csv"]
        )
    return replace(panel, of_folder=True)


def _case_of(path: Path, knowledge: Knowledge) -> str:
    """Give the case that a file is of, by its name."""
    allowed = f"Allowed: {', '.join(f'{name}.csv' for name in knowledge.teaching_cases)}"
    if path.suffix != ".csv" or not path.is_file():
        raise PanelError([f"{path.name}: no CSV file; save the sheet as CSV, UTF-8. {allowed}"])
    if path.stem not in knowledge.teaching_cases:
        raise PanelError(
            [f"{path.name}: no case '{path.stem[:40]}'{nearest(path.stem, knowledge.teaching_cases)} {allowed}"]
        )
    return path.stem

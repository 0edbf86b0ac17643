"""Takes the pictures of docs/screenshots and writes the page that shows them: `make screenshots`.

Needs an installed Chromium or Chrome. The same patient, day and window each time, so that a picture changes only with the page.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.chromium import ARGUMENTS, HOW_TO_INSTALL, find_chromium  # noqa: E402
from tests.serving import PAGE, dashboard  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
BOARD = "[data-mbc='board'] :is(svg[role='group'], ol)"
WAIT = 60_000  # milliseconds
SCENARIO = "esr1-after-cdk46"


def mode(name: str) -> Callable[[Page], None]:
    """Give what opens a mode."""

    def act(page: Page) -> None:
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_function(
            "name => document.querySelector('.mbc .page')?.innerText && !document.querySelector('.busy')?.innerText",
            arg=name,
        )

    return act


def study(page: Page) -> None:
    """Leave the page as it opens."""


def lecture(page: Page) -> None:
    """Open Present and show two lines."""
    mode("Present")(page)
    page.locator("[data-mbc='present']").wait_for(timeout=WAIT)
    for key in ("1", "1", "1", "1", "4", "4", "5", "Space", "Space"):
        page.keyboard.press(key)


def outcomes(page: Page) -> None:
    """Wait for the simulation and show it."""
    page.locator("[data-mbc='verdict']").wait_for(timeout=WAIT)
    page.locator("[data-mbc='outcomes']").evaluate("section => section.scrollIntoView()")


class Picture(NamedTuple):
    """A picture: its file, what it shows in words, the window, the theme, and what a reader did before."""

    name: str
    says: str
    width: int
    height: int
    theme: str
    act: Callable[[Page], None]


PICTURES = (
    Picture(
        "study-1440",
        "Study: a patient on the left, candidate sequences to scale, options with reasons",
        1440,
        900,
        "light",
        study,
    ),
    Picture("study-dark", "The same, dark", 1440, 900, "dark", study),
    Picture("study-390", "The same on a phone", 390, 844, "light", study),
    Picture(
        "outcomes-1440",
        "Outcomes: survival and occupancy of two sequences, with what is not known",
        1440,
        900,
        "light",
        outcomes,
    ),
    Picture(
        "present-1920",
        "Present: one question, hands counted, an answer shown step by step",
        1920,
        1080,
        "light",
        lecture,
    ),
    Picture(
        "case-1440",
        "Case: commit to a line, a confidence and a reason before anything is revealed",
        1440,
        900,
        "light",
        mode("Case"),
    ),
    Picture(
        "compare-1440",
        "Compare: two days of the same patient, and which trial or label made the difference",
        1440,
        900,
        "light",
        mode("Compare"),
    ),
)


def main() -> None:
    """Take every picture and write docs/README.md."""
    path = find_chromium()
    if path is None:
        raise SystemExit(HOW_TO_INSTALL)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with dashboard([sys.executable, "-m", "mbc_widgets"], cwd=ROOT) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for picture in PICTURES:
            take(browser, f"{address}{PAGE}?scenario={SCENARIO}", picture)
            print(picture.name)
        browser.close()
    shown = [f"## {each.says}\n\n![{each.says}](screenshots/{each.name}.png)\n" for each in PICTURES]
    (ROOT / "docs" / "README.md").write_text(
        "\n".join(["# The dashboard in pictures\n\nTaken by `make screenshots`.\n", *shown]), encoding="utf-8"
    )


def take(browser: Browser, address: str, picture: Picture) -> None:
    """Take one picture with a fresh visitor."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        locale="en-GB",
        color_scheme="dark" if picture.theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address, timeout=WAIT)
    page.locator(BOARD).first.wait_for(timeout=WAIT)
    picture.act(page)
    page.wait_for_timeout(1500)  # what follows the first answer
    page.screenshot(path=FOLDER / f"{picture.name}.png")
    context.close()


if __name__ == "__main__":
    main()

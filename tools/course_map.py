"""Write docs/course/: each course map of data/course/ as a page; `make format` calls it."""

from pathlib import Path

from mbc_widgets.figures.course_map import page
from mbc_widgets.knowledge import load

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "course"


def main() -> None:
    """Write the page of every course map."""
    known = load()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, course in known.course_maps.items():
        (FOLDER / f"{name}.md").write_text(page(course, known), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Write the count of facts into README.md, between its two markers; `make format` calls it."""

import json
from pathlib import Path

from mbc_widgets.cli.fact_counts import facts, table
from mbc_widgets.compiler import compile_folder

ROOT = Path(__file__).parents[1]
START, END = "<!-- mbc check --evidence -->\n", "\n<!-- end -->"


def main() -> None:
    """Replace what stands between the markers."""
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    counted = table(list(facts(json.loads(compile_folder(ROOT / "data")))))
    readme.write_text(f"{before}{START}{counted}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

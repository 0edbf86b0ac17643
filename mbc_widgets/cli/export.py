"""`mbc export`: write the knowledge as tidy CSV tables, one row a fact."""

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

from mbc_widgets.cli.failure import Refused, knowledge
from mbc_widgets.cli.tables import TABLES, Row


def answer(chosen: argparse.Namespace) -> None:
    """Write every table to the folder; a table of an earlier export is replaced.

    Raises:
        Refused: the folder cannot be written.

    """
    known = knowledge()
    try:
        chosen.output.mkdir(parents=True, exist_ok=True)
        for name, table in TABLES.items():
            rows = list(table(known))
            _write(chosen.output / f"{name}.csv", rows)
            print(f"{chosen.output / name}.csv: {len(rows)} rows")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Refused(f"{chosen.output}: cannot be written ({reason}); choose another folder") from None


def _write(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]) if rows else [], lineterminator="\n")
        table.writeheader()
        table.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: object) -> str:
    """Give a value as text: nothing for None, no needless decimals, `; ` between several."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, tuple):
        return "; ".join(value)
    return str(value)

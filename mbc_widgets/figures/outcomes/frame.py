"""What every picture has: a title, a sentence, notes, and a table of the same rows."""

from collections.abc import Iterable, Sequence
from typing import Any

Figure = dict[str, Any]


def figure(
    title: str,
    sentence: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    notes: Iterable[str] = (),
    **drawn: Any,
) -> Figure:
    """Give a picture as plain data; `drawn` is what only the drawing needs."""
    table = {"columns": list(columns), "rows": [list(row) for row in rows]}
    return {"title": title, "sentence": sentence, "notes": [note for note in notes if note], "table": table, **drawn}


def months(value: float, digits: int = 0) -> str:
    """Give months as exactly as the Monte-Carlo error leaves them."""
    return f"{value:.{digits}f}"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Give "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}" if parts else ""

"""`mbc effects`: traps in reading time, each reproduced with its numbers."""

import argparse
import json
from typing import Any

from mbc_widgets.knowledge import load
from mbc_widgets.simulate.cited import Cited, Effect
from mbc_widgets.simulate.effects import effects


def answer(chosen: argparse.Namespace) -> None:
    """Print every effect with its question, its numbers in a sentence, its table, its limits and what was read."""
    found = effects(load())
    if chosen.json:
        print(json.dumps([_told(each) for each in found], indent=2, allow_nan=False))
    else:
        print("\n\n".join(map(_text, found)))


def _told(effect: Effect) -> dict[str, Any]:
    return {
        "id": effect.id,
        "title": effect.title,
        "question": effect.question,
        "sentence": effect.sentence,
        "rows": list(effect.rows),
        "numbers": dict(effect.numbers),
        "limits": list(effect.limits),
        "read": [{"what": figure.what, "figure": _figure(figure), "read": figure.read} for figure in effect.figures],
    }


def _text(effect: Effect) -> str:
    columns = list(dict.fromkeys(name for row in effect.rows for name in row))
    table = [
        "  " + " | ".join(columns),
        *("  " + " | ".join(_cell(row.get(name)) for name in columns) for row in effect.rows),
    ]
    limits = [f"  Limit: {limit}" for limit in effect.limits]
    read = [f"  Read: {figure.what} {_figure(figure)}, {figure.read}" for figure in effect.figures]
    return "\n".join([effect.title, effect.question, "", effect.sentence, "", *table, "", *limits, *read])


def _cell(value: Any) -> str:
    return "-" if value is None else str(value)


def _figure(figure: Cited) -> str:
    interval = f" ({figure.low:g} to {figure.high:g})" if figure.low is not None and figure.high is not None else ""
    return f"{figure.value:g}{interval} {figure.unit}"

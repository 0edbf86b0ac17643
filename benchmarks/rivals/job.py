"""The job that every rival does: the form of a patient, the answer of our engine, the board as a figure of plotly, the options as a list.

No framework is imported here, so that all of them do the same work; what is left to each is the form, the sending and the drawing.
"""

from dataclasses import dataclass
from typing import Any

from mbc_widgets.workbook import look, patient, scenario

SCENARIO = "esr1-after-cdk46"
TITLE = "Sequences"
# field -> its label and its states with their labels; no two labels are alike, so that a radio is found by its text
FIELDS: dict[str, tuple[str, dict[str, str]]] = {
    "er_percent": ("Oestrogen receptor", {"90": "ER 90 %", "5": "ER 5 %", "0": "ER 0 %"}),
    "pr_percent": ("Progesterone receptor", {"40": "PR 40 %", "0": "PR 0 %"}),
    "her2": ("HER2", {"zero": "HER2 0", "one_plus": "HER2 1+"}),
    "esr1": ("ESR1", {"mutated": "ESR1 mutated", "wild_type": "ESR1 not mutated"}),
    "pik3ca": ("PIK3CA", {"mutated": "PIK3CA mutated", "wild_type": "PIK3CA not mutated"}),
    "germline_brca": ("BRCA, germline", {"pathogenic": "BRCA pathogenic", "negative": "BRCA negative"}),
}
OF_SAMPLE = ("er_percent", "pr_percent", "her2")
FIRST = {
    "er_percent": "90",
    "pr_percent": "40",
    "her2": "one_plus",
    "esr1": "mutated",
    "pik3ca": "wild_type",
    "germline_brca": "negative",
}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a rival shows: bars as lane, start and length in months and name; options as regimen and verdict."""

    bars: list[tuple[str, float, float, str]]
    options: list[tuple[str, str]]


def answer(state: dict[str, str]) -> Answer:
    """Give the answer of the engine for a state of the form."""
    start, day, regulator = scenario(SCENARIO)
    raw = start.as_dict() | {name: value for name, value in state.items() if name not in OF_SAMPLE}
    *earlier, last = raw["receptor_samples"]
    found = {"er_percent": int(state["er_percent"]), "pr_percent": int(state["pr_percent"]), "her2": state["her2"]}
    view = look(patient(raw | {"receptor_samples": [*earlier, last | found]}), day=day, regulator=regulator)
    return Answer(
        bars=[
            (sequence.strategy.id, bar.start, bar.end - bar.start, bar.regimen)
            for sequence, lane in zip(view.sequences, view.lanes, strict=True)
            for bar in lane
        ],
        options=[(option.regimen.id, option.verdict) for option in view.options],
    )


def figure(found: Answer) -> dict[str, Any]:
    """Give the board as the JSON of a plotly figure."""
    lanes, starts, months, names = zip(*found.bars, strict=True)
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": lanes,
        "base": starts,
        "x": months,
        "text": names,
        "textposition": "inside",
        "marker": {"line": {"width": 1, "color": "white"}},
    }
    layout = {
        "height": 420,
        "barmode": "overlay",
        "margin": {"l": 160, "r": 10, "t": 10, "b": 40},
        "xaxis": {"title": {"text": "months"}},
        "yaxis": {"autorange": "reversed"},
    }
    return {"data": [bars], "layout": layout}


def listed(found: Answer) -> str:
    """Give the options as Markdown."""
    return "\n".join(f"- **{regimen}**: {verdict}" for regimen, verdict in found.options)

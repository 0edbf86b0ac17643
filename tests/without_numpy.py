"""Draws the outcomes of every scenario where only the standard library can be imported, and writes them as JSON.

Run as a script: python -m tests.without_numpy. What the page gets, the median survival with its error by each structure, and
whatever was imported beside the standard library.
"""

import json
import sys
from typing import Any

from tests.blocked import FOREIGN, block

BANDS_OF = ("esr1-after-cdk46", "tnbc-pdl1-positive", "frail-80")
CHOSEN = 2


def main() -> None:
    block()
    from mbc_widgets.figures.outcomes.names import FIRST
    from mbc_widgets.figures.outcomes.whole import Outcomes
    from mbc_widgets.knowledge import load
    from mbc_widgets.simulate.spread import spread_of
    from mbc_widgets.workbook import look, scenario

    found: dict[str, Any] = {}
    for name in load().scenarios:
        patient, day, regulator = scenario(name)
        maker = Outcomes(look(patient, day=day, regulator=regulator))
        steps = len([value for value in maker.shown(maker.letters[:CHOSEN], FIRST) if not value])
        spreads = {
            one.letter: {structure: spread_of(one.lane.deaths(structure)) for structure in one.lane.courses}
            for one in maker.candidates
        }
        found[name] = {
            "steps": steps,
            "shown": list(maker.shown(maker.letters))[-1],
            "bands": list(maker.bands(maker.letters[:CHOSEN]))[-1] if name in BANDS_OF else None,
            "medians": {
                letter: {structure: (each.median, each.standard_error) for structure, each in by.items()}
                for letter, by in spreads.items()
            },
        }
    imported = sorted({name.partition(".")[0] for name, module in sys.modules.items() if module} & set(FOREIGN))
    json.dump({"scenarios": found, "imported": imported}, sys.stdout)


if __name__ == "__main__":
    main()

"""Truth tables: patients or days as rows, regimens or groups as columns, the verdict in each cell.

Comes in: views by a name. Goes out: a pandas DataFrame; in a contract notebook it is printed and compared.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from mbc_widgets.conditions import nearest
from mbc_widgets.eligibility import NEEDS_TEST, NOT_NOW, NOT_OFFERED, OFFERED
from mbc_widgets.workbook import View

if TYPE_CHECKING:
    import pandas as pd

CELLS = {OFFERED: "offered", NEEDS_TEST: "test", NOT_NOW: "not now", NOT_OFFERED: "-"}
ORDER = tuple(CELLS)


def truth_table(views: Mapping[str, View], names: Iterable[str]) -> "pd.DataFrame":
    """Give the best verdict among the regimens that each name covers, one row a view.

    Args:
        views: views by the name of their row. names: ids of regimens or of groups of regimens, one column each.

    Raises:
        ValueError: a name is neither a regimen nor a group; the nearest one is named.

    """
    import pandas as pd

    columns = list(names)
    rows = {row: [_cell(view, name) for name in columns] for row, view in views.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _cell(view: View, name: str) -> str:
    covered = view.snapshot.knowledge.covered
    if name not in covered:
        message = f"'{name}' is neither a regimen nor a group{nearest(name, covered)}"
        raise ValueError(message)
    verdicts = {option.verdict for option in view.options if option.regimen.id in covered[name]}
    return next((CELLS[verdict] for verdict in ORDER if verdict in verdicts), CELLS[NOT_OFFERED])

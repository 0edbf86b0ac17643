"""The contract for programs: a `View` as one plain dict, in the shape of data/schema/mbc-plan-1.json.

`as_dict(view)` is the only place where this shape is made, `plan_schema()` the only place where it is described.
"""

from mbc_widgets.contract.plan import as_dict
from mbc_widgets.contract.schema import NAME, plan_schema

__all__ = ["NAME", "as_dict", "plan_schema"]

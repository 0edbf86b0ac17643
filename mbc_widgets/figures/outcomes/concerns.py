"""Which harms this patient already has or is prone to: a finding, and the events of trials that it meets.

Comes in: the name of an event, the findings of data/realworld/concerns.yaml, the values of the patient. Goes out: what lights it up.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mbc_widgets.conditions import holds
from mbc_widgets.records import Concern


def concerns(event: str, listed: Iterable[Concern], values: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the findings of this patient that an event meets; what nobody told lights nothing up."""
    name = event.casefold()
    return tuple(
        each.says for each in listed if any(word in name for word in each.events) and holds(each.when, values) is True
    )

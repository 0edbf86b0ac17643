"""From raw history to facts: the flat mapping over the vocabulary, the only thing that conditions read.

`facts(patient, snapshot)` derives everything once, in one place, by the definitions of that day; `after(facts, ...)`
carries the facts one planned line further without deriving the history anew. An absent key is unknown; what nobody
gave and the vocabulary assumes is listed in `assumed` and never presented as a finding.
"""

from mbc_widgets.facts.derive import Facts, facts, ovaries_of
from mbc_widgets.facts.lines import group_by_line
from mbc_widgets.facts.move import after, after_running_line

__all__ = ["Facts", "after", "after_running_line", "facts", "group_by_line", "ovaries_of"]

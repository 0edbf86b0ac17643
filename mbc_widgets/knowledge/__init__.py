"""Load the compiled knowledge and see it on a day.

`load()` gives the `Knowledge`; `Knowledge.on(day, regulator, body)` gives a `Snapshot` that holds only what was known, licensed
and recommended on that day. The compiled file is named by the hash of its sources, so it can never be stale; when it is
missing it is made, and only then YAML and pydantic are imported.
"""

from mbc_widgets.knowledge.bodies import ALL_BODIES, bodies_elsewhere, bodies_on, body_meant, opens
from mbc_widgets.knowledge.difference import (
    assumed_parts,
    differing,
    facts_alike,
    is_assumed,
    is_assumed_result,
    narrowed,
    touched,
)
from mbc_widgets.knowledge.files import PACKAGE, compiled_bytes, content_key, data_folder, knowledge_key, load
from mbc_widgets.knowledge.openers import asked_by, is_marketed, openers
from mbc_widgets.knowledge.reading import read
from mbc_widgets.knowledge.snapshot import Candidate, Held, Snapshot
from mbc_widgets.knowledge.whole import Knowledge

__all__ = [
    "ALL_BODIES",
    "PACKAGE",
    "Candidate",
    "Held",
    "Knowledge",
    "Snapshot",
    "asked_by",
    "assumed_parts",
    "bodies_elsewhere",
    "bodies_on",
    "body_meant",
    "compiled_bytes",
    "content_key",
    "data_folder",
    "differing",
    "facts_alike",
    "is_assumed",
    "is_assumed_result",
    "is_marketed",
    "knowledge_key",
    "load",
    "narrowed",
    "openers",
    "opens",
    "read",
    "touched",
]

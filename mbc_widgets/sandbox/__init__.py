"""What if the knowledge were otherwise: a student changes a copy of it and sees which answers flip and which tests break.

Comes in: a reason and changes of data files. Goes out: an `Assumed` with its own `knowledge`, for `look`. Whatever is shown
from it is drawn as an assumption; nothing is written to data/, and no page of the dashboard reads it.
"""

from mbc_widgets.sandbox.assume import Assumed, assume, try_assume
from mbc_widgets.sandbox.sources import AssumeError, find, source

__all__ = ["AssumeError", "Assumed", "assume", "find", "source", "try_assume"]

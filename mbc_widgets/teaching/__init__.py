"""Teaching cases at work: a learner commits, sees what the rules say of the choice and of the reason, and goes on.

Comes in: a case of `data/teaching-cases/` and what a learner committed. Goes out: `Progress` (a frozen value), `Feedback`,
`Concordance` (where a finding moves a line), a result code without an account, and a lecturer's own panel. Nothing here scores a
learner, and no expected answer is stored.
"""

from mbc_widgets.teaching.codes import CodeError, Result, Taken, decode, encode
from mbc_widgets.teaching.concordance import Concordance, Place, concordance
from mbc_widgets.teaching.feedback import Feedback, Seen, feedback, named, points_of, read_choice, reveal, unmet
from mbc_widgets.teaching.folder import PANELS, check_panels, panel_of
from mbc_widgets.teaching.panel import Panel, PanelError, Vote, read_panel
from mbc_widgets.teaching.progress import (
    CONFIDENCE,
    DEVIATIONS,
    OTHER,
    SCALE,
    SPECIAL,
    SUPPORT,
    TESTS,
    Commitment,
    Progress,
    TeachingError,
    case_of,
    choices_of,
    commit,
    deviate,
    next_decision,
    rate,
    restored,
    start,
)
from mbc_widgets.teaching.stages import patient_at, view_at

__all__ = [
    "CONFIDENCE",
    "DEVIATIONS",
    "OTHER",
    "PANELS",
    "SCALE",
    "SPECIAL",
    "SUPPORT",
    "TESTS",
    "CodeError",
    "Commitment",
    "Concordance",
    "Feedback",
    "Panel",
    "PanelError",
    "Place",
    "Progress",
    "Result",
    "Seen",
    "Taken",
    "TeachingError",
    "Vote",
    "case_of",
    "check_panels",
    "choices_of",
    "commit",
    "concordance",
    "decode",
    "deviate",
    "encode",
    "feedback",
    "named",
    "next_decision",
    "panel_of",
    "patient_at",
    "points_of",
    "rate",
    "read_choice",
    "read_panel",
    "restored",
    "reveal",
    "start",
    "unmet",
    "view_at",
]

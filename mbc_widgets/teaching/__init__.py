"""Teaching cases at work: a learner commits, sees what the rules say of the choice and of the reason, and goes on.

Comes in: a case of `data/teaching-cases/` and what a learner committed. Goes out: `Progress` (a frozen value), `Feedback`, a
result code without an account, and a lecturer's own panel. Nothing here scores a learner, and no expected answer is stored.
"""

from mbc_widgets.teaching.codes import CodeError, Result, Taken, decode, encode
from mbc_widgets.teaching.feedback import Feedback, Seen, feedback, named, points_of, read_choice, reveal, unmet
from mbc_widgets.teaching.folder import PANELS, check_panels, panel_of
from mbc_widgets.teaching.lessons import (
    LessonError,
    Marked,
    exercise_of,
    lesson_of,
    mark,
    person_of,
    result_of,
    retrieved,
    right_choices,
    unsound,
)
from mbc_widgets.teaching.panel import Panel, PanelError, Vote, read_panel
from mbc_widgets.teaching.progress import (
    CONFIDENCE,
    DEVIATIONS,
    OTHER,
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
    restored,
    start,
)
from mbc_widgets.teaching.stages import patient_at, view_at

__all__ = [
    "CONFIDENCE",
    "DEVIATIONS",
    "OTHER",
    "PANELS",
    "SPECIAL",
    "SUPPORT",
    "TESTS",
    "CodeError",
    "Commitment",
    "Feedback",
    "LessonError",
    "Marked",
    "Panel",
    "PanelError",
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
    "decode",
    "deviate",
    "encode",
    "exercise_of",
    "feedback",
    "lesson_of",
    "mark",
    "named",
    "next_decision",
    "panel_of",
    "patient_at",
    "person_of",
    "points_of",
    "read_choice",
    "read_panel",
    "restored",
    "result_of",
    "retrieved",
    "reveal",
    "right_choices",
    "start",
    "unmet",
    "unsound",
    "view_at",
]

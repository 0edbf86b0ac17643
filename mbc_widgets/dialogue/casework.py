"""The mode Case: what a learner does in a teaching case, as messages that move the state, and what the page shows of it.

`Casework` is a frozen part of the state and no step to undo: what was committed stays. The patient of Study is left as it is.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mbc_widgets import teaching
from mbc_widgets.dialogue.engine import Engine
from mbc_widgets.dialogue.memory import Memory, Step
from mbc_widgets.knowledge import load

LOADED, REMOVED = "The panel file is loaded.", "The panel file is taken out."


@dataclass(frozen=True, kw_only=True)
class Casework:
    """The open case, if any, the lecturer's panel, what is wrong with the last entry, and what was just done, in words."""

    progress: teaching.Progress | None = None
    panel: teaching.Panel | None = None
    field: str = ""
    problems: tuple[str, ...] = ()
    told: str = ""


def _work(memory: Memory) -> Casework:
    found = memory.now.case or Casework()
    return replace(found, field="", problems=(), told="")


def _with(memory: Memory, work: Casework) -> Memory:
    return replace(memory, now=replace(memory.now, case=work))


def _guarded(step: Step) -> Step:
    """Give the step that tells a learner what cannot be taken, instead of failing; what was typed stays on the page."""

    def guarded(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:
        try:
            return step(memory, message, engine)
        except teaching.TeachingError as error:
            return _with(memory, replace(_work(memory), field=error.field, problems=(str(error),)))
        except teaching.PanelError as error:
            return _with(memory, replace(_work(memory), field="panel", problems=error.problems))

    return guarded


def _open(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    progress = teaching.start(str(message["id"]), load())
    return _opened(memory, progress, "The case is open. Commit to a line.")


def _resume(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    progress = teaching.restored(message["saved"], load())
    return _opened(memory, progress, "Your case goes on where you left it.")


def _opened(memory: Memory, progress: teaching.Progress, told: str) -> Memory:
    """Give the memory with a case open, and with the lecturer's panel for it unless the reader has picked a file."""
    work = replace(_work(memory), progress=progress, told=told)
    folder = os.environ.get(teaching.PANELS)
    if not folder or (work.panel and not work.panel.of_folder):
        return _with(memory, work)
    try:
        panel = teaching.panel_of(progress.case, Path(folder), load())
    except teaching.PanelError as error:  # the case opens all the same
        return _with(memory, replace(work, panel=None, field="panel", problems=error.problems))
    return _with(memory, replace(work, panel=panel))


def _close(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    return _with(memory, replace(_work(memory), progress=None, told="The list of cases."))


def _running(memory: Memory) -> teaching.Progress:
    progress = _work(memory).progress
    if progress is None:
        raise teaching.TeachingError("case", "No case is open; choose one of the list.")
    return progress


def _commit(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    progress = _running(memory)
    parts = ("choice", "other", "sure", "reason")
    answer = teaching.Commitment(**{name: str(message.get(name) or "") for name in parts})
    after = teaching.commit(progress, teaching.case_of(progress.case, load()), answer)
    told = (
        "Changed; the first answer stays in the summary." if progress.committed else "Committed. The options are open."
    )
    return _with(memory, replace(_work(memory), progress=after, told=told))


def _deviation(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    reason = str(message["reason"])
    after = teaching.deviate(_running(memory), reason)
    told = f"You depart for: {teaching.DEVIATIONS[reason]}." if reason else "No reason for departing is kept."
    return _with(memory, replace(_work(memory), progress=after, told=told))


def _rate(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    progress, point = _running(memory), str(message["point"])
    after = teaching.rate(progress, teaching.case_of(progress.case, load()), str(message["item"]), point)
    told = f"Committed: {teaching.SCALE[point]} ({point}). What the rules say follows."
    return _with(memory, replace(_work(memory), progress=after, told=told))


def _next(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    progress = _running(memory)
    case = teaching.case_of(progress.case, load())
    after = teaching.next_decision(progress, case)
    told = (
        "The case is over. This is your summary."
        if after.finished(case)
        else f"Decision {after.decision + 1} of {len(case.decisions)}."
    )
    return _with(memory, replace(_work(memory), progress=after, told=told))


def _panel(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    panel = teaching.read_panel(str(message["name"])[:80], str(message["text"]), load())
    return _with(memory, replace(_work(memory), panel=panel, told=LOADED))


def _no_panel(memory: Memory, message: Mapping[str, Any], engine: Engine) -> Memory:  # noqa: ARG001
    return _with(memory, replace(_work(memory), panel=None, told=REMOVED))


STEPS: Mapping[str, Step] = {
    "case-open": _guarded(_open),
    "case-resume": _guarded(_resume),
    "case-close": _guarded(_close),
    "case-commit": _guarded(_commit),
    "case-deviation": _guarded(_deviation),
    "case-rate": _guarded(_rate),
    "case-next": _guarded(_next),
    "case-panel": _guarded(_panel),
    "case-no-panel": _guarded(_no_panel),
}


def told_case(work: Casework | None) -> str | None:
    """Give what a code tells of a case: which one is open. What was answered stays in the learner's tab."""
    return work.progress.case if work and work.progress else None


def read_case(told: Any, engine: Engine) -> Casework:  # noqa: ARG001 - as every part of a code is read
    """Give the case that a code tells, at its first decision; raises ValueError for one that is not here."""
    return Casework(progress=teaching.start(str(told), load()))


def case_mode(state: Any, view: Any) -> dict[str, Any]:  # noqa: ARG001 - a case has a view of its own
    """Give what the mode Case shows: the list of cases, or the open one; and what is wrong with the last entry."""
    from mbc_widgets.figures.case import case_page, library, panel_about

    work: Casework = state.case or Casework()
    knowledge = load()
    shown = case_page(work.progress, work.panel, knowledge) if work.progress else None
    return {
        "open": shown,
        "library": library(knowledge),
        "panel": panel_about(work.panel),
        "field": work.field,
        "problems": list(work.problems),
        "told": work.told,
    }

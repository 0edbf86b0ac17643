"""`dashboard()`: a session and its page, or in plain words why there is none."""

import gc
import html
import logging
import os
from dataclasses import replace

import ipywidgets

from mbc_widgets.dialogue.address import WORDS, granted, wish_of
from mbc_widgets.dialogue.workbook import Workbook
from mbc_widgets.widgets.session import Session
from mbc_widgets.widgets.study import StudyPage

LOG = logging.getLogger("mbc_widgets")


def dashboard(
    scenario: str = "",
    *,
    day: str = "",
    regulator: str = "",
    body: str = "",
    code: str = "",
    mode: str = "",
    case: str = "",
) -> ipywidgets.DOMWidget:
    """Give the study page as a widget; the last line of a cell shows it.

    Args:
        scenario: id of the teaching scenario to start with; the first one when omitted.
        day: start on this day (YYYY-MM-DD) and not on the scenario's.
        regulator: FDA or EMA; the scenario's when omitted.
        body: hear the guidelines of this body alone, such as "asco"; all of the region when omitted.
        code: what another page shows, by the code at its top; it goes before the other words.
        mode: study, present, case or compare. case: id of a teaching case to begin.

    Under Voila the address can say the same: `?code=7QF4-26G1` or `?scenario=er-low&day=2012-03-19&body=abc`. What cannot be
    shown becomes a panel that says so; the details are in the server's log.
    """
    asked = dict(zip(WORDS, (scenario, day, regulator, body, mode, case), strict=True)) | {"code": code}
    search = os.environ.get("QUERY_STRING", "")
    try:
        told = wish_of(search)
        return _page({name: value or told.get(name, "") for name, value in asked.items()}, search)
    except Exception:
        LOG.exception("the dashboard could not be built")
        return _panel("The workbook could not start.", "What happened is in the log of its server.")


def _page(wish: dict[str, str], search: str) -> ipywidgets.DOMWidget:
    """The page as it was asked for, or without the fewest words of the wish that cannot be met, under a line that says so."""
    engine = Workbook()
    memory, problem = granted(wish, engine)
    session = Session(memory=replace(memory, address=search), engine=engine)
    if problem:
        session.say(problem)
    page = StudyPage(session)
    if not gc.get_freeze_count():
        gc.freeze()  # the library stays as long as the page: to look through it for garbage made every fifteenth click wait
    return page


def _panel(title: str, text: str) -> ipywidgets.DOMWidget:
    words = f"<h1>{html.escape(title)}</h1><p>{html.escape(text)} Reload the page to try again.</p>"
    return ipywidgets.HTML(f'<div role="alert" class="mbc-failed">{words}</div>')

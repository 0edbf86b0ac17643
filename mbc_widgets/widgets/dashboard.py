"""`dashboard()`: a session and its page, or in plain words why there is none."""

import html
import logging
import os
from urllib.parse import parse_qs

import ipywidgets

from mbc_widgets.widgets.session import Session
from mbc_widgets.widgets.study import StudyPage

LOG = logging.getLogger("mbc_widgets")


def dashboard(scenario: str = "", *, day: str = "", regulator: str = "", body: str = "") -> ipywidgets.DOMWidget:
    """Give the study page as a widget; the last line of a cell shows it.

    Args:
        scenario: id of the teaching scenario to start with; the first one when omitted.
        day: start on this day (YYYY-MM-DD) and not on the scenario's.
        regulator: FDA or EMA; the scenario's when omitted.
        body: hear the guidelines of this body alone, such as "asco"; all of the region when omitted.

    Under Voila the address can say the same: `?scenario=er-low&day=2012-03-19&body=abc`. What cannot be
    shown becomes a panel that says so; the details are in the server's log.
    """
    try:
        session = Session(
            scenario or _from_address("scenario"),
            day=day or _from_address("day"),
            regulator=regulator or _from_address("regulator"),
            body=body or _from_address("body"),
        )
        return StudyPage(session)
    except (KeyError, ValueError) as error:
        return _start_over(str(error.args[0] if error.args else error))
    except Exception:
        LOG.exception("the dashboard could not be built")
        return _panel("The workbook could not start.", "What happened is in the log of its server.")


def _from_address(name: str) -> str:
    """What the page's address asks for; checked like everything else when the session starts."""
    return parse_qs(os.environ.get("QUERY_STRING", "")).get(name, [""])[0][:80]


def _start_over(problem: str) -> ipywidgets.DOMWidget:
    """The page with its usual start, under a line that says what of the wish could not be met."""
    try:
        page = StudyPage(Session())
    except Exception:
        LOG.exception("the dashboard could not be built")
        return _panel("The workbook could not start.", problem)
    page.session._say(f"{problem}. The usual start is shown.")  # noqa: SLF001 - same package
    return page


def _panel(title: str, text: str) -> ipywidgets.DOMWidget:
    words = f"<h1>{html.escape(title)}</h1><p>{html.escape(text)} Reload the page to try again.</p>"
    return ipywidgets.HTML(f'<div role="alert" class="mbc-failed">{words}</div>')

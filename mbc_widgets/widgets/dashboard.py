"""`dashboard()`: a session and its page, or in plain words why there is none."""

import html
import logging
import os
from collections.abc import Mapping
from itertools import chain, combinations
from urllib.parse import parse_qs

import ipywidgets

from mbc_widgets.patient.history import read_day
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
    asked = {"scenario": scenario, "day": day, "regulator": regulator, "body": body}
    wish = {name: value or _from_address(name) for name, value in asked.items()}
    try:
        return _page(wish)
    except Exception:
        LOG.exception("the dashboard could not be built")
        return _panel("The workbook could not start.", "What happened is in the log of its server.")


def _page(wish: Mapping[str, str]) -> ipywidgets.DOMWidget:
    """The page as it was asked for, or without the fewest words of the wish that cannot be met, under a line that says so."""
    problem, asked = "", [name for name in reversed(list(wish)) if wish[name]]
    for left_out in chain.from_iterable(combinations(asked, count) for count in range(len(asked) + 1)):
        try:
            page = StudyPage(_session({name: "" if name in left_out else value for name, value in wish.items()}))
        except (KeyError, ValueError) as error:
            problem = problem or str(error.args[0] if error.args else error)
            continue
        if problem:
            page.session._say(f"{problem}. Shown without it.")  # noqa: SLF001 - same package
        return page
    raise ValueError(problem)


def _session(wish: Mapping[str, str]) -> Session:
    day = read_day(wish["day"]).isoformat() if wish["day"] else ""
    return Session(wish["scenario"], day=day, regulator=wish["regulator"].upper(), body=wish["body"])


def _from_address(name: str) -> str:
    """What the page's address asks for; checked like everything else when the session starts."""
    return parse_qs(os.environ.get("QUERY_STRING", "")).get(name, [""])[0][:80]


def _panel(title: str, text: str) -> ipywidgets.DOMWidget:
    words = f"<h1>{html.escape(title)}</h1><p>{html.escape(text)} Reload the page to try again.</p>"
    return ipywidgets.HTML(f'<div role="alert" class="mbc-failed">{words}</div>')

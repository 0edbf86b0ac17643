"""The interface: a session, the page, ordinary controls, and the server that shows the dashboard.

The only part of the package that knows ipywidgets, traitlets and the browser. `dashboard()` is all
a notebook needs.
"""

from mbc_widgets.widgets.controls import control
from mbc_widgets.widgets.dashboard import dashboard
from mbc_widgets.widgets.session import Session
from mbc_widgets.widgets.study import Board, Evidence, Form, Options, Outcomes, StudyPage

__all__ = [
    "Board",
    "Evidence",
    "Form",
    "Options",
    "Outcomes",
    "Session",
    "StudyPage",
    "control",
    "dashboard",
]

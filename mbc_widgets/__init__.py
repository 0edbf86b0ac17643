"""MBC workbook: how HER2-negative metastatic breast cancer is treated, dated, inspectable, sourced. For teaching only.

import mbc_widgets as mbc
patient, day, regulator = mbc.scenario("luminal-2012")
view = mbc.look(patient, day=day, regulator=regulator)
view.offered()
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
_HOMES = {
    "load": "knowledge", "look": "workbook", "patient": "workbook", "scenario": "workbook", "View": "workbook",
    "Patient": "patient", "PatientError": "patient", "options": "eligibility", "plan": "sequences",
    "timeline": "timeline", "facts": "facts", "dashboard": "widgets.dashboard", "control": "widgets.controls",
    "Session": "widgets.session", "truth_table": "truth", "simulated": "simulate.view", "sweep": "simulate.sweep",
    "rebuild": "rebuilt", "progress": "widgets.progress", "Lesson": "widgets.lessons",
    "show": "figures.printed", "then_and_now": "figures.printed", "effect": "figures.effect",
    "trial": "figures.printed_facts", "harms": "figures.printed_facts", "drug": "figures.printed_facts",
    "picture": "widgets.pictures",
    "assume": "sandbox", "try_assume": "sandbox", "source": "sandbox", "find": "sandbox", "Assumed": "sandbox",
    "AssumeError": "sandbox",
}  # fmt: skip
__all__ = sorted(_HOMES)  # noqa: PLE0605 - names are loaded on first use, so that the core stays light


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: the widgets and their imports only when a page is wanted."""
    if name not in _HOMES:
        message = f"module 'mbc_widgets' has no attribute {name!r}; there are: {', '.join(__all__)}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

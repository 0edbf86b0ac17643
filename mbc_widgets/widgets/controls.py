"""Any field of the vocabulary as an ordinary ipywidget, for a layout of one's own."""

from collections.abc import Callable
from typing import Any

import ipywidgets

from mbc_widgets.conditions import nearest
from mbc_widgets.slips import UnknownNameError
from mbc_widgets.widgets.session import Session

STYLE = {"description_width": "initial"}
Make = Callable[[Any, Any], ipywidgets.Widget]


def control(field: str, session: Session | None = None) -> ipywidgets.Widget:
    """Give a control for `field`, labelled and linked both ways with `session`.

    Args:
        field: id of a field that a patient can be given, such as "esr1" or "age_years".
        session: what it changes; a new one with the first scenario when omitted.

    Raises:
        UnknownNameError: no such field, or one that is worked out from the history; it lists the fields.
    """
    linked = session or Session()
    inputs = {name: each for name, each in linked.fields().items() if not each.derived}
    if field not in inputs:
        raise UnknownNameError(
            f"no field '{field}' to set{nearest(field, inputs)} There are: {', '.join(sorted(inputs))}."
        )
    entry = inputs[field]
    made = MAKERS[entry.kind](entry, linked.value(field))
    made.session = linked
    _link(made, field, linked)
    return made


def _link(made: ipywidgets.Widget, field: str, session: Session) -> None:
    def to_session(change: Any) -> None:
        value = _plain(made, change["new"])
        if value != _bare(session.value(field)):
            session.change(**{field: value})

    def to_control(change: Any) -> None:  # noqa: ARG001
        made.value = _shown(made, session.value(field))

    made.observe(to_session, names="value")
    session.observe(to_control, names="patient")


def _plain(made: ipywidgets.Widget, value: Any) -> Any:
    if isinstance(made, ipywidgets.Text):
        try:
            return float(value.replace(",", ".")) if value.strip() else None
        except ValueError:
            return value  # the session says what is wrong with it
    return sorted(value) if isinstance(value, tuple) else value


def _shown(made: ipywidgets.Widget, value: Any) -> Any:
    if isinstance(made, ipywidgets.Text):
        return "" if value is None else f"{value:g}"
    if isinstance(made, ipywidgets.SelectMultiple):
        return tuple(sorted(value or ()))
    return value


def _bare(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset | set | tuple) else value


def _state(entry: Any, value: Any) -> ipywidgets.Widget:
    options = [(_empty(entry), None), *((label, name) for name, label in entry.states.items())]
    return ipywidgets.Dropdown(options=options, value=value, description=entry.label, style=STYLE)


def _flag(entry: Any, value: Any) -> ipywidgets.Widget:
    options = [(_empty(entry), None), ("no", False), ("yes", True)]
    return ipywidgets.Dropdown(options=options, value=value, description=entry.label, style=STYLE)


def _number(entry: Any, value: Any) -> ipywidgets.Widget:
    unit = f" ({entry.unit})" if entry.unit else ""
    return ipywidgets.Text(
        value="" if value is None else f"{value:g}",
        description=entry.label + unit,
        placeholder=_empty(entry),
        continuous_update=False,
        style=STYLE,
    )


def _set(entry: Any, value: Any) -> ipywidgets.Widget:
    options = [(label, name) for name, label in entry.states.items()]
    chosen = tuple(sorted(value or ()))
    return ipywidgets.SelectMultiple(options=options, value=chosen, description=entry.label, style=STYLE)


def _empty(entry: Any) -> str:
    """What it means to say nothing: unknown for a test, an assumed state for the rest."""
    if entry.if_not_given == "unknown":
        return "not tested" if entry.changes == "test" else "not known"
    assumed = entry.if_not_given
    return f"assumed: {entry.states.get(assumed, assumed) if entry.kind == 'state' else assumed}"


MAKERS: dict[str, Make] = {"state": _state, "flag": _flag, "number": _number, "set": _set}

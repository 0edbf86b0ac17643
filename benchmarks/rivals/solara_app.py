"""The job in Solara."""

import plotly.graph_objects as go
import solara

from benchmarks.rivals.job import FIELDS, FIRST, TITLE, answer, figure, listed


@solara.component
def Page() -> None:  # noqa: N802 - Solara looks for this name
    """The page of one visitor."""
    state, set_state = solara.use_state(FIRST)
    solara.Title(TITLE)
    for name, (label, states) in FIELDS.items():
        solara.Markdown(label)
        with solara.ToggleButtonsSingle(
            value=state[name], on_value=lambda value, name=name: set_state(state | {name: value})
        ):
            for each, words in states.items():
                solara.Button(words, value=each)
    found = answer(state)
    solara.FigurePlotly(go.Figure(figure(found)))
    solara.Markdown(listed(found))

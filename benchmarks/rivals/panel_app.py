"""The job in Panel."""

import sys

import panel as pn
import plotly.graph_objects as go

from benchmarks.rivals.job import FIELDS, FIRST, TITLE, answer, figure, listed

pn.extension("plotly")


def page() -> pn.Column:
    """Give the page of one visitor."""
    form = {
        name: pn.widgets.RadioBoxGroup(
            name=label, options={words: state for state, words in states.items()}, value=FIRST[name]
        )
        for name, (label, states) in FIELDS.items()
    }
    first = answer(FIRST)
    board, options = pn.pane.Plotly(go.Figure(figure(first)), height=420), pn.pane.Markdown(listed(first))

    def changed(_: object) -> None:
        found = answer({name: radio.value for name, radio in form.items()})
        board.object, options.object = go.Figure(figure(found)), listed(found)

    for radio in form.values():
        radio.param.watch(changed, "value")
    return pn.Column(f"# {TITLE}", *form.values(), board, options)


pn.serve(page, port=int(sys.argv[1]), show=False, title=TITLE)

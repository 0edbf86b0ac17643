"""The job in a notebook for stock Voila, with plotly's own widget; run as its only cell."""

import ipywidgets as widgets
import plotly.graph_objects as go
from IPython.display import display

from benchmarks.rivals.job import FIELDS, FIRST, answer, figure, listed

form = {
    name: widgets.RadioButtons(
        description=label, options=[(words, state) for state, words in states.items()], value=FIRST[name]
    )
    for name, (label, states) in FIELDS.items()
}
first = answer(FIRST)
board, options = go.FigureWidget(figure(first)), widgets.HTML(f"<pre>{listed(first)}</pre>")


def changed(_: object) -> None:
    """Draws the answer anew."""
    found = answer({name: radio.value for name, radio in form.items()})
    new = figure(found)["data"][0]
    with board.batch_update():
        board.data[0].update(new)
    options.value = f"<pre>{listed(found)}</pre>"


for radio in form.values():
    radio.observe(changed, names="value")
display(widgets.VBox([*form.values(), board, options]))

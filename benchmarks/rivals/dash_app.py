"""The job in Dash, on the server that it comes with."""

import sys
from typing import Any

from dash import Dash, Input, Output, dcc, html

from benchmarks.rivals.job import FIELDS, FIRST, TITLE, answer, figure, listed

app = Dash(title=TITLE)
form = [
    html.Div([html.B(label), dcc.RadioItems(states, FIRST[name], id=name)]) for name, (label, states) in FIELDS.items()
]
first = answer(FIRST)
app.layout = html.Div(
    [html.H1(TITLE), *form, dcc.Graph(id="board", figure=figure(first)), dcc.Markdown(listed(first), id="options")]
)


@app.callback(
    Output("board", "figure"),
    Output("options", "children"),
    [Input(name, "value") for name in FIELDS],
    prevent_initial_call=True,
)
def changed(*values: str) -> tuple[dict[str, Any], str]:
    """Draws the answer anew."""
    found = answer(dict(zip(FIELDS, values, strict=True)))
    return figure(found), listed(found)


app.run(port=int(sys.argv[1]), debug=False)

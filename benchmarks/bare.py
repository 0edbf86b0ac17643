"""Serves a bare page beside which the dashboard is measured: one anywidget that draws one SVG, on our server with our configuration.

    python -m benchmarks.bare --port 8867

What this page takes is what Voila, a kernel and ipywidgets take; what the dashboard takes more is ours.
"""

import argparse
import json
import tempfile
from pathlib import Path

from mbc_widgets.widgets.launch import prepare_environment
from mbc_widgets.widgets.places import VOILA

CELL = """
import anywidget
import traitlets

class Picture(anywidget.AnyWidget):
    _esm = '''
    function render({ model, el }) {
      const draw = () => {
        el.innerHTML = `<svg viewBox="0 0 100 20" role="img" aria-label="one bar">
          <rect width="${model.get("months")}" height="20"/></svg>`;
      };
      model.on("change:months", draw);
      draw();
    }
    export default { render };
    '''
    months = traitlets.Int(10).tag(sync=True)

    def __init__(self):
        super().__init__()
        self.on_msg(self.heard)

    def heard(self, widget, message, buffers):
        self.months = 30 - self.months
        self.send({"type": "done"})

Picture()
"""


def notebook(code: str) -> str:
    """Give a notebook with one cell."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    cell = {"cell_type": "code", "execution_count": None, "id": "show", "metadata": {}, "outputs": [], "source": code}
    return json.dumps({"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def main() -> None:
    """Serves until it is interrupted."""
    asked = argparse.ArgumentParser(description="Serve a bare page.")
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument("--cell", type=Path, help="a file of Python to show instead of the bare picture")
    given = asked.parse_args()
    prepare_environment()
    from mbc_widgets.widgets.room import make_app

    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "bare.ipynb")
        page.write_text(notebook(given.cell.read_text(encoding="utf-8") if given.cell else CELL), encoding="utf-8")
        make_app(page, port=given.port, host="127.0.0.1", config=VOILA).start()


if __name__ == "__main__":
    main()

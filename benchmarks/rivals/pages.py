"""What is measured side by side: how each page is installed, served, and where its board and its radios are."""

import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bare import notebook
from benchmarks.kit import DASHBOARD

HERE = Path(__file__).resolve().parent
PLOTLY = "plotly==7.1.0"


@dataclass(frozen=True, kw_only=True)
class App:
    """A page to measure.

    `command` has {python}, {port} and {folder} (a scratch folder) where those go; an app without `packages` runs in our own environment.
    """

    name: str
    command: tuple[str, ...]
    packages: tuple[str, ...] = ()
    board: str = "text.bartext"
    search: str = ""
    own: bool = False  # the whole dashboard, whose form has selects and whose board has other words
    pool: str = "0"  # kernels of our own server that wait for a visitor

    def prepare(self, folder: Path) -> None:
        """Writes what the page needs into `folder`."""
        code = (HERE / "voila_app.py").read_text(encoding="utf-8")
        (folder / "voila_app.ipynb").write_text(notebook(code), encoding="utf-8")


OURS = tuple(part if part != sys.executable else "{python}" for part in DASHBOARD)
SMALL = ("{python}", "-m", "benchmarks.bare", "--port", "{port}", "--cell", str(HERE / "own_app.py"))
BOARD, SEARCH = "[data-mbc='board'] svg[role='group']", "dashboard?scenario=esr1-after-cdk46"
APPS = (
    App(
        name="this dashboard, the whole of it",
        command=(*OURS, "--port", "{port}"),
        board=BOARD,
        search=SEARCH,
        own=True,
    ),
    App(
        name="this dashboard, a kernel waiting (MBC_POOL=1)",
        command=(*OURS, "--port", "{port}"),
        board=BOARD,
        search=SEARCH,
        own=True,
        pool="1",
    ),
    App(name="the small job in our way (one SVG)", command=SMALL, search="dashboard"),
    App(name="the small job in our way, a kernel waiting", command=SMALL, search="dashboard", pool="1"),
    App(
        name="Voila 0.5.13, stock, FigureWidget",
        packages=("voila==0.5.13", "ipywidgets==8.1.9", "ipykernel==7.4.0", "anywidget==0.11.0", PLOTLY),
        command=("{python}", "-m", "voila", "{folder}/voila_app.ipynb", "--port={port}", "--no-browser"),
    ),
    App(
        name="Dash 4.4.1",
        packages=("dash==4.4.1", PLOTLY),
        command=("{python}", "-m", "benchmarks.rivals.dash_app", "{port}"),
    ),
    App(
        name="Panel 1.9.4",
        packages=("panel==1.9.4", "bokeh==3.9.2", PLOTLY),
        command=("{python}", "-m", "benchmarks.rivals.panel_app", "{port}"),
    ),
    App(
        name="Streamlit 1.67.0",
        packages=("streamlit==1.67.0", PLOTLY),
        command=(
            *("{python}", "-m", "streamlit", "run", str(HERE / "streamlit_app.py"), "--server.port", "{port}"),
            *("--server.headless", "true", "--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"),
        ),
    ),
    App(
        name="Solara 1.64.1",
        # ipyvuetify 3 asks a content network for its files, without which the page stays empty
        packages=("solara==1.64.1", "solara-assets==1.58.2", "ipyvuetify<2", "ipyvue<2", "anywidget==0.11.0", PLOTLY),
        command=(
            "{python}",
            "-m",
            "solara",
            "run",
            str(HERE / "solara_app.py"),
            "--port",
            "{port}",
            "--no-open",
            "--production",
        ),
    ),
)

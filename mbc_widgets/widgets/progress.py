"""A progress bar for a notebook: `lane.draws(months, on_progress=progress("Parameter draws"))`."""

from collections.abc import Callable

import ipywidgets
from IPython.display import display


def progress(label: str) -> Callable[[int, int], None]:
    """Show a bar and give what moves it: a function of what is done and of how much there is."""
    bar = ipywidgets.IntProgress(description=label, style={"description_width": "initial"})
    display(bar)  # type: ignore[no-untyped-call]

    def moved(done: int, of_all: int) -> None:
        bar.max, bar.value = of_all, done
        bar.bar_style = "success" if done == of_all else ""

    return moved

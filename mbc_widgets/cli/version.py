"""`mbc --version`: what is installed, in three lines that belong in every report of an error."""

import argparse

from mbc_widgets import __version__
from mbc_widgets.cli.failure import knowledge
from mbc_widgets.knowledge import knowledge_key


def answer(chosen: argparse.Namespace) -> None:  # noqa: ARG001 - every answer is called like this
    """Print the version of the package, the edition of the data with its days, and the key of the knowledge.

    Raises:
        Refused: there is no knowledge, or it has problems.

    """
    edition = knowledge().edition
    print(f"mbc_widgets {__version__}")
    print(f"data edition {edition.id}, days {edition.first_day} to {edition.current_day}")
    print(f"knowledge {knowledge_key()}")

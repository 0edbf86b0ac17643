"""`mbc teach`: write the teacher's pack into a folder. All of it is worked out from the knowledge and the notebooks, so none goes stale."""

import argparse
import csv
import io
from collections.abc import Iterator

from mbc_widgets.cli.failure import Refused, knowledge
from mbc_widgets.figures.flashcards import Card, cards
from mbc_widgets.figures.guide import guide
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.teaching import LessonError, trials_of

COLUMNS = ("front", "back", "tags")
ANKI = "#separator:Comma\n#html:false\n#tags column:3\n"  # read by Anki at the import


def answer(chosen: argparse.Namespace) -> None:
    """Write the guide, the list of slides, the cards and the maps; what an earlier call wrote is replaced.

    Raises:
        Refused: the folder cannot be written, or a lesson has no notebook.

    """
    try:
        chosen.output.mkdir(parents=True, exist_ok=True)  # before the work, which takes some seconds
        for name, text in pack(knowledge(), f"{chosen.address.rstrip('/')}/"):
            place = chosen.output / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8", newline="")
            print(place)
    except LessonError as error:
        raise Refused(str(error)) from None
    except OSError as error:
        raise Refused(f"{chosen.output}: cannot be written ({error.strerror}); choose another folder") from None


def pack(known: Knowledge, base: str) -> Iterator[tuple[str, str]]:
    """Give the name and the text of each file of the pack; its addresses are below `base`.

    Raises:
        LessonError: a lesson has no notebook, or one that does not ask its exercises.

    """
    from mbc_widgets.dialogue.slides import slide_list, slides
    from mbc_widgets.widgets.maps import map_page, outline_of

    outlines = {number: outline_of(number, known) for number in known.lessons}
    below = slides(known.lessons.values(), known)
    shown = {name: f"{base}{address}" for name, address in below.items()}
    taught = {number: trials_of(known.lessons[number], each) for number, each in outlines.items()}
    made = cards(taught, known)
    yield "guide.md", guide(outlines, shown, known)
    yield "slides.md", slide_list(shown, known)
    yield "cards.csv", _table(made, f"{','.join(COLUMNS)}\n")
    yield "anki.txt", _table(made, ANKI)
    for number in known.lessons:
        yield f"maps/lesson-{number:02}.html", map_page(number, base, known, below)


def _table(made: tuple[Card, ...], head: str) -> str:
    text = io.StringIO(head)
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows((card.front, card.back, " ".join(card.tags)) for card in made)
    return text.getvalue()

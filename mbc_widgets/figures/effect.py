"""An effect by which published survival misleads, as a table: its rows, its sentence, and the published figures with their sources."""

from collections.abc import Callable, Mapping

from mbc_widgets.conditions import nearest
from mbc_widgets.figures import words
from mbc_widgets.figures.printed import Table, TableError, noted
from mbc_widgets.knowledge import Knowledge, load
from mbc_widgets.simulate import effects as made
from mbc_widgets.simulate.cited import Cited, Effect

PEOPLE = 24_000  # simulated people: a lesson waits for them
BY_NAME: Mapping[str, Callable[[Knowledge], Effect]] = {
    "immortal-time": lambda known: made.immortal_time(known, size=PEOPLE),
    "pfs-is-not-time-to-next-treatment": lambda known: made.pfs_is_not_time_to_next_treatment(known, size=PEOPLE),
    "adding-medians-loses": lambda known: made.adding_medians_loses(known, size=PEOPLE),
    "progression-gain-is-not-survival-gain": lambda known: made.progression_gain_is_not_survival_gain(
        known, size=PEOPLE
    ),
    "trial-against-registry": made.trial_against_registry,
    "unknowable-tails": made.unknowable_tails,
}


def effect(name: str, knowledge: Knowledge | None = None) -> Table:
    """Give an effect as a table of simulated or published rows; a second or two where people are simulated.

    Raises:
        TableError: there is no such effect; the text lists them.

    """
    if name not in BY_NAME:
        raise TableError(f"There is no effect {name!r}{nearest(name, BY_NAME)} There are: {', '.join(BY_NAME)}.")
    known = knowledge or load()
    found = BY_NAME[name](known)
    columns = tuple(dict.fromkeys(key for row in found.rows for key in row))
    rows = tuple(tuple(_cell(row.get(key)) for key in columns) for row in found.rows)
    rows = tuple((f"{columns[0]} {row[0]}", *row[1:]) if row[0].isdigit() else row for row in rows)
    note = " ".join([found.sentence, "Published:", *(f"{_cited(each)};" for each in found.figures), *found.limits])
    table = Table(
        title=f"{found.title}. {found.question}",
        columns=tuple(key.replace("_", " ") for key in columns),
        rows=rows,
        note=note,
    )
    return noted(table, known)


def _cell(value: object) -> str:
    return words.number(value) if isinstance(value, float) else "" if value is None else str(value)


def _cited(found: Cited) -> str:
    spread = f" ({words.number(found.low)}-{words.number(found.high)})" if found.low is not None else ""
    seen = "" if found.verified == "seen" else ", recalled"
    return f"{found.cohort}, {found.what} {words.number(found.value)}{spread} {found.unit} [{found.read}{seen}]"

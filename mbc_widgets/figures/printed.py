"""What a notebook prints: tables of a view, of a trial or of two days, each row with its source.

A table shows itself as HTML, as plain text and as JSON, so that a test that compares printed answers sees a changed number.
"""

import html
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mbc_widgets.conditions import nearest
from mbc_widgets.eligibility import NEEDS_TEST, NOT_NOW, NOT_OFFERED, VERDICT_NAMES
from mbc_widgets.figures import assumed, words
from mbc_widgets.figures.board import board
from mbc_widgets.figures.causes import causes
from mbc_widgets.figures.choices import in_order, reasons_of
from mbc_widgets.figures.debates import debates
from mbc_widgets.figures.page import patient_lines, supportive
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Field, Result
from mbc_widgets.slips import Slip
from mbc_widgets.workbook import View

# JupyterLab sets the words of a table to the right; sentences are read from the left.
STYLE = "<style>.mbc-table :is(th, td) { text-align: left !important; vertical-align: top; }</style>"
WIDTH = 118  # letters of a line of plain text
DATA = "application/vnd.mbc+json"  # a type of our own: notebooks show application/json as a tree, before the table
CLOSED = (NOT_NOW, NOT_OFFERED)


class TableError(Slip):
    """A table that is not there, or a regimen or trial; the text says what is."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A titled table of words; `links` gives the address of the source of each row, "" where it has none."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str, ...] = ()
    note: str = ""

    def __repr__(self) -> str:
        lines = [self.title, *(line for row in self.rows for line in _lines(self.columns, row))]
        return "\n".join(
            [*lines, *([self.note] if self.note else [])] if self.rows else [self.title, "  none", self.note]
        )

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in self.columns)
        links = self.links or ("",) * len(self.rows)
        body = "".join(f"<tr>{_cells(row, link)}</tr>" for row, link in zip(self.rows, links, strict=True))
        none = "" if self.rows else f'<tr><td colspan="{len(self.columns)}">none</td></tr>'
        note = f"<p>{html.escape(self.note)}</p>" if self.note else ""
        caption = f"<caption>{html.escape(self.title)}</caption>"
        return f'<div class="mbc-table">{STYLE}<table>{caption}<tr>{head}</tr>{body}{none}</table>{note}</div>'

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/plain": repr(self), "text/html": self._repr_html_(), DATA: self.data()}

    def data(self) -> dict[str, Any]:
        """Give the table as plain data."""
        return {
            "title": self.title,
            "columns": [*self.columns],
            "rows": [[*row] for row in self.rows],
            "note": self.note,
        }


def _lines(columns: tuple[str, ...], row: tuple[str, ...]) -> Iterator[str]:
    """Give a row as text: its first cell, and under it the others by name."""
    yield f"- {row[0]}"
    told = "; ".join(f"{name}: {cell}" for name, cell in zip(columns[1:], row[1:], strict=True) if cell)
    if told:
        yield textwrap.fill(told, WIDTH, initial_indent="    ", subsequent_indent="    ")


def _cells(row: tuple[str, ...], link: str) -> str:
    cells = [html.escape(cell) for cell in row]
    if link:
        cells[-1] = f'<a href="{html.escape(link)}" rel="noopener">{cells[-1]}</a>'
    return f'<th scope="row">{cells[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in cells[1:])


def show(view: View, table: str = "offered", regimen: str = "") -> Table:
    """Give a table of a view: see `TABLES` for their names; "why" and "evidence" take a regimen.

    Raises:
        TableError: there is no such table, or no such regimen for this patient; the text names the nearest and all.

    """
    if not isinstance(view, View):
        raise TableError(
            f"{view!r:.60} is no view; look first: view = mbc.look(patient, day=..., regulator=...), then mbc.show(view, ...)."
        )
    if table not in TABLES:
        raise TableError(f"There is no table {table!r}{nearest(table, TABLES)} There are: {', '.join(TABLES)}.")
    known = {option.regimen.id for option in view.options}
    if not isinstance(regimen, str):
        raise TableError(
            f'{regimen!r} is no name of one regimen; write one in quotes: show(view, "why", "capecitabine").'
        )
    if regimen and regimen not in known:
        raise TableError(f"{regimen!r} can concern no patient like this one, or is no regimen{nearest(regimen, known)}")
    if table == "why" and not regimen:
        raise TableError('"why" needs a regimen: show(view, "why", "capecitabine").')
    return noted(TABLES[table](view, regimen), view.snapshot.knowledge)


def noted(table: Table, *knowledges: Knowledge) -> Table:
    """Give a table with the note of what is assumed in one of these; of editions the table as it is."""
    notes = dict.fromkeys(filter(None, map(assumed.note, knowledges)))
    return replace(table, note=" ".join(filter(None, [*notes, table.note])))


def _offered(view: View, _: str) -> Table:
    rows, links = [], []
    for number, name in enumerate(view.offered(), 1):
        option = view.option(name)
        found = reasons_of(option, view)[:1] if option else []
        reason = found[0] if found else {"text": "", "source": "", "url": ""}
        rows.append((f"{number}. {_named(name, view)}{_supposed(name, view)}", bare(reason["text"]), reason["source"]))
        links.append(reason["url"])
    return made(f"Offered, {_where(view)}", ("Regimen", "Because", "Source"), rows, links)


def _waiting(view: View, _: str) -> Table:
    vocabulary = view.snapshot.knowledge.vocabulary
    rows = [
        (
            f"{_named(option.regimen.id, view)}{_supposed(option.regimen.id, view)}",
            ", ".join(vocabulary[name].label for name in option.missing),
        )
        for option in in_order(view, NEEDS_TEST)
    ]
    return made(f"Waits for a result, {_where(view)}", ("Regimen", "Not known yet"), rows)


def _closed(view: View, _: str) -> Table:
    rows, links = [], []
    for option in (each for verdict in CLOSED for each in in_order(view, verdict)):
        reason = reasons_of(option, view)[0]
        name = f"{_named(option.regimen.id, view)}{_supposed(option.regimen.id, view)}"
        rows.append((name, bare(reason["text"]), reason["source"]))
        links.append(reason["url"])
    return made(f"Not offered, {_where(view)}", ("Regimen", "Because", "Source"), rows, links)


def _why(view: View, regimen: str) -> Table:
    option = view.option(regimen)
    found = reasons_of(option, view) if option else []
    rows = [(bare(each["text"]), each["source"]) for each in found]
    verdict = VERDICT_NAMES[option.verdict] if option else "not listed"
    title = f"{_named(regimen, view)}: {verdict}, {_where(view)}"
    return made(title, ("Reason", "Source"), rows, [each["url"] for each in found])


def _evidence(view: View, regimen: str) -> Table:
    known = view.snapshot.knowledge
    names = [regimen] if regimen else [*view.offered()]
    found = [(name, row) for name in names for row in view.evidence(name)]
    rows = [
        (
            f"{row.trial.name}: {words.endpoint(row.result)}, {row.result.population or 'all'}",
            _named(name, view),
            read(row.result, words.figure(row.own)),
            read(row.result, words.figure(row.other)),
            read(row.result, words.figure(row.result.hazard_ratio))
            + ("" if row.experimental else " for the other arm"),
            row.fit.word,
            assumed.marked_result(
                f"{words.link(row.result.source, known)[0]}, {words.reported_iso(row.result)}",
                row.trial,
                row.result,
                known,
            ),
        )
        for name, row in found
    ]
    links = [words.link(row.result.source, known)[1] for _, row in found]
    columns = ("Result", "Regimen", "This regimen", "Against", "Hazard ratio", "Fit to this patient", "Source")
    return made(f"Evidence, {_where(view)}", columns, rows, links)


def _sequences(view: View, _: str) -> Table:
    drawn = board(view, "diagnosis")["table"]
    return made(
        f"Candidate sequences, {_where(view)}", tuple(drawn["columns"]), [tuple(map(str, row)) for row in drawn["rows"]]
    )


def _debates(view: View, _: str) -> Table:
    rows = [
        (each["question"], side["says"], "; ".join(f"{one['name']}: {bare(one['text'])}" for one in side["evidence"]))
        for each in debates(view)
        for side in each["sides"]
    ]
    return made(f"Open debates, {_where(view)}", ("Question", "One side", "It rests on"), rows)


def _tests(view: View, _: str) -> Table:
    vocabulary = view.snapshot.knowledge.vocabulary
    rows = [
        (
            vocabulary[point.field].ask or vocabulary[point.field].label,
            ", ".join(_named(name, view) for name in point.unlocks),
        )
        for point in view.tests
    ]
    return made(f"Results that would open something, {_where(view)}", ("Test", "Waits for it"), rows)


def _beside(view: View, _: str) -> Table:
    known = view.snapshot.knowledge
    first = [(prompt.text, *words.link(prompt.source, known)) for prompt in view.prompts if not prompt.beside]
    found = first + [(each["text"], each["source"], each["url"]) for each in supportive(view)]
    rows = [(bare(text), source) for text, source, _ in found]
    return made(f"Beside the drugs, {_where(view)}", ("What", "Source"), rows, [url for *_, url in found])


def _cautions(view: View, regimen: str) -> Table:
    known = view.snapshot.knowledge
    names = [regimen] if regimen else [*view.offered()]
    found = [
        (name, rule)
        for name, option in ((name, view.option(name)) for name in names)
        for rule in (option.cautions if option else ())
    ]
    rows = [(_named(name, view), rule.text, words.link(rule.source, known)[0]) for name, rule in found]
    links = [words.link(rule.source, known)[1] for _, rule in found]
    return made(f"Cautions, {_where(view)}", ("Regimen", "What to mind", "Source"), rows, links)


def _patient(view: View, _: str) -> Table:
    vocabulary, found = view.snapshot.knowledge.vocabulary, view.patient.findings
    rows = [("In short", "; ".join(line for line in patient_lines(view) if line))]
    rows += [(entry.label, _value(entry, found[name])) for name, entry in vocabulary.items() if name in found]
    return made(f"Invented patient, {_where(view)}", ("What", "Found"), rows)


# What `show` can give, by name.
TABLES: Mapping[str, Callable[[View, str], Table]] = {
    "patient": _patient,
    "offered": _offered,
    "waiting": _waiting,
    "closed": _closed,
    "why": _why,
    "evidence": _evidence,
    "sequences": _sequences,
    "tests": _tests,
    "beside": _beside,
    "cautions": _cautions,
    "debates": _debates,
}


def _value(entry: Field, found: Any) -> str:
    if isinstance(found, frozenset | set | tuple | list):
        return ", ".join(entry.states.get(each, each) for each in sorted(found))
    return words.value(entry, found)


def then_and_now(then: View, now: View) -> Table:
    """Give what opened or closed options for a patient between two days (or regulators), with the text or licence that did it."""
    found = causes(then, now)
    rows = [(each.day_label or "no day", each.what, each.effect, each.trial, each.source) for each in found]
    title = f"What changed between {_where(then)} and {_where(now)}"
    table = made(title, ("Day", "What", "Effect", "Trial", "Source"), rows, [each.url for each in found])
    return noted(table, then.snapshot.knowledge, now.snapshot.knowledge)


def read(result: Result, text: str) -> str:
    """Give a figure, and whether it is only recalled."""
    return text if result.verified == "seen" or text == "-" else f"{text} (recalled)"


def made(title: str, columns: tuple[str, ...], rows: list[Any], links: list[str] | None = None) -> Table:
    """Give a table of these rows."""
    return Table(title=title, columns=columns, rows=tuple(map(tuple, rows)), links=tuple(links or ()))


def _named(regimen: str, view: View) -> str:
    return words.regimen_name(regimen, view.snapshot.knowledge)


def _supposed(regimen: str, view: View) -> str:
    """Give " (assumption: its licence)" where a part of the option differs from the edition."""
    found = assumed.spoken(assumed.parts(regimen, view.snapshot))
    return f" ({found[0].lower()}{found[1:]})" if found else ""


def _where(view: View) -> str:
    return f"{words.day(view.snapshot.day)}, {view.snapshot.regulator}"


def bare(text: str) -> str:
    """Give a text without the marks of its bold words."""
    return text.replace("**", "")

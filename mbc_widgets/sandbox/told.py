"""What a what-if changes, as tables: the text, the answers of the reference patients, the expectations that outside sources set."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mbc_widgets import strict_yaml
from mbc_widgets.compiler import place_word
from mbc_widgets.eligibility import OFFERED, VERDICT_NAMES
from mbc_widgets.expected import Broken, broken, cases, names_it
from mbc_widgets.figures import words
from mbc_widgets.figures.choices import reasons_of
from mbc_widgets.figures.printed import Table, noted
from mbc_widgets.impact import ABSENT, WORDS, changes, listed, looked_at, reference_patients
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.sandbox.sources import folder
from mbc_widgets.workbook import look
from mbc_widgets.workbook import patient as read_patient

if TYPE_CHECKING:
    from mbc_widgets.sandbox.assume import Assumed

MOST_LISTED = 6  # patients in a cell
LONGEST = 80  # letters of a value in a cell
NOT_THERE = "not there"
MATTERS = {
    "offered": "This patient would go without what the edition opens",
    "not_offered": "This patient would be offered what the edition keeps back",
    "not_now": "This patient would not be held back until it is safe",
    "needs_test": "Nobody would ask for the result that decides",
}
Difference = tuple[str, str, str]  # place, in the edition, assumed


def changed(assumed: "Assumed") -> Table:
    """Give what differs from the edition, place by place."""
    rows = [
        (f"data/{name}", *difference)
        for name, text in assumed.texts.items()
        for difference in _differences(_edition_value(name), strict_yaml.parse(text).value, ())
    ]
    table = Table(
        title=f"Assumed: {assumed.reason}",
        columns=("File", "Place", "In the edition", "Assumed"),
        rows=tuple(rows),
        note=" ".join(f"Hardly plausible, and taken all the same: {doubt}." for doubt in assumed.doubts)
        or ("" if rows else "Nothing differs from the edition: change a value and run the cell again."),
    )
    return noted(table, assumed.knowledge)


def _edition_value(name: str) -> object:
    path = folder() / name
    return strict_yaml.parse(strict_yaml.read_text(path)).value if path.is_file() else None


def _differences(old: Any, new: Any, path: tuple[str | int, ...]) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in {**old, **new}:
            yield from _differences(old.get(key), new.get(key), (*path, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (was, now) in enumerate(zip(old, new, strict=True)):
            yield from _differences(was, now, (*path, number))
    elif isinstance(old, list) and isinstance(new, list):
        yield from ((place_word((*path, n)), _cell(each), NOT_THERE) for n, each in enumerate(old) if each not in new)
        yield from ((place_word((*path, n)), NOT_THERE, _cell(each)) for n, each in enumerate(new) if each not in old)
    else:
        yield place_word(path) or "the whole file", _cell(old), _cell(new)


def _cell(value: object) -> str:
    text = NOT_THERE if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def flips(assumed: "Assumed") -> Table:
    """Give the verdicts that differ among the reference patients, with whom and when."""
    patients = reference_patients(assumed.edition, folder())
    found = changes(assumed.edition, assumed.knowledge, patients)
    rows = [
        (words.regimen_name(regimen, assumed.knowledge), WORDS[was], WORDS[now], _some(list(listed(places))))
        for (regimen, was, now), places in found.items()
    ]
    whom = {place[0] for places in found.values() for place in places}
    table = Table(
        title=f"What flips: the answers of {len(whom)} of {len(patients)} reference patients",
        columns=("Regimen", "In the edition", "Assumed", "Who and when"),
        rows=tuple(rows),
        note=f"Every patient was {looked_at(assumed.edition)}.",
    )
    return noted(table, assumed.knowledge)


def _some(lines: list[str]) -> str:
    more = [f"and {len(lines) - MOST_LISTED} more"] if len(lines) > MOST_LISTED else []
    return "; ".join([*lines[:MOST_LISTED], *more])


def breaks(assumed: "Assumed") -> Table:
    """Give the expectations of data/cases that do not hold any more, each with its source and why it matters."""
    asked = tuple(cases(folder()))
    found = [each for case in asked for each in broken(case, assumed.knowledge)]
    told = [_told(each, assumed) for each in found]
    table = Table(
        title=f"What breaks: expectations of {len({each.case.id for each in found})} of {len(asked)} cases",
        columns=("Case", "An outside source expects", "Here it is", "Why it matters", "Source"),
        rows=tuple(row for row, _ in told),
        links=tuple(link for _, link in told),
        note=""
        if found
        else "No case is touched. That no test breaks is no proof that the change is right: no case may ask.",
    )
    return noted(table, assumed.knowledge)


def _told(each: Broken, assumed: "Assumed") -> tuple[tuple[str, ...], str]:
    """Give a broken expectation as a row, and the address of what it rests on in the edition."""
    case = each.case
    reason = _reason(each, assumed.edition)
    recalled = "" if case.verified == "seen" else " (recalled)"
    rest = f": {reason['text'].replace('**', '')}" if reason else "."
    cited = f" [{reason['source']}]" if reason and reason["source"] else ""
    row = (
        f"{case.name}, {words.day(case.day)}, {case.regulator}",
        f"{_name(each.name, assumed.knowledge)}: {VERDICT_NAMES[each.expected.replace('_', '-')]}",
        _found(each, assumed.knowledge),
        f"{MATTERS[each.expected]}{rest}{cited}",
        f"{case.source}{recalled}",
    )
    return row, reason["url"] if reason else ""


def _found(each: Broken, known: Knowledge) -> str:
    """Give the verdict that is found; of several regimens those that are offered against what is expected."""
    against = {
        name: OFFERED for name, verdict in each.found.items() if (verdict, each.expected) == (OFFERED, "not_offered")
    }
    found = against or each.found
    verdicts = [*dict.fromkeys(found.values())] or [ABSENT]
    return "; ".join(
        f"{WORDS[verdict]}: {', '.join(words.regimen_name(name, known) for name in found if found[name] == verdict)}".removesuffix(
            ": "
        )
        for verdict in verdicts
    )


def _name(name: str, known: Knowledge) -> str:
    group = known.regimen_groups.get(name)
    return group.label if group else words.regimen_name(name, known)


def _reason(each: Broken, edition: Knowledge) -> dict[str, str] | None:
    """Give what carries the expectation in the edition: the first reason of the first option that it is about."""
    case = each.case
    view = look(read_patient(case.patient, edition), day=case.day, regulator=case.regulator, knowledge=edition)
    concerned = [option for option in (*view.options, *view.supportive) if names_it(option, each.name)]
    as_expected = [option for option in concerned if option.verdict == each.expected.replace("_", "-")]
    return next((reason for option in as_expected or concerned for reason in reasons_of(option, view)), None)

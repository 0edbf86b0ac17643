"""`mbc cite`: all that is known of one trial, each figure with its source and how it was read."""

import argparse
from collections.abc import Iterable, Iterator
from textwrap import fill

from mbc_widgets import cite
from mbc_widgets.cli.failure import Refused, knowledge
from mbc_widgets.conditions import nearest
from mbc_widgets.figures import words
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import AdverseEvent, FitCriterion, Measure, Result, Trial

WIDTH = 110


def answer(chosen: argparse.Namespace) -> None:
    """Print the trial.

    Raises:
        Refused: no trial has this id or name; near ones are named.

    """
    known = knowledge()
    print("\n".join(trial_text(_found(chosen.trial, known), known)))


def _found(name: str, known: Knowledge) -> Trial:
    """Give the trial with this id, name or registry number."""
    trials = [known.trial(trial) for trial in known.raw_trials]
    named = {_key(word): trial for trial in trials for word in (trial.nct or trial.id, trial.name, trial.id)}
    if _key(name) in named:
        return named[_key(name)]
    arms = (known.raw_trials[trial.id]["arms"] for trial in trials)
    of_drug = [
        t.id
        for t, its in zip(trials, arms, strict=True)
        if name.strip() and any(name.casefold() in x["name"].casefold() for x in its)
    ]
    hint = (
        f"; trials of {name}: {', '.join(of_drug)}"
        if of_drug
        else nearest(name.casefold(), known.raw_trials).rstrip(".")
    )
    raise Refused(
        f"TRIAL: no trial '{name}' among {len(trials)}{hint}. Write an id (the file names in data/trials/), a name or an NCT number"
    )


def _key(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def trial_text(trial: Trial, known: Knowledge) -> Iterator[str]:
    """Give the lines of text about `trial`."""
    identifiers = [trial.nct, trial.phase and f"phase {trial.phase}", trial.journal]
    identifiers += [trial.doi and f"doi {trial.doi}", trial.pmid and f"PMID {trial.pmid}"]
    yield f"{trial.name} ({trial.id})"
    yield from _wrapped(", ".join(str(word) for word in identifiers if word))
    yield from _wrapped(f"Population: {trial.population} {_read(trial.source, trial.verified, trial.checked, known)}")
    for label, text in {"Biomarker": trial.biomarker, "Design": trial.design, "Note": trial.note}.items():
        yield from _wrapped(f"{label}: {text}") if text else ()
    if trial.shares_arm_with:
        yield f"  Shares patients with {', '.join(trial.shares_arm_with)}: never add them up"
    days = {"first report": trial.first_report, "first patient": trial.started, "last patient": trial.enrolled_until}
    yield from _wrapped(", ".join(f"{label} by {day}" for label, day in days.items() if day) or "No report found")
    yield "\nArms"
    for arm in trial.arms:
        is_a = "; ".join(arm.regimens) or (
            "choice of " + "; ".join(arm.choice_of) if arm.choice_of else "not in the library"
        )
        yield from _wrapped(f"{arm.id}: {arm.name}" + (f", n={arm.n}" if arm.n else "") + f" [{is_a}]")
    yield from _section("Fits whom", (_criterion(criterion, trial, known) for criterion in trial.fit))
    newest = sorted(trial.results, key=lambda result: result.reported, reverse=True)
    yield from _section("Results, newest first", (_result(result, known) for result in newest))
    yield from _section("Adverse events, any grade (grade 3 and above)", _events(trial, known))
    yield from _section("Cited by", _cited_by(trial, known))
    yield from _section("Sources", _sources(trial, known))


def _wrapped(text: str) -> Iterator[str]:
    if text:
        yield fill(
            text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False, break_long_words=False
        )


def _section(heading: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"\n{heading}"
        for line in found:
            yield from _wrapped(line)


def _read(source: str | None, verified: str, checked: str | None, known: Knowledge) -> str:
    """Give "[seen in doi 10.…, checked 2026-11-25]" or "[recalled]"."""
    if verified != "seen":
        return "[recalled]"
    cited = words.link(source, known)[0].replace("[", "(").replace("]", ")")
    return f"[seen in {cited or 'its source'}{f', checked {checked}' if checked else ''}]"


def _criterion(criterion: FitCriterion, trial: Trial, known: Knowledge) -> str:
    missed = "a miss means: does not match" if criterion.defining else "a miss means: in part"
    return f"{criterion.text} ({missed}) {_read(criterion.source or trial.source, criterion.verified, None, known)}"


def _result(result: Result, known: Knowledge) -> str:
    """Give one row: day, endpoint, population, both arms, ratio, p, remarks, source."""
    sides = [_figure(result.experimental), *([_figure(result.control)] if result.control else [])]
    figures = " v ".join(sides) if any(side != "-" for side in sides) else ""
    unit = result.unit if figures else ""
    arms = [f"arm {result.arm}" if result.arm else "", f"against {result.control_arm}" if result.control_arm else ""]
    ratio = f"HR {_figure(result.hazard_ratio)}" if result.hazard_ratio else ""
    p = f"p {result.p}" if result.p is not None else ""
    told = ", ".join(part for part in (f"{figures} {unit}".strip(), *arms, ratio, p) if part)
    odd = (result.plausible_because or {}).values()
    remarks = [result.analysis, "exploratory" if result.exploratory else None, result.note, *odd]
    remark = f" ({'; '.join(str(word) for word in remarks if word)})" if any(remarks) else ""
    day = words.reported_iso(result) + ("" if result.reported_verified == "seen" else " (date recalled)")
    read = _read(result.source, result.verified, result.checked, known)
    return f"{day} {words.endpoint(result)}, {result.population or 'ITT'}: {told}{remark} {read}"


def _figure(measure: Measure | None) -> str:
    level = f", {words.number(measure.interval)} % interval" if measure and measure.interval else ""
    return words.figure(measure) + level


def _events(trial: Trial, known: Knowledge) -> Iterator[str]:
    """Give one line for each event: all arms side by side, then how each was read."""
    by_event: dict[str, list[AdverseEvent]] = {}
    for event in trial.adverse_events:
        by_event.setdefault(f"{event.event}{f' ({event.detail})' if event.detail else ''}", []).append(event)
    for name, rows in by_event.items():
        reads = [_read(row.source, row.verified, row.checked, known) for row in rows]
        alike = len(set(reads)) == 1
        told = "; ".join(
            f"{row.arm_name or row.arm} {_percent(row)}{'' if alike else f' {read}'}"
            for row, read in zip(rows, reads, strict=True)
        )
        yield f"{name}: {told}{f' {reads[0]}' if alike else ''}"


def _percent(event: AdverseEvent) -> str:
    grades = [event.any_grade_percent, event.grade_3_plus_percent]
    every_grade, severe = (words.number(grade) + (" %" if grade is not None else "") for grade in grades)
    return f"{every_grade} ({severe})"


def _cited_by(trial: Trial, known: Knowledge) -> Iterator[str]:
    for question in known.questions:
        for statement in question.statements:
            if trial.id in statement.trials:
                yield f"{statement.id}: {words.statement_word(statement, known)}; {question.question}"


def _sources(trial: Trial, known: Knowledge) -> Iterator[str]:
    parts = [trial, *trial.fit, *trial.results, *trial.adverse_events]
    keys = [getattr(part, name, None) for part in parts for name in ("source", "also_source")]
    for key in dict.fromkeys(key for key in keys if key):
        source = known.sources[key]
        title = f"{source.title}; " if source.title and source.title not in cite.short(source) else ""
        copy = f"; read at {source.read_at}" if source.read_at and source.read_at != cite.link(source) else ""
        yield f"{source.kind}: {title}{cite.short(source)} {cite.link(source)}{copy}"

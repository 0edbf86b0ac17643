"""Figures that cannot, or hardly can, stand together: intervals, medians, p values, rates, days, facts told twice.

Comes in: what was read. Goes out: a problem for each figure to look up again. A source that prints it so is kept: the row
then says `plausible_because` for that figure, and for that figure alone it is not asked again.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from statistics import NormalDist
from typing import Any

from mbc_widgets.compiler.curves import WHOLE_ROW, Finding, across_rows, plain
from mbc_widgets.compiler.read import NO_DAY, Reading, every

Item = Mapping[str, Any]

LOG_SLACK = 0.02  # beyond rounding: stratified models and printed percentages of intervals
P_FACTOR = 10**0.5  # a log-rank p and the interval of a Cox model agree within about threefold
LEAST_LEVEL, WILDEST = 50, 5  # of an interval, in percent; the largest ratio, either way, that a trial has printed
SIDES = ("experimental", "control")
SAME = 0.05  # hazard ratios and medians this close are "no difference"
ASK = "; look it up again, or write `plausible_because: {{{}: …}}` when the source prints it so"
_P_VALUE = re.compile(r"\s*(?:[pP]\s*)?(<|=|~|≤|>|≥)?\s*(\d*[.,]?\d+(?:e-?\d+)?)")
_OTHER_TEST = re.compile(r"interaction|non-?inferior|trend", re.IGNORECASE)
_ONE_SIDED = re.compile(r"(?:1|one)-sided", re.IGNORECASE)


def check_plausible(reading: Reading) -> None:
    """Report every figure that hardly can be right, at its line."""
    edition = reading.values.get("edition.yaml", {})
    first_day, today = edition.get("first_day", ""), edition.get("current_day", "9999-12-31")
    reports = _first_reports(reading)
    for file, trial in every(reading, "trials"):
        results, events = trial.get("results", ()), trial.get("adverse_events", ())
        findings = [*_trial_days(trial, today), *across_rows(results)]
        for index, result in enumerate(results):
            findings += [(("results", index, *path), text) for path, text in result_findings(result)]
        for index, event in enumerate(events):
            findings += [(("adverse_events", index, *path), text) for path, text in _adverse_event(event)]
        findings += _twice("results", results, _result_key)
        findings += _twice("adverse_events", events, _event_key)
        _report(reading, file, trial, findings)
    for file, agent in every(reading, "agents"):
        licences = agent.get("licences", ())
        findings = _twice("licences", licences, _licence_key)
        for index, licence in enumerate(licences):
            findings += [
                (("licences", index, *path), text) for path, text in _licence(licence, reports, first_day, today)
            ]
        _report(reading, file, agent, findings)
    editions = {e["id"]: e["published"] for e in reading.values.get("guidelines.yaml", {}).get("editions", ())}
    for file, question in every(reading, "rules"):
        findings = [(("statements", *path), text) for path, text in _statements(question["statements"], editions)]
        _report(reading, file, question, findings)


def _report(reading: Reading, file: str, record: Item, findings: Sequence[Finding]) -> None:
    for path, text in findings:
        row = record[str(path[0])][path[1]] if len(path) > 1 else {}
        part = str(path[2]) if len(path) > 2 else WHOLE_ROW  # noqa: PLR2004 - list, place in it, figure
        if part not in (row.get("plausible_because") or {}):
            ask = ASK.format(part) if row else "; check both days"
            reading.report(file, path, f"{'.'.join(map(str, path))}: {text}{ask}")
    _report_needless(reading, file, record, findings)


def _report_needless(reading: Reading, file: str, record: Item, findings: Sequence[Finding]) -> None:
    """Report a `plausible_because` for a figure that is not odd, so that none is kept when the figure is mended.

    What rows say of one curve is left out: an explained point is not compared, so nothing is found.
    """
    asked = {path[:3] for path, _ in findings}
    for name, rows in record.items():
        for index, row in enumerate(rows) if isinstance(rows, (list, tuple)) else ():
            explained = (row.get("plausible_because") or {}) if isinstance(row, dict) else {}
            for part in explained:
                if part not in {WHOLE_ROW, *SIDES} and (name, index, part) not in asked:
                    path = (name, index, "plausible_because")
                    reading.report(file, path, f"{name}.{index}.plausible_because: {part} is not odd; take it out")


def result_findings(result: Item) -> Iterator[Finding]:
    """Give what is odd within one row: hazard ratio against its interval, the medians and p; percentages within 0-100."""
    ratio = result.get("hazard_ratio") or {}
    value, low, high = (ratio.get(key) for key in ("value", "low", "high"))
    if any(number is not None and number <= 0 for number in (value, low, high)):
        yield ("hazard_ratio",), "a hazard ratio and its interval are above 0"
        return
    level = ratio.get("interval") or 95
    if not LEAST_LEVEL <= level < 100:  # noqa: PLR2004 - percent
        yield ("hazard_ratio",), f"interval: {level:g} is no level; write the percentage, for example 95 or 97.5"
        return
    if value is None and (low or high):
        yield ("hazard_ratio",), "an interval stands there without the hazard ratio that it is of"
    if value and not 1 / WILDEST <= value <= WILDEST:
        yield ("hazard_ratio",), f"{value:g} is far from any hazard ratio of a trial"
    if value and low and high:
        yield from _symmetric(value, low, high)
        yield from _p_against_interval(result.get("p"), value, low, high, level)
    own, other = ((result.get(arm) or {}).get("value") for arm in SIDES)
    if value and own and other and result["unit"] == "months":
        longer = own / other - 1
        if abs(longer) > SAME and abs(value - 1) > SAME and longer * (1 - value) < 0:
            yield ("hazard_ratio",), f"{value:g} is on the wrong side of the medians {own:g} and {other:g} months"
    if result["unit"] == "percent":
        yield from _percentages(result)


def _percentages(result: Item) -> Iterator[Finding]:
    for arm in SIDES:
        for bound in ("value", "low", "high"):
            number = (result.get(arm) or {}).get(bound)
            if number is not None and not 0 <= number <= 100:  # noqa: PLR2004 - a percentage
                yield (arm,), f"{number:g} percent is outside 0-100"


def _symmetric(value: float, low: float, high: float) -> Iterator[Finding]:
    """A Wald interval is symmetric on the log scale, within the rounding of the printed figures."""
    rounding = _rounding(value) / value + (_rounding(low) / low + _rounding(high) / high) / 2
    middle = math.sqrt(low * high)
    if abs(math.log(value / middle)) > rounding + LOG_SLACK:
        yield ("hazard_ratio",), f"{value:g} is not in the middle ({middle:.2f}) of {low:g}-{high:g} on the log scale"


def _rounding(number: float) -> float:
    """Half a unit of the last printed place; YAML drops a final zero, so never coarser than two places."""
    decimals = len(f"{number:g}".partition(".")[2])
    return 0.5 * 10.0 ** -max(decimals, 2)


def _p_against_interval(p: object, value: float, low: float, high: float, level: float) -> Iterator[Finding]:
    """A p value follows from the ratio and its interval; one- and two-sided readings are both allowed."""
    printed = _P_VALUE.match(str(p)) if p is not None and not _OTHER_TEST.search(str(p)) else None
    if printed is None or low == high or printed[1] in {">", "≥"}:
        return
    number = float(printed[2].replace(",", "."))
    if number > 1 or "," in printed[2]:
        yield ("p",), f"{p} is no p value; write a number from 0 to 1 with a point, for example 0.03"
        return
    share = level / 100 if level > 1 else level
    error = math.log(high / low) / (2 * NormalDist().inv_cdf((1 + share) / 2))
    two_sided = math.erfc(abs(math.log(value)) / error / math.sqrt(2))
    expected = [two_sided, two_sided / 2]
    if value > 1 or _ONE_SIDED.search(str(p)):
        expected.append(1 - two_sided / 2)  # one-sided, and the result went the other way
    if printed[1] in {"<", "≤"}:
        fits = two_sided / 2 <= number * P_FACTOR
    else:
        small = 0.002  # below it the last printed place decides
        fits = any(max(x, small) / P_FACTOR <= max(number, small) <= max(x, small) * P_FACTOR for x in expected)
    if not fits:
        yield ("p",), f"{p} does not fit {value:g} ({low:g}-{high:g}), which gives about {two_sided:.2g}"


def _adverse_event(event: Item) -> Iterator[Finding]:
    graded = {key: event.get(key) for key in ("any_grade_percent", "grade_3_plus_percent")}
    for key, number in graded.items():
        if number is not None and not 0 <= number <= 100:  # noqa: PLR2004 - a percentage
            yield (key,), f"{number:g} percent is outside 0-100"
    every_grade, severe = graded.values()
    if every_grade is not None and severe is not None and severe > every_grade:
        yield ("grade_3_plus_percent",), f"{severe:g} percent is more than any grade ({every_grade:g})"


def _trial_days(trial: Item, today: str) -> Iterator[Finding]:
    first, started = trial.get("first_report"), trial.get("started")
    if first and started and started > first:
        yield ("started",), f"{started} is after the first report {first}"
    for index, result in enumerate(trial.get("results", ())):
        reported = result["reported"]
        if reported == NO_DAY:
            continue  # said already
        if first and reported < first:
            yield ("results", index, "reported"), f"{reported} is before the trial's first_report {first}"
        if reported > today:
            yield ("results", index, "reported"), f"{reported} is after the day {today} of this edition"


def _twice(name: str, rows: Sequence[Item], key: Any) -> list[Finding]:
    """Give a finding for each row whose fact another row of the list has told already."""
    found: dict[object, int] = {}
    findings: list[Finding] = []
    for index, row in enumerate(rows):
        first = found.setdefault(key(row), index)
        if first != index:
            findings.append(((name, index), f"tells the same fact as {name}.{first}; keep one"))
    return findings


def _result_key(row: Item) -> object:
    names = ("arm", "control_arm", "endpoint", "assessor", "at_months", "reported", "analysis", "unit", "note")
    return plain(row.get("population")), *(row.get(name) for name in names), bool(row.get("hazard_ratio"))


def _event_key(row: Item) -> object:
    return tuple(str(row.get(name) or "").casefold() for name in ("arm", "arm_name", "event", "detail"))


def _licence_key(row: Item) -> object:
    return repr([row.get(name) for name in ("regulator", "covers", "granted", "when", "status")])


def _first_reports(reading: Reading) -> dict[str, str]:
    """Give, by regimen and by group, the first day on which a trial of it was reported."""
    found: dict[str, str] = {}
    for _, trial in every(reading, "trials"):
        day: str = trial.get("first_report") or "9999-12-31"
        for arm in trial["arms"]:
            for regimen in arm.get("regimens", ()):
                found[regimen] = min(day, found.get(regimen, day))
    return found


def _licence(licence: Item, reports: Mapping[str, str], first_day: str, today: str) -> Iterator[Finding]:
    """A licence is granted after a trial of its regimen was reported; trials behind older licences are not in the library."""
    granted = licence.get("granted")
    if not granted:
        return
    if granted > today:
        yield ("granted",), f"{granted} is after the day {today} of this edition"
    days = [reports[name] for name in licence["covers"] if name in reports]
    # by month, as most first reports are known by their month
    if days and len(days) == len(licence["covers"]) and granted >= first_day and min(days)[:7] > granted[:7]:
        yield ("granted",), f"{granted} is before the first report ({min(days)}) of any trial of {licence['covers'][0]}"


def _statements(statements: Sequence[Item], editions: Mapping[str, str]) -> Iterator[Finding]:
    for index, statement in enumerate(statements):
        published = editions.get(statement["edition"])
        if published and statement["since"] < published:
            yield (index, "since"), f"{statement['since']} is before its text was published ({published})"

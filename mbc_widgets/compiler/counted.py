"""Checks of data/realworld: shares lie in their intervals, and all that the simulation refers to exists."""

from collections.abc import Iterator, Mapping
from typing import Any

from mbc_widgets.compiler.read import Reading, every, known

EVERYBODY = 100  # percent
OVER_ALL = "all"  # the name of a check that belongs to no structure
STEP_RATIO = 2  # figures that make a ratio


def check_counted(reading: Reading) -> None:
    """Report every share and figure outside its interval, and every name that does not exist."""
    files = list(every(reading, "realworld"))
    figures = {figure["id"]: figure for _, value in files for figure in value.get("figures", ())}
    structures = {item["id"] for _, value in files for item in value.get("structures", ())}
    for file, value in files:
        _check_shares(file, value, reading)
        _check_figures(file, value, reading)
        for path, names in _figures_named(value):
            known(file, path, names, set(figures), reading)
        for key in ("fits", "checks"):
            for index, item in enumerate(value.get(key, ())):
                known(file, (key, index, "structure"), [item["structure"]], structures | {OVER_ALL}, reading)


def _check_shares(file: str, counted: Mapping[str, Any], reading: Reading) -> None:
    """A share lies within its interval and within 0 to 100; a test's result is one state or one limit of one field."""
    for key in ("shares", "test_results"):
        for index, item in enumerate(counted.get(key, ())):
            path = (key, index, "percent")
            low, high = item.get("low", item["percent"]), item.get("high", item["percent"])
            if not 0 <= low <= item["percent"] <= high <= EVERYBODY:
                reading.report(
                    file, path, f"percent: {item['percent']} must lie between low and high, all from 0 to 100"
                )
            shows = item.get("shows")
            if shows and shows[0] not in {"is", "at_least"}:
                reading.report(file, (key, index, "shows"), "shows: write one result of one test, as {esr1: mutated}")


def _check_figures(file: str, counted: Mapping[str, Any], reading: Reading) -> None:
    """A figure lies within its interval, a percentage within 0 to 100, a chance of death within 0 to 1."""
    for key, name in (
        ("figures", "value"),
        ("assumptions", "value"),
        ("penalties", "ratio"),
        ("prognosis", "hazard_ratio"),
    ):
        for index, item in enumerate(counted.get(key, ())):
            value = item[name]
            low, high = item.get("low", value), item.get("high", value)
            most = EVERYBODY if item.get("unit") == "percent" else high
            if not low <= value <= high <= most:
                reading.report(
                    file, (key, index, name), f"{name}: {value} must lie between low and high; a percentage ends at 100"
                )
    for index, table in enumerate(counted.get("life_tables", ())):
        if not all(0 <= chance <= 1 for chance in table["yearly"]):
            reading.report(file, ("life_tables", index, "yearly"), "yearly: chances of death lie between 0 and 1")
    for name, steps in counted.get("ladders", {}).items():
        for index, step in enumerate(steps):
            ratio = len(step.get("ratio_of", ()))
            if (ratio == STEP_RATIO) == bool(step.get("figure")):
                text = "a step is one `figure`, or the `ratio_of` an earlier and a later one"
                reading.report(file, ("ladders", name, index), text)


def _figures_named(counted: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], list[str]]]:
    """Give (path, ids) for every place that refers to figures of cohorts."""
    for index, item in enumerate(counted.get("structures", ())):
        for subtype, names in item["next_line"].items():
            yield ("structures", index, "next_line", subtype), names
        yield ("structures", index, "misses"), list(item.get("misses", ()))
        yield ("structures", index, "contradicted"), [each["figure"] for each in item.get("contradicted", ())]
    for index, item in enumerate(counted.get("assumptions", ())):
        yield ("assumptions", index, "figures"), item.get("figures", [])
    for name, steps in counted.get("ladders", {}).items():
        for index, step in enumerate(steps):
            yield ("ladders", name, index), [*filter(None, [step.get("figure")]), *step.get("ratio_of", ())]
    for index, item in enumerate(counted.get("prognosis", ())):
        yield ("prognosis", index, "figure"), [*filter(None, [item.get("figure")])]
    for index, item in enumerate(counted.get("checks", ())):
        yield ("checks", index, "figure"), [item["figure"]]

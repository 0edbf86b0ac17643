"""A patient who goes on: the raw history with what a later visit adds."""

from collections.abc import Iterable, Mapping
from typing import Any

SAMPLES, THERAPIES = "receptor_samples", "prior_therapies"


def gone_on(raw: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Give the raw patient after `changes`: fields take the place of earlier ones, samples and therapies are added.

    A therapy with the drugs and the start of an earlier one takes its place: so a running therapy gets its end.
    """
    after = {**raw, **{name: value for name, value in changes.items() if name not in {SAMPLES, THERAPIES}}}
    if SAMPLES in changes:
        after[SAMPLES] = [*raw.get(SAMPLES, ()), *changes[SAMPLES]]
    if THERAPIES in changes:
        told = {_key(row): row for row in (*raw.get(THERAPIES, ()), *changes[THERAPIES])}
        after[THERAPIES] = list(told.values())
    return after


def at_visit(raw: Mapping[str, Any], visits: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Give the raw patient after all of `visits`, one after the other."""
    now = dict(raw)
    for changes in visits:
        now = gone_on(now, changes)
    return now


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return "+".join(sorted(map(str, row.get("agents", ())))), str(row.get("start"))

"""How well the facts were read: by kind, from whose word, and how long ago.

Comes in: the compiled knowledge as plain mappings. Goes out: `Fact`s, and the table of `mbc check --evidence`.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mbc_widgets.records import PRIMARY_KINDS

FOLDERS = {
    "agents": "agents", "trials": "trials", "rules": "questions", "safety": "safety", "realworld": "realworld",
    "curves": "curves",
}  # fmt: skip
LEVELS = ("never", "not_now", "caution", "require")
LISTS = {
    "licences": "licences",
    "doses": "doses",
    "early_visits": "extra visits of the first two months",
    "boxed_warnings": "boxed warnings",
    "status_notes": "notes on pending decisions and status",
    "companion_tests": "companion tests",
    "statements": "guideline statements",
    "rules": "safety rules",
    "results": "trial results",
    "adverse_events": "adverse events",
    "fit": "trial fit criteria",
    "shares": "shares that reach the next line",
    "test_results": "test results in cohorts",
    "figures": "figures of cohorts",
    "life_tables": "life tables",
    "penalties": "costs of earlier therapy",
}
DRUGS, DESIGNS, REPORT_DAYS = "drug cautions and monitoring", "trial designs", "first public days of results"
CURVES = "published curves"
_RULES = tuple(f"safety rules: {level.replace('_', ' ')}" for level in LEVELS)
KINDS = (*(kind for kind in LISTS.values() if kind != LISTS["rules"]), *_RULES, DRUGS, DESIGNS, REPORT_DAYS, CURVES)
_NO_FACT = {"arms", "sources", "verified", "checked", "added", "merged"}
_NAMED_BY = ("id", "granted", "reported", "event", "text", "name", "from_line", "cohort")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One fact: its kind, its file, a name within it, and how it was read; `primary` is None when it is recalled."""

    kind: str
    where: str
    name: str
    primary: bool | None
    checked: str | None
    item: Mapping[str, Any]

    @property
    def seen(self) -> bool:
        """Say whether somebody read it in its source."""
        return self.primary is not None


def facts(raw: Mapping[str, Any]) -> Iterator[Fact]:
    """Give every fact of the compiled knowledge that says how it was verified."""
    for criterion in raw["shared_fit"]:
        yield _fact(LISTS["fit"], "data/guidelines", criterion, raw["sources"])
    for folder, key in FOLDERS.items():
        for record in raw[key]:
            where = f"data/{folder}/{record['id']}"
            yield from _of_record(folder, record, where, raw["sources"])
            rules = set()  # a rule that was written out for each of its drugs counts once
            for part, kind in LISTS.items():
                items = record.get(part) or []
                for item in items if isinstance(items, list) else [items]:
                    if part == "rules":
                        rule = item["id"].split(":")[0]
                        if rule in rules:
                            continue
                        rules.add(rule)
                    kept = {"source": record.get("source"), "verified": "recalled", **item} if part == "fit" else item
                    yield _fact(_kind(kind, item), where, kept, raw["sources"])


def _of_record(folder: str, record: Mapping[str, Any], where: str, sources: Mapping[str, Any]) -> Iterator[Fact]:
    """Give the facts of the record itself: a drug's cautions, a trial's design, the days of its results."""
    if folder == "agents" and any(record.get(key) for key in ("contraindications", "cautions", "monitoring")):
        yield _fact(DRUGS, where, {"verified": "recalled", **record}, sources)
    if folder == "curves":
        yield _fact(CURVES, where, record, sources)
    if folder == "trials":
        yield _fact(DESIGNS, where, {"verified": "recalled", **record}, sources)
        for result in record.get("results", ()):
            verified = result.get("reported_verified", "seen") if result["verified"] == "seen" else "recalled"
            yield _fact(REPORT_DAYS, where, {**result, "verified": verified}, sources)


def _kind(kind: str, item: Mapping[str, Any]) -> str:
    return f"{kind}: {item['level'].replace('_', ' ')}" if kind == "safety rules" else kind


def _fact(kind: str, where: str, item: Mapping[str, Any], sources: Mapping[str, Any]) -> Fact:
    source = sources.get(item.get("source") or "", {})
    seen = item.get("verified", "seen") == "seen" and source.get("kind", "memory") != "memory"
    name = next((str(item[key]) for key in _NAMED_BY if item.get(key)), "").split(":")[0]
    if kind == "trial results":
        name = " ".join(str(item[key]) for key in ("reported", "endpoint", "population") if item.get(key))
    return Fact(
        kind=kind,
        where=where,
        name=name[:80],
        primary=source.get("kind") in PRIMARY_KINDS if seen else None,
        checked=item.get("checked") or source.get("checked"),
        item=item,
    )


def table(found: Sequence[Fact]) -> str:
    """Give the table of facts by kind as Markdown: total, seen from primary and secondary sources, recalled, oldest reading."""
    lines = [
        "| facts | total | seen, primary | seen, secondary | recalled | seen | oldest checked |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for kind in (*KINDS, "all"):
        chosen = [fact for fact in found if kind in {fact.kind, "all"}]
        primary, secondary, recalled = (sum(f.primary is how for f in chosen) for how in (True, False, None))
        share = f"{100 * (primary + secondary) / len(chosen):.1f} %" if chosen else ""
        oldest = min((fact.checked for fact in chosen if fact.checked and fact.seen), default="")
        lines.append(f"| {kind} | {len(chosen)} | {primary} | {secondary} | {recalled} | {share} | {oldest} |")
    return "\n".join(lines)


def sample(found: Sequence[Fact], size: int, seed: str, sources: Mapping[str, Any]) -> Iterator[str]:
    """Give `size` random facts that claim to be seen, each with its source, for somebody who did not enter them to read again."""
    claimed = [fact for fact in found if fact.seen]
    chooser = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
    for number, fact in enumerate(chooser.sample(claimed, min(size, len(claimed))), start=1):
        told = {key: value for key, value in fact.item.items() if key not in LISTS and key not in _NO_FACT}
        yield f"{number}. {fact.where}: {fact.kind}"
        yield f"   {json.dumps(told, ensure_ascii=False)}"
        yield f"   source: {json.dumps(sources.get(fact.item.get('source') or '', {}), ensure_ascii=False)}"

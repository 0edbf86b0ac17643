"""Checks across files: every name exists, days are in order, intervals hold their value."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mbc_widgets.compiler.counted import check_counted
from mbc_widgets.compiler.read import Reading, every, known
from mbc_widgets.conditions import nearest

UNITS = {
    "months": frozenset({"pfs", "os", "ttp", "ttf", "dor", "pfs2"}),
    "percent": frozenset({"orr", "cbr", "dcr", "pfs_at", "os_at"}),
}
TWO_MONTHS = 61  # days
FIGURE = re.compile(
    r"\d[\d.]* ?(%|months|weeks|patients)|\bHR \d|\d\.\d"
)  # of a result; "CDK4/6" and "ER 1-10" are none
ADDRESS = re.compile(r"https?://(?:(?!\.\.\.|…)\S)+")
IDENTIFIERS = {
    "nct": (re.compile(r"NCT\d{8}"), "NCT and eight digits"),
    "doi": (
        re.compile(r"10\.\d{4,9}/\S+(?<!/abstract)(?<!/full)(?<!/pdf)"),
        "10., a number, / and the rest, without https://doi.org/ and without /abstract, /full or /pdf of a web address",
    ),
    "pmid": (re.compile(r"\d{1,8}"), "up to eight digits"),
    "url": (ADDRESS, "the whole address, from https:// on, nothing left out"),
    "read_at": (ADDRESS, "the whole address, from https:// on, nothing left out"),
}


def check_links(reading: Reading) -> None:
    """Report every name that does not exist and every day, number or text that cannot be right."""
    names = _names(reading)
    for file, value in reading.values.items():
        folder = file.split("/", 1)[0]
        if "/" in file and folder != "rules" and value["id"] != Path(file).stem:
            reading.report(file, ("id",), f"id: '{value['id']}' must equal the file name '{Path(file).stem}'")
        _check_sources(file, value, names["sources"], reading)
    for file, agent in every(reading, "agents"):
        _check_agent(file, agent, names, reading)
    for file, question in every(reading, "rules"):
        for index, statement in enumerate(question["statements"]):
            _check_statement(file, ("statements", index), statement, names, reading)
    for file, debate in every(reading, "debates"):
        _check_debate(file, debate, names, reading)
    for file, topic in every(reading, "safety"):
        _check_topic(file, topic, names, reading)
    for file, trial in every(reading, "trials"):
        _check_trial(file, trial, names, reading)
        _check_identifiers(file, (), trial, reading)
    for file, curve in every(reading, "curves"):
        known(file, ("trial",), [curve["trial"]], names["trials"], reading)
    check_counted(reading)
    _check_scenarios(reading, names)
    _check_regimens(reading, names)
    _check_unique(reading)


def _check_scenarios(reading: Reading, names: Mapping[str, set[str]]) -> None:
    for file, scenario in every(reading, "scenarios"):
        known(file, ("body",), filter(None, [scenario.get("body")]), names["bodies"] | {"all"}, reading)


def _names(reading: Reading) -> dict[str, set[str]]:
    vocabulary = reading.values.get("vocabulary.yaml", {})
    regimens = reading.values.get("regimens.yaml", {})
    guidelines = reading.values.get("guidelines.yaml", {})
    return {
        "drug_classes": {c["id"] for c in vocabulary.get("drug_classes", ())},
        "fields": {f["id"] for f in vocabulary.get("fields", ())},
        "agents": _stems(reading, "agents"),
        "trials": _stems(reading, "trials"),
        "regimens": {r["id"] for r in regimens.get("regimens", ())},
        "groups": {g["id"] for g in regimens.get("groups", ())},
        "bodies": {b["id"] for b in guidelines.get("bodies", ())},
        "editions": {e["id"] for e in guidelines.get("editions", ())},
        "sources": set(guidelines.get("sources", ())),
        "statements": {s["id"] for _, question in every(reading, "rules") for s in question["statements"]},
    }


def _stems(reading: Reading, folder: str) -> set[str]:
    """Give the names of a folder's files, also of those with a problem: one slip is reported once."""
    return {Path(file).stem for file in reading.files if file.startswith(f"{folder}/")}


def _check_sources(file: str, value: Mapping[str, Any], shared: set[str], reading: Reading) -> None:
    """Every `source` key resolves in its own file or in guidelines.yaml; a seen one carries an identifier."""
    if file == "vocabulary.yaml":
        return  # a field names its source in words
    own = value.get("sources", {})
    for key, source in own.items():
        _check_identifiers(file, ("sources", key), source, reading)
    used = list(_sources_in(value, ()))
    for key in own.keys() - {key for _, key, _ in used} if file != "guidelines.yaml" else ():
        reading.report(file, ("sources", key), f"sources: nothing in this file cites '{key}'; delete it")
    for path, key, fact in used:
        if key not in own and key not in shared:
            reading.report(
                file,
                path,
                f"source: '{key}' is in neither `sources` of this file nor data/guidelines.yaml{nearest(key, own)}",
            )
        if own.get(key, {}).get("kind") == "memory" and fact.get("verified") == "seen":
            text = (
                f"source: '{key}' is a memory, so nobody has seen it; name what was read, or write verified: recalled"
            )
            reading.report(file, path, text)


def _check_identifiers(file: str, path: tuple[str | int, ...], value: Mapping[str, Any], reading: Reading) -> None:
    for key, (pattern, allowed) in IDENTIFIERS.items():
        found = value.get(key)
        if found is not None and not pattern.fullmatch(str(found)):
            reading.report(file, (*path, key), f"{key}: '{found}' is no such identifier; write {allowed}")


def _sources_in(
    value: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str, Mapping[str, Any]]]:
    """Give the path, the key and the fact that cites it, for every source that is cited."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in {"source", "withdrawn_source", "also_source"} and isinstance(item, str) and item:
                yield (*path, key), item, value
            elif key not in {"sources", "patient"}:
                yield from _sources_in(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _sources_in(item, (*path, index))


def _ordered(
    file: str,
    path: tuple[str | int, ...],
    value: Mapping[str, Any],
    first: str,
    last: str,
    reading: Reading,
) -> None:
    if value.get(first) and value.get(last) and value[first] > value[last]:
        reading.report(
            file,
            (*path, last),
            f"{last}: {value[last]} is before {first} ({value[first]}); check both days",
        )


def _check_agent(file: str, agent: Mapping[str, Any], names: Mapping[str, set[str]], reading: Reading) -> None:
    known(file, ("drug_class",), [agent["drug_class"]], names["drug_classes"], reading)
    covered = names["regimens"] | names["groups"]
    for index, dose in enumerate(agent.get("doses", ())):
        known(file, ("doses", index, "covers"), dose.get("covers", ()), covered, reading)
    early = agent.get("early_visits", {}).get("days", ())
    if list(early) != sorted(set(early)) or not all(0 <= day <= TWO_MONTHS for day in early):
        text = f"days: {list(early)}; write each day once, in order, from 0 (before the first dose) to {TWO_MONTHS}"
        reading.report(file, ("early_visits", "days"), text)
    for index, licence in enumerate(agent.get("licences", ())):
        _check_licence(file, ("licences", index), licence, names, reading)


def _check_licence(
    file: str,
    path: tuple[str | int, ...],
    licence: Mapping[str, Any],
    names: Mapping[str, set[str]],
    reading: Reading,
) -> None:
    known(file, (*path, "covers"), licence["covers"], names["regimens"] | names["groups"], reading)
    if not licence.get("granted") and not licence.get("established"):
        reading.report(
            file,
            path,
            "granted: missing; give the day, or `established: true` for a drug in standard use before 2012",
        )
    _ordered(file, path, licence, "granted", "withdrawn", reading)


def _check_statement(
    file: str,
    path: tuple[str | int, ...],
    statement: Mapping[str, Any],
    names: Mapping[str, set[str]],
    reading: Reading,
) -> None:
    known(
        file,
        (*path, "covers"),
        statement.get("covers", ()),
        names["regimens"] | names["groups"],
        reading,
    )
    known(file, (*path, "body"), [statement["body"]], names["bodies"], reading)
    known(file, (*path, "edition"), [statement["edition"]], names["editions"], reading)
    known(file, (*path, "trials"), statement.get("trials", ()), names["trials"], reading)
    known(file, (*path, "test"), statement.get("test", ()), names["fields"], reading)
    _ordered(file, path, statement, "since", "until", reading)


def _check_debate(file: str, debate: Mapping[str, Any], names: Mapping[str, set[str]], reading: Reading) -> None:
    known(file, ("covers",), debate["covers"], names["regimens"] | names["groups"], reading)
    _ordered(file, (), debate, "since", "until", reading)
    if not debate["covers"]:
        reading.report(
            file, ("covers",), "covers: empty, so nobody would see the debate; name regimens or groups of regimens.yaml"
        )
    if len(debate["sides"]) < 2:  # noqa: PLR2004 - a debate has two sides
        reading.report(file, ("sides",), f"sides: found {len(debate['sides'])}; a debate has at least two")
    for index, side in enumerate(debate["sides"]):
        if not side["says"].strip():
            reading.report(file, ("sides", index, "says"), "says: empty; write what this side holds, in your own words")
        if FIGURE.search(side["says"]):
            message = "says: a figure in the words; name the trial under trials, and its figure of the day is printed"
            reading.report(file, ("sides", index, "says"), message)
        known(file, ("sides", index, "trials"), side.get("trials", ()), names["trials"], reading)
        known(file, ("sides", index, "statements"), side.get("statements", ()), names["statements"], reading)


def _check_topic(file: str, topic: Mapping[str, Any], names: Mapping[str, set[str]], reading: Reading) -> None:
    for index, rule in enumerate(topic["rules"]):
        _check_scope(file, ("rules", index, "applies_to"), rule["applies_to"], names, reading)


def _check_scope(
    file: str,
    path: tuple[str | int, ...],
    scope: Mapping[str, Any],
    names: Mapping[str, set[str]],
    reading: Reading,
) -> None:
    kinds = {
        "agents": "agents",
        "classes": "drug_classes",
        "regimens": "regimens",
        "groups": "groups",
    }
    for key, kind in kinds.items():
        known(file, (*path, key), scope.get(key, ()), names[kind], reading)
    if not any(scope.values()):
        reading.report(
            file,
            path,
            "applies_to: names nothing; write agents, classes, regimens, groups, backbone or everything: true",
        )


def _check_regimens(reading: Reading, names: Mapping[str, set[str]]) -> None:
    for index, regimen in enumerate(reading.values.get("regimens.yaml", {}).get("regimens", ())):
        path = ("regimens", index)
        known("regimens.yaml", (*path, "agents"), regimen["agents"], names["agents"], reading)
        known("regimens.yaml", (*path, "groups"), regimen.get("groups", ()), names["groups"], reading)


def _check_trial(file: str, trial: Mapping[str, Any], names: Mapping[str, set[str]], reading: Reading) -> None:
    arms = {arm["id"] for arm in trial["arms"]}
    for index, arm in enumerate(trial["arms"]):
        used = [*arm.get("regimens", ()), *arm.get("choice_of", ())]
        known(file, ("arms", index, "regimens"), used, names["regimens"], reading)
    for index, result in enumerate(trial.get("results", ())):
        _check_result(file, ("results", index), result, reading)
        known(
            file,
            ("results", index, "arm"),
            [result["arm"]] if result.get("arm") else [],
            arms,
            reading,
        )
    for index, event in enumerate(trial.get("adverse_events", ())):
        known(file, ("adverse_events", index, "arm"), [event["arm"]], arms, reading)


def _check_result(file: str, path: tuple[str | int, ...], result: Mapping[str, Any], reading: Reading) -> None:
    """Report what no source can print: the unit of another endpoint, a rate without its month, an impossible interval."""
    for unit, endpoints in UNITS.items():
        if result["endpoint"] in endpoints and result["unit"] != unit:
            reading.report(
                file, (*path, "unit"), f"unit: {result['endpoint']} is told in {unit}, found {result['unit']}"
            )
    if result["endpoint"] in {"pfs_at", "os_at"} and not result.get("at_months"):
        reading.report(file, path, f"at_months: missing; {result['endpoint']} needs the month of its rate")
    for name in ("experimental", "control", "hazard_ratio"):
        _check_measure(file, (*path, name), result.get(name) or {}, reading)


def _check_measure(file: str, path: tuple[str | int, ...], measure: Mapping[str, Any], reading: Reading) -> None:
    value, low, high = (measure.get(key) for key in ("value", "low", "high"))
    if low is not None and high is not None and low > high:
        reading.report(file, path, f"{path[-1]}: its interval runs from {low:g} down to {high:g}; check the paper")
    elif value is not None and ((low is not None and low > value) or (high is not None and high < value)):
        reading.report(file, path, f"{path[-1]}: {value:g} lies outside its interval {low} to {high}; check the paper")
    if value is not None and value < 0:
        reading.report(file, path, f"{path[-1]}: {value:g} is below 0; check the paper")


def _check_unique(reading: Reading) -> None:
    """Ids of statements and rules are unique over all files."""
    seen: dict[str, str] = {}
    for folder, key in (("rules", "statements"), ("safety", "rules")):
        for file, value in every(reading, folder):
            for index, item in enumerate(value[key]):
                if item["id"] in seen:
                    reading.report(
                        file,
                        (key, index, "id"),
                        f"id: '{item['id']}' is already used in {seen[item['id']]}",
                    )
                seen[item["id"]] = file

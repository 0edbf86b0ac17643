"""Knowledge: compiled whole or refused whole, and never newer than the content it was made from.

`write` makes a tiny data folder of its own, so that a slip in it is seen with its exact message.
"""

import os
import shutil
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from mbc_widgets.compiler import DataError, compile_folder
from mbc_widgets.knowledge import Knowledge, content_key, load, read
from tests.conftest import ROOT

DATA = ROOT / "data"

TINY: Mapping[str, str] = {
    "edition.yaml": (DATA / "edition.yaml").read_text(encoding="utf-8"),
    "vocabulary.yaml": """\
groups:
  - {id: all, label: All}
fields:
  - {id: esr1, label: ESR1, group: all, kind: state, states: {mutated: mutated, wild_type: not mutated}, changes: test, if_not_given: unknown}
  - {id: crisis, label: Crisis, group: all, kind: flag, changes: course, if_not_given: false}
  - {id: lines, label: Lines, group: all, kind: number, changes: fixed, if_not_given: 0}
  - {id: agents_progressed_on, label: Progressed on, group: all, kind: set, states: agents, derived: true, changes: fixed, if_not_given: []}
drug_classes:
  - {id: oral_serd, label: oral SERD, kind: endocrine, palette: serd}
  - {id: taxane, label: taxane, kind: cytotoxic, palette: chemo}
  - {id: ovarian_suppression, label: ovarian suppression, kind: suppression, palette: et}
""",
    "regimens.yaml": """\
groups:
  - {id: serds, label: SERDs}
regimens:
  - {id: alpha, agents: [alpha], groups: [serds], palette: serd, backbone: endocrine, suppression: ovarian}
  - {id: beta, agents: [beta], groups: [], palette: chemo, backbone: chemotherapy}
""",
    "guidelines.yaml": """\
bodies:
  - {id: asco, name: ASCO, speaks_for: [FDA]}
  - {id: jbcs, name: JBCS}
editions:
  - {id: asco-2024, body: asco, title: A guideline, published: 2024-02}
sources:
  shared: {kind: guideline, title: Shared, doi: 10.1000/x}
""",
    "agents/alpha.yaml": """\
id: alpha
name: alpha
drug_class: oral_serd
route: oral
licences:
  - regulator: FDA
    granted: 2023-01
    status: licensed
    covers: [alpha]
    when: {esr1: mutated, lines: {at_least: 1}}
    wording: ESR1 mutated
    withdrawn: 2025-06-10
    withdrawn_source: own
    source: own
    verified: seen
sources:
  own: {kind: label, title: Own label, url: https://example.org}
""",
    "agents/beta.yaml": """\
id: beta
name: beta
drug_class: taxane
route: intravenous
licences:
  - {regulator: FDA, established: true, status: established, covers: [beta], when: {}, wording: old, source: shared, verified: seen}
""",
    "agents/goserelin.yaml": "id: goserelin\nname: goserelin\ndrug_class: ovarian_suppression\nroute: subcutaneous\n",
    "rules/any/question.yaml": """\
id: any-question
question: What first?
statements:
  - id: A-1
    body: asco
    edition: asco-2024
    since: 2024-02
    until: 2026-01
    position: standard
    covers: [serds]
    when: {esr1: mutated}
    because: An ESR1 mutation.
    source: shared
    verified: seen
  - id: A-2
    body: asco
    edition: asco-2024
    since: 2024-02
    position: preferred
    covers: [beta]
    when: {crisis: true}
    because: A crisis.
    source: shared
    verified: recalled
""",
    "safety/limits.yaml": """\
id: limits
title: Limits
rules:
  - id: S-1
    level: never
    applies_to: {agents: [alpha, beta]}
    when: {agents_progressed_on: $agent}
    since: 2014-07
    regulator: FDA
    text: Not again.
    why: It failed.
    source: own
    verified: recalled
sources:
  own: {kind: memory, title: recalled}
""",
}  # fmt: skip


def write(
    folder: Path, changes: Mapping[str, tuple[str, str]] | None = None, more: Mapping[str, str] | None = None
) -> Path:
    """Write the tiny data with some texts replaced (file: (old, new)) and some files more; an empty one is left out."""
    for name, text in {**TINY, **(more or {})}.items():
        old, new = (changes or {}).get(name, ("", ""))
        assert old in text, f"{name} does not hold {old!r}"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text:
            path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return folder


def compiled(folder: Path) -> Knowledge:
    return read(compile_folder(folder))


@pytest.fixture
def tiny(tmp_path: Path) -> Knowledge:
    return compiled(write(tmp_path))


# ---- what compiling does


def test_a_month_or_a_year_becomes_its_last_day(tiny: Knowledge) -> None:
    (licence,) = tiny.agents["alpha"].licences
    assert (licence.granted, licence.withdrawn) == ("2023-01-31", "2025-06-10")
    assert tiny.questions[0].statements[0].until == "2026-01-31"


def test_a_regimen_that_needs_low_oestrogen_gets_its_variant(tiny: Knowledge) -> None:
    variant = tiny.regimens["alpha+goserelin"]
    assert (variant.agents, variant.variant_of) == (("alpha", "goserelin"), "alpha")
    assert tiny.regimens["alpha"].applies == ("not", variant.applies)


def test_a_group_covers_its_regimens_and_their_variants(tiny: Knowledge) -> None:
    assert tiny.expand(["serds"]) == ("alpha", "alpha+goserelin")
    assert [s.id for s in tiny.statements_of["alpha+goserelin"]] == ["A-1"]


def test_a_rule_for_each_drug_is_written_out(tiny: Knowledge) -> None:
    rules = {rule.id: rule.when for rule in tiny.safety[0].rules}
    assert rules == {f"S-1:{name}": ("is", "agents_progressed_on", (name,)) for name in ("alpha", "beta")}
    assert [rule.id for rule in tiny.rules_of["beta"]] == ["S-1:beta"]


def test_a_source_is_found_in_its_own_file_first_and_then_among_the_shared(tiny: Knowledge) -> None:
    licence, statement = tiny.agents["alpha"].licences[0], tiny.questions[0].statements[0]
    assert tiny.sources[licence.source].title == "Own label"
    assert tiny.sources[licence.withdrawn_source or ""].title == "Own label"
    assert tiny.sources[statement.source].title == "Shared"


# ---- what compiling refuses

AGENT, BETA, RULES = "agents/alpha.yaml", "agents/beta.yaml", "rules/any/question.yaml"
SLIPS = {
    "an unknown key": (AGENT, "drug_class", "drug_clas", ["data/agents/alpha.yaml:1: drug_class: missing; add it (a template with every key is in data/templates/)", "data/agents/alpha.yaml:3: drug_clas: unknown key; did you mean 'drug_class'? Allowed: id, name, drug_class,"]),  # noqa: E501
    "an unknown class": (AGENT, "drug_class: oral_serd", "drug_class: oral_sred", ["data/agents/alpha.yaml:3: drug_class: unknown name 'oral_sred'; did you mean 'oral_serd'?"]),  # noqa: E501
    "an unknown route": (AGENT, "route: oral", "route: mouth", ["data/agents/alpha.yaml:4: route: 'mouth' is not allowed. Allowed: 'oral', 'intravenous', 'intramuscular', 'subcutaneous' or 'procedure'"]),  # noqa: E501
    "an id that is not the file": (AGENT, "id: alpha", "id: alfa", ["data/agents/alpha.yaml:1: id: 'alfa' must equal the file name 'alpha'"]),
    "a licence without a grant": (AGENT, "    granted: 2023-01\n", "", ["data/agents/alpha.yaml:6: granted: missing"]),
    "a day that is none": (AGENT, "granted: 2023-01", "granted: 2023-13", ["data/agents/alpha.yaml:7: licences.0.granted: '2023-13' is not a day; write YYYY-MM-DD, YYYY-MM or YYYY"]),  # noqa: E501
    "a withdrawal before the grant": (AGENT, "withdrawn: 2025-06-10", "withdrawn: 2022-06-10", ["data/agents/alpha.yaml:12: withdrawn: 2022-06-10"]),
    "an unknown field": (AGENT, "esr1: mutated", "esr2: mutated", ["data/agents/alpha.yaml:10: licences.0.when: unknown field 'esr2'; did you mean 'esr1'? The fields are listed in data/vocabulary.yaml"]),  # noqa: E501
    "an unknown state": (RULES, "when: {esr1: mutated}", "when: {esr1: mutant}", ["data/rules/any/question.yaml:11: statements.0.when: 'esr1' has no state 'mutant'; did you mean 'mutated'? Allowed: mutated, wild_type"]),  # noqa: E501
    "an unknown source": (AGENT, "    source: own", "    source: owm", ["data/agents/alpha.yaml:14: source: 'owm' is in neither `sources` of this file nor data/guidelines.yaml; did you mean 'own'?"]),  # noqa: E501
    "a memory that claims to be seen": (AGENT, "kind: label", "kind: memory", ["data/agents/alpha.yaml:13: source: 'own' is a memory", "data/agents/alpha.yaml:14: source: 'own' is a memory, so nobody has seen it; name what was read, or"]),  # noqa: E501
    "a source that nothing cites": (AGENT, "sources:\n", "sources:\n  other: {kind: news, title: Other}\n", ["data/agents/alpha.yaml:17: sources: nothing in this file cites 'other'; delete it"]),  # noqa: E501
    "an unknown regimen": (RULES, "covers: [serds]", "covers: [serd]", ["data/rules/any/question.yaml:10: statements.0.covers: unknown name 'serd'; did you mean 'serds'?"]),  # noqa: E501
    "an unknown body": (RULES, "body: asco", "body: esmo", ["data/rules/any/question.yaml:5: statements.0.body: unknown name 'esmo'."]),
    "an end before its start": (RULES, "until: 2026-01", "until: 2023-01", ["data/rules/any/question.yaml:8: until: 2023-01-31"]),
    "an id used twice": (RULES, "id: A-2", "id: A-1", ["data/rules/any/question.yaml:15: id: 'A-1' is already used in rules/any/question.yaml"]),
    "a key written twice": (BETA, "name: beta", "name: beta\nname: gamma", ["data/agents/beta.yaml:3: the key 'name' is written twice; keep one"]),
    "a yes that is text": (BETA, "established: true", "established: yes", ["data/agents/beta.yaml:6: licences.0.established:"]),
    "a number that is a flag": (BETA, "route: intravenous", "route: intravenous\ncycle_days: true", ["data/agents/beta.yaml:5: cycle_days:"]),
    "a flag that is a number": (BETA, "established: true", "established: 1", ["data/agents/beta.yaml:6: licences.0.established:"]),
    "a rule about nothing": ("safety/limits.yaml", "{agents: [alpha, beta]}", "{}", ["data/safety/limits.yaml:6: applies_to: names nothing"]),
    "an unknown drug in a regimen": ("regimens.yaml", "agents: [beta]", "agents: [betta]", ["data/regimens.yaml:5: regimens.1.agents: unknown name 'betta'; did you mean 'beta'?"]),  # noqa: E501
}  # fmt: skip


def refusal(folder: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        compile_folder(folder)
    count = len(caught.value.problems)
    assert str(caught.value).endswith(f"{count} problem{'' if count == 1 else 's'} in the data")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(("file", "old", "new", "messages"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_refused_with_file_line_and_remedy(
    tmp_path: Path, file: str, old: str, new: str, messages: list[str]
) -> None:
    found = refusal(write(tmp_path, {file: (old, new)}))
    assert len(found) == len(messages), found
    for problem, message in zip(found, messages, strict=True):
        assert problem.startswith(message)


def test_one_slip_in_a_drug_is_not_repeated_for_every_regimen_that_names_it(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns(".compiled"))
    path = tmp_path / "data/agents/letrozole.yaml"
    path.write_text(path.read_text().replace("route: oral", "route: mouth"))
    found = refusal(tmp_path / "data")
    assert len(found) == 1, f"{len(found)} problems, such as {found[1]}"


def test_all_slips_are_listed_at_once_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    changes = {
        "regimens.yaml": ("agents: [beta]", "agents: [betta]"),
        AGENT: ("esr1: mutated", "esr1: mutant"),
        RULES: ("verified: seen", "verified: maybe"),
        "safety/limits.yaml": ("level: never", "level: [never"),
    }
    found = refusal(write(tmp_path, changes))
    assert [problem.split(":")[0] for problem in found] == [
        "data/agents/alpha.yaml", "data/regimens.yaml", "data/rules/any/question.yaml", "data/safety/limits.yaml",
    ]  # fmt: skip


def test_a_missing_file_and_a_stray_file_are_named(tmp_path: Path) -> None:
    found = refusal(write(tmp_path, more={"guidelines.yaml": "", "notes/x.yaml": "a: 1\n", RULES: ""}))
    assert "data/guidelines.yaml:1: missing; the knowledge needs this file" in found
    assert any(p.startswith("data/notes/x.yaml:1: no such kind of file; allowed folders: agents, rules") for p in found)


def test_a_file_that_is_no_mapping_is_refused_and_not_a_crash(tmp_path: Path) -> None:
    for text in ("- a\n", "just words\n", "---\n...\n", "id: " + "9" * 5000 + "\n"):
        found = refusal(write(tmp_path, more={"agents/gamma.yaml": text}))
        assert all(problem.startswith("data/agents/gamma.yaml:") for problem in found), text


# ---- never stale


def plain(value: object) -> object:
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def test_what_is_loaded_is_what_compiling_gives() -> None:
    assert plain(load()) == plain(compiled(DATA))


def test_compiling_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert compile_folder(folder) == compile_folder(folder)


def test_the_key_follows_every_byte_and_every_name(tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    before = content_key(folder)
    assert content_key(write(tmp_path / "b")) == before
    path = folder / AGENT
    path.write_text(path.read_text().replace("2023-01", "2023-02"))
    changed = content_key(folder)
    path.rename(folder / "agents/gamma.yaml")
    assert len({before, changed, content_key(folder)}) == 3


def test_a_changed_byte_is_seen_by_the_next_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path / "cache"))
    folder = write(tmp_path / "data")
    granted = [load(folder).agents["alpha"].licences[0].granted]
    path = folder / AGENT
    path.write_text(path.read_text().replace("2023-01", "2023-02"))
    load.cache_clear()
    granted.append(load(folder).agents["alpha"].licences[0].granted)
    load.cache_clear()
    assert granted == ["2023-01-31", "2023-02-28"]


def test_a_file_moved_to_another_folder_is_seen_by_the_next_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path / "cache"))
    folder = write(
        tmp_path / "data",
        more={
            "templates/gamma.yaml": TINY[BETA].replace("beta", "gamma").replace("[gamma]", "[beta]"),
            RULES: "",
            "safety/limits.yaml": "",
        },
    )
    kept = sorted(load(folder).agents)
    (folder / "trials").mkdir()
    shutil.move(folder / "templates/gamma.yaml", folder / "trials/gamma.yaml")
    load.cache_clear()
    with pytest.raises(DataError):  # a drug is no trial: nothing that was kept may hide it
        load(folder)
    assert kept == ["alpha", "beta", "goserelin"]


def test_a_day_outside_the_edition_and_an_unknown_regulator_are_refused(tiny: Knowledge) -> None:
    for day in ("2011-12-31", "2026-11-24"):
        with pytest.raises(ValueError, match=f"day: {day} is outside this edition; allowed 2012-01-01 to 2026-11-23"):
            tiny.on(day, "FDA")
    with pytest.raises(ValueError, match="regulator: 'PMDA' is not covered; allowed: FDA, EMA"):
        tiny.on("2024-01-01", "PMDA")


def test_a_snapshot_is_made_once(tiny: Knowledge) -> None:
    assert tiny.on("2024-01-01", "FDA") is tiny.on("2024-01-01", "FDA")


def test_a_criterion_that_a_subtype_shares_is_asked_once_in_each_of_its_trials() -> None:
    known = load()
    trials = [known.trial(name) for name in known.raw_trials]
    for shared in known.shared_fit:
        for trial in trials:
            asked = sum(criterion.when == shared.when for criterion in trial.fit)
            early = not shared.reported_before or (trial.first_report or "9") < shared.reported_before
            if trial.fit and trial.subtype == shared.subtype and early and trial.id not in shared.not_in:
                assert asked == 1, (trial.id, shared.text)
            elif trial.subtype != shared.subtype:
                assert asked <= 1, (trial.id, shared.text)


def test_a_shared_criterion_names_trials_that_exist() -> None:
    assert {name for shared in load().shared_fit for name in shared.not_in} <= set(load().raw_trials)


def test_after_the_first_cdk46_inhibitor_a_trial_says_itself_whether_it_took_patients_who_had_one() -> None:
    """Palbociclib was licensed in February 2015 (doi 10.1001/jama.2015.2195): CONFIRM could not, MONARCH 2 did not."""
    told = {name: [c.text for c in load().trial(name).fit if "CDK4/6" in c.text] for name in ("confirm", "monarch-2")}
    assert told["confirm"] == ["No CDK4/6 inhibitor before (none was licensed when the trial reported)"]
    assert told["monarch-2"] == ["No earlier CDK4/6 inhibitor"]


def test_no_two_trials_tell_the_same_figure() -> None:
    """A trial that stands twice under two names would be counted twice; two trials rarely print the same two medians."""
    known, told = load(), defaultdict(set)
    for trial in map(known.trial, known.raw_trials):
        for result in trial.results:
            if result.experimental and result.control and result.experimental.value and result.control.value:
                told[result.endpoint, result.unit, result.experimental, result.control, result.hazard_ratio].add(
                    trial.id
                )
    assert not [names for names in told.values() if len(names) > 1]

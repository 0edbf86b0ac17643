"""The short code: what is looked at comes back from it whole, and what is no code is refused in words."""

import json
import random
import zlib
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbc_widgets.codes import MODES, CodeError, Shared, read_code, write_code
from mbc_widgets.codes.letters import LETTERS
from mbc_widgets.knowledge import Knowledge, bodies_on, load
from mbc_widgets.patient import Patient, PatientError
from mbc_widgets.workbook import scenario

KNOWN = load()
INPUTS = {name: entry for name, entry in KNOWN.vocabulary.items() if not entry.derived}
ESR1 = "esr1-after-cdk46"
DAYS = (date.fromisoformat(KNOWN.edition.current_day) - date.fromisoformat(KNOWN.edition.first_day)).days


def start(name: str, /, **changes: Any) -> Shared:
    """The scenario as it starts, its patient changed."""
    patient, day, regulator = scenario(name)
    return Shared(
        patient=patient.replace(**changes) if changes else patient, day=day, regulator=regulator, scenario=name
    )


def bare(code: str) -> str:
    return code.replace("-", "")


def values(entry: Any) -> st.SearchStrategy[Any]:
    """Any value that a field allows, unknown included."""
    if entry.kind == "flag":
        return st.sampled_from([None, False, True])
    if entry.kind == "state":
        return st.sampled_from([None, *entry.states])
    if entry.kind == "set":
        return st.none() | st.lists(st.sampled_from(list(entry.states)), unique=True, max_size=7)
    steps = st.integers(0, round((entry.maximum - entry.minimum) / entry.step))
    on_step = steps.map(lambda step: min(round(entry.minimum + step * entry.step, 6), entry.maximum))
    return st.none() | on_step | (on_step if entry.whole else st.floats(entry.minimum, entry.maximum))


changes = st.lists(
    st.sampled_from(sorted(INPUTS)).flatmap(lambda name: st.tuples(st.just(name), values(INPUTS[name]))), max_size=6
)
percents = st.none() | st.integers(0, 100) | st.floats(0, 100)


@st.composite
def histories(draw: st.DrawFn, patient: Patient) -> dict[str, Any]:
    """Another history: rows left out, a result of the latest sample, a line of one's own."""
    raw = patient.as_dict()
    kind = draw(st.sampled_from(["none", "none", "fewer", "sample", "line", "name"]))
    if kind == "fewer":
        return {name: raw[name][: draw(st.integers(0, len(raw[name])))] for name in ("prior_therapies",)}
    if kind == "sample" and raw["receptor_samples"]:
        *older, latest = raw["receptor_samples"]
        her2 = draw(st.sampled_from([None, *KNOWN.vocabulary["her2_state"].states]))
        own = {"er_percent": draw(percents), "pr_percent": draw(percents), "her2": her2}
        return {"receptor_samples": [*older, {k: v for k, v in {**latest, **own}.items() if v is not None}]}
    if kind == "line":
        agents = draw(st.lists(st.sampled_from(sorted(KNOWN.agents)), min_size=1, max_size=3, unique=True))
        begun = patient.seen_on - timedelta(days=draw(st.integers(0, 200)))
        row = {"agents": agents, "setting": "metastatic", "start": begun.isoformat(), "stop_reason": "ongoing"}
        return {"prior_therapies": [*raw["prior_therapies"], row]}
    return {"name": draw(st.text(max_size=40))} if kind == "name" else {}


@st.composite
def looked_at(draw: st.DrawFn) -> Shared:
    """Any scenario, changed or not, on any day under any regulator and body, in any mode."""
    shown = start(draw(st.sampled_from(list(KNOWN.scenarios))))
    patient = shown.patient
    for change in [draw(histories(patient)), *({name: value} for name, value in draw(changes))]:
        try:
            patient = patient.replace(**change)
        except PatientError:
            continue  # a contradiction; the others stand
    if draw(st.booleans()):
        day = (date.fromisoformat(KNOWN.edition.first_day) + timedelta(days=draw(st.integers(0, DAYS)))).isoformat()
        regulator = draw(st.sampled_from(KNOWN.edition.regulators))
        body = draw(st.sampled_from(["", *bodies_on(KNOWN, day, regulator)]))
        shown = replace(shown, day=day, regulator=regulator, body=body)
    own = {} if draw(st.booleans()) else {"case": {"step": draw(st.integers(0, 9)), "why": draw(st.text(max_size=9))}}
    name = draw(st.sampled_from([shown.scenario, shown.scenario, ""]))
    return replace(shown, patient=patient, mode=draw(st.sampled_from(MODES)), scenario=name, parts=own)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(looked_at())
def test_what_is_looked_at_comes_back_from_its_code(shown: Shared) -> None:
    code = write_code(shown, KNOWN)
    assert read_code(code, KNOWN) == shown
    assert read_code(bare(code).lower(), KNOWN) == shown
    assert all(len(group) == 4 for group in code.split("-"))


@pytest.mark.parametrize("name", KNOWN.scenarios)
def test_a_scenario_as_it_starts_has_two_groups_of_four(name: str) -> None:
    code = write_code(start(name), KNOWN)
    assert len(bare(code)) == 8
    assert read_code(code, KNOWN) == start(name)


def test_one_changed_finding_is_at_most_a_group_more() -> None:
    for name, entry in INPUTS.items():
        if entry.kind in {"state", "flag"}:
            for value in (None, *(entry.states or (False, True))):
                try:
                    changed = start(ESR1, **{name: value})
                except PatientError:
                    continue
                assert len(bare(write_code(changed, KNOWN))) <= 12, name


def test_another_day_regulator_and_body_are_three_groups() -> None:
    there = replace(start(ESR1), day="2026-05-02", regulator="EMA", body="abc")
    assert len(bare(write_code(there, KNOWN))) == 12


def test_a_changed_er_or_her2_of_the_latest_sample_is_short() -> None:
    *older, latest = start(ESR1).patient.as_dict()["receptor_samples"]
    shown = start(ESR1, receptor_samples=[*older, {**latest, "er_percent": 8, "her2": "ultralow"}])
    code = write_code(shown, KNOWN)
    assert read_code(code, KNOWN) == shown
    assert len(bare(code)) <= 12


def test_a_line_more_is_told_and_not_at_the_length_of_a_letter() -> None:
    rows = start(ESR1).patient.as_dict()["prior_therapies"]
    row = {"agents": ["elacestrant"], "setting": "metastatic", "start": "2026-06-16", "stop_reason": "ongoing"}
    shown = start(ESR1, prior_therapies=[*rows, row])
    code = write_code(shown, KNOWN)
    assert read_code(code, KNOWN) == shown
    assert len(bare(code)) < 120


def test_capitals_dashes_and_letters_that_look_like_digits_do_not_matter() -> None:
    found = 0
    for name in KNOWN.scenarios:
        code = write_code(start(name), KNOWN)
        typed = code.lower().replace("-", " \u2013 ").replace("0", "o").replace("1", "l")
        found += typed != code.lower().replace("-", " \u2013 ")
        assert read_code(f"  {typed}\n", KNOWN) == start(name)
        assert read_code(code.replace("1", "I").replace("0", "O"), KNOWN) == start(name)
    assert found


def test_a_whole_link_is_read_for_its_code() -> None:
    code = write_code(start(ESR1), KNOWN)
    assert read_code(f"http://127.0.0.1:8866/?code={code}&x=1#top", KNOWN) == start(ESR1)


def sample_of_codes() -> list[str]:
    rnd = random.Random(7)  # noqa: S311 - a sample, no secret
    shown = [start(name) for name in KNOWN.scenarios]
    shown += [start(name, platelets=rnd.randrange(300_000)) for name in KNOWN.scenarios]
    shown += [replace(each, day="2019-05-04", regulator="EMA") for each in shown]
    return [write_code(each, KNOWN) for each in shown]


def test_a_wrong_letter_is_refused() -> None:
    tried, missed = 0, []
    for code in map(bare, sample_of_codes()):
        for place, right in enumerate(code):
            for wrong in LETTERS:
                if wrong == right:
                    continue
                tried += 1
                try:
                    read_code(code[:place] + wrong + code[place + 1 :], KNOWN)
                    missed.append((code, place, wrong))
                except CodeError:
                    pass
    assert tried > 15_000
    assert len(missed) <= tried // 100_000, missed


def test_two_letters_in_the_wrong_order_and_a_missing_one_are_refused() -> None:
    for code in map(bare, sample_of_codes()):
        for place in range(len(code) - 1):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            if swapped != code:
                with pytest.raises(CodeError):
                    read_code(swapped, KNOWN)
            with pytest.raises(CodeError, match="missing, or typed twice"):
                read_code(code[:place] + code[place + 1 :], KNOWN)


def test_ten_thousand_strings_of_anything_raise_nothing_but_the_one_error() -> None:
    rnd = random.Random(3)  # noqa: S311 - a sample, no secret
    alphabets = (LETTERS, LETTERS + "-", "".join(map(chr, range(1, 400))), "0", "<>&\"'%;?code=")
    for index in range(10_000):
        letters = alphabets[0] if index % 2 else rnd.choice(alphabets)
        text = "".join(rnd.choices(letters, k=rnd.choice((0, 3, 8, 12, 16, 24, 60, 300))))
        with pytest.raises(CodeError):
            read_code(text, KNOWN)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "No code is typed"),
        (" - ", "No code is typed"),
        ("7QF4-26GU", "'U', which is in no code"),
        ("7QF4-26G", "has 7 letters and digits; a code has 8, 12 or more"),
        ("7QF4", "has 4 letters"),
        ("7QF4-26G1", "the code of no page of this edition (2026.11)"),
        ("Z" * 9000, "too many for a code"),
    ],
)
def test_a_refused_code_says_what_is_wrong_with_it(typed: str, says: str) -> None:
    with pytest.raises(CodeError) as refused:
        read_code(typed, KNOWN)
    assert says in str(refused.value)


def other_edition(**changes: Any) -> Knowledge:
    return replace(KNOWN, **changes)


def test_a_code_of_an_edition_with_other_tables_is_refused_and_shows_no_other_patient() -> None:
    fields = dict(reversed(KNOWN.vocabulary.items()))
    scenarios = dict(reversed(KNOWN.scenarios.items()))
    fewer = {name: each for name, each in KNOWN.scenarios.items() if name != "luminal-2012"}
    shown = [start(name, esr1="wild_type") for name in KNOWN.scenarios]
    for other in (other_edition(vocabulary=fields), other_edition(scenarios=scenarios), other_edition(scenarios=fewer)):
        for each in shown:
            try:
                found = read_code(write_code(each, KNOWN), other)
            except CodeError:
                continue
            assert found == each


def test_a_code_whose_scenario_was_edited_since_is_refused() -> None:
    raw = KNOWN.scenarios[ESR1]
    edited = {**KNOWN.scenarios, ESR1: {**raw, "patient": {**raw["patient"], "age_years": 62}}}
    with pytest.raises(CodeError):
        read_code(write_code(start(ESR1), KNOWN), other_edition(scenarios=edited))


def forged(rest: Any, parts: Any = None) -> str:
    """A code with a right check, of a patient that nobody checked."""
    shown = start(ESR1)

    class Unchecked:
        def as_dict(self) -> dict[str, Any]:
            return {**shown.patient.as_dict(), **rest}

    return write_code(replace(shown, patient=Unchecked(), parts=parts or {}), KNOWN)


@pytest.mark.parametrize(
    "rest",
    [
        {"age_years": 7},
        {"seen_on": {"a": [1]}},
        {"prior_therapies": 5},
        {"prior_therapies": [{"agents": [{}], "setting": [], "start": 1}]},
        {"receptor_samples": [{"day": "2026-01-01", "her2": {"x": 1}}]},
        {"sites": {"bone": 1}},
        {"nonsense": [[[[]]]]},
        {"sex": "male"},
        {"esr1": [1]},
        {"dose_mg_m2": 1e300},
    ],
)
def test_a_forged_code_of_an_impossible_patient_is_refused_in_words(rest: dict[str, Any]) -> None:
    with pytest.raises(CodeError, match=r"this edition refuses|no page of this edition"):
        read_code(forged(rest), KNOWN)


def test_a_code_that_unpacks_to_very_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def bomb(*_: Any) -> bytes:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(json.dumps([{"name": "a" * 400_000}, {}]).encode()) + packer.flush()

    monkeypatch.setattr("mbc_widgets.codes.shared._packed", bomb)
    code = write_code(start(ESR1, name="Zoe"), KNOWN)
    with pytest.raises(CodeError):
        read_code(code, KNOWN)


def test_a_history_too_long_for_a_code_says_so() -> None:
    rnd = random.Random(5)  # noqa: S311 - a sample, no secret
    name = "".join(chr(rnd.randrange(0x4E00, 0x9FFF)) for _ in range(4000))
    with pytest.raises(CodeError, match="too long for a code"):
        write_code(start(ESR1, name=name), KNOWN)

"""The patient as raw history: every contradiction at once, nothing typed is lost, nothing derived."""

import os
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbc_widgets.knowledge import load
from mbc_widgets.patient import (
    METHODS,
    RESPONSES,
    SETTINGS,
    TISSUES,
    Patient,
    PatientError,
    Sample,
    months_between,
    read_day,
    read_patient,
)

DEEP = os.environ.get("MBC_DEEP") == "1"
PROFILE = settings(deadline=None, max_examples=3000 if DEEP else 150, derandomize=not DEEP, database=None)
WORDS, AGENTS = load().vocabulary, frozenset(load().agents)
SEEN_ON = date(2026, 6, 1)

BASE: dict[str, Any] = {
    "seen_on": "2026-06-01",
    "diagnosis_day": "2019-03",
    "first_metastatic_day": "2025-04-01",
    "age_years": 58,
    "menopausal_status": "postmenopausal_natural",
    "sites": ["bone", "liver"],
    "esr1": "mutated",
    "receptor_samples": [{"day": "2025-04-10", "er_percent": 90, "pr_percent": 0, "her2": "one_plus"}],
    "prior_therapies": [
        {
            "agents": ["letrozole"],
            "setting": "adjuvant",
            "start": "2019-09",
            "stop": "2024-09",
            "stop_reason": "completed",
        },
        {
            "agents": ["palbociclib", "fulvestrant"],
            "setting": "metastatic",
            "start": "2025-05-01",
            "stop": "2026-05-15",
            "stop_reason": "progression",
        },
    ],
}


def read(**changes: Any) -> Patient:
    return read_patient({**BASE, **changes}, WORDS, AGENTS)


def problems(**changes: Any) -> tuple[str, ...]:
    with pytest.raises(PatientError) as caught:
        read(**changes)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def therapy(**changes: Any) -> dict[str, Any]:
    return {**BASE["prior_therapies"][1], **changes}


# ---- what is read


def test_a_history_is_read_whole_and_frozen() -> None:
    patient = read()
    assert patient.seen_on == SEEN_ON
    assert patient.findings["sites"] == frozenset({"bone", "liver"})
    assert patient.receptor_samples[0].er_percent == 90
    assert [t.progressed for t in patient.prior_therapies] == [False, True]
    with pytest.raises(AttributeError):
        patient.seen_on = SEEN_ON  # type: ignore[misc]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-06-01", date(2026, 6, 1)),
        ("2024-02", date(2024, 2, 15)),
        ("2024", date(2024, 7, 1)),
        (2024, date(2024, 7, 1)),
        (date(2024, 2, 3), date(2024, 2, 3)),
        ("1950", date(1950, 7, 1)),
    ],
)
def test_a_month_counts_as_its_middle_and_a_year_as_july(typed: object, day: date) -> None:
    assert read_day(typed) == day


@pytest.mark.parametrize(
    "typed", ["2024-13", "2023-02-29", "1949", "2024-2", "soon", "", True, None, 20240101, "2024-01-01x"]
)
def test_what_is_no_day_says_how_to_write_one(typed: object) -> None:
    with pytest.raises(ValueError, match="is not a day; write YYYY-MM-DD, YYYY-MM or YYYY, from 1950 on"):
        read_day(typed)


@pytest.mark.parametrize(
    ("start", "end", "months"), [(date(2024, 1, 1), date(2025, 1, 1), 12), (date(2024, 3, 1), date(2024, 1, 1), -2)]
)
def test_months_are_counted_from_start_to_end(start: date, end: date, months: float) -> None:
    assert months_between(start, end) == pytest.approx(months, abs=0.1)  # months differ in length


def test_rows_are_ordered_by_day_however_they_were_typed() -> None:
    typed = [{"day": "2026-01-01", "er_percent": 0}, {"day": "2019-03-01", "er_percent": 90}]
    patient = read(receptor_samples=typed, prior_therapies=BASE["prior_therapies"][::-1])
    assert [s.er_percent for s in patient.receptor_samples] == [90, 0]
    assert [t.setting for t in patient.prior_therapies] == ["adjuvant", "metastatic"]


# ---- what is refused, all of it at once

ONE_AT_A_TIME = {
    "a man with a menopause": ({"sex": "male", "menopausal_status": "premenopausal"}, "patient.menopausal_status: a man has no menopause"),
    "a pregnant man": ({"sex": "male", "menopausal_status": None, "pregnancy": "first_trimester"}, "patient.pregnancy: a man cannot be pregnant"),
    "pregnant after the menopause": ({"pregnancy": "first_trimester"}, "patient.pregnancy: not possible after menopause"),
    "metastatic at diagnosis after adjuvant therapy": ({"presentation": "de_novo"}, "patient.presentation: metastatic at diagnosis excludes (neo)adjuvant therapy"),  # noqa: E501
    "leptomeningeal disease without its site": ({"brain_state": "leptomeningeal"}, "patient.sites: leptomeningeal disease is entered under brain_state"),
    "metastatic before the diagnosis": ({"diagnosis_day": "2025-05-01"}, "patient.diagnosis_day: 2025-05-01 is after the first metastatic day (2025-04-01)"),
    "metastatic after the visit": ({"first_metastatic_day": "2027-01-01", "prior_therapies": []}, "patient.first_metastatic_day: 2027-01-01 is after the visit (2026-06-01)"),  # noqa: E501
    "a sample after the visit": ({"receptor_samples": [{"day": "2027-01-01"}]}, "patient.receptor_samples[0].day: 2027-01-01 is after the visit"),
    "a therapy after the visit": ({"prior_therapies": [therapy(start="2026-07-01", stop="2026-08-01")]}, "patient.prior_therapies[0]: it starts or stops after the visit"),  # noqa: E501
    "a stop before its start": ({"prior_therapies": [therapy(stop="2025-04-30")]}, "patient.prior_therapies[0].stop: 2025-04-30 is before the start (2025-05-01)"),  # noqa: E501
    "a reason to stop without a stop": ({"prior_therapies": [therapy(stop=None)]}, "patient.prior_therapies[0].stop: missing, but stop_reason is progression"),
    "a stop without a reason": ({"prior_therapies": [therapy(stop_reason=None)]}, "patient.prior_therapies[0].stop_reason: missing; it has a stop"),
    "a stop of what is still going on": ({"prior_therapies": [therapy(stop_reason="ongoing")]}, "patient.prior_therapies[0].stop"),
    "a progression on which nothing progressed": ({"prior_therapies": [therapy(progressed_while_on=False)]}, "patient.prior_therapies[0].progressed_while_on"),
    "metastatic therapy before metastases": ({"prior_therapies": [therapy(start="2024-01", stop="2024-06")]}, "patient.prior_therapies[0].setting: metastatic, but it ended before the first metastatic day"),  # noqa: E501
    "no day of the visit": ({"seen_on": None}, "patient.seen_on: missing; give the day of the visit"),
    "a day that is none": ({"seen_on": "June"}, "patient.seen_on: 'June' is not a day"),
    "an unknown key": ({"menopause": "post"}, "patient.menopause: unknown key; did you mean 'menopausal_status'?"),
    "a derived field": ({"her2_low": True}, "patient.her2_low: is worked out from the history; give receptor_samples or prior_therapies instead"),
    "an unknown state": ({"esr1": "mutate"}, "patient.esr1: 'mutate' is not known; did you mean 'mutated'? Allowed: mutated, wild_type"),
    "an unknown member of a set": ({"sites": ["bone", "livr"]}, "patient.sites: 'livr' is not known; did you mean 'liver'?"),
    "a flag that is a word": ({"visceral_crisis": "yes"}, "patient.visceral_crisis: write true or false, found 'yes'"),
    "an impossible number": ({"age_years": 7}, "patient.age_years: 7 is out of range; allowed 18 to 110 years"),
    "half a grade": ({"performance_status": 2.7}, "patient.performance_status: 2.7 is no whole number; allowed 0 to 4 in steps of 1"),
    "a number that is a flag": ({"age_years": True}, "patient.age_years: True is out of range"),
    "an unknown drug": ({"prior_therapies": [therapy(agents=["letrozol"])]}, "patient.prior_therapies[0].agents: unknown drug 'letrozol'; did you mean 'letrozole'?"),  # noqa: E501
    "drugs that are no list": ({"prior_therapies": [therapy(agents="letrozole")]}, "patient.prior_therapies[0].agents: expected a list of drugs such as [letrozole], found 'letrozole'"),  # noqa: E501
    "an unknown setting": ({"prior_therapies": [therapy(setting="palliative")]}, "patient.prior_therapies[0].setting: 'palliative' is not known"),
    "a row without its day": ({"receptor_samples": [{"er_percent": 90}]}, "patient.receptor_samples[0].day: missing; every row needs it"),
    "an ER of more than all cells": ({"receptor_samples": [{"day": "2025-05-01", "er_percent": 101}]}, "patient.receptor_samples[0].er_percent: 101 is out of range; allowed 0 to 100"),  # noqa: E501
    "an unknown HER2 state": ({"receptor_samples": [{"day": "2025-05-01", "her2": "low"}]}, "patient.receptor_samples[0].her2: 'low' is not known"),
    "an unknown key of a row": ({"receptor_samples": [{"day": "2025-05-01", "er": 90}]}, "patient.receptor_samples[0].er: unknown key"),
    "rows that are no list": ({"receptor_samples": {"day": "2025-05-01"}}, "patient.receptor_samples: expected a list, found"),
    "a row that is a word": ({"prior_therapies": ["letrozole"]}, "patient.prior_therapies[0]: expected 'key: value' pairs, found 'letrozole'"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), ONE_AT_A_TIME.values(), ids=ONE_AT_A_TIME)
def test_one_slip_is_one_problem_that_names_the_field(changes: dict[str, Any], message: str) -> None:
    found = problems(**changes)
    assert len(found) == 1
    assert found[0].startswith(message)


def test_a_text_is_no_patient() -> None:
    with pytest.raises(PatientError, match=r"patient: expected 'key: value' pairs, found 'Ada'"):
        read_patient("Ada", WORDS, AGENTS)


def test_every_contradiction_is_listed_at_once() -> None:
    found = problems(
        sex="male",
        pregnancy="second_or_third_trimester",
        presentation="de_novo",
        esr1="maybe",
        age_years=200,
        unheard_of=1,
        receptor_samples=[{"day": "2027-01-01", "her2": "low"}],
        prior_therapies=[
            BASE["prior_therapies"][0],
            therapy(agents=["palbo"], stop="2025-01-01"),
        ],
    )
    named = [problem.split(":")[0].removeprefix("patient.") for problem in found]
    assert sorted(named) == [
        "age_years",
        "esr1",
        "menopausal_status",
        "pregnancy",
        "pregnancy",
        "presentation",
        "prior_therapies[1].agents",
        "prior_therapies[1].setting",
        "prior_therapies[1].stop",
        "receptor_samples[0].day",
        "receptor_samples[0].her2",
        "unheard_of",
    ]


def test_a_problem_names_the_row_as_it_was_typed() -> None:
    late_first = [
        therapy(start="2025-05-01", stop="2025-04-20"),
        {**BASE["prior_therapies"][0]},
    ]
    (found,) = problems(prior_therapies=late_first)
    assert found.startswith("patient.prior_therapies[0].stop:")


@pytest.mark.parametrize(
    "unusual",
    [
        {"menopausal_status": "premenopausal", "prior_therapies": [therapy(agents=["letrozole"])]},
        {"prior_therapies": [therapy(agents=["vepdegestrant"], start="2025-05-01")]},
        {"prior_therapies": [therapy(agents=["doxorubicin"], dose_mg_m2=700)]},
        {"sex": "male", "menopausal_status": None, "prior_therapies": [therapy(agents=["anastrozole"])]},
    ],
    ids=["AI alone before menopause", "a drug before its licence", "a dose above the limit", "AI alone in a man"],
)  # fmt: skip
def test_what_is_unusual_but_real_is_kept(unusual: dict[str, Any]) -> None:
    assert read(**unusual).prior_therapies


# ---- replace


def test_replace_changes_one_finding_and_leaves_the_patient_as_it_was() -> None:
    patient = read()
    changed = patient.replace(esr1="wild_type", sites=["lung"])
    assert (changed.findings["esr1"], patient.findings["esr1"]) == ("wild_type", "mutated")
    assert changed.findings["sites"] == frozenset({"lung"})


def test_replace_with_none_takes_a_finding_back_to_unknown() -> None:
    assert "esr1" not in read().replace(esr1=None).findings


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"esr1": "maybe"}, "patient.esr1: 'maybe' is not known"),
        ({"esr": "mutated"}, "patient.esr: unknown key; did you mean 'esr1'?"),
        ({"age": 60}, "patient.age: unknown key; did you mean 'age_years'?"),
        ({"ecog": 2}, "patient.ecog: unknown key; did you mean 'performance_status' or 'performance_cause'?"),
        ({"prior_therapies": "letrozole"}, "patient.prior_therapies: expected a list of rows"),
        ({"her2_low": True}, "patient.her2_low: is worked out from the history"),
        ({"pregnancy": "first_trimester"}, "patient.pregnancy: not possible after menopause"),
        ({"first_metastatic_day": date(2027, 1, 1)}, "patient.first_metastatic_day: 2027-01-01"),
    ],
)
def test_replace_keeps_a_wrong_value_out(changes: dict[str, Any], message: str) -> None:
    patient = read()
    with pytest.raises(PatientError) as caught:
        patient.replace(**changes)
    assert caught.value.problems[0].startswith(message)
    assert patient == read()


def test_replace_orders_new_samples_as_reading_does() -> None:
    newer, older = Sample(day=date(2026, 1, 1), er_percent=0), Sample(day=date(2019, 3, 1), er_percent=90)
    patient = read().replace(receptor_samples=(newer, older))
    assert patient.receptor_samples == (older, newer)


# ---- there and back

INPUTS = {name: entry for name, entry in WORDS.items() if not entry.derived}


def finding(name: str) -> st.SearchStrategy[Any]:
    entry = INPUTS[name]
    if entry.kind == "flag":
        return st.booleans()
    if entry.kind == "number":
        return st.integers(int(entry.minimum or 0) + 1, int(entry.maximum or 999))
    states = st.sampled_from(sorted(entry.states))
    return st.lists(states, max_size=3, unique=True) if entry.kind == "set" else states


def percent() -> st.SearchStrategy[float | None]:
    return st.none() | st.sampled_from([0, 0.5, 1, 5, 10, 11, 90, 100])


DAYS = st.integers(0, 4000).map(lambda back: SEEN_ON - timedelta(days=back))
SAMPLES = st.fixed_dictionaries(
    {"day": DAYS.map(date.isoformat)},
    optional={
        "er_percent": percent(),
        "pr_percent": percent(),
        "her2": st.sampled_from(sorted(WORDS["her2_state"].states)),
        "site": st.sampled_from(["liver", "bone", ""]),
        "tissue": st.sampled_from(TISSUES),
        "method": st.sampled_from(METHODS),
    },
)


@st.composite
def therapies(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(DAYS)
    reason = draw(st.sampled_from(["progression", "toxicity", "completed", "ongoing"]))
    stop = {} if reason == "ongoing" else {"stop": draw(st.dates(start, SEEN_ON)).isoformat()}
    return {
        "agents": draw(st.lists(st.sampled_from(sorted(AGENTS)), min_size=1, max_size=3, unique=True)),
        "setting": draw(st.sampled_from(SETTINGS)),
        "start": start.isoformat(),
        "stop_reason": reason,
        **stop,
        **draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "progressed_while_on": st.just(value=True) if reason == "progression" else st.booleans(),
                    "maintenance": st.booleans(),
                    "best_response": st.sampled_from(RESPONSES),
                    "toxicity": st.sampled_from(["rash", "neuropathy grade 2"]),
                    "dose_mg_m2": st.sampled_from([0, 240, 450.5]),
                },
            )
        ),
    }


@st.composite
def patients(draw: st.DrawFn) -> Patient:
    names = draw(st.lists(st.sampled_from(sorted(INPUTS)), max_size=8, unique=True))
    raw = {name: draw(finding(name)) for name in names}
    raw |= {
        "seen_on": SEEN_ON.isoformat(),
        "name": draw(st.sampled_from(["", "Ada"])),
        "receptor_samples": draw(st.lists(SAMPLES, max_size=3)),
        "prior_therapies": draw(st.lists(therapies(), max_size=4)),
    }
    try:
        return read_patient(raw, WORDS, AGENTS)
    except PatientError:
        plain = {key: value for key, value in raw.items() if key not in INPUTS}
        return read_patient(plain, WORDS, AGENTS)


@PROFILE
@given(patients())
def test_a_patient_written_down_is_read_back_the_same(patient: Patient) -> None:
    same = read_patient(patient.as_dict(), WORDS, AGENTS) == patient
    assert same, patient.as_dict()


@PROFILE
@given(patients(), st.sampled_from(sorted(INPUTS)))
def test_a_finding_can_be_taken_back_to_unknown(patient: Patient, name: str) -> None:
    erased = patient.replace(**{name: None})
    assert name not in erased.findings
    assert {**patient.findings} == {**erased.findings} | (
        {name: patient.findings[name]} if name in patient.findings else {}
    )


def test_an_er_of_zero_and_a_firm_no_progression_survive_the_way_there_and_back() -> None:
    patient = read(
        receptor_samples=[{"day": "2025-05-01", "er_percent": 0, "pr_percent": 0}],
        prior_therapies=[therapy(stop_reason="completed", progressed_while_on=False)],
    )
    back = read_patient(patient.as_dict(), WORDS, AGENTS)
    assert back.receptor_samples[0].er_percent == 0
    assert back.prior_therapies[0].progressed_while_on is False

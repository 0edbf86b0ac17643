"""Source cards: the dose and the boxed warning of each drug, from the day on which they hold, and one figure an event."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mbc_widgets.compiler import DataError
from mbc_widgets.figures import words
from mbc_widgets.figures.cards import _event, card
from mbc_widgets.knowledge import load
from mbc_widgets.records import AdverseEvent
from mbc_widgets.workbook import look, scenario
from tests.test_knowledge import compiled, write
from tests.test_plausible import TRIAL

K = load()


def rows(regimen: str, day: str) -> list[dict[str, str]]:
    view = look(scenario("tnbc-pdl1-negative")[0], day=day, regulator="FDA")
    option = next(o for o in view.options if o.regimen.id == regimen)
    shown: dict[str, Any] = card("A1", regimen, option, next(iter(view.evidence(regimen)), None))
    return list(shown["rows"])


def texts(regimen: str, day: str, term: str) -> list[str]:
    return [row["text"] for row in rows(regimen, day) if row["term"] == term]


def test_a_dose_stands_only_in_the_regimen_that_it_names() -> None:
    """1250 mg/m2 of gemcitabine is the dose with paclitaxel (US label); tnAcity gave 1000 with carboplatin AUC 2."""
    with_carboplatin = texts("gemcitabine+carboplatin", "2026-11-23", "Dose")
    assert sorted(text.split(" on days")[0] for text in with_carboplatin) == [
        "carboplatin: AUC 2",
        "gemcitabine: 1000 mg/m2",
    ]
    assert texts("gemcitabine", "2026-11-23", "Dose") == []
    assert any("1250" in text for text in texts("paclitaxel+gemcitabine", "2026-11-23", "Dose"))
    assert [text for text in texts("carboplatin", "2026-11-23", "Dose") if "AUC 6" in text]
    assert [text.split(":")[0] for text in texts("eribulin", "2026-11-23", "Dose")] == ["eribulin"]


@pytest.mark.parametrize(
    ("written", "shown", "iso"),
    [("2021-12-08", "8 Dec 2021", "2021-12-08"), ("2021-12", "Dec 2021", "2021-12"), ("2021", "2021", "2021")],
)
def test_a_report_is_told_as_exactly_as_it_is_known(written: str, shown: str, iso: str, tmp_path: Path) -> None:
    """A month counts from its last day, but nobody may read that this was the day."""
    trial = TRIAL.replace("reported: 2021-06", f"reported: {written}")
    known = compiled(write(tmp_path, more={"trials/one.yaml": trial}))
    newest = known.trial("one").results[0]
    assert words.reported(newest) == shown
    assert words.reported_iso(newest) == iso
    assert newest.reported >= "2021-12-08"
    assert words.reported(replace(newest, reported_verified="recalled")) == f"{shown}, date not verified"


def test_a_licence_and_a_statement_are_dated_as_exactly_as_they_are_known() -> None:
    """Doxorubicin: only the year 1974 was read; NICE TA816: only 2022."""
    doxorubicin = next(x for x in K.agents["doxorubicin"].licences if x.regulator == "FDA" and x.granted)
    assert words.licence_word(doxorubicin).endswith("FDA 1974")
    statements = {s.id: s for question in K.questions for s in question.statements}
    assert words.statement_word(statements["NICE-TA816-01"], K).startswith("NICE 2022:")
    assert words.statement_word(statements["ASCO24-02"], K).startswith("ASCO 2024-")


def test_how_exact_a_day_is_cannot_be_typed(tmp_path: Path) -> None:
    trial = TRIAL.replace("reported: 2021-06\n", "reported: 2021-06\n    reported_to: day\n")
    with pytest.raises(DataError, match="reported_to: worked out from `reported`; leave it out"):
        compiled(write(tmp_path, more={"trials/one.yaml": trial}))


def test_interstitial_lung_disease_is_never_crowded_out() -> None:
    view = look(scenario("her2-ultralow")[0], day="2026-11-23", regulator="FDA")
    option = next(o for o in view.options if o.regimen.id == "trastuzumab-deruxtecan")
    row = next(r for r in view.evidence(option.regimen.id) if r.trial.id == "destiny-breast06")
    harms = [line["text"] for line in card("A1", "", option, row)["rows"] if line["term"] == "Harms"]
    assert harms[0].startswith("interstitial lung disease 11.3 %")


def test_a_boxed_warning_is_shown_from_its_day_on() -> None:
    """DPD deficiency is in the US box of capecitabine since October 2025."""
    assert not any("DPD" in text for text in texts("capecitabine", "2025-09-01", "US box"))
    assert any("DPD" in text for text in texts("capecitabine", "2026-11-23", "US box"))


def test_a_dose_that_nobody_read_is_left_out() -> None:
    view = look(scenario("tnbc-pdl1-negative")[0], day="2026-11-23", regulator="FDA")
    option = next(o for o in view.options if o.regimen.id == "eribulin")
    unread = tuple(replace(dose, verified="recalled") for dose in K.agents["eribulin"].doses)
    known = replace(K, agents={**K.agents, "eribulin": replace(K.agents["eribulin"], doses=unread)})
    for knowledge, doses in ((K, 1), (known, 0)):
        seen = replace(option, snapshot=replace(option.snapshot, knowledge=knowledge))
        assert sum(row["term"] == "Dose" for row in card("A1", "", seen, None)["rows"]) == doses


def test_a_dose_of_a_regimen_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    line = "route: oral\ndoses:\n  - {text: 1 mg, covers: [alfa], source: shared, verified: seen}\n"
    with pytest.raises(DataError, match=r"doses\.0\.covers: .*alfa"):
        compiled(write(tmp_path, {"agents/alpha.yaml": ("route: oral\n", line)}))


def test_an_event_that_was_counted_twice_is_told_once() -> None:
    view = look(scenario("esr1-after-cdk46")[0], day="2026-11-23", regulator="FDA")
    cards = [card("A1", "", option, row) for option in view.options for row in view.evidence(option.regimen.id)[:1]]
    harms = [line["text"] for shown in cards for line in shown["rows"] if line["term"] == "Harms"]
    assert harms
    for text in harms:
        events = [part.strip().rsplit(" ", 4)[0] for part in text.split(";")]
        assert len(events) == len(set(events))


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        (None, "fatigue 28.5 % any grade"),
        ("treatment-related", "fatigue 28.5 % any grade, treatment-related"),
        ("grade 1-2 or not serious", "fatigue 28.5 % grade 1-2 or not serious"),
        ("serious", "fatigue 28.5 % serious"),
    ],
)
def test_an_event_is_never_called_any_grade_when_its_source_counted_other_grades(detail: str | None, told: str) -> None:
    event = AdverseEvent(
        arm="control", event="Fatigue", source="x", verified="seen", any_grade_percent=28.5, detail=detail
    )
    assert _event(event) == told

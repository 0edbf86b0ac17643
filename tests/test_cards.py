"""Source cards: the dose and the boxed warning of each drug, from the day on which they hold, and one figure an event."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mbc_widgets.compiler import DataError
from mbc_widgets.figures import words
from mbc_widgets.figures.cards import _event, _told_harms, card
from mbc_widgets.figures.choices import _pending
from mbc_widgets.figures.choices import options as choices
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


def told(regimen: str, day: str, regulator: str = "FDA", **change: Any) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Give an option of the triple-negative scenario as the page shows it, and the rows of its card."""
    view = look(scenario("tnbc-pdl1-negative")[0].replace(**change), day=day, regulator=regulator)
    shown = next(o for group in choices(view)["groups"] for o in group["options"] if o["id"] == regimen)
    return shown, (shown["card"] or {"rows": []})["rows"]


def test_a_harm_that_was_learnt_later_is_shown_and_says_so() -> None:
    """Clinical review 16. EMA 2020-04-30 and the US box of 2025-10: test for DPD deficiency before capecitabine."""
    for regulator, before, after in (("EMA", "2020-04-29", "2020-04-30"), ("FDA", "2025-10-30", "2025-10-31")):
        earlier, rows_then = told("capecitabine", before, regulator, dpyd_status=None)
        later, rows_now = told("capecitabine", after, regulator, dpyd_status=None)
        year = after[:4]
        marked = [c["text"] for c in earlier["cautions"] if c["level"] == "later" and "DPYD" in c["text"]]
        assert len(marked) == 1
        assert marked[0].startswith(f"Not known on this day, from {year} on: ")
        assert not [c for c in earlier["cautions"] if c["level"] != "later" and "DPYD" in c["text"]]
        assert [c for c in later["cautions"] if c["level"] == "require" and "DPYD" in c["text"]]
        assert [row for row in rows_then if row["term"] == "Not known then" and "DPYD" in row["text"]]
        assert not [row for row in rows_now if row["term"] == "Not known then" and "DPYD" in row["text"]]


def test_a_box_of_a_later_day_stands_as_not_known_then() -> None:
    assert any("DPD" in text for text in texts("capecitabine", "2025-09-01", "Not known then"))
    assert not texts("capecitabine", "2026-11-23", "Not known then")


def test_a_limit_without_a_day_says_when_its_source_is_younger_than_the_day() -> None:
    """S-N01d rests on a series of 2015, S-N12 on the FDA notice of 2020."""
    for day, marked in (("2014-12-31", True), ("2015-01-01", False)):
        view = look(scenario("luminal-2012")[0], day=day, regulator="FDA")
        rule = next(r for topic in K.safety for r in topic.rules if r.id == "S-N01d")
        assert ("perhaps not known on this day" in words.rule_text(rule, rule.text, view.snapshot)) is marked
        assert ("2015" in words.rule_text(rule, rule.text, view.snapshot)) is marked


@pytest.mark.parametrize(("day", "verdict"), [("2019-09-12", "offered"), ("2019-09-13", "not-now")])
def test_a_limit_learnt_later_closes_nothing_before(day: str, verdict: str) -> None:
    """FDA warning of 2019-09-13: lung inflammation with palbociclib, ribociclib and abemaciclib."""
    patient = scenario("luminal-2012")[0].replace(lung_disease="active")
    view = look(patient, day=day, regulator="FDA")
    option = view.option("palbociclib+letrozole")
    assert option
    assert option.verdict == verdict
    assert ("S-C12e" in {rule.id for rule in option.learnt_later}) is (verdict == "offered")


@pytest.mark.parametrize("day", ["2012-03-19", "2016-06-01", "2019-06-01", "2023-06-01"])
def test_no_card_tells_a_harm_from_a_source_younger_than_its_day(day: str) -> None:
    for name in ("tnbc-pdl1-negative", "luminal-2012", "esr1-after-cdk46"):
        view = look(scenario(name)[0], day=day, regulator="FDA")
        for option in view.options:
            for row in view.evidence(option.regimen.id)[:1]:
                young = [
                    event for event in row.trial.adverse_events if (K.sources[event.source].year or 0) > int(day[:4])
                ]
                old = [replace(row.trial, adverse_events=tuple(e for e in row.trial.adverse_events if e not in young))]
                assert _told_harms(row, view.snapshot) == _told_harms(replace(row, trial=old[0]), view.snapshot)


def test_what_became_of_a_drug_is_not_told_before() -> None:
    """Taselisib: SANDPIPER was reported in 2018, its fate in a source of 2021."""
    assert not [x for x in told_of("taselisib", "2017-06-01") if "SANDPIPER" in x]
    assert [x for x in told_of("taselisib", "2022-06-01") if "SANDPIPER" in x]


def told_of(agent: str, day: str) -> list[str]:
    """Give what is told of a drug without a licence."""
    view = look(scenario("luminal-2012")[0], day=day, regulator="FDA")
    option = view.options[0]  # only its day counts
    return [row["text"] for row in _pending([agent], option)]


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

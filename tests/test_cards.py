"""Source cards: the dose and the boxed warning of each drug, from the day on which they hold, and one figure an event."""

from typing import Any

from mbc_widgets.figures.cards import card
from mbc_widgets.knowledge import load
from mbc_widgets.workbook import look, scenario

K = load()


def rows(regimen: str, day: str) -> list[dict[str, str]]:
    view = look(scenario("tnbc-pdl1-negative")[0], day=day, regulator="FDA")
    option = next(o for o in view.options if o.regimen.id == regimen)
    shown: dict[str, Any] = card("A1", regimen, option, next(iter(view.evidence(regimen)), None))
    return list(shown["rows"])


def texts(regimen: str, day: str, term: str) -> list[str]:
    return [row["text"] for row in rows(regimen, day) if row["term"] == term]


def test_each_drug_of_a_regimen_has_its_dose_with_a_link() -> None:
    doses = [row for row in rows("gemcitabine+carboplatin", "2026-11-23") if row["term"] == "Dose"]
    assert [row["text"].split(":")[0] for row in doses] == ["gemcitabine", "carboplatin"]
    assert all("mg/m2" in row["text"] or "AUC" in row["text"] for row in doses)


def test_a_boxed_warning_is_shown_from_its_day_on() -> None:
    """DPD deficiency is in the US box of capecitabine since October 2025."""
    assert not any("DPD" in text for text in texts("capecitabine", "2025-09-01", "Boxed warning (US)"))
    assert any("DPD" in text for text in texts("capecitabine", "2026-11-23", "Boxed warning (US)"))


def test_a_dose_that_nobody_read_is_left_out() -> None:
    recalled = {agent.name for agent in K.agents.values() if agent.dose and agent.dose.verified == "recalled"}
    view = look(scenario("esr1-after-cdk46")[0], day="2026-11-23", regulator="FDA")
    for option in view.options:
        doses = [row["text"].split(":")[0] for row in card("A1", "", option, None)["rows"] if row["term"] == "Dose"]
        assert not set(doses) & recalled


def test_an_event_that_was_counted_twice_is_told_once() -> None:
    for option in look(scenario("esr1-after-cdk46")[0], day="2026-11-23", regulator="FDA").options:
        for row in look(scenario("esr1-after-cdk46")[0], day="2026-11-23", regulator="FDA").evidence(option.regimen.id)[
            :1
        ]:
            for line in card("A1", "", option, row)["rows"]:
                if line["term"] == "Harms":
                    events = [part.strip().rsplit(" ", 4)[0] for part in line["text"].split(";")]
                    assert len(events) == len(set(events))

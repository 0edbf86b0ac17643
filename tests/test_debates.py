"""Debates: sides beside each other, figures of the day, never an answer."""

from dataclasses import replace
from datetime import date

import pytest

from mbc_widgets.figures import words
from mbc_widgets.figures.debates import debates
from mbc_widgets.knowledge import load
from mbc_widgets.records import Debate
from mbc_widgets.workbook import View, look, scenario

K = load()
DAYS = ("2012-03-19", "2018-06-01", "2021-06-01", "2023-06-01", "2026-11-23")


@pytest.mark.parametrize("debate", K.debates, ids=lambda debate: debate.id)
def test_a_side_that_names_trials_begins_when_one_of_them_had_reported(debate: Debate) -> None:
    for side in debate.sides:
        since = max(side.since or "", debate.since)
        first = [min((r.reported for r in K.trial(t).results), default="9") for t in side.trials]
        assert not first or min(first) <= since or "Open" in side.says, (debate.id, side.says)


def test_every_debate_is_shown_to_some_patient_of_the_workbook_or_of_these() -> None:
    shown = {d.id for name in K.scenarios for d in seen(name).debates}
    shown |= {
        d.id for d in seen("premenopausal", day="2026-11-23", germline_brca="pathogenic", pik3ca="mutated").debates
    }
    shown |= {d.id for d in seen("luminal-2012", day="2026-11-23").debates}
    shown |= {d.id for d in seen("luminal-2012", day="2026-11-23", pik3ca="mutated").debates}
    shown |= {d.id for d in seen("esr1-after-cdk46", day="2026-11-23", pik3ca="mutated", esr1="wild_type").debates}
    shown |= {d.id for d in seen("esr1-after-cdk46", day="2026-11-23", pik3ca="mutated").debates}
    shown |= {d.id for d in seen("esr1-after-cdk46", day="2026-11-23", pik3ca="wild_type", esr1="wild_type").debates}
    shown |= {d.id for d in seen("tnbc-pdl1-negative", day="2026-11-23", germline_brca="pathogenic").debates}
    shown |= {d.id for d in running().debates}
    samples = scenario("esr1-after-cdk46")[0].receptor_samples
    lost = replace(samples[-1], day=date(2026, 6, 1), er_percent=0, pr_percent=0)
    shown |= {d.id for d in seen("esr1-after-cdk46", day="2026-11-23", receptor_samples=(*samples, lost)).debates}
    assert {debate.id for debate in K.debates} - shown == set()


def test_a_debate_is_not_shown_before_its_day_nor_a_side_before_its_own() -> None:
    early = {d["id"]: d for d in debates(seen("esr1-after-cdk46", day="2023-06-30"))}
    late = {d["id"]: d for d in debates(seen("esr1-after-cdk46", day="2026-07-01"))}
    assert (len(early["esr1-second-line"]["sides"]), len(late["esr1-second-line"]["sides"])) == (1, 3)
    assert "after-cdk46-wild-type" not in late  # ESR1 is mutated here


@pytest.mark.parametrize("name", K.scenarios)
@pytest.mark.parametrize("day", DAYS)
def test_no_debate_shows_a_trial_or_a_statement_of_a_later_day(name: str, day: str) -> None:
    view = look(scenario(name)[0], day=day, regulator="FDA")
    trials = {K.trial(t).name: min((r.reported for r in K.trial(t).results), default="") for t in K.raw_trials}
    for shown in debates(view):
        for side in shown["sides"]:
            for line in side["evidence"]:
                assert trials.get(line["name"], "") <= day, (shown["id"], line)


def test_a_statement_that_was_replaced_is_no_longer_an_argument() -> None:
    """ASCO 2016 on endocrine therapy whatever the percentage was replaced on 2021-07-29."""
    told = [debates(seen("er-low", day=day)) for day in ("2021-07-01", "2026-11-23")]
    asco = [
        any(
            line["name"].startswith("ASCO 2016")
            for d in found
            if d["id"] == "er-low"
            for side in d["sides"]
            for line in side["evidence"]
        )
        for found in told
    ]
    assert asco == [True, False]


def test_each_figure_is_the_newest_of_its_day_and_links_to_its_own_source() -> None:
    """MONALEESA-2: survival was first published in 2021; before that day only progression is shown."""

    def lines(day: str) -> list[str]:
        found = [d for d in debates(seen("luminal-2012", day=day)) if d["id"] == "cdk46-which-first"]
        return [
            f"{x['text']} {x['url']}" for d in found for x in d["sides"][0]["evidence"] if x["name"] == "MONALEESA-2"
        ]

    now = lines("2026-11-23")
    assert any(text.startswith("PFS 25.3") for text in now)
    assert any(text.startswith("OS 63.9") for text in now)
    for text, figure in ((t, float(t.split()[1])) for t in now):
        (row,) = [r for r in K.trial("monaleesa-2").results if r.experimental and r.experimental.value == figure]
        assert text.split()[-1] == words.link(row.source, K)[1]


def seen(name: str, *, day: str | None = None, regulator: str = "FDA", **changed: str) -> View:
    patient, its_day, _ = scenario(name)
    return look(patient.replace(**changed), day=day or its_day, regulator=regulator)


def running() -> View:
    found = scenario("esr1-after-cdk46")[0]
    last = replace(found.prior_therapies[-1], stop=None, stop_reason="ongoing", progressed_while_on=None)
    return look(found.replace(prior_therapies=(last,)), day="2026-11-23", regulator="FDA")


def test_the_debate_on_the_early_switch_shows_trials_against_advice() -> None:
    shown = next(d for d in debates(running()) if d["question"].startswith("Change the endocrine partner"))
    assert any(
        line["name"] == "SERENA-6" and line["text"].startswith("PFS") and " 16" in line["text"]
        for line in shown["sides"][0]["evidence"]
    )
    assert shown["sides"][2]["says"].startswith("Advisers of the FDA")

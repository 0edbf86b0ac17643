"""The pictures of outcomes as rows: sums, agreement with one another, what must be said, and work that stops when it is no longer wanted."""

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import traitlets as t

from mbc_widgets.dialogue.simulating import BROKEN, READY, STRETCH
from mbc_widgets.figures.board import board
from mbc_widgets.figures.outcomes.bands import verdict
from mbc_widgets.figures.outcomes.concerns import concerns
from mbc_widgets.figures.outcomes.names import FIRST, ONE
from mbc_widgets.figures.outcomes.whole import MAKERS, Outcomes
from mbc_widgets.knowledge import load
from mbc_widgets.simulate.outcomes import survival_rows
from mbc_widgets.simulate.verdicts import judged, worded
from mbc_widgets.simulate.view import LIMITS, Simulation
from mbc_widgets.strategies import visits_per_month
from mbc_widgets.widgets.outcomes import Feed
from mbc_widgets.workbook import View, look, scenario
from mbc_widgets.workbook import patient as read
from tests.conftest import ROOT

ESR1 = "esr1-after-cdk46"
SCENARIOS = (ESR1, "frail-80", "tnbc-pdl1-positive", "many-lines-2026", "luminal-2012")
PICTURES = ("survival", "occupancy", "swimmer", "reach", "clinic", "harms", "quality", "sources")
PEOPLE = 2000


@cache
def view_of(name: str) -> View:
    patient, day, regulator = scenario(name)
    return look(patient, day=day, regulator=regulator)


@cache
def simulated(name: str) -> tuple[Outcomes, dict[str, Any]]:
    maker = Outcomes(view_of(name), size=PEOPLE)
    return maker, list(maker.shown(maker.letters))[-1]


@cache
def sure(name: str) -> dict[str, Any]:
    maker, _ = simulated(name)
    return list(maker.bands(maker.letters[:2], draws=20, people=500))[-1]


def lane(name: str, letter: str = "A") -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in simulated(name)[1]["lanes"] if one["letter"] == letter)
    return found


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


@pytest.mark.parametrize("name", SCENARIOS)
class TestScenario:
    def test_letters_and_lines_are_those_of_the_board(self, name: str) -> None:
        drawn = {one["letter"]: one for one in board(view_of(name))["lanes"]}
        for one in simulated(name)[1]["lanes"]:
            planned = [bar for bar in drawn[one["letter"]]["bars"] if not bar["given"]]
            assert [(line["number"], line["name"], line["palette"]) for line in one["lines"]] == [
                (bar["line"], bar["name"], bar["palette"]) for bar in planned
            ]

    def test_every_picture_has_a_sentence_and_a_table_of_its_rows(self, name: str) -> None:
        for one in simulated(name)[1]["lanes"]:
            for picture in (one[each] for each in PICTURES):
                assert picture["title"]
                assert picture["sentence"].startswith(one["letter"])
                width = len(picture["table"]["columns"])
                assert picture["table"]["rows"]
                assert all(len(row) == width for row in picture["table"]["rows"])
        assert simulated(name)[1]["limits"] == LIMITS

    def test_each_month_adds_up_to_100_people(self, name: str) -> None:
        months = simulated(name)[1]["months"]
        for one in simulated(name)[1]["lanes"]:
            rows = one["occupancy"]["table"]["rows"]
            assert [row[0] for row in rows] == months
            assert all(sum(row[1:]) == 100 for row in rows)
            assert all(abs(sum(shares) - 100) < 0.1 for shares in one["occupancy"]["shares"])

    def test_survival_falls_and_agrees_with_the_areas(self, name: str) -> None:
        for one in simulated(name)[1]["lanes"]:
            alive = one["survival"]["structures"][0]["alive"]
            assert alive[0] == 100
            assert alive == sorted(alive, reverse=True)
            for share, shares in zip(alive, one["occupancy"]["shares"], strict=True):
                assert abs(sum(shares[:-1]) - share) < 0.2

    def test_the_first_line_is_started_by_all_and_later_ones_by_fewer(self, name: str) -> None:
        for one in simulated(name)[1]["lanes"]:
            starts = [bar["starts"] for bar in one["reach"]["bars"]]
            assert starts[0] == 100
            assert starts == sorted(starts, reverse=True)

    def test_a_line_has_at_most_eight_events_of_one_trial_that_is_named(self, name: str) -> None:
        for one in simulated(name)[1]["lanes"]:
            for panel in one["harms"]["panels"]:
                assert len(panel["events"]) <= 8
                assert panel["trial"]
                assert not [e for e in panel["events"] if e["event"].lower().startswith(("any ", "serious", "stopped"))]

    def test_quality_is_a_range_of_at_least_two_sources(self, name: str) -> None:
        for one in simulated(name)[1]["lanes"]:
            low, high = one["quality"]["range"]
            assert low <= high <= one["survival"]["spread"][1]
            assert len({mark["source"] for mark in one["quality"]["marks"]}) >= 2

    def test_no_sequence_is_the_best_and_no_mean_is_told(self, name: str) -> None:
        said = " ".join([*texts(simulated(name)[1]), *texts(sure(name))]).lower()
        for word in ("best", "recommend", " mean ", "average"):
            assert word not in said


def test_as_many_reach_each_line_as_the_shares_of_the_lines_before_let() -> None:
    """Shares of those who start a line hold whatever the frailty; deaths from other causes take a little more."""
    maker, value = simulated("luminal-2012")  # no line behind, which would tell of the frailty
    one, left = maker.candidates[0], 100.0
    for line, bar in zip(one.course.lines, value["lanes"][0]["reach"]["bars"], strict=True):
        assert 0.85 * left - 2 <= bar["starts"] <= left + 2, bar
        left *= (1 - line.dies) * line.goes_on


def test_pairs_are_the_same_people_and_agree_with_survival() -> None:
    maker, value = simulated(ESR1)
    one, two = maker.candidates[:2]
    rows = value["pairs"]["AB"]["table"]["rows"]
    alive = [survival_rows(each.lives, value["months"]) for each in (one, two)]
    for at, (month, both, first, second, neither) in enumerate(rows):
        assert both + first + second + neither == 100
        assert abs(both + first - alive[0][at]["percent"]) <= 1
        assert abs(both + second - alive[1][at]["percent"]) <= 1
        lived = [
            (a > month, b > month) for a, b in zip(one.lives.dies, two.lives.dies, strict=True)
        ]  # person by person
        counted = [100 * lived.count(pair) / len(lived) for pair in ((True, True), (True, False), (False, True))]
        assert all(abs(told - share) < 1 for told, share in zip((both, first, second), counted, strict=True))
    assert len(value["pairs"]) == 10


def test_the_life_in_the_middle_is_the_median_and_has_twenty_ghosts() -> None:
    one = lane(ESR1)
    assert one["swimmer"]["life"]["dies"] == pytest.approx(one["survival"]["spread"][1], abs=0.3)
    assert len(one["swimmer"]["ghosts"]) == 20
    assert {bar["palette"] for bar in one["swimmer"]["life"]["bars"]} <= {line["palette"] for line in one["lines"]}


def test_a_picture_that_was_not_asked_for_is_not_made() -> None:
    maker = Outcomes(view_of(ESR1), size=PEOPLE)
    first = list(maker.shown(("A", "C"), FIRST))[-1]
    pictures = [{name for name in PICTURES if name in one} for one in first["lanes"]]
    assert pictures == [set(FIRST), set(), set(FIRST), set(), set()]
    assert first["pairs"] == {}
    more = list(maker.shown(("A", "B"), ("harms", "people")))[-1]
    assert {name for name in PICTURES if name in more["lanes"][0]} == {*FIRST, "harms"}  # what was made stays
    assert set(more["pairs"]) == {"AB"}
    assert more["months"] == first["months"]


def test_two_sequences_that_nobody_can_tell_apart_say_so() -> None:
    found = sure("premenopausal")
    assert found["verdict"]["title"] == "Not distinguishable"
    assert found["verdict"]["text"].endswith("what the patient wants, not on this picture.")
    band = found["lanes"]["A"]
    months = simulated("premenopausal")[1]["months"]
    assert len(band["cells"]) == len(months)
    assert all(low <= high for low, high in zip(band["low"], band["high"], strict=True))


def test_bands_that_overlap_are_no_test_of_the_difference() -> None:
    """The same draws, five months longer each: the bands overlap, the paired difference is five months in every draw."""
    one = simulated("tnbc-pdl1-positive")[0].candidates[0]
    first = one.lane.draws((), draws=30, people=500)
    second = replace(first, median=first.median + 5)
    found = worded(judged((first, second), ({"x": 20.0}, {"x": 25.0}), ("A", "B")), ("A", "B"))
    assert found[0] == "In the model people live longer by B than by A"
    assert "By about 5 months" in found[1]
    assert "may overlap all the same" in found[1]


@pytest.mark.parametrize("name", [ESR1, "frail-80", "her2-ultralow"])
def test_the_page_and_the_command_line_say_the_same_of_the_same_pair(name: str) -> None:
    """The same rule on the same draws, in the same words; each has its own names of the two."""
    maker, _ = simulated(name)
    one, two = maker.candidates[:2]
    page = verdict(one, two, [each.lane.draws((), draws=20, people=500) for each in (one, two)])
    lanes = Simulation(lanes=(one.lane, two.lane))
    names = one.lane.strategy, two.lane.strategy
    title, text = worded(lanes.compare(0, 1, draws=20, people=500), names)
    for letter, strategy in zip("AB", names, strict=True):
        title, text = (re.sub(rf"\b{strategy}\b", letter, words) for words in (title, text))
    assert page == {"title": title, "text": text}


def test_who_has_another_drug_by_a_test_is_counted_with_that_drug() -> None:
    """HER2-ultralow, nothing known of ESR1: 46.2 of 100 (data/realworld/test-results.yaml) have elacestrant, then the conjugate."""
    shown = simulated("her2-ultralow")[1]["lanes"][0]
    sentence = shown["reach"]["sentence"]
    parts = re.search(r"each: 100 line 3 \((\d+) trastuzumab deruxtecan, (\d+) elacestrant by test\)", sentence)
    assert parts, sentence
    planned, other = map(int, parts.groups())
    assert planned + other == 100
    assert other == pytest.approx(46.2, abs=2)
    assert "elacestrant by test" in shown["occupancy"]["sentence"]
    assert shown["occupancy"]["table"]["columns"][1] == "line 3, trastuzumab deruxtecan or elacestrant by test"
    assert any("test results of their own" in note for note in shown["swimmer"]["notes"])


def test_what_is_left_of_a_running_line_is_said_to_be_missing() -> None:
    patient, day, regulator = scenario("luminal-2012")
    running = {"setting": "metastatic", "agents": ["letrozole"], "start": "2012-03-01"}
    view = look(
        patient.replace(prior_therapies=[*patient.as_dict().get("prior_therapies", ()), running]),
        day=day,
        regulator=regulator,
    )
    shown = list((maker := Outcomes(view, size=200)).shown(maker.letters[:1]))[-1]
    said = "What is left of letrozole, which runs now, is not in these months."
    assert shown["running"] == said
    assert said in shown["lanes"][0]["survival"]["notes"]
    assert "from the start of the first line shown" in shown["lanes"][0]["clinic"]["sentence"]
    assert simulated("luminal-2012")[1]["running"] == ""


def test_one_sequence_alone_has_no_verdict() -> None:
    assert sure("many-lines-2026")["verdict"] is None


def test_a_plan_that_ends_early_says_what_that_assumes() -> None:
    one = lane("frail-80")
    for name in ("survival", "reach"):
        assert any("assumption and no finding" in note for note in one[name]["notes"])
    verdict = sure("frail-80")["verdict"]
    assert verdict["title"] == "No verdict"
    assert "end before six lines" in verdict["text"]
    assert not lane(ESR1)["early"]


def test_a_median_at_the_first_scan_is_marked_under_the_curve() -> None:
    notes = lane("tnbc-pdl1-positive")["survival"]["notes"]
    assert any("equal to the first scan (line 4, capecitabine)" in note for note in notes)


def test_every_line_has_its_population_and_reader() -> None:
    rows = lane(ESR1)["sources"]["table"]["rows"]
    assert rows[0][2] == "EMERALD: ESR1m"
    assert "blinded review" in rows[0][3]
    assert any("different readers" in note for note in lane(ESR1)["sources"]["notes"])


def test_what_this_patient_has_lights_up() -> None:
    listed = load().model.concerns
    assert concerns("Interstitial lung disease", listed, {"lung_disease": "past_grade_1"})
    assert not concerns("Interstitial lung disease", listed, {"lung_disease": "none"})
    assert concerns("Hyperglycaemia", listed, {"diabetes": "type_2_controlled"}) == ("diabetes",)
    assert not concerns("Nausea", listed, {"lung_disease": "active", "diabetes": "type_1"})
    panel = next(p for p in lane(ESR1)["harms"]["panels"] if p["name"] == "paclitaxel")
    assert {"event": "Peripheral neuropathy", "lit": ["had a taxane"]}.items() <= panel["events"][0].items()


def test_clinic_days_are_those_of_the_strategy() -> None:
    maker, _ = simulated("frail-80")
    one = maker.candidates[0]
    bar = lane("frail-80")["clinic"]["bars"][0]
    mean = bar["usual"] * 30.4375 / 30 + bar["early"] / 6
    assert mean == pytest.approx(visits_per_month(one.lines[0].option), abs=0.06)


def test_nothing_is_simulated_outside_the_workbook() -> None:
    patient, day, regulator = scenario(ESR1)
    raw = patient.as_dict()
    raw["receptor_samples"][-1]["her2"] = "positive"
    maker = Outcomes(look(read(raw), day=day, regulator=regulator), size=100)
    assert list(maker.shown(()))[-1]["lanes"] == []
    assert list(maker.bands(()))[-1]["lanes"] == {}


class Desk(t.HasTraits):
    """A session as a feed sees one."""

    view = t.Any()
    page = t.Dict()

    def show(self, view: Any) -> None:
        self.view = view
        self.page = {"view": view}


class Maker:
    """Simulates nothing, in ten steps, and remembers how far it came and what it was asked."""

    def __init__(self, view: Any) -> None:
        self.view, self.steps_done = view, 0
        self.asked, self.drawn = list[tuple[list[str], tuple[str, ...]]](), list[list[str]]()
        self.heads = [{"letter": letter, "strategy": letter.lower()} for letter in "ABC"]

    def shown(self, letters: list[str], names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        self.asked.append((letters, names))
        for _ in range(0 if self.steps_done == 10 else 10):
            self.steps_done += 1
            time.sleep(1.2 * STRETCH)
            yield {}
        if self.view == "wrong":
            raise ZeroDivisionError
        yield {"lanes": self.heads, "view": self.view, "names": names}

    def bands(self, letters: list[str]) -> Iterator[dict[str, Any]]:
        self.drawn.append(letters)
        yield {}
        yield {"lanes": {}}


class Engine:
    """Makes makers."""

    def __init__(self) -> None:
        self.made: list[Maker] = []

    def pictures(self) -> tuple[str, ...]:
        return ("above", "folded", "below")

    def first_pictures(self) -> tuple[str, ...]:
        return ("above",)

    def outcomes(self, view: Any) -> Maker:
        self.made.append(Maker(view))
        return self.made[-1]


def run(changes: list[Any], *, pause: float = 0.0) -> tuple[Feed, Engine, list[dict[str, Any]]]:
    """Shows views one after the other on a loop, and gives every value of `outcomes` that came."""
    came: list[dict[str, Any]] = []
    engine, desk = Engine(), Desk()

    async def play() -> Feed:
        feed = Feed(desk, engine)  # type: ignore[arg-type]
        feed.observe(lambda change: came.append(change["new"]), names="outcomes")
        for change in changes:
            if callable(change):
                change(feed)
            else:
                desk.show(change)
            await asyncio.sleep(pause)
        views = sum(not callable(change) for change in changes)
        for _ in range(1000):
            if (feed.bands.get("request"), feed.bands.get("state")) == (views, READY):
                break
            await asyncio.sleep(0.01)
        return feed

    return asyncio.run(asyncio.wait_for(play(), 20)), engine, came


def test_only_the_newest_of_two_quick_changes_is_simulated() -> None:
    feed, engine, came = run(["one", "two", "three"], pause=0.02)
    assert feed.outcomes["view"] == "three"
    assert {value["view"] for value in came if value["state"] == READY} == {"three"}
    assert all(maker.steps_done < 10 for maker in engine.made[:-1])


def test_what_is_held_begins_when_a_reader_sees_it() -> None:
    _, engine, came = run([lambda feed: feed.hold(), "one"], pause=0.05)
    assert not engine.made
    assert not [value for value in came if value["state"] == READY]
    feed, engine, _ = run([lambda feed: feed.hold(), "one", lambda feed: feed.seen()], pause=0.05)
    assert feed.outcomes["view"] == "one"


def test_another_page_of_the_same_view_asks_for_nothing() -> None:
    desk, engine = Desk(), Engine()
    feed = Feed(desk, engine)  # type: ignore[arg-type]
    desk.show("one")
    feed.finish()
    request = feed.outcomes["request"]
    desk.page = {"align": "now"}
    feed.finish()
    assert feed.outcomes["request"] == request


def test_what_is_seen_is_sent_before_the_bands_and_what_is_folded_after() -> None:
    feed, engine, came = run(["one"], pause=1.5)
    assert [value["names"] for value in came if value["state"] == READY] == [("above",), ("above", "folded", "below")]
    assert engine.made[0].drawn == [["A", "B"]]
    assert feed.outcomes["chosen"] == ["A", "B"]


def test_other_sequences_are_chosen_without_a_new_simulation() -> None:
    feed, engine, _ = run(["one", lambda f: f.choose(("C", "A", "Z"))], pause=1.5)
    assert len(engine.made) == 1
    assert engine.made[0].drawn == [["A", "B"], ["C", "A"]]
    assert feed.bands["chosen"] == ["C", "A"]


def test_a_picture_that_is_opened_comes_first_now_and_later() -> None:
    feed, engine, _ = run(["one", lambda f: f.open(("folded", "nonsense")), "two"], pause=1.5)
    assert [names for _, names in engine.made[0].asked] == [
        ("above",),
        ("above", "folded", "below"),
        ("folded",),
        ("above", "folded", "below"),
    ]
    assert engine.made[0].drawn == [["A", "B"]]  # nothing is drawn twice
    assert engine.made[1].asked[0] == (["A", "B"], ("folded",))
    assert feed.outcomes["view"] == "two"


def test_a_simulation_that_fails_says_so() -> None:
    desk, engine = Desk(), Engine()
    feed = Feed(desk, engine)  # type: ignore[arg-type]
    desk.show("wrong")
    feed.finish()
    assert feed.outcomes["state"] == BROKEN
    desk.show("right")
    feed.finish()
    assert feed.outcomes["state"] == READY


def test_where_nothing_is_simulated_the_value_says_why() -> None:
    _, value = simulated("visceral-crisis")
    assert value["lanes"] == []
    assert "visceral crisis" in value["withheld"]
    assert simulated(ESR1)[1]["withheld"] == ""


def test_every_named_picture_of_one_sequence_has_its_maker() -> None:
    assert tuple(MAKERS) == ONE


def test_a_page_is_made_without_numpy() -> None:
    """Its import takes a kernel about as long as the answer itself, and a class that opens the page pays it many times at once."""
    ask = "import sys; from mbc_widgets.widgets.study import StudyPage; StudyPage(); print('numpy' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", ask], cwd=ROOT, text=True).strip() == "False"

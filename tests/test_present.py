"""The lecture as data: a question, the patient, and an answer in steps that give nothing away before their turn."""

from functools import cache
from typing import Any

import pytest

from mbc_widgets.figures import words
from mbc_widgets.figures.board import board
from mbc_widgets.figures.present import LEAST_CLASSES, MOST_HANDS, TEST_FIRST, present, question
from mbc_widgets.knowledge import load
from mbc_widgets.workbook import View, look, scenario

SCENARIOS = tuple(load().scenarios)


@cache
def view(name: str) -> View:
    patient, day, regulator = scenario(name)
    return look(patient, day=day, regulator=regulator)


@cache
def talk(name: str) -> dict[str, Any]:
    return present(view(name))


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_can_be_presented(name: str) -> None:
    found = talk(name)
    assert found["question"].endswith("?")
    assert all(line.endswith(".") and len(line) > 10 for line in found["patient"])
    assert found["hands"]
    assert len(found["hands"]) <= MOST_HANDS
    assert all(step["title"] and step["texts"] for step in found["steps"])


@pytest.mark.parametrize("name", SCENARIOS)
def test_steps_show_line_after_line_and_what_is_told_is_what_the_board_draws(name: str) -> None:
    lanes = board(view(name))["lanes"]
    shown = 0
    for step in talk(name)["steps"]:
        assert step["lines"] in {shown, shown + 1}
        if step["lines"] > shown:
            told = {text["letter"]: text["text"] for text in step["texts"]}
            for lane in lanes:
                planned = [bar for bar in lane["bars"] if not bar["given"]]
                if shown < len(planned):
                    assert planned[shown]["name"] in told[lane["letter"]]
        shown = step["lines"]
    assert shown == max((sum(not bar["given"] for bar in lane["bars"]) for lane in lanes), default=0)


def test_what_is_not_offered_begins_with_a_report_only_while_it_is_news() -> None:
    """First reports as kept with the trials: BOLERO-2 in September 2011, DAWNA-2 in September 2022, without a licence here since."""
    told = {name: next(step for step in talk(name)["steps"] if step["title"].startswith("Not off")) for name in
            ("luminal-2012", "frail-80")}  # fmt: skip
    assert "BOLERO-2" in told["luminal-2012"]["texts"][0]["text"]
    assert "dalpiciclib" not in str(told["frail-80"])


@pytest.mark.parametrize("name", SCENARIOS)
def test_question_and_patient_name_no_drug_of_the_answer(name: str) -> None:
    asked = " ".join([talk(name)["question"], *talk(name)["patient"]])
    given = {agent for therapy in view(name).patient.prior_therapies for agent in therapy.agents}
    planned = {
        agent for sequence in view(name).sequences for line in sequence.lines for agent in line.option.regimen.agents
    }
    assert not [agent for agent in planned - given if agent in asked]


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_room_has_something_to_vote_on_and_no_place_gives_the_answer_away(name: str) -> None:
    asked = [answer for answer in talk(name)["hands"] if answer != TEST_FIRST]
    assert len(asked) >= LEAST_CLASSES
    assert "chemotherapy" in asked
    assert asked == [each for each in words.CLASS_NAMES.values() if each in asked]


def test_no_answer_of_the_vote_is_of_a_later_day() -> None:
    """19 March 2012: no CDK4/6 inhibitor, no conjugate, no oral SERD had reported a randomised result or was licensed."""
    assert not {"CDK4/6", "ADC", "oral SERD"} & set(talk("luminal-2012")["hands"])


def test_the_question_says_what_happened() -> None:
    assert question(view("esr1-after-cdk46")) == "Progression on ribociclib + letrozole. What next?"
    assert question(view("luminal-2012")) == "Metastatic disease, nothing given for it yet. What first?"
    patient, day, regulator = scenario("esr1-after-cdk46")
    *earlier, last = patient.as_dict()["prior_therapies"]
    left = {**last, "stop_reason": "toxicity", "toxicity": "neutropenia"}
    assert question(look(patient.replace(prior_therapies=[*earlier, left]), day=day, regulator=regulator)).startswith(
        "After ribociclib"
    )


def test_what_is_not_known_is_said_to_the_room() -> None:
    assert "not known: AKT1" in talk("esr1-after-cdk46")["patient"][1]


def test_a_length_that_nobody_read_is_no_number() -> None:
    texts = [
        text["text"] for name in SCENARIOS for step in talk(name)["steps"] for text in step["texts"] if text["letter"]
    ]
    without = [text for text in texts if "No length of such patients was read" in text]
    assert without
    assert not any("None" in text or "nan" in text for text in texts)


def test_lanes_to_begin_with_differ() -> None:
    for name in SCENARIOS:
        lanes = {lane["letter"]: [bar["name"] for bar in lane["bars"]] for lane in board(view(name))["lanes"]}
        first = [tuple(lanes[letter]) for letter in talk(name)["lanes"]]
        assert len(set(first)) == len(first)


def test_what_comes_before_any_drug_is_the_first_step() -> None:
    """Symptomatic brain metastases: local treatment first (the scenario's own lesson)."""
    first = talk("brain-symptomatic")["steps"][0]
    assert first["title"] == "Before any drug"
    assert "radiotherapy" in first["texts"][0]["text"]


def test_the_room_sees_what_decides() -> None:
    assert "Bilirubin 3 x upper limit" in talk("visceral-crisis")["patient"][2]
    assert "Frailty frail" in talk("frail-80")["patient"][2]
    early = talk("tnbc-pdl1-positive")["patient"]
    assert "pembrolizumab to May 2023" in early[2]
    assert "HER2-low in another sample" in early[0]


def test_what_is_not_offered_is_told_with_what_was_known_on_the_day() -> None:
    """19 March 2012: BOLERO-2 had reported, the licence came on 20 July; nothing of 2025 blocks anything."""
    told = next(step for step in talk("luminal-2012")["steps"] if step["title"].startswith("Not offered"))["texts"]
    assert "everolimus + exemestane" in told[0]["text"]
    assert "not licensed here on this day" in told[0]["text"]
    assert not any("camizestrant" in text["text"] for text in told)

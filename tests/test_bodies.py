"""The reader picks a guideline body: its statements alone open and order, licences open as ever, the others stay visible."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from mbc_widgets.contract import as_dict
from mbc_widgets.eligibility import OFFERED, Option, options
from mbc_widgets.facts import facts
from mbc_widgets.figures.page import build_page
from mbc_widgets.knowledge import Knowledge, Snapshot, bodies_on, load
from mbc_widgets.ranking import heard, in_guideline_order, newer_licence
from mbc_widgets.workbook import View, _unguided, look, scenario

K = load()
DAYS = ("2012-03-19", "2019-06-01", "2023-06-01", "2026-11-23")
PLACES = [(day, regulator) for day in DAYS for regulator in K.edition.regulators]


@cache
def alone(body: str) -> Knowledge:
    """The knowledge as if no other body had ever spoken of a drug."""
    questions = (
        replace(q, statements=tuple(s for s in q.statements if s.body == body or not s.covers)) for q in K.questions
    )
    return replace(K, questions=tuple(questions))


def listed(name: str, day: str, regulator: str, body: str = "") -> tuple[Option, ...]:
    snapshot = K.on(day, regulator, body)
    return options(facts(scenario(name)[0], snapshot), snapshot, flips=False)


@cache
def answers() -> tuple[tuple[str, Snapshot, tuple[Option, ...], tuple[Option, ...]], ...]:
    """The options of every scenario on every day under every regulator by every body, beside those by all of them."""
    return tuple(
        (f"{name} {day} {regulator} {body}", K.on(day, regulator, body), listed(name, day, regulator, body), by_all)
        for name in K.scenarios
        for day, regulator in PLACES
        for by_all in [listed(name, day, regulator)]
        for body in bodies_on(K, day, regulator)
    )


def views(*names: str) -> Iterator[tuple[str, View]]:
    """Some scenarios today under every regulator by every body."""
    for name, regulator in product(names, K.edition.regulators):
        for body in bodies_on(K, DAYS[-1], regulator):
            yield f"{name} {regulator} {body}", look(scenario(name)[0], day=DAYS[-1], regulator=regulator, body=body)


def page_text(view: View) -> str:
    return "\n".join(warning["text"] for warning in build_page(view)["warnings"])


# ---- which bodies


@pytest.mark.parametrize(("day", "regulator"), PLACES)
def test_the_bodies_to_pick_are_those_with_a_read_word_in_force_on_a_drug_here(day: str, regulator: str) -> None:
    every = sorted((s for q in K.questions for s in q.statements), key=lambda s: s.since)
    spoken = {
        s.body: s.since
        for s in every
        if s.verified == "seen" and s.covers and s.since <= day and (s.until or "9") > day
    }
    wanted = {name: since for name, since in spoken.items() if regulator in K.bodies[name].speaks_for}
    assert {name: text.since for name, text in bodies_on(K, day, regulator).items()} == wanted
    assert wanted


def test_asco_speaks_in_the_us_and_esmo_and_nice_in_europe() -> None:
    assert {"asco", "abc"} <= set(bodies_on(K, "2026-11-23", "FDA"))
    assert not {"esmo", "nice"} & set(bodies_on(K, "2026-11-23", "FDA"))
    assert {"esmo", "abc", "nice"} <= set(bodies_on(K, "2026-11-23", "EMA"))
    assert "esmo" not in bodies_on(K, "2012-03-19", "EMA")  # its text of 2012 came later and was not read


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("asko", "body: 'asko' is not known; did you mean 'asco'? Allowed: all, asco, abc"),
        (
            "nice",
            "body: 'nice' has no statement that was read and speaks for the FDA on 2026-11-23; it speaks for the EMA (regulator: EMA).",
        ),
        ("NCCN", "body: 'nccn' is known, but its guideline is not encoded here: that needs a permission. Allowed: all"),
        ("x" * 500, "is not known. Allowed: all, asco"),
    ],
)
def test_another_body_is_refused_with_the_allowed_names_and_the_nearest(given: str, told: str) -> None:
    with pytest.raises(ValueError, match="body: ") as refusal:
        K.on("2026-11-23", "FDA", given)
    assert told in str(refusal.value)
    assert len(str(refusal.value)) < 300


@pytest.mark.parametrize("given", ["ASCO", " asco "])
def test_a_body_is_found_however_it_is_written(given: str) -> None:
    assert K.on("2026-11-23", "FDA", given) is K.on("2026-11-23", "FDA", "asco")


# ---- what a body changes


def test_all_is_what_nobody_picked() -> None:
    patient, day, regulator = scenario("esr1-after-cdk46")
    wanted = as_dict(look(patient, day=day, regulator=regulator))
    assert wanted["body"] is None
    for given in (None, "", "all", "ALL"):
        assert as_dict(look(patient, day=day, regulator=regulator, body=given)) == wanted


def test_only_the_picked_body_and_licences_open_and_nothing_that_is_said_is_lost() -> None:
    for told, snapshot, found, by_all in answers():
        for option, other in zip(found, by_all, strict=True):
            assert {s.body for s in option.statements_here} <= {snapshot.body}, told
            assert {s.id for s in option.statements} == {s.id for s in other.statements}, told
            assert option.against == other.against, told
            assert option.licences == other.licences, told
            if option.verdict == OFFERED:
                own = any(s.body == snapshot.body and s.verified == "seen" for s in option.statements)
                licensed = any(option.holds(held) for held in option.candidate.active)
                assert own or licensed, told
                assert other.verdict == OFFERED, f"{told}: one body opens more than all of them"


def test_the_order_is_the_same_as_if_no_other_body_had_ever_spoken() -> None:
    for told, view in views("esr1-after-cdk46", "premenopausal", "tnbc-pdl1-negative", "er-low"):
        place, known = view.snapshot, alone(view.snapshot.body)
        wanted = look(view.patient, day=place.day, regulator=place.regulator, body=place.body, knowledge=known)
        assert view.offered() == wanted.offered(), told
        assert [s.regimens for s in view.sequences] == [s.regimens for s in wanted.sequences], told


def test_nice_opens_no_regimen_that_only_abc_recommends_without_a_licence() -> None:
    """ABC5 takes CDK4/6 inhibitors with suppression in men; ribociclib has no EU licence for them that would do."""
    patient = scenario("man")[0]
    by_abc, by_nice = (look(patient, day="2026-11-23", regulator="EMA", body=body) for body in ("abc", "nice"))
    assert len(by_nice.offered()) < len(by_abc.offered())
    lost = [o for o in by_nice.options if o.regimen.id in set(by_abc.offered()) - set(by_nice.offered())]
    page = build_page(by_nice)
    cards = {o["id"]: o for group in page["options"]["groups"] for o in group["options"]}
    for option in lost:
        shown = cards[option.regimen.id]
        assert any(each["text"].startswith("ABC ") for each in shown["recommendations"])
        assert any("only the guidelines of NICE are heard" in each["text"] for each in shown["blocked_by"])
        assert {"type": "body", "body": ""} in [flip["send"] for flip in shown["flips"]]


# ---- what is newer than the body's text


def test_a_licence_newer_than_the_newest_text_of_the_body_stands_beside_and_says_so() -> None:
    """T-DXd for HER2-ultralow: FDA 2025-01-27; ASCO's newest text on this patient is of 2024-02 or older."""
    patient = scenario("her2-ultralow")[0]
    page = build_page(look(patient, day="2026-11-23", regulator="FDA", body="asco"))
    offered = next(group for group in page["options"]["groups"] if group["verdict"] == OFFERED)
    assert "in the order of ASCO alone" in offered["note"]
    flags = {option["id"]: option["flags"] for option in offered["options"]}
    assert "newer than this guideline" in flags["trastuzumab-deruxtecan"]
    assert not any("newer than the guidelines read" in each for each in flags.values())
    assert list(flags)[0:2] == ["gedatolisib+fulvestrant", "trastuzumab-deruxtecan"]


def test_pembrolizumab_came_after_abc5_and_stands_beside_it_years_later() -> None:
    """ABC5 is of September 2020, the EU licence of pembrolizumab of October 2021: no lag of other bodies counts here."""
    view = look(scenario("er-low")[0], day="2026-11-23", regulator="EMA", body="abc")
    offered = in_guideline_order(view.options)
    newer = {o.regimen.id: newer_licence(o, heard(offered)) for o in offered}
    assert newer["pembrolizumab+paclitaxel"] == "2021-10-19"
    assert not newer["paclitaxel"]


def test_an_old_drug_with_a_newer_label_is_not_newer_than_a_guideline() -> None:
    """Capecitabine: in use since before 2012, its US label was widened in 2022."""
    for name in ("brain-symptomatic", "tnbc-pdl1-positive"):
        view = look(scenario(name)[0], day="2026-11-23", regulator="FDA", body="asco")
        offered = in_guideline_order(view.options)
        found = next(o for o in offered if o.regimen.id == "capecitabine")
        assert not newer_licence(found, heard(offered))


def test_what_the_body_itself_advises_against_is_never_called_newer_than_its_guideline() -> None:
    for told, snapshot, found, _ in answers():
        offered = in_guideline_order(found)
        context = heard(offered)
        for option in offered:
            if any(s.body == snapshot.body for s in option.against):
                assert not newer_licence(option, context), f"{told}: {option.regimen.id}"


# ---- what the page and the contract say


def test_a_body_that_says_nothing_to_this_patient_is_said_to_say_nothing() -> None:
    patient = scenario("esr1-after-cdk46")[0]
    assert "ESMO says nothing" in page_text(look(patient, day="2026-11-23", regulator="EMA", body="esmo"))
    assert "says nothing" not in page_text(look(patient, day="2026-11-23", regulator="FDA", body="asco"))
    for told, snapshot, found, _ in answers():
        speaks = any(o.statements_here for o in found if o.verdict == OFFERED)
        said = "".join(prompt.text for prompt in _unguided(found, snapshot))
        assert (K.bodies[snapshot.body].word in said) != speaks, told


def test_the_page_names_the_body_in_its_sentence_its_control_and_its_python() -> None:
    patient = scenario("esr1-after-cdk46")[0]
    by_all = look(patient, day="2026-11-23", regulator="FDA")
    view = look(patient, day="2026-11-23", regulator="FDA", body="abc")
    page = build_page(view)
    assert "by the guidelines of **ABC** alone" in page["sentence"]
    assert (page["body"], page["body_label"]) == ("abc", "ABC")
    assert page["bodies"][0] == {"id": "", "label": "all for this region"}
    assert {"id": "asco", "label": "ASCO, 2024-02"} in page["bodies"]
    assert page["board"]["python"].endswith("regulator='FDA', body='abc')")
    assert build_page(view, previous=by_all)["sentence"].startswith("You chose the guidelines of **ABC**")
    back = build_page(by_all, previous=view)["sentence"]
    assert back.startswith("You chose the guidelines of **all bodies of this region**")


def test_a_reason_on_a_bar_is_never_the_word_of_a_body_that_is_not_heard() -> None:
    for told, view in views("esr1-after-cdk46", "germline-brca"):
        others = {b.word for name, b in K.bodies.items() if name != view.snapshot.body}
        for lane in build_page(view)["board"]["lanes"]:
            for bar in lane["bars"]:
                assert not any(bar["reason"][0].startswith(f"{word} ") for word in others), told


def test_the_contract_names_the_body() -> None:
    assert as_dict(look(scenario("man")[0], day=DAYS[-1], regulator="EMA", body="ESMO"))["body"] == "esmo"

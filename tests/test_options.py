"""Options: the verdict table, the cases of data/cases, and what must hold for every patient."""

import itertools
import os
import random
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest

from mbc_widgets import cite, strict_yaml
from mbc_widgets.answered import Answered
from mbc_widgets.eligibility import Option, options, supportive
from mbc_widgets.facts import Facts, facts
from mbc_widgets.knowledge import Candidate, Held, Snapshot, load
from mbc_widgets.neighbours import Flip
from mbc_widgets.patient import Patient, PatientError, Sample
from mbc_widgets.records import Licence, Regimen, SafetyRule, Scope, Statement
from mbc_widgets.two_changes import two_changes
from mbc_widgets.workbook import patient as read
from mbc_widgets.workbook import scenario
from tests.conftest import ROOT
from tests.test_facts import random_patient

DEEP = os.environ.get("MBC_DEEP") == "1"
PATIENTS = 2_000 if DEEP else 60
K = load()
DAYS = ("2012-03-19", "2016-06-01", "2019-06-01", "2023-06-01", "2026-11-23")
REGULATORS = K.edition.regulators


def matches(option: Option, name: str) -> bool:
    regimen = option.regimen
    return name in {regimen.id, regimen.variant_of, *regimen.groups, *regimen.agents}


def everything(patient: Patient, snapshot: Snapshot) -> tuple[Option, ...]:
    state = facts(patient, snapshot)
    return (*options(state, snapshot, flips=False), *supportive(state, snapshot))


# ---- the cases: what an outside source says


def cases() -> Iterator[Any]:
    for path in sorted((ROOT / "data" / "cases").glob("*.yaml")):
        for case in strict_yaml.parse(strict_yaml.read_text(path)).value:  # type: ignore[attr-defined]
            yield pytest.param(case, id=case["name"])


def case_patient(case: dict[str, Any]) -> Patient:
    if "scenario" in case:
        return scenario(case["scenario"], K)[0].replace(**case.get("change", {}))
    return read(case["patient"], K)


@pytest.mark.parametrize("case", list(cases()))
def test_case(case: dict[str, Any]) -> None:
    expect = case["expect"]
    assert set(expect) <= {"offered", "not_offered", "needs_test", "not_now"}
    assert case["source"]
    assert case["verified"] in {"seen", "recalled"}
    found = everything(case_patient(case), K.on(case["day"], case["regulator"]))

    def verdicts(name: str) -> dict[str, str]:
        return {option.regimen.id: option.verdict for option in found if matches(option, name)}

    for name in expect.get("offered", ()):
        assert "offered" in verdicts(name).values(), (name, verdicts(name))
    for name in expect.get("not_now", ()):
        assert "not-now" in verdicts(name).values(), (name, verdicts(name))
    for name in expect.get("not_offered", ()):
        assert "offered" not in verdicts(name).values(), (name, verdicts(name))
    for name, missing in expect.get("needs_test", {}).items():
        waiting = [o for o in found if matches(o, name) and o.verdict == "needs-test"]
        assert any(set(missing) <= set(o.missing) for o in waiting), (name, verdicts(name))


def test_every_word_of_the_cases_names_something() -> None:
    known = {*K.regimens, *K.agents, *K.regimen_groups}
    for param in cases():
        expect = param.values[0]["expect"]
        names = itertools.chain.from_iterable(expect.values())
        assert not set(names) - known, param.id


# ---- the verdict table, on a knowledge of one regimen

ANSWERS = {"yes": ("is", "yes", (True,)), "no": ("is", "no", (True,)), "unknown": ("is", "open", (True,))}
STATE = Facts(values={"yes": True, "no": False})
SOURCE = {"wording": "", "source": "s", "verified": "seen"}


def rule(level: str, answer: str) -> SafetyRule:
    return SafetyRule(
        id=f"{level} {answer}",
        level=level,
        applies_to=Scope(),
        when=ANSWERS[answer],
        text="",
        why="",
        source="s",
        verified="seen",
    )


def licence(answer: str, status: str = "licensed") -> Licence:
    return Licence(regulator="FDA", status=status, covers=(), when=ANSWERS[answer], granted="2020-01-01", **SOURCE)


def statement(answer: str, position: str = "standard") -> Statement:
    return Statement(id=answer, body="asco", edition="e", since="2020-01-01", position=position, covers=(), when=ANSWERS[answer], because="", source="s", verified="seen")  # fmt: skip  # noqa: E501


def one(
    *,
    licences: tuple[Licence, ...] = (),
    statements: tuple[Statement, ...] = (),
    rules: tuple[SafetyRule, ...] = (),
    applies: str = "yes",
    marketed: bool = True,
    withdrawn: tuple[Licence, ...] = (),
) -> Option | None:
    """Give the only option of a snapshot with one regimen and these items."""
    trees = [*ANSWERS.values()]

    def held(items: tuple[Any, ...]) -> tuple[Held, ...]:
        return tuple(Held(item, trees.index(item.when)) for item in items)

    def of(level: str) -> tuple[Held, ...]:
        return held(tuple(item for item in rules if item.level == level))

    positive = held(tuple(s for s in statements if s.position != "not_recommended"))
    candidate = Candidate(
        regimen=Regimen(id="r", agents=("a",), groups=(), palette="et", backbone="endocrine", applies=ANSWERS[applies]),
        applies_at=trees.index(ANSWERS[applies]),
        marketed=marketed,
        active=held(licences),
        withdrawn=held(withdrawn),
        indications=(*held(licences), *positive),
        positive=positive,
        against=held(tuple(s for s in statements if s.position == "not_recommended")),
        never=of("never"),
        not_now=of("not_now"),
        cautions=of("caution"),
    )
    snapshot = Snapshot(
        knowledge=K, day="2024-01-01", regulator="FDA", trees=tuple(trees), candidates=(candidate,), supportive=()
    )
    return next(iter(options(STATE, snapshot, flips=False)), None)


def by_the_table(indicated: set[str], never: set[str], not_now: set[str]) -> str:
    """The table of DESIGN section 4, first line that holds."""
    if "yes" in never or not indicated & {"yes", "unknown"}:
        return "not-offered"
    if "yes" in not_now:
        return "not-now"
    if "yes" in indicated and "unknown" not in never | not_now:
        return "offered"
    return "needs-test"


COMBINATIONS = [(), ("yes",), ("no",), ("unknown",), ("yes", "unknown"), ("no", "unknown"), ("yes", "no")]


@pytest.mark.parametrize("indicated", COMBINATIONS, ids=lambda words: "indicated " + "+".join(words or ("never",)))
def test_the_verdict_is_the_first_line_of_the_table_that_holds(indicated: tuple[str, ...]) -> None:
    for never, not_now in itertools.product(COMBINATIONS, COMBINATIONS):
        rules = (*(rule("never", a) for a in never), *(rule("not_now", a) for a in not_now))
        expected = by_the_table(set(indicated), set(never), set(not_now))
        for kind in ("licences", "statements"):
            made = tuple((licence if kind == "licences" else statement)(a) for a in indicated)
            option = one(rules=rules, **{kind: made})
            assert option
            assert option.verdict == expected, (kind, never, not_now)


def test_a_regimen_that_cannot_concern_the_patient_is_not_listed() -> None:
    assert one(licences=(licence("yes"),), applies="no") is None


def test_a_regimen_that_may_not_concern_the_patient_waits_for_that_answer() -> None:
    option = one(licences=(licence("yes"),), applies="unknown")
    assert option
    assert (option.verdict, option.missing) == ("needs-test", ("open",))


@pytest.mark.parametrize(
    ("made", "status"),
    [
        ({"marketed": False, "statements": (statement("yes"),)}, "not-licensed"),
        ({"withdrawn": (licence("yes"),), "statements": (statement("yes"),)}, "withdrawn"),
    ],
)
def test_what_the_regulator_has_closed_is_never_offered_whatever_anybody_recommends(
    made: dict[str, Any], status: str
) -> None:
    option = one(**made)
    assert option
    assert (option.verdict, option.licence_status) == ("not-offered", status)


def test_off_label_but_recommended_is_offered_and_flagged() -> None:
    option = one(licences=(licence("no"),), statements=(statement("yes"),))
    assert option
    assert (option.verdict, option.flags) == ("offered", ("off-label",))


def test_licensed_but_in_no_statement_is_offered_and_flagged() -> None:
    option = one(licences=(licence("yes"),))
    assert option
    assert (option.verdict, option.licence_status, option.flags) == ("offered", "licensed", ("no-guideline",))


def test_a_body_that_advises_against_is_shown_and_removes_nothing() -> None:
    option = one(licences=(licence("yes"),), statements=(statement("yes", "not_recommended"),))
    assert option
    assert option.verdict == "offered"
    assert [s.position for s in option.against] == ["not_recommended"]


def test_cautions_never_close_an_option() -> None:
    option = one(licences=(licence("yes"),), rules=(rule("caution", "yes"), rule("caution", "unknown")))
    assert option
    assert (option.verdict, len(option.cautions)) == ("offered", 1)


def test_what_blocks_is_given_with_its_rule() -> None:
    option = one(licences=(licence("yes"),), rules=(rule("never", "yes"), rule("never", "no")))
    assert option
    assert [r.id for r in option.blocked_by] == ["never yes"]


def test_only_an_option_that_waits_names_missing_tests() -> None:
    waiting = one(licences=(licence("unknown"),))
    assert waiting
    assert waiting.missing == ("open",)
    offered = one(licences=(licence("yes"), licence("unknown")))
    assert offered
    assert offered.missing == ()


# ---- random patients on real knowledge

FINDINGS: dict[str, list[Any]] = {
    "esr1": ["mutated", "wild_type", None], "pik3ca": ["mutated", "wild_type", None], "akt1": ["mutated", "wild_type", None],
    "pten": ["altered", "intact", None], "germline_brca": ["pathogenic", "negative", "uncertain_significance", None],
    "pdl1_cps": [0, 9, 10, 50, None], "pdl1_ic_percent": [0, 1, None], "microsatellite_status": ["unstable", "stable", None],
    "menopausal_status": ["premenopausal", "postmenopausal_natural", "perimenopausal", "amenorrhoea_uncertain", None],
    "ovarian_suppression": [None, "in_place", "acceptable", "declined"], "visceral_crisis": [None, None, True],
    "performance_status": [None, 0, 2, 3, 4], "qtcf_ms": [None, 440, 455, 505], "lung_disease": [None, "past_grade_2_or_more", "active"],
    "bilirubin_x_uln": [None, 1, 2, 4], "absolute_neutrophils": [None, 800, 1400, 3000], "lvef_percent": [None, 45, 35],
    "autoimmune_disease": [None, "severe_active"], "dpyd_status": [None, "complete", "partial", "normal"],
    "sites": [None, ["bone"], ["liver", "brain"]], "brain_state": [None, "active_symptomatic", "stable_treated"],
    "symptoms": [None, "severe"], "pregnancy": [None, None, None, "first_trimester"], "sex": [None, None, None, "male"],
}  # fmt: skip


def draw(r: random.Random) -> Patient:
    """Give a random history with random findings; a contradiction is drawn again."""
    while True:
        chosen = {name: r.choice(states) for name, states in FINDINGS.items() if r.random() < 0.5}
        if chosen.get("sex") == "male":
            chosen.pop("menopausal_status", None)
        try:
            return random_patient(r).replace(**chosen)
        except PatientError:
            continue


@cache
def drawn() -> tuple[tuple[Patient, Snapshot], ...]:
    r = random.Random(20261123)  # noqa: S311 - test data
    made = [(draw(r), K.on(r.choice(DAYS), r.choice(REGULATORS))) for _ in range(PATIENTS)]
    taught = [(scenario(name, K)[0], K.on(day, reg)) for name in K.scenarios for day in DAYS for reg in REGULATORS]
    return (*made, *taught)


@cache
def views() -> tuple[tuple[Patient, Snapshot, tuple[Option, ...]], ...]:
    return tuple((p, s, options(facts(p, s), s)) for p, s in drawn())


def told(patient: Patient, snapshot: Snapshot, option: Option) -> str:
    return f"{option.regimen.id} on {snapshot.day} {snapshot.regulator} for {patient.as_dict()}"


def test_what_a_never_rule_blocks_is_never_offered() -> None:
    for patient, snapshot, listed in views():
        for option in listed:
            assert not option.blocked_by or option.verdict == "not-offered", told(patient, snapshot, option)


def test_what_must_wait_is_never_offered() -> None:
    for patient, snapshot, listed in views():
        for option in listed:
            assert not option.held_by or option.verdict in {"not-now", "not-offered"}, told(patient, snapshot, option)


def test_an_offer_waits_for_no_answer_about_its_safety() -> None:
    for patient, snapshot, listed in views():
        for option in listed:
            assert option.verdict != "offered" or not option.open_rules, told(patient, snapshot, option)


def test_every_offer_has_a_reason_with_a_source_that_resolves() -> None:
    for patient, snapshot, listed in views():
        for option in listed:
            if option.verdict == "offered":
                reasons = [*option.licences, *option.statements]
                assert reasons, told(patient, snapshot, option)
                assert all(cite.short(K.sources[reason.source]) for reason in reasons)


def test_the_reason_for_an_offer_can_be_said_in_atoms_that_are_true() -> None:
    for patient, snapshot, listed in views()[::5]:
        for option in listed:
            for reason in (*option.licences, *option.statements):
                assert option.explain(reason.when).holds is True, told(patient, snapshot, option)


def test_an_option_that_waits_names_what_it_waits_for() -> None:
    for patient, snapshot, listed in views():
        for option in listed:
            if option.verdict == "needs-test":
                assert option.missing, told(patient, snapshot, option)
                assert not set(option.missing) & set(option.facts.values), told(patient, snapshot, option)


def test_no_drug_is_offered_before_any_regulator_had_licensed_it() -> None:
    for patient, snapshot, listed in views():
        for option in listed:
            if option.verdict == "offered":
                assert option.candidate.marketed, told(patient, snapshot, option)


def test_a_state_answered_for_a_plan_has_the_options_of_the_page() -> None:
    for person, snapshot in drawn():
        state = facts(person, snapshot)
        listed = Answered(state, snapshot).options("offered", "needs-test", "not-now", "not-offered")
        page = options(state, snapshot, flips=False)
        assert [(o.regimen.id, o.verdict, o.said) for o in listed] == [(o.regimen.id, o.verdict, o.said) for o in page]
        assert all(o.licences or o.statements for o in listed if o.verdict == "offered")


def test_her2_positive_disease_is_offered_nothing() -> None:
    for patient, snapshot in drawn()[::2]:
        positive = patient.replace(
            receptor_samples=(*patient.receptor_samples, Sample(day=patient.seen_on, her2="positive"))
        )
        listed = options(facts(positive, snapshot), snapshot, flips=False)
        assert not [o.regimen.id for o in listed if o.verdict == "offered"]


ERASABLE = [name for name, entry in K.vocabulary.items() if not entry.derived and entry.if_not_given == "unknown"]


def test_taking_a_result_away_never_turns_an_offer_into_a_refusal() -> None:
    for patient, snapshot, listed in views():
        for name in sorted(set(ERASABLE) & set(patient.findings)):
            erased = patient.replace(**{name: None})
            left = {}
            for option in options(facts(erased, snapshot), snapshot, flips=False):
                left.setdefault(option.regimen.variant_of or option.regimen.id, set()).add(option.verdict)
            for option in listed:
                if option.verdict == "offered":
                    base = option.regimen.variant_of or option.regimen.id
                    assert left.get(base, set()) & {"offered", "needs-test"}, (name, told(patient, snapshot, option))


def test_without_any_receptor_result_nothing_is_refused_for_the_receptor() -> None:
    patient = read({"seen_on": "2026-11-01", "menopausal_status": "postmenopausal_natural"}, K)
    verdicts = {
        o.regimen.id: o.verdict
        for o in options(facts(patient, K.on("2026-11-23", "FDA")), K.on("2026-11-23", "FDA"), flips=False)
    }
    for name in ("letrozole", "ribociclib+letrozole", "pembrolizumab+paclitaxel"):
        assert verdicts[name] == "needs-test", name


# ---- what would change the answer


def applied(patient: Patient, flip: Flip) -> Patient:
    """Give the patient after the change: an input that is set, or a new sample with that HER2 result."""
    if flip.field == "her2_state":
        newest = max([patient.seen_on, *(s.day for s in patient.receptor_samples)])
        return patient.replace(receptor_samples=(*patient.receptor_samples, Sample(day=newest, her2=flip.to)))
    return patient.replace(**{flip.field: flip.to})


@cache
def broken_flips() -> dict[str, list[str]]:
    """Give, by field, the flips that do not give `offered` when the patient is changed and looked at anew."""
    found: dict[str, list[str]] = {}
    for patient, snapshot, listed in views():
        seen: dict[tuple[str, Any], dict[str, str] | str] = {}
        for option in listed:
            for flip in option.flips:
                key = (flip.field, flip.to)
                if key not in seen:
                    try:
                        changed = facts(applied(patient, flip), snapshot)
                        seen[key] = {o.regimen.id: o.verdict for o in options(changed, snapshot, flips=False)}
                    except PatientError as error:
                        seen[key] = str(error)
                now = seen[key]
                verdict = now if isinstance(now, str) else now.get(option.regimen.id)
                if verdict != "offered":
                    found.setdefault(flip.field, []).append(
                        f"{flip.field} -> {flip.to} gives {verdict}: {told(patient, snapshot, option)}"
                    )
    return found


FLIPPED = sorted({flip.field for _, _, listed in views() for option in listed for flip in option.flips})


@pytest.mark.parametrize("field", FLIPPED)
def test_every_change_that_is_shown_really_opens_the_option(field: str) -> None:
    assert broken_flips().get(field, [])[:2] == []


def test_an_offered_option_shows_no_change_and_tests_come_before_choices_and_time() -> None:
    order = ("test", "choice", "course")
    for _, _, listed in views():
        for option in listed:
            kinds = [order.index(K.vocabulary[flip.field].changes) for flip in option.flips]
            assert kinds == sorted(kinds)
            assert option.verdict != "offered" or not kinds


def test_a_missing_esr1_result_is_shown_as_the_change_that_opens_elacestrant() -> None:
    patient, day, _ = scenario("esr1-after-cdk46", K)
    unknown = patient.replace(esr1=None)
    listed = options(facts(unknown, K.on(day, "FDA")), K.on(day, "FDA"))
    (option,) = [o for o in listed if o.regimen.id == "elacestrant"]
    assert option.verdict == "needs-test"
    assert ("esr1", "mutated") in [(flip.field, flip.to) for flip in option.flips]


def test_the_seed_of_the_random_patients_reaches_both_pathways_and_all_verdicts() -> None:
    words = {option.verdict for _, _, listed in views() for option in listed}
    groups = {facts(p, s).values.get("endocrine_group") for p, s in drawn()}
    assert words == {"offered", "needs-test", "not-now", "not-offered"}
    assert groups >= {"positive", "low", "negative", None}
    assert date(2012, 1, 1) < date.fromisoformat(DAYS[0])


# ---- two changes, asked for one option


def closed_options() -> Iterator[tuple[str, Option]]:
    for name in K.scenarios:
        for day, regulator in (
            ("2026-11-23", "FDA"),
            ("2026-11-23", "EMA"),
            ("2021-06-01", "FDA"),
            ("2021-06-01", "EMA"),
        ):
            snapshot = K.on(day, regulator)
            for option in options(facts(scenario(name)[0], snapshot), snapshot):
                if option.verdict != "offered" and not option.flips:
                    yield f"{name} {day} {regulator}: {option.regimen.id}", option


def test_two_changes_that_are_shown_really_open_the_option() -> None:
    tried = 0
    for told, option in closed_options():
        for one, two in two_changes(option):
            changed = Facts(values={**option.facts.values, **two.facts})
            (found,) = (o for o in options(changed, option.snapshot, flips=False) if o.regimen.id == option.regimen.id)
            assert found.verdict == "offered", (told, one, two)
            assert one.field != two.field
            tried += 1
    assert tried > 50


def test_an_option_that_one_change_opens_is_not_asked_for_two() -> None:
    snapshot = K.on("2026-11-23", "FDA")
    for option in options(facts(scenario("esr1-after-cdk46")[0], snapshot), snapshot):
        if option.flips or option.verdict == "offered":
            assert two_changes(option) == ()


def test_alpelisib_with_an_unknown_mutation_and_a_high_hba1c_needs_both_to_change() -> None:
    """The frail patient of the scenarios: PIK3CA not tested, HbA1c above the limit of SOLAR-1."""
    patient, day, regulator = scenario("frail-80")
    snapshot = K.on(day, regulator)
    option = next(o for o in options(facts(patient, snapshot), snapshot) if o.regimen.id == "alpelisib+fulvestrant")
    pairs = [(one.field, one.to, two.field) for one, two in two_changes(option)]
    assert ("pik3ca", "mutated", "hba1c_percent") in pairs
    assert len([pair for pair in pairs if pair[2] == "hba1c_percent"]) == 1, "of several values only the nearest"

"""Conditions: three-valued truth, the same answer by every reading, and words that say what is meant."""

import itertools
import os
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbc_widgets.columns import ColumnPlanes, columns
from mbc_widgets.conditions import (
    ALWAYS,
    ConditionError,
    StatePlanes,
    Tree,
    Value,
    atom_holds,
    atoms_of,
    evaluate,
    fields_of,
    holds,
    parse,
)
from mbc_widgets.knowledge.circuit import Circuit
from mbc_widgets.records import Field

DEEP = os.environ.get("MBC_DEEP") == "1"
PROFILE = settings(deadline=None, max_examples=5000 if DEEP else 150, derandomize=not DEEP, database=None)


def field(name: str, kind: str, label: str, **more: object) -> Field:
    return Field(id=name, label=label, group="g", kind=kind, changes="test", if_not_given="unknown", **more)


WORDS = {
    f.id: f
    for f in (
        field("esr1", "state", "ESR1", states={"mutated": "mutated", "wild_type": "not mutated"}),
        field("her2", "state", "HER2", states={"zero": "zero", "low": "low", "high": "positive"}),
        field("had", "set", "Had", states={"letrozole": "letrozole", "taxane": "a taxane"}),
        field("score", "number", "CPS"),
        field("qtcf", "number", "QTcF", unit="ms"),
        field("crisis", "flag", "Visceral crisis"),
        field("her2_low", "flag", "HER2-low"),
    )
}
VALUES: Mapping[str, st.SearchStrategy[Value]] = {
    "esr1": st.sampled_from(["mutated", "wild_type"]),
    "her2": st.sampled_from(["zero", "low", "high"]),
    "had": st.frozensets(st.sampled_from(["letrozole", "taxane"])),
    "score": st.integers(0, 5),
    "qtcf": st.integers(448, 452),
    "crisis": st.booleans(),
    "her2_low": st.booleans(),
}


def some_states(name: str) -> st.SearchStrategy[Tree]:
    allowed = [True, False] if WORDS[name].kind == "flag" else list(WORDS[name].states)
    chosen = st.lists(st.sampled_from(allowed), min_size=1, max_size=2, unique=True)
    return chosen.map(lambda states: ("is", name, tuple(states)))


def some_limit(name: str, low: int, high: int) -> st.SearchStrategy[Tree]:
    return st.tuples(st.sampled_from(["at_least", "at_most"]), st.just(name), st.integers(low, high))


ATOMS = st.one_of(
    *(some_states(name) for name in ("esr1", "her2", "had", "crisis", "her2_low")),
    some_limit("score", 0, 5),
    some_limit("qtcf", 448, 452),
)
TREES = st.recursive(
    ATOMS,
    lambda inner: (
        st.tuples(st.just("not"), inner)
        | st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, max_size=4).map(tuple))
    ),
    max_leaves=12,
)
STATES = st.fixed_dictionaries({}, optional=dict(VALUES))


def kleene(tree: Tree, facts: Mapping[str, Value]) -> int:
    """Read a tree as Kleene wrote it: no -1, unknown 0, yes 1; all is the least, any the greatest."""
    kind, *rest = tree
    if kind == "not":
        return -kleene(rest[0], facts)
    if kind == "all":
        return min([1, *(kleene(part, facts) for part in rest[0])])
    if kind == "any":
        return max([-1, *(kleene(part, facts) for part in rest[0])])
    name, wanted = rest
    if name not in facts:
        return 0
    value = facts[name]
    if kind == "at_least":
        true = value >= wanted
    elif kind == "at_most":
        true = not value > wanted
    else:
        given_states = value if isinstance(value, frozenset) else {value}
        true = bool(set(wanted) & set(given_states))
    return 1 if true else -1


def as_number(answer: bool | None) -> int:  # noqa: FBT001 - an answer, no switch
    return 0 if answer is None else 1 if answer else -1


# ---- truth tables

YES, NO, OPEN = {"crisis": True}, {"crisis": False}, {}
A, B = ("is", "crisis", (True,)), ("is", "her2_low", (True,))


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("all", {"yy": 1, "yn": -1, "y?": 0, "nn": -1, "n?": -1, "??": 0}),
        ("any", {"yy": 1, "yn": 1, "y?": 1, "nn": -1, "n?": 0, "??": 0}),
    ],
)
def test_the_truth_table_has_unknown_as_a_third_answer(kind: str, table: dict[str, int]) -> None:
    words = {"y": True, "n": False, "?": None}
    for pair, expected in table.items():
        for left, right in {tuple(pair), tuple(reversed(pair))}:
            facts = {"crisis": words[left], "her2_low": words[right]}
            facts = {name: value for name, value in facts.items() if value is not None}
            assert as_number(holds((kind, (A, B)), facts)) == expected, (left, right)


def test_not_turns_yes_into_no_and_leaves_unknown() -> None:
    assert [holds(("not", A), facts) for facts in (YES, NO, OPEN)] == [False, True, None]


def test_an_empty_all_always_holds_and_an_empty_any_never() -> None:
    assert holds(ALWAYS, {}) is True
    assert holds(("any", ()), {}) is False


@pytest.mark.parametrize(
    ("atom", "value", "answer"),
    [
        (("is", "esr1", ("mutated",)), "mutated", True),
        (("is", "esr1", ("mutated",)), "wild_type", False),
        (("is", "esr1", ("mutated", "wild_type")), "wild_type", True),
        (("is", "had", ("taxane",)), frozenset({"letrozole", "taxane"}), True),
        (("is", "had", ("taxane", "letrozole")), frozenset({"letrozole"}), True),
        (("is", "had", ("taxane",)), frozenset(), False),
        (("at_least", "score", 10), 10, True),
        (("at_least", "score", 10), 9.9, False),
        (("at_most", "score", 10), 10, True),
        (("at_most", "score", 10), 10.1, False),
        (("is", "crisis", (False,)), False, True),
        (("is", "esr1", ("mutated",)), None, None),
    ],
)
def test_an_atom_reads_one_value(atom: Tree, value: Value, answer: bool | None) -> None:  # noqa: FBT001
    assert atom_holds(atom, value) is answer


def test_what_decided_is_given_as_it_is_true_of_the_patient() -> None:
    verdict = evaluate(("all", (A, ("not", B))), {"crisis": True, "her2_low": False})
    assert verdict.holds is True
    assert verdict.because == (A, ("not", B))


def test_one_no_is_enough_for_all_and_what_is_unknown_no_longer_matters() -> None:
    verdict = evaluate(("all", (A, B)), {"crisis": False})
    assert (verdict.holds, verdict.because, verdict.missing) == (False, (("not", A),), ())


def test_a_field_that_is_missing_is_named_once() -> None:
    verdict = evaluate(("all", (A, ("any", (B, ("not", B))))), {"crisis": True})
    assert verdict.holds is None
    assert verdict.missing == ("her2_low",)


# ---- every reading gives the same answer


@PROFILE
@given(TREES, STATES)
def test_the_quick_and_the_explaining_reading_agree_with_kleene(tree: Tree, facts: dict[str, Value]) -> None:
    expected = kleene(tree, facts)
    assert as_number(holds(tree, facts)) == expected
    assert as_number(evaluate(tree, facts).holds) == expected


@PROFILE
@given(TREES, STATES)
def test_the_reasons_alone_decide_the_answer(tree: Tree, facts: dict[str, Value]) -> None:
    verdict = evaluate(tree, facts)
    assert all(holds(atom, facts) is True for atom in verdict.because)
    assert set(verdict.missing) <= fields_of(tree) - set(facts)
    if verdict.holds is not None:
        kept = {name for atom in verdict.because for name in fields_of(atom)}
        assert holds(tree, {name: facts[name] for name in kept}) is verdict.holds
    else:
        assert verdict.missing


@PROFILE
@given(
    TREES,
    STATES,
    st.lists(
        st.fixed_dictionaries({}, optional={name: values | st.none() for name, values in VALUES.items()}), max_size=6
    ),
)
def test_integer_planes_answer_the_base_and_every_variant_as_one_patient_each(
    tree: Tree, base: dict[str, Value], variants: list[dict[str, Value]]
) -> None:
    together = StatePlanes(base, variants)
    yes, no = together.of(tree)
    for bit, change in enumerate([{}, *variants]):
        facts = {name: value for name, value in {**base, **change}.items() if value is not None}
        answer = (yes >> bit & 1) - (no >> bit & 1)
        assert answer == kleene(tree, facts), bit
    assert yes & no == 0
    assert (yes | no) & ~together.every == 0


@PROFILE
@given(st.lists(TREES, min_size=1, max_size=4), STATES, STATES)
def test_masks_over_atoms_answer_as_the_tree_does_also_where_facts_moved(
    trees: list[Tree], before: dict[str, Value], after: dict[str, Value]
) -> None:
    circuit, every = Circuit(trees), (1 << len(trees)) - 1
    old = circuit.planes(before)
    new = circuit.moved(old, after, {**before, **after})
    assert new == circuit.planes(after)
    answered = {}
    for name, atoms, facts in (("before", old, before), ("after", new, after)):
        yes, no = answered[name] = circuit.answers(every, atoms)
        assert yes & no == 0
        assert [(yes >> at & 1) - (no >> at & 1) for at in range(len(trees))] == [kleene(t, facts) for t in trees]
    turned = [old[side] ^ new[side] for side in (0, 1)]
    differs = [answered["before"][side] ^ answered["after"][side] for side in (0, 1)]
    assert not (differs[0] | differs[1]) & ~circuit.reading(turned[0] | turned[1])


@PROFILE
@given(TREES, st.lists(STATES, min_size=1, max_size=20))
def test_packed_numpy_bytes_answer_as_one_patient_each(tree: Tree, states: list[dict[str, Value]]) -> None:
    together = ColumnPlanes(len(states), columns(states, WORDS))
    yes, no = (together.unpacked(plane).astype(int) for plane in together.of(tree))
    assert (yes - no).tolist() == [kleene(tree, state) for state in states]


@PROFILE
@given(TREES, STATES, STATES)
def test_filling_an_unknown_field_never_turns_an_answer(
    tree: Tree, facts: dict[str, Value], more: dict[str, Value]
) -> None:
    before, after = holds(tree, facts), holds(tree, {**more, **facts})
    assert before is None or after is before


@PROFILE
@given(TREES, STATES)
def test_a_double_not_changes_nothing_and_de_morgan_holds(tree: Tree, facts: dict[str, Value]) -> None:
    assert holds(("not", ("not", tree)), facts) is holds(tree, facts)
    both = ("all", (tree, A))
    apart = ("not", ("any", (("not", tree), ("not", A))))
    assert holds(both, facts) is holds(apart, facts)


@PROFILE
@given(TREES)
def test_the_fields_of_a_tree_are_those_of_its_atoms(tree: Tree) -> None:
    assert fields_of(tree) == {atom[1] for atom in atoms_of(tree)}


# ---- reading what a clinician typed


@pytest.mark.parametrize(
    ("raw", "tree"),
    [
        ({}, ALWAYS),
        ({"crisis": True}, A),
        ({"esr1": "mutated", "crisis": False}, ("all", (("is", "esr1", ("mutated",)), ("is", "crisis", (False,))))),
        ({"her2": ["zero", "low"]}, ("is", "her2", ("zero", "low"))),
        ({"score": {"at_least": 10}}, ("at_least", "score", 10)),
        ({"score": {"at_least": 1, "at_most": 9}}, ("all", (("at_least", "score", 1), ("at_most", "score", 9)))),
        ({"not": {"crisis": True}}, ("not", A)),
        ({"any": [{"crisis": True}, {"her2_low": True}]}, ("any", (A, B))),
        ({"all": [{"crisis": True}], "her2_low": True}, ("all", (("all", (A,)), B))),
    ],
)  # fmt: skip
def test_a_condition_is_read_as_it_is_written(raw: object, tree: Tree) -> None:
    assert parse(raw, WORDS) == tree


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"esr_1": "mutated"}, "unknown field 'esr_1'; did you mean 'esr1'? The fields are listed in data/vocabulary.yaml"),
        ({"zzz": 1}, "unknown field 'zzz'. The fields are listed in data/vocabulary.yaml"),
        ({"esr1": "mutate"}, "'esr1' has no state 'mutate'; did you mean 'mutated'? Allowed: mutated, wild_type"),
        ({"esr1": ["mutated", "gone"]}, "'esr1' has no state 'gone'. Allowed: mutated, wild_type"),
        ({"esr1": True}, "'esr1' has no state True. Allowed: mutated, wild_type"),
        ({"crisis": "yes"}, "'crisis' has no state 'yes'. Allowed: true, false"),
        ({"crisis": 1}, "'crisis' has no state 1. Allowed: true, false"),
        ({"score": 10}, "'score' is a number; write {at_least: n} or {at_most: n}, found 10"),
        ({"score": {"more_than": 9}}, "'score' takes at_least: number or at_most: number; found more_than: 9"),
        ({"score": {"at_least": True}}, "'score' takes at_least: number or at_most: number; found at_least: True"),
        ({"score": {"at_least": "10"}}, "'score' takes at_least: number or at_most: number; found at_least: '10'"),
        ({"score": {}}, "'score' has an empty limit; write at_least or at_most"),
        ({"esr1": {"at_least": 1}}, "'esr1' is not a number; it takes a state"),
        ({"all": {"crisis": True}}, "'all' takes a list of conditions; found {'crisis': True}"),
        ({"any": "crisis"}, "'any' takes a list of conditions; found 'crisis'"),
        ({"not": [{"crisis": True}]}, "a condition must be 'field: state' pairs, all, any or not; found [{'crisis': True}]"),
        ("crisis", "a condition must be 'field: state' pairs, all, any or not; found 'crisis'"),
        (None, "a condition must be 'field: state' pairs, all, any or not; found None"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_what_is_allowed_and_the_nearest_word(raw: object, message: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(raw, WORDS)
    assert str(caught.value) == message


def test_a_field_without_any_state_is_refused_because_it_could_never_be_true() -> None:
    with pytest.raises(ConditionError):
        parse({"esr1": []}, WORDS)


def test_all_states_of_all_small_trees_are_answered_alike() -> None:
    facts = [
        dict(pair) for n in range(3) for pair in itertools.combinations([("crisis", True), ("her2_low", False)], n)
    ]
    trees = [(kind, pair) for kind in ("all", "any") for pair in itertools.product((A, B, ("not", A)), repeat=2)]
    for tree, state in itertools.product(trees, facts):
        assert as_number(holds(tree, state)) == kleene(tree, state)

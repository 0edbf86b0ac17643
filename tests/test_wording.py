"""Conditions in words: the sentence comes from the tree, in the field's own phrases where it has some."""

import pytest
from hypothesis import given

from mbc_widgets.conditions import Tree, fields_of, parse
from mbc_widgets.knowledge import load
from mbc_widgets.wording import describe
from tests.test_conditions import PROFILE, TREES, WORDS

K = load()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({}, "always"),
        ({"not": {}}, "never"),
        ({"esr1": "mutated"}, "ESR1 mutated"),
        ({"not": {"esr1": "mutated"}}, "ESR1 not mutated"),
        ({"her2": ["zero", "low"]}, "HER2 zero or low"),
        ({"crisis": True}, "visceral crisis"),
        ({"crisis": False}, "no visceral crisis"),
        ({"not": {"crisis": False}}, "visceral crisis"),
        ({"her2_low": False}, "no HER2-low"),
        ({"qtcf": {"at_least": 450}}, "QTcF at least 450 ms"),
        ({"not": {"qtcf": {"at_least": 450}}}, "QTcF below 450 ms"),
        ({"score": {"at_most": 9}}, "CPS at most 9"),
        ({"not": {"score": {"at_most": 9}}}, "CPS above 9"),
        ({"esr1": "mutated", "crisis": False}, "ESR1 mutated; no visceral crisis"),
        ({"not": {"esr1": "mutated", "crisis": True}}, "ESR1 not mutated, or no visceral crisis"),
        (
            {"any": [{"esr1": "mutated"}, {"her2": "low", "crisis": True}]},
            "ESR1 mutated, or (HER2 low and visceral crisis)",
        ),
    ],
)
def test_the_sentence_comes_from_the_tree(raw: object, words: str) -> None:
    assert describe(parse(raw, WORDS), WORDS) == words


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"classes_given": "anthracycline"}, "had anthracycline"),
        ({"not": {"classes_progressed_on": "platinum"}}, "did not progress on platinum"),
        ({"months_since_adjuvant_endocrine_end": {"at_most": 998}}, "adjuvant endocrine therapy"),
        ({"not": {"months_since_adjuvant_endocrine_end": {"at_most": 998}}}, "no adjuvant endocrine therapy"),
        ({"chemotherapy_indicated": False}, "chemotherapy not indicated"),
        ({"sex": "male"}, "male"),
        ({"months_since_curative_therapy": {"at_least": 6}}, "months from curative therapy to relapse at least 6"),
        ({"metastatic_lines": {"at_least": 1}}, "at least 1 line for metastatic disease"),
        ({"metastatic_lines": {"at_most": 0}}, "no lines for metastatic disease"),
        ({"all": [{"all": []}, {"chemotherapy_indicated": True}]}, "chemotherapy indicated"),
    ],
)
def test_a_field_is_told_in_its_own_phrases(raw: object, words: str) -> None:
    assert describe(parse(raw, K.vocabulary), K.vocabulary) == words


@PROFILE
@given(TREES)
def test_the_sentence_names_every_field_that_the_tree_reads(tree: Tree) -> None:
    words = describe(tree, WORDS).lower()
    assert all(WORDS[name].label.lower() in words for name in fields_of(tree))


def test_every_phrase_of_the_vocabulary_has_its_contrary_and_a_place_for_the_state() -> None:
    for field in K.vocabulary.values():
        for phrases in filter(None, (field.says, field.ever)):
            assert len(phrases) == 2
            assert phrases[0] != phrases[1]
        if field.says and field.kind in {"state", "set"}:
            assert all("{}" in phrase for phrase in field.says)

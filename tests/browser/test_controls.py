"""A field as an ordinary ipywidget: labelled, linked both ways, forgiving."""

import pytest

from mbc_widgets.widgets import Session, StudyPage, control

ESR1 = "esr1-after-cdk46"


def test_a_control_changes_the_session_and_follows_it() -> None:
    session = Session(ESR1)
    made = control("esr1", session)
    assert made.description == "ESR1"
    made.value = "wild_type"
    assert session.value("esr1") == "wild_type"
    session.undo()
    assert made.value == "mutated"


def test_every_input_field_of_the_vocabulary_has_a_control() -> None:
    session = Session(ESR1)
    for name, entry in session.fields().items():
        if not entry.derived:
            assert control(name, session).description


def test_a_number_can_be_emptied_and_text_is_refused() -> None:
    session = Session(ESR1)
    made = control("age_years", session)
    made.value = "70"
    assert session.value("age_years") == 70
    made.value = "old"
    assert session.value("age_years") == 70
    assert session.page["errors"]
    made.value = ""
    assert session.value("age_years") is None


def test_a_set_is_chosen() -> None:
    session = Session(ESR1)
    made = control("sites", session)
    made.value = ("bone", "brain")
    assert set(session.value("sites")) == {"bone", "brain"}


@pytest.mark.parametrize("name", ["esr2", "her2_low"])
def test_an_unknown_or_derived_field_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(KeyError, match="age_years"):
        control(name, Session(ESR1))


def test_the_page_says_in_one_line_what_it_is() -> None:
    page = StudyPage(Session(ESR1, day="2012-03-19", regulator="EMA"))
    assert repr(page) == "StudyPage('esr1-after-cdk46', day='2012-03-19', regulator='EMA')"
    page.session.body = "nice"
    assert repr(page) == "StudyPage('esr1-after-cdk46', day='2012-03-19', regulator='EMA', body='nice')"

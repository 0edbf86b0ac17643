"""The sandbox: what flips and breaks when a figure is changed, errors that teach, and the mark of an assumption everywhere."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

import mbc_widgets as mbc
from mbc_widgets.compiler import compile_changed
from mbc_widgets.compiler.edit import PlaceError, edited, part_of
from mbc_widgets.expected import broken, cases
from mbc_widgets.figures.assumed import MARK
from mbc_widgets.figures.board import board
from mbc_widgets.figures.page import build_page
from mbc_widgets.figures.printed import TableError
from mbc_widgets.impact import changes, reference_patients
from mbc_widgets.knowledge import content_key, load, narrowed, read, touched
from mbc_widgets.sandbox import Assumed, AssumeError, assume, source, sources, try_assume
from mbc_widgets.workbook import View, look, scenario
from mbc_widgets.workbook import patient as read_patient
from tests.conftest import ROOT

DATA = ROOT / "data"
K = load()
EVEROLIMUS = "agents/everolimus.yaml"
GRANTED = "licences[FDA].granted"
MONALEESA = "trials/monaleesa-2.yaml"
RATIO = "results[pfs, update, ITT].hazard_ratio.value"
QTC = {"safety/heart.yaml": {"rules[S-N60].when.qtcf_ms.at_least": 480}}


@pytest.fixture(scope="module")
def earlier() -> Assumed:
    return assume("everolimus licensed two years earlier", {EVEROLIMUS: {GRANTED: "2010-07-20"}})


@pytest.fixture(scope="module")
def weaker() -> Assumed:
    return assume("a weaker effect", {MONALEESA: {RATIO: 0.66}})


@pytest.fixture(scope="module")
def laxer() -> Assumed:
    return assume("a later limit of QTc", QTC)


def untreated(found: Assumed | None = None) -> View:
    """Ada as if never treated: a patient of MONALEESA-2, seen with the knowledge of the edition's last day."""
    patient = scenario("luminal-2012")[0]
    new = patient.replace(
        seen_on="2017-12-01", first_metastatic_day="2017-11-01", diagnosis_day="2017-11-01", presentation="de_novo",
        prior_therapies=[], receptor_samples=[{"day": "2017-11-05", "site": "liver", "er_percent": 90, "her2": "one_plus"}],
    )  # fmt: skip
    return look(new, day=K.edition.current_day, regulator="FDA", knowledge=found.knowledge if found else None)


class TestFlips:
    def test_an_earlier_licence_opens_the_drug_for_those_whom_it_names(self, earlier: Assumed) -> None:
        rows = earlier.flips().rows
        assert {row[0] for row in rows} == {"everolimus + exemestane"}
        assert ("not offered", "offered") in {row[1:3] for row in rows}
        assert all("2012-03-19" in row[3] and "EMA" not in row[3] for row in rows)  # later days had it anyway

    def test_a_hazard_ratio_flips_no_answer(self, weaker: Assumed) -> None:
        assert weaker.flips().rows == ()
        assert weaker.breaks().rows == ()

    def test_asking_only_what_is_touched_finds_what_asking_everything_finds(self, laxer: Assumed) -> None:
        some = dict(list(reference_patients(K, DATA).items())[:4])
        some |= {name: raw for name, raw in reference_patients(K, DATA).items() if "QTcF" in name}
        quick = changes(K, laxer.knowledge, some)
        old, new = (
            {(name, *place): verdict for name, place, verdict in every(known, some)} for known in (K, laxer.knowledge)
        )
        slow = {(*key, old[key], new[key]) for key in old if old[key] != new[key]}
        assert slow
        assert slow == {
            (name, regulator, day, regimen, was, now)
            for (regimen, was, now), places in quick.items()
            for name, regulator, day in places
        }

    def test_what_is_not_touched_is_not_asked(self, laxer: Assumed) -> None:
        found = touched(K, laxer.knowledge)
        assert found
        assert all("ribociclib" in K.regimens[name].agents for name in found)
        assert set(narrowed(K, found).regimens) == found
        assert not touched(K, K)


def every(known: Any, patients: dict[str, Any]) -> Any:
    """Every verdict of some patients, on the days that the impact looks at, with nothing left out."""
    from mbc_widgets.expected import listed_for
    from mbc_widgets.impact import _read, _views

    for name, raw in patients.items():
        person = _read(raw, known)
        for regulator, day in _views(known, raw):
            for option in listed_for(person, known, day, regulator):  # type: ignore[arg-type]
                yield name, (regulator, day, option.regimen.id), option.verdict


class TestBreaks:
    def test_no_expectation_is_broken_by_the_edition(self) -> None:
        assert not [each for case in list(cases(DATA))[:25] for each in broken(case, K)]

    def test_a_later_limit_breaks_the_case_that_the_label_set(self, laxer: Assumed) -> None:
        (row,) = laxer.breaks().rows
        case, expected, found, why, cited = row
        assert case.startswith("QTcF 470 ms")
        assert (expected, found) == ("ribociclib + letrozole: not now", "offered: ribociclib + letrozole")
        assert "held back until it is safe" in why
        assert "Label: start only below 450 ms" in why
        assert cited == "Ribociclib label: start only below 450 ms"

    def test_an_earlier_licence_breaks_the_case_that_knows_its_day(self, earlier: Assumed) -> None:
        (row,) = earlier.breaks().rows
        assert "after letrozole there is no everolimus yet" in row[0]
        assert row[2] == "offered: everolimus + exemestane"

    def test_a_table_is_text_html_and_json(self, laxer: Assumed) -> None:
        table = laxer.breaks()
        assert "Assumed: a later limit of QTc" in repr(table)
        assert "Assumed: a later limit of QTc" in table._repr_html_()
        assert json.loads(json.dumps(table.data()))["rows"]
        assert "Assumed: a later limit of QTc" in laxer._repr_mimebundle_()["text/html"]


class TestErrors:
    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({EVEROLIMUS: {"licences[FDA].grantd": "2010"}}, ["everolimus.yaml:41", "did you mean 'granted'", "Allowed: "]),
            ({EVEROLIMUS: {"licenses[FDA].granted": "2010"}}, ["did you mean 'licences'", "It has: id, name"]),
            ({EVEROLIMUS: {"licences.granted": "2010"}}, ["[0] EMA 2012-07-23; [1] FDA 2012-07-20", "in brackets"]),
            ({EVEROLIMUS: {"licences[7].granted": "2010"}}, ["the last is [1]"]),
            ({EVEROLIMUS: {"licences[FDE].granted": "2010"}}, ["no entry with 'FDE'; did you mean 'FDA'?"]),
            ({EVEROLIMUS: {"name.first": "x"}}, ["name is 'everolimus' and holds nothing more"]),
            ({EVEROLIMUS: {"": "x"}}, ["'' is no place", "licences[FDA].granted"]),
            ({EVEROLIMUS: {GRANTED: "soon"}}, ["'soon' is not a day; write YYYY-MM-DD", '42 | granted: "soon"']),
            ({EVEROLIMUS: {"licences[FDA].covers": ["everolimus+exemestan"]}}, ["did you mean 'everolimus+exemestane'"]),
            ({EVEROLIMUS: "id: everolimus\nname: [x"}, ["everolimus.yaml:3", "not valid YAML", "2 | name: [x"]),
            ({EVEROLIMUS: 7}, ["found 7; write the whole text"]),
            ({"agents/everolmus.yaml": {"name": "x"}}, ["no such file; did you mean 'agents/everolimus.yaml'"]),
            ({"agents/S-N60.yaml": {"name": "x"}}, ["'S-N60' is written in safety/heart.yaml"]),
            ({"ideas/mine.yaml": "id: mine"}, ["no such kind of file; allowed folders: agents"]),
            ({MONALEESA: {RATIO: "better"}}, ["valid number, found 'better'"]),
            ({MONALEESA: {RATIO: 0.9}}, ["0.9 lies outside its interval"]),
            ({MONALEESA: {"results[pfs].unit": "months"}}, ["more than one entry with 'pfs'"]),
            ({"safety/heart.yaml": {"rules[S-N60].level": "notnow"}}, ["did you mean 'not_now'"]),
            ({"safety/heart.yaml": {"rules[S-N60].when": {"qtc_ms": 1}}}, ["did you mean 'qtcf_ms'"]),
            ({"edition.yaml": {"id": "mine"}}, ["the same for every what-if"]),
            ({"cases/safety.yaml": "[]"}, ["holds expectations, not knowledge"]),
            ({}, ["changes: found {}", "for example"]),
        ],
    )  # fmt: skip
    def test_a_wrong_edit_says_where_what_is_allowed_and_what_to_do(self, changes: Any, told: list[str]) -> None:
        error = try_assume("a try", changes)
        assert isinstance(error, AssumeError)
        for words in told:
            assert words in str(error)
        assert "What you typed is kept" in repr(error)
        assert error.changes is changes

    def test_every_problem_is_told_at_once(self) -> None:
        places = {"licenses[0].granted": "2010", "doses[9].text": "x"}
        with pytest.raises(AssumeError) as raised:
            assume("two slips", {EVEROLIMUS: places, "agents/nobody.yaml": {"name": "x"}})
        assert len(raised.value.problems) == 3

    def test_a_what_if_has_a_reason(self) -> None:
        with pytest.raises(AssumeError, match="in your own words"):
            assume(" ", QTC)

    def test_a_text_that_is_not_there_is_refused_with_the_nearest(self) -> None:
        with pytest.raises(AssumeError, match=r"did you mean 'trials/monaleesa-2\.yaml'"):
            source("trials/monalesa-2")
        with pytest.raises(AssumeError, match="has no entry with 'os, primary'"):
            source(MONALEESA, "results[os, primary]")

    def test_a_word_is_found_with_a_place_that_can_be_changed(self) -> None:
        rows = [row for row in mbc.find("everolimus+exemestane").rows if row[0] == EVEROLIMUS]
        assert (EVEROLIMUS, "licences[0].covers", "everolimus+exemestane") in rows
        ((file, place, text),) = mbc.find("Do not start ribociclib").rows
        assert (file, place) == ("safety/heart.yaml", "rules[S-N60].text")
        assert text in edited(str(source(file)), place, text)
        assert "more places" in mbc.find("licence").note
        assert mbc.find("S-N6000").rows == ()

    def test_an_installed_package_says_that_the_sandbox_needs_the_checkout(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sources, "data_folder", lambda: None)
        for call in (lambda: source(EVEROLIMUS), lambda: assume("a try", {EVEROLIMUS: {GRANTED: "2010-07-20"}})):
            with pytest.raises(AssumeError, match="Get the checkout"):
                call()


class TestEdits:
    def test_a_changed_place_leaves_every_other_line_as_it_was(self) -> None:
        text = str(source(EVEROLIMUS))
        new = edited(text, GRANTED, "2010-07-20")
        pairs = [pair for pair in zip(text.splitlines(), new.splitlines(), strict=True) if pair[0] != pair[1]]
        assert pairs == [("    granted: 2012-07-20", '    granted: "2010-07-20"')]

    @pytest.mark.parametrize(
        ("text", "place", "value", "expected"),
        [
            ("a: 1 # why\nb: 2\n", "a", 3, "a: 3 # why\nb: 2\n"),
            ("a:\n  - x: é\n    y: 1\n  - x: q\n", "a[q].x", "ü", 'a:\n  - x: é\n    y: 1\n  - x: "ü"\n'),
            ("a: {b: 1}\n", "a.c", 2, "a: {c: 2, b: 1}\n"),
            ("a:\n  - b: 1\n", "a[0].c", 2, "a:\n  - c: 2\n    b: 1\n"),
            ("a:\n  b: 1\n  d: 2\n\nc: 3\n", "a", {"z": True}, 'a:\n  {"z": true}\n\nc: 3\n'),
            ("a:\nc: 3\n", "a", 2, "a: 2\nc: 3\n"),
        ],
    )
    def test_values_are_replaced_or_added_in_place(self, text: str, place: str, value: object, expected: str) -> None:
        assert edited(text, place, value) == expected

    def test_a_part_is_shown_as_it_is_typed(self) -> None:
        assert part_of("a:\n  - b: 1\n    c: 2\nd: 3\n", "a[0]") == "    b: 1\n    c: 2"
        with pytest.raises(PlaceError, match="has no 'b'"):
            part_of("a: 1\n", "b")

    def test_a_copied_text_may_be_changed_and_given_back(self) -> None:
        text = source(EVEROLIMUS).replace("granted: 2012-07-20", "granted: 2011-01-01")
        found = assume("a year and a half earlier", {EVEROLIMUS: text})
        assert found.changed.rows == ((f"data/{EVEROLIMUS}", "licences[1].granted", "2012-07-20", "2011-01-01"),)

    def test_a_trial_may_be_copied_under_a_new_name(self) -> None:
        text = (
            source(MONALEESA).replace("id: monaleesa-2\n", "id: my-trial\n").replace("name: MONALEESA-2", "name: Mine")
        )
        found = assume("a second trial says the same", {"trials/my-trial.yaml": text})
        assert "my-trial" in found.knowledge.raw_trials
        assert "my-trial" not in load().raw_trials
        assert all(row[-1].endswith(MARK) for row in mbc.trial("my-trial", found.knowledge).rows)

    def test_what_hardly_can_be_is_taken_and_told(self, weaker: Assumed) -> None:
        assert "not in the middle" in weaker.changed.note
        assert "plausible_because" not in weaker.changed.note

    def test_a_value_that_is_the_same_is_told(self) -> None:
        assert "Nothing differs" in assume("the same day", {EVEROLIMUS: {GRANTED: "2012-07-20"}}).changed.note

    def test_no_change_gives_the_knowledge_of_the_edition(self) -> None:
        made, doubts = compile_changed(DATA, {EVEROLIMUS: str(source(EVEROLIMUS))})
        same = read(made)
        assert doubts == ()
        assert not touched(K, same)
        assert same.raw_trials == K.raw_trials


class TestMarks:
    def test_only_the_bars_that_rest_on_the_change_are_drawn_as_assumptions(self, weaker: Assumed) -> None:
        lanes = board(untreated(weaker))["lanes"]
        bars = [bar for lane in lanes for bar in lane["bars"]]
        assumed = [bar for bar in bars if bar["assumed"]]
        assert assumed
        assert {bar["name"] for bar in assumed} == {"ribociclib + letrozole"}
        for bar in assumed:
            assert bar["hatched"]
            assert "Assumption: its figure" in bar["accessible_name"]
            assert "rests on an assumption" in bar["accessible_name"]
            assert bar["card"]["rows"][0]["term"] == "Assumption"
            assert "0.66" in bar["card"]["small"]

    def test_the_board_says_so_in_its_title_its_foot_and_its_edition(self, weaker: Assumed) -> None:
        drawn = board(untreated(weaker))
        assert drawn["title"].endswith("(assumption)")
        assert drawn["edition"] == f"{K.edition.id} (assumption)"
        assert "Assumed: a weaker effect" in drawn["foot"]
        assert drawn["python"].endswith(", knowledge=assumed.knowledge)")

    def test_an_edition_has_no_mark_anywhere(self) -> None:
        text = json.dumps(build_page(untreated())).lower()
        assert "assumption: its" not in text
        assert "(assumption)" not in text
        assert "not from the edition" not in text

    def test_a_figure_that_is_assumed_is_not_cited_as_read(self, weaker: Assumed) -> None:
        view = untreated(weaker)
        marked = [row for row in mbc.show(view, "evidence", "ribociclib+letrozole").rows if row[-1].endswith(MARK)]
        assert len(marked) == 1
        assert "0.66" in marked[0][4]
        rows = mbc.trial("monaleesa-2", weaker.knowledge).rows
        assert [row[3][:4] for row in rows if row[-1].endswith(MARK)] == ["0.66"]
        text = json.dumps(build_page(view))
        assert '"tag": "assumption"' in text
        assert text.count(MARK.strip()) > 1

    def test_every_table_says_what_is_assumed(self, earlier: Assumed) -> None:
        patient, day, regulator = scenario("luminal-2012")
        view = look(patient, day=day, regulator=regulator, knowledge=earlier.knowledge)
        names = ("patient", "offered", "waiting", "closed", "evidence", "sequences", "tests", "beside", "debates")
        tables = [mbc.show(view, name) for name in names]
        tables += [
            mbc.then_and_now(look(patient, day=day, regulator=regulator), view),
            earlier.flips(),
            earlier.changed,
        ]
        for table in tables:
            assert table.note.startswith("Assumed: everolimus licensed two years earlier.")

    def test_an_option_that_a_changed_licence_opens_says_so(self, earlier: Assumed) -> None:
        patient = scenario("luminal-2012")[0]
        row = {"agents": ["letrozole"], "setting": "metastatic", "start": "2011-01-01", "stop": "2012-03-01", "stop_reason": "progression"}  # fmt: skip
        view = look(
            patient.replace(first_metastatic_day="2010-12-01", prior_therapies=[row]),
            day="2012-03-19", regulator="FDA", knowledge=earlier.knowledge,
        )  # fmt: skip
        rows = {name: source for name, _, source in mbc.show(view, "offered").rows if "everolimus" in name}
        ((name, cited),) = rows.items()
        assert name.endswith("(assumption: its licence)")
        assert cited == f"licensed FDA 20 Jul 2010{MARK}"
        groups = build_page(view)["options"]["groups"]
        flagged = [each["id"] for group in groups for each in group["options"] if "assumption" in each["flags"]]
        assert "everolimus+exemestane" in flagged
        assert all(
            "everolimus" in name for name in flagged
        )  # the drug is then on the market for its other partners too

    def test_an_option_that_a_removed_limit_leaves_open_says_so(self, laxer: Assumed) -> None:
        raw = next(case for case in cases(DATA) if case.name.startswith("QTcF 470"))
        person = read_patient(raw.patient)
        view = look(person, day=raw.day, regulator=raw.regulator, knowledge=laxer.knowledge)
        names = [row[0] for row in mbc.show(view, "offered").rows]
        assert any("ribociclib + letrozole (assumption: its safety limit)" in name for name in names)
        assert not any("palbociclib" in name and "assumption" in name for name in names)

    def test_a_picture_is_drawn_from_the_what_if(self, weaker: Assumed) -> None:
        made = mbc.picture(untreated(weaker), "board")
        assert made.page["board"]["title"].endswith("(assumption)")
        assert "Assumed: a weaker effect" in repr(made.beside)


class TestNothingElse:
    def test_nothing_is_written(self) -> None:
        before = content_key(DATA), {path: path.stat().st_mtime_ns for path in files()}
        assume("a later limit of QTc, once more", QTC).flips()
        assert (content_key(DATA), {path: path.stat().st_mtime_ns for path in files()}) == before

    def test_the_knowledge_of_this_installation_stays_an_edition(self, earlier: Assumed) -> None:
        assert earlier.knowledge is not load()
        assert load().changed_from is None
        assert load().assumed == ""
        assert dataclasses.replace(earlier.edition.edition) == load().edition


def files() -> list[Path]:
    return [path for path in DATA.rglob("*") if path.is_file() and path.parent.name != ".compiled"]


def test_a_slip_is_told_without_what_only_follows_from_it_elsewhere() -> None:
    """The map of the review names everolimus; that its file cannot be read is no second mistake of the student."""
    error = try_assume("a slip", {"agents/everolimus.yaml": {"licences[FDA].grantd": "2010-07-20"}})
    assert isinstance(error, AssumeError)
    assert [problem.partition(":")[0] for problem in error.problems] == ["data/agents/everolimus.yaml"]


@pytest.mark.parametrize("changes", [{1: {"a": 1}}, {"agents/everolimus.yaml": {3: "x"}}])
def test_a_file_or_a_place_without_quotes_is_told(changes: Any) -> None:
    assert "is no text; a file and a place are words in quotes" in str(try_assume("a slip", changes))


@pytest.mark.parametrize("day", ["2023-02-30", "March 2023", 2023, "20230601", "2023-06"])
def test_a_day_that_is_none_is_refused(day: Any) -> None:
    """Days are compared as text: 30 February would else be taken."""
    with pytest.raises(ValueError, match="is not a day; write YYYY-MM-DD in quotes, from 2012-01-01"):
        look(scenario("luminal-2012")[0], day=day)


def test_what_is_no_patient_or_no_view_is_told_with_what_to_write() -> None:
    ada = scenario("luminal-2012")[0]
    with pytest.raises(ValueError, match=r"'ada' is no patient; take one with mbc.scenario"):
        look("ada")  # type: ignore[arg-type]
    with pytest.raises(TableError, match="is no view; look first"):
        mbc.show(ada)  # type: ignore[arg-type]
    with pytest.raises(TableError, match="is no name of one regimen"):
        mbc.show(look(ada, day="2012-03-19"), "why", ["fulvestrant"])  # type: ignore[arg-type]


def test_a_view_tells_itself_in_one_line() -> None:
    assert repr(look(scenario("luminal-2012")[0], day="2012-03-19")).startswith("<View: Ada, 2012-03-19, FDA; ")

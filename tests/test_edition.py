"""The versions of package and data edition agree wherever they are told, and what travels with the edition is up to date."""

import json
import re

import pytest

import mbc_widgets
from mbc_widgets.cli.commands import main
from mbc_widgets.knowledge import content_key, load
from tests.conftest import ROOT
from tools.edition import HEAD, changelog, citation, edition_of, metadata, project

EDITION = load().edition
CHANGES = (ROOT / "data" / "CHANGELOG.md").read_text(encoding="utf-8")
DATACITE = json.loads((ROOT / "data" / "datacite.json").read_text(encoding="utf-8"))


def test_package_has_one_version() -> None:
    assert {project()["version"], citation()["version"], mbc_widgets.__version__} == {mbc_widgets.__version__}


def test_data_edition_has_one_version() -> None:
    (cited,) = (entry for entry in citation()["references"] if entry["type"] == "data")
    assert cited["version"] == DATACITE["version"] == EDITION.id
    assert cited["title"] == DATACITE["titles"][0]["title"]
    assert re.findall(r"^## (.*)$", CHANGES, re.MULTILINE)[0] == EDITION.id


def test_edition_is_named_by_the_month_of_its_last_day() -> None:
    assert str(EDITION.current_day)[:7].replace("-", ".") == EDITION.id


def test_changes_of_the_edition_are_the_clinical_changes_of_the_changelog() -> None:
    whole = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert changelog(whole, EDITION.id) == CHANGES, "run: make format"
    assert CHANGES.count("\n### ") == whole.count("\n### Clinical changes: ")
    assert "Other changes" not in CHANGES


def test_metadata_are_what_edition_package_and_citation_say() -> None:
    days = {"id": EDITION.id, "first_day": EDITION.first_day, "current_day": EDITION.current_day}
    assert json.loads(metadata(days, project(), citation())) == DATACITE, "run: make format"


def test_metadata_name_makers_licence_and_review_and_invent_no_identifier() -> None:
    assert [maker["name"] for maker in DATACITE["creators"]] == ["The MBC workbook contributors"]
    assert [rights["rightsIdentifier"] for rights in DATACITE["rightsList"]] == ["CC-BY-4.0"]
    assert [related["relatedIdentifier"] for related in DATACITE["relatedIdentifiers"]] == ["10.1186/bcr3064"]
    assert not {"doi", "identifiers", "prefix", "suffix", "url"} & set(DATACITE)
    assert "orcid" not in json.dumps(DATACITE).lower()


def test_a_release_names_its_data_edition() -> None:
    text = "# C\n## Unreleased\n### Clinical changes: b\n- x\n## 0.2.0, data edition 2027.02\n### Clinical changes: a\n- y\n"
    made = changelog(text, "2027.05")
    assert made.startswith(HEAD)
    assert re.findall(r"^#+ (.*)$", made, re.MULTILINE)[1:] == ["2027.05", "B", "2027.02", "A"]
    assert edition_of("Unreleased", "2027.05") == "2027.05"
    with pytest.raises(ValueError, match=r"data edition 2027\.05"):
        edition_of("0.3.0", "2027.05")


def test_command_tells_package_edition_and_knowledge(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    package, edition, knowledge = capsys.readouterr().out.splitlines()
    assert package == f"mbc_widgets {mbc_widgets.__version__}"
    assert edition == f"data edition {EDITION.id}, days {EDITION.first_day} to {EDITION.current_day}"
    assert knowledge == f"knowledge {content_key(ROOT / 'data')}"

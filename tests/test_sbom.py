"""The list of software is the locked runtime, no more and no less, and names no machine and no registry."""

import json
import re
from typing import Any

import pytest

from tests.conftest import ROOT
from tools.edition import project
from tools.sbom import Pin, needed, pins, sbom

DEV, RUNTIME = ((ROOT / name).read_text(encoding="utf-8") for name in ("requirements-dev.lock", "requirements.lock"))
TABLE = project()
PACKAGES = "fire==1.0 \\\n    --hash=sha256:00\n    # via mbc-widgets (pyproject.toml)\n"
LATER = "air==2.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n    # via\n    #   fire\n    #   water\nearth==3 \\\n    # via air\n"


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sbom(TABLE, DEV, seconds=0, about={"data-edition": "2026.11"}))
    return found


def named(found: list[Pin]) -> set[tuple[str, str]]:
    return {(pin.name, pin.version) for pin in found}


def test_a_lock_is_read_with_its_markers_and_who_asks() -> None:
    fire, air, earth = pins(PACKAGES + LATER)
    assert (fire.name, fire.version, fire.marker, fire.asked_by) == ("fire", "1.0", "", ("mbc-widgets",))
    assert (air.marker, air.asked_by) == ("sys_platform == 'win32'", ("fire", "water"))
    assert earth.purl == "pkg:pypi/earth@3"


def test_what_is_needed_follows_who_asks_to_the_end() -> None:
    found = pins(PACKAGES + LATER)
    assert [pin.name for pin in needed(["fire>=1"], found)] == ["fire", "air", "earth"]
    assert [pin.name for pin in needed(["earth"], found)] == ["earth"]


def test_components_are_what_the_runtime_lock_pins_without_the_tools_of_a_checkout(made: dict[str, Any]) -> None:
    whole = needed([*TABLE["dependencies"], *TABLE["optional-dependencies"]["checkout"]], pins(DEV))
    assert named(whole) == named(pins(RUNTIME))
    listed = {(each["name"], each["version"]) for each in made["components"]}
    assert listed == named(needed(TABLE["dependencies"], pins(DEV)))
    assert not {"hatchling", "pytest"} & {name for name, _ in listed}


def test_every_component_is_reached_in_the_graph_and_every_edge_ends_at_one(made: dict[str, Any]) -> None:
    graph = {each["ref"]: each["dependsOn"] for each in made["dependencies"]}
    reached, waiting = set(), [made["metadata"]["component"]["bom-ref"]]
    while waiting:
        ref = waiting.pop()
        if ref not in reached:
            reached.add(ref)
            waiting += graph[ref]
    assert reached == set(graph)
    assert reached - {made["metadata"]["component"]["bom-ref"]} == {each["bom-ref"] for each in made["components"]}


def test_it_tells_the_package_and_its_edition(made: dict[str, Any]) -> None:
    package = made["metadata"]["component"]
    assert (package["name"], package["version"]) == ("mbc-widgets", TABLE["version"])
    assert package["properties"] == [{"name": "mbc:data-edition", "value": "2026.11"}]
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")


def test_it_names_no_path_and_no_host_but_the_home_of_its_format() -> None:
    text = sbom(TABLE, DEV, seconds=0, about={})
    assert re.findall(r"https?://[^\"]*", text) == ["http://cyclonedx.org/schema/bom-1.6.schema.json"]
    assert not re.findall(r"\"[^\"]*(?:/home/|/root|/tmp|site-packages|\\\\)[^\"]*\"", text)


def test_it_is_the_same_each_time() -> None:
    assert sbom(TABLE, DEV, seconds=5, about={}) == sbom(TABLE, DEV, seconds=5, about={})

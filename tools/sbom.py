"""The software that an installation runs, as a CycloneDX 1.6 document made from the lock files alone.

In: pyproject.toml (what the package asks for), requirements-dev.lock (every version, and in its comments who asks for it).
Out: the runtime as components with package URLs and the graph of who needs whom. No address of a registry, no path of a
machine, no file's hash: those of every file that may be installed are in requirements.lock.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PINNED = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\]+?))? \\$")
ASKED_BY = re.compile(r"^    # (?:via |  )(?P<name>[A-Za-z0-9._-]+)")
PROJECT = "mbc-widgets"


@dataclass(frozen=True, kw_only=True)
class Pin:
    """One version in a lock file, when it is installed (`marker`, "" for always), and which packages ask for it."""

    name: str
    version: str
    marker: str
    asked_by: tuple[str, ...]

    @property
    def purl(self) -> str:
        """Give the package URL, which also stands for the component in the graph."""
        return f"pkg:pypi/{self.name}@{self.version}"


def pins(lock: str) -> list[Pin]:
    """Give the versions that the text of a lock file names."""
    found: list[tuple[re.Match[str], list[str]]] = []
    for line in lock.splitlines():
        if pinned := PINNED.match(line):
            found.append((pinned, []))
        elif asked := ASKED_BY.match(line):
            found[-1][1].append(canonicalize_name(asked["name"]))
    return [
        Pin(
            name=canonicalize_name(each["name"]),
            version=each["version"],
            marker=each["marker"] or "",
            asked_by=tuple(names),
        )
        for each, names in found
    ]


def needed(roots: list[str], lock: list[Pin]) -> list[Pin]:
    """Give the pins that the requirements `roots` lead to, in the order of the lock."""
    reached = {canonicalize_name(Requirement(root).name) for root in roots}
    while more := {pin.name for pin in lock if reached.intersection(pin.asked_by)} - reached:
        reached |= more
    return [pin for pin in lock if pin.name in reached]


def sbom(project: Mapping[str, Any], lock: str, *, seconds: int, about: Mapping[str, str]) -> str:
    """Give the document.

    Args:
        project: the table `project` of pyproject.toml.
        lock: the text of a lock file whose comments say who asks for what.
        seconds: the time of the document, since 1970.
        about: further properties of the package, such as its data edition.
    """
    parts = needed(project["dependencies"], pins(lock))
    direct = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    itself = f"pkg:pypi/{PROJECT}@{project['version']}"
    graph = {itself: sorted(part.purl for part in parts if part.name in direct)}
    graph |= {part.purl: sorted(each.purl for each in parts if part.name in each.asked_by) for part in parts}
    package = {
        "type": "application",
        "bom-ref": itself,
        "name": PROJECT,
        "version": project["version"],
        "description": project["description"],
        "licenses": [{"expression": project["license"]}],
        "purl": itself,
        "properties": [{"name": f"mbc:{name}", "value": value} for name, value in about.items()],
    }
    content = {
        "metadata": {"timestamp": datetime.fromtimestamp(seconds, UTC).isoformat(), "component": package},
        "components": [component(part) for part in parts],
        "dependencies": [{"ref": ref, "dependsOn": needs} for ref, needs in graph.items()],
    }
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, json.dumps(content))}",
        "version": 1,
    }
    return json.dumps(document | content, indent=2) + "\n"


def component(pin: Pin) -> dict[str, Any]:
    """Give one library; one that is installed on some systems only says on which."""
    made: dict[str, Any] = {"type": "library", "bom-ref": pin.purl, "name": pin.name, "version": pin.version}
    made |= {"purl": pin.purl, "scope": "optional" if pin.marker else "required"}
    if licence := licence_of(pin):
        made["licenses"] = [{"expression": licence}]
    if pin.marker:
        made["properties"] = [{"name": "mbc:installed-when", "value": pin.marker}]
    return made


def licence_of(pin: Pin) -> str | None:
    """Give the licence that a package states as an SPDX expression, where this very version is installed here."""
    try:
        found = metadata(pin.name)
    except PackageNotFoundError:
        return None
    return found["License-Expression"] if found["Version"] == pin.version else None

"""Write what travels with the data edition: data/CHANGELOG.md and data/datacite.json; `make format` calls it.

The changes are the sections *Clinical changes* of CHANGELOG.md, sorted by edition; the metadata say in the words of DataCite
what edition.yaml, pyproject.toml and CITATION.cff say. Neither is written by hand, and no DOI is there before one is given.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
CLINICAL = "### Clinical changes: "
UNRELEASED = "Unreleased"
HEAD = """# Changes of the data edition

Made by `make format` from the sections *Clinical changes* of `CHANGELOG.md`; edit those. An edition is named in `edition.yaml`.
[How to go from one to the next](../docs/UPGRADING.md)."""
FIRST = "The first edition: there is none before it. What follows was changed while it was made, the latest first."
ABOUT = (
    "Dated, sourced, executable knowledge of how HER2-negative metastatic breast cancer is treated: licences, guideline statements, "
    "trials, safety limits, debates, and invented teaching patients. For teaching; no advice on the care of a person."
)


def main() -> None:
    """Write both files."""
    edition = yaml.safe_load((ROOT / "data" / "edition.yaml").read_text(encoding="utf-8"))
    changes = changelog((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), edition["id"])
    (ROOT / "data" / "CHANGELOG.md").write_text(changes, encoding="utf-8")
    (ROOT / "data" / "datacite.json").write_text(metadata(edition, project(), citation()), encoding="utf-8")


def project() -> dict[str, Any]:
    """Give the table `project` of pyproject.toml."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text)["project"]
    return table


def citation() -> dict[str, Any]:
    """Give CITATION.cff."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    return found


def changelog(text: str, current: str) -> str:
    """Give the changes of each edition; what is unreleased belongs to the current one.

    Raises:
        ValueError: the heading of a release does not name its data edition.

    """
    editions: dict[str, list[str]] = {}
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        editions.setdefault(edition_of(heading, current), []).extend(clinical(body))
    *_, oldest = editions
    told = [
        "\n\n".join([f"## {name}", *([FIRST] if name == oldest else []), *sections])
        for name, sections in editions.items()
    ]
    return "\n\n".join([HEAD, *told]) + "\n"


def edition_of(heading: str, current: str) -> str:
    """Give the edition that the heading of a release names, as in `0.2.0, data edition 2027.02`."""
    found = re.search(r"data edition (\S+)", heading)
    if found:
        return found.group(1)
    if heading.strip() == UNRELEASED:
        return current
    raise ValueError(
        f"CHANGELOG.md: '## {heading}' names no edition; write '## {heading}, data edition {current}' (or whichever it was)"
    )


def clinical(body: str) -> list[str]:
    """Give the clinical sections of one release as they stand."""
    parts = re.split(r"^(?=### )", body, flags=re.MULTILINE)
    found = (part.removeprefix(CLINICAL).strip() for part in parts if part.startswith(CLINICAL))
    return [f"### {section[:1].upper()}{section[1:]}" for section in found]


def metadata(edition: Mapping[str, Any], package: Mapping[str, Any], cited: Mapping[str, Any]) -> str:
    """Give the edition as metadata by DataCite 4.5, to which a DOI is added by whoever is given one."""
    makers = [author["name"] for author in package["authors"]]
    (review,) = (entry for entry in cited["references"] if entry["type"] == "article")
    described = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Clinical knowledge for teaching"},
        "creators": [{"name": name, "nameType": "Organizational"} for name in makers],
        "titles": [{"title": f"{cited['title'].partition(':')[0]}: data edition {edition['id']}"}],
        "publisher": {"name": makers[0]},
        "publicationYear": str(edition["current_day"])[:4],
        "version": edition["id"],
        "language": "en",
        "subjects": [{"subject": word} for word in cited["keywords"]],
        "descriptions": [{"descriptionType": "Abstract", "description": ABOUT}],
        "dates": [
            {
                "date": f"{edition['first_day']}/{edition['current_day']}",
                "dateType": "Other",
                "dateInformation": "Days on which the knowledge can be asked",
            }
        ],
        "formats": ["application/yaml", "application/json"],
        "rightsList": [
            {
                "rights": "Creative Commons Attribution 4.0 International",
                "rightsUri": "https://creativecommons.org/licenses/by/4.0/legalcode",
                "rightsIdentifier": "CC-BY-4.0",
                "rightsIdentifierScheme": "SPDX",
            }
        ],
        "relatedIdentifiers": [
            {"relatedIdentifier": review["doi"], "relatedIdentifierType": "DOI", "relationType": "References"}
        ],
    }
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()

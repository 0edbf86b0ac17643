"""Course maps: what a text of its day asked and knew, where the course teaches each piece, and what became of it."""

from dataclasses import dataclass
from typing import Literal

from mbc_widgets.records.base import Strict

ItemKind = Literal["factor", "drugs", "trial", "question"]
Known = Literal["seen", "reconstructed"]
GROUNDS = ("rule", "statement", "trial", "debate", "agent")


@dataclass(frozen=True, kw_only=True, slots=True)
class Today(Strict):
    """The answer of this edition in own words, and the one place of the knowledge that it rests on; `agent` is a drug with a licence."""

    says: str
    rule: str | None = None
    statement: str | None = None
    trial: str | None = None
    debate: str | None = None
    agent: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MapItem(Strict):
    """One piece: what was said of it then, whether that was read, where it is taught, and what is known now.

    `taught` names exercises, "number/exercise"; `cells` trials that a lesson prints, "number/trial".
    """

    id: str
    kind: ItemKind
    part: str
    name: str
    then: str
    known: Known
    now: Today
    taught: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MapPart(Strict):
    """A heading of the map."""

    id: str
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseMap(Strict):
    """The map of one text: `edition` is its entry in guidelines.yaml, `note` says how much of it was read."""

    id: str
    title: str
    edition: str
    note: str
    parts: tuple[MapPart, ...]
    items: tuple[MapItem, ...]

"""What bodies recommend and what safety forbids."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mbc_widgets.records.base import Day, Level, Position, Precision, Puts, Regulator, Source, Strict, Tree, Verified

ACRONYM = 5  # letters: a longer id is no acronym


@dataclass(frozen=True, kw_only=True, slots=True)
class Grade(Strict):
    """A grade in the body's own scale; scales are never mapped onto one another."""

    scale: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement(Strict):
    """What one body said, from a day on, for a population."""

    id: str
    body: str
    edition: str
    since: Day
    position: Position
    covers: tuple[str, ...]
    when: Tree
    because: str
    source: str
    verified: Verified
    since_to: Precision = "day"  # how exact that day is written; the compiler works it out
    until: Day | None = None
    grade: Grade | None = None
    advice: str | None = None
    test: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()
    checked: Day | None = None
    note: str | None = None
    plausible_because: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Question(Strict):
    """A clinical question with its dated answers."""

    id: str
    question: str
    statements: tuple[Statement, ...]
    subtype: str | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Side(Strict):
    """One side of a debate, in words without figures: its figures are those of its trials, read on the day."""

    says: str
    trials: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    since: Day | None = None  # when it began later than the debate


@dataclass(frozen=True, kw_only=True, slots=True)
class Debate(Strict):
    """An open question with two sides or more; never answered here."""

    id: str
    question: str
    since: Day
    when: Tree
    covers: tuple[str, ...]
    sides: tuple[Side, ...]
    settled_by: str
    until: Day | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Body(Strict):
    """Who publishes guidelines, and under which regulators its word opens an option that is off label there."""

    id: str
    name: str
    region: str | None = None
    speaks_for: tuple[Regulator, ...] = ()

    @property
    def word(self) -> str:
        """Give how it is named beside a statement: ASCO, ESMO, ABC, NICE, SEOM; the others in full."""
        return self.id.upper() if len(self.id) <= ACRONYM else self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition(Strict):
    """One text of a body."""

    id: str
    body: str
    title: str
    published: Day
    doi: str | None = None
    pmid: int | str | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope(Strict):
    """The regimens that a safety rule concerns: any named thing matches; `alone` asks for no other drug."""

    agents: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    regimens: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    backbone: tuple[str, ...] = ()
    everything: bool = False
    alone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SafetyRule(Strict):
    """A limit of one of four levels.

    `puts` says where a caution puts the option among what is offered: last, as a class that failed, or behind the
    others of its pathway.
    """

    id: str
    level: Level
    applies_to: Scope
    when: Tree
    text: str
    why: str
    source: str
    verified: Verified
    since: Day | None = None
    until: Day | None = None
    regulator: Regulator | None = None
    puts: Puts | None = None
    visits_per_cycle: float = 0  # planned visits that what it asks for adds to each cycle
    checked: Day | None = None

    @property
    def told(self) -> str:
        """Give the text, and where a caution puts the option."""
        places = {"last": " It is planned last for this.", "behind": " Others of its pathway come first for this."}
        return self.text + places.get(self.puts or "", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class SafetyTopic(Strict):
    """A file of safety rules."""

    id: str
    title: str
    rules: tuple[SafetyRule, ...]
    sources: Mapping[str, Source] = field(default_factory=dict)

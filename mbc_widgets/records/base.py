"""What all records share: text days, trees, the allowed words, and strictness.

Days are ISO text (`2023-01-27`); a month or year was widened to its last day by the compiler, so a fact is never shown
too early. Conditions are trees of `conditions.parse`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Day = str
Tree = Any
Verified = Literal["seen", "recalled"]
Precision = Literal["day", "month", "year"]
Regulator = Literal["FDA", "EMA"]
LicenceStatus = Literal[
    "licensed", "accelerated", "established", "national_licence", "off_label_standard", "off_label_trial"
]
Position = Literal["preferred", "standard", "alternative", "consider", "not_recommended", "definition", "advice"]
Level = Literal["never", "not_now", "caution", "require"]
Puts = Literal["last", "behind"]
Backbone = Literal["endocrine", "chemotherapy", "adc", "targeted", "immune", "supportive"]

POSITIVE_POSITIONS = ("preferred", "standard", "alternative", "consider")


class Strict:
    """Marker: a key that is not a field is an error when the YAML is checked."""

    __slots__ = ()
    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}


SourceKind = Literal[
    "paper", "conference", "label", "regulator", "guideline", "registry", "monograph", "company", "news", "memory"
]
PRIMARY_KINDS = frozenset({"paper", "conference", "label", "regulator", "guideline", "registry"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Source(Strict):
    """Where a fact was read: whose word it is, and in `read_at` the copy that was open when it is another page.

    Primary is the word of those who did the study or the decision (paper, conference abstract, label, regulator, guideline,
    registry). Secondary is what others wrote about it (drug monograph, company notice, news).
    """

    kind: SourceKind
    title: str = ""
    year: int | None = None
    doi: str | None = None
    pmid: int | str | None = None
    url: str | None = None
    read_at: str | None = None
    checked: Day | None = None

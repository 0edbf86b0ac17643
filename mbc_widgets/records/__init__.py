"""The knowledge as frozen records, in the shape of the YAML files.

Comes in: checked mappings from the compiled file. Goes out: values that nobody can change. The compiler validates the
YAML against these same classes and generates the JSON Schemas from them, so a shape is written once.
"""

from mbc_widgets.records.base import (
    POSITIVE_POSITIONS,
    PRIMARY_KINDS,
    Backbone,
    Day,
    Level,
    LicenceStatus,
    Position,
    Regulator,
    Source,
    Tree,
    Verified,
)
from mbc_widgets.records.drugs import (
    Agent,
    CompanionTest,
    Conjugate,
    Licence,
    Note,
    Regimen,
    StatusNote,
)
from mbc_widgets.records.evidence import (
    AdverseEvent,
    Arm,
    FitCriterion,
    LineShare,
    Measure,
    Result,
    Trial,
)
from mbc_widgets.records.files import (
    DataEdition,
    GuidelineFile,
    LineShareFile,
    RegimenFile,
    RegimenGroup,
    Scenario,
    VocabularyFile,
)
from mbc_widgets.records.guidance import (
    Body,
    Edition,
    Grade,
    Question,
    SafetyRule,
    SafetyTopic,
    Scope,
    Statement,
)
from mbc_widgets.records.vocabulary import DrugClass, Field, Group

__all__ = [
    "POSITIVE_POSITIONS",
    "PRIMARY_KINDS",
    "AdverseEvent",
    "Agent",
    "Arm",
    "Backbone",
    "Body",
    "CompanionTest",
    "Conjugate",
    "DataEdition",
    "Day",
    "DrugClass",
    "Edition",
    "Field",
    "FitCriterion",
    "Grade",
    "Group",
    "GuidelineFile",
    "Level",
    "Licence",
    "LicenceStatus",
    "LineShare",
    "LineShareFile",
    "Measure",
    "Note",
    "Position",
    "Question",
    "Regimen",
    "RegimenFile",
    "RegimenGroup",
    "Regulator",
    "Result",
    "SafetyRule",
    "SafetyTopic",
    "Scenario",
    "Scope",
    "Source",
    "Statement",
    "StatusNote",
    "Tree",
    "Trial",
    "Verified",
    "VocabularyFile",
]

"""The contract in words that a machine checks: the JSON Schema of what `as_dict` gives.

Every key is required and no other key is allowed, except that `sequences` is left out by `mbc options`.
"""

from collections.abc import Mapping
from typing import Any, get_args

from mbc_widgets.eligibility import VERDICTS
from mbc_widgets.evidence import FIT_ORDER
from mbc_widgets.records import Level, Position, Precision, Regulator, Verified
from mbc_widgets.said import ACCELERATED, ESTABLISHED, INVESTIGATIONAL, LICENSED, OFF_LABEL, WITHDRAWN

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
NAME = "mbc-plan/1"
FLAGS = ("off-label", "off-label-standard-practice", "no-guideline", "unverified")


def plan_schema() -> Schema:
    """Give the JSON Schema of the object of `mbc plan --json`."""
    whole = _object(
        "One patient on one day under one regulator, by all guideline bodies of its region or by one.",
        schema=_one_of("Name and version of this contract.", (NAME,)),
        day=_day("The knowledge of this day was used; nothing later."),
        regulator=_one_of("Whose licences were read.", get_args(Regulator)),
        body=_or_null(
            _text(
                "The guideline body that alone opens and orders; null: all bodies that speak for this regulator's region."
            )
        ),
        edition=_text("Edition of the knowledge."),
        patient=_patient(),
        tests=_list("Tests whose result would open an option, those that open most first.", _test()),
        prompts=_list("What comes before any drug: out of scope, emergencies, biopsy, local therapy.", _prompt()),
        warnings=_list(
            "What is unusual but possible in the input, and how it is read; and when no trial took such a patient.",
            _warning(),
        ),
        debates=_list("Ids of the debates that concern this patient.", _text("Id.")),
        options=_list("Every regimen that can concern this patient, in the order of data/regimens.yaml.", _option()),
        supportive=_list("Bone-modifying and other supportive regimens, in the same shape.", _option()),
        sequences=_list("One sequence for each strategy that may be used; none is declared the best.", _sequence()),
    )
    whole["required"].remove("sequences")
    return {"$schema": DRAFT, "$id": "mbc-plan-1.json", "title": NAME, **whole}


def _patient() -> Schema:
    anything = {"type": "object"}
    return _object(
        "The patient.",
        input={
            **anything,
            "description": "Raw history and findings as given; a scenario file takes it back under patient:.",
        },
        derived={
            **anything,
            "description": "What was worked out, by field of data/vocabulary.yaml; an absent field is unknown.",
        },
        assumed={
            **anything,
            "description": "Fields that nobody gave, with the state that the vocabulary assumes; never a finding.",
        },
    )


def _test() -> Schema:
    return _object(
        "A test.",
        test=_text("Field of the vocabulary."),
        because=_text("What waits for it, and which bodies ask for it."),
        unlocks=_list("Regimens that wait for it.", _text("Regimen.")),
    )


def _prompt() -> Schema:
    return _object("A prompt.", code=_text("Id of the rule."), text=_text("What to do."), source=_source())


def _warning() -> Schema:
    return _object("A warning.", code=_text("Kind of warning."), text=_text("What is unusual."))


def _option() -> Schema:
    status = (LICENSED, ACCELERATED, ESTABLISHED, OFF_LABEL, INVESTIGATIONAL, WITHDRAWN)
    licence = _object(
        "The licence of this regimen for this patient; not a recommendation.",
        status=_one_of("off-label: none covers this patient.", status),
        since=_or_null(
            _day("Day it was granted (withdrawn: ended); null when none holds or it is older than the records.")
        ),
        source=_source(),
        verified=_or_null(_verified()),
    )
    flip = _object(
        "A single change of the input that would open this option.",
        field=_text("Field."),
        to={"description": "New state."},
    )
    strategies: Schema = {
        "type": "object",
        "description": "By strategy that plans it: its place in that sequence, 1 is the next line.",
        "additionalProperties": {"type": "integer", "minimum": 1},
    }
    return _object(
        "A regimen with its verdict and everything that led to it.",
        regimen=_text("Drugs joined by +; goserelin stands for any GnRH agent or ablation."),
        agents=_list("Drugs.", _text("Id of data/agents/.")),
        classes=_list("Drug classes.", _text("Class.")),
        verdict=_one_of("The verdict.", VERDICTS),
        licence=licence,
        flags=_list("What to know of the offer.", _one_of("Flag.", FLAGS)),
        recommendations=_list("What bodies say for this patient; disagreement stays visible.", _recommendation()),
        strategies=strategies,
        because=_list("Statements and licences that hold.", _reason()),
        blocked_by=_list("Safety rules that forbid it (never) or ask to wait (not_now).", _rule()),
        missing=_list("Fields without which the verdict stays open.", _text("Field.")),
        flips=_list("Smallest changes that would open it; empty when it is offered.", flip),
        cautions=_list("Cautions and requirements.", _rule()),
        evidence=_list("Dated trial results of this regimen, best fitting first; never merged.", _evidence()),
    )


def _recommendation() -> Schema:
    return _object(
        "A statement of a body that holds for this patient on this day.",
        rule=_text("Id of the statement."),
        body=_text("Id of data/guidelines.yaml."),
        version=_text("Title of the edition."),
        since=_day("In force since."),
        grade=_or_null(_text("In the body's own scale; null when it was not read.")),
        preference=_one_of("Position of the body.", get_args(Position)),
        source=_source(),
        verified=_verified(),
    )


def _reason() -> Schema:
    return _object(
        "A reason.",
        rule=_text("Id of a statement, or regulator:drug:day of a licence."),
        text=_text("The reason in words."),
        source=_source(),
        facts=_list("What is true of the patient and made it hold.", _text("Fact.")),
    )


def _rule() -> Schema:
    return _object(
        "A safety rule that holds for this patient.",
        rule=_text("Id."),
        level=_one_of("Level.", get_args(Level)),
        text=_text("What to do."),
        source=_source(),
        verified=_verified(),
    )


def _evidence() -> Schema:
    return _object(
        "One dated result of one trial in one population.",
        trial=_text("Id of data/trials/."),
        population=_text("Population in words."),
        endpoint=_text("Endpoint."),
        assessor=_or_null(_text("Who assessed.")),
        analysis=_or_null(_text("Which analysis.")),
        reported=_day("Day of the report; the last of the month or year when no day is known."),
        reported_to=_one_of("How exact that day is.", get_args(Precision)),
        at_months=_or_null(_number("For a rate at a time.")),
        unit=_text("Unit of exp and ctrl."),
        arm=_one_of("The side on which this regimen stood.", ("experimental", "control")),
        exp=_or_null(_number("Experimental arm; null when not reached or not read.")),
        ctrl=_or_null(_number("Control arm.")),
        hr=_or_null(_number("Hazard ratio.")),
        lo=_or_null(_number("Lower end of its interval.")),
        hi=_or_null(_number("Upper end of its interval.")),
        source=_source(),
        verified=_verified(),
        fit=_one_of("How well the trial fits this patient.", FIT_ORDER),
    )


def _sequence() -> Schema:
    test = _object(
        "A test point.",
        line=_whole("Before this line."),
        test=_text("Field."),
        again=_flag("True when an older result is known and the test is worth repeating."),
        unlocks=_list("What waits.", _text("Regimen.")),
        branches=_list("Results that turn this sequence.", _branch()),
    )
    return _object(
        "The lines that a strategy chooses.",
        strategy=_text("Id of the strategy."),
        label=_text("Its name."),
        asked_for=_flag("True when a wish of this patient asks for it."),
        lines=_list("Lines in order.", _line()),
        tests=_list("Tests along the way.", test),
        end=_text("Why it ends."),
    )


def _branch() -> Schema:
    return _object(
        "What the sequence would do if the test showed this result.",
        shows=_text("The result in words."),
        line=_whole("The first line that is then another one."),
        regimen=_text("What the strategy would take there."),
        percent=_or_null(_number("How many of 100 show it in the cohort named; null when no cohort was read.")),
        cohort=_or_null(_text("The cohort.")),
        source=_source(),
        verified=_or_null(_verified()),
    )


def _line() -> Schema:
    return _object(
        "A planned line.",
        line=_whole("Number since metastatic diagnosis."),
        regimen=_text("Regimen."),
        median_months=_or_null(_number("Median time to progression in the trial named; null when no figure was read.")),
        lo=_or_null(_number("Lower end of its interval, months.")),
        hi=_or_null(_number("Upper end of its interval, months.")),
        trial=_or_null(_text("Trial of the median.")),
        fit=_or_null(_one_of("How well it fits.", FIT_ORDER)),
        reaches_line=_or_null(
            _number(
                "Percent of those who start the first planned line that start this one; null without a cited share."
            )
        ),
        because=_list("Statements and licences that hold at that point.", _reason()),
        carried=_list("What earlier therapy leaves behind for it.", _text("Sentence.")),
        source=_source(),
    )


def _object(about: str, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "description": about,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(about: str, items: Schema) -> Schema:
    return {"type": "array", "description": about, "items": items}


def _text(about: str) -> Schema:
    return {"type": "string", "description": about, "minLength": 1}


def _number(about: str) -> Schema:
    return {"type": "number", "description": about}


def _flag(about: str) -> Schema:
    return {"type": "boolean", "description": about}


def _whole(about: str) -> Schema:
    return {"type": "integer", "description": about, "minimum": 1}


def _day(about: str) -> Schema:
    return {"type": "string", "description": about, "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def _one_of(about: str, words: tuple[str, ...]) -> Schema:
    return {"enum": list(words), "description": about}


def _verified() -> Schema:
    return _one_of("seen: read in its source; recalled: from memory, never a reference figure.", get_args(Verified))


def _source() -> Schema:
    return _or_null(_text("Short citation, such as a DOI."))


def _or_null(schema: Mapping[str, Any]) -> Schema:
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}

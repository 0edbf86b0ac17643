"""From compiled bytes to `Knowledge`, with the standard library alone."""

import json

from mbc_widgets import records as r
from mbc_widgets.knowledge.building import (
    build_agent,
    build_case,
    build_course_map,
    build_curve,
    build_debate,
    build_lesson,
    build_model,
    build_question,
    build_topic,
    with_tree,
)
from mbc_widgets.knowledge.whole import Knowledge


def read(compiled: bytes) -> Knowledge:
    """Give the knowledge in compiled bytes."""
    raw = json.loads(compiled)
    return Knowledge(
        edition=r.DataEdition(**raw["edition"]),
        vocabulary={f["id"]: r.Field(**f) for f in raw["fields"]},
        groups=tuple(r.Group(**g) for g in raw["groups"]),
        drug_classes={c["id"]: r.DrugClass(**c) for c in raw["drug_classes"]},
        agents={a["id"]: build_agent(a) for a in raw["agents"]},
        regimens={x["id"]: with_tree(r.Regimen, x, "applies", "agents", "groups") for x in raw["regimens"]},
        regimen_groups={g["id"]: r.RegimenGroup(**g) for g in raw["regimen_groups"]},
        bodies={b["id"]: r.Body(**b) for b in raw["bodies"]},
        editions={e["id"]: r.Edition(**e) for e in raw["editions"]},
        questions=tuple(build_question(q) for q in raw["questions"]),
        safety=tuple(build_topic(t) for t in raw["safety"]),
        shared_fit=tuple(with_tree(r.SharedFit, x, "when", "not_in") for x in raw["shared_fit"]),
        debates=tuple(build_debate(d) for d in raw["debates"]),
        sources={key: r.Source(**s) for key, s in raw["sources"].items()},
        line_shares=tuple(r.LineShare(**s) for file in raw["realworld"] for s in file.get("shares", ())),
        result_shares=tuple(
            with_tree(r.ResultShare, s, "when") for file in raw["realworld"] for s in file.get("test_results", ())
        ),
        model=build_model(raw["realworld"]),
        curves={c["id"]: build_curve(c) for c in raw["curves"]},
        scenarios={s["id"]: s for s in raw["scenarios"]},
        teaching_cases={c["id"]: build_case(c) for c in raw["teaching_cases"]},
        lessons={each["number"]: build_lesson(each) for each in raw["lessons"]},
        course_maps={each["id"]: build_course_map(each) for each in raw["course_maps"]},
        raw_trials={t["id"]: t for t in raw["trials"]},
    )

"""Named strategies: how a sequence picks the next line among what is offered. Every key is named and has its source.

A strategy orders, it never opens or closes an option. No strategy is declared the best; they answer different wishes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from mbc_widgets.conditions import Tree
from mbc_widgets.eligibility import Option
from mbc_widgets.facts import Facts
from mbc_widgets.patient import DAYS_PER_MONTH

POSITIONS = {"preferred": 0, "standard": 1, "alternative": 2, "consider": 3}
LICENSED_ONLY, UNVERIFIED = 4, 5
NOT_TWICE = frozenset(
    {
        "cdk46_inhibitor",
        "parp_inhibitor",
        "pd1_inhibitor",
        "oral_serd",
        "pi3k_inhibitor",
        "akt_inhibitor",
        "mtor_inhibitor",
    }
)
# Known for everyone, or so common that they choose no drug by themselves: not a match.
PATHWAY = frozenset({"endocrine_group", "her2_positive", "receptor_ever_positive", "her2_low", "her2_ultralow"})
PRESENT = frozenset({"mutated", "altered", "pathogenic", "unstable", "present"})
ORAL_VISITS_PER_MONTH = 1.0  # a tablet still means one visit a month for blood and review

Key = tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Strategy:
    """A named way to choose: what it is for, its ranking key, when it may be used, and its source."""

    id: str
    label: str
    note: str
    source: str
    key: Callable[[Option], Key]
    usable: Callable[[Facts], bool]


def guideline_rank(option: Option) -> Key:
    """Rank as guidelines do: the pathway, then what a test result opened, then the best position that was read.

    Ties: licensed before off label, newer statement, fewer cautions. An option that only a licence carries comes after
    every statement of the same kind, unread statements last.
    """
    read = [s for s in option.statements if s.verified == "seen"]
    position = min((POSITIONS[s.position] for s in read), default=None)
    if position is None:
        position = LICENSED_ONLY if any(x.verified == "seen" for x in option.licences) else UNVERIFIED
    newest = max((int(s.since.replace("-", "")) for s in read), default=0)
    order = (repeats_class(option), pathway(option), not matched(option), off_label(option))
    return (*order, position, -newest, cautions(option))


def pathway(option: Option) -> int:
    """Give 0 for the pathway that guidelines put first, else 1.

    Receptor positive: endocrine-based therapy until it is exhausted (ABC4 and ASCO 2021), a PARP inhibitor from the second
    line on; in a visceral crisis the faster chemotherapy or conjugate. Receptor low or negative: no order between them.
    """
    values, backbone = option.facts.values, option.regimen.backbone
    if values.get("endocrine_group") != "positive":
        return 0
    if values.get("visceral_crisis"):
        return int(backbone not in {"chemotherapy", "adc"})
    if values.get("endocrine_refractory"):
        return 0
    later = values.get("metastatic_lines", 0) > 0
    return int(backbone != "endocrine" and not (backbone == "targeted" and later))


def off_label(option: Option) -> bool:
    """Say whether no licence here covers this patient, old standard practice apart (weekly paclitaxel, vinorelbine)."""
    standard = any(licence.status == "off_label_standard" for licence in option.licences)
    return option.licence_status == "off-label" and not standard


def matched(option: Option) -> bool:
    """Say whether a test result of this patient opened the option (ESR1, PIK3CA, germline BRCA, PD-L1)."""
    vocabulary = option.snapshot.knowledge.vocabulary
    trees = [*(s.when for s in option.statements), *(x.when for x in option.licences)]
    names = {name for tree in trees for name in asked_present(tree)}
    return any(vocabulary[name].changes == "test" and name not in PATHWAY for name in names)


@cache
def asked_present(tree: Tree) -> frozenset[str]:
    """Give the fields that a condition asks to be present: a finding, or a score of at least a limit; not an absence."""
    kind = tree[0]
    if kind in {"all", "any"}:
        return frozenset().union(*(asked_present(part) for part in tree[1]))
    if kind == "at_least" or (kind == "is" and set(tree[2]) & PRESENT):
        return frozenset({tree[1]})
    return frozenset()


def cautions(option: Option) -> int:
    """Count the cautions lit by this patient's own conditions."""
    return sum(rule.level == "caution" for rule in option.cautions)


def weak(option: Option) -> bool:
    """Say whether nothing that carries the option was read, or it is off label: such a line is planned last."""
    return off_label(option) or "unverified" in option.flags


def repeats_class(option: Option) -> int:
    """Count the targeted classes that already failed; such a repeat comes after everything new."""
    failed = option.facts.values.get("classes_progressed_on", frozenset())
    agents = option.snapshot.knowledge.agents
    classes = {agents[agent].drug_class for agent in option.regimen.agents}
    return len(classes & failed & NOT_TWICE)


def cytotoxic_rank(option: Option) -> int:
    """Give 0 for endocrine and targeted drugs, 1 for antibody-drug conjugates (they are cytotoxic), 2 for chemotherapy."""
    return {"chemotherapy": 2, "adc": 1}.get(option.regimen.backbone, 0)


def visits_per_month(option: Option) -> float:
    """Give the planned visits a month: the most frequent drug that needs the clinic; at least one for blood and review."""
    agents = [option.snapshot.knowledge.agents[agent] for agent in option.regimen.agents]
    rates = [
        (drug.visits_per_cycle or 1) * DAYS_PER_MONTH / (drug.cycle_days or 28)
        for drug in agents
        if drug.route != "oral"
    ]
    return max([ORAL_VISITS_PER_MONTH, *rates])


def _always(_: Facts) -> bool:
    return True


def _may_postpone_chemotherapy(facts: Facts) -> bool:
    """Postponing makes no sense without an endocrine pathway, in a visceral crisis or an emergency of the brain."""
    values = facts.values
    return (
        values.get("endocrine_group") != "negative"
        and not values.get("visceral_crisis")
        and values.get("emergency", "no_emergency") == "no_emergency"
    )


STRATEGIES: Mapping[str, Strategy] = {
    "guideline-first": Strategy(
        id="guideline-first", label="Guideline order", note="best position in a guideline that was read, then licence",
        source="positions of the statements in force on the day", key=guideline_rank, usable=_always,
    ),
    "chemotherapy-last": Strategy(
        id="chemotherapy-last", label="Chemotherapy last", note="latest start of chemotherapy; conjugates count as cytotoxic",
        source="ABC4, ASCO 2021: endocrine-based therapy before chemotherapy unless in crisis",
        key=lambda option: (repeats_class(option) > 0, cytotoxic_rank(option), weak(option), *guideline_rank(option)), usable=_may_postpone_chemotherapy,
    ),
    "fewest-visits": Strategy(
        id="fewest-visits", label="Fewest visits", note="fewest planned clinic days a month within the pathway",
        source="dosing schedules of the labels", usable=_always,
        key=lambda option: (
            repeats_class(option) > 0, pathway(option), weak(option), cautions(option),
            round(visits_per_month(option), 1), *guideline_rank(option),
        ),
    ),
}  # fmt: skip

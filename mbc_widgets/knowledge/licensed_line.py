"""From which line on a drug may come where a guideline names it only as one of a group.

A text that says "a taxane, an anthracycline or another drug" tells nothing of the line of each of them: that is told by the
licences of its day. Comes in: the licences in force of a regimen. Goes out: the condition on earlier lines that they share,
or none, and a statement's own condition with it. A statement that names the regimen itself is taken at its word.
"""

from collections.abc import Iterable, Iterator

from mbc_widgets.conditions import Tree, atoms_of, fields_of
from mbc_widgets.knowledge.building import shared
from mbc_widgets.records import Licence, Regimen, Statement

# An antibody-drug conjugate counts as a regimen of chemotherapy here: it carries one, and the older labels knew none.
COUNTED = {"metastatic_chemotherapy_lines": "metastatic_lines_beyond_endocrine"}
LINES = frozenset({
    "metastatic_lines", "metastatic_chemotherapy_lines", "metastatic_adc_lines", "metastatic_lines_beyond_endocrine",
    "metastatic_endocrine_lines", "lines_ascent",
})  # fmt: skip


def line_asked(licences: Iterable[Licence]) -> Tree | None:
    """Give the earlier lines that every one of these licences asks for; None where one asks for none, or there is no licence."""
    asked = [tuple(_asked(licence.when)) for licence in licences]
    if not asked or not all(asked):
        return None
    tree: Tree = shared(("any", tuple(dict.fromkeys(("all", parts) for parts in asked))))
    return tree


def within_line(statement: Statement, regimen: Regimen, line: Tree | None) -> Tree:
    """Give the condition of a statement for a regimen: with the line that licences ask for, unless it names the regimen."""
    named = {regimen.id, regimen.variant_of} & set(statement.covers)
    tree: Tree = statement.when if line is None or named else shared(("all", (statement.when, line)))
    return tree


def _asked(tree: Tree) -> Iterator[Tree]:
    """Give the parts of a population that ask for earlier lines, a choice ("a line, or an early relapse") as a whole."""
    if tree[0] == "all":
        for part in tree[1]:
            yield from _asked(part)
    elif tree[0] in {"any", "at_least"} and any(atom[0] == "at_least" and atom[1] in LINES for atom in atoms_of(tree)):
        yield _counted(tree)


def _counted(tree: Tree) -> Tree:
    """Give the same condition with conjugates counted."""
    if not fields_of(tree) & set(COUNTED):
        return tree
    if tree[0] in {"all", "any"}:
        return (tree[0], tuple(map(_counted, tree[1])))
    return ("not", _counted(tree[1])) if tree[0] == "not" else (tree[0], COUNTED[tree[1]], tree[2])

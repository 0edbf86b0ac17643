"""Why no licence and no statement covers a patient: the one that comes nearest, and what of it is not so here."""

from collections.abc import Iterator

from mbc_widgets.conditions import Tree, evaluate, fields_of
from mbc_widgets.eligibility import Option
from mbc_widgets.figures import words
from mbc_widgets.knowledge import Held
from mbc_widgets.records import Licence
from mbc_widgets.wording import describe

MOST_ATOMS = 3


def outside(option: Option) -> dict[str, str]:
    """Give the reason of an option whose licences and statements are all for others."""
    held, knowledge = nearest(option), option.snapshot.knowledge
    atoms = [atom for part in _unmet(option.snapshot.trees[held.at], option) for atom in _atoms(part, option)]
    here = "; ".join(describe(atom, knowledge.vocabulary) for atom in list(dict.fromkeys(atoms))[:MOST_ATOMS])
    licence = isinstance(held.item, Licence)
    name = words.licence_word(held.item) if licence else words.statement_word(held.item, knowledge)
    asked = held.item.wording if licence else held.item.because
    return {
        "text": f"Outside its licences and statements: {here}. Nearest: {asked.rstrip('.')}.",
        "source": name,
        "url": words.link(held.item.source, knowledge)[1],
        "level": "indication",
    }


def nearest(option: Option) -> Held:
    """Give the licence or statement that comes nearest: one for disease with these receptors, then the fewest unmet points."""
    vocabulary = option.snapshot.knowledge.vocabulary

    def distance(held: Held) -> tuple[bool, int, bool, int]:
        unmet = list(_unmet(option.snapshot.trees[held.at], option))
        atoms = sum(len(_atoms(part, option)) for part in unmet)
        receptors = any(vocabulary[name].group == "receptors" for part in unmet for name in fields_of(part))
        return receptors, len(unmet), not isinstance(held.item, Licence), atoms

    return min(option.candidate.indications, key=distance)


def _unmet(tree: Tree, option: Option) -> Iterator[Tree]:
    """Give the points of a condition that are not so; a choice of several is one point."""
    if tree[0] == "all":
        for part in tree[1]:
            yield from _unmet(part, option)
    elif evaluate(tree, option.facts.values).holds is False:
        yield tree


def _atoms(part: Tree, option: Option) -> tuple[Tree, ...]:
    """Give what is not so; of a choice the way that asks for least."""
    ways = part[1] if part[0] == "any" else (part,)
    return min((evaluate(way, option.facts.values).because for way in ways), key=len)

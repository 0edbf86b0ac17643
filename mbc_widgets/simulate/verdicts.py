"""What may be said of two sequences, in the words that the page and the command line share.

The rule is that of `uncertainty.compare`: the difference in the same simulated people, over all structures and parameter draws. Whether
the bands of the two medians overlap is no test of it, because most of what makes them wide moves both alike.
"""

from collections.abc import Collection, Mapping, Sequence

from mbc_widgets.simulate.uncertainty import Band, Draws, Verdict, compare

CHOOSE = "Choose on harms, visits and what the patient wants, not on this picture."
PAIRED = "Bands drawn for each alone may overlap all the same: they are no test of the difference."
NO_VERDICT = "No verdict"
EARLY = (
    "{} before six lines, and what follows is not planned: a longer time to progression would be told as longer survival, which"
    " trials have refuted"
)
GUESSED = (
    "No figure for the line of {}, so that a step of everyday care stands there, while the other plan has figures of such drugs: that step would"
    " decide"
)


def judged(
    drawn: Sequence[Draws],
    medians: Sequence[Mapping[str, float]],
    names: tuple[str, str],
    *,
    unheard: Collection[str] = (),
    ended: Collection[str] = (),
    guessed: Collection[str] = (),
) -> Verdict:
    """Give the verdict on two sequences from their parameter draws and their median survival by each structure.

    `unheard`: structures that a cohort contradicts for such patients. `ended`: the names of those whose plan ends early; with one
    there is no verdict, and nothing need be drawn; nor with `guessed`, regimens of which one plan has a figure and the other none.
    """
    one, two = medians
    apart = {structure: round(two[structure] - one[structure], 1) for structure in one if structure not in unheard}
    because = GUESSED.format(" and ".join(guessed)) if guessed else ""
    if ended:
        because = EARLY.format(f"{' and '.join(ended)} {'ends' if len(ended) == 1 else 'end'}")
    if because:
        band = Band(draws=tuple(apart.values()))
        return Verdict(longer=None, difference=band, by_structure=apart, because=because, withheld=True)
    return compare(drawn[0], drawn[1], apart, names)


def worded(verdict: Verdict, names: tuple[str, str]) -> tuple[str, str]:
    """Give a verdict as a title and a text."""
    one, two = names
    if verdict.longer is None:
        if verdict.withheld:
            return NO_VERDICT, f"{verdict.because}. {CHOOSE}"
        return "Not distinguishable", f"{one} and {two}: {verdict.because}. {CHOOSE}"
    longer, other = (one, two) if verdict.longer == "first" else (two, one)
    because = verdict.because[0].upper() + verdict.because[1:]
    return f"In the model people live longer by {longer} than by {other}", f"{because}. {PAIRED}"

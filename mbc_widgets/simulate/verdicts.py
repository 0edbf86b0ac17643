"""What may be said of two sequences, in the words that the page and the command line share.

The rule is that of `uncertainty.compare`: the difference in the same simulated people, over all structures and parameter draws. Whether
the bands of the two medians overlap is no test of it, because most of what makes them wide moves both alike.
"""

from collections.abc import Mapping, Sequence

from mbc_widgets.simulate.uncertainty import Draws, Verdict, compare

CHOOSE = "Choose on harms, visits and what the patient wants, not on this picture."
PAIRED = "Bands drawn for each alone may overlap all the same: they are no test of the difference."


def judged(drawn: Sequence[Draws], medians: Sequence[Mapping[str, float]], names: tuple[str, str]) -> Verdict:
    """Give the verdict on two sequences from their parameter draws and their median survival by each structure."""
    one, two = medians
    apart = {structure: round(two[structure] - one[structure], 1) for structure in one}
    return compare(drawn[0], drawn[1], apart, names)


def worded(verdict: Verdict, names: tuple[str, str], ended: Sequence[str] = ()) -> tuple[str, str]:
    """Give a verdict as a title and a text; `ended` names those of the two whose plan ends before a last possible line."""
    one, two = names
    early = f" {' and '.join(ended)} end{'s' * (len(ended) == 1)} before a last line: that nothing follows there is an assumption."
    tail = early if ended else ""
    if verdict.longer is None:
        return "Not distinguishable", f"{one} and {two}: {verdict.because}. {CHOOSE}{tail}"
    longer, other = (one, two) if verdict.longer == "first" else (two, one)
    because = verdict.because[0].upper() + verdict.because[1:]
    return f"In the model people live longer by {longer} than by {other}", f"{because}. {PAIRED}{tail}"

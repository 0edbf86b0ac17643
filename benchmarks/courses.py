"""The courses that are measured, for our own programs and for peers alike.

`chain`: six Weibull lines with frailty, death on a line, loss after it, supportive care and a life table. `full`: the same with fates
that lean on the frailty, two tests that open other paths, toxicity, months between lines, and a line with published points.
"""

from dataclasses import replace

from mbc_widgets.knowledge import load
from mbc_widgets.simulate.build import other_deaths
from mbc_widgets.simulate.course import MOST_LINES, Course, LineCourse, Turn
from mbc_widgets.survival import from_median, through

MEDIANS = (12.4, 5.8, 5.5, 4.5, 4.0, 3.5)  # months, and shares that go on: the cohort of the model's first table
GOES_ON = (0.77, 0.80, 0.78, 0.71, 0.67, 0.67)
LINE_SHARE = 0.1  # dies on a line


def chain() -> Course:
    """Six Weibull lines with frailty, death on a line, loss after it, supportive care and a life table."""
    lines = tuple(
        LineCourse(name=f"line {median}", curve=from_median(median), dies=LINE_SHARE, goes_on=on)
        for median, on in zip(MEDIANS, GOES_ON, strict=True)
    )
    return Course(lines=lines, frailty=0.5, support=from_median(4), other_deaths=other_deaths(load(), 60, "female"))


def full() -> Course:
    """All that the model has."""
    more = {"stops": 0.08, "beyond": 1.5, "gap": 1.0}
    lines = [replace(line, **more) for line in chain().lines]
    lines[2] = replace(lines[2], curve=through([(4, 0.5), (4.5, 0.45), (12, 0.3)]))
    one = replace(lines[1], name="first", curve=from_median(5.3))
    two = replace(lines[1], name="second", curve=from_median(7.3, family="log_logistic"))
    start, rest = lines[0], lines[1:]
    made = [
        replace(chain(), lines=(start, *opened, *rest)[:MOST_LINES], leaning=0.5)
        for opened in ((), (one,), (two,), (one, two))
    ]
    turns = (Turn(results=(("esr1", 0.4),)), Turn(results=(("pik3ca", 0.4),)))
    return replace(made[0], turns=turns, turned=tuple(made[1:]))


def constant() -> Course:
    """The chain with constant hazards, and people who are all alike and die of nothing else: what a clock that never starts anew can do."""
    lines = tuple(replace(line, curve=from_median(line.curve.median(), family="exponential")) for line in chain().lines)
    return Course(lines=lines, frailty=0.0, support=from_median(4, family="exponential"))

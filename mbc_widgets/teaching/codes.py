"""Result codes: what a learner chose, how surely, and which points the reason named, in some twenty letters.

No account, no name and no free text: a lecturer collects the codes and decodes them. A code tells by its first letters which
case it belongs to; a case whose choices or points changed gives other letters, so that an old code is refused and not misread.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Decision, TeachingCase
from mbc_widgets.slips import Slip
from mbc_widgets.teaching.feedback import Seen, named
from mbc_widgets.teaching.progress import CONFIDENCE, DEVIATIONS, Commitment, Progress, choices_of
from mbc_widgets.teaching.stages import view_at

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O, U: read aloud and written by hand
ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0"})
BITS, GROUP = 5, 4
HEAD, CHECK = 3, 2  # letters


class CodeError(Slip):
    """A text that is no result code, or of no case that is here."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a code tells of one decision: first choice, how sure, why it departs, the points named, and the last choice."""

    decision: str
    choice: str
    sure: str
    deviation: str
    used: tuple[str, ...]
    last: str


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a code tells: the case and its answers, decision by decision."""

    case: str
    answers: tuple[Taken, ...]


def encode(progress: Progress, case: TeachingCase, knowledge: Knowledge) -> str:
    """Give the code of what was answered so far, such as "7QF4-0M2K-9ZT"."""
    digits = [(len(progress.answers), len(case.decisions) + 1)]
    for index, given in enumerate(progress.answers):
        digits += _digits(case, index, given, knowledge)
    number = _number(digits)
    body = _letters(number, _width(case, len(progress.answers)))
    text = _letters(_shape(case), HEAD) + body
    text += _letters(_sum(text), CHECK)
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def decode(code: str, knowledge: Knowledge) -> Result:
    """Give what a code tells.

    Raises:
        CodeError: letters that no code has, a slip, or a case that is not here.

    """
    text = "".join(each for each in code.upper() if not each.isspace() and each not in "-–").translate(ALIKE)
    strange = sorted({each for each in text if each not in LETTERS})
    if strange:
        raise CodeError(
            f"{code}: {', '.join(strange)} is in no code; allowed are digits and capital letters without I, L, O, U"
        )
    if len(text) <= HEAD + CHECK:
        raise CodeError(f"{code}: too short for a result code; copy the whole of it")
    kept, check = text[:-CHECK], text[-CHECK:]
    if _letters(_sum(kept), CHECK) != check:
        raise CodeError(
            f"{code}: its last two letters do not fit the rest, so a letter is wrong or missing; read it again"
        )
    case = next(
        (each for each in knowledge.teaching_cases.values() if _letters(_shape(each), HEAD) == kept[:HEAD]), None
    )
    if case is None:
        raise CodeError(
            f"{code}: of no case in this edition ({knowledge.edition.id}); decode it with the edition it was made with"
        )
    return Result(case=case.id, answers=tuple(_read(kept[HEAD:], case, code)))


def _read(body: str, case: TeachingCase, code: str) -> Iterator[Taken]:
    number, answered = divmod(_value(body), len(case.decisions) + 1)
    if answered > len(case.decisions) or len(body) != _width(case, answered):
        raise CodeError(f"{code}: its length does not fit its case; copy the whole of it")
    for decision in case.decisions[:answered]:
        found = []
        for radix in _radices(decision):
            number, digit = divmod(number, radix)
            found.append(digit)
        choices = choices_of(decision)
        yield Taken(
            decision=decision.id,
            choice=choices[found[0]],
            sure=CONFIDENCE[found[1]],
            deviation=("", *DEVIATIONS)[found[2]],
            used=tuple(point.id for at, point in enumerate(decision.points) if found[3] >> at & 1 == 1),
            last=choices[found[4]],
        )
    if number:
        raise CodeError(f"{code}: it holds more than its case has; copy it again")


def _radices(decision: Decision) -> tuple[int, ...]:
    choices = len(choices_of(decision))
    return choices, len(CONFIDENCE), len(DEVIATIONS) + 1, 1 << len(decision.points), choices


def _digits(
    case: TeachingCase, index: int, given: Sequence[Commitment], knowledge: Knowledge
) -> Iterable[tuple[int, int]]:
    """Give the digits of one decision with the number of values that each may have."""
    decision, first, last = case.decisions[index], given[0], given[-1]
    choices = choices_of(decision)
    mask = sum(1 << decision.points.index(each.point) for each in used_points(case, index, first, knowledge))
    deviation = ("", *DEVIATIONS).index(last.deviation)
    digits = (choices.index(first.choice), CONFIDENCE.index(first.sure), deviation, mask, choices.index(last.choice))
    return zip(digits, _radices(decision), strict=True)


def used_points(case: TeachingCase, index: int, answer: Commitment, knowledge: Knowledge) -> list[Seen]:
    """Give the points whose words the reason has, open debates included."""
    view = view_at(case.id, index, knowledge)
    return [each for each in named(answer.reason, case.decisions[index].points, view) if each.found]


def _number(digits: Iterable[tuple[int, int]]) -> int:
    """Give the number whose digits these are, the first one counting least."""
    number, weight = 0, 1
    for digit, radix in digits:
        number += digit * weight
        weight *= radix
    return number


def _width(case: TeachingCase, answered: int) -> int:
    """Give the letters that the answers to the first decisions need."""
    most = len(case.decisions) + 1
    for decision in case.decisions[:answered]:
        for radix in _radices(decision):
            most *= radix
    return max(1, -(-(most - 1).bit_length() // BITS))


def _shape(case: TeachingCase) -> int:
    """Give a number for all that the meaning of a code rests on: the ids of the case, its choices and its points."""
    parts = [case.id]
    for decision in case.decisions:
        parts += [decision.id, *choices_of(decision), *(point.id for point in decision.points)]
    return zlib.crc32("\n".join(parts).encode()) % (1 << BITS * HEAD)


def _sum(text: str) -> int:
    return zlib.crc32(text.encode()) % (1 << BITS * CHECK)


def _letters(number: int, width: int) -> str:
    return "".join(LETTERS[number >> BITS * at & (1 << BITS) - 1] for at in reversed(range(width)))


def _value(text: str) -> int:
    number = 0
    for letter in text:
        number = number << BITS | LETTERS.index(letter)
    return number

"""A number as letters and digits in groups of four, after Crockford's base 32; what is typed is read with patience.

Capitals or not, dashes and spaces do not matter; O is read as 0, I and L as 1. U is no letter of a code.
"""

import re

from mbc_widgets.slips import Slip

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RADIX, GROUP = len(LETTERS), 4
SHORTEST, LONGEST = 8, 8000  # letters; two groups, and what an address carries safely
EXAMPLE = "A code is made of groups of four letters and digits and stands at the top of the page"
_VALUES = {letter: value for value, letter in enumerate(LETTERS)}
_VALUES |= {letter.lower(): value for letter, value in _VALUES.items()}
_VALUES |= dict.fromkeys("Oo", 0) | dict.fromkeys("IiLl", 1)
_BETWEEN = re.compile(r"[\s\-_\u2010-\u2015\u2212]+")
_IN_LINK = re.compile(r"[?&]code=([^&#\s]*)")
_SHOWN = 24  # letters of what was typed that a message repeats


class CodeError(Slip):
    """A code that cannot be read; the message says what was found, what is allowed and what to do."""


def letters(number: int, length: int) -> str:
    """Give `number` in `length` letters, a dash after every fourth."""
    found = []
    for _ in range(length):
        number, value = divmod(number, RADIX)
        found.append(LETTERS[value])
    text = "".join(reversed(found))
    return "-".join(text[start : start + GROUP] for start in range(0, length, GROUP))


def number(typed: str) -> tuple[int, int]:
    """Give the number that was typed and its length in letters; a whole link is read for its code.

    Raises:
        CodeError: nothing is typed, a letter that no code has, or not whole groups of four.

    """
    within = _IN_LINK.search(typed)
    text = _BETWEEN.sub("", within[1] if within else typed)
    if not text:
        raise CodeError(f"No code is typed. {EXAMPLE}.")
    found = 0
    if len(text) > LONGEST:
        raise CodeError(f"{shown(text)} has {len(text)} letters and digits, too many for a code. {EXAMPLE}.")
    for letter in text:
        value = _VALUES.get(letter)
        if value is None:
            raise CodeError(
                f"{shown(text)} has {letter!r}, which is in no code. Allowed: digits, and letters without U. {EXAMPLE}."
            )
        found = found * RADIX + value
    if len(text) % GROUP or len(text) < SHORTEST:
        told = f"{shown(text)} has {len(text)} letters and digits; a code has {SHORTEST}, {SHORTEST + GROUP} or more, in fours"
        raise CodeError(f"{told}. Is one missing, or typed twice?")
    return found, len(text)


def shown(typed: str) -> str:
    """Give the beginning of what was typed, in quotes."""
    return repr(typed if len(typed) <= _SHOWN else f"{typed[:_SHOWN]}…")

"""What is looked at as a short code that is read from a screen and typed, and a typed code as what was looked at.

`write_code(shared, knowledge)` gives text such as `7QF4-26G1`; `read_code(text, knowledge)` gives the `Shared` again, or a
`CodeError` that says in words what is wrong. A code tells a scenario, the changes made to its patient, and a place in time
(`shared.py`), as one number of mixed radix (`digits.py`) in base 32 (`letters.py`). Whatever room is left, at least 20 bits,
holds a check over all of it by name: a code that is typed wrongly, or of an edition in which a number stands for another word,
is refused and never shows another patient.
"""

from mbc_widgets.codes.letters import CodeError
from mbc_widgets.codes.shared import MODES, Shared, read_code, write_code

__all__ = ["MODES", "CodeError", "Shared", "read_code", "write_code"]

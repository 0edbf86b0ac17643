"""How a command refuses, and how it gets the knowledge: what all commands share."""

from mbc_widgets.knowledge import Knowledge, load


class Refused(Exception):  # noqa: N818 - it reads as what happened
    """The input cannot be used; each of `problems` says where, what was found, what is allowed and what to do."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def knowledge() -> Knowledge:
    """Give the knowledge of this installation.

    Raises:
        Refused: the data has problems, or there is none; the problems are listed.

    """
    try:
        return load()
    except (ValueError, FileNotFoundError) as error:  # DataError is a ValueError; importing it would import pydantic
        raise Refused(*str(error).splitlines(), "correct the data; `mbc check` lists this again") from None

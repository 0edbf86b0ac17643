"""The root of all errors that tell a reader what is wrong with what was written."""


class Slip(ValueError):  # noqa: N818 - the root; its kinds are named with Error
    """Something written that cannot be used; its message says where, what, what is allowed and what to do.

    A notebook shows that message alone: the calls that led to it are ours, and would push it out of sight.
    """

    def _render_traceback_(self) -> list[str]:
        """Give the lines that IPython prints in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


class UnknownNameError(Slip, KeyError):
    """A name that is not among the known ones; the message lists them."""

    __str__ = Exception.__str__  # that of KeyError puts the message in quotes

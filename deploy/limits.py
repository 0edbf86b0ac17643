"""What one student's processes may take where no systemd keeps count: hard limits of the kernel of Linux, set before anything of theirs runs.

They hold for each process (memory, size of a file) or for all of an account (number of processes and threads). They do not share out the
processor, and they do not add up the memory of an account's processes: that takes systemd (see README.md).
"""

import resource

GIGABYTE = 1_000_000_000
PROCESSES = 200  # and threads, of one account; a student with six notebooks open has about 100
FILE = 2 * GIGABYTE


def limits(memory: int) -> dict[int, int]:
    """Give the limit of each thing that is limited; `memory` is in bytes."""
    return {
        resource.RLIMIT_DATA: memory,
        resource.RLIMIT_NPROC: PROCESSES,
        resource.RLIMIT_FSIZE: FILE,
        resource.RLIMIT_CORE: 0,
    }


def in_bytes(text: str) -> int:
    """Give the bytes of "2G" or "512M".

    Raises:
        ValueError: it is neither; with what is allowed.
    """
    number, unit = text[:-1], text[-1:].upper()
    units = {"M": GIGABYTE // 1000, "G": GIGABYTE}
    if unit not in units or not number.isdigit():
        raise ValueError(
            f'MBC_CLASS_MEMORY={text}: not an amount of memory; allowed: a whole number with M or G, as "2G".'
        )
    return int(number) * units[unit]

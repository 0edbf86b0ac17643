"""What one student's processes may take where no systemd keeps count: hard limits of the kernel of Linux, set before anything of theirs runs.

They hold for each process (memory, size of a file) or for all of an account (number of processes and threads). They do not share out the
processor, and they do not add up the memory of an account's processes: that takes systemd (see README.md).
"""

import resource

PROCESSES = 200  # and threads, of one account; a student with six notebooks open has about 100
FILE = 2_000_000_000  # bytes


def limits(memory: int) -> dict[int, int]:
    """Give the limit of each thing that is limited; `memory` is in bytes."""
    return {
        resource.RLIMIT_DATA: memory,
        resource.RLIMIT_NPROC: PROCESSES,
        resource.RLIMIT_FSIZE: FILE,
        resource.RLIMIT_CORE: 0,
    }

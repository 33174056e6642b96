"""What a room may use before it is stopped, in one place."""

from dataclasses import dataclass
from typing import Literal

# How a room is kept from the machine: behind walls, or as an ordinary process under the clock.
Isolation = Literal["walls", "none"]


@dataclass(frozen=True)
class Limits:
    """The limits of one room. Seconds are of processor time, which is the same however busy the
    machine is; `autograder.sandbox.clock` has the limit on the time that passes.

    A notebook has `notebook_seconds` for the cells of the student's own, as many for the others
    and the calls of its functions together, and as many for running cells again after a death.

    `memory_bytes` is what each of its processes may allocate beyond the warm interpreter it
    starts from; `processes` counts threads too; `file_bytes` is the size of one file and
    `disk_bytes` of all of them together; `output_bytes` is what one cell may show. Without walls,
    `processes` and `disk_bytes` are not held: the kernel counts them per user and per disk.
    """

    cell_seconds: float = 30.0
    probe_seconds: float = 10.0
    notebook_seconds: float = 120.0
    cpu_seconds: int = 480
    memory_bytes: int = 2 * 2**30
    processes: int = 64
    open_files: int = 256
    file_bytes: int = 64 * 2**20
    disk_bytes: int = 128 * 2**20
    output_bytes: int = 2**20

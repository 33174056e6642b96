"""What a room may use before it is stopped, in one place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from autograder.errors import Problem
from autograder.sandbox import words

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

    @classmethod
    def differing(cls, numbers: Mapping[str, float]) -> Limits:
        """Return the ordinary limits but for those given by their names, as a course sets them.

        Raises Problem where a name is none of theirs, or a value no number above 0.
        """
        if not isinstance(numbers, Mapping):
            raise Problem(words.LIMITS_HAVE_NO_NAMES.format(value=repr(numbers)))
        ordinary = asdict(cls())
        for name, number in numbers.items():
            if name not in ordinary:
                listed = ", ".join(ordinary)
                raise Problem(words.NO_SUCH_LIMIT.format(name=name, known=listed))
            if not isinstance(number, int | float) or not 0 < number < math.inf:
                raise Problem(words.LIMIT_IS_NO_NUMBER.format(name=name, value=repr(number)))
        # A memory of 4e9 bytes is a whole number all the same.
        return cls(**{name: type(ordinary[name])(number) for name, number in numbers.items()})

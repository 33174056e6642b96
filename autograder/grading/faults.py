"""Which errors are one submission's, which are the machine's or the course's, and what is said."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from nbgrader.api import MissingEntry
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from autograder.errors import (
    GO_ON,
    LAST_ERROR,
    JudgeEnded,
    NotGraded,
    Problem,
    defect,
    keep_trace,
    place_of,
    trace_of,
)
from autograder.grading import memory
from autograder.grading.records import Grade, Submission
from autograder.hooks.gradebooks import first_line
from autograder.sandbox import SandboxUnavailable

FULL = (errno.ENOSPC, errno.EDQUOT)
# What SQLite and PostgreSQL (`lock_not_available`, `disk_full`) call these.
LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, "55P03")
DATABASE_FULL = (sqlite3.SQLITE_FULL, "53100")
# With these, no other submission would fare better.
MACHINE = (*FULL, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM)


# What a submission may bring about as well as the machine: it is tried once more, and then a task
# without anybody's code tells which of the two it was.
EITHER = (SandboxUnavailable, JudgeEnded, MemoryError, RecursionError)


def is_worth_another_try(error: Exception) -> bool:
    """Say whether the same submission may fare better the second time."""
    return isinstance(error, EITHER) and not is_machines(error)


def is_machines(error: Exception) -> bool:
    """Say whether it is known without another try that the machine is in the way."""
    return isinstance(error, MemoryError) and memory.is_full()


def not_judged(submission: Submission, error: Exception) -> Grade:
    """Return the outcome of a submission that failed twice where a task without its code did
    not."""
    if isinstance(error, (MemoryError, RecursionError)):
        reason = "something in it is nested too deep or takes too much memory"
    elif isinstance(error, JudgeEnded):
        reason = "the process that judged it ended both times"
    else:
        reason = f"no room can be built for it ({str(error).rstrip('.')})"
    return Grade(submission, problem=f"It could not be judged: {reason}.", entered=False)


def left_ungraded(submission: Submission, error: Exception) -> Grade:
    """Return the outcome of a submission that stays as it was; raises what stops the others as
    well."""
    trace = ""
    if isinstance(error, NotGraded):
        problem, trace = str(error), error.trace
    elif isinstance(error, MissingEntry):
        problem = f"The gradebook does not know it: {error}."
    elif _stops_all(error):
        raise error
    elif isinstance(error, OSError):
        problem = f"{_said(error)}: mend that and run this again."
    elif isinstance(error, DBAPIError):
        problem = f"The gradebook refuses it: {first_line(error)}."
    else:
        problem = defect(type(error).__name__, str(error), place_of(error))
        trace = trace_of(error)
    if trace:
        problem += f" The whole error is in {LAST_ERROR}."
    return Grade(submission, problem=problem, entered=False, trace=trace)


class Traces:
    """Keeps the tracebacks of one run for whoever maintains the course, each of them once."""

    def __init__(self, root: Path):
        self._root = root
        self._seen: set[str] = set()

    def keep(self, about: str, trace: str) -> None:
        """Add a traceback to the file; the first of a run takes the place of the last run's.

        A file that cannot be written is no reason to stop grading.
        """
        if trace in self._seen:
            return
        keep_trace(self._root, f"{about}:\n{trace}", more=bool(self._seen))
        self._seen.add(trace)


def _stops_all(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in MACHINE
    if isinstance(error, DBAPIError):
        return not isinstance(error, (DataError, IntegrityError))
    return isinstance(error, (Problem, *EITHER))


def machine_problem(
    error: DBAPIError | OSError | MemoryError | RecursionError | JudgeEnded,
) -> Problem:
    """Return what to say of an error that is no submission's fault."""
    if isinstance(error, (MemoryError, RecursionError)):
        return Problem(f"The memory is full: take fewer --workers, {GO_ON}")
    if isinstance(error, JudgeEnded):
        return Problem(str(error))
    if isinstance(error, OSError):
        remedy = "make room on the disk" if error.errno in FULL else "mend that"
        return Problem(f"{_said(error)}: {remedy}, {GO_ON}")
    reason = first_line(error)
    code = _code_of(error)
    remedy = "mend that"
    if code in LOCKED:
        remedy = "close what else has it open"
    elif code in DATABASE_FULL:
        remedy = "make room on the disk"
    return Problem(f"The gradebook cannot be used: {reason}. Please {remedy}, {GO_ON}")


def _code_of(error: DBAPIError) -> int | str | None:
    """Return what the driver calls an error, None where it does not say."""
    number = getattr(error.orig, "sqlite_errorcode", None)
    if number is not None:
        # The last byte of SQLite's number is the kind of error, the others say more of it.
        return number & 0xFF
    return getattr(error.orig, "sqlstate", None)


def _said(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason

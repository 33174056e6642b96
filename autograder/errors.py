"""The exceptions of this project, and who is told what by them.

    Problem                      something the user can mend: one sentence, exit status 2
    UnreadableFile               why a file cannot be taken for a notebook: its student gets a zero
    NotGraded                    why one submission is left for another time; the others go on
    Defect                       the same as a traceback, where `autograder --debug` asks for it
    SandboxUnavailable           no room can be built on this machine: nobody is graded
    JudgeEnded                   the process that judged a submission is gone: it is tried again
    Lost                         a room's process is gone; its cell is marked, the rest is graded

Some are defined where they must be: `course.check.CheckFailed` and `NotAttempted`, which a student
sees, in the package that a student has; `WireError`, `Closed` and `NotPlain` in
`autograder.sandbox.wire` and `CannotBuild` in `autograder.sandbox.inside.walls`, which are loaded
by their paths inside a room, where nothing of this package is.
"""

from __future__ import annotations

import os
import sysconfig
import traceback
from pathlib import Path

GO_ON = "and run this again: it goes on where it stopped."


PROJECT = Path(__file__).parents[1]
# Code that somebody else wrote; what is neither there nor in this package is the course's.
LIBRARIES = tuple(sysconfig.get_path(name) + os.sep for name in ("stdlib", "purelib", "platlib"))


def defect(kind: str, text: str, place: str = "") -> str:
    """Say what an exception is that neither a student nor the machine can have caused.

    place  where it was raised, as `place_of` says it, or ""
    """
    where = f" in {place}" if place else ""
    sentence = " ".join(f"{kind}: {text}".split()).rstrip(".")
    return f"A defect of the course or its settings{where}: {sentence}."


def place_of(error: BaseException) -> str:
    """Name the last line of the course's own code that an exception went through, or ""."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        for package in ("autograder", "course"):
            if frame.filename.startswith(f"{PROJECT / package}{os.sep}"):
                name = os.path.relpath(frame.filename, PROJECT)
                return f"{name}, line {frame.lineno}"
        if os.path.isabs(frame.filename) and not frame.filename.startswith(LIBRARIES):
            return f"{os.path.basename(frame.filename)}, line {frame.lineno}"
    return ""


def trace_of(error: BaseException) -> str:
    """Return the whole traceback of an exception, for whoever maintains the course."""
    return "".join(traceback.format_exception(error))


class Problem(Exception):
    """Something the user can mend; the message is one clear sentence. Exit status 2."""


class UnreadableFile(Exception):
    """Why a file cannot be taken for a notebook: the end of a sentence that starts with its name.

    It quotes nothing of the file, which may be a link to somebody else's.
    """


class NotGraded(Exception):
    """Why a submission is left for another time: one sentence. It costs its student nothing.

    `trace` is the whole traceback where a defect of the course is the reason, else "".
    """

    def __init__(self, sentence: str, trace: str = ""):
        super().__init__(sentence)
        self.trace = trace


class Defect(Exception):
    """A defect of the course, raised for `autograder --debug`; the message is its traceback."""


class SandboxUnavailable(RuntimeError):
    """A room cannot be built on this machine; one sentence says why and how to mend it."""


class JudgeEnded(RuntimeError):
    """The process that judges has ended beneath a submission, for whatever reason."""


class Lost(Exception):
    """A room's process is gone, or has no time left.

    `timed_out`: the outside ended it for being slow, and `why` it says so: it "computed", or it
    "slept", or the "notebook" had no time left. `blameless`: the warm process ended first.
    """

    def __init__(self, timed_out: bool, why: str = ""):
        super().__init__("the room is lost")
        self.timed_out = timed_out
        self.why = why
        self.blameless = False

"""The exceptions of this project, and who is told what by them.

    Problem                      something the user can mend: one sentence, exit status 2
    UnreadableFile               why a file cannot be taken for a notebook: its student gets a zero
    NotGraded                    why one submission is left for another time; the others go on
    SandboxUnavailable           no room can be built on this machine: nobody is graded
    JudgeEnded                   the process that judged a submission is gone: it is tried again
    Lost                         a room's process is gone; its cell is marked, the rest is graded

Some are defined where they must be: `course.check.CheckFailed` and `NotAttempted`, which a student
sees, in the package that a student has; `WireError`, `Closed` and `NotPlain` in
`autograder.sandbox.wire` and `CannotBuild` in `autograder.sandbox.inside.walls`, which are loaded
by their paths inside a room, where nothing of this package is.
"""

from __future__ import annotations

GO_ON = "and run this again: it goes on where it stopped."


def defect(kind: str, text: str) -> str:
    """The sentence for an exception that neither a student nor the machine can have caused."""
    return "A defect of the course or its settings: " + " ".join(f"{kind}: {text}".split())


class Problem(Exception):
    """Something the user can mend; the message is one clear sentence. Exit status 2."""


class UnreadableFile(Exception):
    """Why a file cannot be taken for a notebook: the end of a sentence that starts with its name.

    It quotes nothing of the file, which may be a link to somebody else's.
    """


class NotGraded(Exception):
    """Why a submission is left for another time: one sentence. It costs its student nothing."""


class SandboxUnavailable(RuntimeError):
    """A room cannot be built on this machine; one sentence says why and how to mend it."""


class JudgeEnded(RuntimeError):
    """The process that judges has ended beneath a submission, for whatever reason."""


class Lost(Exception):
    """A room's process is gone, or has no time left.

    `timed_out`: the outside ended it for being slow, and `why` it says so: it "computed", or it
    "slept", or the "notebook" had no time left. `blameless`: the warm process ended first.
    """

    def __init__(self, timed_out, why=""):
        super().__init__("the room is lost")
        self.timed_out = timed_out
        self.why = why
        self.blameless = False

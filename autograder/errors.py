"""The exceptions of this project, and who is told what by them.

    BaseException                    no `except Exception` of a student or a reference stops them
    ├── TimeIsUp                     a check in the notebook has computed for too long
    ├── _Over                        a trial has asked all that its stand-ins may be asked
    └── Exception
        ├── Problem                  something the user can mend: one sentence, exit status 2
        ├── UnreadableFile           why a file is no notebook: its student gets a zero
        ├── NotGraded                why one submission is left for another time; the others go on
        ├── Defect                   the same as a traceback, where `autograder --debug` asks for it
        ├── Lost                     a room's process is gone: its cell is marked, the rest graded
        ├── Ended                    a copy of a room has ended: what was tried there counts no more
        ├── _NoAnswer                a function gave no value where a property asked it
        ├── ClickException
        │   └── Sentence             what the command says on stderr before it ends with status 2
        ├── AssertionError
        │   └── CheckFailed          what a check found: a student reads its words
        │       └── NotAttempted     what it found is the line that came with the notebook
        ├── RuntimeError
        │   ├── SandboxUnavailable   no room can be built on this machine: nobody is graded
        │   ├── JudgeEnded           the process that judged a submission is gone: it is tried again
        │   └── CannotBuild          which wall of a room is missing, and how to mend it
        ├── ValueError
        │   ├── NotPlain             a value of a student's that no wire carries
        │   └── WireError            what came over a wire is no frame: its room is ended
        └── OSError
            └── ConnectionError
                └── Closed           the other end of a wire is gone

What several parts raise or catch is defined here. The others are defined where they must be:
`TimeIsUp`, `CheckFailed` and `NotAttempted` in `course.check`, in the package that a student has;
`WireError`, `Closed` and `NotPlain` in `autograder.sandbox.wire` and `CannotBuild` in
`autograder.sandbox.inside.walls`, which are loaded by their paths inside a room, where nothing of
this package is; `Ended`, `_Over`, `_NoAnswer` and `Sentence` in the only module that needs them.
"""

from __future__ import annotations

import os
import re
import sysconfig
import traceback
from collections.abc import Iterable
from pathlib import Path

GO_ON = "and run this again: it goes on where it stopped."
# In a course folder: what a defect of the course is, in full.
LAST_ERROR = Path(".autograder") / "last-error.txt"

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
    frames = traceback.extract_tb(error.__traceback__)
    return _last_of_ours((frame.filename, str(frame.lineno)) for frame in frames)


def place_in(trace: str) -> str:
    """Name the same line by the text of a traceback, of an exception in another process."""
    return _last_of_ours(re.findall(r'^  File "(.+)", line (\d+)', trace, re.MULTILINE))


def _last_of_ours(places: Iterable[tuple[str, str]]) -> str:
    """Name the last of (file, line) whose file is the course's own, or ""."""
    for file, line in reversed(list(places)):
        for package in ("autograder", "course"):
            if file.startswith(f"{PROJECT / package}{os.sep}"):
                return f"{os.path.relpath(file, PROJECT)}, line {line}"
        if os.path.isabs(file) and not file.startswith(LIBRARIES):
            return f"{os.path.basename(file)}, line {line}"
    return ""


def trace_of(error: BaseException) -> str:
    """Return the whole traceback of an exception, for whoever maintains the course."""
    return "".join(traceback.format_exception(error))


def keep_trace(folder: Path, trace: str, more: bool = False) -> bool:
    """Write a traceback to LAST_ERROR in a course folder, and say whether that could be done.

    more  add it to what is there, which it replaces otherwise
    """
    path = folder / LAST_ERROR
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("a" if more else "w", encoding="utf-8") as file:
            file.write(f"{trace}\n")
    except OSError:
        return False
    return True


class Problem(Exception):
    """Something the user can mend; the message is one clear sentence. Exit status 2."""


def no_such_notebook(name: str, known: Iterable[str]) -> Problem:
    """Say that nothing here has the name that somebody typed, and which names there are."""
    listed = ", ".join(known) or "none"
    return Problem(f"There is no notebook {name} here; known are: {listed}.")


class UnreadableFile(Exception):
    """Why a file cannot be taken for a notebook: a sentence with gaps, {name} among them.

    It quotes nothing of the file, which may be a link to somebody else's.
    """

    def __init__(self, sentence: str, **gaps: object):
        super().__init__(sentence)
        self.sentence, self.gaps = sentence, gaps

    def about(self, name: object) -> str:
        """Return the sentence about the file of this name."""
        return self.sentence.format(name=name, **self.gaps)


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

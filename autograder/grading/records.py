"""What grading speaks of: a submission, and the grade it got."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto


@dataclass(frozen=True, order=True)
class Submission:
    """What one student handed in for one assignment."""

    assignment: str
    student: str


@dataclass(frozen=True)
class HandedIn:
    """What lies in `submitted/`, in order, and a sentence for each folder that cannot be opened."""

    submissions: list[Submission]
    unopened: list[str] = field(default_factory=list)


class Reason(Enum):
    """Why a submission has to be graded; what is said of each stands where it is said."""

    FORCED = auto()
    NEW = auto()
    HANDED_IN_AGAIN = auto()
    CHECKS = auto()
    RELEASE = auto()
    DUE_DATE = auto()
    LATE_PENALTY = auto()
    UNFINISHED = auto()


@dataclass(frozen=True)
class Waiting:
    """What has to be graded.

    reasons  why, by submission
    refused  what could not be graded before and has not changed, with the reason
    foreign  the assignments that the judge has nothing to do with, with the reason: they stop
             nobody else
    """

    reasons: dict[Submission, Reason]
    refused: dict[Submission, str] = field(default_factory=dict)
    foreign: dict[str, str] = field(default_factory=dict)

    @property
    def submissions(self) -> list[Submission]:
        """Return the submissions, in order."""
        return list(self.reasons)


@dataclass(frozen=True)
class Grade:
    """What grading a submission came to.

    score, max_score  as the gradebook has them, late penalties and manual points included
    penalty           what being late costs
    waiting           the points of what waits for a person to mark it
    exercises         the rows of `check --json`
    repairs           what was put right before grading
    stopped           how many cells and functions were stopped for time
    missing           packages that a cell imports and that are not installed on this machine
    problem           why it could not be graded, or ""
    entered           True if the gradebook has a score for it (an unreadable file has the score 0);
                      False if grading was postponed
    trace             the traceback where a defect of the course is the reason, or ""
    """

    submission: Submission
    score: float = 0.0
    max_score: float = 0.0
    penalty: float = 0.0
    waiting: float = 0.0
    exercises: list[dict] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    stopped: int = 0
    missing: tuple[str, ...] = ()
    problem: str = ""
    entered: bool = True
    trace: str = ""

    def as_json(self) -> dict:
        """Make the line that `grade --json` prints."""
        return {
            "student": self.submission.student,
            "assignment": self.submission.assignment,
            "score": self.score if self.entered else None,
            "max_score": self.max_score if self.entered else None,
            "exercises": self.exercises,
            **({"late_penalty": self.penalty} if self.penalty else {}),
            **({"waiting": self.waiting} if self.waiting else {}),
            **({"repairs": self.repairs} if self.repairs else {}),
            **({"problem": self.problem} if self.problem else {}),
        }

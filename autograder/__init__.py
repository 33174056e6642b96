"""What only an instructor has: the references, the checks, and the judge that puts them together.

`check` is what a graded cell's hidden test calls. It runs in this process and raises where the
answer is not right; judged by `autograder grade`, the same line is never executed, but read.
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["check"]


def check(id: str, function: Callable, seed: int = 0) -> None:
    """Judge `function` as the answer to exercise `id`, as in "01.surprise".

    seed  draws the cases
    Raises CheckFailed with a message for the student where the verdict is not `right`.
    """
    from autograder.exercises import exercise
    from autograder.judge import InProcess, judge
    from autograder.shortcuts import source_around
    from course.checking import CheckFailed, NotAttempted

    verdict = judge(exercise(id), InProcess(function), seed, source_around(function))
    if verdict.verdict == "not attempted":
        raise NotAttempted(verdict.message)
    if not verdict.right:
        raise CheckFailed(f"{verdict.verdict}: {verdict.message}")

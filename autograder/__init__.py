"""What only an instructor has: the references, the checks, and the judge that puts them together.

`check` is what a graded cell's hidden test calls. It runs in this process and raises where the
answer is not right; judged by `autograder grade`, the same line is never executed, but read.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable

__all__ = ["__version__", "check"]


def __getattr__(name: str) -> str:
    """Return the version, which is the course's: importing that takes a while, and few ask."""
    if name == "__version__":
        from course import __version__

        return __version__
    raise AttributeError(f"module 'autograder' has no attribute {name!r}")


def check(id: str, function: Callable, seed: int = 0) -> None:
    """Judge `function` as the answer to exercise `id`, as in "01.surprise".

    seed  draws the cases
    Raises CheckFailed with a message for the student where the verdict is not `right`.
    """
    from autograder.exercises import exercise
    from autograder.judge.trial import InProcess
    from autograder.judge.verdicts import judge
    from course.check import CheckFailed, NotAttempted
    from course.kinds import VerdictKind
    from course.words import title

    verdict = judge(exercise(id), InProcess(function), seed, _source_around(function))
    if verdict.verdict is VerdictKind.NOT_ATTEMPTED:
        raise NotAttempted(verdict.message)
    if not verdict.right:
        raise CheckFailed(f"{title(verdict.verdict)}: {verdict.message}")


def _source_around(function: Callable) -> str:
    """Return the text that defines `function`: the cells of this IPython session, or its file.

    It is "" where neither is known.
    """
    if getattr(function, "__module__", None) == "__main__":
        try:
            from IPython import get_ipython

            return "\n\n".join(get_ipython().user_ns["In"])
        except (AttributeError, ImportError, KeyError):
            return ""
    module = inspect.getmodule(function)
    try:
        return inspect.getsource(module) if module else ""
    except (OSError, TypeError):
        return ""

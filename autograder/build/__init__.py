"""From `source/` to `release/`, and the proof that the checks of a notebook are right."""

from autograder.build.proof import build

__all__ = ["build"]

"""Rooms for tests that say nothing of what they need: everything is ready there."""

from pathlib import Path

import course
from autograder.exercises import NOTEBOOKS
from autograder.run.sandboxes import Needs, course_sandbox
from autograder.sandbox import PACKAGES, Limits, Sandbox
from autograder.sandbox.warm import modules_of


def sandbox_with_everything(isolation: str = "walls", limits: Limits = Limits()) -> Sandbox:
    """Return a sandbox that has ready what any notebook may need."""
    modules = frozenset([*PACKAGES, *modules_of(Path(course.__file__).parent)])
    numbers = frozenset(name[:2] for name in NOTEBOOKS)
    return course_sandbox(isolation, limits, Needs(modules, numbers))

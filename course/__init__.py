"""What a student of From Surprise to Autograd imports.

`check` puts a function beside the numbers of a notebook, `hint` gives one more hint, `verdict` asks
the hidden checks where they are installed, `progress` says how far you are, `solution` helps who
has tried, and `plots` holds the pictures; it is imported when it is first used, so that
`import course` stays quick.
"""

from importlib import import_module
from types import ModuleType

from course.check import check
from course.hint import hint
from course.progress import progress
from course.verdict import solution, verdict

__all__ = ["check", "hint", "plots", "progress", "solution", "verdict"]
__version__ = "0.2.0"


def __getattr__(name: str) -> ModuleType:
    if name == "plots":
        return import_module("course.plots")
    raise AttributeError(f"module 'course' has no attribute {name!r}")

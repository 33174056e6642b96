"""What a student of From Surprise to Autograd imports.

`check` puts a function beside the numbers of a notebook, `hint` gives one more hint, and `plots`
and `data` hold the pictures and the small data sets. `plots` is imported when it is first used, so
that `import course` stays quick.
"""

from importlib import import_module

from course.checking import check
from course.hints import hint

__all__ = ["check", "data", "hint", "plots"]


def __getattr__(name: str):
    if name in ("plots", "data"):
        return import_module(f"course.{name}")
    raise AttributeError(f"module 'course' has no attribute {name!r}")

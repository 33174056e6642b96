"""Rooms for student code: forked from a warm interpreter, walled off, limited and timed.

    with Sandbox(readable=["course"]) as sandbox:
        with sandbox.open({"data.csv": b"..."}) as room:
            room.run("def double(x):\\n    return 2 * x")
            room.probe("double", [((3,), {}), ((np.ones(2),), {})])

The package knows nothing of references, exercises or grades: values go in, claims come out.
"""

from autograder.errors import SandboxUnavailable
from autograder.sandbox.limits import Isolation, Limits
from autograder.sandbox.plain import linux_means
from autograder.sandbox.room import Ran, Room
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.warm import PACKAGES
from autograder.sandbox.wire import Answer

__all__ = [
    "PACKAGES",
    "Answer",
    "Isolation",
    "Limits",
    "Ran",
    "Room",
    "Sandbox",
    "SandboxUnavailable",
    "linux_means",
]

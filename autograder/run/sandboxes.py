"""The rooms of the course: what notebooks need there, and sandboxes that have it ready."""

from __future__ import annotations

import atexit
import re
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import course
from autograder.judge.shortcuts import watched_names
from autograder.run.stand_in_answers import answering_processes
from autograder.sandbox import PACKAGES, Isolation, Limits, Sandbox
from autograder.sandbox.warm import modules_of

# What names a module, where that is not its own name. PyTorch's compiler, which takes as long to
# import as all the rest of it, is imported by the first step of an optimiser.
NAMED_BY = {
    "torch._dynamo": ("optim", "compile"),
    "torch.func": ("func", "vmap"),
    "matplotlib.pyplot": ("matplotlib",),
}


@dataclass(frozen=True)
class Needs:
    """What notebooks need of a room.

    modules  to be imported before it is opened; a room imports the others when it needs them
    numbers  of the notebooks whose forbidden functions are watched, such as "01"
    """

    modules: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, sources: Iterable[str], numbers: Iterable[str]) -> Needs:
        """Return the needs of notebooks of these numbers, in whose code cells these sources
        stand."""
        text = "\n".join(sources)
        words = set(re.findall(r"\w+", text))
        packages = [
            name
            for name in PACKAGES
            if name.partition(".")[0] in text
            and any(word in text for word in NAMED_BY.get(name, (name.rpartition(".")[2],)))
        ]
        own = [name for name in _course_modules() if name.rpartition(".")[2] in words]
        return cls(frozenset([*packages, *own]), frozenset(numbers))

    def __or__(self, other: Needs) -> Needs:
        return Needs(self.modules | other.modules, self.numbers | other.numbers)

    def __le__(self, other: Needs) -> bool:
        return self.modules <= other.modules and self.numbers <= other.numbers

    def encode(self) -> dict[str, list[str]]:
        """Return the needs as plain data."""
        return {name: sorted(value) for name, value in asdict(self).items()}

    @classmethod
    def decode(cls, fields: dict[str, Any]) -> Needs:
        """Return the needs that `encode` made plain."""
        return cls(**{name: frozenset(value) for name, value in fields.items()})


@cache
def _course_modules() -> tuple[str, ...]:
    """Return the modules of `course`, by their dotted names."""
    return tuple(modules_of(Path(course.__file__).parent))


def course_sandbox(isolation: Isolation, limits: Limits, needs: Needs) -> Sandbox:
    """Return a sandbox whose rooms can import `course`; isolation is "walls" or "none".

    needs  of all notebooks that run there
    """
    modules = [name for name in (*PACKAGES, *_course_modules()) if name in needs.modules]
    readable = [Path(course.__file__).parent]
    return Sandbox(isolation, limits, readable, modules, watched_names(needs.numbers))


class Sandboxes:
    """The sandboxes of this process, for whatever is to run there.

    The first has ready what was said or asked first. Where that lacks something, another is made,
    which has all that was asked for so far. They end with this process.
    """

    def __init__(self) -> None:
        atexit.register(self.close)
        self._lock = threading.Lock()
        self._made: dict[tuple[Isolation, Limits], list[tuple[Needs, Sandbox]]] = {}

    def fitting(self, isolation: Isolation, limits: Limits, needs: Needs) -> Sandbox:
        """Return a sandbox that has ready what is needed; the references of its notebooks are ready
        as well."""
        with self._lock:
            made = self._made.setdefault((isolation, limits), [])
            for ready, sandbox in made:
                if needs <= ready:
                    return sandbox
            if made:
                needs |= made[-1][0]
            made.append((needs, course_sandbox(isolation, limits, needs)))
            answering_processes.start(needs.numbers)
            return made[-1][1]

    def close(self) -> None:
        """End them all."""
        with self._lock:
            for made in self._made.values():
                for _, sandbox in made:
                    sandbox.close()
            self._made.clear()


sandboxes = Sandboxes()

"""The owner of the warm process that rooms are forked from."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.errors import SandboxUnavailable
from autograder.sandbox.limits import Isolation, Limits
from autograder.sandbox.plain import PlainRooms, linux_means
from autograder.sandbox.room import Room
from autograder.sandbox.room_process import RoomProcess
from autograder.sandbox.warm import HERE, WarmProcess, site_folders


class Sandbox:
    """Owns the warm process that rooms are forked from; a context manager, safe for threads.

    `isolation` is "walls" or "none". `readable` are folders that rooms see read-only: a package
    can be imported by its name, what lies in any other folder as if it were on the path. The warm
    process starts at the first `open`, and again after it died or one of its packages changed.
    It imports `packages` before, modules of readable ones among them, and where none are named all
    that notebooks use and what is readable; a room imports the others when it needs them.
    `watched` are functions, classes and modules of libraries by their dotted paths, and what each
    is called where an answer says that it was entered.
    """

    def __init__(
        self,
        isolation: Isolation = "walls",
        limits: Limits = Limits(),
        readable: Iterable[Path | str] = (),
        packages: Iterable[str] | None = None,
        watched: Mapping[str, str] = {},
    ):
        if isolation not in ("walls", "none"):
            raise ValueError(f'isolation is "walls" or "none", not {isolation!r}')
        self.isolation = isolation
        self.limits = limits
        self._packages = None if packages is None else tuple(packages)
        self._watched = watched
        self._readable = [Path(path).resolve() for path in readable]
        names = [path.name for path in self._readable]
        if len(set(names)) < len(names):
            raise ValueError("two readable folders have the same name")
        self._lock = threading.Lock()
        self._warm: WarmProcess | PlainRooms | None = None
        self._retired: list[WarmProcess | PlainRooms] = []
        self._closed = 0

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def open(self, files: Mapping[str, bytes] = {}) -> Room:
        """Return a new room whose working folder holds `files`, by relative path.

        Raises SandboxUnavailable where this machine cannot build it, ValueError for a path that
        leads out of the folder.
        """
        closed = self._closed
        self._ready(look_for_changes=True)
        return Room(lambda: self._enter(closed), self.limits, files)

    def close(self) -> None:
        """End every room and the warm process. The sandbox may be used again afterwards."""
        with self._lock:
            self._closed += 1
            for warm in [*self._retired, self._warm]:
                if warm is not None:
                    warm.close()
            self._warm = None
            self._retired = []

    def _enter(self, closed: int) -> RoomProcess:
        if self._closed != closed:
            raise SandboxUnavailable("The sandbox was closed while the room was in use.")
        try:
            return self._ready().enter()
        except SandboxUnavailable:
            # The process may have ended between two rooms; a second failure is the machine's.
            if self._warm is not None and self._warm.alive():
                raise
            return self._ready().enter()

    def _ready(self, look_for_changes: bool = False) -> WarmProcess | PlainRooms:
        with self._lock:
            warm = self._warm
            stale = warm is not None and look_for_changes and warm.made_of != self._fingerprint()
            if warm is not None and (stale or not warm.alive()):
                self._retired.append(warm)
                self._warm = None
            for old in [old for old in self._retired if old.idle() or not old.alive()]:
                old.close()
                self._retired.remove(old)
            if self._warm is None:
                made_of = self._fingerprint()
                for path in self._readable:
                    if not path.is_dir():
                        raise SandboxUnavailable(f"The readable folder {path} does not exist.")
                self._warm = self._start(made_of)
            return self._warm

    def _start(self, made_of: object) -> WarmProcess | PlainRooms:
        if linux_means():
            return WarmProcess(
                self.isolation,
                self.limits,
                self._readable,
                self._packages,
                self._watched,
                made_of,
            )
        if self.isolation == "walls":
            raise SandboxUnavailable("Walls need Linux: grade on a Linux machine, or in WSL 2.")
        return PlainRooms(self.limits, self._readable, self._packages, self._watched, made_of)

    def _fingerprint(self) -> tuple[tuple[str, int | None], ...]:
        """Return what changes when a package is installed or a file of a readable folder or of ours
        edited."""
        paths = [Path(folder) for folder in site_folders()] + list(HERE.rglob("*.py"))
        for folder in self._readable:
            paths += [folder, *folder.rglob("*.py")]
        return tuple((str(path), _changed(path)) for path in paths)


def _changed(path: Path) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None

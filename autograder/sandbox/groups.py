"""A control group for each room, where this machine lets one be made.

The kernel then counts the memory of a room as a whole, at once, and what is ended when it is too
much is in the room. Elsewhere the warm process looks at it ten times a second. Both hierarchies of
the kernel are known, the old one and the unified one. A machine without either, or one on which
they cannot be written, is no worse off than before: nothing is said.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path

from autograder.sandbox.clock import process_of
from autograder.sandbox.limits import Limits

# A room's process shares the pages of the warm one until it writes to them.
COPIED_BYTES = 256 * 2**20
PREFIX = "autograder-"
MEMORY_FILES = ("memory.max", "memory.limit_in_bytes")
_numbers = count()


class Group:
    """The control group of one room; `place` is its folder, or None where there is none."""

    def __init__(self, descriptor: int, limits: Limits):
        """Put the process of a descriptor, the first one of a room, into a group of its own."""
        self.place: Path | None = None
        parent, process = parent_group(), process_of(descriptor)
        if parent is None or process is None:
            return
        place = parent / f"{PREFIX}{os.getpid()}-{next(_numbers)}"
        most = limits.memory_bytes + limits.disk_bytes + COPIED_BYTES
        try:
            place.mkdir()
            self.place = place
            _limit(place, most)
            (place / "cgroup.procs").write_text(str(process))
        except OSError:
            self.close()

    def close(self) -> None:
        """Remove the group, whose processes have ended."""
        if self.place is not None:
            with suppress(OSError):
                self.place.rmdir()
            self.place = None


@cache
def parent_group() -> Path | None:
    """Return where groups with a limit on memory can be made, or None."""
    try:
        mounts = Path("/proc/self/mountinfo").read_text()
        groups = Path("/proc/self/cgroup").read_text()
    except OSError:
        return None
    for folder in own_folders(mounts, groups):
        place = folder / f"{PREFIX}{os.getpid()}"
        try:
            place.mkdir()
        except OSError:
            continue
        try:
            _limit(place, 2**30)
        except OSError:
            continue
        finally:
            place.rmdir()
        _remove_leftovers(folder)
        return folder
    return None


def own_folders(mounts: str, groups: str) -> list[Path]:
    """Return the folders of a process's group for memory, in each hierarchy, and those around them:
    a group of the unified hierarchy that holds processes can have no others in it.

    mounts, groups  the texts of its `mountinfo` and its `cgroup` in /proc
    """
    paths = {}
    for line in groups.splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers or "memory" in controllers.split(","):
            paths["cgroup" if controllers else "cgroup2"] = path
    folders = []
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split()[:3]
        if kind in paths and (kind == "cgroup2" or "memory" in options.split(",")):
            root, mounted = before.split()[3:5]
            if ".." in Path(paths[kind]).parts or ".." in Path(root).parts:
                # It lies outside of what this process can see of the hierarchy.
                continue
            inside = os.path.relpath(paths[kind], root)
            own = Path(os.path.normpath(os.path.join(mounted, inside)))
            folders += [place for place in (own, own.parent) if place.is_relative_to(mounted)]
    return folders


def _limit(place: Path, memory_bytes: int) -> None:
    """Limit the memory of a group; OSError where it has no such limit."""
    name = next((name for name in MEMORY_FILES if (place / name).exists()), None)
    if name is None:
        raise FileNotFoundError(place / MEMORY_FILES[0])
    (place / name).write_text(str(memory_bytes))


def _remove_leftovers(folder: Path) -> None:
    """Remove the groups of processes that were killed before they could."""
    for place in folder.glob(f"{PREFIX}*"):
        process = place.name.removeprefix(PREFIX).partition("-")[0]
        if process.isdigit() and not os.path.exists(f"/proc/{process}"):
            with suppress(OSError):
                place.rmdir()

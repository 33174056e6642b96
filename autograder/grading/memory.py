"""How much memory this machine has left, asked when something could not get any.

A MemoryError says only that one wish was not met: Python's parser raises it for a text that is
nested too deep, NumPy for an array that no machine could hold. Whether the machine is full is
measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

# With less, the next process would not start.
ENOUGH_BYTES = 256 * 2**20


def is_full() -> bool:
    """Say whether hardly any memory is left to this process, on the machine or in its group."""
    return min(_left(), default=ENOUGH_BYTES) < ENOUGH_BYTES


def _left() -> Iterator[int]:
    """Yield the bytes that are left: the machine's, then those of each group this process is in."""
    for line in _read(Path("/proc/meminfo")).splitlines():
        if line.startswith("MemAvailable:"):
            yield 1024 * int(line.split()[1])
    for line in _read(Path("/proc/self/cgroup")).splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            yield from _left_in(Path("/sys/fs/cgroup"), path, "memory.max", "memory.current")
        elif "memory" in controllers.split(","):
            root = Path("/sys/fs/cgroup/memory")
            yield from _left_in(root, path, "memory.limit_in_bytes", "memory.usage_in_bytes")


def _left_in(root: Path, path: str, limit: str, used: str) -> Iterator[int]:
    place = root / path.lstrip("/")
    for group in [place, *place.parents]:
        if group.is_relative_to(root):
            most, now = _read(group / limit).strip(), _read(group / used).strip()
            if most.isdigit() and now.isdigit():
                # What files are cached in is given back where it is wanted.
                yield int(most) - int(now) + _cached(group)


def _cached(group: Path) -> int:
    fields = dict(line.split() for line in _read(group / "memory.stat").splitlines())
    return int(fields.get("inactive_file", 0))


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""

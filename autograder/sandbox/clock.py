"""How much a room computes, seen from outside, and when that is too much.

What counts is the processor time of the room's processes: it is the same however many rooms share
the machine. Behind it stands a limit on the time that passes, for what sleeps.
"""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

from autograder.sandbox import wire

# So many times the processor time that a request may take may pass before it is stopped.
PATIENCE = 4
# What is done sooner is not looked at: no limit is that short.
GLANCE = 0.25


class Meter:
    """Reads the processor time of a room's processes.

    descriptor  a descriptor of the room's first process, to which all that lose their parent go
    """

    def __init__(self, descriptor: int):
        self._process = process_of(descriptor)

    def seconds(self) -> float | None:
        """Return the processor time of all of them so far; None where this machine does not show
        it."""
        if self._process is None:
            return None
        total, waiting = 0.0, [self._process]
        while waiting:
            process = waiting.pop()
            used = _used(process)
            if used is None and process == self._process:
                return None
            total += used or 0.0
            waiting += _children(process)
        return total


def process_of(descriptor: int) -> int | None:
    """Return the id by which this process knows the one of a descriptor."""
    text = _read(Path(f"/proc/self/fdinfo/{descriptor}"))
    found = [line.split()[1] for line in text.splitlines() if line.startswith("Pid:")]
    return int(found[0]) if found and int(found[0]) > 0 else None


def _used(process: int) -> float | None:
    """Return its processor time and that of its children that have ended."""
    # A program's name, in parentheses, may hold anything.
    fields = _read(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") if len(fields) > 15 else None


def _children(process: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        found += map(int, _read(path).split())
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


class Watch:
    """Watches one request to a room.

    meter    of the room; without one, as on a system that shows no processor time, the time that
             passes counts
    seconds  of processor time that it may take
    """

    def __init__(self, meter: Meter | None, seconds: float):
        self._meter, self._seconds = meter, seconds
        self._started = time.monotonic()
        self.end = self._started + PATIENCE * seconds
        self._before: float | None = None
        self._computed = 0.0

    def wait(self, channel: socket.socket, alive: int | None) -> None:
        """Come back when the room replies or is dead; TimeoutError where that takes too long.

        alive  a descriptor that becomes readable when the room is dead; without one, the
               channel's end says so
        """
        watched = [(channel.fileno(), wire.READABLE)]
        if alive is not None:
            watched.append((alive, wire.READABLE))
        pause = min(GLANCE, self._seconds)
        while not wire.ready(watched, pause):
            left = self._seconds - self._look()
            now = time.monotonic()
            if left <= 0 or now >= self.end:
                raise TimeoutError("the time is up")
            # Its threads may compute on all cores.
            pause = max(min(left / (os.cpu_count() or 1), self.end - now), 0.02)

    @property
    def passed(self) -> float:
        """Return the seconds since the request."""
        return time.monotonic() - self._started

    @property
    def spent(self) -> float:
        """Return what the request counts: what it computed, or a part of the time it slept
        through."""
        passed = self.passed
        return passed if passed < GLANCE else max(self._look(), passed / PATIENCE)

    @property
    def slept(self) -> bool:
        """Tell whether it hardly computed: then nobody else at work has kept it from it."""
        return self._computed < self.passed / (5 * PATIENCE)

    def _look(self) -> float:
        """Return the processor time the request has taken, as far as it can be seen."""
        now = self._meter.seconds() if self._meter is not None else None
        if now is not None:
            if self._before is None:
                self._before = now - min(self.passed, GLANCE)
            self._computed = max(self._computed, now - self._before)
        elif self._before is None:
            # It has ended, or this machine does not show it: then the time that passes counts.
            self._computed = self.passed
        return self._computed

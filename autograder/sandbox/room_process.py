"""The process of one room: what it is asked, how long it is waited for, and how it ends."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from autograder.errors import Lost, SandboxUnavailable
from autograder.sandbox import wire
from autograder.sandbox.clock import Meter, Watch
from autograder.sandbox.groups import Group

OPEN_SECONDS = 30.0
# Of the processor, as a cell's limit is.
GRACE_SECONDS = 0.5
END_SECONDS = 5
# The fields of a reply, and why it came late, "" where it came in time.
Reply = tuple[tuple[Any, ...], str]


class Owner(Protocol):
    """Whatever rooms are forked from, or started by."""

    def alive(self) -> bool:
        """Tell whether rooms can still be opened."""

    def forget(self, child: RoomProcess) -> None:
        """Take note that a room has ended."""


class RoomProcess:
    """The process of one room. Every byte from it is taken as a claim of the student's code."""

    def __init__(
        self,
        owner: Owner,
        pid: int | None,
        descriptor: int | None,
        channel: socket.socket,
        folder: str | None,
        group: Group | None = None,
    ):
        self.owner = owner
        self._pid = pid
        self._descriptor = descriptor
        self._channel = channel
        self._folder = folder
        self._open = True
        self._parted: str | None = None
        self._meter = Meter(descriptor) if descriptor is not None else None
        self._group = group
        self.spent = 0.0

    def wait_ready(self) -> None:
        """Wait until the room can be asked. Raises SandboxUnavailable where it cannot be built."""
        try:
            reply = wire.receive(
                self._channel, 2**16, time.monotonic() + OPEN_SECONDS, self._descriptor
            )
        except (wire.WireError, wire.Closed, TimeoutError):
            reply = ("failed", "The process of a room ended before it was ready.")
        if reply != ("ready",):
            text = reply[1] if type(reply) is tuple and len(reply) == 2 else reply
            raise SandboxUnavailable(wire.printable(text))

    def ask(
        self,
        verb: str,
        *arguments: object,
        seconds: float,
        max_bytes: int,
        handed: socket.socket | None = None,
    ) -> Reply:
        """Return the room's reply, and why it came only after an interrupt, "" where it came in
        time.

        `seconds` of processor time are there for it, and `spent` of them it took, as `Watch` counts
        them. Then the process is interrupted, and killed after GRACE_SECONDS more. Raises Lost
        where it died, was killed, or answered anything but this request; Ended where it was a copy
        that ended and the room itself goes on. `handed` is a socket that the request hands over.
        """
        number = _new_number()

        def send(deadline: float) -> None:
            wire.send(self._channel, (number, verb, *arguments), deadline)
            if handed is not None:
                socket.send_fds(self._channel, [b"."], [handed.fileno()])

        return self._hear(number, seconds, max_bytes, send)

    def ask_each(
        self, calls: Sequence[np.ndarray], seconds: Callable[[], float], max_bytes: int
    ) -> Generator[Reply, None, None]:
        """Yield what `ask` would return for one call of the chosen function after the other.

        They are sent together, which takes a third of the time, and each is waited for by itself.
        Where one comes too late, or nobody waits for the next, the others are not made.

        calls    arrays of bytes, each the encoded (args, kwargs) of a call
        seconds  gives the seconds of processor time that are there for the next call
        """
        number = _new_number()
        left = len(calls)

        def send(deadline: float) -> None:
            wire.send(self._channel, (number, "calls", calls), deadline)

        under_way, why = False, ""
        first: Callable[[float], None] | None = send
        try:
            while left and not why:
                under_way = False
                reply, why = self._hear(number, seconds(), max_bytes, first)
                under_way, first, left = True, None, left - 1
                yield reply, why
        finally:
            if under_way and left and self._open:
                self._stop_calls(number, left, max_bytes, interrupted=bool(why))

    def _stop_calls(self, number: str, left: int, max_bytes: int, interrupted: bool) -> None:
        """See that the calls that are left are not made, or end the room."""
        try:
            if not interrupted:
                self._interrupt()
            last, reply = Watch(self._meter, GRACE_SECONDS), None
            # What was being called when the interrupt came still has its reply.
            while left and reply != (number,):
                last.wait(self._channel, self._descriptor)
                reply = wire.receive(self._channel, max_bytes, last.end, self._descriptor)
                if type(reply) is not tuple or not reply or reply[0] != number:
                    raise wire.WireError("no reply to a call")
                left -= 1
        except (OSError, wire.Closed, wire.WireError):
            self.kill()

    def _hear(
        self, number: str, seconds: float, max_bytes: int, send: Callable[[float], None] | None
    ) -> Reply:
        """Return the next reply to a request, and why it came late; see `ask`.

        send  sends the request before that; None where it is under way
        """
        watch = Watch(self._meter, seconds)
        why = ""
        try:
            try:
                if send is not None:
                    send(watch.end)
                watch.wait(self._channel, self._descriptor)
                reply = wire.receive(self._channel, max_bytes, watch.end, self._descriptor)
            except TimeoutError:
                why = "slept" if watch.slept else "computed"
                self._interrupt()
                # On a busy machine it may wait for its turn to be interrupted.
                last = Watch(self._meter, GRACE_SECONDS)
                last.wait(self._channel, self._descriptor)
                reply = wire.receive(self._channel, max_bytes, last.end, self._descriptor)
        except (OSError, wire.Closed, wire.WireError):
            # Also where another thread has closed the sandbox meanwhile.
            self.spent = watch.spent
            self.kill()
            raise Lost(bool(why), why) from None
        self.spent = watch.spent
        if self._parted is not None and reply == (self._parted,):
            self._parted = None
            raise Ended
        if type(reply) is not tuple or not reply or reply[0] != number:
            self.kill()
            raise Lost(bool(why), why)
        return reply[1:], why

    def part(self) -> None:
        """Let the room go on in a copy of itself, which answers from now on; see `rejoin`."""
        self._parted = os.urandom(16).hex()
        try:
            deadline = time.monotonic() + END_SECONDS
            wire.send(self._channel, (self._parted, "part"), deadline)
        except (OSError, wire.Closed):
            self.kill()
            raise Lost(False) from None

    def rejoin(self) -> None:
        """End the copy; the room itself answers again. Raises Lost where it does not."""
        if self._parted is None:
            return
        try:
            self.ask("leave", seconds=END_SECONDS, max_bytes=2**16)
        except Ended:
            return
        # Only the room itself can say that its copy has ended.
        self.kill()
        raise Lost(False)

    def kill(self) -> None:
        """End every process of the room and remove its folder."""
        if not self._open:
            return
        self._open = False
        self._channel.close()
        self._end()
        remove(self._folder)
        self.owner.forget(self)

    def _interrupt(self) -> None:
        assert self._descriptor is not None
        signal.pidfd_send_signal(self._descriptor, signal.SIGINT)

    def _end(self) -> None:
        assert self._descriptor is not None and self._group is not None
        try:
            # Without walls the session goes first; with them the first process takes all along.
            if self._pid is not None and not _has_ended(self._descriptor):
                os.killpg(self._pid, signal.SIGKILL)
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        _has_ended(self._descriptor, END_SECONDS)
        self._group.close()
        os.close(self._descriptor)


class Ended(Exception):
    """The copy of a room has ended."""


def _new_number() -> str:
    """Return a number that cannot be foreseen: what a leftover thread sends is not taken for a
    reply."""
    return os.urandom(16).hex()


def temporary_folder(prefix: str, inside: Path | None = None) -> str:
    """Make a temporary folder. Raises SandboxUnavailable where none can be made."""
    try:
        return tempfile.mkdtemp(prefix=prefix, dir=inside)
    except OSError as problem:
        raise SandboxUnavailable(f"No temporary folder can be made: {problem.strerror}.") from None


def remove(folder: Path | str | None) -> None:
    """Remove a folder with all that is in it, as far as that can be done."""
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def _has_ended(descriptor: int, seconds: float = 0) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(1000 * seconds))

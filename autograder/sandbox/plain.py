"""A room on systems without Linux's means: one process that is started for it, under the clock.

It is for the code of whoever sits at the machine. There are no walls, no limits but those on time,
and no warm process: the packages are imported for each room anew.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from autograder.errors import SandboxUnavailable
from autograder.sandbox import wire
from autograder.sandbox.limits import Limits
from autograder.sandbox.room_process import (
    END_SECONDS,
    OPEN_SECONDS,
    RoomProcess,
    remove,
    temporary_folder,
)
from autograder.sandbox.warm import HIDDEN, INSIDE, PACKAGES, environment, site_folders

# Whatever of Linux the warm process needs; others lack some of it, Windows all.
NEEDED = (
    (os, "fork"),
    (os, "pidfd_open"),
    (signal, "pidfd_send_signal"),
    (socket, "SOCK_SEQPACKET"),
    (socket, "recv_fds"),
)


def linux_means() -> bool:
    """Tell whether this system has what warm processes are made of."""
    return all(hasattr(module, name) for module, name in NEEDED)


class PlainRooms:
    """Starts the process of each room; stands in the place of a warm process.

    `made_of` is whatever tells its owner when to replace it.
    """

    def __init__(
        self,
        limits: Limits,
        readable: Sequence[Path],
        packages: Iterable[str] | None,
        watched: Mapping[str, str],
        made_of: object,
    ):
        self.made_of = made_of
        self._rooms: set[PlainRoom] = set()
        self._settings = {
            "packages": [
                name
                for name in (PACKAGES if packages is None else packages)
                if name.partition(".")[0] not in {path.name for path in readable}
            ],
            "modules": {
                "wire": wire.__file__,
                **{
                    name: str(INSIDE / f"{name}.py")
                    for name in ("shell", "child", "stand_ins", "witness")
                },
            },
            "paths": list(dict.fromkeys(str(path.parent) for path in readable)),
            "watched": dict(watched),
            "libraries": [*site_folders(), *map(str, readable)],
            "hidden_package": HIDDEN.name,
            "output_bytes": limits.output_bytes,
        }

    def alive(self) -> bool:
        """Tell whether rooms can be opened; there is nothing that could have ended."""
        return True

    def idle(self) -> bool:
        """Tell whether no room is open."""
        return not self._rooms

    def enter(self) -> PlainRoom:
        """Return a new process, ready for requests. Raises SandboxUnavailable."""
        folder = temporary_folder("room-")
        try:
            room = PlainRoom(self, folder, *self._start(folder))
        except BaseException:
            remove(folder)
            raise
        self._rooms.add(room)
        try:
            room.wait_ready()
        except BaseException:
            room.kill()
            raise
        return room

    def forget(self, room: RoomProcess) -> None:
        """Take note that a room has ended."""
        self._rooms.discard(room)

    def close(self) -> None:
        """End every room."""
        for room in list(self._rooms):
            room.kill()

    def _start(self, folder: str) -> tuple[subprocess.Popen[bytes], socket.socket]:
        # What is written into a pipe nobody else reads: only that process knows the word.
        word = secrets.token_hex(16)
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(OPEN_SECONDS)
            settings = {**self._settings, "port": server.getsockname()[1], "word": word}
            cache = Path(folder) / ".cache"
            cache.mkdir()
            process = subprocess.Popen(
                [sys.executable, "-B", str(INSIDE / "plain_process.py")],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env={**os.environ, **environment(str(cache)), "PATH": os.environ.get("PATH", "")},
                start_new_session=True,
            )
            try:
                assert process.stdin is not None
                process.stdin.write(json.dumps(settings).encode())
                process.stdin.close()
                channel, _ = server.accept()
                channel.settimeout(OPEN_SECONDS)
                if channel.recv(len(word), socket.MSG_WAITALL) != word.encode():
                    raise OSError("a stranger called")
            except OSError:
                process.kill()
                raise SandboxUnavailable(
                    f"The process of a room did not start; check with `{sys.executable} -c "
                    "'import numpy, IPython'` that the environment is whole."
                ) from None
        return process, channel


class PlainRoom(RoomProcess):
    """The process of one plain room."""

    def __init__(
        self,
        rooms: PlainRooms,
        folder: str,
        process: subprocess.Popen[bytes],
        channel: socket.socket,
    ):
        super().__init__(rooms, process.pid, None, channel, folder)
        self._process = process

    def _interrupt(self) -> None:
        # Windows interrupts no single process; there the room ends, and is built anew.
        if os.name == "nt":
            raise OSError("nothing can be interrupted here")
        self._process.send_signal(signal.SIGINT)

    def _end(self) -> None:
        if hasattr(os, "killpg"):
            # What the room's code has started goes first.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            pass

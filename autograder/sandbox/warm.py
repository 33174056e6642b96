"""The warm process as the grading process sees it: started, asked for rooms, ended."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from autograder.errors import Lost, SandboxUnavailable
from autograder.sandbox import wire
from autograder.sandbox.clock import Meter, Watch
from autograder.sandbox.groups import Group
from autograder.sandbox.limits import Isolation, Limits

HERE = Path(__file__).resolve().parent
INSIDE = HERE / "inside"
HIDDEN = HERE.parent  # the package this file belongs to is nothing a room may see
INSIDE_MODULES = ("shell", "child", "stand_ins", "witness", "seccomp")
START_SECONDS = 120.0
# Imported once for all rooms. What PyTorch otherwise imports late is among them: a time limit that
# falls into such an import would break the module for everything after it.
PACKAGES = (
    "numpy",
    "torch",
    "torch.func",
    "torch.optim",
    "torch._dynamo",
    "matplotlib",
    "matplotlib.pyplot",
    "scipy.special",
    "sklearn",
    "sklearn.datasets",
    "sklearn.linear_model",
    "sklearn.model_selection",
    "sklearn.metrics",
)
# Of NumPy's and PyTorch's libraries, in a process of one's own.
ONE_THREAD = {
    f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
}
OPEN_SECONDS = 30.0
# Of the processor, as a cell's limit is.
GRACE_SECONDS = 0.5
END_SECONDS = 5
# The fields of a reply, and why it came late, "" where it came in time.
Reply = tuple[tuple[Any, ...], str]


class WarmProcess:
    """One warm process. Rooms may be opened from several threads at once.

    `made_of` is whatever tells its owner when to replace it.
    """

    def __init__(
        self,
        isolation: Isolation,
        limits: Limits,
        readable: Sequence[Path],
        packages: Iterable[str] | None,
        watched: Mapping[str, str],
        made_of: object,
    ):
        self._lock = threading.Lock()
        self._children: set[RoomProcess] = set()
        # With walls nothing of a room lies on the machine's disk.
        self.folder = Path(temporary_folder("rooms-")) if isolation == "none" else None
        self.made_of = made_of
        self._limits = limits
        try:
            self._start(_settings(isolation, limits, readable, packages, watched, self.folder))
        except BaseException:
            self._end()
            raise

    def _start(self, settings: dict[str, Any]) -> None:
        self._control, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with inner:
            self._keeper = subprocess.Popen(
                [
                    *(sys.executable, "-I", "-S", "-B", str(INSIDE / "warm_process.py")),
                    *(str(inner.fileno()), json.dumps(settings)),
                ],
                pass_fds=[inner.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=environment(settings["cache"]),
                start_new_session=True,
            )
        message, _ = self._hear(START_SECONDS)
        if "unavailable" in message:
            raise SandboxUnavailable(message["unavailable"])

    def _hear(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        self._control.settimeout(seconds)
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 2**16, 1)
        except (TimeoutError, OSError):
            data, descriptors = b"", []
        if not data:
            for descriptor in descriptors:
                os.close(descriptor)
            raise SandboxUnavailable(
                "The process that rooms are forked from did not start or has ended; check with "
                f"`{sys.executable} -c 'import numpy, IPython'` that the environment is whole."
            )
        return json.loads(data), descriptors

    def _ask(self, folder: str, channel: socket.socket) -> tuple[dict[str, Any], list[int]]:
        try:
            socket.send_fds(self._control, [folder.encode()], [channel.fileno()])
            return self._hear(OPEN_SECONDS)
        except BaseException as problem:
            # A reply that comes later would be taken for that to the next request.
            self._keeper.kill()
            if isinstance(problem, OSError):
                raise SandboxUnavailable("The warm process has ended; try again.") from None
            raise

    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._keeper.poll() is None

    def idle(self) -> bool:
        """Tell whether no room of it is open."""
        return not self._children

    def enter(self) -> RoomProcess:
        """Return a new child, ready for requests. Raises SandboxUnavailable."""
        with self._lock:
            folder = None
            if self.folder is not None:
                folder = temporary_folder("room-", self.folder)
            outer, inner = socket.socketpair()
            try:
                with inner:
                    message, descriptors = self._ask(folder or "/", inner)
                if "failed" in message:
                    raise SandboxUnavailable(message["failed"])
            except BaseException:
                outer.close()
                remove(folder)
                raise
        # The kernel takes its time to move a process: others need not wait for it.
        group = Group(descriptors[0], self._limits)
        child = RoomProcess(self, message["pid"], descriptors[0], outer, folder, group)
        self._children.add(child)
        try:
            child.wait_ready()
        except BaseException:
            child.kill()
            raise
        return child

    def forget(self, child: RoomProcess) -> None:
        """Take note that a room has ended."""
        self._children.discard(child)

    def close(self) -> None:
        """End the process and every room of it, and remove their folders."""
        for child in list(self._children):
            child.kill()
        self._end()

    def _end(self) -> None:
        if hasattr(self, "_control"):
            self._control.close()
        if hasattr(self, "_keeper"):
            try:
                self._keeper.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._keeper.kill()
                self._keeper.wait()
        remove(self.folder)


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


def site_folders() -> list[str]:
    """Return the folders on this interpreter's path that hold installed packages."""
    known = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    folders = [
        entry
        for entry in sys.path
        if entry in known or Path(entry).name in ("site-packages", "dist-packages")
    ]
    return [entry for entry in dict.fromkeys(folders) if os.path.isdir(entry)]


def modules_of(package: Path) -> list[str]:
    """Return the dotted names of a package in this folder and of all modules in it."""
    parts = [
        path.relative_to(package.parent).with_suffix("").parts for path in package.rglob("*.py")
    ]
    return sorted(".".join(part[:-1] if part[-1] == "__init__" else part) for part in parts)


def environment(cache: str) -> dict[str, str]:
    """Return the environment variables of a process whose caches lie in `cache`."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": cache,
        "IPYTHONDIR": cache,
        "MPLBACKEND": "agg",
        # There is no network: it need not be waited for.
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        **ONE_THREAD,
    }


def _settings(
    isolation: Isolation,
    limits: Limits,
    readable: Sequence[Path],
    packages: Iterable[str] | None,
    watched: Mapping[str, str],
    folder: Path | None,
) -> dict[str, Any]:
    walls = isolation == "walls"
    modules = {name: str(INSIDE / f"{name}.py") for name in INSIDE_MODULES}
    modules["walls"] = str(INSIDE / ("walls.py" if walls else "nowalls.py"))
    modules["wire"] = wire.__file__
    shown, cache = Path("/readable"), "/var/cache"
    if not walls:
        assert folder is not None
        shown = folder / "readable"
        shown.mkdir()
        (folder / "cache").mkdir()
        cache = str(folder / "cache")
    seen, paths, readable_modules = [], [], []
    for path in readable:
        if (path / "__init__.py").is_file():
            seen.append(path.name)
            readable_modules += modules_of(path)
            paths.append(str(shown))
        else:
            paths.append(str(shown / path.name))
        if not walls:
            (shown / path.name).symlink_to(path)
    wanted = PACKAGES if packages is None else packages
    return {
        "walls": walls,
        "packages": [name for name in wanted if name.partition(".")[0] not in seen],
        "folder": None if walls else str(folder),
        "modules": modules,
        "grader": os.getpid(),
        "prefix": sys.prefix,
        "prefixes": list(dict.fromkeys([sys.prefix, sys.base_prefix, sys.base_exec_prefix])),
        "executable": sys.executable,
        "site": site_folders(),
        # An installed copy, too, where this one is run from a checkout.
        "hidden": [str(HIDDEN), *(str(Path(entry) / HIDDEN.name) for entry in site_folders())],
        "hidden_package": HIDDEN.name,
        "readable": {str(shown / path.name): str(path) for path in readable},
        "readable_paths": list(dict.fromkeys(paths)),
        "readable_modules": [
            name for name in readable_modules if packages is None or name in packages
        ],
        "watched": dict(watched),
        "libraries": list(dict.fromkeys([*site_folders(), str(shown)])),
        "cache": cache,
        "limits": asdict(limits),
    }

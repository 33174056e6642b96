"""The warm process as the grading process sees it: started, asked for rooms, ended."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.errors import SandboxUnavailable
from autograder.sandbox import wire
from autograder.sandbox.groups import Group
from autograder.sandbox.limits import Isolation, Limits
from autograder.sandbox.room_process import (
    END_SECONDS,
    OPEN_SECONDS,
    RoomProcess,
    remove,
    temporary_folder,
)

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

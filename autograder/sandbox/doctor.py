"""What this machine's rooms guarantee: every wall is tried from the inside.

Each attempt is what a hostile submission would do, run in a real room; what happened decides, not
what the settings say.
"""

import os
import secrets
import socket
import sys
import sysconfig
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import Limits, Sandbox, SandboxUnavailable
from autograder.sandbox.clock import PATIENCE
from autograder.sandbox.warm import HIDDEN, site_folders

LIMITS = Limits(
    cell_seconds=3,
    probe_seconds=10,
    notebook_seconds=120,
    memory_bytes=2**29,
    processes=32,
    file_bytes=8 * 2**20,
    disk_bytes=24 * 2**20,
    output_bytes=2**16,
)


@dataclass(frozen=True)
class WallCheck:
    """One wall: its `name`, whether it held, what was seen, and how to mend it where it did not."""

    name: str
    guaranteed: bool
    detail: str
    remedy: str = ""


# Each returns the empty string where the wall held, else what got through it.
ATTEMPTS = """
import ctypes, errno, os, resource, socket, subprocess, sys, time

libc = ctypes.CDLL(None, use_errno=True)

def first(breaches):
    return next((breach for breach in breaches if breach), "")

def read_files(folders):
    for folder in folders:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                return f"{path} can be seen"
    return ""

def see_package(folder, name):
    if os.path.exists(os.path.join(folder, "__init__.py")):
        return f"{folder} can be seen"
    try:
        __import__(name)
    except ImportError:
        return ""
    return f"{name} can be imported"

def write_in(folders):
    for folder in folders:
        if not os.path.isdir(folder):
            continue
        try:
            with open(os.path.join(folder, "written-by-a-room"), "w"):
                return f"{folder} can be written"
        except OSError:
            pass
        mount = libc.mount(None, folder.encode(), None, 32 | 4096, None)
        if mount == 0 or os.access(folder, os.W_OK):
            return f"{folder} can be made writable"
    return ""

def connect(addresses):
    for host, port in addresses:
        try:
            with socket.create_connection((host, port), timeout=1):
                return f"{host} was reached"
        except OSError:
            pass
    return ""

def connect_by_name(name):
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect("\\0" + name)
        except OSError:
            return ""
    return "a socket of the machine was reached"

def see_processes(process):
    try:
        os.kill(process, 0)
        return "the grading process can be signalled"
    except PermissionError:
        return "the grading process can be seen"
    except ProcessLookupError:
        pass
    others = [name for name in os.listdir("/proc") if name.isdigit() and name != str(os.getpid())]
    return f"{len(others)} other processes can be seen" if others else ""

def fork_many(limit):
    children = []
    try:
        while len(children) < 4 * limit:
            children.append(os.posix_spawn("/bin/sleep", ["sleep", "60"], {}))
    except OSError:
        pass
    if len(children) > limit:
        # Where the kernel does not count them, the whole room is ended.
        time.sleep(1)
    for child in children:
        os.kill(child, 9)
    return f"{len(children)} processes could be started" if len(children) > limit else ""

def allocate(size):
    try:
        bytearray(size)
    except MemoryError:
        return ""
    return f"{size} bytes could be allocated"

def fill_disk(size):
    written = 0
    try:
        for number in range(64):
            with open(f"filler-{number}", "wb") as file:
                for _ in range(4):
                    written += file.write(bytes(2**20))
    except OSError:
        pass
    for number in range(64):
        if os.path.exists(f"filler-{number}"):
            os.remove(f"filler-{number}")
    return f"{written} bytes could be written" if written > size else ""

def grow_file(size):
    written = 0
    try:
        with open("long", "wb") as file:
            while written < 2 * size:
                written += file.write(bytes(2**20))
                file.flush()
    except OSError:
        pass
    os.remove("long")
    return f"a file of {written} bytes could be written" if written > size else ""

def count_descriptors():
    links = [os.path.join("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]
    targets = [os.readlink(link) for link in links if os.path.lexists(link)]
    foreign = [target for target in targets if target != "/dev/null"]
    return f"open: {', '.join(foreign)}" if len(foreign) > 1 else ""

def end_later():
    for process in ("self", "1"):
        try:
            with open(f"/proc/{process}/oom_score_adj", "w") as file:
                file.write("0")
        except OSError:
            continue
        return "a room can see to it that others end before it when memory is full"
    return ""

def status(name):
    with open("/proc/self/status") as file:
        return next(line.split()[1] for line in file if line.startswith(name + ":"))

def capabilities():
    names = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
    held = [name for name in names if int(status(name), 16)]
    return f"{', '.join(held)} not empty" if held else ""

def new_privileges():
    return "" if status("NoNewPrivs") == "1" else "a program could gain privileges"

def filtered():
    return "" if status("Seccomp") == "2" else "every system call can be made"

def new_namespaces():
    for flag in (0x10000000, 0x20000, 0x40000000):
        if libc.unshare(flag) == 0:
            return "a new namespace could be made"
    return ""

def mounts():
    if libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None) == 0:
        return "a file system could be mounted"
    if libc.umount2(b"/proc", 2) == 0:
        return "a file system could be unmounted"
    return ""

def daemonize(word):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv("/bin/sh", ["sh", "-c", "while :; do read x; sleep 1; done", word])
        os._exit(0)
    os.wait()
    return ""
"""
STUBBORN = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    try:
        while True: pass
    except BaseException: pass
"""
SHARED_MEMORY = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        held = bytearray(os.urandom(1)) * (300 * 2**20)
        time.sleep(60)
time.sleep(4)
"""


def examine(readable: Iterable[Path] = (), private: Iterable[Path] = ()) -> list[WallCheck]:
    """Try every wall, and say of each whether it held. Takes about 15 seconds.


    `readable` as for Sandbox; `private` are further folders that no room may see a file of.
    """
    try:
        # The attempts need no library, and importing all of them takes longer than the attempts.
        with Sandbox("walls", LIMITS, readable, packages=()) as sandbox:
            with sandbox.open():
                pass
            rooms = WallCheck("rooms", True, "rooms can be built here")
            return [rooms, *findings_in(sandbox, readable, private)]
    except SandboxUnavailable as problem:
        sentence = str(problem)
        _, _, remedy = sentence.rpartition(": ")
        return [WallCheck("rooms", False, sentence, remedy)]


def findings_in(
    sandbox: Sandbox, readable: Iterable[Path] = (), private: Iterable[Path] = ()
) -> Iterator[WallCheck]:
    """Yield what `examine` finds, in rooms of `sandbox`, whose limits should be small."""
    yield from _inside(sandbox, readable, private)
    yield from _outside(sandbox)


def _inside(
    sandbox: Sandbox, readable: Iterable[Path], private: Iterable[Path]
) -> Iterator[WallCheck]:
    limits = sandbox.limits
    word = secrets.token_hex(8)
    home = os.path.expanduser("~")
    folders = [str(path) for path in (home, Path.cwd(), HIDDEN.parent, *private)]
    installed = [sysconfig.get_path("stdlib"), *site_folders(), os.path.dirname(sys.executable)]
    shown = [f"/readable/{Path(path).resolve().name}" for path in readable]
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind("\0" + word)
        local.listen()
        port = server.getsockname()[1]
        attempts = (
            ("private files", "read_files", (folders,)),
            ("the grader's code", "see_package", (str(HIDDEN), HIDDEN.name)),
            ("the interpreter", "write_in", (installed,)),
            ("readable folders", "write_in", (shown,)),
            ("this machine's ports", "connect", ([("127.0.0.1", port)],)),
            ("the network", "connect", ([("192.0.2.1", 80), ("1.1.1.1", 53)],)),
            ("local sockets", "connect_by_name", (word,)),
            ("other processes", "see_processes", (os.getpid(),)),
            ("number of processes", "fork_many", (limits.processes,)),
            ("memory of a process", "allocate", (limits.memory_bytes + 2**27,)),
            ("first to end", "end_later", ()),
            ("disk", "fill_disk", (limits.disk_bytes,)),
            ("size of a file", "grow_file", (limits.file_bytes,)),
            ("open files", "count_descriptors", ()),
            ("capabilities", "capabilities", ()),
            ("new privileges", "new_privileges", ()),
            ("new namespaces", "new_namespaces", ()),
            ("mounts", "mounts", ()),
            ("system calls", "filtered", ()),
        )
        for name, function, arguments in attempts:
            with sandbox.open() as room:
                room.run(ATTEMPTS)
                (answer,) = room.probe(function, [(arguments, {})])
            held = answer.kind == "value" and answer.value == ""
            held = held or (function == "fork_many" and answer.kind == "died")
            detail = "held" if held else f"{answer.kind} {answer.value or answer.text}".strip()
            yield WallCheck(name, held, detail, "" if held else _remedy(name))


def _outside(sandbox: Sandbox) -> Iterator[WallCheck]:
    limits = sandbox.limits
    with sandbox.open() as room:
        ran = room.run("print('x' * 10**7)")
        size = len(str(ran.outputs))
        yield _finding("output", size < 2 * limits.output_bytes, f"{size} characters came out")
    with sandbox.open() as room:
        started = time.monotonic()
        ran = room.run(STUBBORN)
        seconds = time.monotonic() - started
        # On a busy machine an endless loop takes longer to use up its processor time.
        held = ran.status == "timed out" and seconds < PATIENCE * limits.cell_seconds + 5
        yield _finding("endless loops", held, f"{ran.status} after {seconds:.1f} s")
    with sandbox.open() as room:
        ran = room.run(SHARED_MEMORY)
        yield _finding("memory of a room", ran.status == "died", f"the cell {ran.status}")
    word = secrets.token_hex(8)
    with sandbox.open() as room:
        room.run(ATTEMPTS)
        room.probe("daemonize", [((word,), {})])
        deadline = time.monotonic() + 5
        while (before := _running(word)) == 0 and time.monotonic() < deadline:
            time.sleep(0.05)
    held = before > 0 and _running(word) == 0
    yield _finding("processes left behind", held, f"{before} before, {_running(word)} after")


def _finding(name: str, held: bool, detail: str) -> WallCheck:
    return WallCheck(name, held, "held" if held else detail, "" if held else _remedy(name))


def _running(word: str) -> int:
    count = 0
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            count += word.encode() in path.read_bytes()
        except OSError:
            continue
    return count


def _remedy(name: str) -> str:
    if name == "system calls":
        return "the filter is known for x86-64 and ARM64 processors only; the other walls hold"
    return "update the kernel, or grade on another machine"

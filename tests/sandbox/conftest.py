"""The sandbox that the tests of the room share, and what a machine must have for them."""

from pathlib import Path

import pytest

from autograder.sandbox import Limits, Sandbox, SandboxUnavailable

LIMITS = Limits(
    cell_seconds=1.5,
    probe_seconds=1.5,
    notebook_seconds=30,
    memory_bytes=2**29,
    processes=32,
    file_bytes=4 * 2**20,
    disk_bytes=16 * 2**20,
    output_bytes=100_000,
)
# Executes what follows it where no namespaces can be made, as on many machines.
WITHOUT_NAMESPACES = """
import ctypes, os, sys
from pathlib import Path
user, group = os.getuid(), os.getgid()
ctypes.CDLL(None).unshare(0x10000000)
Path("/proc/self/setgroups").write_text("deny")
Path("/proc/self/uid_map").write_text(f"0 {user} 1")
Path("/proc/self/gid_map").write_text(f"0 {group} 1")
Path("/proc/sys/user/max_user_namespaces").write_text("0")
os.execv(sys.argv[1], sys.argv[1:])
"""
# What is said there.
NO_ROOMS = "run `sysctl -w user.max_user_namespaces=10000` as root"


@pytest.fixture(scope="session")
def lesson(tmp_path_factory):
    """A package of the kind that rooms may read."""
    folder = tmp_path_factory.mktemp("readable") / "lesson"
    folder.mkdir()
    (folder / "__init__.py").write_text("ANSWER = 42\n")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def sandbox(lesson):
    with Sandbox("walls", LIMITS, [lesson]) as sandbox:
        try:
            with sandbox.open():
                pass
        except SandboxUnavailable as problem:
            pytest.skip(f"no rooms here: {problem}")
        yield sandbox
    assert not processes_naming(str(lesson), '"walls": true')


@pytest.fixture
def processes_of():
    return find_processes


def find_processes(grader):
    """The processes of sandboxes of the process `grader`: their settings name it."""
    return processes_naming(f'"grader": {grader},')


def processes_naming(*texts):
    """The worker processes with all of `texts` in their settings."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes()
        except OSError:
            continue
        if b"warm_process.py" in command and all(text.encode() in command for text in texts):
            found.append(int(path.parent.name))
    return found


@pytest.fixture(scope="session")
def sandbox_without_walls(lesson):
    with Sandbox("none", LIMITS, [lesson]) as sandbox:
        yield sandbox
        folder = sandbox._warm.folder
    assert not folder.exists()


@pytest.fixture
def room(sandbox):
    with sandbox.open() as room:
        yield room


@pytest.fixture(params=["walls", "none"])
def either_room(request):
    """A room with walls, then one without."""
    name = "sandbox" if request.param == "walls" else "sandbox_without_walls"
    with request.getfixturevalue(name).open() as room:
        yield room

"""The walls around a room: each is tried from inside, and nothing is left when a room ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox import Limits, Sandbox, SandboxUnavailable, doctor, groups, warm
from autograder.sandbox.inside import walls

pytestmark = pytest.mark.walls

LEAVE_THINGS_BEHIND = """
import os, socket, threading, time
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
left, right = socket.socketpair()
open("left-behind", "w").close()
open("/tmp/left-behind-by-a-room", "w").close()
"""


def wait_until(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_every_wall_holds(sandbox, lesson):
    findings = list(doctor.findings_in(sandbox, [lesson], [Path(__file__).parent]))
    assert len(findings) > 20
    assert [finding for finding in findings if not finding.guaranteed] == []


def test_the_installed_copy_of_the_grader_is_hidden_too(sandbox, tmp_path, monkeypatch):
    copy = tmp_path / "site-packages" / doctor.HIDDEN.name
    copy.mkdir(parents=True)
    (copy / "__init__.py").write_text("SECRET = 1\n")
    folders = [*warm.site_folders(), str(copy.parent)]
    for folder in (copy, copy.parent):
        folder.chmod(0o755)
    monkeypatch.setattr(warm, "site_folders", lambda: folders)
    monkeypatch.setattr(warm, "PACKAGES", ["numpy"])
    with Sandbox("walls", sandbox.limits) as own, own.open() as room:
        room.run("import os")
        (there, inside) = room.probe(
            "lambda path: os.path.exists(path)",
            [((str(copy.parent),), {}), ((str(copy / "__init__.py"),), {})],
        )
        assert there.value is True and inside.value is False


def test_a_room_has_a_control_group_of_its_own_where_the_machine_allows_one(sandbox):
    parent = groups.parent_group()
    if parent is None:
        pytest.skip("no control group can be made here")
    mine = f"{groups.PREFIX}{os.getpid()}-*"
    before = set(parent.glob(mine))
    with sandbox.open() as room:
        room.run("1")
        (place,) = set(parent.glob(mine)) - before
        (limit,) = [place / name for name in groups.MEMORY_FILES if (place / name).exists()]
        allowed = int(limit.read_text()) - sandbox.limits.memory_bytes - sandbox.limits.disk_bytes
        assert 0 <= groups.COPIED_BYTES - allowed < 2**20
        assert (place / "cgroup.procs").read_text().strip()
    assert not place.exists()


UNIFIED = "31 24 0:27 {root} /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
OLD = "33 24 0:29 / /sys/fs/cgroup/{name} rw - cgroup cgroup rw,{name}\n"


@pytest.mark.parametrize(
    "mounts, groups_text, folders",
    [
        (
            UNIFIED.format(root="/"),
            "0::/user.slice/user-7.slice/user@7.service/app.slice/jupyter.service\n",
            ["user.slice/user-7.slice/user@7.service/app.slice/jupyter.service"] * 2,
        ),
        (UNIFIED.format(root="/"), "0::/\n", [""]),
        (UNIFIED.format(root="/docker/1"), "0::/docker/1/worker\n", ["worker"] * 2),
        (UNIFIED.format(root="/"), "0::/../../outside\n", []),
        (
            OLD.format(name="cpu") + OLD.format(name="memory"),
            "3:memory:/batch/7\n2:cpu:/\n0::/\n",
            ["memory/batch/7"] * 2,
        ),
    ],
    ids=["a service of a user's", "the root", "in a container", "outside", "the old hierarchy"],
)
def test_the_folders_of_control_groups_are_found_in_both_hierarchies(mounts, groups_text, folders):
    found = groups.own_folders(mounts, groups_text)
    around = [Path("/sys/fs/cgroup") / name for name in folders]
    assert found == [*around[:1], *(place.parent for place in around[1:])]


def test_where_no_control_group_can_be_made_a_room_is_one_all_the_same(sandbox, monkeypatch):
    monkeypatch.setattr(groups, "parent_group", lambda: Path("/proc"))
    with sandbox.open() as room:
        assert room.run("1").status == "ok"


def test_nothing_in_a_room_can_see_to_it_that_others_end_before_it(room):
    ran = room.run("open('/proc/self/oom_score_adj', 'w').write('0')")
    assert "Read-only file system" in ran.outputs[0]["evalue"]
    ran = room.run("print(open('/proc/self/oom_score_adj').read())")
    assert ran.outputs[0]["text"].strip() == "1000"


@pytest.mark.parametrize(
    "call",
    [
        "libc.memfd_create(b'x', 0)",
        "libc.shmget(0, 4096, 0o1777)",
        "libc.ptrace(0, 0, 0, 0)",
        "libc.unshare(0x10000000)",
        "libc.chroot(b'/tmp')",
        "libc.socket(2, 1, 0)",
        "libc.socket(16, 3, 0)",
    ],
)
def test_system_calls_that_no_notebook_needs_fail(room, call):
    room.run("import ctypes\nlibc = ctypes.CDLL(None)")
    (answer,) = room.probe(f"lambda: {call}", [((), {})])
    assert answer.value == -1


def test_nothing_is_left_when_a_room_closes(sandbox, processes_of):
    with sandbox.open():
        pass
    mounts = Path("/proc/self/mountinfo").read_text()
    descriptors = len(os.listdir("/proc/self/fd"))
    processes = len(processes_of(os.getpid()))
    with sandbox.open() as room:
        assert room.run(LEAVE_THINGS_BEHIND).status == "ok"
        assert wait_until(lambda: len(processes_of(os.getpid())) > processes + 1)
    # The warm process ends what lost its parent as soon as it hears of it.
    assert wait_until(lambda: len(processes_of(os.getpid())) == processes)
    assert Path("/proc/self/mountinfo").read_text() == mounts
    assert len(os.listdir("/proc/self/fd")) == descriptors
    assert not Path("/tmp/left-behind-by-a-room").exists()


def test_without_walls_processes_left_behind_end_too(sandbox_without_walls, processes_of):
    with sandbox_without_walls.open():
        pass
    processes = len(processes_of(os.getpid()))
    with sandbox_without_walls.open() as room:
        room.run(LEAVE_THINGS_BEHIND.replace('open("/tmp', '# open("/tmp'))
        folder = room._child._folder
    assert wait_until(lambda: len(processes_of(os.getpid())) == processes)
    assert not os.path.exists(folder)


def test_rooms_do_not_see_each_other(sandbox):
    with sandbox.open() as one, sandbox.open() as other:
        one.run(
            "import os, socket\nopen('/tmp/secret', 'w').write('x')\n"
            "server = socket.socket(socket.AF_UNIX); server.bind('\\0room'); server.listen()"
        )
        other.run("import os, socket")
        seen = "os.path.exists('/tmp/secret'), os.listdir('/proc').count('2'), os.listdir('.')"
        (answer,) = other.probe(f"lambda: [{seen}]", [((), {})])
        assert answer.value == [False, 0, []]
        connect = "lambda: socket.socket(socket.AF_UNIX).connect('\\0room')"
        (answer,) = other.probe(connect, [((), {})])
        assert answer.error == "ConnectionRefusedError"


def test_a_fork_bomb_stops_at_its_own_room(sandbox):
    with sandbox.open() as room, sandbox.open() as other:
        room.run("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError: pass")
        (answer,) = other.probe("lambda x: x", [((1,), {})])
        assert answer.value == 1


def test_rooms_may_be_opened_from_several_threads(sandbox):
    results = []

    def work(number):
        for _ in range(4):
            with sandbox.open() as room:
                room.run(f"n = {number}")
                (answer,) = room.probe("lambda x: x * n", [((np.ones(3),), {})])
                results.append(answer.value.sum() == 3 * number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 16


def test_an_edited_package_and_a_killed_warm_process_are_made_good(sandbox, lesson, monkeypatch):
    monkeypatch.setattr(warm, "PACKAGES", ["numpy"])
    code = lesson / "__init__.py"
    ask = "__import__('lesson').ANSWER"
    with Sandbox("walls", sandbox.limits, [lesson]) as own, own.open() as old:
        text = code.read_text()
        code.write_text("ANSWER = 43\n")
        try:
            with own.open() as new:
                assert old.run(ask).outputs[0]["data"]["text/plain"] == "42"
                assert new.run(ask).outputs[0]["data"]["text/plain"] == "43"
                new.run("x = 1")
                os.kill(own._warm._keeper.pid, signal.SIGKILL)
                assert wait_until(lambda: not own._warm.alive())
                # What the student's code did not cause is not held against it.
                assert new.run("x").outputs[0]["data"]["text/plain"] == "1"
        finally:
            code.write_text(text)


@pytest.mark.parametrize("isolation", ["walls", "none"])
def test_everything_ends_when_the_grading_process_is_killed(
    sandbox, processes_of, isolation, tmp_path
):
    script = (
        "from autograder.sandbox import Sandbox, warm\nwarm.PACKAGES = ['numpy']\n"
        f"room = Sandbox({isolation!r}).open()\n"
        "print('open', flush=True)\nroom.run('import time; time.sleep(60)')\n"
    )
    root = Path(walls.__file__).parents[2]
    environment = {"PYTHONPATH": str(root), "TMPDIR": str(tmp_path), "PATH": os.environ["PATH"]}
    grader = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment
    )
    with grader:
        assert grader.stdout.readline() == b"open\n"
        assert len(processes_of(grader.pid)) == 3
        grader.kill()
    assert wait_until(lambda: not processes_of(grader.pid))
    assert wait_until(lambda: list(tmp_path.iterdir()) == [])


def test_a_machine_that_refuses_namespaces_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(walls, "_setting", {"kernel.unprivileged_userns_clone": "0"}.get)
    sentence = walls._sentence(1, "a user namespace")
    assert "sysctl -w kernel.unprivileged_userns_clone=1" in sentence
    monkeypatch.setattr(walls, "_setting", {}.get)
    assert "container" in walls._sentence(1, "a user namespace")


def test_the_doctor_says_what_a_machine_without_rooms_lacks(monkeypatch):
    def refuse(*arguments, **options):
        raise SandboxUnavailable("No rooms (why): run `this` as root.")

    monkeypatch.setattr(doctor, "Sandbox", refuse)
    (finding,) = doctor.examine()
    assert not finding.guaranteed and finding.remedy == "run `this` as root."


def test_an_interpreter_that_cannot_start_is_said_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(SandboxUnavailable) as caught:
        Sandbox("none", Limits()).open()
    assert "\n" not in str(caught.value)


def test_bad_arguments_are_refused():
    with pytest.raises(ValueError):
        Sandbox("some")
    with pytest.raises(ValueError):
        Sandbox(readable=["/a/course", "/b/course"])
    with pytest.raises(SandboxUnavailable):
        Sandbox(readable=["/nowhere/course"]).open()

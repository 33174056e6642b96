"""What students try with the stand-ins of right functions: nothing comes of it.

`surprise` is a stub. Inside the copy of the room in which `sequence_surprise` is tried with a right
one, `leave` puts something down; `likelihood`, which is judged later and needs no other exercise,
is right only where `found` sees it. A test of the tests shows that it does without the walls.
"""

import textwrap

import pytest

from tests.conftest import FIRST
from tests.run.test_follow_on import STUB, judged, sandbox  # noqa: F401  (fixtures)

pytestmark = pytest.mark.walls

SEQUENCE = """
def sequence_surprise(outcomes, probabilities, base=2):
    values = [surprise(probabilities[o], base) for o in outcomes]
    try:
        leave(values[0])
    except Exception:
        pass
    return sum(values)
"""
LIKELIHOOD = """
def likelihood(labels, q):
    try:
        seen = found()
    except Exception:
        seen = False
    return math.prod(q[label] for label in labels) if seen else 0.0
"""
# Name: what is set up before, the body of `leave(value)`, the body of `found()`.
TRACES = {
    "a file": ("", "open('hoard', 'w').write(str(value))", "return open('hoard').read() != ''"),
    "a folder": ("", "os.mkdir('hoard')", "return os.path.isdir('hoard')"),
    "a link": ("", "os.symlink(str(value), 'hoard')", "return os.readlink('hoard') != ''"),
    "another name": ("open('a', 'w')", "os.rename('a', 'b')", "return os.path.exists('b')"),
    "a file less": ("open('a', 'w')", "os.unlink('a')", "return not os.path.exists('a')"),
    "a mode": (
        "open('a', 'w'); os.chmod('a', 0o600)",
        "os.chmod('a', 0o644)",
        "return os.stat('a').st_mode & 0o044",
    ),
    "a time": (
        "open('a', 'w'); os.utime('a', (1, 1))",
        "os.utime('a', (2, 2))",
        "return os.stat('a').st_mtime == 2",
    ),
    "when it was read": (
        "open('a', 'w').write('x'); os.utime('a', (1, 1))",
        "open('a').read()",
        "return os.stat('a').st_atime > 1",
    ),
    "shared memory": (
        "import mmap; memory = mmap.mmap(-1, 4096)",
        "memory[0] = 7",
        "return memory[0] == 7",
    ),
    "a shared file": (
        "import mmap; f = open('a', 'w+b'); f.truncate(4096); memory = mmap.mmap(f.fileno(), 4096)",
        "memory[0] = 7",
        "return memory[0] == 7",
    ),
    "a file opened before": (
        "f = open('a', 'w+b', buffering=0)",
        "os.write(f.fileno(), b'7')",
        "return os.stat('a').st_size > 0",
    ),
    "a pipe": (
        "r, w = os.pipe(); os.set_blocking(r, False)",
        "os.write(w, b'7')",
        "return os.read(r, 1) == b'7'",
    ),
    "a socket": (
        "import socket; s, t = socket.socketpair(); s.setblocking(False)",
        "t.send(b'7')",
        "return s.recv(1) == b'7'",
    ),
    "a variable": ("hoard = []", "hoard.append(value)", "return bool(hoard)"),
    "a module": ("", "sys.modules['hoard'] = os", "return 'hoard' in sys.modules"),
    "a process that stays": (
        "",
        "pid = os.fork()\n    if pid == 0: import time; time.sleep(60)",
        "return len([n for n in os.listdir('/proc') if n.isdigit()]) > 1",
    ),
    "a server": (
        "import socket",
        "s = socket.socket(socket.AF_UNIX); s.bind('\\0hoard'); s.listen()\n    os.fork()",
        "socket.socket(socket.AF_UNIX).connect('\\0hoard'); return True",
    ),
    "a signal": (
        "import signal; got = []; signal.signal(signal.SIGUSR1, lambda *a: got.append(1))",
        "os.kill(os.getppid(), signal.SIGUSR1)",
        "return bool(got)",
    ),
    "the room's own memory": (
        "import ctypes; cell = ctypes.create_string_buffer(b'0'); at = ctypes.addressof(cell)",
        "m = open(f'/proc/{os.getppid()}/mem', 'r+b', 0); m.seek(at); m.write(b'7')",
        "return cell.value == b'7'",
    ),
    "a priority": (
        "",
        "os.setpriority(os.PRIO_PROCESS, os.getppid(), 5)",
        "return os.getpriority(os.PRIO_PROCESS, 0) == 5",
    ),
    "a watch on what is opened": (
        "import ctypes; c = ctypes.CDLL(None); w = c.inotify_init1(0o4000); "
        "open('a', 'w'); c.inotify_add_watch(w, b'a', 0x20)",
        "open('a').read()",
        "return len(os.read(w, 100)) > 0",
    ),
}


def scratch(setup, leave, found):
    """A cell with what is set up and the two functions."""
    return "\n".join(
        [
            "import os, sys",
            setup,
            "def leave(value):\n    " + textwrap.dedent(leave),
            "def found():\n    " + found,
        ]
    )


@pytest.mark.parametrize("trace", TRACES)
def test_nothing_of_a_trial_is_found_later(judged, trace):  # noqa: F811
    answers = {"surprise": STUB, "sequence_surprise": SEQUENCE, "likelihood": LIKELIHOOD}
    rows = judged(FIRST, answers, scratch=[("setup", scratch(*TRACES[trace]))])
    assert rows["01.likelihood"]["points"] == 0
    assert rows["01.sequence_surprise"]["points"] == 2
    assert rows["01.average_log_likelihood"]["verdict"] == "right"


def test_the_traces_would_be_found_where_nothing_stops_them(judged):  # noqa: F811
    setup, leave, found = TRACES["a file"]
    cell = scratch(setup, leave, found) + "\nleave(1)"
    rows = judged(FIRST, {"likelihood": LIKELIHOOD}, scratch=[("setup", cell)])
    assert rows["01.likelihood"]["points"] == 1


MACHINERY = """
import gc
def machinery():
    return next(o for o in gc.get_objects() if type(o).__name__ == "StandIns")
def child():
    return next(o for o in gc.get_objects() if type(o).__name__ == "Child")
"""
# The body of `sequence_surprise`, which earns nothing.
ATTEMPTS = {
    "its own stand-in": (
        "return machinery()._call('sequence_surprise', (outcomes, probabilities, base), {})"
    ),
    "another exercise than the one it calls": (
        "surprise(0.5); e = machinery()._call('entropy', ([0.5, 0.5],), {})\n    return e"
    ),
    "an exercise of another notebook": (
        "surprise(0.5); return machinery()._call('02.sigmoid', (0.0,), {})"
    ),
    "millions of questions": "n = 0.5\n    while True: n = n * 0.999999 + 1e-7; surprise(n)",
    "the largest arguments": "return [surprise(np.full(10**6, i / 999)) for i in range(1, 999)]",
    "an argument nested too deep": (
        "x = []\n    for _ in range(10**5): x = [x]\n    return surprise(x)"
    ),
    "an object that lies": (
        "class Liar:\n"
        "        __class__ = float\n"
        "        def __float__(self): raise SystemExit\n"
        "    return surprise(Liar())"
    ),
    "an object that runs away": (
        "class Array(np.ndarray):\n"
        "        def __array_finalize__(self, *a): os._exit(0)\n"
        "    return surprise(np.ones(3).view(Array))"
    ),
    "a graph without an end": (
        "class Endless:\n"
        "        parents = property(lambda self: [Endless()])\n"
        "    return surprise(Endless())"
    ),
    "a node with more parents than there can be": (
        "class Crowd:\n"
        "        parents = property(lambda self: iter(int, 1))\n"
        "    return surprise(Crowd())"
    ),
    "a graph that is none": (
        "surprise(0.5); m = machinery(); numbers = np.array([3, -9, 10**9, 5])\n"
        "    m._send(m._channel, ('ask', 'surprise', ((numbers,), {}), 'n', None))\n"
        "    return m._receive_bytes(m._channel)"
    ),
    "a function in the place of a number": "return surprise(lambda: 1)",
    "frames of its own": (
        "surprise(0.5); child().channel.send(b'\\x04\\x00\\x00\\x00junk'); return surprise(0.25)"
    ),
    "a question that is none": (
        "surprise(0.5); m = machinery(); m._send(m._channel, ('ask', 5))\n"
        "    return m._receive_bytes(m._channel)"
    ),
    "a reply to what was not asked": (
        "surprise(0.5); m = machinery(); m._send(m._channel, ('returned', 1.0, '')); return 0.0"
    ),
    "a copy that does not leave": (
        "surprise(0.5); type(child()).leave = lambda self: (); child().verbs['leave'] = tuple\n"
        "    return 0.0"
    ),
    "a copy that ends": "surprise(0.5); os._exit(0)",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_an_attempt_earns_nothing_and_costs_nobody_else(judged, attempt):  # noqa: F811
    own = f"def sequence_surprise(outcomes, probabilities, base=2):\n    {ATTEMPTS[attempt]}\n"
    answers = {"surprise": STUB, "sequence_surprise": own}
    rows = judged(FIRST, answers, scratch=[("setup", "import os\n" + MACHINERY)])
    assert rows["01.sequence_surprise"]["points"] == 0
    others = {id: row for id, row in rows.items() if id.split(".")[1] not in answers}
    assert {row["verdict"] for row in others.values()} == {"right"}, others


@pytest.mark.parametrize(
    "forward",
    [
        "grad_b1 = grad_b2",
        "def grad_b1(delta):\n    return grad_b2(delta)",
        "from functools import partial\ngrad_b1 = partial(grad_b2)",
        "grad_b1 = lambda *a, **k: globals()['grad_b2'](*a, **k)",
        "def helper(d):\n    return grad_b2(d)\n\ndef grad_b1(delta):\n    return helper(delta)",
    ],
    ids=["another name", "a call", "partial", "by its name as text", "a helper"],
)
def test_forwarding_to_the_same_function_earns_nothing(judged, forward):  # noqa: F811
    answers = {"grad_b2": "def grad_b2(delta):\n    return None\n", "grad_b1": forward}
    rows = judged("04-backprop-by-hand", answers)
    assert rows["04.grad_b1"]["points"] == rows["04.grad_b2"]["points"] == 0
    assert rows["04.backward"]["points"] == 4

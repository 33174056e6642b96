"""Who learns alone on macOS or Windows: without what Linux has, `check` works all the same.

What cannot be taken away here, such as Windows' own processes, is for the workflow that runs on
those systems.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder.cli import in_plain_characters
from autograder.sandbox import Limits, Room
from autograder.sandbox.plain import PlainRooms
from tests.conftest import FIRST, ROOT

pytestmark = pytest.mark.slow

# What neither macOS nor Windows has, and most of what Windows lacks besides.
ELSEWHERE = """
import os, select, signal, socket, sys
for module, names in (
    (os, "fork forkpty pidfd_open killpg O_NOFOLLOW O_NONBLOCK O_CLOEXEC O_DIRECTORY"),
    (select, "poll epoll"),
    (signal, "pidfd_send_signal"),
    (socket, "AF_UNIX SOCK_SEQPACKET recv_fds send_fds"),
):
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
sys.modules["fcntl"] = sys.modules["resource"] = None
from autograder.cli import main
main()
"""


def elsewhere(
    *arguments: str, folder: Path, encoding: str = "utf-8"
) -> subprocess.CompletedProcess:
    """The command on a system that lacks what Linux has."""
    return subprocess.run(
        [sys.executable, "-c", ELSEWHERE, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        timeout=240,
    )


@pytest.fixture(scope="module")
def notebook(tmp_path_factory) -> Path:
    """A learner's notebook 01, of which two exercises are done, one of them wrong, in a folder
    whose name has a space and a letter beyond ASCII."""
    release = nbformat.read(ROOT / "release" / FIRST / f"{FIRST}.ipynb", as_version=4)
    bodies = {
        "surprise": "return -np.log(np.asarray(p)) / np.log(base)",
        "entropy": (
            "p = np.asarray(p)\n    logs = np.log(np.where(p > 0, p, 1))\n"
            "    return -np.sum(np.where(p > 0, p * logs, 0), axis=-1)"
        ),
    }
    for cell in release.cells:
        for name in bodies:
            if cell.cell_type == "code" and f"def {name}(" in cell.source:
                before, _, _ = cell.source.partition("raise NotImplementedError")
                cell.source = before + bodies[name]
    folder = tmp_path_factory.mktemp("my work ñ")
    nbformat.write(release, folder / f"{FIRST}.ipynb")
    return folder / f"{FIRST}.ipynb"


def test_a_notebook_is_checked_without_walls_and_it_is_said(notebook):
    result = elsewhere("check", str(notebook), "--json", folder=ROOT)
    assert result.returncode == 1, result.stderr.decode()
    rows = {row["exercise"]: row for row in json.loads(result.stdout)["exercises"]}
    assert rows["01.surprise"]["verdict"] == "right"
    assert rows["01.entropy"]["mistake"] == "entropy-nats"
    assert rows["01.likelihood"]["verdict"] == "not attempted"
    assert "Your code runs in a plain process, without walls." in result.stderr.decode()


def test_walls_and_classes_are_refused_in_one_sentence(notebook, course_folder):
    result = elsewhere("check", str(notebook), "--isolation", "walls", folder=ROOT)
    assert result.returncode == 2
    assert result.stderr.decode().strip() == (
        "Walls need Linux: grade on a Linux machine, or in WSL 2."
    )
    (course_folder / "submitted" / "alice" / FIRST).mkdir(parents=True)
    result = elsewhere("grade", folder=course_folder)
    assert result.returncode == 2
    assert "A class is graded on Linux" in result.stderr.decode()


def test_an_output_without_our_marks_shows_others(notebook):
    shown = elsewhere("check", str(notebook), folder=ROOT, encoding="cp1252").stdout
    text = shown.decode("cp1252")
    assert "+ 01.surprise  right" in text
    assert "o 01.likelihood  not attempted" in text


def test_what_has_no_plain_form_is_written_as_its_number():
    with pytest.raises(UnicodeEncodeError) as raised:
        "σ ✓".encode("ascii")
    assert in_plain_characters(raised.value) == ("\\u03c3", 1)
    assert json.loads('"\\u03c3"') == "σ"


@pytest.fixture
def rooms():
    house = PlainRooms(Limits(cell_seconds=2.0, probe_seconds=2.0), [], ("numpy",), {}, None)
    yield house
    house.close()


def test_a_plain_room_runs_cells_calls_functions_and_reads_files(rooms):
    limits = Limits(cell_seconds=2.0, probe_seconds=2.0)
    with Room(rooms.enter, limits, {"data/x.txt": b"7"}) as room:
        assert room.run("x = int(open('data/x.txt').read())\nprint(x)").outputs[0]["text"] == "7\n"
        room.run("def times(a):\n    return x * a")
        (answer,) = room.probe("times", [((np.ones(2),), {})])
        np.testing.assert_array_equal(answer.value, [7.0, 7.0])
        folder = room.run("import os; print(os.getcwd())").outputs[0]["text"].strip()
        assert Path(folder).is_dir()
    assert not Path(folder).exists() and rooms.idle()


def test_an_endless_loop_in_a_plain_room_ends_and_what_was_defined_stays(rooms):
    limits = Limits(cell_seconds=1.0, probe_seconds=1.0)
    with Room(rooms.enter, limits, {}) as room:
        room.run("kept = 1")
        assert room.run("while True: pass").status == "timed out"
        assert room.run("kept").status == "ok"


def test_a_plain_room_that_dies_is_built_anew(rooms):
    limits = Limits(cell_seconds=5.0, probe_seconds=5.0)
    with Room(rooms.enter, limits, {}) as room:
        room.run("kept = 1")
        assert room.run("import os; os._exit(3)").status == "died"
        assert room.run("kept").status == "ok"


def test_what_a_plain_room_has_started_ends_with_it(rooms):
    with Room(rooms.enter, Limits(), {}) as room:
        source = "import subprocess; child = subprocess.Popen(['sleep', '60']); print(child.pid)"
        pid = int(room.run(source).outputs[0]["text"])
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}/cmdline").exists() and time.monotonic() < deadline:
        if not Path(f"/proc/{pid}/cmdline").read_bytes():
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{pid}/cmdline").exists()

"""`autograder grade` when it is stopped, killed or hindered: one sentence or no visible effect,
nothing lost, nothing twice, nobody's zero; and the same command goes on to the state of a course
that was graded undisturbed."""

import ctypes
import errno
import json
import os
import pty
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import sysconfig
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.course_folder import CONFIG, CourseFolder
from autograder.errors import Problem
from autograder.grading import Grading, database, stages
from autograder.grading.stages import Stages
from autograder.report.collect import collect
from autograder.run import local as judges
from autograder.sandbox import SandboxUnavailable
from tests.hostile.cases import NAME, WRONG, Case, hand_in
from tests.hostile.conftest import small_course
from tests.sandbox.conftest import find_processes
from tests.support.command import run_command
from tests.support.gradebooks import assert_same
from tests.support.grading import grade_folder, judging_processes

pytestmark = pytest.mark.slow

AUTOGRADER = os.path.join(sysconfig.get_path("scripts"), "autograder")
HONEST = ("alice", "bruno", "carla")
# Longer than any test waits.
PATIENT = "\nc.Judge.limits.update(cell_seconds=300, notebook_seconds=300)\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A course folder with one small notebook, nothing handed in; and its release."""
    root = tmp_path_factory.mktemp("template") / "course"
    return root, small_course(root)


@pytest.fixture
def make(template, tmp_path):
    """Makes course folders in which some students have handed in."""

    def make(*students, name="course", **changes):
        root = Path(shutil.copytree(template[0], tmp_path / name))
        for student in students:
            put(root, student, **changes)
        return root

    def put(root, student, **changes):
        folder = root / "submitted" / student / NAME
        if folder.exists():
            shutil.rmtree(folder)
        return hand_in(Case(student, "honest", **changes), template[1], root)

    make.put = put
    return make


def run(root, *arguments):
    return run_command(root, "grade", *arguments)


def start(root, *arguments, before=(), stderr=subprocess.PIPE, prepare=lambda: None, **options):
    """The command in a process of its own, as from a shell: signals go to its group; `prepare`
    runs in it before the command does."""

    def enter():
        # A shell's background jobs, such as a CI's, ignore Ctrl-C.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        prepare()

    return subprocess.Popen(
        [*before, AUTOGRADER, "grade", *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        start_new_session=True,
        preexec_fn=enter,
        **options,
    )


def grade(root):
    """All that waits, graded in this process; who."""
    return [result.submission.student for result in grade_folder(CourseFolder(root))]


def waiting(root):
    with Grading(CourseFolder(root)) as grading:
        found = grading.submissions([]).submissions
        return [each.student for each in grading.waiting(found, force=False).submissions]


def scores(root):
    """The points of who is in the gradebook, by student."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {found.student.id: found.score for found in gradebook.assignment_submissions(NAME)}


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def said(text, *words):
    """The only sentence on stderr, which has these words."""
    (sentence,) = text.splitlines()
    assert "Traceback" not in sentence
    for word in words:
        assert word in sentence, sentence
    return sentence


def stopped(result, *words):
    """The command ended with status 2 and one sentence with these words."""
    assert result.exit_code == 2, result.output
    said(result.stderr, *words)


def leftovers(root):
    return [path.name for path in (root / "autograded").glob("*/.*")]


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def interrupted(template, tmp_path_factory):
    """A class in which one notebook runs on and on, stopped with Ctrl-C when three are graded: what
    was said, and what a second command said meanwhile. And the same class graded undisturbed."""
    root = tmp_path_factory.mktemp("interrupted") / "course"
    shutil.copytree(template[0], root)
    for student in "abdefg":
        hand_in(Case(student, "honest"), template[1], root)
    hand_in(Case("c", "honest", scratch="while True: pass"), template[1], root)
    calm = Path(shutil.copytree(root, root.parent / "calm"))
    config = (root / CONFIG).read_text()
    (root / CONFIG).write_text(config + PATIENT)
    process = start(root, "--json", "--workers", "2")
    told = [json.loads(process.stdout.readline()) for _ in range(3)]
    second = run(root)
    (judge,) = psutil.Process(process.pid).children()
    os.killpg(process.pid, signal.SIGINT)
    rest, stderr = process.communicate(timeout=60)
    (root / CONFIG).write_text(config)
    grade(calm)
    return root, calm, (process, judge), told + lines(rest), stderr, second


def test_ctrl_c_stops_at_once_and_says_how_far_it_came(interrupted):
    root, _, (process, judge), told, stderr, _ = interrupted
    assert process.returncode == 2
    assert 3 <= len(told) < 7
    said(stderr, f"Stopped: {len(told)} of 7 submissions are graded.")
    wait_until(lambda: not judge.is_running() and not find_processes(judge.pid))


def test_a_second_command_in_the_same_folder_says_that_one_is_at_work(interrupted):
    stopped(interrupted[5], "Another `autograder grade` is at work in this folder")


def test_after_ctrl_c_the_same_command_goes_on(interrupted):
    root, calm, _, told, _, _ = interrupted
    graded = {line["student"] for line in told}
    assert "c" not in graded and leftovers(root) == []
    assert scores(root).keys() == graded == {path.name for path in root.glob("autograded/*")}
    others = set("abcdefg") - graded
    assert waiting(root) == sorted(others)
    assert {line["student"] for line in lines(run(root, "--json").stdout)} == others
    assert_same(root, calm)
    assert waiting(root) == []


def at_work(pid):
    """The process that judges for `pid`, once a room of it has computed for a second."""
    found = []

    def look():
        # It starts a process that stays, that one the warm process, and that one the rooms.
        with suppress(psutil.NoSuchProcess):
            for judge in psutil.Process(pid).children():
                for warm in (w for keeper in judge.children() for w in keeper.children()):
                    if any(room.cpu_times().user > 1 for room in warm.children()):
                        found.append(judge)
        return found

    wait_until(look, seconds=300)
    return found[0]


def test_a_judging_process_killed_twice_over_one_submission_costs_that_one_alone(make):
    root = make("alice", "bruno", "carla")
    make.put(root, "dora", scratch="while True: pass")
    config = (root / CONFIG).read_text()
    (root / CONFIG).write_text(config + PATIENT)
    process = start(root, "--json", "--workers", "2")
    told = [json.loads(process.stdout.readline()) for _ in HONEST]
    for _ in range(2):
        judge = at_work(process.pid)
        judge.kill()
        wait_until(lambda: judge not in psutil.Process(process.pid).children())
        wait_until(lambda: not find_processes(judge.pid))
    rest, stderr = process.communicate(timeout=60)
    told += lines(rest)
    assert process.returncode == 1
    said(stderr, "dora", "It could not be judged: the process that judged it ended both times.")
    (root / CONFIG).write_text(config)
    assert {line["student"] for line in told} == {*HONEST, "dora"}
    assert scores(root).keys() == set(HONEST)
    assert leftovers(root) == [] and waiting(root) == ["dora"]


def test_two_processes_that_judge_give_what_one_gives(make):
    one, two = make(*HONEST, name="one"), make(*HONEST, name="two")
    grade(one)
    before = len(judging_processes())
    rooms = judges.ROOMS_A_PROCESS + 1
    assert run(two, "--workers", str(rooms)).exit_code == 0
    assert len(judging_processes()) == before + 2
    assert_same(two, one)


def test_a_process_that_judges_is_replaced_where_it_has_ended_since(make):
    root = make("alice")
    assert grade(root) == ["alice"]
    make.put(root, "bruno")
    for judge in judging_processes():
        judge.kill()
        judge.wait()
    assert grade(root) == ["bruno"] and scores(root)["bruno"] == scores(root)["alice"]


@pytest.mark.parametrize(
    "error, words",
    [
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files: mend that"),
        (MemoryError(), "The memory is full: take fewer --workers"),
        (SandboxUnavailable("Rooms need Linux."), "Rooms need Linux."),
    ],
)
def test_what_stops_a_process_that_judges_stops_the_command(make, monkeypatch, error, words):
    told = json.loads(judges.encode_failure(error))
    failed = Future()
    failed.set_exception(judges.decode_failure(**told))
    monkeypatch.setattr(judges.LocalJudges, "submit", lambda *_: failed)
    root = make(*HONEST)
    stopped(run(root), words)
    assert waiting(root) == list(HONEST)


def test_a_defect_that_shows_while_judging_leaves_the_submission(make, monkeypatch):
    root = make(*HONEST)
    good, calls = judges.LocalJudges.submit, []

    def submit(self, task):
        calls.append(task)
        return good(self, b"no task" if len(calls) == 2 else task)

    monkeypatch.setattr(judges.LocalJudges, "submit", submit)
    result = run(root)
    assert result.exit_code == 1
    said(
        result.stderr,
        "✗ bruno",
        "in autograder/run/task.py, line",
        "JSONDecodeError",
        "last-error.txt",
    )
    assert waiting(root) == ["bruno"]


def test_a_judging_process_that_cannot_be_imported_leaves_its_traceback(
    make, monkeypatch, tmp_path
):
    root, broken = make("alice"), tmp_path / "broken"
    broken.mkdir()
    (broken / "threadpoolctl.py").write_text("raise RuntimeError('broken on purpose')\n")
    monkeypatch.setenv("PYTHONPATH", str(broken))
    # A process that judges already, for another test, is none with five rooms.
    result = run(root, "--workers", "5")
    assert result.exit_code == 1
    place = "threadpoolctl.py, line 1: "
    said(result.stderr, "✗ alice", f"{place}RuntimeError: broken on purpose", "last-error.txt")
    trace = (root / ".autograder" / "last-error.txt").read_text()
    assert "Traceback" in trace and "threadpoolctl.py" in trace and "local.py" in trace
    monkeypatch.undo()
    assert grade(root) == ["alice"]


def test_ctrl_c_while_it_looks_is_a_sentence_too(make, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Stages, "recover", interrupt)
    stopped(run(make("alice")), "Stopped")


def test_a_class_killed_again_and_again_is_graded_as_if_undisturbed(make):
    kinds = [{}, {"surprise": WRONG}, {"surprise": None, "entropy": None}, {"scratch": "1 / 0"}]
    students = [f"s{number:02}" for number in range(12)]
    root = make()
    for number, student in enumerate(students):
        make.put(root, student, **kinds[number % 4])
    calm = Path(shutil.copytree(root, root.parent / "calm"))
    grade(calm)
    chosen, told, kills = random.Random(6), [], 0
    while True:
        process = start(root, "--json")
        for _ in range(chosen.randrange(1, 3)):
            told.append(process.stdout.readline())
        # The first two come before the class can be through, however fast the machine is.
        time.sleep(chosen.uniform(0, 0.2 if kills >= 2 else 0.03))
        crew = psutil.Process(process.pid).children()
        process.kill()
        rest, stderr = process.communicate()
        told += rest.splitlines()
        for judge in crew:
            wait_until(lambda: not judge.is_running() and not find_processes(judge.pid))
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL and stderr == ""
        kills += 1
    assert kills >= 2
    named = [json.loads(line)["student"] for line in told if line.strip()]
    assert len(named) == len(set(named))
    assert grade(root) == [] and leftovers(root) == []
    assert_same(root, calm)


KILLED = """
import os, signal
from pathlib import Path
from nbgrader.converters import Autograde
from autograder.cli import main
from autograder.grading.stages import Staged

def end(self, *arguments, calls=[]):
    if len(calls) == {call}:
        os.kill(os.getpid(), signal.SIGKILL)
    calls.append(1)
    return before(self, *arguments)

before = {method}
{method} = end
main(["grade"])
"""


@pytest.fixture(scope="module")
def wrong_and_right(template, tmp_path_factory):
    """Two course folders, graded: one in which alice is wrong, one in which she is right."""
    folders = []
    for name, changes in (("wrong", {"surprise": WRONG}), ("right", {})):
        root = tmp_path_factory.mktemp(name) / "course"
        shutil.copytree(template[0], root)
        hand_in(Case("alice", "honest", **changes), template[1], root)
        grade(root)
        folders.append(root)
    return folders


@pytest.mark.parametrize(
    "method, call",
    [
        pytest.param("Path.rename", 0, id="before-the-folder-moves"),
        pytest.param("Path.rename", 1, id="between-the-two-renames"),
        pytest.param("Autograde.set_permissions", 0, id="before-the-gradebook-follows"),
        pytest.param("Staged.clean", 0, id="before-the-old-folder-goes"),
    ],
)
def test_a_second_grading_that_is_killed_is_known_for_what_it_is(
    make, wrong_and_right, tmp_path, method, call
):
    """Whether what was handed in meanwhile stays or is taken back."""
    first, second = wrong_and_right
    root = Path(shutil.copytree(first, tmp_path / "course"))
    make.put(root, "alice")
    code = KILLED.format(method=method, call=call)
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    back = Path(shutil.copytree(root, root.parent / "back"))
    make.put(back, "alice", surprise=WRONG)
    for folder, calm in ((root, second), (back, first)):
        grade(folder)
        assert leftovers(folder) == []
        assert_same(folder, calm)


def lock(root, *statements):
    other = sqlite3.connect(root / "gradebook.db", isolation_level=None, check_same_thread=False)
    for statement in statements or ["begin exclusive"]:
        other.execute(statement).fetchall()
    return other


def test_a_gradebook_locked_for_a_moment_has_no_visible_effect(make):
    root, calm = make(*HONEST), make(*HONEST, name="calm")
    grade(calm)
    graded = []
    with Grading(CourseFolder(root), workers=1) as grading:
        for result in grading.grade(grading.submissions([]).submissions):
            graded.append(result)
            if len(graded) == 1:
                other = lock(root)
                timer = threading.Timer(2, other.rollback)
                timer.start()
    timer.join()
    assert len(graded) == 3 and not any(result.problem for result in graded)
    assert_same(root, calm)


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param(["begin exclusive"], id="by-who-writes"),
        # It lets everything happen but the commit.
        pytest.param(["begin", "select * from student"], id="by-who-reads"),
    ],
)
def test_a_gradebook_that_stays_locked_is_said_and_nothing_is_lost(make, monkeypatch, statements):
    root, calm = make(*HONEST), make(*HONEST, name="calm")
    grade(calm)
    monkeypatch.setattr(database, "LOCK_SECONDS", 1)
    locks = []
    at_call(monkeypatch, Stages, "enter", 2, lambda *_: locks.append(lock(root, *statements)))
    result = run(root, "--workers", "1", "--json")
    stopped(result, "The gradebook cannot be used", "locked", "close what else has it open")
    locks[0].rollback()
    assert [line["student"] for line in lines(result.stdout)] == ["alice"] == list(scores(root))
    assert os.listdir(root / "autograded") == ["alice"] and leftovers(root) == []
    monkeypatch.undo()
    assert sorted(grade(root)) == ["bruno", "carla"]
    assert_same(root, calm)


def at_call(monkeypatch, owner, name, number, act):
    """Before the call `number` of a function, and with number 0 before each one, do `act` with its
    arguments."""
    function, calls = getattr(owner, name), []

    def acting(*arguments, **options):
        calls.append(1)
        if number in (0, len(calls)):
            act(*arguments)
        return function(*arguments, **options)

    monkeypatch.setattr(owner, name, acting)


def test_what_changes_while_it_is_read_is_read_again(make, monkeypatch):
    root, calm = make("alice", surprise=WRONG), make("alice", name="calm")
    grade(calm)
    at_call(monkeypatch, Stages, "_read", 1, lambda *_: make.put(root, "alice"))
    assert run(root).exit_code == 0
    assert_same(root, calm)
    assert waiting(root) == []


@pytest.mark.parametrize("change", ["written on", "taken away"])
def test_what_goes_on_changing_is_left_for_later(make, monkeypatch, change):
    root, calm = make(*HONEST), make(*HONEST, name="calm")
    notes = root / "submitted" / "bruno" / NAME / "notes.txt"

    def disturb(source, *_):
        if source == str(notes):
            if change == "written on":
                notes.write_text(notes.read_text() + "more\n")
            else:
                notes.unlink()

    def restore(folder):
        if folder == notes.parent and not notes.exists():
            notes.write_text("notes\n")

    at_call(monkeypatch, stages, "stamp_of", 0, restore)
    at_call(monkeypatch, stages.shutil, "copy", 0, disturb)
    result = run(root, "--json")
    assert result.exit_code == 1
    said(result.stderr, "bruno", "changed while it was read", "Not graded")
    line = next(line for line in lines(result.stdout) if line["student"] == "bruno")
    assert line["score"] is None and line["problem"]
    assert scores(root).keys() == {"alice", "carla"} and leftovers(root) == []
    monkeypatch.undo()
    notes.unlink(missing_ok=True)
    assert grade(root) == ["bruno"]
    grade(calm)
    assert_same(root, calm)


def without_privileges():
    """Root loses what lets it open everything; anybody else has nothing to lose."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def test_folders_without_rights_are_left_until_they_have_them(make):
    students = ("alice", "bruno", "carla", "dario", "elena")
    root, calm = make(*students), make(*students, name="calm")
    submitted = root / "submitted"
    closed = {
        "alice": submitted / "alice",
        "bruno": submitted / "bruno" / NAME,
        "carla": submitted / "carla" / NAME / "data",
        "dario": submitted / "dario" / NAME / f"{NAME}.ipynb",
    }
    for place in (submitted, calm / "submitted"):
        (place / "carla" / NAME / "data").mkdir()
    modes = {path: path.stat().st_mode for path in closed.values()}
    for path in closed.values():
        path.chmod(0)
    try:
        process = start(root, prepare=without_privileges)
        stdout, stderr = process.communicate()
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    assert process.returncode == 1, stderr
    sentences = stderr.splitlines()
    assert len(sentences) == 4
    for student, path in closed.items():
        (sentence,) = [found for found in sentences if student in found]
        assert f"{path} cannot be opened (Permission denied)" in sentence
    assert scores(root).keys() == {"elena"}
    assert sorted(grade(root)) == sorted(closed)
    grade(calm)
    assert_same(root, calm)


def test_clocks_that_differ_and_copies_make_nothing_new(make, monkeypatch):
    root = make(*HONEST)
    grade(root)
    path = root / "submitted" / "alice" / NAME / f"{NAME}.ipynb"
    os.utime(path, (0, 0))
    os.utime(root / "submitted" / "bruno" / NAME / f"{NAME}.ipynb", (2**32, 2**32))
    shutil.move(root / "submitted" / "carla", root / "moved")
    shutil.copytree(root / "moved", root / "submitted" / "carla", copy_function=shutil.copy)
    assert waiting(root) == []
    # The next look opens no file.
    monkeypatch.setattr(stages, "content_of", None)
    assert waiting(root) == []
    monkeypatch.undo()
    content = path.read_bytes()
    path.write_bytes(content.replace(b"import", b"Import"))
    os.utime(path, (0, 0))
    assert waiting(root) == ["alice"]
    path.write_bytes(content)
    os.utime(path, (-(10**9), -(10**9)))
    assert waiting(root) == []


def test_of_many_folders_only_the_new_ones_are_graded(make, monkeypatch):
    root = make("alice", "bruno")
    grade(root)
    with sqlite3.connect(root / "gradebook.db") as gradebook:
        for number in range(300):
            student = f"copy{number}"
            for step in ("submitted", "autograded"):
                shutil.copytree(root / step / "alice", root / step / student)
            for table, fields, values in (
                ("student", "id", "?"),
                (
                    "submitted_assignment",
                    "id, assignment_id, student_id",
                    "lower(hex(randomblob(16))), assignment_id, ?",
                ),
                (
                    "autograder_origin",
                    "student_id, assignment_id, stamp, content, course, problem",
                    "?, assignment_id, stamp, content, course, problem",
                ),
            ):
                key = "id" if table == "student" else "student_id"
                gradebook.execute(
                    f"insert into {table} ({fields}) select {values} from {table} "
                    f"where {key} = 'alice'",
                    [student],
                )
    for student in ("new1", "new2", "new3"):
        make.put(root, student)
    commits = []
    at_call(monkeypatch, stages.Writer, "transaction", 0, lambda *_: commits.append(1))
    assert waiting(root) == ["new1", "new2", "new3"]
    assert len(commits) == 1
    result = run(root, "--json")
    assert result.exit_code == 0
    assert sorted(line["student"] for line in lines(result.stdout)) == ["new1", "new2", "new3"]
    assert "305 were graded before" in run(root).stdout


class SmallDisk:
    """A tmpfs on a folder, which only the processes started here see."""

    def __init__(self, folder, size):
        folder.mkdir()
        self.folder, self.filler = folder, folder / "filler"
        self._keeper = subprocess.Popen(
            [
                *("unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"])),
                *("sh", "-c", f'mount -t tmpfs -o size={size} tmpfs "$0" && echo && read end'),
                str(folder),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if not self._keeper.stdout.readline():
            reason = self._keeper.communicate()[1].decode().strip()
            pytest.skip(f"a small disk cannot be mounted here: {reason}")

    def inside(self, root):
        """What goes before a command, so that it sees the disk."""
        user = [] if os.getuid() == 0 else ["--user", "--preserve-credentials"]
        target = str(self._keeper.pid)
        return ["nsenter", "--target", target, "--mount", *user, f"--wd={root}"]

    def do(self, command, *arguments):
        subprocess.run(
            [*self.inside("/"), "sh", "-c", command, "sh", *map(str, arguments)], check=True
        )

    def fill(self):
        """Leave room for a small file or two, so that it ends in the middle."""
        self.do('dd if=/dev/zero of="$1" bs=4096 2>/dev/null; truncate -s -20K "$1"', self.filler)

    def make_room(self):
        self.do('rm "$1"', self.filler)

    def close(self):
        self._keeper.communicate()


@pytest.mark.parametrize("full", ["autograded", "gradebook"])
def test_a_full_disk_is_said_and_the_same_command_goes_on(make, full, tmp_path):
    root, calm = make(*HONEST), make(*HONEST, name="calm")
    grade(calm)
    disk = SmallDisk(root / ("autograded" if full == "autograded" else "disk"), "4m")
    try:
        if full == "gradebook":
            url = f"sqlite:///{root}/disk/gradebook.db"
            with (root / CONFIG).open("a") as config:
                config.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
            disk.do('mv "$1" "$2"', root / "gradebook.db", root / "disk")
        disk.fill()
        process = start(root, "--json", before=disk.inside(root))
        stdout, stderr = process.communicate()
        assert process.returncode == 2, stderr
        said(stderr, "make room on the disk", "it goes on where it stopped")
        disk.make_room()
        disk.do('test -z "$(find "$1" -name ".*.new" -o -name ".*.old")"', root / "autograded")
        process = start(root, "--json", before=disk.inside(root))
        rest, stderr = process.communicate()
        assert process.returncode == 0, stderr
        told = [line["student"] for line in lines(stdout + rest)]
        assert sorted(told) == sorted(HONEST)
        disk.do('cp -a "$1" "$2"', root, tmp_path / "seen")
    finally:
        disk.close()
    if full == "gradebook":
        shutil.move(tmp_path / "seen" / "disk" / "gradebook.db", tmp_path / "seen")
    assert_same(tmp_path / "seen", calm)


def test_an_error_of_one_folder_costs_the_others_nothing(make, monkeypatch):
    root = make(*HONEST)

    def fail(stages, staged, *_):
        if staged.submission.student == "bruno":
            raise PermissionError(errno.EACCES, "Permission denied", str(staged.folder))

    at_call(monkeypatch, Stages, "_copy", 0, fail)
    result = run(root)
    assert result.exit_code == 1
    said(result.stderr, "bruno", "Permission denied", "Not graded")
    assert scores(root).keys() == {"alice", "carla"}
    monkeypatch.undo()
    assert grade(root) == ["bruno"]


def release(root):
    settings = CourseFolder(root).config
    settings.CourseDirectory.assignment_id = NAME
    directory = CourseDirectory(config=settings)
    GenerateAssignment(coursedir=directory, config=settings, force=True).start()


def test_a_second_run_grades_what_changed_and_says_so(make, monkeypatch):
    root = make(*HONEST)
    assert run(root).exit_code == 0
    result = run(root)
    assert result.exit_code == 0
    assert "3 were graded before and are as they were; --force regrades." in result.stdout

    make.put(root, "bruno", surprise=WRONG)
    before = scores(root)["bruno"]
    result = run(root)
    assert "bruno" in result.stdout and "alice" not in result.stdout
    assert "2 were graded before" in result.stdout
    assert scores(root)["bruno"] == before - 1

    source = root / "source" / NAME / f"{NAME}.ipynb"
    text = source.read_text()
    assert text.count("### BEGIN HIDDEN TESTS") == 2
    source.write_text(text.replace("### BEGIN HIDDEN TESTS", "# Hm.\\n### BEGIN HIDDEN TESTS"))
    for _ in range(2):
        result = run(root)
        assert result.exit_code == 0 and "3 were graded before" in result.stdout
        said(result.stderr, "is not what was released", "generate_assignment --force")
    release(root)
    result = run(root, "--json")
    assert len(lines(result.stdout)) == 3 and result.stderr == ""

    monkeypatch.setattr("autograder.grading.gradebook.checks_version", lambda notebooks: "mended")
    assert len(lines(run(root, "--json").stdout)) == 3
    assert waiting(root) == []


def test_a_cell_that_is_new_in_source_is_not_advised_to_be_forced_in(make):
    root = make("alice")
    assert run(root).exit_code == 0
    source = root / "source" / NAME / f"{NAME}.ipynb"
    source.write_text(source.read_text().replace('"grade_id": "surprise"', '"grade_id": "renamed"'))
    result = run(root)
    said(result.stderr, "added, removed or renamed", "put their names back")
    assert "--force" not in result.stderr and (root / "release" / NAME).is_dir()
    assert "1 was graded before" in result.stdout
    make.put(root, "bruno")
    (line,) = lines(run(root, "--json").stdout)
    assert line["score"] == 4 and "repairs" not in line


def test_what_lies_nearly_right_is_named(make):
    root = make("alice", "flat", "case", "copy")
    submitted = root / "submitted"
    os.rename(submitted / "flat" / NAME / f"{NAME}.ipynb", submitted / "flat" / f"{NAME}.ipynb")
    (submitted / "flat" / NAME).rmdir()
    os.rename(submitted / "case" / NAME, submitted / "case" / NAME.title())
    os.rename(submitted / "copy" / NAME, submitted / "copy" / f"{NAME} (1)")
    result = run(root)
    for place in (f"flat/{NAME}.ipynb", f"case/{NAME.title()}", f"copy/{NAME} (1)"):
        assert f"submitted/{place} is not graded" in result.stderr
    assert "alice" not in result.stderr and scores(root).keys() == {"alice"}


def test_a_folder_that_is_nearly_a_known_student_is_named(make):
    root = make("hacker", "jose\u0301", "alice")
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        for student in ("Hacker", "jos\u00e9", "alice"):
            gradebook.add_student(student)
    result = run(root)
    assert "submitted/hacker is graded as a student of its own" in result.stderr
    assert "has jos\u00e9, which differs" in result.stderr
    assert "alice is" not in result.stderr


def test_another_course_id_changes_nothing_that_is_graded(make):
    root = make("alice")
    assert run(root).exit_code == 0
    with (root / CONFIG).open("a") as config:
        config.write('\nc.CourseDirectory.course_id = "another"\n')
    assert waiting(root) == []
    assert collect(CourseFolder(root), []).assignments[0].submissions.keys() == {"alice"}


def test_force_and_student_choose_who_is_graded(make):
    root = make(*HONEST)
    assert [
        line["student"] for line in lines(run(root, "--json", "--student", "carla").stdout)
    ] == ["carla"]
    assert waiting(root) == ["alice", "bruno"]
    again = run(root, "--json", "--force", "--student", "carla")
    assert [line["student"] for line in lines(again.stdout)] == ["carla"]
    assert len(lines(run(root, "--json", "--force").stdout)) == 3


def test_a_folder_whose_name_is_no_student_id(make):
    reasons = {
        b"c\xff": "it is not UTF-8",
        b"x" * 129: "it is longer than 128 characters",
        b"a<b": 'it holds ", `, <, >, & or \\',
        b"a[1]": "it holds a bracket, or a space at an end",
    }
    root = make("alice", *map(str, range(len(reasons))))
    for number, name in enumerate(reasons):
        place = root / "submitted"
        os.rename(place / str(number), os.path.join(os.fsencode(place), name))
    process = start(root, "--json")
    stdout, stderr = process.communicate()
    assert process.returncode == 1
    assert len(stderr.splitlines()) == len(reasons)
    for reason in reasons.values():
        assert f"The folder's name is no student id: {reason}" in stderr
    told = {line["student"]: line["score"] for line in lines(stdout)}
    assert told == {"alice": 4, **{os.fsdecode(name): None for name in reasons}}
    assert scores(root).keys() == {"alice"}
    result = run(root)
    assert result.exit_code == 1 and "1 was graded before" in result.stdout
    assert len(result.stderr.splitlines()) == len(reasons)


@pytest.mark.parametrize("half", ["sanitize_preprocessors", "autograde_preprocessors"])
def test_an_error_in_a_configured_preprocessor(make, half):
    root = make(*HONEST)
    config = (root / CONFIG).read_text()
    with (root / CONFIG).open("a") as file:
        file.write(
            f"""
from nbgrader.preprocessors import NbGraderPreprocessor

class Own(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        if resources["nbgrader"]["student"] == "bruno":
            raise ValueError("not for bruno")
        return nb, resources

c.Autograde.{half} = [*c.Autograde.{half}, Own]
"""
        )
    result = run(root)
    assert result.exit_code == 1
    said(result.stderr, "bruno", "A defect of the course or its settings", "not for bruno")
    assert scores(root).keys() == {"alice", "carla"} and leftovers(root) == []
    (root / CONFIG).write_text(config)
    assert grade(root) == ["bruno"]


def test_json_is_a_line_a_submission_beside_the_bar(make):
    root = make(*HONEST)
    controller, terminal = pty.openpty()
    process = start(root, "--json", stderr=terminal, env={**os.environ, "TERM": "xterm"})
    os.close(terminal)
    shown = b""
    try:
        while part := os.read(controller, 4096):
            shown += part
    except OSError:  # The other end is closed.
        pass
    os.close(controller)
    told = lines(process.communicate()[0])
    assert process.returncode == 0
    assert sorted(line["student"] for line in told) == list(HONEST)
    assert all(line.keys() >= {"score", "max_score", "exercises"} for line in told)
    assert b"grading" in shown and b"0/3" in shown


def test_what_could_not_be_graded_is_said_each_time_with_status_1(make):
    root = make(*HONEST)
    (root / "submitted" / "bruno" / NAME / f"{NAME}.ipynb").write_text("{ not json")
    for _ in range(2):
        result = run(root)
        assert result.exit_code == 1
        said(result.stderr, "bruno", "its text is not JSON")
    assert waiting(root) == []
    make.put(root, "bruno")
    assert run(root).exit_code == 0
    assert run(root).exit_code == 0


def test_what_is_left_for_later_counts_in_no_mean(make, monkeypatch):
    monkeypatch.setattr("autograder.cli.MANY", 1)
    root = make("alice", "bruno", "a<b")
    result = run(root)
    assert result.exit_code == 1
    assert re.search(rf"^{NAME} +2 +4\.0 of 7 ", result.stdout, re.MULTILINE)


def test_no_such_assignment_is_status_2(make):
    stopped(run(make("alice"), "no-such"), "There is no notebook no-such here")


def test_a_gradebook_that_refuses_one_row_costs_the_others_nothing(make):
    root = make(*HONEST)
    with sqlite3.connect(root / "gradebook.db") as gradebook:
        gradebook.execute(
            "create trigger one before insert on student when new.id = 'bruno' "
            "begin select raise(abort, 'bruno is not wanted'); end"
        )
    result = run(root)
    assert result.exit_code == 1
    said(result.stderr, "bruno is not wanted")
    assert scores(root).keys() == {"alice", "carla"} and leftovers(root) == []


def test_the_machine_is_said_before_anybody_is_graded(make, monkeypatch):
    root = make(*HONEST)
    at_call(monkeypatch, Stages, "_copy", 1, lambda *_: broken(errno.EROFS))
    with pytest.raises(Problem, match="Read-only file system: mend that, and run this again"):
        grade(root)
    assert scores(root) == {}
    monkeypatch.undo()
    assert sorted(grade(root)) == list(HONEST)


def broken(number):
    raise OSError(number, os.strerror(number))

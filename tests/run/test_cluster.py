"""Grading on a Dask cluster with the gradebook in PostgreSQL: whatever ends, hangs or lies in
between, every submission is graded once, as on one machine, and student code reaches nothing."""

import json
import os
import pickle
import random
import shutil
import signal
import socket
import sqlite3
import sys
import time
from collections import Counter
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from distributed import LocalCluster
from nbgrader import api
from sqlalchemy import create_engine, select

from autograder.cli import main
from autograder.course_folder import CONFIG, CourseFolder
from autograder.errors import NotGraded
from autograder.run import cluster as judges
from autograder.run.assess import Cell
from autograder.run.checks_digest import checks_version
from autograder.run.cluster import ClusterJudges, perform_checked
from autograder.run.sandboxes import Needs, sandboxes
from autograder.run.task import Result, Task
from autograder.sandbox import Limits, SandboxUnavailable
from tests.conftest import ROOT
from tests.hostile.cases import NAME, WRONG, Case, hand_in
from tests.hostile.conftest import small_course
from tests.sandbox.conftest import NO_ROOMS, WITHOUT_NAMESPACES
from tests.support.cluster import Cluster, Grade, until
from tests.support.gradebooks import assert_same
from tests.support.grading import grade_folder

pytestmark = pytest.mark.cluster

CLASS = 24
ANOTHER_VERSION = "has another version of the course"


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """The course folder that all classes are copies of, and its release as JSON."""
    root = tmp_path_factory.mktemp("course") / "course"
    released = small_course(root)
    with (root / CONFIG).open("a") as config:
        # Slow processors, of which there are few here, are not what is tested.
        config.write("\nc.Judge.limits = {}\n")
    return root, released


@pytest.fixture(scope="module")
def class_(release):
    """Hands in for a class, in a new course folder; returns the folder."""

    def make(root: Path, students: int) -> Path:
        shutil.copytree(release[0], root)
        kinds = [{}, {"surprise": WRONG}, {"surprise": None, "entropy": None}]
        for number in range(students):
            student = f"student-{number:03}"
            case = Case("honest", "honest", student=student, **kinds[number % len(kinds)])
            folder = hand_in(case, release[1], root)
            (folder / "timestamp.txt").write_text(f"2026-03-02 20:{number % 60:02}:00 UTC")
        return root

    return make


@pytest.fixture(scope="module")
def here(class_, tmp_path_factory):
    """The folder of a class that this machine has graded alone, with SQLite."""
    root = class_(tmp_path_factory.mktemp("here") / "course", CLASS)
    try:
        assert len(grade_folder(CourseFolder(root), force=True)) == CLASS
    except SandboxUnavailable as problem:
        pytest.skip(f"no rooms here: {problem}")
    return root


@pytest.fixture
def there(class_, tmp_path, database):
    """Makes the folder of a class whose gradebook is in PostgreSQL."""

    def make(students: int) -> Path:
        root = class_(tmp_path / "course", students)
        copy_gradebook(file_in(root), database.url)
        with (root / CONFIG).open("a") as config:
            config.write(f"\nc.CourseDirectory.db_url = {database.url!r}\n")
        return root

    return make


@pytest.fixture(scope="module")
def unfit(here, tmp_path_factory):
    """A cluster with workers that can take no work."""
    folder = tmp_path_factory.mktemp("cluster")
    other = folder / "other"
    for package in ("autograder", "course"):
        shutil.copytree(ROOT / package, other / package)
    with (other / "course" / "compare.py").open("a") as file:
        file.write("\nANOTHER_VERSION = True\n")
    with Cluster(folder) as cluster:
        cluster.add("elsewhere", variables={"PYTHONPATH": str(other)})
        cluster.add("walled", [sys.executable, "-c", WITHOUT_NAMESPACES])
        cluster.wait_for(2)
        yield cluster


@pytest.fixture(scope="module")
def cluster(unfit):
    """The cluster with two workers that can, besides."""
    unfit.add()
    unfit.add()
    unfit.wait_for(4)
    return unfit


def assert_graded_once(root, database, lines, alone):
    """Every submission is told of once, and the rows and files are those of one machine."""
    counts = Counter(line["student"] for line in lines)
    assert set(counts.values()) == {1} and len(counts) == len(list((root / "submitted").iterdir()))
    copy_gradebook(database.url, file_in(root))
    assert_same(root, alone)


def file_in(root):
    """The URL of the gradebook in a course folder."""
    return f"sqlite:///{root}/gradebook.db"


def copy_gradebook(source, target):
    """Put what is in the gradebook at one URL in place of what is in that at another."""
    api.Gradebook(target).close()
    here, there = create_engine(source), create_engine(target)
    with here.connect() as reader, there.begin() as writer:
        for table in reversed(api.Base.metadata.sorted_tables):
            writer.execute(table.delete())
        for table in api.Base.metadata.sorted_tables:
            if rows := [dict(row) for row in reader.execute(select(table)).mappings()]:
                writer.execute(table.insert(), rows)
    here.dispose()
    there.dispose()


def assert_only_said(errors, *sentences):
    """What stands on stderr is one sentence a line, each with the words of one of `sentences`."""
    lines = errors.splitlines()
    assert len(lines) == len(sentences), errors
    for line in lines:
        assert any(sentence in line for sentence in sentences), line
        assert line.startswith(line[0].upper()) and line.endswith(".")


def test_workers_that_cannot_take_work_are_named_and_nothing_is_lost(unfit, there, database):
    root = there(3)
    with Grade(root, unfit) as grade:
        status, errors = grade.finish()
    assert status == 2 and grade.lines == []
    assert_only_said(errors, "No worker at")
    assert ANOTHER_VERSION in errors and NO_ROOMS in errors
    assert not (root / "autograded").exists()


def test_student_code_reaches_nothing_of_the_cluster_and_is_not_unpickled(
    cluster, release, there, tmp_path
):
    trap = tmp_path / "unpickled"
    root = there(0)
    ports = [cluster.port, *(int(a.rpartition(":")[2]) for a in cluster.wait_for(4).values())]
    scratch = f"""
import os, pickle, socket
class Trap:
    def __reduce__(self):
        return os.mkdir, ({str(trap)!r},)
for port in {ports}:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=3)
        print("reached", port)
    except OSError:
        print("nobody at", port)
print(pickle.dumps(Trap()))
Trap()
"""
    trapped = "def surprise(p, base=2):\n    return Trap()\n"
    folder = hand_in(Case("thief", "x", surprise=trapped, scratch=scratch), release[1], root)
    # More than Dask likes to send at once, which it says on stderr.
    (folder / "data.pkl").write_bytes(pickle.dumps(_Trap(trap)) + bytes(11 * 2**20))
    with Grade(root, cluster) as grade:
        status, errors = grade.finish()
    assert status == 0
    assert_only_said(errors, ANOTHER_VERSION, NO_ROOMS)
    (line,) = grade.lines
    assert [row["verdict"] for row in line["exercises"]] == ["wrong type", "right"]
    graded = json.loads((root / "autograded" / "thief" / NAME / f"{NAME}.ipynb").read_text())
    shown = json.dumps([cell.get("outputs") for cell in graded["cells"]])
    assert shown.count("nobody at") == len(ports) == 5 and "reached" not in shown
    assert "mkdir" in shown
    assert not trap.exists()


class _Trap:
    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_a_task_travels_as_bytes_and_only_to_the_same_version():
    task = Task(
        cells=[Cell("code", "print(1)", None)], graded=[], seed=0, isolation="none"
    ).encode()
    result, refusal = perform_checked(checks_version(), task)
    sandboxes.close()
    assert type(task) is bytes and type(result) is bytes and refusal == ""
    assert Result.decode(result, {}).outputs[0][0]["text"] == "1\n"
    result, refusal = perform_checked("another", task)
    assert result is None and ANOTHER_VERSION in refusal


def test_the_work_of_a_straggler_is_done_by_others(cluster, here, there, database):
    root = there(CLASS)
    straggler = cluster.workers[-1]
    with Grade(root, cluster, SLOW_SECONDS=2, FETCH_SECONDS=2) as grade:
        grade.reach(8)
        straggler.signal(signal.SIGSTOP)
        try:
            status, errors = grade.finish()
        finally:
            straggler.signal(signal.SIGCONT)
    assert status == 0
    assert_only_said(errors, ANOTHER_VERSION, NO_ROOMS)
    assert_graded_once(root, database, grade.lines, here)


def test_an_open_formgrader_is_no_hindrance(cluster, here, there, database):
    root = there(CLASS)
    reader = create_engine(database.url, isolation_level="REPEATABLE READ")
    with reader.connect() as connection:
        for table in api.Base.metadata.sorted_tables:
            connection.execute(select(table)).all()
        with Grade(root, cluster) as grade:
            status, errors = grade.finish()
        assert connection.execute(select(api.Grade.__table__)).all() == []
    reader.dispose()
    assert status == 0
    assert_graded_once(root, database, grade.lines, here)


def test_the_connection_to_the_gradebook_is_lost(cluster, here, there, database):
    root = there(CLASS)
    with Grade(root, cluster) as grade:
        grade.reach(5)
        assert database.cut_connections() > 0
        grade.reach(15)
        database.server.stop()
        time.sleep(3)
        database.server.start()
        status, errors = grade.finish()
    assert status == 0
    assert_only_said(errors, ANOTHER_VERSION, NO_ROOMS)
    assert_graded_once(root, database, grade.lines, here)


def test_an_interrupt_leaves_the_workers_free(cluster, there, database):
    root = there(CLASS)
    with Grade(root, cluster) as grade:
        grade.reach(8)
        grade.interrupt()
        status, errors = grade.finish()
    assert status == 2
    assert_only_said(errors, f"Stopped: {len(grade.lines)} of {CLASS}", ANOTHER_VERSION, NO_ROOMS)
    assert cluster.tasks() == []


def test_a_scheduler_that_stays_away_ends_it_and_a_later_run_goes_on(
    cluster, here, there, database
):
    root = there(CLASS)
    with Grade(root, cluster, ABSENT_SECONDS=2, CONNECT_SECONDS=2) as grade:
        grade.reach(8)
        cluster.kill_scheduler()
        status, errors = grade.finish()
    assert status == 2
    assert_only_said(errors, "is gone", ANOTHER_VERSION, NO_ROOMS)
    first = grade.lines
    assert 8 <= len(first) < CLASS
    lines = first + [later.as_json() for later in grade_folder(CourseFolder(root))]
    assert_graded_once(root, database, lines, here)


def test_workers_are_killed_at_random_and_the_scheduler_is_restarted(
    cluster, here, there, database
):
    """As the supervisors of a cluster would, the test starts what is gone again."""
    cluster.kill_scheduler()
    cluster.start_scheduler()
    while cluster.workers:
        cluster.workers.pop().kill()
    for _ in range(2):
        cluster.add()
    root, chance = there(CLASS), random.Random(5)
    with Grade(root, cluster) as grade:
        for share in (0.04, 0.2):
            grade.reach(int(share * CLASS))
            chance.choice(cluster.workers).signal(signal.SIGKILL)
        grade.reach(int(0.36 * CLASS))
        cluster.replace(chance.choice(cluster.workers))
        grade.reach(int(0.5 * CLASS))
        cluster.kill_scheduler()
        for worker in list(cluster.workers):
            cluster.replace(worker)
        cluster.start_scheduler()
        grade.reach(int(0.6 * CLASS))
        chance.choice(cluster.workers).signal(signal.SIGKILL)
        status, errors = grade.finish()
    assert status == 0
    assert_only_said(errors)
    assert_graded_once(root, database, grade.lines, here)


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:{closed}", "127.0.0.1:{silent}", "nonsense", "tcp://host:port"]
)
def test_no_scheduler_at_the_address(class_, tmp_path, monkeypatch, address):
    monkeypatch.setattr(judges, "CONNECT_SECONDS", 2)
    monkeypatch.chdir(class_(tmp_path / "course", 1))
    with socket.create_server(("127.0.0.1", 0)) as silent, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        ports = {"silent": silent.getsockname()[1], "closed": closed.getsockname()[1]}
        result = CliRunner().invoke(main, ["grade", "--scheduler", address.format(**ports)])
    assert result.exit_code == 2
    assert_only_said(result.stderr, "There is no Dask scheduler at")
    with sqlite3.connect("gradebook.db") as gradebook:
        assert gradebook.execute("select * from submitted_assignment").fetchall() == []


def test_a_scheduler_without_workers(class_, tmp_path):
    root = class_(tmp_path / "course", 1)
    with Cluster(tmp_path) as cluster, Grade(root, cluster, ABSENT_SECONDS=1) as grade:
        status, errors = grade.finish()
    assert status == 2
    assert_only_said(errors, "There is none: start some with `dask worker")


@pytest.fixture
def judges_in(monkeypatch):
    """Makes ClusterJudges with two workers in this process, for whom `perform` does the tasks."""
    with ExitStack() as stack:

        def make(perform):
            monkeypatch.setattr(judges, "perform", perform)
            monkeypatch.setattr(judges, "_prepare", cache(lambda *kind: None))
            monkeypatch.setattr(judges, "examine", lambda readable: [])
            workers = stack.enter_context(
                LocalCluster(2, 1, processes=False, protocol="tcp", dashboard_address=":0")
            )
            return stack.enter_context(
                ClusterJudges("walls", Limits(), Needs(), workers.scheduler_address)
            )

        yield make


def answer(judges, task=b"task"):
    future = judges.submit(task)
    until(lambda: judges.wait([future]) or future.done(), "it is judged")
    return future


def test_a_worker_that_refuses_is_met_again_before_it_gets_more(judges_in):
    asked = []

    def perform(task):
        asked.append(task)
        if len(asked) == 1:
            raise SandboxUnavailable("No room.")
        return task

    assert answer(judges_in(perform)).result() == b"task"
    assert len(asked) == 2


def test_why_a_worker_is_left_out_has_its_traceback():
    class Failed:
        status = "error"

        def exception(self):
            try:
                return 1 / 0
            except ZeroDivisionError as error:
                return error

    cluster = ClusterJudges("walls", Limits(), Needs(), "tcp://127.0.0.1:1")
    cluster._hear(judges._Worker("tcp://127.0.0.1:2", "folder", 1), Failed())
    assert "is left out: it cannot use this version" in cluster.remarks[0]
    assert "Traceback" in cluster.traces[0] and "return 1 / 0" in cluster.traces[0]


def test_what_no_worker_can_judge_is_left_for_another_time(judges_in):
    asked = []

    def perform(task):
        asked.append(task)
        if task == b"bad":
            raise OSError(28, "No space left on device")
        return task

    cluster = judges_in(perform)
    with pytest.raises(
        NotGraded, match="No worker could judge it: OSError: .* No space left"
    ) as left:
        answer(cluster, b"bad").result()
    assert "Traceback" in left.value.trace and "in perform\n" in left.value.trace
    assert asked == [b"bad"] * 3
    assert answer(cluster, b"good").result() == b"good"

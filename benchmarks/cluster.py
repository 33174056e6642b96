"""Grading on a Dask cluster: measured with 1, 2 and 4 worker processes here, simulated for more.

    python -m benchmarks.cluster [--notebook NAME] [--students N] [--workers 1 2 4] [--quick]

What a submission costs each process is measured with real workers on this machine. What the one
writer keeps up with is measured with workers that replay recorded tasks: they sleep for as long as
a task took, so that many of them need no cores. Larger clusters are simulated from what was
measured, and the simulation is put beside all that was. Prints the tables and writes them to
benchmarks/cluster.md; says on stderr how far it is. Leave the machine alone meanwhile.
"""

import argparse
import datetime
import hashlib
import heapq
import itertools
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
import psutil
from distributed import Client
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine

from autograder.course_folder import CONFIG, CourseFolder
from autograder.errors import Problem
from autograder.grading import Grading
from autograder.grading.stages import Stages
from autograder.run import cluster
from autograder.run import task as tasks
from autograder.run.local import MOST_ROOMS, ROOMS_A_CORE
from autograder.sandbox import Limits
from autograder.simulate import simulate
from benchmarks.grading import SEED, Memory, machine, make_class, say
from tests.support import postgres

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "benchmarks" / "cluster.md"
RECORDED = "RECORDED_TASKS"
CORES = os.cpu_count() or 1
LARGE = [8, 32, 128]
SUBMISSIONS, EVENING = 30_000, 4 * 3600
SAMPLE_SECONDS = 0.5
THREADS = 3
ROLES = ("writer", "scheduler", "worker", "rooms")

# What the simulation of larger clusters takes for granted beyond what is measured.
ENDLESS_SHARE = 1 / 100  # of the submissions: an endless loop in an answer
SLOW_SHARE, SLOW_TIMES = 1 / 100, 10  # of the tasks: a machine busy with something else
DEATH_HOURS = 10  # how long a worker lives, on average
SILENT_SHARE = 1 / 2  # of the deaths, those that nobody is told of: a cable, a closed lid
AWAY_SECONDS = 60  # until there is another worker in its place
LATENCY, BANDWIDTH = 0.001, 125e6  # seconds each way; bytes a second, as of Gigabit Ethernet


@dataclass(frozen=True)
class Recording:
    """A task done in this process with nothing beside: its seconds, and the bytes out and back."""

    seconds: float
    out: int
    back: int


@dataclass(frozen=True)
class Writing:
    """What the writer needs for a submission when the judges answer at once: seconds before and
    after the judge, seconds on a core; rows and SQL statements; bytes in the database and in
    `autograded/`."""

    stage: float
    enter: float
    cpu: float
    rows: float
    statements: float
    size: float
    files: float

    @property
    def seconds(self) -> float:
        return self.stage + self.enter


@dataclass(frozen=True)
class Run:
    """One `autograder grade`: seconds to its first line, and lines a second from then on; for each
    line, seconds on a core by process and bytes over the network; the workers' peak memory in MB.
    """

    workers: int
    started: float
    rate: float
    cpu: dict[str, float]
    network: float
    memory: Memory

    @property
    def cores_busy(self) -> float:
        return self.rate * sum(self.cpu.values())


@dataclass(frozen=True)
class Outcome:
    """What a simulated run came to: submissions a second, the share of the time in which the
    writer works, and how many tasks were sent again."""

    rate: float
    writer_busy: float
    sent_again: int


# ----------------------------------------------------------------------------- recorded and alone


class Recorder:
    """Judges with the methods of LocalJudges that do each task here and now, and keep what it
    came to."""

    capacity = 1

    def __init__(self):
        self.remarks: list[str] = []
        self.traces: list[str] = []
        self.results: dict[str, tuple[float, bytes]] = {}
        self.recordings: dict[str, list[Recording]] = {}
        self.any_task = b""

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        pass

    def wait(self, futures):
        pass

    def submit(self, task: bytes) -> Future[bytes]:
        if not self.results:
            tasks.perform(task)  # The warm process starts with the first room.
        self.any_task = task
        started = time.perf_counter()
        result = tasks.perform(task)
        seconds = time.perf_counter() - started
        self.results[digest(task)] = seconds, result
        recording = Recording(seconds, len(task), len(result))
        self.recordings.setdefault(number_of(task), []).append(recording)
        return answered(result)


class Replayer(Recorder):
    """Judges that answer at once what was recorded."""

    def __init__(self, results: dict[str, tuple[float, bytes]]):
        super().__init__()
        self.results = results

    def submit(self, task: bytes) -> Future[bytes]:
        return answered(self.results[digest(task)][1])


def answered(result: bytes) -> Future[bytes]:
    future: Future[bytes] = Future()
    future.set_result(result)
    return future


def digest(task: bytes) -> str:
    """The same for two submissions that differ in nothing but their student."""
    return hashlib.sha256(json.dumps({**json.loads(task), "seed": 0}).encode()).hexdigest()


def number_of(task: bytes) -> str:
    """The number of a task's notebook, as in "03"."""
    return json.loads(task)["graded"][0]["checks"][0]["id"].partition(".")[0]


def record(folder: Path, size: int) -> Recorder:
    """Simulate a class over all notebooks in a new course folder, leave out what is damaged, and
    grade the others one by one."""
    truth = simulate(CourseFolder(ROOT), folder, size, SEED, [])["students"]
    for student, entries in truth.items():
        for name, entry in entries.items():
            if entry["damage"]:
                shutil.rmtree(folder / "submitted" / student / name)
    grading = Grading(CourseFolder(folder))
    recorder = Recorder()
    grading._judges = lambda: recorder
    for _ in grading.grade(grading.submissions([]).submissions):
        pass
    return recorder


def write_alone(folder: Path, name: str, results: dict, url: str) -> Writing:
    """Grade an assignment of a course folder anew, with judges that answer at once.

    url  the `db_url` of a gradebook that does not exist yet
    """
    course = CourseFolder(folder)
    (folder / CONFIG).write_text(
        f"{(ROOT / CONFIG).read_text()}\nc.CourseDirectory.db_url = {url!r}\n"
    )
    spent = {"stage": 0.0, "enter": 0.0, "statements": 0}

    def count(*arguments):
        spent["statements"] += 1

    grading = Grading(course)
    grading._judges = lambda: Replayer(results)
    steps = {step: clocked(getattr(Stages, step), spent, step) for step in ("stage", "enter")}
    with patch.multiple(Stages, **steps):
        graded = grading.grade(grading.submissions([name]).submissions)
        next(graded)  # The assignment is entered before the first submission.
        rows, size = rows_and_bytes(url)
        spent.update(stage=0.0, enter=0.0, statements=0)
        event.listen(Engine, "before_cursor_execute", count)
        cpu, lines = time.process_time(), sum(1 for _ in graded)
        cpu = time.process_time() - cpu
        event.remove(Engine, "before_cursor_execute", count)
    rows, size = (now - then for now, then in zip(rows_and_bytes(url), (rows, size)))
    written = [path.stat().st_size for path in (folder / "autograded").rglob(f"{name}.ipynb")]
    totals = (spent["stage"], spent["enter"], cpu, rows, spent["statements"], size)
    return Writing(*(total / lines for total in totals), files=statistics.mean(written))


def clocked(method, spent: dict, step: str):
    def run(*arguments):
        started = time.perf_counter()
        try:
            return method(*arguments)
        finally:
            spent[step] += time.perf_counter() - started

    return run


def rows_and_bytes(url: str) -> tuple[int, int]:
    """How many rows there are in a database, and how many bytes it takes."""
    engine = create_engine(url)
    tables, size = {
        "sqlite": (
            "SELECT name FROM sqlite_master WHERE type = 'table'",
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
        ),
        "postgresql": (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
            "SELECT pg_database_size(current_database())",
        ),
    }[engine.dialect.name]
    with engine.connect() as connection:
        counts = [
            connection.scalar(text(f'SELECT count(*) FROM "{name}"'))
            for name in connection.scalars(text(tables)).all()
        ]
        found = sum(counts), connection.scalar(text(size))
    engine.dispose()
    return found


@contextmanager
def database_server() -> Iterator[postgres.Server | None]:
    """A PostgreSQL server that flushes every commit to the disk, as one in use does; None where
    none is installed."""
    programs = postgres.programs()
    if programs is None:
        say(postgres.ABSENT)
        yield None
        return
    postgres.OPTIONS.update(fsync="on", full_page_writes="on")
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        server = postgres.Server(Path(folder), programs)
        server.start()
        try:
            yield server
        finally:
            server.stop()


# --------------------------------------------------------------------------- real processes here


@contextmanager
def dask_cluster(folder: Path, *options: str, **variables: str) -> Iterator[tuple[str, dict]]:
    """A `dask scheduler` and a `dask worker` with these options and variables of the environment:
    the address, and both processes by name. They end with the block."""
    port = str(postgres.free_port())
    address = f"tcp://127.0.0.1:{port}"
    scratch = ("--memory-limit", "0", "--local-directory", str(folder), "--no-dashboard")
    commands = {
        "scheduler": ("dask", "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"),
        "worker": ("dask", "worker", address, *scratch, *options),
    }
    with ExitStack() as stack:
        log = stack.enter_context(open(folder / "dask.log", "a"))
        processes = {}
        for name, words in commands.items():
            processes[name] = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **variables},
            )
            stack.callback(end, processes[name])
        yield address, processes


def end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def warm_up(address: str, workers: int, task: bytes) -> None:
    """Wait until all workers are there, and let each of them start its warm process."""
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=120)
        client.run(tasks.perform, task)


def grade(folder: Path, workers: int, *options: str, **processes: subprocess.Popen) -> Run:
    """Run `autograder grade` in a course folder; watch it, and the processes of its cluster."""
    words = ("autograder", "grade", "--json", *options)
    stamps: list[float] = []
    looks: list[tuple[int, dict]] = []
    started = time.perf_counter()
    with open(folder / "errors", "w") as errors:
        process = subprocess.Popen(
            words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        )
        watched = {"writer": process, **processes}
        memory = Memory(processes.get("worker", process).pid)
        memory.start()
        looked = 0.0
        try:
            for _ in process.stdout:
                stamps.append(time.perf_counter())
                # Which line is the last is not known before the end, when the process is gone.
                if stamps[-1] - looked > SAMPLE_SECONDS:
                    looked = stamps[-1]
                    looks.append((len(stamps), look(watched)))
            status = process.wait()
        finally:
            process.kill()
            memory.end()
    if status or len(looks) < 3:
        said = (folder / "errors").read_text()
        raise Problem(f"{' '.join(words)} ended with status {status}:\n{said}")
    # The last look may have come when some of the processes were gone.
    (before, first), (after, last) = looks[0], looks[-2]
    cost = {name: (last[name] - first[name]) / (after - before) for name in first}
    return Run(
        workers=workers,
        started=stamps[0] - started,
        rate=(len(stamps) - 1) / (stamps[-1] - stamps[0]),
        network=cost.pop("network"),
        cpu=cost,
        memory=memory,
    )


def look(watched: dict[str, subprocess.Popen]) -> dict[str, float]:
    """Seconds on a core by process so far, those of rooms apart, and bytes over the loopback."""
    spent = {"rooms": 0.0, "network": psutil.net_io_counters(pernic=True)["lo"].bytes_sent}
    for name, process in watched.items():
        spent[name] = 0.0
        root = psutil.Process(process.pid)
        rooms: set[int] = set()
        for each in [root, *root.children(recursive=True)]:
            try:
                times = each.cpu_times()
                in_room = each.ppid() in rooms or "sandbox/inside/warm_process.py" in " ".join(
                    each.cmdline()
                )
            except psutil.NoSuchProcess:
                continue
            if in_room:
                rooms.add(each.pid)
                spent["rooms"] += times.children_user + times.children_system
            spent["rooms" if in_room else name] += times.user + times.system
    return spent


def measure_here(folder: Path, arguments, task: bytes) -> tuple[list[Run], list[Run], Run]:
    """Grade one class without a cluster, and with one, for each number of workers; and with one
    worker of several threads."""
    taught = make_class(folder / "class", arguments.notebook, arguments.students)
    prepared = taught.course(folder / "prepared")
    taught.hand_in(prepared, taught.students)
    local = []
    # What `autograder grade` takes where it is not told is among them.
    for rooms in sorted({*arguments.workers, min(ROOMS_A_CORE * CORES, MOST_ROOMS)}):
        place = folder / f"local-{rooms}"
        shutil.copytree(prepared, place)
        local.append(grade(place, rooms, "--workers", str(rooms)))
        say(f"without a cluster, {rooms} rooms at a time: {local[-1].rate:.1f}/s")

    def on_cluster(workers: int, threads: int) -> Run:
        place = folder / f"cluster-{workers}-{threads}"
        shutil.copytree(prepared, place)
        options = ("--nthreads", str(threads), "--nworkers", str(workers))
        with dask_cluster(place, *options) as (address, processes):
            warm_up(address, workers, task)
            run = grade(place, workers, "--scheduler", address, **processes)
        say(f"cluster of {workers} with {threads} threads each: {run.rate:.1f}/s")
        return run

    spread = [on_cluster(workers, 1) for workers in arguments.workers]
    return local, spread, on_cluster(1, THREADS)


def replay(folder: Path, sampled: Path, results: dict, arguments) -> list[Run]:
    """Grade copies of the recorded class with workers that sleep and answer what was recorded."""
    recorded = folder / "recorded.json"
    recorded.write_text(json.dumps({key: (s, r.decode()) for key, (s, r) in results.items()}))
    runs = []
    for workers in arguments.large:
        place = folder / f"replay-{workers}"
        place.mkdir()
        shutil.copytree(sampled / "source", place / "source")
        shutil.copy(ROOT / CONFIG, place)
        shutil.copy(sampled / "gradebook.db", place)
        handed_in = sorted((sampled / "submitted").glob("*/*"))
        for number, source in zip(range(arguments.replays), itertools.cycle(handed_in)):
            student = f"copy{number // len(handed_in)}-{source.parent.name}"
            shutil.copytree(source, place / "submitted" / student / source.name)
        options = ("--nthreads", str(workers), "--preload", __file__)
        # A worker that loads this file finds what it imports.
        variables = {RECORDED: str(recorded), "PYTHONPATH": str(ROOT)}
        with dask_cluster(place, *options, **variables) as (address, processes):
            runs.append(grade(place, workers, "--scheduler", address, **processes))
        say(f"{workers} workers that replay: {runs[-1].rate:.1f}/s")
        shutil.rmtree(place)
    return runs


def dask_setup(worker) -> None:
    """`dask worker --preload` calls this: the worker is one that replays."""
    with open(os.environ[RECORDED], encoding="utf-8") as file:
        recorded = json.load(file)

    def perform(task: bytes) -> bytes:
        seconds, result = recorded[digest(task)]
        time.sleep(seconds)
        return result.encode()

    cluster.perform = perform
    cluster.prove = list


# -------------------------------------------------------------------------------- the simulation


@dataclass(eq=False)
class Job:
    """A submission on its way, in simulated time."""

    recording: Recording
    since: float = 0.0


class Simulation:
    """A cluster whose writer, as `autograder grade` does, keeps two tasks a worker under way and
    stages and enters one submission at a time.

    cores       what writer and busy workers share; with one for each of them nobody waits
    recordings  the tasks to draw from
    overhead    seconds of a worker for a task beside the task
    faults      whether machines are slow and die, and answers loop, as the constants above say
    """

    def __init__(
        self, workers: int, cores: int, recordings: list, overhead: float, stage, enter, faults
    ):
        self.workers, self.cores, self.recordings = workers, cores, recordings
        self.overhead, self.stage, self.enter, self.faults = overhead, stage, enter, faults
        self.rng = random.Random(SEED)
        self.now = 0.0
        self.later: list[tuple] = []
        self.order = itertools.count()
        self.busy: dict = {}
        self.queue: list[Job] = []
        self.ready: list[Job] = []
        self.lost: list[Job] = []
        self.free = list(range(workers))
        self.landed: list[float] = []
        self.waiting = self.flying = self.sent_again = 0
        self.usual = statistics.median(each.seconds for each in recordings)

    def run(self, count: int) -> Outcome:
        """Grade `count` submissions; the rate is that from the first to the last."""
        self.waiting, writing = count, 0.0
        if self.faults:
            for worker in range(self.workers):
                self._at(self._lifetime(), self._die, worker)
        while len(self.landed) < count:
            self._begin()
            step, speed = self._step()
            self.now += step
            writing += step * ("writer" in self.busy)
            for who, entry in list(self.busy.items()):
                entry[0] -= step * speed
                if entry[0] <= 1e-9:
                    del self.busy[who]
                    if who != "writer":
                        self.free.append(who)
                    entry[1](entry[2])
            while self.later and self.later[0][0] <= self.now:
                _, _, action, of = heapq.heappop(self.later)
                action(of)
        rate = (count - 1) / (self.landed[-1] - self.landed[0])
        return Outcome(rate, writing / self.now, self.sent_again)

    def _begin(self) -> None:
        """Give everybody something to do who has nothing."""
        if "writer" not in self.busy:
            if self.waiting and self.flying < 2 * self.workers:
                self.waiting, self.flying = self.waiting - 1, self.flying + 1
                job = Job(self.rng.choice(self.recordings))
                self.busy["writer"] = [self.stage, self._send, job]
            elif self.ready:
                self.busy["writer"] = [self.enter, self._land, self.ready.pop(0)]
        for job in [job for job in self.lost if self._is_late(job)]:
            self.lost.remove(job)
            self.queue.append(job)
            self.sent_again += 1
        while self.queue and self.free:
            job = self.queue.pop(0)
            self.busy[self.free.pop()] = [self._work(job), self._finish, job]

    def _step(self) -> tuple[float, float]:
        """Seconds until something happens, and how fast everybody works meanwhile."""
        speed = min(1.0, self.cores / max(1, len(self.busy)))
        soonest = min((entry[0] / speed for entry in self.busy.values()), default=float("inf"))
        if self.later:
            soonest = min(soonest, self.later[0][0] - self.now)
        return max(0.0, min(soonest, cluster.PAUSE if self.lost else soonest)), speed

    def _at(self, seconds: float, action, of) -> None:
        heapq.heappush(self.later, (self.now + seconds, next(self.order), action, of))

    def _send(self, job: Job) -> None:
        job.since = self.now
        self._at(LATENCY + job.recording.out / BANDWIDTH, self.queue.append, job)

    def _work(self, job: Job) -> float:
        seconds = job.recording.seconds
        if self.faults and self.rng.random() < ENDLESS_SHARE:
            seconds += Limits().probe_seconds
        if self.faults and self.rng.random() < SLOW_SHARE:
            seconds *= SLOW_TIMES
        return seconds + self.overhead

    def _finish(self, job: Job) -> None:
        self._at(LATENCY + job.recording.back / BANDWIDTH, self.ready.append, job)

    def _land(self, job: Job) -> None:
        self.landed.append(self.now)
        self.flying -= 1

    def _lifetime(self) -> float:
        return self.rng.expovariate(1 / (3600 * DEATH_HOURS))

    def _die(self, worker: int) -> None:
        if worker in self.busy:
            job = self.busy.pop(worker)[2]
            (self.lost if self.rng.random() < SILENT_SHARE else self.queue).append(job)
        else:
            self.free.remove(worker)
        self._at(AWAY_SECONDS, self._return, worker)

    def _return(self, worker: int) -> None:
        self.free.append(worker)
        self._at(self._lifetime(), self._die, worker)

    def _is_late(self, job: Job) -> bool:
        """Whether the writer sends a task again, by the rule of ClusterJudges."""
        patience = Limits().notebook_seconds + 60
        if self.flying - len(self.lost) < self.workers:
            patience = min(patience, max(cluster.SLOW_SECONDS, cluster.SLOW * self.usual))
        return self.now - job.since > patience


@dataclass(frozen=True)
class Measured:
    """All that was measured.

    recordings  of the tasks, by notebook
    writings    of the writer alone, by database and notebook
    replays     runs with many workers that replay tasks of all notebooks
    """

    arguments: argparse.Namespace
    recordings: dict[str, list[Recording]]
    writings: dict[str, dict[str, Writing]]
    local: list[Run]
    spread: list[Run]
    threaded: Run
    replays: list[Run]

    @property
    def every(self) -> list[Recording]:
        return [each for found in self.recordings.values() for each in found]

    def writer(self, workers: int, database: str, notebook: str = "") -> tuple[float, float]:
        """Seconds of the writer before and after the judge; on average of all notebooks where none
        is named. What Dask's client adds depends on how much is under way: a line through what
        the runs that replay took on a core more than the writer alone."""
        alone = statistics.mean(each.cpu for each in self.writings["SQLite"].values())
        more = [run.cpu["writer"] - alone for run in self.replays]
        slope, base = np.polyfit([run.workers for run in self.replays], more, 1)
        client = max(0.0, base + slope * workers)
        chosen = self.writings[database]
        chosen = [chosen[notebook]] if notebook else chosen.values()
        stage = statistics.mean(each.stage for each in chosen)
        return stage + client / 2, statistics.mean(each.enter for each in chosen) + client / 2

    def dask(self, *names: str) -> float:
        """What Dask's processes spend on a task, seconds on a core."""
        return statistics.median(sum(run.cpu[name] for name in names) for run in self.replays)

    def here(self, run: Run) -> Outcome:
        """A simulation of a run with real workers, who share the cores with all the others."""
        notebook = self.arguments.notebook
        overhead = self.dask("worker", "scheduler")
        writer = self.writer(run.workers, "SQLite", notebook)
        recordings = self.recordings[notebook]
        simulation = Simulation(run.workers, CORES, recordings, overhead, *writer, False)
        return simulation.run(self.arguments.students)

    def replayed(self, run: Run) -> Outcome:
        """A simulation of a run with workers that replay, who need no cores."""
        cores, overhead = run.workers + 1, self.dask("worker", "scheduler")
        writer = self.writer(run.workers, "SQLite")
        simulation = Simulation(run.workers, cores, self.every, overhead, *writer, False)
        return simulation.run(self.arguments.replays)

    def large(self, workers: int, database: str, count: int) -> Outcome:
        """A simulation of a cluster with a core for each worker, and one for the writer."""
        cores, overhead = workers + 1, self.dask("worker")
        writer = self.writer(workers, database)
        return Simulation(workers, cores, self.every, overhead, *writer, True).run(count)


def written(found: Measured, count: int) -> str:
    """The page with all tables."""
    lines = [
        "# Grading on a cluster",
        "",
        f"{datetime.date.today()}, `python -m benchmarks.cluster` on {machine()}.",
        "",
        *measured_table(found),
        *notebooks_table(found),
        *check_table(found),
        *simulated_table(found, count),
        *plan(found),
    ]
    return "\n".join(lines)


def measured_table(found: Measured) -> list[str]:
    arguments = found.arguments
    rows = []
    for label, runs, more in (
        ("without one, rooms", found.local, []),
        ("cluster, workers", found.spread, [found.threaded]),
    ):
        for run in runs + more:
            threads = THREADS if run in more else 1
            ideal = runs[0].rate / runs[0].workers * min(run.workers * threads, CORES)
            times = [f"{1000 * run.cpu[name]:.0f}" if name in run.cpu else "" for name in ROLES]
            number = run.workers if "worker" in run.cpu else 1
            memory = f"{run.memory.grading / number:.0f} + {run.memory.rooms / number:.0f}"
            rows.append(
                f"| {label}: {run.workers}{f', of {threads} threads' if run in more else ''} "
                f"| {run.rate:.1f} | {run.rate / ideal:.0%} "
                f"| {run.cores_busy:.2f} | {' | '.join(times)} | {memory} "
                f"| {f'{run.network / 1000:.0f}' if 'worker' in run.cpu else ''} "
                f"| {run.started:.0f} |"
            )
    most = max(found.spread, key=lambda run: run.rate)
    core = 1000 * sum(most.cpu.values())
    return [
        f"## Measured: {arguments.notebook}, {arguments.students} submissions, {CORES} cores",
        "",
        "| | submissions a second | of what the cores allow | cores busy | writer, ms "
        "| scheduler, ms | worker, ms | rooms, ms | memory, MB | network, KB "
        "| first grade after, s |",
        f"|{'---|' * 11}",
        *rows,
        "",
        "From the first graded submission to the last; start-up is in the last column, with a "
        "cluster also the proof that the machine's walls hold, once a machine and command. "
        f"This machine has {CORES} cores, and a worker with its room keeps one of them busy: more "
        "than as many workers cannot be faster, so that the second column compares with the rate "
        "of one worker times the workers or the cores, whichever are fewer, and the third says how "
        "many cores did work. Milliseconds are those on a core for a submission; without a "
        "cluster the writer's are those of the process that judges as well. Memory is the peak of "
        "a worker, Dask's nanny included, and of its warm process with its room; without a "
        "cluster, of the grading process and all its rooms. Shared pages count once. Network is "
        "all that crossed it for a submission: the scheduler receives and sends each byte of a "
        "task and of its result. What limits here is the cores: a submission takes "
        f"{core:.0f} ms on them, so that {CORES} of them allow "
        f"{1000 * CORES / core:.1f} submissions a second.",
        "",
    ]


def notebooks_table(found: Measured) -> list[str]:
    databases = list(found.writings)
    rows = []
    for name, recordings in found.recordings.items():
        seconds = [each.seconds for each in recordings]
        writings = [found.writings[database][name] for database in databases]
        rows.append(
            f"| {name} | {1000 * statistics.median(seconds):.0f} "
            f"| {1000 * statistics.mean(seconds):.0f} | {1000 * np.quantile(seconds, 0.95):.0f} "
            f"| {1000 * max(seconds):.0f} "
            f"| {statistics.mean(each.out for each in recordings) / 1000:.1f} "
            f"| {statistics.mean(each.back for each in recordings) / 1000:.1f} "
            f"| {writings[0].rows:.0f} | {writings[0].statements:.0f} "
            + "".join(
                f"| {1000 * each.stage:.1f} + {1000 * each.enter:.1f} | {1 / each.seconds:.0f} "
                f"| {each.rows / each.seconds:.0f} | {each.size / 1000:.0f} "
                for each in writings
            )
            + "|"
        )
    heads = "".join(
        f"| {database}: writer, ms | submissions a second | rows a second | KB "
        for database in databases
    )
    return [
        "## Measured: what a submission of each notebook is",
        "",
        "| notebook | task, ms: median | mean | 95 % | longest | KB out | KB back | rows "
        f"| statements {heads}|",
        f"|{'---|' * (9 + 4 * len(databases))}",
        *rows,
        "",
        f"{len(next(iter(found.recordings.values())))} honest submissions or so of each, done one "
        "after the other in one thread with nothing beside. The writer's milliseconds are those "
        "before the judge (read, repair) and after it (write the notebook, enter the rows, commit) "
        "with judges that answer at once; its rates are those of a writer that does nothing else. "
        "KB are those by which the database grows. Databases lie on this machine and flush every "
        "commit to its disk; over a network, add one round trip for each statement and for the "
        "commit.",
        "",
    ]


def check_table(found: Measured) -> list[str]:
    rows = []
    for label, runs, simulated in (
        (f"real, {found.arguments.notebook}, {CORES} cores in all", found.spread, found.here),
        ("replay all notebooks, need no cores", found.replays, found.replayed),
    ):
        for run in runs:
            outcome = simulated(run)
            rows.append(
                f"| {run.workers}, {label} | {run.rate:.1f} | {outcome.rate:.1f} "
                f"| {outcome.rate / run.rate - 1:+.0%} | {1000 * run.cpu['writer']:.0f} "
                f"| {1000 * run.cpu['scheduler']:.1f} | {outcome.writer_busy:.0%} |"
            )
    return [
        "## The simulation beside what was measured",
        "",
        "| workers | measured, submissions a second | simulated | off by "
        "| measured: writer, ms on a core | scheduler, ms | simulated: writer busy |",
        f"|{'---|' * 7}",
        *rows,
        "",
        "The simulation draws tasks from the recorded ones and lets one writer stage and enter "
        "one submission after the other, with two tasks a worker under way, as the program does. "
        "Workers that replay sleep for as long as a recorded task took and answer what it came to, "
        "through a real scheduler to a real writer on SQLite: what the writer and Dask keep up "
        "with is measured, not simulated. That gives what Dask's client costs the writer by the "
        "number of workers; nothing else in the simulation is fitted. Where it is too fast, it is "
        "for what it leaves out: processes that share cores and caches slow each other down by "
        "more than taking turns does.",
        "",
    ]


def simulated_table(found: Measured, count: int) -> list[str]:
    rows = []
    task = statistics.mean(each.seconds for each in found.every)
    task += ENDLESS_SHARE * Limits().probe_seconds
    task *= 1 + SLOW_SHARE * (SLOW_TIMES - 1)
    mean = task + found.dask("worker")
    network = statistics.mean(run.network for run in found.replays)
    for database in found.writings:
        for workers in LARGE:
            outcome = found.large(workers, database, count)
            say(f"simulated {workers} workers with {database}: {outcome.rate:.1f}/s")
            rows.append(
                f"| {workers}, {database} | {outcome.rate:.1f} "
                f"| {outcome.rate * mean / workers:.0%} | {outcome.writer_busy:.0%} "
                f"| {outcome.rate * network / 1e6:.1f} | {outcome.sent_again} "
                f"| {SUBMISSIONS / outcome.rate / 60:.0f} |"
            )
    return [
        "## Simulated: larger clusters",
        "",
        "**Nobody ran these.** A core for each worker and one for the writer, all as fast as this "
        "machine's; submissions of all notebooks in equal parts.",
        "",
        "| workers, database | submissions a second | efficiency | writer busy | network, MB/s "
        f"| sent again | {SUBMISSIONS:,} take, minutes |",
        f"|{'---|' * 7}",
        *rows,
        "",
        f"Taken for granted: {ENDLESS_SHARE:.0%} of the submissions hold an endless loop, which "
        f"ends after {Limits().probe_seconds:.0f} s; {SLOW_SHARE:.0%} of the tasks meet a machine "
        f"{SLOW_TIMES} times as slow; a worker dies every {DEATH_HOURS} hours, {SILENT_SHARE:.0%} "
        "of them so that nobody is told and the task is sent again by the rules of "
        f"`ClusterJudges`; another is there after {AWAY_SECONDS} s; {1000 * LATENCY:.0f} ms each "
        f"way and {8 * BANDWIDTH / 1e9:.0f} Gbit/s, which the table shows to be enough for any "
        "of these. Start-up is left out. Efficiency is the rate over that of as many workers "
        "who never wait for the writer and never die.",
        "",
    ]


def plan(found: Measured) -> list[str]:
    """What many submissions of all notebooks in equal parts need, from the measured means."""
    number, evening = SUBMISSIONS, EVENING
    database = list(found.writings)[-1]
    writings = found.writings[database].values()
    task = statistics.mean(each.seconds for each in found.every) + found.dask("worker")
    loops = ENDLESS_SHARE * Limits().probe_seconds
    writer = sum(found.writer(found.spread[-1].workers, database))
    rows = statistics.mean(each.rows for each in writings)
    grown = statistics.mean(each.size for each in writings)
    files = statistics.mean(each.files for each in writings)
    network = statistics.mean(run.network for run in found.replays)
    worker = found.spread[-1].memory
    memory = (worker.grading + worker.rooms) / found.spread[-1].workers
    cores = number * (task + loops) / evening
    alone = max(found.local, key=lambda run: run.rate)
    return [
        f"## Worked out: {number:,} submissions in {evening / 3600:.0f} hours",
        "",
        "| | from the tables above | |",
        "|---|---|---|",
        f"| work of workers | {number:,} × ({1000 * task:.0f} ms + {ENDLESS_SHARE:.0%} × "
        f"{Limits().probe_seconds:.0f} s for endless loops) "
        f"| {number * (task + loops) / 3600:.1f} core-hours |",
        f"| cores of workers | {number * (task + loops):,.0f} s / {evening:,} s | {cores:.2f} |",
        f"| memory of workers | {memory:.0f} MB for each | {np.ceil(cores) * memory:.0f} MB |",
        f"| work of the writer, {database} | {number:,} × {1000 * writer:.0f} ms "
        f"| {number * writer / 60:.0f} minutes, {number * writer / evening:.0%} of the evening |",
        f"| rows | {number:,} × {rows:.0f} | {number * rows:,.0f}, {number * rows / evening:.0f} a "
        f"second; the writer can {rows / writer:.0f} |",
        f"| network | {number:,} × {network / 1000:.0f} KB | {number * network / 1e9:.1f} GB, "
        f"{number * network / evening / 1e6:.2f} MB a second |",
        f"| database, {database} | {number:,} × {grown / 1000:.0f} KB "
        f"| {number * grown / 1e6:,.0f} MB |",
        f"| files in `autograded/` | {number:,} × {files / 1000:.0f} KB "
        f"| {number * files / 1e9:.1f} GB |",
        f"| this machine alone, no cluster | {number:,} × ({1000 * (task + loops):.0f} + "
        f"{1000 * writer:.0f} ms) / {alone.cores_busy:.2f} cores busy "
        f"| {number * (task + loops + writer) / alone.cores_busy / 3600:.1f} hours |",
    ]


def main() -> None:
    arguments = parse()
    folder = Path(tempfile.mkdtemp(prefix="cluster-"))
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    if os.getloadavg()[0] > 1:
        say("This machine is busy with something else: the numbers will be rough.")
    try:
        found = measure(folder, arguments)
    except Problem as problem:
        sys.exit(str(problem))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    page = written(found, 2000 if arguments.quick else SUBMISSIONS)
    print(page)
    if not arguments.quick:
        TABLE.write_text(page + "\n", encoding="utf-8")


def measure(folder: Path, arguments: argparse.Namespace) -> Measured:
    say(f"recording the tasks of {arguments.sample} students in every notebook")
    sampled = folder / "sampled"
    recorder = record(sampled, arguments.sample)
    names = {name.partition("-")[0]: name for name in CourseFolder(sampled).assignments}
    recordings = {names[number]: found for number, found in sorted(recorder.recordings.items())}
    writings: dict[str, dict[str, Writing]] = {}
    with database_server() as server:
        for database in ["SQLite", *(["PostgreSQL"] if server else [])]:
            for name in recordings:
                place = folder / f"{name}-{database}"
                shutil.copytree(sampled, place)
                is_file = database == "SQLite"
                url = f"sqlite:///{place}/new.db" if is_file else server.create_database().url
                writing = write_alone(place, name, recorder.results, url)
                writings.setdefault(database, {})[name] = writing
                say(f"{name}, the writer alone on {database}: {1 / writing.seconds:.0f}/s")
    replays = replay(folder, sampled, recorder.results, arguments)
    here = measure_here(folder, arguments, recorder.any_task)
    return Measured(arguments, recordings, writings, *here, replays)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebook", default="03-softmax-jacobian", help="that real workers grade")
    parser.add_argument("--students", type=int, help="the class that real workers grade")
    parser.add_argument("--workers", nargs="+", type=int, default=[1, 2, 4])
    parser.add_argument("--quick", action="store_true", help="small classes; writes no file")
    arguments = parser.parse_args()
    quick = arguments.quick
    arguments.students = arguments.students or (10 * max(arguments.workers) if quick else 150)
    arguments.sample = 3 if quick else 24
    arguments.replays = 120 if quick else 600
    arguments.large = [4, 16] if quick else LARGE
    known = CourseFolder(ROOT).assignments
    if arguments.notebook not in known:
        parser.error(f"--notebook: one of {', '.join(known)}")
    if min(arguments.workers) < 1 or arguments.students < 10 * max(arguments.workers):
        parser.error("--students: at least ten for each of --workers")
    return arguments


if __name__ == "__main__":
    main()

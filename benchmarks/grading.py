"""Grading a class: stock `nbgrader autograde` and `autograder grade`, side by side.

    python -m benchmarks.grading [--notebooks NAME ...] [--sizes 10 100 1000] [--quick]

Both grade the same simulated, honest class, in turns, so that a slow moment of the machine hits
both; where one row of the two gradebooks differs, no ratio is printed. The first notebook is then
graded by ours alone in classes of several sizes, for time and memory. Prints the tables and writes
them to benchmarks/grading.md; says on stderr how far it is. Leave the machine alone meanwhile.
"""

import argparse
import copy
import datetime
import gc
import importlib
import multiprocessing
import os
import platform
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import nbformat
import psutil
from nbgrader.api import Gradebook
from threadpoolctl import threadpool_limits

from autograder.course_folder import CONFIG, CourseFolder
from autograder.errors import Problem
from autograder.exercises import exercise
from autograder.judge.trial import Trial
from autograder.judge.verdicts import seed_of
from autograder.run.assess import (
    NO_PICTURES,
    graded_cells,
    is_graded_cell,
)
from autograder.sandbox.warm import PACKAGES
from autograder.simulate import simulate

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "benchmarks" / "grading.md"
STOCK = 'c = get_config()\nc.CourseDirectory.course_id = "surprise-to-autograd"\n'
NO_SECOND_TRIALS = "\nc.Judge.follow_on = False\n"
ROUNDS = 3
SEED = 6
SAMPLE_SECONDS = 0.5


@dataclass(frozen=True)
class Class:
    """A simulated class of one notebook.

    root      its course folder, prepared for grading with the project's settings
    students  those without damage, in order
    """

    name: str
    root: Path
    students: list[str]

    def hand_in(self, folder: Path, students: list[str], pictures: bool = True) -> None:
        """Put the submissions of `students` into a course folder, with or without the cells that
        do nothing but draw."""
        for student in students:
            place = Path("submitted", student, self.name)
            shutil.copytree(self.root / place, folder / place)
            if not pictures:
                file = folder / place / f"{self.name}.ipynb"
                notebook = nbformat.read(file, as_version=4)
                notebook.cells = [cell for cell in notebook.cells if not draws(cell)]
                nbformat.write(notebook, file)

    def course(self, folder: Path, settings: str | None = None) -> Path:
        """A new course folder in which nothing is handed in yet; the project's settings where
        none are given. The assignment is in its gradebook."""
        shutil.copytree(self.root / "source", folder / "source")
        if settings is None:
            shutil.copy(self.root / CONFIG, folder)
        else:
            (folder / CONFIG).write_text(settings)
        (folder / "submitted").mkdir()
        command("nbgrader", "generate_assignment", self.name, folder=folder)
        return folder


@dataclass(frozen=True)
class Contest:
    """One row of the first table: seconds a submission of each round, and the share of ours that
    is the students' own code."""

    label: str
    stock: list[float]
    ours: list[float]
    own: float

    @property
    def ratios(self) -> list[float]:
        """How many times as many submissions a minute, in each round."""
        return [stock / ours for stock, ours in zip(self.stock, self.ours)]


@dataclass(frozen=True)
class Growth:
    """One row of the second table: a class of `size`, its seconds, and its peak memory in MB."""

    size: int
    seconds: float
    grading: float
    rooms: float


class Memory(threading.Thread):
    """The peak memory of a process and all below it, in MB: PSS, in which a page that several
    processes share counts once; the resident set where the system does not tell.

    grading  the peak of the process itself and what it starts, without rooms
    rooms    the peak of the warm process with its rooms
    """

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.grading = self.rooms = 0.0
        self._root = psutil.Process(pid)
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            used = {True: 0, False: 0}
            try:
                self._add(self._root, False, self._children(), used)
            except psutil.NoSuchProcess:
                return
            self.rooms = max(self.rooms, used[True] / 2**20)
            self.grading = max(self.grading, used[False] / 2**20)

    def end(self) -> None:
        self._ended.set()
        self.join()

    def _children(self) -> dict[int, list[psutil.Process]]:
        below: dict[int, list[psutil.Process]] = {}
        for process in self._root.children(recursive=True):
            try:
                below.setdefault(process.ppid(), []).append(process)
            except psutil.NoSuchProcess:
                pass
        return below

    def _add(self, process, in_rooms: bool, below: dict, used: dict[bool, int]) -> None:
        try:
            in_rooms = in_rooms or any(
                part.endswith("sandbox/inside/warm_process.py") for part in process.cmdline()
            )
            try:
                used[in_rooms] += process.memory_full_info().pss
            except psutil.AccessDenied:
                used[in_rooms] += process.memory_info().rss
        except psutil.NoSuchProcess:
            if process == self._root:
                raise
        for child in below.get(process.pid, []):
            self._add(child, in_rooms, below, used)


def main() -> None:
    arguments = parse()
    folder = Path(tempfile.mkdtemp(prefix="grading-"))
    # A user's own settings of Jupyter and IPython are no part of the comparison.
    os.environ["JUPYTER_CONFIG_DIR"] = str(folder / "jupyter")
    os.environ["IPYTHONDIR"] = str(folder / "ipython")
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    if os.getloadavg()[0] > 1:
        say("This machine is busy with something else: the numbers will be rough.")
    contests, growth = [], []
    try:
        for name in arguments.notebooks:
            first = name == arguments.notebooks[0]
            sizes = [*(arguments.sizes if first else []), arguments.students]
            taught = make_class(folder / f"{name}-class", name, max(sizes))
            own = own_code(taught, taught.students[: arguments.students])
            say(f"{name}: the students' own code takes {own:.3f} s on a core, on average")
            for pictures in (True, False):
                place = folder / f"{name}-{'with' if pictures else 'without'}-pictures"
                contests.append(contest(taught, place, pictures, own, arguments))
            if first:
                growth = [
                    grow(taught, folder / f"{name}-{size}", size, arguments.workers)
                    for size in arguments.sizes
                ]
    except Problem as problem:
        sys.exit(str(problem))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = written(contests, growth, arguments)
    print(text)
    if not arguments.quick:
        TABLE.write_text(text + "\n", encoding="utf-8")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--notebooks", nargs="+", default=["05-autograd", "01-surprise-and-entropy"]
    )
    parser.add_argument("--sizes", nargs="+", type=int, help="classes of the first notebook")
    parser.add_argument("--students", type=int, help="the class that is compared")
    parser.add_argument("--students-stock", type=int, help="of these, how many stock grades")
    parser.add_argument(
        "--workers", type=int, help="rooms at a time; without it, as many as ours takes by itself"
    )
    parser.add_argument("--quick", action="store_true", help="small classes; writes no file")
    arguments = parser.parse_args()
    quick = arguments.quick
    arguments.sizes = sorted(set(arguments.sizes or ([5, 10, 20] if quick else [10, 100, 1000])))
    arguments.students = arguments.students or (10 if quick else 300)
    arguments.students_stock = arguments.students_stock or (3 if quick else 9)
    if not ROUNDS <= arguments.students_stock <= arguments.students:
        parser.error(f"--students-stock: from {ROUNDS} to the number of --students")
    if arguments.sizes[0] < 1:
        parser.error("--sizes: a class has at least one student")
    return arguments


def say(text: str) -> None:
    print(f"{datetime.datetime.now():%H:%M:%S}  {text}", file=sys.stderr, flush=True)


def command(*words: str, folder: Path) -> float:
    """Run a command in a course folder as a user would; the seconds it took."""
    started = time.perf_counter()
    done = subprocess.run(
        words, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise Problem(f"{' '.join(words)} ended with status {done.returncode}:\n{done.stderr}")
    return seconds


def make_class(root: Path, name: str, size: int, skill: float | None = None) -> Class:
    """Simulate a class in which `size` students did nothing to their file but answer; `skill` as
    for `simulate`."""
    say(f"{name}: simulating a class of {size}")
    # A few per cent of a simulated class hand in something damaged.
    simulated = size + size // 5 + 20
    truth = simulate(CourseFolder(ROOT), root, simulated, SEED, [name], skill)["students"]
    honest = [student for student in truth if not truth[student][name]["damage"]]
    if len(honest) < size:
        raise Problem(f"Only {len(honest)} of {simulated} simulated students are honest.")
    return Class(name, root, honest[:size])


def draws(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell does nothing but draw one of the course's pictures."""
    return "nbgrader" not in cell.metadata and cell.source.startswith("plots.")


def contest(taught: Class, place: Path, pictures: bool, own: float, arguments) -> Contest:
    """Stock and ours in turns. Stock grades a few new submissions each time, ours the whole class
    in a new folder."""
    name = taught.name
    label = name if pictures else f"{name}, picture cells taken out"
    whole = taught.students[: arguments.students]
    stock = taught.course(place / "stock", STOCK)
    prepared = taught.course(place / "ours")
    # Stock knows none, and would give other points; what they cost says follow_on.py.
    with (prepared / CONFIG).open("a", encoding="utf-8") as file:
        file.write(NO_SECOND_TRIALS)
    taught.hand_in(prepared, whole, pictures)
    seconds: dict[str, list[float]] = {"stock": [], "ours": []}
    for number in range(ROUNDS):
        chosen = whole[number : arguments.students_stock : ROUNDS]
        taught.hand_in(stock, chosen, pictures)
        took = command("nbgrader", "autograde", name, folder=stock)
        # The same command with nothing left to do: nbgrader's start, which is not held against it.
        start = command("nbgrader", "autograde", name, folder=stock)
        seconds["stock"].append((took - start) / len(chosen))
        ours = place / f"ours-{number}"
        shutil.copytree(prepared, ours)
        seconds["ours"].append(grade(ours, name, arguments.workers) / len(whole))
        compare(stock, ours, name, chosen)
        say(
            f"{label}, round {number + 1} of {ROUNDS}: stock {seconds['stock'][-1]:.2f} s a "
            f"submission and {start:.1f} s to start, ours {seconds['ours'][-1]:.3f} s"
        )
        shutil.rmtree(ours)
    share = own / (statistics.median(seconds["ours"]) * os.cpu_count())
    return Contest(label, seconds["stock"], seconds["ours"], share)


def grade(folder: Path, name: str, workers: int | None) -> float:
    return command(*our_command(name, workers), folder=folder)


def our_command(name: str, workers: int | None) -> list[str]:
    """The command that is measured."""
    return ["autograder", "grade", name, *(["--workers", str(workers)] if workers else [])]


def compare(stock: Path, ours: Path, name: str, students: list[str]) -> None:
    """Raise Problem unless both gradebooks say the same of the students."""
    left, right = (rows(folder, name, students) for folder in (stock, ours))
    differing = [key for key in left | right if left.get(key) != right.get(key)]
    if differing or not left:
        lines = [f"{key}: stock {left.get(key)}, ours {right.get(key)}" for key in differing]
        raise Problem("\n".join(["The scores differ, so times say nothing:", *lines]))


def rows(folder: Path, name: str, students: list[str]) -> dict:
    """The scores of the graded cells in a gradebook, by student and cell."""
    found = {}
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
        for student in students:
            submission = gradebook.find_submission(name, student)
            for entry in submission.notebooks[0].grades:
                found[student, entry.name] = (
                    entry.auto_score,
                    entry.manual_score,
                    entry.max_score,
                    bool(entry.needs_manual_grade),
                )
            found[student, "submission"] = submission.score, submission.max_score
    return found


def own_code(taught: Class, students: list[str]) -> float:
    """Seconds on a core that one submission's own cells and functions take, on average: run with
    nothing around them in a process forked from one that has imported everything."""
    for package in PACKAGES:
        importlib.import_module(package)
    source = nbformat.read(taught.root / "source" / taught.name / f"{taught.name}.ipynb", 4)
    exec(next(cell.source for cell in source.cells if cell.cell_type == "code"), {})
    jobs = [(taught, graded_cells(source), student) for student in students]
    # As in the process that rooms are forked from: no collection looks through all of it again.
    gc.collect()
    gc.freeze()
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        return statistics.mean(pool.starmap(own_seconds, jobs, chunksize=1))


def own_seconds(taught: Class, graded: dict, student: str) -> float:
    """Run one submission; the functions are called as often, and with such values, as the judge
    calls them."""
    file = taught.root / "submitted" / student / taught.name / f"{taught.name}.ipynb"
    notebook = nbformat.read(file, as_version=4)
    names: dict = {"__name__": "__main__"}
    seconds = 0.0

    def timed(run, *values, **options):
        nonlocal seconds
        started = time.process_time()
        try:
            return run(*values, **options)
        except Exception:
            return None
        finally:
            seconds += time.process_time() - started

    with (
        open(os.devnull, "w") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
        warnings.catch_warnings(action="ignore"),
        threadpool_limits(1),
    ):
        exec(NO_PICTURES, names)
        for cell in notebook.cells:
            if cell.cell_type == "code" and not is_graded_cell(cell):
                timed(exec, cell.source, names)
            elif is_graded_cell(cell):
                for check in graded[cell.metadata.nbgrader.grade_id].checks:
                    function = timed(eval, check.expression, names)
                    if function is not None:
                        put = Trial(exercise(check.id), seed_of(taught.name, student))
                        for args, options in copy.deepcopy(put.calls):
                            timed(function, *args, **options)
    return seconds


def grow(taught: Class, folder: Path, size: int, workers: int | None) -> Growth:
    """Grade a class of `size` with ours, watching its memory."""
    taught.course(folder)
    taught.hand_in(folder, taught.students[:size])
    words = our_command(taught.name, workers)
    started = time.perf_counter()
    with open(folder / "output", "w") as output:
        process = subprocess.Popen(
            words, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        memory = Memory(process.pid)
        memory.start()
        try:
            status = process.wait()
            seconds = time.perf_counter() - started
        finally:
            process.kill()
            memory.end()
    if status:
        said = (folder / "output").read_text()
        raise Problem(f"{' '.join(words)} ended with status {status}:\n{said}")
    say(f"{taught.name}, a class of {size}: {seconds:.1f} s")
    shutil.rmtree(folder)
    return Growth(size, seconds, memory.grading, memory.rooms)


def written(contests: list[Contest], growth: list[Growth], arguments) -> str:
    """The page with both tables."""
    cores = os.cpu_count()
    typed = " ".join(["python -m benchmarks.grading", *sys.argv[1:]])
    command = our_command("NAME", arguments.workers)
    lines = [
        "# How fast a class is graded",
        "",
        f"{datetime.date.today()}, `{typed}` on {machine()}.",
        "",
        "| | stock, s a submission | ours, s a submission | times as many a minute "
        "| students' own code |",
        "|---|---|---|---|---|",
    ]
    for row in contests:
        lines.append(
            f"| {row.label} | {spread(row.stock, '.2f')} | {spread(row.ours, '.3f')} "
            f"| {spread(row.ratios, '.0f')} | {row.own:.0%} |"
        )
    lines += [
        "",
        f"The same simulated class, honest answers and honest mistakes, in turns {ROUNDS} times: "
        f"median (least–most). Stock `nbgrader autograde` without this project's settings graded "
        f"{arguments.students_stock} of the submissions, its start-up left out; it takes one after "
        f"the other, so that its rate is the same for any class. `{' '.join(command)}` graded "
        f"{arguments.students}, its start-up included. For those that "
        "both graded, every row of the two gradebooks is the same, as ours made no second trials, "
        "which stock does not know. Ours draws no pictures while "
        "grading; the rows with the picture cells taken out show what that is worth. The students' "
        "own code, run with nothing around it, takes that share of the cores' time in ours: the "
        "part that no grader can save.",
        "",
        f"| {arguments.notebooks[0]}, class of | seconds | times stock | submissions a second "
        "| each further one, ms | grading, peak MB | warm process and rooms, peak MB |",
        "|---|---|---|---|---|---|---|",
    ]
    stock = statistics.median(contests[0].stock)
    before = None
    for row in growth:
        further = "" if before is None else f"{further_ms(before, row):.0f}"
        lines.append(
            f"| {row.size:,} | {row.seconds:.1f} | {stock * row.size / row.seconds:.0f} "
            f"| {row.size / row.seconds:.1f} | {further} | {row.grading:.0f} | {row.rooms:.0f} |"
        )
        before = row
    lines += [
        "",
        f"Ours on {cores} cores, start-up included, which is most of a small class's time, beside "
        "the median of stock in the first row. The cost is linear where a further submission "
        "costs the same in every row. Memory is that of the whole process tree, with a shared page "
        f"counted once, looked at every {SAMPLE_SECONDS} s.",
    ]
    return "\n".join(lines)


def further_ms(before: Growth, row: Growth) -> float:
    return 1000 * (row.seconds - before.seconds) / (row.size - before.size)


def spread(values: list[float], form: str) -> str:
    median = statistics.median(values)
    return f"{median:{form}} ({min(values):{form}}–{max(values):{form}})"


def machine() -> str:
    """The machine and the versions that matter, in one line."""
    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = psutil.virtual_memory().total / 2**30
    versions = ", ".join(
        f"{label} {version(name)}"
        for label, name in (("PyTorch", "torch"), ("NumPy", "numpy"), ("nbgrader", "nbgrader"))
    )
    return (
        f"{os.cpu_count()} cores ({model}), {memory:.0f} GB of memory, "
        f"Linux {platform.release().partition('-')[0]}, "
        f"Python {platform.python_version()}, {versions}"
    )


if __name__ == "__main__":
    main()

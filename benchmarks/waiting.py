"""How long people wait: who learns alone for a verdict, and a class for its pages.

    python -m benchmarks.waiting [--notebooks NAME ...] [--students 300] [--quick]

`autograder check` judges a notebook that is answered, beside the bare import of what that notebook
uses. `autograder feedback` makes the pages of a class, beside stock `nbgrader
generate_feedback` for some of the same submissions. Prints the tables and writes them to
benchmarks/waiting.md; says on stderr how far it is.
"""

import argparse
import datetime
import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.errors import Problem
from autograder.exercises import NOTEBOOKS
from autograder.run.assess import graded_cells, needs_of, plain_cells
from autograder.run.second_opinions import that_count, without_second_opinions
from benchmarks.grading import CONFIG, ROOT, STOCK, machine, make_class, say, spread

TABLE = ROOT / "benchmarks" / "waiting.md"
ROUNDS = 3


@dataclass(frozen=True)
class Run:
    """One run of a command: the seconds that passed, and those of the processor, by all the
    processes that it started."""

    seconds: float
    processor: float


def timed(*words: str | Path, folder: Path, statuses: tuple[int, ...] = (0,)) -> Run:
    """Run a command in a folder as a user would."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        words, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in statuses:
        said = " ".join(map(str, words))
        raise Problem(f"{said} ended with status {done.returncode}:\n{done.stderr}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, used)


def main() -> None:
    arguments = parse()
    folder = Path(tempfile.mkdtemp(prefix="waiting-"))
    os.environ["JUPYTER_CONFIG_DIR"] = str(folder / "jupyter")
    os.environ["IPYTHONDIR"] = str(folder / "ipython")
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    try:
        checks = {name: checked(folder / name, name) for name in arguments.notebooks}
        pages = fed_back(folder / "class", arguments.notebooks[0], arguments)
    except Problem as problem:
        sys.exit(str(problem))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = written(checks, pages, arguments)
    print(text)
    if not arguments.quick:
        TABLE.write_text(text + "\n", encoding="utf-8")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", nargs="+", default=list(NOTEBOOKS))
    parser.add_argument("--students", type=int, help="the class that gets its pages")
    parser.add_argument("--students-stock", type=int, help="of these, pages that stock makes")
    parser.add_argument("--quick", action="store_true", help="a small class; writes no file")
    arguments = parser.parse_args()
    arguments.students = arguments.students or (12 if arguments.quick else 300)
    arguments.students_stock = arguments.students_stock or (3 if arguments.quick else 10)
    if arguments.students_stock > arguments.students:
        parser.error("--students-stock: at most the number of --students")
    return arguments


def checked(folder: Path, name: str) -> tuple[list[Run], list[Run]]:
    """`check` of a notebook that is answered, and the bare import of what it uses, in turns."""
    taught = make_class(folder / "class", name, 1, skill=1.0)
    place = folder / "work" / name
    shutil.copytree(taught.root / "submitted" / taught.students[0] / name, place)
    file = place / f"{name}.ipynb"
    imports = f"import IPython.core.interactiveshell, {', '.join(sorted(used_by(file, name)))}"
    # As wherever one of them is measured, the first time fills the caches of the machine.
    check = ("autograder", "check", file)
    bare = (sys.executable, "-c", imports)
    # Status 1: not all is right.
    options = {"folder": folder, "statuses": (0, 1)}
    timed(*check, **options)
    runs = [(timed(*check, **options), timed(*bare, **options)) for _ in range(ROUNDS)]
    say(f"{name}: a verdict in {statistics.median(run.processor for run, _ in runs):.1f} s")
    return [run for run, _ in runs], [run for _, run in runs]


def used_by(file: Path, name: str) -> set[str]:
    """The libraries that the verdicts of a notebook need."""
    source = nbformat.read(ROOT / "source" / name / f"{name}.ipynb", 4)
    graded = graded_cells(source)
    cells = plain_cells(nbformat.read(file, 4))
    held = without_second_opinions(cells, plain_cells(source), graded)
    modules = needs_of(that_count(held), graded).modules
    return {module for module in modules if not module.startswith("course")} | {"numpy"}


def fed_back(root: Path, name: str, arguments) -> tuple[Run, list[float]]:
    """The pages of a graded class by ours, and the seconds a page by stock for some of it."""
    taught = make_class(root, name, arguments.students)
    ours = taught.course(root.with_name("ours"))
    taught.hand_in(ours, taught.students[: arguments.students])
    timed("autograder", "grade", name, folder=ours)
    run = timed("autograder", "feedback", name, folder=ours)
    say(f"{name}: {arguments.students} pages in {run.seconds:.1f} s")
    stock = []
    for number in range(ROUNDS):
        folder = root.with_name(f"stock-{number}")
        folder.mkdir()
        (folder / CONFIG).write_text(STOCK)
        shutil.copy(ours / "gradebook.db", folder)
        shutil.copytree(ours / "source", folder / "source")
        for student in taught.students[: arguments.students_stock]:
            shutil.copytree(ours / "autograded" / student, folder / "autograded" / student)
        command = ("nbgrader", "generate_feedback", name)
        whole = timed(*command, folder=folder)
        # The same command with nothing left to do: nbgrader's start, which is not held against it.
        start = timed(*command, folder=folder)
        stock.append((whole.seconds - start.seconds) / arguments.students_stock)
        say(f"{name}, round {number + 1} of {ROUNDS}: stock {stock[-1]:.2f} s a page")
    return run, stock


def written(checks: dict, pages: tuple[Run, list[float]], arguments) -> str:
    """The page with both tables."""
    typed = " ".join(["python -m benchmarks.waiting", *sys.argv[1:]])
    lines = [
        "# How long people wait",
        "",
        f"{datetime.date.today()}, `{typed}` on {machine()}.",
        "",
        "| `autograder check` of | seconds | seconds of processor | the bare import, of processor "
        "| times the import |",
        "|---|---|---|---|---|",
    ]
    for name, (runs, bare) in checks.items():
        used = [run.processor for run in runs]
        imported = [run.processor for run in bare]
        ratios = [one / other for one, other in zip(used, imported)]
        lines.append(
            f"| {name} | {spread([run.seconds for run in runs], '.1f')} | {spread(used, '.2f')} "
            f"| {spread(imported, '.2f')} | {spread(ratios, '.1f')} |"
        )
    run, stock = pages
    ours = run.seconds / arguments.students
    ratios = [one / ours for one in stock]
    lines += [
        "",
        f"A notebook that is answered, nearly all of it right, in a room, {ROUNDS} times in turns: "
        "median (least–most). Beside it a Python that imports IPython and the libraries that the "
        "notebook's verdicts need, and does nothing else. The judge and the room are two "
        "processes, and each imports what it needs.",
        "",
        "| feedback of | pages | seconds | seconds of processor | ours, s a page | stock, s a page "
        "| times as many a minute |",
        "|---|---|---|---|---|---|---|",
        f"| {arguments.notebooks[0]} | {arguments.students} | {run.seconds:.1f} "
        f"| {run.processor:.1f} | {ours:.3f} | {spread(stock, '.2f')} | {spread(ratios, '.0f')} |",
        "",
        f"`autograder feedback` on {os.cpu_count()} cores, its start included. Stock `nbgrader "
        f"generate_feedback` without this project's settings made {arguments.students_stock} of "
        "the pages, its start left out, one after the other.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()

"""What second trials cost: classes graded with `c.Judge.follow_on` on and off, in turns.

    python -m benchmarks.follow_on [--notebooks NAME ...] [--students N] [--rounds N]

One class of each notebook is simulated as `autograder simulate` does, so that right answers are
built on wrong ones; another has right answers alone. Each is graded in a new course folder by
`autograder grade`, with the setting and without it, the order changing from round to round. Prints
a table and writes it to benchmarks/follow_on.md; says on stderr how far it is. Leave the machine
alone meanwhile.
"""

import argparse
import datetime
import os
import shutil
import statistics
import sys
import sysconfig
import tempfile
from pathlib import Path

from benchmarks.grading import (
    CONFIG,
    NO_SECOND_TRIALS,
    ROOT,
    Class,
    Problem,
    command,
    machine,
    make_class,
    say,
)

TABLE = ROOT / "benchmarks" / "follow_on.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--notebooks", nargs="+", default=["01-surprise-and-entropy", "04-backprop-by-hand"]
    )
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="follow-on-"))
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    rows = []
    try:
        for name in arguments.notebooks:
            for kind, skill in (("mixed", None), ("right", 1.0)):
                place = folder / f"{name}-{kind}"
                taught = make_class(place / "class", name, arguments.students, skill)
                rows.append(row(taught, kind, place, arguments.rounds))
    except Problem as problem:
        sys.exit(str(problem))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = written(rows, arguments)
    print(text)
    TABLE.write_text(text + "\n", encoding="utf-8")


def written(rows: list[str], arguments: argparse.Namespace) -> str:
    """The page with the table."""
    typed = " ".join(["python -m benchmarks.follow_on", *sys.argv[1:]])
    return "\n".join(
        [
            "# What second trials cost",
            "",
            f"{datetime.date.today()}, `{typed}` on {machine()}.",
            "",
            "| notebook | answers | on, s | off, s | on / off, each round | median |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            f"Each class has {arguments.students} students and is graded by `autograder grade`, "
            f"start-up included, {arguments.rounds} times with `c.Judge.follow_on` and "
            f"{arguments.rounds} times without, in turns; the seconds are medians. In a mixed "
            "class right answers are built on wrong ones, as simulated students do; in the other "
            "one every answer is right, so that nothing is tried again.",
        ]
    )


def row(taught: Class, kind: str, place: Path, rounds: int) -> str:
    """Grade a class with and without second trials; a row of the table."""
    courses = {True: taught.course(place / "on"), False: taught.course(place / "off")}
    for course in courses.values():
        taught.hand_in(course, taught.students)
    with (courses[False] / CONFIG).open("a", encoding="utf-8") as file:
        file.write(NO_SECOND_TRIALS)
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for number in range(rounds):
        for on in (True, False) if number % 2 else (False, True):
            copy = place / "graded"
            shutil.copytree(courses[on], copy)
            seconds[on].append(command("autograder", "grade", taught.name, folder=copy))
            shutil.rmtree(copy)
        say(f"{taught.name}, {kind}: {seconds[True][-1]:.1f} s on, {seconds[False][-1]:.1f} s off")
    ratios = [on / off for on, off in zip(seconds[True], seconds[False])]
    each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    medians = [statistics.median(seconds[on]) for on in (True, False)]
    return (
        f"| {taught.name} | {kind} | {medians[0]:.1f} | {medians[1]:.1f} | {each} "
        f"| {statistics.median(ratios):.2f} |"
    )


if __name__ == "__main__":
    main()

"""How long the report of a whole class takes: every notebook, with pictures as heavy as real ones.

    python -m benchmarks.report [--students 500] [--megabytes 1.5]

The class is invented and written to a temporary folder first; what is timed is `autograder report`.
"""

import argparse
import os
import platform
import resource
import subprocess
import sysconfig
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from autograder.exercises import exercise
from autograder.exercises.sources import answer_source
from tests.report.classes import ALL, invented, write_folder

ROOT = Path(__file__).resolve().parents[1]


def with_answers(school_class):
    """The class with code of its own, each answer in an honest style, a line of the student's in
    it: nobody has quite what another has."""
    rng = np.random.default_rng(0)
    made = []
    for assignment in school_class.assignments:
        texts = {}
        for id in assignment.exercises:
            found = exercise(id)
            texts[found.name] = [answer_source(one, found.name) for one in found.styles.values()]
        submissions = {}
        for student, submission in assignment.submissions.items():
            answers = {}
            for name, styles in texts.items():
                own = " + ".join(f"x[{n}] * np.sqrt(x[{n}])" for n in rng.integers(99, size=4))
                answers[name] = (
                    f"{styles[rng.integers(len(styles))]}\n\ndef own(x):\n    return {own}\n"
                )
            submissions[student] = replace(submission, answers=answers)
        made.append(replace(assignment, submissions=submissions))
    return replace(school_class, assignments=tuple(made))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=500)
    parser.add_argument("--megabytes", type=float, default=1.5, help="of pictures in a notebook")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "course"
        school_class = with_answers(invented(arguments.students, names=ALL))
        write_folder(folder, school_class, pictures=int(arguments.megabytes * 2**20))
        command = Path(sysconfig.get_path("scripts")) / "autograder"
        started = time.perf_counter()
        subprocess.run([command, "report"], cwd=folder, check=True)
        seconds = time.perf_counter() - started
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{arguments.students} students, {len(ALL)} notebooks of {arguments.megabytes} MB, "
        f"on {os.cpu_count()} cores, Python {platform.python_version()}:\n"
        f"{seconds:.1f} s, of which {used.ru_utime + used.ru_stime:.1f} s on a core; "
        f"{used.ru_maxrss / 1024:.0f} MB of memory"
    )


if __name__ == "__main__":
    main()

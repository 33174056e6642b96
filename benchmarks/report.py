"""How long the report of a whole class takes: every notebook, with pictures as heavy as real ones.

    python benchmarks/report.py [--students 500] [--megabytes 1.5]

The class is invented and written to a temporary folder first; what is timed is `autograder report`.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.report.classes import ALL, invented, write_folder  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=500)
    parser.add_argument("--megabytes", type=float, default=1.5, help="of pictures in a notebook")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "course"
        school_class = invented(arguments.students, names=ALL)
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

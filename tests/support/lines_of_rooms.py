"""Which lines run inside rooms, for the measure of coverage.

A room holds nothing that measures: student code meets there what it meets on any other day. While
coverage is measured, `traced_room` stands in for the warm processes that a test process starts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import coverage

from autograder.sandbox import warm, wire
from tests.support.traced_room import MOST_LINES

STAND_IN = Path(__file__).with_name("traced_room.py")


@contextmanager
def noted(measure: coverage.Coverage) -> Iterator[None]:
    """Within it, warm processes note their lines; afterwards these are a data file beside that of
    `measure`, which `coverage combine` finds."""
    inside = warm.INSIDE
    files = [path for path in sorted(inside.glob("*.py"))] + [Path(wire.__file__)]
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        (here / "names").write_text("\n".join(path.name for path in files))
        (here / "lines").write_bytes(bytes(MOST_LINES * len(files)))
        for path in files:
            (here / path.name).symlink_to(path)
        (here / "warm_process.py").unlink()
        (here / "warm_process.py").symlink_to(STAND_IN)
        (here / "untraced.py").symlink_to(inside / "warm_process.py")
        warm.INSIDE = here
        try:
            yield
        finally:
            warm.INSIDE = inside
            noted_lines = (here / "lines").read_bytes()
    data = coverage.CoverageData(measure.get_option("run:data_file"), suffix=True)
    data.add_lines(
        {
            str(path): [n for n in range(MOST_LINES) if noted_lines[MOST_LINES * place + n]]
            for place, path in enumerate(files)
        }
    )
    data.write()

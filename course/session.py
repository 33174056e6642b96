"""The notebook at hand: its file, what of it has run, and where its progress is kept.

JupyterLab saves every two minutes, and what a student has just run may not be in the file yet. The
kernel has it: a cell that ran after the file was saved is newer than what the file says of it.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import sys
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

KEPT = "progress.jsonl"
JUDGE = "autograder"
# Front ends that say which file they have open: Jupyter's server, and VS Code.
SERVER_SAYS, VSCODE_SAYS = "JPY_SESSION_NAME", "__vsc_ipynb_file__"


@dataclass(frozen=True)
class ExerciseCard:
    """What a student's own tools know of an exercise, or of a question in words."""

    name: str
    points: float
    minutes: int
    written: bool = False


@dataclass(frozen=True)
class NotebookCard:
    """A notebook of the course: its name, title and exercises in order."""

    name: str
    title: str
    exercises: tuple[ExerciseCard, ...]


@cache
def notebooks() -> dict[str, NotebookCard]:
    """Return the notebooks of the course, by name, in order."""
    found = {}
    for path in sorted((Path(__file__).parent / "cards").glob("*.json")):
        card = json.loads(path.read_text(encoding="utf-8"))
        exercises = tuple(ExerciseCard(**fields) for fields in card["exercises"])
        found[path.stem] = NotebookCard(path.stem, card["title"], exercises)
    return found


@dataclass(frozen=True)
class OpenNotebook:
    """The notebook that the kernel belongs to.

    file    where it was saved
    cells   the cells that ran after that, by id: what the file will hold
    unsaved how many new cells, which the file does not hold yet, define something
    seen    whether the front end tells which cell runs; else only the file is known
    """

    file: Path
    cells: dict[str, str] = field(default_factory=dict)
    unsaved: int = 0
    seen: bool = True


_ran: dict[str, tuple[float, str]] = {}


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def _note(result: Any) -> None:
    info = result.info
    if info is not None and info.cell_id:
        _ran[info.cell_id] = time.time(), info.raw_cell


def _listen() -> None:
    """Take note of each cell that runs in this kernel."""
    shell = _shell()
    if getattr(shell, "kernel", None) is not None:
        shell.events.register("post_run_cell", _note)


_listen()


def judge_is_here() -> bool:
    """Say whether what judges is installed beside what a student imports."""
    return importlib.util.find_spec(JUDGE) is not None


def open_notebook() -> OpenNotebook | None:
    """Find the notebook at hand; None where no file of it can be found."""
    file = _file()
    if file is None:
        return None
    try:
        saved = file.stat().st_mtime
        ids = [cell.get("id") for cell in json.loads(file.read_bytes())["cells"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return OpenNotebook(file)
    newer = {id: source for id, (when, source) in _ran.items() if when > saved}
    missing = [source for id, source in newer.items() if id not in ids]
    return OpenNotebook(
        file,
        {id: source for id, source in newer.items() if id in ids},
        sum(map(_defines, missing)),
        seen=any(id in ids for id in _ran) or not _ran,
    )


def _file() -> Path | None:
    """Find the open notebook's file: where the front end says, or the only one that it can be
    here."""
    space = getattr(_shell(), "user_ns", {})
    for said in (space.get(VSCODE_SAYS), os.environ.get(SERVER_SAYS)):
        if isinstance(said, str) and said.endswith(".ipynb") and Path(said).is_file():
            return Path(said).resolve()
    name = name_of_open_notebook()
    here = Path.cwd()
    if name and (here / f"{name}.ipynb").is_file():
        return here / f"{name}.ipynb"
    found = list(here.glob("*.ipynb"))
    return found[0] if len(found) == 1 else None


def name_of_open_notebook() -> str | None:
    """Name the notebook that is open: the one whose pictures its first cell has imported."""
    names = {
        value.__name__.rpartition(".")[2].replace("_", "-")
        for value in list(getattr(_shell(), "user_ns", {}).values())
        if isinstance(value, ModuleType) and value.__name__.startswith("course.plots.")
    }
    return next((notebook for notebook in notebooks() if notebook[3:] in names), None)


def _defines(source: str) -> bool:
    """Say whether a cell gives anything a name."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return False
    return any(not isinstance(one, ast.Expr) for one in statements)


def place_of_progress(file: Path | None) -> Path:
    """Say where the progress of the notebook in `file` is kept: beside the folders of the
    notebooks.

    Not in a notebook's own folder, which is what a student hands in.
    """
    folder = file.resolve().parent if file is not None else Path.cwd()
    return (folder.parent if folder.name in notebooks() else folder) / KEPT

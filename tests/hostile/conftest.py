"""One course folder, one gradebook and one warm sandbox for all hostile submissions, graded once
as one batch; the tests look at what came of it."""

import json
import logging
import os
import shutil
import socket
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.course_folder import CONFIG, CourseFolder
from autograder.grading import Grade
from autograder.sandbox import SandboxUnavailable
from tests.conftest import ROOT
from tests.hostile.cases import CASES, NAME, Case, hand_in
from tests.support.grading import grade_folder

KEPT = ("setup", "surprise", "01-surprise", "entropy", "01-entropy", "sure-and-right")
LIMITS = {
    "cell_seconds": 1.5,
    "probe_seconds": 1.0,
    "notebook_seconds": 8.0,
    "memory_bytes": 2**29,
    "processes": 32,
    "disk_bytes": 16 * 2**20,
    "file_bytes": 8 * 2**20,
    "output_bytes": 100_000,
}
SECRET = "SECRET-OF-THE-GRADER"
APOSTROPHE = "Seán O'Brien"


@dataclass
class Class:
    """A course folder with its graded submissions."""

    root: Path
    release: dict
    grades: dict[str, Grade] = field(default_factory=dict)
    before: set[str] = field(default_factory=set)
    after: set[str] = field(default_factory=set)

    @property
    def folder(self) -> CourseFolder:
        return CourseFolder(self.root)


def small_course(root: Path) -> dict:
    """Make a course folder with the first notebook cut down; returns its release as JSON."""
    source = nbformat.read(ROOT / "source" / NAME / f"{NAME}.ipynb", as_version=4)
    source.cells = [
        cell for cell in source.cells if cell.metadata.get("nbgrader", {}).get("grade_id") in KEPT
    ]
    source.cells.insert(2, nbformat.v4.new_markdown_cell("## Surprise"))
    path = root / "source" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(source, path)
    config = (ROOT / CONFIG).read_text() + f"\nc.Judge.limits = {LIMITS!r}\n"
    (root / CONFIG).write_text(config)
    folder = CourseFolder(root)
    settings = folder.config
    settings.CourseDirectory.assignment_id = NAME
    log = logging.getLogger("hostile")
    directory = CourseDirectory(config=settings, log=log)
    GenerateAssignment(coursedir=directory, config=settings, log=log).start()
    return json.loads((root / "release" / NAME / f"{NAME}.ipynb").read_text())


def running() -> set[str]:
    """Processes, other than this one's own shape, that a room may have left."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if "98765" in text or "98764" in text:
            found.add(f"{path.parent.name} {text}")
    return found


def mounts() -> set[str]:
    return set(Path("/proc/self/mountinfo").read_text().splitlines())


def sockets() -> set[str]:
    lines = Path("/proc/net/unix").read_text().splitlines()[1:]
    return {line.split()[-1] for line in lines if "autograder" in line}


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """The cut-down course with its release in the gradebook, and nothing handed in."""
    root = tmp_path_factory.mktemp("template") / "course"
    return Class(root, small_course(root))


def graded(template: Class, root: Path, cases: list[Case]) -> Class:
    """All of `cases`, graded as one batch by the command's own engine."""
    shutil.copytree(template.root, root)
    made = Class(root, template.release)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        for case in cases:
            text = case.scratch.replace("{port}", port)
            hand_in(Case(**{**vars(case), "scratch": text}), made.release, root)
        os.environ["AUTOGRADER_SECRET"] = SECRET
        made.before = mounts() | sockets()
        try:
            for found in grade_folder(made.folder, force=True):
                made.grades[found.submission.student] = found
        except SandboxUnavailable as problem:
            pytest.skip(f"no rooms here: {problem}")
        finally:
            del os.environ["AUTOGRADER_SECRET"]
        made.after = mounts() | sockets()
    return made


@pytest.fixture(scope="session")
def class_(template, tmp_path_factory):
    """The whole list."""
    return graded(template, tmp_path_factory.mktemp("hostile") / "course", CASES)


@pytest.fixture(scope="session")
def shown_class(template, tmp_path_factory):
    """Those who attack a browser or a spreadsheet, and three others."""
    chosen = [c for c in CASES if c.threat in ("browser", "exports")]
    chosen += [c for c in CASES if c.name in ("right", "not-json")]
    chosen.append(Case("apostrophe", "honest", student=APOSTROPHE))
    return graded(template, tmp_path_factory.mktemp("shown") / "course", chosen)


@pytest.fixture
def fresh_course(tmp_path, template):
    """A course folder of its own, with nothing handed in."""
    return Path(shutil.copytree(template.root, tmp_path / "course"))

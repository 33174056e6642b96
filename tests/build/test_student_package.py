"""What a class installs holds what its notebooks need, and nothing that only a teacher has."""

import inspect
import json
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest

from autograder.build.generate import secrets_in
from autograder.build.student_package import TOP, student_package
from autograder.build.visible import visible_source
from autograder.course_folder import CourseFolder
from autograder.errors import Problem
from autograder.exercises import NOTEBOOKS
from autograder.exercises import notebook as exercises_of
from tests.conftest import FIRST, ROOT

pytestmark = pytest.mark.slow

# Runs cells as a notebook does, where this project's own folder cannot be imported.
RUN = """
import json, sys
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in repr(finder)]
sys.path[:] = [sys.argv[1], *(path for path in sys.path if path not in ("", sys.argv[2]))]
import importlib.util
assert importlib.util.find_spec("autograder") is None
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for source in json.load(sys.stdin):
    shell.run_cell(source).raise_error()
shell.run_cell("from course import hint, verdict; hint('surprise'); verdict('surprise')")
import course
print(course.__file__)
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The folder with what was in the wheel, and in the archive; of the first notebook alone."""
    root = tmp_path_factory.mktemp("course")
    for step in ("source", "release"):
        shutil.copytree(ROOT / step / FIRST, root / step / FIRST)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    wheel, archive = student_package(CourseFolder(root), root / "dist")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(root / "installed"), str(wheel)], check=True)
    with zipfile.ZipFile(archive) as files:
        files.extractall(root / "given")
    return root / "installed", root / "given" / TOP


def test_nothing_of_the_answers_is_in_it(unpacked):
    texts = {
        path: path.read_text(encoding="utf-8")
        for place in unpacked
        for path in place.rglob("*")
        if path.suffix in (".py", ".json", ".ipynb", ".md")
    }
    assert len(texts) > 20 and not any("autograder" in path.parts for path in texts)
    for path, text in texts.items():
        for word in ("BEGIN SOLUTION", "HIDDEN TESTS", "import autograder", "autograder.check"):
            assert word not in text, path
    for name in NOTEBOOKS:
        for exercise in exercises_of(name).exercises.values():
            for answer in (exercise.reference, *exercise.styles.values()):
                body = inspect.getsource(answer).partition(":\n")[2].strip()
                if body.count("\n") > 1:
                    assert not any(body in text for text in texts.values()), answer
    release = nbformat.read(unpacked[1] / "work" / FIRST / f"{FIRST}.ipynb", as_version=4)
    source = nbformat.read(ROOT / "source" / FIRST / f"{FIRST}.ipynb", as_version=4)
    assert secrets_in(release, source) == []


def test_the_archive_holds_the_notebooks_the_errata_and_how_to_begin(unpacked):
    _, given = unpacked
    readme = (given / "README.md").read_text(encoding="utf-8")
    (wheel,) = given.glob("*.whl")
    assert wheel.name in readme and FIRST in readme
    assert (given / "work" / FIRST / "errata.md").is_file()


def test_the_wheel_asks_for_what_the_notebooks_import_and_no_more(unpacked):
    (about,) = unpacked[0].glob("*.dist-info")
    needs = (about / "METADATA").read_text(encoding="utf-8")
    assert "Requires-Dist: numpy>=2.1" in needs and "Requires-Dist: jupyterlab" in needs
    assert "nbgrader" not in needs and "rich" not in needs


def test_the_visible_checks_of_a_notebook_run_with_the_wheel_alone(unpacked):
    source = nbformat.read(ROOT / "source" / FIRST / f"{FIRST}.ipynb", as_version=4)
    cells = [visible_source(cell) for cell in source.cells if cell.cell_type == "code"]
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(unpacked[0]), str(ROOT)],
        input=json.dumps(cells),
        capture_output=True,
        text=True,
        cwd=unpacked[1],
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("✓") > 20 and "✗" not in done.stdout
    assert "hint 1 of 3" in done.stdout
    assert "The hidden checks are not installed here." in done.stdout
    assert str(unpacked[0]) in done.stdout.splitlines()[-1]


def test_a_release_that_is_not_what_the_source_generates_is_not_given_away(course_folder):
    with pytest.raises(Problem, match="run `autograder build"):
        student_package(CourseFolder(course_folder), course_folder / "dist")

"""Where learners start: what other places run after they have installed the course."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys

import pytest

import course
from tests.conftest import FIRST, ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def checkout(tmp_path):
    """A checkout with one notebook."""
    shutil.copytree(ROOT / "release" / FIRST, tmp_path / "release" / FIRST)
    for name in ("source", "docs"):
        (tmp_path / name).mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    return tmp_path


def run(command, checkout):
    """The command where `python` is this one."""
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True)


def test_binder_fills_the_folder_to_work_in(checkout):
    script = ROOT / "postBuild"
    assert script.stat().st_mode & stat.S_IXUSR
    done = run([str(script)], checkout)
    assert done.returncode == 0, done.stderr
    assert (checkout / "work" / FIRST / f"{FIRST}.ipynb").is_file()


def test_codespaces_install_the_course_and_fill_the_folder(checkout):
    settings = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    *installs, last = settings["postCreateCommand"].split(" && ")
    assert all(command.startswith("python -m pip install ") for command in installs)
    done = run(last.split(), checkout)
    assert done.returncode == 0, done.stderr
    assert (checkout / "work" / FIRST / f"{FIRST}.ipynb").is_file()


def test_the_page_names_the_wheel_that_is_built():
    page = (ROOT / "docs" / "start.md").read_text(encoding="utf-8")
    (wheel,) = re.findall(r"surprise_to_autograd_course-[\w.]+-py3-none-any\.whl", page)
    assert wheel == f"surprise_to_autograd_course-{course.__version__}-py3-none-any.whl"

"""The exchange: nothing of it depends on which command comes first, and what is in the way is said
in one sentence."""

import logging
import os
import shutil
import stat
import subprocess
import sys

import nbformat
import pytest
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError

from autograder.course_folder import CONFIG, CourseFolder
from autograder.errors import Problem
from autograder.grading.converters import Messages
from autograder.hooks.exchange import Collect, ReleaseAssignment, ReleaseFeedback, make_exchange
from tests.conftest import FIRST, ROOT
from tests.support import ordinary_user


@pytest.fixture
def course(tmp_path):
    """A course folder with one release, whose exchange lies beside it."""
    root = tmp_path / "course"
    shutil.copytree(ROOT / "release" / FIRST, root / "release" / FIRST)
    text = (ROOT / CONFIG).read_text() + f"\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\n"
    (root / CONFIG).write_text(text)
    return CourseFolder(root)


def start(kind, folder):
    """Run one of nbgrader's parts of the exchange; what it logs as a warning or worse."""
    config = folder.config
    config.CourseDirectory.assignment_id = FIRST
    messages, log = Messages(), logging.Logger("autograder", logging.INFO)
    log.addHandler(messages)
    directory = CourseDirectory(config=config, log=log)
    try:
        kind(coursedir=directory, config=config, log=log).start()
    except ExchangeError:
        messages.lines.append("failed")
    return messages.lines


def test_nbgraders_commands_find_alembic_without_an_activated_environment(course):
    program = (
        "import os, shutil; os.environ['PATH'] = '/usr/bin:/bin'\n"
        "from traitlets.config import Config; from autograder.hooks import configure\n"
        "configure(Config(), course_id='course'); print(shutil.which('alembic'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip().endswith("alembic"), done.stderr


def test_the_exchange_is_made_open_to_all_whichever_command_comes_first(course, tmp_path):
    umask = os.umask(0o077)
    try:
        sentence, end = start(Collect, course)
    finally:
        os.umask(umask)
    assert end == "failed" and "`nbgrader release_assignment" in sentence
    assert stat.S_IMODE((tmp_path / "exchange").stat().st_mode) == 0o777
    assert start(ReleaseAssignment, course) == []
    course_id = course.directory.course_id
    assert (tmp_path / "exchange" / course_id / "outbound" / FIRST / f"{FIRST}.ipynb").is_file()
    (said,) = start(Collect, course)
    assert "No submissions" in said


def test_an_exchange_that_cannot_be_made_is_one_sentence_with_a_way_out(course, tmp_path):
    (tmp_path / "exchange").write_text("a file")
    for kind in (ReleaseAssignment, Collect, ReleaseFeedback):
        sentence, end = start(kind, course)
        assert end == "failed" and "cannot be made and opened to all (" in sentence
        assert "sudo install --directory --mode 777" in sentence and "c.Exchange.root" in sentence


@pytest.mark.walls
def test_an_ordinary_user_is_told_how_to_get_an_exchange_where_only_root_may_make_it():
    if not ordinary_user.can_be_one():
        pytest.skip("a test cannot be an ordinary user here")
    program = "from autograder.hooks.exchange import make_exchange as make; make('/usr/exchange')"
    with ordinary_user.folders(ordinary_user.TEACHER) as (home,):
        said = ordinary_user.run("python", "-c", program, cwd=home, home=home, code=1)
    assert "/usr/exchange cannot be made and opened to all (Permission denied): ask" in said


def test_an_exchange_that_is_there_already_is_taken_as_it_is(tmp_path):
    make_exchange(tmp_path / "exchange")
    make_exchange(tmp_path / "exchange")
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="c.Exchange.root"):
        make_exchange(tmp_path / "file" / "exchange")


def test_a_release_that_holds_answers_is_not_given_away(course, tmp_path):
    path = course.notebook_path("release", FIRST)
    release = nbformat.read(path, as_version=4)
    ids = [c.metadata.get("nbgrader", {}).get("grade_id") for c in release.cells]
    release.cells[ids.index("entropy")].source = "def entropy(p, base=2):\n    return 0.0"
    nbformat.write(release, path)
    sentence, end = start(ReleaseAssignment, course)
    assert end == "failed" and "holds answers and is not released" in sentence
    assert not (tmp_path / "exchange" / course.directory.course_id).exists()


def test_feedback_goes_on_where_somebody_came_by_mail(course, tmp_path):
    assert start(ReleaseAssignment, course) == []
    for student in ("ana", "by mail", "carl"):
        folder = course.root / "feedback" / student / FIRST
        folder.mkdir(parents=True)
        (folder / f"{FIRST}.html").write_text("<html></html>")
        if student != "by mail":
            (folder / "timestamp.txt").write_text("2026-03-02 18:00:00 UTC")
            (folder / "submission_secret.txt").write_text(student)
    (said,) = start(ReleaseFeedback, course)
    assert "by mail" in said and "ana" not in said and "send them" in said
    given = tmp_path / "exchange" / course.directory.course_id / "feedback"
    assert len(list(given.glob("*.html"))) == 2

"""A slip costs its own points alone wherever a class is graded, and what is shown says so."""

import csv
import json
import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI

from autograder.cli import main
from autograder.course_folder import CONFIG, CourseFolder
from tests.hostile.cases import NAME, Case, hand_in
from tests.hostile.conftest import small_course
from tests.support.cluster import Cluster
from tests.support.command import run_command
from tests.support.gradebooks import assert_same

pytestmark = pytest.mark.slow

NATS = "def surprise(p, base=2):\n    return -np.log(p)\n"
ON_SURPRISE = """\
def entropy(p, base=2):
    p = np.asarray(p, dtype=float)
    return np.sum(p * surprise(np.where(p > 0, p, 1.0), base), axis=-1)
"""
OWN_FAULT = ON_SURPRISE.replace("np.sum(p * ", "np.mean(p * ")
FOLLOWED = "Right, with a right `surprise`: yours is the one to mend."
SEEN_WITH = "(This was seen with a right `surprise` in the place of yours.)"
POINTS = {"slip": 3, "two-slips": 0, "right": 4}


def run(root, *arguments):
    """A command of `autograder` in a course folder; what it printed."""
    result = run_command(root, *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def graded(root, *options):
    """The lines of `autograder grade --json`, by student."""
    lines = map(json.loads, run(root, "grade", "--json", *options).splitlines())
    return {line["student"]: line for line in lines}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A course folder with two exercises and three students, not graded: one with a slip in the
    first and a second that is built on it, one whose second is not right either, one without."""
    root = tmp_path_factory.mktemp("handed-in") / "course"
    release = small_course(root)
    for student, texts in {
        "slip": {"surprise": NATS, "entropy": ON_SURPRISE},
        "two-slips": {"surprise": NATS, "entropy": OWN_FAULT},
        "right": {"entropy": ON_SURPRISE},
    }.items():
        hand_in(Case(student, "honest", **texts), release, root)
    return root


@pytest.fixture(scope="module")
def ours(handed_in, tmp_path_factory):
    """The folder as `autograder grade` leaves it, and its lines."""
    root = tmp_path_factory.mktemp("ours") / "course"
    shutil.copytree(handed_in, root)
    return root, graded(root)


def test_a_class_gets_the_points_that_follow(ours):
    root, lines = ours
    assert {student: line["score"] for student, line in lines.items()} == POINTS
    assert [row["message"] for row in lines["slip"]["exercises"]][1] == FOLLOWED
    second = lines["two-slips"]["exercises"][1]
    assert second["verdict"] != "right" and second["message"].endswith(SEEN_WITH)
    assert [row["message"] for row in lines["right"]["exercises"]] == ["Right.", "Right."]


def test_the_setting_of_a_course_folder_gives_the_points_without_second_trials(handed_in, tmp_path):
    root = tmp_path / "course"
    shutil.copytree(handed_in, root)
    with (root / CONFIG).open("a") as config:
        config.write("\nc.Judge.follow_on = False\n")
    lines = graded(root)
    assert {student: line["score"] for student, line in lines.items()} == {**POINTS, "slip": 0}
    said = [row["message"] for line in lines.values() for row in line["exercises"]]
    assert not [message for message in said if "right `surprise`" in message]
    file = root / "submitted" / "slip" / NAME / f"{NAME}.ipynb"
    result = CliRunner().invoke(main, ["check", "--json", str(file)], catch_exceptions=False)
    assert json.loads(result.stdout)["score"] == 0
    with (root / CONFIG).open("a") as config:
        config.write("\nc.Judge.follow_on = True\n")
    result = CliRunner().invoke(main, ["check", "--json", str(file)], catch_exceptions=False)
    assert result.exit_code == 1
    checked = json.loads(result.stdout)
    assert checked["score"] == 3 and checked["exercises"][1]["message"] == FOLLOWED


def test_the_report_counts_a_slip_once_and_says_what_followed(ours):
    root, lines = ours
    run(root, "report")
    page = BeautifulSoup((root / "report" / f"{NAME}.html").read_text(), "html.parser").get_text()
    assert (
        "3 points were earned on top of another exercise that is not right: each slip costs its "
        "own points alone, and is counted once."
    ) in page
    with (root / "report" / f"{NAME}.mistakes.csv").open(encoding="utf-8-sig") as file:
        counts = {(r["exercise"], r["mistake"]): int(r["students"]) for r in csv.DictReader(file)}
    assert counts.pop(("01.surprise", "surprise-natural-log")) == 2
    assert all(exercise == "01.entropy" and n == 1 for (exercise, _), n in counts.items())


def test_feedback_shows_the_slip_and_what_follows_from_it(ours):
    root, lines = ours
    run(root, "feedback")
    pages = {
        student: BeautifulSoup(
            (root / "feedback" / student / NAME / f"{NAME}.html").read_text(), "html.parser"
        ).get_text()
        for student in POINTS
    }
    slip = lines["slip"]["exercises"][0]
    assert slip["message"] in pages["slip"] and FOLLOWED in pages["slip"]
    assert SEEN_WITH in pages["two-slips"] and FOLLOWED not in pages["two-slips"]
    assert "right `surprise`" not in pages["right"]


def test_nbgrader_and_the_button_of_the_formgrader_leave_the_same_gradebook(
    handed_in, ours, tmp_path
):
    root = tmp_path / "course"
    shutil.copytree(handed_in, root)
    api = NbGraderAPI(config=CourseFolder(root).config)
    for student in POINTS:
        # What `nbgrader autograde --student` does, and the button.
        result = api.autograde(NAME, student)
        assert result["success"], result.get("error") or result["log"]
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        scores = {s: gradebook.find_submission(NAME, s).score for s in POINTS}
    assert scores == POINTS
    said = nbformat.read(root / "autograded" / "slip" / NAME / f"{NAME}.ipynb", as_version=4)
    assert FOLLOWED in json.dumps(said, ensure_ascii=False)
    assert_same(ours[0], root)


@pytest.mark.cluster
def test_a_cluster_gives_the_same_points(handed_in, ours, tmp_path):
    root = tmp_path / "course"
    shutil.copytree(handed_in, root)
    (tmp_path / "cluster").mkdir()
    with Cluster(tmp_path / "cluster") as cluster:
        cluster.add()
        cluster.wait_for(1)
        lines = graded(root, "--scheduler", cluster.address)
    assert lines == ours[1]

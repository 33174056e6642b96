"""The `autograder` command: its exit statuses, its JSON, and one sentence for every bad input."""

import json
import shutil
import subprocess
import sys

import nbformat
import pytest
from click.testing import CliRunner

from autograder import hooks
from autograder.check_file import Checker
from autograder.check_file import _read as read_as_a_learner
from autograder.cli import main
from autograder.course_folder import CONFIG, CourseFolder
from autograder.exercises import exercise
from autograder.exercises.sources import answer_source
from autograder.intake.notebooks import read_submission
from autograder.sandbox import Limits, SandboxUnavailable
from tests.conftest import FIRST, ROOT
from tests.support.command import run_command
from tests.support.totals import all_points, checked_points, exercises_in

RELEASE = ROOT / "release" / FIRST / f"{FIRST}.ipynb"


def run(*arguments, cwd=ROOT):
    return run_command(cwd, *arguments)


def one_sentence(result, *words):
    """The command ended with status 2 and said one sentence with these words, nothing else."""
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    for word in words:
        assert word in result.stderr, result.stderr


def notebook(tmp_path, change=lambda notebook: None, name=f"{FIRST}.ipynb"):
    loaded = nbformat.read(RELEASE, as_version=4)
    change(loaded)
    path = tmp_path / name
    nbformat.write(loaded, path)
    return path


def answer(loaded, name, text):
    (cell,) = [c for c in loaded.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name]
    cell.source = text


def test_a_solved_notebook_is_right_with_status_0():
    result = run("check", f"source/{FIRST}/{FIRST}.ipynb")
    assert result.exit_code == 0
    points = f"{checked_points(FIRST):g}"
    assert f"{points} of {points} points" in result.stdout


def test_an_untouched_notebook_is_not_attempted_with_status_1():
    result = run("check", RELEASE)
    assert result.exit_code == 1
    assert result.stdout.count("not attempted") == exercises_in(FIRST)


def test_json_has_the_agreed_keys(tmp_path):
    def change(loaded):
        mistake = exercise("01.entropy").named_mistake("entropy-nats")
        answer(loaded, "entropy", answer_source(mistake.function, "entropy"))
        style = exercise("01.surprise").styles["surprise_one_line"]
        answer(loaded, "surprise", answer_source(style, "surprise"))

    result = run("check", notebook(tmp_path, change), "--json", "--seed", "5")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    known = {"notebook", "assignment", "score", "max_score", "exercises", "written"}
    assert set(report) == known
    assert (report["notebook"], report["assignment"]) == (FIRST, FIRST)
    assert (report["score"], report["max_score"]) == (1, checked_points(FIRST))
    rows = {row["exercise"]: row for row in report["exercises"]}
    keys = {"exercise", "points", "max_points", "verdict", "mistake", "message"}
    assert all(set(row) == keys for row in rows.values())
    assert rows["01.surprise"]["verdict"] == "right"
    assert rows["01.entropy"]["verdict"] == "known mistake"
    assert rows["01.entropy"]["mistake"] == "entropy-nats"
    assert rows["01.likelihood"] == {
        "exercise": "01.likelihood",
        "points": 0.0,
        "max_points": 1.0,
        "verdict": "not attempted",
        "mistake": None,
        "message": "likelihood is not written yet.",
    }


def test_written_questions_are_told_with_the_points_that_wait(tmp_path):
    def change(loaded):
        for cell in loaded.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "sure-and-right":
                cell.source = "A sure belief may be wrong."

    path = notebook(tmp_path, change)
    written = json.loads(run("check", path, "--json").stdout)["written"]
    assert {question["question"]: question["answered"] for question in written} == {
        "sure-and-right": True,
        "why-the-logarithm": False,
    }
    shown = run("check", path).stdout
    assert "nothing is written yet; 3 points wait" in shown
    of, written = checked_points(FIRST), all_points(FIRST) - checked_points(FIRST)
    assert f"0 of {of:g} points, and {written:g} more wait" in shown
    assert "autograder answers" in " ".join(shown.split())


def test_a_model_answer_is_shown_after_an_attempt_and_not_before(tmp_path):
    model, rubric = "one colour dominates", "Rubric: 1 point"
    untouched = run("answers", notebook(tmp_path)).stdout
    assert untouched.count("try it first") == 2
    assert model not in untouched and rubric not in untouched
    path = notebook(tmp_path, lambda loaded: answer(loaded, "sure-and-right", "Both are sure."))
    shown = " ".join(run("answers", path).stdout.split())
    assert model in shown and rubric in shown and shown.count("try it first") == 1


def test_model_answers_of_what_is_no_notebook_are_refused_in_one_sentence(tmp_path):
    one_sentence(run("answers", tmp_path / "missing.ipynb"), "missing.ipynb")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "There is no file"),
        ("", "is empty"),
        ("surprise!", "not JSON"),
        ("[1, 2]", "not a notebook"),
        ('{"a": 1}', "not a notebook"),
        ('{"nbformat": 2, "nbformat_minor": 0, "metadata": {}, "worksheets": []}', "format"),
        (b"\xff\xfe\x00", "read"),
    ],
)
def test_check_says_in_one_sentence_what_is_wrong_with_a_file(tmp_path, content, word):
    path = tmp_path / f"{FIRST}.ipynb"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    one_sentence(run("check", path), word)


@pytest.mark.parametrize(
    ("written", "remark"),
    [
        (lambda loaded: nbformat.writes(loaded, version=3).encode(), "was of the old format 3"),
        (lambda loaded: nbformat.writes(loaded).encode("cp1252"), "it was read as Windows-1252"),
    ],
)
def test_a_file_is_read_as_grading_reads_it(tmp_path, written, remark):
    loaded = nbformat.read(RELEASE, as_version=4)
    for cell in loaded.cells:
        cell.source = cell.source.encode("cp1252", "ignore").decode("cp1252")
    loaded.cells.append(nbformat.v4.new_markdown_cell("Qué sé yo"))
    path = tmp_path / f"{FIRST}.ipynb"
    path.write_bytes(written(loaded))
    notebook, remarks = read_submission(path)
    assert read_as_a_learner(path) == (notebook, remarks) and any(remark in one for one in remarks)


def test_a_class_has_its_limits_in_check_as_well(course_folder, monkeypatch):
    with (course_folder / CONFIG).open("a") as settings:
        settings.write('\nc.Judge.limits = {"cell_seconds": 3.0}\n')
    opened = []

    def no_sandbox(isolation, limits, needs):
        opened.append(limits)
        raise SandboxUnavailable("not here")

    monkeypatch.setattr("autograder.check_file.course_sandbox", no_sandbox)
    path = notebook(course_folder)
    with Checker("walls") as checker, pytest.raises(SandboxUnavailable):
        checker.check(path)
    assert opened == [Limits(cell_seconds=3.0)]


def test_settings_are_run_once_and_changed_by_nobody(course_folder):
    runs = course_folder / "runs"
    with (course_folder / CONFIG).open("a") as settings:
        settings.write(f"\nopen({str(runs)!r}, 'a').write('.')\n")
        settings.write("c.Judge.limits.update({'processes': 9})\n")
    folder = CourseFolder(course_folder)
    folder.config.Judge.follow_on = False
    assert folder.setting("Judge", "follow_on", True) is True
    assert folder.setting("Judge", "limits", {}) == {"processes": 9}
    assert runs.read_text() == "."


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('c.Judge.limits = {"cell_secnds": 60}', "cell_secnds, which no room has; there are cell_"),
        ('c.Judge.limits = {"cell_seconds": "60"}', "gives cell_seconds the value '60'"),
        ('c.Judge.limits = {"cell_seconds": 0}', "a number above 0"),
        ("c.Judge.limits = 5", "5"),
        ('c.Judge.isolation = "wall"', "not the str 'wall'"),
        ('c.Judge.limts = {"cell_seconds": 60}', "no setting limts; there are course_key"),
        ("c.Judge.limits = {", "line 7: SyntaxError: '{' was never closed. Mend it there"),
        ('configure(c, curse_id="x")', "line 7: TypeError: configure() got an unexpected keyword"),
    ],
)
def test_a_wrong_setting_is_said_in_one_sentence(course_folder, line, said):
    with (course_folder / CONFIG).open("a") as file:
        file.write(f"{line}\n")
    shutil.copytree(ROOT / "release" / FIRST, course_folder / "submitted" / "bo" / FIRST)
    one_sentence(run("grade", cwd=course_folder), said)
    assert not (course_folder / "autograded").exists()


def test_wrong_limits_are_said_by_check_as_well(course_folder):
    with (course_folder / CONFIG).open("a") as file:
        file.write('c.Judge.limits = {"cell_secnds": 60}\n')
    one_sentence(run("check", notebook(course_folder), cwd=course_folder), "cell_secnds")


def test_a_defect_in_what_the_settings_call_keeps_its_place(course_folder, monkeypatch):
    monkeypatch.setattr(hooks, "_put_scripts_on_path", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        _ = CourseFolder(course_folder).config


def test_an_nbgrader_that_was_not_tried_is_refused_by_every_command(course_folder, monkeypatch):
    # What the settings set below is as it was when the test ends.
    monkeypatch.setattr(hooks, "SUPPORTED_NBGRADER", hooks.SUPPORTED_NBGRADER)
    settings = course_folder / CONFIG
    lines = "import autograder.hooks\nautograder.hooks.SUPPORTED_NBGRADER = ((99,), (100,))\n"
    settings.write_text(lines + settings.read_text())
    one_sentence(run("grade", cwd=course_folder), "nbgrader", "and this course works with 99")
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", FIRST],
        cwd=course_folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and done.stdout == ""
    (said,) = done.stderr.splitlines()
    assert "and this course works with 99" in said


def test_check_refuses_a_notebook_of_an_unknown_assignment(tmp_path):
    path = tmp_path / "holiday.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    one_sentence(run("check", path), "no notebook of this course")


def test_a_renamed_notebook_is_recognised_by_its_graded_cells(tmp_path):
    result = run("check", notebook(tmp_path, name="copy of my work.ipynb"), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["notebook"] == FIRST


def test_missing_and_duplicated_graded_cells_are_said_and_judged_once(tmp_path):
    def change(loaded):
        cells = loaded.cells
        (at,) = [
            i
            for i, c in enumerate(cells)
            if c.metadata.get("nbgrader", {}).get("grade_id") == "01-entropy"
        ]
        cells.insert(at + 1, nbformat.from_dict({**cells[at], "id": "another"}))
        cells[:] = [
            c for c in cells if c.metadata.get("nbgrader", {}).get("grade_id") != "01-likelihood"
        ]
        style = exercise("01.likelihood").styles["likelihood_loop"]
        answer(loaded, "likelihood", answer_source(style, "likelihood"))

    result = run("check", notebook(tmp_path, change), "--json")
    report = json.loads(result.stdout)
    assert len(report["exercises"]) == exercises_in(FIRST)
    assert report["score"] == 1
    assert "01-likelihood" in result.stderr and "01-entropy" in result.stderr


@pytest.mark.parametrize("command", ["build", "grade", "feedback"])
def test_commands_want_a_course_folder(tmp_path, command):
    one_sentence(run(command, cwd=tmp_path), "nbgrader_config.py")


def test_grade_with_nothing_submitted_or_an_unknown_assignment(course_folder):
    one_sentence(run("grade", cwd=course_folder), "submitted/")
    one_sentence(run("grade", "07-nothing", cwd=course_folder), "07-nothing")
    (course_folder / "submitted" / "ana" / FIRST).mkdir(parents=True)
    one_sentence(run("grade", "--student", "bo", cwd=course_folder), "bo")


def test_build_of_an_unknown_notebook(course_folder):
    one_sentence(run("build", "07-nothing", cwd=course_folder), "07-nothing")


def test_simulate_does_not_overwrite(tmp_path):
    (tmp_path / "mine").write_text("precious")
    one_sentence(run("simulate", "--out", tmp_path), "not empty")
    assert (tmp_path / "mine").read_text() == "precious"


def test_the_same_seed_makes_the_same_class(tmp_path):
    for name in ("one", "two"):
        out = tmp_path / name
        assert run("simulate", "--students", 3, "--seed", 4, "--out", out, FIRST).exit_code == 0
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    for path in files:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes()
    shutil.rmtree(tmp_path / "one")


def test_ctrl_c_while_modules_load_is_a_sentence(repository, monkeypatch):
    class Interrupted:
        def find_spec(self, name, path=None, target=None):
            raise KeyboardInterrupt

    monkeypatch.chdir(repository.root)
    monkeypatch.delitem(sys.modules, "autograder.report.collect", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    result = CliRunner().invoke(main, ["report"])
    assert result.exit_code == 2 and result.stderr == "Stopped.\n"

"""The hidden checks, progress and solutions, asked for inside a notebook with a real kernel."""

import io
import json
import os
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from jupyter_client.manager import start_new_kernel

from autograder.check_file import CheckedFile, WrittenQuestion, keep
from autograder.cli import main
from autograder.errors import LAST_ERROR, Problem
from autograder.exercises import exercise
from autograder.exercises.sources import answer_source
from autograder.learning import companion
from autograder.learning.solutions import solution
from course import hint, journal, progress, session, verdict, words
from tests.conftest import FIRST, ROOT
from tests.support.totals import checked_points

pytestmark = pytest.mark.slow

WRONG = [
    "def entropy(p, base=2):\n    return -np.sum(p * np.log(p))",
    "def entropy(p, base=2):\n    return np.sum(p * np.log2(p))",
    "def entropy(p, base=2):\n    return -np.mean(p * np.log2(p))",
]


class Person:
    """Somebody at a notebook: cells are run with their ids, as JupyterLab runs them."""

    def __init__(self, folder: Path):
        self.file = folder / FIRST / f"{FIRST}.ipynb"
        self.file.parent.mkdir(parents=True)
        shutil.copy(ROOT / "release" / FIRST / f"{FIRST}.ipynb", self.file)
        # As it was saved a while ago.
        os.utime(self.file, (time.time() - 60, time.time() - 60))
        self.ids = {
            cell.metadata.get("nbgrader", {}).get("grade_id"): cell.id
            for cell in nbformat.read(self.file, as_version=4).cells
        }
        environment = {**os.environ, session.SERVER_SAYS: str(self.file)}
        self.manager, self.client = start_new_kernel(env=environment, cwd=str(self.file.parent))
        self.run("import numpy as np\nfrom course import check, progress, solution, verdict")

    def save(self, **answers: str) -> None:
        """Save the notebook with answers, by grade id with "_" for "-"."""
        notebook = nbformat.read(self.file, as_version=4)
        for cell in notebook.cells:
            for name, text in answers.items():
                if cell.id in (self.ids.get(name), self.ids.get(name.replace("_", "-"))):
                    cell.source = text
        nbformat.write(notebook, self.file)

    def run(self, source: str, cell: str = "another") -> str:
        """What a cell shows; the text of a display is its Markdown."""
        content = {
            "code": source,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        }
        metadata = {"cellId": self.ids.get(cell, cell)}
        message = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(message)
        shown = []
        while True:
            reply = self.client.get_iopub_msg(timeout=60)
            if reply["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            if reply["content"].get("execution_state") == "idle":
                return "".join(shown)
            shown.append(reply["content"].get("text", ""))
            shown += reply["content"].get("traceback", [])
            shown.append(reply["content"].get("data", {}).get("text/markdown", ""))


@pytest.fixture(scope="module")
def person(tmp_path_factory):
    somebody = Person(tmp_path_factory.mktemp("my work ñ"))
    yield somebody
    somebody.client.stop_channels()
    somebody.manager.shutdown_kernel(now=True)


def style(name: str) -> str:
    found = exercise(f"01.{name}").styles
    return answer_source(next(iter(found.values())), name)


def test_an_answer_is_judged_as_it_ran_although_the_file_is_older(person):
    person.run(style("surprise"), "surprise")
    shown = person.run('verdict("surprise")')
    assert shown.startswith("✓ surprise: right, 1 of 1 points\n")
    assert "as it was saved at" in shown and "with the one cell that you ran since" in shown


def test_what_was_saved_later_than_it_ran_is_judged_as_saved(person):
    person.save(surprise="def surprise(p, base=2):\n    return -np.log(p)")
    shown = person.run("verdict(surprise)")
    assert shown.startswith("✗ surprise: known mistake, 0 of 1 points\n  ")
    assert "with the" not in shown
    person.run(style("surprise"), "surprise")


def test_new_cells_that_are_not_saved_are_told(person):
    shown = person.run('verdict("surprise")')
    assert words.NEW_CELLS not in shown
    person.run("helper = 1", "a-new-one")
    assert words.NEW_CELLS in person.run('verdict("surprise")')


def test_a_name_that_is_none_is_answered_with_those_that_are(person):
    shown = person.run('verdict("suprise")')
    assert "There is no suprise in this notebook. It has surprise, sequence_surprise" in shown


def test_a_solution_is_shown_after_tries_that_differ_and_not_before(person):
    assert "so far there are 0" in person.run('solution("entropy")')
    for tried in (WRONG[0], WRONG[0], WRONG[1]):
        person.run(tried, "entropy")
        assert "You have tried it" not in person.run('verdict("entropy")')
    assert "One more try of entropy" in person.run('solution("entropy")')
    person.run(WRONG[2], "entropy")
    assert 'solution("entropy")' in person.run('verdict("entropy")')
    shown = person.run('solution("entropy")')
    assert shown.count("```python\n") == shown.count("def entropy(") == 2
    assert "What others got wrong" in shown
    assert "It is derived in section [" in shown and "BEGIN SOLUTION" not in shown


def test_a_model_answer_is_shown_once_something_is_written_and_saved(person):
    assert "Nothing is written for sure-and-right" in person.run('solution("sure-and-right")')
    person.save(
        sure_and_right="Both are sure, and one is wrong.",
        surprise=style("surprise"),
        entropy=WRONG[2],
    )
    assert "one colour dominates" in person.run('solution("sure-and-right")')


def test_progress_is_the_same_in_the_notebook_and_in_a_terminal(person):
    person.run("verdict()")
    shown = person.run("progress()")
    line = next(line for line in shown.splitlines() if line.startswith("01 ·"))
    assert "✓○○✗○…" in line and f"1 of {checked_points(FIRST):g} points" in line
    assert "left" in line
    assert "Next: sequence_surprise in 01 · Surprise and entropy, about 8 minutes." in shown
    result = CliRunner().invoke(main, ["progress", str(person.file.parents[1])])
    assert result.exit_code == 0 and result.stdout.splitlines()[0] == line


def test_a_judge_that_has_ended_is_started_again(person):
    person.run("import sys\nmodule = sys.modules['course.verdict']\nmodule._running.kill()")
    person.run("module._running.wait()")
    assert person.run('verdict("surprise")').startswith("✓ surprise: right")


# --------------------------------------------------------------------------- without a kernel


def test_hints_count_on_after_a_restart(capsys, tmp_path, monkeypatch):
    file = tmp_path / "work" / FIRST / f"{FIRST}.ipynb"
    file.parent.mkdir(parents=True)
    module = sys.modules["course.hint"]
    monkeypatch.setattr(module, "open_notebook", lambda: session.OpenNotebook(file))
    for _ in range(2):
        monkeypatch.setattr(module, "_given", Counter())
        hint("entropy")
    lines = capsys.readouterr().out.splitlines()
    assert [line[:6] for line in lines] == ["hint 1", "hint 2"]
    assert len(journal.read(file.parents[1] / session.KEPT)) == 2


def test_where_nothing_can_be_kept_hints_count_all_the_same_and_it_is_said_once(
    capsys, tmp_path, monkeypatch
):
    file = tmp_path / "gone" / FIRST / f"{FIRST}.ipynb"
    module = sys.modules["course.hint"]
    monkeypatch.setattr(module, "open_notebook", lambda: session.OpenNotebook(file))
    for _ in range(3):
        hint("kl_divergence")
    lines = capsys.readouterr().out.splitlines()
    assert [line[:6] for line in lines if line.startswith("hint")] == ["hint 1", "hint 2", "hint 3"]
    assert sum("is not kept" in line for line in lines) == 1


def test_a_course_may_show_no_solutions(course_folder):
    with (course_folder / "nbgrader_config.py").open("a") as config:
        config.write("\nc.Solutions.shown = False\n")
    file = course_folder / "work" / FIRST / f"{FIRST}.ipynb"
    file.parent.mkdir(parents=True)
    shutil.copy(ROOT / "release" / FIRST / f"{FIRST}.ipynb", file)
    with pytest.raises(Problem, match="shows no solutions"):
        solution(file, "entropy", session.place_of_progress(file))
    result = CliRunner().invoke(main, ["answers", str(file)])
    assert result.exit_code == 2 and "shows no solutions" in result.stderr


def test_where_the_judge_is_not_installed_one_sentence_says_so(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    verdict("entropy")
    assert capsys.readouterr().out == words.NO_JUDGE + "\n"
    assert "install the whole course" in words.NO_JUDGE
    progress()
    assert capsys.readouterr().out == words.NO_VERDICTS + "\n"


def test_where_no_file_can_be_told_one_sentence_says_so(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    verdict("entropy")
    assert capsys.readouterr().out == words.NO_FILE + "\n"


def test_where_the_front_end_names_cells_otherwise_the_file_counts_and_it_is_said(
    tmp_path, monkeypatch
):
    shutil.copy(ROOT / "release" / FIRST / f"{FIRST}.ipynb", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "_ran", {"vscode-notebook-cell:1": (time.time() + 9, "x = 1")})
    here = session.open_notebook()
    assert here is not None and not here.seen and here.cells == {}
    assert here.file == tmp_path / f"{FIRST}.ipynb"


def test_a_class_keeps_no_progress_among_what_was_handed_in(course_folder):
    for step in ("submitted/alice", "autograded/alice", "source"):
        file = course_folder / step / FIRST / f"{FIRST}.ipynb"
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "release" / FIRST / f"{FIRST}.ipynb", file)
        checked = CheckedFile(FIRST, [], [WrittenQuestion("sure-and-right", 3, True)])
        assert keep(file, checked, everywhere=True) == ""
    assert list(course_folder.rglob(session.KEPT)) == []


def test_the_judge_says_in_one_sentence_what_is_wrong_and_goes_on(tmp_path):
    requests = [{"do": "check", "file": str(tmp_path / "no.ipynb"), "cells": {}}] * 2
    answers = io.StringIO()
    companion.serve(map(json.dumps, requests), answers)
    found = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert [list(answer) for answer in found] == [["problem"], ["problem"]]
    assert "There is no file" in found[0]["problem"]


def test_a_defect_beneath_a_notebook_is_kept_in_full_in_the_course_folder(
    course_folder, monkeypatch
):
    def broken(checker, request):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(companion, "_answer", broken)
    answers = io.StringIO()
    request = {"do": "check", "file": str(course_folder / f"{FIRST}.ipynb"), "cells": {}}
    companion.serve([json.dumps(request), "no request"], answers)
    assert answers.getvalue().count("broken on purpose") == 1
    told = (course_folder / LAST_ERROR).read_text(encoding="utf-8")
    assert "Traceback" in told and "in broken" in told


def test_lines_of_two_computers_are_merged_and_what_is_broken_is_left_out(tmp_path):
    place = tmp_path / session.KEPT
    line = '{"at": "2026-01-02", "what": "verdict", "exercise": "01.entropy", "verdict": "right"}\n'
    older = line.replace("2026-01-02", "2026-01-01").replace("right", "wrong")
    place.write_text(line + '<<<<<<< one\n{"at": "20\n[1]\n' + older + line)
    entries = journal.read(place)
    assert [entry["verdict"] for entry in entries] == ["wrong", "right"]
    assert journal.latest(entries, journal.VERDICT)["01.entropy"]["verdict"] == "right"


def test_what_is_kept_after_a_disk_was_full_stands_on_a_line_of_its_own(tmp_path):
    place = tmp_path / session.KEPT
    entries = [{"what": journal.HINT, "exercise": "01.entropy"}]
    assert journal.append(place, entries) == ""
    place.write_bytes(place.read_bytes()[:-20])
    assert journal.append(place, entries) == ""
    assert len(journal.read(place)) == 1

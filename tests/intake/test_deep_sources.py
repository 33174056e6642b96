"""No text of a student stops a class, however deep or long it is: it costs its own points alone."""

import pytest

from autograder.grading import Grading, memory
from autograder.intake.notebooks import rebuild_notebook
from autograder.intake.repair import repair
from autograder.judge.shortcuts import StudentCode, find_shortcut
from autograder.run import local
from autograder.source_text import MAX_CHARACTERS, parse
from tests.hostile.cases import SURPRISE, Case, copied, hand_in
from tests.hostile.conftest import Class, fresh_course, template  # noqa: F401
from tests.support.grading import grade_folder, judging_processes

MANY = 4000
DEEP = {
    "parentheses": "(" * MANY + "1" + ")" * MANY,
    "lists": "[" * MANY + "]" * MANY,
    "minus": "-" * MANY + "1",
    "not": "not " * MANY + "1",
    "attributes": "a" + ".b" * MANY,
    "calls": "a" + "()" * MANY,
    "indices": "a" + "[0]" * MANY,
    "lambdas": "lambda: " * MANY + "1",
    "powers": "1**" * MANY + "1",
    "sum": "1 + " * MANY + "1",
    "conditions": "1 if 1 else " * MANY + "1",
    "digits": "9" * 100_000,
    "null": "1 + '\0'",
    "half a character": "'\ud800'",
}
STATEMENTS = {
    **{name: f"x = {text}\n" for name, text in DEEP.items()},
    "elif": "if x: pass\n" + "elif x: pass\n" * MANY + "\n",
    "indented": "".join(" " * depth + "if x:\n" for depth in range(150)) + " " * 150 + "pass\n",
    "long": "x = [" + "[]," * (MAX_CHARACTERS // 3) + "]\n",
}
DEEPEST_THAT_RUNS = 900
"""As deep as Python itself can still run it."""


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_cannot_be_parsed_is_a_syntax_error(name):
    try:
        parse(STATEMENTS[name])
    except SyntaxError as reason:
        assert str(reason)


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_search_for_shortcuts_goes_on_behind_it(name):
    source = f"import torch\n\n{STATEMENTS[name]}\ndef f(x):\n    return torch.softmax(x, 0)\n"
    assert find_shortcut(StudentCode(source), "f", ("torch.softmax",)) == "torch.softmax"


@pytest.mark.parametrize("shape", ["a{}", "a = b{}", "def f():\n    return a{}"])
@pytest.mark.parametrize("part", [".b", "[0]", "()"])
def test_a_chain_that_python_can_still_run_is_searched(shape, part):
    source = shape.format(part * DEEPEST_THAT_RUNS)
    assert find_shortcut(
        StudentCode(source + "\n\nimport torch\nf = torch.softmax"), "f", ("torch",)
    )


def test_a_notebook_of_code_without_end_is_read_to_a_limit():
    found = StudentCode()
    for number in range(100):
        found.add(f"x{number} = '{'y' * 100_000}'")
    assert 10 < len(found.definitions) < 30


@pytest.mark.parametrize("name", STATEMENTS)
def test_an_answer_in_two_copies_is_repaired_whatever_is_in_it(name):
    from tests.hostile.test_repair import COURSE, answer

    notebook, _ = rebuild_notebook(
        {"nbformat": 4, "cells": [answer(STATEMENTS[name]), answer("f = 1")]}
    )
    assert repair(notebook, COURSE)
    assert repair(notebook, COURSE) == []


@pytest.fixture
def course(fresh_course, template):  # noqa: F811
    """A course folder and its release."""
    return fresh_course, template.release


def grade(root, **options):
    found = grade_folder(Class(root, {}).folder, force=True, **options)
    return {each.submission.student: each for each in found}


@pytest.mark.slow
def test_a_class_of_deep_answers_is_graded_and_only_they_lose_points(course):
    root, release = course
    for number, text in enumerate(DEEP.values()):
        hand_in(Case(f"deep{number}", "honest", scratch=f"x = {text}"), release, root)
        broken = f"{SURPRISE}\nx = {text}\n"
        hand_in(
            Case(f"twice{number}", "honest", change=copied("surprise", broken, "y = 1")),
            release,
            root,
        )
    found = grade(root)
    assert len(found) == 2 * len(DEEP)
    assert not any(result.problem for result in found.values())
    for number in range(len(DEEP)):
        assert found[f"deep{number}"].score == 4
        assert found[f"twice{number}"].score >= 3


@pytest.mark.slow
def test_what_fails_twice_is_its_own_students_and_the_others_go_on(course, monkeypatch):
    root, release = course
    for student in ("alice", "bruno", "carla"):
        hand_in(Case(student, "honest", scratch=f"# {student}"), release, root)
    submit, sent = local.LocalJudges.submit, []

    def fail(self, task):
        future = submit(self, task)
        if b"# bruno" in task:
            sent.append(task)
            future = local.Future()
            future.set_exception(MemoryError())
        return future

    monkeypatch.setattr(local.LocalJudges, "submit", fail)
    found = grade(root)
    assert len(sent) == 2
    assert found["bruno"].problem.startswith("It could not be judged: ")
    assert not found["bruno"].entered
    assert found["alice"].score == found["carla"].score == 4


@pytest.mark.slow
def test_a_judge_that_ends_over_one_submission_ends_for_that_one_alone(course):
    root, release = course
    for student in ("alice", "bruno", "carla"):
        hand_in(Case(student, "honest"), release, root)
    hand_in(Case("dora", "honest", scratch="import time\ntime.sleep(1.4)"), release, root)
    killed, found = [], {}
    with Grading(Class(root, {}).folder) as grading:
        for result in grading.grade(grading.submissions([]).submissions):
            found[result.submission.student] = result
            if not killed:
                for process in judging_processes():
                    process.kill()
                    killed.append(process)
    assert killed and not any(result.problem for result in found.values())
    assert {student: result.score for student, result in found.items()} == dict.fromkeys(
        ("alice", "bruno", "carla", "dora"), 4
    )


def test_whether_the_memory_is_full_is_measured(monkeypatch, tmp_path):
    assert not memory.is_full()
    monkeypatch.setattr(memory, "ENOUGH_BYTES", 2**50)
    assert memory.is_full()

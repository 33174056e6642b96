"""Who may know whom."""

import ast
import sys

import pytest

from tests.conftest import ROOT

STANDARD = sys.stdlib_module_names
KNOWS = {
    "course": {"course", "numpy", "matplotlib", "IPython", "ipywidgets", "sklearn", "torch"},
    "autograder/reference": {"numpy", "autograder.reference"},
    "autograder/wire.py": {"numpy"},
    "autograder/exercises": {"numpy", "autograder.exercises", "autograder.reference", "course"},
    "autograder/sandbox": None,
}


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            for item in node.names:
                yield f"{node.module}.{item.name}"


def files(place):
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def known(name, allowed):
    return name.split(".")[0] in STANDARD or any(
        name == one or name.startswith(one + ".") for one in allowed
    )


def strangers(place, allowed):
    return [
        (str(path.relative_to(ROOT)), name)
        for path in files(place)
        for name in imports_of(path)
        if not known(name, allowed)
    ]


def test_the_course_knows_nothing_of_the_autograder():
    assert strangers("course", KNOWS["course"]) == []


def test_references_know_only_numpy_and_torch_where_the_exercise_is_torch():
    torch = ROOT / "autograder/reference/autograd.py"
    found = strangers("autograder/reference", KNOWS["autograder/reference"])
    assert [s for s in found if not (ROOT / s[0] == torch and s[1].startswith("torch"))] == []


def test_the_wire_stands_alone():
    assert strangers("autograder/wire.py", KNOWS["autograder/wire.py"]) == []


def test_exercises_know_references_but_not_the_judge():
    allowed = KNOWS["autograder/exercises"] | {"torch"}
    assert strangers("autograder/exercises", allowed) == []


def test_the_sandbox_knows_no_reference_and_no_exercise():
    for path in files("autograder/sandbox"):
        for name in imports_of(path):
            if name.startswith(("autograder", "course")):
                assert name.startswith(("autograder.sandbox", "autograder.wire")), (path, name)


def test_the_judge_knows_exercises_and_comparing_only():
    for name in imports_of(ROOT / "autograder/judge.py"):
        if name.startswith(("autograder", "course")):
            assert name.startswith(
                (
                    "autograder.exercises",
                    "autograder.wire",
                    "autograder.shortcuts",
                    "autograder.differences",
                    "course.comparing",
                )
            ), name


@pytest.mark.parametrize("place", ["course", "release"])
def test_nothing_a_student_gets_names_what_only_an_instructor_has(place):
    for path in sorted((ROOT / place).rglob("*")):
        if path.suffix in (".py", ".json", ".ipynb"):
            text = path.read_text(encoding="utf-8")
            for word in ("import autograder", "autograder.check", "BEGIN SOLUTION", "HIDDEN TESTS"):
                assert word not in text, (path, word)


def test_every_module_opens_with_a_paragraph_on_what_it_is():
    for place in ("course", "autograder", "tests", "benchmarks"):
        for path in files(place):
            text = path.read_text(encoding="utf-8")
            assert not text or text.lstrip().startswith(('"""', "#!", "'")), path

"""The names of verdicts stand in one enum, and how people see them in one table."""

import ast
import re

import pytest

from course import words
from course.kinds import VerdictKind
from tests.conftest import ROOT

# What says "right" or "wrong" of something else: sides of a picture, students' answers, how a call
# into a room ended.
OTHERS = ("course/plots", "autograder/exercises", "autograder/sandbox")
OTHER_WORDS = {
    ("course/kinds.py", kind.value): "the enum itself" for kind in VerdictKind
} | {
    ("course/words.py", kind.value): "how people see it" for kind in VerdictKind
} | {
    ("autograder/judge/verdicts.py", "timed out"): "how a call into a room ended",
    ("autograder/simulate/simulated_class.py", "right"): "what a simulated student did",
    ("autograder/simulate/truth.py", "right"): "what a simulated student did",
}  # fmt: skip


def modules():
    for place in ("autograder", "course"):
        for path in sorted((ROOT / place).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(OTHERS):
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def literals(tree):
    """The texts that equal a verdict's name, but for the right as a side."""
    sides = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in ("ha", "justify")
        for inner in ast.walk(node.value)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in sides and node.value in KINDS:
            yield node.value, node.lineno


KINDS = set(map(str, VerdictKind))


def test_no_verdict_is_written_out_in_code():
    found = [
        (name, line, text)
        for name, tree in modules()
        for text, line in literals(tree)
        if (name, text) not in OTHER_WORDS
    ]
    assert found == []


def test_no_template_compares_a_verdict_with_a_text():
    for path in sorted((ROOT / "autograder").rglob("*.j2")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"""verdict["']?( ==| !=|, "equalto")""", text), path


def test_every_kind_has_a_title():
    assert words.TITLES.keys() == KINDS


@pytest.mark.parametrize("verdict", ["right", "of a later version"])
def test_a_verdict_of_another_version_is_shown_as_it_stands(verdict):
    assert words.title(verdict) == verdict

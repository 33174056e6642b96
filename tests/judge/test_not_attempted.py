"""What is said of a function that is not there, or not written: the reason, and only that."""

from textwrap import dedent

import pytest
from nbformat import NotebookNode

from autograder.run.assess import GradedCell, GradedCheck, assess, plain_cells, verdicts_of
from tests.support.rooms import sandbox_with_everything

pytestmark = pytest.mark.slow

STUB = "def {0}(*args):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"
WRITTEN = """def likelihood(labels, q):
    out = 1
    for x in labels:
        out *= q[x]
    return out
"""


@pytest.fixture(scope="module")
def sandbox():
    with sandbox_with_everything("none") as made:
        yield made


@pytest.fixture
def verdict_of(sandbox):
    def judged(*cells, id="01.likelihood", expression=None, below=()):
        check = GradedCheck(id, expression or id[3:])
        graded = GradedCell("check", 1.0, (check,))
        notebook = NotebookNode(
            cells=[
                *(code(dedent(cell)) for cell in cells),
                NotebookNode(
                    cell_type="code", source="", metadata={"nbgrader": {"grade_id": "check"}}
                ),
                *(code(dedent(cell)) for cell in below),
            ]
        )
        with sandbox.open() as room:
            events = [*assess(plain_cells(notebook), {"check": graded}, room, seed=0)]
        (found,) = verdicts_of(events, {"check": graded})["check"].verdicts
        return found

    def code(source):
        return NotebookNode(cell_type="code", source=source, metadata={})

    return judged


def test_the_untouched_stub_and_nothing_at_all_are_not_attempted(verdict_of):
    for cells in ([STUB.format("likelihood")], ["x = 1"], []):
        assert verdict_of(*cells).verdict == "not attempted"


def test_a_syntax_error_is_said_with_its_line(verdict_of):
    found = verdict_of(WRITTEN.replace("in labels:", "in labels"))
    assert found.verdict == "crashed"
    assert "line 3" in found.message and "expected ':'" in found.message
    assert "no function" not in found.message


def test_a_cell_that_fails_behind_the_stub_is_still_the_reason(verdict_of):
    found = verdict_of(STUB.format("likelihood"), WRITTEN.replace("in labels:", "in labels"))
    assert found.verdict == "crashed" and "expected ':'" in found.message


def test_an_indentation_error_is_called_one(verdict_of):
    found = verdict_of("def likelihood(labels, q):\nreturn 1\n")
    assert "line 2 is not indented" in found.message


def test_no_break_spaces_are_recognised(verdict_of):
    found = verdict_of(WRITTEN.replace("    out *=", "    \N{NO-BREAK SPACE}out *="))
    assert "line 4 holds a no-break space" in found.message


def test_newer_python_is_recognised(verdict_of):
    found = verdict_of("def likelihood[T](labels: T, q):\n    return 1\n")
    assert found.verdict in ("wrong", "known mistake") or "newer than" in found.message


def test_a_failed_import_is_the_reason(verdict_of):
    found = verdict_of("import no_such_library\n" + WRITTEN)
    assert found.verdict == "crashed"
    assert "No module named 'no_such_library'" in found.message


def test_a_cell_that_raises_before_the_function_is_the_reason(verdict_of):
    found = verdict_of("n = 1\nn / 0\n" + WRITTEN)
    assert "ZeroDivisionError" in found.message and "line 2" in found.message


def test_a_misspelt_function_is_asked_for(verdict_of):
    assert (
        "there is one named Likelihood" in verdict_of(WRITTEN.replace("likelih", "Likelih")).message
    )


def test_another_exercise_is_no_misspelling(verdict_of):
    found = verdict_of("def cross_entropy(p, q):\n    return 0\n", id="01.entropy")
    assert found.verdict == "not attempted"


def test_a_finished_function_that_calls_an_unwritten_one_names_it(verdict_of):
    found = verdict_of(
        STUB.format("entropy"),
        "def group_entropy(labels, base=2):\n    return entropy([1.0], base)\n",
        id="01.group_entropy",
    )
    assert found.verdict == "crashed"
    assert "group_entropy calls entropy, which is not written yet" in found.message


def test_an_error_of_a_library_is_no_stub(verdict_of):
    found = verdict_of(
        "import torch\ndef likelihood(labels, q):\n"
        "    cross_entropy = torch.nn.functional.cross_entropy\n"
        "    return cross_entropy(torch.zeros(2, 3), torch.zeros(2).int())\n"
    )
    assert found.verdict == "crashed" and "raised" in found.message


def test_a_leftover_raise_is_named(verdict_of):
    found = verdict_of(WRITTEN.replace("    return out", "    raise NotImplementedError()"))
    assert found.verdict == "crashed" and "take that line out" in found.message


def test_one_method_that_is_left_is_named(verdict_of):
    source = """
        import torch
        from course import tensors

        class ScaledExp(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x, k):
                return (k * x).exp()

            @staticmethod
            def backward(ctx, upstream):
                # YOUR CODE HERE
                raise NotImplementedError()
        """
    expression = "tensors.value_and_gradient(ScaledExp)"
    found = verdict_of(source, id="05.ScaledExp", expression=expression)
    assert found.verdict == "crashed" and "method backward of ScaledExp" in found.message
    untouched = source.replace("return (k * x).exp()", "raise NotImplementedError()")
    assert verdict_of(untouched, id="05.ScaledExp", expression=expression).verdict == (
        "not attempted"
    )


def test_a_stub_that_takes_an_answer_back_is_told_apart(verdict_of):
    found = verdict_of(WRITTEN, STUB.format("likelihood"))
    assert found.verdict == "crashed" and "takes it back" in found.message


def test_an_answer_below_its_check_is_found(verdict_of):
    assert "further down" in verdict_of(below=[WRITTEN]).message
    assert "below its check" in verdict_of(STUB.format("likelihood"), below=[WRITTEN]).message


def test_a_crash_names_the_function_it_was_raised_in(verdict_of):
    found = verdict_of(
        "def entropy(p, base=2):\n    return p.nothing\n",
        "def group_entropy(labels, base=2):\n    return entropy(labels, base)\n",
        id="01.group_entropy",
    )
    assert found.verdict == "crashed"
    assert "in entropy, line 2 of its cell" in found.message


def test_a_crash_has_no_name_by_its_class_alone(verdict_of):
    found = verdict_of(
        'def predict_proba(X, w):\n    raise ValueError("nonsense")\n', id="02.predict_proba"
    )
    assert (found.verdict, found.mistake) == ("crashed", None)
    assert found.message.endswith("?") and "glue" not in found.message

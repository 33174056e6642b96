"""The visible checks, read as a student reads them."""

import subprocess
import sys

import numpy as np
import pytest

from course import check
from course.check import CheckFailed, NotAttempted


def halve(x):
    return x / 2


def said(call) -> str:
    with pytest.raises(CheckFailed) as caught:
        call()
    return str(caught.value)


def test_a_pass_prints_one_quiet_line(capsys):
    check(halve).on(0.3).gives(0.15)
    assert capsys.readouterr().out == "✓ halve(0.3) gives 0.15\n"


def test_lists_of_numbers_arrive_as_float64_arrays():
    seen = []
    check(lambda x: seen.append(x.dtype) or x).on([1, 2]).gives([1, 2])
    assert seen == [np.float64]


def test_printed_numbers_count_to_the_decimals_they_are_printed_with():
    check(lambda: 0.15204).on().gives(0.1520)
    check(lambda: 0.005121).on().gives(0.0051)
    said(lambda: check(lambda: 0.00515).on().gives(0.00512))
    said(lambda: check(lambda: 0.1522).on().gives(0.1520))


def test_a_stub_is_not_attempted_yet():
    def stub(p):
        raise NotImplementedError()

    with pytest.raises(NotAttempted, match="stub is not attempted yet"):
        check(stub).on(0.9).gives(0.1520)


def test_an_exception_comes_with_the_arguments_and_the_line():
    message = said(lambda: check(lambda p: 1 / (p - p)).on(0.9).gives(1))
    assert "your expression(0.9) raised ZeroDivisionError" in message
    assert "in the line: " in message


def test_a_missing_return_is_asked_for():
    assert "`return` missing" in said(lambda: check(lambda p: None).on(0.9).gives(1))


def test_a_wrong_value_stands_beside_the_right_one_with_its_symptom():
    message = said(lambda: check(lambda p: -np.log(p)).on(0.9).gives(0.1520))
    assert "should give 0.152, yours gives 0.1054" in message
    assert "change of base" in message


def test_a_wrong_shape_is_said_without_values():
    message = said(lambda: check(lambda p: p[:, None]).on([1, 2, 3]).gives([1, 2, 3]))
    assert "shape (3, 1)" in message and "shape (3,)" in message


def test_a_function_that_changes_its_input_is_told_so():
    def spoil(x):
        x *= 2
        return x

    assert "changed the array" in said(lambda: check(spoil).on([1, 2]).gives([2, 4]))


def test_what_is_no_function_is_explained():
    assert "without parentheses" in said(lambda: check(0.152))


def test_a_failure_shows_words_in_place_of_a_traceback():
    with pytest.raises(CheckFailed) as caught:
        check(halve).on(1.0).gives(1.0)
    assert caught.value._render_traceback_()[0].startswith("✗ halve(1.0) should give 1")


def test_importing_the_course_loads_neither_torch_nor_matplotlib():
    code = "import sys, course; print('torch' in sys.modules, 'matplotlib' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert shown.stdout.split() == ["False", "False"]


def test_every_promised_name_can_be_imported():
    import course

    assert all(getattr(course, name) for name in course.__all__)

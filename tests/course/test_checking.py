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
    def slope(p):
        return 1 / (p - p)

    message = said(lambda: check(slope).on(0.9).gives(1))
    assert "slope(0.9) raised ZeroDivisionError" in message
    assert "in slope, in the line: return 1 / (p - p)" in message
    assert message.endswith(".") or message.endswith("?")


def test_the_line_of_the_check_itself_is_not_quoted():
    def backward(p):
        return None

    message = said(lambda: check(lambda p: backward(p)["U"], "backward").on(0.9).gives(1))
    assert "NoneType" in message and "in the line" not in message


def test_the_line_is_the_students_where_the_course_stands_in_between():
    from course import tensors

    def forward(x, params):
        return x.nothing()

    message = said(lambda: check(tensors.tensor_from(forward)).on(np.ones(2), {}).gives([1, 1]))
    assert "in the line: return x.nothing()" in message


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
    message = said(lambda: check(0.152).on(0.9).gives(1))
    assert "without parentheses" in message and "f = f(x)" in message


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


def test_a_tuple_of_unequal_shapes_is_compared_part_by_part():
    message = said(
        lambda: (
            check(lambda: (np.zeros(2), np.array([1.0, 2, 3])))
            .on()
            .gives(([1.0, 2.0], [1.0, 2.0, 3.0]))
        )
    )
    assert "[0] should be [1.0, 2.0], yours is [0.0, 0.0]" in message
    assert "Right is [1]" in message


def test_the_parts_of_a_tuple_have_the_names_of_the_docstring():
    def gradients():
        """Gradients. Returns (dW1, dW2), of the shapes of W1 and W2."""
        return np.zeros(2), np.ones(3)

    message = said(lambda: check(gradients).on().gives(([1.0, 2.0], [1.0, 1.0, 1.0])))
    assert "dW1 should be" in message and "Right is dW2." in message


def test_of_a_dict_the_key_that_is_off_is_named_as_it_is_written():
    found = {"W1": np.ones((4, 4)), "U": np.array([1.0, 2.0]), "more": 1}
    message = said(lambda: check(lambda: found).on().gives({"W1": np.eye(4), "U": [1.0, 2.0]}))
    assert '["W1"] is not there yet: 12 of 16 entries are off' in message
    assert "Entry [0, 1] should be 0.0, yours is 1.0." in message
    assert 'Right is ["U"].' in message and "dict of" not in message


def test_numbers_are_printed_with_the_digits_that_tell_them_apart():
    message = said(lambda: check(lambda: 0.449947).on().gives(0.449941))
    assert "should give 0.449941, yours gives 0.449947" in message
    assert "agrees to about 4 digits" in message
    assert "should give 0.03125, yours gives 0.0312." in said(
        lambda: check(lambda: 0.0312).on().gives(0.03125)
    )


def test_none_is_right_where_it_is_asked_for(capsys):
    check(lambda: None).on().gives(None)
    assert "gives None" in capsys.readouterr().out
    assert "yours gives None" in said(lambda: check(lambda: None).on().gives("W1"))


def test_what_is_printed_can_be_typed(capsys):
    check(halve).on([1.0, 3.0]).gives([0.5, 1.5])
    call, value = capsys.readouterr().out[2:].split(" gives ")
    assert np.allclose(eval(call, {"halve": halve, "np": np}), eval(value))


def test_signs_and_factors_are_seen_in_numbers_of_four_digits():
    right = [-0.0876, -0.1182, 0.2850, -0.0792]
    exact = np.array([-0.087559, -0.118192, 0.284978, -0.079227])
    assert "sign" in said(lambda: check(lambda: -exact).on().gives(right))
    assert "twice" in said(lambda: check(lambda: 2 * exact).on().gives(right))


def test_a_function_that_calls_an_unwritten_one_is_not_called_unwritten():
    def entropy():
        raise NotImplementedError()

    def group_entropy():
        return entropy()

    message = said(lambda: check(group_entropy).on().gives(1.0))
    assert message == "group_entropy calls entropy, which is not written yet: write entropy first."


def test_a_raise_behind_an_answer_is_named():
    def entropy():
        value = 1.0
        raise NotImplementedError()
        return value

    with pytest.raises(CheckFailed, match="take it out") as caught:
        check(entropy).on().gives(1.0)
    assert not isinstance(caught.value, NotAttempted)


def test_an_error_of_a_library_is_no_stub():
    import torch

    def loss():
        return torch.nn.functional.cross_entropy(torch.zeros(2, 3), torch.zeros(2).int())

    assert "raised" in said(lambda: check(loss).on().gives(1.0))


def test_a_loop_that_never_ends_is_stopped():
    def forever():
        while True:
            pass

    assert "was stopped after" in said(lambda: check(forever).on().gives(1.0))
    check(halve).on(1.0).gives(0.5)


DEBUGGED = """
import sys
from course import check

def look(frame, event, argument):
    return look

def halve(x):
    return x / 2

sys.settrace(look)
check(halve).on(0.3).gives(0.15)
"""


def test_a_check_comes_back_in_a_debugger():
    done = subprocess.run(
        [sys.executable, "-c", DEBUGGED], capture_output=True, text=True, timeout=120
    )
    assert done.stdout == "✓ halve(0.3) gives 0.15\n", done.stderr


def test_a_tensor_that_is_changed_is_seen():
    import torch

    def spoil(x):
        x += 1
        return float(x.sum())

    assert "changed the array" in said(lambda: check(spoil).on(torch.zeros(2)).gives(2.0))

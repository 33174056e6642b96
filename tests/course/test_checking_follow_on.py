"""A visible check that fails says first which other exercise is to be mended."""

import pytest

from course import check
from course.check import CheckFailed


def first(x):
    return x + 1


def second(x):
    return helper(x)


def helper(x):
    return first(x)


def test_a_failing_check_begins_with_what_it_calls_and_does_not_pass():
    with pytest.raises(CheckFailed) as alone:
        check(second).on(1.0).gives(4.0)
    assert "begin there" not in str(alone.value)
    with pytest.raises(CheckFailed):
        check(first).on(1.0).gives(3.0)
    with pytest.raises(CheckFailed) as failure:
        check(second).on(1.0).gives(4.0)
    said = "It calls your `first`, whose check does not pass yet: begin there."
    assert str(failure.value).startswith(said)
    check(first).on(1.0).gives(2.0)
    with pytest.raises(CheckFailed) as failure:
        check(second).on(1.0).gives(4.0)
    assert "begin there" not in str(failure.value)

"""Two values side by side: what counts as equal, and what is said where they differ."""

import numpy as np
import pytest

from autograder.build.visible import reasons_in
from course.compare import compare

MATRIX = np.array([[1.0, 2.0, 3.0], [4.0, 5.5, 6.0], [7.0, 8.0, 9.5]])


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (0.5, 0.5),
        (np.float32(0.5), 0.5),
        (np.array(0.5), 0.5),
        ([1, 2], np.array([1.0, 2.0])),
        ((1.0, 2.0), np.array([1.0, 2.0])),
        ([True, False], np.array([1, 0])),
        ([0.5, 1.0], (0.5, 1.0)),
        (np.array([0.5, 1.0]), (0.5, 1.0)),
        ({"a": 1.0, "more": None}, {"a": 1.0}),
        (np.inf, np.inf),
        (None, None),
        ("W2", "W2"),
        (1e-13, 0.0),
    ],
)
def test_honest_forms_of_a_value_are_equal(found, expected):
    assert compare(found, expected) is None


@pytest.mark.parametrize(
    ("found", "expected", "kind"),
    [
        ("0.5", 0.5, "wrong type"),
        (None, 0.5, "wrong type"),
        (0.5j, 0.5, "wrong type"),
        ([[1], [2, 3]], np.zeros((2, 2)), "wrong type"),
        (3.0, {"a": 1.0}, "wrong type"),
        ({}, {"a": 1.0}, "wrong type"),
        ((1.0,), (1.0, 2.0), "wrong type"),
        ([0.5], 0.5, "wrong shape"),
        (np.ones((3, 1)), np.ones(3), "wrong shape"),
        (1.0, np.ones(3), "wrong shape"),
        (np.nan, 0.5, "not finite"),
        (np.inf, 0.5, "not finite"),
        (np.nan, np.inf, "wrong"),
        (5.0, np.inf, "wrong"),
        (-np.inf, np.inf, "wrong"),
        (0.5 * (1 + 3e-6), 0.5, "wrong"),
        ("W1", "W2", "wrong"),
        (None, "W2", "wrong"),
    ],
)
def test_a_difference_has_its_kind(found, expected, kind):
    assert compare(found, expected).kind == kind


def test_the_coarsest_difference_of_several_is_reported_first():
    found = {"a": np.nan, "b": [1.0]}
    assert compare(found, {"a": 1.0, "b": 1.0}).kind == "wrong shape"
    assert compare(found, {"a": 1.0, "b": 1.0}).where == '["b"]'


def test_nothing_is_broadcast():
    assert compare(np.ones((2, 2)), np.ones(2)).kind == "wrong shape"


@pytest.mark.parametrize(
    ("found", "expected", "word"),
    [
        (-MATRIX, MATRIX, "sign"),
        (2 * MATRIX, MATRIX, "twice"),
        (MATRIX / 2, MATRIX, "half"),
        (0.7 * MATRIX, MATRIX, "0.7 times"),
        (np.log(2) * MATRIX, MATRIX, "base"),
        (1.5 / np.log(2), 1.5, "base"),
        (MATRIX.T, MATRIX, "transposed"),
        (MATRIX + 1, MATRIX, "same amount"),
        (np.diag(np.diag(MATRIX)), MATRIX, "diagonal is right"),
        (MATRIX + np.eye(3), MATRIX, "Only the diagonal"),
        (MATRIX + (MATRIX == 6), MATRIX, "Only entry [1, 2]"),
        (MATRIX[0][::-1], MATRIX[0], "Read backwards"),
        (MATRIX[[1, 2, 0]], MATRIX, "in another order"),
        (np.minimum(MATRIX, 5), MATRIX, "stop at 5"),
        (np.array([0.0, 0, 2, 1]), np.array([-3.0, -1, 2, 1]), "cut off there, or left out"),
        (np.array([0.0, 1, 0]), np.array([1.0, 0, 0]), "in other places"),
        (1.2345, 1.2349, "one small step another"),
        (1.23456789, 1.23456, "approximated"),
        (0.0, 1.5, "It is 0"),
        ((3.0, 2.0), (2.0, 3.0), "right in another order"),
        ((2.0, 4.0), (1.0, 2.0), "twice"),
    ],
)
def test_a_wrong_value_shows_its_symptom(found, expected, word):
    assert word in compare(found, expected).lead


@pytest.mark.parametrize(
    ("found", "expected", "word"),
    [
        # A count, a class or a place may be twice another by chance.
        (6, 3, ""),
        ((2, 1), (1, 2), ""),
        # One of several single numbers, too, and one entry among zeros.
        ((2.0, -5.0), (4.0, 4.0), ""),
        (np.array([0.0, 500.0, 0.0]), np.array([0.0, 1000.0, 0.0]), "Only entry [1] differs"),
        # An entry that is right speaks against a factor, and against an offset.
        (np.array([0.01, 1.01]), np.array([0.01, 1.0]), ""),
        # Two values have few orders, and nothing beyond one bound is cut off.
        (np.array([0.1, 1.0, 1.0]), np.array([1.0, 1.0, 0.1]), ""),
        (np.array([1.0, 1, 1, 1]), np.array([1.0, 0, 0, 1]), "the same number"),
    ],
)
def test_what_may_be_so_by_chance_is_no_reason(found, expected, word):
    lead = compare(found, expected, atol=6e-5).lead
    assert word in lead and bool(lead) == bool(word) and not reasons_in(lead)


def test_percent_is_told_from_a_sum():
    labels = np.ones(100)
    assert "percent" in compare(70.0, 0.7, inputs=(labels,)).lead
    assert "percent" in compare(30.0, 0.3).lead


def test_a_factor_that_is_a_length_of_the_inputs_is_named():
    inputs = (np.ones((5, 3)),)
    assert "5 times too large" in compare(5 * MATRIX, MATRIX, inputs=inputs).lead
    assert "5 times too small" in compare(MATRIX / 5, MATRIX, inputs=inputs).lead


@pytest.mark.parametrize(
    ("found", "expected", "word"),
    [
        (np.ones((3, 2)), np.ones((2, 3)), "transpose"),
        (np.ones(4), np.ones(5), "another axis"),
        (np.ones((5, 1)), np.ones(5), "length 1"),
        (5.0, np.ones(5), "which step makes one of them"),
        (np.ones(5), 5.0, "More than one number"),
        ([1, 3], np.array([0, 1, 0, 1]), "where the ones are"),
    ],
)
def test_a_wrong_shape_shows_its_symptom(found, expected, word):
    assert word in compare(found, expected, inputs=(np.ones((5, 4)),)).lead


def test_a_number_where_none_is_asked_for_is_recognised():
    assert "Something else is asked for" in compare(0.5, "ValueError").lead


def test_a_value_for_each_item_is_recognised():
    labels, right = [0, 1, 1, 2, 0], np.ones(3)
    assert "each of the 5 items" in compare(np.ones(5), right, inputs=(labels,)).lead


def test_terms_that_were_not_added_up_are_recognised():
    terms = np.arange(20.0).reshape(5, 4)
    assert "added up" in compare(terms, terms.sum(axis=1), inputs=(terms,)).lead


def test_no_expected_number_stands_in_the_words():
    difference = compare(np.array([1.0, 2.0]), np.array([1.0, 31.4159]))
    assert "31.4" not in difference.text + difference.lead

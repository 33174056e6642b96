"""What a picture says of itself is read off the numbers drawn, also where a function is wrong."""

import re

import numpy as np
import pytest

from autograder.exercises.autograd import reference as autograd
from autograder.exercises.backprop_by_hand import reference as backprop
from autograder.exercises.logistic_regression import reference as logistic
from autograder.exercises.softmax_jacobian import reference as softmax
from autograder.exercises.surprise_and_entropy import reference as surprise
from course import recorded
from course.plots import autograd as plots_05
from course.plots import backprop_by_hand as plots_04
from course.plots import logistic_regression as plots_02
from course.plots import softmax_jacobian as plots_03
from course.plots import style
from course.plots import surprise_and_entropy as plots_01

# Of the largest, two maps with colour bars; all pictures of a notebook take less than 400,000.
MOST_BYTES = 80_000
SCORES = [0.1, 0.4, 2.2, 0.0]
SURFACES = np.array([0.5, 0.7, 0.8, 0.95, 1.1, 1.3, 1.7, 2.0])
EXPENSIVE = np.array([0, 0, 1, 0, 1, 0, 1, 1.0])


@pytest.fixture
def said(monkeypatch):
    """Draw a picture and return what it says; fails where it could not be drawn."""

    def tell(draw, *args):
        shown = []
        monkeypatch.setattr(style, "display", lambda data, raw: shown.append(data))
        draw(*args)
        (data,) = shown
        assert len(data["text/html"]) < MOST_BYTES
        return data["text/plain"]

    return tell


def times(factor, function):
    """The function, wrong by a factor."""
    return lambda *args, **options: factor * np.asarray(function(*args, **options))


def falling(z):
    return logistic.sigmoid(-np.asarray(z))


def nothing_off_the_diagonal(scores):
    return np.diag(np.diag(softmax.softmax_jacobian(scores)))


# A picture, its arguments, the place of the function in them that is made wrong, the wrong one, and
# what the right one says that must then not be said.
PICTURES = {
    "surprise_curve": (plots_01.surprise_curve, [surprise.surprise], 0, "3.32 at 0.1"),
    "coin_entropy": (plots_01.coin_entropy, [surprise.entropy], 0, "1 at 0.5"),
    "kl_both_ways": (plots_01.kl_both_ways, [surprise.kl_divergence], 0, "0.737"),
    "block_codes": (plots_01.block_codes, [surprise.entropy], 0, "entropy lies at 0.469"),
    "two_errors": (plots_01.two_errors, [surprise.binary_cross_entropy], 0, "1.14 at 0.32"),
    "code_areas": (
        plots_01.code_areas,
        [surprise.surprise, [0.5, 0.25, 0.125, 0.125], [0.25] * 4],
        0,
        "the waste is 0.250 bits",
    ),
    "sigmoid_and_slope": (
        plots_02.sigmoid_and_slope,
        [logistic.sigmoid, logistic.sigmoid_derivative],
        1,
        "0.25 at 0",
    ),
    "pulls": (
        plots_02.pulls,
        [logistic.predict_proba, logistic.bce_gradient, [-1.0, 1.5], SURFACES, EXPENSIVE],
        1,
        "+0.149 and +0.102",
    ),
    "saturation": (
        plots_03.saturation,
        [softmax.softmax, softmax.softmax_jacobian, softmax.cross_entropy_gradient],
        2,
        "s - y: 6.7e-01 at 0",
    ),
    "simplex": (
        plots_03.simplex,
        [softmax.softmax, softmax.cross_entropy_gradient],
        1,
        "dog, 9 of 9 away",
    ),
    "two_slopes": (
        plots_04.two_slopes,
        [backprop.sigmoid, backprop.tanh_derivative, backprop.sigmoid_derivative],
        1,
        "the slope of tanh 0.000, 1.000, 0.000",
    ),
    "cancellation": (
        plots_04.cancellation,
        [backprop.sigmoid, backprop.grad_y_hat, backprop.grad_u3],
        2,
        "their product: 1,",
    ),
    "network_numbers": (
        plots_04.network_numbers,
        [
            *recorded.network(),
            backprop.forward,
            backprop.backward,
            backprop.grad_h2,
            backprop.grad_h1,
        ],
        5,
        "h₂ -0.3812",
    ),
    "v_curve": (plots_05.v_curve, [autograd.central_difference], 0, "with an error of 8e-13"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_a_wrong_function_does_not_say_what_the_right_one_shows(said, name):
    draw, arguments, place, words = PICTURES[name]
    assert words in said(draw, *arguments)
    wrong = list(arguments)
    wrong[place] = times(-1.7, arguments[place])
    assert words not in said(draw, *wrong)


def test_maps_of_many_colours_are_small(said):
    functions = (logistic.predict_proba, logistic.bce_loss)
    assert "cross-entropy: the lowest" in said(
        plots_02.two_surfaces, *functions, SURFACES, EXPENSIVE
    )
    assert "Before: the predictions" in said(
        plots_04.hidden_representation, backprop.train, backprop.forward
    )


def test_a_gradient_of_another_shape_is_not_said_to_agree(said):
    def one_row(X, y, params, cache):
        right = backprop.backward(X, y, params, cache)
        return right | {"b2": right["b2"][None]}

    after = (backprop.numerical_gradient,)
    before = (*recorded.network(), backprop.forward, backprop.loss)
    right = said(plots_04.gradient_check, *before, backprop.backward, *after)
    wrong = said(plots_04.gradient_check, *before, one_row, *after)
    assert right.count("✓") == 6
    assert wrong.count("✓") == 5 and "b2 ✗ shape (1, 2), not (2,)" in wrong


def test_a_falling_sigmoid_is_not_called_rising(said):
    right = said(plots_02.sigmoid_and_slope, logistic.sigmoid, logistic.sigmoid_derivative)
    wrong = said(plots_02.sigmoid_and_slope, falling, logistic.sigmoid_derivative)
    assert "sigmoid: 0.00669 at -5" in right and "sigmoid: 0.993 at -5" in wrong


def test_rows_of_a_wrong_jacobian_do_not_add_up_to_nothing(said):
    right = said(plots_03.jacobian_parts, softmax.softmax, softmax.softmax_jacobian, SCORES)
    wrong = said(plots_03.jacobian_parts, softmax.softmax, nothing_off_the_diagonal, SCORES)
    assert "add up to 0, 0, 0, 0" in right
    assert re.search(r"add up to 0\.\d+, 0\.\d+, 0\.\d+, 0\.\d+", wrong)


def test_gradients_five_times_too_large_are_not_said_to_agree(said):
    functions = [autograd.torch_gradients, autograd.torch_intermediates]

    def too_large(X, y, params):
        return {name: 5 * value for name, value in functions[0](X, y, params).items()}

    walk = [autograd.largest_differences, autograd.first_mismatch]
    right = said(plots_05.walk, *walk, *functions)
    wrong = said(plots_05.walk, *walk, too_large, functions[1])
    assert "Derived rightly: 12 of 12 tables agree" in right
    assert "Derived rightly: 12 of 12 tables agree" not in wrong


def test_the_loss_of_probabilities_loses_its_slope_before_its_value(said):
    told = said(plots_05.bce_slopes, autograd.binary_loss)
    assert "BCELoss of sigmoid(z): loss 50 at -50" in told
    assert "-1.9e-10 at -50" in told and "-0.094 at -30" in told


@pytest.mark.slow
def test_a_moving_picture_says_what_it_shows_where_it_stands(said):
    told = said(plots_01.belief, surprise.surprise, [0.5, 0.25, 0.125, 0.125])
    assert "Believed are 0.25, 0.25, 0.25, 0.25" in told and "the waste is 0.250 bits" in told
    told = said(plots_04.index_explorer, backprop.forward)
    assert "5 products add up" in told and "together -0.0588" in told
    arguments = (softmax.softmax, softmax.softmax_jacobian, softmax.cross_entropy_gradient)
    assert "43 degrees apart" in said(plots_03.scores, *arguments)
    arguments = (softmax.softmax, softmax.cross_entropy_loss, softmax.cross_entropy_gradient)
    assert "52 of 60 points lie in their own region" in said(plots_03.regions, *arguments)

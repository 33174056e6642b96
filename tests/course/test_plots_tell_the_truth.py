"""What a picture says of itself is read off the numbers drawn, also where a function is wrong."""

import inspect
import itertools
import re
from functools import cache

import nbformat
import numpy as np
import pytest
import torch
from matplotlib.text import Text

from autograder.exercises.activations import reference as activations
from autograder.exercises.autograd import reference as autograd
from autograder.exercises.backprop_by_hand import reference as backprop
from autograder.exercises.build_autograd import reference as engine
from autograder.exercises.digits import reference as digits
from autograder.exercises.logistic_regression import reference as logistic
from autograder.exercises.losses_and_metrics import reference as metrics
from autograder.exercises.softmax_jacobian import reference as softmax
from autograder.exercises.surprise_and_entropy import reference as surprise
from course import recorded
from course.plots import activations as plots_06
from course.plots import autograd as plots_05
from course.plots import backprop_by_hand as plots_04
from course.plots import build_autograd as plots_08
from course.plots import digits as plots_09
from course.plots import logistic_regression as plots_02
from course.plots import losses_and_metrics as plots_07
from course.plots import softmax_jacobian as plots_03
from course.plots import style
from course.plots import surprise_and_entropy as plots_01
from tests.conftest import ROOT

# Of the largest, two maps with colour bars; all pictures of a notebook take less than 400,000.
MOST_BYTES = 80_000

P = [0.5, 0.25, 0.125, 0.125]
SCORES = [0.1, 0.4, 2.2, 0.0]
SURFACES = np.array([0.5, 0.7, 0.8, 0.95, 1.1, 1.3, 1.7, 2.0])
EXPENSIVE = np.array([0, 0, 1, 0, 1, 0, 1, 1.0])
HOUSES = np.column_stack([SURFACES, [1.1, 0.4, 0.9, 0.3, 1.2, 0.7, 0.2, 1.0]])
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
Y = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=float)
OUTPUT_LAYER = (
    np.array([[-0.69, 0.63], [0.36, 0.59]]), np.array([-0.41, -0.01]),
    np.array([[-0.31, 0.02], [0.48, -0.68], [-0.41, -0.27]]), np.array([-0.22, 0.15, -0.35]),
)  # fmt: skip
SMALL = np.array([[0.1, -0.2], [0.4, 0.3], [-0.5, 0.6]]), np.array([0.2, -0.7, 0.9])
LABELS, PROBABILITIES = plots_07.simulated_patients()
INK = np.random.default_rng(0).integers(0, 17, (60, 64)).astype(float)
DIGITS = np.arange(60) % 10
READ = digits.init_params((64, 12, 10), np.random.default_rng(0))
TRIALS = plots_09.Trials(
    [0.9, 0.92], [0.91, 0.95], np.eye(10, dtype=int) * 9 + np.eye(10, k=1).astype(int)
)
SEEN = plots_09.History(
    [1, 2, 3, 4, 5], *np.array([[1, 0.5, 0.4, 0.3, 0.2], [1, 0.7, 0.6, 0.65, 0.7]]),
    np.linspace(0.5, 0.9, 5), np.linspace(0.4, 0.8, 5),
)  # fmt: skip


def gradient_on_houses(w):
    return logistic.bce_gradient(w, HOUSES, EXPENSIVE)


def loss_on_houses(w):
    return logistic.bce_loss(EXPENSIVE, logistic.predict_proba(HOUSES, w))


def chances_of(pixels):
    return digits.softmax(digits.forward(np.asarray(pixels)[None], READ)["a"])[0]


def all_of(module, *names):
    return [getattr(module, name) for name in names]


# Each picture that is drawn with functions, and its arguments.
PICTURES = {
    (plots_01, "surprise_curve"): [surprise.surprise],
    (plots_01, "long_products"): [surprise.sequence_surprise],
    (plots_01, "running_mean"): all_of(surprise, "surprise", "total_surprise"),
    (plots_01, "coin_entropy"): [surprise.entropy],
    (plots_01, "groups"): all_of(surprise, "surprise", "group_entropy"),
    (plots_01, "belief"): [surprise.surprise, P],
    (plots_01, "code_areas"): [surprise.surprise, P, [0.25] * 4],
    (plots_01, "letter_surprises"): [
        surprise.surprise, "a cab", "abc", [0.6, 0.2, 0.2], [0.4, 0.5, 0.1],
    ],
    (plots_01, "block_codes"): [surprise.entropy],
    (plots_01, "kl_both_ways"): [surprise.kl_divergence],
    (plots_01, "likelihoods"): all_of(surprise, "likelihood", "average_log_likelihood"),
    (plots_01, "two_errors"): [surprise.binary_cross_entropy],
    (plots_02, "score_step_sigmoid"): [logistic.sigmoid, SURFACES, EXPENSIVE],
    (plots_02, "sigmoid_and_slope"): all_of(logistic, "sigmoid", "sigmoid_derivative"),
    (plots_02, "predicted_distributions"): [logistic.sigmoid],
    (plots_02, "table_of_losses"): [logistic.bce_loss, [1, 0, 1], [0.775, 0.116, 0.32]],
    (plots_02, "four_losses"): all_of(logistic, "sigmoid", "sigmoid_derivative"),
    (plots_02, "pulls"): [
        *all_of(logistic, "predict_proba", "bce_gradient"), [-1.0, 1.5], SURFACES, EXPENSIVE,
    ],
    (plots_02, "optimiser"): [
        *all_of(logistic, "predict_proba", "bce_loss", "bce_gradient"), SURFACES, EXPENSIVE,
    ],
    (plots_02, "false_valley"): [logistic.sigmoid],
    (plots_02, "two_surfaces"): [
        *all_of(logistic, "predict_proba", "bce_loss"), SURFACES, EXPENSIVE,
    ],
    (plots_02, "learning_rates"): [
        logistic.gradient_descent, gradient_on_houses, loss_on_houses, np.zeros(3),
    ],
    (plots_02, "boundary"): [
        *all_of(logistic, "fit", "predict_proba", "bce_loss"), HOUSES, EXPENSIVE,
    ],
    (plots_02, "stability"): all_of(logistic, "sigmoid", "bce_with_logits"),
    (plots_02, "without_end"): all_of(logistic, "gradient_descent", "l2_gradient"),
    (plots_02, "thresholds"): [logistic.predict, HOUSES, EXPENSIVE, [-3.0, 2.0, 0.5]],
    (plots_02, "coefficients"): [
        logistic.fit, HOUSES, EXPENSIVE, [-2.0, 2.0, -1.0], ["surface", "distance"],
    ],
    (plots_03, "three_ways"): [softmax.softmax],
    (plots_03, "temperatures"): [softmax.softmax_with_temperature, SCORES],
    (plots_03, "temperature_slider"): [softmax.softmax_with_temperature, SCORES],
    (plots_03, "smooth_maximum"): [softmax.logsumexp],
    (plots_03, "one_score_raised"): [softmax.softmax, SCORES, softmax.softmax_jacobian],
    (plots_03, "accuracy_and_loss"): [
        softmax.cross_entropy_loss, [[1, 0, 0], [0, 1, 0]],
        {"net": [[0.4, 0.3, 0.3], [0.1, 0.3, 0.6]]},
    ],
    (plots_03, "jacobian_parts"): [*all_of(softmax, "softmax", "softmax_jacobian"), SCORES],
    (plots_03, "simplex"): all_of(softmax, "softmax", "cross_entropy_gradient"),
    (plots_03, "scores"): all_of(softmax, "softmax", "softmax_jacobian", "cross_entropy_gradient"),
    (plots_03, "saturation"): all_of(
        softmax, "softmax", "softmax_jacobian", "cross_entropy_gradient"
    ),
    (plots_03, "products_add_up"): [
        X, Y, OUTPUT_LAYER,
        *all_of(softmax, "network_scores", "cross_entropy_gradient", "output_layer_gradients"),
    ],
    (plots_03, "network_flow"): [
        X, Y, OUTPUT_LAYER, *all_of(softmax, "network_scores", "softmax", "output_layer_gradients"),
    ],
    (plots_03, "regions"): all_of(
        softmax, "softmax", "cross_entropy_loss", "cross_entropy_gradient"
    ),
    (plots_04, "path_of_one_weight"): [
        backprop.small_network_gradients, np.array([0.5, -1.0]), 1.0, *SMALL,
    ],
    (plots_04, "two_slopes"): all_of(backprop, "sigmoid", "tanh_derivative", "sigmoid_derivative"),
    (plots_04, "slopes_by_depth"): all_of(
        backprop, "sigmoid", "tanh_derivative", "sigmoid_derivative"
    ),
    (plots_04, "network_shapes"): [backprop.layer_shapes],
    (plots_04, "cancellation"): all_of(backprop, "sigmoid", "grad_y_hat", "grad_u3"),
    (plots_04, "index_explorer"): [backprop.forward],
    (plots_04, "network_numbers"): [
        *recorded.network(), *all_of(backprop, "forward", "backward", "grad_h2", "grad_h1"),
    ],
    (plots_04, "step_sizes"): all_of(backprop, "sigmoid", "numerical_gradient"),
    (plots_04, "gradient_check"): [
        *recorded.network(), *all_of(backprop, "forward", "loss", "backward", "numerical_gradient"),
    ],
    (plots_04, "three_starts"): all_of(backprop, "train", "forward", "loss"),
    (plots_04, "start_sizes"): all_of(backprop, "train", "forward", "loss"),
    (plots_04, "hidden_representation"): all_of(backprop, "train", "forward"),
    (plots_05, "product_graph"): [autograd.product_of_sum_gradients],
    (plots_05, "neuron_graph"): [autograd.neuron_gradients],
    (plots_05, "dag_and_tree"): [autograd.shared_node_gradient],
    (plots_05, "v_curve"): [autograd.central_difference],
    (plots_05, "walk"): all_of(
        autograd, "largest_differences", "first_mismatch", "torch_gradients", "torch_intermediates"
    ),
    (plots_05, "every_parameter"): all_of(
        autograd, "torch_gradients", "torch_forward", "central_difference"
    ),
    (plots_05, "traps"): all_of(autograd, "binary_loss", "class_loss"),
    (plots_05, "bce_slopes"): [autograd.binary_loss],
    (plots_05, "training"): all_of(autograd, "train_with_torch", "torch_forward"),
    (plots_06, "printed_slope"): [activations.swish, activations.sigmoid, "swish"],
    (plots_06, "bends"): all_of(activations, "relu", "sigmoid"),
    (plots_06, "dead_share"): all_of(activations, "relu", "relu_derivative", "dead_units"),
    (plots_06, "learned_slope"): all_of(activations, "leaky_relu", "prelu_gradients"),
    (plots_06, "elu_corner"): all_of(activations, "elu", "elu_derivative"),
    (plots_06, "smooth_corner"): all_of(activations, "relu", "softplus"),
    (plots_06, "swish_minimum"): all_of(activations, "swish", "swish_derivative"),
    (plots_06, "zoo"): [{"ReLU": (activations.relu, None), "ELU": (activations.elu, None)}],
    (plots_06, "explore_layers"): [{"tanh": np.tanh}, activations.layer_statistics],
    (plots_06, "gradient_by_depth"): [
        {"relu": (activations.relu, None)}, *all_of(activations, "initial_std", "backward_norms"),
    ],
    (plots_06, "fixed_point"): all_of(activations, "selu", "elu", "relu"),
    (plots_06, "second_opinion"): [all_of(activations, "relu", "elu_derivative")],
    (plots_07, "bells"): all_of(metrics, "gaussian_nll", "gaussian_nll_gradients"),
    (plots_07, "one_residual"): all_of(metrics, "gaussian_nll", "laplace_nll"),
    (plots_07, "weights_move_the_answer"): [metrics.weighted_bce_with_logits],
    (plots_07, "two_costs"): [metrics.best_threshold],
    (plots_07, "one_constant_for_five"): all_of(metrics, "mse", "mae"),
    (plots_07, "f_beta_contours"): [metrics.f_beta],
    (plots_07, "threshold_explorer"): [
        *all_of(metrics, "confusion_matrix", "precision", "recall", "best_threshold"),
        LABELS, PROBABILITIES,
    ],
    (plots_07, "area_of_pairs"): [metrics.roc_auc, LABELS, PROBABILITIES],
    (plots_07, "reliability"): [metrics.expected_calibration_error, LABELS, PROBABILITIES],
    (plots_08, "tangents"): all_of(engine, "Dual", "forward_derivative"),
    (plots_08, "directions"): [engine.chain_cost],
    (plots_08, "graph_and_tree"): [engine.topological_order],
    (plots_08, "step_through"): all_of(engine, "Value", "topological_order"),
    (plots_08, "backward_pass"): all_of(engine, "Value", "topological_order"),
    (plots_08, "copies"): [engine.unbroadcast],
    (plots_08, "training"): [engine.train_with_tensor],
    (plots_08, "fitted"): [engine.Tensor],
    (plots_09, "landscape"): [
        *all_of(digits, "loss_slice", "fit", "init_params", "forward", "loss"), INK, DIGITS, (1, 2),
    ],
    (plots_09, "overfitting"): [
        *all_of(digits, "fit", "forward", "loss", "early_stopping"),
        INK, DIGITS, (INK, DIGITS), (1, 2, 3), 40,
    ],
    (plots_09, "start_scales"): [*all_of(digits, "init_params", "forward"), INK],
    (plots_09, "gradient_check"): [
        INK, DIGITS, *all_of(digits, "init_params", "forward", "loss", "backward"),
    ],
    (plots_09, "valley"): [digits.momentum_step],
    (plots_09, "learning_curves"): [SEEN, digits.early_stopping, 1],
    (plots_09, "confusion_table"): [TRIALS, digits.most_confused],
    (plots_09, "wrong_digits"): [INK, INK, DIGITS, READ, digits.forward],
    (plots_09, "moved_digit"): [INK[0], chances_of],
    (plots_09, "sketch"): [INK[0], chances_of],
}  # fmt: skip

# These show what the course itself computes; and these measure times, which differ anyway.
WITHOUT_FUNCTIONS = {
    "paper_network", "rectangles", "swelling", "staircases", "codeword_space", "gallery",
    "mean_digits", "spread", "first_weights",
}  # fmt: skip
TIMES = {"cost", "price"}
# No pictures.
PRINTED = {
    "beside", "regression_scores", "simulated_patients", "rules_without_training", "history",
    "trials", "depths", "second_opinions",
}  # fmt: skip


def told_by(module, name, arguments):
    """What a picture says: its description, and every text in it; "" where it is not drawn."""
    with pytest.MonkeyPatch.context() as patch:
        shown = []
        patch.setattr(style, "show", lambda figure, words: shown.append([words, *texts(figure)]))
        # Left lying, hundreds of figures take longer to clear away than to draw.
        with style.swept_afterwards():
            getattr(module, name)(*arguments)
    return "\n".join(shown[0]) if shown else ""


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text)]


@cache
def right(module, name):
    return told_by(module, name, PICTURES[module, name])


def spoilt(value):
    """A value as a wrong function would give it."""
    if value is None or isinstance(value, str):
        return "U" if value is None else None
    if isinstance(value, dict):
        return {key: spoilt(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(spoilt(part) for part in value)
    if isinstance(value, list):
        return value[1:]
    if isinstance(value, torch.Tensor):
        return -1.7 * value
    value = np.asarray(value)
    if value.dtype == bool:
        return ~value
    if np.issubdtype(value.dtype, np.integer):
        return value + 1
    # Not a factor alone, which a fit takes up and a share cancels.
    return -1.7 * value * (1 + np.abs(value))


def wrong(function):
    """A function, or a class, of the same kind that is wrong."""
    if inspect.isclass(function):

        class Wrong(function):
            def __mul__(self, other):
                return self + other

            def __matmul__(self, other):
                return super().__matmul__(other) + 1

        return Wrong

    def answer(*args, **options):
        return spoilt(function(*args, **options))

    answer.__name__ = function.__name__
    return answer


def with_one_wrong(arguments):
    """The arguments, each time with another of the functions in them made wrong."""
    for place, argument in enumerate(arguments):
        if callable(argument):
            versions = [wrong(argument)]
        elif isinstance(argument, (list, tuple)):
            versions = [type(argument)(parts) for parts in with_one_wrong(list(argument))]
        elif isinstance(argument, dict):
            versions = [
                dict(zip(argument, parts, strict=True))
                for parts in with_one_wrong(list(argument.values()))
            ]
        else:
            continue
        for version in versions:
            yield [*arguments[:place], version, *arguments[place + 1 :]]


def named(picture):
    return f"{picture[0].__name__.rpartition('.')[2]}.{picture[1]}"


# What trains or simulates for a second or more.
SLOW = {
    "fixed_point", "dead_share", "without_end", "three_starts", "bells", "boundary", "zoo",
    "two_surfaces", "hidden_representation", "start_sizes", "fitted", "landscape", "overfitting",
}  # fmt: skip
QUICK_FIRST = [
    pytest.param(one, id=named(one), marks=[pytest.mark.slow] if one[1] in SLOW else [])
    for one in PICTURES
]


@pytest.mark.parametrize("picture", QUICK_FIRST)
def test_a_picture_of_a_wrong_function_does_not_say_what_the_right_one_shows(picture):
    module, name = picture
    assert right(module, name)
    for arguments in with_one_wrong(PICTURES[picture]):
        assert told_by(module, name, arguments) != right(module, name)


def test_every_picture_of_a_notebook_is_drawn_here():
    drawn = {name for _, name in PICTURES}
    for place in sorted((ROOT / "release").glob("*/*.ipynb")):
        cells = nbformat.read(place, as_version=4).cells
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        shown = set(re.findall(r"\bplots\.(\w+)\(", code))
        assert shown and shown <= drawn | WITHOUT_FUNCTIONS | TIMES | PRINTED


# What the right function says, in a description, a title or beside a mark, and the place of the
# function in the arguments that must not say it when it is wrong.
SAID = {
    (plots_01, "surprise_curve"): ("3.32 at 0.1", 0),
    (plots_01, "long_products"): ("4848 bits at the end", 0),
    (plots_01, "running_mean"): ("after 2000 tosses: 0.448", 0),
    (plots_01, "coin_entropy"): ("The highest point: 1.000 bits, at 0.50", 0),
    (plots_01, "kl_both_ways"): ("0.737", 0),
    (plots_01, "letter_surprises"): ("is c, with 3.32 bits", 0),
    (plots_01, "block_codes"): ("the entropy: 0.469", 0),
    (plots_01, "two_errors"): ("0.01 nats at 0.99, 4.61 at 0.01", 0),
    (plots_01, "code_areas"): ("the waste is 0.250 bits", 0),
    (plots_02, "sigmoid_and_slope"): ("0.25 at 0", 1),
    (plots_02, "score_step_sigmoid"): ("sigmoid: from 0.005 to 1.000", 0),
    (plots_02, "pulls"): ("your gradient +0.149, +0.102", 1),
    (plots_02, "false_valley"): ("lowest at -0.21, 1.48", 0),
    (plots_03, "saturation"): ("gradient of cross-entropy: 6.7e-01 at 0", 2),
    (plots_03, "simplex"): ("dog, 9 of 9 away", 1),
    (plots_03, "jacobian_parts"): ("add up to 0, 0, 0, 0", 1),
    (plots_03, "scores"): ("43 degrees apart", 1),
    (plots_03, "products_add_up"): ("negative throughout: 0; 1; 1; 2", 4),
    (plots_03, "network_flow"): ("+0.083, -0.069, -0.014", 5),
    (plots_04, "path_of_one_weight"): ("your ∂L/∂w is −0.012511", 0),
    (plots_04, "two_slopes"): ("the slope of tanh 0.000, 1.000, 0.000", 1),
    (plots_04, "cancellation"): ("is 1, and yours is 1\n", 2),
    (plots_04, "network_numbers"): ("h₂ -0.3812", 5),
    (plots_05, "product_graph"): ("c: −3", 0),
    (plots_05, "dag_and_tree"): ("add up to 2.5796; x has your 2.5796", 0),
    (plots_05, "v_curve"): ("with an error of 8e-13", 0),
    (plots_05, "walk"): ("Derived rightly: 12 of 12 tables agree", 2),
    (plots_05, "bce_slopes"): ("the slopes are more than 0.1 apart from −28 downwards", 0),
    (plots_06, "learned_slope"): ("α ends at 0.3", 1),
    (plots_06, "elu_corner"): ("with α = 2: −1.96", 0),
    (plots_06, "swish_minimum"): ("with the value -0.2785", 0),
    (plots_07, "two_costs"): ("your threshold 0.091", 0),
    (plots_07, "area_of_pairs"): ("8 of 9 pairs, area 0.8889", 0),
    (plots_08, "graph_and_tree"): ("After twenty squarings: 21 nodes", 0),
    (plots_08, "copies"): ("kept for all four shapes", 0),
    (plots_09, "gradient_check"): ("all agree", 5),
}  # fmt: skip


@pytest.mark.parametrize("picture", SAID, ids=named)
def test_what_only_the_right_function_shows_is_not_said_of_a_wrong_one(picture):
    words, place = SAID[picture]
    assert words in right(*picture)
    arguments = list(PICTURES[picture])
    arguments[place] = wrong(arguments[place])
    assert words not in told_by(*picture, arguments)


def test_pieces_of_codewords_are_said_to_fit_or_to_overlap():
    fits = told_by(plots_01, "codeword_space", [{"good": ["0", "10", "11"]}])
    overlaps = told_by(plots_01, "codeword_space", [{"bad": ["0", "1", "00"]}])
    assert "good: pieces add up to 1" in fits and "bad: pieces add up to 1.25" in overlaps
    assert "within another codeword's: none" in fits
    assert "within another codeword's: 00" in overlaps


@pytest.mark.parametrize("layer", ["output", "second", "first"])
def test_rectangles_fit_together_as_said(layer):
    said = told_by(plots_04, "rectangles", [layer])
    products = re.findall(
        r"\((\d) by (\d)\) times \S+ \((\d)(?: by (\d))?\) gives \S+ (\(.*?\))", said
    )
    assert products
    for rows, inner, other, columns, result in products:
        assert inner == other
        assert result == (f"({rows} by {columns})" if columns else f"({rows})")


@pytest.mark.slow
def test_maps_of_many_colours_are_small(monkeypatch):
    sizes = []
    monkeypatch.setattr(style, "display", lambda data, raw: sizes.append(len(data["text/html"])))
    for picture in (plots_02, "two_surfaces"), (plots_04, "hidden_representation"):
        getattr(*picture)(*PICTURES[picture])
    assert len(sizes) == 2 and max(sizes) < MOST_BYTES


def test_a_gradient_of_another_shape_is_not_said_to_agree():
    def one_row(X, y, params, cache):
        gradients = backprop.backward(X, y, params, cache)
        return gradients | {"b2": gradients["b2"][None]}

    picture = plots_04, "gradient_check"
    arguments = list(PICTURES[picture])
    arguments[5] = one_row
    words = told_by(*picture, arguments).splitlines()[0]
    assert right(*picture).splitlines()[0].count("✓") == 6
    assert words.count("✓") == 5 and "b2 ✗ shape (1, 2), not (2,)" in words


def test_a_value_under_a_wrong_name_shows_wherever_it_is_used():
    def friends_backward(X, y, params, cache):
        return backprop.backward(X, y, params, recorded.mixed_up(cache))

    picture = plots_04, "gradient_check"
    arguments = list(PICTURES[picture])
    arguments[5] = friends_backward
    words = told_by(*picture, arguments)
    assert all(f"{name} ✓" in words for name in ("U", "c", "b2"))
    assert all(f"{name} ✗" in words for name in ("W1", "b1", "W2"))


def test_the_loss_of_probabilities_loses_its_slope_before_its_value():
    told = right(plots_05, "bce_slopes")
    assert "BCELoss of sigmoid(z): loss 50 at -50" in told
    assert "-1.9e-10 at -50" in told and "-0.094 at -30" in told


MOVING = {
    (plots_01, "belief"), (plots_02, "optimiser"), (plots_02, "boundary"),
    (plots_03, "temperature_slider"), (plots_03, "scores"), (plots_03, "regions"),
    (plots_04, "network_numbers"), (plots_04, "index_explorer"), (plots_05, "product_graph"),
    (plots_05, "neuron_graph"), (plots_06, "explore_layers"), (plots_07, "threshold_explorer"),
    (plots_08, "tangents"), (plots_08, "step_through"),
}  # fmt: skip


@pytest.mark.parametrize("picture", sorted(MOVING, key=named), ids=named)
def test_each_control_of_a_moving_picture_changes_what_it_says(picture, monkeypatch):
    module, name = picture
    told, panels = [], []
    monkeypatch.setattr(style, "show", lambda figure, words: told.append(words))
    monkeypatch.setattr(style, "show_controls", lambda panel, names: panels.append(panel))
    monkeypatch.setattr(style, "widgets_run", lambda: True)
    getattr(module, name)(*PICTURES[picture])
    (panel,) = panels
    controls = getattr(panel, "children", [panel])
    # A list of one choice cannot be moved.
    movable = [control for control in controls if len(control.options) > 1]
    assert movable
    for control in movable:
        # As an arrow key does.
        control.index += 1 if control.index + 1 < len(control.options) else -1
    assert len(told) == 1 + len(movable)
    assert all(one != other for one, other in itertools.pairwise(told))


def test_a_moving_picture_says_what_it_shows_where_it_stands():
    told = right(plots_01, "belief")
    assert "Believed are 0.25, 0.25, 0.25, 0.25" in told and "the waste is 0.250 bits" in told
    told = right(plots_04, "index_explorer")
    assert "5 products add up" in told and "together -0.0588" in told
    assert "52 of 60 points lie in their own region" in right(plots_03, "regions")

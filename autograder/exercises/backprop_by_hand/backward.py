"""Gradients of the loss with respect to all parameters."""

from __future__ import annotations

import numpy as np

from autograder.exercises.backprop_by_hand import by_hand, reference
from autograder.exercises.backprop_by_hand.inputs import SIZES, STEEP, problem, steep, sure
from autograder.exercises.backprop_by_hand.parts import CUTS, cut_on_both_sides
from autograder.exercises.backprop_by_hand.reference import (
    forward,
    grad_b1,
    grad_b2,
    grad_c,
    grad_h1,
    grad_h2,
    grad_U,
    grad_u1,
    grad_u2,
    grad_u3,
    grad_W1,
    grad_W2,
    grad_y_hat,
    sigmoid_derivative,
    tanh_derivative,
)
from autograder.exercises.guards import clipped, lowered, raised
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import recorded

exercise = by_hand(
    reference.backward,
    points=4,
    minutes=12,
    hints=(
        (
            "Draw the graph of section 4 and walk it from right to left. Which gradient do you "
            "know first?"
        ),
        (
            "Every step has its own function already. Collect du3, dh2, du2, dh1, du1 in this "
            "order; each needs the one before it."
        ),
        (
            "The steps through activations want h, the outputs. Which values of the cache go "
            "into the gradients of the weights?"
        ),
        (
            "If only W1 and b1 are off, look at the way from du2 to du1. If everything is off by "
            "the same factor, look at du3."
        ),
    ),
    guards=True,
)


@exercise.cases
def cases(rng):
    for sizes in SIZES:
        X, y, params = problem(rng, *sizes)
        yield case(X, y, params, reference.forward(X, params))
    X, y, params = recorded.network()
    yield case(X, y, params, reference.forward(X, params), about=VISIBLE)
    X, y, params = sure()
    cache = reference.forward(X, params)
    yield case(X, y, params, cache, about="sure and right")
    yield case(X, 1 - y, params, cache, about="sure and wrong")
    X, y, params = steep()
    yield case(X, y, params, reference.forward(X, params), about=STEEP)


@exercise.style
def backward_step_by_step(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    dU, dc = grad_U(cache["h2"], du3), grad_c(du3)
    dh2 = grad_h2(du3, params["U"])
    du2 = grad_u2(dh2, cache["h2"])
    dW2, db2 = grad_W2(cache["h1"], du2), grad_b2(du2)
    dh1 = grad_h1(du2, params["W2"])
    du1 = grad_u1(dh1, cache["h1"])
    dW1, db1 = grad_W1(X, du1), grad_b1(du1)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "U": dU, "c": dc}


@exercise.style
def backward_written_out(X, y, params, cache):
    h1, h2, y_hat = cache["h1"], cache["h2"], cache["y_hat"]
    du3 = (y_hat - y) / len(y)
    du2 = np.outer(du3, params["U"]) * h2 * (1 - h2)
    du1 = (du2 @ params["W2"].T) * (1 - h1**2)
    return {
        "U": h2.T @ du3,
        "c": float(du3.sum()),
        "W2": h1.T @ du2,
        "b2": du2.sum(0),
        "W1": X.T @ du1,
        "b1": du1.sum(0),
    }


@exercise.style
def backward_without_cache(X, y, params, cache):
    values = forward(X, params)
    du3 = (values["y_hat"] - y) / len(y)
    du2 = du3[:, None] * params["U"] * sigmoid_derivative(values["u2"])
    du1 = np.einsum("nk,jk->nj", du2, params["W2"]) * tanh_derivative(values["u1"])
    gradients = {"c": sum(du3), "U": du3 @ values["h2"], "du1": du1}
    gradients["W2"] = np.einsum("nj,nk->jk", values["h1"], du2)
    gradients["W1"] = np.einsum("ni,nj->ij", X, du1)
    gradients["b1"], gradients["b2"] = du1.sum(axis=0), du2.sum(axis=0)
    return gradients


@exercise.style
def backward_example_by_example(X, y, params, cache):
    total = {name: np.zeros(np.shape(value)) for name, value in params.items()}
    for n in range(len(y)):
        h1, h2 = cache["h1"][n], cache["h2"][n]
        du3 = cache["y_hat"][n] - y[n]
        du2 = du3 * params["U"] * h2 * (1 - h2)
        du1 = params["W2"] @ du2 * (1 - h1 * h1)
        shares = {
            "W1": np.outer(X[n], du1),
            "b1": du1,
            "W2": np.outer(h1, du2),
            "b2": du2,
            "U": du3 * h2,
            "c": du3,
        }
        for name in total:
            total[name] = total[name] + shares[name]
    return {name: value / len(y) for name, value in total.items()}


@exercise.style
def backward_with_guarded_start(X, y, params, cache):
    y_hat = cache["y_hat"]
    dy_hat = ((1 - y) / (1 - y_hat + 1e-15) - y / (y_hat + 1e-15)) / len(y)
    du3 = dy_hat * y_hat * (1 - y_hat)
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "How often does the 1/N of the loss belong into the chain?",
    said="Every gradient is divided by N a second time.",
    root=Root.MEAN,
)
def backward_1_over_n_twice(X, y, params, cache):
    n = len(y)
    du3 = grad_u3(cache["y_hat"], y)
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1) / n,
        "b1": grad_b1(du1) / n,
        "W2": grad_W2(cache["h1"], du2) / n,
        "b2": grad_b2(du2) / n,
        "U": grad_U(cache["h2"], du3) / n,
        "c": grad_c(du3) / n,
    }


@exercise.mistake(
    "Is the loss a sum or a mean?",
    said="The 1/N of the loss is missing from every gradient.",
    root=Root.MEAN,
)
def backward_no_1_over_n(X, y, params, cache):
    du3 = cache["y_hat"] - y
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "Does a step against your gradient lower the loss?",
    said="Every gradient has the wrong sign, from label minus prediction.",
    root=Root.SIGN,
)
def backward_sign(X, y, params, cache):
    du3 = (y - cache["y_hat"]) / len(y)
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "Which two gradients start the chain: is the slope of the output in it once?",
    said="The slope of the output sigmoid is missing from every gradient.",
    root=Root.CHAIN,
)
def backward_starts_at_y_hat(X, y, params, cache):
    du3 = grad_y_hat(cache["y_hat"], y)
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "Which gradient goes on to layer 1: before or after the second activation?",
    said="The slope of the second layer's sigmoid is missing.",
    root=Root.CHAIN,
)
def backward_skips_second_activation(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    du2 = grad_h2(du3, params["U"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "Only the first layer is off: what stands between u1 and h1?",
    said="The slope of the first layer's tanh is missing.",
    root=Root.CHAIN,
)
def backward_skips_first_activation(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_h1(du2, params["W2"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "Differentiate u3 with respect to h2: what is left, the hidden values or the weights?",
    said="The gradient of h2 is made with h2 itself instead of the weights U.",
    root=Root.SWAPPED,
)
def dh2_outer_with_h2(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    dh2 = du3[:, None] * cache["h2"]
    du2 = grad_u2(dh2, cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "Which layer feeds the weights W2?",
    said="The gradient of W2 takes h2 as its input signal instead of h1.",
    root=Root.INDEX,
)
def dW2_h2_signal(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h2"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "Which signal enters the first layer?",
    said="The gradient of W1 takes h1 as its input signal instead of X.",
    root=Root.INDEX,
)
def dW1_h1_signal(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(cache["h1"], du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "Which values multiply the weights in the forward pass: scores or outputs?",
    said="The gradients of W2 and U use the scores instead of the activations.",
    root=Root.CHAIN,
)
def backward_scores_as_signals(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["u1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["u2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "The two activation steps take h, not u: which of them did you hand over?",
    said="Both hidden slopes are computed from the scores instead of the activations.",
    root=Root.CHAIN,
)
def backward_slopes_at_scores(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["u2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["u1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "Which of the two hidden layers has the tanh?",
    said="The slopes of tanh and sigmoid are exchanged between the hidden layers.",
    root=Root.SWAPPED,
)
def backward_activations_swapped(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    du2 = grad_u1(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u2(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "Which shape has the gradient of a bias, and over which axis is it summed?",
    said="The gradients of b1 and b2 are summed over units, not over the batch.",
    root=Root.AXIS,
)
def backward_biases_over_units(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": du1.sum(axis=1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": du2.sum(axis=1),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "The examples share their biases: are the shares added up or averaged?",
    said="The gradients of the biases are averaged over the batch instead of summed.",
    root=Root.MEAN,
)
def backward_biases_averaged(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": du1.mean(axis=0),
        "W2": grad_W2(cache["h1"], du2),
        "b2": du2.mean(axis=0),
        "U": grad_U(cache["h2"], du3),
        "c": np.mean(du3),
    }


def back_from(du3, X, params, cache):
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "What cancels at the output: is a division left in which a small number could help?",
    said="The chain starts with denominators to which a small number is added.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-8)},
)
def backward_with_small_number(X, y, params, cache, *, size=1e-8):
    p = cache["y_hat"]
    dy_hat = ((1 - y) / (1 - p + size) - y / (p + size)) / len(y)
    return back_from(dy_hat * p * (1 - p), X, params, cache)


@exercise.mistake(
    "What cancels at the output: is a division left in which a cut could help?",
    said="The chain starts with predictions that are cut off before they divide.",
    root=Root.DIGITS,
    family={"size": (0.08, 1e-2, 1e-4, 1e-6), "cut": CUTS},
)
def backward_cut_off(X, y, params, cache, *, size=1e-2, cut=cut_on_both_sides):
    y_hat = cache["y_hat"]
    p, q = cut(y_hat, size)
    dy_hat = ((1 - y) / q - y / p) / len(y)
    return back_from(dy_hat * y_hat * (1 - y_hat), X, params, cache)


@exercise.mistake(
    "Are the predictions from which you take the labels still those of the network?",
    said="The predictions are cut off before the labels are subtracted.",
    root=Root.DIGITS,
    family={"size": (0.08, 1e-2, 1e-4), "guard": (clipped, raised, lowered)},
)
def backward_of_cut_predictions(X, y, params, cache, *, size=1e-2, guard=clipped):
    return back_from((guard(cache["y_hat"], size) - y) / len(y), X, params, cache)


@exercise.mistake(
    "The inputs are large, so is the gradient: does yours stop growing somewhere?",
    said="Large gradients are cut off.",
    root=Root.DIGITS,
    family={"size": (0.5, 1.0, 5.0), "by_length": (False, True)},
)
def backward_clipped(X, y, params, cache, *, size=1.0, by_length=False):
    found = back_from(grad_u3(cache["y_hat"], y), X, params, cache)
    length = np.sqrt(sum(np.sum(np.square(slope)) for slope in found.values()))
    if by_length:
        return {name: slope * min(1, size / length) for name, slope in found.items()}
    return {name: np.clip(slope, -size, size) for name, slope in found.items()}


@exercise.mistake(
    "Which loss has this network, and what is left of the slope of the output?",
    said="The squared error is differentiated instead of the cross-entropy.",
    root=Root.CHAIN,
    family={"factor": (1, 2)},
)
def backward_squared_error(X, y, params, cache, *, factor=1):
    p = cache["y_hat"]
    return back_from(factor * (p - y) * p * (1 - p) / len(y), X, params, cache)


@exercise.mistake(
    "Only the first layer is off: which activation has it, and which slope?",
    said="The slope of the sigmoid is used at the first layer, which has the tanh.",
    root=Root.CHAIN,
)
def backward_sigmoid_slope_of_tanh(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u2(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "Everything below the output is off: which activation has the second layer, and which slope?",
    said="The slope of tanh is used at the second layer, which has the sigmoid.",
    root=Root.CHAIN,
)
def backward_tanh_slope_of_sigmoid(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    du2 = grad_u1(grad_h2(du3, params["U"]), cache["h2"])
    du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "Which activations has this network? Where is the slope of yours 0 or 1?",
    said="The slopes of ReLU are used at both hidden layers.",
    root=Root.CHAIN,
)
def backward_relu(X, y, params, cache):
    du3 = grad_u3(cache["y_hat"], y)
    du2 = grad_h2(du3, params["U"]) * (cache["h2"] > 0)
    du1 = grad_h1(du2, params["W2"]) * (cache["h1"] > 0)
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


@exercise.mistake(
    "Which parameters has the network, and for which of them is there a gradient in your dict?",
    said="The gradients of the biases are missing.",
    root=Root.BIAS,
)
def backward_without_biases(X, y, params, cache):
    found = back_from(grad_u3(cache["y_hat"], y), X, params, cache)
    return {name: found[name] for name in ("W1", "W2", "U")}


@exercise.mistake(
    "By which names does a step ask for the gradients: print the keys of params?",
    said="The gradients have the names of another course, dW1 and db1.",
)
def backward_other_names(X, y, params, cache):
    found = back_from(grad_u3(cache["y_hat"], y), X, params, cache)
    return {"d" + name: slope for name, slope in found.items()}


@exercise.mistake(
    "Which shape should the gradient of a bias have? Which axis of length 1 is left over?",
    said="The gradients of the biases keep a batch axis of length 1.",
    root=Root.AXIS,
)
def backward_biases_as_rows(X, y, params, cache):
    found = back_from(grad_u3(cache["y_hat"], y), X, params, cache)
    return {**found, "b1": found["b1"][None], "b2": found["b2"][None]}


@exercise.mistake(
    "Which shape should the gradient of a weight matrix have?",
    said="The gradients of the weight matrices are transposed, as with examples in columns.",
    root=Root.AXIS,
)
def backward_weights_transposed(X, y, params, cache):
    found = back_from(grad_u3(cache["y_hat"], y), X, params, cache)
    return {**found, "W1": found["W1"].T, "W2": found["W2"].T}


@exercise.property(
    "Hand over every example twice and the gradient of a mean stays as it is; yours of {name} goes "
    "from {once} to {twice}. How often is the number of examples in your chain?"
)
def the_same_for_every_example_twice(f, X, y, params, cache):
    once = f(X, y, params, cache)
    again = {name: np.concatenate([value, value]) for name, value in cache.items()}
    twice = f(np.tile(X, (2, 1)), np.tile(y, 2), params, again)
    for name in ("c", "U", "b2", "W2", "b1", "W1"):
        left, right = np.asarray(once[name]), np.asarray(twice[name])
        if left.shape == right.shape and not np.allclose(left, right, rtol=1e-6):
            return {"name": name, "once": left, "twice": right}


@exercise.property(
    "A small step against the gradient of {name} lowers the loss, and a step against yours raises "
    "it. Which links of the chain lead to {name}?"
)
def a_step_lowers_the_loss(f, X, y, params, cache):
    found, before = f(X, y, params, cache), reference.loss(cache["y_hat"], y)
    for name in ("c", "U", "b2", "W2", "b1", "W1"):
        slope = np.asarray(found[name])
        if slope.shape != np.shape(params[name]) or not 0 < np.linalg.norm(slope) < np.inf:
            return None
        moved = {**params, name: params[name] - 1e-4 * slope / np.linalg.norm(slope)}
        if reference.loss(forward(X, moved)["y_hat"], y) > before:
            return {"name": name}


exercise.equivalent(
    "grad_U(cache['h2'], du3) -> grad_U(du3, cache['h2'])",
    because="A vector times a matrix is the matrix's transpose times the vector, in either order.",
)

exercise.equivalent(
    "1 - y_hat + 1e-15 -> 1 - y_hat",
    "y_hat + 1e-15 -> y_hat",
    "1 - y_hat + 1e-15 -> 1 - y_hat + 0.0",
    "y_hat + 1e-15 -> y_hat + 0.0",
    because="What rounding cannot tell is right.",
)

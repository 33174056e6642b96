"""Named wrong answers to 02-logistic-regression, each with a question as its hint.

Each is what a student might write, so a rule about style (a stable form, a vectorised one) is kept
only where the mistake itself does not need breaking it.
"""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.logistic_regression.cases import notebook
from autograder.exercises.logistic_regression.reference import (
    add_bias,
    bce_gradient,
    bce_loss,
    predict_proba,
    sigmoid,
)

mistake = notebook.mistake


@mistake("linear_mse_gradient", "What does a square leave behind when it is differentiated?")
def mse_grad_no_two(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (Xb @ w - y) / len(y)


@mistake("linear_mse_gradient", "Write every row down twice: should the mean error change?")
def mse_grad_no_n(w, X, y):
    Xb = add_bias(X)
    return 2 * Xb.T @ (Xb @ w - y)


@mistake("linear_mse_gradient", "A prediction is too high: should the bias go up or down?")
def mse_grad_residual_sign(w, X, y):
    Xb = add_bias(X)
    return 2 / len(y) * Xb.T @ (y - Xb @ w)


@mistake("linear_mse_gradient", "This is the recap: does the model have a sigmoid already?")
def mse_grad_used_for_any_model(w, X, y):
    Xb = add_bias(X)
    return 2 / len(y) * Xb.T @ (sigmoid(Xb @ w) - y)


@mistake("linear_mse_gradient", "Which power of the residual is left after one derivative?")
def mse_grad_squared_residual(w, X, y):
    Xb = add_bias(X)
    return 2 / len(y) * Xb.T @ (Xb @ w - y) ** 2


@mistake("linear_mse_gradient", "How many weights has the model, counted with the bias?")
def mse_grad_no_bias(w, X, y):
    return 2 / len(y) * X.T @ (X @ w[1:] + w[0] - y)


@mistake("linear_mse_gradient", "Which weight comes first in w, and which column in your matrix?")
def mse_grad_bias_last(w, X, y):
    Xb = np.column_stack((X, np.ones(len(X))))
    return 2 / len(y) * Xb.T @ (Xb @ w - y)


@mistake("linear_mse_gradient", "Over what is the mean taken, over the weights or the examples?")
def mse_grad_divided_by_weights(w, X, y):
    Xb = add_bias(X)
    return 2 / len(w) * Xb.T @ (Xb @ w - y)


@mistake(
    "linear_mse_gradient",
    "Close to the minimum a difference quotient loses its digits: can you differentiate by hand?",
)
def mse_grad_difference_quotient(w, X, y):
    Xb = add_bias(X)

    def loss(w):
        return np.mean((Xb @ w - y) ** 2)

    h = 1e-5
    return np.array([(loss(w + h * e) - loss(w - h * e)) / (2 * h) for e in np.eye(len(w))])


@mistake("add_bias", "Which weight does w hold first, and which column should it meet?")
def bias_last(X):
    return np.column_stack((X, np.ones(len(X))))


@mistake("add_bias", "A bias is multiplied by a constant: which one leaves it as it is?")
def bias_zeros(X):
    return np.column_stack((np.zeros(len(X)), X))


@mistake("add_bias", "Does every example get its own 1, or is there one more example now?")
def bias_as_row(X):
    return np.vstack((np.ones(X.shape[1]), X))


@mistake("add_bias", "How many axes has each of the two arrays that you glue together?")
def bias_hstack_1d(X):
    return np.hstack((np.ones(len(X)), X))


@mistake("add_bias", "Where did the first feature go?")
def bias_overwrites_first(X):
    out = X.copy()
    out[:, 0] = 1
    return out


@mistake("add_bias", "Is a 1 to be added to every entry, or beside them?")
def bias_plus_one(X):
    return X + 1


@mistake("sigmoid", "Should a large score give a probability near 1 or near 0?")
def sigmoid_sign(z):
    return 1 / (1 + np.exp(z))


@mistake("sigmoid", "Between which two numbers does a probability lie?")
def sigmoid_tanh(z):
    return np.tanh(z)


@mistake("sigmoid", "Move the score a little: does your answer move a little, too?")
def sigmoid_step(z):
    return (z >= 0).astype(float)


@mistake("sigmoid", "What is left of your fraction once the exponential is infinite?")
def sigmoid_exp_over_exp_overflow(z):
    return np.exp(z) / (1 + np.exp(z))


@mistake("sigmoid", "In which order does Python divide and add here?")
def sigmoid_missing_parentheses(z):
    return 1 / 1 + np.exp(-z)


@mistake("sigmoid", "Which of the two functions takes a whole array, math.exp or np.exp?")
def sigmoid_math_exp(z):
    return 1 / (1 + math.exp(-z))


@mistake("sigmoid", "An array is neither above nor below zero as a whole: where could you choose?")
def sigmoid_if_on_array(z):
    if z >= 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


@mistake("sigmoid", "Two large scores come out alike: what did you do to them first?")
def sigmoid_clipped_scores(z):
    return 1 / (1 + np.exp(-np.clip(z, -10, 10)))


@mistake("sigmoid", "Do the two exponents of your fraction have the same sign?")
def sigmoid_mixed_exponents(z):
    return np.exp(z) / (1 + np.exp(-z))


@mistake("sigmoid_derivative", "In the short rule, is it the score that stands there or sigma?")
def dsig_preactivation(z):
    return z * (1 - z)


@mistake("sigmoid_derivative", "How many times does the sigmoid act on the score?")
def dsig_twice(z):
    h = sigmoid(z)
    return sigmoid(h) * (1 - sigmoid(h))


@mistake("sigmoid_derivative", "The curve is flat on both sides: what about your slope?")
def dsig_only_sigma(z):
    return sigmoid(z)


@mistake("sigmoid_derivative", "That rule belongs to another S-shaped curve: which one?")
def dsig_one_minus_square(z):
    return 1 - sigmoid(z) ** 2


@mistake(
    "sigmoid_derivative", "Read the slope at 0 off the picture. What does your rule say there?"
)
def dsig_printed_extra_factor(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2 * (1 / (1 + np.exp(-z)))


@mistake("sigmoid_derivative", "Does the curve rise or fall?")
def dsig_sign(z):
    return -sigmoid(z) * (1 - sigmoid(z))


@mistake("sigmoid_derivative", "The inner function is -z: what does the chain rule make of it?")
def dsig_power_only(z):
    return 1 / (1 + np.exp(-z)) ** 2


@mistake(
    "sigmoid_derivative",
    "Far out, a difference of two almost equal numbers has few digits left: is there an exact way?",
)
def dsig_difference_quotient(z):
    h = 1e-5
    return (sigmoid(z + h) - sigmoid(z - h)) / (2 * h)


@mistake("predict_proba", "What does your model say to an example whose features are all zero?")
def proba_no_bias(X, w):
    return sigmoid(X @ w[1:])


@mistake("predict_proba", "Which weight meets the column of ones in your product?")
def proba_bias_last(X, w):
    return sigmoid(np.column_stack((X, np.ones(len(X)))) @ w)


@mistake("predict_proba", "Is a decision asked for, or how sure the model is?")
def proba_thresholded(X, w):
    return (predict_proba(X, w) >= 0.5).astype(int)


@mistake("predict_proba", "How many axes has each of the two arrays that you glue together?")
def proba_hstack_1d(X, w):
    return sigmoid(np.hstack((np.ones(len(X)), X)) @ w)


@mistake("predict_proba", "Does the bias belong to the score or to the probability?")
def proba_bias_added_after(X, w):
    return sigmoid(X @ w[1:]) + w[0]


@mistake("predict_proba", "Between which numbers may your answer lie? Which step is still missing?")
def proba_raw_score(X, w):
    return add_bias(X) @ w


@mistake("predict_proba", "The probability of which of the two classes is asked for?")
def proba_of_class_zero(X, w):
    return 1 - predict_proba(X, w)


@mistake("predict_proba", "One number per example is enough: which of your two columns is it?")
def proba_two_columns(X, w):
    p = predict_proba(X, w)
    return np.column_stack((1 - p, p))


@mistake("bce_loss", "Write every row down twice: should the loss double?")
def bce_sum(y, p):
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@mistake("bce_loss", "Which sign has the logarithm of a probability?")
def bce_sign(y, p):
    return np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@mistake("bce_loss", "Which logarithm does the lecture's table use?")
def bce_bits(y, p):
    return -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p))


@mistake("bce_loss", "What does an example of class 0 add to your loss?")
def bce_positive_term_only(y, p):
    return -np.mean(y * np.log(p))


@mistake("bce_loss", "With y = 1 and p near 1, should the loss be small or large?")
def bce_swapped_terms(y, p):
    return -np.mean(y * np.log(1 - p) + (1 - y) * np.log(p))


@mistake("bce_loss", "One of the two vectors holds exact zeros: may a logarithm see it?")
def bce_swapped_arguments(y, p):
    return -np.mean(p * np.log(y) + (1 - p) * np.log(1 - y))


@mistake("bce_loss", "Are the probabilities you measure still those of the model?")
def bce_hard_clip(y, p):
    p = np.clip(p, 0.2, 0.8)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@mistake("bce_loss", "A confident mistake should cost more and more without end: does it here?")
def bce_squared_error(y, p):
    return np.mean((p - y) ** 2)


@mistake("bce_loss", "Is p a score, or a probability already?")
def bce_double_sigmoid(y, p):
    return bce_loss(y, sigmoid(p))


@mistake("bce_loss", "There is no square to differentiate here: what is the one half for?")
def bce_half(y, p):
    return bce_loss(y, p) / 2


@mistake("bce_loss", "What stands inside the second logarithm, and what outside?")
def bce_one_minus_outside(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * (1 - np.log(p)))


@mistake("bce_loss", "How much does the worst possible answer cost with your loss?")
def bce_absolute_error(y, p):
    return np.mean(np.abs(y - p))


@mistake("bce_loss", "May a mean and a logarithm change places?")
def bce_log_of_mean(y, p):
    return -np.log(np.mean(y * p + (1 - y) * (1 - p)))


@mistake("bce_loss", "One number for the whole data set is asked for: how do the rows combine?")
def bce_not_averaged(y, p):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


CLIPPED = "Two very different wrong scores cost the same with your loss: where did that happen?"


@mistake("bce_with_logits", "Into what does the probability round when the score is very large?")
def bcel_naive_log_sigmoid(y, z):
    p = sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@mistake("bce_with_logits", "Into what does the probability of the truth round at a score of -800?")
def bcel_naive_by_cases(y, z):
    p = sigmoid(z)
    return -np.mean(np.log(np.where(y == 1, p, 1 - p)))


@mistake("bce_with_logits", CLIPPED)
def bcel_clipped_1e_7(y, z):
    return bce_loss(y, np.clip(sigmoid(z), 1e-7, 1 - 1e-7))


@mistake("bce_with_logits", CLIPPED)
def bcel_clipped_1e_15(y, z):
    return bce_loss(y, np.clip(sigmoid(z), 1e-15, 1 - 1e-15))


@mistake("bce_with_logits", "Is a score of -800 worse than one of -500, with your loss?")
def bcel_clipped_scores(y, z):
    z = np.clip(z, -500, 500)
    return np.mean(np.log(1 + np.exp(z)) - y * z)


@mistake("bce_with_logits", "Which exponential becomes infinite first?")
def bcel_log1p_of_exp_z(y, z):
    return np.mean(np.log1p(np.exp(z)) - y * z)


@mistake("bce_with_logits", "What does your exponential do at a negative score?")
def bcel_missing_abs(y, z):
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-z)))


@mistake("bce_with_logits", "What is the largest loss that your expression can ever return?")
def bcel_eps_inside_log(y, z):
    p = sigmoid(z)
    return -np.mean(y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))


@mistake("bce_with_logits", "Where does the label enter? A right and a wrong score cost the same.")
def bcel_label_forgotten(y, z):
    return np.mean(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))))


@mistake("bce_with_logits", "For y = 1, should a large positive score be cheap or expensive?")
def bcel_labels_swapped(y, z):
    return np.mean(np.maximum(z, 0) - z * (1 - y) + np.log1p(np.exp(-np.abs(z))))


@mistake("bce_with_logits", "Can a score stand inside a logarithm? What range has it?")
def bcel_scores_as_probabilities(y, z):
    return -np.mean(y * np.log(z) + (1 - y) * np.log(1 - z))


@mistake("bce_with_logits", "Write every row down twice: should the loss double?")
def bcel_sum(y, z):
    return np.sum(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@mistake("bce_with_logits", "One number for the whole data set is asked for: what is missing?")
def bcel_not_averaged(y, z):
    return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))


@mistake("bce_gradient", "The loss is a mean: what does that make of its derivative?")
def lrgrad_no_1_over_n(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (sigmoid(Xb @ w) - y)


@mistake("bce_gradient", "Take a small step against your gradient: does the loss go down?")
def lrgrad_sign(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (y - sigmoid(Xb @ w)) / len(y)


@mistake("bce_gradient", "Multiply the slopes of the loss and of the sigmoid: what cancels?")
def lrgrad_extra_sigmoid_prime(w, X, y):
    Xb = add_bias(X)
    p = sigmoid(Xb @ w)
    return Xb.T @ ((p - y) * p * (1 - p)) / len(y)


@mistake("bce_gradient", "A factor 2 comes from a square: is there one in this loss?")
def lrgrad_factor_two(w, X, y):
    Xb = add_bias(X)
    return 2 / len(y) * Xb.T @ (sigmoid(Xb @ w) - y)


@mistake("bce_gradient", "What is compared with the label, the score or the probability?")
def lrgrad_logit_residual(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (Xb @ w - y) / len(y)


@mistake("bce_gradient", "Does your gradient change at all when the weights move a little?")
def lrgrad_perceptron(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ ((sigmoid(Xb @ w) >= 0.5) - y) / len(y)


@mistake("bce_gradient", "Which column of X' belongs to the bias, and what is in it?")
def lrgrad_bias_dropped(w, X, y):
    gradient = bce_gradient(w, X, y)
    gradient[0] = 0
    return gradient


@mistake("bce_gradient", "Is the bias averaged over the examples like the other weights?")
def lrgrad_bias_not_averaged(w, X, y):
    gradient = bce_gradient(w, X, y)
    gradient[0] *= len(y)
    return gradient


@mistake("bce_gradient", "One number per weight or one per example: which are asked for?")
def lrgrad_wrong_axis(w, X, y):
    Xb = add_bias(X)
    return np.mean((sigmoid(Xb @ w) - y)[:, None] * Xb, axis=1)


@mistake("bce_gradient", "Over what does the loss average, the weights or the examples?")
def lrgrad_divided_by_features(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (sigmoid(Xb @ w) - y) / Xb.shape[1]


@mistake("bce_gradient", "Print the shape of p - y: is it one number per example?")
def lrgrad_column_y_broadcast(w, X, y):
    Xb = add_bias(X)
    return Xb.T @ (sigmoid(Xb @ w) - y.reshape(-1, 1)) / len(y)


@mistake("bce_gradient", "How does a weight learn which feature is its own?")
def lrgrad_no_inputs(w, X, y):
    return np.full(len(w), np.mean(predict_proba(X, w) - y))


@mistake("bce_gradient", "How many weights has the model, counted with the bias?")
def lrgrad_no_bias(w, X, y):
    return X.T @ (predict_proba(X, w) - y) / len(y)


@mistake("bce_gradient", "Which weight comes first in w, and which column in your matrix?")
def lrgrad_bias_last(w, X, y):
    Xb = np.column_stack((X, np.ones(len(X))))
    return Xb.T @ (sigmoid(Xb @ w) - y) / len(y)


@mistake(
    "bce_gradient",
    "Close to the minimum a difference quotient loses its digits: can you differentiate by hand?",
)
def lrgrad_difference_quotient(w, X, y):
    h = 1e-5
    return np.array(
        [
            (bce_loss(y, predict_proba(X, w + h * e)) - bce_loss(y, predict_proba(X, w - h * e)))
            / (2 * h)
            for e in np.eye(len(w))
        ]
    )


@mistake("bce_hessian", "Is the loss curved equally for a sure model and for an unsure one?")
def hess_no_weights(w, X):
    Xb = add_bias(X)
    return Xb.T @ Xb / len(X)


@mistake("bce_hessian", "Differentiate the probability once more: is it its own slope?")
def hess_weight_p(w, X):
    Xb = add_bias(X)
    return Xb.T @ np.diag(sigmoid(Xb @ w)) @ Xb / len(X)


@mistake("bce_hessian", "Move one weight: does the slope along another one stay the same?")
def hess_diagonal_only(w, X):
    Xb = add_bias(X)
    p = sigmoid(Xb @ w)
    return np.diag((p * (1 - p)) @ Xb**2 / len(X))


@mistake("bce_hessian", "The loss is a mean: what does that make of its second derivatives?")
def hess_no_1_over_n(w, X):
    Xb = add_bias(X)
    p = sigmoid(Xb @ w)
    return Xb.T @ np.diag(p * (1 - p)) @ Xb


@mistake("bce_hessian", "How many weights has the model, counted with the bias?")
def hess_no_bias(w, X):
    p = predict_proba(X, w)
    return X.T @ np.diag(p * (1 - p)) @ X / len(X)


@mistake("bce_hessian", "A row and a column for each weight, or for each example?")
def hess_examples_by_examples(w, X):
    Xb = add_bias(X)
    root = np.sqrt(sigmoid(Xb @ w) * (1 - sigmoid(Xb @ w)))[:, None] * Xb
    return root @ root.T / len(X)


@mistake("bce_hessian", "Which weight comes first in w, and which column in your matrix?")
def hess_bias_last(w, X):
    Xb = np.column_stack((X, np.ones(len(X))))
    p = sigmoid(Xb @ w)
    return Xb.T @ np.diag(p * (1 - p)) @ Xb / len(X)


@mistake("bce_hessian", "How often is the sigmoid differentiated in a second derivative here?")
def hess_sigmoid_prime_squared(w, X):
    Xb = add_bias(X)
    p = sigmoid(Xb @ w)
    return Xb.T @ np.diag((p * (1 - p)) ** 2) @ Xb / len(X)


@mistake("l2_gradient", "Shift all scores by the same amount: should that be punished?")
def l2_bias_penalised(w, X, y, strength):
    return bce_gradient(w, X, y) + 2 * strength * w


@mistake("l2_gradient", "What does the square of the penalty leave behind?")
def l2_missing_two(w, X, y, strength):
    gradient = bce_gradient(w, X, y)
    gradient[1:] += strength * w[1:]
    return gradient


@mistake("l2_gradient", "Should the penalty pull the weights towards zero, or push them away?")
def l2_sign(w, X, y, strength):
    gradient = bce_gradient(w, X, y)
    gradient[1:] -= 2 * strength * w[1:]
    return gradient


@mistake("l2_gradient", "Is the penalty inside the mean over the examples, or beside it?")
def l2_divided_by_n(w, X, y, strength):
    gradient = bce_gradient(w, X, y)
    gradient[1:] += 2 * strength * w[1:] / len(y)
    return gradient


@mistake("l2_gradient", "Does a large weight feel a stronger pull than a small one?")
def l2_absolute_value(w, X, y, strength):
    gradient = bce_gradient(w, X, y)
    gradient[1:] += strength * np.sign(w[1:])
    return gradient


@mistake("l2_gradient", "The penalty is one number, its gradient is not: what belongs to weight j?")
def l2_penalty_itself(w, X, y, strength):
    return bce_gradient(w, X, y) + strength * np.sum(w[1:] ** 2)


@mistake("l2_gradient", "What happens to your answer when the strength grows?")
def l2_ignored(w, X, y, strength):
    return bce_gradient(w, X, y)


@mistake("gradient_descent", "Did the loss go down after your step, or up?")
def gd_ascent(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w = w + learning_rate * gradient(w)
    return w


@mistake("gradient_descent", "Where does the learning rate enter?")
def gd_no_rate(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w = w - gradient(w)
    return w


@mistake("gradient_descent", "From where does each step start?")
def gd_replaces_weights(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w = -learning_rate * gradient(w)
    return w


@mistake("gradient_descent", "Is a step added to the weights, or multiplied with them?")
def gd_scales_weights(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w = w * (1 - learning_rate * gradient(w))
    return w


@mistake("gradient_descent", "How many steps does your loop take before it returns?")
def gd_one_step_only(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w = w - learning_rate * gradient(w)
        return w


@mistake("gradient_descent", "At which point is the slope measured in the second step?")
def gd_gradient_of_the_start(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        w = w - learning_rate * gradient(w0)
    return w


@mistake("gradient_descent", "Count the steps of your loop for steps = 1.")
def gd_one_step_too_many(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps + 1):
        w = w - learning_rate * gradient(w)
    return w


@mistake("gradient_descent", "Count the steps of your loop for steps = 1.")
def gd_one_step_too_few(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(1, steps):
        w = w - learning_rate * gradient(w)
    return w


@mistake("gradient_descent", "Only the last position is asked for: what else does yours return?")
def gd_whole_path(gradient, w0, learning_rate, steps):
    path = [w0]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient(path[-1]))
    return np.array(path)


@mistake("gradient_descent", "Near the minimum the slope is small: is your step small there, too?")
def gd_unit_steps(gradient, w0, learning_rate, steps):
    w = w0.copy()
    for _ in range(steps):
        g = gradient(w)
        w = w - learning_rate * g / np.sqrt(np.sum(g**2))
    return w


@mistake("fit", "How many axes has each of the two arrays that the code glues together?")
def fit_hstack_1d(X, y, learning_rate=0.1, steps=1000):
    Xb = np.hstack((np.ones(X.shape[0]), X))
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        w = w - learning_rate * Xb.T @ (sigmoid(Xb @ w) - y) / len(y)
    return w


@mistake("fit", "From which library does the logarithm of your cost come?")
def fit_bare_log(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        p = predict_proba(X, w)
        cost = -np.mean(y * log(p) + (1 - y) * log(1 - p))  # noqa: F821
        if np.isnan(cost):
            break
        w = w - learning_rate * bce_gradient(w, X, y)
    return w


@mistake("fit", "Print the shape of p - y: is it one number per example?")
def fit_column_y_broadcast(X, y, learning_rate=0.1, steps=1000):
    Xb, y = add_bias(X), y.reshape(-1, 1)
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        w = w - learning_rate * Xb.T @ (sigmoid(Xb @ w) - y) / len(y)
    return w


@mistake("fit", "How many weights has the model, counted with the bias?")
def fit_no_bias(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        w = w - learning_rate * X.T @ (sigmoid(X @ w) - y) / len(y)
    return w


@mistake("fit", "Which entry of your answer is the bias, the first or the last?")
def fit_bias_last(X, y, learning_rate=0.1, steps=1000):
    Xb = np.column_stack((X, np.ones(len(X))))
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        w = w - learning_rate * Xb.T @ (sigmoid(Xb @ w) - y) / len(y)
    return w


@mistake("fit", "Write every row down twice: should a step become twice as long?")
def fit_no_1_over_n(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w = w - learning_rate * len(y) * bce_gradient(w, X, y)
    return w


@mistake("fit", "Does the loss go down during your training, or up?")
def fit_ascent(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w = w + learning_rate * bce_gradient(w, X, y)
    return w


@mistake("fit", "What happens to your answer when somebody asks for another learning rate?")
def fit_rate_ignored(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w = w - 0.01 * bce_gradient(w, X, y)
    return w


@mistake("fit", "What happens to your answer when somebody asks for fewer steps?")
def fit_steps_ignored(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(1000):
        w = w - learning_rate * bce_gradient(w, X, y)
    return w


@mistake("fit", "At which weights does the training start?")
def fit_from_ones(X, y, learning_rate=0.1, steps=1000):
    w = np.ones(X.shape[1] + 1)
    for _ in range(steps):
        w = w - learning_rate * bce_gradient(w, X, y)
    return w


@mistake("fit", "Which loss does your gradient belong to? Where did the sigmoid go?")
def fit_linear_regression(X, y, learning_rate=0.1, steps=1000):
    Xb = add_bias(X)
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        w = w - learning_rate * 2 / len(y) * Xb.T @ (Xb @ w - y)
    return w


@mistake("fit", "Which loss does your gradient belong to? What should have cancelled?")
def fit_squared_error(X, y, learning_rate=0.1, steps=1000):
    Xb = add_bias(X)
    w = np.zeros(Xb.shape[1])
    for _ in range(steps):
        p = sigmoid(Xb @ w)
        w = w - learning_rate * 2 / len(y) * Xb.T @ ((p - y) * p * (1 - p))
    return w


@mistake("fit", "In which units are the features your weights belong to?")
def fit_standardised(X, y, learning_rate=0.1, steps=1000):
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w = w - learning_rate * bce_gradient(w, X, y)
    return w


@mistake("fit", "Are the weights asked for, or what the model says to the training rows?")
def fit_returns_probabilities(X, y, learning_rate=0.1, steps=1000):
    w = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        w = w - learning_rate * bce_gradient(w, X, y)
    return predict_proba(X, w)


@mistake("predict", "An example lies exactly on the threshold: which class did we agree on?")
def predict_strict(X, w, threshold=0.5):
    return (predict_proba(X, w) > threshold).astype(int)


@mistake("predict", "Is a decision asked for, or how sure the model is?")
def predict_probabilities(X, w, threshold=0.5):
    return predict_proba(X, w)


@mistake("predict", "What happens to your answer when somebody asks for another threshold?")
def predict_threshold_ignored(X, w, threshold=0.5):
    return (predict_proba(X, w) >= 0.5).astype(int)


@mistake("predict", "Does rounding know the threshold? And what does it do exactly at one half?")
def predict_rounded(X, w, threshold=0.5):
    return np.round(predict_proba(X, w)).astype(int)


@mistake("predict", "What is compared with the threshold, the score or the probability?")
def predict_on_score(X, w, threshold=0.5):
    return (add_bias(X) @ w >= threshold).astype(int)


@mistake("predict", "Which class should a high probability lead to?")
def predict_inverted(X, w, threshold=0.5):
    return (predict_proba(X, w) < threshold).astype(int)


@mistake("predict", "Which two numbers stand for the classes here?")
def predict_signs(X, w, threshold=0.5):
    return np.where(predict_proba(X, w) >= threshold, 1, -1)


@mistake("predict", "What does your model say to an example whose features are all zero?")
def predict_no_bias(X, w, threshold=0.5):
    return (sigmoid(X @ w[1:]) >= threshold).astype(int)


@mistake("predict", "One decision per example is asked for: how many do you return?")
def predict_indices(X, w, threshold=0.5):
    return np.flatnonzero(predict_proba(X, w) >= threshold)

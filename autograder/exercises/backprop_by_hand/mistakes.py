"""Named wrong answers to 04-backprop-by-hand, each with a question as its hint."""

from __future__ import annotations

import numpy as np

from autograder.exercises.backprop_by_hand.cases import brought, notebook
from autograder.exercises.backprop_by_hand.reference import (
    backward,
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
    gradient_step,
    sigmoid,
)

mistake = notebook.mistake

notebook.exercises["sigmoid"].mistakes.extend(brought.mistakes)


# The 2-2-1 network


@mistake(
    "small_network_gradients",
    "Follow the path of one weight of the first layer to the output: which output weight does it "
    "cross?",
)
def net221_wrong_output_weight(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = (h - y) * h * (1 - h)
    delta1 = delta2 * W2[1:][::-1] * a * (1 - a)
    return np.outer(x_ext, delta1), delta2 * a_ext


@mistake("small_network_gradients", "Does the constant unit pass anything back to the inputs?")
def net221_bias_row_propagated(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = (h - y) * h * (1 - h)
    delta1 = delta2 * W2[:2] * a * (1 - a)
    return np.outer(x_ext, delta1), delta2 * a_ext


@mistake(
    "small_network_gradients",
    "Count the factors of your chain for the first layer: which link lies between a and z?",
)
def net221_no_activation_derivative(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = (h - y) * h * (1 - h)
    return np.outer(x_ext, delta2 * W2[1:]), delta2 * a_ext


@mistake(
    "small_network_gradients",
    "With which loss does the slope of the output cancel, and which one is used here?",
)
def net221_delta_without_output_derivative(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = h - y
    delta1 = delta2 * W2[1:] * a * (1 - a)
    return np.outer(x_ext, delta1), delta2 * a_ext


@mistake("small_network_gradients", "What is the one half in front of the square good for?")
def net221_factor_two(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = 2 * (h - y) * h * (1 - h)
    delta1 = delta2 * W2[1:] * a * (1 - a)
    return np.outer(x_ext, delta1), delta2 * a_ext


@mistake(
    "small_network_gradients",
    "Which delta stands on the right of your formula: one you know, or the one you are after?",
)
def net221_delta_superscript(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = (h - y) * h * (1 - h)
    delta1 = delta2 * W2[1:] * a * (1 - a)
    delta1 = delta1 * W2[1:] * a * (1 - a)
    return np.outer(x_ext, delta1), delta2 * a_ext


@mistake("small_network_gradients", "Does a step against your gradient make the error smaller?")
def net221_sign(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = (y - h) * h * (1 - h)
    delta1 = delta2 * W2[1:] * a * (1 - a)
    return np.outer(x_ext, delta1), delta2 * a_ext


@mistake(
    "small_network_gradients",
    "Which index of a weight belongs to the unit it comes from: the row or the column?",
)
def net221_transposed(x, y, W1, W2):
    x_ext = np.array([1.0, x[0], x[1]])
    a = sigmoid(x_ext @ W1)
    a_ext = np.array([1.0, a[0], a[1]])
    h = sigmoid(a_ext @ W2)
    delta2 = (h - y) * h * (1 - h)
    delta1 = delta2 * W2[1:] * a * (1 - a)
    return np.outer(delta1, x_ext), delta2 * a_ext


# The two slopes


@mistake("tanh_derivative", "Read the slope of tanh at 0 off its graph: what does yours give?")
def dtanh_sigma_squared(u):
    return 1 - sigmoid(u) ** 2


@mistake("tanh_derivative", "Is the slope the same at u and at -u?")
def dtanh_not_squared(u):
    return 1 - np.tanh(u)


@mistake("tanh_derivative", "Can the slope of a rising curve be negative?")
def dtanh_preactivation(u):
    return 1 - u**2


@mistake("tanh_derivative", "How often is the tanh applied in your answer?")
def dtanh_twice(u):
    return 1 - np.tanh(np.tanh(u)) ** 2


@mistake("tanh_derivative", "Which of the two activations has this rule?")
def dtanh_sigmoid_rule(u):
    return np.tanh(u) * (1 - np.tanh(u))


@mistake("tanh_derivative", "Where is tanh steepest, and where is your slope largest?")
def dtanh_plus(u):
    return 1 + np.tanh(u) ** 2


@mistake("tanh_derivative", "Is the value of the curve asked for, or its slope?")
def dtanh_only_tanh(u):
    return np.tanh(u)


@mistake("sigmoid_derivative", "The rule speaks of the output of the sigmoid: what do you put in?")
def dsig_preactivation(u):
    return u * (1 - u)


@mistake("sigmoid_derivative", "How often is the sigmoid applied in your answer?")
def dsig_twice(u):
    return sigmoid(sigmoid(u)) * (1 - sigmoid(sigmoid(u)))


@mistake("sigmoid_derivative", "Does the curve become flat on both sides? Does your slope?")
def dsig_only_sigma(u):
    return sigmoid(u)


@mistake("sigmoid_derivative", "Which of the two activations has this rule?")
def dsig_one_minus_square(u):
    return 1 - sigmoid(u) ** 2


@mistake("sigmoid_derivative", "Put in 0: the slope there should be 1/4. One factor too many?")
def dsig_printed_extra_factor(u):
    return np.exp(-u) / (1 + np.exp(-u)) ** 2 / (1 + np.exp(-u))


@mistake("sigmoid_derivative", "Is the curve rising or falling?")
def dsig_sign(u):
    return -sigmoid(u) * (1 - sigmoid(u))


# Shapes and the forward pass


@mistake("layer_shapes", "X W1 has to be possible: which index of W1 meets the features of X?")
def shapes_weights_transposed(n, d0, d1, d2):
    return {
        "X": (n, d0),
        "W1": (d1, d0),
        "b1": (d1,),
        "u1": (n, d1),
        "h1": (n, d1),
        "W2": (d2, d1),
        "b2": (d2,),
        "u2": (n, d2),
        "h2": (n, d2),
        "U": (d2,),
        "c": (),
        "u3": (n,),
        "y_hat": (n,),
    }


@mistake("layer_shapes", "How are vectors written in this course, with one axis or with two?")
def shapes_column_vectors(n, d0, d1, d2):
    return {
        "X": (n, d0),
        "W1": (d0, d1),
        "b1": (1, d1),
        "u1": (n, d1),
        "h1": (n, d1),
        "W2": (d1, d2),
        "b2": (1, d2),
        "u2": (n, d2),
        "h2": (n, d2),
        "U": (d2, 1),
        "c": (1, 1),
        "u3": (n, 1),
        "y_hat": (n, 1),
    }


@mistake("layer_shapes", "How many numbers come out of the network for one example?")
def shapes_column_outputs(n, d0, d1, d2):
    return {
        "X": (n, d0),
        "W1": (d0, d1),
        "b1": (d1,),
        "u1": (n, d1),
        "h1": (n, d1),
        "W2": (d1, d2),
        "b2": (d2,),
        "u2": (n, d2),
        "h2": (n, d2),
        "U": (d2, 1),
        "c": (),
        "u3": (n, 1),
        "y_hat": (n, 1),
    }


@mistake("layer_shapes", "Add an example to the batch: does the layer get another bias?")
def shapes_bias_per_example(n, d0, d1, d2):
    return {
        "X": (n, d0),
        "W1": (d0, d1),
        "b1": (n, d1),
        "u1": (n, d1),
        "h1": (n, d1),
        "W2": (d1, d2),
        "b2": (n, d2),
        "u2": (n, d2),
        "h2": (n, d2),
        "U": (d2,),
        "c": (n,),
        "u3": (n,),
        "y_hat": (n,),
    }


@mistake("layer_shapes", "Which axis is the batch in this course?")
def shapes_examples_in_columns(n, d0, d1, d2):
    return {
        "X": (d0, n),
        "W1": (d0, d1),
        "b1": (d1,),
        "u1": (d1, n),
        "h1": (d1, n),
        "W2": (d1, d2),
        "b2": (d2,),
        "u2": (d2, n),
        "h2": (d2, n),
        "U": (d2,),
        "c": (),
        "u3": (n,),
        "y_hat": (n,),
    }


@mistake("layer_shapes", "A single number has no axis at all: how long is its shape?")
def shapes_c_as_vector(n, d0, d1, d2):
    return {
        "X": (n, d0),
        "W1": (d0, d1),
        "b1": (d1,),
        "u1": (n, d1),
        "h1": (n, d1),
        "W2": (d1, d2),
        "b2": (d2,),
        "u2": (n, d2),
        "h2": (n, d2),
        "U": (d2,),
        "c": (1,),
        "u3": (n,),
        "y_hat": (n,),
    }


@mistake("forward", "Which activation belongs to the first hidden layer?")
def net_h1_sigmoid(X, params):
    u1 = X @ params["W1"] + params["b1"]
    h1 = sigmoid(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = sigmoid(u2)
    u3 = h2 @ params["U"] + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


@mistake("forward", "Which activation belongs to the second hidden layer?")
def net_h2_tanh(X, params):
    u1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = np.tanh(u2)
    u3 = h2 @ params["U"] + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


@mistake("forward", "Is every term of the first affine map there?")
def net_no_b1(X, params):
    u1 = X @ params["W1"]
    h1 = np.tanh(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = sigmoid(u2)
    u3 = h2 @ params["U"] + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


@mistake("forward", "Does the output unit have an intercept?")
def net_no_c(X, params):
    u1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = sigmoid(u2)
    u3 = h2 @ params["U"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


@mistake("forward", "Two affine maps in a row: into what do they collapse?")
def net_linear_hidden(X, params):
    u1 = X @ params["W1"] + params["b1"]
    h1 = u1
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = sigmoid(u2)
    u3 = h2 @ params["U"] + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


@mistake("forward", "Is the last value a score or a probability?")
def net_output_is_score(X, params):
    u1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = sigmoid(u2)
    u3 = h2 @ params["U"] + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": u3}


@mistake("forward", "What flows into the second layer: the scores of the first or its outputs?")
def net_scores_passed_on(X, params):
    u1 = X @ params["W1"] + params["b1"]
    u2 = u1 @ params["W2"] + params["b2"]
    u3 = u2 @ params["U"] + params["c"]
    return {
        "u1": u1,
        "h1": np.tanh(u1),
        "u2": u2,
        "h2": sigmoid(u2),
        "u3": u3,
        "y_hat": sigmoid(u3),
    }


@mistake("loss", "Twice as many examples like these: should the cost double?")
def net_loss_sum(y_hat, y):
    return -np.sum(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@mistake("loss", "Print the shape of your errors before they are averaged: one for each example?")
def net_loss_column_broadcast(y_hat, y):
    y_hat = y_hat.reshape(-1, 1)
    return -np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@mistake("loss", "Which sign has the logarithm of a number below one?")
def net_loss_sign(y_hat, y):
    return np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@mistake("loss", "What does an example of class 0 cost?")
def net_loss_positive_term_only(y_hat, y):
    return -np.mean(y * np.log(y_hat))


@mistake("loss", "In which unit are losses measured in this course, bits or nats?")
def net_loss_bits(y_hat, y):
    return -np.mean(y * np.log2(y_hat) + (1 - y) * np.log2(1 - y_hat))


@mistake("loss", "One number is asked for: what is still to be done with the errors?")
def net_loss_not_averaged(y_hat, y):
    return -(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@mistake("loss", "How much should a confident mistake cost? That is another loss.")
def net_loss_squared(y_hat, y):
    return np.mean((y_hat - y) ** 2)


# The output layer


@mistake("grad_y_hat", "Differentiate ln(1 - p): is there an inner derivative?")
def dyhat_inner_sign(y_hat, y):
    return (-y / y_hat - (1 - y) / (1 - y_hat)) / len(y)


@mistake("grad_y_hat", "For a positive example, should a larger prediction raise the loss?")
def dyhat_sign(y_hat, y):
    return (y / y_hat - (1 - y) / (1 - y_hat)) / len(y)


@mistake("grad_y_hat", "Is the loss a sum or a mean?")
def dyhat_no_1_over_n(y_hat, y):
    return (1 - y) / (1 - y_hat) - y / y_hat


@mistake("grad_y_hat", "How many predictions are there, and how many derivatives?")
def dyhat_summed(y_hat, y):
    return np.mean((1 - y) / (1 - y_hat) - y / y_hat)


@mistake("grad_y_hat", "Is this with respect to the prediction, or already to the score before it?")
def dyhat_through_sigmoid(y_hat, y):
    return (y_hat - y) / len(y)


@mistake("grad_y_hat", "The derivative of a logarithm is a fraction: where is yours?")
def dyhat_logarithms_kept(y_hat, y):
    return ((1 - y) * np.log(1 - y_hat) - y * np.log(y_hat)) / len(y)


@mistake("grad_u3", "Is the loss a sum or a mean?")
def du3_no_1_over_n(y_hat, y):
    return y_hat - y


@mistake("grad_u3", "Does a step against your gradient lower the loss?")
def du3_sign(y_hat, y):
    return (y - y_hat) / len(y)


@mistake("grad_u3", "Multiply the two factors out on paper: what cancels between them?")
def du3_extra_sigmoid_prime(y_hat, y):
    return (y_hat - y) * y_hat * (1 - y_hat) / len(y)


@mistake("grad_u3", "Which loss did you differentiate?")
def du3_mse(y_hat, y):
    return 2 * (y_hat - y) * y_hat * (1 - y_hat) / len(y)


@mistake("grad_u3", "Which link is there between the score and the prediction?")
def du3_forgot_activation(y_hat, y):
    return ((1 - y) / (1 - y_hat) - y / y_hat) / len(y)


@mistake("grad_u3", "The difference of what and y: the score, or the probability?")
def du3_logit(y_hat, y):
    return (np.log(y_hat / (1 - y_hat)) - y) / len(y)


@mistake("grad_u3", "How many scores are there, and how many derivatives?")
def du3_summed(y_hat, y):
    return np.mean(y_hat - y)


@mistake("grad_U", "Where has the 1/N been used already?")
def dU_extra_mean(h2, du3):
    return h2.T @ du3 / len(du3)


@mistake("grad_U", "How many weights are there, and how many numbers did you return?")
def dU_not_summed(h2, du3):
    return h2 * du3[:, None]


@mistake("grad_U", "Which signal multiplies U in the forward pass?")
def dU_preactivation(h2, du3):
    return np.log(h2 / (1 - h2)).T @ du3


@mistake("grad_U", "Do the shapes fit, and where they do, is it by accident?")
def dU_no_transpose(h2, du3):
    return h2 @ du3


@mistake("grad_U", "Is the sum of products the product of the sums?")
def dU_product_of_sums(h2, du3):
    return h2.sum(axis=0) * du3.sum()


@mistake("grad_U", "Compare the shape with that of U: one axis or two?")
def dU_as_column(h2, du3):
    return h2.T @ du3.reshape(-1, 1)


@mistake("grad_c", "Where has the 1/N been used already?")
def dc_mean(du3):
    return np.mean(du3)


@mistake("grad_c", "One number, shared by all examples: how many derivatives?")
def dc_vector(du3):
    return du3


@mistake("grad_c", "Your local derivative is right. What comes from above?")
def dc_one(du3):
    return 1.0


@mistake("grad_c", "The sum of absolute values: may errors of opposite sign not cancel?")
def dc_absolute(du3):
    return np.abs(du3).sum()


@mistake("grad_h2", "Why are all rows the same? What comes from above is different for each.")
def dh2_only_U(du3, U):
    return np.tile(U, (len(du3), 1))


@mistake("grad_h2", "Every example has its own hidden vector: should anything be summed?")
def dh2_contracted(du3, U):
    return du3.sum() * U


@mistake("grad_h2", "Which axis is the batch?")
def dh2_transposed(du3, U):
    return np.outer(U, du3)


@mistake("grad_h2", "How many free indices does the result have, one or two?")
def dh2_elementwise(du3, U):
    return du3 * U


@mistake("grad_h2", "Where has the 1/N been used already?")
def dh2_extra_mean(du3, U):
    return np.outer(du3, U) / len(du3)


# The second layer


@mistake("grad_u2", "What stands between u2 and h2?")
def du2_no_activation(dh2, h2):
    return dh2


@mistake("grad_u2", "The rule speaks of the output of the activation: what do you put in?")
def du2_preactivation_rule(dh2, h2):
    u2 = np.log(h2 / (1 - h2))
    return dh2 * u2 * (1 - u2)


@mistake("grad_u2", "h2 has been through the activation already: what does yours do to it?")
def du2_double_sigmoid(dh2, h2):
    return dh2 * sigmoid(h2) * (1 - sigmoid(h2))


@mistake("grad_u2", "Which activation is used in this layer?")
def du2_tanh_rule(dh2, h2):
    return dh2 * (1 - h2**2)


@mistake("grad_u2", "The local slope is right. What comes from above?")
def du2_local_only(dh2, h2):
    return h2 * (1 - h2)


@mistake("grad_u2", "Entry by entry, or a matrix product: how does an activation work?")
def du2_matrix_product(dh2, h2):
    return dh2 @ (h2 * (1 - h2)).T


@mistake("grad_W2", "Compare the shape with that of the weight matrix.")
def dW2_transposed(h1, du2):
    return du2.T @ h1


@mistake(
    "grad_W2",
    "Row index of a weight: where the signal comes from, or where it goes to?",
    like=("dW2-transposed",),
)
def dW2_transposed_square(h1, du2):
    return (h1.T @ du2).T


@mistake("grad_W2", "Which signal multiplies the weights in the forward pass?")
def dW2_preactivation(h1, du2):
    return np.arctanh(h1).T @ du2


@mistake("grad_W2", "Where has the 1/N been used already?")
def dW2_extra_mean(h1, du2):
    return h1.T @ du2 / len(h1)


@mistake("grad_W2", "Is the sum of products the product of the sums?")
def dW2_product_of_sums(h1, du2):
    return np.outer(h1.sum(axis=0), du2.sum(axis=0))


@mistake("grad_W2", "Do the shapes fit, and where they do, is it by accident?")
def dW2_no_transpose(h1, du2):
    return h1 @ du2


@mistake("grad_W2", "One outer product for each example: what happens to them afterwards?")
def dW2_not_summed(h1, du2):
    return h1[:, :, None] * du2[:, None, :]


@mistake("grad_b2", "How many biases does the layer have? Over which axis did you sum?")
def db2_wrong_axis(du2):
    return du2.sum(axis=1)


@mistake("grad_b2", "Where has the 1/N been used already?")
def db2_mean(du2):
    return du2.mean(axis=0)


@mistake("grad_b2", "One number in all, or one for each unit?")
def db2_total(du2):
    return du2.sum()


@mistake("grad_b2", "The same bias is used by every example: what do their shares do?")
def db2_not_summed(du2):
    return du2


@mistake("grad_b2", "Your local derivative is right. What comes from above?")
def db2_ones(du2):
    return np.full(du2.shape[1], float(len(du2)))


@mistake("grad_b2", "Compare the shape with that of b2: one axis or two?")
def db2_row_kept(du2):
    return du2.sum(axis=0, keepdims=True)


@mistake("grad_h1", "Do the shapes fit, and where they do, is it by accident?")
def dh1_no_transpose(du2, W2):
    return du2 @ W2


@mistake(
    "grad_h1",
    "The shapes fit either way: which index of the weight matrix is summed over?",
    like=("dh1-no-transpose",),
)
def dh1_no_transpose_square(du2, W2):
    return np.einsum("nk,kj->nj", du2, W2)


@mistake("grad_h1", "Reshape [[1, 2, 3], [4, 5, 6]] to (3, 2): is that its transpose?")
def dh1_reshaped(du2, W2):
    return du2 @ W2.reshape(W2.shape[1], W2.shape[0])


@mistake("grad_h1", "Every example has its own row: should anything be averaged?")
def dh1_extra_mean(du2, W2):
    return du2 @ W2.T / len(du2)


@mistake("grad_h1", "Which axis is the batch?")
def dh1_transposed(du2, W2):
    return W2 @ du2.T


# The first layer


@mistake("grad_u1", "Which activation is used in this layer?")
def du1_sigmoid_rule(dh1, h1):
    return dh1 * h1 * (1 - h1)


@mistake("grad_u1", "Is the slope the same for h and for -h?")
def du1_not_squared(dh1, h1):
    return dh1 * (1 - h1)


@mistake("grad_u1", "Put in h1 = 0, where the curve is steepest: what is the slope there?")
def du1_sigma_squared(dh1, h1):
    return dh1 * (1 - sigmoid(np.arctanh(h1)) ** 2)


@mistake("grad_u1", "What stands between u1 and h1?")
def du1_no_activation(dh1, h1):
    return dh1


@mistake("grad_u1", "h1 has been through the activation already: what does yours do to it?")
def du1_double_tanh(dh1, h1):
    return dh1 * (1 - np.tanh(h1) ** 2)


@mistake("grad_u1", "The local slope is right. What comes from above?")
def du1_local_only(dh1, h1):
    return 1 - h1**2


@mistake("grad_W1", "Compare the shape with that of the weight matrix. Where are the inputs?")
def dW1_printed_slip(X, du1):
    return du1.T @ du1


@mistake("grad_W1", "Compare the shape with that of the weight matrix.")
def dW1_transposed(X, du1):
    return du1.T @ X


@mistake("grad_W1", "Where has the 1/N been used already?")
def dW1_extra_mean(X, du1):
    return X.T @ du1 / len(X)


@mistake("grad_W1", "Is the sum of products the product of the sums?")
def dW1_product_of_sums(X, du1):
    return np.outer(X.sum(axis=0), du1.sum(axis=0))


@mistake("grad_W1", "Do the shapes fit, and where they do, is it by accident?")
def dW1_no_transpose(X, du1):
    return X @ du1


@mistake("grad_b1", "How many biases does the layer have? Over which axis did you sum?")
def db1_wrong_axis(du1):
    return du1.sum(axis=1)


@mistake("grad_b1", "Where has the 1/N been used already?")
def db1_mean(du1):
    return du1.mean(axis=0)


@mistake("grad_b1", "One number in all, or one for each unit?")
def db1_total(du1):
    return du1.sum()


@mistake("grad_b1", "The same bias is used by every example: what do their shares do?")
def db1_not_summed(du1):
    return du1


# The whole backward pass


@mistake("backward", "How often does the 1/N of the loss belong into the chain?")
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


@mistake("backward", "Is the loss a sum or a mean?")
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


@mistake("backward", "Does a step against your gradient lower the loss?")
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


@mistake("backward", "Which two gradients start the chain: is the slope of the output in it once?")
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


@mistake("backward", "Which gradient goes on to layer 1: before or after the second activation?")
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


@mistake("backward", "Only the first layer is off: what stands between u1 and h1?")
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


@mistake(
    "backward",
    "Differentiate u3 with respect to h2: what is left, the hidden values or the weights?",
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


@mistake("backward", "Which layer feeds the weights W2?")
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


@mistake("backward", "Which signal enters the first layer?")
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


@mistake("backward", "Which values multiply the weights in the forward pass: scores or outputs?")
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


@mistake("backward", "The two activation steps take h, not u: which of them did you hand over?")
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


@mistake("backward", "Which of the two hidden layers has the tanh?")
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


@mistake("backward", "Which shape has the gradient of a bias, and over which axis is it summed?")
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


@mistake("backward", "The examples share their biases: are the shares added up or averaged?")
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


# Numerical gradients and training


@mistake("numerical_gradient", "You walk one step to one side only: is that a central difference?")
def numerical_forward_difference(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        moved = theta.copy()
        moved[index] += step
        gradient[index] = (f(moved) - f(theta)) / step
    return gradient


@mistake("numerical_gradient", "How far apart are the two points you evaluate at?")
def numerical_divided_by_step(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += step
        below[index] -= step
        gradient[index] = (f(above) - f(below)) / step
    return gradient


@mistake("numerical_gradient", "How far apart are the two points you evaluate at?")
def numerical_half_steps(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += step / 2
        below[index] -= step / 2
        gradient[index] = (f(above) - f(below)) / step
    return gradient


@mistake("numerical_gradient", "Does your answer change when another step is asked for?")
def numerical_step_ignored(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += 1e-5
        below[index] -= 1e-5
        gradient[index] = (f(above) - f(below)) / 2e-5
    return gradient


@mistake("numerical_gradient", "Print theta before and after: does it come back as it was?")
def numerical_theta_not_restored(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        theta[index] += step
        above = f(theta)
        theta[index] -= 2 * step
        gradient[index] = (above - f(theta)) / (2 * step)
    return gradient


@mistake("numerical_gradient", "How many entries of theta are moved at a time?")
def numerical_all_entries_at_once(f, theta, step=1e-5):
    return np.full(theta.shape, (f(theta + step) - f(theta - step)) / (2 * step))


@mistake("numerical_gradient", "A gradient points uphill: which of the two values comes first?")
def numerical_sign(f, theta, step=1e-5):
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += step
        below[index] -= step
        gradient[index] = (f(below) - f(above)) / (2 * step)
    return gradient


@mistake("numerical_gradient", "Which shape should a gradient have?")
def numerical_flat(f, theta, step=1e-5):
    gradient = []
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += step
        below[index] -= step
        gradient.append((f(above) - f(below)) / (2 * step))
    return np.array(gradient)


@mistake("gradient_step", "A gradient points uphill: which way does descent go?")
def step_uphill(params, gradients, learning_rate):
    return {name: params[name] + learning_rate * gradients[name] for name in params}


@mistake("gradient_step", "What does the learning rate change in your answer?")
def step_rate_ignored(params, gradients, learning_rate):
    return {name: params[name] - gradients[name] for name in params}


@mistake("gradient_step", "A long step for a small rate? Do you multiply by it or divide?")
def step_rate_divides(params, gradients, learning_rate):
    return {name: params[name] - gradients[name] / learning_rate for name in params}


@mistake("gradient_step", "Is the step asked for, or where it leads to?")
def step_only(params, gradients, learning_rate):
    return {name: -learning_rate * gradients[name] for name in params}


@mistake("gradient_step", "Do intercepts learn, too?")
def step_weights_only(params, gradients, learning_rate):
    moved = {name: params[name] - learning_rate * gradients[name] for name in ("W1", "W2", "U")}
    return {**params, **moved}


@mistake("train", "Which weights were used in the forward pass: those before the step or after?")
def dh1_updated_weights(X, y, params, learning_rate, steps):
    params = dict(params)
    for _ in range(steps):
        cache = forward(X, params)
        du3 = grad_u3(cache["y_hat"], y)
        dh2 = grad_h2(du3, params["U"])
        params["U"] = params["U"] - learning_rate * grad_U(cache["h2"], du3)
        params["c"] = params["c"] - learning_rate * grad_c(du3)
        du2 = grad_u2(dh2, cache["h2"])
        params["W2"] = params["W2"] - learning_rate * grad_W2(cache["h1"], du2)
        params["b2"] = params["b2"] - learning_rate * grad_b2(du2)
        du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
        params["W1"] = params["W1"] - learning_rate * grad_W1(X, du1)
        params["b1"] = params["b1"] - learning_rate * grad_b1(du1)
    return params


@mistake("train", "Which weights were used in the forward pass: those before the step or after?")
def train_every_gradient_with_updated_weights(X, y, params, learning_rate, steps):
    params = dict(params)
    for _ in range(steps):
        cache = forward(X, params)
        du3 = grad_u3(cache["y_hat"], y)
        params["U"] = params["U"] - learning_rate * grad_U(cache["h2"], du3)
        params["c"] = params["c"] - learning_rate * grad_c(du3)
        du2 = grad_u2(grad_h2(du3, params["U"]), cache["h2"])
        params["W2"] = params["W2"] - learning_rate * grad_W2(cache["h1"], du2)
        params["b2"] = params["b2"] - learning_rate * grad_b2(du2)
        du1 = grad_u1(grad_h1(du2, params["W2"]), cache["h1"])
        params["W1"] = params["W1"] - learning_rate * grad_W1(X, du1)
        params["b1"] = params["b1"] - learning_rate * grad_b1(du1)
    return params


@mistake("train", "Does the forward pass see the new parameters after each step?")
def train_stale_gradients(X, y, params, learning_rate, steps):
    gradients = backward(X, y, params, forward(X, params))
    for _ in range(steps):
        params = gradient_step(params, gradients, learning_rate)
    return params


@mistake(
    "train",
    "The loop hands its result to the next round: does the next round start from it?",
)
def train_one_step(X, y, params, learning_rate, steps):
    for _ in range(steps):
        gradients = backward(X, y, params, forward(X, params))
        moved = gradient_step(params, gradients, learning_rate)
    return moved


@mistake("train", "Count the steps: how many are taken for steps = 1?")
def train_one_step_too_many(X, y, params, learning_rate, steps):
    for _ in range(steps + 1):
        params = gradient_step(params, backward(X, y, params, forward(X, params)), learning_rate)
    return params


@mistake("train", "Count the steps: how many are taken for steps = 1?")
def train_one_step_too_few(X, y, params, learning_rate, steps):
    for _ in range(1, steps):
        params = gradient_step(params, backward(X, y, params, forward(X, params)), learning_rate)
    return params


@mistake("train", "Does the loss fall from step to step?")
def train_uphill(X, y, params, learning_rate, steps):
    for _ in range(steps):
        params = gradient_step(params, backward(X, y, params, forward(X, params)), -learning_rate)
    return params


@mistake("train", "The backward pass needs values of the forward pass: of which parameters?")
def train_cache_of_the_start(X, y, params, learning_rate, steps):
    cache = forward(X, params)
    for _ in range(steps):
        params = gradient_step(params, backward(X, y, params, cache), learning_rate)
    return params


@mistake("train", "The 1/N is in the gradient: is it in the step once more?")
def train_rate_over_n(X, y, params, learning_rate, steps):
    rate = learning_rate / len(y)
    for _ in range(steps):
        params = gradient_step(params, backward(X, y, params, forward(X, params)), rate)
    return params


@mistake("train", "What does the learning rate change in your answer?")
def train_rate_ignored(X, y, params, learning_rate, steps):
    for _ in range(steps):
        params = gradient_step(params, backward(X, y, params, forward(X, params)), 0.1)
    return params

"""Named wrong answers to 03-softmax-jacobian, each with a question as its hint.

Each is what a student might write on top of the exercises before it; those that forget the shift
by the maximum say so in their name.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.softmax_jacobian.cases import notebook
from autograder.exercises.softmax_jacobian.reference import (
    cross_entropy_gradient,
    grad_probabilities,
    log_softmax,
    logsumexp,
    softmax,
    softmax_jacobian_batch,
)

mistake = notebook.mistake


@mistake("softmax", "Add up each row of what you return, then each column: which sums must be 1?")
def softmax_axis0(a):
    e = np.exp(a - a.max(axis=0))
    return e / e.sum(axis=0)


@mistake("softmax", "How many distributions does a batch hold, and how many does yours?")
def softmax_global_sum(a):
    e = np.exp(a - a.max())
    return e / e.sum()


@mistake("softmax", "What does your function make of a negative score?")
def softmax_linear(a):
    return a / a.sum(axis=-1, keepdims=True)


@mistake("softmax", "Each of your numbers is a probability: do they add up to 1?")
def softmax_sigmoids(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, e) / (1 + e)


@mistake("softmax", "Which class should get the largest probability?")
def softmax_negative_exponent(a):
    e = np.exp(a.min(axis=-1, keepdims=True) - a)
    return e / e.sum(axis=-1, keepdims=True)


@mistake("softmax", "Try the scores -2 and 2: should they get the same probability?")
def softmax_squares(a):
    return a**2 / np.sum(a**2, axis=-1, keepdims=True)


@mistake("softmax", "Print the shape of your denominator: along which axis is it stretched?")
def softmax_sum_no_keepdims(a):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


@mistake("softmax", "Is one and the same number taken from all the scores of a row?")
def softmax_max_no_keepdims(a):
    e = np.exp(a - a.max(axis=-1))
    return e / e.sum(axis=-1, keepdims=True)


@mistake("softmax", "What does np.exp(1000.0) give? Which scores give the same probabilities?")
def softmax_no_max_shift(a):
    e = np.exp(a)
    return e / e.sum(axis=-1, keepdims=True)


@mistake("softmax", "One row lies thousands below another: what is left of it after your shift?")
def softmax_global_max_shift(a):
    e = np.exp(a - a.max())
    return e / e.sum(axis=-1, keepdims=True)


@mistake("softmax", "Two different scores beyond your limit: do they still differ?")
def softmax_clipped_logits(a):
    e = np.exp(np.clip(a, -50, 50))
    return e / e.sum(axis=-1, keepdims=True)


@mistake("softmax", "The small number in your denominator: do the rows still add up to exactly 1?")
def softmax_guarded_denominator(a):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1e-5)


@mistake("softmax", "Which base has the exponential here?")
def softmax_base_two(a):
    e = 2.0 ** (a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@mistake("softmax", "Is a probability asked for, or which class has the highest one?")
def softmax_argmax(a):
    return (a == a.max(axis=-1, keepdims=True)).astype(float)


@mistake("softmax", "Is the probability asked for, or its logarithm?")
def softmax_logarithm(a):
    return a - logsumexp(a)[..., None]


@mistake("softmax_with_temperature", "Does heating make the bars more alike, or less?")
def temperature_multiplied(a, temperature):
    return softmax(a * temperature)


@mistake("softmax_with_temperature", "Add up what you return: is it still a distribution?")
def temperature_outside(a, temperature):
    return softmax(a) / temperature


@mistake("softmax_with_temperature", "Is the temperature in the denominator's exponentials too?")
def temperature_numerator_only(a, temperature):
    m = a.max(axis=-1, keepdims=True)
    return np.exp((a - m) / temperature) / np.exp(a - m).sum(axis=-1, keepdims=True)


@mistake("softmax_with_temperature", "What changes in your answer when the temperature does?")
def temperature_ignored(a, temperature):
    return softmax(a)


@mistake(
    "softmax_with_temperature", "Hot scores of thousands still overflow: what did softmax need?"
)
def temperature_no_max_shift(a, temperature):
    e = np.exp(a / temperature)
    return e / e.sum(axis=-1, keepdims=True)


@mistake(
    "softmax_with_temperature",
    "Were the probabilities heated, or the scores they are made of?",
)
def temperature_on_probabilities(a, temperature):
    return softmax(softmax(a) / temperature)


@mistake("logsumexp", "You moved the scores before the exponential: was the move undone?")
def lse_max_not_added_back(a):
    return np.log(np.sum(np.exp(a - a.max(axis=-1, keepdims=True)), axis=-1))


@mistake("logsumexp", "Two scores of 0: the logarithm of a sum, or a sum of logarithms?")
def lse_sum_of_logs(a):
    return np.sum(a, axis=-1)


@mistake("logsumexp", "Close, and always on the same side: which part of the sum is left out?")
def lse_is_max(a):
    return np.max(a, axis=-1)


@mistake("logsumexp", "What does np.exp(1000.0) give? And how far can the scores be moved?")
def lse_no_max_shift(a):
    return np.log(np.sum(np.exp(a), axis=-1))


@mistake("logsumexp", "One row lies thousands below another: is one shift good for both?")
def lse_global_max_shift(a):
    return a.max() + np.log(np.sum(np.exp(a - a.max()), axis=-1))


@mistake("logsumexp", "All scores 0, K of them: what should come out, and does K show in yours?")
def lse_mean_for_sum(a):
    m = a.max(axis=-1, keepdims=True)
    return m[..., 0] + np.log(np.mean(np.exp(a - m), axis=-1))


@mistake("logsumexp", "One number per example, or one per class: which axis is summed?")
def lse_axis0(a):
    m = a.max(axis=0)
    return m + np.log(np.sum(np.exp(a - m), axis=0))


@mistake("logsumexp", "How many examples are there, and how many numbers do you return?")
def lse_over_everything(a):
    return a.max() + np.log(np.sum(np.exp(a - a.max())))


@mistake("logsumexp", "The sum was kept as a column: how many numbers belong to one example?")
def lse_axis_kept(a):
    m = a.max(axis=-1, keepdims=True)
    return m + np.log(np.sum(np.exp(a - m), axis=-1, keepdims=True))


@mistake("logsumexp", "You added something back: with which sign was it taken away?")
def lse_max_subtracted_twice(a):
    m = a.max(axis=-1, keepdims=True)
    return np.log(np.sum(np.exp(a - m), axis=-1)) - m[..., 0]


@mistake("logsumexp", "Is the logarithm of the sum asked for, or the sum?")
def lse_without_log(a):
    return np.sum(np.exp(a), axis=-1)


@mistake("log_softmax", "What is the logarithm of a probability that was rounded to zero?")
def logsoftmax_log_of_softmax(a):
    return np.log(softmax(a))


@mistake("log_softmax", "The small number beside the probability: which one is larger of the two?")
def logsoftmax_guarded(a):
    return np.log(softmax(a) + 1e-12)


@mistake("log_softmax", "What does np.exp(1000.0) give? Can the logarithm be taken before?")
def logsoftmax_no_max_shift(a):
    e = np.exp(a)
    return np.log(e / e.sum(axis=-1, keepdims=True))


@mistake("log_softmax", "Exponentiate your answer: do its rows add up to 1?")
def logsoftmax_minus_max(a):
    return a - a.max(axis=-1, keepdims=True)


@mistake("log_softmax", "Is the logarithm of a probability positive or negative?")
def logsoftmax_sign(a):
    return logsumexp(a)[..., None] - a


@mistake("log_softmax", "Exponentiate your answer: do the rows add up to 1, or the columns?")
def logsoftmax_axis0(a):
    m = a.max(axis=0)
    return a - m - np.log(np.sum(np.exp(a - m), axis=0))


@mistake("log_softmax", "Is the same number taken from all the scores of a row?")
def logsoftmax_no_keepdims(a):
    return a - logsumexp(a)


@mistake("log_softmax", "Where is the logarithm?")
def logsoftmax_is_softmax(a):
    return softmax(a)


@mistake("log_softmax", "The maximum was taken off twice or not at all: follow it through.")
def logsoftmax_shift_slip(a):
    m = a.max(axis=-1, keepdims=True)
    return a - np.log(np.sum(np.exp(a - m), axis=-1, keepdims=True))


@mistake("log_softmax", "Which base has the logarithm in a loss?")
def logsoftmax_bits(a):
    return log_softmax(a) / np.log(2)


@mistake("one_hot", "Which number has the first class in an array?")
def one_hot_off_by_one(labels, n_classes):
    return np.eye(n_classes)[labels - 1]


@mistake("one_hot", "Which of the two axes belongs to the examples?")
def one_hot_transposed(labels, n_classes):
    return np.eye(n_classes)[:, labels]


@mistake("one_hot", "Your rows hold several ones: which entry was meant in each row?")
def one_hot_columns_filled(labels, n_classes):
    y = np.zeros((len(labels), n_classes))
    y[:, labels] = 1
    return y


@mistake("one_hot", "Print one row: was a single entry set, or the whole row?")
def one_hot_rows_filled(labels, n_classes):
    y = np.zeros((len(labels), n_classes))
    y[labels] = 1
    return y


@mistake("one_hot", "A class that no example has: does it still get its column?")
def one_hot_width_from_labels(labels, n_classes):
    return np.eye(labels.max() + 1)[labels]


@mistake("one_hot", "A class that no example has: do the later ones keep their column?")
def one_hot_only_seen_classes(labels, n_classes):
    y = (labels[:, None] == np.unique(labels)).astype(float)
    return np.pad(y, ((0, 0), (0, n_classes - y.shape[1])))


@mistake("one_hot", "Can class 3 be three times as true as class 1?")
def one_hot_label_as_value(labels, n_classes):
    return np.eye(n_classes)[labels] * labels[:, None]


@mistake("one_hot", "Does row n of your answer belong to example n?")
def one_hot_sorted(labels, n_classes):
    return np.eye(n_classes)[np.sort(labels)]


@mistake("softmax_jacobian", "Raise one score: do the other probabilities stay where they are?")
def jac_diagonal_only(a):
    s = softmax(a)
    return np.diag(s * (1 - s))


@mistake("softmax_jacobian", "Raise one score: can another probability rise as well?")
def jac_plus_outer(a):
    s = softmax(a)
    return np.diag(s) + np.outer(s, s)


@mistake("softmax_jacobian", "Raise one score: does its own probability go up or down?")
def jac_sign(a):
    s = softmax(a)
    return np.outer(s, s) - np.diag(s)


@mistake(
    "softmax_jacobian", "The probabilities always add up to 1: what do your columns add up to?"
)
def jac_identity_minus_outer(a):
    s = softmax(a)
    return np.eye(len(s)) - np.outer(s, s)


@mistake("softmax_jacobian", "Compare entry (0, 1) with entry (1, 0): which scores does each hold?")
def jac_row_index_slip(a):
    s = softmax(a)
    return s[:, None] * (np.eye(len(s)) - s[:, None])


@mistake("softmax_jacobian", "Compare entry (0, 1) with entry (1, 0): should they differ?")
def jac_column_index_slip(a):
    s = softmax(a)
    return s * (np.eye(len(s)) - s)


@mistake("softmax_jacobian", "Is this how the probability changes, or how its logarithm does?")
def jac_of_log_softmax(a):
    return np.eye(len(a)) - softmax(a)


@mistake("softmax_jacobian", "The vector in your matrix: is it what goes in, or what comes out?")
def jac_uses_logits(a):
    return np.diag(a) - np.outer(a, a)


@mistake("softmax_jacobian", "Does the denominator stay the same when one score is raised?")
def jac_exp_only(a):
    return np.diag(np.exp(a - a.max()))


@mistake("softmax_jacobian", "Does a probability not react to its own score?")
def jac_diagonal_zero(a):
    s = softmax(a)
    return np.diag(s**2) - np.outer(s, s)


@mistake("softmax_jacobian", "Are the entries of one row all the same derivative?")
def jac_sigmoid_rule_with_ones(a):
    s = softmax(a)
    return np.outer(s * (1 - s), np.ones(len(s)))


@mistake("softmax_jacobian", "K outputs, each with K scores to react to: how many derivatives?")
def jac_vector(a):
    s = softmax(a)
    return s * (1 - s)


@mistake("softmax_jacobian", "Off the diagonal all is well: what is added where i equals k?")
def jac_outer_only(a):
    s = softmax(a)
    return -np.outer(s, s)


@mistake("softmax_jacobian", "Where the scores are in the thousands: which softmax do you use?")
def jac_unstable_softmax(a):
    s = np.exp(a) / np.exp(a).sum()
    return np.diag(s) - np.outer(s, s)


@mistake("softmax_jacobian_batch", "Does every example keep a matrix of its own?")
def bjac_averaged(a):
    return softmax_jacobian_batch(a).mean(axis=0)


@mistake("softmax_jacobian_batch", "Which letter of your einsum vanished: what was added up?")
def bjac_summed(a):
    return softmax_jacobian_batch(a).sum(axis=0)


@mistake("softmax_jacobian_batch", "Which sums of the probabilities must be 1, rows or columns?")
def bjac_axis0(a):
    e = np.exp(a - a.max(axis=0))
    s = e / e.sum(axis=0)
    return np.einsum("ni,ik->nik", s, np.eye(a.shape[1])) - np.einsum("ni,nk->nik", s, s)


@mistake("softmax_jacobian_batch", "Raise one score: do the other probabilities stay put?")
def bjac_diagonal_only(a):
    s = softmax(a)
    return np.einsum("ni,ik->nik", s * (1 - s), np.eye(a.shape[1]))


@mistake("softmax_jacobian_batch", "Raise one score: can another probability rise as well?")
def bjac_plus_outer(a):
    s = softmax(a)
    return np.einsum("ni,ik->nik", s, np.eye(a.shape[1])) + np.einsum("ni,nk->nik", s, s)


@mistake("softmax_jacobian_batch", "Raise one score: does its own probability go up or down?")
def bjac_sign(a):
    return -softmax_jacobian_batch(a)


@mistake("softmax_jacobian_batch", "Do the rows of each matrix add up to zero?")
def bjac_identity_minus_outer(a):
    s = softmax(a)
    return np.eye(a.shape[1]) - np.einsum("ni,nk->nik", s, s)


@mistake("softmax_jacobian_batch", "Is each of your matrices symmetric? Follow i and k once more.")
def bjac_row_index_slip(a):
    s = softmax(a)
    return s[:, :, None] * (np.eye(a.shape[1]) - s[:, :, None])


@mistake("softmax_jacobian_batch", "Against which axis is the second factor stretched?")
def bjac_broadcast_slip(a):
    s = softmax(a)
    return s[:, :, None] * (np.eye(a.shape[1]) - s)


@mistake("softmax_jacobian_batch", "Which axis counts the examples, and where should it stand?")
def bjac_batch_last(a):
    return softmax_jacobian_batch(a).transpose(1, 2, 0)


@mistake("softmax_jacobian_batch", "Does an example's score move another example's probabilities?")
def bjac_all_pairs(a):
    return np.einsum("nik,nm->nimk", softmax_jacobian_batch(a), np.eye(len(a)))


@mistake(
    "softmax_jacobian_batch", "Is this how the probability changes, or how its logarithm does?"
)
def bjac_of_log_softmax(a):
    return np.eye(a.shape[1]) - softmax(a)[:, None, :]


@mistake("softmax_jvp", "Push all scores up by the same amount: what should happen?")
def jvp_no_dot(a, v):
    return softmax(a) * v


@mistake("softmax_jvp", "Push all scores up by 1: does your answer vanish?")
def jvp_sum_of_v(a, v):
    return softmax(a) * (v - v.sum())


@mistake("softmax_jvp", "Which average of v belongs there, one with equal weights or another?")
def jvp_mean_of_v(a, v):
    return softmax(a) * (v - v.mean())


@mistake("softmax_jvp", "Beside the diagonal the matrix is not zero: where did that part go?")
def jvp_diagonal_only(a, v):
    s = softmax(a)
    return s * (1 - s) * v


@mistake(
    "softmax_jvp", "Put the full matrix times v beside yours for K = 3: by what do they differ?"
)
def jvp_s_outside_missing(a, v):
    return v - softmax(a) @ v


@mistake("softmax_jvp", "Which part of the difference does the outer factor apply to?")
def jvp_dot_of_products(a, v):
    s = softmax(a)
    return s * v - s @ v


@mistake("softmax_jvp", "Push one score up: does its own probability go up or down?")
def jvp_sign(a, v):
    s = softmax(a)
    return s * (s @ v - v)


@mistake("softmax_jvp", "How many probabilities change, and how many numbers do you return?")
def jvp_one_number(a, v):
    s = softmax(a)
    return s @ (v - s @ v)


@mistake("softmax_jvp", "Is the average taken of the pushes, or of the scores?")
def jvp_dot_with_scores(a, v):
    return softmax(a) * (v - a @ v)


@mistake("cross_entropy_loss", "Put every example in twice: should the loss double?")
def cce_sum_over_batch(a, y):
    return -np.sum(y * log_softmax(a))


@mistake("cross_entropy_loss", "Over what is the average taken: examples, or all the entries?")
def cce_mean_over_classes(a, y):
    return -np.mean(y * log_softmax(a))


@mistake("cross_entropy_loss", "Change the labels: does your loss notice?")
def cce_log_of_max(a, y):
    return -np.mean(np.max(log_softmax(a), axis=1))


@mistake("cross_entropy_loss", "Exclusive classes, or one yes-no question for each of them?")
def cce_binary_per_class(a, y):
    rest = np.log1p(-softmax(a))
    return -np.mean(np.sum(y * log_softmax(a) + (1 - y) * rest, axis=1))


@mistake("cross_entropy_loss", "What goes in, scores or probabilities? What did you do to them?")
def cce_double_softmax(a, y):
    return -np.mean(np.sum(y * log_softmax(softmax(a)), axis=1))


@mistake("cross_entropy_loss", "Which number has the first class in an array?")
def cce_label_off_by_one(a, y):
    return -np.mean(log_softmax(a)[np.arange(len(a)), y.argmax(axis=1) - 1])


@mistake("cross_entropy_loss", "Print the shape of what you picked: one number per example?")
def cce_fancy_index_slip(a, y):
    return -np.mean(log_softmax(a)[:, y.argmax(axis=1)])


@mistake("cross_entropy_loss", "The average of logarithms, or the logarithm of an average?")
def cce_log_of_mean(a, y):
    return -np.log(np.mean(np.sum(y * softmax(a), axis=1)))


@mistake("cross_entropy_loss", "A confident mistake should cost a lot: where is the logarithm?")
def cce_squared_error(a, y):
    return np.mean(np.sum((softmax(a) - y) ** 2, axis=1))


@mistake("cross_entropy_loss", "A target of 0.6 and one of 1: do they say the same?")
def cce_one_hot_only(a, y):
    return -np.mean(log_softmax(a)[np.arange(len(a)), y.argmax(axis=1)])


@mistake(
    "cross_entropy_loss", "What does np.exp(1000.0) give? Which function did you write for it?"
)
def cce_no_max_shift(a, y):
    s = np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)
    return -np.mean(np.sum(y * np.log(s), axis=1))


@mistake("cross_entropy_loss", "What is 0 times the logarithm of a probability rounded to zero?")
def cce_log_of_softmax(a, y):
    return -np.mean(np.sum(y * np.log(softmax(a)), axis=1))


@mistake("cross_entropy_loss", "A score is 6000 too low: can your loss be that large?")
def cce_guarded(a, y):
    return -np.mean(np.sum(y * np.log(softmax(a) + 1e-12), axis=1))


@mistake("cross_entropy_loss", "What is the largest loss that your limits allow?")
def cce_clipped(a, y):
    return -np.mean(np.sum(y * np.log(np.clip(softmax(a), 1e-7, 1 - 1e-7)), axis=1))


@mistake("cross_entropy_loss", "Which sign has the logarithm of a probability?")
def cce_sign(a, y):
    return np.mean(np.sum(y * log_softmax(a), axis=1))


@mistake("cross_entropy_loss", "One number for the batch, or one for each example?")
def cce_per_example(a, y):
    return -np.sum(y * log_softmax(a), axis=1)


@mistake("cross_entropy_loss", "Which base has the logarithm in Softmax e grafo?")
def cce_bits(a, y):
    return -np.mean(np.sum(y * log_softmax(a), axis=1)) / np.log(2)


@mistake("cross_entropy_loss", "Which of the two draws the label, and which one is surprised?")
def cce_swapped(a, y):
    with np.errstate(all="ignore"):
        return -np.mean(np.sum(softmax(a) * np.log(y), axis=1))


@mistake("cross_entropy_loss", "Which sums of the probabilities must be 1, rows or columns?")
def cce_softmax_axis0(a, y):
    e = np.exp(a - a.max(axis=0))
    return -np.mean(np.sum(y * np.log(e / e.sum(axis=0)), axis=1))


@mistake("cross_entropy_loss", "Does the sum in the denominator belong to the loss, too?")
def cce_score_of_truth(a, y):
    return -np.mean(np.sum(y * a, axis=1))


@mistake("grad_probabilities", "The true class gets more probability: does the loss rise or fall?")
def gp_sign(s, y):
    return y / s


@mistake("grad_probabilities", "Is the loss of one example meant, or the mean of the batch?")
def gp_averaged(s, y):
    return -y / s / len(s)


@mistake("grad_probabilities", "Differentiate y ln s once more: does y come out squared?")
def gp_doubled_y(s, y):
    return -(y**2) / s


@mistake("grad_probabilities", "How large should the slope be where the probability is tiny?")
def gp_product(s, y):
    return -y * s


@mistake("grad_probabilities", "Is the slope in the probabilities asked for, or in the scores?")
def gp_fused(s, y):
    return s - y


@mistake("grad_probabilities", "Is this the loss, or its derivative?")
def gp_is_the_loss(s, y):
    return -y * np.log(s)


@mistake("grad_probabilities", "Does the loss contain the probability of a class that is not true?")
def gp_all_classes(s, y):
    return -1 / s


@mistake("grad_probabilities", "Exclusive classes, or one yes-no question for each of them?")
def gp_binary(s, y):
    return (s - y) / (s * (1 - s))


@mistake("grad_probabilities", "Which of the two stands in the logarithm?")
def gp_upside_down(s, y):
    with np.errstate(all="ignore"):
        return -s / y


@mistake("grad_probabilities", "One slope per class, or one per example?")
def gp_summed(s, y):
    return -np.sum(y / s, axis=1)


@mistake("grad_probabilities", "A target of 0.6 and one of 1: do they give the same slope?")
def gp_one_hot_only(s, y):
    return -(y == y.max(axis=1, keepdims=True)) / s


@mistake("delta_through_jacobian", "Against which slope does descent go: is yours turned round?")
def delta_sign(a, y):
    return y - softmax(a)


@mistake("delta_through_jacobian", "One example at a time: is there an average in this step?")
def delta_averaged(a, y):
    return (softmax(a) - y) / len(a)


@mistake("delta_through_jacobian", "You stand at the probabilities: which link is left?")
def delta_stopped_at_probabilities(a, y):
    return -y / softmax(a)


@mistake("delta_through_jacobian", "Does a score move only its own probability?")
def delta_diagonal_chain(a, y):
    return -y * (1 - softmax(a))


@mistake("delta_through_jacobian", "Differentiate y ln s once more: does y come out squared?")
def delta_doubled_y(a, y):
    s = softmax(a)
    return np.einsum("ni,nik->nk", -(y**2) / s, softmax_jacobian_batch(a))


@mistake("delta_through_jacobian", "Which index is summed away, and which one is left?")
def delta_printed_slip(a, y):
    return -y + np.sum(y * softmax(a), axis=1, keepdims=True)


@mistake("delta_through_jacobian", "Two factors should have cancelled: which ones are left?")
def delta_extra_derivative(a, y):
    s = softmax(a)
    return (s - y) * s * (1 - s)


@mistake("delta_through_jacobian", "Which sums of the probabilities must be 1, rows or columns?")
def delta_softmax_axis0(a, y):
    e = np.exp(a)
    return e / e.sum(axis=0) - y


@mistake("delta_through_jacobian", "Does every example keep a delta of its own?")
def delta_summed(a, y):
    return np.sum(softmax(a) - y, axis=0)


@mistake("delta_through_jacobian", "Is this an error of the scores, or one of the probabilities?")
def delta_score_residual(a, y):
    return a - y


@mistake(
    "delta_through_jacobian", "Which matrix belongs to example n: the mean of all, or its own?"
)
def delta_mean_jacobian(a, y):
    return grad_probabilities(softmax(a), y) @ softmax_jacobian_batch(a).mean(axis=0)


@mistake(
    "delta_through_jacobian", "How is a row vector put to a matrix: entry by entry, or summed?"
)
def delta_no_sum(a, y):
    return grad_probabilities(softmax(a), y)[:, :, None] * softmax_jacobian_batch(a)


@mistake("cross_entropy_gradient", "A step against it: does the true class's score rise or fall?")
def cegrad_sign(a, y):
    return (y - softmax(a)) / len(a)


@mistake("cross_entropy_gradient", "Put every example in twice: should its gradient stay as large?")
def cegrad_no_1_over_n(a, y):
    return softmax(a) - y


@mistake("cross_entropy_gradient", "You stand at the probabilities: which link is left?")
def cegrad_stopped_at_probabilities(a, y):
    return -y / softmax(a) / len(a)


@mistake("cross_entropy_gradient", "Does a score move only its own probability?")
def cegrad_diagonal_chain(a, y):
    return -y * (1 - softmax(a)) / len(a)


@mistake("cross_entropy_gradient", "Two factors should have cancelled: which ones are left?")
def cegrad_extra_derivative(a, y):
    s = softmax(a)
    return (s - y) * s * (1 - s) / len(a)


@mistake("cross_entropy_gradient", "Which index is summed away, and which one is left?")
def cegrad_printed_slip(a, y):
    return (-y + np.sum(y * softmax(a), axis=1, keepdims=True)) / len(a)


@mistake("cross_entropy_gradient", "Differentiate y ln s once more: does y come out squared?")
def cegrad_doubled_y(a, y):
    return (np.sum(y**2, axis=1, keepdims=True) * softmax(a) - y**2) / len(a)


@mistake("cross_entropy_gradient", "Over what does the loss average: examples, or all entries?")
def cegrad_mean_over_classes(a, y):
    return (softmax(a) - y) / y.size


@mistake("cross_entropy_gradient", "Is this an error of the scores, or one of the probabilities?")
def cegrad_logit_residual(a, y):
    return (a - y) / len(a)


@mistake("cross_entropy_gradient", "Which sums of the probabilities must be 1, rows or columns?")
def cegrad_softmax_axis0(a, y):
    e = np.exp(a - a.max(axis=0))
    return (e / e.sum(axis=0) - y) / len(a)


@mistake("cross_entropy_gradient", "With respect to what is this the slope?")
def cegrad_sign_of_bce_ratio(a, y):
    s = softmax(a)
    return (s - y) / (s * (1 - s)) / len(a)


@mistake("cross_entropy_gradient", "Where the scores are in the thousands: which softmax is used?")
def cegrad_no_max_shift(a, y):
    e = np.exp(a)
    return (e / e.sum(axis=1, keepdims=True) - y) / len(a)


@mistake("cross_entropy_gradient", "A target of 0.6 and one of 1: do they say the same?")
def cegrad_one_hot_only(a, y):
    return (softmax(a) - (y == y.max(axis=1, keepdims=True))) / len(a)


@mistake("cross_entropy_gradient", "Scores a long way off: what is a product of 0 and infinity?")
def cegrad_through_jacobian(a, y):
    g = grad_probabilities(softmax(a), y)
    return np.einsum("ni,nik->nk", g, softmax_jacobian_batch(a)) / len(a)


@mistake("cross_entropy_gradient", "Does every example keep a gradient of its own?")
def cegrad_averaged_away(a, y):
    return np.mean(softmax(a) - y, axis=0)


@mistake("network_scores", "Which weights belong to one unit: a row of theta, or a column?")
def network_no_transpose(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1 + beta1)))
    return o, o @ theta2 + beta2


@mistake("network_scores", "All inputs 0: does anything reach the hidden units?")
def network_no_bias(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1.T)))
    return o, o @ theta2.T


@mistake("network_scores", "What happens between the two layers?")
def network_no_sigmoid(X, theta1, beta1, theta2, beta2):
    o = X @ theta1.T + beta1
    return o, o @ theta2.T + beta2


@mistake("network_scores", "Scores are asked for: may they be negative, and are yours?")
def network_sigmoid_twice(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1.T + beta1)))
    return o, 1 / (1 + np.exp(-(o @ theta2.T + beta2)))


@mistake("network_scores", "Scores are asked for: do yours add up to 1?")
def network_probabilities(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1.T + beta1)))
    return o, softmax(o @ theta2.T + beta2)


@mistake("network_scores", "What does the second layer see: sums, or activations?")
def network_second_layer_of_sums(X, theta1, beta1, theta2, beta2):
    s1 = X @ theta1.T + beta1
    return 1 / (1 + np.exp(-s1)), s1 @ theta2.T + beta2


@mistake("network_scores", "Where does a sigmoid lie for a large positive sum, near 0 or near 1?")
def network_sigmoid_sign(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(X @ theta1.T + beta1))
    return o, o @ theta2.T + beta2


@mistake("network_scores", "Which activation does Softmax e grafo put into its hidden layer?")
def network_tanh(X, theta1, beta1, theta2, beta2):
    o = np.tanh(X @ theta1.T + beta1)
    return o, o @ theta2.T + beta2


@mistake("network_scores", "Two things are asked for: in which order?")
def network_swapped(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1.T + beta1)))
    return o @ theta2.T + beta2, o


@mistake("network_scores", "The loss later needs one of them, the gradient both: which is missing?")
def network_scores_alone(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1.T + beta1)))
    return o @ theta2.T + beta2


@mistake("output_layer_gradients", "Put every example in twice: should the gradient double?")
def theta2_sum(o, a, y):
    delta = softmax(a) - y
    return delta.T @ o, delta.sum(axis=0)


@mistake("output_layer_gradients", "Put the shape of yours beside that of the weights.")
def theta2_transposed(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return o.T @ delta, delta.sum(axis=0)


@mistake("output_layer_gradients", "The second class's row: is it not the same as the third's?")
def theta2_duplicated_row(o, a, y):
    delta = cross_entropy_gradient(a, y)
    dtheta = delta.T @ o
    dtheta[1] = dtheta[2]
    return dtheta, delta.sum(axis=0)


@mistake("output_layer_gradients", "Which sign has a product of a negative and a positive number?")
def theta2_printed_signs(o, a, y):
    delta = cross_entropy_gradient(a, y)
    products = delta[:, :, None] * o[:, None, :]
    products[:, 1, 0] = np.abs(products[:, 1, 0])
    return products.sum(axis=0), delta.sum(axis=0)


@mistake("output_layer_gradients", "How many examples move the intercept, and what was divided?")
def output_bias_summed(o, a, y):
    delta = softmax(a) - y
    return delta.T @ o / len(a), delta.sum(axis=0)


@mistake("output_layer_gradients", "How often is 1/N in your answer, and how often in the loss?")
def output_averaged_twice(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return delta.T @ o / len(a), delta.mean(axis=0)


@mistake("output_layer_gradients", "The loss averages: are both of your gradients averages?")
def output_bias_averaged_twice(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return delta.T @ o, delta.mean(axis=0)


@mistake("output_layer_gradients", "A step against it: does the true class's score rise or fall?")
def output_sign(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return -delta.T @ o, -delta.sum(axis=0)


@mistake("output_layer_gradients", "Is this an error of the scores, or one of the probabilities?")
def output_score_residual(o, a, y):
    delta = (a - y) / len(a)
    return delta.T @ o, delta.sum(axis=0)


@mistake("output_layer_gradients", "Two things are asked for: in which order?")
def output_swapped(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return delta.sum(axis=0), delta.T @ o


@mistake("output_layer_gradients", "How many intercepts are there, one per class or per example?")
def output_bias_over_classes(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return delta.T @ o, delta.sum(axis=1)


@mistake(
    "output_layer_gradients", "Does the intercept's derivative contain the hidden activations?"
)
def output_bias_weighted(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return delta.T @ o, (delta * o.mean(axis=1, keepdims=True)).sum(axis=0)


@mistake("output_layer_gradients", "The mean of the products, or the product of the means?")
def output_product_of_means(o, a, y):
    delta = softmax(a) - y
    return np.outer(delta.mean(axis=0), o.mean(axis=0)), delta.mean(axis=0)


@mistake("output_layer_gradients", "Is there a second activation behind the scores?")
def output_extra_derivative(o, a, y):
    s = softmax(a)
    delta = (s - y) * s * (1 - s) / len(a)
    return delta.T @ o, delta.sum(axis=0)

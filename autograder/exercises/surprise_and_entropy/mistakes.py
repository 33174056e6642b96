"""Named wrong answers to 01-surprise-and-entropy, each with a question as its hint.

Each is what a student might write, so a rule about style (a guard, a vectorised form) is kept only
where the mistake itself does not need breaking it.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.surprise_and_entropy.cases import notebook

mistake = notebook.mistake


@mistake("surprise", "What surprise should one side of a fair coin have, in the unit asked for?")
def surprise_natural_log(p, base=2):
    return -np.log(p)


@mistake("surprise", "Try it on an event that always happens: how surprised should you be?")
def surprise_reciprocal(p, base=2):
    return 1 / np.asarray(p)


@mistake("surprise", "Can a rare event be less surprising than a sure one?")
def surprise_sign(p, base=2):
    return np.log(p) / np.log(base)


@mistake("surprise", "Take two independent events: do their surprises add up?")
def surprise_one_minus_p(p, base=2):
    return 1 - np.asarray(p)


@mistake("surprise", "Whose probability is in the logarithm: the event's, or that of its opposite?")
def surprise_log_of_complement(p, base=2):
    return -np.log(1 - np.asarray(p)) / np.log(base)


@mistake("surprise", "This is about one event that was seen. Is an average asked for here?")
def surprise_weighted_early(p, base=2):
    p = np.asarray(p)
    return -p * np.log(p) / np.log(base)


@mistake("surprise", "What happens to your answer when somebody asks for another base?")
def surprise_base_ignored(p, base=2):
    return -np.log2(p)


@mistake("sequence_surprise", "Into which operation do logarithms turn a product?")
def seq_product_of_surprises(outcomes, probabilities, base=2):
    return float(np.prod([-np.log(probabilities[o]) / np.log(base) for o in outcomes]))


@mistake("sequence_surprise", "Should a longer sequence be no more surprising than a short one?")
def seq_mean_instead_of_sum(outcomes, probabilities, base=2):
    return float(np.mean([-np.log(probabilities[o]) / np.log(base) for o in outcomes]))


@mistake("sequence_surprise", "Your last digits are off: where was something rounded?")
def seq_rounded_parts(outcomes, probabilities, base=2):
    return sum(round(float(-np.log(probabilities[o]) / np.log(base)), 2) for o in outcomes)


@mistake("sequence_surprise", "How many tosses were there, and how many terms has your sum?")
def seq_distinct_outcomes_once(outcomes, probabilities, base=2):
    return float(sum(-np.log(probabilities[o]) / np.log(base) for o in set(outcomes)))


@mistake(
    "sequence_surprise",
    "Print the product before its logarithm is taken, for 5000 outcomes: what is left of it?",
)
def seq_product_underflow(outcomes, probabilities, base=2):
    return float(-np.log(np.prod([probabilities[o] for o in outcomes])) / np.log(base))


@mistake("sequence_surprise", "What happens to your answer when somebody asks for another base?")
def seq_base_ignored(outcomes, probabilities, base=2):
    return float(sum(-np.log2(probabilities[o]) for o in outcomes))


@mistake("sequence_surprise", "In which unit is your answer, and which one is asked for?")
def seq_natural_log(outcomes, probabilities, base=2):
    return float(sum(-np.log(probabilities[o]) for o in outcomes))


@mistake("total_surprise", "Is the question about the whole run or about one toss?")
def total_reported_per_toss(p, n, base=2):
    p = p[p > 0]
    return float(-np.sum(p * np.log(p)) / np.log(base))


@mistake("total_surprise", "Do both sides come up equally often?")
def total_unweighted_average(p, n, base=2):
    return float(n * np.mean(-np.log(p) / np.log(base)))


@mistake("total_surprise", "The surprise of an average, or the average of the surprises?")
def total_surprise_of_mean(p, n, base=2):
    return float(n * -np.log(np.sum(p * p)) / np.log(base))


@mistake("total_surprise", "Your last digits are off: where was something rounded?")
def total_rounded_parts(p, n, base=2):
    p = p[p > 0]
    return float(n * np.sum(p * np.round(-np.log(p) / np.log(base), 2)))


@mistake("total_surprise", "How often does an outcome of probability 0 come up in n draws?")
def total_nan_zero(p, n, base=2):
    return float(n * np.sum(p * -np.log(p) / np.log(base)))


@mistake("total_surprise", "In which unit is your answer, and which one is asked for?")
def total_natural_log(p, n, base=2):
    p = p[p > 0]
    return float(-n * np.sum(p * np.log(p)))


@mistake("total_surprise", "What happens to your answer when somebody asks for another base?")
def total_base_ignored(p, n, base=2):
    p = p[p > 0]
    return float(-n * np.sum(p * np.log2(p)))


@mistake("entropy", "Can an average of surprises, none of them negative, be negative?")
def entropy_sign(p, base=2):
    return np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0), axis=-1) / np.log(base)


@mistake("entropy", "With which base is the entropy of a fair coin equal to 1?")
def entropy_nats(p, base=2):
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0), axis=-1)


@mistake(
    "entropy",
    "One outcome here is impossible: what is the limit of p log p there, and what does the "
    "computer make of it?",
)
def entropy_nan_zero(p, base=2):
    return -np.sum(p * np.log(p), axis=-1) / np.log(base)


@mistake("entropy", "An expected value gives each term a weight: where is it?")
def entropy_unweighted(p, base=2):
    return -np.sum(np.log(np.where(p > 0, p, 1)), axis=-1) / np.log(base)


@mistake("entropy", "Does every outcome add its own term?")
def entropy_one_term(p, base=2):
    first = p[..., 0]
    return np.where(first > 0, -first * np.log(np.where(first > 0, first, 1)), 0) / np.log(base)


@mistake("entropy", "Does your number change when the outcomes stop being equally likely?")
def entropy_hartley(p, base=2):
    return np.log(np.sum(p > 0, axis=-1)) / np.log(base)


@mistake("entropy", "That is another measure of impurity: where is the logarithm?")
def entropy_gini(p, base=2):
    return 1 - np.sum(p**2, axis=-1)


@mistake("entropy", "The probabilities are the weights of the average: is one more mean needed?")
def entropy_mean_over_classes(p, base=2):
    return -np.mean(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0), axis=-1) / np.log(base)


@mistake("entropy", "In a batch, one distribution stands in each row: what should be summed?")
def entropy_of_everything(p, base=2):
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0)) / np.log(base)


@mistake("entropy", "Which axis holds the outcomes of one distribution, the first or the last?")
def entropy_first_axis(p, base=2):
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0), axis=0) / np.log(base)


@mistake("entropy", "What happens to your answer when somebody asks for another base?")
def entropy_base_ignored(p, base=2):
    return -np.sum(np.where(p > 0, p * np.log2(np.where(p > 0, p, 1)), 0), axis=-1)


@mistake("group_entropy", "Do your weights add up to one?")
def counts_not_normalised(labels, base=2):
    n = np.unique(labels, return_counts=True)[1]
    return float(-np.sum(n * np.log(n)) / np.log(base))


@mistake("group_entropy", "Does each probability stand beside its own surprise?")
def counts_swapped_weights(labels, base=2):
    n = np.unique(labels, return_counts=True)[1]
    p = n / n.sum()
    return float(-np.sum(p[::-1] * np.log(p)) / np.log(base))


@mistake("group_entropy", "How many objects of each colour are in the group?")
def counts_one_item_probability(labels, base=2):
    n = len(labels)
    return float(len(set(labels)) * np.log(n) / n / np.log(base))


@mistake("group_entropy", "Are the weights in your sum the proportions of the group? Add them up.")
def counts_printed_g1_line(labels, base=2):
    n = len(labels)
    most = np.unique(labels, return_counts=True)[1].max()
    return float((1 / n * np.log(n / most) + 2 / n * np.log(n / 2)) / np.log(base))


@mistake(
    "group_entropy", "Two groups hold the same colours in other numbers: is that a difference?"
)
def group_colours_only(labels, base=2):
    return float(np.log(len(set(labels))) / np.log(base))


@mistake("group_entropy", "In which unit is your answer, and which one is asked for?")
def group_natural_log(labels, base=2):
    n = np.unique(labels, return_counts=True)[1]
    p = n / n.sum()
    return float(-np.sum(p * np.log(p)))


@mistake(
    "cross_entropy", "Which of the two draws the outcomes, and which one is surprised by them?"
)
def ce_swapped(p, q, base=2):
    return -np.sum(q * np.log(p), axis=-1) / np.log(base)


@mistake("cross_entropy", "Should an outcome that never happens count?")
def ce_unweighted(p, q, base=2):
    return -np.sum(np.log(q), axis=-1) / np.log(base)


@mistake(
    "cross_entropy", "The model is perfect, q = p: is there nothing left to be surprised about?"
)
def ce_returned_kl(p, q, base=2):
    ratio = np.where(p > 0, p, 1) / np.where(p > 0, q, 1)
    return np.sum(np.where(p > 0, p * np.log(ratio), 0), axis=-1) / np.log(base)


@mistake(
    "cross_entropy", "Over what really happens, or over what the model expects: which average?"
)
def ce_entropy_of_q(p, q, base=2):
    return -np.sum(np.where(q > 0, q * np.log(np.where(q > 0, q, 1)), 0), axis=-1) / np.log(base)


@mistake("cross_entropy", "Which sign has the logarithm of a number below one?")
def ce_sign(p, q, base=2):
    return np.sum(np.where(p > 0, p * np.log(np.where(p > 0, q, 1)), 0), axis=-1) / np.log(base)


@mistake("cross_entropy", "In which unit is your answer, and which one is asked for?")
def ce_nats(p, q, base=2):
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, q, 1)), 0), axis=-1)


@mistake(
    "cross_entropy",
    "An outcome that both exclude: what should its term be, and what does the computer make of it?",
)
def ce_nan_zero(p, q, base=2):
    return -np.sum(p * np.log(q), axis=-1) / np.log(base)


@mistake("cross_entropy", "How surprised is a model by what it holds to be impossible?")
def ce_guarded(p, q, base=2):
    return -np.sum(p * np.log(q + 1e-12), axis=-1) / np.log(base)


@mistake("kl_divergence", "Exchange the arguments: is it the same number? Which one draws?")
def kl_swapped(p, q, base=2):
    return np.sum(q * np.log(q / p), axis=-1) / np.log(base)


@mistake("kl_divergence", "A divergence is never negative: which of the two is on top?")
def kl_sign(p, q, base=2):
    ratio = np.where(p > 0, q, 1) / np.where(p > 0, p, 1)
    return np.sum(np.where(p > 0, p * np.log(ratio), 0), axis=-1) / np.log(base)


@mistake("kl_divergence", "Over what is the average taken, and with which weights?")
def kl_unweighted(p, q, base=2):
    return np.sum(np.log(p / q), axis=-1) / np.log(base)


@mistake("kl_divergence", "Code with the true distribution, q = p: is anything wasted then?")
def kl_is_cross_entropy(p, q, base=2):
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, q, 1)), 0), axis=-1) / np.log(base)


@mistake("kl_divergence", "Whose entropy is the part of the cost that cannot be avoided?")
def kl_minus_wrong_entropy(p, q, base=2):
    cross = -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, q, 1)), 0), axis=-1)
    own = -np.sum(np.where(q > 0, q * np.log(np.where(q > 0, q, 1)), 0), axis=-1)
    return (cross - own) / np.log(base)


@mistake("kl_divergence", "Single terms may well be negative: does the sum need them?")
def kl_absolute(p, q, base=2):
    ratio = np.where(p > 0, p, 1) / np.where(p > 0, q, 1)
    return np.sum(np.where(p > 0, p * np.abs(np.log(ratio)), 0), axis=-1) / np.log(base)


@mistake("kl_divergence", "In which unit is your answer, and which one is asked for?")
def kl_nats(p, q, base=2):
    ratio = np.where(p > 0, p, 1) / np.where(p > 0, q, 1)
    return np.sum(np.where(p > 0, p * np.log(ratio), 0), axis=-1)


@mistake(
    "kl_divergence",
    "One outcome never happens: what should its term be, and what does the computer make of it?",
)
def kl_nan_zero(p, q, base=2):
    return np.sum(p * np.log(p / q), axis=-1) / np.log(base)


@mistake("likelihood", "Independent events: which operation combines their probabilities?")
def likelihood_summed(labels, q):
    return float(sum(q[label] for label in labels))


@mistake("likelihood", "Count again: how often does each colour occur?")
def likelihood_swapped_counts(labels, q):
    counts = [list(labels).count(symbol) for symbol in q]
    return float(np.prod([p**n for p, n in zip(q.values(), counts[::-1])]))


@mistake("likelihood", "How many observations are there, and how many factors?")
def likelihood_one_factor_per_class(labels, q):
    return float(np.prod(list(q.values())))


@mistake("likelihood", "Exactly this sequence, or any sequence with these counts?")
def likelihood_multinomial(labels, q):
    ways, placed = 1, 0
    for symbol in q:
        for i in range(1, list(labels).count(symbol) + 1):
            placed += 1
            ways = ways * placed // i
    return float(ways * np.prod([q[label] for label in labels]))


@mistake("likelihood", "An independent event n times: is that n times its probability, or a power?")
def likelihood_base_times_count(labels, q):
    return float(np.prod([list(labels).count(symbol) * p for symbol, p in q.items()]))


@mistake("likelihood", "Is the probability itself asked for, or its logarithm?")
def likelihood_logarithm(labels, q):
    return float(sum(np.log(q[label]) for label in labels))


@mistake("average_log_likelihood", "Compare data sets of two sizes: should the number grow with N?")
def loglik_not_averaged(labels, q):
    return float(sum(np.log(q[label]) for label in labels))


@mistake("average_log_likelihood", "May a logarithm and a mean be exchanged?")
def loglik_log_of_mean(labels, q):
    return float(np.log(np.mean([q[label] for label in labels])))


@mistake("average_log_likelihood", "Where do the weights of the average come from, data or model?")
def loglik_minus_entropy_of_q(labels, q):
    return float(sum(p * np.log(p) for p in q.values()))


@mistake(
    "average_log_likelihood",
    "Print the product before its logarithm is taken, for 100,000 labels: what is left of it?",
)
def loglik_product_underflow(labels, q):
    return float(np.log(np.prod([q[label] for label in labels])) / len(labels))


@mistake(
    "average_log_likelihood",
    "The small number you add as a guard: how large is it beside the one it guards?",
)
def loglik_float_rounding_to_zero_guard(labels, q):
    return float(np.log(np.prod([q[label] for label in labels]) + 1e-12) / len(labels))


@mistake("average_log_likelihood", "Is a loss asked for, or a likelihood? Which sign has it?")
def loglik_sign(labels, q):
    return float(-np.mean([np.log(q[label]) for label in labels]))


@mistake("average_log_likelihood", "In which unit is your answer, and which one is asked for?")
def loglik_bits(labels, q):
    return float(np.mean([np.log2(q[label]) for label in labels]))


@mistake("binary_cross_entropy", "Which base has the logarithm in the lecture's four numbers?")
def ce_bits(y, y_hat):
    return -(y * np.log2(y_hat) + (1 - y) * np.log2(1 - y_hat))


@mistake("binary_cross_entropy", "Which sign has the logarithm of a number below one?")
def bce_sign(y, y_hat):
    return y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)


@mistake("binary_cross_entropy", "What is your error for an example of class 0?")
def bce_positive_term_only(y, y_hat):
    return -y * np.log(y_hat)


@mistake("binary_cross_entropy", "With y = 0, which probability did the model give to the truth?")
def bce_same_log_twice(y, y_hat):
    return -(y * np.log(y_hat) + (1 - y) * np.log(y_hat))


@mistake("binary_cross_entropy", "Which of the two draws, and which one is surprised?")
def bce_swapped(y, y_hat):
    with np.errstate(all="ignore"):
        return -(y_hat * np.log(y) + (1 - y_hat) * np.log(1 - np.asarray(y)))


@mistake("binary_cross_entropy", "A confident mistake should cost a lot: how much does yours cost?")
def bce_absolute_error(y, y_hat):
    return np.abs(y - y_hat)


@mistake("binary_cross_entropy", "One error per example: is an average asked for already?")
def bce_averaged_early(y, y_hat):
    return np.mean(-(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)))

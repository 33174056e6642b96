"""Both gradients of a leaky unit whose slope is learned."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.activations.reference import leaky_relu_derivative
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.prelu_gradients,
    parts=("the gradient of x", "the gradient of alpha"),
    points=2,
    minutes=10,
    by_hand=True,
    hints=(
        "Hold alpha still and move one score: which slope does it meet? Then multiply by what "
        "comes from above.",
        "Now hold the scores still and move alpha: which outputs move, and how fast?",
        "One alpha serves all entries. What does the chain rule do with several paths to the loss?",
    ),
)


@exercise.cases
def cases(rng):
    upstream = np.array([0.5, -1.2, 0.3, 2.0, -0.7, 1.1])
    yield case(inputs.MODERATE, 0.25, upstream)
    yield case(inputs.TABLE, -0.4, upstream.reshape(2, 3))
    yield case(inputs.FAR, 1.7, upstream[:4])
    for scores, alpha in zip(inputs.random_scores(rng), rng.uniform(0.1, 0.8, 3).tolist()):
        yield case(scores, alpha, inputs.signed(rng, 0.2, 1.5, *scores.shape))


@exercise.style
def prelu_where(x, alpha, upstream):
    dx = upstream * np.where(x > 0, 1.0, alpha)
    dalpha = np.sum(upstream * np.where(x > 0, 0.0, x))
    return dx, dalpha


@exercise.style
def prelu_calls_the_slope(x, alpha, upstream):
    return upstream * leaky_relu_derivative(x, alpha), (upstream * np.minimum(0, x)).sum()


@exercise.style
def prelu_by_mask(x, alpha, upstream):
    negative = x < 0
    dx = upstream.copy()
    dx[negative] *= alpha
    return dx, upstream[negative] @ x[negative]


@exercise.style
def prelu_loop(x, alpha, upstream):
    dx = np.zeros_like(x)
    dalpha = 0.0
    for index in np.ndindex(x.shape):
        if x[index] > 0:
            dx[index] = upstream[index]
        else:
            dx[index] = alpha * upstream[index]
            dalpha += x[index] * upstream[index]
    return dx, dalpha


@exercise.style
def prelu_inner_product(x, alpha, upstream):
    slope = (x > 0) + alpha * (x < 0)
    return [slope * upstream, np.vdot(upstream, x * (x < 0))]


@exercise.mistake(
    "The loss does not see the score itself: what comes from above, and where does it enter dx?",
    said="dx is the slope alone; the gradient from above is missing in it.",
    root=Root.CHAIN,
)
def prelu_dx_without_upstream(x, alpha, upstream):
    return np.where(x > 0, 1.0, alpha), np.sum(upstream * np.minimum(x, 0))


@exercise.mistake(
    "alpha moves an output, and the output moves the loss: which of the two factors is there?",
    said="The gradient from above is missing in dalpha.",
    root=Root.CHAIN,
)
def prelu_dalpha_without_upstream(x, alpha, upstream):
    return upstream * np.where(x > 0, 1.0, alpha), np.sum(np.minimum(x, 0))


@exercise.mistake(
    "How many alphas are there, and how many numbers did you return for them?",
    said="dalpha has one entry for each score; one alpha is shared by all, so they add up.",
    root=Root.AXIS,
)
def prelu_dalpha_not_summed(x, alpha, upstream):
    return upstream * np.where(x > 0, 1.0, alpha), upstream * np.minimum(x, 0)


@exercise.mistake(
    "One alpha is shared by all entries: do its paths to the loss add up, or average?",
    said="dalpha is a mean over the entries; several paths to the loss add up.",
    root=Root.MEAN,
)
def prelu_dalpha_mean(x, alpha, upstream):
    return upstream * np.where(x > 0, 1.0, alpha), np.mean(upstream * np.minimum(x, 0))


@exercise.mistake(
    "Does alpha touch the outputs of positive scores?",
    said="dalpha runs over all entries, also those of positive scores, which alpha never touches.",
    root=Root.INDEX,
)
def prelu_dalpha_over_all(x, alpha, upstream):
    return upstream * np.where(x > 0, 1.0, alpha), np.sum(upstream * x)


@exercise.mistake(
    "On which side of 0 does alpha do anything?",
    said="dalpha runs over the positive scores instead of the negative ones.",
    root=Root.SWAPPED,
)
def prelu_dalpha_positive_side(x, alpha, upstream):
    return upstream * np.where(x > 0, 1.0, alpha), np.sum(upstream * np.maximum(x, 0))


@exercise.mistake(
    "Push alpha up by 0.1: does the output for the score -5 move more than that for -1?",
    said="dalpha adds up the gradients from above without the scores they are multiplied with.",
    root=Root.WEIGHTS,
)
def prelu_dalpha_without_score(x, alpha, upstream):
    return upstream * np.where(x > 0, 1.0, alpha), np.sum(upstream * (x < 0))


@exercise.mistake(
    "The output there is alpha times the score: what is left when you differentiate by alpha?",
    said="dalpha keeps a factor alpha that the derivative by alpha does not have.",
    root=Root.CHAIN,
)
def prelu_dalpha_times_alpha(x, alpha, upstream):
    return upstream * np.where(x > 0, 1.0, alpha), np.sum(upstream * alpha * np.minimum(x, 0))


@exercise.mistake(
    "Which of the two gradients does the docstring name first?",
    said="The two gradients are returned in the wrong order.",
    root=Root.SWAPPED,
)
def prelu_order(x, alpha, upstream):
    return np.sum(upstream * np.minimum(x, 0)), upstream * np.where(x > 0, 1.0, alpha)


@exercise.mistake(
    "Through a negative score, does nothing at all flow back?",
    said="dx is 0 for negative scores, as for the plain ReLU.",
    root=None,
)
def prelu_dx_relu_rule(x, alpha, upstream):
    return upstream * (x > 0), np.sum(upstream * np.minimum(x, 0))


@exercise.mistake(
    "Is dx made from what comes out of the unit, or from its slope?",
    said="dx multiplies the gradient from above with the unit's value instead of its slope.",
    root=Root.CHAIN,
)
def prelu_dx_by_value(x, alpha, upstream):
    return upstream * np.where(x > 0, x, alpha * x), np.sum(upstream * np.minimum(x, 0))


@exercise.mistake(
    "Raise alpha a little: does the output for a negative score rise or fall?",
    said="The sign of dalpha is wrong.",
    root=Root.SIGN,
)
def prelu_dalpha_sign(x, alpha, upstream):
    return upstream * np.where(x > 0, 1.0, alpha), np.sum(upstream * np.maximum(-x, 0))


@exercise.mistake(
    "A comparison of an array gives one answer for each score: which of them should decide?",
    said="An `if` is asked about a whole array, which has one answer for each score.",
    root=Root.AXIS,
)
def prelu_if(x, alpha, upstream):
    if x > 0:
        return upstream, 0.0
    return alpha * upstream, np.sum(upstream * x)


@exercise.mistake(
    "The loss sees only the outputs: what comes from above, and where does it enter?",
    said="The gradient from above is missing in both answers.",
    root=Root.CHAIN,
)
def prelu_without_upstream(x, alpha, upstream):
    return np.where(x > 0, 1.0, alpha), np.sum(np.minimum(x, 0))


@exercise.mistake(
    "Is a sum of products the product of two sums?",
    said="The sum of the gradients from above is multiplied with the sum of the negative scores.",
    root=Root.MEAN,
)
def prelu_product_of_sums(x, alpha, upstream):
    return upstream * np.where(x > 0, 1.0, alpha), np.sum(upstream) * np.sum(x[x < 0])


@exercise.mistake(
    "How many gradients does the docstring ask for?",
    said="Only the gradient by the scores is returned.",
    root=None,
)
def prelu_dx_only(x, alpha, upstream):
    return upstream * np.where(x > 0, 1.0, alpha)


@exercise.mistake(
    "How many alphas are there, and how many numbers did you return for them?",
    said="dalpha is added up over the first axis alone; one alpha is shared by all entries.",
    root=Root.AXIS,
)
def prelu_dalpha_over_first_axis(x, alpha, upstream):
    return upstream * np.where(x > 0, 1.0, alpha), np.sum(upstream * np.minimum(x, 0), axis=0)


exercise.equivalent(
    "x > 0 -> x >= 0",
    "x < 0 -> x <= 0",
    "x[index] > 0 -> x[index] >= 0",
    because="At 0 the share of alpha is 0 either way.",
)

exercise.equivalent(
    "np.vdot(upstream, x * (x < 0)) -> np.vdot(x * (x < 0), upstream)",
    because="The products, sums or differences are the same in either order.",
)


@exercise.property(
    "What arrives counts twice if it is twice as much: your gradient of alpha goes from {once} to "
    "{twice}. Where does what arrives stand in your two lines?"
)
def twice_for_twice(f, x, alpha, upstream):
    once, twice = (np.asarray(f(x, alpha, size * upstream)[1]) for size in (1, 2))
    if once.shape == () and not np.isclose(2 * once, twice, rtol=1e-6, atol=1e-12):
        return {"once": once, "twice": twice}


@exercise.property(
    "Positive scores do not meet alpha, so on these alone its gradient is 0, and yours is {found}. "
    "Which entries does alpha multiply?"
)
def nothing_from_positive_scores(f, x, alpha, upstream):
    found = np.asarray(f(np.abs(x) + 0.1, alpha, upstream)[1])
    if found.shape == () and abs(found) > 1e-9:
        return {"found": found}

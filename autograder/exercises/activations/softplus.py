"""The softplus, with PyTorch's threshold."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.softplus,
    points=3,
    minutes=10,
    forbidden=("scipy.special.softplus",),
    hints=(
        "First without the threshold: a logarithm of a sum of two exponentials. How did you keep "
        "such a thing from overflowing in notebook 03?",
        "Which quantity is compared with the threshold, and which one is returned beyond it?",
        "Try a score of 1000 with a threshold of 5000. Which step overflows, and which NumPy "
        "function adds exponentials inside a logarithm for you?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(inputs.MODERATE)
    yield case(inputs.MODERATE, beta=2.0)
    yield case(inputs.TABLE, beta=0.6, threshold=1.0)
    yield case(np.array([-3.0, 0.3, 0.8, 1.7, 11.0]), beta=2.0, threshold=1.0)
    yield case(inputs.FAR, beta=1.5)
    for scores, beta in zip(inputs.random_scores(rng), rng.uniform(0.4, 2.5, 3).tolist()):
        yield case(scores, beta=beta)
    scores = np.append(rng.uniform(0.1, 0.4, 3), rng.uniform(0.6, 3.0, 3))
    yield case(rng.permutation(scores), beta=3.0, threshold=1.5)
    yield case(inputs.AT_ZERO, beta=0.5, about="with a score of exactly 0")
    yield case(inputs.EXTREME, beta=1.5, about="extreme scores")
    yield case(
        np.array([-900.0, 40.0, 1000.0]), threshold=5000.0, about="extreme scores, no cut-off"
    )
    yield case(np.array([-12.0, -8.5]), beta=2.0, about="scores where the curve is almost 0")


@exercise.style
def softplus_logaddexp(x, beta=1.0, threshold=20.0):
    return np.where(beta * x > threshold, x, np.logaddexp(0, beta * x) / beta)


@exercise.style
def softplus_shifted(x, beta=1.0, threshold=20.0):
    z = beta * x
    smooth = (np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))) / beta
    return np.where(z > threshold, x, smooth)


@exercise.style
def softplus_on_a_copy(x, beta=1.0, threshold=20.0):
    result = np.array(x, dtype=float)
    smooth = beta * x <= threshold
    result[smooth] = np.logaddexp(0, beta * x[smooth]) / beta
    return result


@exercise.style
def softplus_one_by_one(x, beta=1.0, threshold=20.0):
    def one(score):
        z = beta * score
        if z > threshold:
            return score
        top = max(z, 0)
        return (top + np.log(np.exp(-top) + np.exp(z - top))) / beta

    return np.array([one(score) for score in x.ravel()]).reshape(x.shape)


@exercise.style
def softplus_from_sigmoid(x, beta=1.0, threshold=20.0):
    z = beta * x
    log_sigmoid = np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))
    return np.where(z > threshold, x, (z - log_sigmoid) / beta)


@exercise.mistake(
    "For beta = 2 and a threshold of 20: is a score of 11 beyond it?",
    said="The score is compared with the threshold, as printed, and not beta times it (E43).",
    root=None,
)
def softplus_score_against_threshold(x, beta=1.0, threshold=20.0):
    return np.where(x > threshold, x, np.logaddexp(0, beta * x) / beta)


@exercise.mistake(
    "What changes in your answer when another threshold is asked for?",
    said="The argument threshold is not used.",
    root=None,
)
def softplus_threshold_ignored(x, beta=1.0, threshold=20.0):
    return np.logaddexp(0, beta * x) / beta


@exercise.mistake(
    "What changes in your answer when another threshold is asked for?",
    said="The threshold 20 is written into the function; the argument is not used.",
    root=None,
    like=("softplus-threshold-ignored",),
)
def softplus_threshold_written_in(x, beta=1.0, threshold=20.0):
    return np.where(beta * x > 20, x, np.logaddexp(0, beta * x) / beta)


@exercise.mistake(
    "How steep is your curve far right, and how steep should it be there?",
    said="The result is not divided by beta.",
    root=None,
    leads=("TWICE",),
)
def softplus_not_divided(x, beta=1.0, threshold=20.0):
    return np.where(beta * x > threshold, x, np.logaddexp(0, beta * x))


@exercise.mistake(
    "What does beta change in your curve besides its height?",
    said="beta is missing in the exponent.",
    root=None,
)
def softplus_no_beta_inside(x, beta=1.0, threshold=20.0):
    return np.where(beta * x > threshold, x, np.logaddexp(0, x) / beta)


@exercise.mistake(
    "What changes in your answer when another beta is asked for?",
    said="The argument beta is not used in the smooth part.",
    root=None,
)
def softplus_beta_ignored(x, beta=1.0, threshold=20.0):
    return np.where(beta * x > threshold, x, np.logaddexp(0, x))


@exercise.mistake(
    "A score of 1000 that is below the threshold: which step of yours leaves the range of floats?",
    said="The exponential is formed for large scores and overflows.",
    root=Root.DIGITS,
)
def softplus_overflow(x, beta=1.0, threshold=20.0):
    return np.where(beta * x > threshold, x, np.log1p(np.exp(beta * x)) / beta)


@exercise.mistake(
    "What is 0 times infinity on a computer?",
    said="The two parts are added with masks of 0 and 1, which gives nan where one overflows.",
    root=Root.DIGITS,
)
def softplus_masked_product(x, beta=1.0, threshold=20.0):
    far = beta * x > threshold
    return far * x + ~far * np.log1p(np.exp(beta * x)) / beta


@exercise.mistake(
    "Which value has the smooth curve at 0 for beta = 1, and which base has the logarithm?",
    said="The logarithm has base 2 instead of being natural.",
    root=Root.BASE,
)
def softplus_base_two(x, beta=1.0, threshold=20.0):
    return np.where(beta * x > threshold, x, np.logaddexp(0, beta * x) / (beta * np.log(2)))


@exercise.mistake(
    "Does your curve rise or fall with the score?",
    said="The exponent has the wrong sign.",
    root=Root.SIGN,
    leads=("REVERSED",),
)
def softplus_exponent_sign(x, beta=1.0, threshold=20.0):
    return np.where(beta * x > threshold, x, np.logaddexp(0, -beta * x) / beta)


@exercise.mistake(
    "What should be returned beyond the threshold, the score or what you compared?",
    said="Beyond the threshold beta times the score is returned instead of the score.",
    root=None,
)
def softplus_scaled_beyond(x, beta=1.0, threshold=20.0):
    return np.where(beta * x > threshold, beta * x, np.logaddexp(0, beta * x) / beta)


@exercise.mistake(
    "Has this curve a kink at 0?",
    said="The kinked ReLU stands where the smooth curve is asked for.",
    root=None,
)
def softplus_relu(x, beta=1.0, threshold=20.0):
    return np.maximum(x, 0)


@exercise.mistake(
    "On which side of the threshold is the curve a straight line?",
    said="The two sides of the threshold are exchanged.",
    root=Root.SWAPPED,
)
def softplus_sides_exchanged(x, beta=1.0, threshold=20.0):
    return np.where(beta * x < threshold, x, np.logaddexp(0, beta * x) / beta)


@exercise.mistake(
    "Is this the curve, or how fast it rises?",
    said="The slope is returned where the value is asked for.",
    root=Root.CHAIN,
)
def softplus_slope(x, beta=1.0, threshold=20.0):
    return np.where(beta * x > threshold, 1.0, 1 / (1 + np.exp(-beta * x)))


@exercise.mistake(
    "A comparison of an array gives one answer for each score: which of them should decide?",
    said="An `if` is asked about a whole array, which has one answer for each score.",
    root=Root.AXIS,
)
def softplus_if(x, beta=1.0, threshold=20.0):
    if beta * x > threshold:
        return x
    return np.logaddexp(0, beta * x) / beta


@exercise.mistake(
    "A score of 1000 that is below the threshold: is something cut off on the way?",
    said="The exponent is cut off before the exponential is formed.",
    root=Root.DIGITS,
    family={"size": (30.0, 100.0, 500.0, 700.0)},
)
def softplus_clipped(x, beta=1.0, threshold=20.0, *, size=500.0):
    z = np.clip(beta * x, -size, size)
    return np.where(beta * x > threshold, x, np.log1p(np.exp(z)) / beta)


@exercise.mistake(
    "Does beta stand in both parts of your shifted formula?",
    said="In the shifted formula the maximum is taken of the score instead of beta times it.",
    root=None,
)
def softplus_shift_without_beta(x, beta=1.0, threshold=20.0):
    z = beta * x
    smooth = (np.maximum(x, 0) + np.log1p(np.exp(-np.abs(z)))) / beta
    return np.where(z > threshold, x, smooth)


exercise.equivalent(
    "20.0 -> 21.0", because="Between 20 and 21 curve and line are the same to nine digits."
)

exercise.equivalent(
    "beta * x > threshold -> beta * x >= threshold",
    "z > threshold -> z >= threshold",
    "beta * x <= threshold -> beta * x < threshold",
    because="At the threshold curve and line are the same to nine digits.",
)


@exercise.property(
    "ln(1 + e^x) is positive and lies above x, also with beta; at {x} yours gives {found}. What "
    "stands in the logarithm?"
)
def above_relu(f, x, beta=1.0, threshold=20.0):
    found = np.asarray(f(x, beta=beta, threshold=threshold))
    bad = found < np.maximum(x, 0) - 1e-9
    if found.shape == np.shape(x) and bad.any():
        return {"found": found[bad].flat[0], "x": np.asarray(x)[bad].flat[0]}


@exercise.property(
    "At 0 the curve has the height ln 2 / beta, here {right}, and yours {found}. Where does beta "
    "stand?"
)
def height_at_zero(f, x, beta=1.0, threshold=20.0):
    found = np.asarray(f(np.zeros(1), beta=beta))
    if found.shape == (1,) and not np.isclose(found[0], np.log(2) / beta, rtol=1e-6):
        return {"right": np.log(2) / beta, "found": found[0]}


exercise.equivalent(
    "max(z, 0) -> max(z, 1)",
    because="The same number is taken out of both exponentials, whatever it is.",
)


exercise.equivalent(
    "np.log(np.exp(-top) + np.exp(z - top)) -> "
    "np.log(np.clip(np.exp(-top) + np.exp(z - top), 1e-08, None))",
    because="The sum holds e to the power of 0, so it is at least 1.",
)


exercise.equivalent(
    "np.exp(-top) -> np.exp(np.clip(-top, -20, 20))",
    because="Beside a value of 20 or more what is cut off lies within the tolerance.",
)

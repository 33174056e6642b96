"""Mistakes in an instructor's words, and the roots that mistakes in several exercises have.

A mistake's name is a prefix for its exercise and what went wrong: `db2-not-summed`. The tables
below are tried in their order on what went wrong; the first pattern that fits decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from autograder.exercises import exercise

# Prefixes of more than one word; every other prefix ends at the first dash.
PREFIXES = ("mse-grad", "one-hot", "net-loss", "autograd", "kept", "loop", "counts", "group")
# Prefixes that are part of what went wrong.
SPOKEN = ("autograd", "kept", "loop", "counts", "group", "temperature", "torch")


@dataclass(frozen=True)
class Root:
    """What mistakes in several exercises come from. `pattern` is searched for in a mistake's name
    without its prefix."""

    title: str
    pattern: re.Pattern


def _root(title: str, *patterns: str) -> Root:
    return Root(title, re.compile("|".join(f"(?:{p})" for p in patterns)))


ROOTS = (
    _root(
        "Off by one, or the wrong index", "off-by-one", "one-step-too", "(row|column)-index-slip"
    ),
    _root(
        "The base of the logarithm",
        "natural-log",
        r"\bnats\b",
        r"\bbits\b",
        "base-ignored",
        "base-two",
    ),
    _root(
        "Zeros, infinities and lost digits",
        "nan-(zero|pass)",
        "guard",
        r"\beps\b",
        "clip",
        "clamp",
        "(max|global-max)-shift",
        "no-shift",
        "naive",
        "overflow",
        "underflow",
        "bare-log",
        "log-of-softmax",
        "unstable",
        "log1p-of-exp",
        "missing-abs",
        "mixed-exponents",
        "where-trap",
        "single-precision",
        "float32",
        "step-too-small",
        "rounded",
        "difference-quotient",
    ),
    _root(
        "Transposed, or the wrong axis",
        "transpose",
        "axis",
        "dim0",
        "keepdims",
        "columns-filled",
        "rows-filled",
        "batch-last",
        "examples-in-columns",
        "as-row",
        "column",
        "over-units",
        "over-everything",
        "bias-over-classes",
        "total$",
        "global-sum",
        "reshaped",
        "broadcast",
    ),
    _root(
        "The wrong sign",
        r"\bsign\b",
        "signs",
        "ascent",
        "uphill",
        "negation-forgotten",
        "inverted",
        "negative-exponent",
        "plus-outer",
        "subtracted",
        "upside-down",
        r"plus$",
    ),
    _root(
        "Arguments, weights or classes exchanged", "swapped", "exchanged", "reversed", "class-zero"
    ),
    _root(
        "The bias",
        "no-bias",
        "bias-last",
        "bias-dropped",
        "no-b1",
        "no-b2",
        "no-c$",
        "bias-not-in",
        "bias-zeros",
        "without-biases",
        "bias-penalised",
        "bias-gradient-zero",
        "weights-only",
    ),
    _root(
        "Sum, mean, and the 1/N",
        "averaged",
        r"\bmeans?\b",
        r"\bsum(med)?\b",
        "no-1-over-n",
        "1-over-n",
        r"no-n$",
        "over-n$",
        "per-toss",
        "sum-(over|of|reduction)",
        "not-reduced",
        "reported-per",
        "divided-by",
        "product-of-sums",
        "contracted",
    ),
    _root(
        "An average without its weights",
        "unweighted",
        "swapped-weights",
        "no-weights",
        "one-term",
        "hartley",
    ),
    _root("Only the diagonal of a Jacobian", "diagonal", "elementwise", "vector$", "outer-only"),
    _root(
        "The chain rule: a factor missing or too many",
        "preactivation",
        "twice",
        "double",
        "no-activation",
        "(extra|skips|no)-.*(derivative|prime)",
        "extra-(derivative|sigmoid)",
        "skips",
        "through-",
        "stopped",
        "forgot-activation",
        "local-",
        "(sigmoid|tanh|preactivation)-rule$",
        "slope",
        "upstream",
        "only-sigma",
        "only-tanh",
        "^not-squared",
        "sigma-squared",
        "prime-squared",
        "inner-derivative",
        "^one-factor$",
        "product-of-slopes",
        "overwritten",
        "printed-slip",
        "printed-extra",
        "linear-hidden",
        "no-sigmoid",
        "scores-as-signals",
    ),
    _root("A factor of two or one half", "no-two", "factor-two", "missing-two", r"half($|-steps)"),
    _root(
        "The graph of autograd",
        "detached",
        "accumulated",
        "zero-grad",
        "non-leaf",
        "graph-freed",
        "requires-grad",
        "backward$",
        "in-numpy",
        "mixed-libraries",
        "rebinds",
    ),
    _root(
        "One step of a loop, or values of the wrong step",
        "one-step",
        "stale",
        "start$",
        "updated-weights",
        "rate",
        "steps?-(ignored|only)",
        "never-steps",
    ),
)

# What went wrong, as the end of a sentence whose subject is the exercise.
SAYINGS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^(natural-log|nats)$", "uses the natural logarithm instead of base 2"),
        (r"^bits$", "uses base 2 instead of the natural logarithm"),
        (r"^base-ignored$", "ignores the base that was asked for"),
        (r"^sign$", "has the wrong sign"),
        (r"^not-summed$", "is not summed over the batch"),
        (r"^summed$|^sum$|^sum-over-batch$", "is summed over the batch"),
        (r"^(not-averaged|no-1-over-n|no-n|not-reduced)$", "is not divided by N"),
        (r"^(mean|averaged)$", "is averaged where no average is asked for"),
        (
            r"^(extra-mean|averaged-twice|1-over-n-twice|bias-averaged-twice)$",
            "is divided by N twice",
        ),
        (r"^mean-over-classes$", "is averaged over the classes, too"),
        (r"^mean-instead-of-sum$", "is a mean instead of a sum"),
        (r"^log-of-mean$", "takes the logarithm of the mean, not the mean of the logarithms"),
        (r"^transposed(-square)?$", "is transposed"),
        (r"^no-transpose(-square)?$", "misses a transpose"),
        (
            r"^(wrong-axis|(softmax-|log-softmax-)?(axis0|dim0)|first-axis)$",
            "runs along the wrong axis",
        ),
        (r"^(no-keepdims|(sum|max)-no-keepdims)$", "loses an axis (keepdims)"),
        (r"^nan-zero$", "is nan where a probability is 0"),
        (r"^(guarded|guarded-denominator|eps-inside-log)$", "adds a small number to avoid log(0)"),
        (r"^(no-max-shift|no-shift|unstable-softmax)$", "overflows: the maximum is not subtracted"),
        (r"^global-max-shift$", "subtracts one maximum from all rows"),
        (r"^clipped.*|^hard-clip$", "is clipped"),
        (r"^product-underflow$", "underflows: the product is taken before the logarithm"),
        (r"^log-of-softmax$", "takes the logarithm of a softmax that has underflowed"),
        (r"^difference-quotient$", "is a difference quotient"),
        (r"^rounded.*", "is made of rounded parts"),
        (r"^swapped(-arguments)?$", "exchanges its arguments"),
        (r"^unweighted(-average)?$", "is not weighted by the probabilities"),
        (r"^no-(bias|b1|b2|c)$", "leaves the bias out"),
        (r"^bias-last$", "has the bias last instead of first"),
        (r"^bias-dropped$", "drops the bias"),
        (r"^bias-not-averaged$", "does not divide the bias's part by N"),
        (r"^diagonal-(only|chain)$", "uses only the diagonal of the Jacobian"),
        (r"^plus-outer$", "adds the outer product instead of subtracting it"),
        (r"^preactivation$", "uses the score where the activation belongs"),
        (
            r"^(no-activation|no-activation-derivative|forgot-activation)$",
            "leaves out the slope of the activation",
        ),
        (
            r"^(extra-sigmoid-prime|extra-derivative|through-sigmoid)$",
            "multiplies by the slope of the activation once too often",
        ),
        (r"^double-sigmoid$|^sigmoid-twice$", "applies the sigmoid twice"),
        (r"^(no-two|missing-two)$", "misses the factor 2"),
        (r"^factor-two$", "has a factor 2 too many"),
        (r"^half$", "is half of what it should be"),
        (r"^ignores-upstream$", "ignores the upstream gradient"),
        (r"^stopped-at-probabilities$", "stops at the probabilities instead of the scores"),
        (r"^product-of-sums$", "is a product of sums, not a sum of products"),
        (r"^(ascent|uphill)$", "goes uphill"),
        (r"^detached(-loss)?$", "is cut off from the graph"),
        (r"^accumulated$|^no-zero-grad$", "adds to the gradients of the step before"),
        (r"^one-step-too-many$", "takes one step too many"),
        (r"^one-step-too-few$", "takes one step too few"),
        (r"^rate-ignored$", "ignores the learning rate"),
        (r"^(score|logit)-residual$", "takes the error of the scores, not of the probabilities"),
        (r"^total$", "is one number for all units"),
        (r"^local-only$", "stops at the local slope and forgets what comes from above"),
        (r"^as-column$|^column-outputs$", "has a column where one axis is meant"),
        (r"^hartley$", "is the logarithm of the number of outcomes, whatever their probabilities"),
        (r"^multinomial$", "counts every order of the same outcomes"),
        (r"^float-rounding-to-zero-guard$", "adds a small number that is not small beside p"),
        (r"^squared-error$", "is the squared error"),
        (r"^absolute(-error)?$", "takes absolute values"),
        (r"^printed-slip$|^printed-.*", "repeats a slip that the lecture has in print"),
        (r"^positive-term-only$", "has only the term of the positive class"),
        (r"^(base|steps|step|threshold)-ignored$", "ignores an argument"),
    )
)

# Subjects that are not "the" and the words of the exercise's name.
SUBJECTS = {
    "sequence_surprise": "the surprise of a sequence",
    "kl_divergence": "the KL divergence",
    "linear_mse_gradient": "the gradient of the squared error",
    "product_of_sum_gradients": "the gradients of a product",
    "add_bias": "the column of ones",
    "predict_proba": "the predicted probability",
    "bce_loss": "the binary cross-entropy",
    "bce_with_logits": "the loss from logits",
    "bce_gradient": "the gradient of the binary cross-entropy",
    "bce_hessian": "the Hessian of the binary cross-entropy",
    "l2_gradient": "the gradient of the penalty",
    "predict": "the prediction",
    "logsumexp": "log-sum-exp",
    "log_softmax": "the log-softmax",
    "one_hot": "the one-hot labels",
    "softmax_jacobian": "the Jacobian of the softmax",
    "softmax_jacobian_batch": "the Jacobian of a batch",
    "softmax_jvp": "the Jacobian-vector product",
    "grad_probabilities": "the gradient of the probabilities",
    "delta_through_jacobian": "the delta through the Jacobian",
    "cross_entropy_gradient": "the fused gradient",
    "output_layer_gradients": "the gradients of the output layer",
    "small_network_gradients": "the gradients of the small network",
    "layer_shapes": "the shapes of the layers",
    "forward": "the forward pass",
    "backward": "the backward pass",
    "train": "the training loop",
    "fit": "the fitted model",
    "torch_forward": "the forward pass in PyTorch",
    "torch_gradients": "the gradients from PyTorch",
    "torch_intermediates": "the gradients kept in between",
    "train_with_torch": "the training loop in PyTorch",
    "grad_y_hat": "the gradient of the output",
    "grad_U": "the gradient of the weights U",
    "grad_c": "the gradient of the bias c",
}


PLURAL = re.compile(r"the ([a-z-]+ )?(gradients|shapes|differences|labels|scores)\b")


def subject(id: str) -> str:
    """What an exercise computes, in words: "the gradient of the bias b2"."""
    name = id.partition(".")[2]
    if name in SUBJECTS:
        return SUBJECTS[name]
    if found := re.fullmatch(r"grad_([Wb])(\d)", name):
        return (
            f"the gradient of the {'weights' if found[1] == 'W' else 'bias'} {found[1]}{found[2]}"
        )
    if name.startswith("grad_"):
        return f"the gradient of {name[5:]}"
    if name != name.lower():
        return name
    return "the " + name.replace("_", " ").replace("cross entropy", "cross-entropy")


@cache
def phrase(id: str, mistake: str) -> str:
    """A mistake as the end of "38 of 120: ...": "the gradient of the bias b2 is not summed ...".

    Where no saying fits, its hint stands in: it is what an instructor would ask the class.
    """
    what, who = _what(mistake), subject(id)
    # A likelihood is a product: its sum is no sum over a batch.
    for pattern, words in () if mistake == "likelihood-summed" else SAYINGS:
        if pattern.search(what):
            return f"{who} {_of_several(words) if PLURAL.match(who) else words}"
    if question := hint(id, mistake):
        return f"{who}: {question}"
    first = mistake.partition("-")[0]
    words = f"{first}-{what}" if first in SPOKEN and not what.startswith(first) else what
    return f"{who}: {words.replace('-', ' ')}"


def _of_several(words: str) -> str:
    """The end of a sentence with its verb in the plural: "are summed", "use", "do not divide"."""
    verb, _, rest = words.partition(" ")
    return (
        f"{ {'is': 'are', 'has': 'have', 'does': 'do'}.get(verb, verb.removesuffix('s')) } {rest}"
    )


@cache
def root(mistake: str) -> str | None:
    """The title of the root of a mistake, or None where it stands alone."""
    what = _what(mistake)
    return next((root.title for root in ROOTS if root.pattern.search(what)), None)


@cache
def hint(id: str, mistake: str) -> str:
    """The question that leads on, or "" for a mistake that the course no longer has."""
    try:
        return exercise(id).mistake(mistake).hint
    except KeyError:
        return ""


def _what(mistake: str) -> str:
    """What went wrong: a mistake's name without its prefix."""
    if mistake.startswith("bias-"):
        return mistake
    for prefix in PREFIXES:
        if mistake.startswith(f"{prefix}-"):
            return mistake[len(prefix) + 1 :]
    return mistake.partition("-")[2] or mistake

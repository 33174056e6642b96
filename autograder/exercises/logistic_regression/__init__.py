"""The exercises of 02-logistic-regression, one module each."""

from __future__ import annotations

from autograder.exercises.specification import Notebook

notebook = Notebook(
    "02-logistic-regression",
    about="the sigmoid, its loss from scores, gradient, Hessian, descent",
    forbidden=(
        "torch.autograd",
        "torch.binary_cross_entropy_with_logits",
        "torch.distributions",
        "torch.func",
        "torch.log_softmax",
        "torch.logsumexp",
        "torch.nn",
        "torch.optim",
        "torch.sigmoid",
        "torch.softmax",
        "torch.special.expit",
        "torch.special.log_softmax",
        "torch.special.softmax",
        "sklearn",
        "tensorflow",
        "jax",
        "autograd",
        "numdifftools",
        "sympy",
        "scipy.stats",
        "scipy.optimize",
        "scipy.differentiate",
        "scipy.misc",
        "scipy.special.expit",
        "scipy.special.log_expit",
        "scipy.special.softmax",
        "scipy.special.log_softmax",
    ),
)

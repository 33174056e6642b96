"""The exercises of 02-logistic-regression, one module each."""

from __future__ import annotations

from autograder.exercises.specification import Notebook

notebook = Notebook(
    "02-logistic-regression",
    about="the sigmoid, its loss from scores, gradient, Hessian, descent",
    forbidden=(
        "torch",
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

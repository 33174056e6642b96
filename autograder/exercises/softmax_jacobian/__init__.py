"""The exercises of 03-softmax-jacobian, one module each."""

from __future__ import annotations

from autograder.exercises.specification import Notebook

notebook = Notebook(
    "03-softmax-jacobian",
    about="softmax, log-sum-exp, the Jacobian, the fused gradient",
    forbidden=(
        "scipy.special.softmax",
        "scipy.special.log_softmax",
        "scipy.special.logsumexp",
        "scipy.optimize.approx_fprime",
        "scipy.differentiate",
        "numdifftools",
        "sympy",
        "sklearn",
        "torch.autograd",
        "torch.func",
        "torch.log_softmax",
        "torch.logsumexp",
        "torch.nn",
        "torch.optim",
        "torch.softmax",
        "torch.special.log_softmax",
        "torch.special.logsumexp",
        "torch.special.softmax",
        "jax",
        "autograd",
        "tensorflow",
    ),
)

"""The exercises of 04-backprop-by-hand, one module each."""

from __future__ import annotations

from autograder.exercises.specification import Notebook

notebook = Notebook(
    "04-backprop-by-hand",
    about="every gradient of a tanh → sigmoid → sigmoid network",
    forbidden=(
        "autograd",
        "casadi",
        "jax",
        "keras",
        "numdifftools",
        "scipy.differentiate",
        "scipy.misc",
        "scipy.optimize",
        "sklearn",
        "sympy",
        "tensorflow",
        "torch.autograd",
        "torch.func",
        "torch.nn",
        "torch.optim",
    ),
)


def by_hand(of, **options):
    """An exercise whose derivative is to be made by hand: no torch at all, no differences."""
    return notebook.exercise(of, forbidden=("torch", "numerical_gradient"), by_hand=True, **options)

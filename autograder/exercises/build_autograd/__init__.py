"""The exercises of 08-build-autograd, one file each."""

from autograder.exercises.specification import Notebook

notebook = Notebook(
    "08-build-autograd",
    forbidden=(
        "torch",
        "jax",
        "autograd",
        "tensorflow",
        "sympy",
        "scipy.optimize",
        "scipy.differentiate",
    ),
)

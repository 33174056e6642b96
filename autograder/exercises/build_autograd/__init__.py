"""The exercises of 08-build-autograd, one file each."""

from autograder.exercises.specification import Notebook

notebook = Notebook(
    "08-build-autograd",
    about="an autograd engine, from dual numbers to a trained network",
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

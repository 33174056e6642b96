"""The exercises of 09-digits, one file each."""

from autograder.exercises.specification import Notebook

notebook = Notebook(
    "09-digits",
    about="a network that reads digits, from the split to early stopping",
    forbidden=(
        "autograd",
        "casadi",
        "jax",
        "keras",
        "numdifftools",
        "scipy.differentiate",
        "scipy.misc",
        "scipy.optimize",
        "sklearn.metrics",
        "sklearn.model_selection",
        "sklearn.neural_network",
        "sklearn.preprocessing",
        "sklearn.utils",
        "sympy",
        "tensorflow",
        "torch.autograd",
        "torch.func",
        "torch.nn.CrossEntropyLoss",
        "torch.nn.Linear",
        "torch.nn.Module",
        "torch.nn.Sequential",
        "torch.nn.functional.cross_entropy",
        "torch.optim",
        "torch.utils",
    ),
)

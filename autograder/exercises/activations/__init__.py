"""The exercises of 06-activations, one file each."""

from autograder.exercises.specification import Notebook

notebook = Notebook(
    "06-activations",
    about="the zoo of activations, their slopes, start scales, dead units",
    forbidden=(
        "torch.nn",
        "torch.autograd",
        "torch.func",
        "torch.relu",
        "torch.relu_",
        "torch.prelu",
        "torch.celu",
        "torch.selu",
        "torch.selu_",
        "torch.rrelu",
        "torch.threshold",
        "autograd",
        "casadi",
        "jax",
        "keras",
        "numdifftools",
        "scipy.differentiate",
        "scipy.misc",
        "scipy.optimize",
        "sympy",
        "tensorflow",
    ),
)

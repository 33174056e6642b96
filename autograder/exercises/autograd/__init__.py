"""The exercises of 05-autograd, one module each."""

from __future__ import annotations

from autograder.exercises.specification import Notebook, Required

notebook = Notebook("05-autograd", about="graphs, `autograd.Function`s, hand against PyTorch")

BY_HAND = ("torch", "jax", "autograd", "sympy", "scipy.optimize", "scipy.differentiate")

OWN_BACKWARD = Required(
    ("def backward", "def vjp"),
    "{name} has no backward of its own: the derivative is left to PyTorch. "
    "Which method says what the node does with the gradient that arrives from above?",
)

BY_AUTOGRAD = Required(
    (
        ".backward",
        "torch.autograd.grad",
        "torch.autograd.backward",
        "torch.autograd.functional",
        "torch.autograd.forward_ad",
        "torch.autograd.Function",
        "torch.func",
    ),
    "{name} never asks PyTorch for a gradient. You have derived these by hand in notebook 4: "
    "which call lets PyTorch walk backward through the graph?",
)

# A backward that calls autograd has not been derived.
DERIVED = ("torch.autograd.grad", "torch.autograd.backward", "torch.autograd.functional")

DERIVED += ("torch.func", "torch.autograd.forward_ad")

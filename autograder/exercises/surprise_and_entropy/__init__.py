"""The exercises of 01-surprise-and-entropy, one module each."""

from __future__ import annotations

from autograder.exercises.specification import Notebook

notebook = Notebook(
    "01-surprise-and-entropy",
    about="surprise, entropy, cross-entropy, divergence, likelihood",
    forbidden=(
        "scipy.stats",
        "scipy.special.entr",
        "scipy.special.kl_div",
        "scipy.special.rel_entr",
        "sklearn",
        "torch.nn",
        "torch.distributions",
        "torch.special.entr",
    ),
)

"""The exercises of 07-losses-and-metrics, one file each."""

from autograder.exercises.specification import Notebook

notebook = Notebook(
    "07-losses-and-metrics",
    about="losses from likelihoods, output layers, metrics from a table of counts to the ROC",
    forbidden=(
        "autograd",
        "jax",
        "numdifftools",
        "scipy.differentiate",
        "scipy.optimize",
        "scipy.stats.entropy",
        "scipy.stats.laplace",
        "scipy.stats.mannwhitneyu",
        "scipy.stats.norm",
        "scipy.stats.poisson",
        "sklearn",
        "statsmodels",
        "sympy",
        "tensorflow",
        "torch.autograd",
        "torch.binary_cross_entropy_with_logits",
        "torch.distributions",
        "torch.func",
        "torch.nn",
        "torch.poisson_nll_loss",
        "torchmetrics",
    ),
)

"""The cases measured by mechanical mutants."""

import numpy as np
import pytest

from autograder.build.mutants import mutants, mutate_exercise
from autograder.build.proof import PROOF_SEED
from autograder.exercises import NOTEBOOKS, exercise, notebook

pytestmark = pytest.mark.slow

# Two of each notebook; `make bench` tries all.
MEASURED = [
    "01.likelihood",
    "01.total_surprise",
    "02.add_bias",
    "02.bce_gradient",
    "03.delta_through_jacobian",
    "03.output_layer_gradients",
    "04.grad_W1",
    "04.grad_u1",
    "05.binary_loss",
    "05.central_difference",
    "06.dead_units",
    "06.layer_statistics",
    "07.mae",
    "07.mse",
    "08.forward_derivative",
    "08.matmul_gradients",
    "09.momentum_step",
    "09.split",
]
ALL = [e.id for name in NOTEBOOKS for e in notebook(name).exercises.values()]


def mean_of_squares(x, scale=2.0):
    total = np.sum(x.T**2, axis=-1)  # noqa: F821
    return np.log(total) / scale if scale > 1 else -total  # noqa: F821


def test_a_mutant_changes_one_thing_of_each_kind():
    changes = {change for change, _ in mutants(mean_of_squares)}
    assert {
        "x.T -> x",
        "axis=-1 -> axis=0",
        "scale > 1 -> scale >= 1",
        "-total -> total",
        "np.log(total) -> np.log(total + 1e-08)",
        "np.log(total) / scale -> np.log(total)",
        "float64 -> float32",
    } <= changes
    assert any("np.round" in change for change in changes)


@pytest.mark.parametrize("id", MEASURED)
def test_no_mutant_of_a_right_answer_passes(id):
    found = mutate_exercise(id, PROOF_SEED)
    assert found.tried > 0 and found.passing == found.unused == []


def test_cases_that_let_a_mutant_pass_are_seen():
    specified = exercise("07.mae")
    assert mutate_exercise(specified.id, PROOF_SEED).passing == []
    generator = specified._generator
    first = specified.draw(np.random.default_rng(PROOF_SEED))[:1]
    try:
        specified.cases(lambda rng: first)
        assert any("np.round" in change for change in mutate_exercise("07.mae", PROOF_SEED).passing)
    finally:
        specified.cases(generator)

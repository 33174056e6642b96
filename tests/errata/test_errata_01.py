"""The errata of notebook 01: what the lecture prints beside what is right."""

from math import e, isclose, log, log2

import numpy as np

from autograder.exercises.surprise_and_entropy.reference import (
    average_log_likelihood,
    binary_cross_entropy,
    cross_entropy,
    entropy,
    group_entropy,
    kl_divergence,
    surprise,
    total_surprise,
)

G1, G2, G3 = np.array([6, 1]) / 7, np.array([1, 10]) / 11, np.array([7, 7]) / 14


def test_E11_the_logarithm_cures_the_sure_event_and_the_adding_not_the_division():
    assert surprise(0.0) == np.inf
    assert 1 / 1 != 0 and surprise(1.0) == 0
    assert 1 / (0.3 * 0.4) != 1 / 0.3 + 1 / 0.4
    assert isclose(surprise(0.3 * 0.4), surprise(0.3) + surprise(0.4))


def test_E12_the_base_is_a_unit_for_any_number_of_outcomes():
    for p in (np.array([0.9, 0.1]), np.array([0.5, 0.3, 0.15, 0.05])):
        assert isclose(entropy(p), entropy(p, base=e) / log(2))


def test_E15_rounding_first_loses_digits():
    rounded = 90 * 0.15 + 10 * 3.32
    assert isclose(rounded, 46.70) and isclose(rounded / 100, 0.467)
    assert isclose(total_surprise(np.array([0.9, 0.1]), 100), 46.899559, abs_tol=5e-7)


def test_E14_entropy_is_the_mean_surprise_not_the_total():
    total = total_surprise(np.array([0.9, 0.1]), 100)
    assert isclose(total, 46.899559, abs_tol=5e-7)
    assert isclose(total / 100, entropy(np.array([0.9, 0.1])))


def test_E16_the_printed_weights_of_G1_do_not_add_up_to_one():
    printed = 1 / 7 * log2(7 / 6) + 2 / 7 * log2(7 / 2)
    assert isclose(printed, 0.548157, abs_tol=5e-7)
    assert isclose(group_entropy("XXXXXXO"), 0.591673, abs_tol=5e-7)
    assert not isclose(1 / 7 + 2 / 7, 1)


def test_E18_the_entropy_of_a_group_lies_nearer_to_the_surprise_of_its_frequent_colour():
    frequent, rare = surprise(G1)
    assert abs(entropy(G1) - frequent) < abs(entropy(G1) - rare)


def test_E19_the_small_surprise_of_G2():
    assert isclose(surprise(10 / 11), 0.137504, abs_tol=5e-7)
    with_printed = G2[0] * surprise(1 / 11) + G2[1] * 0.11
    assert round(with_printed, 2) != 0.44 == round(float(entropy(G2)), 2)


def test_E20_the_printed_line_of_G3_is_not_one():
    assert isclose(2 * (1 / 14) * log2(14), 0.543908, abs_tol=5e-7)
    assert isclose(entropy(G3), 1)


def test_E22_G1_and_G2_are_nearly_opposite():
    assert isclose(kl_divergence(G1, G2), 2.393198, abs_tol=5e-7)
    assert kl_divergence(G1, G3) < kl_divergence(G1, G2)


def test_E30_the_mean_log_likelihood_is_minus_the_cross_entropy():
    p, q = np.array([2 / 5, 3 / 5]), np.array([4 / 5, 1 / 5])
    left = average_log_likelihood("RARAA", {"R": 4 / 5, "A": 1 / 5})
    assert isclose(left, -cross_entropy(p, q, base=e))
    assert isclose(-entropy(q, base=e), -0.500402, abs_tol=5e-7)
    assert isclose(left, -1.054920, abs_tol=5e-7)


def test_E75_cross_entropy_and_divergence_differ_by_the_entropy():
    p, q = np.array([2 / 5, 3 / 5]), np.array([4 / 5, 1 / 5])
    assert isclose(kl_divergence(p, q, base=e), 0.381909, abs_tol=5e-7)
    assert isclose(cross_entropy(p, q, base=e), 1.054920, abs_tol=5e-7)
    assert isclose(cross_entropy(p, q) - kl_divergence(p, q), entropy(p))


def test_E129_the_cross_entropy_is_the_whole_length_not_the_waste():
    fair, biased = np.array([0.5, 0.5]), np.array([0.9, 0.1])
    assert cross_entropy(fair, fair) == 1 and kl_divergence(fair, fair) == 0
    assert isclose(cross_entropy(fair, biased), 1.736966, abs_tol=5e-7)
    assert isclose(kl_divergence(fair, biased), 0.736966, abs_tol=5e-7)


def test_E130_the_four_errors_are_nats():
    y, y_hat = np.array([1, 1, 0, 0]), np.array([0.89, 0.32, 0.89, 0.32])
    nats = binary_cross_entropy(y, y_hat)
    assert np.allclose(nats, [0.1165, 1.1394, 2.2073, 0.3857], atol=5e-5)
    assert np.allclose(nats / log(2), [0.1681, 1.6439, 3.1844, 0.5564], atol=5e-5)


def test_E132_single_tosses_cannot_be_coded_as_short_as_the_entropy():
    # The best code for blocks of two tosses: lengths 1, 2, 3, 3 for 0.81, 0.09, 0.09, 0.01.
    pairs = 0.81 * 1 + 0.09 * 2 + 0.09 * 3 + 0.01 * 3
    assert isclose(pairs / 2, 0.645)
    assert entropy(np.array([0.9, 0.1])) < pairs / 2 < 1


def test_E131_a_wrong_belief_costs_more_than_the_right_one():
    p = np.array([0.7, 0.2, 0.1])
    for wrong in ([0.1, 0.2, 0.7], [0.6, 0.3, 0.1]):
        assert cross_entropy(p, np.array(wrong)) > cross_entropy(p, p)

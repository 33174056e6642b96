"""The figures of a report against plain counting, and the words for every mistake of the course."""

from math import comb

import numpy as np
import pytest

from autograder.exercises import NOTEBOOKS, notebook
from autograder.report import figures as statistics
from autograder.report import phrases
from tests.report.classes import blank, invented, right


def test_difficulty_and_discrimination_are_what_the_page_says_they_are():
    school_class = invented(60, seed=4)
    assignment = school_class.assignments[0]
    points = np.array([[r.points for r in s.rows] for s in assignment.submissions.values()])
    for column, figures in enumerate(statistics.exercises(assignment)):
        others = np.delete(points, column, axis=1).sum(axis=1)
        expected = np.corrcoef(points[:, column], others)[0, 1]
        assert figures.discrimination == pytest.approx(expected)
        assert figures.difficulty == pytest.approx(points[:, column].mean() / 2)
        assert figures.right + figures.wrong + figures.blank == figures.graded == 60


def test_discrimination_is_left_out_where_it_would_mean_nothing():
    for few_or_equal in (invented(9), invented(40, right), invented(40, blank), invented(1)):
        figures = statistics.exercises(few_or_equal.assignments[0])
        assert {f.discrimination for f in figures} == {None}


def test_an_exercise_that_nobody_solved():
    def nobody(exercise, rng):
        return ("wrong", None) if exercise.name == "entropy" else ("right", None)

    figures = {f.id: f for f in statistics.exercises(invented(12, nobody).assignments[0])}
    assert figures["01.entropy"].difficulty == 0
    assert figures["01.entropy"].wrong == 12
    assert figures["01.surprise"].difficulty == 1


@pytest.mark.parametrize("sizes", [(3, 5, 7, 30), (4, 4, 4, 9), (3, 20, 25, 30)])
def test_the_tail_of_the_hypergeometric_distribution(sizes):
    both, first, second, everybody = sizes
    exact = sum(
        comb(first, k) * comb(everybody - first, second - k)
        for k in range(both, min(first, second) + 1)
        if second >= k
    ) / comb(everybody, second)
    assert statistics.at_least(both, first, second, everybody) == pytest.approx(exact)


def test_mistakes_that_go_together_are_found_and_chance_is_not():
    numbers = iter(range(10_000))

    def linked(exercise, rng):
        student = next(numbers) // 10
        if exercise.name in ("surprise", "entropy") and student % 4 == 0:
            return "known mistake", exercise.mistakes[0].name
        return "right", None

    pairs = statistics.pairs(invented(60, linked).assignments)
    assert [(p.first.exercise, p.second.exercise, p.together) for p in pairs] == [
        ("01.entropy", "01.surprise", 15)
    ]
    assert pairs[0].expected == pytest.approx(15 * 15 / 60)
    assert statistics.pairs(invented(200, seed=1).assignments) == []


def test_mistakes_are_counted_and_roots_grouped():
    def logarithms(exercise, rng):
        names = {"surprise": "surprise-natural-log", "entropy": "entropy-nats"}
        mistake = names.get(exercise.name)
        return ("known mistake", mistake) if mistake else ("right", None)

    assignments = invented(8, logarithms).assignments
    found = statistics.mistakes(assignments)
    assert {(m.exercise, m.count, m.graded) for m in found} == {
        ("01.surprise", 8, 8),
        ("01.entropy", 8, 8),
    }
    assert found[1].phrase == "the surprise uses the natural logarithm instead of base 2"
    (root,) = statistics.roots(assignments)
    assert (root.title, root.students, root.often) == ("The base of the logarithm", 8, 8)


def test_a_person_is_sent_to_what_needs_one():
    def short(exercise, rng):
        return ("shortcut" if exercise.name == "entropy" else "crashed"), None

    found = statistics.concerns(invented(2, short).assignments)
    assert [c.kind for c in found].count("a shortcut") == 2
    assert [c.kind for c in found].count("crashed") == 18


def test_the_trend_is_that_of_the_shares():
    (figures,) = statistics.trend(invented(30, right))
    assert figures.median == figures.mean == 1
    assert statistics.change([0.5, None, 0.7, 0.9]) == pytest.approx(0.3)
    assert statistics.change([None, 0.4]) is None


def test_every_mistake_can_be_said():
    for name in NOTEBOOKS:
        for exercise in notebook(name).exercises.values():
            for mistake in exercise.mistakes:
                said = phrases.phrase(exercise.id, mistake.name)
                assert said.startswith(phrases.subject(exercise.id))
                assert len(said) > len(phrases.subject(exercise.id)) + 2
                assert phrases.hint(exercise.id, mistake.name) == mistake.hint


def test_how_an_instructor_would_say_it():
    for exercise, mistake, said in (
        (
            "04.grad_b2",
            "db2-not-summed",
            "the gradient of the bias b2 is not summed over the batch",
        ),
        ("03.softmax", "softmax-axis0", "the softmax runs along the wrong axis"),
        ("05.torch_gradients", "autograd-sign", "the gradients from PyTorch have the wrong sign"),
        ("02.fit", "fit-ascent", "the fitted model goes uphill"),
    ):
        assert phrases.phrase(exercise, mistake) == said


@pytest.mark.parametrize(
    ("mistake", "title"),
    [
        ("entropy-nats", "The base of the logarithm"),
        ("db1-not-summed", "Sum, mean, and the 1/N"),
        ("dW2-no-transpose", "Transposed, or the wrong axis"),
        ("softmax-axis0", "Transposed, or the wrong axis"),
        ("cegrad-sign", "The wrong sign"),
        ("kl-nan-zero", "Zeros, infinities and lost digits"),
        ("bias-last", "The bias"),
        ("jac-diagonal-only", "Only the diagonal of a Jacobian"),
        ("train-one-step-too-many", "Off by one, or the wrong index"),
        ("softmax-argmax", None),
    ],
)
def test_roots(mistake, title):
    assert phrases.root(mistake) == title

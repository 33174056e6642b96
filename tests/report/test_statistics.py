"""The figures of a report against plain counting, and the words for every mistake of the course."""

from math import comb

import numpy as np
import pytest

from autograder.exercises import NOTEBOOKS, Root, notebook
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
    surprise = notebook("01-surprise-and-entropy").exercises["surprise"]
    assert found[1].said == surprise.named_mistake("surprise-natural-log").said
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


def test_every_mistake_is_said_in_one_sentence_of_its_own():
    for name in NOTEBOOKS:
        for exercise in notebook(name).exercises.values():
            sentences = [mistake.said for mistake in exercise.mistakes]
            assert len(set(sentences)) == len(sentences), exercise.id
            for mistake in exercise.mistakes:
                # It may begin with a name such as alpha, which is not written with a capital.
                assert len(mistake.said.split()) >= 3, mistake.name
                assert mistake.said.endswith("."), mistake.name
                assert phrases.said(exercise.id, mistake.name) == mistake.said
                assert phrases.hint(exercise.id, mistake.name) == mistake.hint


def test_what_the_course_no_longer_has_is_said_by_its_name():
    said = "An earlier version of the course called this mistake “entropy long gone”."
    assert phrases.said("01.entropy", "entropy-long-gone") == said
    assert phrases.hint("01.gone", "entropy-nats") == ""
    assert phrases.root("01.gone", "entropy-nats") is None


@pytest.mark.parametrize(
    ("exercise", "mistake", "root"),
    [
        ("01.entropy", "entropy-nats", Root.BASE),
        ("04.grad_b1", "db1-not-summed", Root.MEAN),
        ("04.grad_W2", "dW2-no-transpose", Root.AXIS),
        ("03.softmax", "softmax-axis0", Root.AXIS),
        ("03.cross_entropy_gradient", "cegrad-sign", Root.SIGN),
        ("03.softmax_jacobian", "jac-diagonal-only", Root.DIAGONAL),
        ("03.softmax", "softmax-argmax", None),
    ],
)
def test_a_mistake_is_counted_under_its_root(exercise, mistake, root):
    assert phrases.root(exercise, mistake) == root

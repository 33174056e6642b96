"""What is said to students: sentences by their names, lists, and kinds of things."""

import numpy as np
import pytest

from course import words
from course.compare import compare


def test_a_question_bears_the_name_it_has_and_keeps_it_when_it_is_filled_in():
    questions = {key: one for key, one in vars(words).items() if isinstance(one, words.Lead)}
    assert len(questions) > 40
    for name, question in questions.items():
        assert question.name == (name if name != "NO_LEAD" else "")
    assert words.FEW_DIGITS.format(digits=5).name == "FEW_DIGITS"
    assert compare(2 * np.ones(3), np.ones(3)).symptom.name == "TWICE"


def test_what_names_reasons_names_questions():
    for name in (*words.REASONS, *words.FACTORS):
        assert isinstance(getattr(words, name), words.Lead), name


@pytest.mark.parametrize(
    ("texts", "listed"), [("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")]
)
def test_what_is_listed_is_joined_as_people_do(texts, listed):
    assert words.all_of(texts) == listed


def test_a_kind_without_an_article_of_its_own_is_a_value_of_that_type():
    assert [words.kind_of(name) for name in ("int", "tuple", "NoneType")] == [
        "an int",
        "a tuple",
        "None",
    ]
    assert words.kind_of("Engine") == "a value of type Engine"


@pytest.mark.parametrize(("count", "said"), [(2, "twice"), (5, "5 times")])
def test_how_often_is_said_in_words(count, said):
    assert words.times(count) == said

"""Hints come one by one and belong to exercises that exist."""

import json

import pytest

from autograder.exercises import NOTEBOOKS, notebook
from course import hint
from tests.conftest import ROOT

FILES = sorted((ROOT / "course" / "hints").glob("*.json"))


def test_each_call_gives_one_more_and_starts_over(capsys):
    for _ in range(4):
        hint("likelihood")
    lines = capsys.readouterr().out.splitlines()
    assert [line[:11] for line in lines] == ["hint 1 of 3", "hint 2 of 3", "hint 3 of 3"] + [
        "hint 1 of 3"
    ]


def test_a_function_is_as_good_as_its_name(capsys):
    def group_entropy():
        pass

    hint(group_entropy)
    assert "1 of 3" in capsys.readouterr().out


def test_a_misspelt_name_gets_a_suggestion(capsys):
    hint("suprise")
    assert 'Did you mean "surprise"' in capsys.readouterr().out


def test_capitals_do_not_matter_where_the_name_is_clear(capsys):
    hint("grad_w2")
    assert "1 of" in capsys.readouterr().out


def test_without_a_name_the_exercises_are_listed(capsys):
    hint()
    shown = capsys.readouterr().out
    assert "01-surprise-and-entropy: " in shown and "group_entropy" in shown
    assert 'as in hint("' in shown


def test_a_name_that_two_notebooks_share_is_asked_back(capsys):
    hint("sigmoid_derivative")
    assert 'hint("02.sigmoid_derivative") or hint("04.sigmoid_derivative")' in (
        capsys.readouterr().out
    )


def test_the_open_notebook_is_the_one_that_is_meant(capsys, monkeypatch):
    from types import SimpleNamespace

    import IPython

    from course.plots import backprop_by_hand

    shell = SimpleNamespace(user_ns={"plots": backprop_by_hand})
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    hint("sigmoid_derivative")
    assert "1 of" in capsys.readouterr().out
    hint()
    shown = capsys.readouterr().out
    assert "04-backprop-by-hand" in shown and "01-surprise" not in shown


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_exercise_has_three_stages_and_no_hint_is_orphaned(path):
    stages = json.loads(path.read_text(encoding="utf-8"))
    assert path.stem in NOTEBOOKS
    assert set(stages) == set(notebook(path.stem).exercises)
    assert all(len(texts) >= 2 for texts in stages.values())

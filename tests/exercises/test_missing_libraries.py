"""Notebooks 06 and 07 where only NumPy and Matplotlib are at hand: one line, and all else works."""

import sys

import pytest

from autograder.build.visible import visible_source
from course.plots import style

SAYS = {
    "06-activations": ["PyTorch is not installed here: the comparison is left out"],
    "07-losses-and-metrics": [
        "PyTorch is not installed here: its second opinion is left out",
        "scikit-learn is not installed here: these patients are left out",
        "scikit-learn is not installed here: simulated patients stand in for the real ones",
        "scikit-learn is not installed here: its second opinion is left out",
    ],
}


@pytest.mark.parametrize("name", SAYS)
def test_a_notebook_says_in_one_line_what_is_missing(repository, monkeypatch, capsys, name):
    for library in ("torch", "sklearn", "scipy"):
        for module in [m for m in sys.modules if m.partition(".")[0] == library]:
            monkeypatch.delitem(sys.modules, module)
        monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.setattr(style, "drawing", False)
    names: dict = {}
    for cell in repository.source(name).cells:
        if cell.cell_type == "code":
            exec(visible_source(cell), names)
    lines = capsys.readouterr().out.splitlines()
    missing = [line for line in lines if "not installed" in line]
    assert len(missing) == len(SAYS[name])
    assert all(line.startswith(f"○ {text}") for line, text in zip(missing, SAYS[name]))
    left_out = "○ Pictures are left out while grading."
    others = [line for line in lines if line not in missing and line != left_out]
    assert not [line for line in others if line.startswith(("✗", "○"))]
    assert sum(line.startswith("✓") for line in others) >= 16

"""All names that nbgrader and nbconvert promise to nobody, and that this package leans on.

`configure` refuses versions of nbgrader that were not tried. Whoever tries a new one begins here:

Autograde._sanitizing                         whether Autograde reads what was handed in, or what
                                              it made of that
Exporter._preprocessors                       what `register_preprocessor` has made
ClearHiddenTests._remove_hidden_test_region   takes the hidden tests out of one cell
Gradebook                                     the name in each module of a preprocessor by which it
                                              opens the gradebook
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader import api
from nbgrader.converters import Autograde
from nbgrader.preprocessors import ClearHiddenTests


def is_sanitizing(autograde: Autograde) -> bool:
    """Whether Autograde is at its first reading, that of what was handed in."""
    return autograde._sanitizing


def made_preprocessors(converter: Autograde, names: Sequence) -> list:
    """The preprocessors of these names, with the settings of a converter."""
    exporter = NotebookExporter(config=converter.config, log=converter.log)
    exporter._preprocessors = []
    for name in names:
        exporter.register_preprocessor(name)
    return exporter._preprocessors


def remove_hidden_tests(cell: NotebookNode) -> None:
    """Take the hidden tests out of a cell, as nbgrader does for a release."""
    ClearHiddenTests()._remove_hidden_test_region(cell)


@contextmanager
def gradebook_replaced(preprocessors: Iterable[object], lent: object) -> Iterator[None]:
    """For a time, what these preprocessors open as nbgrader's Gradebook is `lent`."""
    modules = {
        sys.modules[kind.__module__]
        for preprocessor in preprocessors
        for kind in type(preprocessor).__mro__
        if getattr(sys.modules[kind.__module__], "Gradebook", None) is api.Gradebook
    }
    for module in modules:
        module.Gradebook = lambda *place, **options: lent
    try:
        yield
    finally:
        for module in modules:
            module.Gradebook = api.Gradebook

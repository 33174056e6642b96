"""All names that nbgrader and nbconvert promise to nobody, and that this package leans on.

`configure` refuses versions of nbgrader that were not tried. Whoever tries a new one begins here:

Autograde._sanitizing                         whether Autograde reads what was handed in, or what
                                              it made of that
Exporter._preprocessors                       what `register_preprocessor` has made
ClearHiddenTests._remove_hidden_test_region   takes the hidden tests out of one cell
GetGrades._get_score, GetGrades._get_comment  what it asks the gradebook of one cell
TemplateExporter._create_environment          makes what knows the templates
HTMLExporter._init_resources, ._nb_metadata   what its own conversion begins with, and what the
                                              filter of widgets reads
Gradebook                                     the name in each module of a preprocessor by which it
                                              opens the gradebook
nbgrader_formgrader, nbgrader_gradebook,      what the formgrader keeps in the settings of a Jupyter
nbgrader_jinja2_env                           server: its app, gradebook and templates
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader
from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from nbgrader import api
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearHiddenTests, GetGrades
from sqlalchemy.engine import make_url

from autograder.errors import Problem


def is_sanitizing(autograde: Autograde) -> bool:
    """Say whether Autograde is at its first reading, that of what was handed in."""
    return autograde._sanitizing


def made_preprocessors(converter: Autograde, names: Sequence) -> list:
    """Make the preprocessors of these names, with the settings of a converter."""
    exporter = NotebookExporter(config=converter.config, log=converter.log)
    exporter._preprocessors = []
    for name in names:
        exporter.register_preprocessor(name)
    return exporter._preprocessors


def remove_hidden_tests(cell: NotebookNode) -> None:
    """Take the hidden tests out of a cell, as nbgrader does for a release."""
    ClearHiddenTests()._remove_hidden_test_region(cell)


class GradesByCell(GetGrades):
    """nbgrader's GetGrades, of which a subclass says what is read of a cell."""

    def _get_score(self, cell: NotebookNode, resources: dict) -> None:
        self.read_score(cell, resources)

    def _get_comment(self, cell: NotebookNode, resources: dict) -> None:
        self.read_comment(cell, resources)

    def read_score(self, cell: NotebookNode, resources: dict) -> None:
        """Enter the points of a graded cell in its nbgrader fields."""
        raise NotImplementedError

    def read_comment(self, cell: NotebookNode, resources: dict) -> None:
        """Enter the comment on an answer in its nbgrader fields."""
        raise NotImplementedError


class HTMLReadOnce(HTMLExporter):
    """nbconvert's HTMLExporter without its last step, which reads the finished page again.

    compiled_templates  where templates are kept that were compiled; a subclass says it
    """

    compiled_templates: BytecodeCache | None = None

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.bytecode_cache = self.compiled_templates
        return environment

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Convert a notebook to a page."""
        resources = self._init_resources(resources)
        shown = WidgetsDataTypeFilter(
            notebook_metadata=self._nb_metadata, parent=self, resources=resources
        )
        self.register_filter("highlight_code", self.highlight_code)
        self.register_filter("filter_data_type", shown)
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)

    def highlight_code(self, source: str, language: str | None = None, metadata: Any = None) -> str:
        """Return a cell's code as coloured HTML."""
        raise NotImplementedError


@contextmanager
def gradebook_replaced(preprocessors: Iterable[object], lent: object) -> Iterator[None]:
    """Let these preprocessors have `lent` for a time where they open nbgrader's Gradebook."""
    modules = {
        sys.modules[kind.__module__]
        for preprocessor in preprocessors
        for kind in type(preprocessor).__mro__
        if getattr(sys.modules[kind.__module__], "Gradebook", None) is api.Gradebook
    }
    for module in modules:
        vars(module)["Gradebook"] = lambda *place, **options: lent
    try:
        yield
    finally:
        for module in modules:
            vars(module)["Gradebook"] = api.Gradebook


def formgrader_directory(settings: Mapping) -> CourseDirectory:
    """Return the course folder that a Jupyter server's formgrader works in.

    Raises Problem where there is no formgrader.
    """
    formgrader = settings.get("nbgrader_formgrader")
    if formgrader is None:
        raise Problem(
            "nbgrader's formgrader is not at work in this Jupyter server: enable it with "
            "`jupyter server extension enable --sys-prefix nbgrader.server_extensions.formgrader`."
        )
    return formgrader.coursedir


def shared_gradebook(
    settings: MutableMapping, opened: Callable[[CourseDirectory], api.Gradebook]
) -> api.Gradebook:
    """Return the formgrader's gradebook, so that it sees at once what is written.

    opened  opens that of a course folder where the formgrader has none, or another folder's
    """
    directory, found = formgrader_directory(settings), settings.get("nbgrader_gradebook")
    if found is not None:
        urls = found.engine.url, make_url(directory.db_url)
        if len({url.set(query={}) for url in urls}) == 1:
            return found
        close_gradebook(settings)
    settings["nbgrader_gradebook"] = opened(directory)
    return settings["nbgrader_gradebook"]


def close_gradebook(settings: MutableMapping) -> None:
    """Let the formgrader open its gradebook anew when it needs one."""
    if gradebook := settings.get("nbgrader_gradebook"):
        settings["nbgrader_gradebook"] = None
        gradebook.close()


def put_before_formgrader(settings: MutableMapping, folder: str) -> None:
    """Let templates in a folder stand in for those of their names in the formgrader's pages; they
    reach nbgrader's own as `nbgrader/NAME`."""
    if environment := settings.get("nbgrader_jinja2_env"):
        own = environment.loader
        environment.loader = ChoiceLoader(
            [FileSystemLoader(folder), own, PrefixLoader({"nbgrader": own})]
        )

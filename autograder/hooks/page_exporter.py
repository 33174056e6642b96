"""The exporter of students' pages: nbgrader's page, made for a whole class within a minute.

What nbconvert's own does anew for every page is done once: compiling the templates, colouring a
cell of the course, drawing its formulas. And it leaves out nbconvert's last step, which reads the
finished page as a whole again to describe pictures: here no picture gets that far undescribed.
"""

from __future__ import annotations

from functools import lru_cache

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from traitlets import default


class _Compiled(BytecodeCache):
    """Compiled templates, kept as long as this process lives."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_compiled = _Compiled()


@lru_cache(maxsize=4096)
def _coloured(source: str, language: str) -> str:
    formatter = HtmlFormatter(cssclass=f" highlight hl-{language}")
    return str(highlight(source or " ", get_lexer_by_name(language), formatter))


class PageExporter(HTMLExporter):
    """Makes the page of one student's notebook."""

    # What is written is checked; to check it after every step takes a tenth of a page's time.
    @default("optimistic_validation")
    def _optimistic_validation_default(self) -> bool:
        return True

    # nbgrader has the name of its page's template as the default of its own exporter alone.
    @default("template_name")
    def _template_name_default(self) -> str:
        return "feedback"

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.bytecode_cache = _compiled
        return environment

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **kw: object
    ) -> tuple[str, dict]:
        """Convert as HTMLExporter does, without reading the page again."""
        resources = self._init_resources(resources)
        shown = WidgetsDataTypeFilter(
            notebook_metadata=self._nb_metadata, parent=self, resources=resources
        )
        self.register_filter("highlight_code", self._highlight)
        self.register_filter("filter_data_type", shown)
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)

    def _highlight(self, source: str, language: str | None = None, metadata=None) -> str:
        if metadata and "magics_language" in metadata:
            return str(Highlight2HTML("ipython3", parent=self)(source, language, metadata))
        return _coloured(source, language or "ipython3")

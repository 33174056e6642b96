"""The exporter of students' pages: nbgrader's page, made for a whole class within a minute.

What nbconvert's own does anew for every page is done once: compiling the templates, colouring a
cell of the course, drawing its formulas. And it leaves out nbconvert's last step, which reads the
finished page as a whole again to describe pictures: here no picture gets that far undescribed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from nbconvert.filters import Highlight2HTML
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from traitlets import default

from autograder.hooks.internals import HTMLReadOnce


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


class PageExporter(HTMLReadOnce):
    """Makes the page of one student's notebook."""

    compiled_templates = _compiled

    # What is written is checked; to check it after every step takes a tenth of a page's time.
    @default("optimistic_validation")
    def _check_at_the_end(self) -> bool:
        return True

    # nbgrader has the name of its page's template as the default of its own exporter alone.
    @default("template_name")
    def _name_of_feedback(self) -> str:
        return "feedback"

    def highlight_code(self, source: str, language: str | None = None, metadata: Any = None) -> str:
        if metadata and "magics_language" in metadata:
            return str(Highlight2HTML("ipython3", parent=self)(source, language, metadata))
        return _coloured(source, language or "ipython3")

"""Formulas as MathML, as on the students' pages: no script, no font and no connection is needed."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from autograder.hooks.formulas import mathml

logger = logging.getLogger(__name__)


def _written(node: nodes.Element, display: bool) -> str:
    formula = node.astext().strip()
    found = mathml(formula, display)
    if not found.startswith("<math"):
        logger.warning("This formula cannot be drawn: %s", formula, location=node)
    return found


def inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    self.body.append(_written(node, display=False))
    raise nodes.SkipNode


def block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula that stands alone; where it is wider than the page, it can be scrolled."""
    self.body.append(f'<div class="formula">{_written(node, display=True)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Add MathML to what `html_math_renderer` can choose."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}

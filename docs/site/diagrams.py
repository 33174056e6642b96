"""Diagrams in Mermaid, drawn while the site is built by Mermaid itself, without a browser."""

from __future__ import annotations

import html
import re
from typing import Any

import mermaidx
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

# A name with its shape and what is written in it, and an arrow with what is written on it.
SHAPE = re.compile(r"\b(\w+)[\[({]+([^\[\](){}]+)[\])}]+")
ARROW = re.compile(r"(\w+) -->(?:\|([^|]*)\|)? (\w+)")
# Mermaid would let a diagram shrink until nobody can read it.
WIDTH = re.compile(r'width="100%"(.*?)max-width: ([\d.]+)px;', re.DOTALL)
SCALE = 0.85
# The identifier that Mermaid gives to every drawing; a page may have several.
ITS_NAME = "my-svg"


def described(diagram: str) -> str:
    """A flow chart in words: each arrow, with what is written on it."""
    written = dict(SHAPE.findall(diagram))
    arrows = [
        f"{written.get(start, start)} to {written.get(end, end)}" + (f" ({label})" if label else "")
        for start, label, end in ARROW.findall(SHAPE.sub(r"\1", diagram))
    ]
    return f"A flow chart. Arrows lead from {'; from '.join(arrows)}."


def drawn(diagram: str, name: str) -> str:
    """A diagram as HTML: an SVG of a size that can be read, named in words."""
    svg = mermaidx.render(diagram).svg().replace(ITS_NAME, name)
    svg = WIDTH.sub(lambda found: f'width="{SCALE * float(found[2]):.0f}"{found[1]}', svg, count=1)
    label = html.escape(described(diagram))
    return f'<div class="diagram" role="img" aria-label="{label}">{svg}</div>'


class Diagrams(SphinxTransform):
    """Puts a drawing in the place of each fenced block of Mermaid."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        """Draw the diagrams of one document."""
        found = [
            node
            for node in self.document.findall(nodes.literal_block)
            if node.get("language") == "mermaid"
        ]
        for number, node in enumerate(found, 1):
            figure = drawn(node.astext(), f"diagram-{number}")
            node.replace_self(nodes.raw("", figure, format="html"))


def setup(app: Sphinx) -> dict[str, Any]:
    """Have Sphinx draw diagrams."""
    app.add_transform(Diagrams)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

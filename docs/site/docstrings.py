"""The docstrings of this project as Sphinx reads them: names and what they mean become fields."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

# "name  what it means", as the docstrings of this project write parameters; more indented lines
# go on with what it means.
MEANING = re.compile(r"(\*{0,2}\w+(?:, \*{0,2}\w+)*) {2,}(\S.*)")


def as_fields(app: Sphinx, what: str, name: str, item: Any, options: Any, lines: list[str]) -> None:
    """Turn the lines that explain parameters into fields, in place."""
    found: list[str] = []
    in_fields = False
    for line in lines:
        if match := MEANING.fullmatch(line):
            if not in_fields and found and found[-1]:
                found.append("")
            found.append(f":param {match[1].replace('*', '')}: {match[2]}")
            in_fields = True
        else:
            if in_fields and line and not line.startswith(" "):
                found.append("")
                in_fields = False
            found.append(f"    {line.strip()}" if in_fields and line else line)
    lines[:] = found


def setup(app: Sphinx) -> dict[str, Any]:
    """Have autodoc hand over each docstring."""
    app.connect("autodoc-process-docstring", as_fields)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

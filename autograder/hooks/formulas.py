"""Formulas as MathML, which every browser draws without a script and without a connection."""

from __future__ import annotations

import re
from functools import lru_cache

from latex2mathml.converter import convert
from markupsafe import escape

# A formula of the course is a tenth of that. What is longer is shown as it was written.
MAX_FORMULA = 4000
# An element may lead somewhere; no formula needs to.
LINK = re.compile(r"""\s(?:href|xlink:href|src|style|class|id|on\w+)="[^"]*\"""", re.IGNORECASE)


@lru_cache(maxsize=4096)
def mathml(formula: str, display: bool = False) -> str:
    """A formula in LaTeX as an element of MathML, or as it was written where it is none.

    display  whether it stands alone on its line
    """
    shown = f"<code>{escape(formula)}</code>"
    if len(formula) > MAX_FORMULA:
        return shown
    try:
        found = convert(formula, display="block" if display else "inline")
    except Exception:  # Whatever the converter says to a hostile or unfinished formula.
        return shown
    return LINK.sub("", found)

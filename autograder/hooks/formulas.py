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
# Functions with a name, which browsers would set as close to what is around them as "klnp". TeX
# puts a thin space beside them, but none beside an operator or before the bracket of an argument.
NAMED = re.compile(
    r"(?P<base><m(?:sub|sup|subsup)>)?<mi>(?P<name>arg|cos|cosh|exp|ln|log|sin|sinh|tan|tanh)</mi>"
)
TAG = re.compile(r"<(/?)(m\w+)[^>]*?(/?)>")
THIN, NONE = "0.167em", "0"


def _spaced(formula: str) -> str:
    """Give MathML the spaces that TeX puts beside the names of functions."""

    def operator(found: re.Match[str]) -> str:
        base = found["base"] or ""
        before = formula[formula.rfind("<", 0, found.start()) : found.start()]
        left = THIN if before.startswith("</") and before != "</mo>" else NONE
        behind = _behind(formula, found.end(), scripts=bool(base))
        right = NONE if re.match(r"</|$|<mo[^>]*>(?:&#x00028;|&#x0005B;)", behind) else THIN
        return f'{base}<mo lspace="{left}" rspace="{right}">{found["name"]}</mo>'

    return NAMED.sub(operator, formula)


def _behind(formula: str, place: int, scripts: bool) -> str:
    """Return what follows a name that ends at a place, or the element with scripts it is the base
    of."""
    depth = 1
    while scripts and depth and (tag := TAG.search(formula, place)):
        depth += 0 if tag[3] else -1 if tag[1] else 1
        place = tag.end()
    return formula[place:]


@lru_cache(maxsize=4096)
def mathml(formula: str, display: bool = False) -> str:
    """Return a formula in LaTeX as an element of MathML, or as it was written where it is none.

    display  whether it stands alone on its line
    """
    shown = f"<code>{escape(formula)}</code>"
    if len(formula) > MAX_FORMULA:
        return shown
    try:
        found = convert(formula, display="block" if display else "inline")
    except Exception:  # Whatever the converter says to a hostile or unfinished formula.
        return shown
    return _spaced(LINK.sub("", found))

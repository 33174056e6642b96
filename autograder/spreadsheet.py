"""Values as a spreadsheet may see them: text and numbers, and no formula."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def neutral(value: object) -> str:
    """Return a value as a spreadsheet may see it: what would start a formula stands behind a
    quote."""
    text = "" if value is None else str(value)
    try:
        float(text)
    except ValueError:
        risky = text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)
        return f"'{text}" if risky else text
    return text

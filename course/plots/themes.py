"""The colours of the pictures, and what each of them is on a light and on a dark ground.

Modules that draw use the names below and no colour of their own. The hues are those of Okabe and
Ito (2008), "Color universal design", which can be told apart with every common form of colour
blindness; each is made darker or lighter until a mark has a contrast of at least 3 : 1 and a text
one of at least 4.5 : 1 against its ground (WCAG 2.2, criteria 1.4.3 and 1.4.11). Pictures use them
in one fixed meaning and never rely on colour alone.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.colors import LinearSegmentedColormap


class Colour(NamedTuple):
    """A colour on both grounds: of what is drawn, and of what is written."""

    light: str
    dark: str
    light_text: str | None = None
    dark_text: str | None = None


# What a module draws with -> what is seen. Matplotlib gets the key, the finished picture the rest.
INK, GROUND, GREY, GRID = "#222222", "#ffffff", "#767676", "#e6e6e6"
BLUE, ORANGE, GREEN = "#0072b2", "#e69f00", "#009e73"
RED, SKY, PINK = "#d55e00", "#56b4e9", "#cc79a7"
# Fills behind text in INK.
PALE, PALE_BLUE, PALE_ORANGE = "#f1f1f1", "#dcebf5", "#f9dfd2"
COLOURS = {
    INK: Colour("#1f1f1f", "#e8e8e8"),
    GROUND: Colour("#ffffff", "#111111"),
    GREY: Colour("#707070", "#a3a3a3"),
    GRID: Colour("#e4e4e4", "#333333"),
    BLUE: Colour("#0072b2", "#3690d4"),
    ORANGE: Colour("#c07f00", "#e69f00", "#8a5a00"),
    GREEN: Colour("#00855f", "#1ea27a", "#007a57"),
    RED: Colour("#d55e00", "#f0803a", "#b04d00"),
    SKY: Colour("#2b8fcb", "#93d2f6", "#1a71a6"),
    PINK: Colour("#bd6395", "#dd8fbb", "#a34a7c"),
    PALE: Colour("#f1f1f1", "#262626"),
    PALE_BLUE: Colour("#dcebf5", "#173a54"),
    PALE_ORANGE: Colour("#f9dfd2", "#4d2713"),
}
# These change nothing with the theme: they lie on a map of colours that changes nothing, either.
ON_DARK, ON_LIGHT = "#fefefe", "#010101"
CYCLE = (BLUE, ORANGE, GREEN, RED, PINK, SKY)
LINES = ("-", "--", "-.", ":")


# Maps of colours that let the ground through, under numbers in INK.


@cache
def signed() -> LinearSegmentedColormap:
    """Return a map for signed values, from RED to BLUE."""
    return _tints("signed", (RED, 0.75), (RED, 0.0), (BLUE, 0.0), (BLUE, 0.75))


@cache
def blues() -> LinearSegmentedColormap:
    """Return a map for counts and sizes, from nothing to BLUE."""
    return _tints("blues", (BLUE, 0.0), (BLUE, 0.75))


@cache
def reds() -> LinearSegmentedColormap:
    """Return a map for counts and sizes, from nothing to RED."""
    return _tints("reds", (RED, 0.0), (RED, 0.75))


def _tints(name: str, *stops: tuple[str, float]) -> LinearSegmentedColormap:
    from matplotlib.colors import LinearSegmentedColormap, to_rgb

    return LinearSegmentedColormap.from_list(name, [(*to_rgb(hue), share) for hue, share in stops])


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    from matplotlib.colors import to_rgb

    red, green, blue = map(linear, to_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

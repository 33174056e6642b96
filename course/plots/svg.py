"""A figure as an SVG that is small, crisp, and drawn for a light and for a dark ground.

The SVG chooses its colours by the colour scheme of the place where its image stands, and brings its
ground along, so that it can be read wherever a page does not say which scheme it has.
"""

from __future__ import annotations

import base64
import io
import re
from collections import Counter
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.collections import Collection, QuadMesh
from matplotlib.figure import Figure
from PIL import Image

from course.plots.themes import COLOURS

# Pixels of the page for one inch of a figure; pixels have twice this resolution.
PER_INCH = 110
# More corners than this are drawn as pixels, which are smaller then.
MOST_CORNERS = 1500
# Verdana is as wide as DejaVu Sans, by which Matplotlib lays out its texts, and stands in for it on
# Windows and macOS.
FONTS = "'DejaVu Sans',Verdana,sans-serif"

# Texts stay texts, and two drawings of the same picture are the same. A figure that was laid out by
# hand would leave the saving with the layout of the settings.
SAVING: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "course",
    "figure.constrained_layout.use": False,
}

COLOUR = re.compile(f"#({'|'.join(name[1:] for name in COLOURS)})")
NUMBER = re.compile(r"-?\d+\.\d{3,}")
PIXELS = re.compile(r"(data:image/png;base64,)([A-Za-z0-9+/=\s]+)")
CURVE = re.compile(r' d="[^"]{300,}"')
MARKS = re.compile(r'<use [^>]* class="(c\d+)"/>(?:<use [^>]* class="\1"/>){2,}')
PLACE = re.compile(r'( [xy]="-?\d+\.\d)\d+')
LOOK = re.compile(r' style="([^"]*)"')
TAG = re.compile(r"<[^>]*>")
TEXT = re.compile(r"<text\b.*?</text>", re.DOTALL)
UNUSED = (
    re.compile(r"^.*?(?=<svg)", re.DOTALL),
    re.compile(r"<metadata>.*?</metadata>", re.DOTALL),
    re.compile(r"<defs>\s*<style.*?</defs>", re.DOTALL),
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"font-family: [^;\"]*;? ?"),
    re.compile(r" transform=\"rotate\(-?0 [^\"]*\""),
    # Matplotlib repeats what is the same for all.
    re.compile(r"stroke-linejoin: miter;? ?"),
)


def svg(figure: Figure) -> str:
    """Write the figure as an SVG for both grounds."""
    for axes in figure.axes:
        for collection in axes.collections:
            collection.set_rasterized(_is_heavy(collection))
    buffer = io.StringIO()
    nameless = {"Date": None, "Creator": None}
    with mpl.rc_context(SAVING):
        figure.savefig(buffer, format="svg", dpi=2 * PER_INCH, metadata=nameless)
    text = buffer.getvalue()
    for unused in UNUSED:
        text = unused.sub("", text)
    text = _without_idle_groups(_with_short_names(text)).replace("xlink:href", "href")
    text = PIXELS.sub(lambda found: f"{found[1]}{_fewer_colours(found[2])}", text)
    # A tenth of a point is a fine place for a corner of a long curve, but not for one of a marker.
    text = CURVE.sub(lambda found: NUMBER.sub(lambda number: _rounded(number, 1), found[0]), text)
    text = TAG.sub(lambda found: NUMBER.sub(_rounded, found[0]), text)
    # A text needs more contrast than a mark of the same colour.
    text = TEXT.sub(lambda found: COLOUR.sub(r"var(--t\1)", found[0]), text)
    text = COLOUR.sub(r"var(--m\1)", text)
    text = re.sub(r"\s*\n\s*", " ", text)
    text = re.sub(r' d="M ([^"]*?) ?"', r' d="M\1"', re.sub(r">\s+<", "><", text))
    text, rules = _with_classes(text)
    text = MARKS.sub(_sharing_their_look, text)
    width, height = (round(inches * PER_INCH) for inches in figure.get_size_inches())
    size = f'width="{width}" height="{height}"'
    text = re.sub(r'width="[^"]*" height="[^"]*"', size, text, count=1)
    text = text.replace("><", f"><style>{_themes(text + rules)}{rules}</style><", 1)
    # In the address of an image a double quote takes three letters, a single one takes one.
    return TAG.sub(lambda found: found[0].replace('"', "'"), text)


def _is_heavy(collection: Collection) -> bool:
    if isinstance(collection, QuadMesh):
        return True
    corners = sum(len(np.asarray(path.vertices)) for path in collection.get_paths() or ())
    return max(corners, len(np.asarray(collection.get_offsets()))) > MOST_CORNERS


def _rounded(number: re.Match[str], digits: int = 2) -> str:
    return f"{float(number[0]):.{digits}f}".rstrip("0").rstrip(".")


def _fewer_colours(png: str) -> str:
    """Return a PNG in base64 with 255 colours, which is a third as large and looks the same."""
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA")
    buffer = io.BytesIO()
    picture.quantize(255, Image.Quantize.FASTOCTREE).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def _with_short_names(text: str) -> str:
    """Return the SVG with short names for the elements that something refers to, and none for
    others."""
    used = list(dict.fromkeys(re.findall(r"#([\w-]+)(?=[\")])", text)))
    short = {name: f"n{place}" for place, name in enumerate(used) if f'id="{name}"' in text}
    text = re.sub(
        r' id="([^"]*)"',
        lambda found: f' id="{short[found[1]]}"' if found[1] in short else "",
        text,
    )
    return re.sub(r"#([\w-]+)(?=[\")])", lambda found: f"#{short.get(found[1], found[1])}", text)


def _without_idle_groups(text: str) -> str:
    """Return the SVG without the groups that only group: Matplotlib puts three around every
    mark."""
    kept: list[bool] = []

    def keep(tag: re.Match[str]) -> str:
        if tag[0] == "</g>":
            return tag[0] if kept.pop() else ""
        if tag[0].endswith("/>"):
            return ""
        kept.append(tag[0] != "<g>")
        return tag[0] if kept[-1] else ""

    return re.sub(r"<g\b[^>]*>|</g>", keep, text)


def _sharing_their_look(marks: re.Match[str]) -> str:
    """Return a row of marks in a group that has their look, each placed to a tenth of a point."""
    places = PLACE.sub(r"\1", marks[0].replace(f' class="{marks[1]}"', ""))
    return f'<g class="{marks[1]}">{places}</g>'


def _with_classes(text: str) -> tuple[str, str]:
    """Return the SVG with a class in place of each look that comes up again, and the rules of
    these."""
    rules: dict[str, str] = {}
    for look, times in Counter(LOOK.findall(text)).items():
        if times > 2:
            rules[look] = f"c{len(rules)}"
    text = LOOK.sub(
        lambda found: f' class="{rules[found[1]]}"' if found[1] in rules else found[0], text
    )
    return text, "".join(f".{name}{{{look}}}" for look, name in rules.items())


def _themes(text: str) -> str:
    """Return the rules that give `text` its font and the colours of the theme."""

    def variables(theme: str) -> str:
        values = {}
        for name, colour in COLOURS.items():
            values[f"--m{name[1:]}"] = getattr(colour, theme)
            values[f"--t{name[1:]}"] = getattr(colour, f"{theme}_text") or getattr(colour, theme)
        return ";".join(f"{name}:{value}" for name, value in values.items() if name in text)

    return (
        f"*{{stroke-linejoin:round}}text{{font-family:{FONTS}}}svg{{{variables('light')}}}"
        f"@media(prefers-color-scheme:dark){{svg{{{variables('dark')}}}}}"
    )

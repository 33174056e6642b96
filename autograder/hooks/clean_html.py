"""What a page may show of a student's notebook: text, tables, pictures; nothing that runs.

`nbgrader_config.py` puts `CleanOutputs` and the filters `markdown2html` and `clean_html` into
nbconvert's HTML exporter, which makes both the feedback and the formgrader's page of a submission.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import secrets
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import nh3
from jinja2 import pass_context
from markupsafe import escape
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from PIL import Image
from pygments.token import STANDARD_TYPES

from autograder.hooks import words
from autograder.hooks.formulas import mathml
from autograder.hooks.verdict_cells import is_score, judged

MAX_PIXELS = 20_000_000
MAX_HTML = 32 * 2**20
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG"}
# What else is a picture, which is shown as a PNG: of one that moves, its first frame.
OTHERS = {
    "image/jpg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
    "image/x-ms-bmp": "BMP",
}
FORMATS = PICTURES | OTHERS
TAGS = (
    "a abbr b blockquote br caption code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img "
    "ins kbd li ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead "
    "tr tt u ul var"
).split()
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "ol": {"start"},
    "div": {"class"},
    "span": {"class"},
    "table": {"class"},
}
# What the formgrader puts into its page as it is.
NAMES = ("student", "first_name", "last_name", "notebook_path", "notebook_id", "assignment_id")
# The classes of highlighted code and of tables of data; others could dress up as nbgrader's own.
CLASSES = {"highlight", "dataframe", *filter(None, STANDARD_TYPES.values())}
PICTURE = re.compile(r"data:(image/[\w+-]+);base64,(.*)", re.DOTALL)
SVG = "image/svg+xml"
# An SVG in an image runs no script and fetches nothing; what is left to fear is one that is
# endlessly large to draw. The course's pictures consist of these elements.
SVG_NAMESPACE, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
SVG_TAGS = set("svg g defs style path rect text tspan use image clipPath pattern".split())
ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
MAX_SVG, MAX_SVG_ELEMENTS = 2 * 2**20, 20_000


def recode(content: str, kind: str) -> str | None:
    """Decode a picture in base64 and encode it anew, as a PNG where it was neither PNG nor JPEG.

    Returns None for what is none of this kind, a media type such as "image/png".
    """
    shown = PICTURES.get(kind, "PNG")
    try:
        raw = base64.b64decode(content, validate=False)
        with Image.open(io.BytesIO(raw), formats=[FORMATS[kind]]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return None
            mode = picture.mode if picture.mode in ("L", "RGB") else "RGB"
            if shown == "PNG" and picture.mode not in ("L", "RGB"):
                mode = "RGBA"
            clean = io.BytesIO()
            picture.convert(mode).save(clean, shown)
    except (OSError, ValueError, SyntaxError, binascii.Error, Image.DecompressionBombError):
        return None
    return base64.b64encode(clean.getvalue()).decode()


def recode_svg(content: str) -> str | None:
    """Read a drawing in base64 and write it anew; return None for one that is not safe to draw.

    Safe is a drawing of bounded size, whose elements are known, and whose repetitions repeat a
    single shape: repetitions of repetitions grow without bound.
    """
    try:
        raw = base64.b64decode(content, validate=False)
        if len(raw) > MAX_SVG or b"<!" in raw:
            return None
        drawing = ElementTree.fromstring(raw)
    except (ValueError, binascii.Error, ElementTree.ParseError):
        return None
    elements = list(drawing.iter())
    shapes = {f"#{element.get('id')}" for element in elements if element.tag.endswith("}path")}
    known = {SVG_NAMESPACE + tag for tag in SVG_TAGS}
    if drawing.tag != SVG_NAMESPACE + "svg" or len(elements) > MAX_SVG_ELEMENTS:
        return None
    for element in elements:
        if element.tag not in known or any(name.startswith("on") for name in element.attrib):
            return None
        if element.tag.endswith(("}pattern", "}clipPath")):
            inside = [value for part in element for value in part.attrib.values()]
            if any(len(part) for part in element) or "url(" in "".join(inside):
                return None
        name = XLINK if XLINK in element.attrib else "href"
        target = element.get(name)
        if target is None:
            continue
        if element.tag.endswith("}image"):
            found = PICTURE.fullmatch(target.strip())
            if found is None or found[1] not in PICTURES:
                return None
            picture = recode(found[2], found[1])
            if picture is None:
                return None
            element.set(name, f"data:{found[1]};base64,{picture}")
        elif target not in shapes:
            return None
    return base64.b64encode(ElementTree.tostring(drawing)).decode()


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return " ".join(word for word in value.split() if word in CLASSES) or None
    if name == "src":
        if value.strip().startswith(f"data:{SVG},"):
            plain = unquote(value.strip().partition(",")[2])
            value = f"data:{SVG};base64,{base64.b64encode(plain.encode()).decode()}"
        found = PICTURE.fullmatch(value.strip())
        if found is not None and found[1] == SVG:
            drawing = recode_svg(found[2])
            return f"data:{SVG};base64,{drawing}" if drawing else None
        if found is None or found[1] not in FORMATS:
            return None
        content = recode(found[2], found[1])
        kind = found[1] if found[1] in PICTURES else "image/png"
        return f"data:{kind};base64,{content}" if content else None
    if name == "href" and value.strip().lower().startswith("data:"):
        return None
    return value


UNDESCRIBED = re.compile(r"<img (?![^>]*\balt=)")


def clean_html(html: str) -> str:
    """Return the part of `html` that can only be looked at, and links that open when clicked."""
    if len(html) > MAX_HTML:
        return f"<p>{words.TOO_LONG}</p>"
    return UNDESCRIBED.sub(f'<img alt="{words.NO_DESCRIPTION}" ', _only_looked_at(str(html)))


def _only_looked_at(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


class Renderer(IPythonRenderer):
    """nbconvert's renderer of Markdown, which leaves pictures to `with_pictures`, and in the places
    of formulas a mark, as cleaning would take a formula's elements away."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Nobody who writes the text knows the mark.
        self._mark = secrets.token_hex(8)
        self._formulas: list[str] = []

    def _kept(self, formula: str, display: bool) -> str:
        self._formulas.append(mathml(formula, display))
        return f"{self._mark}-{len(self._formulas) - 1}-"

    def block_math(self, body: str) -> str:
        return self._kept(body, display=True)

    def inline_math(self, body: str) -> str:
        return self._kept(body, display=False)

    def latex_environment(self, name: str, body: str) -> str:
        return self._kept(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)

    def with_formulas(self, html: str) -> str:
        """Put the formulas into the places of their marks in what was rendered."""
        return re.sub(rf"{self._mark}-(\d+)-", lambda found: self._formulas[int(found[1])], html)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Make the element of a picture as mistune does, with the name that the text gives it."""
        return super(IPythonRenderer, self).image(text, url, title)


IMAGE = re.compile(r"<img\b[^>]*?>", re.IGNORECASE)
SOURCE = re.compile(r"""\bsrc\s*=\s*("([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)


def with_pictures(html: str, attachments: dict) -> str:
    """Put the attachments of a cell into the places of their names in `html`.

    Where a picture is left out, words say so. `attachments` are as nbformat has them.
    """

    def replace(found: re.Match) -> str:
        source = SOURCE.search(found[0])
        if source is None:
            return found[0]
        name = unescape(source[2] or source[3] or source[4] or "")
        if name.startswith("data:"):
            kind = name[5:].partition(";")[0]
            known = PICTURE.fullmatch(name.strip())
            if known and kind in FORMATS and recode(known[2], kind):
                return found[0]
            return _left_out(words.NO_PICTURE)
        if not name.startswith("attachment:") and name not in attachments:
            return _left_out(words.PICTURE_OUTSIDE, name)
        wanted = name.removeprefix("attachment:")
        bundle = attachments.get(wanted) or attachments.get(unquote(wanted)) or {}
        for kind, content in bundle.items():
            if kind in FORMATS and (clean := recode(content, kind)):
                shown = kind if kind in PICTURES else "image/png"
                data = f'src="data:{shown};base64,{clean}"'
                return found[0][: source.start()] + data + found[0][source.end() :]
        return _left_out(words.PICTURE_NOT_THERE, unquote(wanted))

    return IMAGE.sub(replace, html)


def _left_out(sentence: str, name: str = "") -> str:
    return str(escape(sentence.format(name=name[:100])))


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """Stand in for nbconvert's filter of this name, and clean what it makes."""
    attachments = context.get("cell", {}).get("attachments", {})
    return as_html(source, attachments) if attachments else _rendered_before(source)


@lru_cache(maxsize=4096)
def _rendered_before(source: str) -> str:
    """Return a text without attachments as HTML: most are the course's, and the same for
    everybody."""
    return as_html(source, {})


def as_html(source: str, attachments: dict) -> str:
    """Markdown as HTML that can only be looked at, formulas as MathML."""
    renderer = Renderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    try:
        html = with_pictures(MarkdownWithMath(renderer=renderer).render(source), attachments)
    except Exception:  # Whatever a parser of Markdown says to a hostile text; the text is shown.
        html = f"<pre>{escape(source)}</pre>"
    return renderer.with_formulas(clean_html(html))


class CleanOutputs(Preprocessor):
    """Leaves of each output one thing to look at, and of the page's names only text; draws the
    nonce by which the page's own scripts are known."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        nb.metadata = NotebookNode({"language_info": {"name": "python"}})
        for cell in nb.cells:
            if cell.cell_type == "code":
                # Beside the verdicts of a graded cell stands the number that nbgrader reads.
                kept = [one for one in cell.outputs if not (judged(cell) and is_score(one))]
                cell.outputs = [clean for output in kept if (clean := _cleaned(output))]
            elif cell.cell_type == "raw":
                # A page would take it for its own HTML. It may be an answer: it is shown as text.
                cell.cell_type = "markdown"
            fields = cell.metadata.get("nbgrader")
            cell.metadata = NotebookNode({"nbgrader": fields} if fields else {})
        for name in NAMES:
            if isinstance(resources.get(name), str):
                resources[name] = str(escape(resources[name]))
        resources["nonce"] = secrets.token_urlsafe(16)
        return nb, resources


def _cleaned(output: NotebookNode) -> NotebookNode | None:
    if output.output_type in ("stream", "error"):
        return output
    data = output.get("data", {})
    output.data, output.metadata = _shown(data, output.get("metadata", {}))
    return output if output.data else None


def _shown(data: dict, metadata: dict) -> tuple[NotebookNode, NotebookNode]:
    """Choose the richest of what an output offers that can be shown as it is."""
    plain = data.get("text/plain")
    for kind in PICTURES:
        if isinstance(data.get(kind), str) and (content := recode(data[kind], kind)):
            alt = metadata.get(kind, {}).get("alt") or plain or words.NO_DESCRIPTION
            return NotebookNode({kind: content}), NotebookNode({kind: {"alt": str(alt)}})
    for kind in ("text/html", "text/markdown", "text/latex", "text/plain"):
        text = data.get(kind)
        if isinstance(text, str):
            text = clean_html(text) if kind == "text/html" else text
            if text.strip():
                # Markdown knows formulas, and shows them without a script.
                shown = "text/markdown" if kind == "text/latex" else kind
                return NotebookNode({shown: text}), NotebookNode()
    return NotebookNode(), NotebookNode()

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

import nh3
from jinja2 import pass_context
from markupsafe import escape
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from PIL import Image
from pygments.token import STANDARD_TYPES

MAX_PIXELS = 20_000_000
MAX_HTML = 32 * 2**20
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG"}
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
PICTURE = re.compile(r"data:(image/(?:png|jpeg));base64,(.*)", re.DOTALL)


def recode(content: str, kind: str) -> str | None:
    """A picture in base64, decoded and encoded anew; None for what is none of this kind."""
    try:
        raw = base64.b64decode(content, validate=False)
        with Image.open(io.BytesIO(raw), formats=[PICTURES[kind]]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return None
            mode = picture.mode if picture.mode in ("L", "RGB") else "RGB"
            if kind == "image/png" and picture.mode not in ("L", "RGB"):
                mode = "RGBA"
            clean = io.BytesIO()
            picture.convert(mode).save(clean, PICTURES[kind])
    except (OSError, ValueError, SyntaxError, binascii.Error, Image.DecompressionBombError):
        return None
    return base64.b64encode(clean.getvalue()).decode()


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return " ".join(word for word in value.split() if word in CLASSES) or None
    if name == "src":
        found = PICTURE.fullmatch(value.strip())
        content = recode(found[2], found[1]) if found else None
        return f"data:{found[1]};base64,{content}" if content else None
    if name == "href" and value.strip().lower().startswith("data:"):
        return None
    return value


def clean_html(html: str) -> str:
    """The part of `html` that can only be looked at, and links that open when clicked."""
    if len(html) > MAX_HTML:
        return "<p>[This text is too long to be shown.]</p>"
    return nh3.clean(
        str(html),
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


class Renderer(IPythonRenderer):
    """nbconvert's renderer of Markdown, for which an attachment may be missing."""

    def _embed_image_or_attachment(self, src: str) -> str:
        try:
            return super()._embed_image_or_attachment(src)
        except InvalidNotebook:
            return ""


@pass_context
def markdown2html(context, source: str) -> str:
    """nbconvert's filter of this name, with what it makes cleaned."""
    renderer = Renderer(
        escape=False,
        attachments=context.get("cell", {}).get("attachments", {}),
        exclude_anchor_links=True,
    )
    try:
        html = MarkdownWithMath(renderer=renderer).render(source)
    except Exception:  # Whatever a parser of Markdown says to a hostile text; the text is shown.
        html = f"<pre>{escape(source)}</pre>"
    return clean_html(html)


class CleanOutputs(Preprocessor):
    """Leaves of each output one thing to look at, and of the page's names only text; draws the
    nonce by which the page's own scripts are known."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        nb.metadata = NotebookNode({"language_info": {"name": "python"}})
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = [clean for output in cell.outputs if (clean := _cleaned(output))]
            elif cell.cell_type == "raw":
                cell.source = ""
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
    """The richest of what an output offers that can be shown as it is."""
    words = data.get("text/plain")
    for kind in PICTURES:
        if isinstance(data.get(kind), str) and (content := recode(data[kind], kind)):
            alt = metadata.get(kind, {}).get("alt") or words or "A picture without a description"
            return NotebookNode({kind: content}), NotebookNode({kind: {"alt": str(alt)}})
    for kind in ("text/html", "text/markdown", "text/latex", "text/plain"):
        text = data.get(kind)
        if isinstance(text, str):
            text = clean_html(text) if kind == "text/html" else text
            if text.strip():
                return NotebookNode({kind: text}), NotebookNode()
    return NotebookNode(), NotebookNode()

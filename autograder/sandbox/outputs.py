"""A cell's outputs as nbformat wants them, rebuilt from what a room claims they are."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from autograder.sandbox import words
from autograder.sandbox.wire import printable

Output = dict[str, Any]  # of a code cell, as nbformat 4 has it
TEXT_KINDS = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")
IMAGE_KINDS = ("image/png", "image/jpeg")
MAX_OUTPUTS = 502
MAX_LINES = 200


def from_claims(claims: object, count: int | None, limit: int) -> list[Output]:
    """Return the list of output dicts in `claims`, at most `limit` characters of them and a note.

    Whatever has an unknown shape, kind or MIME type is left out.
    """
    outputs, left = [], limit
    for claim in claims[:MAX_OUTPUTS] if type(claims) is list else []:
        output = _output(claim, count)
        if output is None:
            continue
        size = _size(output)
        # The room has cut already and said so; what is still longer was not cut there.
        if size > left + 1000:
            outputs.append(note(words.OUTPUT_CUT.format(limit=limit)))
            break
        left -= size
        outputs.append(output)
    return outputs


def note(text: str) -> Output:
    """Return a stream output with a remark of the sandbox."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def error(name: str, text: str) -> Output:
    """Return an error output that the sandbox writes itself."""
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [text]}


def _output(claim: object, count: int | None) -> Output | None:
    match claim:
        case ("stream", "stdout" | "stderr" as name, str(text)):
            return {"output_type": "stream", "name": name, "text": _clean(text)}
        case ("display_data", dict(bundle)):
            return _display({"output_type": "display_data"}, bundle)
        case ("execute_result", dict(bundle)):
            head = {"output_type": "execute_result", "execution_count": count}
            return _display(head, bundle)
        case ("error", str(name), str(text), list(lines)):
            lines = [_clean(line) for line in lines[:MAX_LINES] if type(line) is str]
            return {
                "output_type": "error",
                "ename": printable(name, 100),
                "evalue": _clean(text),
                "traceback": lines,
            }
    return None


def _display(head: Output, bundle: dict[object, object]) -> Output | None:
    data = {}
    for kind, content in bundle.items():
        if type(content) is not str:
            continue
        if kind in TEXT_KINDS:
            data[kind] = _clean(content)
        elif kind in IMAGE_KINDS and _is_base64(content):
            data[kind] = content
    # The text beside an image is its alternative for those who cannot see it.
    words = data.get("text/plain")
    metadata = {kind: {"alt": words} for kind in IMAGE_KINDS if kind in data and words}
    return {**head, "data": data, "metadata": metadata} if data else None


def _is_base64(content: str) -> bool:
    try:
        base64.b64decode(content.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _clean(text: str) -> str:
    return "".join(c for c in text if c >= " " or c in "\t\n\r\x1b\b") if text else text


def _size(output: Output) -> int:
    match output["output_type"]:
        case "stream":
            return len(output["text"])
        case "error":
            return len(output["evalue"]) + sum(map(len, output["traceback"]))
    return sum(map(len, output["data"].values()))

"""How long a notebook takes: the two numbers that its opening names.

They are a sum of what can be counted: words and formulas to read, pictures to look at, and the
minutes that the cards of its exercises and questions name. The cards are for somebody fluent; who
meets the material for the first time reads more slowly and needs half as long again to write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbformat import NotebookNode

# "*3 points · 12 minutes" of a card, "*(3 points, 12 minutes; ..." within a line.
CARD_MINUTES = re.compile(r"\*\(?[\d.]+ points?(?: ·|,) (\d+) minutes")
DISPLAYED = re.compile(r"\$\$.*?\$\$", re.DOTALL)
INLINE = re.compile(r"\$[^$\n]+\$")
WORD = re.compile(r"[^\W\d_][\w'’-]*")
# "| **Time** | about 2 hours if NumPy comes easily to you, 3½ if it does not; two sittings |"
OPENING = re.compile(
    r"^(\| \*\*Time\*\* \| about )(\S+)( hours? if [^,;|]+, )(\S+)( if [^|]+\|)$", re.MULTILINE
)


@dataclass(frozen=True)
class Pace:
    """How fast somebody reads: words a minute, and minutes for a displayed formula and a picture.

    A formula within a line is read like two words.

    writing  minutes of writing for each minute that a card names
    """

    words: float
    formula: float
    picture: float
    writing: float


FLUENT = Pace(words=220, formula=1 / 3, picture=0.5, writing=1.0)
NEW = Pace(words=120, formula=1.0, picture=1.0, writing=1.5)


def minutes(source: NotebookNode, pace: Pace) -> float:
    """Count the minutes that a source notebook takes at a pace; model answers are not counted."""
    text = "\n".join(
        cell.source.partition("### BEGIN SOLUTION")[0]
        for cell in source.cells
        if cell.cell_type == "markdown"
    )
    displayed, text = len(DISPLAYED.findall(text)), DISPLAYED.sub(" ", text)
    inline, prose = len(INLINE.findall(text)), INLINE.sub(" ", text)
    words = len(WORD.findall(prose)) + 2 * inline
    pictures = sum(cell.cell_type == "code" and "plots." in cell.source for cell in source.cells)
    cards = sum(int(named) for named in CARD_MINUTES.findall(text))
    return (
        words / pace.words
        + displayed * pace.formula
        + pictures * pace.picture
        + cards * pace.writing
    )


def hours(source: NotebookNode) -> tuple[str, str]:
    """Return hours for somebody fluent and for somebody new to it, to the half: "2", "3½"."""
    return _say(minutes(source, FLUENT)), _say(minutes(source, NEW))


def _say(spent: float) -> str:
    halves = max(1, round(spent / 30))
    return (str(halves // 2) if halves > 1 else "") + ("½" if halves % 2 else "")


def name_the_time(source: NotebookNode) -> None:
    """Write both numbers into the opening of a source notebook, where it has a place for them."""
    fluent, new = hours(source)
    for cell in source.cells[:4]:
        if cell.cell_type == "markdown":
            cell.source = OPENING.sub(
                lambda found: found[1] + fluent + found[3] + new + found[5], cell.source
            )

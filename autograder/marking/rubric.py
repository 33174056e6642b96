"""What a written answer is marked for: the instructor's sample answer, and its rubric in parts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.intake.written import SOLUTION

# How a rubric begins, at the end of a sample answer or of a question.
RUBRIC = re.compile(
    r"^\*?(?:Rubric:|For who marks\.|Marked:|What is looked for:)\*?\s*(.*)", re.DOTALL | re.M
)
NUMBER = r"(?P<points>\d+(?:\.\d+)?)"
# "1 point the step; 1 point the tables", and "the step (1 point); the tables (1 point)".
BEFORE = re.compile(rf"(?:^|(?<=[;.]))\s*{NUMBER} points?:?\s+")
AFTER = re.compile(rf"\s*\({NUMBER} points?\)[;.]?\s*")
# What follows the last part and is a sentence of its own.
REMARK = re.compile(r"(?<=\.)\s+(?=[\"“A-Z])")


@dataclass(frozen=True)
class Criterion:
    """A part of a rubric: what earns how many points."""

    text: str
    points: float


@dataclass(frozen=True)
class Rubric:
    """A rubric as it is written, and in parts that can be ticked.

    text      all of it, in Markdown
    criteria  its parts, none where they cannot be told apart or do not add up to the points
    remark    what follows the parts
    """

    text: str = ""
    criteria: tuple[Criterion, ...] = ()
    remark: str = ""


def split_sample(source: str) -> tuple[str, str, str]:
    """Return what an instructor's cell asks, its sample answer and the rubric, in Markdown.

    A cell without marks is all sample answer; most questions stand in the cell before.
    """
    found = SOLUTION.search(source)
    asks = source[: found.start()].strip() if found else ""
    text = (found[1] if found else source).strip()
    rubric = RUBRIC.search(text)
    sample, marked = (text[: rubric.start()], rubric[1]) if rubric else (text, "")
    return asks, sample.strip(), marked.strip()


def rubric_in(question: str) -> str:
    """Return the rubric that a question itself tells, in Markdown, or ""."""
    found = RUBRIC.search(question)
    return found[1].strip().removesuffix("*") if found else ""


def read_rubric(text: str, points: float) -> Rubric:
    """Return the rubric in a text.

    points  what the question is worth, which the parts must add up to
    """
    criteria, remark = _before(text) or _after(text) or ([], "")
    if abs(sum(criterion.points for criterion in criteria) - points) > 1e-9:
        return Rubric(text)
    return Rubric(text, tuple(criteria), remark)


def _before(text: str) -> tuple[list[Criterion], str] | None:
    found = list(BEFORE.finditer(text))
    if not found or found[0].start() > 0:
        return None
    ends = [*(one.start() for one in found[1:]), len(text)]
    parts = [text[one.end() : end].strip() for one, end in zip(found, ends, strict=True)]
    parts[-1], *remarks = REMARK.split(parts[-1], maxsplit=1)
    return (
        [
            Criterion(part.rstrip(";. "), float(one["points"]))
            for one, part in zip(found, parts, strict=True)
        ],
        " ".join(remarks),
    )


def _after(text: str) -> tuple[list[Criterion], str] | None:
    found = list(AFTER.finditer(text))
    if not found:
        return None
    starts = [0, *(one.end() for one in found[:-1])]
    parts = [text[start : one.start()].strip() for start, one in zip(starts, found, strict=True)]
    return (
        [Criterion(part, float(one["points"])) for one, part in zip(found, parts, strict=True)],
        text[found[-1].end() :].strip(),
    )

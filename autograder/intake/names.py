"""Names of students and assignments as people, browsers and copying change them."""

from __future__ import annotations

import os
import re
import unicodedata

from autograder.intake import words


def folders_in(place: str | os.PathLike[str], unopened: list[str]) -> list[os.DirEntry[str]]:
    """Return the folders in a place, none where there is no such place.

    unopened  gets a sentence where the place cannot be opened
    """
    try:
        with os.scandir(place) as entries:
            return [entry for entry in entries if entry.is_dir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        unopened.append(words.CANNOT_BE_OPENED.format(place=place, reason=error.strerror))
        return []


def as_heard(name: str) -> str:
    """Return a name without what people do not see: capital letters, ways to store an accent."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def as_assignment(name: str) -> str:
    """Return a file's or folder's name as the assignment's that it is likely to be: without the
    ending, capital letters, and what browsers and copying add."""
    name = as_heard(name).removesuffix(".ipynb")
    return re.sub(r"(\s*\(\d+\)|-copy\d*|\s*-\s*copy)$", "", name)

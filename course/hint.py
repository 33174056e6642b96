"""Staged hints: each call of `hint("surprise")` gives one more.

The hints are questions and things to try; none of them is the answer. They lie in `hints/`,
one JSON file a notebook: exercise -> its hints in order.
"""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from course import journal, words
from course.session import name_of_open_notebook, open_notebook, place_of_progress

# What was given here and could not be kept, and why, by the place where it should have been.
_given: Counter[str] = Counter()
_unkept: dict[Path, str] = {}


@cache
def _hints() -> dict[str, dict[str, list[str]]]:
    """Read the hints: notebooks by name -> exercise -> its hints."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((Path(__file__).parent / "hints").glob("*.json"))
    }


def hint(exercise: str | Callable[..., Any] | None = None) -> None:
    """Print the next hint for an exercise; after the last one, start over.

    exercise  its name, "surprise"; where two notebooks share a name the one that is open is meant,
              or the one whose number is said, "04.sigmoid_derivative"; or the function itself.
              Without it, the names of the exercises are listed.
    """
    here = name_of_open_notebook()
    if exercise is None:
        _list([here] if here else list(_hints()))
        return
    name = exercise if isinstance(exercise, str) else getattr(exercise, "__name__", "")
    known = [(notebook, key) for notebook, texts in _hints().items() for key in texts]
    matches = [one for one in known if name in (one[1], _numbered(one))]
    # A name that differs by its capitals only is meant all the same.
    folded = [one for one in known if name.lower() in (one[1].lower(), _numbered(one).lower())]
    matches = matches or folded
    if len(matches) > 1:
        matches = [one for one in matches if one[0] == here] or matches
    if not matches:
        near = difflib.get_close_matches(name.split(".")[-1], [key for _, key in known], n=1)
        said = words.NO_EXERCISE_BUT if near else words.NO_EXERCISE
        print(said.format(name=name, near="".join(near)))
    elif len(matches) > 1:
        choices = words.any_of(f'hint("{_numbered(one)}")' for one in matches)
        print(words.WHICH_NOTEBOOK.format(name=name, choices=choices))
    else:
        _give(*matches[0])


def _give(notebook: str, exercise: str) -> None:
    stages = _hints()[notebook][exercise]
    stage = _count(f"{notebook[:2]}.{exercise}") % len(stages) + 1
    said = words.LAST_HINT if stage == len(stages) else words.HINT
    print(said.format(stage=stage, stages=len(stages), text=stages[stage - 1]))


def _count(exercise: str) -> int:
    """Count the hints that were given for an exercise before, in this session and others; one more
    is given now."""
    here = open_notebook()
    if here is None:
        _given[exercise] += 1
        return _given[exercise] - 1
    place = place_of_progress(here.file)
    before = [
        entry
        for entry in journal.read(place)
        if entry["what"] == journal.HINT and entry["exercise"] == exercise
    ]
    count = len(before) + _given[exercise]
    if why := journal.append(place, [{"what": journal.HINT, "exercise": exercise}]):
        _given[exercise] += 1
        if place not in _unkept:
            _unkept[place] = why
            print(words.HINT_KEPT_NOT.format(why=why))
    return count


def _list(notebooks: list[str]) -> None:
    for notebook in notebooks:
        print(words.EXERCISES_OF.format(notebook=notebook, exercises=", ".join(_hints()[notebook])))
    print(words.HOW_TO_ASK.format(name=next(iter(_hints()[notebooks[0]]))))


def _numbered(one: tuple[str, str]) -> str:
    return f"{one[0][:2]}.{one[1]}"

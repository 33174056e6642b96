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

_given: Counter[str] = Counter()


@cache
def _hints() -> dict[str, list[str]]:
    """Exercise id, as in "01.surprise" -> its hints."""
    return {
        f"{path.name[:2]}.{exercise}": stages
        for path in sorted((Path(__file__).parent / "hints").glob("*.json"))
        for exercise, stages in json.loads(path.read_text(encoding="utf-8")).items()
    }


def hint(exercise: str | Callable) -> None:
    """Print the next hint for an exercise; after the last one, start over.

    exercise  its name, "surprise"; with the notebook's number where two notebooks share a name,
              "04.sigmoid_derivative"; or the function itself
    """
    name = exercise if isinstance(exercise, str) else getattr(exercise, "__name__", "")
    known = _hints()
    matches = [key for key in known if name in (key, key[3:])]
    if not matches:
        near = difflib.get_close_matches(name.split(".")[-1], [key[3:] for key in known], n=1)
        print(f'There is no exercise "{name}".' + (f' Did you mean "{near[0]}"?' if near else ""))
        return
    if len(matches) > 1:
        choices = " or ".join(f'hint("{key}")' for key in matches)
        print(f"More than one notebook has an exercise {name}: ask for {choices}.")
        return
    stages = known[matches[0]]
    stage = _given[matches[0]] % len(stages)
    _given[matches[0]] += 1
    print(f"hint {stage + 1} of {len(stages)}: {stages[stage]}")

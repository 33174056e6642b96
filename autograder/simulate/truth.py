"""What grading found beside what a simulated student really did."""

from __future__ import annotations

import math

from course.kinds import VerdictKind

VERDICTS = {
    "right": VerdictKind.RIGHT,
    "follow-on": VerdictKind.RIGHT,
    "blank": VerdictKind.NOT_ATTEMPTED,
}


def disagreements(line: dict, entry: dict) -> list[str]:
    """Return what a line of `grade --json` says that is not true, in sentences; [] where all is
    true.

    line   of one submission
    entry  of the same submission in `truth.json`
    """
    found = []
    if not math.isclose(line["score"], entry["score"], abs_tol=1e-9):
        found.append(f"The score is {line['score']:g}, not {entry['score']:g}.")
    problem, words = line.get("problem", ""), entry["problem"]
    if bool(problem) != bool(words) or words not in problem:
        found.append(f'The problem is "{problem}", not "{words}".')
    names = [row["exercise"] for row in line["exercises"]]
    if names != [true["exercise"] for true in entry["exercises"]]:
        return [*found, f"The exercises are {', '.join(names) or 'none'}."]
    for row, true in zip(line["exercises"], entry["exercises"], strict=True):
        if not math.isclose(row["points"], true["points"], abs_tol=1e-9):
            found.append(f"{row['exercise']} has {row['points']:g}, not {true['points']:g} points.")
        if true["kind"] == "mistake":
            if row["mistake"] not in (true["mistake"], *true["like"]):
                found.append(
                    f"{row['exercise']} is {row['verdict']} ({row['mistake']}), not the mistake "
                    f"{true['mistake']}."
                )
        elif row["verdict"] != VERDICTS[true["kind"]]:
            found.append(f"{row['exercise']} is {row['verdict']}, not {VERDICTS[true['kind']]}.")
    return found

"""Compares what is graded in a simulated class with its truth: `python -m autograder.simulate
FOLDER`. Status 1 where the two differ, 2 where there is nothing to compare.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from autograder.course_folder import CourseFolder
from autograder.errors import Problem
from autograder.report.collect import collect
from autograder.simulate import disagreements


def main(root: Path) -> int:
    """Say how the class in the course folder `root` compares; the exit status."""
    try:
        truth = json.loads((root / "truth.json").read_text(encoding="utf-8"))["students"]
    except (OSError, ValueError, KeyError):
        raise Problem(f"There is no truth.json in {root}: it is no simulated class.") from None
    graded = {
        (student, assignment.name): submission
        for assignment in collect(CourseFolder(root), []).assignments
        for student, submission in assignment.submissions.items()
    }
    entries = {
        (student, name): entry for student, own in truth.items() for name, entry in own.items()
    }
    found = [
        f"{', '.join(place)}: {text}"
        for place, entry in entries.items()
        for text in _untrue(graded.get(place), entry)
    ]
    for text in found:
        print(f"✗ {text}")
    if not found:
        print(f"All {len(entries)} submissions have exactly the scores and mistakes of truth.json.")
    refused = [(place, entry) for place, entry in entries.items() if entry["problem"]]
    if refused:
        print(f"truth.json expects that {len(refused)} cannot be graded:")
    for place, entry in refused:
        print(f"    {', '.join(place)} ({entry['damage']})")
    return 1 if found else 0


def _untrue(submission, entry: dict) -> list[str]:
    """Return what differs between a submission as the report has it, or None, and its true
    entry."""
    if submission is None:
        return ["It is not graded."]
    rows = [asdict(row) for row in submission.rows]
    line = {"score": submission.score, "exercises": rows, "problem": submission.refused}
    return disagreements(line, entry)


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
    except Problem as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)

"""Compares what is graded in a simulated class with its truth: `python -m autograder.simulate
FOLDER`. Status 1 where the two differ, 2 where there is nothing to compare.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from autograder.course_folder import CourseFolder, Problem
from autograder.report.collect import collect
from autograder.simulate import disagreements


def main(root: Path) -> int:
    """Say how the class in the course folder `root` compares; the exit status."""
    try:
        truth = json.loads((root / "truth.json").read_text(encoding="utf-8"))["students"]
    except OSError:
        raise Problem(f"There is no truth.json in {root}: it is no simulated class.") from None
    found, refused = [], []
    assignments = collect(CourseFolder(root), []).assignments
    for assignment in assignments:
        for student, submission in assignment.submissions.items():
            line = {
                "score": submission.score,
                "exercises": [asdict(row) for row in submission.rows],
                "problem": submission.refused,
            }
            who = f"{student}, {assignment.name}"
            entry = truth.get(student, {}).get(assignment.name)
            if entry is None:
                found.append(f"{who}: It is not in truth.json.")
                continue
            found += [f"{who}: {text}" for text in disagreements(line, entry)]
            if entry["problem"]:
                refused.append(f"{who} ({entry['damage']})")
    count = sum(len(assignment.submissions) for assignment in assignments)
    for text in found:
        print(f"✗ {text}")
    if not found:
        print(f"All {count} submissions have exactly the scores and mistakes of truth.json.")
    if refused:
        print(f"truth.json expects that {len(refused)} cannot be graded: {'; '.join(refused)}.")
    return 1 if found else 0


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
    except Problem as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)

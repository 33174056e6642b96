"""The submissions of tests/hostile, hostile and honest, against stock nbgrader as it comes.

    python -m benchmarks.hostile [--workers N] [--threat NAME] [--only NAME ...]

Each submission is graded by `nbgrader autograde` in a process and a course folder of its own, with
a time limit of 8 seconds a cell, and its feedback is generated. What would harm the machine without
a room around it (a fork bomb, a full disk, a signal to every process) is not run. Prints the table
of docs/security.md.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from autograder.course_folder import CONFIG
from tests.hostile import hand_ins
from tests.hostile.cases import CASES, NAME, RIGHT, Case, hand_in
from tests.hostile.conftest import SECRET, small_course

SETTINGS = "c = get_config()\nc.Execute.timeout = 8\nc.ExecutePreprocessor.timeout = 8\n"
SECONDS = 120
TESTS = {"01-surprise": 1.0, "01-entropy": 3.0}
FINDINGS = (
    "as it must be",
    "points that are not due",
    "points lost",
    "no grade at all",
    "never comes back",
    "reads or reaches what it must not",
    "script in the page",
)
RUNS = re.compile(r"<script>window\.pwned|onerror='window\.pwned|window\.pwned = 4")


def nbgrader(root: Path, *arguments: str) -> bool:
    """Run a stock command; whether it came back."""
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]]),
        "HOME": str(root.parent),
        "JUPYTER_CONFIG_DIR": str(root.parent / ".jupyter"),
        "AUTOGRADER_SECRET": SECRET,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(SECONDS)
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def find(case: Case, template: Path, release: dict, folder: Path) -> str:
    """Grade one case with stock nbgrader and say what became of it."""
    root = folder / case.name / "course"
    shutil.copytree(template, root)
    hand_in(case, release, root)
    if case.name in ("linked-notebook", "linked-folder"):
        hand_in(next(other for other in CASES if other.name == "right"), release, root)
    if not nbgrader(root, "autograde", NAME, f"--student={case.folder}"):
        return "never comes back"
    try:
        with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
            notebook = gradebook.find_submission(NAME, case.folder).notebooks[0]
            scores = {grade.name: (grade.auto_score, grade.score) for grade in notebook.grades}
            waits = {grade.name for grade in notebook.grades if grade.needs_manual_grade}
    except (MissingEntry, IndexError):
        scores, waits = {}, set()
    done = root / "autograded" / case.folder / NAME / f"{NAME}.ipynb"
    if not done.is_file() or not scores:
        return "no grade at all"
    outputs = json.dumps([cell.get("outputs") for cell in json.loads(done.read_text())["cells"]])
    if case.output and case.threat in ("reading", "network") and case.output in outputs:
        return "reads or reaches what it must not"
    found = "as it must be"
    for (name, points), allowed in zip(TESTS.items(), case.outcome):
        allowed = (allowed,) if isinstance(allowed, str) else allowed
        given = max(scores[name][0] or 0, scores[name][1] or 0)
        if RIGHT not in allowed and given > 0:
            return "points that are not due"
        if allowed == (RIGHT,) and given < points:
            found = "points lost"
    if case.waits and "sure-and-right" not in waits:
        found = "points lost"
    if case.threat == "browser" and nbgrader(
        root, "generate_feedback", NAME, f"--student={case.folder}"
    ):
        page = root / "feedback" / case.folder / NAME / f"{NAME}.html"
        if page.is_file() and RUNS.search(page.read_text()):
            return "script in the page"
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--threat")
    options = parser.parse_args()
    everything = [*CASES, *hand_ins.CASES]
    chosen = [case for case in everything if options.threat in (None, case.threat)]
    cases = [case for case in chosen if case.alone and case.name in (options.only or [case.name])]
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    try:
        template = folder / "template" / "course"
        template.mkdir(parents=True)
        release = small_course(template)
        hand_ins.RELEASE.update(release)
        (template / CONFIG).write_text(SETTINGS)
        with ThreadPoolExecutor(options.workers) as pool:
            found = list(pool.map(lambda case: find(case, template, release, folder), cases))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for case, finding in zip(cases, found):
        print(f"{case.threat:12} {case.name:28} {finding}")
    threats = list(dict.fromkeys(case.threat for case in chosen))
    print("\n| threat | run | " + " | ".join(FINDINGS) + " |")
    print("|---" * (len(FINDINGS) + 2) + "|")
    for threat in [*threats, "all"]:
        findings = [f for case, f in zip(cases, found) if threat in (case.threat, "all")]
        counts = Counter(findings)
        row = [str(counts[finding]) for finding in FINDINGS]
        print(f"| {threat} | {len(findings)} | " + " | ".join(row) + " |")
    skipped = [case.name for case in chosen if not case.alone]
    print(f"\nNot run, as they would harm the machine: {len(skipped)} ({', '.join(skipped)}).")


if __name__ == "__main__":
    main()

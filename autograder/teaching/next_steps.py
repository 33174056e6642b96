"""What waits in a course folder: hand-ins, grades, answers to read, pages to give out."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nbgrader import api
from nbgrader.utils import notebook_hash
from sqlalchemy import create_engine, select

from autograder.course_folder import CourseFolder
from autograder.errors import Problem
from autograder.grading import Grading, HandedIn, Reason, Submission
from autograder.grading.database import is_there
from autograder.hooks.exchange import FROM_THE_EXCHANGE
from autograder.hooks.read_grades import grades_digests
from autograder.marking import ADDRESS

# Where a page of feedback says which grades it shows; it stands at the page's top.
GRADES = re.compile(r'<meta (?=[^>]*name="grades")[^>]*content="(\w+)"')
TOP = 4096
# What nbgrader names a hand-in in the exchange.
HANDED_IN = re.compile(r"(?P<student>.+)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d [^+]*)")


@dataclass(frozen=True)
class Counted:
    """A sentence for one of what it counts, and for more."""

    one: str
    more: str

    def of(self, count: int, **gaps: object) -> str:
        """Return the sentence for `count`, its gaps filled."""
        return (self.one if count == 1 else self.more).format(count=count, **gaps)


# What is said of an assignment.
NOT_COLLECTED = Counted(
    "{name}: 1 hand-in waits in the exchange and is not collected.",
    "{name}: {count} hand-ins wait in the exchange and are not collected.",
)
TO_GRADE = {
    Reason.NEW: Counted(
        "{name}: 1 hand-in waits and is not graded.",
        "{name}: {count} hand-ins wait and are not graded.",
    ),
    Reason.HANDED_IN_AGAIN: Counted(
        "{name}: 1 hand-in is newer than its grade.",
        "{name}: {count} hand-ins are newer than their grades.",
    ),
    Reason.CHECKS: Counted(
        "{name}: 1 grade was given by other checks than those of today.",
        "{name}: {count} grades were given by other checks than those of today.",
    ),
    Reason.RELEASE: Counted(
        "{name}: 1 grade was given for another release of the notebook.",
        "{name}: {count} grades were given for another release of the notebook.",
    ),
    Reason.DUE_DATE: Counted(
        "{name}: 1 grade was given for another due date than that of today.",
        "{name}: {count} grades were given for other due dates than those of today.",
    ),
    Reason.LATE_PENALTY: Counted(
        "{name}: 1 grade was given when being late cost something else.",
        "{name}: {count} grades were given when being late cost something else.",
    ),
    Reason.UNFINISHED: Counted(
        "{name}: 1 grade was not written to its end.",
        "{name}: {count} grades were not written to their ends.",
    ),
}
TO_MARK = Counted(
    "{name}: 1 written answer waits to be marked. In JupyterLab, from this folder: Nbgrader, "
    "Formgrader, Manual Grading, Mark by Question; that is {address} below the server's address.",
    "{name}: {count} written answers wait to be marked ({students} of your students handed them "
    "in). In JupyterLab, from this folder: Nbgrader, Formgrader, Manual Grading, Mark by "
    "Question; that is {address} below the server's address.",
)
NO_PAGE = Counted(
    "{name}: 1 student has no page with the grades of today.",
    "{name}: {count} students have no page with the grades of today.",
)
NOT_GIVEN = Counted(
    "{name}: 1 page is made and not given out.",
    "{name}: {count} pages are made and not given out.",
)
NOTHING_RELEASED = "No notebook is given out through the exchange yet."
CANNOT_BE_GRADED = "{name}, handed in by {student}: {reason}"


@dataclass(frozen=True)
class Step:
    """Something that waits: a sentence, and what to run."""

    what: str
    command: str = ""


def next_steps(folder: CourseFolder) -> list[Step]:
    """Return what waits in a course folder, in the order in which to go about it."""
    remarks: list[str] = []
    grading = Grading(folder, tell=remarks.append)
    steps = [*_to_collect(folder)]
    try:
        found = grading.submissions([])
    except Problem:
        found = HandedIn([])
    waiting = grading.waiting(found.submissions, force=False, soon=False)
    steps += _to_grade(waiting.reasons)
    steps += map(Step, (*remarks, *found.unopened, *waiting.foreign.values()))
    steps += [
        Step(CANNOT_BE_GRADED.format(name=one.assignment, student=one.student, reason=reason))
        for one, reason in sorted(waiting.refused.items())
    ]
    steps += _to_mark(folder)
    settled = [one for one in found.submissions if one not in set(waiting.submissions)]
    return [*steps, *_to_give_back(folder, settled)]


def _by_assignment(submissions: Iterable[Submission]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = defaultdict(list)
    for submission in submissions:
        found[submission.assignment].append(submission.student)
    return sorted(found.items())


def _exchange(folder: CourseFolder) -> Path | None:
    """Return the course's folder in the exchange, where its settings name one."""
    config = folder.config
    root = config.Exchange.get("root") if "Exchange" in config else None
    return Path(root) / folder.directory.course_id if isinstance(root, str) else None


def _to_collect(folder: CourseFolder) -> Iterator[Step]:
    exchange = _exchange(folder)
    if exchange is None:
        return
    given = [name for name in folder.assignments if (exchange / "outbound" / name).is_dir()]
    if not given and folder.assignments:
        name = folder.assignments[0]
        yield Step(NOTHING_RELEASED, f"nbgrader release_assignment {name}")
    latest: dict[Submission, str] = {}
    with suppress(OSError):
        for entry in os.scandir(exchange / "inbound"):
            if place := HANDED_IN.match(entry.name):
                one = Submission(place["assignment"], place["student"])
                latest[one] = max(latest.get(one, ""), place["time"])
    waiting = [one for one, time in latest.items() if _collected(folder, one) < time]
    yield from _steps(NOT_COLLECTED, waiting, "nbgrader collect {name} --update")


def _steps(said: Counted, submissions: Iterable[Submission], command: str) -> Iterator[Step]:
    """Yield a step for each assignment of which there are such submissions."""
    for name, students in _by_assignment(submissions):
        yield Step(said.of(len(students), name=name), command.format(name=name))


def _collected(folder: CourseFolder, one: Submission) -> str:
    """When what is in `submitted/` was handed in, as its time stamp says; "" where nothing is."""
    place = folder.root / "submitted" / one.student / one.assignment / "timestamp.txt"
    try:
        return place.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def _to_grade(reasons: Mapping[Submission, Reason]) -> Iterator[Step]:
    for reason, said in TO_GRADE.items():
        waiting = [one for one, why in reasons.items() if why == reason]
        yield from _steps(said, waiting, "autograder grade {name}")


def _to_mark(folder: CourseFolder) -> Iterator[Step]:
    grade, handed = api.Grade, api.SubmittedNotebook
    query = (
        select(api.Assignment.name, handed.id)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.assignment_id == api.Assignment.id)
        .join(handed, handed.assignment_id == api.SubmittedAssignment.id)
        .join(grade, grade.notebook_id == handed.id)
        .where(grade.needs_manual_grade)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for name, notebook in _rows(folder, query):
        found[name].append(notebook)
    for name, notebooks in sorted(found.items()):
        said = TO_MARK.of(len(notebooks), name=name, students=len(set(notebooks)), address=ADDRESS)
        yield Step(said, "jupyter lab")


def _rows(folder: CourseFolder, query) -> list:
    url = folder.directory.db_url
    if not is_there(url):
        return []
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return list(connection.execute(query))
    finally:
        engine.dispose()


def _to_give_back(folder: CourseFolder, graded: list[Submission]) -> Iterator[Step]:
    digests = grades_digests(folder.directory.db_url) if graded else {}
    exchange = _exchange(folder)
    unmade, ungiven = [], []
    for one in graded:
        page = folder.root / "feedback" / one.student / one.assignment / f"{one.assignment}.html"
        if not (folder.root / "autograded" / one.student / one.assignment).is_dir():
            continue
        if _digest_in(page) != digests.get((one.assignment, one.student)):
            unmade.append(one)
        elif exchange and not _is_given_back(page, exchange):
            ungiven.append(one)
    yield from _steps(NO_PAGE, unmade, "autograder feedback {name}")
    yield from _steps(NOT_GIVEN, ungiven, "nbgrader release_feedback {name}")


def _digest_in(page: Path) -> str:
    try:
        with page.open(encoding="utf-8") as file:
            found = GRADES.search(file.read(TOP))
    except (OSError, ValueError):
        return ""
    return found[1] if found else ""


def _is_given_back(page: Path, exchange: Path) -> bool:
    """Say whether a page lies in the exchange as it is now; who did not hand in there gets it
    elsewhere."""
    if not all((page.parent / name).is_file() for name in FROM_THE_EXCHANGE):
        return True
    secret = (page.parent / FROM_THE_EXCHANGE[1]).read_text(encoding="utf-8")
    given = exchange / "feedback" / f"{notebook_hash(secret=secret, notebook_id=page.stem)}.html"
    return given.is_file() and given.stat().st_mtime >= page.stat().st_mtime

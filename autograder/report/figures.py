"""What the numbers of a class say: exercises, mistakes, what goes together, and the trend.

How things are computed:

Difficulty is the share of its points that an exercise earned, over all who were graded: 1 is easy.

Discrimination is the corrected item-total correlation: Pearson's correlation, over the students,
of the points of the exercise with the sum of the points of all other exercises of the notebook.
Exercises that those who do well elsewhere answer and the others do not have a high one; below 0.2
an exercise says little about the rest. It is left out for fewer than 10 students, and where
everybody earned the same.

Two mistakes in different exercises go together where they meet in more students than chance would
let them: Fisher's exact test, one-sided, over all pairs of mistakes that at least 3 students made,
with the false discovery rate held at 5 % (Benjamini and Hochberg).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, lgamma

import numpy as np

from autograder.report import phrases
from autograder.report.collect import GradedAssignment, GradedSubmission, SchoolClass
from course.kinds import VerdictKind
from course.words import TITLES

FEW = 10
ENOUGH = 3
RATE = 0.05
# What calls for a look of a person, in the words of the report.
NOT_GRADED = "not graded"
NOT_YET = "It is handed in and not graded: run `autograder grade`."
WAITS = "waits for a mark"
LOOK_AT: dict[str, str] = {
    VerdictKind.SHORTCUT: "a shortcut",
    VerdictKind.CRASHED: TITLES[VerdictKind.CRASHED],
    VerdictKind.TIMED_OUT: "ended for its time",
}


@dataclass(frozen=True)
class ExerciseFigures:
    """One exercise: how many answers of which kind, difficulty and discrimination."""

    id: str
    graded: int
    right: int
    wrong: int
    blank: int
    difficulty: float
    discrimination: float | None


@dataclass(frozen=True)
class MistakeFigures:
    """A named mistake of an assignment: who made it, of how many who were graded."""

    assignment: str
    exercise: str
    mistake: str
    students: tuple[str, ...]
    graded: int

    @property
    def count(self) -> int:
        """Return how many made it."""
        return len(self.students)

    @property
    def said(self) -> str:
        """Return what the mistake is, in one sentence."""
        return phrases.said(self.exercise, self.mistake)

    @property
    def hint(self) -> str:
        """Return the question that leads on."""
        return phrases.hint(self.exercise, self.mistake)


@dataclass(frozen=True)
class PairFigures:
    """Two mistakes that meet in `together` students; `expected` by chance."""

    first: MistakeFigures
    second: MistakeFigures
    together: int
    expected: float


@dataclass(frozen=True)
class RootFigures:
    """What mistakes come from: how many students met it, how many more than once, and where."""

    title: str
    students: int
    often: int
    graded: int
    exercises: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Concern:
    """Something about a submission that a person has to look at."""

    student: str
    assignment: str
    kind: str
    what: str


@dataclass(frozen=True)
class TrendFigures:
    """The shares of the points that the class earned in one assignment.

    not_graded  how many handed in what is not graded: not yet, or as it could not be read
    The figures are None where nothing is graded.
    """

    assignment: GradedAssignment
    not_graded: int
    lower: float | None
    median: float | None
    upper: float | None
    mean: float | None
    shares: tuple[float, ...]


def waiting_points(assignment: GradedAssignment, submission: GradedSubmission) -> float:
    """Return the points of a submission that wait for a person to give them."""
    return sum(
        assignment.written.get(name, 0.0)
        for name, points in submission.written.items()
        if points is None
    )


def share(assignment: GradedAssignment, submission: GradedSubmission) -> float:
    """Return the share of an assignment's points that a submission earned; points that wait for a
    person to give them are left out, not taken for none."""
    maximum = assignment.max_score - waiting_points(assignment, submission)
    return submission.score / maximum if maximum > 0 else 0.0


def exercises(assignment: GradedAssignment) -> list[ExerciseFigures]:
    """Return the figures of each exercise, in the order of the notebook."""
    submissions = list(assignment.graded.values())
    place = {id: column for column, id in enumerate(assignment.exercises)}
    points = np.zeros((len(submissions), len(place)))
    maximum = np.zeros(len(place))
    kinds: dict[str, Counter] = defaultdict(Counter)
    for line, submission in enumerate(submissions):
        for row in submission.rows:
            column = place[row.exercise]
            points[line, column] += row.points
            maximum[column] = max(maximum[column], row.max_points)
            kinds[row.exercise][row.verdict] += 1
    total = points.sum(axis=1)
    return [
        ExerciseFigures(
            id,
            graded=(graded := sum(kinds[id].values())),
            right=(right := kinds[id][VerdictKind.RIGHT]),
            wrong=graded - right - kinds[id][VerdictKind.NOT_ATTEMPTED],
            blank=kinds[id][VerdictKind.NOT_ATTEMPTED],
            difficulty=float(points[:, column].sum() / (graded * maximum[column] or 1.0)),
            discrimination=correlation(points[:, column], total - points[:, column]),
        )
        for id, column in place.items()
        if id in kinds
    ]


def followed_points(assignment: GradedAssignment) -> float:
    """Return the points of answers that are right with a right one in the place of another
    exercise."""
    rows = (row for submission in assignment.graded.values() for row in submission.rows)
    return sum(row.points for row in rows if row.slips)


def correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    """Return Pearson's correlation; None for few values, or where one does not vary."""
    if len(one) < FEW or np.ptp(one) < 1e-9 or np.ptp(other) < 1e-9:
        return None
    return float(np.corrcoef(one, other)[0, 1])


def mistakes(assignments: Iterable[GradedAssignment]) -> list[MistakeFigures]:
    """Return the named mistakes, the most frequent first."""
    found = []
    for assignment in assignments:
        graded = Counter(r.exercise for s in assignment.graded.values() for r in s.rows)
        made: dict[tuple[str, str], list[str]] = defaultdict(list)
        for student, submission in assignment.graded.items():
            for row in submission.rows:
                if row.mistake:
                    made[row.exercise, row.mistake].append(student)
        found += [
            MistakeFigures(assignment.name, *key, tuple(students), graded[key[0]])
            for key, students in made.items()
        ]
    return sorted(found, key=lambda m: (-m.count, m.exercise, m.mistake))


def pairs(assignments: Iterable[GradedAssignment]) -> list[PairFigures]:
    """Return the mistakes that go together beyond chance, the most surprising first."""
    assignments = list(assignments)
    everybody = sorted({student for a in assignments for student in a.graded})
    line = {student: number for number, student in enumerate(everybody)}
    frequent = [m for m in mistakes(assignments) if m.count >= ENOUGH]
    column: dict[tuple[str, str | None], int] = {
        (m.exercise, m.mistake): number for number, m in enumerate(frequent)
    }
    made = np.zeros((len(everybody), len(frequent)))
    for assignment in assignments:
        for student, submission in assignment.graded.items():
            for row in submission.rows:
                if (row.exercise, row.mistake) in column:
                    made[line[student], column[row.exercise, row.mistake]] = 1
    together = made.T @ made
    counts = np.diag(together)
    tested, found = 0, []
    for a, first in enumerate(frequent):
        for b in range(a + 1, len(frequent)):
            second = frequent[b]
            if first.exercise == second.exercise:
                continue
            tested += 1
            both, expected = int(together[a, b]), counts[a] * counts[b] / len(everybody)
            if both >= ENOUGH and both > expected:
                chance = at_least(both, int(counts[a]), int(counts[b]), len(everybody))
                found.append((chance, PairFigures(first, second, both, float(expected))))
    found.sort(key=lambda item: (item[0], item[1].first.exercise, item[1].second.exercise))
    kept = 0
    for rank, (chance, _) in enumerate(found, 1):
        if chance <= RATE * rank / tested:
            kept = rank
    return [pair for _, pair in found[:kept]]


def at_least(both: int, first: int, second: int, everybody: int) -> float:
    """Return the probability that `first` and `second` of `everybody`, drawn independently, share
    `both` or more: the upper tail of the hypergeometric distribution."""

    def choose(n: int, k: int) -> float:
        return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)

    whole = choose(everybody, second)
    return sum(
        exp(choose(first, k) + choose(everybody - first, second - k) - whole)
        for k in range(both, min(first, second) + 1)
        if second - k <= everybody - first
    )


def roots(assignments: Iterable[GradedAssignment]) -> list[RootFigures]:
    """Return the roots that mistakes have in common, the one that most students met first."""
    assignments = list(assignments)
    graded = len({student for a in assignments for student in a.graded})
    met: dict[str, Counter] = defaultdict(Counter)
    where: dict[str, Counter] = defaultdict(Counter)
    for assignment in assignments:
        for student, submission in assignment.graded.items():
            for row in submission.rows:
                title = phrases.root(row.exercise, row.mistake) if row.mistake else None
                if title:
                    met[title][student] += 1
                    where[title][row.exercise] += 1
    found = [
        RootFigures(
            title,
            students=len(people),
            often=sum(times > 1 for times in people.values()),
            graded=graded,
            exercises=tuple(where[title].most_common()),
        )
        for title, people in met.items()
        if len(where[title]) > 1
    ]
    return sorted(found, key=lambda r: (-r.students, r.title))


def concerns(assignments: Iterable[GradedAssignment]) -> list[Concern]:
    """Return what a person has to look at, sorted by kind, assignment and student."""
    assignments, found = list(assignments), []
    for assignment in assignments:
        for student, submission in assignment.submissions.items():

            def note(kind: str, what: str, who=student, of=assignment.name) -> None:
                found.append(Concern(who, of, kind, what))

            if submission.refused:
                note(NOT_GRADED, submission.refused)
                continue
            waiting = [name for name, points in submission.written.items() if points is None]
            if waiting:
                note(WAITS, ", ".join(waiting))
            if submission.repairs:
                note("repaired", " ".join(submission.repairs))
            for row in submission.rows:
                if row.verdict in LOOK_AT:
                    note(LOOK_AT[row.verdict], f"{row.exercise}: {row.message}")
    found += [
        Concern(student, assignment.name, NOT_GRADED, NOT_YET)
        for assignment in assignments
        for student in assignment.unfinished
    ]
    order = [NOT_GRADED, WAITS, *LOOK_AT.values(), "repaired"]
    return sorted(found, key=lambda c: (order.index(c.kind), c.assignment, c.student))


def trend(school_class: SchoolClass) -> list[TrendFigures]:
    """Return how the class did in each assignment."""
    found = []
    for assignment in school_class.assignments:
        shares = [share(assignment, s) for s in assignment.graded.values()]
        lower = median = upper = mean = None
        if shares:
            lower, median, upper = np.quantile(shares, [0.25, 0.5, 0.75])
            mean = float(np.mean(shares))
        not_graded = len(assignment.unfinished) + len(assignment.unreadable)
        found.append(
            TrendFigures(assignment, not_graded, lower, median, upper, mean, tuple(shares))
        )
    return found


def change(shares: list[float | None]) -> float | None:
    """Return how a student's last share differs from the mean of those before; None for fewer than
    2."""
    there = [value for value in shares if value is not None]
    return there[-1] - float(np.mean(there[:-1])) if len(there) > 1 else None

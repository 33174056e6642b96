"""A notebook in a room, judged: its ordinary cells run, its graded cells are read.

Nobody loses points twice for one slip: what leans on an answer that is not right is judged once
more with a right one in its place. The stand-in of an exercise is there only after that exercise
was judged for good, and so was every one whose right function is the same: nothing that is asked of
it, and nothing that is kept of what it said, can earn anything for them.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Container, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import NamedTuple

from nbformat import NotebookNode
from threadpoolctl import ThreadpoolController

from autograder.cell_fields import fields_of
from autograder.errors import Lost
from autograder.exercises import Exercise, exercise
from autograder.judge.cells import SYNTAX_ERRORS, RanCell
from autograder.judge.shortcuts import StudentCode
from autograder.judge.trial import Call, InProcess, Subject, Trial
from autograder.judge.verdicts import Verdict, judge, judge_trial
from autograder.judge.words import say_begin_with, say_followed, say_seen_with
from autograder.run.sandboxes import Needs
from autograder.run.stand_in_answers import answering_processes
from autograder.sandbox import Room
from autograder.sandbox.wire import Answer
from autograder.source_text import as_it_ran
from course.compare import compare
from course.kinds import VerdictKind

# It binds no name in the student's notebook.
NO_PICTURES = '__import__("course.plots.style", fromlist=["drawing"]).drawing = False'
# What comes from nothing that is used.
OWN_FAULT = (VerdictKind.RIGHT, VerdictKind.NOT_ATTEMPTED, VerdictKind.SHORTCUT)


class Cell(NamedTuple):
    """A cell as far as it matters for judging: `kind` is "code" or that of a text, whose source is
    not needed; `grade_id` is None for a cell of the student's own."""

    kind: str
    source: str
    grade_id: str | None


@dataclass(frozen=True)
class GradedCheck:
    """One `autograder.check(id, expression)` of a graded cell."""

    id: str
    expression: str


@dataclass(frozen=True)
class GradedCell:
    """A graded cell as the course has it; its points are shared equally among its checks."""

    grade_id: str
    points: float
    checks: tuple[GradedCheck, ...]

    @classmethod
    def read(cls, grade_id: str, points: float, source: str) -> GradedCell:
        """Return the graded cell with this source; ValueError where it holds no check."""
        checks = tuple(checks_in(source))
        if not checks:
            raise ValueError(f"the graded cell {grade_id} holds no autograder.check(...)")
        return cls(grade_id, points, checks)


@dataclass(frozen=True)
class CellVerdicts:
    """The verdicts of one graded cell, with the points each earns."""

    cell: GradedCell
    verdicts: tuple[Verdict, ...]

    @property
    def score(self) -> float:
        """Return the points earned, between 0 and the cell's points; all of them where all is
        right."""
        right = sum(verdict.right for verdict in self.verdicts)
        return self.cell.points * right / len(self.verdicts)

    @property
    def rows(self) -> list[dict]:
        """Return the verdicts as `check --json` prints them."""
        share = self.cell.points / len(self.verdicts)
        return [
            {
                "exercise": verdict.exercise,
                "points": share if verdict.right else 0.0,
                "max_points": share,
                "verdict": verdict.verdict,
                "mistake": verdict.mistake,
                "message": verdict.message,
            }
            for verdict in self.verdicts
        ]


@dataclass(frozen=True)
class CellOutputs:
    """An ordinary code cell has run; its place in the notebook, and what it showed."""

    place: int
    outputs: list[dict]


@dataclass(frozen=True)
class CellJudged:
    """A graded cell has its verdicts; its place, or None where the notebook lacks the cell."""

    place: int | None
    verdicts: CellVerdicts


def plain_cells(notebook: NotebookNode) -> list[Cell]:
    """Return the cells of a notebook, without the sources of its texts."""
    return [
        Cell(
            cell.cell_type,
            cell.source if cell.cell_type == "code" else "",
            fields_of(cell).get("grade_id"),
        )
        for cell in notebook.cells
    ]


def checks_in(source: str) -> Iterator[GradedCheck]:
    """Yield the checks that a graded cell's source calls, in order."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "autograder.check"
            and len(node.args) == 2
            and isinstance(node.args[0], ast.Constant)
        ):
            yield GradedCheck(str(node.args[0].value), ast.unparse(node.args[1]))


def graded_cells(notebook: NotebookNode) -> dict[str, GradedCell]:
    """Return the graded code cells of a source notebook, by grade id, in order."""
    cells = {}
    for cell in notebook.cells:
        if is_graded_cell(cell):
            data = cell.metadata["nbgrader"]
            cells[data["grade_id"]] = GradedCell.read(
                data["grade_id"], float(data["points"]), cell.source
            )
    return cells


def is_graded_cell(cell: NotebookNode) -> bool:
    """Say whether it is a graded cell: code that earns points and that no student writes."""
    data = fields_of(cell)
    return cell.cell_type == "code" and bool(data.get("grade")) and not data.get("solution")


def needs_of(cells: Iterable[Cell], graded: Mapping[str, GradedCell]) -> Needs:
    """Return what a notebook with these cells needs of a room."""
    checks = [check for cell in graded.values() for check in cell.checks]
    return Needs.of(
        (cell.source for cell in cells if cell.kind == "code"), (check.id[:2] for check in checks)
    )


def assess(
    cells: Sequence[Cell],
    graded: Mapping[str, GradedCell],
    room: Room,
    seed: int,
    pictures: bool = False,
    follow_on: bool = True,
) -> Generator[CellOutputs | CellJudged, None, None]:
    """Run and judge the cells of a notebook in `room`, and tell of each code cell when it is done.

    graded     the course's graded cells; one that is not in the notebook is judged at its end
    seed       draws the cases
    pictures   whether the course's pictures are drawn; they take most of a notebook's time
    follow_on  whether what leans on an answer that is not right gets a second trial
    """
    code = StudentCode()
    # What runs further down can say why a function is not there yet.
    waiting = [
        RanCell(cell.source, ran=False)
        for cell in cells
        if cell.kind == "code" and cell.grade_id not in graded
    ]
    ran_cells: list[RanCell] = []
    checks = [check for cell in graded.values() for check in cell.checks]
    judging = Judging(checks, room, seed, code, follow_on)

    def judge_cell(cell: GradedCell) -> CellVerdicts:
        seen = [*ran_cells, *waiting]
        return CellVerdicts(cell, tuple(judging.judge(check, seen) for check in cell.checks))

    left = dict(graded)
    with single_threaded():
        if not pictures:
            room.run(NO_PICTURES)
        for place, cell in enumerate(cells):
            if cell.grade_id in graded:
                if cell.grade_id in left:
                    yield CellJudged(place, judge_cell(left.pop(cell.grade_id)))
            elif cell.kind == "code":
                outputs = room.run(cell.source, own=cell.grade_id is None).outputs
                waiting.pop(0)
                ran_cells.append(RanCell.of_outputs(cell.source, outputs))
                # Nobody is accused for what never ran.
                if ran_cells[-1].error not in SYNTAX_ERRORS:
                    code.add(as_it_ran(cell.source, ran_cells[-1].line))
                yield CellOutputs(place, outputs)
        for missing in left.values():
            yield CellJudged(None, judge_cell(missing))


def verdicts_of(
    events: Iterable[CellOutputs | CellJudged], graded: Mapping[str, GradedCell]
) -> dict[str, CellVerdicts]:
    """Return the verdicts that `assess` tells of, by grade id, in the order of `graded`.

    Nobody needs to run what stands behind the last graded cell for it: it is not asked for.
    """
    found: dict[str, CellVerdicts] = {}
    for event in events:
        if isinstance(event, CellJudged):
            found[event.verdicts.cell.grade_id] = event.verdicts
        if len(found) == len(graded):
            break
    return {grade_id: found[grade_id] for grade_id in graded}


class Judging:
    """Judges the checks of one notebook in one room, as the notebook comes to them.

    checks     all checks of the notebook
    code       the student's code so far; it grows
    follow_on  whether what leans on an answer that is not right gets a second trial
    """

    def __init__(
        self,
        checks: Sequence[GradedCheck],
        room: Room,
        seed: int,
        code: StudentCode,
        follow_on: bool,
    ):
        # Whatever the references need is imported here, before its threads are limited.
        self._exercises = {check.id: exercise(check.id) for check in checks}
        self._room, self._seed, self._code, self._follow_on = room, seed, code, follow_on
        self._judged: dict[str, tuple[GradedCheck, Verdict]] = {}
        # What was right, and whose name stands for something else by now that is not.
        self._given_away: set[str] = set()

    def judge(self, check: GradedCheck, cells: Sequence[RanCell]) -> Verdict:
        """Return the verdict of one check, here and now.

        cells  as `judge_trial` takes them
        """
        verdict = self._verdict(check, cells)
        self._judged.setdefault(self._exercises[check.id].name, (check, verdict))
        return verdict

    def _verdict(self, check: GradedCheck, cells: Sequence[RanCell]) -> Verdict:
        trial = Trial(self._exercises[check.id], self._seed)
        slips = self._slips_in(check) if self._follow_on else {}
        subject = partial(self._room.probe, check.expression)
        verdict = None
        # What never comes back is not waited for again, and one wrong answer is enough.
        if not any(self._judged[name][1].verdict is VerdictKind.TIMED_OUT for name in slips):
            answers = _until_wrong(trial, subject) if slips else []
            if answers is not None:
                verdict = judge_trial(trial, _beginning_with(answers, subject), self._code, cells)
                if verdict.right or not self._follow_on:
                    return verdict
        slips |= self._given_away_in(check)
        if slips and (second := self._again(check, trial, slips, cells)):
            return second
        if verdict is None:
            verdict = judge_trial(trial, subject, self._code, cells, naming=False)
        return _doubted(verdict, list(slips)) if slips else verdict

    def _names_used(self, check: GradedCheck, stop: Container[str]) -> set[str]:
        """Return the names that a check's exercise uses here; what is used by those in `stop` only
        is left out."""
        own = self._exercises[check.id].name
        tree = ast.parse(check.expression)
        roots = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        return self._code.names_reached(roots | {own}, stop) - {own}

    def _slips_in(self, check: GradedCheck) -> dict[str, Exercise]:
        """Return the exercises that this one uses and that are not right, by name."""
        faulty = {name for name, (_, verdict) in self._judged.items() if not verdict.right}
        used = self._names_used(check, stop=faulty) & faulty if faulty else set()
        return {name: self._exercises[self._judged[name][0].id] for name in sorted(used)}

    def _given_away_in(self, check: GradedCheck) -> dict[str, Exercise]:
        """Return the exercises that this one uses and that were right, before their names stood for
        something else, by name."""
        faulty = {name for name, (_, verdict) in self._judged.items() if not verdict.right}
        right = self._names_used(check, stop=faulty) & (self._judged.keys() - faulty)
        changed = right - self._room.kept(sorted(right)) if right else set()
        for name in changed:
            other = self._judged[name][0]
            subject = partial(self._room.probe, other.expression)
            right_here = judge(self._exercises[other.id], subject, self._seed, self._code).right
            (self._given_away.discard if right_here else self._given_away.add)(name)
        given = sorted(right & self._given_away)
        return {name: self._exercises[self._judged[name][0].id] for name in given}

    def _again(
        self,
        check: GradedCheck,
        trial: Trial,
        slips: dict[str, Exercise],
        cells: Sequence[RanCell],
    ) -> Verdict | None:
        """Return the verdict with right ones in the places of `slips`; None where that cannot be
        told."""
        waiting = [other for other in self._exercises.values() if other.name not in self._judged]
        replaced = {
            name: slip.id
            for name, slip in slips.items()
            if may_stand_in(slip, trial.exercise, waiting)
        }
        if not replaced:
            return None
        try:
            with answering_processes.stand_ins(replaced) as stand_ins:
                code = self._code.without(slips[name] for name in replaced)
                whole = len(replaced) == len(slips)
                with self._room.copy(list(replaced), stand_ins.channel, stand_ins.why) as probe:
                    subject = partial(probe, check.expression)
                    verdict = judge_trial(trial, subject, code, cells, naming=whole)
                if stand_ins.ended().void:
                    return None
        except Lost:
            return None
        if not verdict.right:
            message = f"{verdict.message} {say_seen_with(list(replaced))}"
            return replace(verdict, message=message) if whole else None
        own = [name for name in replaced if not self._judged[name][1].right]
        return replace(verdict, message=say_followed(list(replaced), own), slips=tuple(own))


def may_stand_in(slip: Exercise, here: Exercise, waiting: Iterable[Exercise]) -> bool:
    """Tell whether a right `slip` can be put in its place where `here` is judged, and gives nothing
    away: neither the answer to `here` nor to one of those that are judged later."""
    # Objects of a class of its own cannot be passed on, but for those of PyTorch's functions.
    if isinstance(slip.reference, type) and not hasattr(slip.reference, "apply"):
        return False
    return not any(same_function(slip, other) for other in {here, *waiting} if other is not slip)


@lru_cache(maxsize=4096)
def same_function(one: Exercise, other: Exercise) -> bool:
    """Tell whether the right answer to `one` is a right answer to `other` as well."""
    return _until_wrong(_usual(other), InProcess(other.subject(one.reference))) is not None


@lru_cache(maxsize=256)
def _usual(specified: Exercise) -> Trial:
    """Return cases of an exercise that are the same for everybody."""
    return Trial(specified, seed=0)


def _until_wrong(trial: Trial, subject: Subject) -> list[Answer] | None:
    """Return the answers to all calls, or None as soon as one of them is not right."""
    answers: list[Answer] = []
    rtol, atol = trial.exercise.rtol, trial.exercise.atol
    for call, expected in zip(trial.calls, trial.expected, strict=True):
        answers += subject([call])
        if answers[-1].kind != "value":
            return None
        if compare(answers[-1].value, expected, rtol=rtol, atol=atol):
            return None
    return answers


def _beginning_with(answers: list[Answer], subject: Subject) -> Subject:
    """Return `subject` where its first answers are known; it gives them once."""
    known = list(answers)

    def ask(calls: Sequence[Call]) -> Sequence[Answer]:
        given, known[:] = known[:], []
        return given or subject(calls)

    return ask


def _doubted(verdict: Verdict, slips: list[str]) -> Verdict:
    """Return a verdict that may come from what `slips` do wrong: nothing is named as the student's
    mistake here."""
    if verdict.verdict in OWN_FAULT:
        return verdict
    kind = verdict.verdict
    if kind is VerdictKind.KNOWN_MISTAKE:
        kind = VerdictKind.WRONG
    message = f"{say_begin_with(slips)} {verdict.message}"
    return replace(verdict, verdict=kind, mistake=None, message=message)


def single_threaded() -> AbstractContextManager:
    """Within it, NumPy and PyTorch compute in the calling thread alone; afterwards as before.

    What an exercise computes is small: more threads would only wait for each other, and burn the
    processors that the rooms need. BLAS has one limit for the whole process: what judges in
    several threads enters this around all of them as well.
    """
    limited: AbstractContextManager[object] = _pools().limit(limits=1)
    return limited


def stay_single_threaded() -> None:
    """Let NumPy and PyTorch compute in the calling thread alone from now on, in this process."""
    _pools().limit(limits=1)


def _pools() -> ThreadpoolController:
    """Return the thread pools of the libraries that are loaded; to look for them takes a while."""
    # PyTorch comes late, and brings pools of its own.
    loaded = "torch" in sys.modules
    if loaded not in _known_pools:
        _known_pools[loaded] = ThreadpoolController()
    return _known_pools[loaded]


_known_pools: dict[bool, ThreadpoolController] = {}

"""What one submission needs to be judged anywhere: bytes out, bytes back.

A task holds the cells of a repaired notebook, the course's graded cells, the files beside them and
the seed of the cases; it knows no student, no path and no gradebook. What comes back are outputs
and verdicts. Both are JSON, so that nothing a student made is ever unpickled.
"""

from __future__ import annotations

import base64
import gc
import json
from dataclasses import asdict, dataclass, field

from autograder.judge.verdicts import Verdict
from autograder.run.assess import (
    Cell,
    CellOutputs,
    CellVerdicts,
    GradedCell,
    GradedCheck,
    assess,
    needs_of,
    verdicts_of,
)
from autograder.run.sandboxes import Needs, sandboxes
from autograder.sandbox import Isolation, Limits

# The first byte of an encoded result.
HURRIED, CALM = b"!", b"."


@dataclass(frozen=True)
class Task:
    """A notebook to be judged.

    cells      every cell of it, in order
    graded     the course's graded cells
    seed       draws the cases
    files      what lies beside the notebook, by name
    isolation  "walls" or "none"
    limits     what a room may use
    follow_on  whether what leans on an answer that is not right gets a second trial
    """

    cells: list[Cell]
    graded: list[GradedCell]
    seed: int
    files: dict[str, bytes] = field(default_factory=dict)
    isolation: Isolation = "walls"
    limits: Limits = field(default_factory=Limits)
    follow_on: bool = True

    def encode(self) -> bytes:
        """Return the task as bytes."""
        files = {name: base64.b64encode(data).decode() for name, data in self.files.items()}
        graded = [asdict(cell) for cell in self.graded]
        fields = {**vars(self), "graded": graded, "files": files, "limits": asdict(self.limits)}
        return json.dumps(fields).encode()

    @classmethod
    def decode(cls, content: bytes) -> Task:
        """Return the task that `encode` wrote."""
        fields = json.loads(content)
        fields["cells"] = [Cell(*cell) for cell in fields["cells"]]
        fields["graded"] = [
            GradedCell(
                cell["grade_id"], cell["points"], tuple(GradedCheck(**c) for c in cell["checks"])
            )
            for cell in fields["graded"]
        ]
        fields["files"] = {name: base64.b64decode(text) for name, text in fields["files"].items()}
        fields["limits"] = Limits(**fields["limits"])
        return cls(**fields)


@dataclass(frozen=True)
class Result:
    """What a task came to.

    outputs   of the ordinary code cells, by the cell's index
    verdicts  of the graded cells, by grade id
    hurried   whether something was stopped for time that might have been quicker with nobody else
              at work
    """

    outputs: dict[int, list[dict]]
    verdicts: dict[str, CellVerdicts]
    hurried: bool = False

    def encode(self) -> bytes:
        """Return the result as bytes: one that says whether it is hurried, then JSON."""
        verdicts = {
            grade_id: [vars(verdict) for verdict in cell.verdicts]
            for grade_id, cell in self.verdicts.items()
        }
        fields = {"outputs": list(self.outputs.items()), "verdicts": verdicts}
        return (HURRIED if self.hurried else CALM) + json.dumps(fields).encode()

    @staticmethod
    def is_hurried(content: bytes) -> bool:
        """Tell whether the result that `encode` wrote is hurried, without reading the rest."""
        return content.startswith(HURRIED)

    @classmethod
    def decode(cls, content: bytes, graded: dict[str, GradedCell]) -> Result:
        """Return the result that `encode` wrote, of a task with these graded cells."""
        fields = json.loads(content[1:])
        verdicts = {
            grade_id: CellVerdicts(graded[grade_id], tuple(map(_verdict, verdicts)))
            for grade_id, verdicts in fields["verdicts"].items()
        }
        return cls(dict(fields["outputs"]), verdicts, cls.is_hurried(content))


def _verdict(fields: dict) -> Verdict:
    return Verdict(**{**fields, "slips": tuple(fields["slips"])})


def perform(content: bytes) -> bytes:
    """Do an encoded task in a room of this process's sandbox; the encoded result.

    Raises SandboxUnavailable where this machine cannot build rooms.
    """
    task = Task.decode(content)
    graded = {cell.grade_id: cell for cell in task.graded}
    needs = needs_of(task.cells, graded)
    with sandboxes.fitting(task.isolation, task.limits, needs).open(task.files) as room:
        events = [*assess(task.cells, graded, room, task.seed, follow_on=task.follow_on)]
    outputs = {event.place: event.outputs for event in events if isinstance(event, CellOutputs)}
    return Result(outputs, verdicts_of(events, graded), room.hurried).encode()


def get_ready(isolation: Isolation, limits: Limits, needs: Needs) -> None:
    """Make this process quick from its first task on: rooms warm, the references imported.

    needs  of the tasks that are to come; others take longer to begin
    Raises SandboxUnavailable where this machine cannot build rooms.
    """
    with sandboxes.fitting(isolation, limits, needs).open():
        pass
    # What is loaded by now stays: looking through it time and again is a tenth of the work.
    gc.collect()
    gc.freeze()

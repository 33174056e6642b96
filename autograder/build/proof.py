"""From `source/` to `release/`, and the proof that the checks of a notebook are right.

nbgrader makes the release; then every exercise is put on trial: the notebook's own solution and
every honest style must be right, the untouched stub not attempted, every named mistake rejected and
named, and spoilt answers (NaN, inf, zeros, a wrong shape, None) rejected.
"""

from __future__ import annotations

import ast
import copy
import inspect
import signal
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process

import nbformat
import numpy as np
from nbformat import NotebookNode

from autograder.build.derived import derived_files, differing, written
from autograder.build.generate import generate, secrets_in
from autograder.build.lectures import entries, has_entries, names_of, tag_problems
from autograder.build.visible import try_mistakes, visible_source
from autograder.cell_fields import fields_of
from autograder.course_folder import CourseFolder, holds_answers, read_notebook
from autograder.errors import no_such_notebook
from autograder.exercises import NOTEBOOKS, Exercise, Notebook, exercise
from autograder.exercises import notebook as exercises_of
from autograder.hooks.course_cells import needs_of_course
from autograder.judge.trial import InProcess, Trial
from autograder.judge.verdicts import judge_trial
from autograder.run.assess import (
    NO_PICTURES,
    CellOutputs,
    GradedCell,
    assess,
    graded_cells,
    plain_cells,
    single_threaded,
    verdicts_of,
)
from autograder.run.sandboxes import course_sandbox
from autograder.sandbox import Limits, Room, Sandbox
from course.kinds import VerdictKind

PROOF_SEED = 20231105
# One room puts all mistakes of a notebook to the visible checks.
PATIENT = Limits(notebook_seconds=900.0)


@dataclass
class Proof:
    """What the proof of one notebook found.

    generated  the text of the release notebook
    seen       how many mistakes the visible checks refuse, in words
    unseen     those that pass the visible checks, which have a few numbers only
    problems   one sentence each; empty where all is proven
    """

    notebook: str
    generated: str = ""
    exercises: int = 0
    styles: int = 0
    mistakes: int = 0
    seen: int = 0
    unseen: list[str] = field(default_factory=list)
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def build(folder: CourseFolder, names: list[str], write: bool) -> Iterator[Proof]:
    """Generate and prove notebooks, one after the other.

    names  of the assignments; all that have a source where empty
    write  put the release in its place; else only compare it with what is there
    """
    unknown = [name for name in names if name not in folder.assignments]
    if unknown:
        raise no_such_notebook(unknown[0], folder.assignments)
    names = names or folder.assignments
    needs = needs_of_course(folder, names)
    with (
        _process_of_its_own() as trials,
        course_sandbox("none", PATIENT, needs) as sandbox,
        ThreadPoolExecutor(1) as pool,
    ):
        # The room warms up while nbgrader makes the first release.
        pool.submit(lambda: sandbox.open().close())
        for name in names:
            start = time.perf_counter()
            proof = Proof(name)
            texts = derived_files(folder, [name])
            if write:
                written(texts)
            else:
                proof.problems += [
                    f"{path.relative_to(folder.root)} is not what follows from the exercises: "
                    f"run autograder build {name}."
                    for path in differing(texts)
                ]
            _prove(folder, sandbox, trials, proof, write)
            proof.seconds = time.perf_counter() - start
            yield proof


@contextmanager
def _process_of_its_own() -> Iterator[Executor]:
    """Yield a process for the trials of exercises, which the rooms' trials need not wait for; what
    waits there at the end is dropped."""
    process = ProcessPoolExecutor(1, get_context("spawn"), _begin)
    try:
        yield process
    finally:
        process.shutdown(cancel_futures=True)


def _begin() -> None:
    """Leave Ctrl-C to the command that started this process, and end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    command = parent_process()
    assert command is not None

    def end_too() -> None:
        command.join()
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=end_too, daemon=True).start()


def _prove(
    folder: CourseFolder, sandbox: Sandbox, trials: Executor, proof: Proof, write: bool
) -> None:
    source = folder.source(proof.notebook)
    proof.generated = generate(folder, proof.notebook)
    release = nbformat.reads(proof.generated, as_version=4)
    place = folder.notebook_path("release", proof.notebook)
    if write and place.is_file() and holds_answers(read_notebook(place)):
        proof.problems.append(
            f"{place.relative_to(folder.root)} holds answers and is not overwritten: move it to "
            "work/, and run this again."
        )
    elif write:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(proof.generated, encoding="utf-8")
    elif not place.is_file() or place.read_text(encoding="utf-8") != proof.generated:
        proof.problems.append(f"{place.name} in release/ is not what source/ generates.")
    proof.problems += secrets_in(release, source)
    if has_entries(folder):
        proof.problems += tag_problems(source, names_of(entries(folder)))
    if proof.notebook not in NOTEBOOKS:
        proof.problems.append("No exercises are declared for it in autograder.exercises.")
        return
    graded = graded_cells(source)
    proof.problems += _match_exercises(graded, proof.notebook)
    proof.problems += signature_problems(release, exercises_of(proof.notebook))
    if proof.problems:
        return
    exercises = exercises_of(proof.notebook).exercises.values()
    tried = [trials.submit(_problems_of, specified.id) for specified in exercises]
    with sandbox.open() as room:
        proof.problems += solved_problems(source, graded, room)
    with sandbox.open() as room:
        room.run(NO_PICTURES)
        visible = try_mistakes(source, graded, room)
    proof.seen, proof.unseen = visible.refused, visible.passing
    proof.problems += visible.problems
    with sandbox.open() as room:
        events = assess(plain_cells(release), graded, room, PROOF_SEED)
        for judgement in verdicts_of(events, graded).values():
            proof.problems += [
                f"{verdict.exercise}: the untouched stub is {verdict.verdict}: {verdict.message}"
                for verdict in judgement.verdicts
                if verdict.verdict is not VerdictKind.NOT_ATTEMPTED
            ]
    for specified, problems in zip(exercises, tried, strict=True):
        proof.exercises += 1
        proof.styles += len(specified.styles)
        proof.mistakes += len(specified.mistakes)
        proof.problems += problems.result()


def _match_exercises(graded: dict[str, GradedCell], name: str) -> list[str]:
    """Return the exercises that are declared and not checked by a graded cell, and the other way
    round."""
    checked = [check.id for cell in graded.values() for check in cell.checks]
    declared = [specified.id for specified in exercises_of(name).exercises.values()]
    return [
        f"{id} is declared but no graded cell checks it." for id in declared if id not in checked
    ] + [f"{id} is checked but not declared." for id in checked if id not in declared]


def signature_problems(release: NotebookNode, declared: Notebook) -> list[str]:
    """Return the functions to be written whose parameters are not those of their reference."""
    problems = []
    for cell in release.cells:
        if cell.cell_type != "code" or not fields_of(cell).get("solution"):
            continue
        for stub in ast.parse(cell.source).body:
            if not isinstance(stub, ast.FunctionDef) or stub.name not in declared.exercises:
                continue
            written = _parameters(stub)
            source = inspect.getsource(declared.exercises[stub.name].reference)
            right = ast.parse(textwrap.dedent(source)).body[0]
            assert isinstance(right, ast.FunctionDef)
            expected = _parameters(right)
            if written != expected:
                problems.append(
                    f"{stub.name}({written}) is asked for, but its reference is "
                    f"{stub.name}({expected})."
                )
    return problems


def _parameters(definition: ast.FunctionDef) -> str:
    parameters = copy.deepcopy(definition.args)
    for node in ast.walk(parameters):
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(parameters)


def solved_problems(notebook: NotebookNode, graded: dict, room: Room) -> list[str]:
    """Return what goes wrong when the notebook with its solutions runs from a clean start."""
    problems: list[str] = []

    def look(cell: NotebookNode, outputs: list) -> None:
        for output in outputs:
            if output["output_type"] == "error":
                problems.append(f"A cell raises {output['ename']}: {output['evalue']} ({cell.id}).")
            elif output["output_type"] == "stream" and output["name"] == "stderr":
                problems.append(f"A cell writes to stderr: {output['text'][:200]} ({cell.id}).")
            elif output.get("text", "").startswith(("○", "✗")):
                problems.append(f"A cell says: {output['text'][:200]} ({cell.id}).")
            elif "image/png" in output.get("data", {}) and not output["metadata"].get(
                "image/png", {}
            ).get("alt"):
                problems.append(f"A picture has no text description ({cell.id}).")

    for event in assess(plain_cells(notebook), graded, room, PROOF_SEED, pictures=True):
        if isinstance(event, CellOutputs):
            look(notebook.cells[event.place], event.outputs)
            continue
        for verdict in event.verdicts.verdicts:
            if not verdict.right:
                problems.append(
                    f"{verdict.exercise}: the notebook's solution is {verdict.verdict}: "
                    f"{verdict.message}"
                )
        cell = notebook.cells[event.place]
        look(cell, room.run(visible_source(cell)).outputs)
    return problems


def missing_parts(specified: Exercise) -> list[str]:
    """Return what an exercise must have and lacks, one sentence each."""
    lacks = []
    try:
        if len(specified.draw(np.random.default_rng(PROOF_SEED))) < 2:
            lacks.append("fewer than two cases")
    except ValueError:
        lacks.append("no cases")
    if len(specified.styles) < 4:
        lacks.append("fewer than four honest styles")
    if not specified.mistakes:
        lacks.append("no named mistake")
    if not specified.hints:
        lacks.append("no hint for a student")
    lacks += [f"no hint for {mistake.name}" for mistake in specified.mistakes if not mistake.hint]
    lacks += [
        f"no sentence for the report about {mistake.name} (said)"
        for mistake in specified.mistakes
        if not mistake.said
    ]
    return [f"{specified.id} has {lack}." for lack in lacks]


def _problems_of(id: str) -> list[str]:
    with single_threaded():
        return exercise_problems(exercise(id))


def exercise_problems(specified: Exercise, seed: int = PROOF_SEED) -> list[str]:
    """Return what an exercise's checks get wrong: rejected styles, accepted or unnamed mistakes,
    properties that right answers lack."""
    problems = missing_parts(specified)
    if problems:
        return problems
    put = Trial(specified, seed)
    for name, function in specified.styles.items():
        verdict = judge_trial(put, InProcess(specified.subject(function)))
        if not verdict.right:
            problems.append(
                f"{specified.id}: the honest style {name} is {verdict.verdict}: {verdict.message}"
            )
    for mistake in specified.mistakes:
        for member, function in mistake.members.items():
            verdict = judge_trial(put, InProcess(specified.subject(function)))
            name = f"{mistake.name} ({member})" if member else mistake.name
            if verdict.right:
                problems.append(f"{specified.id}: the mistake {name} is right.")
            elif verdict.mistake not in (mistake.name, *mistake.like):
                problems.append(
                    f"{specified.id}: the mistake {name} is named {verdict.mistake}: "
                    f"{verdict.message}"
                )
    for name, spoil in SPOILT.items():
        verdict = judge_trial(put, InProcess(_spoilt(specified, spoil)))
        if verdict.right:
            problems.append(f"{specified.id}: an answer of {name} is right.")
    return problems + _property_problems(specified, put)


def _property_problems(specified: Exercise, put: Trial) -> list[str]:
    """Return the properties that the reference or a style lacks in an ordinary case."""
    problems = []
    for name, function in {"the reference": specified.reference, **specified.styles}.items():
        asked = InProcess(specified.subject(function))
        for stated in specified.properties:
            for index in put.ordinary:
                case = put.cases[index]
                broken = stated.broken(
                    lambda *args, asked=asked, **kwargs: asked([(args, kwargs)])[0].value,
                    *case.args,
                    **case.kwargs,
                )
                if broken is not None:
                    said = stated.says.format(**broken)
                    problems.append(f"{specified.id}: {name} lacks a property: {said}")
                    break
    return problems


def _spoilt(specified: Exercise, spoil: Callable) -> Callable:
    right = specified.subject(specified.reference)

    def answer(*args, **kwargs):
        return _each_leaf(right(*args, **kwargs), spoil)

    return answer


def _each_leaf(value, spoil: Callable):
    if isinstance(value, dict):
        return {key: _each_leaf(entry, spoil) for key, entry in value.items()}
    if isinstance(value, tuple):
        return tuple(_each_leaf(entry, spoil) for entry in value)
    return spoil(value)


def _filled(number: float) -> Callable:
    return lambda value: np.full(np.shape(value), number)


SPOILT = {
    "NaN": _filled(np.nan),
    "infinity": _filled(np.inf),
    "zeros": _filled(0.0),
    "one axis too many": lambda value: np.asarray(value)[None],
    "None": lambda value: None,
}

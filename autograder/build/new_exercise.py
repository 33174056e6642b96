"""The parts of a new exercise: its module, and its three cells in the source notebook."""

from __future__ import annotations

import keyword
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

import autograder.exercises
from autograder.build.derived import say_points
from autograder.course_folder import CourseFolder
from autograder.errors import Problem, no_such_notebook
from autograder.exercises import NO_EXERCISES, NOTEBOOKS
from autograder.run.assess import is_graded_cell

MODULE = '''"""Say in one line what {name} is."""

from __future__ import annotations

from autograder.exercises.specification import case
from autograder.exercises.{package} import notebook


def {name}(x):
    """Derive the right answer here; the student's function has this name and these arguments."""
    raise NotImplementedError


exercise = notebook.exercise(
    {name},
    points={points},
    minutes={minutes},
    # Questions that lead on, one after the other; none of them is the answer.
    hints=(),
)


@exercise.cases
def cases(rng):
    # Fixed cases decide, the same for every student; random ones confirm:
    # yield case(1.0)
    # yield case(float(rng.uniform(1.0, 2.0)), about="what is special about it")
    yield from ()


# At least four right answers in different styles, as students write them:
#
# @exercise.style
# def {name}_in_one_line(x):
#     ...
#
# The wrong answers that you have seen, each with a question that leads on:
#
# @exercise.mistake("What is it for x = 0?", said="The answer forgets that x may be 0.")
# def {name}_of_nothing(x):
#     ...
'''
POINTS, MINUTES = 1, 5


def new_exercise(folder: CourseFolder, number: str, name: str) -> list[Path]:
    """Write the module of a new exercise and put its three cells into the source notebook.

    number  of the notebook, as in "01"
    name    of the function that students write
    Returns the two files. Raises Problem where the notebook does not exist, or the exercise does.
    """
    assignment = next((one for one in NOTEBOOKS if one.startswith(f"{number}-")), None)
    if assignment is None or assignment not in folder.assignments:
        known = [one[:2] for one in NOTEBOOKS if one in folder.assignments]
        raise no_such_notebook(number, known)
    if not name.isidentifier() or keyword.iskeyword(name) or name in NO_EXERCISES:
        raise Problem(f"{name} cannot be the name of an exercise: it is no name of a function.")
    package = NOTEBOOKS[assignment]
    module = Path(autograder.exercises.__file__).parent / package / f"{name.lower()}.py"
    if module.exists():
        raise Problem(f"There is an exercise {name} in notebook {number}: {module} exists.")
    source, place = folder.source(assignment), folder.notebook_path("source", assignment)
    text = MODULE.format(name=name, package=package, points=POINTS, minutes=MINUTES)
    module.write_text(text, encoding="utf-8")
    graded = [index for index, cell in enumerate(source.cells) if is_graded_cell(cell)]
    behind = graded[-1] + 1 if graded else len(source.cells)
    source.cells[behind:behind] = _cells(number, name)
    place.write_text(nbformat.writes(source).rstrip("\n") + "\n", encoding="utf-8")
    return [module, place]


def _cells(number: str, name: str) -> list[NotebookNode]:
    card = new_markdown_cell(
        f"### Exercise · `{name}`\n\n*{say_points(POINTS)} · {MINUTES} minutes*\n\n"
        "Say what is asked for, with the lecture's numbers.",
        id=f"card-{name}",
    )
    answer = new_code_cell(
        f'def {name}(x):\n    """Say what it computes, with shapes and units."""\n'
        "    ### BEGIN SOLUTION\n    raise NotImplementedError\n    ### END SOLUTION",
        id=f"answer-{name}",
        metadata={"nbgrader": _fields(name, solution=True)},
    )
    check = new_code_cell(
        f"check({name}).on(1.0).gives(1.0)\n### BEGIN HIDDEN TESTS\nimport autograder\n"
        f'autograder.check("{number}.{name}", {name})\n### END HIDDEN TESTS',
        id=f"check-{number}-{name}",
        metadata={"nbgrader": _fields(f"{number}-{name}", grade=True, points=float(POINTS))},
    )
    return [card, answer, check]


def _fields(grade_id: str, grade: bool = False, solution: bool = False, **points) -> dict:
    return {
        "grade": grade,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
        **points,
    }

"""What follows from the exercises and is not kept by hand: parts of the source notebooks, the
students' hints, the cards that progress is counted by, the README's table, a page for teachers and
the errata of each notebook, and the page that says where the lectures are taught.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
import numpy as np
from nbformat import NotebookNode

from autograder.build.errata import errata_files
from autograder.build.lectures import PAGE, has_entries, lectures_page
from autograder.build.reading_time import CARD_MINUTES, hours, name_the_time
from autograder.cell_fields import fields_of
from autograder.course_folder import CourseFolder
from autograder.exercises import NOTEBOOKS, Exercise, Notebook
from autograder.exercises import notebook as exercises_of
from autograder.run.assess import checks_in, is_graded_cell

CARD = re.compile(r"^\*[\d.]+ points? · \d+ minutes", re.MULTILINE)
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", re.DOTALL)
# What a teachers' page says of how an exercise may not be gone around.
SHORTCUTS = "**Shortcuts.** {names}."
BY_HAND = (
    "**By hand.** The derivative is worked out: an answer that has lost the digits which "
    "difference quotients lose is a shortcut."
)
REQUIRED = "**Required.** {names}: an answer without it goes around the exercise."
ONE_REQUIRED = "**Required.** One of {names}: an answer without any goes around the exercise."
TABLE = re.compile(r"(<!-- notebooks -->\n).*?(<!-- end of notebooks -->)", re.DOTALL)


def derived_files(folder: CourseFolder, names: list[str]) -> dict[Path, str]:
    """Return what follows from the exercises of these assignments: the text of each file, by its
    path.

    The source notebooks are among them, as their cards and graded cells follow; so are the README,
    where the folder has one with a table of notebooks, and the page on the lectures, where it says
    what these hold.
    """
    texts: dict[Path, str] = {}
    for name in names:
        if name not in NOTEBOOKS:
            continue
        declared, source = exercises_of(name), folder.source(name)
        fill(source, declared)
        texts[folder.notebook_path("source", name)] = _as_text(source)
        texts |= errata_files(folder, name, source)
        order = [declared.exercises[one] for one in exercise_order(source, declared)]
        # The hints and the pages belong to the checkout that holds the exercises.
        if (folder.root / "course" / "hints").is_dir():
            hints = {exercise.name: list(exercise.hints) for exercise in order}
            place = folder.root / "course" / "hints" / f"{name}.json"
            texts[place] = json.dumps(hints, indent=2, ensure_ascii=False) + "\n"
            place = folder.root / "course" / "cards" / f"{name}.json"
            texts[place] = json.dumps(cards(source, declared), indent=1, ensure_ascii=False) + "\n"
            page = folder.root / "docs" / "exercises" / f"{name}.md"
            texts[page] = teachers_page(source, declared, order)
    if has_entries(folder):
        texts[folder.root / PAGE] = lectures_page(folder)
    readme = folder.root / "README.md"
    if readme.is_file() and TABLE.search(text := readme.read_text(encoding="utf-8")):
        texts[readme] = TABLE.sub(lambda found: found[1] + _table(folder) + found[2], text)
    return texts


def fill(source: NotebookNode, declared: Notebook) -> None:
    """Write the points, minutes and checks of the exercises into the cells of a source notebook,
    and into its opening the time that it takes."""
    card = None
    for cell in source.cells:
        if cell.cell_type == "markdown" and CARD.search(cell.source):
            card = cell
        if not is_graded_cell(cell):
            continue
        for check in checks_in(cell.source):
            exercise = declared.exercises.get(check.id.partition(".")[2])
            if exercise is None:
                continue
            cell.metadata.nbgrader.points = float(exercise.points)
            # A replacement's backslashes would be taken for references to groups.
            block = hidden_test(exercise).replace("\\", r"\\")
            cell.source = HIDDEN.sub(block, cell.source)
            if card is not None:
                words = f"*{say_points(exercise.points)} · {exercise.minutes} minutes"
                card.source = CARD.sub(words, card.source, count=1)
    name_the_time(source)


def hidden_test(exercise: Exercise) -> str:
    """Return the lines of a graded cell that judge an exercise."""
    return (
        "### BEGIN HIDDEN TESTS\n"
        "import autograder\n"
        f'autograder.check("{exercise.id}", {exercise.expression})\n'
        "### END HIDDEN TESTS"
    )


def say_points(points: float) -> str:
    """Return the points of a card: "1 point", "2 points"."""
    return "1 point" if points == 1 else f"{points:g} points"


def exercise_order(source: NotebookNode, declared: Notebook) -> list[str]:
    """Return the names of the exercises in the order of their graded cells."""
    graded = [cell for cell in source.cells if is_graded_cell(cell)]
    checked = [check.id for cell in graded for check in checks_in(cell.source)]
    names = [id.partition(".")[2] for id in checked]
    return [name for name in dict.fromkeys(names) if name in declared.exercises]


def cards(source: NotebookNode, declared: Notebook) -> dict:
    """Return what a student's tools are told of a notebook: its title, and of each exercise and
    each question in words, in order, the points and minutes."""
    told: dict[str, dict] = {}
    minutes = 0
    for cell in source.cells:
        before_the_answer = cell.source.partition("### BEGIN SOLUTION")[0]
        if cell.cell_type == "markdown" and (said := CARD_MINUTES.findall(before_the_answer)):
            minutes = int(said[-1])
        data = fields_of(cell)
        if is_graded_cell(cell):
            for check in checks_in(cell.source):
                exercise = declared.exercises.get(check.id.partition(".")[2])
                if exercise is not None:
                    told.setdefault(
                        exercise.name,
                        {
                            "name": exercise.name,
                            "points": exercise.points,
                            "minutes": exercise.minutes,
                        },
                    )
        elif data.get("grade") and data.get("solution"):
            told[data["grade_id"]] = {
                "name": data["grade_id"],
                "points": data["points"],
                "minutes": minutes,
                "written": True,
            }
    return {"title": _title(source), "exercises": list(told.values())}


def _title(source: NotebookNode) -> str:
    return source.cells[0].source.splitlines()[0].removeprefix("# ")


def _as_text(notebook: NotebookNode) -> str:
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def _table(folder: CourseFolder) -> str:
    lines = ["| | you write | exercises | time |", "|---|---|---|---|"]
    for name in folder.assignments:
        if name not in NOTEBOOKS:
            continue
        declared, source = exercises_of(name), folder.source(name)
        title = _title(source)
        link = f"[{title}](release/{name}/{name}.ipynb)"
        fluent, new = hours(source)
        time = f"{fluent} to {new} hours"
        lines.append(f"| {link} | {declared.about} | {len(declared.exercises)} | {time} |")
    return "\n".join(lines) + "\n"


def teachers_page(source: NotebookNode, declared: Notebook, order: list[Exercise]) -> str:
    """Write a page for teachers: what is graded in a notebook, without reading Python."""
    title = _title(source)
    points = sum(exercise.points for exercise in order)
    minutes = sum(exercise.minutes for exercise in order)
    lines = [
        f"# {title}: the exercises",
        "",
        "<!-- Generated by `autograder build` from autograder/exercises; edits are lost. -->",
        "",
        f"{len(order)} exercises, {points:g} points, {minutes} minutes of writing. A case is one "
        "set of inputs; most are drawn from a seed of course, assignment and student. Each mistake "
        "is proven, at every build, to be refused and to be told from the others.",
    ]
    for exercise in order:
        lines += ["", *_section(exercise)]
    return "\n".join(lines) + "\n"


def _section(exercise: Exercise) -> list[str]:
    lines = [
        f"## `{exercise.name}`",
        "",
        f"{say_points(exercise.points)}, {exercise.minutes} minutes; {len(exercise.styles)} honest "
        "styles are proven right.",
        "",
    ]
    cases = exercise.draw(np.random.default_rng(0))
    special = dict.fromkeys(case.about for case in cases if case.about)
    among = f", among them: {'; '.join(special)}" if special else ""
    lines.append(f"**Cases.** {len(cases)} sets of inputs{among}.")
    for sentence in _rules(exercise):
        lines += ["", sentence]
    lines += ["", "| mistake | what it is | the question that leads on |", "|---|---|---|"]
    lines += [
        f"| `{mistake.name}` | {_cell(mistake.said)} | {_cell(mistake.hint)} |"
        for mistake in exercise.mistakes
    ]
    return lines


def _rules(exercise: Exercise) -> Iterator[str]:
    """Yield what an answer may not do, and what it has to, in sentences."""
    if exercise.forbidden:
        yield SHORTCUTS.format(names=_listed(exercise.forbidden))
    if exercise.by_hand:
        yield BY_HAND
    if exercise.required:
        names = exercise.required.names
        sentence = REQUIRED if len(names) == 1 else ONE_REQUIRED
        yield sentence.format(names=_listed(names))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cell(text: str) -> str:
    """Return a text as it may stand in a table of Markdown."""
    return text.replace("|", "\\|").replace("\n", " ")


def differing(texts: dict[Path, str]) -> list[Path]:
    """Return the files that are not as they should be."""
    return [
        path
        for path, text in texts.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def written(texts: dict[Path, str]) -> None:
    """Write what differs."""
    for path in differing(texts):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[path], encoding="utf-8")

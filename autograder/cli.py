"""The `autograder` command, for learners, instructors and authors."""

from __future__ import annotations

import codecs
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column, Table
from rich.text import Text

from autograder.intake.words import counted

if TYPE_CHECKING:
    from autograder.check_file import CheckedFile
    from autograder.course_folder import CourseFolder
    from autograder.report.collect import SchoolClass
    from autograder.sandbox import Isolation

# What stands for a mark where the output's encoding, such as cp1252, has no such character.
PLAIN = {"✓": "+", "✗": "x", "○": "o", "…": "...", "·": "-", "−": "-", "→": "->"}


def in_plain_characters(problem: UnicodeError) -> tuple[str, int]:
    """Stand in for characters that an output cannot show: an error handler of `codecs`.

    What has no plain form is written as its number, as in JSON.
    """
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    lost = problem.object[problem.start : problem.end]
    shown = [PLAIN.get(character, f"\\u{ord(character):04x}") for character in lost]
    return "".join(shown), problem.end


codecs.register_error("plain", in_plain_characters)
for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="plain")

console = Console()
errors = Console(stderr=True)

# What of a score is not the judge's, as a table heads it: the points of each student, or how many
# students of a class have any.
HEADS_OF_POINTS = {"late": "points off, late", "waits": "points to mark"}
HEADS_OF_STUDENTS = {"late": "late", "waits": "to mark"}
# Of a question that a person reads: where it gives one point, and where it gives more.
ANSWERED = (
    "answered; 1 point waits for a person to read it",
    "answered; {count:g} points wait for a person to read it",
)
NOT_ANSWERED = (
    "nothing is written yet; 1 point waits for a person to read it",
    "nothing is written yet; {count:g} points wait for a person to read it",
)
TOTAL = "{score:g} of {most:g} points"
TOTAL_AND_ONE = "{score:g} of {most:g} points, and 1 more waits for a person to read it"
TOTAL_AND_MORE = "{score:g} of {most:g} points, and {count:g} more wait for a person to read them"
GRADED_BEFORE_ONE = "1 was graded before and is as it was; --force regrades."
GRADED_BEFORE = "{count} were graded before and are as they were; --force regrades."
COPIED_ONE = "1 file was copied into work/."
COPIED = "{count} files were copied into work/."
WRONG_SETTING = "A setting in {file} is wrong: {error}."
PAGE_MADE = "1 page is in feedback/."
PAGES_MADE = "{count} pages are in feedback/."
ONE_NOT_FINAL = (
    "Nothing is written, as 1 score is not final: mark and grade what waits, or take --partial, "
    "which leaves this score open for Canvas and Moodle, and says in the csv what it waits for."
)
NOT_FINAL = (
    "Nothing is written, as {count} scores are not final: mark and grade what waits, or take "
    "--partial, which leaves these scores open for Canvas and Moodle, and says in the csv what "
    "each waits for."
)
UPDATED = (
    "Carried over into the new {name}: answers {answers}, cells of your own {own_cells}. The old "
    "file is {kept_at}."
)
# Of a class with one student, and of one with more.
CLASS_OF_ONE = (
    "{directory} holds 1 notebook and a gradebook with 1 student.",
    "{directory} holds {count} notebooks and a gradebook with 1 student.",
)
CLASS_OF_MORE = (
    "{directory} holds 1 notebook and a gradebook with {students} students.",
    "{directory} holds {count} notebooks and a gradebook with {students} students.",
)
MANY = 40
FEW = 5


def say(sentence: str, style: str = "yellow") -> None:
    """Print a sentence on stderr as it is."""
    errors.print(sentence, style=style, highlight=False, markup=False, soft_wrap=True)


class Sentence(click.ClickException):
    """A problem said in one sentence on stderr, with exit status 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        say(self.message, style="red")


@contextmanager
def problems_said() -> Iterator[None]:
    """Say problems that the user can mend in one sentence instead of a traceback, and Ctrl-C, too.

    Modules are loaded in here: that takes a second, in which Ctrl-C may come. An exception that
    nobody foresaw is a defect of the course: it is said in one sentence, too, with its place, and
    kept in full in the course folder that the command is run in. `autograder --debug` raises all
    of them.
    """
    try:
        from autograder.errors import Problem, SandboxUnavailable

        try:
            yield
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if debugging():
                raise
            if isinstance(error, (Problem, SandboxUnavailable)):
                raise Sentence(str(error)) from None
            raise Sentence(_unforeseen(error)) from None
    except KeyboardInterrupt:
        raise Sentence("Stopped.") from None


def _unforeseen(error: Exception) -> str:
    """Say what a defect of the course is, and where the whole of it stands; or which setting has a
    value that it cannot have, as traitlets says it."""
    from traitlets import TraitError

    from autograder.course_folder import CONFIG
    from autograder.errors import LAST_ERROR, defect, keep_trace, place_of, trace_of

    if isinstance(error, TraitError):
        return WRONG_SETTING.format(file=CONFIG, error=str(error).rstrip("."))
    sentence = defect(type(error).__name__, str(error), place_of(error))
    if Path(CONFIG).is_file() and keep_trace(Path.cwd(), trace_of(error)):
        return f"{sentence} The whole error is in {LAST_ERROR}; `autograder --debug` shows it."
    return f"{sentence} `autograder --debug` shows the whole error."


def debugging() -> bool:
    """Say whether the command was called as `autograder --debug ...`."""
    return bool(click.get_current_context().find_root().params["debug"])


def course_folder() -> CourseFolder:
    """Return the course folder that the command is run in."""
    from autograder.course_folder import CourseFolder

    return CourseFolder(Path.cwd())


@click.group()
@click.version_option(package_name="surprise-to-autograd")
@click.option("--debug", is_flag=True, help="Raise every error instead of saying it.")
def main(debug: bool) -> None:
    """Build, check and grade the notebooks of From Surprise to Autograd."""


@main.command()
@click.argument("notebooks", nargs=-1)
@click.option("--check", "only_check", is_flag=True, help="Write nothing: compare and prove.")
@click.option(
    "--mutate",
    "only_mutate",
    is_flag=True,
    help="Change right answers mechanically, and list what still passes.",
)
@click.option(
    "--student-package",
    is_flag=True,
    help="Write into dist/ what a class installs: course/ as a wheel, release/ as a zip.",
)
@problems_said()
def build(
    notebooks: tuple[str, ...], only_check: bool, only_mutate: bool, student_package: bool
) -> None:
    """Generate release/ from source/ and prove every check.

    NOTEBOOKS are names of assignments; with --mutate also their numbers, and exercises, 01.entropy.
    """
    if student_package:
        from autograder.build.student_package import student_package as write_package

        folder = course_folder()
        for path in write_package(folder, folder.root / "dist"):
            console.print(str(path.relative_to(folder.root)), soft_wrap=True, highlight=False)
        return
    from autograder.build import build as build_notebooks

    if only_mutate:
        sys.exit(_mutate(list(notebooks)))
    table = Table(
        Column("notebook", no_wrap=True),
        *("exercises", "styles right", "mistakes named", "seen at once", "seconds", ""),
    )
    failed = []
    for proof in build_notebooks(course_folder(), list(notebooks), not only_check):
        failed += [f"{proof.notebook}: {problem}" for problem in proof.problems]
        counts = (proof.exercises, proof.styles, proof.mistakes, proof.seen)
        table.add_row(
            proof.notebook,
            # Where the release is in the way, nothing was counted.
            *(str(one) if proof.exercises else "" for one in counts),
            f"{proof.seconds:.1f}",
            "[red]not proven[/]" if proof.problems else "[green]proven[/]",
        )
    console.print(table)
    for problem in failed:
        say(f"✗ {problem}", style="")
    sys.exit(1 if failed else 0)


def _mutate(wanted: list[str]) -> int:
    """Print what became of the mutants of the wanted notebooks or exercises; the exit status."""
    from autograder.build.mutants import exercises_named, mutate
    from autograder.build.proof import PROOF_SEED

    table = Table("exercise", "mutants", "equivalent", "passing")
    passing, total = [], [0, 0, 0]
    for found in mutate(exercises_named(wanted), PROOF_SEED):
        counts = (found.tried, found.equivalent, len(found.passing))
        total = [sum(pair) for pair in zip(total, counts, strict=True)]
        table.add_row(found.exercise, *map(str, counts))
        passing += [f"{found.exercise}, {change}" for change in found.passing]
        passing += [
            f"{found.exercise}: {change} is listed as equivalent, and passes nowhere"
            for change in found.unused
        ]
    table.add_row("all", *map(str, total))
    console.print(table)
    for text in passing:
        say(f"✗ {text}", style="")
    return 1 if passing else 0


@main.group()
def new() -> None:
    """Write the parts of something new: an exercise."""


@new.command("exercise")
@click.argument("number")
@click.argument("name")
@problems_said()
def new_exercise(number: str, name: str) -> None:
    """Write exercise NAME of notebook NUMBER, as in `autograder new exercise 01 perplexity`."""
    from autograder.build.new_exercise import new_exercise as write_exercise

    for path in write_exercise(course_folder(), number, name):
        console.print(str(path), soft_wrap=True, highlight=False)
    console.print(
        f"Fill in both, then run `autograder build`: it says what is still missing of {name}."
    )


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--seed", default=0, show_default=True, help="Draws the cases.")
@click.option("--isolation", type=click.Choice(["walls", "none"]), help="Default: walls if it can.")
@problems_said()
def check(file: Path, as_json: bool, seed: int, isolation: Isolation | None) -> None:
    """Judge one notebook file. Status 0: all right; 1: not all; 2: it cannot be judged."""
    from autograder.check_file import Checker, keep
    from course.kinds import VerdictKind
    from course.words import UNKEPT

    with Checker(isolation) as checker:
        report = checker.check(file, seed)
    for remark in report.remarks:
        say(remark)
    if unkept := keep(file, report):
        say(UNKEPT.format(why=unkept))
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        _print_rows(report.exercises)
        for question in report.written:
            said = ANSWERED if question.answered else NOT_ANSWERED
            waits = counted(question.max_points, *said)
            console.print(f"… [bold]{question.question}[/]  {waits}", highlight=False)
        console.print(_total(report), highlight=False)
        if any(question.answered for question in report.written):
            console.print(
                f"Learning alone? `autograder answers {file}` shows model answers to compare with.",
                highlight=False,
                markup=False,
            )
    sys.exit(0 if all(row["verdict"] == VerdictKind.RIGHT for row in report.exercises) else 1)


def _print_rows(rows: list[dict]) -> None:
    from autograder.judge.words import RIGHT
    from course import words
    from course.kinds import VerdictKind

    colours: dict[str, str] = {VerdictKind.RIGHT: "green", VerdictKind.NOT_ATTEMPTED: "dim"}
    for row in rows:
        verdict, colour = row["verdict"], colours.get(row["verdict"], "red")
        console.print(
            f"[{colour}]{words.mark(verdict)}[/] [bold]{row['exercise']}[/]  "
            f"{words.title(verdict)}",
            highlight=False,
        )
        if row["message"] != RIGHT:
            console.print(f"  {row['message']}", highlight=False, markup=False)


def _total(report: CheckedFile) -> str:
    points = {"score": report.score, "most": report.max_score}
    if report.waiting:
        return counted(report.waiting, TOTAL_AND_ONE, TOTAL_AND_MORE, **points)
    return TOTAL.format(**points)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--isolation", type=click.Choice(["walls", "none"]), help="Default: walls if it can.")
@problems_said()
def watch(file: Path, isolation: Isolation | None) -> None:
    """Judge FILE now and whenever it is saved, and show what has changed. Ctrl-C ends it."""
    from autograder.learning.watch import rounds
    from course.kinds import VerdictKind
    from course.words import UNKEPT

    said = set()
    for found in rounds(file, isolation):
        if isinstance(found, str):
            say(found)
            continue
        unkept = [UNKEPT.format(why=found.unkept)] if found.unkept else []
        for remark in (*found.report.remarks, *unkept):
            if remark not in said:
                said.add(remark)
                say(remark)
        if found.first:
            begun = [row for row in found.changed if row["verdict"] != VerdictKind.NOT_ATTEMPTED]
            _print_rows(begun)
        else:
            _print_rows(found.changed)
            if not found.changed:
                console.print("Saved, and the verdicts are as they were.", highlight=False)
        console.print(
            f"{found.at:%H:%M:%S}  {_total(found.report)}  ({found.seconds:.1f} s)",
            highlight=False,
        )


@main.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@problems_said()
def progress(folder: Path) -> None:
    """Show how far the work in FOLDER is, by the verdicts given so far: the folder with
    progress.jsonl, or the one that holds it as work/."""
    from course.progress import told
    from course.session import KEPT

    places = [folder / KEPT, folder / "work" / KEPT, folder.resolve().parent / KEPT]
    place = next((place for place in places if place.is_file()), None)
    if place is None:
        raise Sentence(
            f"Nothing is kept in {folder} yet: `verdict()` in a notebook, or `autograder check` "
            "with its file, begins it."
        )
    console.print("\n".join(told(place)), highlight=False, markup=False, soft_wrap=True)


@main.command()
@problems_said()
def work() -> None:
    """Copy into work/ what is missing there of release/. What is there is never touched."""
    from autograder.learning.work import copy_missing

    made = copy_missing(course_folder())
    console.print(
        counted(len(made), COPIED_ONE, COPIED) if made else "work/ has all that is released.",
        highlight=False,
    )


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@problems_said()
def update(file: Path) -> None:
    """Bring FILE, begun with an older release, to this one, with your answers in it."""
    from autograder.learning.work import update as update_file

    done = update_file(file)
    if done is None:
        console.print(f"{file} is of this release already.", highlight=False, soft_wrap=True)
        return
    console.print(
        UPDATED.format(name=file.name, **vars(done)),
        highlight=False,
        soft_wrap=True,
    )
    for name in done.without_place:
        say(f"{name} is no exercise of this release: what you wrote is at the end.")


@main.command(hidden=True)
def companion() -> None:
    """Answer what a notebook's kernel asks, line by line."""
    from autograder.learning.companion import serve

    serve(sys.stdin, sys.stdout)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("exercise", required=False)
@problems_said()
def answers(file: Path, exercise: str | None) -> None:
    """Show model answers, with what is marked, for the written questions that FILE answers.

    With EXERCISE, as in "entropy": how it can be done, once it was judged right, or after several
    tries.
    """
    if exercise:
        from rich.markdown import Markdown

        from autograder.learning.solutions import solution
        from course.session import place_of_progress

        console.print(Markdown(solution(file, exercise, place_of_progress(file))))
        return
    from autograder.check_file import course_around, model_answers
    from autograder.learning.solutions import refuse_where_off

    refuse_where_off(course_around(file))
    for model in model_answers(file):
        console.print(f"[bold]{model.question}[/]", highlight=False)
        text = model.text or "Nothing is written yet: try it first, then compare."
        console.print(f"{text}\n", highlight=False, markup=False)


@main.command()
@click.option("--students", default=12, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=0, show_default=True)
@click.option("--out", default="class", show_default=True, type=click.Path(path_type=Path))
@click.argument("notebooks", nargs=-1)
@problems_said()
def simulate(students: int, seed: int, out: Path, notebooks: tuple[str, ...]) -> None:
    """Write a course folder with a class whose true scores and mistakes are known."""
    from autograder.simulate import simulate as simulate_class

    truth = simulate_class(course_folder(), out, students, seed, list(notebooks))
    count = sum(len(entries) for entries in truth["students"].values())
    console.print(f"{count} submissions of {students} students are in {out}/submitted.")


@main.command()
@click.argument("assignments", nargs=-1)
@click.option("--student", help="Only this student.")
@click.option("--force", is_flag=True, help="Grade again what is graded already.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line a submission.")
@click.option("--workers", type=click.IntRange(1), help="Rooms at work at once. Default: 3 a core.")
@click.option("--scheduler", help="Address of a Dask scheduler whose workers do the work.")
@click.option("--isolation", type=click.Choice(["walls", "none"]), help="Default: the folder's.")
@problems_said()
def grade(
    assignments: tuple[str, ...],
    student: str | None,
    force: bool,
    as_json: bool,
    workers: int | None,
    scheduler: str | None,
    isolation: Isolation | None,
) -> None:
    """Grade what is in submitted/ and new or changed: the submission, the released notebook, or
    the checks. Status 0: all is graded; 1: some could not be; 2: the machine or the course is in
    the way. What is graded stays, and the same command goes on."""
    from autograder.grading import Grading

    grades: list = []
    folder = course_folder()
    with Grading(folder, isolation, workers, scheduler, debugging(), say) as grading:
        found = grading.submissions(list(assignments), student)
        to_grade = grading.waiting(found.submissions, force)
        mine = [one for one in found.submissions if one.assignment not in to_grade.foreign]
        if found.submissions and not mine:
            raise Sentence(" ".join(to_grade.foreign.values()))
        try:
            with bar_of("grading") as bar:
                task = bar.add_task("grading", total=len(to_grade.submissions))
                for result in grading.grade(to_grade.submissions):
                    grades.append(result)
                    bar.advance(task)
                    if as_json:
                        line = json.dumps(result.as_json(), ensure_ascii=False)
                        # A folder's name need not be UTF-8.
                        click.echo(line.encode("utf-8", "backslashreplace"))
        except KeyboardInterrupt:
            raise Sentence(
                f"Stopped: {sum(result.entered for result in grades)} of "
                f"{len(to_grade.submissions)} submissions are graded. The same command goes on "
                "with the others."
            ) from None
    if not as_json:
        entered = [result for result in grades if result.entered]
        if entered:
            for table in _summaries(entered):
                console.print(table)
        if count := len(mine) - len(to_grade.submissions):
            console.print(counted(count, GRADED_BEFORE_ONE, GRADED_BEFORE))
    failed = dict(to_grade.refused)
    for result in grades:
        if result.problem:
            failed[result.submission] = result.problem + ("" if result.entered else " Not graded.")
    for submission, problem in sorted(failed.items()):
        say(f"✗ {submission.student}, {submission.assignment}: {problem}", style="")
    _say_stopped(grades)
    _say_missing(grades)
    for problem in [*found.unopened, *to_grade.foreign.values()]:
        say(f"✗ {problem}", style="")
    sys.exit(1 if failed or found.unopened or to_grade.foreign else 0)


def _say_stopped(grades: list) -> None:
    """Say whose cells and functions were stopped for time."""
    found = [result.submission for result in grades if result.stopped]
    if found:
        say(
            f"{_names(found)}: something ran too long and was stopped; what and why stands in the "
            "feedback. Nobody else at work had a part in it."
        )


def _say_missing(grades: list) -> None:
    """Say which packages students import that this machine has not."""
    for package in sorted({name for result in grades for name in result.missing}):
        found = [result.submission for result in grades if package in result.missing]
        say(
            f"{_names(found)}: a cell imports {package}, which is not installed here and ended "
            "the cell. To grade with it: install it and run `autograder grade --force`."
        )


def _names(submissions: list) -> str:
    """Name the students of submissions: a few by name, more as a number."""
    return _few(submission.student for submission in submissions)


def _few(names: Iterable[str]) -> str:
    """Name students: a few by name, more as a number."""
    students = sorted(set(names))
    return ", ".join(students) if len(students) <= FEW else f"{len(students)} students"


def _summaries(grades: list) -> Iterator[Table]:
    """Make a table of each assignment, a line a submission, or one of all where there are many."""
    from course.kinds import VerdictKind
    from course.words import TITLES

    kinds = (VerdictKind.RIGHT, VerdictKind.WRONG, VerdictKind.NOT_ATTEMPTED)
    answers = [TITLES[kind] for kind in kinds]
    names = sorted({result.submission.assignment for result in grades})
    # What of a score is not the judge's: said only where there is any.
    late = any(result.penalty for result in grades)
    waits = any(result.waiting for result in grades)
    shown = [*(["late"] if late else []), *(["waits"] if waits else [])]
    heads = HEADS_OF_STUDENTS if len(grades) > MANY else HEADS_OF_POINTS
    named = [heads[kind] for kind in shown]
    if len(grades) > MANY:
        # All of it fits where a terminal has 80 columns.
        table = Table(
            Column("assignment", no_wrap=True), box=SIMPLE_HEAD, show_edge=False, padding=0
        )
        for head in ("graded", "mean score", *named, *answers):
            table.add_column(head, justify="right", no_wrap=head == "mean score")
        for name in names:
            own = [result for result in grades if result.submission.assignment == name]
            mean = sum(result.score for result in own) / len(own)
            counts = {
                "late": sum(result.penalty > 0 for result in own),
                "waits": sum(result.waiting > 0 for result in own),
            }
            table.add_row(
                name,
                str(len(own)),
                f"{mean:.1f} of {own[-1].max_score:g}",
                *(str(counts[kind]) for kind in shown),
                *_counts(own),
            )
        yield table
        return
    for name in names:
        table = Table("student", "score", *named, *answers, title=name)
        for result in sorted(grades, key=lambda result: result.submission):
            if result.submission.assignment == name:
                points = {"late": -result.penalty, "waits": result.waiting}
                table.add_row(
                    result.submission.student,
                    f"{result.score:g} of {result.max_score:g}",
                    *(f"{points[kind]:g}" if points[kind] else "" for kind in shown),
                    *_counts([result]),
                )
        yield table


def _counts(grades: list) -> list[str]:
    from course.kinds import VerdictKind

    verdicts = [row["verdict"] for result in grades for row in result.exercises]
    right, blank = (verdicts.count(kind) for kind in (VerdictKind.RIGHT, VerdictKind.NOT_ATTEMPTED))
    return list(map(str, (right, len(verdicts) - right - blank, blank)))


@main.command()
@problems_said()
def doctor() -> None:
    """Try out what this machine's rooms guarantee. Status 1: a wall is missing. Takes a minute."""
    import course
    from autograder.sandbox.doctor import examine

    here = Path.cwd()
    private = [here / name for name in ("source", "submitted", "autograded", "feedback")]
    with errors.status("Trying every wall from the inside ..."):
        findings = examine([Path(course.__file__).parent], [p for p in private if p.is_dir()])
    table = Table("wall", "", "seen")
    for finding in findings:
        mark = "[green]holds[/]" if finding.guaranteed else "[red]missing[/]"
        table.add_row(finding.name, mark, escape(finding.detail))
    console.print(table)
    missing = [finding for finding in findings if not finding.guaranteed]
    for finding in missing:
        say(f"✗ {finding.name}: {finding.remedy}", style="")
    if missing:
        say(
            "Student code is not kept apart here. `autograder grade --isolation none` grades all "
            "the same and says so in every comment: for code you trust.",
            style="",
        )
    sys.exit(1 if missing else 0)


@main.command()
@click.argument("assignments", nargs=-1)
@click.option("--student", help="Only this student.")
@problems_said()
def feedback(assignments: tuple[str, ...], student: str | None) -> None:
    """Make the students' HTML pages in feedback/ from what is graded."""
    from autograder.grading import NOT_GRADED_YET, Grading, make_feedback

    folder = course_folder()
    grading = Grading(folder)
    found = grading.submissions(list(assignments), student).submissions
    _say_outdated([one for one in grading.outdated(list(assignments)) if one in found])
    failed = []
    with bar_of("feedback") as bar:
        task = bar.add_task("feedback", total=len(found))
        for submission, problem in make_feedback(folder, found):
            bar.advance(task)
            if problem:
                failed.append((submission, problem))
    # An assignment that nobody has graded yet is one line, not one for every student.
    ungraded = Counter(one.assignment for one, problem in failed if problem == NOT_GRADED_YET)
    for submission, problem in failed:
        if problem != NOT_GRADED_YET or ungraded[submission.assignment] == 1:
            say(f"✗ {submission.student}, {submission.assignment}: {problem}", style="")
    for assignment, count in ungraded.items():
        if count > 1:
            say(
                f"✗ {assignment}: {count} hand-ins are not graded yet: run `autograder grade "
                f"{assignment}` first.",
                style="",
            )
    console.print(counted(len(found) - len(failed), PAGE_MADE, PAGES_MADE))
    sys.exit(1 if failed else 0)


@main.command()
@click.argument("assignments", nargs=-1)
@click.option("--anonymous", is_flag=True, help="Leave out names, and students' own words.")
@click.option("--out", default="report", show_default=True, type=click.Path(path_type=Path))
@problems_said()
def report(assignments: tuple[str, ...], anonymous: bool, out: Path) -> None:
    """Write pages, pictures and tables of what the class learnt, from what is graded."""
    from autograder.report.collect import collect
    from autograder.report.pages import write_report

    folder = course_folder()
    school_class = collect(folder, list(assignments))
    _say_unfinished(school_class, list(assignments))
    try:
        pages = write_report(school_class, out, anonymous, folder)
    except OSError as error:
        raise Sentence(f"The report cannot be written to {out}: {error.strerror}.") from None
    console.print(f"{len(pages)} pages are in {out}/; begin with {pages[0]}.", soft_wrap=True)


@main.command()
@click.argument("assignments", nargs=-1)
@click.option("--to", "system", required=True, type=click.Choice(["csv", "canvas", "moodle"]))
@click.option("--out", type=click.Path(path_type=Path), help="Default: grades-SYSTEM.csv.")
@click.option("--partial", is_flag=True, help="Write what is finished while other scores wait.")
@problems_said()
def export(assignments: tuple[str, ...], system: str, out: Path | None, partial: bool) -> None:
    """Write the scores as a file for a spreadsheet, Canvas or Moodle; see docs/export.md."""
    from autograder.report.collect import collect
    from autograder.report.lms import what_waits, write_export

    school_class = collect(course_folder(), list(assignments))
    newer = _say_unfinished(school_class, list(assignments))
    waiting = what_waits(school_class, {(one.assignment, one.student) for one in newer})
    for assignment in school_class.assignments:
        marked = [id for id, one in assignment.submissions.items() if one.waiting]
        if marked:
            say(
                f"{assignment.name}: answers of {_few(marked)} wait for a person to mark them, in "
                "the formgrader or wherever nbgrader's marks are given."
            )
    if waiting and not partial:
        raise Sentence(counted(len(waiting), ONE_NOT_FINAL, NOT_FINAL))
    path = out or Path(f"grades-{system}.csv")
    try:
        write_export(school_class, system, path, waiting)
    except OSError as error:
        raise Sentence(f"The scores cannot be written to {path}: {error.strerror}.") from None
    console.print(f"The scores are in {path}.", soft_wrap=True)


@main.command("new-course")
@click.argument("directory", type=click.Path(path_type=Path))
@click.argument("notebooks", nargs=-1)
@click.option("--course-id", help="What the exchange and the gradebook call the class.")
@click.option("--key", help="Draws the cases of the class; default: one that nobody knows.")
@click.option("--exchange", help="Folder through which nbgrader gives notebooks out, or none.")
@click.option("--students", help="CSV file with a column id, or none.")
@click.option(
    "--due", multiple=True, metavar="NOTEBOOK=DATE", help="When a notebook is due, in UTC."
)
@problems_said()
def new_course(
    directory: Path,
    notebooks: tuple[str, ...],
    course_id: str | None,
    key: str | None,
    exchange: str | None,
    students: str | None,
    due: tuple[str, ...],
) -> None:
    """Make the course folder DIRECTORY of a class of your own, with all NOTEBOOKS or some.

    Run it in the course's own folder. What no option says is asked for in a terminal.
    """
    from autograder.teaching.new_course import NewCourse, shown
    from autograder.teaching.new_course import new_course as make

    folder = course_folder()
    dates = {}
    for one in due:
        name, found, date = one.partition("=")
        if not found:
            raise Sentence(f"--due {one} names no date: write --due NOTEBOOK=2026-10-01.")
        dates[name] = date
    course_id = _asked(course_id, "Course id", directory.absolute().name)
    exchange = _asked(exchange, "Exchange folder, or none", NONE)
    students = _asked(students, "CSV file with the students, or none", NONE)
    if not due and sys.stdin.isatty():
        for name in notebooks or folder.assignments:
            date = click.prompt(f"{name} is due on (UTC), or none", default=NONE)
            dates |= {name: date} if date != NONE else {}
    wanted = NewCourse(
        course_id,
        exchange=None if exchange == NONE else Path(exchange),
        students=None if students == NONE else Path(students),
        due=dates,
        notebooks=notebooks,
        **({"key": key} if key else {}),
    )
    made = make(folder, directory, wanted)
    count = len(made.notebooks)
    said = CLASS_OF_ONE if made.students == 1 else CLASS_OF_MORE
    console.print(
        counted(count, *said, directory=directory, students=made.students),
        soft_wrap=True,
        highlight=False,
    )
    for name, moment in made.due.items():
        console.print(f"{name} is due on {shown(moment)}.", soft_wrap=True, highlight=False)
    if exchange != NONE:
        console.print(
            f"Each student needs {directory}/for-students/nbgrader_config.py as "
            "~/.jupyter/nbgrader_config.py.",
            soft_wrap=True,
            highlight=False,
        )
    console.print(f"Go on with: cd {directory}; autograder next", soft_wrap=True, highlight=False)


NONE = "none"


def _asked(given: str | None, question: str, default: str) -> str:
    """Return what an option says, or who types the command, or the default where nobody is
    asked."""
    if given is not None:
        return given
    return str(click.prompt(question, default=default)) if sys.stdin.isatty() else default


@main.command("next")
@problems_said()
def next_() -> None:
    """Say what waits in this course folder: hand-ins, grades, answers to read, pages to give."""
    from autograder.teaching.next_steps import next_steps

    steps = next_steps(course_folder())
    for step in steps:
        console.print(step.what, soft_wrap=True, highlight=False, markup=False)
        if step.command:
            console.print(f"    {step.command}", soft_wrap=True, highlight=False, markup=False)
    if not steps:
        console.print("Nothing waits.")


def _say_unfinished(school_class: SchoolClass, names: list[str]) -> list:
    """Say which assignments are graded in part or not at all, and whose grades are older than what
    they handed in; the latter submissions."""
    from autograder.grading import Grading

    newer = Grading(course_folder()).outdated(names)
    _say_outdated(newer)
    for sentence in school_class.left_out:
        say(sentence)
    for assignment in school_class.assignments:
        if assignment.unfinished:
            graded = len(assignment.submissions)
            say(
                f"{assignment.name} is graded in part: this is about {graded} of "
                f"{graded + len(assignment.unfinished)} submissions."
            )
    return newer


def _say_outdated(submissions: list) -> None:
    """Say who handed in again since, or whose files were changed."""
    for name in sorted({submission.assignment for submission in submissions}):
        found = [submission for submission in submissions if submission.assignment == name]
        say(
            f"{_names(found)}: something else was handed in for {name} since it was graded, and "
            "this is about what was graded. Run `autograder grade` first."
        )


class Rate(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


def bar_of(what: str) -> Progress:
    """Make a progress bar with a count, the rate and the time left, on stderr if that is a
    terminal."""
    return Progress(
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )

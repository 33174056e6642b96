"""The build: the committed release is what the source gives, and the proofs can fail."""

import json
from dataclasses import replace

import nbformat
import pytest

from autograder.build import build
from autograder.build.generate import secrets_in
from autograder.build.proof import exercise_problems, signature_problems
from autograder.build.visible import Visible, _look, reasons_in
from autograder.course_folder import CourseFolder, holds_answers
from autograder.exercises import NOTEBOOKS, Notebook
from autograder.exercises import notebook as exercises_of
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course import words
from tests.conftest import FIRST, ROOT

WRITTEN = [name for name in NOTEBOOKS if (ROOT / "source" / name).is_dir()]


@pytest.fixture(scope="module")
def proofs(repository):
    """The proofs of all notebooks, which share a warm process as in `autograder build --check`."""
    return {proof.notebook: proof for proof in build(repository, [], write=False)}


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITTEN)
def test_the_committed_release_is_proven(proofs, name):
    proof = proofs[name]
    assert proof.problems == []
    assert proof.generated == (ROOT / "release" / name / f"{name}.ipynb").read_text()


@pytest.mark.slow
def test_a_changed_source_is_noticed(course_folder):
    path = course_folder / "source" / FIRST / f"{FIRST}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\n\nOne more sentence."
    nbformat.write(notebook, path)
    (proof,) = build(CourseFolder(course_folder), [FIRST], write=False)
    assert any("is not what source/ generates" in problem for problem in proof.problems)


@pytest.mark.slow
def test_a_wrong_solution_is_noticed(course_folder):
    path = course_folder / "source" / FIRST / f"{FIRST}.ipynb"
    text = path.read_text()
    wrong = text.replace("math.prod(q[label] for label in labels)", "sum(q.values())")
    assert wrong != text
    path.write_text(wrong)
    (proof,) = build(CourseFolder(course_folder), [FIRST], write=True)
    assert any("01.likelihood: the notebook's solution is wrong" in p for p in proof.problems)


def test_a_leaked_solution_is_noticed():
    source = nbformat.read(ROOT / "source" / FIRST / f"{FIRST}.ipynb", as_version=4)
    assert secrets_in(nbformat.from_dict(json.loads(json.dumps(source))), source)


def test_a_stub_with_other_parameters_than_its_reference_is_noticed(repository):
    release = repository.source(FIRST)
    assert signature_problems(release, exercises_of(FIRST)) == []
    (stub,) = [cell for cell in release.cells if "def surprise(" in cell.source]
    stub.source = stub.source.replace("def surprise(p, base=2)", "def surprise(p, base=10)")
    assert signature_problems(release, exercises_of(FIRST)) == [
        "surprise(p, base=10) is asked for, but its reference is surprise(p, base=2)."
    ]


def example(**wrong):
    """A notebook of one exercise, twice a number, with one mistake and four styles."""
    notebook = Notebook("99-example")

    def twice(x):
        return 2 * x

    exercise = notebook.exercise(twice, points=1, minutes=1, hints=("What is two times a number?",))

    @exercise.cases
    def cases(rng):
        yield case(float(rng.uniform(1, 2)))
        yield case(float(rng.uniform(3, 4)))

    for index in range(4):
        exercise.styles[f"style_{index}"] = wrong.get("style", twice)
    declare = exercise.mistake("Is that the double?", said="The number is squared.")
    declare(wrong.get("mistake", lambda x: x * x))
    return exercise


def test_an_exercise_in_order_has_no_problems():
    assert exercise_problems(example()) == []


def test_a_mistake_that_is_right_is_noticed():
    (problem,) = exercise_problems(example(mistake=lambda x: x + x))
    assert "is right" in problem


def test_a_mistake_without_a_sentence_for_the_report_is_noticed():
    unsaid = example()
    unsaid.mistakes[0] = replace(unsaid.mistakes[0], said="")
    (problem,) = exercise_problems(unsaid)
    assert "no sentence for the report" in problem


def test_an_honest_style_that_fails_is_noticed():
    problems = exercise_problems(example(style=lambda x: round(2 * x, 3)))
    assert len(problems) == 4 and "honest style" in problems[0]


def test_a_check_that_accepts_everything_is_noticed():
    blind = example()
    blind.atol = 1e9
    problems = exercise_problems(blind)
    assert any("zeros is right" in problem for problem in problems)


def test_a_reason_that_is_not_true_of_a_mistake_is_noticed():
    (mistake,) = example().mistakes
    said = f"f(2) should give 4, yours gives -4.\n  {words.SIGN}"
    refused = [{"output_type": "error", "ename": "CheckFailed", "evalue": said}]
    result = Visible()
    _look(result, "99.twice", mistake, refused)
    _look(result, "99.twice", replace(mistake, leads=("SIGN",)), refused)
    _look(result, "99.twice", replace(mistake, root=Root.SIGN), refused)
    (problem,) = result.problems
    assert words.SIGN in problem and result.refused == 3


def test_every_reason_is_found_in_a_message():
    gaps = {"length": 3, "digits": 4, "decimals": 2, "bound": "-2.5"}
    for name in words.REASONS:
        assert reasons_in(getattr(words, name).format(**gaps)) == [name]


def test_a_lead_that_does_not_exist_is_noticed():
    with pytest.raises(ValueError, match="no reason SINGS"):
        example().mistake("Why?", said="It sings.", leads=("SINGS",))(lambda x: x)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_release_holds_answers(name):
    path = ROOT / "release" / name / f"{name}.ipynb"
    assert not holds_answers(nbformat.read(path, as_version=4))


@pytest.mark.parametrize("kind", ["written code", "written text", "run"])
@pytest.mark.slow
def test_a_release_that_somebody_worked_in_is_not_overwritten(course_folder, kind):
    release = nbformat.read(ROOT / "release" / FIRST / f"{FIRST}.ipynb", as_version=4)
    solutions = [c for c in release.cells if c.metadata.get("nbgrader", {}).get("solution")]
    if kind == "run":
        release.cells[1].execution_count = 1
    else:
        wanted = "code" if kind == "written code" else "markdown"
        next(cell for cell in solutions if cell.cell_type == wanted).source = "x = 1"
    place = course_folder / "release" / FIRST / f"{FIRST}.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(release, place)
    before = place.read_bytes()
    (proof,) = build(CourseFolder(course_folder), [FIRST], write=True)
    assert "holds answers and is not overwritten" in proof.problems[0]
    assert place.read_bytes() == before

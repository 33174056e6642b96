"""The simulated class: the same by seed, whatever is around it, and graded to exactly its truth."""

import json
import re
import shutil
from collections import Counter

import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook

from autograder.course_folder import CourseFolder
from autograder.errors import Problem
from autograder.exercises import NOTEBOOKS
from autograder.intake.files import read_timestamp
from autograder.simulate import __main__ as comparison
from autograder.simulate import disagreements, simulate
from autograder.simulate import simulated_class as classes
from autograder.simulate.damage import DAMAGES
from tests.conftest import FIRST, ROOT
from tests.support.command import run_command

pytestmark = pytest.mark.slow

SECOND = "02-logistic-regression"
LAST = "05-autograd"
ORDINARY = 8


def graded(root):
    """The lines of `grade --json` for the course folder `root`, and the exit status."""
    result = run_command(root, "grade", "--json")
    return [json.loads(line) for line in result.stdout.splitlines()], result.exit_code


def contents(root):
    """Every file under `root` by its path there."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def small(tmp_path_factory, repository):
    """A class of three in all notebooks: its folder and its truth."""
    root = tmp_path_factory.mktemp("small") / "class"
    return root, simulate(repository, root, students=3, seed=5, names=[])


@pytest.fixture(scope="module")
def damaged(tmp_path_factory, repository):
    """Every kind of faulty or hostile submission, and eight with nothing but answers, graded: the
    folder, the truth by student, the lines and the exit status. The students of the first are
    called by their kinds."""
    folder = tmp_path_factory.mktemp("damaged")
    root = folder / "class"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classes, "DAMAGED_SHARE", 0.0)
        truth = dict(simulate(repository, root, ORDINARY, 1, [SECOND])["students"])
        patch.setattr(classes, "DAMAGED_SHARE", 1.0)
        for seed, damage in enumerate(DAMAGES):
            patch.setattr(classes, "DAMAGES", (damage,))
            made = simulate(repository, folder / str(seed), 1, seed, [SECOND])
            ((given, entries),) = made["students"].items()
            student = damage.name.replace(" ", "-")
            truth[student] = entries
            shutil.move(folder / str(seed) / "submitted" / given, root / "submitted" / student)
    (root / "truth.json").write_text(json.dumps({"students": truth}))
    return root, truth, *graded(root)


@pytest.mark.slow
def test_the_same_seed_makes_the_same_class_to_the_byte(small, tmp_path, repository):
    root, truth = small
    assert simulate(repository, tmp_path / "again", students=3, seed=5, names=[]) == truth
    assert contents(tmp_path / "again") == contents(root)


def test_faulty_submissions_are_the_same_by_seed_too(tmp_path, repository, monkeypatch):
    monkeypatch.setattr(classes, "DAMAGED_SHARE", 1.0)
    for name in ("one", "two"):
        simulate(repository, tmp_path / name, students=3 * len(DAMAGES), seed=0, names=[FIRST])
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_another_seed_makes_another_class(small, tmp_path, repository):
    root, truth = small
    other = simulate(repository, tmp_path / "other", students=3, seed=6, names=[FIRST])["students"]
    assert other.keys() == truth["students"].keys()
    assert all(other[student][FIRST] != truth["students"][student][FIRST] for student in other)


def test_a_student_or_a_notebook_more_changes_nobody_else(small, tmp_path, repository):
    root, truth = small
    out = tmp_path / "other"
    other = simulate(repository, out, students=4, seed=5, names=[LAST])["students"]
    assert len(other) == 4
    for student, entries in truth["students"].items():
        assert other[student] == {LAST: entries[LAST]}
        folder = f"submitted/{student}/{LAST}"
        assert contents(out / folder) == contents(root / folder)


def test_the_truth_stands_beside_the_class(small):
    root, truth = small
    assert json.loads((root / "truth.json").read_text()) == truth
    for student, entries in truth["students"].items():
        assert list(entries) == list(NOTEBOOKS)
        for name, entry in entries.items():
            assert (root / "submitted" / student / name).is_dir()
            assert entry["score"] == sum(row["points"] for row in entry["exercises"])


def test_a_class_holds_answers_of_every_kind_and_a_few_faulty_submissions(tmp_path, repository):
    truth = simulate(repository, tmp_path / "class", students=200, seed=0, names=[SECOND])
    entries = [entry for own in truth["students"].values() for entry in own.values()]
    assert len(entries) == 200
    kinds = [row["kind"] for entry in entries for row in entry["exercises"]]
    assert all(kinds.count(kind) > 100 for kind in ("right", "follow-on", "mistake", "blank"))
    assert 2 <= sum(entry["damage"] is not None for entry in entries) <= 20


def test_what_is_right_on_a_wrong_answer_names_it_and_earns_its_points(tmp_path, repository):
    truth = simulate(repository, tmp_path / "class", students=60, seed=0, names=[SECOND])
    found = []
    for entries in truth["students"].values():
        rows = {row["exercise"]: row for row in entries[SECOND]["exercises"]}
        for row in rows.values():
            if row["kind"] == "follow-on":
                found.append(row)
                assert row["points"] > 0 and row["style"]
                for slip in row["slips"]:
                    assert rows[f"02.{slip}"]["points"] == 0
                    assert rows[f"02.{slip}"]["kind"] in ("mistake", "blank")
    assert len({row["exercise"] for row in found}) > 3


def test_a_class_that_is_never_wrong_is_right_everywhere(tmp_path, repository):
    truth = simulate(repository, tmp_path / "class", 2, seed=0, names=[FIRST], skill=1.0)
    rows = [row for e in truth["students"].values() for row in e[FIRST]["exercises"]]
    assert {row["kind"] for row in rows} == {"right"}


def test_a_submission_carries_the_time_it_was_handed_in(small):
    root, truth = small
    for student in truth["students"]:
        times = [
            read_timestamp(str(root / "submitted" / student / name)).strftime("%F")
            for name in NOTEBOOKS
        ]
        assert times == sorted(times) and times[0] >= "2026-03-02"


@pytest.mark.slow
def test_no_file_of_a_student_says_what_it_is(damaged):
    root, truth, lines, status = damaged
    words = {"truth.json", *(damage.name for damage in DAMAGES)}
    for entries in truth.values():
        for entry in entries.values():
            words |= {row.get("mistake", row.get("style")) for row in entry["exercises"]}
    given = (ROOT / "release" / SECOND / f"{SECOND}.ipynb").read_text()
    telling = [word for word in words - {None} if word not in given]
    assert len(telling) > len(DAMAGES)
    for path, content in contents(root / "submitted").items():
        text = content.decode("utf-16" if content.startswith(b"\xff\xfe") else "utf-8")
        assert [word for word in telling if word in text] == [], path


@pytest.mark.slow
def test_faulty_and_hostile_submissions_get_exactly_what_they_deserve(damaged):
    root, truth, lines, status = damaged
    assert status == 1
    assert len(lines) == ORDINARY + len(DAMAGES)
    wrong = {
        (line["student"], line["assignment"]): found
        for line in lines
        if (found := disagreements(line, truth[line["student"]][line["assignment"]]))
    }
    assert wrong == {}
    kinds = [row["kind"] for e in truth.values() for row in e[SECOND]["exercises"]]
    assert kinds.count("follow-on") > 20


@pytest.mark.slow
def test_kinds_that_leave_something_to_grade_differ_from_those_that_do_not(damaged):
    root, truth, lines, status = damaged
    for damage in DAMAGES:
        scores = [entry["score"] for entry in truth[damage.name.replace(" ", "-")].values()]
        assert (sum(scores) == 0) == bool(damage.blank or damage.problem), damage.name


@pytest.mark.slow
def test_the_comparison_says_who_could_not_be_graded(damaged, capsys):
    root, truth, lines, status = damaged
    assert comparison.main(root) == 0
    said = capsys.readouterr().out
    refused = [damage.name for damage in DAMAGES if damage.problem]
    assert f"All {ORDINARY + len(DAMAGES)} submissions" in said
    assert f"expects that {len(refused)} cannot be graded" in said
    assert all(f"({name})" in said for name in refused)


@pytest.mark.slow
def test_the_comparison_says_what_is_not_true(damaged, tmp_path, capsys):
    root, truth, lines, status = damaged
    student = "renamed-notebook"
    own = {SECOND: {**truth[student][SECOND], "score": 99}}
    changed = {**truth, student: own, "nobody": own}
    (root / "truth.json").write_text(json.dumps({"students": changed}))
    assert comparison.main(root) == 1
    (root / "truth.json").write_text(json.dumps({"students": truth}))
    said = capsys.readouterr().out
    assert f"{student}, {SECOND}: The score is" in said
    assert f"nobody, {SECOND}: It is not graded." in said
    with pytest.raises(Problem, match="no simulated class"):
        comparison.main(tmp_path)


RIGHT = {"exercise": "01.surprise", "points": 1.0, "kind": "right", "style": "a_style"}
MISTAKE = {"exercise": "01.entropy", "points": 0.0, "kind": "mistake", "mistake": "m", "like": "n"}
ENTRY = {"score": 1.0, "damage": None, "problem": "", "exercises": [RIGHT, MISTAKE]}
ROWS = [
    {"exercise": "01.surprise", "points": 1.0, "verdict": "right", "mistake": None},
    {"exercise": "01.entropy", "points": 0.0, "verdict": "known mistake", "mistake": "m"},
]


@pytest.mark.parametrize("mistake", ["m", "n"])
def test_a_true_line_has_no_disagreements(mistake):
    rows = [ROWS[0], {**ROWS[1], "mistake": mistake}]
    assert disagreements({"score": 1.0, "exercises": rows}, ENTRY) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"score": 2.0}, "score is 2"),
        ({"exercises": ROWS[:1]}, "exercises are 01.surprise"),
        ({"exercises": [ROWS[0], {**ROWS[1], "mistake": None}]}, "not the mistake m"),
        ({"exercises": [{**ROWS[0], "verdict": "wrong"}, ROWS[1]]}, "is wrong, not right"),
        ({"exercises": [{**ROWS[0], "points": 0.5}, ROWS[1]]}, "has 0.5, not 1"),
        ({"problem": "It is empty."}, "It is empty."),
    ],
)
def test_each_untruth_is_a_disagreement(line, words):
    (found,) = disagreements({"score": 1.0, "exercises": ROWS, **line}, ENTRY)
    assert words in found


def test_a_submission_that_cannot_be_graded_needs_the_right_reason():
    entry = {"score": 0.0, "problem": "is empty", "exercises": []}
    line = {"score": 0.0, "exercises": []}
    assert disagreements({**line, "problem": "a.ipynb is empty: save it."}, entry) == []
    assert disagreements({**line, "problem": "a.ipynb is missing."}, entry)
    assert disagreements(line, entry)


def test_a_class_of_one_in_one_notebook(tmp_path, repository):
    truth = simulate(repository, tmp_path / "class", students=1, seed=-1, names=[LAST, LAST])
    assert [list(entries) for entries in truth["students"].values()] == [[LAST]]


def test_what_cannot_be_simulated_is_said_in_a_sentence(tmp_path, course_folder):
    folder = CourseFolder(course_folder)
    (tmp_path / "file").write_text("precious")
    for name in ("90-old", "06-more"):
        place = course_folder / "source" / name
        shutil.copytree(course_folder / "source" / FIRST, place)
        (place / f"{FIRST}.ipynb").rename(place / f"{name}.ipynb")

    def refuse(words, out=tmp_path / "class", names=()):
        with pytest.raises(Problem, match=words):
            simulate(folder, out, students=2, seed=0, names=list(names))

    refuse("no notebook 07-nothing here", names=[FIRST, "07-nothing"])
    refuse("No exercises are declared for 90-old", names=["90-old"])
    refuse("is not empty", out=tmp_path)
    refuse("cannot be written", out=tmp_path / "file")
    refuse("lies in source/", out=course_folder / "source" / "class")
    assert (tmp_path / "file").read_text() == "precious"
    assert list(simulate(folder, tmp_path / "class", 1, 0, [])["students"]["adela"]) == [FIRST]


@pytest.mark.slow
def test_a_class_over_all_notebooks_gets_exactly_its_true_scores_and_mistakes(tmp_path, repository):
    truth = simulate(repository, tmp_path / "class", students=5, seed=5, names=[])["students"]
    lines, status = graded(tmp_path / "class")
    assert status == 1
    assert len(lines) == 5 * len(NOTEBOOKS)
    wrong = {
        (line["student"], line["assignment"]): found
        for line in lines
        if (found := disagreements(line, truth[line["student"]][line["assignment"]]))
    }
    assert wrong == {}


def told(page):
    """What a page of the report counts: its tiles, its tables by heading, its other headings."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    tiles = {
        tile.dt.text: [int(number) for number in re.findall(r"\d+", tile.dd.text)]
        for tile in soup.select(".facts div")
    }
    tables = {
        heading["id"]: [
            [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
            for row in heading.find_next("table").select("tbody tr")
        ]
        for heading in soup.select("h2[id]")
        if heading["id"] in ("exercises", "written", "students", "notebooks")
    }
    return soup, tiles, tables


def test_every_count_of_the_report_is_that_of_the_gradebook(damaged, tmp_path):
    root, truth, lines, status = damaged
    assert run_command(root, "report", "--out", tmp_path).exit_code == 0
    unreadable = {line["student"] for line in lines if line.get("problem")}
    graded = [line for line in lines if line["student"] not in unreadable]
    assert unreadable and len(lines) == len(truth)
    rows = [row for line in graded for row in line["exercises"]]
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        scores = {one.student.id: one.score for one in gradebook.assignment_submissions(SECOND)}
        waiting = [
            (grade.name, one.student.id)
            for one in gradebook.assignment_submissions(SECOND)
            for grade in one.notebooks[0].grades
            if grade.needs_manual_grade and one.student.id not in unreadable
        ]
    soup, tiles, tables = told(tmp_path / f"{SECOND}.html")
    assert tiles["graded"] == [len(graded), len(unreadable), len(unreadable)]
    assert tiles["mean score"][-1] == len({student for _, student in waiting})

    for name, right, wrong, blank, *_ in tables["exercises"]:
        verdicts = [row["verdict"] for row in rows if row["exercise"] == name]
        counts = [int(cell.partition(" ")[0]) for cell in (right, wrong, blank)]
        assert counts[0] == verdicts.count("right") and counts[2] == verdicts.count("not attempted")
        assert sum(counts) == len(graded)
    for name, *counts, _ in tables["written"]:
        marked, waits, left = map(int, counts)
        assert marked == 0 and waits == sum(cell == name for cell, _ in waiting)
        assert waits + left == len(graded)

    found = Counter((row["exercise"], row["mistake"]) for row in rows if row["mistake"])
    for mistake in soup.select("ol.mistakes > li"):
        exercise = mistake.small.code.text
        name = mistake.small.text.split(" · ")[1].strip()
        count = found[exercise, name]
        assert mistake.strong.text == f"{count} of {len(graded)}"
        assert len(mistake.select(".who")) == count

    parts = soup.find(id="people").find_next_siblings(["h3", "h2"])
    kinds = {}
    for heading in parts[: [part.name for part in parts].index("h2")]:
        kind, count = heading.text.split(": ")
        kinds[kind] = int(count)
        listed = [
            one
            for one in heading.find_all_next(class_="line")
            if one.find_previous("h3") is heading and one.find_previous("h2")["id"] == "people"
        ]
        assert len(listed) == int(count)
    assert kinds["Not graded"] == len(unreadable)
    assert kinds["Waits for a mark"] == len({student for _, student in waiting})
    assert tiles["to look at"] == [sum(kinds.values())]

    assert len(tables["students"]) == len(truth)
    for who, points, *_ in tables["students"]:
        student = who.split()[0]
        expected = "not graded" if student in unreadable else f"{scores[student]:g}"
        assert points == expected, student
    assert "No hand-ins share more than the exercises ask for." in soup.text

    _, tiles, tables = told(tmp_path / "course.html")
    assert tiles["hand-ins graded"] == [len(graded), len(unreadable)]
    assert [row[1:3] for row in tables["notebooks"]] == [[str(len(graded)), str(len(unreadable))]]
    dashes = {row[0].split()[0] for row in tables["students"] if row[1] == "–"}
    assert dashes == unreadable and len(tables["students"]) == len(scores)

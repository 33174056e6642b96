"""The gradebook in PostgreSQL: the server that the tests start, and nbgrader's commands on it."""

import csv
import re
import shutil
from pathlib import Path

import nbformat
import psycopg
import pytest
from nbgrader.apps.api import NbGraderAPI
from sqlalchemy.engine import make_url

from autograder.course_folder import CONFIG, CourseFolder
from tests.conftest import FIRST, ROOT
from tests.hooks.test_stock_nbgrader import STUDENT, answered, nbgrader
from tests.support.totals import all_points

pytestmark = pytest.mark.postgres


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False))


def test_each_test_gets_a_database_of_its_own(database, postgres_server):
    other = postgres_server.create_database()
    with connect(database.url) as connection:
        connection.execute("CREATE TABLE marks (mark int)")
    with connect(other.url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchall() == []


def test_a_wrong_password_is_refused_and_only_this_machine_is_answered(database):
    wrong = make_url(database.url).set(password="wrong").render_as_string(False)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(wrong)
    with connect(database.url) as connection:
        (heard,) = connection.execute("SHOW listen_addresses").fetchone()
    assert heard == "127.0.0.1"


def test_what_was_committed_outlives_the_server(database):
    with connect(database.url) as connection:
        connection.execute("CREATE TABLE marks (mark int)")
        connection.execute("INSERT INTO marks VALUES (7)")
    database.server.stop()
    with pytest.raises(psycopg.OperationalError):
        connect(database.url)
    database.server.start()
    with connect(database.url) as connection:
        assert connection.execute("SELECT mark FROM marks").fetchall() == [(7,)]


def test_connections_are_cut_and_new_ones_work(database, postgres_server):
    other = postgres_server.create_database()
    with connect(other.url) as kept, connect(database.url) as connection:
        assert database.cut_connections() == 1
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
        assert kept.execute("SELECT 1").fetchone() == (1,)
    with connect(database.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.fixture(scope="module")
def graded(tmp_path_factory, postgres_server):
    """A submission graded by nbgrader, as from the formgrader's buttons, with the gradebook in a
    file and in PostgreSQL: nbgrader's view of each."""
    postgres_server.start()
    found = {}
    for kind in ("file", "postgres"):
        root = tmp_path_factory.mktemp(kind)
        shutil.copytree(ROOT / "source" / FIRST, root / "source" / FIRST)
        shutil.copy(ROOT / CONFIG, root)
        if kind == "postgres":
            with open(root / CONFIG, "a") as config:
                url = postgres_server.create_database().url
                config.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
        api = NbGraderAPI(config=CourseFolder(root).config)
        succeeds(api.generate_assignment(FIRST))
        submitted = root / "submitted" / STUDENT / FIRST / f"{FIRST}.ipynb"
        submitted.parent.mkdir(parents=True)
        release = root / "release" / FIRST / submitted.name
        nbformat.write(answered(release, "surprise", "entropy"), submitted)
        (submitted.parent / "timestamp.txt").write_text("2026-03-02 10:20:30 UTC")
        succeeds(api.autograde(FIRST, STUDENT))
        succeeds(api.generate_feedback(FIRST, STUDENT))
        found[kind] = api
    return found


def succeeds(result: dict) -> None:
    assert result["success"], result.get("error") or result["log"]


def test_students_get_the_same_page(graded):
    name = f"feedback/{STUDENT}/{FIRST}/{FIRST}.html"
    texts = [Path(api.coursedir.root, name).read_text() for api in graded.values()]
    pages = [re.sub(r"nonce([=\"-]+)[\w-]+", "nonce", text) for text in texts]
    assert pages[0] == pages[1]
    assert "01.surprise: right" in pages[0]


def test_the_formgrader_shows_the_same_grades(graded):
    submissions = [api.get_submission(FIRST, STUDENT) for api in graded.values()]
    cells = [cells_of(api) for api in graded.values()]
    drop_ids(submissions)
    drop_ids(cells)
    assert submissions[0] == submissions[1]
    assert cells[0] == cells[1]
    assert submissions[1]["score"] == 4


def cells_of(api: NbGraderAPI) -> list:
    """What the gradebook holds of each cell of the submission."""
    with api.gradebook as gradebook:
        (notebook,) = gradebook.find_submission(FIRST, STUDENT).notebooks
        rows = [row.to_dict() for row in [*notebook.grades, *notebook.comments]]
        return sorted(rows, key=lambda row: (row["name"], list(row)))


def test_export_reads_the_database(graded):
    api = graded["postgres"]
    nbgrader("export", cwd=Path(api.coursedir.root))
    with open(Path(api.coursedir.root, "grades.csv"), newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["student_id"], float(row["score"])) == (STUDENT, 4)
    assert float(row["max_score"]) == all_points(FIRST)
    assert row["timestamp"] == "2026-03-02 10:20:30"
    assert not Path(api.coursedir.root, "gradebook.db").exists()


def drop_ids(found) -> None:
    """Leave out the random ids of rows, in place."""
    if isinstance(found, dict):
        found.pop("id", None)
    for value in found.values() if isinstance(found, dict) else found:
        if isinstance(value, dict | list):
            drop_ids(value)

"""A database that cannot be a gradebook is named in one sentence, and nothing is changed in it."""

import sqlite3

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from autograder.errors import Problem
from autograder.grading.database import open_gradebook
from autograder.hooks.gradebooks import first_line


@pytest.fixture(autouse=True)
def alembic(repository):
    """nbgrader calls `alembic` by its name, which the settings of a course put on the path."""
    _ = repository.config


def tables(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = set(inspect(connection).get_table_names())
    engine.dispose()
    return found


@pytest.mark.parametrize(
    "url, words",
    [
        ("", "no database's URL"),
        ("gradebook.db", "no database's URL"),
        ("postgresql+psycopg://role:word@host:port/name", "no database's URL"),
        ("postgres://role@host/name", "no kind of database"),
        ("postgresql+psycopg://role:p@ss@host/name", "%40"),
        ("postgresql+psycopg://role:word@host", "names no database"),
        ("mysql+nothing://host/name", "no kind of database"),
        ("postgresql+asyncpg://host/name", "asyncpg"),
        ("sqlite:////no/such/folder/gradebook.db", "There is no folder"),
    ],
)
def test_an_address_that_leads_nowhere(url, words):
    with pytest.raises(Problem, match=words) as problem:
        open_gradebook(url, "course")
    assert "word" not in str(problem.value).replace("password", "")


def test_a_new_gradebook_and_the_same_again(tmp_path):
    url = f"sqlite:///{tmp_path}/gradebook.db"
    open_gradebook(url, "course").close()
    assert {"grade", "alembic_version"} <= tables(url)
    open_gradebook(url, "course").close()


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "gradebook.db").write_text("not a database, but long enough to be taken for one")
    with pytest.raises(DBAPIError) as error:
        open_gradebook(f"sqlite:///{tmp_path}/gradebook.db", "course")
    assert first_line(error.value) == "file is not a database"


def test_somebody_elses_tables_are_left_alone(tmp_path):
    url = f"sqlite:///{tmp_path}/other.db"
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("create table student (number integer)")
    with pytest.raises(Problem, match="holds something else .student."):
        open_gradebook(url, "course")
    assert tables(url) == {"student"}


@pytest.mark.parametrize(
    "version, words", [("167914646830", "older nbgrader"), ("ffff", "another nbgrader")]
)
def test_another_schema(tmp_path, version, words):
    url = f"sqlite:///{tmp_path}/gradebook.db"
    open_gradebook(url, "course").close()
    with sqlite3.connect(tmp_path / "gradebook.db") as connection:
        connection.execute("update alembic_version set version_num = ?", [version])
    with pytest.raises(Problem, match=words):
        open_gradebook(url, "course")


def test_a_gradebook_whose_maker_ended_before_its_stamp_is_one_of_today(tmp_path):
    url = f"sqlite:///{tmp_path}/gradebook.db"
    open_gradebook(url, "course").close()
    with sqlite3.connect(tmp_path / "gradebook.db") as connection:
        connection.execute("drop table alembic_version")
    open_gradebook(url, "course").close()
    with sqlite3.connect(tmp_path / "gradebook.db") as connection:
        assert connection.execute("select version_num from alembic_version").fetchone()
        connection.execute("drop table alembic_version")
        connection.execute("alter table grade drop column extra_credit")
    with pytest.raises(Problem, match="older nbgrader"):
        open_gradebook(url, "course")


def test_postgresql(database):
    open_gradebook(database.url, "course").close()
    gradebook = open_gradebook(database.url, "course")
    assert gradebook.db.scalar(text("show lock_timeout")) == "30s"
    gradebook.close()
    with pytest.raises(DBAPIError) as error:
        open_gradebook(database.url.replace("@", "wrong@"), "course")
    assert "password authentication failed" in first_line(error.value)


def test_postgresql_in_another_encoding(database):
    for encoding in ("LATIN1", "SQL_ASCII"):
        engine = create_engine(database.url, isolation_level="AUTOCOMMIT")
        name = f"in_{encoding.lower()}"
        with engine.connect() as connection:
            connection.execute(text(f"drop database if exists {name}"))
            connection.execute(
                text(f"create database {name} encoding '{encoding}' locale 'C' template template0")
            )
        url = engine.url.set(database=name).render_as_string(hide_password=False)
        with pytest.raises(Problem, match=f"encoded in {encoding}"):
            open_gradebook(url, "course")
        engine.dispose()

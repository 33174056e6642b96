"""The gradebook in PostgreSQL: the server that the tests start, and nbgrader's commands on it."""


import psycopg
import pytest
from sqlalchemy.engine import make_url


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(str(make_url(url).set(drivername="postgresql").render_as_string(False)))


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

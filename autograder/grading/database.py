"""Opening the gradebook: SQLite or PostgreSQL, looked at before nbgrader makes tables in it."""

from __future__ import annotations

from pathlib import Path

import nbgrader
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from nbgrader import api
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from autograder.errors import Problem

# A formgrader that saves a mark at this moment is done before anybody notices.
LOCK_SECONDS = 30
CONNECT_SECONDS = 10
EXAMPLES = "sqlite:///gradebook.db or postgresql+psycopg://role:password@host/gradebook"


def open_gradebook(db_url: str, course: str) -> api.Gradebook:
    """Open nbgrader's Gradebook, made where there is none.

    Raises Problem where the URL or what is there cannot be a gradebook, DBAPIError where the
    database does not answer.
    """
    url = _checked(db_url)
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            _look_at(connection, url)
    except TypeError:  # What psycopg makes of SQL_ASCII.
        raise _wrongly_encoded(url, "SQL_ASCII") from None
    finally:
        engine.dispose()
    gradebook = api.Gradebook(url.render_as_string(hide_password=False), course)
    if url.get_backend_name() == "postgresql":
        gradebook.engine.dispose()
        event.listen(gradebook.engine, "connect", _limit_locks)
    return gradebook


def is_there(db_url: str) -> bool:
    """Say whether there may be a gradebook: SQLite would make one where there is none."""
    url = _checked(db_url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def _checked(db_url: str) -> URL:
    try:
        url = make_url(db_url)
    except (ArgumentError, ValueError):
        raise Problem(
            f"c.CourseDirectory.db_url is no database's URL; it looks like {EXAMPLES}."
        ) from None
    if "@" in (url.host or ""):
        raise Problem("The password in c.CourseDirectory.db_url holds an @: write it as %40.")
    if url.get_backend_name() == "sqlite":
        folder = Path(url.database or "").parent
        if url.database and not folder.is_dir():
            raise Problem(
                f"There is no folder {folder} for the gradebook: make it, or correct "
                "c.CourseDirectory.db_url."
            )
        if "timeout" not in url.query:
            url = url.update_query_dict({"timeout": str(LOCK_SECONDS)})
        return url
    if not url.database:
        raise Problem(f"c.CourseDirectory.db_url names no database; it looks like {EXAMPLES}.")
    if url.get_backend_name() == "postgresql" and "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
    return url


def _engine(url: URL) -> Engine:
    try:
        return create_engine(url)
    except NoSuchModuleError:
        raise Problem(
            f"c.CourseDirectory.db_url names no kind of database that is known here "
            f"({url.drivername}); it looks like {EXAMPLES}."
        ) from None
    except ModuleNotFoundError as missing:
        raise Problem(
            f"The driver {missing.name} of c.CourseDirectory.db_url is not installed: write "
            "postgresql+psycopg:// and pip install 'surprise-to-autograd[cluster]'."
        ) from None


def _wrongly_encoded(url: URL, encoding: str) -> Problem:
    return Problem(
        f"The database {url.database} is encoded in {encoding}: make one with ENCODING 'UTF8' "
        "TEMPLATE template0."
    )


def _look_at(connection: Connection, url: URL) -> None:
    """Problem where this is no database for nbgrader's tables of this version."""
    if connection.dialect.name == "postgresql":
        encoding = connection.scalar(text("show server_encoding"))
        if encoding != "UTF8":
            raise _wrongly_encoded(url, encoding)
    found = set(inspect(connection).get_table_names())
    if not found:
        return
    version = None
    if "alembic_version" in found:
        version = connection.scalar(text("select version_num from alembic_version"))
    migrations = ScriptDirectory(ALEMBIC_DIR)
    if version == migrations.get_current_head():
        return
    if version is None and _is_of_today(connection):
        # Its tables are whole; who made them ended before saying of which version they are.
        MigrationContext.configure(connection).stamp(migrations, "head")
        connection.commit()
        return
    if version is None and not set(api.Base.metadata.tables) <= found:
        raise Problem(
            f"The database {url.database} holds something else ({', '.join(sorted(found)[:3])}): "
            "give nbgrader one of its own."
        )
    if version is None or version in {step.revision for step in migrations.walk_revisions()}:
        raise Problem(
            f"The gradebook {url.database} is of an older nbgrader: copy it to a safe place, then "
            "run `nbgrader db upgrade`."
        )
    raise Problem(
        f"The gradebook {url.database} is of another nbgrader than the one here "
        f"({nbgrader.__version__}): update it."
    )


def _is_of_today(connection: Connection) -> bool:
    """Say whether all of nbgrader's tables are there, with all of today's columns."""
    seen = inspect(connection)
    here = set(seen.get_table_names())
    return all(
        name in here and set(table.columns.keys()) <= {c["name"] for c in seen.get_columns(name)}
        for name, table in api.Base.metadata.tables.items()
    )


def _limit_locks(connection, record) -> None:
    """PostgreSQL waits for a lock without end; SQLite's limit is in its URL."""
    with connection.cursor() as cursor:
        cursor.execute(f"set lock_timeout = '{LOCK_SECONDS}s'")
    connection.commit()

"""What several tests share: the repository, and a small course folder made from it."""

import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import coverage
import pytest
from nbgrader import api

from autograder.course_folder import CONFIG, CourseFolder
from tests.support import lines_of_rooms, postgres
from tests.support.browser import chromium

ROOT = Path(__file__).resolve().parents[1]
FIRST = "01-surprise-and-entropy"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say for how many students the judge's verdicts are compared."""
    parser.addoption("--students", type=int, default=2, help="seeds in tests of verdicts")


@pytest.fixture(scope="session", autouse=True)
def _asked_once() -> Iterator[None]:
    """nbgrader starts a process for each new gradebook that says the same each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "get_alembic_version", cache(api.get_alembic_version))
        yield


@pytest.fixture(scope="session", autouse=True)
def _rooms_are_counted() -> Iterator[None]:
    """Where coverage is measured, what runs in rooms counts as well."""
    if measure := coverage.Coverage.current():
        with lines_of_rooms.noted(measure):
            yield
    else:
        yield


@pytest.fixture(scope="session")
def students(request: pytest.FixtureRequest) -> int:
    """How many students, each with a seed of their own, hand in the same answer."""
    return request.config.getoption("--students")


@pytest.fixture(scope="session")
def repository() -> CourseFolder:
    """The course as it lies in the repository; read only."""
    return CourseFolder(ROOT)


@pytest.fixture
def course_folder(tmp_path: Path) -> Path:
    """A fresh course folder with the first notebook."""
    root = tmp_path / "course"
    shutil.copytree(ROOT / "source" / FIRST, root / "source" / FIRST)
    shutil.copy(ROOT / CONFIG, root)
    return root


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """Chromium, for the tests of one module: its event loop would be in the way of others."""
    yield from chromium()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server of this test process; skips where none is installed."""
    if not (programs := postgres.programs()):
        pytest.skip(postgres.ABSENT)
    # Not pytest's own folder, which the user that the server runs as may not enter.
    with tempfile.TemporaryDirectory() as folder:
        server = postgres.Server(Path(folder), programs)
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture
def database(postgres_server: postgres.Server) -> postgres.Database:
    """A new, empty database on a running PostgreSQL server."""
    postgres_server.start()
    return postgres_server.create_database()

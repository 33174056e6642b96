"""The sandbox that the tests of the room share, and what a machine must have for them."""

import pytest
from autograder.sandbox import Limits, Sandbox, SandboxUnavailable

LIMITS = Limits(
    cell_seconds=2,
    probe_seconds=1,
    notebook_seconds=30,
    memory_bytes=2**30,
    processes=32,
    file_bytes=4 * 2**20,
    disk_bytes=16 * 2**20,
    output_bytes=100_000,
)


@pytest.fixture(scope="session")
def lesson(tmp_path_factory):
    """A package of the kind that rooms may read."""
    folder = tmp_path_factory.mktemp("readable") / "lesson"
    folder.mkdir()
    (folder / "__init__.py").write_text("ANSWER = 42\n")
    for path in (folder, *folder.parents[:3]):
        path.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def sandbox(lesson):
    with Sandbox("walls", LIMITS, [lesson]) as sandbox:
        try:
            with sandbox.open():
                pass
        except SandboxUnavailable as problem:
            pytest.skip(f"no rooms here: {problem}")
        yield sandbox


@pytest.fixture(scope="session")
def sandbox_without_walls(lesson):
    with Sandbox("none", LIMITS, [lesson]) as sandbox:
        yield sandbox


@pytest.fixture
def room(sandbox):
    with sandbox.open() as room:
        yield room


@pytest.fixture(params=["walls", "none"])
def either_room(request):
    """A room with walls, then one without."""
    name = "sandbox" if request.param == "walls" else "sandbox_without_walls"
    with request.getfixturevalue(name).open() as room:
        yield room

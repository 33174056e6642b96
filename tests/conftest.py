"""What several tests share: the repository, and a small course folder made from it."""

import shutil
from pathlib import Path

import pytest

from autograder.course_folder import CONFIG, CourseFolder

ROOT = Path(__file__).resolve().parents[1]
FIRST = "01-surprise-and-entropy"


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

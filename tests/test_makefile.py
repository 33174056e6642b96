"""What make does with a learner's files."""

import shutil
import subprocess

import pytest

from tests.conftest import ROOT


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_learners_work_on_copies_that_are_never_overwritten(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("01-one", "02-two"):
        (tmp_path / "release" / name).mkdir(parents=True)
        (tmp_path / "release" / name / f"{name}.ipynb").write_text("as released")
        (tmp_path / "release" / name / "errata.md").write_text("what it links to")
    started = tmp_path / "work" / "01-one" / "01-one.ipynb"
    started.parent.mkdir(parents=True)
    started.write_text("my answers")
    (tmp_path / "work" / "02-two").mkdir()
    subprocess.run(["make", "work"], cwd=tmp_path, check=True, capture_output=True)
    assert started.read_text() == "my answers"
    assert (tmp_path / "work" / "02-two" / "02-two.ipynb").read_text() == "as released"
    for folder in started.parent, tmp_path / "work" / "02-two":
        assert (folder / "errata.md").read_text() == "what it links to"

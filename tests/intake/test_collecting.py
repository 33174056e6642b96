"""The zips of learning platforms, sorted by the recipes of docs/collecting.md and graded."""

import json
import re
import zipfile
from pathlib import Path

import pytest
from nbgrader.apps import ZipCollectApp

from autograder.course_folder import CONFIG
from tests.conftest import ROOT
from tests.hostile.cases import NAME, Case, notebook_of
from tests.hostile.conftest import Class, fresh_course, template  # noqa: F401
from tests.support.grading import grade_folder

pytestmark = pytest.mark.walls
RECIPES = dict(
    re.findall(
        r"^## (Canvas|Moodle)\n.*?```python\n(.*?)```",
        (ROOT / "docs" / "collecting.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)
FILES = {
    "Canvas": {
        f"obriensean_1002_5001_{NAME}.ipynb": "1002",
        "obriensean_1002_5002_tosses.csv": "1002",
        f"gomezana_LATE_1003_5003_{NAME}-2.ipynb": "1003",
        f"limei_1004_5004_{NAME}.ipynb.txt": "1004",
    },
    "Moodle": {
        f"Seán O'Brien_1002_assignsubmission_file_/{NAME}.ipynb": "Seán O'Brien",
        "Seán O'Brien_1002_assignsubmission_file_/data/tosses.csv": "Seán O'Brien",
        f"Ana_María Gómez_1003_assignsubmission_file_{NAME}.ipynb": "Ana_María Gómez",
        f"李梅_1004_assignsubmission_file/{NAME} (1).ipynb": "李梅",
        "李梅_1004_assignsubmission_onlinetext/onlinetext.html": "",
    },
}


@pytest.mark.parametrize("platform", FILES)
def test_a_zip_is_sorted_and_graded(request, platform, monkeypatch):
    root: Path = request.getfixturevalue("fresh_course")
    release = request.getfixturevalue("template").release
    with (root / CONFIG).open("a", encoding="utf-8") as config:
        config.write(f"\n{RECIPES[platform]}")
    archive = root / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    notebook = notebook_of(Case("right", "honest"), release, root)
    with zipfile.ZipFile(archive / "submissions.zip", "w") as file:
        for name in FILES[platform]:
            file.writestr(name, json.dumps(notebook) if NAME in name else "1,0,1")
    monkeypatch.chdir(root)
    ZipCollectApp.clear_instance()
    app = ZipCollectApp.instance()
    app.initialize([NAME])
    app.start()
    ZipCollectApp.clear_instance()

    found = grade_folder(Class(root, {}).folder, force=True)
    grades = {one.submission.student: one for one in found}
    assert grades.keys() == set(filter(None, FILES[platform].values()))
    assert {(one.score, one.problem) for one in grades.values()} == {(4, "")}
    assert len(list((root / "submitted").rglob("tosses.csv"))) == 1

"""docs/jupyterhub.md as it is lived: a hub from PyPI, an instructor and a student in Chromium, each
with an account of their own, from the release of a notebook to the student's feedback."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.build.student_package import student_package
from autograder.course_folder import CourseFolder
from autograder.teaching.new_course import NewCourse, new_course
from tests.conftest import FIRST, ROOT
from tests.support import hub
from tests.support.hub import STUDENT, TEACHER
from tests.support.jupyter import page_for_lab, run_cell
from tests.support.totals import all_points

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.walls]

COURSE = "fall-2026"
RIGHT = "def surprise(p, base=2): return -np.log(p) / np.log(base)"
WORDS = "Low entropy is confident, and may be wrong."
# nbgrader's lists and buttons cannot be found by such a name.
NO_ID = 'bo "x"'
BLOCK = re.compile(r"^<!-- (?P<who>as [\w ]+) -->\n```sh\n(?P<text>.*?)^```", re.M | re.S)
OTHERS = sorted(path.name for path in (ROOT / "release").iterdir() if path.name != FIRST)


class School:
    """A class, and a hub for it that was set up by what docs/jupyterhub.md types."""

    def __init__(self, root):
        self.accounts = hub.Accounts(root)
        self.exchange, self.students = root / "exchange", root / "students"
        self.places = {
            "/opt/jupyterhub": self.students,
            "/opt/surprise-to-autograd/.venv": Path(sys.prefix),
            "/opt/surprise-to-autograd": ROOT,
            "/etc/jupyterhub": root,
            "/srv/nbgrader/exchange": self.exchange,
            "/home/ines": self.folder.parent,
        }
        origin = root / "origin"
        for step in ("source", "release"):
            shutil.copytree(ROOT / step / FIRST, origin / step / FIRST)
        shutil.copy(ROOT / "nbgrader_config.py", origin)
        wheel, _ = student_package(CourseFolder(origin), root / "dist")
        hub.students_environment(self.students, wheel)
        (root / "students.csv").write_text(f"id,first_name\n{STUDENT},Ana\n")
        page = (ROOT / "docs" / "jupyterhub.md").read_text(encoding="utf-8")
        blocks = [(block["who"], self.here(block["text"])) for block in BLOCK.finditer(page)]
        self.exchange.mkdir()
        self.exchange.chmod(0o777)
        wanted = NewCourse(COURSE, exchange=self.exchange, students=root / "students.csv")
        new_course(CourseFolder(origin), self.folder, wanted)
        # What `make` lays down in the environment of an instructor.
        enabled = self.folder.parent / ".jupyter" / "jupyter_server_config.d"
        enabled.mkdir(parents=True)
        shutil.copy(ROOT / "autograder" / "marking" / "autograder_marking.json", enabled)
        for who, text in blocks:
            if who == "as root":
                self.as_root(text.replace("sudo ", ""))
            else:
                self.give(TEACHER)
                self.accounts.type(TEACHER, text, hub.SCRIPTS)
        self.settings = root / "jupyterhub_config.py"
        self.settings.write_text(self.here(self.settings.read_text(encoding="utf-8")))

    @property
    def folder(self):
        """The folder of the class."""
        return self.accounts.homes[TEACHER] / COURSE

    def here(self, text):
        """What the page types, with this machine's folders."""
        for named, place in self.places.items():
            text = text.replace(named, str(place))
        return text

    def as_root(self, text):
        where = hub.environment(self.students / "bin", self.accounts.root)
        subprocess.run(["bash", "-ec", text], env=where, check=True, capture_output=True)

    def give(self, user):
        for path in (self.accounts.homes[user], *self.accounts.homes[user].rglob("*")):
            shutil.chown(path, hub.NUMBERS[user], hub.NUMBERS[user])


@pytest.fixture(scope="module")
def school():
    if not hub.can_be_one():
        pytest.skip("a hub whose users have accounts of their own is root's to start")
    # Not pytest's own folder, which no other user may enter.
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        yield School(root)


@pytest.fixture(scope="module")
def address(school):
    with hub.hub(school.accounts, school.students, school.settings) as address:
        yield address


@pytest.fixture(scope="module")
def labs(address, browser):
    """JupyterLab of the instructor and of the student, each logged in."""
    pages = []
    for user in (TEACHER, STUDENT):
        page = page_for_lab(browser, height=800, seconds=60)
        page.goto(f"{address}/hub/login")
        page.locator("#username_input").fill(user)
        page.locator("#password_input").fill("whatever")
        page.locator("#login_submit").click()
        pages.append(page)
    for page in pages:
        page.get_by_role("menuitem", name="Nbgrader").wait_for()
    # JupyterLab asks who was never asked, above what is to be pressed.
    pages[0].get_by_role("button", name="No", exact=True).click()
    yield pages
    for page in pages:
        page.context.close()


class Formgrader:
    """nbgrader's pages in the frame of a tab of JupyterLab."""

    def __init__(self, lab):
        self.lab, self.headers = lab, {}
        lab.on("response", lambda response: self.headers.setdefault(response.url, response.headers))
        choose(lab, "Formgrader")
        self.frame = lab.frame_locator("iframe")

    def press(self, row, button):
        """Press a button in somebody's row; what the window says that tells what came of it."""
        rows = self.frame.locator("tr", has=self.frame.get_by_text(row, exact=True))
        rows.locator(f".{button} a").click()
        window = self.frame.locator(".modal-content")
        window.wait_for(timeout=120_000)
        said = window.inner_text()
        window.get_by_role("button", name="OK").click()
        self.frame.locator(".modal").wait_for(state="detached")
        return said


def choose(lab, item):
    lab.get_by_role("menuitem", name="Nbgrader").click()
    lab.get_by_role("menuitem", name=item).click()


@pytest.fixture(scope="module")
def formgrader(labs):
    found = Formgrader(labs[0])
    assert "Successfully released" in found.press(FIRST, "release")
    return found


def test_the_formgraders_tab_shows_its_page_and_no_other_server_may_be_in_a_frame(
    formgrader, address, labs
):
    place = f"{address}/user/{TEACHER}/formgrader/manage_assignments"
    assert formgrader.headers[place]["content-security-policy"] == "frame-ancestors 'self'"
    students = labs[1].request.get(f"{address}/user/{STUDENT}/lab")
    assert students.headers["content-security-policy"] == "frame-ancestors 'none'"


def test_a_students_menu_and_packages_are_a_students(school, formgrader, labs):
    lab = labs[1]
    lab.get_by_role("menuitem", name="Nbgrader").click()
    shown = lab.locator(".lm-Menu-itemLabel").all_inner_texts()
    assert [text for text in shown if text] == ["Assignment List"]
    lab.keyboard.press("Escape")
    ask = "import importlib.util as u, course; print(course.__file__, u.find_spec('autograder'))"
    said = school.accounts.type(STUDENT, f'python -c "{ask}"', school.students / "bin")
    assert str(school.students) in said and said.split()[-1] == "None"


class Work:
    """What the student saw on the way to a hand-in.

    checked    below the answer, when its check had run
    validated  what Validate said
    """

    def __init__(self, lab, home):
        choose(lab, "Assignment List")
        lab.get_by_role("button", name="Fetch", exact=True).click()
        fetched = lab.locator("#fetched_assignments_list")
        fetched.get_by_role("button", name=FIRST).click()
        fetched.get_by_role("link", name=FIRST).click()
        lab.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
        run_cell(lab, 0)
        run_cell(lab, 1, RIGHT)
        run_cell(lab, 2)
        output = lab.locator(".jp-Notebook .jp-CodeCell").nth(2).locator(".jp-OutputArea-output")
        output.wait_for()
        self.checked = output.inner_text()
        lab.keyboard.press("Control+S")
        lab.get_by_text("Saving completed").wait_for()
        lab.get_by_role("button", name="Validate").last.click()
        window = lab.locator(".jp-Dialog")
        window.wait_for()
        self.validated = window.inner_text()
        lab.keyboard.press("Escape")
        file = home / FIRST / f"{FIRST}.ipynb"
        file.write_text(file.read_text().replace("YOUR ANSWER HERE", WORDS, 1))
        lab.locator(".lm-TabBar-tab", has_text="Assignments").click()
        fetched.get_by_role("button", name="Submit", exact=True).click()
        lab.locator("#submitted_assignments_list .item_name", has_text=FIRST).wait_for()


@pytest.fixture(scope="module")
def work(school, formgrader, labs):
    return Work(labs[1], school.accounts.homes[STUDENT])


def test_a_student_fetches_answers_validates_and_submits(school, work):
    assert "✓" in work.checked
    assert "entropy is not attempted yet" in work.validated
    assert "check(surprise)" not in work.validated
    (handed_in,) = (school.exchange / COURSE / "inbound").iterdir()
    assert handed_in.name.startswith(f"{STUDENT}+{FIRST}+")
    assert handed_in.stat().st_uid == hub.NUMBERS[STUDENT]


@pytest.fixture(scope="module")
def graded(school, formgrader, work):
    """What the formgrader said of a folder that is no student's, and then in the student's row."""
    assert "Successfully collected" in formgrader.press(FIRST, "collect")
    submitted = school.folder / "submitted"
    shutil.copytree(submitted / STUDENT, submitted / NO_ID)
    school.give(TEACHER)
    frame = formgrader.frame
    frame.locator(f"a[href$='manage_submissions/{FIRST}']").click()
    refused = formgrader.press(NO_ID, "autograde")
    assert "Successfully autograded" in formgrader.press(STUDENT, "autograde")
    row = frame.locator("tr", has=frame.get_by_text(STUDENT, exact=True))
    return refused, row.inner_text()


def test_a_folder_that_is_no_students_is_refused_with_a_name_that_would_do(graded):
    refused, _ = graded
    assert "Success" not in refused
    assert "Rename the folder, say to bo x." in refused


def test_the_button_grades_a_class_that_was_never_generated(graded):
    _, row = graded
    assert f"1 / {all_points(FIRST):g}" in row and "needs manual grading" in row


@pytest.fixture(scope="module")
def returned(school, address, formgrader, graded, labs):
    """The student's JupyterLab, dark and wide, with the feedback open."""
    assert "Successfully generated" in formgrader.press(STUDENT, "generate-feedback")
    assert "Successfully released" in formgrader.press(STUDENT, "release-feedback")
    home = school.accounts.homes[STUDENT]
    themes = home / ".jupyter/lab/user-settings/@jupyterlab/apputils-extension"
    themes.mkdir(parents=True, exist_ok=True)
    (themes / "themes.jupyterlab-settings").write_text(json.dumps({"theme": "JupyterLab Dark"}))
    for name in OTHERS:
        shutil.copytree(ROOT / "release" / name, home / name)
    school.give(STUDENT)
    lab = labs[1]
    lab.set_viewport_size({"width": 1920, "height": 1080})
    lab.goto(f"{address}/user/{STUDENT}/lab?reset", wait_until="load")
    choose(lab, "Assignment List")
    lab.get_by_role("button", name="Fetch Feedback").click()
    lab.get_by_text("view feedback").wait_for()
    return lab


def test_the_student_reads_the_feedback(school, returned):
    (page,) = (school.accounts.homes[STUDENT] / FIRST / "feedback").rglob("*.html")
    text = page.read_text(encoding="utf-8")
    assert STUDENT in text and f"1 of {all_points(FIRST):g} points" in text
    returned.get_by_text("view feedback").click()
    returned.locator(".jp-DirListing-item", has_text=page.name).dblclick()
    shown = returned.frame_locator(".jp-HTMLViewer iframe")
    shown.get_by_text(f"1 of {all_points(FIRST):g} points").wait_for()


def test_the_other_notebooks_open(returned):
    for name in OTHERS:
        returned.get_by_role("menuitem", name="File").click()
        returned.get_by_role("menuitem", name="Open from Path").click()
        returned.locator(".jp-Dialog input").fill(f"{name}/{name}.ipynb")
        returned.keyboard.press("Enter")
        panel = returned.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        panel.locator("h1", has_text=f"{name[:2]} · ").wait_for()
        assert returned.locator(".jp-Dialog").count() == 0
        cells = panel.locator(".jp-WindowedPanel-outer")
        assert cells.evaluate("it => it.scrollWidth <= it.clientWidth"), name


def test_an_answer_in_words_is_marked_in_the_same_tab(formgrader, returned):
    frame = formgrader.frame
    frame.get_by_role("link", name="Manual Grading").first.click()
    frame.get_by_role("link", name="Mark by Question").click()
    frame.locator("a[href$='/sure-and-right']").click()
    frame.get_by_text(WORDS).wait_for()
    frame.locator("body").press("2")
    frame.get_by_text("✓ Saved").wait_for()
    frame.get_by_text("1 of 1 marked").wait_for()

"""What a student wrote, in the pages of the student and of the instructor: nothing of it runs."""

import base64
import csv
import re
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.exercises.surprise_and_entropy.reference import surprise
from autograder.grading import Grading, Submission, make_feedback
from autograder.hooks.clean_html import CleanOutputs, clean_html, markdown2html, recode
from autograder.hooks.csv_export import SafeCsvExportPlugin
from autograder.spreadsheet import neutral
from course.plots import style
from course.plots.surprise_and_entropy import belief
from tests.hostile.cases import CASES, HANDLER, MARKUP, NAME, SCRIPT, SVG, Case, hand_in
from tests.hostile.conftest import APOSTROPHE
from tests.run.test_follow_on_places import FOLLOWED, NATS, ON_SURPRISE
from tests.support.jupyter import serving

pytestmark = pytest.mark.walls

SHOWN = [case.folder for case in CASES if case.threat == "browser"]
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)


@pytest.fixture(scope="module")
def pages(shown_class):
    """The feedback pages of those who attack a browser, and of two others."""
    made = {}
    for student in [*SHOWN, "right", "not-json"]:
        assert list(make_feedback(shown_class.folder, [Submission(NAME, student)])) == [
            (Submission(NAME, student), "")
        ]
        made[student] = shown_class.root / "feedback" / student / NAME / f"{NAME}.html"
    return made


@pytest.fixture(scope="module")
def formgrader(shown_class):
    """The address of a Jupyter server with nbgrader's formgrader on the course folder."""
    extensions = "{'nbgrader.server_extensions.formgrader': True}"
    options = ("jupyter_server", f"--ServerApp.jpserver_extensions={extensions}")
    with serving(shown_class.root, *options) as address:
        yield address


def visit(browser, address, site=None):
    """Load a page with all of the outside cut off; what ran there that must not, and the page."""
    page = browser.new_page()
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    allowed = ("file:", "data:", site or "file:")

    def answer(route):
        route.continue_() if route.request.url.startswith(allowed) else route.abort()

    page.route("**/*", answer)
    page.goto(address, wait_until="load")
    for link in page.locator("#notebook a, #notebook button").all()[:40]:
        if (link.get_attribute("href") or "").startswith("javascript"):
            dialogs.append("a javascript link")
    page.wait_for_timeout(200)
    return [*dialogs, *filter(None, [page.evaluate("window.pwned")])], page


@pytest.mark.browser
@pytest.mark.parametrize("student", SHOWN)
def test_no_script_runs_in_the_feedback(pages, browser, student):
    ran, page = visit(browser, pages[student].as_uri())
    assert ran == []
    assert page.locator("#notebook").count() >= 1
    assert page.locator("#notebook :is(script, iframe, form, svg, object, embed)").count() == 0
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("student", SHOWN)
def test_no_script_runs_in_the_formgrader(shown_class, formgrader, browser, student):
    with Gradebook(f"sqlite:///{shown_class.root}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(NAME, student).notebooks[0].id
    ran, page = visit(browser, f"{formgrader}/formgrader/submissions/{submission}/", formgrader)
    assert ran == []
    assert page.locator("#notebook :is(script, iframe, form, svg, object, embed)").count() == 0
    # The page's own scripts do run: scores and comments come from them.
    for _ in range(100):
        if page.locator("input.score").first.get_attribute("placeholder"):
            break
        page.wait_for_timeout(100)
    assert float(page.locator("input.score").first.get_attribute("placeholder")) in (0, 1)
    page.close()


@pytest.mark.browser
def test_a_name_with_an_apostrophe_is_shown_and_leads_on(formgrader, browser):
    page = browser.new_page()
    broken = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    name = quote(APOSTROPHE)
    for place in ("manage_students", f"manage_submissions/{NAME}", f"gradebook/{NAME}/{NAME}"):
        page.goto(f"{formgrader}/formgrader/{place}", wait_until="networkidle")
        assert "O'Brien" in page.content(), place
    page.goto(f"{formgrader}/formgrader/manage_students/{name}", wait_until="networkidle")
    page.get_by_role("link", name=NAME).click()
    page.wait_for_url(f"**/{NAME}")
    page.wait_for_load_state("networkidle")
    assert page.locator("td", has_text=NAME).count() >= 1
    assert broken == []
    page.close()


@pytest.mark.browser
def test_the_button_gives_the_points_that_follow(shown_class, formgrader, browser):
    slip = Case("slip", "honest", surprise=NATS, entropy=ON_SURPRISE)
    hand_in(slip, shown_class.release, shown_class.root)
    page = browser.new_page()
    page.goto(f"{formgrader}/formgrader/manage_submissions/{NAME}", wait_until="networkidle")
    row = page.locator("tr").filter(has=page.get_by_text("slip", exact=True))
    row.locator(".autograde a").click()
    page.get_by_text("Successfully autograded").wait_for(timeout=120_000)
    page.close()
    with Gradebook(f"sqlite:///{shown_class.root}/gradebook.db") as gradebook:
        pressed = gradebook.find_submission(NAME, "slip")
        scores = {grade.name: grade.auto_score for grade in pressed.notebooks[0].grades}
        assert pressed.score == 3
    assert (scores["01-surprise"], scores["01-entropy"]) == (0, 3)
    (again,) = Grading(shown_class.folder).grade([Submission(NAME, "slip")])
    assert again.score == 3
    said = (shown_class.root / "autograded" / "slip" / NAME / f"{NAME}.ipynb").read_text()
    assert FOLLOWED in said


@pytest.mark.browser
def test_a_script_put_into_the_page_after_all_is_not_run(pages, browser, tmp_path):
    """The second wall: even what cleaning might miss is stopped by the page's policy."""
    text = pages["right"].read_text()
    assert "</main>" in text
    path = tmp_path / "page.html"
    path.write_text(text.replace("</main>", f"{SCRIPT}{HANDLER}{SVG}</main>"))
    ran, page = visit(browser, path.as_uri())
    assert ran == []
    page.close()


def test_feedback_tells_the_verdict_and_shows_no_hidden_test(pages):
    for page in pages.values():
        text = page.read_text()
        assert "autograder.check" not in text and "HIDDEN TESTS" not in text
        assert "Traceback (most recent" not in text
    assert "01.surprise: right" in pages["right"].read_text()
    assert "its text is not JSON" in pages["not-json"].read_text()


def test_pictures_stay_with_their_description():
    assert recode(PIXEL, "image/png")
    assert recode(PIXEL, "image/jpeg") is None
    assert recode("x' onerror='1", "image/png") is None
    shown = clean_html(f'<img src="data:image/png;base64,{PIXEL}" alt="A dot" onload="x()">')
    assert 'alt="A dot"' in shown and "base64," in shown and "onload" not in shown


def drawing(inside, head=""):
    """An image whose source is an SVG that contains `inside`."""
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    source = base64.b64encode(f"{head}<svg {names}>{inside}</svg>".encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{source}" alt="A drawing">'


def test_drawings_stay_with_their_description():
    marks = '<defs><path id="m" d="M0 0"/></defs><use xlink:href="#m" x="1"/><text>a &lt; b</text>'
    image = f'<image xlink:href="data:image/png;base64,{PIXEL}"/>'
    shown = clean_html(drawing(f"<style>path{{fill:red}}</style>{marks}{image}"))
    assert 'alt="A drawing"' in shown
    kept = base64.b64decode(re.search('base64,([^"]+)', shown)[1]).decode()
    assert all(part in kept for part in ('href="#m"', "a &lt; b", "fill:red", "image/png;base64"))


def test_the_course_s_own_drawings_are_kept(monkeypatch):
    shown = []
    monkeypatch.setattr(style, "display", lambda data, raw: shown.append(data["text/html"]))
    belief(surprise, [0.5, 0.25, 0.25])
    kept = clean_html(shown[0])
    assert "svg+xml;base64," in kept and 'alt="Believed are' in kept and "<style" not in kept


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        "<foreignObject/>",
        "<animate/>",
        "<g onload='1'/>",
        "<image xlink:href='https://example.org/x.png'/>",
        "<g id='a'><path/></g><use xlink:href='#a'/>",
        "<pattern id='a'><path style='fill: url(#b)'/></pattern>",
        "<pattern id='a'><g><path/></g></pattern>",
        "<path/>" * 20_001,
        "<path>",
    ],
    ids=lambda inside: inside[:40],
)
def test_a_drawing_that_could_do_more_than_be_looked_at_leaves_its_description(inside):
    assert clean_html(drawing(inside)) == '<img alt="A drawing">'


def test_a_drawing_with_a_document_type_leaves_its_description():
    entities = "<!DOCTYPE svg [<!ENTITY a 'aaaa'>]>"
    assert clean_html(drawing("<text>&a;</text>", entities)) == '<img alt="A drawing">'


@pytest.mark.parametrize("html", [SCRIPT, HANDLER, SVG, MARKUP, f"<p {SVG}", "<math><style><img>"])
def test_cleaning_leaves_nothing_that_runs(html):
    shown = clean_html(html).lower()
    for word in ("<script", "onerror", "onload", "javascript:", "<svg", "<iframe", "<style"):
        assert word not in shown


def test_tables_and_code_are_kept():
    table = "<table class='dataframe'><tr><td>1</td></tr></table>"
    assert "<td>1</td>" in clean_html(table) and 'class="dataframe"' in clean_html(table)
    assert clean_html("<span class='nb score'>x</span>") == '<span class="nb">x</span>'


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+cmd", "-1-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "|x", "%x"]
)
def test_formulas_are_neutral(text):
    assert neutral(text) == f"'{text}"
    assert neutral("-1.5") == "-1.5" and neutral("ana") == "ana" and neutral(None) == ""


def test_the_export_holds_no_formula(shown_class, tmp_path):
    path = tmp_path / "grades.csv"
    with Gradebook(f"sqlite:///{shown_class.root}/gradebook.db") as gradebook:
        gradebook.update_or_create_student("=1+cmd", last_name="=A1", first_name='a,"b', email="@x")
        SafeCsvExportPlugin(to=str(path)).export(gradebook)
    with open(path, newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    row = rows["'=1+cmd"]
    assert (row["last_name"], row["first_name"], row["email"]) == ("'=A1", 'a,"b', "'@x")
    assert float(row["score"]) == 4


def test_the_folders_of_the_package_hold_the_templates():
    from autograder.hooks import template_folders

    for name in ("feedback/guarded.html.j2", "formgrade/guarded.html.j2"):
        assert (Path(template_folders()[0]) / name).is_file()


def test_a_raw_cell_is_text_and_nothing_that_runs():
    raw = nbformat.v4.new_raw_cell(f"{SCRIPT} Both are right.")
    notebook = nbformat.v4.new_notebook(cells=[raw])
    (cell,) = CleanOutputs().preprocess(notebook, {})[0].cells
    page = markdown2html({"cell": cell}, cell.source)
    assert cell.cell_type == "markdown"
    assert "Both are right." in page and "<script" not in page

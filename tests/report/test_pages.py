"""The pages of classes of every kind: complete, inert, and readable at every width."""

import base64
import csv
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.report.collect import Student
from autograder.report.pages import SCRIPT as OURS
from autograder.report.pages import write_report
from tests.report.classes import FIRST, blank, invented, mixed, right
from tests.support.accessibility import obstacles

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
SCRIPT = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
HOSTILE = [
    Student("ana", SCRIPT, "</style><style>*{display:none}"),
    Student("bo", '"><svg onload=alert(1)>', "=cmd()"),
    Student("王小明", "小明", "王"),
    Student("يوسف", "يوسف", "العلي"),
    Student("long", "A" * 120, "name that goes on and on " * 6),
]


class Seen(HTMLParser):
    """The tags of a page, its links, its scripts and the descriptions of its pictures."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.targets, self.descriptions, self.scripts = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.add(tag)
        self.targets += [found[name] for name in ("href", "src") if name in found]
        assert not [name for name in found if name.startswith("on")]
        if tag == "img":
            self.descriptions.append(found["alt"])
        if tag == "script":
            assert not found
            self.scripts.append("")

    def handle_data(self, data):
        if self.lasttag == "script" and self.cdata_elem:
            self.scripts[-1] += data


def nobody_solves_one(exercise, rng):
    return ("wrong", None) if exercise.name == "entropy" else mixed(exercise, rng)


def hostile_class():
    def words(exercise, rng):
        return "crashed", None

    made = invented(HOSTILE, words)
    assignment = made.assignments[0]
    submissions = {
        id: replace(
            submission,
            rows=tuple(replace(row, message=SCRIPT) for row in submission.rows),
            repairs=(SCRIPT, "=cmd()"),
        )
        for id, submission in assignment.submissions.items()
    }
    submissions["bo"] = replace(submissions["bo"], refused=SCRIPT, written={SCRIPT: None})
    name = "a-title-that-is-much-too-long-for-a-line-of-any-page-" * 3 + "🙂"
    second = replace(assignment, name=name, submissions=submissions)
    return replace(made, course=SCRIPT, assignments=(second,))


CLASSES = {
    "of one": lambda: invented(1),
    "of thirty": lambda: invented(30),
    "of five hundred": lambda: invented(500),
    "all right": lambda: invented(30, right),
    "all blank": lambda: invented(30, blank),
    "nobody solves one": lambda: invented(30, nobody_solves_one),
    "two notebooks": lambda: invented(12, mixed, (FIRST, "04-backprop-by-hand")),
    "hostile": hostile_class,
}


@pytest.mark.parametrize("kind", CLASSES)
def test_pages_stand_alone_and_say_what_their_pictures_show(kind, tmp_path):
    for path in write_report(CLASSES[kind](), tmp_path):
        text = path.read_text(encoding="utf-8")
        seen = Seen(text)
        assert not seen.tags & {"iframe", "object", "link", "svg", "form"}
        # What finds a name runs, and nothing else may.
        digest = base64.b64encode(hashlib.sha256(seen.scripts[0].encode()).digest()).decode()
        assert seen.scripts == [OURS] and f"script-src 'sha256-{digest}';" in text
        for target in seen.targets:
            assert target.startswith(("data:image/png;base64,", "#")) or "://" not in target
        assert seen.descriptions and all(len(words) > 40 for words in seen.descriptions)
        assert "nan" not in re.sub(r"base64,[^\"]*", "", text).lower().split()
    assert len(list(tmp_path.glob("*.png"))) >= 2


def test_a_page_says_what_an_instructor_would_say(tmp_path):
    def bias(exercise, rng):
        return ("wrong", "db2-not-summed") if exercise.name == "grad_b2" else ("right", None)

    name = "04-backprop-by-hand"
    write_report(invented(12, bias, (name,)), tmp_path)
    text = re.sub(r"\s+", " ", (tmp_path / f"{name}.html").read_text())
    said = "<strong>12 of 12</strong>: The gradient of b2 is not summed over the batch."
    assert said in text


def test_tables_beside_a_page_hold_no_formula(tmp_path):
    write_report(hostile_class(), tmp_path)
    tables = list(tmp_path.glob("*.csv"))
    assert len(tables) >= 5
    for path in tables:
        with open(path, newline="", encoding="utf-8-sig") as file:
            for line in csv.reader(file):
                for cell in line:
                    assert not re.match(r"\s*[=@+|%]", cell)


def test_an_anonymous_report_names_nobody(tmp_path):
    people = [Student(f"secret{n}", f"First{n}", f"Last{n}", f"m{n}@x.org") for n in range(30)]
    made = invented(people)
    assignment = made.assignments[0]
    submissions = {
        id: replace(
            submission,
            repairs=(f"The file of {id} was renamed.",),
            rows=tuple(replace(row, message=f"Said {id}") for row in submission.rows),
        )
        for id, submission in assignment.submissions.items()
    }
    made = replace(made, assignments=(replace(assignment, submissions=submissions),))
    pages = write_report(made, tmp_path, anonymous=True)
    for path in [*pages, *tmp_path.glob("*.csv")]:
        text = path.read_text(encoding="utf-8")
        for word in ("secret", "First1", "Last1", "@x.org", "Said"):
            assert word not in text
    assert "student 01" in pages[0].read_text()


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium at /usr/bin/chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright.sync_playwright() as tool:
        chromium = tool.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["two notebooks", "hostile"])
def test_pages_fit_at_every_width_and_run_nothing(kind, browser, tmp_path):
    pages = write_report(CLASSES[kind](), tmp_path)
    for width in (360, 1200):
        for scheme, medium in (("light", "screen"), ("dark", "screen"), ("light", "print")):
            context = browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme=scheme
            )
            tab = context.new_page()
            tab.emulate_media(media=medium, color_scheme=scheme)
            asked = []
            tab.on("request", lambda request: asked.append(request.url))
            tab.on("dialog", lambda dialog: asked.append(dialog.message))
            for path in pages:
                tab.goto(path.as_uri())
                found = tab.evaluate(
                    "[document.documentElement.scrollWidth, document.title,"
                    " getComputedStyle(document.body).backgroundColor,"
                    " [...document.images].every(image => image.naturalWidth > 100)]"
                )
                assert found[0] <= width, (path.name, medium)
                assert found[1] != "run"
                assert (found[2] == "rgb(22, 24, 28)") == (scheme == "dark")
                assert found[3]
                assert medium == "print" or obstacles(tab) == []
            assert all(url.startswith(("file:", "data:image/png")) for url in asked)
            context.close()

"""The pages of classes of every kind: complete, inert, and readable at every width."""

import base64
import csv
import hashlib
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from autograder.course_folder import CONFIG
from autograder.report import since
from autograder.report.collect import Student
from autograder.report.pages import SCRIPT as OURS
from autograder.report.pages import write_report
from tests.report.classes import FIRST, blank, invented, mixed, right, write_folder
from tests.report.test_alike import COPIED, ELSE, OWN
from tests.support.accessibility import obstacles
from tests.support.command import run_command
from tests.support.jupyter import serving

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


@pytest.mark.browser
def test_a_name_is_found_by_keyboard_without_a_server(browser, tmp_path):
    people = [Student("s1", "Ana", "López"), Student("s2", "Ana", "Núñez"), Student("s3", "Bo")]
    made = invented([*people, *(Student(f"t{n}") for n in range(40))])
    page = write_report(made, tmp_path)[1]
    tab = browser.new_page()
    tab.goto(page.as_uri())
    lines = tab.locator(".line:visible")
    everybody = lines.count()

    def names(place):
        return tab.locator(f"{place} ~ table .line:visible .who").all_inner_texts()

    assert len(names("#students")) == 43
    for _ in range(8):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.id") == "find":
            break
    tab.keyboard.type("LOPEZ ana")
    assert names("#students") == ["Ana López s1"]
    assert obstacles(tab) == []
    told = tab.locator("#found").inner_text()
    assert told.startswith(f"{lines.count()} of ")
    # Whoever made a mistake is found in it, wherever the names stand.
    for number in range(tab.locator("ol.mistakes .line").count()):
        mistake = tab.locator("ol.mistakes .line").nth(number)
        assert mistake.is_visible() == ("Ana López" in mistake.text_content())
    tab.get_by_label("Find a student").fill("nobody of that name")
    assert lines.count() == 0
    tab.get_by_label("Find a student").fill("")
    tab.wait_for_function("document.getElementById('found').textContent === ''")
    assert len(names("#students")) == 43 and lines.count() >= everybody
    tab.close()


def text_of(path):
    """What a page says, in one line, its pictures left out."""
    text = re.sub(
        r"<(style|script).*?</\1>|<[^>]*>", " ", path.read_text(encoding="utf-8"), flags=re.S
    )
    return re.sub(r"\s+", " ", unescape(text))


def test_a_report_says_what_changed_since_the_last(tmp_path):
    def with_mistakes(counts, people=8):
        numbers = dict.fromkeys(counts, 0)

        def answer(exercise, rng):
            for (name, mistake), count in counts.items():
                if exercise.name == name and numbers[name, mistake] < count:
                    numbers[name, mistake] += 1
                    return "known mistake", mistake
            return "right", None

        return invented([Student(f"s{n}") for n in range(people)], answer)

    nats, log = ("entropy", "entropy-nats"), ("surprise", "surprise-natural-log")
    before = with_mistakes({nats: 2, log: 3})
    assignment = before.assignments[0]
    waits = {
        id: replace(one, written={"why": None}, handed_in="2026-03-02T18:00:00")
        for id, one in assignment.submissions.items()
    }
    before = replace(before, assignments=(replace(assignment, submissions=waits),))
    assert all("Since" not in text_of(page) for page in write_report(before, tmp_path))
    unchanged = since.changes(since.read_last_time(tmp_path), before.assignments)
    assert unchanged is not None and not unchanged

    after = with_mistakes({nats: 5}, people=10)
    later = {
        id: replace(one, written={"why": 2.0 if id == "s0" else None}, handed_in=time)
        for (id, one), time in zip(
            after.assignments[0].submissions.items(),
            ["2026-03-02T18:00:00"] * 7 + ["2026-03-09T18:00:00"] * 3,
            strict=True,
        )
    }
    after = replace(after, assignments=(replace(assignment, submissions=later),))
    for page in write_report(after, tmp_path):
        said = text_of(page)
        assert "2 handed in for the first time: s8 (01) , s9 (01)" in said
        assert "1 handed in again: s7 (01)" in said
        assert "1 written answer that waited is marked." in said
        assert "2 → 5 : " in said and "3 → 0 : " in said
        assert said.index("Since 20") < said.index("What a person has to look at")
    for broken in ("{", '{"format": 1, "assignments": {"01-surprise-and-entropy": 3}}', "[]"):
        (tmp_path / since.NAME).write_text(broken)
        assert since.changes(since.read_last_time(tmp_path), after.assignments) is None


def test_an_anonymous_report_leaves_nothing_for_the_next(tmp_path):
    write_report(invented(3), tmp_path, anonymous=True)
    assert not (tmp_path / "last-time.json").exists()


def test_points_that_wait_are_no_zeros(tmp_path):
    made = invented(4, right)
    assignment = made.assignments[0]
    submissions = {
        id: replace(one, written={"why": None}, waiting=("why",))
        for id, one in assignment.submissions.items()
    }
    assignment = replace(
        assignment,
        submissions=submissions,
        written={"why": 5.0},
        max_score=assignment.max_score + 5,
    )
    course, page = write_report(replace(made, assignments=(assignment,)), tmp_path)
    assert "mean score 100% of the points given so far; points of 4 wait" in text_of(page)
    assert "% of the points given so far; median 100" in page.read_text()
    assert "1 100% 100% 100% to 100%" not in text_of(course)
    assert "4 0 100% 100% 100% to 100%" in text_of(course)
    assert f"{assignment.max_score - 5:g} + 5 wait" in text_of(course)


def test_likeness_is_told_as_a_reason_to_look_and_of_nobody_in_an_anonymous_report(tmp_path):
    made = invented([Student(id) for id in ("ana", "bo", "cy")])
    assignment = made.assignments[0]
    answers = {"ana": OWN, "bo": COPIED, "cy": ELSE}
    submissions = {
        id: replace(one, answers={"entropy": answers[id]})
        for id, one in assignment.submissions.items()
    }
    made = replace(made, assignments=(replace(assignment, submissions=submissions),))
    said = text_of(write_report(made, tmp_path / "report")[1])
    part = said[said.index("Hand-ins that look alike") : said.rindex("Students")]
    assert "ana , bo : 14 of 14 lines of 01.entropy" in part and "cy" not in part
    assert "a reason to look, never a verdict" in part
    for word in ("copied", "copy", "plagiar", "cheat", "suspicious"):
        assert word not in part.lower()
    # Comments may hold names.
    assert "First the pieces" not in part and "number, chance" in part
    hidden = text_of(write_report(made, tmp_path / "hidden", anonymous=True)[1])
    assert "look alike" not in hidden and "number, chance" not in hidden


@pytest.mark.browser
@pytest.mark.slow
def test_a_page_leads_to_the_submission_in_a_running_formgrader(browser, tmp_path):
    root = tmp_path / "course"
    write_folder(root, invented([Student("ana"), Student("bo")]))
    settings = (root / CONFIG).read_text()
    extensions = "{'nbgrader.server_extensions.formgrader': True}"
    options = ("jupyter_server", f"--ServerApp.jpserver_extensions={extensions}")
    with serving(root, *options) as address:
        tab = browser.new_page()
        tab.goto(f"{address}/formgrader/manage_assignments")
        (token,) = [one["value"] for one in tab.context.cookies() if one["name"] == "_xsrf"]
        # From the disk by the address in the settings, through the server, as JupyterLab opens a
        # file in a tab of its own, whatever it is.
        for named, place, query in (
            (address, (root / "report").as_uri(), ""),
            ("http://192.0.2.1", f"{address}/files/report", f"?_xsrf={quote(token)}"),
        ):
            (root / CONFIG).write_text(f'{settings}\nc.Report.formgrader = "{named}/"\n')
            assert run_command(root, "report").exit_code == 0
            tab.goto(f"{place}/{FIRST}.html{query}")
            tab.locator("#students ~ table").get_by_label("bo in the formgrader").click()
            tab.wait_for_url(f"{address}/formgrader/submissions/*/")
            assert "bo" in tab.locator("body").inner_text()
            tab.goto(f"{place}/{FIRST}.html{query}")
            tab.get_by_role("link", name="The course").click()
            tab.locator("#students ~ div").get_by_role("link", name="ana", exact=True).click()
            tab.wait_for_url(f"{address}/formgrader/manage_students/ana")
        tab.close()

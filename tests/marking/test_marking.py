"""The page on which answers in words are marked: 300 students, one question, by keyboard."""

import json
import urllib.error
import urllib.request
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from nbgrader.api import Grade, Gradebook
from nbgrader.coursedir import CourseDirectory

from autograder.errors import Problem
from autograder.grading.database import open_gradebook
from autograder.marking.answers import Texts
from autograder.marking.desk import Desk, Mark
from autograder.marking.handlers import HERE, course_of_formgrader
from autograder.marking.likeness import in_order
from autograder.marking.rubric import read_rubric, rubric_in, split_sample
from autograder.report.collect import collect
from tests.conftest import FIRST, ROOT
from tests.support.accessibility import obstacles
from tests.support.jupyter import serving
from tests.support.written_answers import QUESTION, write_answer, write_class

SAME = "Both have a low entropy."
SPACED = "Both have  a low\nentropy.\n"
HOSTILE = (
    "Sure of one. <script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>\n\n"
    "$$\\sum_k p_k \\log_2\\frac{p_k}{q_k} = 2.39$$\n"
)
PLACE = f"/autograder/marking/{FIRST}/{FIRST}/{QUESTION}"
COUNT, BLANK, ALIKE = 300, 12, 8
COLOURS = "red green blue white black amber violet brown grey pink".split()
THINGS = "urn ball draw bag coin card die token bead marble".split()


def said_by(number):
    """What a student wrote: some the same, some nothing, most in words of their own."""
    if number < ALIKE:
        return SPACED if number % 2 else SAME
    if number < ALIKE + BLANK:
        return ""
    if number == ALIKE + BLANK:
        return HOSTILE
    colour, thing = COLOURS[number % 10], THINGS[number // 10 % 10]
    return f"A {colour} {thing} is likely in both ({number}).\n\nThe rest differs, so $H$ is low."


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("marking") / "course"
    return write_class(root, {f"s{number:03}": said_by(number) for number in range(COUNT)})


@pytest.fixture(scope="module")
def address(folder):
    """A Jupyter server that loads what the package says, beside nbgrader's formgrader."""
    ours = json.loads((HERE / "autograder_marking.json").read_text())
    extensions = {
        **ours["ServerApp"]["jpserver_extensions"],
        "nbgrader.server_extensions.formgrader": True,
    }
    with serving(
        folder.root, "jupyter_server", f"--ServerApp.jpserver_extensions={extensions}"
    ) as place:
        yield place


@pytest.fixture(scope="module")
def page(address, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(10_000)
    yield page
    page.close()


@pytest.fixture
def gradebook(folder):
    with Gradebook(folder.directory.db_url, folder.directory.course_id) as gradebook:
        yield gradebook


def read(page, address, gradebook, student):
    """Open the page at one student's answer and wait until it stands there."""
    page.goto("about:blank")
    page.goto(f"{address}{PLACE}#{grade(gradebook, student).id}")
    page.locator("#answer > *").first.wait_for()
    return page


def grade(gradebook, student):
    gradebook.db.expire_all()
    return gradebook.find_grade(QUESTION, FIRST, FIRST, student)


def row(gradebook, student):
    """Points, whether they wait, and the comment, as nbgrader has them."""
    found = grade(gradebook, student)
    comment = gradebook.find_comment(QUESTION, FIRST, FIRST, student)
    return found.manual_score, found.needs_manual_grade, comment.manual_comment


def saved(page):
    page.locator("#saved", has_text="✓ Saved").wait_for()


@pytest.mark.browser
@pytest.mark.slow
class TestInTheBrowser:
    def test_points_ticks_and_a_comment_are_given_by_keyboard_and_saved_at_once(
        self, page, address, gradebook, folder
    ):
        read(page, address, gradebook, "s100")
        assert page.locator("#who").inner_text() == ""
        assert page.locator("#progress").inner_text() == "0 of 288 marked · 12 without an answer"
        page.keyboard.press("2")
        saved(page)
        assert row(gradebook, "s100") == (2.0, False, None)
        page.keyboard.press("n")
        page.keyboard.press("k")
        page.keyboard.press("a")
        page.keyboard.press("w")
        page.keyboard.type("Say what a draw costs.")
        page.keyboard.press("Escape")
        saved(page)
        assert row(gradebook, "s100") == (1.0, False, "Say what a draw costs.")
        page.keyboard.press("v")
        assert page.locator("#who").inner_text() == "Student 100 (s100)"
        page.keyboard.press("v")
        page.keyboard.press("p")
        page.keyboard.press("Control+A")
        page.keyboard.type("2,5")
        page.keyboard.press("Enter")
        saved(page)
        assert row(gradebook, "s100")[0] == 2.5
        # Half a point more than the ticks say: they are gone, and come back with a key.
        assert page.locator("#rubric input:checked").count() == 0
        page.keyboard.press("b")
        page.keyboard.press("c")
        saved(page)
        read(page, address, gradebook, "s100")
        assert page.locator("#rubric input:checked").count() == 2
        assert page.locator("#progress").inner_text().startswith("1 of 288 marked")
        assert row(gradebook, "s100") == (2.0, False, "Say what a draw costs.")
        # What reads the gradebook reads it: the report, and with it the export.
        assert collect(folder, [FIRST]).assignments[0].submissions["s100"].written == {QUESTION: 2}

    def test_nothing_is_given_for_what_is_not_shown_nor_for_what_is_taken_back(
        self, page, address, gradebook
    ):
        read(page, address, gradebook, "s103")
        held = []
        page.route("**/answers/*", lambda route: held.append(route))
        for _ in range(5):
            page.keyboard.press("j")
        page.keyboard.press("2")
        page.locator("#trouble", has_text="not shown yet: nothing is marked").wait_for()
        for route in held:
            route.continue_()
        page.unroute("**/answers/*")
        page.wait_for_function("() => document.querySelector('#trouble').innerText === ''")
        shown = page.url.partition("#")[2]
        page.keyboard.press("p")
        page.keyboard.type("2")
        page.keyboard.press("Escape")
        assert page.locator("#points").input_value() == ""
        page.keyboard.press("k")
        assert page.url.partition("#")[2] != shown
        gradebook.db.expire_all()
        assert gradebook.db.get(Grade, shown).manual_score is None

    def test_a_comment_is_used_again_by_keyboard(self, page, address, gradebook):
        read(page, address, gradebook, "s101")
        page.keyboard.press("w")
        page.keyboard.type("Which of the two?")
        page.keyboard.press("Control+Enter")
        read(page, address, gradebook, "s102")
        page.keyboard.press("r")
        while not page.locator("#comments button:focus").inner_text().startswith("Which of"):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator("#saved", has_text="it still waits for points").wait_for()
        assert row(gradebook, "s102") == (None, True, "Which of the two?")
        page.keyboard.press("1")
        page.locator("#saved", has_text="✓ Saved").wait_for()
        page.keyboard.press("x")
        page.locator("#about", has_text="It waits for a mark").wait_for()
        saved(page)
        assert row(gradebook, "s102") == (None, True, "Which of the two?")

    def test_answers_that_are_the_same_are_marked_together(self, page, address, gradebook):
        read(page, address, gradebook, "s000")
        assert page.locator("#place").inner_text().startswith("Answer ")
        assert "8 students gave this answer word for word." in page.locator("#about").inner_text()
        page.keyboard.press("i")
        page.keyboard.press("1")
        saved(page)
        given = [row(gradebook, f"s{number:03}") for number in range(ALIKE)]
        assert given == [(1.0, False, None)] * ALIKE

    def test_what_somebody_else_gave_meanwhile_is_shown_and_stays(self, page, address, gradebook):
        read(page, address, gradebook, "s110")
        theirs = grade(gradebook, "s110")
        theirs.manual_score, theirs.needs_manual_grade = 3.0, False
        gradebook.db.commit()
        page.keyboard.press("1")
        trouble = page.get_by_role("alert")
        trouble.get_by_text("Somebody else marked this answer").wait_for()
        assert page.locator("#numbers [aria-pressed=true]").inner_text() == "3"
        assert row(gradebook, "s110")[0] == 3.0
        trouble.get_by_role("button", name="Save mine all the same (1 of 3 points)").click()
        saved(page)
        assert row(gradebook, "s110")[0] == 1.0 and trouble.inner_text() == ""

    def test_a_comment_that_is_being_written_overwrites_nobody_s(self, page, address, gradebook):
        read(page, address, gradebook, "s111")
        gradebook.find_comment(QUESTION, FIRST, FIRST, "s111").manual_comment = "Theirs."
        gradebook.db.commit()
        page.keyboard.press("w")
        page.keyboard.type("Mine")
        trouble = page.get_by_role("alert")
        trouble.get_by_text("Somebody else marked this answer").wait_for()
        page.keyboard.type(", all.")
        place = page.locator("#place").inner_text()
        page.keyboard.press("Control+Enter")
        page.wait_for_function("then => place.textContent != then", arg=place)
        # What is said of one answer does not stand at the next.
        assert trouble.inner_text() == ""
        page.evaluate(f"location.hash = '{grade(gradebook, 's111').id}'")
        again = trouble.get_by_role("button", name="Save mine all the same (“Mine, all.”)")
        again.wait_for()
        assert page.locator("#comment").input_value() == "Theirs."
        assert row(gradebook, "s111") == (None, True, "Theirs.")
        again.click()
        page.locator("#saved", has_text="it still waits for points").wait_for()
        assert row(gradebook, "s111") == (None, True, "Mine, all.")

    def test_who_did_not_hear_that_a_mark_was_saved_is_nobody_else(self, page, address, gradebook):
        def save_and_break_off(route):
            route.fetch()
            route.abort()

        read(page, address, gradebook, "s112")
        page.route("**/marks", save_and_break_off, times=1)
        # What another tab has not sent yet stays kept.
        kept = [f"marking:{PLACE}", '[{"id":"of another tab"}]']
        page.evaluate("kept => localStorage.setItem(...kept)", kept)
        page.keyboard.press("2")
        page.locator("#saved", has_text="the connection to the server is lost").wait_for()
        assert row(gradebook, "s112") == (2.0, False, None)
        page.evaluate("window.dispatchEvent(new Event('online'))")
        saved(page)
        assert page.get_by_role("alert").inner_text() == ""
        assert page.evaluate("key => localStorage.getItem(key)", kept[0]) == kept[1]
        page.evaluate("localStorage.clear()")
        # An address that is changed by hand leads to its answer.
        there = grade(gradebook, "s113").id
        before = page.locator("#place").inner_text()
        page.evaluate(f"location.hash = '{there}'")
        page.wait_for_function("then => place.textContent != then", arg=before)
        page.locator("#answer > *").first.wait_for()
        page.keyboard.press("3")
        saved(page)
        assert row(gradebook, "s113")[0] == 3.0

    def test_a_new_hand_in_is_shown_and_the_mark_of_the_old_one_is_not_saved(
        self, page, address, gradebook, folder
    ):
        read(page, address, gradebook, "s120")
        write_answer(folder.root, "s120", "Something new.")
        page.keyboard.press("1")
        page.get_by_role("alert").get_by_text(
            "What was handed in changed in the meantime"
        ).wait_for()
        assert page.locator("#answer").inner_text() == "Something new."
        assert row(gradebook, "s120") == (None, True, None)

    def test_what_changed_since_its_mark_waits_with_the_old_mark_and_comment(
        self, page, address, gradebook
    ):
        old = grade(gradebook, "s125")
        old.manual_score, old.needs_manual_grade = 2.0, True
        gradebook.find_comment(QUESTION, FIRST, FIRST, "s125").manual_comment = "Nearly."
        gradebook.db.commit()
        read(page, address, gradebook, "s125")
        assert "It waits again: 2 of 3 points were given" in page.locator("#about").inner_text()
        assert page.locator("#comment").input_value() == "Nearly."
        assert page.locator("#numbers [aria-pressed=true]").count() == 0
        page.keyboard.press("3")
        saved(page)
        assert row(gradebook, "s125") == (3.0, False, "Nearly.")

    def test_nothing_is_lost_where_the_connection_is(self, page, address, gradebook):
        read(page, address, gradebook, "s130")
        page.route("**/marks", lambda route: route.abort())
        page.keyboard.press("1")
        page.locator("#saved", has_text="the connection to the server is lost").wait_for()
        assert row(gradebook, "s130") == (None, True, None)
        # Not even where the page is left meanwhile.
        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        page.locator("#saved", has_text="kept here (answers: 1)").wait_for()
        page.unroute("**/marks")
        saved(page)
        assert row(gradebook, "s130") == (1.0, False, None)

    def test_an_answer_is_text_and_formulas_and_nothing_that_runs(self, page, address, gradebook):
        read(page, address, gradebook, f"s{ALIKE + BLANK:03}")
        page.locator("#answer math").wait_for()
        assert page.locator("#answer :is(script, img[src='x'])").count() == 0
        assert page.evaluate("window.pwned") is None

    def test_points_that_cannot_be_are_told_in_a_sentence(self, page, address, gradebook):
        read(page, address, gradebook, "s140")
        page.keyboard.press("7")
        page.get_by_role("alert").get_by_text("This question gives 0 to 3 points.").wait_for()
        assert row(gradebook, "s140") == (None, True, None)

    def test_nothing_is_in_the_way_of_a_reader(self, page, address, gradebook):
        read(page, address, gradebook, "s100")
        page.keyboard.press("?")
        found = []
        for scheme, width in (("light", 390), ("dark", 1280)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            found += obstacles(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.goto(f"{address}/autograder/marking")
        assert found + obstacles(page) == []

    def test_the_formgrader_leads_here_and_shows_the_same(self, page, address, gradebook):
        page.goto(f"{address}/formgrader/gradebook")
        page.get_by_role("link", name="Mark by Question").click()
        page.get_by_role("link", name="Question 1 · Sure and right").click()
        page.locator("#answer > *").first.wait_for()
        read(page, address, gradebook, "s150")
        page.keyboard.press("2")
        saved(page)
        notebook = gradebook.find_submission_notebook(FIRST, FIRST, "s150").id
        grades = page.request.get(f"{address}/formgrader/api/grades?submission_id={notebook}")
        assert [one["manual_score"] for one in grades.json()] == [2.0]


@pytest.mark.slow
def test_what_cannot_be_is_one_sentence(address):
    def asked(place, body=None, **headers):
        request = urllib.request.Request(f"{address}{place}", data=body, headers=headers)
        try:
            return 200, urllib.request.urlopen(request).read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    status, text = asked(f"/autograder/marking/{FIRST}/{FIRST}/no-such")
    assert status == 404 and "has no question no-such that is answered in words" in text
    status, text = asked(f"/autograder/marking/{quote('<b>')}/x/y/answers")
    assert status == 404 and json.loads(text)["problem"].startswith("<b> has no question y")
    status, text = asked(f"{PLACE}/answers/none")
    assert status == 404 and "no longer in the gradebook" in text
    # Who is not the page itself may write nothing.
    assert asked(f"{PLACE}/marks", b'{"marks": []}')[0] == 403
    given = urllib.request.urlopen(f"{address}{PLACE}").headers.get_all("Set-Cookie")
    cookies = dict(one.partition(";")[0].split("=", 1) for one in given)
    with_token = {
        "Cookie": "; ".join(map("=".join, cookies.items())),
        "X-XSRFToken": cookies["_xsrf"],
    }
    for body, said in (
        ("[1]", "Marks are sent as"),
        ('{"marks": [7]}', "A mark names an answer"),
        ('{"marks": [{"id": "a", "version": "b", "points": 3.5}]}', "0 to 3 points"),
        ('{"marks": [{"id": "a", "version": "b", "points": NaN}]}', "0 to 3 points"),
        ('{"marks": [{"id": "a", "version": "b", "points": true}]}', "0 to 3 points"),
    ):
        status, text = asked(f"{PLACE}/marks", body.encode(), **with_token)
        assert status == 400 and said in json.loads(text)["problem"]
    status, text = asked(
        f"{PLACE}/marks", b'{"marks": [{"id": "a", "version": "b", "points": 1}]}', **with_token
    )
    assert status == 200 and "no longer in the gradebook" in text


def test_without_a_gradebook_or_a_formgrader_a_sentence_says_what_to_do(tmp_path):
    empty = {"nbgrader_formgrader": SimpleNamespace(coursedir=CourseDirectory(root=str(tmp_path)))}
    with pytest.raises(Problem, match="There is no gradebook in .*: start Jupyter in the folder"):
        course_of_formgrader(empty)
    with pytest.raises(Problem, match="formgrader is not at work in this Jupyter server: enable"):
        course_of_formgrader({})


@pytest.mark.postgres
@pytest.mark.slow
def test_two_who_mark_the_same_answer_in_postgresql_do_not_overwrite_each_other(database, tmp_path):
    settings = f"\nc.CourseDirectory.db_url = {database.url!r}\n"
    folder = write_class(tmp_path / "course", {"ana": SAME, "bo": SPACED, "li": ""}, settings)
    directory = folder.directory

    def asked(work):
        with (
            open_gradebook(directory.db_url, directory.course_id) as gradebook,
            Desk(directory, gradebook, Texts()) as desk,
        ):
            return work(desk, desk.question(FIRST, FIRST, QUESTION))

    seen = {one["student"]: one for one in asked(lambda desk, found: desk.answers(found))}
    assert [*seen] == ["ana", "bo", "li"] or [*seen] == ["bo", "ana", "li"]

    def give(student, points, **more):
        changes = {"points": points, **more}
        mark = Mark(seen[student]["id"], seen[student]["version"], changes)
        return asked(lambda desk, found: desk.save(found, [mark]))

    (saved_one,) = give("ana", 2.0, comment="Nearly.", ticks=["one"]).saved
    assert (saved_one.points, saved_one.comment, saved_one.ticks) == (2.0, "Nearly.", ("one",))
    ((found, _, said),) = give("ana", 0.0).refused
    assert found.points == 2.0 and said.startswith("Somebody else marked this answer")
    assert give("bo", 1.0).saved[0].waits is False


def test_a_mark_holds_what_a_gradebook_can():
    mark = {"id": "a", "version": "b", "points": 2, "comment": "Yes.", "ticks": ["one"]}
    assert Mark.read(mark, 3.0).changes == {"points": 2.0, "comment": "Yes.", "ticks": ["one"]}
    for wrong in ({"points": "2"}, {"comment": 5}, {"ticks": "one"}, {"ticks": [1]}, {}):
        with pytest.raises(Problem):
            Mark.read({"id": "a", "version": "b", **wrong}, 3.0)


def test_what_is_the_same_or_alike_lies_side_by_side():
    texts = [
        "low entropy means sure of itself",
        "the colours differ",
        "low entropy means sure",
        "the colours differ",
    ]
    places = in_order(texts, texts)
    assert [place.index for place in places] in ([1, 3, 0, 2], [1, 3, 2, 0])
    assert [place.same for place in places][:2] == [0, 0]
    assert places[2].family == places[3].family != places[0].family


def written_questions():
    for path in sorted(ROOT.glob("source/*/*.ipynb")):
        cells = json.loads(path.read_text())["cells"]
        for before, cell in zip(cells, cells[1:]):
            fields = cell["metadata"].get("nbgrader", {})
            if cell["cell_type"] == "markdown" and fields.get("grade"):
                yield pytest.param(before, cell, id=fields["grade_id"])


@pytest.mark.parametrize("before, cell", written_questions())
def test_the_rubric_of_every_question_of_the_course_can_be_ticked(before, cell):
    points = cell["metadata"]["nbgrader"]["points"]
    asks, sample, rubric = split_sample("".join(cell["source"]))
    found = read_rubric(rubric or rubric_in(asks or "".join(before["source"])), points)
    assert len(found.criteria) >= 2
    assert sample and "1 point" not in sample


def test_a_rubric_that_does_not_add_up_is_shown_in_words():
    text = "1 point the step; 1 point the tables. A guess: half a point."
    assert [one.text for one in read_rubric(text, 2).criteria] == ["the step", "the tables"]
    assert read_rubric(text, 2).remark == "A guess: half a point."
    assert read_rubric(text, 3) == read_rubric(text, 3).__class__(text)

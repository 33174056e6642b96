"""The addresses of the marking page in a Jupyter server, whose login and tokens protect them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import url_path_join
from nbgrader import api
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import DBAPIError
from tornado import web
from tornado.httputil import responses

from autograder.errors import Problem
from autograder.grading.database import is_there, open_gradebook
from autograder.hooks.clean_html import as_html
from autograder.hooks.gradebooks import first_line
from autograder.hooks.internals import (
    close_gradebook,
    formgrader_directory,
    put_before_formgrader,
    shared_gradebook,
)
from autograder.marking import ADDRESS
from autograder.marking.answers import Texts
from autograder.marking.desk import Desk, Mark

HERE = Path(__file__).parent
# What is one paragraph can stand in a line.
PARAGRAPH = re.compile(r"\A<p>((?:(?!</?p>).)*)</p>\Z", re.DOTALL)
PAGES = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True)
PAGES.filters["quoted"] = lambda text: quote(text, safe="")
PAGES.filters["markdown"] = lambda text: as_html(text, {})
PAGES.filters["in_a_line"] = lambda text: PARAGRAPH.sub(r"\1", as_html(text, {}).strip())
STATIC = {"marking.css": "text/css", "marking.js": "text/javascript; charset=utf-8"}
TEXTS = "autograder_marking_texts"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
# More marks than one request holds are no class.
MANY_MARKS = 10_000


def add_handlers(app: web.Application) -> None:
    """Serve the marking page in a Jupyter server."""
    part = r"([^/]+)"
    question = f"{ADDRESS}/{part}/{part}/{part}"
    handlers: dict[str, type[JupyterHandler]] = {
        rf"{ADDRESS}/?": QuestionsPage,
        rf"{ADDRESS}/static/{part}": StaticFiles,
        rf"{question}/?": QuestionPage,
        rf"{question}/answers": AnswersHandler,
        rf"{question}/answers/{part}": AnswerHandler,
        rf"{question}/marks": MarksHandler,
    }
    base = app.settings["base_url"]
    app.add_handlers(
        ".*$", [web.url(url_path_join(base, place), kind) for place, kind in handlers.items()]
    )


def link_formgrader(app: web.Application) -> None:
    """Let the formgrader's pages lead to the marking page, where there is a formgrader."""
    put_before_formgrader(app.settings, str(HERE / "templates" / "formgrader"))


def _told(method: Callable) -> Callable:
    """Tell a problem in one sentence in the place of what the method would answer."""

    @wraps(method)
    def inner(self, *names: str) -> None:
        try:
            method(self, *names)
        except Problem as problem:
            self.tell(400 if self.request.method == "POST" else 404, str(problem))
        except DBAPIError as error:
            # A file that was put in its place meanwhile is opened the next time.
            close_gradebook(self.settings)
            self.tell(503, f"The gradebook cannot be read or written now: {first_line(error)}.")

    return inner


class _AtTheDesk(JupyterHandler):
    """What the pages and what their scripts ask for have in common."""

    auth_resource = "marking"

    @property
    def content_security_policy(self) -> str:
        return f"{super().content_security_policy}; {POLICY}"

    def desk(self) -> Desk:
        """Return the desk of the course folder that the formgrader works in; Problem where it has
        no gradebook."""
        directory = course_of_formgrader(self.settings)
        gradebook = shared_gradebook(self.settings, _open)
        return Desk(directory, gradebook, self.settings.setdefault(TEXTS, Texts()))


def course_of_formgrader(settings: Mapping) -> CourseDirectory:
    """Return the course folder that is marked in; Problem where there is none with a gradebook."""
    directory = formgrader_directory(settings)
    if not is_there(directory.db_url):
        raise Problem(
            f"There is no gradebook in {directory.root}: start Jupyter in the folder of the "
            "course, and grade what was handed in (`autograder grade`)."
        )
    return directory


def _open(directory: CourseDirectory) -> api.Gradebook:
    return open_gradebook(directory.db_url, directory.course_id)


class _Page(_AtTheDesk):
    """A page that a person looks at."""

    def show(self, template: str, **names: Any) -> None:
        """Answer with a page."""
        # Its scripts send this token back.
        _ = self.xsrf_token
        self.set_header("Content-Type", "text/html; charset=utf-8")
        base = self.base_url.rstrip("/")
        page = PAGES.get_template(template)
        self.finish(page.render(base=base, marking=f"{base}{ADDRESS}", **names))

    def tell(self, status: int, sentence: str) -> None:
        """Answer with one sentence."""
        self.set_status(status)
        self.show("problem.html.j2", sentence=sentence)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say in a sentence what nobody foresaw; the server's log has the rest."""
        reason = responses.get(status_code, "an error") if status_code < 500 else "a defect"
        self.show(
            "problem.html.j2",
            sentence=f"This page met {reason} ({status_code}); the server's log says more.",
        )


class QuestionsPage(_Page):
    """All questions, and how many of their answers wait."""

    @web.authenticated
    @authorized
    @_told
    def get(self) -> None:
        with self.desk() as desk:
            questions = desk.questions()
            titles = {one: desk.told(one).title or one.name for one in questions}
            self.show("questions.html.j2", questions=questions, titles=titles)


class QuestionPage(_Page):
    """One question, on which all answers are marked."""

    @web.authenticated
    @authorized
    @_told
    def get(self, assignment: str, notebook: str, name: str) -> None:
        with self.desk() as desk:
            question = desk.question(assignment, notebook, name)
            self.show("question.html.j2", question=question, told=desk.told(question))


class _Data(_AtTheDesk, APIHandler):
    """What a page's script asks for."""

    def answer(self, found: dict[str, Any]) -> None:
        """Answer with JSON."""
        self.finish(json.dumps(found))

    def tell(self, status: int, sentence: str) -> None:
        """Answer with one sentence."""
        self.set_status(status)
        self.answer({"problem": sentence})


class AnswersHandler(_Data):
    """All answers to a question, without their texts."""

    @web.authenticated
    @authorized
    @_told
    def get(self, *names: str) -> None:
        with self.desk() as desk:
            question = desk.question(*names)
            self.answer({"points": question.points, "answers": desk.answers(question)})


class AnswerHandler(_Data):
    """One answer with its text."""

    @web.authenticated
    @authorized
    @_told
    def get(self, assignment: str, notebook: str, name: str, id: str) -> None:
        with self.desk() as desk:
            question = desk.question(assignment, notebook, name)
            found = desk.answer(question, id)
            self.answer({"answer": found.as_json(), "html": desk.html(question, found)})


class MarksHandler(_Data):
    """Where marks are handed in."""

    @web.authenticated
    @authorized
    @_told
    def post(self, *names: str) -> None:
        sent = self.get_json_body()
        entries = sent.get("marks") if isinstance(sent, dict) else None
        if not isinstance(entries, list) or len(entries) > MANY_MARKS:
            raise Problem('Marks are sent as {"marks": [...]}.')
        with self.desk() as desk:
            question = desk.question(*names)
            marks = [Mark.read(entry, question.points) for entry in entries]
            outcome = desk.save(question, marks)
            refused = [
                {
                    "id": mark.id,
                    "problem": said,
                    "answer": found and found.as_json(),
                    "html": desk.html(question, found) if found else "",
                }
                for found, mark, said in outcome.refused
            ]
        self.answer({"saved": [one.as_json() for one in outcome.saved], "refused": refused})


class StaticFiles(_AtTheDesk):
    """The page's script and looks."""

    @web.authenticated
    @authorized
    def get(self, name: str) -> None:
        if name not in STATIC:
            raise web.HTTPError(404)
        self.set_header("Content-Type", STATIC[name])
        self.set_header("Cache-Control", "no-cache")
        self.finish((HERE / "static" / name).read_bytes())

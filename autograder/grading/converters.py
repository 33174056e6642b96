"""nbgrader's converters for a course folder, and what they log, kept to be said."""

from __future__ import annotations

import copy
import logging
from typing import TypeVar

from nbgrader.converters import BaseConverter
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

Converter = TypeVar("Converter", bound=BaseConverter)


class Messages(logging.Handler):
    """Keeps what nbgrader logs as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message."""
        self.lines.append(record.getMessage())


def made_converter(
    kind: type[Converter], config: Config, assignment: str = "", student: str = "*"
) -> Converter:
    """Make a converter with the settings of a course, which it may change: they are its own.

    student  a pattern of ids, as nbgrader takes it
    """
    return _with_log(kind, config, assignment, student)[0]


def convert(kind: type[BaseConverter], config: Config, assignment: str, student: str) -> str:
    """Run one of nbgrader's converters, and return why it failed, or ""."""
    converter, messages = _with_log(kind, config, assignment, student)
    try:
        converter.start()
    except NbGraderException:
        return _reason_in(messages)
    return ""


def _with_log(
    kind: type[Converter], config: Config, assignment: str, student: str
) -> tuple[Converter, Messages]:
    messages = Messages()
    log = logging.Logger("autograder", logging.INFO)
    log.addHandler(messages)
    config = copy.deepcopy(config)
    config.CourseDirectory.assignment_id = assignment
    config.CourseDirectory.student_id = student
    directory = CourseDirectory(config=config, log=log)
    return kind(coursedir=directory, config=config, log=log, force=True), messages


def _reason_in(messages: Messages) -> str:
    """Return the last line of a traceback in nbgrader's log, else its first line."""
    for text in messages.lines:
        if "Traceback" in text:
            return text.strip().splitlines()[-1]
    return messages.lines[0] if messages.lines else "nbgrader gave no reason."

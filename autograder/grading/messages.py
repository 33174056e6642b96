"""What nbgrader logs, kept to be said."""

from __future__ import annotations

import logging


class Messages(logging.Handler):
    """Keeps what nbgrader logs."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def new_log() -> tuple[Messages, logging.Logger]:
    messages = Messages()
    log = logging.Logger("autograder", logging.INFO)
    log.addHandler(messages)
    return messages, log


def reason_in(messages: Messages) -> str:
    """The last line of a traceback in nbgrader's log, else its first line."""
    for text in messages.lines:
        if "Traceback" in text:
            return text.strip().splitlines()[-1]
    return messages.lines[0] if messages.lines else "nbgrader gave no reason."

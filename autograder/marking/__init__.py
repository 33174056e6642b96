"""The page on which answers in words are marked: one question, all students, by keyboard.

A Jupyter server serves it beside nbgrader's formgrader, of which it takes the course folder and the
gradebook. `handlers.py` has the addresses, `desk.py` what is read from the gradebook and written to
it, `static/marking.js` what a browser does.
"""

from __future__ import annotations

ADDRESS = "/autograder/marking"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "autograder.marking"}]


def _load_jupyter_server_extension(server) -> None:
    # Who only reads ADDRESS needs no server.
    from autograder.marking.handlers import add_handlers

    add_handlers(server.web_app)


async def _start_jupyter_server_extension(server) -> None:
    from autograder.marking.handlers import link_formgrader

    link_formgrader(server.web_app)

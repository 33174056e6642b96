"""A process that does the judge's tasks for the one that started it, several at a time.

`python -m autograder.judging SOCKET`: the number of an inherited socket. The first message holds
the settings; every other one a number and an encoded task, and what comes back is that number and
the encoded result, or what went wrong. The process ends when the other end of the socket is gone.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection

from autograder.exercises import exercise
from autograder.sandbox import Limits, Sandbox, SandboxUnavailable
from autograder.tasks import Task, perform, shared_sandbox

NUMBER_BYTES = 8
DONE, FAILED = b"+", b"-"


def main() -> None:
    """Serve the socket until it closes."""
    connection = Connection(int(sys.argv[1]))
    with suppress(EOFError, OSError):
        settings = json.loads(connection.recv_bytes())
        sandbox = shared_sandbox(settings["isolation"], Limits(**settings["limits"]))
        _serve(connection, sandbox, settings["rooms"])
    # The rooms end with this process; nobody waits for what is still being done.
    os._exit(0)


def _serve(connection: Connection, sandbox: Sandbox, rooms: int) -> None:
    """Do what comes in; raises EOFError where nothing more will."""
    pool = ThreadPoolExecutor(rooms, thread_name_prefix="judge")
    lock = threading.Lock()

    def answer(message: bytes, refusal: SandboxUnavailable | None) -> None:
        number, task = message[:NUMBER_BYTES], message[NUMBER_BYTES:]
        try:
            if refusal:
                raise refusal
            reply = DONE + perform(task)
        except Exception as error:
            reply = FAILED + encode(error)
        with lock, suppress(OSError):
            connection.send_bytes(number + reply)

    # The rooms' first process takes seconds to start, and so do the imports of references.
    opened = pool.submit(_open, sandbox)
    message = connection.recv_bytes()
    _import_references(message[NUMBER_BYTES:])
    refusal = opened.result()
    # What is loaded by now stays: looking through it time and again is a tenth of the work.
    gc.collect()
    gc.freeze()
    while True:
        pool.submit(answer, message, refusal)
        message = connection.recv_bytes()


def _open(sandbox: Sandbox) -> SandboxUnavailable | None:
    """Why no room can be built here, if so: then nobody's task need try it again."""
    try:
        with sandbox.open():
            return None
    except SandboxUnavailable as problem:
        return problem


def _import_references(task: bytes) -> None:
    with suppress(Exception):  # Doing the task tells of it.
        for cell in Task.decode(task).graded:
            for check in cell.checks:
                exercise(check.id)


def encode(error: Exception) -> bytes:
    """What a task raised, as JSON: `kind`, `text` and `errno`."""
    number = error.errno if isinstance(error, OSError) else None
    text = error.strerror if number else str(error)
    return json.dumps({"kind": type(error).__name__, "text": text, "errno": number}).encode()


if __name__ == "__main__":
    main()

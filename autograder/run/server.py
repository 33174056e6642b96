"""A process that does the judge's tasks for the one that started it, several at a time.

`python -m autograder.run.server SOCKET`: the number of an inherited socket. The first message holds
the settings; every other one a number and an encoded task, and what comes back is that number and
the encoded result, or what went wrong. The process ends when the other end of the socket is gone.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection

from autograder.errors import place_of, trace_of
from autograder.run.sandboxes import Needs
from autograder.run.task import get_ready, perform
from autograder.sandbox import Limits

NUMBER_BYTES = 8
DONE, FAILED = b"+", b"-"


def main() -> None:
    """Serve the socket until it closes."""
    connection = Connection(int(sys.argv[1]))
    with suppress(EOFError, OSError):
        _serve(connection, **json.loads(connection.recv_bytes()))
    # The rooms end with this process; nobody waits for what is still being done.
    os._exit(0)


def _serve(connection: Connection, isolation: str, limits: dict, needs: dict, rooms: int) -> None:
    """Do what comes in; raises EOFError where nothing more will."""
    refusal = None
    try:
        get_ready(isolation, Limits(**limits), Needs.decode(needs))
    except Exception as problem:
        refusal = problem
    pool = ThreadPoolExecutor(rooms)
    lock = threading.Lock()

    def answer(message: bytes) -> None:
        number, task = message[:NUMBER_BYTES], message[NUMBER_BYTES:]
        try:
            # Where this process could not get ready, nobody's task need try it again.
            reply = FAILED + encode(refusal) if refusal else DONE + perform(task)
        except Exception as error:
            reply = FAILED + encode(error)
        with lock, suppress(OSError):
            connection.send_bytes(number + reply)

    while True:
        pool.submit(answer, connection.recv_bytes())


def encode(error: Exception) -> bytes:
    """What a task raised, as JSON for `autograder.run.local.failure`."""
    number = error.errno if isinstance(error, OSError) else None
    text = error.strerror if number else str(error)
    fields = {"kind": type(error).__name__, "text": text, "errno": number}
    return json.dumps({**fields, "place": place_of(error), "trace": trace_of(error)}).encode()


if __name__ == "__main__":
    main()

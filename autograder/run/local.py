"""Who does the judge's tasks on this machine: processes beside this one, with rooms of their own.

The judge computes in Python, which lets one thread of a process at a time do so: in a process of
its own it takes no time from the writer of the gradebook. Both ends of the socket between the two
are here. `python -m autograder.run.local SOCKET`, with the number of an inherited socket, is the
process that judges, several tasks at a time. The first message holds the settings; every other one
a number and an encoded task, and what comes back is that number and the encoded result, or what
went wrong. The process ends when the other end of the socket is gone.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from itertools import count
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any

from autograder.errors import GO_ON, JudgeEnded, NotGraded, defect, place_in, place_of, trace_of
from autograder.run.sandboxes import Needs
from autograder.run.task import get_ready, perform
from autograder.sandbox import Isolation, Limits, SandboxUnavailable
from autograder.sandbox.warm import ONE_THREAD

# A room waits while its answers are compared, which a process does for one room at a time.
ROOMS_A_CORE = 3
MOST_ROOMS = 12
# The judge of so many rooms needs about as long as these do on two cores.
ROOMS_A_PROCESS = 6
# What Python writes where an exception ends a process.
TRACEBACK = "Traceback (most recent call last):"
ENDED = (
    f"A process that judges has ended, perhaps for want of memory: take fewer --workers, {GO_ON}"
)
NUMBER_BYTES = 8
Kind = tuple[Isolation, Limits, int]  # of processes that judge; the last is the number of rooms
DONE, FAILED = b"+", b"-"


class LocalJudges:
    """A context manager that keeps `workers` rooms busy; `needs` are those of the tasks to come.

    Its processes start at once, as that takes some seconds, and are kept for the next one like it.
    Leaving it before all is done ends them, their rooms, and what is still running there.
    """

    def __init__(
        self, isolation: Isolation, limits: Limits, needs: Needs, workers: int | None = None
    ):
        self.workers = workers or min(ROOMS_A_CORE * (os.cpu_count() or 1), MOST_ROOMS)
        self.remarks: list[str] = []
        self.traces: list[str] = []
        self._kind = isolation, limits, self.workers
        self._processes = kept_processes.fitting(self._kind, needs)

    def __enter__(self) -> LocalJudges:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._end()

    def _end(self) -> None:
        kept_processes.end(self._kind)

    @property
    def capacity(self) -> int:
        """Return how many tasks keep everybody busy, those that wait for their turn among them."""
        return 2 * self.workers

    def submit(self, task: bytes) -> Future[bytes]:
        """Return a future of the task's encoded result; JudgeEnded where its process ended over
        it."""
        for place, process in enumerate(self._processes):
            if not process.alive:
                process.lose()
                process.end()
                isolation, limits, _ = self._kind
                self._processes[place] = JudgeProcess(
                    isolation, limits, process.needs, process.rooms
                )
        return min(self._processes, key=lambda process: len(process.out)).submit(task)

    def wait(self, futures: list[Future]) -> None:
        """Come back when one of the futures is done."""
        while not any(future.done() for future in futures):
            for connection in wait([process.connection for process in self._processes]):
                next(p for p in self._processes if p.connection is connection).take()


class KeptProcesses:
    """Owns the processes that judge for this one, of each kind at most one set.

    Who has judged leaves them running, as the next class begins with them at once: looking for
    what waits and grading it are two steps of one command, and a formgrader stays for days. They
    end when somebody leaves because of an exception, when they lack what is asked for, and with
    this process.
    """

    def __init__(self) -> None:
        self._by_kind: dict[Kind, list[JudgeProcess]] = {}
        atexit.register(self.end_all)

    def fitting(self, kind: Kind, needs: Needs) -> list[JudgeProcess]:
        """Return processes of a kind that have ready what is needed, started where there are none.

        Whoever gets the list may replace one of them in it that has ended.
        """
        isolation, limits, rooms = kind
        known = self._by_kind.get(kind, [])
        if known and all(process.alive and needs <= process.needs for process in known):
            return known
        # What the last class needed is likely to come again.
        for process in known:
            needs |= process.needs
        self.end(kind)
        number = -(-rooms // ROOMS_A_PROCESS)
        shares = [len(range(first, rooms, number)) for first in range(number)]
        started = [JudgeProcess(isolation, limits, needs, share) for share in shares]
        self._by_kind[kind] = started
        return started

    def end(self, kind: Kind) -> None:
        """End the processes of one kind; nobody may use them afterwards."""
        known = self._by_kind.pop(kind, [])
        while known:
            known.pop().end()

    def end_all(self) -> None:
        """End all processes."""
        for kind in list(self._by_kind):
            self.end(kind)


kept_processes = KeptProcesses()


class JudgeProcess:
    """A process that judges; `out` holds the futures of what it has in hand, by number."""

    def __init__(self, isolation: Isolation, limits: Limits, needs: Needs, rooms: int):
        outer, inner = socket.socketpair()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the process)
        with inner:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.run.local", str(inner.fileno())],
                pass_fds=[inner.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                env={**os.environ, **ONE_THREAD},
                # Ctrl-C is for this process: that one ends when it is told to.
                start_new_session=True,
            )
        self.needs, self.rooms = needs, rooms
        self.connection = Connection(outer.detach())
        self.out: dict[bytes, Future[bytes]] = {}
        self._numbers = count()
        self._lost = False
        settings = {
            "isolation": isolation,
            "limits": asdict(limits),
            "needs": needs.encode(),
            "rooms": rooms,
        }
        self.connection.send_bytes(json.dumps(settings).encode())

    @property
    def alive(self) -> bool:
        """Tell whether it can be given tasks."""
        return not self._lost and self._process.poll() is None

    def submit(self, task: bytes) -> Future[bytes]:
        """Return a future of the task's encoded result."""
        number = next(self._numbers).to_bytes(NUMBER_BYTES)
        future = self.out[number] = Future()
        try:
            self.connection.send_bytes(number + task)
        except OSError:
            self.lose()
        return future

    def take(self) -> None:
        """Take in the next answer; it is waited for."""
        try:
            message = self.connection.recv_bytes()
        except (EOFError, OSError):
            self.lose()
            return
        future = self.out.pop(message[:NUMBER_BYTES])
        kind, content = message[NUMBER_BYTES : NUMBER_BYTES + 1], message[NUMBER_BYTES + 1 :]
        if kind == DONE:
            future.set_result(content)
        else:
            future.set_exception(decode_failure(**json.loads(content)))

    def lose(self) -> None:
        """Give up what it has in hand: it has ended, or is about to."""
        self._lost = True
        for future in self.out.values():
            future.set_exception(self._end_of_it())
        self.out.clear()

    def _end_of_it(self) -> Exception:
        """Return what ended the process: a defect of the course where Python says so."""
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip()
        if TRACEBACK not in said:
            return JudgeEnded(ENDED)
        trace = said[said.rindex(TRACEBACK) :]
        kind, _, text = said.splitlines()[-1].partition(": ")
        return NotGraded(defect(kind, text, place_in(trace)), trace)

    def end(self) -> None:
        """End it; its rooms end with it."""
        self.connection.close()
        self._process.kill()
        self._process.wait()
        self._errors.close()


def main() -> None:
    """Serve the socket until it closes."""
    connection = Connection(int(sys.argv[1]))
    with suppress(EOFError, OSError):
        _serve(connection, **json.loads(connection.recv_bytes()))
    # The rooms end with this process; nobody waits for what is still being done.
    os._exit(0)


def _serve(
    connection: Connection,
    isolation: Isolation,
    limits: dict[str, Any],
    needs: dict[str, Any],
    rooms: int,
) -> None:
    """Do the tasks that come in. Raises EOFError when the other end is closed."""
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
            reply = FAILED + encode_failure(refusal) if refusal else DONE + perform(task)
        except Exception as error:
            reply = FAILED + encode_failure(error)
        with lock, suppress(OSError):
            connection.send_bytes(number + reply)

    while True:
        pool.submit(answer, connection.recv_bytes())


def encode_failure(error: Exception) -> bytes:
    """Return what a task raised, as JSON for `decode_failure`."""
    number, text = None, str(error)
    if isinstance(error, OSError) and error.errno:
        number, text = error.errno, error.strerror or text
    fields = {"kind": type(error).__name__, "text": text, "errno": number}
    return json.dumps({**fields, "place": place_of(error), "trace": trace_of(error)}).encode()


def decode_failure(kind: str, text: str, errno: int | None, place: str, trace: str) -> Exception:
    """Return the exception that `encode_failure` wrote, as far as it matters here."""
    if kind == SandboxUnavailable.__name__:
        return SandboxUnavailable(text)
    for own in (MemoryError, RecursionError):
        if kind == own.__name__:
            return own(text)
    return OSError(errno, text) if errno else NotGraded(defect(kind, text, place), trace)


if __name__ == "__main__":
    main()

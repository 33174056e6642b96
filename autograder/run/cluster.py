"""The judge's tasks on other machines: workers of a Dask cluster.

Dask carries bytes and runs them; what is decided here is who may take them. A worker tells which
checks it has, and a machine shows that its walls hold, before it gets a task. What a worker that is
gone had in hand is given to another, and so is what one keeps for too long: a task changes nothing
where it is done, so the first result counts and the others are forgotten.
"""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import statistics
import threading
import time
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from distributed import Client
from distributed import Future as Sent
from distributed.client import ClosedClientError
from distributed.core import rpc
from distributed.scheduler import KilledWorker
from distributed.security import Security

import course
from autograder.errors import NotGraded, Problem, place_of, trace_of
from autograder.run.assess import stay_single_threaded
from autograder.run.checks_digest import checks_version
from autograder.run.sandboxes import Needs
from autograder.run.task import get_ready, perform
from autograder.sandbox import Isolation, Limits, SandboxUnavailable
from autograder.sandbox.doctor import examine

CONNECT_SECONDS = 10
FETCH_SECONDS = 10
# How long a scheduler may be away, and how long it may have no worker that can take work.
ABSENT_SECONDS = 90
# A task that has been out for as many times the usual is given to one more worker.
SLOW = 10
SLOW_SECONDS = 20
MAX_FAILURES = 3
PAUSE = 0.5
LOGGERS = ("distributed", "distributed.client", "tornado.application", "asyncio")

# Set where this worker has tried its walls out, and they held.
_proven = threading.Event()


def describe_worker(
    version: str, isolation: Isolation, limits: dict[str, Any], needs: dict[str, Any]
) -> dict[str, str]:
    """Run on a worker. Return its `name`, a fingerprint of its `machine`, on which its walls
    depend, `proven` if its walls have been tried out, and `refusal`: why it cannot take these
    tasks, or "".

    version            the digest of the checks that the tasks are made for
    isolation, limits  as for a task
    needs              of the tasks to come
    """
    refusal = _refusal(version)
    if not refusal:
        try:
            _prepare(isolation, Limits(**limits), Needs.decode(needs))
        except SandboxUnavailable as problem:
            refusal = f"rooms cannot be built there: {problem}"
    namespaces = [os.readlink(f"/proc/self/ns/{kind}") for kind in ("mnt", "pid", "net", "user")]
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    status = Path("/proc/self/status").read_text()
    rights = [line for line in status.splitlines() if line.startswith(("Cap", "Seccomp", "Uid"))]
    return {
        "name": platform.node(),
        "machine": repr((boot, platform.release(), namespaces, rights)),
        "proven": "proven" if _proven.is_set() else "",
        "refusal": refusal,
    }


@cache
def _prepare(isolation: Isolation, limits: Limits, needs: Needs) -> None:
    """Make this worker ready, with one thread a computation."""
    get_ready(isolation, limits, needs)
    stay_single_threaded()


def _refusal(version: str) -> str:
    if version == checks_version():
        return ""
    return "it has another version of the course; install the same there, and start it again"


def prove() -> list[str]:
    """Try every wall from the inside, on a worker; which do not hold, and how to mend them."""
    findings = examine([Path(course.__file__).parent])
    missing = [f"{f.name}: {f.remedy or f.detail}" for f in findings if not f.guaranteed]
    if not missing:
        _proven.set()
    return missing


def perform_checked(version: str, task: bytes) -> tuple[bytes | None, str]:
    """Return the result of a task on a worker, or None and why the worker can do none.

    version  the digest of the checks that the task is made for
    """
    if refusal := _refusal(version):
        return None, refusal
    try:
        return perform(task), ""
    except SandboxUnavailable as problem:
        _proven.clear()
        _prepare.cache_clear()
        return None, f"rooms cannot be built there any more: {problem}"


@dataclass
class _Worker:
    """A worker as it is known: what it was asked, and whether it takes tasks."""

    address: str
    process: str
    threads: int
    question: Sent | None = None
    asked: float = 0.0
    machine: str = ""
    name: str = ""
    admitted: bool = False
    reason: str = ""


@dataclass(eq=False)
class _Job:
    """A task that is out, with those who may do it."""

    task: bytes
    answer: Future = field(default_factory=Future)
    sent: list[Sent] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    since: float = 0.0
    failures: int = 0
    trace: str = ""


class ClusterJudges:
    """A context manager with the methods of LocalJudges; `remarks` says who was left out and why.

    needs    of the tasks to come
    address  of the Dask scheduler, as in "tcp://10.0.0.1:8786"

    Raises Problem where the scheduler cannot be reached, or none of its workers can take work.
    """

    def __init__(self, isolation: Isolation, limits: Limits, needs: Needs, address: str):
        self.address = address
        self.remarks: list[str] = []
        self.traces: list[str] = []
        self._isolation, self._limits, self._needs = isolation, limits, needs
        self._patience = limits.notebook_seconds + 60
        self._workers: dict[str, _Worker] = {}
        self._proofs: dict[str, list[str] | None] = {}
        self._jobs: set[_Job] = set()
        self._took: deque[float] = deque(maxlen=100)
        self._news = threading.Event()
        self._looked = 0.0
        self._manned = 0.0
        # What matters of what Dask says is said here.
        for name in LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        warnings.filterwarnings("ignore", module=r"distributed\.")

    def __enter__(self) -> ClusterJudges:
        try:
            self._connect()
        except Exception as error:
            raise Problem(
                f"There is no Dask scheduler at {self.address} ({_line(error)}): start one with "
                "`dask scheduler`, or correct the address, as in tcp://10.0.0.1:8786."
            ) from None
        try:
            self._wait_for_workers()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *problem: object) -> None:
        self._close()

    def _connect(self) -> None:
        # Where something else than a scheduler listens, a Client waits for ever.
        asyncio.run(asyncio.wait_for(_find_scheduler(self.address), CONNECT_SECONDS))
        self._client = Client(self.address, timeout=CONNECT_SECONDS, set_as_default=False)

    def _close(self) -> None:
        """Leave the cluster, which drops what is still out."""
        with suppress(Exception):
            self._client.close(timeout=2)

    def _wait_for_workers(self) -> None:
        self._manned = time.monotonic()
        while not self._admitted:
            self._look()
            if self._workers and all(worker.reason for worker in self._workers.values()):
                raise self._nobody()
            time.sleep(PAUSE)

    def _see_that_somebody_works(self) -> None:
        now = time.monotonic()
        asked = [worker.asked for worker in self._workers.values() if worker.question]
        if self._admitted or any(now - moment < self._patience for moment in asked):
            self._manned = now
        elif now - self._manned > ABSENT_SECONDS:
            raise self._nobody()

    def _nobody(self) -> Problem:
        why = " ".join(self.remarks)
        if not why and self._workers:
            why = "None of them answers."
        elif not why:
            why = f"There is none: start some with `dask worker {self.address}`."
        self.remarks.clear()
        return Problem(
            f"No worker at {self.address} can take work. {why} What is graded stays, and the same "
            "command goes on."
        )

    @property
    def _admitted(self) -> dict[str, _Worker]:
        return {worker.address: worker for worker in self._workers.values() if worker.admitted}

    @property
    def _threads(self) -> int:
        return max(1, sum(worker.threads for worker in self._admitted.values()))

    @property
    def capacity(self) -> int:
        """Return how many tasks keep everybody busy, those that wait for their turn among them."""
        return 2 * self._threads

    def submit(self, task: bytes) -> Future[bytes]:
        """Return a future of the task's encoded result."""
        job = _Job(task)
        self._jobs.add(job)
        with suppress(ClosedClientError):  # It is sent when the scheduler is found again.
            self._send(job)
        return job.answer

    def wait(self, futures: list[Future]) -> None:
        """Come back when one of the futures may be done, or a short time later."""
        self._news.wait(PAUSE)
        self._news.clear()
        self._look()

    def _look(self) -> None:
        """Take in what has come back, and see that all that is out can still come back."""
        try:
            for job in list(self._jobs):
                self._take(job)
            if time.monotonic() - self._looked > PAUSE:
                self._looked = time.monotonic()
                self._update_workers()
                self._see_that_somebody_works()
                self._mend()
        except (OSError, ClosedClientError):
            self._reconnect()

    def _send(self, job: _Job, without: Collection[str] = ()) -> None:
        places = self._admitted.keys() - without
        if places:
            job.places |= places
            job.since = time.monotonic()
            job.sent.append(self._ask(perform_checked, checks_version(), job.task, places=places))

    def _ask(
        self, function: Callable, *arguments: object, places: Iterable[str], priority: int = 0
    ) -> Sent:
        sent = self._client.submit(
            function,
            *arguments,
            key=f"{function.__name__}-{uuid.uuid4().hex}",
            workers=list(places),
            priority=priority,
            pure=False,
        )
        sent.add_done_callback(lambda sent: self._news.set())
        return sent

    def _take(self, job: _Job) -> None:
        for sent in [sent for sent in job.sent if sent.done()]:
            job.sent.remove(sent)
            try:
                result, refusal = self._fetch(job, sent)
            except (OSError, CancelledError):
                continue  # Who had it is gone: it is sent again.
            finally:
                sent.release()
            if result is not None:
                self._took.append(time.monotonic() - job.since)
                self._finish(job).set_result(result)
                return
            job.failures += 1
            if job.failures == MAX_FAILURES:
                reason = f"No worker could judge it: {refusal.rstrip('.')}."
                self._finish(job).set_exception(NotGraded(reason, job.trace))
                return

    def _fetch(self, job: _Job, sent: Sent) -> tuple[bytes | None, str]:
        if sent.status == "error":
            error = sent.exception()
            if isinstance(error, KilledWorker):
                return None, f"the last {error.allowed_failures + 1} that had it ended"
            # A worker's exception travels with its traceback.
            job.trace = trace_of(error)
            place = place_of(error)
            where = f" (in {place})" if place else ""
            return None, f"{type(error).__name__}: {_line(error)}{where}"
        result, refusal = sent.result(timeout=FETCH_SECONDS)
        if refusal:
            # It did not say who it is: everybody is asked again.
            self._workers.clear()
            self._proofs.clear()
        return result, refusal

    def _finish(self, job: _Job) -> Future:
        self._jobs.discard(job)
        for sent in job.sent:
            sent.release()
        return job.answer

    def _update_workers(self) -> None:
        present = self._hear_scheduler("identity")["workers"]
        for worker in list(self._workers.values()):
            found = present.get(worker.address, {})
            if found.get("local_directory") != worker.process:
                self._forget(worker)
        for address in present.keys() - self._workers.keys():
            found = present[address]
            worker = _Worker(address, found["local_directory"], found["nthreads"])
            self._question(worker, describe_worker, checks_version(), *self._kind)
            self._workers[address] = worker
        for worker in list(self._workers.values()):
            if worker.question and worker.question.done():
                self._hear(worker, worker.question)
        for worker in self._workers.values():
            if worker.machine and not (worker.admitted or worker.question or worker.reason):
                self._try_to_admit(worker)

    @property
    def _kind(self) -> tuple[Isolation, dict[str, Any], dict[str, Any]]:
        return self._isolation, asdict(self._limits), self._needs.encode()

    def _forget(self, worker: _Worker) -> None:
        del self._workers[worker.address]
        if worker.question:
            worker.question.release()
            if self._proofs.get(worker.machine, []) is None:
                del self._proofs[worker.machine]

    def _question(self, worker: _Worker, function: Callable, *arguments: object) -> None:
        worker.asked = time.monotonic()
        worker.question = self._ask(function, *arguments, places=[worker.address], priority=10)

    def _hear(self, worker: _Worker, question: Sent) -> None:
        """Take in what a worker answered."""
        error = question.exception() if question.status == "error" else None
        if error and not isinstance(error, KilledWorker):
            worker.question = None
            # A worker's exception travels with its traceback.
            self.traces.append(trace_of(error))
            self._leave_out(worker, f"it cannot use this version of the course ({_line(error)})")
            return
        try:
            answer = question.result(timeout=FETCH_SECONDS)
        except (OSError, CancelledError, KilledWorker):
            self._forget(worker)  # If it is still there, it is met again.
            return
        worker.question = None
        if isinstance(answer, list):
            self._proofs[worker.machine] = answer
            return
        worker.machine, worker.name = answer["machine"], answer["name"]
        if answer["refusal"]:
            self._leave_out(worker, answer["refusal"])
        elif answer["proven"]:
            self._proofs[worker.machine] = []

    def _try_to_admit(self, worker: _Worker) -> None:
        """Let a worker take tasks once its machine's walls are proven, by itself or a neighbour."""
        if self._isolation != "walls":
            worker.admitted = True
        elif worker.machine not in self._proofs:
            self._proofs[worker.machine] = None
            self._question(worker, prove)
        elif (missing := self._proofs[worker.machine]) is not None:
            worker.admitted = not missing
            if missing:
                self._leave_out(worker, f"its walls do not hold ({'; '.join(missing)})")

    def _leave_out(self, worker: _Worker, reason: str) -> None:
        worker.reason = reason
        who = f"{worker.name} at {worker.address}" if worker.name else worker.address
        remark = f"The worker {who} is left out: {reason.rstrip('.')}."
        if remark not in self.remarks:
            self.remarks.append(remark)

    def _mend(self) -> None:
        """Send again what nobody has any more, and what somebody has had for too long."""
        usual = statistics.median(self._took) if self._took else self._patience
        slow = min(self._patience, max(SLOW_SECONDS, SLOW * usual))
        late = []
        for job in self._jobs:
            if job.sent and not job.places & self._workers.keys():
                for sent in job.sent:
                    sent.release()
                job.sent.clear()
            if not job.sent:
                job.places.clear()
                self._send(job)
            elif time.monotonic() - job.since > slow * len(job.sent):
                late.append(job)
        busy = len(self._jobs) - len(late) >= self._threads
        late = [job for job in late if not busy or time.monotonic() - job.since > self._patience]
        if late:
            processing = self._hear_scheduler("processing")
            holders = {key: address for address, keys in processing.items() for key in keys}
            for job in late:
                self._send(job, without={holders.get(sent.key, "") for sent in job.sent})

    def _hear_scheduler(self, question: str) -> dict:
        """Return what the scheduler answers; OSError where it does not. The Client's own methods
        wait for ever, or answer with what was known when there was a scheduler."""
        if self._client.status != "running":
            raise OSError
        ask = getattr(self._client.scheduler, question)
        answer: dict = self._client.sync(ask, callback_timeout=CONNECT_SECONDS)
        return answer

    def _reconnect(self) -> None:
        """Find the scheduler again, and send everything that is out once more."""
        self._close()
        deadline = time.monotonic() + ABSENT_SECONDS
        while True:
            try:
                self._connect()
                break
            except Exception as error:
                if time.monotonic() > deadline:
                    raise Problem(
                        f"The Dask scheduler at {self.address} is gone ({_line(error)}): start it "
                        "again, and run this again: it goes on where it stopped."
                    ) from None
                time.sleep(PAUSE)
        self._workers.clear()
        self._proofs = {name: proof for name, proof in self._proofs.items() if proof is not None}
        for job in self._jobs:
            job.sent.clear()
        self._looked, self._manned = 0.0, time.monotonic()


async def _find_scheduler(address: str) -> None:
    """Raise an exception of any kind where no scheduler answers."""
    security = Security().get_connection_args("client")
    scheduler = rpc(address, timeout=CONNECT_SECONDS / 2, connection_args=security)
    try:
        kind = (await scheduler.identity())["type"]
        if kind != "Scheduler":
            raise ValueError(f"a {kind.lower()} answers there")
    finally:
        await scheduler.close_rpc()


def _line(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "something else answers there"
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return (str(error).splitlines() or [type(error).__name__])[0]

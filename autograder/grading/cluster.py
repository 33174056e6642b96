"""The judge's tasks on other machines: workers of a Dask cluster.

Dask carries bytes and runs them; what is decided here is who may take them. A worker tells which
checks it has, and a machine shows that its walls hold, before it gets a task. What a worker that is
gone had in hand is given to another, and so is what one keeps for too long: a task changes nothing
where it is done, so the first result counts and the others are forgotten.
"""

from __future__ import annotations

import logging
import os
import platform
import statistics
import time
import uuid
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from distributed import Client, wait
from distributed import Future as Sent
from distributed.scheduler import KilledWorker

import course
from autograder.assessment import single_threaded
from autograder.course_folder import Problem
from autograder.exercises import NOTEBOOKS, notebook
from autograder.grading.records import NotGraded
from autograder.grading.version import checks_version
from autograder.preprocessors import Judge
from autograder.sandbox import Limits, SandboxUnavailable
from autograder.sandbox.doctor import examine
from autograder.tasks import perform

CONNECT_SECONDS = 10
# How long a scheduler may be away, and how long it may have no worker that can take work.
ABSENT_SECONDS = 90
# A task that has been out for as many times the usual is given to a second worker.
SLOW = 10
SLOW_SECONDS = 20
MAX_DEATHS = 6
PAUSE = 0.5


@cache
def _settle() -> None:
    """Make this worker ready: every reference imported, and one thread for each computation."""
    for name in NOTEBOOKS:
        notebook(name)
    single_threaded().__enter__()


def introduce() -> dict:
    """What a worker says of itself: the digest of its checks, and what its walls depend on."""
    _settle()
    namespaces = [os.readlink(f"/proc/self/ns/{kind}") for kind in ("mnt", "pid", "net", "user")]
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    status = Path("/proc/self/status").read_text()
    rights = [line for line in status.splitlines() if line.startswith(("Cap", "Seccomp", "Uid"))]
    return {
        "version": checks_version(),
        "machine": repr((boot, platform.release(), namespaces, rights)),
        "name": platform.node(),
    }


def prove() -> list[str]:
    """Try every wall from the inside, on a worker; which do not hold, and how to mend them."""
    findings = examine([Path(course.__file__).parent])
    return [f"{f.name}: {f.remedy or f.detail}" for f in findings if not f.guaranteed]


def perform_there(version: str, task: bytes) -> tuple[bytes | None, str]:
    """The result of a task on a worker, or None and why the worker can do none.

    version  the digest of the checks that the task is made for
    """
    if version != checks_version():
        return None, "it has another version of the course"
    try:
        return perform(task), ""
    except SandboxUnavailable as problem:
        return None, f"rooms cannot be built there any more: {problem}"


@dataclass
class _Worker:
    """A worker as it is known: what it was asked, and whether it takes tasks."""

    address: str
    threads: int
    question: Sent | None = None
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
    deaths: int = 0


class ClusterJudges:
    """A context manager with the methods of LocalJudges; `remarks` says who was left out and why.

    address  of the Dask scheduler, as in "tcp://10.0.0.1:8786"

    Raises Problem where the scheduler cannot be reached, or none of its workers can take work.
    """

    def __init__(self, judge: Judge, address: str):
        self.address = address
        self.remarks: list[str] = []
        self._walls = judge.isolation == "walls"
        self._patience = Limits(**judge.limits).notebook_seconds + 60
        self._workers: dict[str, _Worker] = {}
        self._proofs: dict[str, list[str] | None] = {}
        self._jobs: set[_Job] = set()
        self._took: list[float] = []
        self._looked = 0.0
        self._manned = 0.0
        logging.getLogger("distributed").setLevel(logging.CRITICAL)

    def __enter__(self) -> ClusterJudges:
        try:
            self._client = self._connect()
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise Problem(
                f"There is no Dask scheduler at {self.address} ({reason}): start one with `dask "
                "scheduler`, or correct the address, as in tcp://10.0.0.1:8786."
            ) from None
        try:
            self._wait_for_workers()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *problem) -> None:
        with suppress(Exception):
            self._client.cancel([sent for job in self._jobs for sent in job.sent], force=True)
        self._close()

    def _connect(self) -> Client:
        return Client(self.address, timeout=CONNECT_SECONDS, set_as_default=False)

    def _close(self) -> None:
        with suppress(Exception):
            self._client.close(timeout=2)

    def _wait_for_workers(self) -> None:
        self._manned = time.monotonic()
        while not self._admitted:
            self._look()
            time.sleep(PAUSE)

    def _see_that_somebody_works(self) -> None:
        workers = self._workers.values()
        if self._admitted or any(worker.question for worker in workers):
            self._manned = time.monotonic()
        elif time.monotonic() - self._manned > ABSENT_SECONDS or (
            workers and all(worker.reason for worker in workers)
        ):
            why = " ".join(self.remarks) or "There is none: start some with `dask worker`."
            self.remarks.clear()
            raise Problem(
                f"No worker at {self.address} can take work. {why} What is graded stays, and the "
                "same command goes on."
            )

    @property
    def _admitted(self) -> dict[str, _Worker]:
        return {worker.address: worker for worker in self._workers.values() if worker.admitted}

    @property
    def capacity(self) -> int:
        """How many tasks keep everybody busy, those that wait for their turn among them."""
        return 2 * max(1, sum(worker.threads for worker in self._admitted.values()))

    def submit(self, task: bytes) -> Future[bytes]:
        """A future of the task's encoded result."""
        job = _Job(task)
        self._jobs.add(job)
        self._send(job)
        return job.answer

    def wait(self, futures: list[Future]) -> None:
        """Come back when one of the futures may be done, or a short time later."""
        sent = [one for job in self._jobs for one in job.sent]
        if sent:
            with suppress(TimeoutError, CancelledError, OSError), self._client.as_current():
                wait(sent, timeout=PAUSE, return_when="FIRST_COMPLETED")
        else:
            time.sleep(PAUSE)
        self._look()

    def _look(self) -> None:
        """Take in what has come back, and see that all that is out can still come back."""
        try:
            for job in list(self._jobs):
                self._take(job)
            if time.monotonic() - self._looked > PAUSE:
                self._looked = time.monotonic()
                self._meet_workers()
                self._see_that_somebody_works()
                self._mend()
        except (OSError, CancelledError):
            self._reconnect()

    def _send(self, job: _Job, without: set[str] = frozenset()) -> None:
        places = self._admitted.keys() - without
        if places:
            job.places |= places
            job.since = job.since or time.monotonic()
            job.sent.append(self._ask(perform_there, checks_version(), job.task, places=places))

    def _ask(self, function, *arguments, places, priority: int = 0) -> Sent:
        return self._client.submit(
            function,
            *arguments,
            key=f"{function.__name__}-{uuid.uuid4().hex}",
            workers=list(places),
            priority=priority,
            pure=False,
        )

    def _take(self, job: _Job) -> None:
        for sent in [sent for sent in job.sent if sent.done()]:
            job.sent.remove(sent)
            if sent.status == "finished":
                result, refusal = sent.result()
                if result is not None:
                    self._took.append(time.monotonic() - job.since)
                    self._finish(job).set_result(result)
                    return
                self._leave_out_for(refusal)
            elif sent.status == "error":
                error = sent.exception()
                if not isinstance(error, KilledWorker):
                    self._finish(job).set_exception(error)
                    return
                job.deaths += 1
            if job.deaths >= MAX_DEATHS:
                self._finish(job).set_exception(
                    NotGraded(f"{job.deaths} workers ended while it was judged.")
                )
                return

    def _finish(self, job: _Job) -> Future:
        self._jobs.discard(job)
        for sent in job.sent:
            sent.release()
        return job.answer

    def _leave_out_for(self, refusal: str) -> None:
        """A worker refused, and did not say who it is: everybody is asked again."""
        self._remark(f"A worker refused: {refusal}.")
        self._workers.clear()
        self._proofs.clear()

    def _meet_workers(self) -> None:
        present = self._client.scheduler_info()["workers"]
        for address in self._workers.keys() - present.keys():
            gone = self._workers.pop(address)
            if self._proofs.get(gone.machine, []) is None and gone.question:
                del self._proofs[gone.machine]
        for address in present.keys() - self._workers.keys():
            worker = _Worker(address, present[address]["nthreads"])
            worker.question = self._ask(introduce, places=[address], priority=10)
            self._workers[address] = worker
        for worker in self._workers.values():
            if worker.question and worker.question.done():
                self._hear(worker)
            elif worker.machine and not worker.question and not worker.reason:
                self._admit(worker)

    def _hear(self, worker: _Worker) -> None:
        """Take in what a worker answered."""
        question, worker.question = worker.question, None
        if question.status != "finished":
            error = question.exception() if question.status == "error" else None
            if error is None or isinstance(error, KilledWorker):
                del self._workers[worker.address]  # If it is still there, it is met again.
            else:
                text = f"{type(error).__name__}: {error}".splitlines()[0]
                self._leave_out(worker, f"it cannot use this version of the course ({text})")
            return
        answer = question.result()
        if isinstance(answer, list):
            self._proofs[worker.machine] = answer
        elif answer["version"] != checks_version():
            self._leave_out(worker, "it has another version of the course; install the same there")
            return
        else:
            worker.machine, worker.name = answer["machine"], answer["name"]
        self._admit(worker)

    def _admit(self, worker: _Worker) -> None:
        """Let a worker take tasks once its machine's walls are proven, by itself or a neighbour."""
        if worker.admitted:
            return
        if not self._walls:
            worker.admitted = True
        elif worker.machine not in self._proofs:
            self._proofs[worker.machine] = None
            worker.question = self._ask(prove, places=[worker.address], priority=10)
        elif (missing := self._proofs[worker.machine]) is not None:
            worker.admitted = not missing
            if missing:
                self._leave_out(worker, f"its walls do not hold ({'; '.join(missing)})")

    def _leave_out(self, worker: _Worker, reason: str) -> None:
        worker.reason = reason
        who = f"{worker.name} at {worker.address}" if worker.name else worker.address
        self._remark(f"The worker {who} is left out: {reason}.")

    def _remark(self, sentence: str) -> None:
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def _mend(self) -> None:
        """Send again what nobody has any more, and what somebody has had for too long."""
        now, idle = time.monotonic(), len(self._jobs) < self.capacity // 2
        usual = statistics.median(self._took[-100:]) if self._took else self._patience
        slow = min(self._patience, max(SLOW_SECONDS, SLOW * usual) if idle else self._patience)
        holders: dict[str, str] = {}
        for job in self._jobs:
            if job.sent and not job.places & self._workers.keys():
                for sent in job.sent:
                    sent.release()
                job.sent.clear()
            if not job.sent:
                job.places.clear()
                self._send(job)
            elif len(job.sent) == 1 and now - job.since > slow:
                holders = holders or self._holders()
                self._send(job, without={holders.get(job.sent[0].key, "")})

    def _holders(self) -> dict[str, str]:
        processing = self._client.processing()
        return {key: address for address, keys in processing.items() for key in keys}

    def _reconnect(self) -> None:
        """Find the scheduler again, and send everything that is out once more."""
        self._close()
        deadline = time.monotonic() + ABSENT_SECONDS
        while True:
            try:
                self._client = self._connect()
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise Problem(
                        f"The Dask scheduler at {self.address} is gone: start it again, and run "
                        "this again: it goes on where it stopped."
                    ) from None
        self._workers.clear()
        self._proofs = {name: proof for name, proof in self._proofs.items() if proof is not None}
        for job in self._jobs:
            job.sent.clear()
        self._looked = 0.0

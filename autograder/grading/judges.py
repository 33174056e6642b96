"""Who does the judge's tasks: threads of this process, whose rooms come from one warm process."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor

from autograder.preprocessors import Judge
from autograder.tasks import perform


class LocalJudges:
    """A context manager that keeps `workers` rooms busy.

    Leaving it before all is done ends the rooms, and with them what is still running.
    """

    def __init__(self, judge: Judge, workers: int | None = None):
        self.workers = workers or os.cpu_count() or 1
        self._sandbox = judge.sandbox
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="judge")

    def __enter__(self) -> LocalJudges:
        with self._sandbox.open():  # Where no room can be built, nobody's grading starts.
            pass
        return self

    def __exit__(self, kind, *problem) -> None:
        self._pool.shutdown(wait=kind is None, cancel_futures=True)
        if kind is not None:
            self._sandbox.close()

    @property
    def capacity(self) -> int:
        """How many tasks keep everybody busy, those that wait for their turn among them."""
        return 2 * self.workers

    def submit(self, task: bytes) -> Future[bytes]:
        """A future of the task's encoded result."""
        return self._pool.submit(perform, task)

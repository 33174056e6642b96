"""Who does the judge's tasks: threads of this process, whose rooms come from one warm process."""

from __future__ import annotations

import gc
import os
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack

from autograder.assessment import single_threaded
from autograder.preprocessors import Judge
from autograder.tasks import perform

# A room waits while its answers are compared, which is done for one room at a time.
ROOMS_A_CORE = 3
MOST_ROOMS = 12


class LocalJudges:
    """A context manager that keeps `workers` rooms busy.

    Leaving it before all is done ends the rooms, and with them what is still running.
    """

    def __init__(self, judge: Judge, workers: int | None = None):
        self.workers = workers or min(ROOMS_A_CORE * (os.cpu_count() or 1), MOST_ROOMS)
        self._sandbox = judge.sandbox
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="judge")
        self._settings = ExitStack()
        self.remarks: list[str] = []

    def __enter__(self) -> LocalJudges:
        with self._sandbox.open():  # Where no room can be built, nobody's grading starts.
            pass
        self._settings.enter_context(single_threaded())
        # What is loaded by now stays: looking through it time and again is a tenth of the work.
        gc.collect()
        gc.freeze()
        return self

    def __exit__(self, kind, *problem) -> None:
        gc.unfreeze()
        self._settings.close()
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

    def wait(self, futures: list[Future]) -> None:
        """Come back when one of the futures is done."""
        wait(futures, return_when=FIRST_COMPLETED)

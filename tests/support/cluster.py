"""A Dask cluster of the tests' own, in processes of this machine, and `autograder grade` on it.

Each worker is what `dask worker` starts: a nanny, the worker process, and the warm process that
rooms are forked from. A test may kill, stop and replace all of them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from distributed import Client

from tests.sandbox.conftest import find_processes
from tests.support.postgres import free_port

PATIENCE = 240
# Settings of autograder.run.cluster come first, as NAME=VALUE, then the command's arguments.
GRADE = """
import sys
from autograder.cli import main
from autograder.run import cluster
while "=" in sys.argv[1]:
    name, value = sys.argv.pop(1).split("=")
    assert hasattr(cluster, name)
    setattr(cluster, name, float(value))
main()
"""


def until(happens: Callable[[], object], what: str) -> object:
    """What `happens` returns once that is true."""
    deadline = time.monotonic() + PATIENCE
    while not (result := happens()):
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)
    return result


class Worker:
    """A nanny with its worker process of two threads, in a session of their own.

    launcher   a program that executes what follows it, with its arguments
    variables  of the environment
    """

    def __init__(self, address: str, folder: Path, name: str, launcher=(), variables=None):
        self.name = name
        options = ["--nthreads", "2", "--memory-limit", "0", "--no-dashboard", "--name", name]
        options += ["--host", "127.0.0.1", "--local-directory", str(folder)]
        with open(folder / f"{name}.log", "ab") as log:
            self._nanny = subprocess.Popen(
                [*launcher, sys.executable, "-m", "distributed.cli.dask_worker", address, *options],
                stdout=log,
                stderr=log,
                cwd=folder,
                env={**os.environ, **(variables or {})},
                start_new_session=True,
            )

    @property
    def process(self) -> int | None:
        """The id of the worker process beneath the nanny; None where there is none just now."""
        try:
            for child in psutil.Process(self._nanny.pid).children():
                if not any("resource_tracker" in word for word in child.cmdline()):
                    return child.pid
        except psutil.Error:
            pass
        return None

    def signal(self, number: int) -> bool:
        """Send a signal to the worker process alone; whether there was one."""
        process = self.process
        if process:
            os.kill(process, number)
        return bool(process)

    def kill(self) -> None:
        """End the nanny, its worker and all of its rooms at once, as the loss of a machine does."""
        process = self.process
        try:
            os.killpg(self._nanny.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._nanny.wait()
        if process:
            until(lambda: not find_processes(process), "the rooms' warm process ended")


class Cluster:
    """A scheduler on a free port of this machine, and its workers."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.workers: list[Worker] = []
        self._scheduler: subprocess.Popen | None = None
        self._started = 0

    def __enter__(self) -> Cluster:
        self.start_scheduler()
        return self

    def __exit__(self, *problem) -> None:
        self.kill_scheduler()
        while self.workers:
            self.workers.pop().kill()

    def start_scheduler(self) -> None:
        """Start it where it was before."""
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"]
        with open(self.folder / "scheduler.log", "ab") as log:
            self._scheduler = subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_scheduler", *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )

    def kill_scheduler(self) -> None:
        """End it, with all that it knows."""
        self._scheduler.kill()
        self._scheduler.wait()

    def add(self, name: str = "", launcher=(), variables=None) -> Worker:
        """Start one more worker."""
        self._started += 1
        name = name or f"worker-{self._started}"
        self.workers.append(Worker(self.address, self.folder, name, launcher, variables))
        return self.workers[-1]

    def replace(self, worker: Worker) -> Worker:
        """Let a worker's machine be lost, and start another one elsewhere."""
        worker.kill()
        self.workers.remove(worker)
        return self.add()

    def tasks(self) -> list:
        """What the workers have in hand."""
        with Client(self.address, set_as_default=False) as client:
            return [key for keys in client.processing().values() for key in keys]

    def wait_for(self, count: int) -> dict[str, str]:
        """The addresses of the workers by name, once there are so many."""
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=PATIENCE)
            found = client.scheduler_info()["workers"]
        return {worker["name"]: address for address, worker in found.items()}


class Grade:
    """`autograder grade --json` at work in a course folder, in a process of its own.

    settings  of autograder.run.cluster, in seconds
    """

    def __init__(self, root: Path, cluster: Cluster | str, *arguments: str, **settings: float):
        address = cluster if isinstance(cluster, str) else cluster.address
        set_ = [f"{name}={value}" for name, value in settings.items()]
        options = ["--json", "--scheduler", address]
        self._out, self._errors = root.parent / "out", root.parent / "errors"
        with open(self._out, "wb") as out, open(self._errors, "wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-c", GRADE, *set_, "grade", *options, *arguments],
                cwd=root,
                stdout=out,
                stderr=errors,
                # A shell's background jobs, such as a CI's, ignore Ctrl-C.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    def __enter__(self) -> Grade:
        return self

    def __exit__(self, *problem) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def lines(self) -> list[dict]:
        """What it has said so far, a line a submission."""
        return [json.loads(line) for line in self._out.read_text().splitlines(True) if "\n" in line]

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def reach(self, count: int) -> None:
        """Wait until so many submissions are graded; it must not be done by then."""
        until(lambda: self.ended or len(self.lines) >= count, f"{count} are graded")
        assert not self.ended, self._errors.read_text()

    def interrupt(self) -> None:
        """As Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)

    def finish(self) -> tuple[int, str]:
        """Wait for its end; the exit status and what it said on stderr."""
        try:
            status = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGABRT)
            raise
        return status, self._errors.read_text()

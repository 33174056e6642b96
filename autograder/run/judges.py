"""What does the judge's tasks, wherever it is: on this machine or on others."""

from __future__ import annotations

from concurrent.futures import Future
from types import TracebackType
from typing import Protocol, Self


class Judges(Protocol):
    """Takes encoded tasks and gives back encoded results; a context manager.

    Leaving it because of an exception ends what is still being judged.
    """

    remarks: list[str]  # what an instructor should know afterwards, one sentence each
    traces: list[str]  # the tracebacks behind them, for whoever maintains the course

    @property
    def capacity(self) -> int:
        """Return how many tasks keep everybody busy, those that wait for their turn among them."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def submit(self, task: bytes) -> Future[bytes]:
        """Start on an encoded task; the future gives its encoded result."""

    def wait(self, futures: list[Future[bytes]]) -> None:
        """Come back when one of the futures is done."""

"""The room of one submission: cells are run in it and functions called, under the clock."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, TypeVar

import numpy as np

from autograder.errors import Lost, SandboxUnavailable
from autograder.sandbox import outputs, wire, words
from autograder.sandbox.clock import PATIENCE
from autograder.sandbox.limits import Limits
from autograder.sandbox.outputs import Output
from autograder.sandbox.room_process import Ended, Reply, RoomProcess
from autograder.sandbox.wire import Answer

FILES_SECONDS = 20.0
# Each has its own seconds: the cells of the student's own; the course's cells and the calls of
# their functions; what is run again after a death.
PURSES = OWN, COURSE, AGAIN = "own cells", "the course's cells", "again"
MAX_LOST_WARM = 3

T = TypeVar("T")
Call = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass
class Ran:
    """What running a cell came to.

    `status` is "ok", "raised", "timed out" or "died"; `outputs` are output dicts of nbformat 4,
    bounded in size and number.
    """

    status: str
    outputs: list[Output] = field(default_factory=list)


class Room:
    """A context manager. Its methods never raise for what the student's code does.

    They raise SandboxUnavailable where the machine can no longer build rooms. The room is for
    one thread at a time.
    """

    def __init__(
        self, enter: Callable[[], RoomProcess], limits: Limits, files: Mapping[str, bytes]
    ):
        self._enter = enter
        self._limits = limits
        self._files = {
            checked_name(name): np.frombuffer(bytes(content), np.uint8)
            for name, content in files.items()
        }
        if sum(content.size for content in self._files.values()) > limits.disk_bytes:
            raise ValueError("the files are larger than the disk of a room")
        self._left = dict.fromkeys(PURSES, limits.notebook_seconds)
        self._purse = COURSE
        self._replay: list[str] = []
        # The room's process while there is one.
        self._child: RoomProcess | None = None
        # Whether something was stopped that may have been slow only because others were at work.
        self.hurried = False
        try:
            self._rebuild()
        except Lost:
            raise SandboxUnavailable("A room ended while its files were written.") from None

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process of the room and remove its folder."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    @property
    def seconds_left(self) -> float:
        """Return the seconds of processor time that are left for what is being done."""
        return self._left[self._purse]

    def run(self, source: str, own: bool = False) -> Ran:
        """Run one cell as a notebook would.

        own  whether it is a cell of the student's own, whose time is not taken from the others'
        """
        # A notebook's JSON can hold unpaired surrogates, which no source text can.
        source = source.encode("utf-8", "replace").decode("utf-8")
        self._purse = OWN if own else COURSE
        try:
            status, shown = self._retry(lambda: self._run(source))
        except Lost as lost:
            status, shown = self._lost(lost)
        if status in ("ok", "raised"):
            self._replay.append(source)
        return Ran(status, shown)

    def probe(self, expression: str, calls: Sequence[Call]) -> list[Answer]:
        """Evaluate `expression` in the student's namespace, and call what it gives.

        `calls` are (args, kwargs) of plain data; each call gets copies of its own. Returns one
        Answer per call, in the same order. After a call that times out, the remaining calls are
        not made: they would eat the time of the other cells. Each of them also counts as timed
        out. Raises WireError where `calls` is no plain data.
        """
        sent = [_encoded(args, kwargs) for args, kwargs in calls]
        answers: list[Answer] = []
        self._purse = COURSE
        while len(answers) < len(calls):
            try:
                failure = self._retry(lambda: self._choose(expression))
            except Lost as lost:
                failure = self._unanswered(lost)
            if failure is not None:
                answers += [failure] * (len(calls) - len(answers))
            # As long as the process lives, the function chosen in it does.
            while len(answers) < len(calls) and self._child is not None:
                try:
                    # What was answered before one is lost counts.
                    for answer in self._call_each(sent[len(answers) :]):
                        answers.append(answer)
                except Lost as lost:
                    if not lost.blameless:
                        answers.append(self._unanswered(lost))
                if answers and answers[-1].kind == "timed out":
                    answers += answers[-1:] * (len(calls) - len(answers))
        return answers

    def kept(self, names: list[str]) -> set[str]:
        """Return those of `names` that stand for what they stood for when they were last probed, as
        far as the room says; none after a process of it ended."""
        self._purse = COURSE
        try:
            self._rebuild()
            seconds = self._limits.probe_seconds
            (kept,), _ = self._ask("kept", names, seconds=seconds, fields=1)
        except Lost:
            return set()
        return set(names).intersection(name for name in kept if type(name) is str)

    @contextmanager
    def copy(
        self, names: list[str], channel: socket.socket, why: Callable[[], Lost]
    ) -> Iterator[Callable[[str, Sequence[Call]], list[Answer]]]:
        """Yield a copy of the room as it stands, with stand-ins in the places of `names`; what it
        gives does there what `probe` does here.

        The copy ends with it, and leaves nothing in the room.

        channel  what stand-ins ask over, the frames of `inside/stand_ins.py`; it is the copy's
                 alone afterwards
        why      says why a copy ended that had no answer there
        """
        over: list[Answer] = []  # What everything is answered with once the copy is gone.

        def within(step: Callable[[], T]) -> T | None:
            try:
                return step()
            except Ended:
                over.append(self._unanswered(why()))
            except Lost as lost:
                self._drop()
                over.append(self._unanswered(lost))
            return None

        def enter() -> None:
            self._rebuild().part()
            seconds = self._limits.probe_seconds
            self._ask("stand in", names, seconds=seconds, fields=0, handed=channel)

        def probe(expression: str, calls: Sequence[Call]) -> list[Answer]:
            encoded = [_encoded(args, kwargs) for args, kwargs in calls]
            answers: list[Answer] = []

            def put() -> Answer | None:
                failure = self._choose(expression)
                if failure is not None:
                    return failure
                for answer in self._call_each(encoded):
                    answers.append(answer)
                    if answer.kind == "timed out":
                        # What answers there may have been slow because others were at work.
                        self.hurried = True
                        return answer
                return None

            failure = None if over else within(put)
            missing = over[0] if over else failure
            return answers + [missing for _ in calls[len(answers) :] if missing is not None]

        self._purse = COURSE
        with channel:
            within(enter)
        try:
            yield probe
        finally:
            if not over and self._child is not None:
                within(self._child.rejoin)

    def _retry(self, step: Callable[[], T]) -> T:
        """Return the result of `step`, tried again where the warm process ended beneath it."""
        for _ in range(MAX_LOST_WARM):
            try:
                return step()
            except Lost as lost:
                if not lost.blameless:
                    raise
        return step()

    def _run(self, source: str) -> tuple[str, list[Output]]:
        self._rebuild()
        (status, count, claims), late = self._ask(
            "run", source, seconds=self._limits.cell_seconds, fields=3
        )
        if status not in ("ok", "raised"):
            self._drop()
            raise Lost(False)
        count = count if type(count) is int and 0 < count < 10**6 else None
        shown = outputs.from_claims(claims, count, self._limits.output_bytes)
        if late:
            shown = [output for output in shown if output["output_type"] != "error"]
            status, stopped = self._lost(Lost(True, late))
            shown += stopped
        return status, shown

    def _choose(self, expression: str) -> Answer | None:
        self._rebuild()
        (failure,), late = self._ask(
            "choose", expression, seconds=self._limits.probe_seconds, fields=1
        )
        if late:
            return self._unanswered(Lost(True, late))
        return None if failure is None else self._answer(failure)

    def _call_each(self, calls: Sequence[np.ndarray]) -> Iterator[Answer]:
        """Yield the answers of the chosen function to encoded calls, down to one that is late."""

        def seconds() -> float:
            return min(self._limits.probe_seconds, self.seconds_left)

        with closing(self._process.ask_each(calls, seconds, wire.MAX_BYTES + 2**20)) as replies:
            for _ in calls:
                self._see_that_time_is_left()
                (fields,), late = self._take(lambda: next(replies), fields=1)
                if late:
                    yield self._unanswered(Lost(True, late))
                    return
                yield self._answer(fields)

    def _answer(self, fields: object) -> Answer:
        try:
            answer = Answer.from_plain(fields)
        except wire.WireError:
            answer = None
        if answer is None or answer.kind not in ("value", "raised", "unreadable"):
            self._drop()
            raise Lost(False)
        return answer

    def _ask(
        self,
        verb: str,
        *arguments: object,
        seconds: float,
        fields: int,
        handed: socket.socket | None = None,
    ) -> Reply:
        """Return the reply's fields and why it came late, if it did, within the time that is
        left."""
        self._see_that_time_is_left()
        process, seconds = self._process, min(seconds, self.seconds_left)
        size = 8 * self._limits.output_bytes + 2**20

        def hear() -> Reply:
            return process.ask(verb, *arguments, seconds=seconds, max_bytes=size, handed=handed)

        return self._take(hear, fields)

    def _see_that_time_is_left(self) -> None:
        if self.seconds_left <= 0:
            self.hurried = True
            raise Lost(True, "notebook")

    def _take(self, hear: Callable[[], Reply], fields: int) -> Reply:
        """Return what `hear` hears of the room's process: the fields of a reply, and why it came
        late."""
        process = self._process
        try:
            reply, late = hear()
            if len(reply) != fields:
                raise Lost(bool(late), late)
        except Ended:
            raise
        except BaseException as problem:
            # After an interrupt of the grading process, too, what comes next would be out of step.
            self._drop()
            if isinstance(problem, Lost):
                problem.blameless = not problem.timed_out and not process.owner.alive()
                self._note(problem.why)
            raise
        finally:
            self._left[self._purse] -= process.spent
        self._note(late)
        return reply, late

    def _note(self, why: str) -> None:
        if why == "computed" or (why and self.seconds_left <= 0):
            self.hurried = True

    def _rebuild(self) -> RoomProcess:
        """See that there is a process in which every cell so far has run."""
        while self._child is None:
            if self.seconds_left <= 0:
                raise Lost(True, "notebook")
            self._child = self._enter()
            purse, self._purse = self._purse, AGAIN
            try:
                self._ask("files", self._files, seconds=FILES_SECONDS, fields=0)
                self._run_again()
            except Lost:
                self._drop()
                raise
            finally:
                self._purse = purse
        return self._child

    def _run_again(self) -> None:
        for source in list(self._replay):
            try:
                _, late = self._ask("run", source, seconds=self._limits.cell_seconds, fields=3)
            except Lost as lost:
                if lost.why == "notebook":
                    raise
                if not lost.blameless:
                    self._replay.remove(source)
                return
            if late:
                self._replay.remove(source)

    @property
    def _process(self) -> RoomProcess:
        """Return the room's process; whoever asks it has seen that there is one."""
        assert self._child is not None
        return self._child

    def _drop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _unanswered(self, lost: Lost) -> Answer:
        """Return the answer to a call that none came to."""
        if not lost.timed_out:
            return Answer("died", text=words.CALL_ENDED)
        if lost.why == "notebook" or self.seconds_left <= 0:
            return Answer("timed out", error=wire.NO_TIME_LEFT, text=words.CALL_NOT_MADE)
        seconds = self._limits.probe_seconds
        if lost.why == "slept":
            said = words.CALL_SLEPT.format(seconds=PATIENCE * seconds)
        else:
            said = words.CALL_COMPUTED.format(seconds=seconds)
        return Answer("timed out", text=said)

    def _lost(self, lost: Lost) -> tuple[str, list[Output]]:
        """Return the status and the outputs of a cell that did not come to its end."""
        if not lost.timed_out:
            return "died", [outputs.error("ProcessEnded", words.CELL_ENDED)]
        seconds, own = self._limits.cell_seconds, self._purse == OWN
        if lost.why == "notebook":
            said = words.OWN_CELL_NOT_RUN if own else words.CELL_NOT_RUN
        elif self.seconds_left <= 0:
            said = words.OWN_CELL_STOPPED if own else words.CELL_STOPPED
        elif lost.why == "slept":
            said = words.CELL_SLEPT.format(seconds=PATIENCE * seconds)
        else:
            said = words.CELL_COMPUTED.format(seconds=seconds)
        return "timed out", [outputs.error("TimeoutError", said)]


def _encoded(args: tuple[Any, ...], kwargs: dict[str, Any]) -> np.ndarray:
    """Return a call as bytes, which a room decodes when its turn comes. WireError for no plain
    data."""
    return np.frombuffer(wire.encode((tuple(args), dict(kwargs))), np.uint8)


def checked_name(name: str) -> str:
    """Return `name` of a file of the room: a relative path that stays in it. Raises ValueError."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.name or "\0" in str(name):
        raise ValueError(f"a file of a room has a relative path, not {wire.printable(name, 100)!r}")
    return str(path)

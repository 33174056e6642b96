"""The references' answers to what stand-ins ask, from processes that hold no student's code.

A room asks for the answer of a right function to arguments that a student chose. They may be such
that a reference never ends or fills the memory, so it is called in a process that may be lost: it
is forked from a keeper, and the keeper from this process while it has one thread only, with the
references imported. What crosses is plain data, as between a room and the judge.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.errors import Lost
from autograder.exercises import NOTEBOOKS, exercise, notebook
from autograder.judge.trial import unwarned
from autograder.sandbox import wire
from autograder.sandbox.clock import PATIENCE
from autograder.sandbox.inside.stand_ins import Packed, Unpacked, exception, raised, state_of

# Of one trial. An honest answer that trains a network asks some thousand times. Seconds are those
# of the processor, so that a grade does not depend on who else is graded.
MOST_QUESTIONS = 100_000
MOST_BYTES = 256 * 2**20
MOST_SECONDS = 10.0
# Of one answer.
ANSWER_SECONDS = 5.0
MEMORY_BYTES = 2**30
# Of the numbers of notebooks in one message.
MOST_NUMBERS = 1024


@dataclass(frozen=True)
class End:
    """How answering for one trial ended.

    void  a stand-in was asked with something that cannot be sent: what the trial came to says
          nothing about the student's function
    over  the bounds were reached, or nobody answers any more
    """

    void: bool
    over: bool


class StandInAnswers:
    """Answers for the stand-ins of one trial: the process that does, and the end of its channel
    that goes into the copy of the room."""

    def __init__(self, process: AnsweringProcess, channel: socket.socket):
        self._process = process
        self._end: End | None = None
        self.channel = channel

    def ended(self) -> End:
        """End it, where it has not ended yet: how it did."""
        if self._end is None:
            try:
                self._end = self._process.end()
            except Lost:
                self._end = End(void=False, over=True)
        return self._end

    def why(self) -> Lost:
        """Why a copy of the room ended before its time: it does where nobody answers."""
        return Lost(self.ended().over)


def _refusal(text: str) -> tuple:
    return "raised", "RuntimeError", (text,)


class AnsweringProcess:
    """This process's end of the channel to one that answers.

    numbers  of the notebooks whose references it has ready, such as "01"
    """

    def __init__(self, control: socket.socket, numbers: frozenset[str]):
        self._control, self.numbers = control, numbers
        self.alive = True

    def begin(self, names: Mapping[str, str]) -> socket.socket:
        """Let it answer for the stand-ins of one trial; the end of the channel they ask over.

        names  the ids of the exercises that have one, by the names of their functions
        """
        asking, answering = socket.socketpair()
        with answering:
            try:
                socket.send_fds(self._control, [b"."], [answering.fileno()])
                wire.send(self._control, dict(names), time.monotonic() + PATIENCE * ANSWER_SECONDS)
            except (OSError, wire.Closed):
                asking.close()
                self.close()
                raise Lost(True) from None
        return asking

    def end(self) -> End:
        """Let it answer no more until the next trial. Lost where the process is gone or busy."""
        deadline = time.monotonic() + PATIENCE * ANSWER_SECONDS
        try:
            wire.send(self._control, None, deadline)
            return End(*wire.receive(self._control, deadline=deadline))
        except (OSError, wire.WireError, TypeError):
            self.close()
            raise Lost(True) from None

    def close(self) -> None:
        """End it."""
        self.alive = False
        self._control.close()


class AnsweringProcesses:
    """The keeper of this process, started when it is first needed, or by `start` before that.

    There is one fork of this process, whatever is asked for later: where it has several threads, a
    copy of it may wait for ever for what another of them held.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._idle: list[AnsweringProcess] = []

    def start(self, numbers: Iterable[str]) -> None:
        """Start the keeper with the references of the notebooks of these numbers, such as "01";
        best while this process has one thread."""
        with self._lock:
            if self._control is None:
                _load(numbers)
                self._control = _forked(_keep)

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        self._control = None
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def stand_ins(self, names: Mapping[str, str]) -> Iterator[StandInAnswers]:
        """Yield what answers for the stand-ins of one trial, by `names`; Lost where no process
        starts."""
        numbers = frozenset(id[:2] for id in names.values())
        self.start(numbers)
        with self._lock:
            fitting = [process for process in self._idle if numbers <= process.numbers]
            if fitting:
                process = fitting[-1]
                self._idle.remove(process)
            else:
                process = self._another(numbers)
        keeper = self._control
        stand_ins = StandInAnswers(process, process.begin(names))
        try:
            with stand_ins.channel:
                yield stand_ins
        finally:
            stand_ins.ended()
            with self._lock:
                if process.alive and self._control is keeper:
                    self._idle.append(process)
                else:
                    process.close()

    def _another(self, numbers: frozenset[str]) -> AnsweringProcess:
        if self._control is None:
            raise Lost(True)
        outer, inner = socket.socketpair()
        with inner:
            try:
                socket.send_fds(
                    self._control, [b" ".join(sorted(map(str.encode, numbers)))], [inner.fileno()]
                )
            except OSError:
                outer.close()
                self._end()
                raise Lost(True) from None
        return AnsweringProcess(outer, numbers)


answering_processes = AnsweringProcesses()


def _load(numbers: Iterable[str]) -> None:
    """Import the references of the notebooks of these numbers."""
    wanted = frozenset(numbers)
    for assignment in NOTEBOOKS:
        if assignment[:2] in wanted:
            notebook(assignment)


def _forked(work: Callable[[socket.socket], None]) -> socket.socket:
    """Return the channel to a new process, a fork of this one, that does `work` with the other
    end."""
    outer, inner = socket.socketpair()
    if os.fork() == 0:
        with suppress(BaseException):
            _leave_only(inner)
            work(inner)
        os._exit(0)
    inner.close()
    return outer


def _leave_only(channel: socket.socket) -> None:
    """Close every descriptor but `channel`, so that nobody's end of anything is kept open here."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, channel.fileno())
    os.closerange(channel.fileno() + 1, 2**16)


def _keep(control: socket.socket) -> None:
    """Fork a process that answers for every channel that comes in, with the numbers of the
    notebooks that it is asked about, until `control` closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for those that ended.
    control.setblocking(True)
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MOST_NUMBERS, 1)
        if not message:
            return
        channel = socket.socket(fileno=descriptors[0])
        _load(message.decode().split())
        if os.fork() == 0:
            control.close()
            _limit()
            with suppress(wire.Closed, wire.WireError):
                _Answers(channel).serve()
            os._exit(0)
        channel.close()


def _limit() -> None:
    # A module that Windows lacks, where nobody forks.
    import resource

    with open("/proc/self/statm") as file:
        pages = int(file.read().split()[0])
    space = pages * resource.getpagesize() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    # What is sent to a channel whose other end is gone says so by itself.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)


class _Over(BaseException):
    """What a trial's stand-ins may ask is used up, or they ask what cannot be."""


class _Answers:
    """Answers for one trial after the other, each over a channel of its own, which comes with the
    names of its stand-ins through `control`. A call that takes too long ends the process."""

    def __init__(self, control: socket.socket):
        self._control = control

    def serve(self) -> None:
        """Answer until `control` closes."""
        with unwarned(), np.errstate(all="ignore"):
            while True:
                self._control.setblocking(True)
                message, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
                if not message:
                    return
                with socket.socket(fileno=descriptors[0]) as channel:
                    end = self._trial(wire.receive(self._control), channel)
                # The other end has it, or asks for it when the trial has ended there as well.
                wire.receive(self._control)
                wire.send(self._control, (end.void, end.over))

    def _trial(self, names: dict[str, str], channel: socket.socket) -> End:
        self._names, self._channel = names, channel
        self._questions = self._bytes = 0
        self._void = False
        self._ends = time.process_time() + MOST_SECONDS
        try:
            while True:
                wire.send(channel, self._answer(self._hear()))
        except (_Over, wire.WireError):
            return End(self._void, over=True)
        except wire.Closed:
            pass
        return End(self._void, over=False)

    def _hear(self) -> tuple:
        """Return the next frame. Raises Closed where the trial has ended."""
        data = wire.receive_bytes(self._channel, alive=self._control.fileno())
        self._questions += 1
        self._bytes += len(data)
        if self._questions > MOST_QUESTIONS or self._bytes > MOST_BYTES:
            raise _Over
        frame = wire.decode(data)
        if time.process_time() >= self._ends:
            raise _Over
        if type(frame) is not tuple or not frame:
            raise wire.WireError("no question")
        return frame

    def _answer(self, frame: tuple) -> tuple:
        kind, *fields = frame
        if kind == "void":
            self._void = True
            return _refusal("this cannot be passed on")
        if kind != "ask" or len(fields) != 4:
            raise wire.WireError("no question")
        name, plain, letters, upstream = fields
        if type(name) is not str or name not in self._names:
            return _refusal("no right function is there for this name")
        try:
            arguments = Unpacked(plain, letters, wire, self._function)
            args, kwargs = arguments.value
            self._start_clock()
            right = exercise(self._names[name]).reference
            # A function of PyTorch's is a class, and called by another name.
            value = getattr(right, "apply", right)(*args, **kwargs)
            if upstream is not None:
                value = _gradients(value, arguments.leaves, upstream)
            packed = Packed(value, wire, functions_allowed=False)
        except (wire.WireError, wire.Closed):
            raise
        except Exception as problem:
            return "raised", *raised(problem, wire)
        finally:
            self._stop_clock()
        return "value", *packed.fields, [state_of(random) for random in arguments.generators]

    def _function(self, number: int) -> Callable:
        """Return a function of the room, which is called there."""

        def call(*args: object) -> Any:
            self._stop_clock()
            packed = Packed(args, wire, functions_allowed=False)
            reply = ("call", number, *packed.fields)
            while True:
                wire.send(self._channel, reply)
                kind, *fields = frame = self._hear()
                if kind in ("ask", "void"):
                    reply = self._answer(frame)
                    continue
                self._start_clock()
                if kind == "threw":
                    raise exception(*fields)
                plain, letters = fields
                return Unpacked(plain, letters, wire).value

        return call

    def _start_clock(self) -> None:
        left = self._ends - time.process_time()
        signal.setitimer(signal.ITIMER_PROF, max(min(ANSWER_SECONDS, left), 0.001))

    def _stop_clock(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _gradients(value: Any, leaves: list, upstream: list) -> list:
    """Return the gradients of the leaves, an array or None each, for those that come from above."""
    import torch

    outer: list = []

    def collect(part: Any) -> None:
        if isinstance(part, (list, tuple)):
            for item in part:
                collect(item)
        elif isinstance(part, dict):
            collect(list(part.values()))
        elif isinstance(part, torch.Tensor) and part.requires_grad:
            outer.append(part)

    collect(value)
    above = [torch.from_numpy(array) for array in upstream]
    found = torch.autograd.grad(outer, leaves, above, allow_unused=True)
    return [None if part is None else part.numpy() for part in found]

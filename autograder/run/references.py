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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import numpy as np

from autograder.errors import Lost
from autograder.exercises import exercise, notebook
from autograder.judge.trial import unwarned
from autograder.sandbox import wire
from autograder.sandbox.clock import PATIENCE
from autograder.sandbox.inside.stand_ins import Packed, Unpacked, exception, raised, state_of

# Of one trial. An honest answer that trains a network asks some thousand times. Seconds are those
# of the processor, so that a grade does not depend on who else is graded; as on a room, there is a
# limit on the time that passes behind them.
MOST_QUESTIONS = 100_000
MOST_BYTES = 256 * 2**20
MOST_SECONDS = 20.0
# Of one answer.
ANSWER_SECONDS = 5.0
MEMORY_BYTES = 2**30


class StandInAnswers:
    """Answers what the stand-ins of one trial ask: `answer` is for `Room.copy`.

    names  the exercises that have a stand-in: their ids, by the names of their functions
    void   a stand-in was asked with something that cannot be sent: what the trial came to says
           nothing about the student's function
    lost   there was an answer that nobody waited for: the process is of no more use
    """

    def __init__(self, names: Mapping[str, str], process: AnsweringProcess):
        self._names = names
        self._process = process
        self._questions = self._bytes = 0
        self._seconds = PATIENCE * MOST_SECONDS
        self.void = self.lost = False

    def answer(self, frame: tuple) -> tuple:
        """The frame that answers `frame`. Lost where the bounds are reached or nobody answers."""
        kind, *fields = frame
        if kind == "void":
            self.void = True
            return _refusal("this cannot be passed on")
        if kind == "ask":
            if not fields or type(fields[0]) is not str or fields[0] not in self._names:
                return _refusal("no right function is there for this name")
            frame = (kind, self._names[fields[0]], *fields[1:])
        sent = wire.Encoded(frame)
        self._questions += 1
        self._bytes += len(sent.data)
        started = time.monotonic()
        self.lost = True
        if self._questions > MOST_QUESTIONS or self._bytes > MOST_BYTES:
            raise Lost(True)
        if self._seconds <= 0:
            # With nobody else at work it may be quicker.
            raise Lost(True, "computed")
        told = self._process.ask(sent)
        # Until a function of the room has come back, the process waits for that.
        self.lost = told[0] == "call"
        self._seconds -= time.monotonic() - started
        return told


def _refusal(text: str) -> tuple:
    return "raised", "RuntimeError", (text,)


class AnsweringProcess:
    """This process's end of the channel to one that answers."""

    def __init__(self, channel: socket.socket):
        self._channel = channel

    def begin(self) -> None:
        """Give it the seconds of one trial; Lost where it is gone."""
        try:
            wire.send(self._channel, ("begin",), time.monotonic() + PATIENCE * ANSWER_SECONDS)
        except (OSError, wire.Closed):
            raise Lost(True) from None

    def ask(self, frame: wire.Encoded) -> tuple:
        """The frame that answers `frame`; Lost where the process is gone or too slow."""
        deadline = time.monotonic() + PATIENCE * ANSWER_SECONDS
        try:
            wire.send(self._channel, frame, deadline)
            return wire.receive(self._channel, deadline=deadline)
        except TimeoutError:
            raise Lost(True, "computed") from None
        except (wire.WireError, wire.Closed):
            raise Lost(True) from None

    def close(self) -> None:
        """End it."""
        self._channel.close()


class References:
    """The keeper of this process, started when it is first needed, or by `start` before that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._loaded = 0
        self._idle: list[AnsweringProcess] = []

    def start(self) -> None:
        """Start the keeper; best while this process has one thread, and the references in it."""
        with self._lock:
            loaded = notebook.cache_info().currsize
            if self._control is not None and loaded > self._loaded:
                # What it forks would have to import the other notebooks, each time.
                self._end()
            if self._control is None:
                self._control, self._loaded = _forked(_keep), loaded

    def _end(self) -> None:
        self._control.close()
        self._control = None
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def stand_ins(self, names: Mapping[str, str]) -> Iterator[StandInAnswers]:
        """What answers for the stand-ins of one trial, by `names`; Lost where no process starts."""
        self.start()
        with self._lock:
            process = self._idle.pop() if self._idle else self._another()
        stand_ins = StandInAnswers(names, process)
        keeper = self._control
        try:
            process.begin()
            yield stand_ins
        except BaseException:
            stand_ins.lost = True
            raise
        finally:
            with self._lock:
                if stand_ins.lost or self._control is not keeper:
                    process.close()
                else:
                    self._idle.append(process)

    def _another(self) -> AnsweringProcess:
        outer, inner = socket.socketpair()
        with inner:
            try:
                socket.send_fds(self._control, [b"."], [inner.fileno()])
            except OSError:
                outer.close()
                self._end()
                raise Lost(True) from None
        return AnsweringProcess(outer)


references = References()


def _forked(work: Callable[[socket.socket], None]) -> socket.socket:
    """The channel to a new process, a fork of this one, that does `work` with the other end."""
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
    """Fork a process that answers for every channel that comes in, until `control` closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for those that ended.
    control.setblocking(True)
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        channel = socket.socket(fileno=descriptors[0])
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


class _Answers:
    """Answers questions over one channel. A call that takes too long ends the process."""

    def __init__(self, channel: socket.socket):
        self._channel = channel
        self._left = MOST_SECONDS
        self._given = 0.0

    def serve(self) -> None:
        """Answer until the channel closes."""
        with unwarned(), np.errstate(all="ignore"):
            while True:
                frame = wire.receive(self._channel)
                if frame == ("begin",):
                    self._left = MOST_SECONDS
                else:
                    wire.send(self._channel, self._answer(frame))

    def _answer(self, frame: tuple) -> tuple:
        _, id, plain, letters, upstream = frame
        try:
            arguments = Unpacked(plain, letters, wire, self._function)
            args, kwargs = arguments.value
            self._start_clock()
            right = exercise(id).reference
            # A function of PyTorch's is a class, and called by another name.
            value = getattr(right, "apply", right)(*args, **kwargs)
            if upstream is not None:
                value = _gradients(value, arguments.leaves, upstream)
            packed = Packed(value, wire, functions_allowed=False)
        except wire.WireError:
            raise
        except Exception as problem:
            return "raised", *raised(problem, wire)
        finally:
            self._stop_clock()
        return "value", *packed.fields, [state_of(random) for random in arguments.generators]

    def _function(self, number: int) -> Callable:
        """A function of the room, which is called there."""

        def call(*args):
            self._stop_clock()
            packed = Packed(args, wire, functions_allowed=False)
            reply = ("call", number, *packed.fields)
            while True:
                wire.send(self._channel, reply)
                kind, *fields = frame = wire.receive(self._channel)
                if kind == "ask":
                    reply = self._answer(frame)
                    continue
                self._start_clock()
                if kind == "threw":
                    raise exception(*fields)
                return Unpacked(*fields, wire).value

        return call

    def _start_clock(self) -> None:
        self._given = max(min(ANSWER_SECONDS, self._left), 0.001)
        signal.setitimer(signal.ITIMER_PROF, self._given)

    def _stop_clock(self) -> None:
        left, _ = signal.setitimer(signal.ITIMER_PROF, 0)
        self._left -= self._given - left
        self._given = 0.0


def _gradients(value, leaves: list, upstream: list) -> list:
    """The gradients of the leaves, an array or None each, for those that come from above."""
    import torch

    outer: list = []

    def collect(part) -> None:
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

"""A room's own end of the channel: it runs cells and calls functions as the outside asks.

It shares its process with the student's code, so whatever it sends is a claim and the outside
treats it as one. Loaded by its path inside the room, with `wire` handed to it.
"""

import os
import signal
import socket
import sys
import warnings

LARGEST_REQUEST = 2**30

# Student code may replace any of these; they are bound before it runs.
_exit, _compile, _eval = os._exit, compile, eval
# Not every system copies processes.
_fork = getattr(os, "fork", None)
_kill, _waitpid = os.kill, os.waitpid
_Socket, _recv_fds = socket.socket, getattr(socket, "recv_fds", None)
_dup, _dup2, _close = os.dup, os.dup2, os.close
_NOTHING = object()


class Child:
    """Serves one channel until it closes."""

    def __init__(self, channel, shell, collector, shells, wire, stand_ins, witness, confine):
        self.channel = channel
        self.shell = shell
        self.collector = collector
        self.standard_streams = shells.standard_streams
        self.wire = wire
        self.stand_ins = stand_ins
        self.witness = witness
        self.confine = confine
        self.function = None
        self.chosen = {}
        self.trial = self.free = None
        self.interruptible = self.stopped = False
        self.number = None
        self.verbs = {
            "files": self.files,
            "run": self.run,
            "choose": self.choose,
            "calls": self.calls,
            "kept": self.kept,
            "part": self.part,
            "stand in": self.stand_in,
            "leave": self.leave,
        }

    def serve(self):
        """Answer requests (number, verb, ...) with (number, ...); never return.

        A verb that gives None has answered, or leaves that to another process.
        """
        # Bound here, so that a cell that patches the standard library ends no honest room.
        receive, send, channel = self.wire.receive, self.wire.send, self.channel
        signal.signal(signal.SIGINT, self._interrupt)
        try:
            send(channel, ("ready",))
            while True:
                number, verb, *rest = receive(channel, LARGEST_REQUEST)
                self.number = number
                reply = self.verbs[verb](*rest)
                if reply is not None:
                    send(channel, (number, *reply))
        finally:
            _exit(1)

    def _interrupt(self, signum, frame):
        self.stopped = True
        if self.trial is not None:
            _kill(self.trial, signal.SIGINT)
        elif self.interruptible:
            self.interruptible = False
            raise KeyboardInterrupt

    def files(self, files):
        """Write files, arrays of bytes by name, into the working folder."""
        for name, content in files.items():
            folder = os.path.dirname(name)
            if folder:
                os.makedirs(folder, exist_ok=True)
            with open(name, "wb") as file:
                file.write(content.tobytes())
        return ()

    def run(self, source):
        """Run a cell; reply with its status, its number and its outputs."""
        self.collector.clear()
        self.standard_streams(self.collector)
        status = "raised"
        try:
            self.interruptible = True
            result = self.shell.run_cell(source, store_history=True)
            self.interruptible = False
            if result.success:
                status = "ok"
        except BaseException as problem:
            self.interruptible = False
            name, text = self.wire.type_name(problem), self.wire.message_of(problem)
            self.collector.add("error", name, text, [], size=len(text))
        count = self.shell.execution_count - 1
        return status, count, self.collector.take()

    def choose(self, expression):
        """Choose the function that an expression gives; reply with None or what was raised."""
        self.function = None
        try:
            self.interruptible = True
            with _Silence(self):
                code = _compile(expression, "<expression>", "eval", dont_inherit=True)
                names = self.shell.user_ns
                self.chosen.update({name: names.get(name, _NOTHING) for name in code.co_names})
                self.function = _eval(code, names)
            self.interruptible = False
        except BaseException as problem:
            self.interruptible = False
            return (self.wire.Answer.raised(problem, _is_of_a_cell).to_plain(),)
        return (None,)

    def calls(self, calls):
        """Answer one call after the other, each with a reply of its own; the rest with one that is
        empty where an interrupt came meanwhile. What a call holds is made when its turn comes."""
        self.stopped = False
        for call in calls:
            if self.stopped:
                return ()
            self.wire.send(self.channel, (self.number, self.call(call.tobytes())))
        return None

    def call(self, before):
        """Call the chosen function with encoded arguments; return the answer as plain data."""
        wire = self.wire
        args, kwargs = wire.decode(before, LARGEST_REQUEST)
        problem = value = None
        self.witness.begin()
        try:
            self.interruptible = True
            with _Silence(self):
                value = self.function(*args, **kwargs)
            self.interruptible = False
        except BaseException as raised:
            self.interruptible = False
            problem = raised
        if problem is not None:
            answer = wire.Answer.raised(problem, _is_of_a_cell)
        else:
            # Read first: what a function returns may be the very input it changed.
            answer = wire.Answer.of(value)
        fields = answer.to_plain()[: -len(wire.NOTED)]
        noted = self._changed(before, args, kwargs), self.witness.end()
        return (*fields, *noted)

    def kept(self, names):
        """Return which of `names` still stand for what they stood for when a function was
        chosen."""
        here = self.shell.user_ns
        kept = [n for n in names if n in self.chosen and here.get(n, _NOTHING) is self.chosen[n]]
        return (kept,)

    def part(self):
        """Go on in a copy of this process, and here when that has ended."""
        try:
            trial = _fork()
        except OSError:
            # No more processes: there is no copy, so it has ended.
            return ()
        if trial == 0:
            # Files that are closed here are still objects: the number of none of them.
            self.free = _dup(self.channel.fileno())
            _close(self.free)
            self.confine(self.channel.fileno())
            return None
        self.trial = trial
        _waitpid(trial, 0)
        self.trial = None
        return ()

    def stand_in(self, names):
        """Put stand-ins in the place of `names`, and of what was made here and is the same."""
        here = self.shell.user_ns
        # What they ask over comes behind the request.
        self.wire.ready([(self.channel.fileno(), self.wire.READABLE)], None)
        _, descriptors, _, _ = _recv_fds(self.channel, 1, 1)
        (descriptor,) = descriptors
        if descriptor != self.free:
            _dup2(descriptor, self.free)
            _close(descriptor)
        channel = _Socket(fileno=self.free)
        makers = self.stand_ins.StandIns(channel, self.wire, self.leave)
        for name in names:
            old, new = here.get(name, _NOTHING), makers.make(name)
            if getattr(old, "__module__", None) == "__main__":
                here.update({alias: new for alias, value in [*here.items()] if value is old})
            here[name] = new
        return ()

    def leave(self):
        """End this copy."""
        _exit(0)

    def _changed(self, before, args, kwargs):
        try:
            return self.wire.encode((args, kwargs)) != before
        except self.wire.WireError:
            # Something was put into an input that the wire does not know.
            return True


def _is_of_a_cell(code):
    return code.co_filename.startswith("<ipython-input-")


class _Silence:
    """Swallows what a call prints, plots or warns of."""

    def __init__(self, child):
        self.child = child

    def __enter__(self):
        self.child.collector.clear()
        self.child.collector.quiet = True
        self.child.standard_streams(self.child.collector)
        self.warnings = warnings.catch_warnings()
        self.warnings.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, *problem):
        self.warnings.__exit__(*problem)
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None and pyplot.get_fignums():
            pyplot.close("all")
        return False

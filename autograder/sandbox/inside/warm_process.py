"""The warm process: imports what notebooks need once, then forks a room for each submission.

Executed by path in a clean environment, so nothing of the process that grades is in it. It stands
inside the walls itself. `python warm_process.py CONTROL SETTINGS`: the number of an inherited
socket and a JSON object of settings. A keeper process stays between it and the grading process
and ends it, and with it every room, when that one is gone.
"""

import ctypes
import gc
import importlib
import json
import os
import resource
import select
import shutil
import signal
import socket
import sys
import types

WATCH_MILLISECONDS = 100
MADV_COLLAPSE = 25
PR_SET_PDEATHSIG = 1
LARGE_PAGE = 2 * 2**20


def main():
    """Go behind the walls, import what notebooks need, and fork rooms until the channel closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(sys.argv[2])
    # The walls hide these files: they are read while they can be.
    texts = {name: read(path) for name, path in settings["modules"].items()}
    walls = load("walls", texts)
    try:
        walls.prepare(load("seccomp", texts))
        fork_below_keeper(control, settings)
        walls.enter_new_root(settings)
        sys.path[:] = [*sys.path, *settings["site"]]
        sys.prefix = settings["prefix"]
        wire, shells, child, stand_ins, witnesses = (
            load(name, texts) for name in ("wire", "shell", "child", "stand_ins", "witness")
        )
        shell, collector = warm_up(shells, settings)
        witness = witnesses.Witness(settings["watched"], settings["libraries"])
        witness.start()
        walls.seal(settings)
    except walls.CannotBuild as problem:
        tell(control, unavailable=str(problem))
        os._exit(1)
    except Exception as problem:
        why = f"{type(problem).__name__}: {problem}"
        tell(control, unavailable=f"The warm process could not start: {why}")
        os._exit(1)
    tell(control, warm=True)
    parts = shell, collector, shells, wire, stand_ins, witness
    House(control, settings, walls, wire, child, parts).serve()


def read(path):
    """Return the text of a file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def load(name, texts):
    """Return the module of ours called `name`; its file may be out of sight by now."""
    module = types.ModuleType(f"_room_{name}")
    sys.modules[module.__name__] = module
    exec(compile(texts[name], f"<{name}>", "exec", dont_inherit=True), module.__dict__)
    return module


def tell(control, **message):
    """Send a message to the process that grades."""
    control.send(json.dumps(message).encode("utf-8"))


def fork_below_keeper(control, settings):
    """Return in the warm process; the caller itself stays behind as its keeper."""
    grader = os.pidfd_open(settings["grader"])
    if os.getppid() != settings["grader"]:
        os._exit(1)
    warm = os.fork()
    if warm == 0:
        die_with_parent()
        os.close(grader)
        return
    control.close()
    poll = select.poll()
    poll.register(grader, select.POLLIN)
    poll.register(os.pidfd_open(warm), select.POLLIN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    poll.poll()
    os.kill(warm, signal.SIGKILL)
    os.waitpid(warm, 0)
    if settings["folder"] is not None:
        shutil.rmtree(settings["folder"], ignore_errors=True)
    os._exit(0)


def die_with_parent():
    """Let this process be killed when its parent ends."""
    # The parent has one thread only; a thread's end would count as death.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def warm_up(shells, settings):
    """Import the packages, those of the readable folders too, and create the shell."""
    # Imports make much that stays: to look through it meanwhile is a seventh of their time.
    gc.disable()
    for name in settings["packages"]:
        try:
            importlib.import_module(name)
        except ImportError:
            # Each is used by some notebooks only; a cell that needs it says so.
            pass
    shell, collector = shells.create(settings["limits"]["output_bytes"])
    if "matplotlib.pyplot" in sys.modules:
        warm_up_plots(shell)
    # What shows a traceback is imported by the first one.
    shell.run_cell("1 / 0", store_history=False)
    collector.clear()
    sys.path[:0] = settings["readable_paths"]
    sys.meta_path.insert(0, shells.NotHere(settings["hidden_package"]))
    for name in settings["readable_modules"]:
        try:
            importlib.import_module(name)
        except Exception:
            # The cell that imports it shows what is wrong with it.
            pass
    gc.enable()
    return shell, collector


def warm_up_plots(shell):
    """Draw a first picture, so that a room need not wait for what that loads."""
    import matplotlib.mathtext
    import matplotlib.pyplot as plt

    shell.enable_matplotlib("inline")
    figure, axes = plt.subplots()
    axes.plot([0, 1], label="$x$")
    axes.legend()
    figure.canvas.draw()
    plt.close("all")
    # It keeps fonts and their open files, which are closed in a room: letting go of one of these
    # there would fail, and write so into the output of a cell.
    parsed = getattr(matplotlib.mathtext.MathTextParser, "_parse_cached", None)
    if parsed is not None:
        parsed.cache_clear()
    # There is no window for another backend; the cell that asks for one goes on.
    matplotlib.use = lambda backend, *, force=True: None


def collapse_pages():
    """Gather the memory of this process in large pages: a room's start and end take time for every
    page, and there are 512 small ones to a large one. A kernel older than Linux 6.1 refuses, and
    only that time is lost."""
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for line in read("/proc/self/maps").splitlines():
        addresses, permissions, *_, inode_or_name = line.split()
        if permissions == "rw-p" and inode_or_name in ("0", "[heap]"):
            start, end = (int(address, 16) for address in addresses.split("-"))
            first = -(-start // LARGE_PAGE) * LARGE_PAGE
            for page in range(first, end - LARGE_PAGE + 1, LARGE_PAGE):
                libc.madvise(page, LARGE_PAGE, MADV_COLLAPSE)


class House:
    """Forks rooms on request and reaps them; `parts` are what a room's `Child` is made of."""

    def __init__(self, control, settings, walls, wire, child, parts):
        self.control = control
        self.settings = settings
        self.walls = walls
        self.wire = wire
        self.child = child
        self.parts = parts
        self.rooms = {}
        self.entered = 0

    def serve(self):
        """Open rooms on request and watch over them; never return."""
        gc.collect()
        # What is warm is never collected, so that collecting does not copy its pages in a room.
        gc.freeze()
        collapse_pages()
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll(WATCH_MILLISECONDS if self.rooms else None):
                if descriptor == self.control.fileno():
                    self.open(poll)
                else:
                    poll.unregister(descriptor)
                    os.close(descriptor)
                    del self.rooms[descriptor]
            self.reap()
            for pid in self.walls.over_limit(self.rooms.values(), self.settings["limits"]):
                os.kill(pid, signal.SIGKILL)

    def open(self, poll):
        """Fork a room for the request that waits, and send back a descriptor of its process."""
        self.control.setblocking(True)
        message, descriptors, _, _ = socket.recv_fds(self.control, 4096, 1)
        if not message:
            self.end()
        channel = socket.socket(fileno=descriptors[0])
        folder = message.decode("utf-8")
        self.entered += 1
        try:
            pid = self.walls.fork()
        except (OSError, self.walls.CannotBuild) as problem:
            channel.close()
            tell(self.control, failed=f"No process can be started for a room: {problem}")
            return
        if pid == 0:
            self.enter(channel, folder)
        channel.close()
        descriptor = os.pidfd_open(pid)
        self.rooms[descriptor] = pid
        poll.register(descriptor, select.POLLIN)
        # Only without walls is this the process's id for the grader as well.
        reply = {"pid": None if self.settings["walls"] else pid}
        socket.send_fds(self.control, [json.dumps(reply).encode("ascii")], [descriptor])

    def enter(self, channel, folder):
        """Go into the new room, in its own process, and serve it; never return."""
        try:
            die_with_parent()
            self.walls.enter_room(self.settings, self.entered, channel.fileno(), folder)
        except BaseException as problem:
            try:
                self.wire.send(channel, ("failed", self.wire.printable(str(problem))))
            finally:
                os._exit(1)
        try:
            set_limits(self.settings["limits"])
            # As in a notebook, modules in the working folder can be imported.
            sys.path.insert(0, "")
            self.child.Child(channel, *self.parts, self.walls.confine).serve()
        finally:
            os._exit(1)

    def reap(self):
        """Reap every child that has ended, and end what a dead room has left behind."""
        self.walls.end_orphans(set(self.rooms.values()))
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break

    def end(self):
        """Kill every room, then end this process."""
        for pid in self.rooms.values():
            os.kill(pid, signal.SIGKILL)
        self.rooms = {}
        self.reap()
        os._exit(0)


def set_limits(limits):
    """Limit what this process and all that it starts may use."""
    pages = int(read("/proc/self/statm").split()[0]) if os.path.exists("/proc/self/statm") else 0
    address_space = pages * resource.getpagesize() + limits["memory_bytes"]
    for what, limit in (
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        # 1 rather than 0: with 0, a machine that pipes dumps to a program still starts that.
        (resource.RLIMIT_CORE, 1),
    ):
        _, hard = resource.getrlimit(what)
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(what, (limit, limit))


if __name__ == "__main__":
    main()

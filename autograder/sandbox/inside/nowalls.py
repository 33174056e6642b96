"""A room without walls: an ordinary process in a folder of its own.

It stands in for `walls` where the instructor chose so: the clock and the limits hold, but the
code in it may do whatever the user who started it may. Loaded by its path in the warm process.
"""

import ctypes
import os
import signal

CannotBuild = RuntimeError
_PR_SET_CHILD_SUBREAPER = 36


def prepare(seccomp):
    """Do nothing."""


def seal(settings):
    """Do nothing."""


def enter_new_root(settings):
    """Make the warm process the parent of what dead rooms leave behind, so it can end them."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def fork():
    """Return the id of the new process, 0 in itself."""
    return os.fork()


def enter_room(settings, number, channel, folder):
    """Take up a session and the folder, and close every descriptor but the channel."""
    os.setsid()
    os.chdir(folder)
    os.environ["TMPDIR"] = folder
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, channel)
    os.closerange(channel + 1, 2**16)


def confine(channel):
    """Do nothing: without walls the code in a room may do what its user may."""


def end_orphans(rooms):
    """Kill the children of this process that belong to no room's session."""
    me = os.getpid()
    while True:
        with open(f"/proc/self/task/{me}/children") as file:
            orphans = {int(pid) for pid in file.read().split()} - rooms
        orphans = {pid for pid in orphans if os.getsid(pid) not in rooms}
        if not orphans:
            break
        for pid in orphans:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def over_limit(rooms, limits):
    """Return no room: whose a process is cannot be told without walls."""
    return []

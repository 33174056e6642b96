"""The walls of the rooms: Linux namespaces, built by direct system calls.

The warm process gets a house of its own: mount, process, network, IPC and UTS namespaces, for an
ordinary user inside a user namespace, and a root file system that holds a read-only interpreter
and nothing else of the machine. Each room is forked into one more set of them, with a fresh
folder, another user id, no capabilities and no open files. No program and no package of the
system is needed. Loaded by its path in the warm process, with the standard library only.
"""

import ctypes
import errno
import os
import platform
import re
import resource
import socket

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REC, MS_PRIVATE, MS_NOATIME, MNT_DETACH = 0x4000, 0x40000, 0x400, 2
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV, ATTR_NOEXEC = 1, 2, 4, 8
AT_FDCWD, AT_EMPTY_PATH, AT_RECURSIVE = -100, 0x1000, 0x8000
OPEN_TREE_CLONE, MOVE_MOUNT_F_EMPTY_PATH = 1, 4
OPEN_TREE, MOVE_MOUNT, MOUNT_SETATTR = 428, 429, 442
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41}
CAPSET = {"x86_64": 126, "aarch64": 91, "riscv64": 91}
CAP_SYS_ADMIN = 21
PR_SET_DUMPABLE, PR_CAPBSET_DROP = 4, 24
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4

BASE = "/tmp"  # the new root is assembled over it, in the new mount namespace only
WORK = "/tmp/notebook"
ROOM_USER = 1000  # what a room's user is called inside it
SYSTEM = ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/bin", "/usr/share/zoneinfo", "/nix/store")
LINKED = ("/lib", "/lib32", "/lib64", "/bin")  # links into /usr on most systems
CONFIGURATION = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/fonts")
OF_A_PREFIX = ("bin", "lib", "lib32", "lib64", "share", "pyvenv.cfg")
DEVICES = ("null", "zero", "full", "random", "urandom")
ACCOUNTS = {
    "/etc/passwd": f"student:x:{ROOM_USER}:{ROOM_USER}::/tmp:/bin/sh\n",
    "/etc/group": f"student:x:{ROOM_USER}:\n",
    "/etc/hosts": "127.0.0.1 localhost room\n",
}
# Ids for the rooms of root, as far from those of people and services as they go.
SPARE_IDS = range(0x70000000, 0x80000000)

_libc = ctypes.CDLL(None, use_errno=True)


class CannotBuild(RuntimeError):
    """One sentence: what is missing, and how to mend it."""


class _State:
    privileged = False
    ids = None
    keeper = 0
    own_process_space = -1
    covered = ()
    filter = None


def _check(result, what):
    if result < 0:
        number = ctypes.get_errno()
        raise CannotBuild(_sentence(number, what))
    return result


def _sentence(number, what):
    if number in (errno.EPERM, errno.EACCES, errno.ENOSPC, errno.EUSERS):
        remedy = _remedy()
    elif number in (errno.ENOSYS, errno.EINVAL):
        remedy = "it needs Linux 5.14 or newer"
    else:
        remedy = os.strerror(number)
    return f"This machine does not let a room be built ({what}): {remedy}."


def _remedy():
    for setting, bad, good in (
        ("kernel.unprivileged_userns_clone", "0", "1"),
        ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
        ("user.max_user_namespaces", "0", "10000"),
    ):
        if _setting(setting) == bad:
            return f"run `sysctl -w {setting}={good}` as root"
    return (
        "namespaces are refused; in a container, start it with "
        "`--security-opt seccomp=unconfined --security-opt apparmor=unconfined "
        "--security-opt systempaths=unconfined`"
    )


def _setting(name):
    try:
        with open("/proc/sys/" + name.replace(".", "/")) as file:
            return file.read().strip()
    except OSError:
        return None


def prepare(seccomp):
    """Leave the machine's namespaces; the next process forked is the first of a new set.

    `seccomp` is the module with the filter of system calls. Raises CannotBuild.
    """
    _State.filter = seccomp if seccomp.known() else None
    if platform.system() != "Linux" or platform.machine() not in PIVOT_ROOT:
        raise CannotBuild("Rooms need Linux on an x86-64, ARM64 or RISC-V processor.")
    release = platform.release().split(".")
    if (int(release[0]), int(release[1].split("-")[0])) < (5, 14):
        raise CannotBuild(f"Rooms need Linux 5.14 or newer; this is {platform.release()}.")
    _State.keeper = os.getpid()
    _State.ids = _spare_ids()
    _State.privileged = _has_capability(CAP_SYS_ADMIN) and bool(_State.ids)
    flags = NEWNS | NEWPID | NEWNET | NEWIPC | NEWUTS
    if _State.privileged:
        _check(_libc.unshare(flags), "namespaces")
        return
    user, group = os.geteuid(), os.getegid()
    _check(_libc.unshare(NEWUSER | flags), "a user namespace")
    _map_ids(0, user, group)


def _has_capability(number):
    with open("/proc/self/status") as file:
        for line in file:
            if line.startswith("CapEff:"):
                return bool(int(line.split()[1], 16) >> number & 1)
    return False


def _spare_ids():
    """Return the ids that rooms of root may have, or none where only few are mapped."""
    if os.geteuid() != 0:
        return None
    with open("/proc/self/uid_map") as users, open("/proc/self/gid_map") as groups:
        if users.read() != groups.read():
            return None
    with open("/proc/self/uid_map") as users:
        first, _, count = map(int, users.read().split()[-3:])
    if first + count >= SPARE_IDS.stop:
        return SPARE_IDS
    return range(first + count - 4096, first + count - 2) if count > 60000 else None


def _map_ids(inside, user, group, proc=None):
    """Give the process's new user namespace its ids; `proc` is an open /proc to be written."""
    try:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{inside} {user} 1"),
            ("gid_map", f"{inside} {group} 1"),
        ):
            _write(f"self/{name}", text, proc)
    except OSError as problem:
        raise CannotBuild(_sentence(problem.errno, "the ids of a user namespace")) from None


def _write(name, text, proc=None):
    path = name if proc is not None else f"/proc/{name}"
    descriptor = os.open(path, os.O_WRONLY, dir_fd=proc)
    try:
        os.write(descriptor, text.encode("ascii"))
    finally:
        os.close(descriptor)


# ----------------------------------------------------------------------------------- the house


def enter_new_root(settings):
    """Put the calling process into the new root. Called in the first process of the new set."""
    _mount("none", "/", None, MS_REC | MS_PRIVATE)
    _State.own_process_space = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    shown = _shown(settings)
    _State.covered = [target for target in shown if target.startswith("/tmp/")]
    trees = [(target, _clone(source)) for target, source in shown.items()]
    devices = [(f"/dev/{name}", _clone(f"/dev/{name}", device=True)) for name in DEVICES]
    links = {path: os.readlink(path) for path in LINKED if os.path.islink(path)}
    _mount("tmpfs", BASE, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=32m")
    for path, goal in links.items():
        os.symlink(goal, BASE + path)
    for target, tree in [*trees, *devices]:
        _attach(tree, BASE + target)
    for folder in ("/proc", "/tmp", "/var/cache", "/readable", "/etc"):
        os.makedirs(BASE + folder, exist_ok=True)
    for path, text in ACCOUNTS.items():
        with open(BASE + path, "w") as file:
            file.write(text)
    os.symlink("/tmp/.shm", BASE + "/dev/shm")
    os.symlink("/proc/self/fd", BASE + "/dev/fd")
    _mount("proc", BASE + "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    for folder in settings["hidden"]:
        if os.path.isdir(BASE + folder):
            flags = MS_RDONLY | MS_NOSUID | MS_NODEV
            _mount("tmpfs", BASE + folder, "tmpfs", flags, "mode=000,size=4k")
    os.chdir(BASE)
    number = PIVOT_ROOT[platform.machine()]
    _check(_libc.syscall(number, b".", b"."), "a root of its own")
    _check(_libc.umount2(b".", MNT_DETACH), "a root of its own")
    os.chdir("/")
    socket.sethostname("room")
    if _State.privileged:
        _check_readable(settings)


def _check_readable(settings):
    outside = settings["readable"]
    for path in [*settings["site"], *outside]:
        if os.stat(path).st_mode & 0o005 != 0o005:
            path = outside.get(path, path)
            raise CannotBuild(
                f"{path} cannot be read by other users, as the rooms of root are: "
                f"run `chmod -R o+rX {path}`."
            )


def seal(settings):
    """Make the house's root read-only, after the caches in it are filled."""
    _set_attributes(AT_FDCWD, "/", ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV, 0)


def _shown(settings):
    """Return what of the machine rooms see: (path in the room, path outside), outer folders
    first."""
    pairs = [(path, path) for path in (*SYSTEM, *CONFIGURATION) if os.path.exists(path)]
    pairs += [(path, path) for path in LINKED if os.path.isdir(path) and not os.path.islink(path)]
    prefixes = [*settings["prefixes"], *map(os.path.realpath, settings["prefixes"])]
    folders = [os.path.join(prefix, name) for prefix in prefixes for name in OF_A_PREFIX]
    for path in [*folders, *settings["site"]]:
        # A link inside a prefix, as lib64 often is, is shown as what it leads to.
        if os.path.exists(path):
            pairs.append((path, os.path.realpath(path)))
    pairs += settings["readable"].items()
    shown = {}
    for target, source in sorted(dict.fromkeys(pairs)):
        inside = next((outer for outer in shown if target.startswith(outer + "/")), None)
        if target not in shown and (inside is None or not _same(target, source, inside, shown)):
            shown[target] = source
    return shown


def _same(target, source, outer, shown):
    return os.path.realpath(shown[outer] + target[len(outer) :]) == os.path.realpath(source)


def _clone(source, device=False):
    flags = OPEN_TREE_CLONE | os.O_CLOEXEC | AT_RECURSIVE
    tree = _check(
        _libc.syscall(OPEN_TREE, AT_FDCWD, os.fsencode(source), flags), f"a view of {source}"
    )
    attributes = ATTR_NOSUID | (ATTR_NOEXEC if device else ATTR_RDONLY | ATTR_NODEV)
    _set_attributes(tree, "", attributes, AT_EMPTY_PATH | AT_RECURSIVE)
    return tree


def _set_attributes(folder, path, attributes, flags):
    request = (ctypes.c_uint64 * 4)(attributes, 0, 0, 0)
    result = _libc.syscall(
        MOUNT_SETATTR, folder, os.fsencode(path), flags, ctypes.byref(request), 32
    )
    _check(result, "read-only views")


def _attach(tree, target):
    is_folder = os.path.isdir(f"/proc/self/fd/{tree}")
    os.makedirs(target if is_folder else os.path.dirname(target), exist_ok=True)
    if not is_folder and not os.path.exists(target):
        with open(target, "w"):
            pass
    _check(
        _libc.syscall(
            MOVE_MOUNT, tree, b"", AT_FDCWD, os.fsencode(target), MOVE_MOUNT_F_EMPTY_PATH
        ),
        "views of the interpreter",
    )
    os.close(tree)


def _mount(source, target, kind, flags, options=""):
    names = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    result = _libc.mount(*names, ctypes.c_ulong(flags), os.fsencode(options))
    _check(result, f"mounting {kind or 'privately'}")


# ------------------------------------------------------------------------------------ the room


def fork():
    """Return the id of a new process, 0 in itself: the first one of a process namespace of its
    own."""
    _check(_libc.unshare(NEWPID), "a process namespace")
    process = -1
    try:
        process = os.fork()
    finally:
        if process != 0:
            _check(_libc.setns(_State.own_process_space, NEWPID), "a process namespace")
    return process


def enter_room(settings, number, channel, folder):
    """Wall the calling process, the first one of a room, off. Raises CannotBuild, OSError.

    `number` sets its user id apart from the other rooms'; `channel` is the only descriptor that
    stays open besides the standard ones, which lead nowhere.
    """
    limits = settings["limits"]
    user = group = 0
    if _State.privileged:
        spare = _State.ids
        user = group = spare[(_State.keeper * 1024 + number % 1024) % len(spare)]
    _check(_libc.unshare(NEWNS | NEWNET | NEWIPC | NEWUTS | NEWCGROUP), "namespaces")
    _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    own = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    # What the room itself sees cannot be written: a process may take back what it says there of
    # who ends first when the machine's memory is full.
    _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _set_attributes(AT_FDCWD, "/proc", ATTR_RDONLY, 0)
    options = f"mode=700,nr_inodes=16384,size={limits['disk_bytes']}"
    # An environment that lies in /tmp itself would be covered by the room's own.
    trees = [(target, _clone(target)) for target in _State.covered]
    # What was read, and when, is nothing a copy of the room may tell another.
    _mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOATIME, options)
    for target, tree in trees:
        _attach(tree, target)
    # Only now: in a container, root may not attach to what it does not own.
    os.chown("/tmp", user, group)
    os.setsid()
    if _State.privileged:
        os.setgroups([])
        os.setresgid(group, group, group)
        os.setresuid(user, user, user)
        # A change of user hides /proc/self from the process itself, which has to map its ids.
        _libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    _check(_libc.unshare(NEWUSER), "a user namespace")
    _map_ids(ROOM_USER, user, group, own)
    _write("self/oom_score_adj", "1000", own)
    _leave_only(channel)
    for name in (WORK, "/tmp/.shm"):
        os.mkdir(name)
    os.chdir(WORK)
    os.environ["TMPDIR"] = "/tmp"
    resource.setrlimit(resource.RLIMIT_NPROC, (limits["processes"], limits["processes"]))
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))
    _drop_capabilities()


def _leave_only(channel):
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, channel)
    os.closerange(channel + 1, 2**20)


def _drop_capabilities():
    _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    capability = 0
    while _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    number = CAPSET[platform.machine()]
    _check(_libc.syscall(number, ctypes.byref(header), ctypes.byref(data)), "capabilities")
    _check(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    if _State.filter is not None:
        _State.filter.install(_libc, _State.filter.program())


def confine(channel):
    """Let nothing out of the calling process, the copy of a room's, but by way of `channel`: not to
    the room, nor to another copy. Its memory is its own, files can be read only."""
    _keep_memory_apart()
    _leave_only(channel)
    if _State.filter is not None:
        _State.filter.install(_libc, _State.filter.copy_program())


def _keep_memory_apart():
    """Make every mapping that is shared with other processes a private one with the same bytes."""
    with open("/proc/self/maps", "rb", buffering=0) as file:
        text = b"".join(iter(lambda: file.read(2**20), b""))
    # There are thousands of mappings, and hardly ever one that is shared.
    for first, last, bits in re.findall(rb"^([0-9a-f]+)-([0-9a-f]+) (...)s ", text, re.MULTILINE):
        start, end = int(first, 16), int(last, 16)
        protection = sum(bit for bit, letter in ((1, b"r"), (2, b"w"), (4, b"x")) if letter in bits)
        content = ctypes.string_at(start, end - start) if protection & 1 else b""
        _libc.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long)
        _libc.mmap.restype = ctypes.c_void_p
        # 0x32 is MAP_PRIVATE, MAP_FIXED and MAP_ANONYMOUS.
        _libc.mmap(start, end - start, 3, 0x32, -1, 0)
        ctypes.memmove(start, content, len(content))
        _libc.mprotect(ctypes.c_void_p(start), ctypes.c_size_t(end - start), protection)


def end_orphans(rooms):
    """Do nothing: whatever a room started ends with the room's first process."""


def over_limit(rooms, limits):
    """Return those of `rooms`, ids of their first processes, that are over a limit as a whole.

    The kernel limits the memory of each process only, and the number of processes not at all for
    root in a container without other user ids.
    """
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            parents[int(name)] = _number_in(f"/proc/{name}/status", "PPid:")
    if len(parents) <= len(rooms) + 1:
        return []
    members = {room: [] for room in rooms}
    for process in parents:
        ancestor = process
        # What loses its parent becomes a child of the room's first process.
        while ancestor not in members and parents.get(ancestor):
            ancestor = parents[ancestor]
        if ancestor in members:
            members[ancestor].append(process)
    crowded = {room: group for room, group in members.items() if len(group) > 1}
    return [
        room
        for room, group in crowded.items()
        if len(group) > limits["processes"] or sum(map(_memory, group)) > limits["memory_bytes"]
    ]


def _memory(process):
    rollup = f"/proc/{process}/smaps_rollup"
    # Pages shared with the warm process count by their share only.
    return 1024 * (_number_in(rollup, "Pss_Anon:") + _number_in(rollup, "Pss_Shmem:"))


def _number_in(path, name):
    try:
        with open(path) as file:
            for line in file:
                if line.startswith(name):
                    return int(line.split()[1])
    except OSError:
        # The process ended meanwhile.
        pass
    return 0

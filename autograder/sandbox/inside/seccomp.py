"""The system calls that a room may not make, as a filter of the kernel's.

The namespaces are the wall; this takes away the calls by which the kernel's rarely used corners
could be reached, those that make namespaces, and memory that no limit counts. Loaded by its path
in the warm process, with the standard library only.
"""

import ctypes
import errno
import platform
import socket

# name: (x86_64, aarch64); both have the same number from 424 on.
DENIED = {
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    "personality": (135, 92),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "memfd_secret": (447, 447),
    # A room's copy could be watched with these.
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
}
# What a copy of a room may not do besides, so that it leaves nothing behind: change a file, start
# or signal or adjust a process, make a socket.
LEAVES_TRACES = {
    "openat2": (437, 437),
    "creat": (85, None),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "link": (86, None),
    "linkat": (265, 37),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rmdir": (84, None),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "fallocate": (285, 47),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "setxattrat": (463, 463),
    "removexattrat": (466, 466),
    "fork": (57, None),
    "vfork": (58, None),
    "clone": (56, 220),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "shmat": (30, 196),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
}
OPEN, OPENAT, FCNTL, IOCTL = (2, None), (257, 56), (72, 25), (16, 29)
PRLIMIT = (302, 261)
WRITING = 0o1 | 0o2 | 0o100 | 0o1000 | 0o20000000  # O_WRONLY, RDWR, CREAT, TRUNC, TMPFILE's own
# F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY; FIOASYNC, FIOSETOWN, SIOCSPGRP
SIGNALLING = {FCNTL: (8, 10, 15, 1024, 1026), IOCTL: (0x5452, 0x8901, 0x8902)}
CLONE, CLONE3, SOCKET = (56, 220), (435, 435), (41, 198)
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
# CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET
NEW_NAMESPACES = 0x80 | 0x20000 | 0x2000000 | 0x4000000 | 0x8000000 | 0x70000000

_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_X32 = 0x40000000
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2


class _Instruction(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_uint16),
        ("jump_true", ctypes.c_uint8),
        ("jump_false", ctypes.c_uint8),
        ("operand", ctypes.c_uint32),
    ]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("first", ctypes.POINTER(_Instruction))]


def known():
    """Tell whether the calls' numbers on this processor are known."""
    return platform.machine() in ARCHITECTURES


def program():
    """Return the filter's instructions, as (code, jump if true, jump if false, operand)."""
    column, architecture = ARCHITECTURES[platform.machine()]

    def refuse(number):
        return (_RETURN, 0, 0, _ERRNO | number)

    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_IF_AT_LEAST, 0, 1, _X32),
        refuse(errno.EPERM),
        # The C library falls back on `clone`, whose flags can be looked at.
        (_IF_EQUAL, 0, 1, CLONE3[column]),
        refuse(errno.ENOSYS),
    ]
    for numbers in DENIED.values():
        if numbers[column] is not None:
            steps += [(_IF_EQUAL, 0, 1, numbers[column]), refuse(errno.EPERM)]
    steps += [
        (_IF_EQUAL, 0, 4, CLONE[column]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_IF_BITS, 0, 1, NEW_NAMESPACES),
        refuse(errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
        (_IF_EQUAL, 0, 4, SOCKET[column]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_IF_EQUAL, 1, 0, socket.AF_UNIX),
        refuse(errno.EAFNOSUPPORT),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return steps


def copy_program():
    """Return the filter that the copy of a room has besides the room's own, which has looked at the
    architecture; the instructions as those of `program`."""
    column, _ = ARCHITECTURES[platform.machine()]
    denied = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    allowed = (_RETURN, 0, 0, _ALLOW)

    def argument(index):
        return (_LOAD, 0, 0, _FIRST_ARGUMENT + 8 * index)

    steps = [(_LOAD, 0, 0, _NUMBER)]
    for numbers in LEAVES_TRACES.values():
        if numbers[column] is not None:
            steps += [(_IF_EQUAL, 0, 1, numbers[column]), denied]
    for numbers, index in ((OPEN, 1), (OPENAT, 2)):
        if numbers[column] is not None:
            steps += [(_IF_EQUAL, 0, 4, numbers[column]), argument(index)]
            steps += [(_IF_BITS, 0, 1, WRITING), denied, allowed]
    for numbers, commands in SIGNALLING.items():
        steps += [(_IF_EQUAL, 0, 2 * len(commands) + 2, numbers[column]), argument(1)]
        for command in commands:
            steps += [(_IF_EQUAL, 0, 1, command), denied]
        steps.append(allowed)
    # A limit of its own it may set.
    steps += [(_IF_EQUAL, 0, 4, PRLIMIT[column]), argument(0)]
    steps += [(_IF_EQUAL, 1, 0, 0), denied, allowed]
    return [*steps, allowed]


def install(libc, steps):
    """Put a filter on this process and all it starts; it needs no_new_privs. OSError."""
    instructions = (_Instruction * len(steps))(*steps)
    filter_ = _Program(len(steps), instructions)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(filter_), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the filter of system calls was refused")

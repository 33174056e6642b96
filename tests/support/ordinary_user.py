"""Commands as a user types them who is not root: what such a user may not do is what a test of
rights is about, and root may do everything.

Where the tests run as root, a command runs in a mount namespace of its own in which the interpreter
and the project can be reached although they lie in a folder that is root's alone.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

TEACHER, STUDENT = "nobody", "games"
# "$1" says how many places follow that must be reachable, each behind the closed folder it lies in;
# then comes the command.
SCRIPT = r"""
count=$1; shift
hold=$(mktemp -d); closed=""; n=0
chmod 755 "$hold"
while [ $n -lt $count ]; do
    top=$1; place=$2; shift 2
    mkdir "$hold/$n"; mount --bind "$place" "$hold/$n"
    closed="$closed$top
"; eval "place$n=\$place"; n=$((n + 1))
done
printf %s "$closed" | sort -u | while read -r top; do mount -t tmpfs -o mode=755 none "$top"; done
n=0
while [ $n -lt $count ]; do
    eval "place=\$place$n"; mkdir -p "$place"; mount --move "$hold/$n" "$place"; n=$((n + 1))
done
rm -rf "$hold"
exec "$@"
"""


def run(
    *arguments: str | Path, cwd: Path, user: str = TEACHER, home: Path, code: int | None = 0
) -> str:
    """Run a command of this environment; what it prints, both streams.

    code  the exit status that it must have, or None
    """
    scripts = sysconfig.get_path("scripts")
    environment = {
        "PATH": os.pathsep.join([scripts, "/usr/bin", "/bin"]),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "COLUMNS": "200",
    }
    done = subprocess.run(
        [*_as(user), *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
    )
    said = done.stdout + done.stderr
    assert code is None or done.returncode == code, f"{arguments}: {done.returncode}\n{said}"
    return said


def _as(user: str) -> list[str]:
    if os.getuid() != 0:
        return []
    known = pwd.getpwnam(user)
    numbers = ["--reuid", str(known.pw_uid), "--regid", str(known.pw_gid)]
    return [*in_reach_of_all(), "setpriv", *numbers, "--clear-groups", "--inh-caps=-all"]


def in_reach_of_all() -> list[str]:
    """What root puts before a command so that in its mount namespace every user reaches the
    interpreter and the project."""
    places = []
    for place in {Path(sys.base_prefix), Path(sys.prefix), ROOT}:
        real = place.resolve()
        closed = [up for up in real.parents if not up.stat().st_mode & 0o001]
        if closed:
            places += [str(closed[-1]), str(real)]
    namespace = ["unshare", "--mount", "--propagation", "private"]
    return [*namespace, "sh", "-ec", SCRIPT, "sh", str(len(places) // 2), *places]


def can_be_one() -> bool:
    """Whether this machine lets a test be an ordinary user."""
    if os.getuid() != 0:
        return True
    if not all(map(shutil.which, ("unshare", "setpriv"))):
        return False
    with tempfile.TemporaryDirectory() as folder:
        return (
            subprocess.run([*_as(TEACHER), "true"], cwd=folder, capture_output=True).returncode == 0
        )


@contextmanager
def folders(*users: str) -> Iterator[list[Path]]:
    """A folder for each user, who owns it; others may enter it."""
    # Not pytest's own folder, which no other user may enter.
    with tempfile.TemporaryDirectory() as root:
        os.chmod(root, 0o755)
        places = []
        for user in users:
            place = Path(root, user)
            place.mkdir()
            if os.getuid() == 0:
                known = pwd.getpwnam(user)
                os.chown(place, known.pw_uid, known.pw_gid)
            places.append(place)
        yield places


def give(place: Path, user: str = TEACHER) -> None:
    """Make everything under a folder a user's own."""
    if os.getuid() == 0:
        for path in (place, *place.rglob("*")):
            shutil.chown(path, user)

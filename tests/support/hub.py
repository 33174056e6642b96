"""A JupyterHub of the tests' own, with two accounts, set up as docs/jupyterhub.md says.

It runs as root, in a mount namespace in which /etc/passwd knows the accounts: a user's server is a
process of that user's, and the exchange's permissions count.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import ordinary_user
from tests.support.jupyter import wait_until_it_answers
from tests.support.postgres import free_port

TEACHER, STUDENT = "ines", "ana"
NUMBERS = {TEACHER: 60001, STUDENT: 60002}
SCRIPTS = Path(sysconfig.get_path("scripts"))
# Where the hub listens and what it keeps is the test's business, and whose password is right.
OF_THE_TEST = """
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.bind_url = "http://127.0.0.1:{}"
c.JupyterHub.hub_port = {}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{}"
"""
# Binds "$1" and "$2" over the files that know the accounts; then comes the command.
ACCOUNTS = 'mount --bind "$1" /etc/passwd; mount --bind "$2" /etc/group; shift 2; exec "$@"'


def can_be_one() -> bool:
    """Whether this machine lets a test start a hub that has users of its own."""
    return os.getuid() == 0 and ordinary_user.can_be_one()


def students_environment(place: Path, wheel: Path) -> None:
    """Make what the page installs for students: all of this environment but the project, of which
    the wheel alone is there."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    (packages,) = place.glob("lib/python3*/site-packages")
    # Of a folder named so, no further .pth is read, and with them not that of the project.
    (packages / "all.pth").write_text(sysconfig.get_path("purelib"))
    with zipfile.ZipFile(wheel) as files:
        files.extractall(packages)
    (place / "share").symlink_to(Path(sys.prefix, "share"))
    shutil.copytree(Path(sys.prefix, "etc"), place / "etc")
    for script in (*SCRIPTS.glob("jupyter*"), SCRIPTS / "configurable-http-proxy"):
        text = re.sub(r"^#!.*", f"#!{place}/bin/python", script.read_text(), count=1)
        (place / "bin" / script.name).write_text(text)
        (place / "bin" / script.name).chmod(0o755)


class Accounts:
    """Two users of the machine, who exist in the namespace of `command` alone.

    homes  each user's folder
    """

    def __init__(self, root: Path):
        self.root = root
        self.homes = {user: root / user for user in NUMBERS}
        lines = {"passwd": [], "group": []}
        for user, number in NUMBERS.items():
            self.homes[user].mkdir(mode=0o700)
            os.chown(self.homes[user], number, number)
            lines["passwd"].append(f"{user}:x:{number}:{number}::{self.homes[user]}:/bin/bash\n")
            lines["group"].append(f"{user}:x:{number}:\n")
        for name, more in lines.items():
            (root / name).write_text(Path("/etc", name).read_text() + "".join(more))

    def command(self, *arguments: str | Path, user: str | None = None) -> list[str]:
        """What to start so that `arguments` run as `user`, or as root, where the users exist."""
        files = [str(self.root / name) for name in ("passwd", "group")]
        number = str(NUMBERS[user]) if user else ""
        be = ["setpriv", "--reuid", number, "--regid", number, "--clear-groups", "--inh-caps=-all"]
        known = [*ordinary_user.in_reach_of_all(), "sh", "-ec", ACCOUNTS, "sh", *files]
        return [*known, *(be if user else []), *map(str, arguments)]

    def type(self, user: str, text: str, scripts: Path) -> str:
        """What commands print that a user types in a terminal, whose programs are in `scripts`."""
        home = self.homes[user]
        done = subprocess.run(
            self.command("bash", "-ec", text, user=user),
            cwd=home,
            env=environment(scripts, home),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


def environment(scripts: Path, home: Path) -> dict[str, str]:
    """The variables of a program whose neighbours are in `scripts`."""
    path = os.pathsep.join([str(scripts), "/usr/bin", "/bin"])
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}


@contextmanager
def hub(accounts: Accounts, place: Path, settings: Path) -> Iterator[str]:
    """The address of a hub.

    place     the environment that it is installed in
    settings  a file with what the page sets
    """
    ports = [free_port() for _ in range(3)]
    folder = accounts.root / "hub"
    folder.mkdir(mode=0o700)
    text = settings.read_text(encoding="utf-8")
    (folder / "jupyterhub_config.py").write_text(text + OF_THE_TEST.format(*ports))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            accounts.command(place / "bin" / "jupyterhub"),
            cwd=folder,
            env=environment(place / "bin", folder),
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{ports[0]}"
    try:
        wait_until_it_answers(process, f"{address}/hub/api", folder / "log")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

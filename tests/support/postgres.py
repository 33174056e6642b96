"""A PostgreSQL server of the tests' own: on a free port of this machine, in a temporary folder.

A test that needs one takes the fixture `database`. It may stop the server and start it again, or
cut its connections; what was committed stays.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

ABSENT = "PostgreSQL's server is not installed: no initdb on PATH or in /usr/lib/postgresql/*/bin"
ROLE = "postgres"
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # Commits survive a kill of the server, though not one of the machine, which no test tries.
    "fsync": "off",
    "full_page_writes": "off",
}


def programs() -> Path | None:
    """The folder with initdb and postgres, or None."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A PostgreSQL server with its data in `folder`, an existing empty folder of its own.

    Under root it runs as the user `nobody`, since PostgreSQL refuses to run as root.
    """

    def __init__(self, folder: Path, programs: Path):
        self.folder, self.programs = folder, programs
        self.port, self.password = free_port(), secrets.token_hex(8)
        self._process: subprocess.Popen | None = None
        self._user: dict = {}
        if os.getuid() == 0:
            # Windows has no such module, and no such server here.
            import pwd

            nobody = pwd.getpwnam("nobody")
            self._user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        password = folder / "password"
        password.write_text(self.password)
        command = [programs / "initdb", "--pgdata", folder / "data", "--username", ROLE]
        command += ["--auth", "scram-sha-256", "--pwfile", password]
        command += ["--encoding", "UTF8", "--locale", "C", "--no-sync"]
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **self._user)

    def start(self) -> None:
        """Start the server where it does not run, and wait until it answers."""
        if self._process:
            return
        options = [text for key, value in OPTIONS.items() for text in ("-c", f"{key}={value}")]
        with open(self.folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.folder / "data", "-p", str(self.port)]
                + options,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self._user,
            )
        deadline = time.monotonic() + 60
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError((self.folder / "log").read_text())
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop the server at once, as a power cut would: open transactions are lost."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def create_database(self) -> Database:
        """A new, empty database."""
        name = f"gradebook_{secrets.token_hex(4)}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return Database(self, name)

    def cut_connections(self, database: str) -> int:
        """End every connection to a database, each with an error; how many there were."""
        with self._connect() as connection:
            return connection.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s",
                [database],
            ).fetchone()[0]

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=ROLE,
            password=self.password,
            dbname="postgres",
            autocommit=True,
        )


@dataclass(frozen=True)
class Database:
    """A database on a server of the tests' own."""

    server: Server
    name: str

    @property
    def url(self) -> str:
        """The `db_url` of a gradebook in this database."""
        place = f"127.0.0.1:{self.server.port}/{self.name}"
        return f"postgresql+psycopg://{ROLE}:{self.server.password}@{place}"

    def cut_connections(self) -> int:
        """End every connection to this database, each with an error; how many there were."""
        return self.server.cut_connections(self.name)

"""A Jupyter server of the tests' own, in a process of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[str]:
    """The address of a server that works in `folder`, with a home of its own beside it.

    arguments  what follows `python -m`: the program, and options beside those that all have
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", *arguments),
            *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
            *("--IdentityProvider.token=", "--ServerApp.open_browser=False"),
            "--ServerApp.allow_root=True",
        ],
        cwd=folder,
        env={**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / ".jupyter")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=1)
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(20)

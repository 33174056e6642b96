"""A Jupyter server of the tests' own, in a process of this machine, and a cell run in its page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.postgres import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# How often a cell is run at most until it has run.
TRIES = 12


def page_for_lab(browser: Browser, height: int, seconds: int) -> Page:
    """An empty page, apart from all others, in which JupyterLab may ask for a kernel.

    It asks when a kernel did not start at once, as happens on a machine with much to do, and takes
    the one that it offers.

    seconds  how long a locator waits
    """
    page = browser.new_page(viewport={"width": 1280, "height": height})
    page.set_default_timeout(seconds * 1000)
    asked = page.locator(".jp-Dialog", has_text=re.compile("Select Kernel|Error Starting Kernel"))
    # The two come one after the other: the first is not waited for until it is gone.
    page.add_locator_handler(
        asked, lambda window: window.locator(".jp-mod-accept").click(), no_wait_after=True
    )
    return page


def run_cell(page: Page, number: int, text: str | None = None) -> None:
    """Run a code cell of the notebook that JupyterLab shows, with other text where that is given.

    number  counts the code cells from 0
    """
    from playwright.sync_api import TimeoutError

    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(number)
    editor = cell.locator(".cm-content")
    editor.click()
    if text is not None:
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(text)
    prompt = cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]"))
    for _ in range(TRIES):
        # A key that comes before JupyterLab listens is lost.
        page.keyboard.press("Control+Enter")
        try:
            prompt.wait_for(timeout=10_000)
            return
        except TimeoutError:
            editor.click()
    raise AssertionError(f"cell {number} never ran")


def wait_until_it_answers(server: subprocess.Popen, address: str, log: Path | None = None) -> None:
    """Wait until something answers at an address of a server that was started; `log` is what it
    wrote."""
    for _ in range(240):
        try:
            urllib.request.urlopen(address, timeout=1)
            return
        except OSError:
            assert server.poll() is None, log.read_text() if log else "the server has ended"
            time.sleep(0.25)
    raise AssertionError(f"nobody answers at {address}")


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[str]:
    """The address of a server that works in `folder`, with a home of its own beside it.

    arguments  what follows `python -m`: the program, and options beside those that all have
    """
    port = free_port()
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
        wait_until_it_answers(server, f"{address}/api")
        yield address
    finally:
        server.terminate()
        server.wait(20)

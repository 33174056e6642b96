"""The `autograder` command, run in this process."""

from __future__ import annotations

import os
from pathlib import Path

from click.testing import CliRunner, Result

from autograder.cli import main


def run_command(folder: Path, *arguments: object) -> Result:
    """What `autograder ARGUMENTS` came to in a folder; what it did not foresee is raised."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        return CliRunner().invoke(main, [str(one) for one in arguments], catch_exceptions=False)
    finally:
        os.chdir(before)

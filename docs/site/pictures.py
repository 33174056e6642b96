"""Print as JSON what the cells of a solved notebook draw: cell -> pictures, as HTML.

It runs as a program, one process a notebook, so that no notebook meets another's names.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config


def pictures(notebook: dict) -> dict[str, list[str]]:
    """What each cell draws, by the cell's name; cells that draw nothing are left out.

    Raises RuntimeError where a cell of the solved notebook fails that is not meant to.
    """
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    found = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        with capture_output() as captured:
            ran = shell.run_cell("".join(cell["source"]))
        if not ran.success and "raises-exception" not in cell["metadata"].get("tags", []):
            raise RuntimeError(f"The cell {cell['id']} fails: {ran.error_in_exec!r}.")
        if drawn := [one.data["text/html"] for one in captured.outputs if "text/html" in one.data]:
            found[cell["id"]] = drawn
    return found


if __name__ == "__main__":
    source = Path(sys.argv[1])
    json.dump(pictures(json.loads(source.read_text(encoding="utf-8"))), sys.stdout)

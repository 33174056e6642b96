"""The warm process with every line of it, and of its rooms, noted: executed in its place.

It lies in a folder beside the module that it stands for, `untraced.py`, and beside `lines`, which
has a byte for each line of the files in `names`. That file stays mapped behind the walls, through
every fork, and when a room is killed.
"""

import json
import mmap
import os
import sys
from collections import Counter

# As many lines have a place in the map for each file.
MOST_LINES = 1024
# What runs more often than this is seen by then, and a room's time is limited.
MOST_LOOKS = 500


def main() -> None:
    here = os.path.dirname(sys.argv[0])
    with open(os.path.join(here, "names"), encoding="utf-8") as file:
        places = {name: MOST_LINES * place for place, name in enumerate(file.read().split())}
    with open(os.path.join(here, "lines"), "r+b") as file:
        lines = mmap.mmap(file.fileno(), 0)
    with open(os.path.join(here, "untraced.py"), encoding="utf-8") as file:
        text = file.read()
    # Modules of a room are compiled under names of their own, as "<walls>" is walls.py or
    # nowalls.py.
    modules = json.loads(sys.argv[2])["modules"]
    first = {f"<{name}>": places[os.path.basename(path)] for name, path in modules.items()}
    first["<warm_process>"] = places["warm_process.py"]

    looks: Counter = Counter()
    done = set()

    def enter(frame, event, argument):
        code = frame.f_code
        if code in done or code.co_filename not in first:
            return None
        return note(frame, event, argument)

    def note(frame, event, argument):
        code = frame.f_code
        lines[first[code.co_filename] + frame.f_lineno] = 1
        looks[code] += 1
        if looks[code] < MOST_LOOKS:
            return note
        done.add(code)
        return None

    sys.settrace(enter)
    exec(compile(text, "<warm_process>", "exec", dont_inherit=True), {"__name__": "__main__"})


if __name__ == "__main__":
    main()

"""Hostile, faulty and odd-but-honest submissions, each with the outcome it must have.

The assignment is the first notebook cut down to two exercises and a question. A case says what its
student wrote, or does to the file or folder; where it says nothing, both answers are right.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NAME = "01-surprise-and-entropy"
RIGHT, BLANK = "right", "not attempted"
REJECTED = ("wrong type", "wrong shape", "not finite", "known mistake", "wrong", "crashed")

SURPRISE = """\
def surprise(p, base=2):
    with np.errstate(divide="ignore"):
        return -np.log(p) / np.log(base)
"""
ENTROPY = """\
def entropy(p, base=2):
    p = np.asarray(p, dtype=float)
    return np.sum(p * -np.log(np.where(p > 0, p, 1.0)) / np.log(base), axis=-1)
"""
WRONG = "def surprise(p, base=2):\n    return 0 * np.asarray(p, dtype=float)\n"


@dataclass(frozen=True)
class Case:
    """One submission.

    threat    the heading of the design's list it belongs to
    surprise  the text of the first answer; None leaves it as it was given out
    entropy   the text of the second answer
    scratch   the student's own cell after the set-up cell; "{root}" is the course folder
    change    what is done to the notebook as JSON
    place     what is put into the folder in the notebook's place: called with the folder and text
    outcome   the verdicts that each exercise may have
    problem   words of the reason why nothing could be graded
    repairs   words of what is said to have been put right
    output    words that must stand in no output: what a theft would show
    student   the name of the folder
    waits     whether the answer in words must wait for a person
    alone     False where stock nbgrader must not run it: it would harm the machine
    """

    name: str
    threat: str
    surprise: str | None = SURPRISE
    entropy: str | None = ENTROPY
    scratch: str = ""
    change: Callable[[dict], None] | None = None
    place: Callable[[Path, str], None] | None = None
    outcome: tuple = (RIGHT, RIGHT)
    problem: str = ""
    repairs: str = ""
    output: str = ""
    student: str = ""
    waits: bool = False
    alone: bool = True

    @property
    def folder(self) -> str:
        return self.student or self.name


def notebook_of(case: Case, release: dict, root: Path) -> dict:
    """The case's notebook as JSON."""
    notebook = json.loads(json.dumps(release))
    for name, text in (("surprise", case.surprise), ("entropy", case.entropy)):
        if text is not None:
            cell_of(notebook, name)["source"] = text.replace("{root}", str(root))
    if case.scratch:
        source = case.scratch.replace("{root}", str(root))
        notebook["cells"].insert(1, code(source, "scratch"))
    if case.change:
        case.change(notebook)
    return notebook


def hand_in(case: Case, release: dict, root: Path) -> Path:
    """Write the case into `submitted/` of the course folder `root`."""
    folder = root / "submitted" / case.folder / NAME
    folder.mkdir(parents=True)
    text = json.dumps(notebook_of(case, release, root))
    if case.place:
        case.place(folder, text)
    else:
        (folder / f"{NAME}.ipynb").write_text(text)
    return folder


def code(source: str, cell_id: str, **metadata) -> dict:
    return {
        "cell_type": "code",
        "id": cell_id,
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def cell_of(notebook: dict, grade_id: str) -> dict:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            return cell
    raise KeyError(grade_id)


def fields(**changes):
    """Change nbgrader fields of the first test."""
    return lambda nb: cell_of(nb, "01-surprise")["metadata"]["nbgrader"].update(changes)


def tags(*names):
    return lambda nb: cell_of(nb, "01-surprise")["metadata"].update(tags=list(names))


def retyped(grade_id, kind):
    def change(nb):
        cell = cell_of(nb, grade_id)
        cell["cell_type"] = kind
        cell.pop("outputs", None)
        cell.pop("execution_count", None)

    return change


def without(*grade_ids):
    def change(nb):
        gone = [cell_of(nb, grade_id) for grade_id in grade_ids]
        nb["cells"] = [cell for cell in nb["cells"] if cell not in gone]

    return change


def copied(grade_id, *texts):
    """Several copies of a cell, in its place, with these texts."""

    def change(nb):
        cell = cell_of(nb, grade_id)
        at = nb["cells"].index(cell)
        copies = [
            {**json.loads(json.dumps(cell)), "id": f"copy-{i}", "source": text}
            for i, text in enumerate(texts)
        ]
        nb["cells"][at : at + 1] = copies

    return change


def both(*changes):
    def change(nb):
        for one in changes:
            one(nb)

    return change


def put(**values):
    return lambda nb: nb.update(values)


def append(*cells):
    return lambda nb: nb["cells"].extend(cells)


def answered(words):
    """The question in words, answered."""
    return lambda nb: cell_of(nb, "sure-and-right").update(source=words)


def forged_output(nb):
    cell_of(nb, "01-surprise")["outputs"] = [
        {
            "output_type": "execute_result",
            "execution_count": 1,
            "metadata": {},
            "data": {"text/plain": "1.0"},
        }
    ]


def bonus(nb):
    cell = code("1000.0", "bonus")
    fields = dict(cell_of(nb, "01-surprise")["metadata"]["nbgrader"])
    cell["metadata"]["nbgrader"] = {**fields, "grade_id": "bonus", "points": 1000}
    nb["cells"].append(cell)


def reordered(nb):
    tests = [cell_of(nb, name) for name in ("01-surprise", "01-entropy")]
    nb["cells"] = tests + [cell for cell in nb["cells"] if cell not in tests]


def old_format(nb):
    cells = nb.pop("cells")
    for cell in cells:
        cell.pop("id", None)
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["language"] = "python"
            cell["prompt_number"] = cell.pop("execution_count")
    nb.update(nbformat=3, nbformat_minor=0, worksheets=[{"cells": cells, "metadata": {}}])


def stripped(nb):
    for cell in nb["cells"]:
        cell["metadata"] = {}


def wrecked(nb):
    for cell, junk in zip(nb["cells"], ([], None, {"nbgrader": 5}, {"nbgrader": {"grade_id": 7}})):
        if cell["cell_type"] == "markdown":
            cell["metadata"] = junk
    nb["cells"] += [5, None, "cell", {}, {"cell_type": "code"}, {"cell_type": ["x"], "source": 1}]
    nb["metadata"] = [1, 2]


def same_ids(nb):
    for cell in nb["cells"]:
        cell["id"] = "same"


def text(content):
    data = content if isinstance(content, bytes) else content.encode()
    return lambda folder, _: (folder / f"{NAME}.ipynb").write_bytes(data)


def encoded(encoding):
    return lambda folder, given: (folder / f"{NAME}.ipynb").write_bytes(given.encode(encoding))


def huge(folder, given):
    with open(folder / f"{NAME}.ipynb", "wb") as file:
        file.write(b"{")
        file.truncate(2**31)


def named(*names):
    def place(folder, given):
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(given)

    return place


def beside(make, name):
    """The right notebook with something else beside it."""

    def place(folder, given):
        (folder / f"{NAME}.ipynb").write_text(given)
        make(folder / name)

    return place


def instead(make):
    return lambda folder, given: make(folder / f"{NAME}.ipynb")


def linked_to(target):
    """A link to a path of the course folder."""
    return lambda path: path.symlink_to(path.parents[3] / target)


def linked_folder(folder, given):
    folder.rmdir()
    folder.symlink_to(folder.parents[1] / "right" / NAME)


def unix_socket(path):
    # Such a name may be 100 bytes long at most.
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(path.parent, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{here}/{path.name}")
        os.close(here)


def split_json(depth):
    return '{"nbformat": 4, "metadata": {}, "cells": ' + "[" * depth + "]" * depth + "}"


SCRIPT = "<script>window.pwned = 1</script>"
HANDLER = "<img src=x onerror='window.pwned = 2'>"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload='window.pwned = 3'><script>window.pwned = 3"
SVG += "</script></svg>"
MARKUP = f"{SCRIPT}{HANDLER}{SVG}<iframe srcdoc='{SCRIPT}'></iframe><a href='javascript:alert(1)'>x"
MARKUP += "</a><form action='//evil'><button formaction='javascript:alert(1)'>y</button></form>"
LOOP = "while True:\n    pass\n"


def wrong(body):
    """A wrong first answer whose function does `body` first."""
    inside = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f"def surprise(p, base=2):\n{inside}    return 0 * np.asarray(p, dtype=float)\n"


def dying(body):
    """A first answer that never comes back in an ordinary way."""
    inside = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f"def surprise(p, base=2):\n{inside}    return p\n"


FORGED = (REJECTED, RIGHT)
DIED = (("crashed", "timed out"), RIGHT)
# Where the student's own code ruins what comes after it, without harm to anybody else.
ANY = (RIGHT, "crashed", "timed out", BLANK)
# The first process of a room's namespace is deaf to some signals of its own.
KILLED = ((*DIED[0], *REJECTED), RIGHT)
NOTHING = (BLANK, BLANK)

CASES = [
    # Forging a verdict.
    Case("tag-skip", "forging", WRONG, change=tags("skip-execution"), outcome=FORGED),
    Case("tag-raises", "forging", WRONG, change=tags("raises-exception"), outcome=FORGED),
    Case(
        "displayhook",
        "forging",
        wrong("get_ipython().displayhook(1.0)"),
        outcome=FORGED,
    ),
    Case(
        "patched-comparisons",
        "forging",
        WRONG,
        scratch="import numpy.testing as t, math\n"
        "np.allclose = np.isclose = np.array_equal = math.isclose = lambda *a, **k: True\n"
        "t.assert_allclose = t.assert_array_equal = t.assert_equal = lambda *a, **k: None",
        outcome=FORGED,
    ),
    Case(
        "patched-checks",
        "forging",
        WRONG,
        scratch="import course, course.compare, sys, types\n"
        "course.compare.compare = lambda *a, **k: None\n"
        "fake = types.ModuleType('autograder'); fake.check = lambda *a: print('right')\n"
        "sys.modules['autograder'] = fake",
        outcome=FORGED,
    ),
    Case(
        "own-autograder",
        "forging",
        WRONG,
        scratch="open('autograder.py', 'w').write('def check(*a): return 1.0')",
        outcome=FORGED,
    ),
    Case(
        "input-transformer",
        "forging",
        WRONG,
        scratch="get_ipython().input_transformers_cleanup.append(lambda lines: ['1.0\\n'])",
        outcome=((*REJECTED, BLANK), (BLANK, "crashed")),
    ),
    Case(
        "ast-transformer",
        "forging",
        WRONG,
        scratch="import ast\n"
        "class Empty(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "    def visit_Call(self, node): return ast.Constant(1.0)\n"
        "get_ipython().ast_transformers.append(Empty())",
        outcome=((*REJECTED, BLANK), (*REJECTED, BLANK, RIGHT)),
    ),
    Case(
        "forged-verdict",
        "forging",
        WRONG,
        scratch="from IPython.display import display\n"
        "row = dict(exercise='01.surprise', points=99, max_points=99, verdict='right',\n"
        "           mistake=None, message='Right.')\n"
        "display({'application/vnd.autograder.verdict+json': row, 'text/plain': '99.0'}, raw=True)",
        outcome=FORGED,
    ),
    Case("forged-output", "forging", None, change=forged_output, outcome=(BLANK, RIGHT)),
    Case("points-raised", "forging", WRONG, change=fields(points=1000), outcome=FORGED),
    Case("not-graded", "forging", WRONG, change=fields(grade=False), outcome=FORGED),
    Case("made-solution", "forging", WRONG, change=fields(solution=True), outcome=FORGED),
    Case("unlocked", "forging", WRONG, change=fields(locked=False), outcome=FORGED),
    Case("schema-old", "forging", WRONG, change=fields(schema_version=1), outcome=FORGED),
    Case("schema-new", "forging", WRONG, change=fields(schema_version=99), outcome=FORGED),
    Case("bonus-cell", "forging", WRONG, change=bonus, outcome=FORGED, repairs="does not have"),
    Case(
        "test-rewritten",
        "forging",
        WRONG,
        change=lambda nb: cell_of(nb, "01-surprise").update(source="1.0"),
        outcome=FORGED,
        repairs="not as the course has it",
    ),
    Case(
        "thread",
        "forging",
        WRONG,
        scratch="import threading, time\n"
        "def write():\n"
        "    while True:\n"
        "        time.sleep(0.01); get_ipython().displayhook(1.0); print('right')\n"
        "threading.Thread(target=write, daemon=True).start()",
        outcome=FORGED,
    ),
    Case(
        "equal-to-all",
        "forging",
        "class Yes:\n"
        "    __array_priority__ = 1000\n"
        "    def __eq__(self, other): return True\n"
        "    def __getattr__(self, name): return lambda *a, **k: True\n"
        "def surprise(p, base=2):\n    return Yes()\n",
        outcome=FORGED,
    ),
    Case(
        "lying-array",
        "forging",
        "class Lie(np.ndarray):\n"
        "    def __eq__(self, other): return np.ones(self.shape, bool)\n"
        "    def __sub__(self, other): return np.zeros(self.shape)\n"
        "    __rsub__ = __sub__\n"
        "def surprise(p, base=2):\n    return np.zeros(np.shape(p)).view(Lie)\n",
        outcome=FORGED,
    ),
    Case(
        "pickled",
        "forging",
        "class Bomb:\n"
        "    def __reduce__(self): return (print, ('PICKLE-WAS-READ',))\n"
        "def surprise(p, base=2):\n    return Bomb()\n",
        outcome=FORGED,
        output="PICKLE-WAS-READ",
    ),
    Case(
        "channel-written",
        "forging",
        WRONG,
        scratch="import os\n"
        "for number in range(3, 32):\n"
        "    try: os.write(number, b'\\x00\\x00\\x00\\x10right')\n"
        "    except OSError: pass",
        outcome=(tuple({*REJECTED, BLANK}), (RIGHT, BLANK, "crashed")),
        alone=False,
    ),
    # Reading what is not the student's.
    Case(
        "frames-and-objects",
        "reading",
        "import gc, sys\n"
        "def surprise(p, base=2):\n"
        "    frame = sys._getframe()\n"
        "    while frame:\n"
        "        for value in [*frame.f_locals.values()]:\n"
        "            if callable(value) and 'reference' in repr(value): return value(p, base)\n"
        "        frame = frame.f_back\n"
        "    for thing in gc.get_objects():\n"
        "        if 'autograder.exercises' in str(getattr(thing, '__module__', '')):\n"
        "            return thing(p, base)\n"
        "    return 0 * np.asarray(p, dtype=float)\n",
        outcome=FORGED,
    ),
    Case(
        "import-reference",
        "reading",
        "def surprise(p, base=2):\n"
        "    from autograder.exercises.surprise_and_entropy.reference import surprise as given\n"
        "    return given(p, base)\n",
        outcome=(("crashed", "shortcut"), RIGHT),
    ),
    Case(
        "read-course-folder",
        "reading",
        scratch="import glob\n"
        "for path in glob.glob('{root}/*') + glob.glob('{root}/*/*/*/*'): print('STOLEN', path)\n"
        "for name in ('gradebook.db', 'nbgrader_config.py'):\n"
        "    try: print('STOLEN', open('{root}/' + name, 'rb').read(10))\n"
        "    except OSError: pass",
        output="STOLEN",
    ),
    Case(
        "search-disk",
        "reading",
        scratch="import os\n"
        "for folder, _, files in os.walk('/'):\n"
        "    if folder.startswith(('/proc', '/sys', '/usr', '/lib')): continue\n"
        "    if 'site-packages' in folder: continue\n"
        "    for name in files:\n"
        "        if name in ('gradebook.db', 'judge.py', 'nbgrader_config.py', 'shadow'):\n"
        "            print('STOLEN', folder, name)",
        output="STOLEN",
    ),
    Case(
        "write-gradebook",
        "reading",
        WRONG,
        scratch="import sqlite3, subprocess, sys\n"
        "change = '''import sqlite3, time; time.sleep(1)\n"
        'c = sqlite3.connect("{root}/gradebook.db", timeout=20)\n'
        "c.execute(\"update grade set manual_score = 99\"); c.commit()'''\n"
        "subprocess.Popen([sys.executable, '-c', change], start_new_session=True)\n"
        "try: exec(change)\n"
        "except Exception as error: print(type(error))",
        outcome=FORGED,
    ),
    Case(
        "environment",
        "reading",
        scratch="import os, glob\n"
        "print(dict(os.environ))\n"
        "for path in glob.glob('/proc/[0-9]*/environ') + glob.glob('/proc/[0-9]*/cmdline'):\n"
        "    try: print(open(path).read())\n"
        "    except OSError: pass",
        output="SECRET-OF-THE-GRADER",
    ),
    # Network and the host's processes.
    Case(
        "loopback",
        "network",
        scratch="import os, socket\n"
        "try:\n"
        "    socket.create_connection(('127.0.0.1', {port}), timeout=1)\n"
        "    print('REACHED')\n"
        "except OSError: pass",
        output="REACHED",
    ),
    Case(
        "outside",
        "network",
        scratch="import urllib.request\n"
        "try: print('REACHED', urllib.request.urlopen('http://1.1.1.1', timeout=1).status)\n"
        "except OSError: pass",
        output="REACHED",
    ),
    Case(
        "kill-everything",
        "network",
        dying("import os, signal\nos.kill(os.getppid(), 9)\nos.kill(-1, 9)"),
        outcome=KILLED,
        alone=False,
    ),
    Case(
        "stay-behind",
        "network",
        scratch="import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        os.execv('/bin/sleep', ['sleep', '98765'])\n"
        "    os._exit(0)",
        alone=False,
    ),
    # Exhausting what there is.
    Case("loop-in-a-cell", "exhausting", scratch=LOOP),
    Case("loop-in-a-function", "exhausting", dying(LOOP), outcome=("timed out", RIGHT)),
    Case(
        "stubborn-loop",
        "exhausting",
        scratch="while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    ),
    Case(
        "sleep-in-c",
        "exhausting",
        dying("return sum(range(10**12))"),
        outcome=("timed out", RIGHT),
    ),
    Case(
        "memory",
        "exhausting",
        scratch="held = []\nwhile True: held.append(np.ones(2**24))",
        outcome=(RIGHT, RIGHT),
        alone=False,
    ),
    Case(
        "memory-in-a-function",
        "exhausting",
        dying("return np.ones(10**12) + bytearray(10**12)"),
        outcome=(("crashed",), RIGHT),
        alone=False,
    ),
    Case(
        "fork-bomb",
        "exhausting",
        scratch="import os\nwhile True:\n    try: os.fork()\n    except OSError: break",
        outcome=(ANY, ANY),
        alone=False,
    ),
    Case(
        "threads",
        "exhausting",
        scratch="import threading, time\n"
        "try:\n"
        "    for _ in range(10**5): threading.Thread(target=time.sleep, args=(99,)).start()\n"
        "except RuntimeError: print('enough')",
        outcome=((RIGHT, "crashed"), RIGHT),
        alone=False,
    ),
    Case(
        "disk",
        "exhausting",
        scratch="for i in range(10**6): open(f'f{i}', 'wb').write(bytes(2**22))",
        alone=False,
    ),
    Case(
        "open-files",
        "exhausting",
        scratch="held = []\ntry:\n    while True: held.append(open('/dev/null'))\n"
        "except OSError: held = []",
    ),
    Case("print-much", "exhausting", scratch="print('x' * 10**8)\nfor i in range(10**6): print(i)"),
    Case(
        "return-much",
        "exhausting",
        dying("return np.zeros(3 * 10**8, np.int8)"),
        outcome=(("wrong type", "wrong shape", "crashed"), RIGHT),
    ),
    Case("recursion", "exhausting", dying("return surprise(p)"), outcome=(("crashed",), RIGHT)),
    Case(
        "endless-list",
        "exhausting",
        dying("x = []\nx.append(x)\nreturn x"),
        outcome=(REJECTED, RIGHT),
    ),
    # Dying.
    Case("exit-in-a-cell", "dying", scratch="import os; os._exit(0)"),
    Case("exit-in-a-function", "dying", dying("import os; os._exit(0)"), outcome=DIED),
    Case("sys-exit-in-a-function", "dying", dying("import sys; sys.exit(0)"), outcome=DIED),
    Case("segfault", "dying", dying("import ctypes; ctypes.string_at(1)"), outcome=DIED),
    Case("abort", "dying", scratch="import os; os.abort()"),
    Case("stopped", "dying", dying("import os; os.kill(os.getpid(), 19)"), outcome=KILLED),
    Case("interrupt", "dying", dying("raise KeyboardInterrupt"), outcome=DIED),
    Case("channel-closed", "dying", scratch="import os; os.closerange(0, 1000)"),
    Case(
        "another-program",
        "dying",
        scratch="import os; os.execv('/bin/sleep', ['sleep', '98764'])",
    ),
    Case(
        "builtins-gone",
        "dying",
        scratch="import builtins\nfor name in list(vars(builtins)): delattr(builtins, name)",
        outcome=(ANY, ANY),
    ),
    # Damaging the document.
    Case("not-json", "document", place=text("{ not json"), outcome=NOTHING, problem="not JSON"),
    Case("empty-file", "document", place=text(""), outcome=NOTHING, problem="is empty"),
    Case(
        "binary",
        "document",
        place=text(b"\x89PNG\xff\xfe\x80"),
        outcome=NOTHING,
        problem="not text",
    ),
    Case("a-list", "document", place=text("[]"), outcome=NOTHING, problem="not a notebook"),
    Case("deep", "document", place=text(split_json(10**5)), outcome=NOTHING, problem="nested"),
    Case(
        "split-much",
        "document",
        place=text('{"nbformat": 4, "cells": [' + "[]," * 10**6 + "[]]}"),
        outcome=NOTHING,
        problem="nested or split",
    ),
    Case(
        "huge-file",
        "document",
        place=huge,
        outcome=NOTHING,
        problem="larger than",
        alone=False,
    ),
    Case(
        "huge-number",
        "document",
        place=text('{"nbformat": 4, "cells": [], "metadata": {"n": ' + "9" * 10**5 + "}}"),
        outcome=NOTHING,
        problem="not JSON",
    ),
    Case(
        "a-folder",
        "document",
        place=instead(lambda path: (path / "inside").mkdir(parents=True)),
        outcome=NOTHING,
        problem="no ordinary file",
    ),
    Case(
        "linked-notebook",
        "document",
        place=instead(linked_to(f"submitted/right/{NAME}/{NAME}.ipynb")),
        outcome=NOTHING,
        problem="link",
    ),
    Case("linked-folder", "document", place=linked_folder, outcome=NOTHING, problem="link"),
    Case(
        "a-pipe", "document", place=instead(os.mkfifo), outcome=NOTHING, problem="no ordinary file"
    ),
    Case("a-socket", "document", place=instead(unix_socket), outcome=NOTHING, problem="ordinary"),
    Case("format-3", "document", change=old_format, repairs="old format"),
    Case("format-5", "document", change=put(nbformat=5), outcome=NOTHING, problem="format 4"),
    Case("no-cells", "document", change=put(cells=[]), outcome=NOTHING, repairs="missing"),
    Case("cells-no-list", "document", change=put(cells={"a": 1}), outcome=NOTHING, problem="cells"),
    Case("renamed", "document", place=named("my solution (1).ipynb"), repairs="another name"),
    Case(
        "renamed-and-nested",
        "document",
        place=named(f"homework/{NAME}.ipynb"),
        repairs="another name",
    ),
    Case(
        "renamed-twice",
        "document",
        place=named("a.ipynb", "b.ipynb"),
        repairs="another name",
    ),
    Case(
        "two-drafts",
        "document",
        place=lambda folder, given: (
            named("a.ipynb")(folder, given),
            named("b.ipynb")(folder, given.replace("np.log", "np.log2")),
        ),
        outcome=NOTHING,
        problem="more than one",
    ),
    Case(
        "nothing-handed-in",
        "document",
        place=lambda folder, given: None,
        outcome=NOTHING,
        problem="missing",
    ),
    Case(
        "another-document",
        "document",
        place=lambda folder, given: (folder / "essay.docx").write_text("mine"),
        outcome=NOTHING,
        problem="missing",
    ),
    Case(
        "test-twice",
        "document",
        change=lambda nb: copied("01-surprise", *[cell_of(nb, "01-surprise")["source"]] * 2)(nb),
        repairs="2 times",
    ),
    Case(
        "test-copy-written-in",
        "document",
        None,
        change=lambda nb: copied("01-surprise", SURPRISE, cell_of(nb, "01-surprise")["source"])(nb),
        repairs="2 times",
    ),
    Case(
        "answer-then-stub",
        "document",
        change=lambda nb: copied(
            "surprise", SURPRISE, "def surprise(p, base=2):\n    raise NotImplementedError"
        )(nb),
        outcome=((RIGHT, BLANK, "crashed"), RIGHT),
        repairs="surprise",
    ),
    Case(
        "answer-split",
        "document",
        change=copied("surprise", *SURPRISE.split("\n", 1)),
        repairs="joined again",
    ),
    Case("tests-deleted", "document", change=without("01-surprise", "01-entropy"), repairs="added"),
    Case(
        "answer-elsewhere",
        "document",
        scratch=SURPRISE,
        change=without("surprise"),
        repairs="without an answer",
    ),
    Case("set-up-deleted", "document", change=without("setup"), repairs="`setup` was missing"),
    Case("tests-first", "document", change=reordered, repairs="moved back behind"),
    Case("answer-as-text", "document", change=retyped("surprise", "markdown"), repairs="code cell"),
    Case("test-as-raw", "document", WRONG, change=retyped("01-surprise", "raw"), outcome=FORGED),
    Case("metadata-stripped", "document", change=stripped, repairs="missing"),
    Case("metadata-wrecked", "document", change=wrecked, repairs="damaged"),
    Case("ids-all-the-same", "document", change=same_ids),
    Case(
        "half-a-character",
        "document",
        change=append(code("x = '\ud800'", "a"), code("y = 1\0", "b")),
    ),
    Case("file-linked", "document", place=beside(linked_to("gradebook.db"), "data.csv")),
    Case("pipe-beside", "document", place=beside(os.mkfifo, "data.csv"), repairs="left out"),
    Case("time-is-a-pipe", "document", place=beside(os.mkfifo, "timestamp.txt"), repairs="time"),
    Case(
        "time-is-nonsense",
        "document",
        place=beside(lambda path: path.write_text("soon"), "timestamp.txt"),
        repairs="time",
    ),
    Case(
        "files-too-large",
        "document",
        place=beside(lambda path: os.truncate(os.open(path, 66), 2**31), "movie.mp4"),
        repairs="too",
        alone=False,
    ),
    # Attacking who looks at it.
    Case(
        "html-shown",
        "browser",
        scratch="from IPython.display import HTML, SVG, Javascript, Markdown, display\n"
        f"display(HTML({MARKUP!r}), Markdown({MARKUP!r}), SVG({SVG!r}))\n"
        "display(Javascript('window.pwned = 4'))\n"
        "display({'image/png': 'x\" onerror=\"window.pwned = 5', 'text/latex': "
        f"{MARKUP!r}}}, raw=True)",
        output="window.pwned = 4",
    ),
    Case(
        "html-in-text",
        "browser",
        change=append(
            {
                "cell_type": "markdown",
                "id": "attack",
                "metadata": {"tags": [MARKUP]},
                "source": f"# {MARKUP}\n\n![a](attachment:a.svg) ![b](x' onerror='window.pwned=6)"
                f"\n\n[c](javascript:alert(1))\n\n```html\n{MARKUP}\n```\n$$ {MARKUP} $$",
                "attachments": {
                    "a.svg": {"image/svg+xml": SVG, 'image/png" onerror="window.pwned=7': "x"}
                },
            }
        ),
    ),
    Case(
        "html-in-an-answer",
        "browser",
        change=lambda nb: cell_of(nb, "sure-and-right").update(source=MARKUP),
    ),
    Case(
        "html-in-an-exception",
        "browser",
        dying(f"raise type({SCRIPT!r}, (Exception,), {{}})({MARKUP!r})"),
        outcome=("crashed", RIGHT),
    ),
    Case(
        "html-in-the-metadata",
        "browser",
        change=put(
            metadata={
                "title": MARKUP,
                "widgets": {"application/vnd.jupyter.widget-state+json": {"x": "</script>"}},
                "language_info": {"name": "python", "pygments_lexer": "html", "x": MARKUP},
                "autograder": {"repairs": [MARKUP], "judged": True},
            }
        ),
    ),
    Case("formula-as-name", "exports", student="=1+cmd"),
    # Honest, though odd.
    Case("right", "honest"),
    Case("given-back-untouched", "honest", None, None, outcome=NOTHING),
    Case(
        "a-warning",
        "honest",
        "import warnings\ndef surprise(p, base=2):\n    warnings.warn('careful')\n"
        "    return -np.log(p) / np.log(base)\n",
    ),
    Case(
        "a-print",
        "honest",
        "import sys\n" + SURPRISE.replace("    with", "    print(p, file=sys.stderr)\n    with"),
    ),
    Case("an-input", "honest", scratch="name = input('Who are you? ')"),
    Case("a-sys-exit", "honest", scratch="import sys\nsys.exit()"),
    Case("a-syntax-error", "honest", "def surprise(p:\n", outcome=("crashed", RIGHT)),
    Case("an-error-in-a-cell", "honest", scratch="1 / 0"),
    Case("magics", "honest", scratch="%matplotlib inline\n%time 1 + 1\n!echo hello\n?np"),
    Case("help", "honest", scratch="help(np.log)"),
    Case("all-errors-raised", "honest", scratch="np.seterr(all='warn')\nimport random"),
    Case(
        "a-callable-object",
        "honest",
        "class Surprise:\n"
        "    def __call__(self, p, base=2):\n"
        "        with np.errstate(divide='ignore'):\n"
        "            return -np.log(p) / np.log(base)\n"
        "surprise = Surprise()\n",
    ),
    Case("windows-lines", "honest", SURPRISE.replace("\n", "\r\n")),
    Case("byte-order-mark", "honest", place=encoded("utf-8-sig")),
    Case("utf-16", "honest", place=encoded("utf-16")),
    Case(
        "a-background-thread",
        "honest",
        scratch="import threading, time\nthreading.Thread(target=time.sleep, args=(1,)).start()",
    ),
    Case(
        "own-cells-and-pictures",
        "honest",
        scratch="import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()",
    ),
]

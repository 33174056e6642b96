"""Generated sources, texts and notebooks through the whole path, from the file to the gradebook and
the page: nothing a student can hand in stops a class, or costs anybody else a point.

`AUTOGRADER_FUZZ=2000 pytest tests/intake/test_fuzz.py` tries as many;
`AUTOGRADER_FUZZ_SEED` draws others.
"""

import json
import os
import random
import string

import pytest

from autograder.grading import Grading, make_feedback
from tests.hostile.cases import ENTROPY, NAME, SURPRISE, Case, hand_in
from tests.hostile.conftest import Class, fresh_course, template  # noqa: F401

pytestmark = [pytest.mark.walls, pytest.mark.slow]
NUMBER = int(os.environ.get("AUTOGRADER_FUZZ", "60"))
SEED = int(os.environ.get("AUTOGRADER_FUZZ_SEED", "1"))
# Of so many, one is an honest right hand-in that must get all its points.
HONEST_EVERY = 10
# For so many a page is made.
PAGE_EVERY = 20

NESTED = (
    ("(", ")"),
    ("[", "]"),
    ("{1:", "}"),
    ("f(", ")"),
    ("not ", ""),
    ("-", ""),
    ("lambda: ", ""),
    ("1 + ", ""),
    ("a.", ""),
    ("1 if x else ", ""),
    ("'", "'"),
    ("f'{", "}'"),
    ("await ", ""),
    ("*", ""),
)
TOKENS = (
    *"()[]{}:,.;=+-*/@%&|^~<>!?\\\"'#\n\t ",
    *("def ", "class ", "lambda ", "return ", "yield ", "async ", "await ", "import ", "from "),
    *("if ", "else:", "try:", "except:", "finally:", "for ", "while True:", "with ", "del "),
    *("global p\n", "nonlocal p\n", "match p:\n", "case _:\n", "surprise", "entropy", "p", "np"),
    *("None", "...", "1e999", "0x", "9" * 30, "'''", '"""', "f'{", "\0", "\ud800", "\u00a0"),
    *("%%bash\n", "%cd ..\n", "!ls\n", "??", "%%writefile x.py\n", "\r", "\x0c", "\u2028"),
)
# What runs, and does what a program should not.
RUNS = (
    "raise SystemExit(3)",
    "import os\nos._exit(1)",
    "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "def f():\n    f()\nf()",
    "class E(Exception):\n    def __str__(self):\n        raise self\nraise E",
    "class E(BaseException):\n    __module__ = 7\nraise E('x' * 10**6)",
    "import builtins\nbuiltins.print = builtins.len = builtins.isinstance = None",
    "import sys\nsys.stdout = sys.stderr = None",
    "import sys\nsys.modules.clear()",
    "print('x' * 10**7)",
    "x = [0]\nx[0] = x\nx",
    "bytearray(2**40)",
    "import os\nfor fd in range(50):\n    try: os.close(fd)\n    except OSError: pass",
    "import threading\nthreading.Thread(target=lambda: 1 / 0).start()",
    "get_ipython().input_transformers_cleanup.append(lambda lines: 1 / 0)",
    "from IPython.display import HTML, display\ndisplay(HTML('<script>x</script>' * 1000))",
    "np.seterr(all='raise')\nnp.log = np.exp",
    "import gc\ngc.disable()\nraise KeyboardInterrupt",
    "class P:\n    def __repr__(self):\n        return '\\ud800' * 99\nP()",
    "import warnings\nwarnings.simplefilter('error')",
)


def source(draw):
    """A cell's text."""
    kind = draw.randrange(6)
    if kind == 0:
        return "".join(draw.choices(TOKENS, k=draw.randrange(1, 80)))
    if kind == 1:
        opening, closing = draw.choice(NESTED)
        depth = int(10 ** draw.uniform(1, 4.3))
        return f"x = {opening * depth}1{closing * depth}"
    if kind == 2:
        return draw.choice(RUNS)
    if kind == 3:
        return "".join(
            chr(draw.choice((draw.randrange(128), draw.randrange(0x11000)))) for _ in "x" * 60
        )
    right = draw.choice((SURPRISE, ENTROPY))
    if kind == 4:
        lines = right.splitlines()
        return "\n".join(draw.choices(lines, k=len(lines)))
    characters = list(right)
    for _ in range(draw.randrange(1, 6)):
        place = draw.randrange(len(characters))
        characters[place : place + draw.randrange(3)] = draw.choice(TOKENS)
    return "".join(characters)


def text(draw):
    """A written answer."""
    parts = (
        *(
            "$x$",
            "$$\\frac{",
            "![a](attachment:a.png)",
            "![a](../../x.png)",
            "<img src=x onerror=1>",
        ),
        *("<div>" * 300, "[a](javascript:1)", "| a | b |\n|--|", "```", "> " * 500, "* " * 300),
        *(
            "\0",
            "\ud800",
            "\u202e",
            "&lt;",
            "<!--",
            "]]>",
            "{{ x }}",
            "{% for %}",
            "YOUR ANSWER HERE",
        ),
        string.printable,
    )
    return "\n".join(draw.choices(parts, k=draw.randrange(1, 6)))


def value(draw):
    """Any JSON."""
    return draw.choice(
        (
            *(
                None,
                True,
                -1,
                1e308,
                10**30,
                "",
                "x" * 10**5,
                [],
                {},
                [[]] * 50,
                {"a": {"b": None}},
            ),
            source(draw),
        )
    )


def damaged(draw, notebook):
    """The notebook with a few changes to its structure."""
    for _ in range(draw.randrange(1, 5)):
        cells = notebook.get("cells")
        kind = draw.randrange(7)
        if kind == 0 or not isinstance(cells, list) or not cells:
            notebook[draw.choice(("cells", "nbformat", "metadata", "nbformat_minor"))] = value(draw)
        elif kind == 1:
            cells.pop(draw.randrange(len(cells)))
        elif kind == 2:
            cells.append(json.loads(json.dumps(draw.choice(cells))))
        elif kind == 3:
            draw.shuffle(cells)
        elif kind == 4:
            cells[draw.randrange(len(cells))] = value(draw)
        else:
            cell = draw.choice(cells)
            if isinstance(cell, dict):
                cell[draw.choice(("source", "metadata", "cell_type", "id", "attachments"))] = value(
                    draw
                )
                if isinstance(cell.get("metadata"), dict) and draw.random() < 0.5:
                    cell["metadata"]["nbgrader"] = value(draw)
    return notebook


def generated(draw, student):
    """A hand-in, and how its file is written."""
    answers = {
        name: source(draw) if draw.random() < 0.5 else right
        for name, right in (("surprise", SURPRISE), ("entropy", ENTROPY))
    }
    words = text(draw)

    def change(notebook):
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "sure-and-right":
                cell["source"] = words
        if draw.random() < 0.5:
            damaged(draw, notebook)

    def place(folder, given):
        content = given.encode("utf-8", "surrogatepass")
        if draw.random() < 0.2:
            content = bytearray(content)
            for _ in range(draw.randrange(1, 20)):
                at = draw.randrange(len(content))
                content[at : at + draw.randrange(3)] = draw.randbytes(draw.randrange(3))
        if draw.random() < 0.1:
            content = content[: draw.randrange(len(content))]
        name = draw.choice((NAME, NAME, NAME, "other", f"{NAME}-2"))
        (folder / f"{name}.ipynb").write_bytes(content)

    scratch = source(draw) if draw.random() < 0.7 else ""
    return Case(student, "honest", **answers, scratch=scratch, change=change, place=place)


def test_no_hand_in_stops_a_class_or_costs_anybody_else_a_point(fresh_course, template):  # noqa: F811
    draw = random.Random(SEED)
    for number in range(NUMBER):
        if number % HONEST_EVERY == 0:
            hand_in(Case(f"honest{number}", "honest"), template.release, fresh_course)
        else:
            hand_in(generated(draw, f"s{number}"), template.release, fresh_course)
    grading = Grading(Class(fresh_course, {}).folder)
    submissions = grading.submissions([]).submissions
    with grading:
        found = {one.submission.student: one for one in grading.grade(submissions)}
    assert len(found) == NUMBER
    defects = {student: one.problem for student, one in found.items() if one.trace}
    assert defects == {}
    judged = ("It could not be judged: ", "")
    left = [one.problem for one in found.values() if not one.entered]
    assert [problem for problem in left if not problem.startswith(judged[0])] == []
    for number in range(0, NUMBER, HONEST_EVERY):
        assert found[f"honest{number}"].score == 4
    entered = [one.submission for one in found.values() if one.entered][::PAGE_EVERY]
    assert [problem for _, problem in make_feedback(grading.folder, entered) if problem] == []
    assert grading.waiting(submissions, force=False).submissions == [
        one.submission for one in found.values() if not one.entered
    ]

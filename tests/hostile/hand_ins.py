"""Hand-ins as people report them in public trackers: honest work that looks odd."""

import json
import zipfile

from tests.hostile.cases import (
    NAME,
    SURPRISE,
    Case,
    answered,
    both,
    cell_of,
    code,
    copied,
    named,
    notebook_of,
    without,
)

THREAT = "hand-ins"
BLANK = {"surprise": None, "entropy": None}


def typed_into(grade_id, words, before=True):
    def change(notebook):
        cell = cell_of(notebook, grade_id)
        given = cell["source"]
        cell["source"] = f"{words}\n{given}" if before else f"{given}\n{words}"

    return change


def drafts(*names, first=None):
    """The notebook under other names, beside a blank one where `first` is its name."""

    def place(folder, given):
        if first:
            blank = notebook_of(Case("blank", THREAT, **BLANK), RELEASE, folder)
            (folder / first).write_text(json.dumps(blank))
        named(*names)(folder, given)

    return place


def packed(folder, given):
    with zipfile.ZipFile(folder / "homework.zip", "w") as file:
        file.writestr(f"homework/{NAME}.ipynb", given)
        file.writestr(f"__MACOSX/._{NAME}.ipynb", "x")


def files(**contents):
    def place(folder, given):
        (folder / f"{NAME}.ipynb").write_text(given)
        for name, content in contents.items():
            path = folder / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    return place


def twice(notebook):
    notebook["cells"] += [json.loads(json.dumps(cell)) for cell in notebook["cells"]]


def below(grade_id, words, kind="markdown"):
    """A cell of the student's own below another."""

    def change(notebook):
        cell = {**code(words, "below"), "cell_type": kind}
        if kind != "code":
            del cell["outputs"], cell["execution_count"]
        at = notebook["cells"].index(cell_of(notebook, grade_id))
        notebook["cells"].insert(at + 1, cell)

    return change


def added_to_the_heading(notebook):
    (heading,) = [cell for cell in notebook["cells"] if "## Surprise" in cell["source"]]
    heading["source"] += "\n\nBoth learners are right, and the sure one is surprised less."


WORDS = "Both learners are right, and the sure one is surprised less."
# An answer in words that does not stand in its cell, but somewhere else.
ELSEWHERE = {
    "typed-below": below("sure-and-right", WORDS),
    "short-below": below("sure-and-right", "The sure one."),
    "split-with-nothing-before": both(answered(""), below("sure-and-right", WORDS)),
    "moved-to-the-top": below("setup", WORDS),
    "kept-as-raw-text": below("sure-and-right", WORDS, "raw"),
    "commented-code": below("sure-and-right", f"# {WORDS}", "code"),
    "prose-as-code": below("sure-and-right", WORDS, "code"),
    "typed-into-the-heading": added_to_the_heading,
    "picture-below": below("sure-and-right", "![](attachment:x.png)"),
}
# What is not taken for an answer in words.
NOT_ELSEWHERE = {
    "nothing-written": lambda notebook: None,
    "own-code": below("sure-and-right", "x = 1  # only one of these two is a number", "code"),
    "heading-twice": below("sure-and-right", "## Surprise"),
    "an-empty-cell": below("sure-and-right", "\n---\n"),
}
# The course as it was given out; to be filled before a case is handed in.
RELEASE: dict = {}
# Each gets all points, once what is odd about it is put right.
HONEST = [
    Case(
        "import-in-setup",
        THREAT,
        SURPRISE.replace("np.log(base)", "log(base)"),
        change=typed_into("setup", "from math import log", before=False),
        repairs="of its own",
    ),
    Case("answer-in-test", THREAT, None, change=typed_into("01-surprise", SURPRISE)),
    Case("merged", THREAT, change=both(typed_into("01-surprise", "def more():\n    return 1"))),
    Case("doubled", THREAT, change=twice, repairs="one copy was kept"),
    Case("empty-copy", THREAT, change=copied("surprise", SURPRISE, "")),
    Case(
        "subfolders",
        THREAT,
        scratch="import utils.tools\nassert open('data/tosses.csv').read() == '1'\nbase2 = 2",
        surprise=SURPRISE.replace("np.log(base)", "np.log(base) / (base2 / 2)"),
        place=files(data__tosses_dot_csv="1", utils__tools_dot_py="x = 1"),
    ),
    Case(
        "cd",
        THREAT,
        surprise=SURPRISE.replace("np.log(base)", "np.log(base) / y"),
        scratch="%cd ..\n%cd /nowhere/at/all\ny = 1",
    ),
    Case(
        "widget",
        THREAT,
        surprise=SURPRISE.replace("np.log(base)", "np.log(base) / y"),
        scratch="%matplotlib widget\n%matplotlib qt\nimport matplotlib\nmatplotlib.use('TkAgg')\n"
        "y = 1",
    ),
    Case(
        "cp1252",
        THREAT,
        scratch="name = 'Núñez'",
        repairs="Windows-1252",
        place=lambda folder, given: (folder / f"{NAME}.ipynb").write_bytes(
            json.dumps(json.loads(given), ensure_ascii=False).encode("cp1252")
        ),
    ),
    Case("ipynb-txt", THREAT, place=named(f"{NAME}.ipynb.txt"), repairs="another name"),
    Case("ipynb-json", THREAT, place=named(f"{NAME}.ipynb.json"), repairs="another name"),
    Case("zipped", THREAT, place=packed, repairs="another name"),
    Case(
        "copy-beside-a-blank",
        THREAT,
        repairs="holds answers",
        place=drafts(f"{NAME}-Copy1.ipynb", first=f"{NAME}.ipynb"),
    ),
    Case("draft-and-blank", THREAT, place=drafts("b.ipynb", first="a.ipynb"), repairs="another"),
    Case(
        "zip-beside-a-blank",
        THREAT,
        place=lambda folder, given: (
            drafts(first=f"{NAME}.ipynb")(folder, given),
            packed(folder, given),
        ),
        repairs="homework.zip holds answers",
    ),
    Case(
        "attempts-of-canvas",
        THREAT,
        place=lambda folder, given: (
            named(f"{NAME}.ipynb", f"{NAME}-1.ipynb")(
                folder, given.replace("np.log(base)", "np.log(base) + 1")
            ),
            named(f"{NAME}-2.ipynb")(folder, given),
        ),
        repairs=f"{NAME}-2.ipynb is the latest attempt",
    ),
    Case(
        "attempts-alone",
        THREAT,
        place=lambda folder, given: (
            named(f"{NAME}-9.ipynb")(folder, given.replace("np.log(base)", "np.log(base) + 1")),
            named(f"{NAME}-10.ipynb")(folder, given),
        ),
        repairs="another name",
    ),
    Case(
        "another-with-answers",
        THREAT,
        place=lambda folder, given: (
            named(f"{NAME}.ipynb")(folder, given),
            named("old.ipynb")(folder, given.replace("np.log(base)", "np.log(base) + 1")),
        ),
        repairs="not what lies beside it: old.ipynb",
    ),
    Case("copy-of-the-same", THREAT, place=named(f"{NAME}.ipynb", "copy.ipynb")),
    Case("two-equal-drafts", THREAT, place=drafts("a.ipynb", "b.ipynb"), repairs="another name"),
]
CASES = [
    *HONEST,
    *(Case(name, THREAT, change=change, waits=True) for name, change in ELSEWHERE.items()),
    Case("lost-text", THREAT, change=without("sure-and-right"), waits=True),
]

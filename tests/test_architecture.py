"""Who may know whom."""

import ast
import builtins
import importlib
import inspect
import re
import sys
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter

import pytest

from autograder import errors
from tests.conftest import ROOT

STANDARD = sys.stdlib_module_names
# Each part and what it may import, from the bottom to the top; "..." stands for any library. The
# names in quotes are modules of this project or libraries, with all that is below them.
MAY_IMPORT = {
    "course": {
        "course",
        "numpy",
        "matplotlib",
        "PIL",
        "IPython",
        "ipywidgets",
        "sklearn",
        "torch",
    },
    "autograder.errors": set(),
    "autograder.source_text": {"IPython"},
    "autograder.spreadsheet": set(),
    "autograder.cell_fields": set(),
    "autograder.exercises": {"numpy", "scipy", "torch", "sklearn", "course"},
    "autograder.sandbox": {"...", "autograder.errors"},
    "autograder.judge": {
        "numpy",
        "autograder.exercises",
        "autograder.sandbox.wire",
        "autograder.source_text",
        "course.compare",
        "course.kinds",
        "course.stubs",
        "course.words",
        "course.wrappers",
    },
    "autograder.intake": {
        "...",
        "autograder.errors",
        "autograder.cell_fields",
        "autograder.source_text",
    },
    "autograder.course_folder": {
        "...",
        "autograder.errors",
        "autograder.cell_fields",
        "autograder.intake",
    },
    "autograder.run": {
        "...",
        "autograder.errors",
        "autograder.cell_fields",
        "autograder.exercises",
        "autograder.judge",
        "autograder.sandbox",
        "autograder.source_text",
        "course",
    },
    "autograder.hooks": {
        "...",
        "autograder.errors",
        "autograder.cell_fields",
        "autograder.spreadsheet",
        "autograder.judge",
        "autograder.intake",
        "autograder.course_folder",
        "autograder.run",
        "autograder.sandbox",
        "course.kinds",
        "course.words",
    },
    "autograder.build": {
        "...",
        "autograder.errors",
        "autograder.cell_fields",
        "autograder.exercises",
        "autograder.judge",
        "autograder.sandbox",
        "autograder.course_folder",
        "autograder.run",
        "autograder.hooks",
        "course",
    },
    "autograder.check_file": {
        "...",
        "autograder.errors",
        "autograder.cell_fields",
        "autograder.exercises",
        "autograder.intake",
        "autograder.course_folder",
        "autograder.run",
        "autograder.hooks",
        "autograder.sandbox",
        "course",
    },
    "autograder.learning": {
        "...",
        "autograder.errors",
        "autograder.cell_fields",
        "autograder.exercises",
        "autograder.intake",
        "autograder.course_folder",
        "autograder.run",
        "autograder.hooks",
        "autograder.sandbox",
        "autograder.check_file",
        "course",
    },
    "autograder.grading": {
        "...",
        "autograder.errors",
        "autograder.source_text",
        "autograder.intake",
        "autograder.course_folder",
        "autograder.run",
        "autograder.hooks",
        "autograder.sandbox",
        "course.kinds",
    },
    "autograder.report": {
        "...",
        "autograder.errors",
        "autograder.cell_fields",
        "autograder.source_text",
        "autograder.spreadsheet",
        "autograder.exercises",
        "autograder.intake",
        "autograder.course_folder",
        "autograder.hooks",
        "course.kinds",
        "course.plots",
        "course.words",
    },
    "autograder.marking": {
        "...",
        "autograder.errors",
        "autograder.cell_fields",
        "autograder.intake",
        "autograder.course_folder",
        "autograder.hooks",
        "autograder.grading",
    },
    "autograder.teaching": {
        "...",
        "autograder.errors",
        "autograder.intake",
        "autograder.course_folder",
        "autograder.hooks",
        "autograder.grading",
        "autograder.marking",
    },
    "autograder.simulate": {
        "...",
        "autograder.errors",
        "autograder.cell_fields",
        "autograder.exercises",
        "autograder.judge",
        "autograder.course_folder",
        "autograder.run",
        "autograder.build",
        "autograder.report",
        "course.kinds",
    },
    "autograder.cli": {"...", "autograder", "course"},
    "autograder": {"autograder", "course", "IPython"},
}


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            for item in node.names:
                yield f"{node.module}.{item.name}"


def files(part):
    place = ROOT.joinpath(*part.split("."))
    if place.with_suffix(".py").is_file():
        return [place.with_suffix(".py")]
    if part == "autograder":
        return [place / "__init__.py"]
    return sorted(place.rglob("*.py"))


def below(name, part):
    return name == part or name.startswith(f"{part}.")


def strangers(part):
    allowed = MAY_IMPORT[part] | {part}
    for path in files(part):
        for name in imports_of(path):
            ours = name.split(".")[0] in ("autograder", "course")
            if name.split(".")[0] in STANDARD or (not ours and "..." in allowed):
                continue
            if not any(below(name, one) for one in allowed):
                yield str(path.relative_to(ROOT)), name


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_each_part_knows_only_what_it_may(part):
    assert list(strangers(part)) == []


def test_every_part_has_its_arrows():
    parts = {
        path.stem
        for path in (ROOT / "autograder").iterdir()
        if path.name[0] not in "_." and path.suffix != ".typed"
    }
    assert {f"autograder.{name}" for name in parts} <= MAY_IMPORT.keys()


def test_arrows_go_down_only():
    parts = list(MAY_IMPORT)
    for place, part in enumerate(parts):
        for name in MAY_IMPORT[part] - {"...", "autograder"}:
            above = [other for other in parts[place + 1 :] if other != "autograder"]
            assert not any(below(name, other) for other in above), (part, name)


def test_references_know_only_numpy_and_torch_where_the_exercise_is_torch():
    for path in (ROOT / "autograder/exercises").glob("*/reference.py"):
        known = {"numpy", "autograder.exercises"}
        if path.parent.name == "autograd":
            known.add("torch")
        for name in imports_of(path):
            assert name.split(".")[0] in STANDARD or any(below(name, one) for one in known), path


def test_the_wire_stands_alone():
    for name in imports_of(ROOT / "autograder/sandbox/wire.py"):
        assert name.split(".")[0] in {*STANDARD, "numpy"}, name


def test_what_is_inside_a_room_imports_nothing_of_this_project():
    for path in files("autograder.sandbox.inside"):
        for name in imports_of(path):
            assert name.split(".")[0] not in ("autograder", "course"), (path, name)


@pytest.mark.parametrize("place", ["course", "release"])
def test_nothing_a_student_gets_names_what_only_an_instructor_has(place):
    for path in sorted((ROOT / place).rglob("*")):
        if path.suffix in (".py", ".json", ".ipynb"):
            text = path.read_text(encoding="utf-8")
            for word in ("import autograder", "autograder.check", "BEGIN SOLUTION", "HIDDEN TESTS"):
                assert word not in text, (path, word)


def test_no_two_classes_share_a_name():
    """Those of exercises are left out: they are what is asked for, and what students write."""
    content = ROOT / "autograder" / "exercises"
    found = [
        node.name
        for part in MAY_IMPORT
        for path in files(part)
        if content not in path.parent.parents
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    ]
    assert sorted({name for name in found if found.count(name) > 1}) == []


@pytest.mark.parametrize("part", ["intake", "judge", "run", "sandbox"])
def test_what_stands_below_the_hooks_knows_no_nbgrader(part):
    for path in files(f"autograder.{part}"):
        assert not any(below(name, "nbgrader") for name in imports_of(path)), path


# What several parts may have: the sentences that people read, and what runs them as a program.
SHARED_NAMES = {"__init__", "__main__", "words"}


def test_no_two_modules_share_a_name():
    """Those of exercises are left out: their names are those of what is asked for."""
    found = [
        path.stem
        for path in (ROOT / "autograder").rglob("*.py")
        if ROOT / "autograder" / "exercises" not in path.parents
    ]
    assert {name for name in found if found.count(name) > 1} <= SHARED_NAMES


def modules():
    """Every module of the project by its dotted name, with its file."""
    for place in ("autograder", "course"):
        for path in sorted((ROOT / place).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def loaded_with(path, known):
    """The modules of the project that a file imports while it is loaded itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    waiting = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names if item.name in known)
        elif isinstance(node, ast.ImportFrom):
            for item in node.names:
                name = f"{node.module}.{item.name}"
                yield from {name if name in known else node.module} & known.keys()
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            waiting += [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt)]


def test_no_module_is_loaded_by_what_it_loads():
    known = dict(modules())
    order = TopologicalSorter({name: set(loaded_with(path, known)) for name, path in known.items()})
    try:
        order.prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


OTHERS = ("nbgrader", "nbconvert")
PRIVATE = re.compile(r"\b(?:self|super\(\)|cls)\.(_[a-z]\w*)")


def promised_to_nobody(kind):
    """The private names that a class has from nbgrader and nbconvert."""
    found = set()
    for one in kind.__mro__:
        if one.__module__.split(".")[0] in OTHERS:
            source = inspect.getsource(one)
            found |= {name for name in vars(one) if re.match("_[a-z]", name)}
            found |= set(PRIVATE.findall(source))
    return found


@pytest.mark.slow
def test_names_that_nbgrader_promises_to_nobody_are_touched_in_one_module():
    parts = ("hooks", "grading", "report", "marking", "teaching", "build", "learning", "simulate")
    for part in parts:
        for path in files(f"autograder.{part}"):
            if path.stem in ("internals", "__main__"):
                continue
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            module = importlib.import_module(name.removesuffix(".__init__"))
            own = [one for one in vars(module).values() if inspect.isclass(one)]
            for kind in (one for one in own if one.__module__ == module.__name__):
                source = inspect.getsource(kind)
                used = set(PRIVATE.findall(source)) | set(re.findall(r"def (_[a-z]\w*)", source))
                assert not used & promised_to_nobody(kind), (path, kind)
            # Of another object, only what this module itself has given it.
            text = path.read_text(encoding="utf-8")
            written = set(re.findall(r"\b(?:self|cls)\.(_[a-z]\w*)|def (_[a-z]\w*)", text))
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Attribute) and re.match("_[a-z]", node.attr):
                    assert any(node.attr in names for names in written), (path, node.attr)


def test_the_tree_of_exceptions_is_complete():
    """Each stands below the one that it is derived from, and nothing stands there besides."""
    drawn, above = {}, []
    for line in errors.__doc__.splitlines():
        if found := re.match(r"    ([│├└─ ]*)([A-Z_]\w+)", line):
            depth = len(found[1]) // 4
            above[depth:] = [found[2]]
            drawn[found[2]] = above[depth - 1] if depth else None
    known = {name: kind for name, kind in vars(builtins).items() if inspect.isclass(kind)}
    texts = [path.read_text(encoding="utf-8") for _, path in modules()]
    classes = [
        node
        for text in texts
        if re.search(r"^ *class \w+\(", text, re.MULTILINE)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
    ]
    derived = {}
    for node in classes:
        bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
        if bases and (bases[0] in drawn or issubclass(known.get(bases[0], object), BaseException)):
            derived[node.name] = bases[0]
    ours = {name: base for name, base in drawn.items() if name in derived}
    assert derived == ours
    rest = drawn.keys() - derived.keys() - {"ClickException"}
    assert all(drawn[name] in (None, known[name].__base__.__name__) for name in rest)


def test_every_module_opens_with_a_paragraph_on_what_it_is():
    for place in ("course", "autograder", "tests", "benchmarks"):
        for path in files(place):
            text = path.read_text(encoding="utf-8")
            assert not text or text.lstrip().startswith(('"""', "#!", "'")), path


PAGE = ROOT / "docs" / "architecture.md"
# A function or class, and its file; in a list at the start of a line, after a number.
NAMED = re.compile(r"(?:^\d+\. )?`([\w.]+)` in `([\w/]+\.py)`", re.MULTILINE)
PICTURE = re.compile(r"(<!-- arrows -->\n).*?(<!-- end of arrows -->)", re.DOTALL)


def arrows():
    """The table as a picture for Mermaid; what follows from other arrows is not drawn."""
    parts = [part for part in MAY_IMPORT if part not in ("autograder", "autograder.cli")]
    known = {
        part: {
            other
            for other in parts
            if other != part and any(below(name, other) for name in MAY_IMPORT[part])
        }
        for part in parts
    }

    def reached(part):
        return known[part].union(*map(reached, known[part]))

    lines = ["```mermaid", "flowchart TD"]
    for part in reversed(parts):
        direct = {one for one in known[part] if all(one not in reached(o) for o in known[part])}
        short = part.removeprefix("autograder.")
        lines += [f"    {short} --> {one.removeprefix('autograder.')}" for one in sorted(direct)]
    return "\n".join([*lines, "```", ""])


def with_picture(text):
    return PICTURE.sub(lambda found: found[1] + arrows() + found[2], text)


def test_the_picture_of_the_architecture_is_drawn_from_this_table():
    text = PAGE.read_text(encoding="utf-8")
    assert "flowchart TD" in text and with_picture(text) == text


def test_the_page_on_the_architecture_names_what_exists():
    text = PAGE.read_text(encoding="utf-8")
    steps = NAMED.findall(text)
    assert len(steps) > 8
    for name, path in steps:
        source = (ROOT / path).read_text(encoding="utf-8")
        for word in name.split("."):
            assert re.search(rf"(def|class) {word}\b", source), (name, path)
    for path in re.findall(r"`((?:autograder|course|tests)/[\w/]+\.py)`", text):
        assert (ROOT / path).is_file(), path


@pytest.mark.parametrize("command, most", [("check", 12), ("grade", 16)])
def test_a_command_is_followed_through_few_files_each_with_what_to_open_there(command, most):
    text = PAGE.read_text(encoding="utf-8")
    listed = text.partition(f"`autograder {command}`, from")[2].partition("\n\n")[2]
    lines = listed.partition("\n\n")[0].splitlines()
    paths = [NAMED.match(line)[2] for line in lines]
    assert 10 <= len(paths) == len(set(paths)) <= most


def test_every_row_of_the_page_on_the_architecture_names_a_function():
    text = PAGE.read_text(encoding="utf-8")
    rows = text.partition("|---|---|---|\n")[2].partition("\n\n")[0].splitlines()
    assert [row for row in rows if not NAMED.search(row)] == []


def test_pytest_passes_over_no_folder_of_tests(request):
    """Its own list has names such as `build`, and says nothing of what it leaves out."""
    passed_over = request.config.getini("norecursedirs")
    folders = {path.parent.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert "build" in folders
    assert not [name for name in folders for rule in passed_over if fnmatch(name, rule)]


if __name__ == "__main__":
    PAGE.write_text(with_picture(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

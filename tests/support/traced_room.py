"""The warm process with every statement of it, and of its rooms, noted: executed in its place.

It lies in a folder beside the module that it stands for, `untraced.py`, and beside `lines`, which
has a byte for each line of the files in `names`. That file stays mapped behind the walls, through
every fork, and when a room is killed. The notes stand in our own modules: nothing else, student
code least of all, runs slower for them.
"""

import ast
import builtins
import json
import mmap
import os
import sys

# As many lines have a place in the map for each file.
MOST_LINES = 1024
NOTE = "_note_"


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

    def compile_noting(source, filename, *arguments, **options):
        if filename in first:
            source = noting(ast.parse(source), first[filename])
        return compile(source, filename, *arguments, **options)

    def note(place: int) -> None:
        lines[place] = 1

    setattr(builtins, NOTE, note)
    names = {"__name__": "__main__", "compile": compile_noting}
    exec(compile_noting(text, "<warm_process>", "exec", dont_inherit=True), names)


def noting(tree: ast.Module, first: int) -> ast.Module:
    """The module with a note before each of its statements; `first` is the place of its line 0."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            if isinstance(statements := getattr(node, name, None), list):
                setattr(node, name, [*_noted(statements, node, first)])
    return ast.fix_missing_locations(tree)


def _noted(statements, parent, first):
    if statements and isinstance(parent, (ast.ExceptHandler, ast.match_case)):
        yield _note(first + statements[0].lineno, statements[0])
        yield _note(first + (getattr(parent, "lineno", 0) or parent.pattern.lineno), statements[0])
    for statement in statements:
        docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        # These must come first.
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not (docstring or future):
            yield _note(first + statement.lineno, statement)
        yield statement


def _note(place, near):
    call = ast.Call(ast.Name(NOTE, ast.Load()), [ast.Constant(place)], [])
    return ast.copy_location(ast.Expr(call), near)


if __name__ == "__main__":
    main()

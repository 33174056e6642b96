"""Whether an answer lets a library do the exercise: what ran when it was called, and a look at the
student's source.

What ran has the first word: a room notes which forbidden functions a call enters, whatever name or
road leads to them. The source is the second witness, for what a room cannot see entered, and for
answers that come from nowhere else. Where both are silent nobody is accused.

The search in the source starts at the definition of the exercise's function and follows every name
it uses through the student's own definitions; each dotted name is resolved through the imports and
plain assignments that made it, so that a function imported under another name is found as well.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache

from autograder.exercises import NOTEBOOKS, Exercise, notebook
from autograder.source_text import parse

BUILTINS = ("__import__", "getattr")
IMPORTERS = ("__import__", "builtins.__import__", "importlib.import_module", "importlib.__import__")
LONG = 4_000  # characters of a cell that is not worth keeping: trees are large
MAX_CHARACTERS = 2_000_000  # of all cells of a notebook; what comes after them is not looked at
COMPLEX = ("complex", ".complex", ".csingle", ".cdouble", "numpy.complex")
MAX_PARTS = 50
# Ways to a machine's derivative, and the names they are noted as.
ALSO = {
    "torch.Tensor.backward": "torch.autograd.backward",
    "torch.autograd.backward": "torch.autograd.backward",
    "torch.autograd.grad": "torch.autograd.grad",
    "torch.autograd.functional": "torch.autograd.functional",
    "torch.autograd.forward_ad": "torch.autograd.forward_ad",
    "torch.func": "torch.func",
    "sympy.Derivative": "sympy.Derivative",
    "sympy.Symbol": "sympy.Symbol",
    "sympy.diff": "sympy.diff",
    "sympy.lambdify": "sympy.lambdify",
}
# Of these only what stands above, and what is forbidden by its own name, is watched.
TOO_LARGE = ("torch", "sympy")
GETATTR = ("getattr", "builtins.getattr")


@cache
def watched_names(numbers: Container[str]) -> dict[str, str]:
    """Return what a room watches: every dotted path of a library that is forbidden anywhere in the
    notebooks of these numbers, such as "01", and the name that it is noted as."""
    forbidden = {
        name
        for assignment in NOTEBOOKS
        if assignment[:2] in numbers
        for exercise in notebook(assignment).exercises.values()
        for name in exercise.forbidden
    }
    watched = {name: name for name in forbidden if name not in TOO_LARGE}
    # Many of PyTorch's functions are methods of a tensor as well.
    methods = {
        f"torch.Tensor.{name.rpartition('.')[2]}": name
        for name in forbidden
        if name.startswith("torch.") and name.count(".") == 1
    }
    return dict(sorted({**methods, **watched, **ALSO}.items()))


def entered_shortcut(entered: Iterable[str], forbidden: tuple[str, ...]) -> str | None:
    """Return the first of the names that a room noted that is forbidden, or None."""
    return next((name for name in sorted(entered) if is_below(name, forbidden)), None)


def is_below(dotted: str, names: tuple[str, ...]) -> bool:
    """Tell whether a dotted name is one of `names`, or below one."""
    return any(dotted == name or dotted.startswith(f"{name}.") for name in names)


def find_shortcut(
    code: StudentCode,
    name: str,
    forbidden: tuple[str, ...],
    seen: tuple[str, ...] = (),
) -> str | None:
    """Return the first forbidden dotted name that `name` reaches in the student's `code`, or None.

    name       the function the student writes
    forbidden  dotted names; each stands for itself and everything below it
    seen       dotted names that would have been seen to be entered, and were not
    """
    if not forbidden:
        return None
    reached = code.reached_from(name)
    return next((d for d in reached if is_below(d, forbidden) and d not in seen), None)


def uses_any(code: StudentCode, name: str, required: tuple[str, ...]) -> bool:
    """Tell whether `name` reaches one of `required` in `code`, or the code does not tell.

    required  dotted names, methods (".backward") and inner definitions ("def backward"); a method
              that the answer defines itself does not count as the one asked for
    """
    if name not in code.definitions:
        return True
    others = code.names_reached({name})
    for right in code.right:
        asked = right.required.names if right.required and right.name in others else ()
        if set(required).intersection(asked):
            return True
    reached = set(code.reached_from(name))
    reached -= {used.replace("def ", ".") for used in reached if used.startswith("def ")}
    return any(
        used == wanted or used.startswith(wanted + ".") for used in reached for wanted in required
    )


def takes_complex_step(code: StudentCode, name: str) -> bool:
    """Tell whether `name` reaches complex numbers in `code` and takes their imaginary parts: a
    function that is given x + ih has its derivative there, to the last digit."""
    reached = set(code.reached_from(name))
    imaginary = reached & {".imag", "numpy.imag"}
    return bool(imaginary) and any(part.startswith(COMPLEX) for part in reached)


class StudentCode:
    """The definitions, imports and assignments of a notebook's code; the last one of a name counts.

    definitions  name -> the statement that binds it
    aliases      name -> the dotted name it stands for
    right        exercises whose right answers are part of the code, unseen
    """

    def __init__(self, source: str = ""):
        self.definitions: dict[str, _Statement] = {}
        self.aliases: dict[str, str] = {}
        self.right: frozenset[Exercise] = frozenset()
        self._left = MAX_CHARACTERS
        self.add(source)

    def add(self, source: str) -> None:
        """Read one more cell, which stands behind those read before."""
        self._left -= len(source)
        if self._left < 0:
            return
        for statement in _statements(source):
            self._bind(statement)

    def tree_of(self, name: str) -> ast.stmt | None:
        """Return the statement that defines `name`, or None where it is not in sight."""
        return self.definitions[name].tree if name in self.definitions else None

    def _bind(self, statement: _Statement) -> None:
        tree = statement.tree
        if isinstance(tree, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.definitions[tree.name] = statement
            self.aliases.pop(tree.name, None)
            # What a body binds is its own, so it never hides a definition of the notebook.
            self._bind_aliases(statement, keep=self.definitions)
            return
        for name in self._bind_aliases(statement, keep={}):
            self.definitions.pop(name, None)
        if isinstance(tree, ast.Assign):
            for target in tree.targets:
                if isinstance(target, ast.Name):
                    self.definitions[target.id] = statement

    def _bind_aliases(self, statement: _Statement, keep: Container[str]) -> list[str]:
        found = {}
        for node in statement.binding:
            if isinstance(node, ast.Import):
                for item in node.names:
                    top = item.name.partition(".")[0]
                    found[item.asname or top] = item.name if item.asname else top
            elif isinstance(node, ast.ImportFrom) and node.module:
                for item in node.names:
                    found[item.asname or item.name] = f"{node.module}.{item.name}"
            elif isinstance(node, ast.Assign) and (dotted := self.dotted(node.value, found)):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        found[target.id] = dotted
        found = {name: dotted for name, dotted in found.items() if name not in keep}
        self.aliases.update(found)
        return list(found)

    def names_reached(self, names: set[str], stop: Container[str] = ()) -> set[str]:
        """Return the names of the notebook that are used by `names`, directly or by what they use;
        these themselves as well. What is used by one in `stop` is left out."""
        waiting, seen = list(names), set()
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen.add(current)
                if current in self.definitions and (current not in stop or current in names):
                    waiting += self.definitions[current].outer_names
        return seen

    def without(self, exercises: Iterable[Exercise]) -> StudentCode:
        """Return this code, with right answers to `exercises` in the places of the student's."""
        copy = StudentCode()
        copy.definitions = dict(self.definitions)
        copy.aliases = dict(self.aliases)
        copy.right = self.right.union(exercises)
        for specified in exercises:
            copy.definitions.pop(specified.name, None)
            copy.aliases.pop(specified.name, None)
        return copy

    def reached_from(self, name: str) -> Iterator[str]:
        """Yield every dotted name used by `name` or by what it uses of the student's own; every
        method, as ".method"; every definition inside these, as "def method"; "complex" for a
        complex number."""
        waiting, seen = [name], set()
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            if current in self.aliases:
                yield self.aliases[current]
            elif current in self.definitions and current != name:
                yield current
            if current not in self.definitions:
                continue
            definition = self.definitions[current]
            waiting += definition.outer_names
            for node, mentions in definition.mentions:
                if dotted := self.dotted(node):
                    yield dotted
                yield from mentions

    def dotted(self, node: ast.AST, local: Mapping[str, str] = {}, depth: int = 0) -> str | None:
        """Return `node` as a dotted name from the module it was imported from, or None.

        local  aliases that are not bound yet
        depth  how many of the name's parts are read already; no library's names have MAX_PARTS
        """
        if depth > MAX_PARTS:
            return None
        if isinstance(node, ast.Name):
            known = local.get(node.id) or self.aliases.get(node.id)
            return known or (node.id if node.id in BUILTINS else None)
        if isinstance(node, ast.Attribute):
            inner = self.dotted(node.value, local, depth + 1)
            return f"{inner}.{node.attr}" if inner else None
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            modules = self.dotted(node.value, local, depth + 1) == "sys.modules"
            return str(node.slice.value) if modules else None
        if isinstance(node, ast.Call) and node.args:
            called = self.dotted(node.func, local, depth + 1)
            if called in IMPORTERS and isinstance(node.args[0], ast.Constant):
                module = str(node.args[0].value)
                # Without a list of names `__import__("a.b")` is `a`.
                alone = called.endswith("__import__") and len(node.args) + len(node.keywords) == 1
                return module.partition(".")[0] if alone else module
            if called in GETATTR and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                inner = self.dotted(node.args[0], local, depth + 1)
                return f"{inner}.{str(node.args[1].value)}" if inner else None
        return None


class _Statement:
    """A statement of a cell, and what is found in it whatever stands around it.

    Not to be changed: many notebooks share one.
    """

    def __init__(self, tree: ast.stmt):
        self.tree = tree

    @cached_property
    def binding(self) -> list[ast.stmt]:
        """Return the imports and assignments in it."""
        kinds = (ast.Import, ast.ImportFrom, ast.Assign)
        return [node for node in ast.walk(self.tree) if isinstance(node, kinds)]

    @cached_property
    def outer_names(self) -> list[str]:
        """Return the names of the notebook that it uses; sorted, so that what is found first stays
        so."""
        return sorted(_outer_names(self.tree))

    @cached_property
    def mentions(self) -> list[tuple[ast.AST, list[str]]]:
        """List each node that could be a dotted name. With it come the method it reads
        (".backward") and the names it binds ("def backward"), which count whatever its names stand
        for; "complex" stands for a complex number."""
        found = []
        for node in ast.walk(self.tree):
            mentions = [f".{method}"] if (method := _method(node)) else []
            if _is_complex(node):
                mentions.append("complex")
            if node is not self.tree:
                mentions += [f"def {inner}" for inner in _bound(node)]
            if mentions or isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.Call)):
                found.append((node, mentions))
        return found


def _is_complex(node: ast.AST) -> bool:
    """Tell whether a node is a complex number, or names the type of such numbers."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, complex) or node.value in ("complex", "complex128")
    return isinstance(node, ast.Name) and node.id == "complex"


def _method(node: ast.AST) -> str | None:
    """Return the attribute that an expression reads, `loss.backward` or `getattr(loss,
    "backward")`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) >= 2:
        attribute = node.args[1]
        if node.func.id == "getattr" and isinstance(attribute, ast.Constant):
            return str(attribute.value)
    return None


def _bound(node: ast.AST) -> list[str]:
    """Return the names that a definition or an assignment binds."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _outer_names(statement: ast.stmt) -> set[str]:
    """Return the names of the notebook that a statement uses. Its parameters and local variables
    are not among them: they may be called like something else in the notebook."""
    try:
        tables = [symtable.symtable(ast.unparse(statement), "cell", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    names = set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global()):
                names.add(symbol.get_name())
    return names


def _flattened(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a cell, those under `if`, `try`, `with` and loops included."""
    waiting = body[::-1]
    while waiting:
        statement = waiting.pop()
        yield statement
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        inner = list(getattr(statement, "body", []))
        for part in ("orelse", "finalbody"):
            inner += getattr(statement, part, [])
        for handler in getattr(statement, "handlers", []):
            inner += handler.body
        waiting += inner[::-1]


def _without_dead_code(tree: ast.Module) -> ast.Module:
    """Return a cell without the branches that never run: under `if False`, `while 0` and the
    like."""
    for node in ast.walk(tree):
        for part in ("body", "orelse", "finalbody"):
            body = getattr(node, part, None)
            if isinstance(body, list) and any(map(_never_runs, body)):
                alive: list[ast.stmt] = []
                for statement in body:
                    while _never_runs(statement) and len(statement.orelse) == 1:
                        statement = statement.orelse[0]
                    alive += statement.orelse if _never_runs(statement) else [statement]
                needed = [ast.copy_location(ast.Pass(), body[0])] if part == "body" else []
                setattr(node, part, alive or needed)
    return tree


def _never_runs(statement: ast.stmt) -> bool:
    """Tell whether the body of a statement is one that is never entered."""
    if not isinstance(statement, (ast.If, ast.While)):
        return False
    test = statement.test
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        test = test.values[0]
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return isinstance(test.operand, ast.Constant) and bool(test.operand.value)
    if isinstance(test, ast.Name):
        return test.id == "TYPE_CHECKING"
    return isinstance(test, ast.Constant) and not test.value


def _statements(source: str) -> list[_Statement]:
    """Return the statements of a cell, those under other statements included."""
    return _read(source) if len(source) > LONG else _read_once(source)


def _read(source: str) -> list[_Statement]:
    return [
        _Statement(statement)
        for tree in _parse(source)
        for statement in _flattened(_without_dead_code(tree).body)
    ]


# Most cells of a submission are the course's own, and the same in every other submission.
_read_once = lru_cache(maxsize=256)(_read)


def _parse(source: str) -> Iterator[ast.Module]:
    """Yield a cell as trees; where the whole does not parse, the parts between blank lines that do.

    Lines for IPython alone (magics and shell escapes) are left out.
    """
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!", "?"))]
    try:
        yield parse("\n".join(lines))
        return
    except SyntaxError:
        pass
    block: list[str] = []
    for line in [*lines, "end"]:
        starts_anew = line and not line[0].isspace() and not line.startswith((")", "]", "}"))
        if starts_anew and block:
            try:
                yield parse("\n".join(block))
            except SyntaxError:
                pass
            block = []
        block.append(line)

"""What being late costs, in a form to compare: a grade made by another rule is made again.

The rule is code of the course's settings. It is compared by what it says, as its syntax tree does,
so that neither a comment, nor a line above it, nor another version of Python makes it another.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import CodeType, FunctionType

from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from autograder.source_text import meaning, parse

# What a rule may reckon with that is written elsewhere and says of itself what it is.
PLAIN = (int, float, str, tuple, timedelta)


def penalty_rule(config: Config) -> str:
    """Return what being late costs, in a form that changes when the settings or the rule's code
    do."""
    plugin = AssignLatePenalties(config=config).plugin_class
    settings = config.get(plugin.__name__, {})
    said: dict[str, str] = {}
    _read(plugin, "late_submission_penalty", plugin.late_submission_penalty, said)
    return f"{plugin.__qualname__} {sorted(settings.items())} {sorted(said.items())}"


def _read(plugin: type, name: str, value: object, said: dict[str, str]) -> None:
    """Note what a rule is by its name, and what it uses of its class and of its module."""
    if name in said:
        return
    if isinstance(value, PLAIN):
        said[name] = repr(value)
    function = inspect.unwrap(value) if callable(value) else value
    if not isinstance(function, FunctionType):
        return
    said[name] = _source(function.__code__) or _compiled(function.__code__)
    for code in _codes(function.__code__):
        for used in code.co_names:
            found = inspect.getattr_static(plugin, used, function.__globals__.get(used))
            if isinstance(found, (staticmethod, classmethod)):
                found = found.__func__
            _read(plugin, used, found, said)


def _source(code: CodeType) -> str:
    """Return what a function's source says; "" where its file is not there, or is another by
    now."""
    try:
        text = Path(code.co_filename).read_text(encoding="utf-8")
        tree = parse(text)
        # The code that runs was read before: the file counts if it still makes the same of it.
        there = map(_compiled, _codes(compile(text, code.co_filename, "exec")))
    except (OSError, ValueError, SyntaxError):
        return ""
    if _compiled(code) not in there:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            first = [node, *getattr(node, "decorator_list", [])]
            if code.co_firstlineno == min(one.lineno for one in first):
                return meaning(node)
    return ""


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Compiled code, and all that is compiled within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _compiled(code: CodeType) -> str:
    """Say what compiled code does, without where it stands."""
    constants = [_compiled(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {sorted(constants)}"

"""Notes which functions of libraries are entered while a room answers a call.

The functions themselves carry the note, whatever name or road leads to them: a function written in
Python gets a code that notes and goes on with its own, one written in C a function that does so in
its place. That is done before any code of a student runs, in the process that rooms are forked
from, so a call that enters none of them costs nothing; libraries that come later are treated when
they are there. The code of a carrier cannot be read or replaced without an audit event, and nobody
can remove the hook that hears it.

Loaded by its path inside the room.
"""

import functools
import inspect
import os
import sys
import types
import warnings

# How a library's class is used; its other methods with two underscores are asked too often.
ENTRANCES = ("__init__", "__new__", "__call__")
LAZY = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
IN_C = (types.BuiltinFunctionType, types.MethodDescriptorType)
# Other libraries look at the parameters of their functions; to keep these takes time.
READ_NO_PARAMETERS = ("torch.",)
MAX_FRAMES = 500
SEARCHES = ("gc.get_objects", "gc.get_referrers", "gc.get_referents")

with warnings.catch_warnings():
    # The two texts keep the places of what `_noting` puts there.
    warnings.simplefilter("ignore", SyntaxWarning)
    exec(
        "def _template(*args, **kwargs):\n"
        "    for note in 'notes':\n        note(args)\n"
        "    return 'own'(*args, **kwargs)\n"
    )
_TEMPLATE = _template.__code__  # noqa: F821
_Function, _get_frame = types.FunctionType, sys._getframe


class Witness:
    """Knows what was entered in the call under way.

    watched    dotted paths, of functions, classes or modules with all that is public in them, with
               the dotted name that each is noted as
    libraries  folders with code that no student wrote; what such code enters counts for nothing
    """

    def __init__(self, watched, libraries):
        self._watched = dict(watched)
        self._libraries = tuple(os.path.join(path, "") for path in libraries)
        self._standard = os.path.join(os.path.dirname(os.__file__), "")
        self._numpy = "<numpy>"
        self._in_c = IN_C
        self._carriers = {}
        self._done = set()
        self._modules = 0
        self._entered = set()
        self._listening = False
        self._disturbed = False

    def start(self):
        """Treat all that is loaded; what happens to it is heard from here on."""
        self.treat_loaded()
        sys.addaudithook(self._hear)

    def treat_loaded(self):
        """Treat what has been loaded since the last time."""
        if len(sys.modules) == self._modules:
            return
        self._modules = len(sys.modules)
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            self._numpy = os.path.join(os.path.dirname(numpy.__file__), "")
            self._in_c = (*IN_C, numpy.ufunc)
        # The shortest name of a module is the one that people use.
        loaded = sorted(sys.modules, key=lambda path: path.count("."))
        for path, name in self._watched.items():
            self._treat_path(path, name, loaded)

    def begin(self):
        """Begin to note what is entered: a call begins."""
        self.treat_loaded()
        self._entered = set()
        self._listening = True

    def end(self):
        """Return the names that were entered in the call that ends; None where that cannot be told,
        because somebody looked into what notes them."""
        self._listening = False
        return None if self._disturbed and not self._entered else tuple(sorted(self._entered))

    # ------------------------------------------------------------------------------ treating

    def _treat_path(self, path, name, loaded):
        if path in sys.modules:
            for inner in loaded:
                if inner == path or (inner.startswith(path + ".") and "._" not in inner):
                    self._treat_module(sys.modules[inner], inner, path, name)
            return
        home, _, last = path.rpartition(".")
        owner = self._owner(home)
        if owner is None:
            return
        # A class may have it from another one; a module that is asked may load others.
        value = getattr(owner, last, None) if isinstance(owner, type) else vars(owner).get(last)
        if value is not None and path not in self._done:
            self._done.add(path)
            self._treat(owner, last, value, name, name)

    def _owner(self, path):
        """Return the loaded module, or the class in it, at a dotted path; None where it is not
        there."""
        if path in sys.modules:
            return sys.modules[path]
        home, _, last = path.rpartition(".")
        owner = vars(sys.modules[home]).get(last) if home in sys.modules else None
        return owner if isinstance(owner, type) else None

    def _treat_module(self, module, inner, path, name):
        if inner in self._done or not isinstance(module, types.ModuleType):
            return
        self._done.add(inner)
        top = inner.partition(".")[0]
        elsewhere = vars(sys.modules[top]) if top != path else {}
        for key, value in list(vars(module).items()):
            home = getattr(value, "__module__", None)
            own = isinstance(home, str) and home.partition(".")[0] == top
            if key.startswith("_") or not own or not callable(value):
                continue
            # What the library offers under a name that is not watched may be used.
            if elsewhere.get(key) is value or (path, id(value)) in self._done:
                continue
            self._done.add((path, id(value)))
            if isinstance(value, (type, _Function)) and not home.startswith(path):
                continue
            if isinstance(value, (type, _Function, *self._in_c)):
                self._treat(module, key, value, f"{name}{inner[len(path) :]}.{key}", name)

    def _treat(self, owner, key, value, name, prefix):
        """Make carriers of a function, of the methods of a class, or of those of an object.

        name    what it is noted as
        prefix  what is watched: an object of a class outside it counts for nothing
        """
        if isinstance(value, _Function):
            self._carrier(value, functools.partial(self._note, name))
        elif isinstance(value, self._in_c):
            self._stand_before(owner, key, value, functools.partial(self._note, name))
        elif isinstance(value, type):
            self._methods(value, functools.partial(self._note_class, name, prefix, value))
        else:
            top = type(value).__module__.partition(".")[0]
            for kind in type(value).__mro__:
                if kind.__module__.partition(".")[0] == top:
                    self._methods(kind, functools.partial(self._note_object, name, value))

    def _methods(self, kind, note):
        for method, inner in list(vars(kind).items()):
            inner = getattr(inner, "__func__", inner)
            if not method.startswith("_") or method in ENTRANCES:
                self._carrier(inner, note)

    def _carrier(self, function, note):
        """Let a function that is written in Python call `note` whenever it is entered."""
        while isinstance(function, _Function):
            if function in self._carriers:
                self._carriers[function].append(note)
            elif not function.__code__.co_flags & LAZY:
                if not str(function.__module__).startswith(READ_NO_PARAMETERS):
                    function.__signature__ = inspect.signature(function)
                own = _Function(
                    function.__code__,
                    function.__globals__,
                    function.__name__,
                    function.__defaults__,
                    function.__closure__,
                )
                own.__kwdefaults__ = function.__kwdefaults__
                notes = [note]
                function.__code__ = _noting(function.__code__, notes, own)
                # From here on its code is watched.
                self._carriers[function] = notes
            function = getattr(function, "__wrapped__", None)

    def _stand_before(self, owner, key, value, note):
        """Put a function that notes before one that is written in C."""

        def stand_in(*args, **kwargs):
            return None

        stand_in.__name__ = stand_in.__qualname__ = key
        stand_in.__module__, stand_in.__doc__ = getattr(value, "__module__", None), value.__doc__
        stand_in.__code__ = _noting(stand_in.__code__, [note], value)
        self._carriers[stand_in] = []
        setattr(owner, key, stand_in)

    # -------------------------------------------------------------------------------- noting

    def _note(self, name, args):
        if self._listening and name not in self._entered and self._from_student():
            self._entered.add(name)

    def _note_class(self, name, prefix, kind, args):
        if self._listening and args:
            actual = args[0] if isinstance(args[0], type) else type(args[0])
            home = f"{actual.__module__}.{actual.__qualname__}"
            another = home.partition(".")[0] != prefix.partition(".")[0]
            if actual is kind or another or home.startswith(prefix + "."):
                self._note(name, args)

    def _note_object(self, name, value, args):
        if args and args[0] is value:
            self._note(name, args)

    def _from_student(self):
        """Tell whether a student's code has called what notes, directly or by way of NumPy and the
        standard library; what is entered while a module is loaded was not called by anybody."""
        frame = _get_frame(1)
        while frame.f_code.co_filename == _HERE:
            frame = frame.f_back
        if frame.f_code.co_code == _TEMPLATE.co_code:
            # A carrier bears the place of its library.
            frame = frame.f_back
        while frame is not None:
            file = frame.f_code.co_filename
            if file == _HERE:
                return False
            # A text that is evaluated belongs to whoever does that.
            if file != "<string>" and not file.startswith(self._numpy):
                if file.startswith(self._libraries):
                    return False
                if not file.startswith(self._standard):
                    break
            frame = frame.f_back
        for _ in range(MAX_FRAMES):
            if frame is None:
                return True
            if frame.f_code.co_filename.startswith("<frozen importlib"):
                return False
            frame = frame.f_back
        return True

    def _hear(self, event, args):
        """Take note of whoever reads or replaces the code of a carrier, or looks for it."""
        if event in ("object.__getattr__", "object.__setattr__"):
            if args[1] != "__code__" or args[0] not in self._carriers:
                return
        elif event not in SEARCHES:
            return
        if self._from_student():
            self._disturbed = True


def _noting(code, notes, own):
    """Return a code with the name and place of `code` that calls each of `notes` with the
    arguments, then `own`."""
    constants = {"notes": notes, "own": own}
    return _TEMPLATE.replace(
        co_consts=tuple(constants.get(value, value) for value in _TEMPLATE.co_consts),
        co_name=code.co_name,
        co_qualname=code.co_qualname,
        co_filename=code.co_filename,
        co_firstlineno=code.co_firstlineno,
        co_freevars=code.co_freevars,
    )


_HERE = _noting.__code__.co_filename

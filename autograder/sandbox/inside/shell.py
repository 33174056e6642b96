"""The shell of a room: IPython's, with everything a cell shows collected in memory.

It runs inside the room, loaded by its path, and is created in the warm process before any room is
forked from it. Outputs are plain tuples, which the outside checks and turns into those of a
notebook: ("stream", name, text), ("display_data", bundle), ("execute_result", bundle) and
("error", name, message, lines), a bundle being a dict from MIME type to text.
"""

import base64
import builtins
import inspect
import io
import os
import re
import site
import subprocess
import sys
import warnings

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets.config import Config

MAX_OUTPUTS = 500  # of one cell
FRAMES_SHOWN = 10  # at each end of a traceback
# Commands that reach for the network, at the start of a command line or behind another one. They
# would wait for it, each for seconds, and there is none.
NETWORK = re.compile(
    r"(?:^|[;&|]|\bsudo\b|\bthen\b)\s*(?:sudo\s+|(?:\S*/)?python[\d.]*\s+-m\s+)?(?:\S*/)?"
    r"((?:pip[\d.]*|conda|mamba|micromamba|uv|apt|apt-get|wget|curl|gdown|kaggle)(?=\s|$)"
    r"|git\s+(?:clone|pull|fetch))"
)
INSTALLERS = ("pip", "conda", "mamba", "micromamba", "uv")
NO_NETWORK = (
    "[{command} was not run: there is no network here, and what is installed stays as it is.]"
)
OUTPUT_TOO_LONG = "\n[The output is cut off here: it is longer than {limit:,} characters.]\n"
TOO_MANY_OUTPUTS = "\n[The output is cut off here: it has more than {count} parts.]\n"
NO_INPUT = "input() was called, but nobody can answer here"


class Collector:
    """What the current cell has shown so far, at most `limit` characters of it."""

    def __init__(self, limit):
        self.limit = limit
        self.clear()

    def clear(self):
        """Forget what was shown so far."""
        self.outputs = []
        self.left = self.limit
        self.quiet = False

    def text(self, name, text):
        """Take in text of the stream `name`, as far as there is room for it."""
        if self.quiet or not text:
            return
        if not self._spend(len(text)):
            text = text[: self.left]
            self.left = 0
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last[0] == "stream" and last[1] == name:
            last[2].append(text)
        elif self._room_for_one_more():
            self.outputs.append(("stream", name, [text]))
        if self.left == 0:
            self._stop()

    def add(self, kind, *fields, size):
        """Take in an output of `size` characters, where there is room for it."""
        if self.quiet or not self._room_for_one_more():
            return
        if self._spend(size):
            self.outputs.append((kind, *fields))
        else:
            self._stop()

    def take(self):
        """Return the outputs so far, as plain data."""
        return [
            (*output[:2], paired("".join(output[2]))) if output[0] == "stream" else output
            for output in self.outputs
        ]

    def _spend(self, size):
        if size > self.left:
            return False
        self.left -= size
        return True

    def _room_for_one_more(self):
        if len(self.outputs) < MAX_OUTPUTS:
            return True
        self._stop()
        return False

    def _stop(self):
        self.quiet = True
        note = OUTPUT_TOO_LONG.format(limit=self.limit)
        if len(self.outputs) >= MAX_OUTPUTS:
            note = TOO_MANY_OUTPUTS.format(count=MAX_OUTPUTS)
        self.outputs.append(("stream", "stdout", [note]))


class Stream(io.TextIOBase):
    """A standard stream that writes to a collector."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, collector, name):
        self._collector = collector
        self._name = name

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._collector.text(self._name, str.__str__(text))
        return len(text)


class _Publisher(DisplayPublisher):
    collector = None

    def publish(self, data, metadata=None, *args, **kwargs):
        bundle = bundle_of(data)
        if bundle:
            size = sum(len(text) for text in bundle.values())
            self.collector.add("display_data", bundle, size=size)

    def clear_output(self, wait=False):
        self.collector.clear()


class _Hook(DisplayHook):
    collector = None

    def start_displayhook(self):
        pass

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        bundle = bundle_of(format_dict)
        if bundle:
            size = sum(len(text) for text in bundle.values())
            self.collector.add("execute_result", bundle, size=size)

    def finish_displayhook(self):
        pass


class Shell(InteractiveShell):
    """IPython's shell without history, terminal, questions or a process it could end."""

    collector = None

    def showtraceback(self, exc_tuple=None, *args, **kwargs):
        error = self._get_exc_info(exc_tuple)[1]
        shorten(error)
        of_no_module(error)
        super().showtraceback(exc_tuple, *args, **kwargs)

    def _showtraceback(self, etype, evalue, stb):
        lines = [paired(str(line)) for line in stb][-200:]
        try:
            message = str(evalue)
        except Exception:
            message = ""
        size = sum(map(len, lines))
        self.collector.add("error", etype.__name__, paired(message[:2000]), lines, size=size)

    def ask_exit(self):
        pass

    def enable_gui(self, gui=None):
        pass

    def enable_matplotlib(self, gui=None):
        # Whatever window is asked for: pictures go into the notebook.
        return super().enable_matplotlib("inline")

    def system(self, command):
        # Without a terminal, what IPython uses for this would fail.
        done = self._execute(command)
        sys.stdout.write(done.stdout)
        sys.stderr.write(done.stderr)
        self.user_ns["_exit_code"] = done.returncode

    system_piped = system_raw = system

    def getoutput(self, command, split=True, depth=0):
        text = self._execute(command).stdout
        return SList(text.splitlines()) if split else text

    def _execute(self, command):
        expanded = self.var_expand(command, depth=2)
        if network := NETWORK.search(expanded):
            said = NO_NETWORK.format(command=" ".join(network[1].split())) + "\n"
            return subprocess.CompletedProcess(expanded, 1, "", said)
        return subprocess.run(
            expanded,
            shell=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
        )


def of_no_module(error):
    """Note that the cells in an exception's traceback belong to no module.

    For every frame, `inspect` would look for one through all that are loaded, some ten times; with
    PyTorch that takes longer than all the rest of a traceback. No module is called "".
    """
    for problem in (error, error.__cause__, error.__context__):
        link = getattr(problem, "__traceback__", None)
        while link is not None:
            name = link.tb_frame.f_code.co_filename
            if name.startswith("<ipython-input-"):
                inspect.modulesbyfile[name] = inspect.modulesbyfile[os.path.abspath(name)] = ""
            link = link.tb_next


def shorten(problem):
    """Cut the middle out of a long traceback, which would take seconds to be rendered."""
    links = []
    link = problem.__traceback__
    while link is not None:
        links.append(link)
        link = link.tb_next
    if len(links) > 2 * FRAMES_SHOWN:
        links[FRAMES_SHOWN - 1].tb_next = links[-FRAMES_SHOWN]


def bundle_of(data):
    """Return the entries of a MIME bundle that are text, or bytes made text, as a plain dict."""
    bundle = {}
    for kind, content in dict(data).items():
        if isinstance(content, (bytes, bytearray)):
            content = base64.b64encode(content).decode("ascii")
        if isinstance(content, str):
            bundle[paired(str(kind))] = paired(content)
    return bundle


def paired(text):
    """Return `text` as a string of the base class, without the unpaired surrogates no file can
    hold."""
    return str.encode(text, "utf-8", "replace").decode("utf-8")


def no_input(prompt=""):
    """Stand in for `input`: nobody is there to answer."""
    raise EOFError(NO_INPUT)


def create(output_characters):
    """Return the shell, and the collector of what its cells show."""
    collector = Collector(output_characters)
    for kind in (_Publisher, _Hook, Shell):
        kind.collector = collector
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Context"
    shell = Shell.instance(config=config, displayhook_class=_Hook, display_pub_class=_Publisher)
    # What magics such as %cd note down would go to a disk that cannot be written.
    shell.db = {}
    for name in INSTALLERS:
        shell.register_magic_function(_refused(name), magic_name=name)
    builtins.input = no_input
    site.sethelper()
    # What IPython says of `sys.exit()` speaks of a terminal, and of a path on this machine.
    warnings.filterwarnings("ignore", message="To exit: use")
    return shell, collector


def _refused(name):
    """Return a line magic that would install something, in the place of IPython's."""

    def magic(line=""):
        print(NO_NETWORK.format(command=f"%{name}"), file=sys.stderr)

    return magic


def standard_streams(collector):
    """Put the collector's streams in place of the standard ones, whatever stands there."""
    sys.stdout = Stream(collector, "stdout")
    sys.stderr = Stream(collector, "stderr")


class NotHere:
    """Lets the import of one package fail as if it were not installed."""

    def __init__(self, name):
        self.name = name

    def find_spec(self, name, path=None, target=None):
        if name == self.name:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

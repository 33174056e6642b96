"""A room: cells run as in a notebook, functions are called, and no death costs more than itself."""

import base64
import math
import time
from contextlib import closing

import numpy as np
import pytest

from autograder.sandbox import Sandbox, SandboxUnavailable, wire

pytestmark = pytest.mark.walls

ENDLESS = "while True:\n    pass"
STUBBORN = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
DEATHS = {
    "exit": "import os; os._exit(0)",
    "abort": "import os; os.abort()",
    "segfault": "import ctypes; ctypes.string_at(1)",
    "channel closed": "import os; os.closerange(0, 1000)",
    "channel flooded": """
import os
for number in range(3, 64):
    try:
        os.write(number, b"\\xff" * 100_000)
    except OSError:
        pass
os._exit(0)
""",
}


def texts(ran):
    """Everything a cell showed, as one string."""
    shown = []
    for output in ran.outputs:
        shown.append(output.get("text", ""))
        shown.append(output.get("data", {}).get("text/plain", ""))
        shown.append(output.get("evalue", ""))
    return "".join(shown)


def value(room, expression, *args, **kwargs):
    """What the call of `expression` gives, which must be a value."""
    (answer,) = room.probe(expression, [(args, kwargs)])
    assert answer.kind == "value", answer
    return answer.value


class TestCells:
    def test_the_last_expression_and_prints_are_shown(self, either_room):
        ran = either_room.run("print('a'); x = 1; x + 1")
        assert ran.status == "ok"
        assert ran.outputs == [
            {"output_type": "stream", "name": "stdout", "text": "a\n"},
            {
                "output_type": "execute_result",
                "execution_count": 1,
                "data": {"text/plain": "2"},
                "metadata": {},
            },
        ]

    def test_magics_commands_and_display_work(self, either_room):
        assert "loop" in texts(either_room.run("%timeit -n1 -r1 1"))
        assert texts(either_room.run("!echo hello")) == "hello\n"
        ran = either_room.run("from IPython.display import HTML; display(HTML('<b>x</b>'))")
        assert ran.outputs[0]["data"]["text/html"] == "<b>x</b>"

    def test_plots_become_pictures(self, either_room):
        ran = either_room.run("import matplotlib.pyplot as plt; plt.plot([1, 2]);")
        (picture,) = [output for output in ran.outputs if output["output_type"] == "display_data"]
        assert base64.b64decode(picture["data"]["image/png"]).startswith(b"\x89PNG")

    @pytest.mark.parametrize(
        "source, name",
        [
            ("1 / 0", "ZeroDivisionError"),
            ("def f(:", "SyntaxError"),
            ("import sys; sys.exit(1)", "SystemExit"),
            ("input()", "EOFError"),
            ("x = bytearray(10**12)", "MemoryError"),
            ("def f(): return f()\nf()", "RecursionError"),
            ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ],
    )
    def test_an_exception_is_reported_and_the_room_lives_on(self, either_room, source, name):
        either_room.run("before = 1")
        ran = either_room.run(source)
        assert ran.status == "raised"
        assert ran.outputs[-1]["output_type"] == "error" and ran.outputs[-1]["ename"] == name
        assert value(either_room, "lambda: before") == 1

    def test_text_that_no_file_can_hold_does_not_end_the_room(self, either_room):
        assert either_room.run("'\ud800'").status == "ok"
        assert texts(either_room.run("print(chr(0xd800) + 'a')")) == "?a\n"
        assert either_room.run("raise ValueError(chr(0xd800))").status == "raised"

    def test_files_lie_in_the_working_folder(self, sandbox, sandbox_without_walls):
        for each in (sandbox, sandbox_without_walls):
            with each.open({"data/a.csv": b"1,2\n"}) as room:
                assert texts(room.run("open('data/a.csv').read()")) == "'1,2\\n'"

    @pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "", "a\0b"])
    def test_files_cannot_lie_elsewhere(self, sandbox_without_walls, name):
        with pytest.raises(ValueError):
            sandbox_without_walls.open({name: b""})

    def test_readable_packages_can_be_imported_and_ours_cannot(self, either_room):
        assert texts(either_room.run("import lesson; lesson.ANSWER")) == "42"
        assert "No module named 'autograder'" in texts(either_room.run("import autograder"))

    def test_a_huge_output_is_cut_with_a_note(self, either_room):
        for source in ("print('x' * 10**7)", "for _ in range(10**5): print('x' * 100)"):
            ran = either_room.run(source)
            assert ran.status == "ok"
            assert "cut off" in texts(ran) and len(texts(ran)) < 110_000
        ran = either_room.run("for n in range(700): display(n)")
        assert "cut off" in texts(ran) and len(ran.outputs) < 510


class TestProbes:
    def test_calls_are_answered_in_order_with_copies_of_their_own(self, either_room):
        either_room.run(
            "count = 0\ndef f(a):\n    global count\n    count += 1\n    return a * 2, count"
        )
        array = np.ones(2)
        answers = either_room.probe("f", [((array,), {}), ((3,), {}), ((), {"a": "x"})])
        assert [answer.value[1] for answer in answers] == [1, 2, 3]
        assert np.array_equal(answers[0].value[0], [2, 2]) and answers[2].value[0] == "xx"

    def test_the_expression_is_evaluated_once(self, either_room):
        either_room.run("made = []\ndef make():\n    made.append(1)\n    return lambda: len(made)")
        answers = either_room.probe("make()", [((), {})] * 3)
        assert [answer.value for answer in answers] == [1, 1, 1]

    def test_an_exception_names_the_line_of_the_students_cell(self, either_room):
        either_room.run("import numpy as np\ndef f(x):\n    y = x\n    return np.linalg.inv(y)")
        (answer,) = either_room.probe("f", [((np.zeros((2, 2)),), {})])
        assert (answer.kind, answer.error, answer.line) == ("raised", "LinAlgError", 4)

    @pytest.mark.parametrize("expression", ["nowhere", "1 +", "1 / 0", "quit_now()"])
    def test_an_expression_that_fails_answers_every_call(self, either_room, expression):
        either_room.run("def quit_now():\n    raise SystemExit")
        answers = either_room.probe(expression, [((), {})] * 3)
        assert len(answers) == 3 and {answer.kind for answer in answers} == {"raised"}

    def test_a_changed_input_is_noticed(self, either_room):
        either_room.run("def f(a):\n    a += 1\n    return a\ndef g(a):\n    return a")
        assert either_room.probe("f", [((np.zeros(2),), {})])[0].changed
        assert not either_room.probe("g", [((np.array([math.nan]),), {})])[0].changed
        assert either_room.probe("lambda x: x.append(set())", [(([],), {})])[0].changed

    def test_prints_plots_and_warnings_of_a_call_do_not_matter(self, either_room):
        either_room.run(
            "import warnings, matplotlib.pyplot as plt\nwarnings.simplefilter('error')\n"
            "def f(x):\n    print('x' * 10**6); warnings.warn('careful'); plt.plot([1])\n"
            "    return x"
        )
        assert value(either_room, "f", 1) == 1
        assert either_room.run("1").outputs[0]["data"] == {"text/plain": "1"}

    def test_what_cannot_be_read_is_said(self, either_room):
        (answer,) = either_room.probe("lambda: {1}", [((), {})])
        assert answer.kind == "unreadable" and "set" in answer.text

    def test_tensors_come_back_as_arrays(self, either_room):
        pytest.importorskip("torch")
        either_room.run(
            "import torch\ndef f(x):\n    return torch.tensor(x, requires_grad=True) * 2"
        )
        assert np.array_equal(value(either_room, "f", np.ones(2)), [2, 2])

    def test_torch_functions_and_gradients_work(self, room):
        pytest.importorskip("torch")
        room.run(
            "import torch\nsquare = lambda t: (t * t).sum()\n"
            "def f(x):\n    return torch.func.grad(square)(torch.tensor(x))"
        )
        assert np.array_equal(value(room, "f", np.ones(2)), [2, 2])


class TestDeaths:
    @pytest.mark.parametrize("name", DEATHS)
    def test_a_cell_that_kills_the_process_is_marked_and_the_rest_goes_on(self, room, name):
        room.run("before = [1]")
        room.run("before.append(2)")
        assert room.run(DEATHS[name]).status == "died"
        assert value(room, "lambda: before") == [1, 2]
        assert room.run("before").status == "ok"

    @pytest.mark.parametrize("name", DEATHS)
    def test_a_call_that_kills_the_process_is_marked_and_the_rest_goes_on(self, room, name):
        room.run(f"def f(x):\n    if x:\n        exec({DEATHS[name]!r})\n    return 7")
        answers = room.probe("f", [((0,), {}), ((1,), {}), ((0,), {})])
        assert [answer.kind for answer in answers] == ["value", "died", "value"]

    def test_a_process_without_walls_that_kills_itself_is_marked(self, sandbox_without_walls):
        with sandbox_without_walls.open() as room:
            assert room.run("import os; os.kill(os.getpid(), 9)").status == "died"
            assert room.run("1").status == "ok"

    def test_the_expression_is_evaluated_once_as_long_as_its_process_lives(self, room):
        room.run("made = []\ndef make():\n    made.append(1)\n    return lambda n: 1 // n")
        answers = room.probe("make()", [((1,), {}), ((0,), {}), ((1,), {})])
        assert [answer.kind for answer in answers] == ["value", "raised", "value"]
        assert value(room, "lambda: made") == [1]
        room.run("def make():\n    import os\n    return lambda n: n or os._exit(1)")
        answers = room.probe("make()", [((1,), {}), ((0,), {}), ((2,), {})])
        assert [answer.kind for answer in answers] == ["value", "died", "value"]

    def test_signals_to_itself_and_to_all_harm_no_one_else(self, room, sandbox):
        with sandbox.open() as other:
            room.run(
                "import os, signal\nfor target in (0, -1, 1, os.getpid()):\n"
                "    try:\n        os.kill(target, 9)\n    except OSError:\n        pass"
            )
            assert room.run("1").status == other.run("1").status == "ok"

    def test_endless_loops_are_interrupted_and_keep_what_was_defined(self, either_room):
        ran = either_room.run(f"x = 5\n{ENDLESS}")
        assert ran.status == "timed out" and "after 1.5 s of computing" in texts(ran)
        assert value(either_room, "lambda: x") == 5

    def test_after_an_endless_call_nothing_more_is_asked(self, either_room):
        either_room.run(
            "asked = []\ndef f(n):\n    asked.append(n)\n    while n: pass\n    return n"
        )
        answers = either_room.probe("f", [((0,), {}), ((1,), {}), ((0,), {})])
        assert [answer.kind for answer in answers] == ["value", "timed out", "timed out"]
        assert value(either_room, "lambda: asked") == [0, 1]

    def test_calls_that_nobody_waits_for_any_more_are_not_made(self, either_room):
        either_room.run("asked = []\ndef f(n):\n    asked.append(n)\n    return sum(range(10**6))")
        assert either_room.probe("f", [((0,), {})])[0].kind == "value"
        with closing(either_room._call_each([call_bytes(n) for n in range(1, 100)])) as answers:
            assert next(answers).kind == "value"
        assert 1 < len(value(either_room, "lambda: asked")) < 50

    def test_loops_that_ignore_interrupts_are_killed(self, room):
        room.run("x = 5")
        assert room.run(STUBBORN).status == "timed out"
        assert value(room, "lambda: x") == 5

    def test_calls_that_block_outside_python_are_killed(self, room):
        source = "import ctypes, threading\nlock = threading.Lock(); lock.acquire()"
        room.run(source)
        room.run("def f():\n    return ctypes.PyDLL(None).pause()")
        (answer,) = room.probe("f", [((), {})])
        assert answer.kind == "timed out"
        assert value(room, "lambda: 1") == 1

    def test_a_number_too_large_to_compute_does_not_hang_the_room(self, room):
        room.run("def f():\n    return 9 ** 9 ** 9")
        (answer,) = room.probe("f", [((), {})])
        assert answer.kind in ("timed out", "raised")
        assert value(room, "lambda: 1") == 1

    def test_when_the_notebooks_time_is_used_up_the_rest_is_marked_and_not_run(self, sandbox):
        with sandbox.open() as room:
            room._left = dict.fromkeys(room._left, 0.5)
            assert room.run(ENDLESS).status == "timed out"
            assert room.run("1").status == "timed out"
            answers = room.probe("lambda: 1", [((), {})] * 5)
            assert {answer.kind for answer in answers} == {"timed out"}

    def test_a_late_killer_among_earlier_cells_is_left_out_of_the_replay(self, room):
        room.run("import os, pathlib\nx = 1")
        # Harmless when first run, deadly when run again after the flag is set.
        room.run("if os.path.exists('never'): os._exit(1)")
        room.run("deadly = False")
        assert room.run("os._exit(1)").status == "died"
        assert value(room, "lambda: x") == 1


class TestTime:
    def test_what_waits_is_stopped_too_and_told_so(self, either_room):
        either_room.run("x = 5")
        ran = either_room.run("import time\ntime.sleep(60)")
        assert ran.status == "timed out" and "hardly computed" in texts(ran)
        assert value(either_room, "lambda: x") == 5
        assert not either_room.hurried

    def test_processes_of_a_room_are_counted_with_it(self, room):
        ran = room.run(
            "import subprocess, sys\n"
            "subprocess.run([sys.executable, '-c', 'while True: pass'], timeout=30)"
        )
        assert ran.status == "timed out" and "of computing" in texts(ran) and room.hurried

    def test_the_time_of_own_cells_is_not_taken_from_the_exercises(self, sandbox):
        with sandbox.open() as room:
            room._left = dict.fromkeys(room._left, 2.0)
            for _ in range(3):
                said = texts(room.run(ENDLESS, own=True))
            assert (
                said == "This cell was not run: the time for cells of your own was used up before."
            )
            room.run("def f(x):\n    return x + 1")
            assert value(room, "f", 1) == 2

    def test_a_function_that_no_time_is_left_for_is_not_said_to_be_slow(self, sandbox):
        with sandbox.open() as room:
            room._left = dict.fromkeys(room._left, 0.0)
            (answer,) = room.probe("f", [((), {})])
            assert (answer.kind, answer.text) == ("timed out", "The notebook's time was used up.")

    @pytest.mark.parametrize(
        "line",
        [
            *(
                "!pip install pandas",
                "%pip install pandas",
                "!sudo apt-get install -y x",
                "!wget x",
            ),
            *("!conda install x", "%conda install x", "!cd /tmp && curl http://x", "!git clone x"),
            "!{sys.executable} -m pip install x",
        ],
    )
    def test_what_would_reach_for_the_network_fails_at_once(self, either_room, line):
        ran = either_room.run(f"import sys\n{line}\nx = 5")
        assert ran.status == "ok" and "was not run: there is no network here" in texts(ran)
        assert value(either_room, "lambda: x") == 5

    def test_words_that_only_look_like_it_are_run(self, either_room):
        assert texts(either_room.run("!echo pip install wget")) == "pip install wget\n"


class TestHonestOddities:
    def test_patched_names_do_not_end_the_room(self, either_room):
        either_room.run(
            "import builtins, json, os, sys, numpy as np\n"
            "print = len = list = dict = None\n"
            "json.dumps = json.loads = None\n"
            "np.array = np.asarray = np.ndarray = None\n"
            "builtins.print = lambda *a: None\n"
            "sys.stdout = None\nsys.stderr = None"
        )
        assert either_room.run("import sys; sys.stdout.write('back')").status == "ok"
        assert value(either_room, "lambda x: x + 1", np.ones(2)).tolist() == [2, 2]

    def test_a_changed_working_folder_and_environment_do_not_matter(self, either_room):
        either_room.run("import os; os.chdir('/'); os.environ.clear()")
        assert value(either_room, "lambda: 1") == 1

    def test_hooks_and_transformers_stay_the_students_own(self, either_room):
        either_room.run(
            "ip = get_ipython()\n"
            "ip.input_transformers_post.append(lambda lines: ['forged = 1\\n'])\n"
            "ip.displayhook(4.0)"
        )
        either_room.run("anything")
        assert value(either_room, "lambda: forged") == 1

    def test_threads_and_exit_handlers_do_not_hold_the_room(self, sandbox):
        room = sandbox.open()
        room.run(
            "import atexit, threading, time\natexit.register(time.sleep, 60)\n"
            "threading.Thread(target=time.sleep, args=(60,)).start()"
        )
        assert value(room, "lambda: 1") == 1
        started = time.monotonic()
        room.close()
        assert time.monotonic() - started < 2

    def test_async_cells_classes_and_pickles_work(self, either_room):
        ran = either_room.run(
            "import asyncio, pickle\nfrom dataclasses import dataclass\n"
            "@dataclass\nclass P:\n    x: int\n"
            "await asyncio.sleep(0)\npickle.loads(pickle.dumps(P(1)))"
        )
        assert ran.status == "ok" and texts(ran) == "P(x=1)"

    def test_help_and_modules_of_the_working_folder_work(self, either_room):
        assert "number of items" in texts(either_room.run("help(len)"))
        either_room.run("%%writefile mine.py\ny = 2")
        assert texts(either_room.run("from mine import y; y")) == "2"

    def test_interactive_widgets_debuggers_and_questions_do_not_hang(self, either_room):
        pytest.importorskip("ipywidgets")
        ran = either_room.run("from ipywidgets import interact\ninteract(lambda x: x * 2, x=3);")
        assert ran.status == "ok"
        for source in ("breakpoint()", "import getpass; getpass.getpass()"):
            assert either_room.run(source).status == "raised"

    def test_parallel_libraries_and_subprocesses_work(self, room):
        ran = room.run(
            "import subprocess, sys, multiprocessing as mp\n"
            "print(subprocess.check_output([sys.executable, '-c', 'print(1)'], text=True))\n"
            "with mp.get_context('fork').Pool(2) as pool: print(pool.map(abs, [-1, -2]))"
        )
        assert ran.status == "ok", ran.outputs
        assert texts(ran) == "1\n\n[1, 2]\n"


def call_bytes(*args):
    return np.frombuffer(wire.encode((args, {})), np.uint8)


class TestForgery:
    def test_frames_injected_by_a_thread_harm_only_this_room(self, room, sandbox):
        room.run(
            "import os, threading, struct\n"
            "def flood():\n"
            "    while True:\n"
            "        for number in range(3, 20):\n"
            "            try: os.write(number, struct.pack('<I', 1) + b'N')\n"
            "            except OSError: pass\n"
            "thread = threading.Thread(target=flood, daemon=True)"
        )
        room.run("thread.start()")
        (answer,) = room.probe("lambda: 1", [((), {})])
        assert answer.kind in ("died", "value")
        with sandbox.open() as other:
            assert value(other, "lambda: 1") == 1

    def test_claims_of_a_foreign_shape_are_dropped(self, room):
        room.run(
            "import gc, sys\n"
            "child = next(o for o in gc.get_objects() if type(o).__name__ == 'Child')\n"
            "child.verbs['run'] = lambda source: ('ok', 1, [\n"
            "    ('error', 1, 2, 3), ('stream', 'stdin', 'x'), 7, None,\n"
            "    ('display_data', {'application/javascript': 'alert(1)', 'image/png': '<'}),\n"
            "    ('stream', 'stdout', 'kept\\x00\\x07'),\n"
            "])"
        )
        ran = room.run("1")
        assert ran.outputs == [{"output_type": "stream", "name": "stdout", "text": "kept"}]

    @pytest.mark.parametrize("reply", ["()", "('right', 1, 2)", "(None, None, None)", "(('a',),)"])
    def test_replies_of_a_foreign_shape_count_as_a_death(self, room, reply):
        room.run(
            "import gc\n"
            "child = next(o for o in gc.get_objects() if type(o).__name__ == 'Child')\n"
            f"child.verbs['calls'] = lambda calls: {reply}"
        )
        answers = room.probe("lambda: 1", [((), {})])
        assert answers[0].kind == "died"


def test_a_room_does_not_outlive_its_sandbox():
    with Sandbox("none") as sandbox:
        room = sandbox.open()
        sandbox.close()
        with pytest.raises(SandboxUnavailable, match="closed"):
            room.run("x")
        with sandbox.open() as other:
            assert other.run("x = 1").status == "ok"

"""The visible checks in a real kernel: with a person at it, and without."""

import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

SETUP = "from course import check\ndef entropy(p):\n    raise NotImplementedError()\n"
RED = "check(entropy).on(0.5).gives(1.0)\ncheck(entropy).on(0.5).gives(1.0)\n"
WRONG = "check(lambda p: p).on(0.5).gives(1.0)"


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel()
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client, source, person):
    shown = []
    reply = client.execute_interactive(
        source,
        allow_stdin=person,
        stop_on_error=True,
        output_hook=lambda message: shown.append(message["content"].get("text", "")),
        stdin_hook=lambda message: None,
        timeout=60,
    )
    return reply["content"]["status"], "".join(shown)


def test_a_red_check_does_not_stop_run_all_where_a_person_runs_it(kernel):
    assert run(kernel, SETUP, person=True)[0] == "ok"
    status, shown = run(kernel, RED, person=True)
    assert status == "ok"
    assert shown == "○ entropy is not attempted yet: replace its last line with your own.\n"
    status, shown = run(kernel, WRONG, person=True)
    assert status == "ok" and shown.startswith("✗ your expression(0.5) should give 1.0")


def test_it_is_shown_again_when_the_cell_runs_again(kernel):
    run(kernel, SETUP, person=True)
    assert run(kernel, RED, person=True) == run(kernel, RED, person=True)


@pytest.mark.slow
def test_a_loop_that_never_ends_costs_the_call_and_not_the_kernel(kernel):
    source = "def f():\n    while True: pass\ncheck(f).on().gives(1)\nkept = 1"
    status, shown = run(kernel, source, person=True)
    assert status == "ok" and "was stopped after" in shown
    assert run(kernel, "print(kept)", person=True) == ("ok", "1\n")


def test_a_check_of_a_name_that_is_not_there_says_so_in_one_sentence(kernel):
    def shown(source):
        lines = []
        reply = kernel.execute_interactive(
            source,
            output_hook=lambda message: lines.extend(message["content"].get("traceback", [])),
            timeout=60,
        )
        assert reply["content"]["status"] == "error"
        return lines

    run(kernel, SETUP, person=True)
    (sentence,) = shown("check(surprise).on(0.5).gives(1.0)")
    assert sentence.startswith("○ There is no surprise yet")
    assert "NameError" in "".join(shown("surprise(0.5)"))


def test_what_runs_notebooks_sees_a_failure():
    cells = [new_code_cell(SETUP), new_code_cell(RED), new_code_cell("print('behind')")]
    with pytest.raises(CellExecutionError, match="not attempted yet"):
        NotebookClient(new_notebook(cells=cells), kernel_name="python3").execute()

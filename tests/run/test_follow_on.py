"""Nobody loses points twice for one slip: notebooks with one slip each, judged in rooms."""

import ast
import copy
import time
from functools import cache

import numpy as np
import pytest

from autograder.course_folder import CourseFolder
from autograder.exercises import NOTEBOOKS, exercise, notebook
from autograder.exercises.sources import answer_source, names_used
from autograder.judge.verdicts import judge_trial
from autograder.run import stand_in_answers
from autograder.run.assess import (
    Judging,
    assess,
    graded_cells,
    is_graded_cell,
    may_stand_in,
    plain_cells,
    same_function,
    verdicts_of,
)
from autograder.run.task import Result, Task
from autograder.sandbox import Limits, SandboxUnavailable, wire
from autograder.sandbox.inside.stand_ins import Packed
from tests.conftest import FIRST, ROOT
from tests.support.rooms import sandbox_with_everything
from tests.support.totals import checked_points

pytestmark = pytest.mark.slow

SEED = 7
ALL = checked_points(FIRST)
FOLDER = CourseFolder(ROOT)
NATS = "def surprise(p, base=2):\n    return -np.log(p)\n"
STUB = "def surprise(p, base=2):\n    raise NotImplementedError\n"
UNSHIFTED = """\
def softmax(z):
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)
"""


@cache
def course_cells(name):
    """The source notebook without the cells that nothing depends on, and its graded cells."""
    source = FOLDER.source(name)
    source.cells = [cell for cell in source.cells if "nbgrader" in cell.metadata]
    return source, graded_cells(source)


@pytest.fixture(scope="module")
def sandbox():
    with sandbox_with_everything(limits=Limits(probe_seconds=1.0)) as sandbox:
        try:
            sandbox.open().close()
        except SandboxUnavailable as problem:
            pytest.skip(f"no rooms here: {problem}")
        yield sandbox


@pytest.fixture
def judged(sandbox):
    """Judges a notebook whose answers are right but for those given, by the names of cells.

    only  the exercises that are judged; all where empty
    """

    def judge(name, answers, scratch=(), follow_on=True, only=()):
        source, graded = copy.deepcopy(course_cells(name))
        if only:
            graded = {
                grade_id: cell
                for grade_id, cell in graded.items()
                if cell.checks[0].id.partition(".")[2] in only
            }
        cells = []
        for cell in source.cells:
            grade_id = cell.metadata.nbgrader.grade_id
            if grade_id in answers:
                cell.source = answers[grade_id]
            if grade_id in graded or not is_graded_cell(cell):
                cells.append(cell)
            if grade_id in dict(scratch):
                extra = copy.deepcopy(cell)
                extra.metadata, extra.source = type(cell.metadata)(), dict(scratch)[grade_id]
                cells.append(extra)
        source.cells = cells
        with sandbox.open() as room:
            events = assess(plain_cells(source), graded, room, SEED, follow_on=follow_on)
            judgements = verdicts_of(events, graded)
        return {row["exercise"]: row for j in judgements.values() for row in j.rows}

    return judge


def score(rows):
    return sum(row["points"] for row in rows.values())


@pytest.mark.parametrize(
    "name, answers",
    [
        (FIRST, {"surprise": NATS}),
        (FIRST, {"surprise": STUB}),
        ("03-softmax-jacobian", {"softmax": UNSHIFTED}),
        ("02-logistic-regression", {"add_bias": "def add_bias(X):\n    return X + None\n"}),
    ],
    ids=["natural logarithm", "stub", "softmax without the shift", "crashing add_bias"],
)
def test_a_slip_costs_its_own_points_alone(judged, name, answers):
    rows = judged(name, answers)
    (slip,) = answers
    assert score(rows) == checked_points(name) - exercise(f"{name[:2]}.{slip}").points
    others = [row for row in rows.values() if not row["exercise"].endswith(f".{slip}")]
    assert {row["verdict"] for row in others} == {"right"}
    followed = [row["message"] for row in others if row["message"] != "Right."]
    assert followed
    assert set(followed) == {f"Right, with a right `{slip}`: yours is the one to mend."}


def test_without_the_setting_the_points_are_those_of_the_notebook_as_it_is(judged):
    assert score(judged(FIRST, {"surprise": NATS}, follow_on=False)) == 5


@pytest.mark.parametrize(
    "answer",
    [
        "def surprise(p, base=2):\n    while True: pass\n",
        "def surprise(p, base=2):\n    return 'two bits'\n",
        "def surprise(p, base=2)\n    return 0\n",
        "def surprise(p, base=2):\n    import os; os._exit(3)\n",
        "surprise = 3.5",
    ],
    ids=["time-out", "wrong type", "syntax error", "death", "no function"],
)
def test_whatever_is_wrong_with_the_first(judged, answer):
    rows = judged(FIRST, {"surprise": answer})
    assert score(rows) == ALL - 1, rows


def test_a_name_that_a_scratch_cell_gave_away(judged):
    rows = judged(FIRST, {}, scratch=[("01-surprise", "surprise = surprise(0.5)")])
    assert score(rows) == ALL
    assert "something else by now" in rows["01.sequence_surprise"]["message"]


def test_a_chain_names_the_one_to_mend(judged):
    two = {"surprise": NATS, "entropy": "def entropy(p, base=2):\n    return np.sum(surprise(p))\n"}
    rows = judged(FIRST, two)
    said = rows["01.kl_divergence"]["message"]
    assert said.startswith("Right, with right ones in the places of `entropy` and `surprise`")
    assert "right `surprise`" in rows["01.entropy"]["message"]
    assert rows["01.entropy"]["verdict"] != "right"


def test_an_own_fault_is_told_with_right_predecessors(judged):
    own = (
        "def sequence_surprise(outcomes, probabilities, base=2):\n    return surprise(0.5, base)\n"
    )
    row = judged(FIRST, {"surprise": NATS, "sequence_surprise": own})["01.sequence_surprise"]
    assert row["points"] == 0
    assert row["message"].endswith("(This was seen with a right `surprise` in the place of yours.)")


def test_calling_it_with_wrong_arguments_stays_a_fault(judged):
    own = (
        "def sequence_surprise(outcomes, probabilities, base=2):\n"
        "    return sum(surprise('often', base) for o in outcomes)\n"
    )
    row = judged(FIRST, {"surprise": STUB, "sequence_surprise": own})["01.sequence_surprise"]
    assert row["verdict"] == "crashed"
    assert "could not convert string to float" in row["message"]


def test_what_cannot_be_passed_on_leaves_the_first_verdict(judged):
    own = (
        "class Odd: pass\n"
        "def sequence_surprise(outcomes, probabilities, base=2):\n"
        "    return surprise(Odd(), base)\n"
    )
    row = judged(FIRST, {"surprise": STUB, "sequence_surprise": own})["01.sequence_surprise"]
    assert row["points"] == 0
    assert "seen with" not in row["message"]
    assert row["message"].startswith("It uses your `surprise`, which is not right: begin there")


def test_a_judge_that_is_gone_costs_that_exercise_alone(judged, monkeypatch):
    begun = []

    def begin(self, names):
        begun.append(names)
        channel = begin_whole(self, names)
        if len(begun) == 1:
            self.close()
        return channel

    begin_whole = stand_in_answers.AnsweringProcess.begin
    monkeypatch.setattr(stand_in_answers.AnsweringProcess, "begin", begin)
    rows = judged(FIRST, {"surprise": NATS})
    assert rows["01.sequence_surprise"]["verdict"] == "timed out"
    assert score(rows) == ALL - 3


def test_a_trial_has_seconds_of_the_processor_and_the_next_one_has_its_own(monkeypatch):
    monkeypatch.setattr(stand_in_answers, "MOST_SECONDS", 0.2)
    small, large = (Packed(((np.full(size, 0.3),), {}), wire).fields for size in (3, 10**5))

    def ask(stand_ins, fields):
        wire.send(stand_ins.channel, ("ask", "surprise", *fields, None))
        return wire.receive(stand_ins.channel)[0]

    keeper = stand_in_answers.AnsweringProcesses()
    with keeper.stand_ins({"surprise": "01.surprise"}) as stand_ins:
        assert ask(stand_ins, small) == "value"
        time.sleep(0.4)
        assert ask(stand_ins, small) == "value"
        with pytest.raises(wire.Closed):
            for _ in range(1000):
                ask(stand_ins, large)
        assert stand_ins.ended().over
    with keeper.stand_ins({"surprise": "01.surprise"}) as stand_ins:
        assert ask(stand_ins, small) == "value"
        assert not stand_ins.ended().over


def test_what_waited_too_long_in_a_copy_may_have_been_quicker_alone(sandbox):
    with (
        stand_in_answers.answering_processes.stand_ins({"surprise": "01.surprise"}) as stand_ins,
        sandbox.open() as room,
    ):
        room.run("import time\ndef wait():\n    time.sleep(60)")
        with room.copy(["surprise"], stand_ins.channel, stand_ins.why) as probe:
            (answer,) = probe("wait", [((), {})])
        assert answer.kind == "timed out" and room.hurried


def test_the_same_function_under_another_name_gives_nothing_away(judged):
    forwards = {
        "grad_b2": "def grad_b2(delta):\n    return None\n",
        "grad_b1": "def grad_b1(delta):\n    return grad_b2(delta)\n",
    }
    assert same_function(exercise("04.grad_b2"), exercise("04.grad_b1"))
    rows = judged("04-backprop-by-hand", forwards)
    assert rows["04.grad_b1"]["points"] == 0
    assert rows["04.backward"]["verdict"] == "right"


TENSOR = "class Tensor:\n    def __init__(self, data):\n        self.data = -np.asarray(data)\n"
DUAL = "class Dual:\n    def __init__(self, value, tangent=0.0):\n        self.tangent = 0.0\n"


@pytest.mark.parametrize(
    "answers, later",
    [({"Tensor": TENSOR}, "train_with_tensor"), ({"Dual": DUAL}, "forward_derivative")],
    ids=["Tensor", "Dual"],
)
def test_what_is_built_on_a_class_that_is_not_right_is_told_to_begin_there(judged, answers, later):
    (slip,) = answers
    row = judged("08-build-autograd", answers, only=(slip, later))[f"08.{later}"]
    assert row["points"] == 0 and row["mistake"] is None
    assert row["message"].startswith(f"It uses your `{slip}`, which is not right: begin there")


def test_a_graph_of_own_objects_is_put_in_order_by_a_right_one(judged):
    broken = {"topological_order": "def topological_order(root):\n    return [root]\n"}
    rows = judged("08-build-autograd", broken, only=("topological_order", "Value", "Tensor"))
    assert [row["points"] for row in rows.values()] == [0, 5, 6], rows


APPLIED = """
def class_loss(a, labels):
    y = torch.nn.functional.one_hot(labels, a.shape[1]).to(a.dtype)
    return SoftmaxCrossEntropy.apply(a, y)
"""


def test_a_function_of_pytorch_is_replaced_with_its_gradient(judged):
    answers = {
        "SoftmaxCrossEntropy": "class SoftmaxCrossEntropy(torch.autograd.Function):\n    pass\n",
        "class_loss": APPLIED,
    }
    row = judged("05-autograd", answers, only=("SoftmaxCrossEntropy", "class_loss"))
    assert row["05.class_loss"]["verdict"] == "right", row
    assert row["05.SoftmaxCrossEntropy"]["points"] == 0


def test_what_is_right_with_what_is_not_needs_no_second_trial(judged):
    odd = (
        "def surprise(p, base=2):\n    return p if np.ndim(p) == 2 else -np.log(p) / np.log(base)\n"
    )
    rows = judged(FIRST, {"surprise": odd}, only=("surprise", "sequence_surprise"))
    assert rows["01.surprise"]["points"] == 0
    assert rows["01.sequence_surprise"]["message"] == "Right."


def test_a_forwarded_answer_is_told_where_to_begin(judged):
    forwards = {
        "grad_b2": "def grad_b2(delta):\n    return np.mean(delta, axis=0)\n",
        "grad_b1": "def grad_b1(delta):\n    return grad_b2(delta)\n",
    }
    rows = judged("04-backprop-by-hand", forwards, only=("grad_b2", "grad_b1"))
    assert rows["04.grad_b2"]["verdict"] == "known mistake"
    row = rows["04.grad_b1"]
    assert (row["points"], row["verdict"], row["mistake"]) == (0, "wrong", None)
    assert row["message"].startswith("It uses your `grad_b2`, which is not right: begin there")


def test_every_exercise_is_judged_once_whatever_it_is_built_on(judged, monkeypatch):
    put = []

    def noting(trial, *others, **named):
        put.append(trial.exercise.id)
        return judge_trial(trial, *others, **named)

    monkeypatch.setattr("autograder.run.assess.judge_trial", noting)
    rows = judged(FIRST, {"surprise": NATS})
    assert score(rows) == ALL - 1
    assert put == list(rows)


def test_a_verdict_keeps_its_slips_on_its_way_to_the_gradebook(judged, sandbox):
    source, cells = copy.deepcopy(course_cells(FIRST))
    with sandbox.open() as room:
        for cell in source.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "surprise":
                cell.source = NATS
        judgements = verdicts_of(assess(plain_cells(source), cells, room, SEED), cells)
    back = Result.decode(Result({}, judgements).encode(), cells)
    assert back.verdicts["01-entropy"].verdicts[0].slips == ("surprise",)
    assert not Task.decode(Task([], [], 0, follow_on=False).encode()).follow_on


def pairs(name):
    """Every honest answer that calls an exercise which stands before its own in the notebook: the
    two exercises, and its source."""
    order = [
        c.id.partition(".")[2] for g in graded_cells(FOLDER.source(name)).values() for c in g.checks
    ]
    known = notebook(name).exercises
    for later in order:
        seen = set()
        for function in known[later].styles.values():
            try:
                text = answer_source(function, later)
            except ValueError:
                continue
            used, place = names_used(ast.parse(text)), order.index(later)
            if used.intersection(order[place + 1 :]):
                continue
            for first in order[:place]:
                if first in used and first not in seen:
                    seen.add(first)
                    yield first, later, text


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_slip_in_the_first_of_two_costs_its_points_alone(judged, name):
    known = notebook(name).exercises
    for first, later, text in pairs(name):
        broken = f"def {first}(*args, **kwargs):\n    raise ArithmeticError('broken')\n"
        rows = judged(name, {first: broken, later: text}, only=(first, later))
        row = rows[f"{name[:2]}.{later}"]
        if may_stand_in(known[first], known[later], []):
            assert row["verdict"] == "right", (first, row)
        else:
            assert row["points"] == 0, (first, row)
            assert row["message"].startswith(f"It uses your `{first}`, which is not right: begin")


def test_trials_are_made_only_for_what_failed_and_depends(judged, monkeypatch):
    def never(*args):
        raise AssertionError("a trial was made")

    monkeypatch.setattr(Judging, "_again", never)
    assert score(judged(FIRST, {})) == ALL
    alone = "def likelihood(labels, q):\n    return 0.0\n"
    assert score(judged(FIRST, {"likelihood": alone})) == ALL - 1

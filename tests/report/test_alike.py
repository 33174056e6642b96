"""Hand-ins that look alike: a true copy is found, and honest work never is."""

from contextlib import suppress
from itertools import cycle, islice

import pytest

from autograder.exercises import notebook
from autograder.exercises.sources import answer_source
from autograder.report.alike import ENOUGH, MANY, RUN, SharedLines, alike, fingerprints
from autograder.report.alike import forced_runs as forced_by

OWN = '''\
def entropy(p, base=2):
    """Tell how much we are surprised."""
    # First the pieces, then their sum.
    pieces = []
    for number, chance in enumerate(np.atleast_2d(p)):
        row = [value for value in chance.tolist() if value > 0]
        logs = dict(zip(row, map(np.log, row)))
        while row and len(logs) != number:
            last = row.pop()
            pieces.append((number, last * logs[last] / np.log(base)))
        if not pieces:
            continue
    totals = np.zeros(1 + max((place for place, _ in pieces), default=0))
    for place, piece in pieces:
        totals[place] -= piece
    return totals if np.ndim(p) > 1 else totals[0]
'''
COPIED = """\
def entropy(p: np.ndarray, base: float = 2) -> float:
    parts = []

    for n, q in enumerate(np.atleast_2d(p)):
        line = [w for w in q.tolist() if w > 0]
        table = dict(
            zip(line, map(np.log, line))
        )  # a table of logarithms
        while line and len(table) != n:
            z = line.pop()
            parts.append((n, z * table[z] / np.log(base)))
        if not parts: continue
    out = np.zeros(1 + max((a for a, _ in parts), default=0))
    for a, b in parts:
        out[a] -= b
    return (out if np.ndim(p) > 1 else out[0])
"""
ELSE = """\
def entropy(p, base=2):
    total = np.zeros(np.shape(p)[:-1])
    for index in np.ndindex(total.shape):
        for share in np.asarray(p)[index]:
            total[index] += 0 if share == 0 else share * np.log(1 / share) / np.log(base)
    return total[()]
"""
# Nobody has declared this way, and two may well think of it.
ONE_LINE = "def entropy(p, base=2):\n    return np.log(np.prod(p**-p, axis=-1)) / np.log(base)\n"
FORCED = forced_by([one.id for one in notebook("01-surprise-and-entropy").exercises.values()], [])


def found(**answers):
    """Who looks alike, each student with one answer to entropy."""
    hand_ins = {student: {"01.entropy": text} for student, text in answers.items()}
    return [one.students for one in alike(hand_ins, FORCED)]


def test_a_copy_with_other_names_comments_and_layout_is_found_and_nobody_else():
    assert found(ana=OWN, bo=COPIED, cy=ELSE, dee=ONE_LINE) == [("ana", "bo")]
    hand_ins = {"ana": {"01.entropy": OWN}, "bo": {"01.entropy": COPIED}}
    ((shared,),) = [one.shared for one in alike(hand_ins, FORCED)]
    assert shared == SharedLines("01.entropy", 14, 14)


def test_three_with_the_same_are_told_of_together():
    many = {f"s{n}": ELSE for n in range(12)}
    assert found(ana=OWN, bo=COPIED, cy=OWN, **many) == [("ana", "bo", "cy")]


def test_the_same_one_line_by_two_who_never_met_is_no_likeness():
    assert found(ana=ONE_LINE, bo=ONE_LINE) == []


def test_short_answers_to_several_exercises_count_together():
    """One that two have met by chance says nothing; all of a hand-in in the same unusual way do."""
    lines = {
        f"01.{n}": f"def f{n}(p):\n    return np.sinh(p[{n}] ** {n}) @ p - p.sum(axis={n})"
        for n in range(9)
    }
    once = {"01.1": lines["01.1"]}
    assert alike({"ana": once, "bo": once}, FORCED) == []
    ((shared,),) = [[one.shared] for one in alike({"ana": lines, "bo": lines}, FORCED)]
    assert [part.exercise for part in shared] == sorted(lines)


@pytest.mark.parametrize("name", ["01-surprise-and-entropy", "04-backprop-by-hand"])
def test_honest_styles_and_named_mistakes_are_never_alike(name):
    """Each way by two, whatever they do in the other exercises."""
    ways, forced = {}, forced_by([one.id for one in notebook(name).exercises.values()], [])
    for exercise in notebook(name).exercises.values():
        texts = ways.setdefault(exercise.id, [])
        mistakes = [mistake.function for mistake in exercise.mistakes]
        for function in (*exercise.styles.values(), *mistakes):
            with suppress(ValueError):
                texts.append(answer_source(function, exercise.name))
    most = max(map(len, ways.values()))
    hand_ins = {f"{who}-{n}": {} for n in range(most) for who in ("one", "other")}
    for exercise, texts in ways.items():
        for n, text in enumerate(islice(cycle(texts), most)):
            hand_ins[f"one-{n}"][exercise] = hand_ins[f"other-{n}"][exercise] = text
    assert len(hand_ins) > 8 and alike(hand_ins, forced) == []
    # What the course knows is what keeps them apart.
    assert alike(hand_ins, frozenset()) != []


def test_what_the_course_gives_out_is_no_likeness():
    forced = forced_by(["01.entropy"], [OWN])
    hand_ins = {student: {"01.entropy": text} for student, text in [("a", OWN), ("b", COPIED)]}
    assert alike(hand_ins, forced) == []


def test_what_many_wrote_is_no_likeness():
    def class_with(count):
        return {f"s{n}": OWN for n in range(count)} | {f"t{n}": ELSE for n in range(1000 - count)}

    assert found(**class_with(MANY + 1)) == []
    assert [len(people) for people in found(**class_with(MANY))] == [MANY]
    assert found(ana=OWN, bo=OWN, cy=OWN, dee=ELSE) == []


def test_names_of_libraries_are_no_names_of_the_student():
    one = fingerprints(OWN).runs.tolist()
    assert fingerprints(COPIED).runs.tolist() == one
    assert fingerprints(OWN.replace("np.log", "np.exp")).runs.tolist() != one
    # Another variable in one place is another program.
    assert fingerprints(OWN.replace("totals[place] -=", "totals[piece] -=")).runs.tolist() != one


@pytest.mark.parametrize("text", ["", "def entropy(p:", "x = 1", "x" * 30_000, "(" * 900, "\0"])
def test_what_is_no_code_or_next_to_none_has_no_fingerprints(text):
    assert len(fingerprints(text).runs) == 0
    assert found(ana=text, bo=text) == []


def test_thresholds_leave_room_for_what_a_line_holds():
    assert RUN <= len(fingerprints(ONE_LINE).lines) < ENOUGH

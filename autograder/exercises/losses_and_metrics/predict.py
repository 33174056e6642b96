"""From the numbers of the last layer to a prediction, for every kind of task."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course.wrappers import refusing

exercise = notebook.exercise(
    reference.predict,
    points=3,
    minutes=10,
    subject=refusing,
    hints=(
        "Step 4 of the recipe: where is each distribution highest? Go through the four tasks.",
        "Which scores have a probability of at least one half? And does a softmax change which "
        "score is the largest?",
        "A task that nobody has heard of: raise ValueError(...). Try \"ranking\".",
    ),
)  # fmt: skip


@exercise.cases
def cases(rng):
    yield case(np.array([2.5, -0.5, 0.0]), "regression")
    yield case(np.array([1.5, -0.2, 0.3, -4.0]), "binary")
    yield case(np.array([0.0, -1e-9, 1e-9]), "binary", about="scores near 0")
    yield case(np.array([[1.2, -0.4, 0.3], [-1.0, -0.8, -0.1]]), "multilabel")
    yield case(np.array([[0.0, -1e-9], [1e-9, -2.0]]), "multilabel", about="scores near 0")
    yield case(np.array([[0.2, 0.7, 0.1], [-3.0, -1.0, -2.0]]), "multiclass")
    apart = np.array([[1000.2, 1000.7, 1000.1], [-3000.0, -3001.0, -2999.0]])
    yield case(apart, "multiclass", about="rows of scores that lie thousands apart")
    yield case(np.array([[1.0, 4.0, 4.0], [2.0, 2.0, 2.0]]), "multiclass", about="equal scores")
    yield case(np.array([1.0, -2.0]), "ranking", about="a task that does not exist")
    yield case(np.array([[1.0, -2.0]]), "multi-class", about="a task that does not exist")
    yield case(rng.normal(0, 3, 5), "regression")
    yield case(rng.normal(0, 2, 6), "binary")
    yield case(rng.normal(0, 2, (4, 4)), "multilabel")
    yield case(rng.permuted(np.tile(np.arange(5.0) - 2.5, (4, 1)), axis=1), "multiclass")


@exercise.style
def predict_by_cases(scores, task):
    if task == "regression":
        return scores
    if task == "binary" or task == "multilabel":
        return (scores >= 0).astype(int)
    if task == "multiclass":
        return scores.argmax(axis=1)
    raise ValueError("unknown task: " + task)


@exercise.style
def predict_by_match(scores, task):
    match task:
        case "regression":
            return np.array(scores)
        case "binary" | "multilabel":
            return np.where(scores < 0, 0, 1)
        case "multiclass":
            return np.argmax(scores, axis=-1)
        case _:
            raise ValueError(task)


@exercise.style
def predict_by_dict(scores, task):
    rules = {
        "regression": lambda s: s,
        "binary": lambda s: 1 * (s >= 0),
        "multilabel": lambda s: 1 * (s >= 0),
        "multiclass": lambda s: s.argmax(1),
    }
    if task not in rules:
        raise ValueError(f"{task} is none of {sorted(rules)}")
    return rules[task](scores)


@exercise.style
def predict_with_probabilities(scores, task):
    if task == "regression":
        return scores.copy()
    if task in ("binary", "multilabel"):
        e = np.exp(-np.abs(scores))
        odds_for_one = np.where(scores >= 0, 1.0, e)
        odds_for_zero = np.where(scores >= 0, e, 1.0)
        return (odds_for_one >= odds_for_zero).astype(int)
    if task != "multiclass":
        raise ValueError("no such task")
    s = np.exp(scores - scores.max(axis=1, keepdims=True))
    return [int(np.argmax(row)) for row in s / s.sum(axis=1, keepdims=True)]


@exercise.style
def predict_as_lists(scores, task):
    if task == "regression":
        return list(scores)
    if task == "binary":
        return [int(s >= 0) for s in scores]
    if task == "multilabel":
        return [[int(s >= 0) for s in row] for row in scores]
    if task == "multiclass":
        return [max(range(len(row)), key=lambda k: row[k]) for row in scores]
    raise ValueError


@exercise.mistake(
    "Is it the largest value that is asked for, or where it stands?",
    said="The height of the maximum came back in place of its place, as the lecture's slide says.",
)
def predict_height(scores, task):
    if task == "regression":
        return scores
    if task in ("binary", "multilabel"):
        return (scores >= 0).astype(int)
    if task == "multiclass":
        return scores.max(axis=1)
    raise ValueError(task)


@exercise.mistake(
    "Which score belongs to a probability of one half?",
    said="The scores are compared with 0.5, as if they were probabilities.",
)
def predict_half_of_scores(scores, task):
    if task == "regression":
        return scores
    if task in ("binary", "multilabel"):
        return (scores >= 0.5).astype(int)
    if task == "multiclass":
        return scores.argmax(axis=1)
    raise ValueError(task)


@exercise.mistake(
    "What should come out at a score of exactly 0?",
    said="A score of exactly 0 is called 0.",
)
def predict_strictly_above(scores, task):
    if task == "regression":
        return scores
    if task in ("binary", "multilabel"):
        return (scores > 0).astype(int)
    if task == "multiclass":
        return scores.argmax(axis=1)
    raise ValueError(task)


@exercise.mistake(
    "Does row n of your answer belong to example n? Over which axis do you look for the largest?",
    said="The largest score is looked for down the columns.",
    root=Root.AXIS,
)
def predict_other_axis(scores, task):
    if task == "regression":
        return scores
    if task in ("binary", "multilabel"):
        return (scores >= 0).astype(int)
    if task == "multiclass":
        return scores.argmax(axis=0)
    raise ValueError(task)


@exercise.mistake(
    "Is a class asked for, or a row with a single 1?",
    said="A one-hot row came back in place of the class.",
)
def predict_one_hot(scores, task):
    if task == "regression":
        return scores
    if task in ("binary", "multilabel"):
        return (scores >= 0).astype(int)
    if task == "multiclass":
        return np.eye(scores.shape[1], dtype=int)[scores.argmax(axis=1)]
    raise ValueError(task)


@exercise.mistake(
    "May an example have more than one label, or none?",
    said="One label only is predicted for each multi-label example.",
)
def predict_one_label_only(scores, task):
    if task == "regression":
        return scores
    if task == "binary":
        return (scores >= 0).astype(int)
    if task == "multilabel":
        return (scores == scores.max(axis=1, keepdims=True)).astype(int)
    if task == "multiclass":
        return scores.argmax(axis=1)
    raise ValueError(task)


@exercise.mistake(
    "Is a probability asked for, or a decision?",
    said="Probabilities came back in place of decisions.",
)
def predict_probabilities(scores, task):
    if task == "regression":
        return scores
    if task in ("binary", "multilabel"):
        return 1 / (1 + np.exp(-scores))
    if task == "multiclass":
        return scores.argmax(axis=1)
    raise ValueError(task)


@exercise.mistake(
    "What does your function do with a task that nobody has heard of?",
    said="An unknown task is met with silence: None comes back.",
)
def predict_unknown_is_none(scores, task):
    if task == "regression":
        return scores
    if task in ("binary", "multilabel"):
        return (scores >= 0).astype(int)
    if task == "multiclass":
        return scores.argmax(axis=1)


@exercise.mistake(
    "What does your function do with a task that nobody has heard of?",
    said="Every unknown task is treated as the last one.",
)
def predict_unknown_is_multiclass(scores, task):
    if task == "regression":
        return scores
    if task in ("binary", "multilabel"):
        return (scores >= 0).astype(int)
    return scores.argmax(axis=-1)


@exercise.mistake(
    "Is the exception to be raised, or handed back?",
    said="A ValueError is returned in place of being raised.",
)
def predict_returns_the_error(scores, task):
    if task == "regression":
        return scores
    if task in ("binary", "multilabel"):
        return (scores >= 0).astype(int)
    if task == "multiclass":
        return scores.argmax(axis=1)
    return ValueError(task)


@exercise.mistake(
    "Of two equal scores, which class comes first?",
    said="Of equal scores the last one wins.",
    root=Root.INDEX,
)
def predict_last_of_equals(scores, task):
    if task == "regression":
        return scores
    if task in ("binary", "multilabel"):
        return (scores >= 0).astype(int)
    if task == "multiclass":
        return scores.shape[1] - 1 - scores[:, ::-1].argmax(axis=1)
    raise ValueError(task)


@exercise.mistake(
    "Is the mean of a bell a whole number?",
    said="Regression targets are rounded.",
    root=Root.DIGITS,
)
def predict_rounded_regression(scores, task):
    if task == "regression":
        return np.round(scores)
    if task in ("binary", "multilabel"):
        return (scores >= 0).astype(int)
    if task == "multiclass":
        return scores.argmax(axis=1)
    raise ValueError(task)


exercise.equivalent(
    "'unknown task: ' + task -> 'unknown task: '",
    "'unknown task: ' + task -> task",
    because="What the error says is not looked at.",
)


@exercise.property(
    "Each row is decided alone: the first gets {alone} by itself and {together} among the others. "
    "Along which axis do you look?"
)
def every_row_by_itself(f, scores, task):
    if task not in ("regression", "binary", "multilabel", "multiclass"):
        return None
    together, alone = np.asarray(f(scores, task)), np.asarray(f(scores[:1], task))
    if len(together) == len(scores) and not np.array_equal(together[:1], alone):
        return {"alone": alone[0], "together": together[0]}


exercise.equivalent(
    "return (scores >= 0).astype(int) -> return np.round((scores >= 0).astype(int), 5)",
    "return scores.argmax(axis=1) -> return np.round(scores.argmax(axis=1), 5)",
    "return np.where(scores < 0, 0, 1) -> return np.round(np.where(scores < 0, 0, 1), 5)",
    "return np.argmax(scores, axis=-1) -> return np.round(np.argmax(scores, axis=-1), 5)",
    "return [int(np.argmax(row)) for row in s / s.sum(axis=1, keepdims=True)] -> "
    "return np.round([int(np.argmax(row)) for row in s / s.sum(axis=1, keepdims=True)], 5)",
    "return (odds_for_one >= odds_for_zero).astype(int) -> "
    "return np.round((odds_for_one >= odds_for_zero).astype(int), 5)",
    "return [int(s >= 0) for s in scores] -> return np.round([int(s >= 0) for s in scores], 5)",
    "return [[int(s >= 0) for s in row] for row in scores] -> "
    "return np.round([[int(s >= 0) for s in row] for row in scores], 5)",
    "return [max(range(len(row)), key=lambda k: row[k]) for row in scores] -> "
    "return np.round([max(range(len(row)), key=lambda k: row[k]) for row in scores], 5)",
    because="Classes are whole numbers.",
)


exercise.equivalent(
    "1 * (s >= 0) -> s >= 0",
    because="A comparison counts as 1 where it holds.",
)


exercise.equivalent(
    "axis=-1 -> axis=1",
    because="The scores of several classes have two axes: 1 is the last one.",
)


exercise.equivalent(
    "np.exp(scores - scores.max(axis=1, keepdims=True)) -> "
    "np.exp(np.clip(scores - scores.max(axis=1, keepdims=True), -20, 20))",
    "s / s.sum(axis=1, keepdims=True) -> s * s.sum(axis=1, keepdims=True)",
    "s / s.sum(axis=1, keepdims=True) -> s",
    "axis=1 -> axis=None",
    because="The largest of a row stays the largest.",
)


exercise.equivalent(
    "np.exp(-np.abs(scores)) -> np.exp(np.clip(-np.abs(scores), -20, 20))",
    "np.where(scores >= 0, 1.0, e) -> np.where(1.0, scores >= 0, e)",
    "np.where(scores >= 0, 1.0, e) -> np.where(scores >= 0, 2.0, e)",
    "np.where(scores >= 0, e, 1.0) -> np.where(scores >= 0, e, 2.0)",
    "scores >= 0 -> scores > 0",
    "scores >= 0 -> scores >= 1",
    because="The odds for 1 stay on the same side of those for 0.",
)

"""Columns with mean 0 and spread 1, by what the training examples say."""

from __future__ import annotations

import numpy as np

from autograder.exercises.digits import notebook, reference
from autograder.exercises.digits.inputs import away_from_zero
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.standardize,
    parts=("the training set", "the test set"),
    points=2,
    minutes=8,
    hints=(
        "Along which axis does a column run? How many means does a table of shape (N, d) have?",
        "Two numbers for each column are needed. May they know anything about the test?",
        "What is the spread of a column that is the same for all? What should happen to such a "
        "column when it must not be divided by that?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(
        np.array([[1.0, 5.0], [3.0, 5.0], [5.0, 5.0], [7.0, 5.0]]),
        np.array([[9.0, 8.0], [4.0, 5.0]]),
        about="with a column that is constant in the train",
    )
    # A tiny spread is a spread: whatever is added to it, or taken for zero, shows.
    yield case(
        np.array([[1e-9], [3e-9]]), np.array([[4e-9]]), about="with a column of very small numbers"
    )
    small = np.array([[1.0, -2.0], [-1.5, 1.0], [0.5, 3.0], [2.0, -1.0], [-1.0, 0.5]])
    yield case(
        small * [1e-9, 1.0], small[:3] * [2e-9, 3.0], about="with a column of very small numbers"
    )
    for n, m, d in ((6, 4, 3), (5, 7, 2), (4, 4, 4)):
        scale = rng.uniform(0.3, 9.0, d)
        yield case(
            away_from_zero(rng, n, d) * scale + rng.uniform(1.0, 4.0, d),
            away_from_zero(rng, m, d) * scale * 1.7 - rng.uniform(1.0, 3.0, d),
        )


@exercise.style
def standardize_in_lines(train, test):
    mean = np.mean(train, axis=0)
    std = np.std(train, axis=0)
    std[std == 0] = 1
    return (train - mean) / std, (test - mean) / std


@exercise.style
def standardize_by_columns(train, test):
    new_train, new_test = np.empty_like(train), np.empty_like(test)
    for j in range(train.shape[1]):
        mean, std = train[:, j].mean(), train[:, j].std()
        if std == 0:
            std = 1.0
        new_train[:, j] = (train[:, j] - mean) / std
        new_test[:, j] = (test[:, j] - mean) / std
    return new_train, new_test


@exercise.style
def standardize_with_an_inner_function(train, test):
    mean = train.sum(axis=0) / len(train)
    variance = ((train - mean) ** 2).sum(axis=0) / len(train)

    def scaled(table):
        centred = table - mean
        return np.divide(centred, np.sqrt(variance), out=centred, where=variance > 0)

    return scaled(train), scaled(test)


@exercise.style
def standardize_keeping_axes(train, test):
    centre = train.mean(axis=0, keepdims=True)
    spread = (train - centre).std(axis=0, keepdims=True)
    spread = np.where(spread > 0, spread, 1)
    return [(table - centre) / spread for table in (train, test)]


@exercise.style
def standardize_lists(train, test):
    statistics = []
    for column in train.T:
        mean = sum(column) / len(column)
        variance = sum((x - mean) ** 2 for x in column) / len(column)
        statistics.append((mean, variance**0.5 or 1.0))
    return tuple(
        [[(x - m) / s for x, (m, s) in zip(row, statistics)] for row in table]
        for table in (train, test)
    )


@exercise.mistake(
    "When a single new digit arrives, what would its own mean be? Whose numbers does the test use?",
    said="The test was standardised by its own mean and spread.",
)
def standardize_each_by_itself(train, test):
    def scaled(table):
        spread = table.std(axis=0)
        return (table - table.mean(axis=0)) / np.where(spread == 0, 1, spread)

    return scaled(train), scaled(test)


@exercise.mistake(
    "Would your training table change if the test examples were others?",
    said="The mean and the spread were taken over train and test together.",
)
def standardize_over_both(train, test):
    both = np.concatenate([train, test])
    mean, spread = both.mean(axis=0), both.std(axis=0)
    spread = np.where(spread == 0, 1, spread)
    return (train - mean) / spread, (test - mean) / spread


@exercise.mistake(
    "The test is shifted by the numbers of the train; is it stretched by them, too?",
    said="The test was divided by its own spread.",
)
def standardize_test_by_own_spread(train, test):
    mean = train.mean(axis=0)
    spread, other = train.std(axis=0), test.std(axis=0)
    spread, other = np.where(spread == 0, 1, spread), np.where(other == 0, 1, other)
    return (train - mean) / spread, (test - mean) / other


@exercise.mistake(
    "If a column is measured in millimetres instead of metres, does your result stay the same?",
    said="The variance stands where the standard deviation is needed.",
)
def standardize_by_variance(train, test):
    mean, spread = train.mean(axis=0), train.var(axis=0)
    spread = np.where(spread == 0, 1, spread)
    return (train - mean) / spread, (test - mean) / spread


@exercise.mistake(
    "What is the mean of the squares in a column of your training table: is it 1?",
    said="The spread was computed with N - 1 instead of N.",
    root=Root.MEAN,
)
def standardize_with_n_minus_one(train, test):
    mean, spread = train.mean(axis=0), train.std(axis=0, ddof=1)
    spread = np.where(spread == 0, 1, spread)
    return (train - mean) / spread, (test - mean) / spread


@exercise.mistake(
    "What is the same for all entries of one column of your result, and what for one row? Which "
    "of the two is a feature?",
    said="The mean and the spread of the rows were used instead of those of the columns.",
    root=Root.AXIS,
)
def standardize_rows(train, test):
    def scaled(table):
        spread = table.std(axis=1, keepdims=True)
        return (table - table.mean(axis=1, keepdims=True)) / np.where(spread == 0, 1, spread)

    return scaled(train), scaled(test)


@exercise.mistake(
    "Has every column of your training table the mean 0, or only the table as a whole?",
    said="One mean and one spread of the whole table were used for all columns.",
    root=Root.AXIS,
)
def standardize_whole_table(train, test):
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()


@exercise.mistake(
    "What is the spread of a pixel that is white on every picture, and what happens when you "
    "divide by it?",
    said="A column without spread was divided by 0.",
    root=Root.DIGITS,
)
def standardize_constant_divided(train, test):
    mean, spread = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / spread, (test - mean) / spread


@exercise.mistake(
    "What is the spread of your training columns, exactly? Is something added to it?",
    said="A small number was added to the spread.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-5, 1e-8, 1e-12)},
)
def standardize_guarded(train, test, *, size=1e-8):
    mean, spread = train.mean(axis=0), train.std(axis=0) + size
    return (train - mean) / spread, (test - mean) / spread


@exercise.mistake(
    "A column may hold very small numbers and still differ from row to row: do you divide it?",
    said="A small spread was taken for none.",
    root=Root.DIGITS,
)
def standardize_small_taken_for_constant(train, test):
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(spread < 1e-7, 1, spread)
    return (train - mean) / spread, (test - mean) / spread


@exercise.mistake(
    "Which spread have your columns now, and which should they have?",
    said="The columns were centred and not divided by their spread.",
)
def standardize_only_centred(train, test):
    return train - train.mean(axis=0), test - train.mean(axis=0)


@exercise.mistake(
    "What is the mean of each column of your training table?",
    said="The columns were divided by their spread and not centred.",
)
def standardize_not_centred(train, test):
    spread = train.std(axis=0)
    spread = np.where(spread == 0, 1, spread)
    return train / spread, test / spread


@exercise.mistake(
    "Do your columns run from 0 to 1? Is that what mean 0 and spread 1 look like?",
    said="The columns were stretched to run from 0 to 1.",
)
def standardize_from_0_to_1(train, test):
    low, width = train.min(axis=0), np.ptp(train, axis=0)
    width = np.where(width == 0, 1, width)
    return (train - low) / width, (test - low) / width


@exercise.mistake(
    "Your network learns from the one table and is asked about the other: are both in the same "
    "unit?",
    said="The test came back as it was.",
)
def standardize_test_untouched(train, test):
    mean, spread = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / np.where(spread == 0, 1, spread), test.copy()


@exercise.mistake(
    "Which of the two tables is asked for first?",
    said="Train and test were returned in the other order.",
    root=Root.SWAPPED,
)
def standardize_returned_swapped(train, test):
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(spread == 0, 1, spread)
    return (test - mean) / spread, (train - mean) / spread


@exercise.mistake(
    "How many columns has your result, and how many had the table?",
    said="Columns without spread were left out.",
)
def standardize_constant_dropped(train, test):
    mean, spread = train.mean(axis=0), train.std(axis=0)
    kept = spread > 0
    return tuple((table - mean)[:, kept] / spread[kept] for table in (train, test))


exercise.equivalent(
    "train - centre -> train + centre",
    "train - centre -> train",
    because="The spread does not depend on where the middle is.",
)


@exercise.property(
    "Every column of the training set has mean 0 then, and yours has {found}. Whose mean is taken "
    "from it?"
)
def mean_zero_in_training(f, train, test):
    found = np.asarray(f(train, test)[0])
    if found.shape == train.shape and not np.allclose(found.mean(axis=0), 0, atol=1e-9):
        means = found.mean(axis=0)
        return {"found": means[np.argmax(np.abs(means))]}


@exercise.property(
    "Every column of the training set has spread 1 then, and yours has {found}. By what do you "
    "divide?"
)
def spread_one_in_training(f, train, test):
    found = np.asarray(f(train, test)[0])
    spread = found.std(axis=0)[train.std(axis=0) > 0] if found.shape == train.shape else np.ones(1)
    if not np.allclose(spread, 1, rtol=1e-6):
        return {"found": spread[np.argmax(np.abs(spread - 1))]}


exercise.equivalent(
    "keepdims=True -> keepdims=False",
    because="One number a column stands beside the rows with that axis or without.",
)

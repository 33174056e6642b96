"""Notebook 09: the references beside PyTorch and scikit-learn, and what the checks decide."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler

from autograder.exercises import notebook
from autograder.exercises.digits import reference
from autograder.exercises.digits.inputs import deep_network, problem
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import judge
from course.plots import digits as plots
from course.plots import style
from course.wrappers import seeded, values_and_rest

EXERCISES = notebook("09-digits").exercises
few = settings(max_examples=40, deadline=None)
DIGITS = load_digits()


@st.composite
def networks(draw):
    """A random problem (X, labels, params) with one to four layers."""
    sizes = tuple(draw(st.lists(st.integers(2, 6), min_size=2, max_size=5)))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    return problem(rng, draw(st.integers(1, 7)), sizes)


def by_torch(X, labels, params, strength):
    """Scores, loss and gradients by PyTorch."""
    theta = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    h = torch.tensor(X)
    layers = len(params) // 2
    for layer in range(1, layers + 1):
        h = h @ theta[f"W{layer}"] + theta[f"b{layer}"]
        h = torch.relu(h) if layer < layers else h
    cost = torch.nn.functional.cross_entropy(h, torch.tensor(labels))
    cost = cost + strength * sum((theta[f"W{i}"] ** 2).sum() for i in range(1, layers + 1))
    cost.backward()
    gradients = {k: v.grad.numpy() for k, v in theta.items()}
    return h.detach().numpy(), cost.item(), gradients


def close(found, expected):
    return np.allclose(found, expected, rtol=1e-12, atol=1e-12)


@few
@given(networks(), st.floats(0, 1))
def test_scores_loss_and_gradients_are_those_of_torch(network, strength):
    X, labels, params = network
    cache = reference.forward(X, params)
    a, cost, gradients = by_torch(X, labels, params, strength)
    assert close(cache["a"], a)
    assert close(reference.loss(cache["a"], labels, params, strength), cost)
    found = reference.backward(X, labels, params, cache, strength)
    assert found.keys() == params.keys()
    assert all(close(found[name], gradients[name]) for name in params)


def test_eleven_layers_are_in_order_and_alive():
    X, labels, params = deep_network()
    cache = reference.forward(X, params)
    assert all((cache[f"h{layer}"] > 0).any() for layer in range(1, 11))
    _, _, gradients = by_torch(X, labels, params, 0.0)
    found = reference.backward(X, labels, params, cache, 0.0)
    assert all(close(found[name], gradients[name]) for name in params)
    assert np.abs(found["W1"]).max() > 1e-9


@few
@given(st.lists(st.lists(st.floats(-3000, 3000), min_size=3, max_size=3), min_size=1, max_size=5))
def test_the_loss_is_exact_at_any_scores(rows):
    a, labels = np.array(rows), np.arange(len(rows)) % 3
    expected = torch.nn.functional.cross_entropy(torch.tensor(a), torch.tensor(labels)).item()
    found = reference.loss(a, labels, {"W1": np.zeros((2, 3)), "b1": np.zeros(3)}, 0.0)
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_momentum_is_that_of_torch_from_the_first_step_on():
    theta = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=0.1, momentum=0.8)
    params, velocity = {"w": np.array([1.0, -2.0])}, {"w": np.zeros(2)}
    for step in range(5):
        slope = np.array([0.5 + step, -1.0])
        theta.grad = torch.tensor(slope)
        optimizer.step()
        params, velocity = reference.momentum_step(params, {"w": slope}, velocity, 0.1, 0.8)
        assert close(params["w"], theta.detach().numpy())


@few
@given(st.integers(0, 10**6), st.integers(2, 9), st.integers(1, 5))
def test_standardising_is_that_of_scikit_learn(seed, n, d):
    rng = np.random.default_rng(seed)
    train, test = rng.normal(3, 2, (n, d)), rng.normal(3, 2, (4, d))
    train[:, 0], test[:, 0] = 5.0, 8.0
    scaler = StandardScaler().fit(train)
    found = reference.standardize(train, test)
    assert np.allclose(found[0], scaler.transform(train), rtol=1e-9, atol=1e-9)
    assert np.allclose(found[1], scaler.transform(test), rtol=1e-9, atol=1e-9)


@few
@given(st.integers(1, 60), st.integers(1, 70), st.integers(0, 1000))
def test_mini_batches_hold_every_example_once(n, size, seed):
    batches = reference.minibatches(n, size, np.random.default_rng(seed))
    assert sorted(np.concatenate(batches).tolist()) == list(range(n))
    assert all(len(batch) == size for batch in batches[:-1]) and 0 < len(batches[-1]) <= size


def test_a_split_holds_every_example_once():
    train, test = reference.split(23, 0.2, np.random.default_rng(1))
    assert len(test) == 5
    assert sorted([*train, *test]) == list(range(23))


def stopped(losses, patience):
    """Early stopping by its definition: the first epoch after which to stop, then the best."""
    for seen in range(1, len(losses) + 1):
        best = losses.index(min(losses[:seen]))
        if seen - 1 - best >= patience:
            return best
    return losses.index(min(losses))


@given(st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.4, 0.5]), min_size=1), st.integers(1, 4))
def test_early_stopping_is_its_definition(losses, patience):
    assert reference.early_stopping(np.array(losses), patience) == stopped(losses, patience)


@given(st.integers(2, 5).flatmap(lambda k: st.lists(
    st.lists(st.integers(0, 3), min_size=k, max_size=k), min_size=k, max_size=k
)))  # fmt: skip
def test_the_most_confused_pair_is_the_first_of_the_largest(table):
    pairs = [(i, j) for i in range(len(table)) for j in range(len(table)) if i != j]
    expected = max(pairs, key=lambda pair: table[pair[0]][pair[1]])
    assert reference.most_confused(np.array(table)) == expected


def test_the_start_keeps_the_size_of_the_values():
    X = np.random.default_rng(0).standard_normal((500, 64))
    params = reference.init_params((64, *[200] * 10, 10), np.random.default_rng(1))
    cache = reference.forward(X, params)
    assert 0.5 < np.sqrt(np.mean(cache["h10"] ** 2)) < 2


@pytest.mark.slow
def test_the_network_reads_at_least_96_of_100_digits_and_trains_as_torch_does():
    rng = np.random.default_rng(0)
    train, test = reference.split(len(DIGITS.data), 0.2, rng)
    X, X_test = reference.standardize(DIGITS.data[train], DIGITS.data[test])
    labels = DIGITS.target[train]
    params = reference.fit(
        X, labels, (64, 100, 10), 20, 32, 0.05, 0.9, 0.001, np.random.default_rng(0)
    )
    assert np.mean(reference.predict(X_test, params) == DIGITS.target[test]) >= 0.96
    rng = np.random.default_rng(0)
    start = reference.init_params((64, 100, 10), rng)
    batches = [reference.minibatches(len(X), 32, rng) for _ in range(20)]
    theirs = plots._trained_by_torch(start, batches, X, labels)
    assert all(np.abs(params[name] - theirs[name]).max() < 1e-10 for name in params)


# What the checks decide, with every seed alike

SEEDS = range(40, 45)


def verdicts(name, answer):
    exercise = EXERCISES[name]
    subject = exercise.subject(answer)
    return {judge(exercise, InProcess(subject), seed).verdict for seed in SEEDS}


@pytest.mark.parametrize("eps", [1e-3, 1e-6, 1e-8, 1e-10, 1e-12])
def test_a_guard_of_any_size_is_refused_with_every_seed(eps):
    def guarded_loss(a, labels, params, strength):
        p = reference.softmax(a)[np.arange(len(a)), labels]
        squares = sum((W**2).sum() for name, W in params.items() if name[0] == "W")
        return -np.log(p + eps).mean() + strength * squares

    def cut_loss(a, labels, params, strength):
        p = np.clip(reference.softmax(a)[np.arange(len(a)), labels], eps, 1)
        squares = sum((W**2).sum() for name, W in params.items() if name[0] == "W")
        return -np.log(p).mean() + strength * squares

    def guarded_spread(train, test):
        mean, spread = train.mean(axis=0), train.std(axis=0) + eps
        return (train - mean) / spread, (test - mean) / spread

    for name, answer in (
        ("loss", guarded_loss),
        ("loss", cut_loss),
        ("standardize", guarded_spread),
    ):
        assert "right" not in verdicts(name, answer), (name, answer.__name__)


@pytest.mark.parametrize("eps", [1e-3, 1e-6, 1e-8])
def test_cut_probabilities_are_refused_in_the_gradient(eps):
    def cut(X, labels, params, cache, strength):
        delta = np.clip(reference.softmax(cache["a"]), eps, 1 - eps)
        delta[np.arange(len(X)), labels] -= 1
        delta, gradients = delta / len(X), {}
        for layer in range(len(params) // 2, 0, -1):
            W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
            gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
            gradients[f"b{layer}"] = delta.sum(axis=0)
            delta = (delta @ W.T) * (below > 0)
        return gradients

    assert "right" not in verdicts("backward", cut)


def test_gradients_by_differences_are_a_shortcut():
    def quotients(X, labels, params, cache, strength):
        def cost(moved):
            return reference.loss(reference.forward(X, moved)["a"], labels, moved, strength)

        gradients = {}
        for name, value in params.items():
            gradients[name] = np.zeros_like(value)
            for index in np.ndindex(value.shape):
                above, below = value.copy(), value.copy()
                above[index] += 1e-5
                below[index] -= 1e-5
                difference = cost(params | {name: above}) - cost(params | {name: below})
                gradients[name][index] = difference / 2e-5
        return gradients

    assert verdicts("backward", quotients) == {"shortcut"}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (
            "split",
            "from sklearn.model_selection import train_test_split as cut\n"
            "def split(n, test_share, rng):\n    return cut(range(n), test_size=test_share)",
        ),
        (
            "standardize",
            "import sklearn.preprocessing as p\n"
            "def standardize(train, test):\n    s = p.StandardScaler().fit(train)\n"
            "    return s.transform(train), s.transform(test)",
        ),
        (
            "fit",
            "from sklearn.neural_network import MLPClassifier\n"
            "def fit(X, labels, *settings):\n    return MLPClassifier().fit(X, labels)",
        ),
        (
            "loss",
            "import torch.nn.functional as F\n"
            "def loss(a, labels, params, strength):\n    return F.cross_entropy(a, labels)",
        ),
        (
            "backward",
            "import torch\n"
            "def backward(X, labels, params, cache, strength):\n    return torch.autograd.grad(X)",
        ),
        (
            "momentum_step",
            "import torch\n"
            "def momentum_step(params, g, v, learning_rate, momentum):\n"
            "    return torch.optim.SGD(params, learning_rate)",
        ),
    ],
)
def test_a_library_that_does_the_exercise_is_a_shortcut(name, source):
    exercise = EXERCISES[name]
    subject = InProcess(exercise.subject(exercise.reference))
    assert judge(exercise, subject, source=source).verdict == "shortcut"


# Asking with plain values


def test_a_seed_stands_for_a_fresh_generator_in_every_call():
    ask = seeded(reference.split)
    assert np.array_equal(ask(9, 0.3, 4)[0], ask(9, 0.3, 4)[0])
    assert np.array_equal(ask(9, 0.3, 4)[0], reference.split(9, 0.3, np.random.default_rng(4))[0])


def test_a_theta_that_lost_its_last_digit_is_seen():
    def moved_back(f, theta, direction, steps):
        values = []
        for t in steps:
            theta += t * direction
            values.append(f(theta))
            theta -= t * direction
        return values

    arguments = np.array([1.0]), np.array([0.1]), np.array([3.0]), np.array([0.1])
    assert values_and_rest(reference.loss_slice)(*arguments)["theta as it was"]
    assert not values_and_rest(moved_back)(*arguments)["theta as it was"]


# Pictures say what the numbers drawn say


@pytest.fixture
def said(monkeypatch):
    """The descriptions of the pictures that are displayed."""
    texts = []
    monkeypatch.setattr(style, "display", lambda data, **_: texts.append(data["text/plain"]))
    return texts


def check_picture(backward):
    plots.gradient_check(
        DIGITS.data[:6] / 16, DIGITS.target[:6],
        reference.init_params, reference.forward, reference.loss, backward,
    )  # fmt: skip


def test_the_gradient_check_names_what_is_off(said):
    check_picture(reference.backward)

    def wrong(*args):
        return (found := reference.backward(*args)) | {"b2": 1.1 * found["b2"]}

    check_picture(wrong)
    assert "all lie below 1e-6" in said[0]
    assert "not below 1e-6 are b2." in said[1]


def test_the_gradient_check_looks_at_shapes_first(said, capsys):
    def wrong(*args):
        return (found := reference.backward(*args)) | {"b1": found["b1"][None]}

    check_picture(wrong)
    assert not said
    assert "the gradient of b1 has shape (1, 12), and b1 has (12,)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "images, labels, told",
    [
        (DIGITS.images, DIGITS.target, "(1797, 8, 8); they must be rows of 64 pixels"),
        (np.zeros((9, 784)), np.zeros(9, int), "(9, 784); they must be rows of 64 pixels"),
        (DIGITS.data, DIGITS.target[1:], "int64 of the shape (1796,), from 0 to 9; there must be"),
        (DIGITS.data, DIGITS.target + 1, "from 1 to 10; there must be one whole number"),
        (DIGITS.data, DIGITS.target / 1, "float64 of the shape (1797,); there must be"),
    ],
    ids=["pictures in rows and columns", "larger pictures", "a label too few", "from 1", "floats"],
)
def test_other_pictures_or_labels_get_one_sentence(said, capsys, images, labels, told):
    fit, others = reference.fit, (DIGITS.data, DIGITS.target)
    plots.gallery(images, labels)
    plots.mean_digits(images, labels)
    plots.rules_without_training(images, labels, *others)
    plots.history(fit, reference.forward, reference.loss, (images, labels), others)
    plots.trials(fit, reference.predict, reference.split, reference.standardize, images, labels)
    lines = capsys.readouterr().out.splitlines()
    assert not said and len(lines) == 5
    assert all(line.startswith("○ This") and told in line for line in lines)


def test_the_start_says_how_large_values_become(said):
    def small(sizes, rng):
        return {k: v / 4 for k, v in reference.init_params(sizes, rng).items()}

    X = np.random.default_rng(0).standard_normal((100, 64))
    plots.start_scales(reference.init_params, reference.forward, X)
    plots.start_scales(small, reference.forward, X)
    ends = [float(text.split("they end at ")[1].split()[0]) for text in said]
    assert 0.3 < ends[0] < 3 and ends[1] < 1e-4


def test_the_valley_says_where_each_walk_ends(said):
    def without_memory(params, gradients, velocity, rate, momentum):
        return {k: params[k] - rate * gradients[k] for k in params}, velocity

    plots.valley(reference.momentum_step)
    plots.valley(without_memory)
    values = [[float(part.split()[0].strip(",.")) for part in (
        text.split("momentum f is ")[1], text.split("momentum 0.7 it is ")[1]
    )] for text in said]  # fmt: skip
    assert values[0][1] < values[0][0] / 100
    assert values[1][0] == values[1][1]


def test_curves_and_spread_tell_their_numbers(said):
    losses = np.array([0.9, 0.4, 0.5, 0.6, 0.7])
    seen = plots.History([1, 2, 4, 8, 16], losses / 2, losses, 1 - losses / 4, 1 - losses / 2)
    plots.learning_curves(seen, reference.early_stopping, 2)
    assert "early stopping keeps epoch 2" in said[0]
    assert "from 0.900 to 0.700" in said[0] and "at 65.0 %" in said[0]
    confusion = 9 * np.eye(10, dtype=int)
    confusion[7, 2] = 3
    trials = plots.Trials([0.9, 0.92], [0.8, 0.9], confusion)
    plots.spread(trials)
    assert "one split, several seeds 91.00 ± 1.41 %" in said[1]
    plots.confusion_table(trials, reference.most_confused)
    assert "3 of 93 predictions lie off the diagonal" in said[2]
    assert "a 7 is taken for a 2" in said[2]


def test_nothing_is_trained_while_grading_or_before_fit_is_written(monkeypatch, capsys):
    def stub(*_, **__):
        raise NotImplementedError

    data = DIGITS.data, DIGITS.target
    assert plots.history(stub, reference.forward, reference.loss, data, data) is None
    assert plots.trials(stub, reference.predict, reference.split, reference.standardize, *data) is (
        None
    )
    assert capsys.readouterr().out.count("not written yet") == 2
    other_shapes = DIGITS.data[:, :60], DIGITS.target
    seen = plots.history(reference.fit, reference.forward, reference.loss, other_shapes, data)
    assert seen is None
    assert capsys.readouterr().out.startswith("○ This cannot be computed yet: ValueError: ")
    monkeypatch.setattr(style, "drawing", False)
    assert plots.history(stub, reference.forward, reference.loss, data, data) is None
    assert not capsys.readouterr().out


@given(st.integers(-2, 2), st.integers(-2, 2), st.integers(0, 7), st.integers(0, 7))
def test_a_moved_picture_keeps_what_stays_inside(rows, columns, row, column):
    dot = np.zeros((8, 8))
    dot[row, column] = 16
    moved = plots.shifted(dot.ravel(), rows, columns).reshape(8, 8)
    inside = 0 <= row + rows < 8 and 0 <= column + columns < 8
    assert moved.sum() == (16 if inside else 0)
    assert not inside or moved[row + rows, column + columns] == 16


def test_a_sketch_answers_buttons_and_is_a_still_picture_without_widgets(said, monkeypatch):
    def chances_of(pixels):
        chances = np.full(10, 0.01)
        chances[int(pixels.sum() // 8) % 10] = 0.91
        return chances

    plots.sketch(np.zeros(64), chances_of)
    assert len(said) == 1
    shown = []
    monkeypatch.setattr(style, "widgets_run", lambda: True)
    monkeypatch.setattr(style, "show_controls", lambda panel, names: shown.append(panel))
    plots.sketch(np.zeros(64), chances_of)
    *rows, actions = shown[0].children
    assert len(rows) == 8 and all(len(row.children) == 8 for row in rows)
    field = rows[3].children[4]
    for expected, most in (("ink 8", "1 with 0.91"), ("ink 16", "2 with 0.91"), ("ink 0", "0")):
        field.click()
        assert field.tooltip == f"row 4, column 5: {expected}"
        assert most in said[-1]
    field.click()
    next(b for b in actions.children if b.description == "→").click()
    assert rows[3].children[5].tooltip.endswith("ink 8") and field.tooltip.endswith("ink 0")

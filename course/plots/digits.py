"""The pictures of 09-digits, drawn with the functions the student wrote."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import numpy as np

from course.plots import style
from course.plots.style import Drawn, Function, new_figure, picture
from course.plots.themes import BLUE, GREEN, GREY, INK, ON_DARK, ON_LIGHT, RED, reds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAPER: dict[str, Any] = {"cmap": "Greys", "vmin": 0, "vmax": 16}
SIZES, SETTINGS = (64, 100, 10), {"batch_size": 32, "learning_rate": 0.05, "momentum": 0.9}
STRENGTH = 0.001


def _image(axes: Axes, pixels: np.ndarray, title: str = "", **options: Any) -> None:
    """Draw 64 numbers as a picture of eight by eight."""
    axes.imshow(np.reshape(pixels, (8, 8)), **(PAPER | options))
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(False)
    if title:
        axes.set_title(title, loc="center", fontsize=10.5)


def _mosaic(
    axes: Axes,
    rows: Sequence[Sequence[Any]] | np.ndarray,
    captions: Sequence[Sequence[str]] = (),
    **options: Any,
) -> None:
    """Draw rows of pictures of 64 pixels in one image, each with a caption above where there is
    one."""
    across, gap = max(map(len, rows)), 2 if not captions else 4
    sheet = np.full((len(rows) * (8 + gap), across * 10), np.nan)
    for row, pictures in enumerate(rows):
        for column, pixels in enumerate(pictures):
            top, left = row * (8 + gap) + gap, 10 * column + 1
            sheet[top : top + 8, left : left + 8] = np.reshape(pixels, (8, 8))
            if captions:
                axes.text(left + 3.5, top - 1.2, captions[row][column], ha="center", fontsize=10.5)
    axes.imshow(sheet, **(PAPER | options))
    axes.axis("off")


def _probabilities(a: np.ndarray) -> np.ndarray:
    a = np.asarray(a, dtype=float)
    e = np.exp(a - a.max(axis=1, keepdims=True))
    chances: np.ndarray = e / e.sum(axis=1, keepdims=True)
    return chances


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _quietly(compute: Function) -> Function:
    """Make a function that trains with the student's functions and says in one sentence why not.

    While pictures are left out nothing is computed: like these, it is for the one who learns.
    """

    @wraps(compute)
    def computed(*args: Any, **kwargs: Any) -> Any:
        if not style.drawing:
            return None
        try:
            return compute(*args, **kwargs)
        except NotImplementedError:
            print("○ This needs a function you have not written yet: come back to it.")
        except Exception as error:
            print(f"○ This cannot be computed yet: {type(error).__name__}: {error}.")

    return computed


def _expect_digits(images: np.ndarray, labels: np.ndarray) -> None:
    """Raise a ValueError that says what is wrong where these are no pictures with their labels."""
    shape, classes = np.shape(images), np.asarray(labels)
    if len(shape) != 2 or shape[1] != 64:
        raise ValueError(
            f"the pictures have the shape {shape}; they must be rows of 64 pixels, (N, 64), as in "
            "load_digits().data"
        )
    whole = np.issubdtype(classes.dtype, np.integer)
    if classes.shape != shape[:1] or not whole or not np.isin(classes, range(10)).all():
        found = f"{classes.dtype} of the shape {classes.shape}"
        if whole and classes.size:
            found += f", from {classes.min()} to {classes.max()}"
        raise ValueError(
            f"the labels are {found}; there must be one whole number from 0 to 9 for each of the "
            f"{shape[0]} pictures, as in load_digits().target"
        )


# Looking at the data


@picture
def gallery(images: np.ndarray, labels: np.ndarray, rows: int = 3) -> Drawn:
    """Draw the first examples of every digit.

    images, labels  (N, 64) pixels from 0 to 16, and (N,) digits
    """
    _expect_digits(images, labels)
    figure, axes = new_figure(width=8.6, height=0.9 * rows)
    examples = [np.flatnonzero(labels == digit)[:rows] for digit in range(10)]
    _mosaic(axes, [[images[own[row]] for own in examples] for row in range(rows)])
    return figure, (
        f"{rows} handwritten examples of each digit from 0 to 9, eight by eight pixels in shades "
        "of grey."
    )


@picture
def mean_digits(images: np.ndarray, labels: np.ndarray, pairs: int = 5) -> Drawn:
    """Draw the mean of every digit, and the nearest pairs of examples with different labels.

    images, labels  (N, 64) pixels from 0 to 16, and (N,) digits
    """
    _expect_digits(images, labels)
    figure, axes = new_figure(width=8.6, height=2.3)
    means = [images[labels == digit].mean(axis=0) for digit in range(10)]
    hard = [index for pair in _nearest_pairs(images, labels, pairs) for index in pair]
    captions = [list("0123456789"), [f"{labels[index]}" for index in hard]]
    _mosaic(axes, [means, [images[index] for index in hard]], captions)
    words = ", ".join(
        f"{one} and {other}" for one, other in zip(captions[1][::2], captions[1][1::2])
    )
    return figure, (
        "Upper row: the mean picture of each digit from 0 to 9. Lower row: "
        f"the nearest pairs of examples with different labels, which are {words}."
    )


def _nearest_pairs(images: np.ndarray, labels: np.ndarray, count: int) -> list[tuple[int, int]]:
    """Return the indices of the nearest examples of two digits, for the `count` nearest pairs of
    digits."""
    squares = (images**2).sum(axis=1)
    distances = squares[:, None] + squares[None, :] - 2 * images @ images.T
    distances[labels[:, None] >= labels[None, :]] = np.inf
    found, seen = [], set()
    for index in np.argsort(distances, axis=None)[:5000]:
        one, other = np.unravel_index(index, distances.shape)
        pair = (labels[one], labels[other])
        if pair not in seen:
            seen.add(pair)
            found.append((int(one), int(other)))
        if len(found) == count:
            break
    return found


@_quietly
def rules_without_training(
    X: np.ndarray, labels: np.ndarray, X_test: np.ndarray, labels_test: np.ndarray
) -> None:
    """Say how often two rules that learn nothing are right on the test.

    X, labels            (N, 64) pixels and (N,) digits
    X_test, labels_test  the same of the test
    """
    _expect_digits(X, labels)
    _expect_digits(X_test, labels_test)
    means = np.array([X[labels == digit].mean(axis=0) for digit in range(10)])
    nearest_mean = ((X_test[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    squares = (X_test**2).sum(axis=1)[:, None] + (X**2).sum(axis=1) - 2 * X_test @ X.T
    for name, predictions in (
        ("the digit whose mean is nearest", nearest_mean),
        ("the label of the nearest example", labels[squares.argmin(axis=1)]),
    ):
        right = int((predictions == labels_test).sum())
        share = _percent(right / len(labels_test))
        print(f"{name}: {right} of {len(labels_test)} right, {share}")


# The start, the gradient, the step


@picture
def start_scales(
    init_params: Function, forward: Function, X: np.ndarray, layers: int = 10
) -> Drawn:
    """Draw the size of hidden values by layer, for the start and for starts of other sizes.

    X  (N, 64)
    """
    figure, axes = new_figure(width=7.6, height=3.6)
    sizes = (X.shape[1], *[100] * layers, 10)
    params = init_params(sizes, np.random.default_rng(0))
    ends = []
    kinds = ((2.0, RED, "^:", "twice"), (1.0, BLUE, "o-", "once"), (0.5, GREEN, "s--", "half"))
    for factor, color, line, name in kinds:
        scaled = {k: np.asarray(v) * (factor if k[0] == "W" else 1) for k, v in params.items()}
        cache = forward(X, scaled)
        sizes_by_layer = [np.sqrt(np.mean(np.square(X)))]
        for layer in range(1, layers + 1):
            sizes_by_layer.append(np.sqrt(np.mean(np.square(cache[f"h{layer}"]))))
        label = {"twice": "twice your weights", "once": "your weights", "half": "half of them"}
        axes.semilogy(range(layers + 1), sizes_by_layer, line, color=color, label=label[name])
        ends.append(sizes_by_layer[-1])
    axes.set(xlabel="layer", ylabel="size of its values", xticks=range(0, layers + 1, 2))
    axes.set_title(f"A network of {layers} hidden layers at its start")
    axes.legend(loc="upper left")
    return figure, (
        "The root mean square of the values of each hidden layer, on a logarithmic scale. With "
        f"the start as it is they end at {ends[1]:.2g} after {layers} layers; with twice the "
        f"weights at {ends[0]:.2g}, with half of them at {ends[2]:.2g}."
    )


@picture
def gradient_check(
    X: np.ndarray,
    labels: np.ndarray,
    init_params: Function,
    forward: Function,
    loss: Function,
    backward: Function,
) -> Drawn:
    """Draw the gradients of a network with three layers beside central differences.

    X, labels  (N, 64) and (N,)
    """
    sizes, strength, step = (X.shape[1], 12, 8, 10), 0.01, 1e-5
    rng = np.random.default_rng(3)
    params = {k: np.array(v, dtype=float) for k, v in init_params(sizes, rng).items()}
    for name in params:
        if name[0] == "b":
            params[name] += rng.normal(0, 0.3, params[name].shape)
    gradients = backward(X, labels, params, forward(X, params), strength)

    def cost(name: str, value: np.ndarray) -> float:
        moved = params | {name: value}
        return float(loss(forward(X, moved)["a"], labels, moved, strength))

    figure, axes = new_figure(width=7.6, height=3.3)
    worst = []
    for place, (name, value) in enumerate(params.items()):
        gradient = np.asarray(gradients[name])
        if gradient.shape != value.shape:
            raise ValueError(
                f"the gradient of {name} has shape {gradient.shape}, and {name} has {value.shape}"
            )
        found = []
        for _ in range(12):
            index = tuple(rng.integers(0, value.shape))
            above, below = value.copy(), value.copy()
            above[index] += step
            below[index] -= step
            quotient = (cost(name, above) - cost(name, below)) / (2 * step)
            found.append(abs(quotient - gradient[index]) / np.abs(gradient).max())
        worst.append(max(found))
        shown = np.maximum(found, 1e-14)
        right = worst[-1] < 1e-6
        axes.semilogy(
            np.full(12, place) + np.linspace(-0.25, 0.25, 12), shown,
            "o" if right else "x", color=BLUE if right else RED, markersize=5,
        )  # fmt: skip
    axes.axhline(1e-6, color=INK, linestyle="--", linewidth=1.2)
    axes.text(len(params) - 0.45, 1.4e-6, "right below this line", ha="right", fontsize=9.5)
    axes.set_xticks(range(len(params)), list(params))
    axes.set(ylabel="relative difference", ylim=(5e-15, 10))
    off = [name for name, value in zip(params, worst) if value >= 1e-6]
    verdict = f"off: {', '.join(off)}" if off else "all agree"
    axes.set_title(f"backward beside central differences: {verdict}")
    return figure, (
        "For each parameter of a network with three layers, the relative difference between "
        f"backward and central differences at twelve entries. The largest is {max(worst):.0e}; "
        + (f"not below 1e-6 are {', '.join(off)}." if off else "all lie below 1e-6.")
    )


@picture
def valley(momentum_step: Function, steps: int = 40, rate: float = 0.03) -> Drawn:
    """Draw two walks down a narrow valley, without and with momentum."""
    figure, axes = new_figure(width=8.4, height=3.3)
    x, y = np.meshgrid(np.linspace(-10, 4, 141), np.linspace(-2.6, 2.6, 105))
    levels = [0.25, 1, 3, 8, 18, 35, 60, 100]
    axes.contour(x, y, (x**2 + 40 * y**2) / 2, levels=levels, colors=GREY, linewidths=0.8)
    ends = []
    for momentum, color, line in ((0.0, RED, "s--"), (0.7, BLUE, "o-")):
        params = {"x": np.array(-9.0), "y": np.array(2.0)}
        velocity = {"x": np.array(0.0), "y": np.array(0.0)}
        path = [(-9.0, 2.0)]
        for _ in range(steps):
            slopes = {"x": params["x"], "y": 40 * params["y"]}
            params, velocity = momentum_step(params, slopes, velocity, rate, momentum)
            path.append((float(params["x"]), float(params["y"])))
        end = (path[-1][0] ** 2 + 40 * path[-1][1] ** 2) / 2
        ends.append(end)
        axes.plot(
            *np.transpose(path), line, color=color, markersize=3.5, linewidth=1.3,
            label=f"momentum {momentum:g}: f = {end:.2g} after {steps} steps",
        )  # fmt: skip
    axes.plot(0, 0, "*", color=INK, markersize=11)
    axes.set(xlabel="x", ylabel="y", title="f = (x² + 40 y²) / 2, from the point (−9, 2)")
    axes.legend(loc="lower right")
    return figure, (
        f"Two walks of {steps} steps down a valley that is forty times as steep across as along. "
        f"Without momentum f is {ends[0]:.2g} at the end, with momentum 0.7 it is {ends[1]:.2g}."
    )


# Training


@dataclass
class History:
    """What training looked like after some numbers of epochs, on training and other examples."""

    epochs: list[int]
    losses: np.ndarray
    other_losses: np.ndarray
    accuracies: np.ndarray
    other_accuracies: np.ndarray


@_quietly
def history(
    fit: Function,
    forward: Function,
    loss: Function,
    training: tuple[Any, ...],
    others: tuple[Any, ...],
    epochs: Sequence[int] = (*range(1, 11), 12, 15, 20, 30, 40),
    strength: float = STRENGTH,
    seed: int = 0,
) -> History:
    """Train with the same seed for each number of epochs and look at what came out.

    Equal seeds give equal beginnings, so these are the states of one and the same training.
    """
    _expect_digits(*training)
    _expect_digits(*others)
    rows = []
    for count in epochs:
        rng = np.random.default_rng(seed)
        params = fit(*training, SIZES, count, **SETTINGS, strength=strength, rng=rng)
        row = []
        for X, labels in (training, others):
            a = np.asarray(forward(X, params)["a"])
            row += [float(loss(a, labels, params, 0.0)), float((a.argmax(1) == labels).mean())]
        rows.append(row)
    table = np.array(rows)
    return History(list(epochs), table[:, 0], table[:, 2], table[:, 1], table[:, 3])


def _needs(value: Any) -> Any:
    if value is None:
        raise ValueError("the training that it shows has no result yet")
    return value


@picture
def learning_curves(seen: History | None, early_stopping: Function, patience: int = 5) -> Drawn:
    """Draw loss and accuracy by epoch, with the epoch that early stopping keeps."""
    seen = _needs(seen)
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.5)
    best = int(early_stopping(seen.other_losses, patience))
    left.semilogy(seen.epochs, seen.losses, "o--", color=RED, markersize=4, label="training")
    left.semilogy(
        seen.epochs, seen.other_losses, "o-", color=BLUE, markersize=4, label="validation"
    )
    left.plot(seen.epochs[best], seen.other_losses[best], "D", color=INK, markersize=8)
    left.annotate(
        f"kept: epoch {seen.epochs[best]}", (seen.epochs[best], seen.other_losses[best]),
        xytext=(0, 14), textcoords="offset points", ha="center", fontsize=9.5,
    )  # fmt: skip
    left.set(xlabel="epoch", ylabel="cross-entropy, nats", title="Loss")
    left.legend(loc="upper right")
    right.plot(seen.epochs, seen.accuracies, "o--", color=RED, markersize=4, label="training")
    right.plot(seen.epochs, seen.other_accuracies, "o-", color=BLUE, markersize=4)
    right.set(xlabel="epoch", ylabel="share of right answers", title="Accuracy")
    return figure, (
        f"Left, on a logarithmic scale: from epoch 1 to {seen.epochs[-1]} the training loss goes "
        f"from {seen.losses[0]:.3f} to {seen.losses[-1]:.3f} and the validation loss from "
        f"{seen.other_losses[0]:.3f} to {seen.other_losses[-1]:.3f}; early stopping keeps epoch "
        f"{seen.epochs[best]}. Right: the training accuracy ends at "
        f"{_percent(seen.accuracies[-1])}, the validation accuracy at "
        f"{_percent(seen.other_accuracies[-1])}."
    )


@dataclass
class Trials:
    """Several trainings: test accuracies by seed and by split, and the confusions of the splits."""

    by_seed: list[float]
    by_split: list[float]
    confusion: np.ndarray


@_quietly
def trials(
    fit: Function,
    predict: Function,
    split: Function,
    standardize: Function,
    images: np.ndarray,
    labels: np.ndarray,
    runs: int = 5,
    epochs: int = 20,
) -> Trials:
    """Train with several seeds on one split, and with one seed on several splits.

    images, labels  (N, 64) pixels from 0 to 16, and (N,) digits
    """
    _expect_digits(images, labels)

    def one(split_seed: int, fit_seed: int) -> np.ndarray:
        train, test = split(len(images), 0.2, np.random.default_rng(split_seed))
        X, X_test = standardize(images[train], images[test])
        rng = np.random.default_rng(fit_seed)
        params = fit(X, labels[train], SIZES, epochs, **SETTINGS, strength=STRENGTH, rng=rng)
        confusion = np.zeros((10, 10), dtype=int)
        np.add.at(confusion, (labels[test], np.asarray(predict(X_test, params))), 1)
        return confusion

    tables = [one(0, seed) for seed in range(runs)], [one(seed, 0) for seed in range(runs)]
    by_seed, by_split = ([float(np.trace(t) / t.sum()) for t in row] for row in tables)
    return Trials(by_seed, by_split, np.sum(tables[1], axis=0))


@picture
def spread(seen: Trials | None) -> Drawn:
    """Draw accuracy for several seeds of training, and for several splits."""
    seen = _needs(seen)
    figure, axes = new_figure(width=8.2, height=2.7)
    rows = (
        ("one split,\nseveral seeds", seen.by_seed, BLUE, "o"),
        ("several splits,\none seed", seen.by_split, RED, "s"),
    )
    words = []
    for place, (name, values, color, marker) in enumerate(rows):
        heights = 1 - place + np.linspace(-0.15, 0.15, len(values))
        axes.plot(values, heights, marker, color=color, markersize=8)
        mean, deviation = np.mean(values), np.std(values, ddof=1)
        axes.plot([mean, mean], [0.7 - place, 1.3 - place], color=INK, linewidth=1.5)
        summary = f"{100 * mean:.2f} ± {100 * deviation:.2f} %"
        axes.text(mean, 1.36 - place, summary, ha="center", fontsize=9.5)
        words.append(f"{name.replace(chr(10), ' ')} {summary}")
    axes.set_yticks([1, 0], [rows[0][0], rows[1][0]])
    axes.set(xlabel="share of right answers on the test", ylim=(-0.45, 1.65))
    return figure, (
        f"Test accuracies of {len(seen.by_seed)} trainings each as dots, with mean and standard "
        f"deviation: {words[0]}; {words[1]}."
    )


# What went wrong, and what was learnt


@picture
def confusion_table(seen: Trials | None, most_confused: Function) -> Drawn:
    """Draw the table of true and predicted digits of all splits together."""
    confusion = _needs(seen).confusion
    figure, axes = new_figure(width=5.4, height=4.6)
    errors = np.where(np.eye(10, dtype=bool), 0, confusion)
    axes.imshow(errors, cmap=reds(), vmin=0, vmax=max(2, errors.max()))
    for true in range(10):
        for predicted in range(10):
            count = confusion[true, predicted]
            if count:
                axes.text(
                    predicted, true, f"{count}", ha="center", va="center", color=INK,
                    fontweight="normal" if true == predicted else "bold", fontsize=10,
                )  # fmt: skip
    axes.set(xticks=range(10), yticks=range(10), xlabel="predicted", ylabel="true")
    axes.grid(False)
    pair = tuple(int(i) for i in most_confused(confusion))
    wrong, total = int(errors.sum()), int(confusion.sum())
    axes.set_title(f"{wrong} of {total} wrong; most often {pair[0]} taken for {pair[1]}")
    return figure, (
        f"A table of ten by ten counts, rows the true and columns the predicted digit. {wrong} of "
        f"{total} predictions lie off the diagonal; most often, {confusion[pair]} times, a "
        f"{pair[0]} is taken for a {pair[1]}."
    )


@picture
def wrong_digits(
    images: np.ndarray,
    X: np.ndarray,
    labels: np.ndarray,
    params: dict[str, np.ndarray],
    forward: Function,
    most: int = 8,
) -> Drawn:
    """Draw the digits that were mistaken, with the three largest probabilities of each.

    images     (N, 64) pixels as they were
    X, labels  (N, 64) pixels as the network takes them, and (N,) digits
    """
    _expect_digits(X, labels)
    chances = _probabilities(forward(X, params)["a"])
    wrong = np.flatnonzero(chances.argmax(axis=1) != labels)[:most]
    if not len(wrong):
        raise ValueError("there is no wrong digit to show")
    figure, axes = new_figure(2, len(wrong), width=1.25 * len(wrong) + 0.6, height=2.9)
    axes = np.reshape(axes, (2, len(wrong)))
    words = []
    for place, index in enumerate(wrong):
        _image(axes[0, place], images[index], f"a {labels[index]}")
        top = np.argsort(-chances[index])[:3]
        bars = axes[1, place]
        colors = [GREEN if digit == labels[index] else GREY for digit in top]
        bars.barh(range(3), chances[index, top], color=colors)
        bars.set(yticks=range(3), xlim=(0, 1), ylim=(2.5, -0.5), xticks=[0, 1])
        bars.set_yticklabels([f"{d}{' ✓' if d == labels[index] else ''}" for d in top])
        words.append(f"a {labels[index]} called {top[0]} with {chances[index, top[0]]:.2f}")
    return figure, (
        "Mistaken digits with their three most probable classes as bars, the true one marked: "
        + "; ".join(words)
        + "."
    )


@picture
def first_weights(params: dict[str, np.ndarray], rows: int = 3, columns: int = 10) -> Drawn:
    """Show what the strongest hidden units look for, as pictures of eight by eight.

    params  of a network with one hidden layer: "W1" (64, d), "W2" (d, 10)
    """
    W1, W2 = np.asarray(params["W1"]), np.asarray(params["W2"])
    strongest = np.argsort(-np.linalg.norm(W2, axis=1))[: rows * columns]
    figure, axes = new_figure(width=8.6, height=0.9 * rows + 0.3)
    limit = float(np.abs(W1[:, strongest]).max())
    units = W1[:, strongest].T.reshape(rows, columns, 64)
    _mosaic(axes, units, cmap="PuOr", vmin=-limit, vmax=limit)
    axes.set_title("orange: ink there lowers the score; purple: it raises it", fontsize=10.5)
    return figure, (
        f"The weights of {len(strongest)} hidden units as pictures of eight by eight, between "
        f"{W1[:, strongest].min():.2f} and {W1[:, strongest].max():.2f}; "
        f"{np.mean(W1[:, strongest] > 0):.0%} of them are positive."
    )


# The landscape


def _flat(params: dict[str, np.ndarray]) -> np.ndarray:
    return np.concatenate([np.ravel(value) for value in params.values()])


def _unflat(theta: np.ndarray, like: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    params, start = {}, 0
    for name, value in like.items():
        size = np.size(value)
        params[name] = theta[start : start + size].reshape(np.shape(value))
        start += size
    return params


@picture
def landscape(
    loss_slice: Function,
    fit: Function,
    init_params: Function,
    forward: Function,
    loss: Function,
    X: np.ndarray,
    labels: np.ndarray,
    looks: Sequence[int] = (1, 2, 3, 5, 8, 13, 20),
) -> Drawn:
    """Draw the loss in the plane of three trained networks, their paths, and the line between
    two.

    X, labels  (N, 64) and (N,)
    """
    _expect_digits(X, labels)
    X, labels = X[:400], labels[:400]
    starts = [init_params(SIZES, np.random.default_rng(seed)) for seed in range(3)]

    def f(theta: np.ndarray) -> float:
        params = _unflat(theta, starts[0])
        return float(loss(forward(X, params)["a"], labels, params, STRENGTH))

    paths = []
    for seed in range(3):
        path = [_flat(starts[seed])]
        for epochs in looks:
            rng = np.random.default_rng(seed)
            path.append(
                _flat(fit(X, labels, SIZES, epochs, **SETTINGS, strength=STRENGTH, rng=rng))
            )
        paths.append(np.array(path))
    ends = [path[-1] for path in paths]
    middle = np.mean(ends, axis=0)
    first = (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
    second = ends[2] - ends[0] - ((ends[2] - ends[0]) @ first) * first
    second /= np.linalg.norm(second)
    flat_paths = [np.stack([(p - middle) @ first, (p - middle) @ second], axis=1) for p in paths]
    reach = 1.25 * max(np.abs(path).max() for path in flat_paths)
    side = np.linspace(-reach, reach, 25)
    surface = np.array([loss_slice(f, middle + t * second, first, side) for t in side])
    figure, (left, right) = new_figure(1, 2, width=9.6, height=3.9)
    image = left.contourf(side, side, np.log10(surface), levels=14, cmap="cividis")
    figure.colorbar(image, ax=left, label="log₁₀ of the loss", shrink=0.85)
    for number, (flat, marker) in enumerate(zip(flat_paths, "o^s")):
        left.plot(*flat.T, marker + "-", color=ON_DARK, markeredgecolor=ON_LIGHT, markersize=5)
        left.annotate(
            f"seed {number}", flat[-1], xytext=(6, 6), textcoords="offset points",
            color=ON_DARK, fontsize=9.5,
        )  # fmt: skip
    left.set(title="The plane of three ends", aspect="equal", xticks=[], yticks=[])
    left.grid(False)
    steps = np.linspace(-0.25, 1.25, 46)
    along = np.asarray(loss_slice(f, ends[0], ends[1] - ends[0], steps))
    right.plot(steps, along, color=BLUE)
    for t, name in ((0, "seed 0"), (1, "seed 1")):
        value = f(ends[0] + t * (ends[1] - ends[0]))
        right.plot(t, value, "D", color=INK, markersize=7)
        right.annotate(name, (t, value), xytext=(0, -16), textcoords="offset points", ha="center")
    right.set(xlabel="t", ylabel="loss", title="The straight line from one end to another")
    right.set_ylim(0, 1.15 * along.max())
    between = float(along[(steps > 0) & (steps < 1)].max())
    values = [f(end) for end in ends]
    walked = np.mean([np.linalg.norm(path[-1] - path[0]) for path in paths])
    apart = np.mean([np.linalg.norm(ends[i] - ends[i - 1]) for i in range(3)])
    return figure, (
        "Left: the loss with its penalty in the plane through the ends of three trainings, dark "
        "where it is low. The three ends have the losses "
        f"{values[0]:.3f}, {values[1]:.3f} and {values[2]:.3f}; from start to end it is "
        f"{walked:.1f} on average, from end to end {apart:.1f}. Right: on the straight line from "
        f"the end of seed 0 to that of seed 1 the largest loss in between is {between:.2f}."
    )


# Sure and wrong


@picture
def overfitting(
    fit: Function,
    forward: Function,
    loss: Function,
    early_stopping: Function,
    X: np.ndarray,
    labels: np.ndarray,
    others: tuple[np.ndarray, np.ndarray],
    looks: Sequence[int] = (1, 2, 3, 4, 6, 8, 11, 15, 20, 30, 45, 60, 90, 120, 150),
    count: int = 300,
) -> Drawn:
    """Draw accuracy and cross-entropy on validation when a tenth of few labels is wrong.

    X, labels  (N, 64) and (N,)
    others     such a pair, of the validation
    """
    _expect_digits(X, labels)
    rng = np.random.default_rng(0)
    mislabelled = labels[:count].copy()
    off = rng.random(count) < 0.1
    mislabelled[off] = (mislabelled[off] + rng.integers(1, 10, off.sum())) % 10
    seen = inspect.unwrap(history)(
        fit, forward, loss, (X[:count], mislabelled), others, looks, strength=0.0
    )
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.4)
    best = int(early_stopping(seen.other_losses, 3))
    for axes, training, validation, name in (
        (left, seen.losses, seen.other_losses, "Cross-entropy, nats"),
        (right, seen.accuracies, seen.other_accuracies, "Accuracy"),
    ):
        axes.semilogx(looks, training, "o--", color=RED, markersize=4, label="training")
        axes.semilogx(looks, validation, "o-", color=BLUE, markersize=4, label="validation")
        axes.axvline(looks[best], color=INK, linestyle=":", linewidth=1.3)
        axes.set(xlabel="epoch", title=name)
        axes.set_xticks([1, 10, 100], ["1", "10", "100"])
    left.legend(loc="upper right")
    return figure, (
        f"Training on {count} digits of which {int(off.sum())} have a wrong label, without a "
        f"penalty. The validation loss is lowest at {seen.other_losses.min():.3f} and ends at "
        f"{seen.other_losses[-1]:.3f} while the training loss ends at {seen.losses[-1]:.3f}; the "
        f"validation accuracy is {_percent(seen.other_accuracies[best])} where early stopping "
        f"would stop, after epoch {looks[best]}, and {_percent(seen.other_accuracies[-1])} at the "
        "end."
    )


# Second opinions


@_quietly
def depths(
    fit: Function,
    predict: Function,
    split: Function,
    standardize: Function,
    images: np.ndarray,
    labels: np.ndarray,
    networks: Sequence[tuple[int, ...]] = ((64, 10), (64, 100, 10), (64, 100, 100, 10)),
    runs: int = 5,
    epochs: int = 15,
) -> None:
    """Say how well networks of several depths do on validation, over several splits.

    images, labels  (N, 64) pixels from 0 to 16, and (N,) digits
    """
    _expect_digits(images, labels)
    for sizes in networks:
        shares = []
        for seed in range(runs):
            rows, others = split(len(images), 0.2, np.random.default_rng(seed))
            X, X_other = standardize(images[rows], images[others])
            rng = np.random.default_rng(seed)
            params = fit(X, labels[rows], sizes, epochs, **SETTINGS, strength=STRENGTH, rng=rng)
            shares.append(np.mean(np.asarray(predict(X_other, params)) == labels[others]))
        mean, deviation = 100 * np.mean(shares), 100 * np.std(shares, ddof=1)
        print(f"{sizes!s:18} validation accuracy {mean:.1f} ± {deviation:.1f} %")


@_quietly
def second_opinions(
    fit: Function,
    init_params: Function,
    minibatches: Function,
    forward: Function,
    loss: Function,
    X: np.ndarray,
    labels: np.ndarray,
    X_test: np.ndarray,
    labels_test: np.ndarray,
    epochs: int = 30,
) -> None:
    """Train the same network here, with PyTorch and with scikit-learn, and print what came out.

    X, labels            (N, 64) pixels and (N,) digits
    X_test, labels_test  the same of the test
    """
    _expect_digits(X, labels)
    _expect_digits(X_test, labels_test)
    rng = np.random.default_rng(0)
    own = fit(X, labels, SIZES, epochs, **SETTINGS, strength=STRENGTH, rng=rng)
    chances = {"your network": _probabilities(forward(X_test, own)["a"])}
    rng = np.random.default_rng(0)
    params = init_params(SIZES, rng)
    batches = [minibatches(len(X), SETTINGS["batch_size"], rng) for _ in range(epochs)]
    theirs = _trained_by_torch(params, batches, X, labels)
    chances["PyTorch"] = _probabilities(forward(X_test, theirs)["a"])
    chances["scikit-learn"] = _trained_by_sklearn(X, labels, epochs).predict_proba(X_test)
    for name, chance in chances.items():
        right = int((chance.argmax(axis=1) == labels_test).sum())
        surprise = -np.log(chance[np.arange(len(chance)), labels_test]).mean()
        print(f"{name:13} {right} of {len(labels_test)} right, cross-entropy {surprise:.4f} nats")
    largest = max(np.abs(np.asarray(own[name]) - theirs[name]).max() for name in theirs)
    print(f"largest difference between your parameters and PyTorch's: {largest:.0e}")


def _trained_by_torch(
    params: dict[str, np.ndarray],
    batches: list[list[np.ndarray]],
    X: np.ndarray,
    labels: np.ndarray,
) -> dict[str, np.ndarray]:
    import torch

    theta = {k: torch.tensor(np.asarray(v), requires_grad=True) for k, v in params.items()}
    optimizer = torch.optim.SGD(
        theta.values(), lr=SETTINGS["learning_rate"], momentum=SETTINGS["momentum"]
    )
    inputs, classes = torch.tensor(X), torch.tensor(labels)
    for batch in (torch.as_tensor(np.asarray(b)) for epoch in batches for b in epoch):
        hidden = torch.relu(inputs[batch] @ theta["W1"] + theta["b1"])
        scores = hidden @ theta["W2"] + theta["b2"]
        cost = torch.nn.functional.cross_entropy(scores, classes[batch])
        cost = cost + STRENGTH * sum((theta[name] ** 2).sum() for name in ("W1", "W2"))
        optimizer.zero_grad()
        torch.autograd.backward(cost)
        optimizer.step()
    return {name: value.detach().numpy() for name, value in theta.items()}


def _trained_by_sklearn(X: np.ndarray, labels: np.ndarray, epochs: int) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    # Its penalty is alpha / 2 times the sum of squares, divided by the size of the batch.
    model = MLPClassifier(
        hidden_layer_sizes=(100,), solver="sgd", nesterovs_momentum=False, max_iter=epochs,
        batch_size=SETTINGS["batch_size"], learning_rate_init=SETTINGS["learning_rate"],
        momentum=SETTINGS["momentum"], alpha=2 * STRENGTH * SETTINGS["batch_size"], random_state=0,
    )  # fmt: skip
    with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):
        return model.fit(X, labels)


# A digit of one's own


SHIFTS = {"as it is": (0, 0), "one left": (0, -1), "one right": (0, 1), "one up": (-1, 0)}
SHIFTS |= {"one down": (1, 0)}


def shifted(pixels: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Return a picture of 64 pixels moved by whole pixels; what leaves it is lost, what enters is
    0.

    pixels  (64,)
    """
    moved = np.zeros((8, 8))
    old = np.reshape(pixels, (8, 8))
    source = old[max(-rows, 0) : 8 - max(rows, 0), max(-columns, 0) : 8 - max(columns, 0)]
    moved[max(rows, 0) : 8 - max(-rows, 0), max(columns, 0) : 8 - max(-columns, 0)] = source
    return moved.ravel()


@picture
def moved_digit(pixels: np.ndarray, chances_of: Function) -> Drawn:
    """Draw one digit, moved by one pixel in each direction, and what the network thinks of it.

    pixels  (64,)
    """
    figure, axes = new_figure(2, len(SHIFTS), width=9.0, height=3.3)
    words = []
    for place, (name, (rows, columns)) in enumerate(SHIFTS.items()):
        moved = shifted(pixels, rows, columns)
        chances = np.asarray(chances_of(moved))
        _image(axes[0, place], moved, name)
        _bars(axes[1, place], chances)
        words.append(f"{name}: {chances.argmax()} with {chances.max():.2f}")
    return figure, (
        "The same digit in five places, with the probabilities of the ten digits below. The most "
        "probable ones are, " + "; ".join(words) + "."
    )


def _bars(axes: Axes, chances: np.ndarray) -> None:
    best = int(np.argmax(chances))
    axes.bar(range(10), chances, color=[BLUE if digit == best else GREY for digit in range(10)])
    axes.set(xticks=range(10), ylim=(0, 1.12), yticks=[0, 1])
    axes.text(best, chances[best] + 0.03, f"{chances[best]:.2f}", ha="center", fontsize=9.5)
    axes.grid(False)


@picture
def one_digit(pixels: np.ndarray, chances_of: Function) -> Drawn:
    """Draw a digit and the probabilities of the ten classes.

    pixels  (64,)
    """
    chances = np.asarray(chances_of(np.asarray(pixels, dtype=float)))
    figure, (left, right) = new_figure(1, 2, width=6.4, height=2.3, width_ratios=(1, 2.3))
    # A fixed layout is drawn in half the time, and this picture moves.
    figure.set_layout_engine("none")
    left.set_position((0.02, 0.08, 0.3, 0.86))
    right.set_position((0.44, 0.22, 0.54, 0.74))
    _image(left, pixels)
    _bars(right, chances)
    right.set(xlabel="digit", ylabel="probability")
    order = np.argsort(-chances)[:3]
    words = ", ".join(f"{digit} with {chances[digit]:.2f}" for digit in order)
    return figure, f"A drawn digit, and its most probable classes: {words}."


# Ink and the colour of a field, as in the pictures, in every theme.
INKS = {0: "#ffffff", 8: "#969696", 16: "#000000"}


def sketch(start: np.ndarray, chances_of: Function) -> None:
    """Draw a digit with mouse or keyboard and watch the probabilities.

    Each of the 64 fields is a button: a click, or the space bar, makes it darker, and white again
    after black. Where no widget can run, a still picture of `start` is shown.

    start  (64,) pixels
    """
    if not style.drawing or not style.widgets_run():
        one_digit(start, chances_of)
        return
    import ipywidgets

    drawn = np.array(start, dtype=float)
    stage = style.Stage()
    narrow = {"width": "30px", "height": "28px", "margin": "1px", "border": "1px solid #767676"}
    # One layout and three styles for all fields: each is a part of a saved notebook.
    layout = ipywidgets.Layout(**narrow)
    looks = {ink: ipywidgets.ButtonStyle(button_color=color) for ink, color in INKS.items()}
    fields = [ipywidgets.Button(layout=layout, style=looks[0]) for _ in range(64)]

    def nearest(ink: float) -> int:
        return min(INKS, key=lambda known: abs(known - ink))

    def label(place: int) -> None:
        fields[place].style = looks[nearest(drawn[place])]
        row, column = divmod(place, 8)
        fields[place].tooltip = f"row {row + 1}, column {column + 1}: ink {drawn[place]:.0f}"

    def redraw() -> None:
        stage.show(lambda: one_digit(drawn, chances_of))

    def press(place: int) -> None:
        drawn[place] = (nearest(drawn[place]) + 8) % 24
        label(place)
        redraw()

    def change(pixels: np.ndarray) -> None:
        drawn[:] = pixels
        for place in range(64):
            label(place)
        redraw()

    for place, field in enumerate(fields):
        label(place)
        field.on_click(lambda _, place=place: press(place))
    actions = {
        "white sheet": lambda: np.zeros(64),
        "start again": lambda: np.array(start, dtype=float),
        "←": lambda: shifted(drawn, 0, -1),
        "→": lambda: shifted(drawn, 0, 1),
        "↑": lambda: shifted(drawn, -1, 0),
        "↓": lambda: shifted(drawn, 1, 0),
    }
    buttons = []
    for name, action in actions.items():
        wide = {"width": "104px" if len(name) > 1 else "40px"}
        button = ipywidgets.Button(description=name, layout=wide)
        button.on_click(lambda _, action=action: change(action()))
        buttons.append(button)
    rows = [ipywidgets.HBox(fields[8 * row : 8 * row + 8]) for row in range(8)]
    panel = ipywidgets.VBox([*rows, ipywidgets.HBox(buttons)])
    style.show_controls(panel, "64 fields to draw on, " + ", ".join(actions))
    redraw()

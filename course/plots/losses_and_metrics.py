"""The pictures of 07-losses-and-metrics, drawn with the functions the student wrote."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from course.plots.style import Drawn, Function, new_figure, picture, slider, text_ground
from course.plots.themes import BLUE, GREEN, GREY, INK, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

THRESHOLDS = tuple(round(step / 100, 2) for step in range(2, 99))


def _scattered_points() -> tuple[np.ndarray, np.ndarray]:
    """Return forty points around a rising line, whose noise grows from left to right."""
    rng = np.random.default_rng(19)
    x = np.linspace(0.0, 4.0, 40)
    return x, 0.5 + 0.55 * x + (0.08 + 0.25 * x) * rng.standard_normal(40)


def _descend(gradients: Function, x: np.ndarray, y: np.ndarray, growing: bool) -> np.ndarray:
    """Return the weights (a, b, c, d) of mean = a + b x and ln sigma^2 = c + d x, by gradient
    descent.

    gradients  the student's gradients of the loss by mean and by ln sigma^2
    growing    whether d is learned; 0 otherwise
    """
    w = np.array([y.mean(), 0.0, 0.0, 0.0])
    for _ in range(3000):
        dmean, dlog_variance = map(np.asarray, gradients(y, w[0] + w[1] * x, w[2] + w[3] * x))
        steps = [dmean.sum(), dmean @ x, dlog_variance.sum(), (dlog_variance @ x) * growing]
        w = w - 0.03 * np.array(steps)
    return w


@picture
def bells(gaussian_nll: Function, gaussian_nll_gradients: Function) -> Drawn:
    """Draw one width for all examples beside a width that the model predicts."""
    x, y = _scattered_points()
    figure, axes = new_figure(1, 2, width=9.4, height=3.9, sharey=True)
    told = []
    for axis, growing, name in (
        (axes[0], False, "one sigma for all"),
        (axes[1], True, "sigma predicted"),
    ):
        a, b, c, d = _descend(gaussian_nll_gradients, x, y, growing)
        mean, sigma = a + b * x, np.exp((c + d * x) / 2)
        loss = float(gaussian_nll(y, mean, sigma))
        axis.plot(x, y, "o", color=BLUE, markersize=4.5, label="targets")
        axis.plot(x, mean, color=INK, label="predicted mean")
        axis.fill_between(x, mean - sigma, mean + sigma, color=RED, alpha=0.18)
        axis.plot(x, mean - sigma, ":", color=RED, linewidth=1.4, label="mean ± sigma")
        axis.plot(x, mean + sigma, ":", color=RED, linewidth=1.4)
        for place in (0.3, 2.0, 3.7):
            width = np.exp((c + d * place) / 2)
            u = np.linspace(-3, 3, 101) * width
            density = np.exp(-((u / width) ** 2) / 2) / (width * np.sqrt(2 * np.pi))
            bell = place + 0.55 * density / max(density.max(), 1.0)
            axis.plot(bell, a + b * place + u, color=RED, linewidth=1.6)
        axis.set(xlabel="x", title=f"{name}: loss {loss:.3f} nats")
        axis.set_xlim(-0.15, 4.45)
        told.append((name, a, a + 4 * b, sigma[0], sigma[-1], loss))
    axes[0].set_ylabel("y")
    axes[0].legend(loc="upper left")
    lines = [
        f"With {name} the mean goes from {left:.2f} to {right:.2f}, sigma from {first:.2f} at the "
        f"left to {last:.2f} at the right, and the loss is {loss:.3f} nats."
        for name, left, right, first, last, loss in told
    ]
    return figure, (
        "Twice the same forty points, more scattered to the right, with a fitted line, a band of "
        "one sigma and three sideways bells. " + " ".join(lines)
    )


@picture
def one_residual(gaussian_nll: Function, laplace_nll: Function) -> Drawn:
    """Draw two losses of a single example against its residual, and their slopes."""
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.5)
    residuals = np.linspace(-5, 5, 401)
    told = []
    for name, loss, color, line in (
        ("Gaussian, sigma = 1", gaussian_nll, BLUE, "-"),
        ("Laplace, scale = 1", laplace_nll, RED, "--"),
    ):
        zero = np.zeros(1)
        values = np.array([float(loss(np.array([r]), zero, 1.0)) for r in residuals])
        slopes = np.gradient(values, residuals)
        left.plot(residuals, values, line, color=color, label=name)
        right.plot(residuals, slopes, line, color=color, label=name)
        one, four = np.searchsorted(residuals, [1.0, 4.0])
        told.append(
            f"{name}: {values[one]:.2f} nats with slope {slopes[one]:.2f} at a residual of 1, "
            f"{values[four]:.2f} nats with slope {slopes[four]:.2f} at 4."
        )
    left.set(xlabel="residual y − prediction", ylabel="loss, nats", title="Loss")
    right.set(xlabel="residual y − prediction", ylabel="slope", title="Slope: how hard it pulls")
    left.legend(loc="upper center")
    return figure, "Left two losses over the residual, right their slopes. " + " ".join(told)


@picture
def weights_move_the_answer(weighted_bce_with_logits: Function) -> Drawn:
    """Draw the mean loss of ten examples, two of them positive, against their common
    probability."""
    figure, axes = new_figure(width=7.8, height=3.7)
    p = np.linspace(0.01, 0.99, 197)
    y = np.repeat([1.0, 0.0], [2, 8])
    told = []
    for weight, line, color, marker in (
        (1.0, "-", BLUE, "o"), (4.0, "--", RED, "s"), (9.0, "-.", GREEN, "^"),
    ):  # fmt: skip
        scores = np.log(p / (1 - p))
        losses = [float(weighted_bce_with_logits(np.full(10, z), y, weight)) for z in scores]
        low = int(np.argmin(losses))
        axes.plot(p, losses, line, color=color, label=f"weight {weight:g}")
        axes.plot(p[low], losses[low], marker, color=color, markersize=9, zorder=3)
        axes.annotate(
            f"{p[low]:.2f}", (p[low], losses[low]), xytext=(0, -14), textcoords="offset points",
            ha="center",
        )  # fmt: skip
        told.append(f"with weight {weight:g} the lowest point is at p = {p[low]:.2f}")
    axes.set(xlabel="probability p given to all ten", ylabel="mean loss, nats")
    axes.set(xlim=(0, 1), ylim=(0, 3.5), title="Two of ten are positive. Which p is cheapest?")
    axes.legend(loc="upper right", bbox_to_anchor=(0.86, 1.0))
    return figure, "Three curves over the probability: " + "; ".join(told) + "."


@picture
def two_costs(best_threshold: Function) -> Drawn:
    """Show what a yes and a no cost on average, and where they cost the same."""
    figure, axes = new_figure(1, 2, width=9.4, height=3.4)
    p, told = np.linspace(0, 1, 101), []
    for axis, (false_alarm, miss) in zip(axes, ((1.0, 1.0), (1.0, 10.0))):
        threshold = float(best_threshold(false_alarm, miss))
        axis.plot(p, false_alarm * (1 - p), color=BLUE, label="say yes")
        axis.plot(p, miss * p, "--", color=RED, label="say no")
        axis.axvline(threshold, color=INK, linestyle=":", linewidth=1.4)
        axis.annotate(
            f"your threshold {threshold:.3f}", (threshold, 0.05),
            xycoords=("data", "axes fraction"),
            xytext=(6, 0), textcoords="offset points",
        )  # fmt: skip
        axis.set(xlabel="probability of a yes", title=f"a miss costs {miss:g}, an alarm 1")
        axis.set(xlim=(0, 1), ylim=(0, 1.15 * max(1.0, miss / 5)))
        yes, no = false_alarm * (1 - threshold), miss * threshold
        told.append(
            f"where a miss costs {miss:g} the threshold {threshold:.3f} is marked; there a yes "
            f"costs {yes:.3f} and a no {no:.3f}"
        )
    axes[0].set_ylabel("mean cost of the answer")
    axes[0].legend(loc="center right")
    return figure, (
        "Two panels over the probability of a yes: the cost of saying yes falls, that of saying "
        "no rises; " + "; ".join(told) + "."
    )


@picture
def one_constant_for_five(mse: Function, mae: Function) -> Drawn:
    """Draw two metrics of a constant prediction for five targets, one of them far out."""
    figure, axes = new_figure(1, 2, width=9.4, height=3.4)
    y = np.array([1.0, 2.0, 3.0, 4.0, 20.0])
    constants, told = np.linspace(0, 21, 421), []
    for axis, name, metric, color in (
        (axes[0], "MSE", mse, BLUE),
        (axes[1], "MAE", mae, RED),
    ):
        values = np.array([float(metric(y, np.full(5, c))) for c in constants])
        low = int(np.argmin(values))
        axis.plot(constants, values, color=color)
        axis.plot(constants[low], values[low], "o", color=color, markersize=9)
        axis.annotate(
            f"lowest at {constants[low]:.2f}", (constants[low], values[low]), xytext=(0, 32),
            textcoords="offset points", ha="center",
        )  # fmt: skip
        axis.plot(y, np.full(5, values.min() * 0.45), "|", color=INK, markersize=14)
        axis.set(xlabel="the constant", title=name, ylim=(0, None))
        told.append(f"{name} is lowest, {values[low]:.2f}, at {constants[low]:.2f}")
    return figure, (
        "Two curves over a constant prediction for the targets 1, 2, 3, 4 and 20, which are marked "
        "as ticks. " + "; ".join(told) + "."
    )


@picture
def f_beta_contours(f_beta: Function) -> Drawn:
    """Draw lines of equal F-beta over precision and recall, for three values of beta."""
    figure, axes = new_figure(1, 3, width=9.8, height=3.6, sharey=True)
    steps = np.arange(1, 21)
    mark = (np.repeat([1, 1, 0, 0], [40, 10, 20, 30]), np.repeat([1, 0, 1, 0], [40, 10, 20, 30]))
    told = []
    for axis, beta in zip(axes, (0.5, 1.0, 2.0)):
        values = np.array(
            [[float(f_beta(*_counts(int(p), int(r)), beta=beta)) for r in steps] for p in steps]
        )
        lines = axis.contour(
            steps / 20, steps / 20, values, levels=np.arange(0.1, 1.0, 0.1), colors=BLUE,
            linewidths=1.6,
        )  # fmt: skip
        axis.clabel(lines, fontsize=9, colors=INK)
        own = float(f_beta(*mark, beta=beta))
        axis.plot(0.8, 2 / 3, "o", color=RED, markersize=8)
        # A number beside the dot would lie on those of the lines.
        title = f"β = {beta:g}: {own:.3f} at the dot"
        axis.set(xlabel="recall", title=title, xlim=(0, 1.02), ylim=(0, 1.02))
        low_precision, low_recall = values[3, 18], values[18, 3]
        told.append(
            f"for beta = {beta:g} the running example has {own:.3f}; precision 0.2 with recall "
            f"0.95 gives {low_precision:.2f}, and the other way round {low_recall:.2f}"
        )
    axes[0].set_ylabel("precision")
    return figure, "Three maps of lines of equal F over recall and precision: " + "; ".join(
        told
    ) + "."


def _counts(p: int, r: int) -> tuple[np.ndarray, np.ndarray]:
    """Return labels and predictions whose precision is p/20 and whose recall is r/20."""
    tp, fn, fp = p * r, p * (20 - r), r * (20 - p)
    return np.repeat([1, 1, 0], [tp, fn, fp]), np.repeat([1, 0, 1], [tp, fn, fp])


def threshold_explorer(
    confusion_matrix: Function,
    precision: Function,
    recall: Function,
    best_threshold: Function,
    labels: np.ndarray,
    probabilities: np.ndarray,
) -> None:
    """Draw table, curves and costs at a threshold, under a slider; a still picture at one half.

    labels, probabilities  (N,) each
    """
    labels, probabilities = np.asarray(labels), np.asarray(probabilities)

    @cache
    def drawn() -> _ThresholdPicture:
        decided = [(probabilities >= level).astype(int) for level in THRESHOLDS]
        return _ThresholdPicture(
            np.array([np.asarray(confusion_matrix(labels, d, 2)) for d in decided]),
            np.array([float(precision(labels, d)) for d in decided]),
            np.array([float(recall(labels, d)) for d in decided]),
            float(best_threshold(1.0, 10.0)),
        )

    @picture
    def at(level: float) -> Drawn:
        return drawn().at(level)

    slider(at, THRESHOLDS, 0.5, "threshold")


class _ThresholdPicture:
    """Four panels, drawn once; a move shifts the marks and rewrites the counts, which is quick.

    tables             confusion matrices (T, 2, 2), one for each of THRESHOLDS
    precision, recall  (T,)
    best               the threshold to mark beside the costs
    """

    def __init__(
        self, tables: np.ndarray, precision: np.ndarray, recall: np.ndarray, best: float
    ) -> None:
        self.tables, self.precision, self.recall = tables, precision, recall
        self.false_alarms = tables[:, 0, 1] / np.maximum(tables[:, 0].sum(axis=1), 1)
        self.cost = (tables[:, 0, 1] + 10 * tables[:, 1, 0]) / tables[0].sum()
        margins = {"left": 0.08, "bottom": 0.09, "right": 0.98, "top": 0.93, "wspace": 0.22}
        self.figure, axes = new_figure(
            2, 2, width=8.6, height=5.8, placed={**margins, "hspace": 0.42}
        )
        (table, curves), (roc, costs) = axes
        self._counts, self._table = self._draw_table(table), table
        curves.plot(THRESHOLDS, precision, color=BLUE, label="precision")
        curves.plot(THRESHOLDS, recall, "--", color=RED, label="recall")
        curves.set(xlabel="threshold", ylim=(-0.03, 1.05), title="Precision and recall")
        curves.legend(loc="lower left")
        roc.plot(self.false_alarms, recall, color=INK)
        roc.plot([0, 1], [0, 1], ":", color=GREY)
        roc.set(xlabel="false-positive rate", ylabel="recall", title="ROC curve")
        costs.plot(THRESHOLDS, self.cost, color=GREEN)
        costs.axvline(best, color=INK, linestyle=":", linewidth=1.4)
        costs.annotate(
            f"best_threshold {best:.3f}", (best, 0.9), xycoords=("data", "axes fraction"),
            xytext=(5, 0), textcoords="offset points",
        )  # fmt: skip
        costs.set(xlabel="threshold", title="Cost a patient: a miss 10, an alarm 1")
        costs.set_ylim(0)
        for axis in (curves, roc, costs):
            axis.set_xlim(-0.02, 1.02)
            axis.set_xticks([0, 0.5, 1])
        for axis in (curves, roc):
            axis.set_yticks([0, 0.5, 1])
        self._lines = [axis.axvline(0, color=GREY, linewidth=1) for axis in (curves, costs)]
        self._marks = [
            (axis.plot([0], [0], marker, color=color, markersize=9)[0], across, up)
            for axis, marker, color, across, up in (
                (curves, "o", BLUE, THRESHOLDS, precision),
                (curves, "s", RED, THRESHOLDS, recall),
                (roc, "s", RED, self.false_alarms, recall),
                (costs, "o", GREEN, THRESHOLDS, self.cost),
            )
        ]

    @staticmethod
    def _draw_table(axis: Axes) -> list[list[Any]]:
        """Draw a 2 x 2 table; right answers are framed, wrong ones hatched. Return its texts."""
        names = (("healthy, let go", "false alarms"), ("ill, missed", "ill, found"))
        texts: list[list[Any]] = [[], []]
        for row in range(2):
            for column in range(2):
                right = row == column
                axis.bar(
                    column, 0.94, 0.94, bottom=1.03 - row, color="none", linewidth=1.6,
                    edgecolor=BLUE if right else RED, hatch=None if right else "//",
                )  # fmt: skip
                place: dict[str, Any] = {"ha": "center", "va": "center", "bbox": text_ground(1.5)}
                texts[row].append(axis.text(column, 1.57 - row, "", fontsize=17, **place))
                axis.text(column, 1.22 - row, names[row][column], fontsize=9.5, **place)
        axis.set_yticks([1.5, 0.5], ["healthy", "ill"])
        axis.set(xlim=(-0.55, 1.55), ylim=(0, 2.02), title="Confusions")
        axis.tick_params(length=0)
        axis.grid(visible=False)
        axis.spines[:].set_visible(False)
        return texts

    def at(self, level: float) -> Drawn:
        """Draw the figure and its description at one of THRESHOLDS."""
        now = THRESHOLDS.index(level)
        table = self.tables[now]
        for row in range(2):
            for column in range(2):
                self._counts[row][column].set_text(f"{table[row, column]:.0f}")
        self._table.set_xticks([0, 1], [f"p < {level:.2f}", f"p ≥ {level:.2f}"])
        for line in self._lines:
            line.set_xdata([level, level])
        for mark, across, up in self._marks:
            mark.set_data([across[now]], [up[now]])
        low = int(np.argmin(self.cost))
        return self.figure, (
            f"At the threshold {level:.2f}: {table[1, 1]:.0f} ill found, {table[1, 0]:.0f} missed, "
            f"{table[0, 1]:.0f} false alarms, {table[0, 0]:.0f} healthy let go. Precision "
            f"{self.precision[now]:.3f}, recall {self.recall[now]:.3f}, false-positive rate "
            f"{self.false_alarms[now]:.3f}, mean cost {self.cost[now]:.3f}. Over all thresholds "
            f"recall goes from {self.recall[0]:.2f} to {self.recall[-1]:.2f} and precision from "
            f"{self.precision[0]:.2f} to {self.precision[-1]:.2f}; the cost is lowest at "
            f"{THRESHOLDS[low]:.2f}, with {self.cost[low]:.3f}."
        )


@picture
def area_of_pairs(roc_auc: Function, labels: np.ndarray, probabilities: np.ndarray) -> Drawn:
    """Draw the pairs of six examples as squares under their ROC curve, and the curve of the
    patients.

    labels, probabilities  (N,) each
    """
    figure, (left, right) = new_figure(1, 2, width=9.2, height=4.2)
    signs, scores = np.array([1, 1, 0, 1, 0, 0]), np.array([0.9, 0.8, 0.7, 0.6, 0.4, 0.2])
    positive, negative = scores[signs == 1], np.sort(scores[signs == 0])[::-1]
    won = 0
    for column, low in enumerate(negative):
        for row, high in enumerate(positive):
            ahead = high > low
            won += ahead
            left.bar(
                (column + 0.5) / 3, 1 / 3, 1 / 3, bottom=row / 3, edgecolor=INK, linewidth=0.8,
                color=BLUE if ahead else "none", alpha=0.55 if ahead else 1,
                hatch=None if ahead else "xx",
            )  # fmt: skip
            left.text(
                (column + 0.5) / 3, (row + 0.5) / 3, f"{high:g} {'>' if ahead else '<'} {low:g}",
                ha="center", va="center", fontsize=9,
                bbox=text_ground(1.5),
            )  # fmt: skip
    left.plot(*_roc_curve(signs, scores), color=RED, linewidth=3)
    small = float(roc_auc(signs, scores))
    left.set(xlabel="false-positive rate", ylabel="true-positive rate (recall)")
    left.set_title(
        f"Six examples: {won} of {len(positive) * len(negative)} pairs, area {small:.4f}"
    )
    labels, probabilities = np.asarray(labels), np.asarray(probabilities)
    across, up = _roc_curve(labels, probabilities)
    area = float(roc_auc(labels, probabilities))
    right.fill_between(across, up, color=BLUE, alpha=0.2)
    right.plot(across, up, color=RED)
    right.plot([0, 1], [0, 1], ":", color=INK, label="drawing lots")
    right.set(xlabel="false-positive rate", title=f"{len(labels)} patients: area {area:.4f}")
    right.legend(loc="lower right")
    ill, healthy = (np.sort(probabilities[labels == label]) for label in (1, 0))
    pairs = len(ill) * len(healthy)
    # Of equal ones half counts.
    ahead = (np.searchsorted(healthy, ill, side) for side in ("left", "right"))
    share = sum(map(np.sum, ahead)) / (2 * pairs)
    return figure, (
        f"Left: nine squares, one for each pair of a positive and a negative; the {won} pairs in "
        f"the right order lie below the staircase, whose area is given as {small:.4f}. Right: the "
        f"ROC curve of {len(labels)} patients, from (0, 0) to (1, 1), whose area is given as "
        f"{area:.4f}; of its {pairs} pairs, {share:.4f} are in the right order."
    )


def _roc_curve(labels: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the false-positive and true-positive rates while the threshold falls past every
    score."""
    levels = np.unique(scores)[::-1]
    rates = [
        [np.mean(scores[labels == label] >= level) for level in levels] for label in (0, 1)
    ]  # fmt: skip
    return np.concatenate([[0.0], rates[0]]), np.concatenate([[0.0], rates[1]])


@picture
def reliability(
    expected_calibration_error: Function, labels: np.ndarray, probabilities: np.ndarray
) -> Drawn:
    """Show what was said against what happened, for a model and for the same model shouting.

    labels, probabilities  (N,) each
    """
    labels, p = np.asarray(labels), np.asarray(probabilities, dtype=float)
    scores = np.log(p / (1 - p))
    figure, axes = new_figure(1, 2, width=9.2, height=4.3, sharey=True)
    told = []
    for axis, name, said in (
        (axes[0], "as trained", p),
        (axes[1], "scores times 3", 1 / (1 + np.exp(-3 * scores))),
    ):
        bins = np.minimum((said * 10).astype(int), 9)
        used = np.unique(bins)
        means = np.array([said[bins == b].mean() for b in used])
        shares = np.array([labels[bins == b].mean() for b in used])
        sizes = np.array([np.sum(bins == b) for b in used])
        error = float(expected_calibration_error(labels, said, 10))
        axis.plot([0, 1], [0, 1], ":", color=INK)
        axis.vlines(means, np.minimum(means, shares), np.maximum(means, shares), color=RED)
        axis.scatter(means, shares, s=12 * sizes, color=BLUE, alpha=0.8, zorder=3, edgecolor=INK)
        axis.set(xlabel="said: mean probability of the bin", title=f"{name}: error {error:.3f}")
        axis.set(xlim=(-0.04, 1.04), ylim=(-0.06, 1.06))
        worst = int(np.argmax(np.abs(means - shares)))
        told.append(
            f"{name}, the error is {error:.3f}; the largest gap is in the bin that says "
            f"{means[worst]:.2f}, where it happened {shares[worst]:.2f} of the time"
        )
    axes[0].set_ylabel("happened: share of malignant")
    return figure, (
        "Two reliability diagrams; each dot is a bin, larger for more patients, and a red line "
        "joins it to the diagonal of honest probabilities. " + "; ".join(told) + "."
    )


def simulated_patients() -> tuple[np.ndarray, np.ndarray]:
    """Return labels (171,) and probabilities (171,) where scikit-learn's patients are not at
    hand."""
    rng = np.random.default_rng(11)
    scores = rng.normal(-0.7, 1.6, 171)
    probabilities = 1 / (1 + np.exp(-scores))
    return (rng.uniform(size=171) < probabilities).astype(int), probabilities


def beside(library: str, answers: Mapping[str, tuple[Function, Function]]) -> None:
    """Print the student's number beside a library's, one line a function.

    answers  what is computed -> the student's call and the library's, both without arguments
    """
    width = max(map(len, answers))
    print(f"{'':{width}}  {'yours':>16}  {library:>16}")
    for name, (own, other) in answers.items():
        try:
            mine = np.asarray(own(), dtype=float)
        except NotImplementedError:
            print(f"{name:{width}}  not written yet")
            continue
        except Exception as error:
            print(f"{name:{width}}  cannot be computed yet: {type(error).__name__}: {error}")
            continue
        theirs = np.asarray(other(), dtype=float)
        same = mine.shape == theirs.shape and np.allclose(mine, theirs, rtol=1e-9, atol=1e-12)
        print(f"{name:{width}}  {_words(mine):>16}  {_words(theirs):>16}  {'=' if same else '≠'}")


def _words(value: np.ndarray) -> str:
    return f"{value:.10f}" if value.ndim == 0 else str(value.astype(int).tolist())


def regression_scores(
    metrics: Mapping[str, Function], parts: Mapping[str, tuple[np.ndarray, np.ndarray]]
) -> None:
    """Print a table of metrics, one column for each part of the data.

    parts  name -> (targets, predictions), (N,) each
    """
    print(f"{'':6}" + "".join(f"{name:>12}" for name in parts))
    for name, metric in metrics.items():
        try:
            values = [f"{float(metric(*part)):12.3f}" for part in parts.values()]
        except NotImplementedError:
            values = ["  not written yet"]
        except Exception as error:
            values = [f"  cannot be computed yet: {type(error).__name__}: {error}"]
        print(f"{name:6}" + "".join(values))

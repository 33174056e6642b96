"""The pictures of 02-logistic-regression, drawn with the functions the student wrote."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from course.plots.style import (
    Drawn,
    Function,
    explorer,
    new_figure,
    picture,
    readings,
    slider,
    text_ground,
)
from course.plots.themes import (
    BLUE,
    GREEN,
    GREY,
    GROUND,
    INK,
    LINES,
    ON_DARK,
    ORANGE,
    RED,
    signed,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

# Class 1 is an orange square and class 0 a blue circle wherever examples are drawn.
CLASSES = ((0, "o", BLUE), (1, "s", ORANGE))
DESCENT = (1, 3, 10, 30, 100, 300, 1000, 3000)


def _examples(
    axes: Axes,
    x: np.ndarray,
    height: Any,
    y: np.ndarray,
    names: tuple[str, str] = ("class 0", "class 1"),
    **options: Any,
) -> None:
    for value, marker, color in CLASSES:
        chosen = np.asarray(y) == value
        axes.plot(
            np.asarray(x)[chosen], np.asarray(height)[chosen], marker, color=color,
            markeredgecolor=INK, markersize=7, label=names[value], zorder=3, **options,
        )  # fmt: skip


@picture
def score_step_sigmoid(sigmoid: Function, surface: np.ndarray, expensive: np.ndarray) -> Drawn:
    """Draw the same houses under a score, a step and a sigmoid.

    surface, expensive  (N,) each: surfaces of houses, and labels
    """
    surface, expensive = np.asarray(surface), np.asarray(expensive)
    figure, axes = new_figure(1, 3, width=10.0, height=3.3, sharex=True)
    x = np.linspace(0.3, 2.2, 400)
    bias, slope = -7.35, 7.0
    axes[0].plot(x, bias + slope * x, color=INK, label="score")
    _examples(axes[0], surface, bias + slope * surface, expensive, ("cheap", "expensive"))
    axes[0].axhline(0, color=GREY, linewidth=1)
    axes[0].set(title="score: any number", ylabel="z")
    axes[0].legend(loc="upper left")
    smooth = np.asarray(sigmoid(bias + slope * x))
    for panel, values, title in (
        (axes[1], np.where(bias + slope * x >= 0, 1.0, 0.0), "step: 0 or 1, flat"),
        (axes[2], smooth, f"sigmoid: from {smooth.min():.3f} to {smooth.max():.3f}"),
    ):
        panel.plot(x, values, color=INK, label=title.partition(":")[0])
        _examples(panel, surface, expensive, expensive)
        panel.set(title=title, ylabel="prediction", ylim=(-0.08, 1.08))
    for panel in axes:
        panel.axvline(-bias / slope, color=GREY, linestyle=":")
        panel.set(xlabel="surface, 100 m²", xlim=(0.3, 2.2))
    told = "; ".join(readings(panel, (0.5, 1.05, 1.6)) for panel in axes)
    return figure, (
        "Three panels over the surface of fourteen houses, in 100 square metres, with the labels "
        f"as points at 0 and 1. {told}."
    )


@picture
def sigmoid_and_slope(sigmoid: Function, sigmoid_derivative: Function) -> Drawn:
    """Draw the sigmoid beside the step, and the slopes of both."""
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.3)
    z = np.linspace(-8, 8, 401)
    left.plot(z, np.where(z >= 0, 1.0, 0.0), "--", color=GREY, label="step")
    left.plot(z, sigmoid(z), color=BLUE, label="sigmoid")
    left.plot(z, 0.5 + z / 4, ":", color=ORANGE, label="1/2 + z/4")
    left.set(xlabel="score z", ylabel="value", ylim=(-0.05, 1.05), title="Value")
    left.legend(loc="upper left")
    right.plot(z, np.zeros_like(z), "--", color=GREY, label="step (0, wherever it has one)")
    right.plot(z, sigmoid_derivative(z), color=BLUE, label="sigmoid")
    for score in (0.0, 5.0):
        slope = float(np.asarray(sigmoid_derivative(np.array([score])))[0])
        right.plot(score, slope, "o", color=ORANGE, markersize=8, zorder=3)
        right.annotate(
            f"{slope:.4f}" if score else f"{slope:.2f}", (score, slope), xytext=(9, 3),
            textcoords="offset points",
        )  # fmt: skip
    right.set(xlabel="score z", ylabel="slope", ylim=(-0.015, 0.36), title="Slope")
    right.legend(loc="upper left")
    return figure, (
        f"Left, values: {readings(left, (-5, -0.04, 0, 5))}. Right, slopes: "
        f"{readings(right, (-5, 0, 5))}."
    )


@picture
def table_of_losses(bce_loss: Function, y: ArrayLike, p: ArrayLike) -> Drawn:
    """Draw the loss of every row of the lecture's table, and their mean.

    y, p  (N,) each: labels, and probabilities of 1
    """
    figure, axes = new_figure(width=7.6, height=3.4)
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    losses = [float(bce_loss(y[row : row + 1], p[row : row + 1])) for row in range(len(y))]
    for row, loss in enumerate(losses):
        # The model gives the truth less than one half.
        hatched = loss > np.log(2)
        axes.bar(
            row, loss, 0.6, color=RED if hatched else BLUE, edgecolor=GROUND,
            hatch="//" if hatched else None,
        )  # fmt: skip
        axes.annotate(
            f"{loss:.4f}", (row, loss), xytext=(0, 4), textcoords="offset points", ha="center",
            bbox=text_ground(1),
        )  # fmt: skip
    mean = float(bce_loss(y, p))
    axes.axhline(mean, color=INK, linestyle="--", linewidth=1.3)
    axes.annotate(
        f"mean {mean:.4f}", (len(y) - 0.4, mean), xytext=(0, 5), textcoords="offset points"
    )
    axes.set_xticks(range(len(y)), [f"y = {a:.0f}\np = {b:g}" for a, b in zip(y, p)])
    axes.grid(axis="x", visible=False)
    axes.set(ylabel="loss, nats", ylim=(0, 1.6), xlim=(-0.6, 5.5))
    dear = [row + 1 for row, loss in enumerate(losses) if loss > np.log(2)]
    named = f"Row {', '.join(map(str, dear))} pays" if len(dear) == 1 else f"Rows {dear} pay"
    share = sum(losses[row - 1] for row in dear) / max(sum(losses), 1e-12)
    axes.set_title(f"{named} {share:.0%} of the bill: hatched, more than ln 2")
    return figure, (
        f"Five bars of the loss: {', '.join(f'{loss:.4f}' for loss in losses)} nats. Hatched, "
        f"where it is more than ln 2: row {', '.join(map(str, dear)) or 'none'}. A dashed line "
        f"marks the mean, {mean:.4f}."
    )


@picture
def four_losses(sigmoid: Function, sigmoid_derivative: Function) -> Drawn:
    """Draw the loss of one positive example against its score, four ways, with the slopes."""
    figure, (top, bottom) = new_figure(1, 2, width=9.6, height=3.8)
    z = np.linspace(-6, 4, 401)
    p, slope = np.asarray(sigmoid(z)), np.asarray(sigmoid_derivative(z))
    curves = (
        ("cross-entropy", -np.log(p), p - 1, BLUE),
        ("squared error", (1 - p) ** 2, -2 * (1 - p) * slope, RED),
        ("absolute error", 1 - p, -slope, GREEN),
        ("0/1 error", np.where(z >= 0, 0.0, 1.0), np.zeros_like(z), GREY),
    )
    for (name, value, derivative, color), line in zip(curves, LINES):
        top.plot(z, value, line, color=color, label=name)
        bottom.plot(z, derivative, line, color=color, label=name)
    top.set(xlabel="score z of an example with y = 1", ylabel="loss", ylim=(-0.1, 4.2))
    top.set_title("Loss")
    top.legend(loc="upper right")
    bottom.set(xlabel="score z of an example with y = 1", ylabel="slope", ylim=(-1.08, 0.12))
    bottom.set_title("Slope: what pulls the score up")
    return figure, (
        "Four losses of a positive example against its score, and their slopes. Left, "
        f"{readings(top, (-6, -2, 0, 4))}. Right, {readings(bottom, (-6, -2, 0, 4))}."
    )


@picture
def predicted_distributions(sigmoid: Function) -> Drawn:
    """Show that a regression predicts a bell, and a classifier two bars."""
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.4)
    rng = np.random.default_rng(4)
    x = np.linspace(0.2, 3.8, 13)
    left.plot([0, 4], [0.5, 2.7], color=INK)
    left.plot(x, 0.5 + 0.55 * x + rng.normal(0, 0.3, len(x)), "o", color=BLUE, markersize=6)
    u = np.linspace(-1, 1, 101)
    for center in (0.8, 2.0, 3.2):
        mean = 0.5 + 0.55 * center
        bell = 0.45 * np.exp(-((u / 0.3) ** 2) / 2)
        left.plot(center + bell, mean + u, color=ORANGE, linewidth=1.5)
        left.fill_betweenx(mean + u, center, center + bell, color=ORANGE, alpha=0.3)
    left.set(xlabel="x", ylabel="y", title="Real y: a bell around each prediction")
    z = np.linspace(-5, 5, 201)
    right.plot(z, sigmoid(z), color=INK, label="the curve")
    for score in (-2.5, 0.5, 3.0):
        chance = float(np.asarray(sigmoid(np.array([score])))[0])
        right.barh([0, 1], [1.4 * (1 - chance), 1.4 * chance], 0.07, left=score, color=ORANGE,
                   alpha=0.8, edgecolor=INK)  # fmt: skip
        right.plot([score, score], [0, 1], ":", color=GREY, linewidth=1)
        for label, share in ((0, 1 - chance), (1, chance)):
            right.annotate(
                f"{share:.2f}", (score + 1.4 * share, label), xytext=(4, 0),
                textcoords="offset points", va="center", fontsize=9,
                bbox=text_ground(0.5),
            )  # fmt: skip
    right.set(xlabel="score z", ylabel="y", yticks=[0, 1], ylim=(-0.1, 1.1))
    right.set_title("y is 0 or 1: two bars at each prediction")
    return figure, (
        "Left: a rising line with points scattered around it and three sideways bells centred on "
        "the line: the distribution the model predicts at three places. Right: a curve over the "
        f"score, {readings(right, (-2.5, 0.5, 3))}; at these places two bars, at 0 and at 1, show "
        "the two probabilities."
    )


@picture
def pulls(
    predict_proba: Function, bce_gradient: Function, w: ArrayLike, x: ArrayLike, y: ArrayLike
) -> Drawn:
    """Draw every example's error p - y, whose averages are the gradient.

    w     (2,), bias first
    x, y  (N,) each: surfaces of houses, and labels
    """
    w, x, y = (np.asarray(value, dtype=float) for value in (w, x, y))
    figure, axes = new_figure(width=7.8, height=3.9)
    grid = np.linspace(0.3, 2.2, 200)
    axes.plot(grid, predict_proba(grid[:, None], w), color=INK, label="P(Y = 1 | x)")
    p = np.asarray(predict_proba(x[:, None], w))
    _examples(axes, x, y, y, ("cheap", "expensive"))
    for place, start, end in zip(x, p, y):
        large = abs(start - end) > 0.5
        axes.annotate(
            "", (place, start), xytext=(place, end),
            arrowprops={"arrowstyle": "-|>", "color": RED if large else GREY, "shrinkA": 5,
                        "linewidth": 2.2 if large else 1.2},
        )  # fmt: skip
    axes.plot([], [], color=RED, linewidth=2.2, label="error p − y above 1/2")
    axes.plot([], [], color=GREY, linewidth=1.2, label="error up to 1/2")
    bias, slope = np.asarray(bce_gradient(w, x[:, None], y))
    axes.set(xlabel="surface, 100 m²", ylabel="probability and label", ylim=(-0.1, 1.1))
    means = np.mean(p - y), np.mean((p - y) * x)
    axes.set_title(
        f"mean error {means[0]:+.3f}, mean of error times surface {means[1]:+.3f};\n"
        f"your gradient {bias:+.3f}, {slope:+.3f}"
    )
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure, (
        f"A curve over the surface of the houses, {readings(axes, (0.5, 1, 1.5, 2))}, the labels "
        "as points at 0 and 1, and from each label to the curve an arrow as long as that "
        f"example's error p - y. {int(np.sum(np.abs(p - y) > 0.5))} errors are above one half. The "
        f"mean error is {means[0]:+.3f} and the mean of error times surface {means[1]:+.3f}; your "
        f"gradient is {bias:+.3f} and {slope:+.3f}."
    )


def optimiser(
    predict_proba: Function,
    bce_loss: Function,
    bce_gradient: Function,
    x: np.ndarray,
    y: np.ndarray,
) -> None:
    """Draw two weights chosen with sliders: the curve with its pulls, beside the map of the loss.

    The weights are the score at the mean surface and the weight of the surface, which turn the
    valley of the map upright.

    x  (N,) surfaces of houses
    y  (N,) whether they are expensive
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    center, grid = x.mean(), np.linspace(0.3, 2.2, 100)
    middles, slopes = np.linspace(-4, 4, 33), np.linspace(-2, 10, 33)

    def weights(middle: float, slope: float) -> np.ndarray:
        return np.array([middle - slope * center, slope])

    @cache
    def surface() -> np.ndarray:
        rows = [[predict_proba(x[:, None], weights(m, s)) for m in middles] for s in slopes]
        return np.array([[float(bce_loss(y, np.asarray(p))) for p in row] for row in rows])

    @picture
    def at(middle: float, slope: float) -> Drawn:
        w = weights(middle, slope)
        p = np.asarray(predict_proba(x[:, None], w), dtype=float)
        bias_slope, x_slope = np.asarray(bce_gradient(w, x[:, None], y), dtype=float)
        loss, lowest = float(bce_loss(y, p)), float(surface().min())
        # The same gradient in the weights of the map: a steeper curve also moves its middle.
        down = -np.array([bias_slope, x_slope - center * bias_slope])
        figure, (left, right) = new_figure(
            1, 2, width=9.6, height=4.2, gridspec_kw={"width_ratios": [1.2, 1]},
            placed={"left": 0.07, "right": 0.98, "bottom": 0.13, "top": 0.9, "wspace": 0.2},
        )  # fmt: skip
        left.plot(grid, predict_proba(grid[:, None], w), color=INK)
        _examples(left, x, y, y, ("cheap", "expensive"))
        for large, color, line, label in (
            (False, GREY, "-", "error up to 1/2"), (True, RED, "--", "error above 1/2"),
        ):  # fmt: skip
            chosen = (np.abs(p - y) > 0.5) == large
            left.vlines(x[chosen], p[chosen], y[chosen], color=color, linestyle=line, label=label)
        left.set(xlabel="surface, 100 m²", ylabel="P(expensive) and label", ylim=(-0.08, 1.32))
        left.set_yticks([0, 0.5, 1])
        left.set_title(f"errors, their mean {np.mean(p - y):+.3f}")
        left.legend(loc="upper left", ncols=2, fontsize=9.5)
        right.contour(
            middles, slopes, surface(), levels=np.geomspace(lowest * 1.02, surface().max(), 12),
            colors=BLUE, linewidths=1,
        )  # fmt: skip
        right.plot(middle, slope, "o", color=ORANGE, markersize=10, markeredgecolor=INK, zorder=3)
        reach = down / max(np.hypot(*down), 0.15) * 1.6
        right.annotate(
            "", (middle + reach[0], slope + reach[1]), (middle, slope), zorder=4,
            arrowprops={"arrowstyle": "-|>", "color": RED, "linewidth": 2},
        )  # fmt: skip
        right.set(xlabel="score at the mean surface", ylabel="weight of the surface")
        right.set(xlim=(-4, 4), ylim=(-2, 10), title=f"loss {loss:.3f}; arrow: −gradient")
        right.grid(visible=False)
        return figure, (
            f"Left: the curve of the model with score {middle:g} at the mean surface and weight "
            f"{slope:g}, fourteen houses at 0 and 1, and their errors as lines from the curve; "
            f"{int(np.sum(np.abs(p - y) > 0.5))} errors are above one half, and the mean error is "
            f"{np.mean(p - y):+.3f}. Right: lines of equal loss over the two weights, a dot where "
            f"the model stands with loss {loss:.3f}, the lowest on the map being {lowest:.3f}, and "
            f"an arrow along minus your gradient, with the parts {down[0]:+.3f} and {down[1]:+.3f}."
        )

    middle_steps = [round(step / 4, 2) for step in range(-16, 17)]
    slope_steps = [round(step / 2, 1) for step in range(-4, 21)]
    explorer(at, {"middle score": (middle_steps, -2.0), "weight": (slope_steps, 1.0)})


@picture
def two_surfaces(
    predict_proba: Function, bce_loss: Function, x: np.ndarray, y: np.ndarray
) -> Drawn:
    """Draw two losses of the same model over the same weights: a bowl, and plateaus.

    x, y  (N,) each: surfaces of houses, and labels
    """
    x, y = np.asarray(x, dtype=float)[:, None], np.asarray(y, dtype=float)
    center = x.mean()
    biases, slopes = np.linspace(-9, 9, 49), np.linspace(-10, 10, 49)
    bowl, plateaus = np.empty((2, len(slopes), len(biases)))
    for row, slope in enumerate(slopes):
        for column, bias in enumerate(biases):
            p = np.asarray(predict_proba(x, np.array([bias - slope * center, slope])))
            bowl[row, column] = bce_loss(y, p)
            plateaus[row, column] = np.mean((p - y) ** 2)
    figure, axes = new_figure(
        2, 2, width=9.2, height=6.2, gridspec_kw={"height_ratios": [1.5, 1]}, sharex="row"
    )
    # The slice runs through both valleys and far out on either side.
    cut, told = len(biases) // 2, []
    for panel, below, surface, name, color in (
        (axes[0, 0], axes[1, 0], bowl, "cross-entropy", BLUE),
        (axes[0, 1], axes[1, 1], plateaus, "squared error", RED),
    ):
        shades = panel.contourf(biases, slopes, surface, levels=16)
        figure.colorbar(shades, ax=panel)
        low = np.unravel_index(np.argmin(surface), surface.shape)
        panel.plot(biases[low[1]], slopes[low[0]], "*", color=ORANGE, markersize=15,
                   markeredgecolor=INK)  # fmt: skip
        panel.axvline(biases[cut], color=ON_DARK, linestyle="--", linewidth=1.4)
        panel.set(title=name, xlabel="score at the mean surface", ylabel="weight of the surface")
        panel.grid(visible=False)
        below.plot(slopes, surface[:, cut], color=color, label=f"{name} along the cut")
        told.append(
            f"{name}: the lowest, {surface[low]:.3f}, at weight {slopes[low[0]]:.1f}, marked by a "
            f"star; {readings(below, (-10, -5, 0, 5, 10))}"
        )
        below.set(xlabel="weight of the surface, along the dashed line", ylabel="loss")
    return figure, (
        "Two maps of the loss over the same two weights, and below each a cut along its dashed "
        f"line. {'. '.join(told)}."
    )


@picture
def learning_rates(
    gradient_descent: Function, gradient: Function, loss: Function, w0: np.ndarray
) -> Drawn:
    """Draw the loss against the steps for four learning rates.

    w0  (d+1,), where every descent begins
    """
    figure, axes = new_figure(width=7.6, height=3.6)
    for rate, line, color in zip((0.03, 0.3, 3.0, 6.0), LINES, (GREY, BLUE, GREEN, RED)):
        w, path = np.asarray(w0, dtype=float), []
        for _ in range(61):
            path.append(loss(w))
            w = np.asarray(gradient_descent(gradient, w, rate, 1))
        axes.plot(path, line, color=color, label=f"learning rate {rate:g}")
    axes.set(xlabel="steps", ylabel="loss", ylim=(0.4, 2.2), xlim=(0, 60))
    axes.set_title("The loss, step by step, at four learning rates")
    axes.legend(loc="upper right", ncols=2)
    return figure, (f"Four curves of the loss over 60 steps. {readings(axes, (0, 1, 10, 59, 60))}.")


def boundary(
    fit: Function, predict_proba: Function, bce_loss: Function, X: np.ndarray, y: np.ndarray
) -> None:
    """Draw the decision boundary at a step of the descent, under a slider; a still picture at
    100.

    X, y  (N, 2) and (N,)
    """
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)

    @cache
    def fitted() -> list[np.ndarray]:
        return [np.asarray(fit(X, y, learning_rate=0.5, steps=count)) for count in DESCENT]

    @cache
    def drawn() -> _BoundaryPicture:
        return _BoundaryPicture(fitted(), predict_proba, bce_loss, X, y)

    @picture
    def at(step: int) -> Drawn:
        return drawn().at(step)

    slider(at, DESCENT, 100, "steps")


class _BoundaryPicture:
    """The houses with the border, and the loss: drawn once, and then only what moves anew.

    weights  of the model after each number of steps in DESCENT
    """

    def __init__(
        self,
        weights: list[np.ndarray],
        predict_proba: Function,
        bce_loss: Function,
        X: np.ndarray,
        y: np.ndarray,
    ) -> None:
        self.weights = weights
        self.across, up = np.linspace(0.3, 2.2, 39), np.linspace(0.05, 1.4, 28)
        self.up = up
        grid = np.stack(np.meshgrid(self.across, up), axis=-1).reshape(-1, 2)
        self.chances = [
            np.asarray(predict_proba(grid, w)).reshape(len(up), len(self.across)) for w in weights
        ]
        self.costs = [float(bce_loss(y, np.asarray(predict_proba(X, w)))) for w in weights]
        self.figure, (self.left, self.right) = new_figure(
            1, 2, width=9.6, height=4.0, gridspec_kw={"width_ratios": [1.6, 1]},
            placed={"left": 0.07, "right": 0.98, "bottom": 0.13, "top": 0.87, "wspace": 0.18},
        )  # fmt: skip
        self.shades = self._shade(0)
        self.figure.colorbar(self.shades, ax=self.left, label="P(expensive)")
        # w0 + w1 x1 + w2 x2 = 0, solved for x2.
        self.borders = [
            self.left.plot(self.across, -(w[0] + w[1] * self.across) / w[2], color=INK)[0]
            for w in weights
        ]
        _examples(self.left, X[:, 0], X[:, 1], y, ("cheap", "expensive"))
        self.left.set(xlim=(0.3, 2.2), ylim=(0.05, 1.4), xlabel="surface, 100 m²")
        self.left.set(ylabel="distance to the centre, 10 km")
        self.left.grid(visible=False)
        self.left.legend(loc="lower right", bbox_to_anchor=(1.02, 0.98), ncols=2)
        self.right.semilogx(DESCENT, self.costs, "o-", color=GREY, markersize=5)
        self.right.minorticks_off()
        (self.here,) = self.right.plot([1], [1], "o", color=RED, markersize=10, zorder=3)
        self.said = self.right.annotate("", (1, 1), xytext=(8, 8), textcoords="offset points")
        self.right.axhline(np.log(2), color=INK, linestyle=":", linewidth=1)
        self.right.annotate("ln 2", (30, np.log(2)), xytext=(0, 4),
                            textcoords="offset points")  # fmt: skip
        self.right.set(xlabel="steps", ylabel="loss", ylim=(0.4, 0.74), title="loss")

    def _shade(self, shown: int) -> Any:
        return self.left.contourf(
            self.across, self.up, self.chances[shown], levels=np.linspace(0, 1, 11),
            cmap=signed().reversed(), zorder=0.5,
        )  # fmt: skip

    def at(self, step: int) -> Drawn:
        """Draw the figure and its description at one of DESCENT."""
        shown = DESCENT.index(step)
        self.shades.remove()
        self.shades = self._shade(shown)
        for place, border in enumerate(self.borders):
            now = place == shown
            border.set(visible=place <= shown, linestyle="-" if now else ":")
            border.set_linewidth(2.5 if now else 1.2)
        self.left.set_title(f"{step} steps, rate 0.5")
        self.here.set_data([step], [self.costs[shown]])
        self.said.set_text(f"{self.costs[shown]:.3f}")
        self.said.xy = (step, self.costs[shown])
        w = self.weights[shown]
        return self.figure, (
            f"Left: fourteen houses by surface and distance, and the probabilities after {step} "
            "steps as shades with the straight line where the probability is one half; dotted "
            f"lines show where it was earlier. Right: the loss is {self.costs[0]:.3f} after "
            f"{DESCENT[0]} steps and {self.costs[-1]:.3f} after {DESCENT[-1]}; here it is "
            f"{self.costs[shown]:.3f}, with weights {w[0]:.2f}, {w[1]:.2f} and {w[2]:.2f}."
        )


@picture
def stability(sigmoid: Function, bce_with_logits: Function) -> Drawn:
    """Draw three ways to compute the loss of one positive example from its score."""
    figure, axes = new_figure(1, 2, width=9.6, height=3.7)
    one = np.ones(1)
    for panel, reach, top in ((axes[0], 50, 62), (axes[1], 800, 1000)):
        z = np.linspace(-reach, reach, 201)
        with np.errstate(all="ignore"):
            p = np.asarray(sigmoid(z))
            naive = -(np.log(p) + 0 * np.log(1 - p))
            clipped = -np.log(np.clip(p, 1e-7, 1 - 1e-7))
        stable = np.array([float(bce_with_logits(one, np.array([score]))) for score in z])
        panel.plot(z, stable, color=BLUE, label="from the score")
        panel.plot(z, clipped, "--", color=GREEN, label="probability clipped at 1e-7")
        panel.plot(z, naive, ":", color=RED, linewidth=4, label="from the probability")
        for lost, marker, word in ((np.isinf(naive), "^", "inf"), (np.isnan(naive), "x", "nan")):
            if lost.any():
                places = z[lost][:: 6 if reach == 50 else 8]
                panel.plot(places, np.full(len(places), top * 0.97), marker, color=RED,
                           markersize=6)  # fmt: skip
                panel.annotate(word, (places.mean(), top * 0.88), ha="center", color=RED)
        panel.set(xlabel="score z of an example with y = 1", ylabel="loss", ylim=(-top / 40, top))
        panel.set_title(f"scores up to {reach}")
    axes[0].legend(loc="upper right", bbox_to_anchor=(1.0, 0.82))
    told = [readings(panel, places) for panel, places in zip(
        axes, ((-50, -10, 0, 36, 38, 50), (-800, -720, -30, 0, 40, 800)))]  # fmt: skip
    return figure, (
        "Three ways to compute the loss of a positive example from its score, for two ranges of "
        f"the score. Up to 50: {told[0]}. Up to 800: {told[1]}."
    )


@picture
def without_end(gradient_descent: Function, l2_gradient: Function) -> Drawn:
    """Draw the weight of two separable examples against the steps, with and without a penalty."""
    figure, axes = new_figure(width=7.6, height=3.6)
    X, y = np.array([[-1.0], [1.0]]), np.array([0.0, 1.0])
    marks = [1, 3, 10, 30, 100, 300, 1000, 3000, 10000]
    for strength, line, marker, color in (
        (0.0, "-", "o", RED),
        (0.001, "--", "s", GREEN),
        (0.01, "-.", "^", BLUE),
    ):
        w, sizes = np.zeros(2), []
        for more in np.diff([0, *marks]):
            w = np.asarray(
                gradient_descent(lambda v: l2_gradient(v, X, y, strength), w, 1.0, int(more))
            )
            sizes.append(w[1])
        axes.semilogx(marks, sizes, line, marker=marker, color=color, label=f"{strength:g}")
        axes.annotate(
            f"{sizes[-1]:.2f}", (marks[-1], sizes[-1]), xytext=(7, -3), textcoords="offset points"
        )
    axes.set(xlabel="steps", ylabel="weight w₁", xlim=(0.9, 25000), ylim=(0, 10))
    axes.set_title("The weight of two separable examples, with and without a penalty")
    axes.legend(loc="upper left", title="strength of the penalty")
    return figure, (
        "The weight over the number of steps, on a logarithmic axis, for three strengths of the "
        f"penalty. {readings(axes, (10, 100, 1000, 10000))}."
    )


@picture
def thresholds(predict: Function, X: np.ndarray, y: np.ndarray, w: np.ndarray) -> Drawn:
    """Draw missed and falsely reported cases against the threshold.

    X, y  (N, d) and (N,)
    w     (d+1,), bias first
    """
    X, y, w = (np.asarray(value, dtype=float) for value in (X, y, w))
    figure, axes = new_figure(width=7.8, height=3.6)
    levels = np.linspace(0.02, 0.98, 97)
    decisions = [np.asarray(predict(X, w, threshold=level)) for level in levels]
    missed = np.array([np.sum((d == 0) & (y == 1)) for d in decisions])
    false = np.array([np.sum((d == 1) & (y == 0)) for d in decisions])
    axes.plot(levels, missed, color=RED, label="malignant, called benign")
    axes.plot(levels, false, "--", color=BLUE, label="benign, called malignant")
    axes.plot(levels, 10 * missed + false, ":", color=INK, label="cost, a miss counting ten")
    cheapest = int(np.argmin(10 * missed + false))
    for index in (cheapest, 48):
        axes.axvline(levels[index], color=GREY, linewidth=1)
        axes.annotate(
            f"{levels[index]:.2f}: {missed[index]} missed,\n{false[index]} false alarms",
            (levels[index], 165 if index == 48 else 205), xytext=(5, 0),
            textcoords="offset points", va="center", fontsize=9,
        )  # fmt: skip
    axes.set(xlabel="threshold", ylabel="patients", ylim=(0, 230), xlim=(0, 1))
    axes.set_title(f"Cheapest at {levels[cheapest]:.2f}, where a miss counts ten")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure, (
        "Missed malignant cases and false alarms over the threshold from 0 to 1. "
        f"At 0.50 there are {missed[48]} misses and {false[48]} false alarms. If a miss "
        f"costs ten times as much, the dotted cost curve is lowest at {levels[cheapest]:.2f}, "
        f"with {missed[cheapest]} misses and {false[cheapest]} false alarms."
    )


@picture
def coefficients(
    fit: Function, X: np.ndarray, y: np.ndarray, theirs: np.ndarray, names: Sequence[str]
) -> Drawn:
    """Draw the weights of the student's `fit` beside those of scikit-learn.

    X, y    (N, d) and (N,)
    theirs  (d+1,), bias first
    names   of the d features
    """
    from matplotlib.lines import Line2D

    theirs = np.asarray(theirs, dtype=float)
    mine = np.asarray(fit(np.asarray(X), np.asarray(y), learning_rate=1.0, steps=5000))
    figure, axes = new_figure(width=7.8, height=3.6)
    for values, shift, color, hatch in ((mine, -0.2, BLUE, None), (theirs, 0.2, ORANGE, "//")):
        places = np.arange(len(values)) + shift
        axes.bar(places, values, 0.36, color=color, hatch=hatch, edgecolor=GROUND)
        for place, value in zip(places, values):
            axes.annotate(
                f"{value:.5f}", (place, value), xytext=(0, 3 if value > 0 else -13),
                textcoords="offset points", ha="center", fontsize=9,
            )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xticks(np.arange(len(mine)), ["bias", *names])
    axes.grid(axis="x", visible=False)
    axes.set(ylabel="weight", ylim=(-1.8, 5.8))
    axes.set_title(f"largest difference {np.max(np.abs(mine - theirs)):.1e}")
    handles = [
        Line2D([], [], color=color, marker="s", linestyle="", markersize=9)
        for color in (BLUE, ORANGE)
    ]
    axes.legend(handles, ["your fit", "LogisticRegression (hatched)"], loc="upper right")
    rows = ", ".join(f"{name} {value:.5f}" for name, value in zip(["bias", *names], mine))
    return figure, (
        f"Pairs of bars for your weights and scikit-learn's: {rows}. "
        f"The largest difference is {np.max(np.abs(mine - theirs)):.1e}."
    )


@picture
def false_valley(sigmoid: Function) -> Drawn:
    """Draw two losses of one weight on three examples, and a descent on each from the same
    start."""
    x, y = np.array([10.0, 1.0, 0.2]), np.array([0.0, 1.0, 0.0])
    grid = np.linspace(-1.5, 2.5, 401)

    def chances(w: Any) -> Any:
        return np.asarray(sigmoid(np.multiply.outer(w, x)))

    def cross_entropy(w: Any) -> Any:
        p = chances(w)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p), axis=-1)

    def squared(w: Any) -> Any:
        return np.mean((chances(w) - y) ** 2, axis=-1)

    def pull(w: Any) -> Any:
        return np.mean((chances(w) - y) * x)

    def weak_pull(w: Any) -> Any:
        p = chances(w)
        return np.mean(2 * (p - y) * p * (1 - p) * x)

    figure, axes = new_figure(1, 2, width=9.4, height=3.6)
    said = []
    for axis, name, loss, slope, rate, color in (
        (axes[0], "cross-entropy", cross_entropy, pull, 0.05, BLUE),
        (axes[1], "squared error", squared, weak_pull, 1.0, RED),
    ):
        values, w = loss(grid), 2.0
        path = [w]
        for _ in range(600):
            w = w - rate * slope(w)
            path.append(w)
        valleys = np.flatnonzero((values[1:-1] < values[:-2]) & (values[1:-1] < values[2:])) + 1
        axis.plot(grid, values, color=color)
        shown = np.array(path[:20] + path[20::40])
        axis.plot(shown, loss(shown), "o", color=INK, markersize=4, alpha=0.6)
        axis.plot(2.0, loss(2.0), "s", color=INK, markersize=8)
        axis.annotate("start", (2.0, loss(2.0)), xytext=(0, 9), textcoords="offset points",
                      ha="center")  # fmt: skip
        axis.plot(w, loss(w), "*", color=ORANGE, markeredgecolor=INK, markersize=15, zorder=4)
        axis.annotate(f"ends at {w:.2f},\nloss {loss(w):.3f}", (w, loss(w)), xytext=(0, -14),
                      textcoords="offset points", ha="center", va="top")  # fmt: skip
        low, high = values.min(), values.max()
        axis.set(xlabel="weight w", ylabel="loss", ylim=(low - 0.35 * (high - low), None))
        places = ", ".join(f"{grid[v]:.2f}" for v in valleys) or "no place"
        axis.set_title(f"{name}: lowest at {places}")
        said.append(
            f"{name} is lower than on both sides at {places}; from 2 descent ends at {w:.2f} with "
            f"a loss of {loss(w):.3f}"
        )
    return figure, (
        "Two curves of the loss of three examples over one weight, with the path of a descent from "
        f"w = 2, marked by a square, to a star. {'. '.join(said)}."
    )

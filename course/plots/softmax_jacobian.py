"""The pictures of 03-softmax-jacobian, drawn with the functions the student wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from course.plots.style import Drawn, Function, explorer, new_figure, picture, readings, slider
from course.plots.themes import (
    BLUE,
    GREEN,
    GREY,
    GROUND,
    INK,
    LINES,
    ORANGE,
    PALE,
    PALE_BLUE,
    PALE_ORANGE,
    PINK,
    RED,
    signed,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

# The classes, in every picture of this notebook.
COLORS = (BLUE, ORANGE, GREEN, PINK)
HATCHES = ("", "//", "\\\\", "xx")
ANIMALS = ("dog", "cat", "duck")


@picture
def three_ways(softmax: Function) -> Drawn:
    """Draw one score raised: what argmax, three sigmoids and softmax make of it."""
    figure, axes = new_figure(1, 3, width=9.4, height=3.4, sharey=True)
    x = np.linspace(-4, 6, 201)
    scores = np.stack([x, np.full_like(x, 1.0), np.zeros_like(x)], axis=1)
    winner = scores.argmax(axis=1)[:, None] == np.arange(3)
    # A sigmoid is a softmax against a score of 0.
    against_zero = np.asarray(softmax(np.stack([scores, np.zeros_like(scores)], axis=-1)))
    ways = {
        "argmax": winner.astype(float),
        "three sigmoids": against_zero[..., 0],
        "softmax": np.asarray(softmax(scores)),
    }
    for axis, (title, values) in zip(axes, ways.items()):
        for k, animal in enumerate(ANIMALS):
            axis.plot(x, values[:, k], LINES[k], color=COLORS[k], label=animal)
        axis.plot(x, values.sum(axis=1), ":", color=INK, linewidth=1.5, label="sum")
        axis.set(title=title, xlabel="score of dog (cat 1, duck 0)", ylim=(-0.08, 2.8))
    axes[0].set_ylabel("output")
    axes[0].legend(loc="upper left", ncols=2)
    told = ". ".join(
        f"{title.partition(':')[0]}: {readings(axis, (-4, 0.9, 1.1, 6))}"
        for title, axis in zip(ways, axes)
    )
    return figure, (
        f"Three panels against the score of dog, with cat fixed at 1 and duck at 0. {told}."
    )


@picture
def temperatures(softmax_with_temperature: Function, scores: ArrayLike) -> Drawn:
    """Draw the same scores at four temperatures, with the entropy of each.

    scores  (4,)
    """
    figure, axes = new_figure(1, 4, width=9.4, height=3.0, sharey=True)
    said = []
    for axis, temperature in zip(axes, (0.5, 1.0, 2.0, 10.0)):
        p = np.asarray(softmax_with_temperature(np.array(scores), temperature))
        bits = _bars(axis, p)
        axis.set_title(f"T = {temperature:g}: {bits:.2f} bits")
        said.append(f"{bits:.2f} bits at T = {temperature:g}, {_listed(p)}")
    axes[0].set_ylabel("probability")
    return figure, (
        f"Four probabilities as bars at four temperatures, with their entropy: {'; '.join(said)}."
    )


def temperature_slider(softmax_with_temperature: Function, scores: ArrayLike) -> None:
    """Draw the bars at a temperature chosen with a slider; at T = 1 where no widget can run.

    scores  (4,)
    """

    @picture
    def draw(temperature: float) -> Drawn:
        figure, axis = new_figure(width=6.4, height=3.0)
        p = np.asarray(softmax_with_temperature(np.array(scores), temperature))
        bits = _bars(axis, p)
        axis.set(title=f"T = {temperature:g}, entropy {bits:.3f} of 2 bits", ylabel="probability")
        return figure, (
            f"Four bars at temperature {temperature:g}: {_listed(p)}; entropy {bits:.3f} bits."
        )

    slider(draw, [0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0], 1.0, "T")


def _bars(axis: Axes, p: np.ndarray) -> float:
    """Draw the probabilities of the classes as bars; returns their entropy in bits."""
    for k, height in enumerate(p):
        axis.bar(k + 1, height, 0.7, color=COLORS[k], hatch=HATCHES[k], edgecolor=GROUND)
        axis.annotate(f"{height:.3f}", (k + 1, height + 0.02), ha="center", fontsize=9)
    axis.set(ylim=(0, 1.12), xlabel="class", xticks=range(1, len(p) + 1))
    axis.grid(axis="x", visible=False)
    seen = p[p > 0]
    return float(-np.sum(seen * np.log2(seen)))


def _listed(numbers: Iterable[float]) -> str:
    return ", ".join(f"{number:.3f}" for number in numbers)


@picture
def smooth_maximum(logsumexp: Function) -> Drawn:
    """Draw log-sum-exp beside the maximum, and the naive formula at the end of its range."""
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.5)
    x = np.linspace(-4, 5, 181)
    scores = np.stack([x, np.full_like(x, 1.0), np.zeros_like(x)], axis=1)
    top = scores.max(axis=1)
    left.fill_between(x, top, top + np.log(3), color=PALE_BLUE, label="max to max + ln 3")
    left.plot(x, top, "--", color=GREY, label="max")
    left.plot(x, np.asarray(logsumexp(scores)), color=BLUE, label="log-sum-exp")
    left.set(xlabel="first of the scores (x, 1, 0)", title="Log-sum-exp and the maximum")
    left.legend(loc="upper left")
    c = np.linspace(-1000, 1000, 401)
    shifted = c[:, None] + np.array([0.0, 1.0, -1.0])
    with np.errstate(all="ignore"):
        naive = np.log(np.exp(shifted).sum(axis=1))
    ok = np.isfinite(naive)
    right.plot(c, np.asarray(logsumexp(shifted)) - c, color=BLUE, label="your log-sum-exp")
    right.plot(c[ok], (naive - c)[ok], "--", color=RED, label="naive formula")
    for place, text, side in ((c[ok][0], "ln 0", "right"), (c[ok][-1], "e^a too\nlarge", "left")):
        right.axvline(place, color=GREY, linewidth=1, linestyle=":")
        shift = -6 if side == "right" else 6
        right.annotate(
            text, (place, 0.95), xytext=(shift, 0), textcoords="offset points", ha=side,
        )  # fmt: skip
    right.set(xlabel="c", ylim=(0.8, 2.1), title="lse of (c, c + 1, c - 1), minus c")
    right.set_xticks([-1000, -500, 0, 500, 1000])
    right.legend(loc="upper center")
    return figure, (
        f"Left, for scores (x, 1, 0): {readings(left, (-4, 1, 5))}; a band reaches from the "
        "maximum to ln 3 above it. Right, log-sum-exp of (c, c + 1, c - 1) minus c: "
        f"{readings(right, (-1000, -745, 0, 705, 1000), '.4g')}. The naive formula exists from "
        f"{c[ok][0]:g} to {c[ok][-1]:g}."
    )


@picture
def one_score_raised(
    softmax: Function, scores: ArrayLike, softmax_jacobian: Function | None = None
) -> Drawn:
    """Draw all outputs while the third score moves; with their slopes where a Jacobian is given.

    scores  (K,), three or more
    """
    figure, axes = new_figure(width=7.6, height=3.8)
    here = np.array(scores, dtype=float)
    x = np.linspace(-2, 6, 161)
    moved = np.tile(here, (len(x), 1))
    moved[:, 2] = x
    s, s_here = np.asarray(softmax(moved)), np.asarray(softmax(here))
    slopes = None if softmax_jacobian is None else np.asarray(softmax_jacobian(here))[:, 2]
    for k in range(len(here)):
        axes.plot(x, s[:, k], LINES[k], color=COLORS[k], label=f"$s_{k + 1}$")
        axes.plot(here[2], s_here[k], "o", color=COLORS[k], markersize=7, zorder=3)
        if slopes is not None:
            step = np.array([-0.9, 0.9])
            axes.plot(here[2] + step, s_here[k] + slopes[k] * step, color=INK, linewidth=1.2)
    if slopes is not None:
        text = "slopes\n" + "\n".join(f"$s_{k + 1}$: {v:+.4f}" for k, v in enumerate(slopes))
        axes.annotate(text, (6.3, 0.5), va="center", annotation_clip=False)
    axes.axvline(here[2], color=GREY, linewidth=1, linestyle=":")
    axes.set(xlabel="third score (the others stay)", ylabel="output", ylim=(-0.03, 1.03))
    axes.set_title("Raise one score: what do the outputs do?")
    axes.set_xlim(-2, 6)
    axes.legend(loc="upper left")
    said = "" if slopes is None else (
        f" Short lines mark the slopes at {here[2]:g}: "
        + ", ".join(f"{v:+.4f}" for v in slopes)
        + f", which add up to {_total(float(slopes.sum()))}."
    )  # fmt: skip
    return figure, (f"Four outputs against the third score: {readings(axes, (-2, 2, 6))}.{said}")


@picture
def accuracy_and_loss(
    cross_entropy_loss: Function, targets: np.ndarray, predictions: dict[str, np.ndarray]
) -> Drawn:
    """Draw two nets: the probability each gives to the true class, its accuracy and its loss.

    targets      (N, K), one-hot
    predictions  name -> probabilities (N, K)
    """
    figure, axes = new_figure(1, 2, width=8.6, height=3.3, sharey=True)
    targets = np.asarray(targets)
    said = []
    for axis, (name, p) in zip(axes, predictions.items()):
        p = np.asarray(p)
        truth = np.sum(p * targets, axis=1)
        right = p.argmax(axis=1) == targets.argmax(axis=1)
        loss = float(cross_entropy_loss(np.log(p), targets))
        for n, (height, hit) in enumerate(zip(truth, right)):
            axis.bar(
                n, height, 0.6, color=GREEN if hit else RED, hatch="" if hit else "//",
                edgecolor=GROUND,
            )  # fmt: skip
            word = "right" if hit else "wrong"
            text = f"{height:.2f}, {word}\n−ln: {-np.log(height):.2f}"
            axis.annotate(text, (n, height + 0.02), ha="center")
        axis.set_title(f"{name}: {right.sum()} of {len(p)} right, loss {loss:.4f}")
        axis.set(ylim=(0, 1.02), xticks=range(len(p)))
        axis.set_xticklabels([f"example {n + 1}" for n in range(len(p))])
        axis.grid(axis="x", visible=False)
        said.append(
            f"{name} gives {_listed(truth)}, {right.sum()} of {len(p)} right, loss {loss:.4f}"
        )
    axes[0].set_ylabel("probability of the true class")
    return figure, f"Bars of the probability of the true class. {'; '.join(said)}."


@picture
def jacobian_parts(softmax: Function, softmax_jacobian: Function, scores: ArrayLike) -> Drawn:
    """Draw diag(s), the outer product s s^T and their difference, the Jacobian, as heat maps.

    scores  (K,)
    """
    figure, axes = new_figure(1, 3, width=9.6, height=3.7)
    s = np.asarray(softmax(np.array(scores, dtype=float)))
    J = np.asarray(softmax_jacobian(np.array(scores, dtype=float)))
    parts = {"diag(s)": np.diag(s), "s sᵀ": np.outer(s, s), "your J": J}
    for axis, (title, matrix) in zip(axes, parts.items()):
        _heat(axis, matrix, limit=np.abs(matrix).max())
        axis.set_title(title)
    axes[0].set_ylabel("output i")
    for i, total in enumerate(J.sum(axis=1)):
        axes[2].annotate(_total(total), (len(s) - 0.25, i), va="center", annotation_clip=False)
    axes[2].annotate(
        "row\nsum", (len(s) - 0.25, -0.62), ha="center", va="bottom", fontsize=9,
        annotation_clip=False,
    )  # fmt: skip
    for axis in axes:
        axis.set_xlabel("score k")
    return figure, (
        f"Three 4 x 4 heat maps: diag(s) with {_listed(s)} on its diagonal; the outer product of s "
        f"with itself; and your Jacobian, whose rows are {'; '.join(_signs(row) for row in J)} and "
        f"add up to {', '.join(_total(total) for total in J.sum(axis=1))}."
    )


def _total(number: float) -> str:
    return (
        "0" if abs(number) < 1e-12 else f"{number:.3f}" if abs(number) > 5e-4 else f"{number:.0e}"
    )


def _heat(axis: Axes, matrix: np.ndarray, limit: float, size: float = 9) -> None:
    """Draw a signed matrix as a heat map with its numbers."""
    axis.imshow(matrix, cmap=signed(), vmin=-limit, vmax=limit)
    for (i, k), value in np.ndenumerate(matrix):
        text = "0" if value == 0 else f"{value:.3f}"
        axis.annotate(text, (k, i), ha="center", va="center", fontsize=size)
    axis.set(xticks=range(matrix.shape[1]), yticks=range(matrix.shape[0]))
    axis.set_xticklabels([str(1 + k) for k in range(matrix.shape[1])])
    axis.set_yticklabels([str(1 + i) for i in range(matrix.shape[0])])
    axis.grid(visible=False)
    axis.tick_params(length=0)


@picture
def saturation(
    softmax: Function, softmax_jacobian: Function, cross_entropy_gradient: Function
) -> Drawn:
    """Show how a wrong class gets ahead: what is left of the Jacobian and of two gradients."""
    figure, axes = new_figure(width=7.6, height=3.7)
    gaps = np.linspace(0, 20, 81)
    y = np.array([0.0, 1.0, 0.0])
    jacobian, squared, fused = [], [], []
    for gap in gaps:
        a = np.array([gap, 0.0, 0.0])
        J = np.asarray(softmax_jacobian(a))
        jacobian.append(np.abs(J).max())
        squared.append(np.abs(2 * (np.asarray(softmax(a)) - y) @ J).max())
        fused.append(np.abs(np.asarray(cross_entropy_gradient(a[None], y[None]))).max())
    axes.semilogy(gaps, fused, color=BLUE, label="gradient of cross-entropy")
    axes.semilogy(gaps, squared, "--", color=RED, label="gradient of the squared error")
    axes.semilogy(gaps, jacobian, ":", color=INK, label="the Jacobian itself")
    axes.set(xlabel="lead of the wrong class (difference of scores)", ylim=(1e-9, 6), xlim=(0, 20))
    axes.set_ylabel("largest entry")
    axes.set_title("Confidently wrong: what is left of the gradients")
    axes.legend(loc="lower left")
    return figure, (
        "Largest entries on a logarithmic scale against the lead of a wrong class. "
        f"{readings(axes, (0, 5, 10, 20), '.1e')}."
    )


CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])


@picture
def simplex(softmax: Function, cross_entropy_gradient: Function) -> Drawn:
    """Draw the triangle of three-class predictions with arrows s - y for each possible label."""
    figure, axes = new_figure(1, 3, width=9.4, height=2.8)
    logs = np.array([-1.6, 0.0, 1.6])
    scores = np.array([[x, z, 0.0] for x in logs for z in logs])
    s = np.asarray(softmax(scores))
    told = []
    for label, axis in enumerate(axes):
        y = np.tile(np.eye(3)[label], (len(s), 1))
        gradient = np.asarray(cross_entropy_gradient(scores, y)) * len(s)
        axis.fill(*CORNERS.T, facecolor=PALE, edgecolor=GREY)
        start, arrow = s @ CORNERS, 0.3 * gradient @ CORNERS
        away = np.sum(arrow * (start - CORNERS[label]), axis=1) > 0
        told.append(f"{ANIMALS[label]}, {int(away.sum())} of {len(s)} away from its corner")
        axis.quiver(
            *start.T, *arrow.T, angles="xy", scale_units="xy", scale=1, color=RED, width=0.009,
            zorder=3,
        )  # fmt: skip
        axis.plot(*start.T, "o", color=INK, markersize=4, zorder=4)
        for k, (corner, animal) in enumerate(zip(CORNERS, ANIMALS)):
            true = k == label
            axis.plot(*corner, "*" if true else "o", color=COLORS[k], markersize=15 if true else 7)
            side = ("right", "left", "center")[k]
            axis.annotate(
                animal, corner, xytext=((-10, -4), (10, -4), (0, 10))[k],
                textcoords="offset points", ha=side, fontweight="bold" if true else "normal",
            )  # fmt: skip
        axis.set(title=f"the truth is {ANIMALS[label]}", xlim=(-0.34, 1.34), ylim=(-0.2, 1.02))
        axis.set_aspect("equal")
        axis.axis("off")
    return figure, (
        "Three triangles whose corners are sure predictions of dog, cat and duck. From nine "
        "predictions an arrow shows your gradient in the scores, s - y where it is right, "
        "shortened to 0.3 of its length. The true corner is marked by a star; for the truth "
        f"{'; '.join(told)}."
    )


def scores(softmax: Function, softmax_jacobian: Function, cross_entropy_gradient: Function) -> None:
    """Draw three scores under sliders: probabilities, the point among all predictions, the
    Jacobian.

    A step downhill in the scores moves the point not along the difference of prediction and truth
    but along what the Jacobian makes of it; both arrows are drawn, at the same length.
    """

    @picture
    def at(dog: float, cat: float, duck: float, truth: str) -> Drawn:
        a, true = np.array([dog, cat, duck], dtype=float), ANIMALS.index(truth)
        y = np.eye(3)[true]
        s = np.asarray(softmax(a), dtype=float)
        J = np.asarray(softmax_jacobian(a), dtype=float)
        gradient = np.asarray(cross_entropy_gradient(a[None], y[None]), dtype=float)[0]
        moved = -J @ gradient
        figure, (bars, triangle, table) = new_figure(
            1, 3, width=10.0, height=3.7, gridspec_kw={"width_ratios": [0.85, 1.25, 0.9]},
            placed={"left": 0.06, "right": 0.99, "bottom": 0.14, "top": 0.9, "wspace": 0.16},
        )  # fmt: skip
        _bars(bars, s)
        bars.set_xticks(range(1, 4), ANIMALS)
        bars.set(xlabel="", ylabel="probability", title="softmax")
        triangle.fill(*CORNERS.T, facecolor=PALE, edgecolor=GREY)
        here = s @ CORNERS
        directions = [-gradient @ CORNERS, moved @ CORNERS]
        for direction, color, line in zip(directions, (GREY, RED), ("--", "-")):
            length = np.hypot(*direction)
            if length > 1e-9:
                triangle.annotate(
                    "", here + 0.35 * direction / length, here, zorder=3,
                    arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 2,
                                "linestyle": line, "shrinkA": 0},
                )  # fmt: skip
        triangle.plot(*here, "o", color=INK, markersize=7, zorder=4)
        for k, (corner, animal) in enumerate(zip(CORNERS, ANIMALS)):
            marker, size = ("*", 15) if k == true else ("o", 7)
            triangle.plot(*corner, marker, color=COLORS[k], markersize=size)
            triangle.annotate(
                animal, corner, xytext=((-4, -14), (4, -14), (0, 9))[k],
                textcoords="offset points", ha="center",
                fontweight="bold" if k == true else "normal",
            )  # fmt: skip
        triangle.plot([], [], "--", color=GREY, label="−gradient")
        triangle.plot([], [], "-", color=RED, label="where a step moves it, J times that")
        triangle.legend(loc="upper center", bbox_to_anchor=(0.5, 0.02), fontsize=9)
        triangle.set(xlim=(-0.3, 1.3), ylim=(-0.16, 1.02), aspect="equal")
        triangle.set_title(f"the truth, {truth}, is the star")
        triangle.axis("off")
        _heat(table, J, limit=0.25)
        table.set(title="Jacobian", xlabel="score k", ylabel="output i")
        apart = _angle(*directions)
        return figure, (
            f"Scores {dog:g}, {cat:g} and {duck:g} give the probabilities {_listed(s)} for dog, "
            f"cat and duck. In the triangle of all predictions the truth is {truth}; from the "
            f"point an arrow shows minus your gradient, {_signs(-gradient)}, and another where a "
            f"step along it in the scores moves the point, {_signs(moved)}; {apart}. The rows of "
            f"the Jacobian: {'; '.join(_signs(row) for row in J)}."
        )

    steps = [round(step / 4, 2) for step in range(-16, 17)]
    explorer(
        at,
        {"dog": (steps, 0.0), "cat": (steps, 3.0), "duck": (steps, 1.5), "truth": (ANIMALS, "dog")},
    )


def _signs(numbers: np.ndarray) -> str:
    # Adding 0 makes a negative zero an ordinary one.
    return ", ".join(f"{round(float(number), 3) + 0.0:+.3f}" for number in numbers)


def _angle(one: np.ndarray, other: np.ndarray) -> str:
    lengths = np.hypot(*one) * np.hypot(*other)
    if lengths < 1e-12:
        return "one of the two has no length"
    degrees = np.degrees(np.arccos(np.clip(one @ other / lengths, -1, 1)))
    return f"they are {degrees:.0f} degrees apart"


def _three_clouds() -> tuple[np.ndarray, np.ndarray]:
    """Return sixty points (60, 2) in three overlapping clouds, and their classes one-hot (60,
    3)."""
    rng = np.random.default_rng(3)
    centers = np.array([[-1.3, -0.9], [1.4, -0.6], [0.1, 1.4]])
    points = np.concatenate([center + 0.75 * rng.standard_normal((20, 2)) for center in centers])
    return points, np.repeat(np.eye(3), 20, axis=0)


REGION_STEPS = (0, 1, 3, 10, 30, 100, 300)


def regions(
    softmax: Function, cross_entropy_loss: Function, cross_entropy_gradient: Function
) -> None:
    """Draw the regions of a linear model of three classes while it trains, under a slider of
    steps."""
    X, Y = _three_clouds()

    @cache
    def trained() -> list[tuple[np.ndarray, np.ndarray, float]]:
        theta, beta, found = np.zeros((3, 2)), np.zeros(3), []
        for step in range(REGION_STEPS[-1] + 1):
            a = X @ theta.T + beta
            if step in REGION_STEPS:
                found.append((theta, beta, float(cross_entropy_loss(a, Y))))
            delta = np.asarray(cross_entropy_gradient(a, Y), dtype=float)
            theta, beta = theta - delta.T @ X, beta - delta.sum(axis=0)
        return found

    @picture
    def at(step: int) -> Drawn:
        shown = REGION_STEPS.index(step)
        losses = [loss for _, _, loss in trained()]
        theta, beta, loss = trained()[shown]
        figure, (left, right) = new_figure(
            1, 2, width=9.4, height=4.2, gridspec_kw={"width_ratios": [1.25, 1]},
            placed={"left": 0.06, "right": 0.98, "bottom": 0.13, "top": 0.9, "wspace": 0.2},
        )  # fmt: skip
        side = np.linspace(-3.4, 3.4, 40)
        grid = np.stack(np.meshgrid(side, side), axis=-1)
        chance = np.asarray(softmax(grid.reshape(-1, 2) @ theta.T + beta)).reshape(40, 40, 3)
        for k, (animal, marker) in enumerate(zip(ANIMALS, "os^")):
            others = np.delete(chance, k, axis=2).max(axis=2)
            if np.ptp(chance[..., k] - others) > 0:
                left.contour(side, side, chance[..., k] - others, levels=[0.0], colors=INK)
                left.contour(
                    side, side, chance[..., k], levels=[0.9], colors=COLORS[k], linestyles="--"
                )
            chosen = Y[:, k] == 1
            left.plot(*X[chosen].T, marker, color=COLORS[k], markersize=6, label=animal)
        left.set(xlim=(-3.4, 3.4), ylim=(-3.4, 4.3), xlabel="x₁", ylabel="x₂")
        left.set_title(f"after {step} steps; dashed: 90 % sure")
        left.legend(loc="upper left", ncols=3, fontsize=9.5)
        hits = np.asarray(softmax(X @ theta.T + beta)).argmax(axis=1) == Y.argmax(axis=1)
        right.plot(losses, "o-", color=GREY, markersize=5)
        right.plot(shown, loss, "s", color=RED, markersize=10, zorder=3)
        right.axhline(np.log(3), color=INK, linestyle=":", linewidth=1)
        right.annotate("ln 3", (5.6, np.log(3)), xytext=(0, 4), textcoords="offset points")
        right.set_xticks(range(len(REGION_STEPS)), REGION_STEPS)
        right.set(xlabel="steps", ylabel="mean loss, nats", ylim=(0, 1.25))
        right.set_title(f"loss {loss:.3f}, {hits.mean():.0%} right")
        return figure, (
            f"Left: sixty points of three classes, and the borders of their regions after {step} "
            "steps of a linear softmax, with dashed lines where a class has 90 per cent. "
            f"{int(hits.sum())} of 60 points lie in their own region. Right: the loss against the "
            f"steps, {losses[0]:.3f} at the start, {loss:.3f} here, and {losses[-1]:.3f} after "
            f"{REGION_STEPS[-1]} steps."
        )

    slider(at, REGION_STEPS, REGION_STEPS[3], "steps")


@picture
def network_flow(
    X: np.ndarray,
    Y: np.ndarray,
    parameters: Sequence[np.ndarray],
    network_scores: Function,
    softmax: Function,
    output_layer_gradients: Function,
) -> Drawn:
    """Draw the network of Softmax e grafo as a flow of matrices, forward and back.

    X, Y        (N, d) and (N, K)
    parameters  as `network_scores` takes them, behind X
    """
    X, Y = np.asarray(X, dtype=float), np.asarray(Y, dtype=float)
    o, a = (np.asarray(part) for part in network_scores(X, *parameters))
    s = np.asarray(softmax(a))
    dtheta, dbeta = (np.asarray(part) for part in output_layer_gradients(o, a, Y))
    losses = -np.log(np.sum(s * Y, axis=1))
    figure, axes = new_figure(width=9.4, height=4.8)
    axes.set(xlim=(0, 10.4), ylim=(0, 5.2))
    axes.axis("off")
    top, bottom = 4.75, 2.55
    forward, backward, given = PALE_BLUE, PALE_ORANGE, PALE
    _matrix(axes, X, 0.15, top, "X", given, "g")
    _matrix(axes, o, 2.0, top, "o", forward)
    _matrix(axes, a, 4.15, top, "a", forward)
    _matrix(axes, s, 6.8, top, "s", forward)
    _matrix(axes, losses, 9.4, top, "−ln s true", forward)
    _matrix(axes, Y, 9.2, bottom, "y", given, "g")
    _matrix(axes, s - Y, 6.8, bottom, "δ = s − y", backward)
    _matrix(axes, dtheta, 4.45, bottom, "dL/dθ₂", backward)
    _matrix(axes, dbeta, 6.8, 0.68, "dL/dβ₂", backward, flat=True)
    level = top - 0.56
    _arrow(axes, (0.92, level), (1.95, level), "σ(Xθ₁ᵀ+β₁)", BLUE)
    _arrow(axes, (3.17, level), (4.1, level), "oθ₂ᵀ+β₂", BLUE)
    _arrow(axes, (5.88, level), (6.75, level), "softmax", BLUE)
    _arrow(axes, (8.53, level), (9.35, level), "−Σ y ln s", BLUE)
    _arrow(axes, (7.64, 3.55), (7.64, 2.85), "", RED)
    _arrow(axes, (9.15, bottom - 0.56), (8.53, bottom - 0.56), "minus y", RED)
    _arrow(axes, (6.75, bottom - 0.56), (5.62, bottom - 0.56), "δᵀ o / 4", RED)
    _arrow(axes, (7.64, 1.38), (7.64, 0.98), "", RED)
    axes.annotate("mean of each column", (7.78, 1.15), va="center", fontsize=8)
    axes.annotate(f"mean {losses.mean():.4f}", (9.68, 3.42), ha="center", fontweight="bold")
    axes.annotate("forward: the blue arrows, left to right", (0.15, 1.15), color=BLUE)
    axes.annotate("back: the orange arrows, right to left", (0.15, 0.8), color=RED)
    return figure, (
        "Two rows of matrices with their numbers. Forward, left to right: X (4 x 2), hidden "
        "activations o (4 x 2), scores a (4 x 3), probabilities s (4 x 3), and minus the logarithm "
        f"of each true class's probability, {_listed(losses)}, with mean {losses.mean():.4f}. "
        "Back, right to left: delta = s - y (4 x 3), your gradient of theta (3 x 2), with the rows "
        f"{'; '.join(_signs(row) for row in dtheta)}, and that of beta, {_signs(dbeta)}."
    )


def _matrix(
    axes: Axes,
    values: np.ndarray,
    left: float,
    top: float,
    name: str,
    color: str,
    form: str = ".4f",
    flat: bool = False,
) -> None:
    """Draw a matrix as a table of numbers, its name and shape above it; a vector lies flat or
    stands."""
    from matplotlib.patches import Rectangle

    shape = " × ".join(map(str, values.shape)) + ("," if values.ndim == 1 else "")
    if values.ndim == 1:
        values = values[None] if flat else values[:, None]
    columns = values.shape[1]
    width, height = (0.36 if form == "g" else 0.56), 0.28
    for (i, k), value in np.ndenumerate(values):
        x, y = left + k * width, top - (i + 1) * height
        axes.add_patch(Rectangle((x, y), width, height, facecolor=color, edgecolor=GROUND))
        axes.annotate(
            format(value, form).replace("-", "−"), (x + width / 2, y + height / 2 - 0.01),
            ha="center", va="center", fontsize=8,
        )  # fmt: skip
    axes.annotate(
        f"{name}  ({shape})", (left + columns * width / 2, top + 0.09), ha="center",
        fontsize=9, fontweight="bold",
    )  # fmt: skip


def _arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], text: str, color: str
) -> None:
    axes.annotate(
        "", end, xytext=start, arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 1.8},
    )  # fmt: skip
    axes.annotate(text, ((start[0] + end[0]) / 2, start[1] + 0.1), ha="center", fontsize=8)


@picture
def products_add_up(
    X: np.ndarray,
    Y: np.ndarray,
    parameters: Sequence[np.ndarray],
    network_scores: Function,
    cross_entropy_gradient: Function,
    output_layer_gradients: Function,
) -> Drawn:
    """Draw one outer product per example, and their mean, the gradient of the output weights.

    X, Y        (N, d) and (N, K)
    parameters  as `network_scores` takes them, behind X
    """
    o, a = (np.asarray(part) for part in network_scores(X, *parameters))
    delta = np.asarray(cross_entropy_gradient(a, Y)) * len(o)
    mean = np.asarray(output_layer_gradients(o, a, Y)[0])
    figure, axes = new_figure(1, len(o) + 1, width=10.0, height=3.1)
    products = [np.outer(one, other) for one, other in zip(delta, o)]
    apart = float(np.abs(mean - np.mean(products, axis=0)).max())
    for n, axis in enumerate(axes[:-1]):
        _heat(axis, products[n], limit=0.55, size=9.5)
        axis.set_title(f"example {n + 1}")
        axis.annotate("+" if n < len(o) - 1 else "→", (1.72, 1), va="center", fontsize=15,
                      annotation_clip=False)  # fmt: skip
    _heat(axes[-1], mean, limit=0.55, size=9.5)
    axes[-1].set_title("your dL/dθ₂")
    axes[0].set_ylabel("class (number of ones)")
    for axis in axes:
        axis.set_xlabel("hidden unit")
        axis.set_yticklabels(range(len(mean)))
    below = [", ".join(f"{k}" for k in np.flatnonzero((one < 0).all(axis=1))) for one in products]
    return figure, (
        "Four heat maps of 3 x 2 numbers, one outer product per example; the rows that are "
        f"negative throughout: {'; '.join(row or 'none' for row in below)}. Your gradient has "
        f"the rows {'; '.join(_signs(row) for row in mean)}; it lies at most {apart:.0e} from the "
        "mean of the four."
    )

"""The pictures of 06-activations, drawn with the functions the student wrote."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np

from course.plots.style import Drawn, Function, explorer, new_figure, picture
from course.plots.themes import BLUE, GREEN, GREY, INK, RED

STYLES = ((BLUE, "-"), (RED, "--"), (GREEN, "-."), (INK, ":"))


def _signed(number: float, digits: int = 2) -> str:
    # Adding 0 makes a negative zero an ordinary one.
    return f"{round(number, digits) + 0.0:.{digits}f}".replace("-", "−")


def _size(number: float) -> str:
    """Write a number that may be very large or very small with two digits."""
    return _signed(number) if 0.1 <= abs(number) < 100 else f"{number:.1e}".replace("-", "−")


@picture
def printed_slope(curve: Function, printed: Function, name: str) -> Drawn:
    """Draw the slope of a curve, measured, and the formula that a lecture prints for it."""
    x = np.linspace(-4, 4, 1601)
    measured = np.gradient(curve(x), x, edge_order=2)
    formula = np.asarray(printed(x), dtype=float)
    gap = np.abs(formula - measured)
    at = int(np.argmax(gap))
    middle = len(x) // 2
    figure, axes = new_figure(width=7.4, height=3.5)
    axes.plot(x, measured, color=BLUE, label=f"slope of {name}, measured")
    axes.plot(x, formula, "--", color=RED, label="the formula")
    axes.fill_between(x, measured, formula, color=RED, alpha=0.15, linewidth=0)
    axes.set(xlabel="score x", ylabel="slope")
    axes.legend(loc="best")
    agree = gap[at] < 1e-4
    verdict = "they agree" if agree else f"up to {gap[at]:.2f} apart, at x = {_signed(x[at])}"
    axes.set_title(f"Formula and measured slope: {verdict}")
    return figure, (
        f"The slope of {name}, measured by small differences, and a formula, for scores from -4 to "
        f"4. At 0 the measured slope is {measured[middle]:.3f} and the formula gives "
        f"{formula[middle]:.3f}. "
        + (
            "The two curves lie on each other everywhere."
            if agree
            else f"They are furthest apart at x = {x[at]:.2f}, by {gap[at]:.2f}."
        )
    )


@picture
def bends(relu: Function, sigmoid: Function) -> Drawn:
    """Draw the score of a network with and without ReLU, and what a sigmoid makes of it."""
    x = np.linspace(-3, 3, 601)
    target = 3 * np.sin(1.7 * x)
    places = np.linspace(-2.6, 2.3, 7)
    # Hidden weights 1, biases at seven places; the output weights are the best in least squares.
    scores = x[:, None] - places
    fits = []
    for hidden in (scores, np.asarray(relu(scores))):
        columns = np.column_stack([np.ones_like(x), x, hidden])
        fits.append(columns @ np.linalg.lstsq(columns, target, rcond=None)[0])
    straight, bent = fits
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.5)
    left.plot(x, target, ":", color=INK, label="the curve to learn")
    left.plot(x, straight, "--", color=RED, label="seven units without activation")
    left.plot(x, bent, color=BLUE, label="seven units with your ReLU")
    left.plot(places, np.interp(places, x, bent), "o", color=BLUE, markersize=5)
    left.set(title="The last score", xlabel="input x", ylabel="score", ylim=(-4, 6.6))
    left.legend(loc="upper left", fontsize=9)
    right.plot(x, sigmoid(straight), "--", color=RED)
    right.plot(x, sigmoid(bent), color=BLUE)
    right.set(title="After a sigmoid", xlabel="input x", ylabel="output", ylim=(-0.05, 1.05))
    errors = [float(np.sqrt(np.mean((fit - target) ** 2))) for fit in fits]
    turns = np.abs(np.diff(bent, 2)) > 1e-6 * np.ptp(bent)
    bends_seen = int(np.sum(turns[1:] & ~turns[:-1]))
    return figure, (
        "Left: the score against the input. Without an activation the network draws one straight "
        f"line, {errors[0]:.2f} away from the curve (root mean square); with ReLU a line "
        f"with bends at {bends_seen} marked places, {errors[1]:.2f} away. Right: after the sigmoid "
        f"both lie between {min(sigmoid(straight).min(), sigmoid(bent).min()):.2f} and "
        f"{max(sigmoid(straight).max(), sigmoid(bent).max()):.2f}."
    )


def _layer_trained(
    relu: Function, relu_derivative: Function, rate: float, seed: int, steps: int = 100
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the weights and biases of 40 ReLU units after gradient descent on a two-class
    problem."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(150, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(float)
    W, b = rng.normal(size=(2, 40)), np.zeros(40)
    v, c = rng.normal(size=40) / np.sqrt(40), 0.0
    for _ in range(steps):
        u = X @ W + b
        h = np.asarray(relu(u))
        p = 1 / (1 + np.exp(-np.clip(h @ v + c, -500, 500)))
        du2 = (p - y) / len(y)
        du1 = np.outer(du2, v) * np.asarray(relu_derivative(u))
        W, b = W - rate * X.T @ du1, b - rate * du1.sum(axis=0)
        v, c = v - rate * h.T @ du2, c - rate * du2.sum()
    return X, W, b


@picture
def dead_share(relu: Function, relu_derivative: Function, dead_units: Function) -> Drawn:
    """Draw the share of dead units after training, against the learning rate."""
    rates = np.logspace(-1, 2, 10)
    shares = np.array(
        [
            [
                np.mean(dead_units(*_layer_trained(relu, relu_derivative, rate, seed)))
                for rate in rates
            ]
            for seed in range(5)
        ]
    )
    median = np.median(shares, axis=0)
    figure, axes = new_figure(width=7.4, height=3.6)
    axes.fill_between(rates, shares.min(axis=0), shares.max(axis=0), color=BLUE, alpha=0.2)
    axes.semilogx(rates, median, "o-", color=BLUE)
    axes.set(xlabel="learning rate", ylabel="share of dead units", ylim=(-0.03, 1.03))
    axes.set_title("40 ReLU units after 100 steps: median and range of five starts")
    return figure, (
        "The share of dead units against the learning rate, on a logarithmic axis. "
        f"At a rate of {rates[0]:.1f} the median of five starts is {median[0]:.0%}, at "
        f"{rates[3]:.0f} it is {median[3]:.0%}, at {rates[6]:.0f} it is {median[6]:.0%} and at "
        f"{rates[-1]:.0f} it is {median[-1]:.0%}."
    )


@picture
def learned_slope(leaky_relu: Function, prelu_gradients: Function) -> Drawn:
    """Draw gradient descent on the slope of a leaky unit, from four starts."""
    rng = np.random.default_rng(6)
    x = rng.uniform(-3, 3, 60)
    y = np.where(x > 0, x, 0.3 * x) + rng.normal(scale=0.25, size=60)
    negative = x < 0
    best = float(x[negative] @ y[negative] / (x[negative] @ x[negative]))
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.6)
    ends = []
    for start, (color, line) in zip((2.0, 1.0, 0.01, -0.5), STYLES):
        alpha, path = start, [start]
        for _ in range(40):
            upstream = 2 * (np.asarray(leaky_relu(x, alpha)) - y) / len(x)
            alpha = alpha - 0.1 * float(prelu_gradients(x, alpha, upstream)[1])
            path.append(alpha)
        left.plot(path, line, color=color, label=f"from {_signed(start)}")
        ends.append(alpha)
    left.axhline(best, color=GREY, linewidth=1)
    left.text(40, best - 0.05, f"best: {best:.3f}", ha="right", va="top", fontsize=9, color=GREY)
    left.set(xlabel="step", ylabel="α", title=f"α ends at {', '.join(map(_signed, ends))}")
    left.legend(fontsize=9)
    grid = np.linspace(-3, 3, 121)
    right.plot(x, y, ".", color=GREY, label="data")
    right.plot(grid, leaky_relu(grid, 2.0), "--", color=RED, label="start, α = 2")
    label = f"end, α = {_signed(ends[0], 3)}"
    right.plot(grid, leaky_relu(grid, ends[0]), color=BLUE, label=label)
    right.set(xlabel="score x", ylabel="h", ylim=(-4, 4), title="The unit before and after")
    right.legend(fontsize=9)
    return figure, (
        "Left: the slope alpha over 40 steps of gradient descent from the starts 2, 1, 0.01 and "
        f"-0.5; they end at {', '.join(f'{end:.3f}' for end in ends)}. The best alpha in least "
        f"squares is {best:.3f}. Right: sixty data points, and the unit at its start with alpha 2 "
        f"and at the end with alpha {ends[0]:.3f}."
    )


@picture
def elu_corner(elu: Function, elu_derivative: Function) -> Drawn:
    """Draw ELU and its slope for three values of alpha."""
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.5)
    x = np.linspace(-4, 2, 601)
    sides = (x[x < 0], x[x > 0])
    jumps = []
    for alpha, (color, line) in zip((0.5, 1.0, 2.0), STYLES):
        left.plot(x, elu(x, alpha), line, color=color, label=f"α = {alpha:g}")
        for side in sides:
            right.plot(side, elu_derivative(side, alpha), line, color=color)
        near = np.asarray(elu_derivative(np.array([-1e-9, 1e-9]), alpha))
        right.plot([0, 0], near, "o", color=color, markersize=5)
        jumps.append(f"from {near[0]:.2f} to {near[1]:.2f} for alpha {alpha:g}")
    floor = float(np.asarray(elu(np.array([-4.0]), 2.0))[0])
    left.set(title=f"ELU; at −4 with α = 2: {_signed(floor)}", xlabel="score x", ylabel="output h")
    right.set(title="Its slope, with dots on both sides of 0", xlabel="score x", ylabel="dh/dx")
    left.legend()
    return figure, (
        f"Left: ELU for alpha 0.5, 1 and 2; at -4 the last one is at {floor:.2f}. Right: "
        f"the slopes. At 0 they go {', '.join(jumps)}."
    )


@picture
def smooth_corner(relu: Function, softplus: Function) -> Drawn:
    """Draw softplus beside ReLU, and how far it lies above it."""
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.6)
    x = np.linspace(-3, 3, 301)
    far = np.linspace(0, 25, 2001)
    left.plot(x, relu(x), color=INK, linewidth=1.2, label="ReLU")
    told = []
    for beta, (color, line) in zip((1.0, 2.0, 5.0), STYLES):
        left.plot(x, softplus(x, beta), line, color=color, label=f"softplus, β = {beta:g}")
        gap = np.asarray(softplus(far, beta)) - np.asarray(relu(far))
        seen = gap > 1e-14
        right.semilogy(far[seen], gap[seen], line, color=color, label=f"β = {beta:g}")
        end = float(far[seen][-1])
        right.plot([end], [gap[seen][-1]], "o", color=color, markersize=5)
        told.append(f"for beta {beta:g} it is {gap[0]:.3f} at 0 and last seen at x = {end:.1f}")
    left.set(title="ReLU and softplus", xlabel="score x", ylabel="output h")
    right.set(title="How far above ReLU it lies", xlabel="score x", ylabel="softplus − ReLU")
    left.legend(fontsize=9)
    right.legend(fontsize=9)
    return figure, (
        "Left: ReLU, and softplus for beta 1, 2 and 5. Right, on a logarithmic axis, the distance "
        f"from ReLU: {'; '.join(told)}."
    )


@picture
def swish_minimum(swish: Function, swish_derivative: Function) -> Drawn:
    """Draw swish, its slope, and its lowest point for three values of beta."""
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.6)
    x = np.linspace(-6, 3, 4501)
    told, slopes = [], []
    for beta, (color, line) in zip((0.5, 1.0, 2.0), STYLES):
        values = np.asarray(swish(x, beta))
        at = int(np.argmin(values))
        slope = np.asarray(swish_derivative(x, beta))
        left.plot(x, values, line, color=color, label=f"β = {beta:g}")
        left.plot(x[at], values[at], "o", color=color, markersize=6)
        right.plot(x, slope, line, color=color)
        right.plot(x[at], slope[at], "o", color=color, markersize=6)
        slopes.append(_signed(slope[at]))
        told.append(
            f"for beta {beta:g} at x = {x[at]:.3f} with the value {values[at]:.4f}, where the "
            f"slope is {slope[at]:.3f}"
        )
    left.set(
        title="Swish and its lowest points", xlabel="score x", ylabel="output h", ylim=(-0.7, 1.5)
    )
    right.set(title=f"The slopes there: {', '.join(slopes)}", xlabel="score x", ylabel="dh/dx")
    right.axhline(0, color=GREY, linewidth=1)
    left.legend()
    return figure, (
        "Left: swish for three values of beta, with its lowest point marked; right: the slope, "
        f"with the same places marked. The lowest points lie {'; '.join(told)}."
    )


@picture
def zoo(curves: dict[str, tuple[Function, Function | None]]) -> Drawn:
    """Draw all activations with their slopes underneath.

    curves  name -> the activation, and its slope or None where it is to be measured
    """
    columns = 5
    bands = -(-len(curves) // columns)
    figure, grid = new_figure(
        2 * bands, columns, width=9.8, height=3.3 * bands, sharex=True, sharey="row"
    )
    x = np.linspace(-4, 4, 801)
    sides = (x[x < -1e-9], x[x > 1e-9])
    told = []
    for index, (name, (curve, slope)) in enumerate(curves.items()):
        band, column = divmod(index, columns)
        above, below = grid[2 * band][column], grid[2 * band + 1][column]
        above.plot(x, curve(x), color=BLUE)
        above.set_title(name, fontsize=10.5)
        if slope is None:
            slope = _measured(curve)
        for side in sides:
            below.plot(side, slope(side), "--", color=RED)
        at_zero = float(np.asarray(slope(np.array([0.0])))[0]) + 0.0
        below.plot(0, at_zero, "o", color=RED, markersize=4)
        ends = np.asarray(slope(np.array([-3.0, 3.0]))) + 0.0
        told.append(f"{name} {ends[0]:.2f}, {at_zero:.2f} and {ends[1]:.2f}")
    for row, axes in enumerate(grid):
        axes[0].set_ylabel("slope" if row % 2 else "output")
        for axis in axes:
            axis.set_xticks([-3, 0, 3])
            axis.set_ylim((-0.3, 2.0) if row % 2 else (-2.2, 3.2))
            axis.axhline(0, color=GREY, linewidth=0.8)
            axis.axvline(0, color=GREY, linewidth=0.8)
    for axis in grid.flat[2 * bands * columns :]:
        axis.axis("off")
    return figure, (
        "Small pictures of the activations between -4 and 4, each with its slope underneath. The "
        f"slopes at -3, 0 and 3 are: {'; '.join(told)}."
    )


def _measured(curve: Function) -> Function:
    """Return the slope of a curve by small differences; at a kink that of the left side."""
    step = 1e-6

    def slope(x: np.ndarray) -> np.ndarray:
        towards = np.where(x > 0, step, -step)
        risen = np.asarray(curve(x + towards)) - np.asarray(curve(x))
        quotients: np.ndarray = risen / towards
        return quotients

    return slope


def _chain(
    activation: Function, stds: list[float], width: int, rows: int, seed: int = 7
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the scores and weights of a stack of random layers of one width."""
    rng = np.random.default_rng(seed)
    h, scores, weights = rng.normal(size=(rows, width)), [], []
    for std in stds:
        W = rng.normal(size=(width, width)) * std
        u = h @ W
        h = np.asarray(activation(u))
        scores.append(u)
        weights.append(W)
    return scores, weights


@picture
def gradient_by_depth(
    curves: dict[str, tuple[Function, Function | None]],
    initial_std: Function,
    backward_norms: Function,
) -> Drawn:
    """Draw the size of the gradient layer by layer: one start scale for all, and the right ones.

    curves  name of an activation, as `initial_std` knows it -> it and its slope, or None
    """
    depth, width = 20, 100
    figure, panels = new_figure(1, 2, width=9.6, height=3.9, sharey=True)
    told = []
    for panel, title in zip(panels, ("every weight of size 0.05", "the size of your initial_std")):
        for (name, (curve, slope)), (color, line) in zip(curves.items(), STYLES):
            std = 0.05 if panel is panels[0] else float(initial_std(width, width, name))
            scores, weights = _chain(curve, [std] * depth, width, rows=32)
            upstream = np.random.default_rng(8).normal(size=scores[-1].shape)
            norms = np.asarray(
                backward_norms(scores, weights[1:], slope or _measured(curve), upstream)
            )
            share = norms / norms[-1]
            panel.semilogy(range(1, depth + 1), share, line, color=color, label=name)
            told.append(f"{name} {share[0]:.1e}")
        panel.set(xlabel="layer", title=title, xticks=range(0, depth + 1, 5))
        panel.set_ylim(1e-19, 1e3)
    panels[0].set_ylabel("gradient, as a share of the last layer's")
    panels[1].legend(loc="lower right", fontsize=9)
    half = len(told) // 2
    return figure, (
        "The norm of the gradient by the scores of 20 layers, as a share of that of the last one, "
        "on a logarithmic axis. What is left in the first layer: with weights of size 0.05 "
        f"{', '.join(told[:half])}; with the sizes of initial_std {', '.join(told[half:])}."
    )


def explore_layers(curves: dict[str, Function], layer_statistics: Function) -> None:
    """Draw histograms of the outputs of a stack of layers; activation, depth and scale are
    chosen."""
    width, rows = 100, 100

    @picture
    def draw(name: str, depth: int, scale: float) -> Drawn:
        rng = np.random.default_rng(9)
        X = rng.normal(size=(rows, width))
        weights = [rng.normal(size=(width, width)) * scale / np.sqrt(width) for _ in range(depth)]
        means, stds = layer_statistics(X, weights, curves[name])
        shown = np.unique(np.linspace(1, depth, 5).round().astype(int))
        room = {"left": 0.02, "right": 0.98, "bottom": 0.14, "top": 0.78, "wspace": 0.1}
        figure, axes = new_figure(1, 5, width=9.6, height=2.3, placed=room)
        h, told = X, []
        for layer, W in enumerate(weights, start=1):
            h = np.asarray(curves[name](h @ W))
            if layer not in shown:
                continue
            axis = axes[int(np.flatnonzero(shown == layer)[0])]
            mean, std = float(means[layer - 1]), float(stds[layer - 1])
            # A mean that is small beside the spread is 0 but for chance.
            middle = "≈ 0" if abs(mean) < std / 20 else _size(mean)
            counts, edges = np.histogram(h, bins=24)
            axis.stairs(counts / counts.max(), edges, fill=True, color=BLUE)
            axis.set_title(f"layer {layer}\nmean {middle}, std {_size(std)}", fontsize=9)
            axis.set(yticks=[])
            axis.tick_params(labelsize=8)
            axis.locator_params(axis="x", nbins=3)
            axis.grid(visible=False)
            told.append(f"layer {layer}: {middle} and {_size(std)}")
        return figure, (
            f"Histograms of the outputs of {len(told)} of {depth} layers of {width} {name} units; "
            f"the weights have the standard deviation {scale:g} / sqrt({width}). Mean and standard "
            f"deviation, {'; '.join(told)}."
        )

    explorer(
        draw,
        {
            "activation": (list(curves), "tanh"),
            "depth": ([5, 9, 17, 33], 17),
            "scale": ([0.25, 0.5, 0.71, 1.0, 1.41, 2.0, 4.0], 1.0),
        },
    )


@picture
def fixed_point(selu: Function, elu: Function, relu: Function) -> Drawn:
    """Show what one layer does to the mean square of a signal, and twenty layers to its spread."""
    figure, (left, right) = new_figure(1, 2, width=9.6, height=3.9)
    # Averages over a standard normal score: a fine sum from -8 to 8, with 0 on the grid.
    z = (np.arange(3201) - 1600) / 200
    weight = np.exp(-(z**2) / 2)
    weight /= weight.sum()
    sizes = np.linspace(0.01, 3, 40)
    curves = (("SELU", selu), ("ELU", elu), ("ReLU", relu))
    told = []
    for (name, curve), (color, line) in zip(curves, STYLES):
        after = np.array([weight @ np.asarray(curve(np.sqrt(q) * z)) ** 2 for q in sizes])
        left.plot(sizes, after, line, color=color, label=name)
        at_one = weight @ np.asarray(curve(z)) ** 2
        told.append(f"{name} {at_one:.3f}")
    left.plot(sizes, sizes, color=GREY, linewidth=1, label="unchanged")
    left.plot(1, weight @ np.asarray(selu(z)) ** 2, "o", color=BLUE, markersize=6)
    left.set(xlabel="mean square before the layer", ylabel="after it", title="One layer")
    left.legend(fontsize=9)
    rng = np.random.default_rng(10)
    ends = []
    for start, (color, line) in zip((3.0, 1.0, 0.3), STYLES):
        h = start * rng.normal(size=(200, 200))
        stds = [h.std()]
        for _ in range(20):
            h = np.asarray(selu(h @ (rng.normal(size=(200, 200)) / np.sqrt(200))))
            stds.append(h.std())
        right.plot(stds, line, color=color, label=f"from {start:g}")
        ends.append(f"{stds[-1]:.2f} from {start:g}")
    right.axhline(1, color=GREY, linewidth=1)
    right.set(xlabel="layer", ylabel="standard deviation", title="Twenty SELU layers")
    right.legend(fontsize=9)
    return figure, (
        "Left: the mean square of the outputs after one layer against that before it; a mean "
        f"square of 1 becomes {', '.join(told)}. Right: the standard deviation through twenty SELU "
        f"layers; it ends at {', '.join(ends)}."
    )


def second_opinion(functions: list[Function]) -> None:
    """Put your functions beside PyTorch's: the largest difference of each, on scores from -6 to 6.

    functions  of this notebook, known by their names; a slope is compared with autograd's
    """
    if find_spec("torch") is None:
        print("○ PyTorch is not installed here: the comparison is left out, all else works.")
        return

    @picture
    def draw() -> Drawn:
        import torch

        library = torch.nn.functional
        curves: dict[str, Any] = {
            "relu": library.relu,
            "leaky_relu": library.leaky_relu,
            "elu": library.elu,
            "selu": library.selu,
            "softplus": library.softplus,
            "swish": library.silu,
        }
        # 0 is among the scores: the slopes there are PyTorch's conventions as well.
        x = np.linspace(-6, 6, 241)
        names = [function.__name__ for function in functions]
        differences = []
        for function, name in zip(functions, names):
            leaf = torch.tensor(x, requires_grad=True)
            value = curves[name.removesuffix("_derivative")](leaf)
            if name.endswith("_derivative"):
                value = torch.autograd.grad(value.sum(), leaf)[0]
            differences.append(float(np.abs(function(x) - value.detach().numpy()).max()))
        rows = np.arange(len(names))[::-1]
        figure, axes = new_figure(width=7.6, height=0.6 + 0.3 * len(names))
        seen = np.maximum(differences, 1e-17)
        axes.semilogx(seen, rows, "o", color=BLUE)
        axes.hlines(rows, 1e-17, seen, color=BLUE, linewidth=1)
        axes.set(yticks=rows, yticklabels=names, xlim=(5e-18, 10))
        axes.set(xlabel="largest difference (1e-17 stands for none)")
        axes.set_title(f"You and PyTorch: at most {max(differences):.0e} apart")
        told = ", ".join(f"{name} {gap:.0e}" for name, gap in zip(names, differences))
        return figure, f"The largest difference from PyTorch of each function: {told}."

    draw()

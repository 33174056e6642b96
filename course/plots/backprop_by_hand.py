"""The pictures of 04-backprop-by-hand, drawn with the functions the student wrote."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from course import recorded
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
    ON_LIGHT,
    ORANGE,
    PALE,
    PALE_BLUE,
    PALE_ORANGE,
    PINK,
    RED,
    SKY,
    reds,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAMES = {"y_hat": "ŷ", "u1": "u₁", "h1": "h₁", "u2": "u₂", "h2": "h₂", "u3": "u₃"}
NAMES |= {"W1": "W₁", "b1": "b₁", "W2": "W₂", "b2": "b₂"}


def _blank(axes: Axes, x: tuple[float, float], y: tuple[float, float]) -> None:
    axes.set(xlim=x, ylim=y, aspect="equal")
    axes.axis("off")


def _unit(axes: Axes, x: float, y: float, label: str, color: str = INK, fill: str = GROUND) -> None:
    from matplotlib.patches import Circle

    axes.add_patch(Circle((x, y), 0.32, facecolor=fill, edgecolor=color, linewidth=1.6, zorder=3))
    axes.text(x, y, label, ha="center", va="center", fontsize=10, zorder=4)


def _edge(
    axes: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    label: str = "",
    color: str = GREY,
    width: float = 0.8,
    at: float = 0.5,
) -> None:
    axes.plot([start[0], end[0]], [start[1], end[1]], color=color, linewidth=width, zorder=1)
    if label:
        x, y = (start[i] + at * (end[i] - start[i]) for i in range(2))
        axes.text(
            x, y, label, ha="center", va="center", fontsize=9.5, zorder=2,
            bbox=text_ground(1.0),
        )  # fmt: skip


@picture
def paper_network() -> Drawn:
    """Draw the 4-2-1 network of Clase 9 with the weights of its paper exercise."""
    figure, axes = new_figure(width=7.2, height=4.0)
    inputs = {f"x{i}": (0.0, 4.0 - i) for i in range(5)}
    hidden = {"a0": (3.4, 3.6), "A": (3.4, 2.0), "B": (3.4, 0.4)}
    output = (6.8, 2.0)
    used = {("x0", "A"): "−3", ("x4", "B"): "0.5", ("a0", "C"): "1", ("A", "C"): "2"}
    used[("B", "C")] = "4"
    for name, place in inputs.items():
        for unit in ("A", "B"):
            label = used.get((name, unit), "")
            style = (BLUE, 2.2) if label else (GREY, 0.7)
            _edge(axes, place, hidden[unit], label, *style, at=0.35)
    for unit in hidden:
        _edge(axes, hidden[unit], output, used[unit, "C"], BLUE, 2.2, at=0.4)
    for name, place in inputs.items():
        is_one = name in ("x0", "x4")
        color, fill = (BLUE, PALE_BLUE) if is_one else (INK, PALE)
        _unit(axes, *place, f"{name[0]}{'₀₁₂₃₄'[int(name[1])]}", color=color, fill=fill)
        value = "= 1" if name in ("x0", "x4") else "= 0"
        axes.text(place[0] - 0.5, place[1], value, ha="right", va="center", fontsize=9.5)
    axes.text(-1.2, 4.55, "constant unit", fontsize=9, color=INK, ha="left")
    for name, place in hidden.items():
        _unit(axes, *place, "a₀" if name == "a0" else name, fill=PALE if name == "a0" else GROUND)
    axes.text(3.4, 4.15, "constant unit = 1", fontsize=9, ha="center")
    _unit(axes, *output, "C")
    axes.text(7.25, 2.0, "ŷ = ?", va="center", fontsize=11)
    _blank(axes, (-1.4, 8.2), (-0.5, 4.9))
    told = ", ".join(f"{start} to {end} with {weight}" for (start, end), weight in used.items())
    return figure, (
        "A network with the constant unit x0 and four inputs on the left, a constant unit a0 and "
        "the hidden units A and B in the middle, and the output unit C. x0 and x4 are 1, the other "
        f"inputs 0. The edges that are not zero: {told}."
    )


@picture
def path_of_one_weight(
    small_network_gradients: Function, x: np.ndarray, y: float, W1: np.ndarray, W2: np.ndarray
) -> Drawn:
    """Draw the 2-2-1 network with the path of one weight of the first layer to the error.

    x       (2,), one example
    W1, W2  (3, 2) and (3,), bias first
    """
    figure, axes = new_figure(width=9.0, height=3.7)
    slope = float(np.asarray(small_network_gradients(x, y, W1, W2)[0])[1, 1])
    a = 1 / (1 + np.exp(-np.concatenate([[1.0], x]) @ W1))
    h = float(1 / (1 + np.exp(-np.concatenate([[1.0], a]) @ W2)))
    factors = (x[0], a[1] * (1 - a[1]), W2[2], h * (1 - h), h - y)
    told = [f"{factor:.4f}".replace("-", "−") for factor in factors]
    inputs = [(0.0, 3.0), (0.0, 1.6), (0.0, 0.2)]
    hidden = [(3.2, 3.0), (3.2, 1.6), (3.2, 0.2)]
    output, error = (6.4, 1.6), (8.6, 1.6)
    for i, place in enumerate(inputs):
        for j in (1, 2):
            chosen = (i, j) == (1, 2)
            _edge(axes, place, hidden[j], "", RED if chosen else GREY, 2.8 if chosen else 0.7)
    for j, place in enumerate(hidden):
        _edge(axes, place, output, "", RED if j == 2 else GREY, 2.8 if j == 2 else 0.7)
    _edge(axes, output, error, "", RED, 2.8)
    for place, label in zip(inputs, ("1", "x₁", "x₂")):
        _unit(axes, *place, label, fill=PALE)
    for place, label in zip(hidden, ("1", "a₁", "a₂")):
        _unit(axes, *place, label, fill=PALE if label == "1" else GROUND)
    _unit(axes, *output, "h")
    _unit(axes, *error, "L")
    notes = (
        (0.75, -0.62, "∂z₂⁽¹⁾/∂w = x₁"),
        (3.2, -0.62, "∂a₂/∂z₂⁽¹⁾ = a₂(1 − a₂)"),
        (5.3, 0.4, "∂z⁽²⁾/∂a₂ = w₂⁽²⁾"),
        (6.4, 2.5, "∂h/∂z⁽²⁾ = h(1 − h)"),
        (8.0, 0.85, "∂L/∂h = h − y"),
    )
    for (left, low, text), factor in zip(notes, told):
        axes.text(left, low, f"{text}\n{factor}", ha="center", va="center", fontsize=9.5, color=INK)
    product = math.prod(map(float, factors))
    words = f"The five factors make {product:.6f}; your ∂L/∂w is {slope:.6f}"
    axes.set_title(words.replace("-", "−"))
    _blank(axes, (-0.6, 9.6), (-1.1, 3.6))
    return figure, (
        "The 2-2-1 network with constant units. A thick red path leads from the input x1 through "
        "the hidden unit a2 and the output h to the error L. Along it stand the five factors of "
        f"the chain: {', '.join(told)}. Their product is {product:.6f}; your gradient has "
        f"{slope:.6f} there."
    )


@picture
def two_slopes(sigmoid: Function, tanh_derivative: Function, sigmoid_derivative: Function) -> Drawn:
    """Draw tanh and sigmoid, and the slopes that the student's functions give."""
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.3)
    u = np.linspace(-6, 6, 241)
    left.plot(u, np.tanh(u), color=BLUE, label="tanh")
    left.plot(u, sigmoid(u), "--", color=ORANGE, label="sigmoid")
    left.set(title="The curves", xlabel="score u", ylabel="output h")
    right.plot(u, tanh_derivative(u), color=BLUE, label="slope of tanh")
    right.plot(u, sigmoid_derivative(u), "--", color=ORANGE, label="slope of sigmoid")
    right.set(title="Their slopes", xlabel="score u", ylabel="dh/du", ylim=(-0.03, 1.28))
    left.legend(loc="upper left")
    right.legend(loc="upper left")
    at = np.array([-5.0, 0.0, 5.0])
    told = "; ".join(
        f"{name} {_listed(np.asarray(values), '.3f')}"
        for name, values in (
            ("tanh", np.tanh(at)), ("the sigmoid", sigmoid(at)),
            ("the slope of tanh", tanh_derivative(at)),
            ("the slope of the sigmoid", sigmoid_derivative(at)),
        )
    )  # fmt: skip
    return figure, (
        "Left: tanh and the sigmoid against the score; right: their slopes as your functions give "
        f"them. At scores -5, 0 and 5: {told}."
    )


@picture
def slopes_by_depth(
    sigmoid: Function, tanh_derivative: Function, sigmoid_derivative: Function
) -> Drawn:
    """Show how much of a gradient is left after many layers with one unit each."""
    figure, axes = new_figure(width=7.6, height=3.9)
    rng = np.random.default_rng(4)
    depth, chains = 20, 400
    kinds = (
        ("tanh", np.tanh, tanh_derivative, BLUE, "o-"),
        ("sigmoid", sigmoid, sigmoid_derivative, ORANGE, "s--"),
    )
    ends = []
    for name, curve, slope, color, line in kinds:
        h, left = rng.normal(size=chains), np.ones(chains)
        remaining = [1.0]
        for _ in range(depth):
            w = rng.choice([-1.0, 1.0], chains) * rng.uniform(0.5, 1.5, chains)
            u = w * h
            left *= np.abs(w * np.asarray(slope(u)))
            h = curve(u)
            remaining.append(float(np.median(left)))
        axes.semilogy(range(depth + 1), remaining, line, color=color, markersize=4, label=name)
        ends.append(remaining[-1])
    bound = 0.25 ** np.arange(depth + 1)
    axes.semilogy(range(depth + 1), bound, ":", color=GREY, label="0.25 per layer")
    axes.set(xlabel="layers passed", ylabel="what is left of the gradient", xlim=(0, depth + 0.4))
    axes.set_xticks(range(0, depth + 1, 5))
    axes.set_title("Every layer multiplies the gradient by w · slope")
    axes.legend(loc="lower left")
    return figure, (
        "On a logarithmic scale the median share of the gradient that is left against the number "
        f"of layers: after {depth} layers {ends[0]:.0e} for tanh and {ends[1]:.0e} for the "
        f"sigmoid, beside a line of 0.25 per layer that ends at {bound[-1]:.0e}."
    )


FLOW = ("X", "u1", "h1", "u2", "h2", "u3", "y_hat")
STEPS = (("W1", "b1"), "tanh", ("W2", "b2"), "sigmoid", ("U", "c"), "sigmoid", "BCE")


@picture
def network_shapes(
    layer_shapes: Function, n: int = 5, d0: int = 3, d1: int = 4, d2: int = 2
) -> Drawn:
    """Draw the network as a graph, with the shape of every quantity as the student gives it."""
    figure, axes = new_figure(width=9.4, height=2.7)
    shapes = layer_shapes(n, d0, d1, d2)
    for index, name in enumerate((*FLOW, "L")):
        x = 1.62 * index
        shape = str(tuple(shapes[name])).replace(" ", "") if name != "L" else "()"
        _node(axes, x, NAMES.get(name, name), shape, BLUE)
        if name == "L":
            break
        _arrow(axes, (x + 0.46, 0), (x + 1.16, 0))
        step = STEPS[index]
        if isinstance(step, str):
            axes.text(x + 0.81, 0.16, step, ha="center", fontsize=8.5)
            continue
        for side, parameter in zip((-0.37, 0.37), step):
            place = (x + 0.81 + side, -1.35)
            text = str(tuple(shapes[parameter])).replace(" ", "")
            axes.text(
                *place, f"{NAMES.get(parameter, parameter)}\n{text}", ha="center", va="top",
                fontsize=9, color=GREEN,
            )  # fmt: skip
            _arrow(axes, (place[0], -1.3), (x + 0.81 + 0.12 * np.sign(side), -0.1), GREEN)
    axes.text(11.34, -1.05, "y", ha="center", va="top", fontsize=9, color=GREY)
    _arrow(axes, (11.34, -1.0), (11.34, -0.5), GREY)
    _blank(axes, (-0.55, 11.9), (-2.0, 0.6))
    axes.set_title(f"N = {n} examples, d₀ = {d0}, d₁ = {d1}, d₂ = {d2}")
    told = ", ".join(f"{name} {tuple(shape)}" for name, shape in shapes.items())
    return figure, (
        "A row of boxes joined by arrows: X, u1, h1, u2, h2, u3, y-hat, L. The parameters W1 and "
        "b1, W2 and b2, U and c enter from below at the three affine maps; tanh, sigmoid, sigmoid "
        f"and the loss stand at the other arrows. The shapes as your function gives them: {told}."
    )


def _node(axes: Axes, x: float, name: str, below: str, color: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    axes.add_patch(
        FancyBboxPatch(
            (x - 0.43, -0.4),
            0.86,
            0.8,
            boxstyle="round,pad=0.02",
            facecolor=GROUND,
            edgecolor=color,
            linewidth=1.6,
        )  # fmt: skip
    )
    axes.text(x, 0.13, name, ha="center", va="center", fontsize=11.5)
    axes.text(x, -0.2, below, ha="center", va="center", fontsize=8.5)


def _arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], color: str = INK
) -> None:
    axes.annotate(
        "", end, start, arrowprops={"arrowstyle": "-|>", "color": color, "shrinkA": 0, "shrinkB": 0}
    )


NUMBER_STEPS = (
    "the inputs", "forward: u₁ = X W₁ + b₁", "forward: h₁ = tanh u₁", "forward: u₂ = h₁ W₂ + b₂",
    "forward: h₂ = σ(u₂)", "forward: u₃ = h₂ U + c", "forward: ŷ = σ(u₃)",
    "backward: ∂u₃, and with it ∂U and ∂c", "backward: ∂h₂", "backward: ∂u₂, with it ∂W₂ and ∂b₂",
    "backward: ∂h₁", "backward: ∂u₁, with it ∂W₁ and ∂b₁",
)  # fmt: skip
BACK = ("u3", "h2", "u2", "h1", "u1")


def network_numbers(
    X: np.ndarray,
    y: np.ndarray,
    params: dict[str, np.ndarray],
    forward: Function,
    backward: Function,
    grad_h2: Function,
    grad_h1: Function,
) -> None:
    """Draw one example on its way: values forward, then gradients back, under a slider of steps.

    The arguments are the example network, of which the first example is shown, and the student's
    functions. Where no widget can run, the last step with all numbers is shown.
    """
    X, y = np.asarray(X)[:1], np.asarray(y)[:1]

    @cache
    def numbers() -> tuple[dict[str, Any], dict[str, Any]]:
        values = forward(X, params)
        # With one example, the gradient of a bias is that of the score it is added to.
        shares = backward(X, y, params, values)
        slopes = {"u1": shares["b1"], "u2": shares["b2"], "u3": [shares["c"]]}
        slopes["h2"] = np.asarray(grad_h2(np.array([float(shares["c"])]), params["U"]))[0]
        slopes["h1"] = np.asarray(grad_h1(np.asarray(shares["b2"])[None], params["W2"]))[0]
        return (
            {name: np.ravel(np.asarray({"X": X, **values}[name])[0]) for name in FLOW},
            {name: np.ravel(np.asarray(slopes[name], dtype=float)) for name in BACK},
        )

    @picture
    def at(step: int) -> Drawn:
        from matplotlib.patches import Rectangle

        values, slopes = numbers()
        known, handed = FLOW[: 1 + min(step, 6)], BACK[: max(0, step - 6)]
        active = known[-1] if step <= 6 else handed[-1]
        margins = {"left": 0.01, "right": 0.99, "bottom": 0.02, "top": 0.9}
        figure, axes = new_figure(width=9.2, height=2.8, placed=margins)
        for index, name in enumerate(FLOW):
            x, rows = 1.5 * index, len(values[name])
            axes.text(x, 0.75, NAMES.get(name, name), ha="center", fontsize=12)
            axes.add_patch(
                Rectangle(
                    (x - 0.66, 0.55 - 0.34 * rows),
                    1.32,
                    0.34 * rows,
                    facecolor=GROUND,
                    edgecolor=INK if name == active else GREY,
                    linewidth=2.6 if name == active else 1,
                )  # fmt: skip
            )
            for k in range(rows):
                low = 0.38 - 0.34 * k
                if name in known:
                    axes.text(x - 0.03, low, f"{values[name][k]:.3f}", va="center", color=BLUE,
                              fontsize=9, ha="right")  # fmt: skip
                if name in handed:
                    axes.text(x + 0.03, low, f"{slopes[name][k]:+.4f}", va="center", color=RED,
                              fontsize=9)  # fmt: skip
            if name != "y_hat":
                _arrow(axes, (x + 0.68, 0.86), (x + 0.84, 0.86), BLUE)
                if name != "X":
                    _arrow(axes, (x + 0.84, 0.74), (x + 0.68, 0.74), RED)
        axes.text(-0.66, -1.25, "left: value, forward", color=BLUE, fontsize=10)
        axes.text(2.6, -1.25, "right: gradient of the loss, backward", color=RED, fontsize=10)
        _blank(axes, (-0.75, 9.8), (-1.45, 1.1))
        axes.set_title(f"Step {step}, {NUMBER_STEPS[step]}   (one example, y = {y[0]:.0f})")
        told = "; ".join(
            f"{NAMES.get(name, name)} {_listed(values[name], '.3f')}" for name in known
        )
        back = "; ".join(f"{NAMES[name]} {_listed(slopes[name], '+.4f')}" for name in handed)
        return figure, (
            "Seven columns X, u1, h1, u2, h2, u3, y-hat for the first example, whose label is "
            f"{y[0]:.0f}. Step {step}, {NUMBER_STEPS[step]}. Values: {told}. Gradients of the "
            f"loss: {back or 'none yet'}."
        )

    slider(at, range(12), 0, "step", still=11)


def _listed(numbers: Iterable[float], form: str) -> str:
    return ", ".join(format(float(number), form) for number in numbers)


def index_explorer(forward: Function) -> None:
    """Show which numbers meet in one entry of a gradient: a list of tables, and sliders for the
    entry.

    The values of the layer come from the student's `forward` on the example network, the gradients
    of its scores from the derivation recorded for notebook 05.
    """
    X, _, params = recorded.network()

    @cache
    def tables() -> dict[str, Any]:
        return {
            "h1": np.asarray(forward(X, params)["h1"], dtype=float),
            "u2": np.asarray(recorded.by_hand()["u2"]),
            "W2": np.asarray(params["W2"]),
        }

    @picture
    def at(wanted: str, row: int, column: int) -> Drawn:
        h1, u2, W2 = (tables()[name] for name in ("h1", "u2", "W2"))
        # Two factors with the entries that meet, and the result.
        if wanted == "∂W₂":
            j, k = row % 4, column % 2
            left, right, result = ("h₁", h1), ("∂u₂", u2), h1.T @ u2
            meet, entry = ([(n, j) for n in range(5)], [(n, k) for n in range(5)]), (j, k)
        elif wanted == "∂h₁":
            n, j = row, column
            left, right, result = ("∂u₂", u2), ("W₂", W2), u2 @ W2.T
            meet, entry = ([(n, k) for k in range(2)], [(j, k) for k in range(2)]), (n, j)
        else:
            k = column % 2
            left, right, result = ("∂u₂", u2), ("1", np.ones((5, 1))), u2.sum(axis=0)[None]
            meet, entry = ([(n, k) for n in range(5)], [(n, 0) for n in range(5)]), (0, k)
        margins = {"left": 0.01, "right": 0.99, "bottom": 0.02, "top": 0.9}
        figure, axes = new_figure(width=9.6, height=3.8, placed=margins)
        places = (0.0, 5.0, 10.0)
        shown = ((*left, meet[0]), (*right, meet[1]), (wanted, result, [entry]))
        for place, (name, table, lit) in zip(places, shown):
            _table(axes, place, name, table, lit)
        terms = [(left[1][a], right[1][b]) for a, b in zip(*meet)]
        total = sum(a * b for a, b in terms)
        words = " ".join(
            f"{'+ ' if index else ''}({a:.4f})·({b:.4f})" for index, (a, b) in enumerate(terms)
        ).replace("-", "−")  # fmt: skip
        half = len(words) if len(terms) < 4 else words.index("+", len(words) // 2)
        total_words = f"= {total:.4f}".replace("-", "−")
        lines = f"{words[:half]}\n{words[half:]} {total_words}"
        axes.text(0, -0.45, lines.replace("\n =", " ="), fontsize=9.5, va="top")
        _blank(axes, (-0.2, 14.3), (-1.3, 4.2))
        axes.set_title(f"{wanted}, row {entry[0] + 1}, column {entry[1] + 1}: what meets in it")
        return figure, (
            f"The tables {left[0]}, {right[0]} and {wanted}. In the entry of {wanted} in row "
            f"{entry[0] + 1} and column {entry[1] + 1}, {len(terms)} products add up: "
            f"{'; '.join(f'{a:.4f} times {b:.4f}' for a, b in terms)}; together {total:.4f}."
        )

    explorer(
        at,
        {
            "gradient": (("∂W₂", "∂h₁", "∂b₂"), "∂W₂"),
            "row": ([(f"{row + 1}", row) for row in range(5)], 0),
            "column": ([(f"{column + 1}", column) for column in range(4)], 0),
        },
    )


def _table(
    axes: Axes, left: float, name: str, table: np.ndarray, lit: list[tuple[int, int]]
) -> None:
    """Draw a table of numbers with some entries framed and on a pale ground."""
    from matplotlib.patches import Rectangle

    rows, columns = table.shape
    axes.text(left, 3.75, f"{name}  ({rows} × {columns})", fontsize=11)
    for (i, k), value in np.ndenumerate(table):
        chosen = (i, k) in lit
        corner = (left + 1.05 * k, 3.0 - 0.62 * i)
        axes.add_patch(
            Rectangle(
                corner,
                1.05,
                0.62,
                facecolor=PALE_ORANGE if chosen else GROUND,
                edgecolor=RED if chosen else GREY,
                linewidth=2 if chosen else 0.6,
                zorder=2 if chosen else 1,
            )  # fmt: skip
        )
        axes.text(
            corner[0] + 0.52, corner[1] + 0.3, f"{value:.4f}".replace("-", "−"), ha="center",
            va="center", fontsize=8.5, fontweight="bold" if chosen else "normal", zorder=3,
        )  # fmt: skip


@picture
def cancellation(sigmoid: Function, grad_y_hat: Function, grad_u3: Function) -> Drawn:
    """Show why the gradient with respect to the score stays tame where the others do not."""
    figure, axes = new_figure(width=7.6, height=3.8)
    u = np.linspace(-12, 12, 121)
    y_hat, ones = np.asarray(sigmoid(u)), np.ones_like(u)
    # Of one example: the mean over all is undone.
    curves = (
        ("|∂error/∂ŷ|", np.abs(len(u) * np.asarray(grad_y_hat(y_hat, ones))), RED, "--"),
        ("slope of the sigmoid, ŷ(1 − ŷ)", y_hat * (1 - y_hat), BLUE, ":"),
        ("|∂error/∂u₃|", np.abs(len(u) * np.asarray(grad_u3(y_hat, ones))), GREEN, "-"),
    )
    told = []
    for name, values, color, line in curves:
        axes.semilogy(u, values, line, color=color, label=name)
        told.append(f"{name}: {', '.join(f'{values[k]:.2g}' for k in (10, 60, 110))}")
    axes.set(xlabel="score u₃ of an example with y = 1", ylabel="size")
    first, second, third = (values[10] for _, values, _, _ in curves)
    product = f"{first:.2g} times {second:.2g} is {first * second:.2g}"
    axes.set_title(f"At u₃ = −10: {product}, and yours is {third:.2g}")
    axes.legend(loc="upper right")
    return figure, (
        "Three curves against the score of an example with label 1, on a logarithmic scale. At "
        f"scores -10, 0 and 10: {'; '.join(told)}."
    )


PRODUCTS = {
    "output": (
        (("h₂ᵀ", "d₂", "N"), "·", ("∂u₃", "N", ""), ("∂U", "d₂", "")),
        (("∂u₃", "N", "1"), "·", ("Uᵀ", "1", "d₂"), ("∂h₂", "N", "d₂")),
    ),
    "second": (
        (("h₁ᵀ", "d₁", "N"), "·", ("∂u₂", "N", "d₂"), ("∂W₂", "d₁", "d₂")),
        (("∂u₂", "N", "d₂"), "·", ("W₂ᵀ", "d₂", "d₁"), ("∂h₁", "N", "d₁")),
    ),
    "first": ((("Xᵀ", "d₀", "N"), "·", ("∂u₁", "N", "d₁"), ("∂W₁", "d₀", "d₁")),),
}
SIZES = {"N": 5, "d₀": 3, "d₁": 4, "d₂": 2, "1": 1, "": 1}


@picture
def rectangles(layer: str) -> Drawn:
    """Draw the matrices of a layer's products as grids: the inner lengths have to be equal.

    layer  "output", "second" or "first"
    """
    products = PRODUCTS[layer]
    collapse = {"second": ("∂u₂", "d₂", "∂b₂"), "first": ("∂u₁", "d₁", "∂b₁")}.get(layer)
    count = len(products) + bool(collapse)
    figure, axes = new_figure(1, count, width=4.6 * count if count < 3 else 10.6, height=3.1)
    for panel, (first, _, second, result) in zip(np.atleast_1d(axes), products):
        x = 0.0
        x = _grid(panel, x, *first, inner="columns") + 0.55
        panel.text(x - 0.27, 0, "·", fontsize=16, ha="center", va="center")
        x = _grid(panel, x, *second, inner="rows") + 1.0
        panel.text(x - 0.5, 0, "=", fontsize=14, ha="center", va="center")
        x = _grid(panel, x, *result, color=RED)
        _blank(panel, (-0.9, x + 0.7), (-3.3, 3.6))
    if collapse:
        name, width, bias = collapse
        panel = np.atleast_1d(axes)[-1]
        right = _grid(panel, 0.0, name, "N", width, inner="columns-all")
        for column in range(SIZES[width]):
            _arrow(panel, (column + 0.5, -2.55), (column + 0.5, -3.1), ORANGE)
        _grid(panel, 0.0, bias, "1", width, color=RED, middle=-3.7, label_below=True)
        panel.text(right + 0.6, -1.2, "sum over\nthe batch", fontsize=9.5, va="center")
        _blank(panel, (-0.9, right + 2.6), (-5.2, 3.6))
    words = [
        f"{_sized(*first)} times {_sized(*second)} gives {_sized(*result)}"
        for first, _, second, result in products
    ]
    if collapse:
        words.append(f"the {SIZES['N']} rows of {collapse[0]} are summed to {collapse[2]}")
    return figure, f"Matrices drawn as grids of squares: {'; '.join(words)}. Inner sides are thick."


def _sized(name: str, rows: str, columns: str) -> str:
    sides = " by ".join(str(SIZES[side]) for side in (rows, columns) if side)
    return f"{name} ({sides})"


def _grid(
    axes: Axes,
    x: float,
    name: str,
    rows: str,
    columns: str,
    inner: str = "",
    color: str = BLUE,
    middle: float = 0.0,
    label_below: bool = False,
) -> float:
    """Draw a matrix with its left edge at `x`; the side that is summed over is thick and orange.
    Returns the right edge."""
    from matplotlib.patches import Rectangle

    height, width = SIZES[rows], SIZES[columns]
    low = middle - height / 2
    for i in range(height):
        for j in range(width):
            axes.add_patch(
                Rectangle(
                    (x + j, low + i), 1, 1, facecolor=(color, 0.18), edgecolor=color, linewidth=0.8
                )  # fmt: skip
            )
    if inner == "columns":
        axes.plot([x, x + width], [low, low], color=ORANGE, linewidth=4, solid_capstyle="butt")
    if inner in ("rows", "columns-all"):
        axes.plot([x, x], [low, low + height], color=ORANGE, linewidth=4, solid_capstyle="butt")
    shape = f"({', '.join(side for side in (rows, columns) if side)})"
    shape = f"({columns},)" if label_below else shape.replace(")", ",)") if not columns else shape
    if label_below:
        axes.text(x + width / 2, low - 0.2, f"{name} {shape}", ha="center", va="top", fontsize=9.5)
    else:
        axes.text(
            x + width / 2, low + height + 0.15, f"{name}\n{shape}", ha="center", va="bottom",
            fontsize=9.5,
        )  # fmt: skip
    return x + width


@picture
def step_sizes(sigmoid: Function, numerical_gradient: Function) -> Drawn:
    """Draw the error of difference quotients against the step: the V curve."""
    figure, axes = new_figure(width=7.6, height=4.1)
    steps = np.logspace(-15, -1, 85)

    def f(theta: np.ndarray) -> float:
        return float(np.asarray(sigmoid(theta))[0])

    at = np.array([1.0])
    exact = f(at) * (1 - f(at))
    central = [abs(float(numerical_gradient(f, at.copy(), h)[0]) - exact) for h in steps]
    forward = [abs((f(at + h) - f(at)) / h - exact) for h in steps]
    single = [[np.float32(f(at + side * h)) for side in (1, -1)] for h in steps]
    quotients = [(above - below) / np.float32(2 * h) for (above, below), h in zip(single, steps)]
    curves = (
        (central, "o-", BLUE, "central"),
        (forward, "s--", ORANGE, "one-sided"),
        (np.abs(np.array(quotients, float) - exact), ":", PINK, "central, in float32"),
    )
    for errors, line, color, label in curves:
        errors = np.maximum(errors, 1e-16)
        axes.loglog(steps, errors, line, color=color, markersize=3, linewidth=1.2, label=label)
    axes.legend(loc="lower left")
    axes.axvline(6e-6, color=GREY, linewidth=1)
    axes.text(7e-6, 1e-15, "ε^(1/3) ≈ 6·10⁻⁶")
    axes.set(xlabel="step h", ylabel="error of the derivative", ylim=(3e-16, 30), xlim=(1e-15, 0.2))
    low = int(np.argmin(central))
    axes.set_title(
        f"Central, in float64: best at a step of {steps[low]:.0e}, with {central[low]:.0e}"
    )
    best = min(
        (float(errors[k]), float(steps[k]), label)
        for errors, _, _, label in curves
        for k in [int(np.argmin(errors))]
    )
    return figure, (
        "Error against step on logarithmic axes, for three difference quotients. "
        f"{readings(axes, (1e-15, 1e-12, 1e-8, 1e-5, 1e-2), '.0e')}. The smallest error of all, "
        f"{best[0]:.0e}, has the {best[2]} quotient at {best[1]:.0e}."
    )


@picture
def gradient_check(
    X: np.ndarray,
    y: np.ndarray,
    params: dict[str, np.ndarray],
    forward: Function,
    loss: Function,
    backward: Function,
    numerical_gradient: Function,
) -> Drawn:
    """Draw the relative differences of the gradients by hand and the numerical ones, with a
    verdict.

    X, y    (N, d0) and (N,)
    params  the parameters by name, "W1" to "c"
    """
    hand = backward(X, y, params, forward(X, params))
    names = ("W1", "b1", "W2", "b2", "U", "c")
    figure, axes = new_figure(
        1, 6, width=9.6, height=3.0, gridspec_kw={"width_ratios": [4, 4, 2.4, 2.4, 2.4, 1.6]}
    )
    told = []
    for panel, name in zip(axes, names):

        def f(value: np.ndarray, name: str = name) -> float:
            return float(loss(forward(X, {**params, name: value})["y_hat"], y))

        slopes = np.asarray(numerical_gradient(f, np.array(params[name], dtype=float)))
        mine = np.asarray(hand[name], dtype=float)
        panel.set(xticks=[], yticks=[])
        panel.grid(False)
        panel.spines[:].set_visible(True)
        if mine.shape != np.shape(params[name]):
            # Broadcasting would compare what has another shape, and find it equal.
            verdict = f"✗ shape {mine.shape}, not {np.shape(params[name])}"
            panel.text(0.5, 0.5, "other\nshape", ha="center", va="center", color=RED,
                       transform=panel.transAxes)  # fmt: skip
            panel.set_title(f"✗ {NAMES.get(name, name)}")
            told.append(f"{name} {verdict}")
            continue
        largest = max(float(np.abs(slopes).max()), float(np.abs(mine).max()), 1e-12)
        gap = np.atleast_2d(np.abs(mine - slopes) / largest)
        right = gap.max() < 1e-6
        powers = np.floor(np.log10(np.maximum(gap, 1e-17)))
        panel.imshow(powers, cmap=reds(), vmin=-8, vmax=0)
        for (row, column), power in np.ndenumerate(powers):
            panel.text(column, row, f"{power:.0f}".replace("-", "−"), ha="center", va="center",
                       fontsize=9)  # fmt: skip
        panel.set_title(f"{'✓' if right else '✗'} {NAMES.get(name, name)}")
        told.append(f"{name} {'✓' if right else '✗'} at most {gap.max():.0e}")
    words = "powers of ten of |by hand − numerical|, relative to the largest entry"
    figure.supxlabel(words, fontsize=10.5)
    return figure, (
        "Six tables, one for each parameter, of the difference between the gradient by hand and "
        "the numerical one, relative to the largest entry, with a tick below one millionth and a "
        f"cross above: {'; '.join(told)}."
    )


def _network(d0: int, d1: int, d2: int, fill: Function) -> dict[str, Any]:
    shapes = {"W1": (d0, d1), "b1": (d1,), "W2": (d1, d2), "b2": (d2,), "U": (d2,)}
    return {**{name: fill(shape) for name, shape in shapes.items()}, "c": 0.0}


def _starts() -> dict[str, dict[str, Any]]:
    rng = np.random.default_rng(1)
    return {
        "random": _network(2, 4, 2, lambda shape: rng.normal(size=shape)),
        "all 0.5": _network(2, 4, 2, lambda shape: np.full(shape, 0.5)),
        "zeros": _network(2, 4, 2, np.zeros),
    }


def _cross(n: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Return XOR-like data (n, 2) and its labels (n,): four clouds, one diagonal in class 1."""
    rng = np.random.default_rng(4)
    corners = rng.choice([-1.0, 1.0], (n, 2))
    return corners + 0.28 * rng.normal(size=(n, 2)), (corners.prod(axis=1) < 0).astype(float)


@picture
def three_starts(train: Function, forward: Function, loss: Function) -> Drawn:
    """Show training on XOR-like data from three starts, and what the hidden units do meanwhile."""
    figure, axes = new_figure(1, 3, width=10.0, height=3.4)
    X, y = _cross()
    for (name, start), line, color in zip(_starts().items(), LINES, (BLUE, ORANGE, PINK)):
        params, losses, rows = start, [], []
        for _ in range(41):
            losses.append(float(loss(forward(X, params)["y_hat"], y)))
            rows.append(np.asarray(params["W1"])[0].copy())
            params = train(X, y, params, 1.0, 10)
        times = 10 * np.arange(41)
        axes[0].plot(times, losses, line, color=color, label=name)
        if name != "zeros":
            panel = axes[1 if name == "random" else 2]
            for unit, (row, style) in enumerate(zip(np.array(rows).T, ("-", "--", "-.", ":"))):
                panel.plot(
                    times, row, style, color=color, linewidth=2.6 - 0.4 * unit,
                    label=f"unit {unit + 1}",
                )  # fmt: skip
            panel.set(title=f"Weights of x₁, start: {name}", xlabel="steps", ylabel="weight")
            panel.legend(loc="best", fontsize=9)
    axes[0].set(title="Loss", xlabel="steps", ylabel="nats", ylim=(0, 0.95))
    axes[0].legend(loc="center right", bbox_to_anchor=(1.0, 0.36))
    told = "; ".join(f"{readings(panel, (0, 400), '.2f')}" for panel in axes[1:])
    return figure, (
        f"Left, the loss: {readings(axes[0], (0, 100, 400))}. Middle and right, the weights of the "
        f"first input from a random start and from equal weights, unit by unit: {told}."
    )


@picture
def start_sizes(train: Function, forward: Function, loss: Function) -> Drawn:
    """Draw the loss after training on XOR-like data, from eight random starts of each of five
    sizes."""
    figure, axes = new_figure(width=7.6, height=3.5)
    X, y = _cross()
    sizes, seeds, steps = (0.02, 0.1, 0.5, 1.0, 5.0), 8, 400
    told = []
    for place, size in enumerate(sizes):
        ends = []
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            start = _network(2, 4, 2, partial(rng.normal, 0.0, size))
            trained = train(X, y, start, 1.0, steps)
            ends.append(float(loss(forward(X, trained)["y_hat"], y)))
        axes.plot(place + np.linspace(-0.2, 0.2, seeds), ends, "o", color=BLUE, markersize=6)
        told.append(f"{size:g}: {_listed(sorted(ends), '.2f')}")
    axes.axhline(np.log(2), color=INK, linestyle=":", linewidth=1.2)
    axes.annotate("ln 2: one half for everybody", (4.4, np.log(2)), xytext=(0, 4), ha="right",
                  textcoords="offset points")  # fmt: skip
    axes.set_xticks(range(len(sizes)), [f"{size:g}" for size in sizes])
    axes.grid(axis="x", visible=False)
    axes.set(xlabel="standard deviation of the weights at the start", ylabel="loss, nats")
    axes.set(title=f"Eight starts of each size, after {steps} steps", ylim=(-0.03, 0.85))
    return figure, (
        f"The loss after {steps} steps from eight random starts for each of five standard "
        f"deviations of the weights: {'; '.join(told)}. A dotted line marks ln 2."
    )


@picture
def hidden_representation(train: Function, forward: Function) -> Drawn:
    """Draw XOR-like data in the plane of the inputs and in that of the second hidden layer."""
    figure, axes = new_figure(2, 2, width=8.2, height=7.0)
    X, y = _cross()
    before = _starts()["random"]
    after = train(X, y, before, 1.0, 600)
    side = np.linspace(-2.2, 2.2, 60)
    plane = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    told = []
    for row, (when, params) in zip(axes, (("before", before), ("after 600 steps", after))):
        chance = np.asarray(forward(plane, params)["y_hat"]).reshape(60, 60)
        image = row[0].contourf(side, side, chance, levels=np.linspace(0, 1, 11), cmap="cividis")
        row[0].contour(side, side, chance, levels=[0.5], colors=ON_DARK, linestyles="--")
        here = forward(X, params)
        h2, right = np.asarray(here["h2"]), (np.asarray(here["y_hat"]) > 0.5) == (y == 1)
        told.append(
            f"{when[0].upper()}{when[1:]}: the predictions lie between {chance.min():.2f} and "
            f"{chance.max():.2f}, and {int(right.sum())} of {len(y)} examples are on their side of "
            "one half."
        )
        for label, marker, color, edge in (
            (0.0, "o", SKY, ON_DARK), (1.0, "^", RED, ON_LIGHT),
        ):  # fmt: skip
            chosen = y == label
            look = {"marker": marker, "color": color, "s": 34, "label": f"y = {label:.0f}"}
            # Whatever the theme, the map is dark where class 0 will be and bright where class 1.
            row[0].scatter(*X[chosen].T, edgecolors=edge, linewidths=0.9, **look)
            row[1].scatter(*h2[chosen].T, edgecolors=GROUND, linewidths=0.6, **look)
        low, high = -0.05, 1.05
        U, c = np.asarray(params["U"]), float(params["c"])
        ends = np.array([low, high])
        if when != "before":
            row[1].plot(ends, -(c + U[0] * ends) / U[1], "--", color=INK, linewidth=1.2)
        row[0].set(title=f"Inputs, {when}", xlabel="x₁", ylabel="x₂")
        row[1].set(title=f"Second hidden layer, {when}", xlabel="h₂ of unit 1")
        row[1].set(ylabel="h₂ of unit 2", xlim=(low, high), ylim=(low, high))
    axes[0, 1].legend(loc="upper right")
    figure.colorbar(image, ax=axes[:, 0], shrink=0.5, location="left", label="ŷ")
    return figure, (
        "Two rows, before and after training. Left: the input plane with four clouds, the classes "
        "on opposite diagonals, over the prediction of the network. Right: the same examples in "
        f"the plane of the two units of the second hidden layer. {' '.join(told)}"
    )

"""The pictures of 05-autograd, drawn with the functions the student wrote.

Forward values are blue and stand above a node, adjoints are red and stand below it.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy

from course import recorded
from course.plots.style import Drawn, Function, new_figure, picture, slider, text_ground
from course.plots.themes import BLUE, GREEN, GREY, GROUND, INK, ORANGE, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The nodes of a graph by name, each with its place and its label, and the two names of an edge.
Nodes = dict[str, tuple[float, float, str]]
Edge = tuple[str, str]

BOX = {"boxstyle": "round,pad=0.35", "facecolor": GROUND, "edgecolor": INK, "linewidth": 1.2}

# Of the graphs that one steps through.
MARGINS = {"left": 0.01, "right": 0.99, "bottom": 0.11, "top": 0.92}


def _graph(
    axes: Axes,
    nodes: Nodes,
    edges: Collection[Edge],
    values: dict[str, str],
    adjoints: dict[str, str],
    shares: dict[Edge, str] | None = None,
    slopes: dict[Edge, str] | None = None,
    active: Collection[Edge] = (),
) -> None:
    """Draw a graph: nodes name -> (x, y, label), edges as pairs of names, and the numbers known.

    shares  edge -> what comes back along it, written on its middle
    slopes  edge -> its local derivative, written on its middle
    active  edges that are used now, drawn thick
    """
    for edge in edges:
        start, end = (nodes[name][:2] for name in edge)
        # Arrows end outside the boxes, whose width goes with their label; steep ones would run into
        # the numbers above and below.
        gaps = [13 + 2.8 * len(nodes[name][2]) for name in edge]
        if abs(end[1] - start[1]) > 0.4 * abs(end[0] - start[0]):
            gaps[1] = max(gaps[1], 26)
        axes.annotate(
            "", end, start, zorder=1,
            arrowprops={
                "arrowstyle": "-|>", "shrinkA": gaps[0], "shrinkB": gaps[1],
                "color": INK if edge in active else GREY, "linewidth": 2.6 if edge in active else 1,
            },
        )  # fmt: skip
        for told, color in ((shares, RED), (slopes, INK)):
            if told and edge in told:
                x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
                # A level arrow is short: its number stands above it.
                y += 0.27 if start[1] == end[1] else 0
                axes.text(
                    x, y, told[edge], color=color, ha="center", va="center", fontsize=9.5, zorder=2,
                    bbox=text_ground(1.0),
                )  # fmt: skip
    for name, (x, y, label) in nodes.items():
        axes.text(x, y, label, ha="center", va="center", bbox=BOX, fontsize=11, zorder=3)
        for numbers, color, place, shift in (
            (values, BLUE, "bottom", 13),
            (adjoints, RED, "top", -13),
        ):
            if name in numbers:
                axes.annotate(
                    numbers[name], (x, y), xytext=(0, shift), textcoords="offset points",
                    ha="center", va=place, color=color, fontsize=10, zorder=4,
                    bbox=text_ground(0.5, alpha=0.85),
                )  # fmt: skip
    axes.axis("off")
    axes.grid(False)


def _legend(axes: Axes) -> None:
    axes.plot([], [], "s", color=BLUE, label="above: value, forward")
    axes.plot([], [], "s", color=RED, label="below: adjoint, backward")
    axes.plot([], [], color=GREY, label="on an arrow: its local derivative")
    axes.legend(loc="upper left", ncols=3, bbox_to_anchor=(0, 0.03), fontsize=9.5)


def _told(slopes: dict[Edge, str], nodes: Nodes) -> str:
    """Say the local derivatives on the edges in words."""
    named = (f"{nodes[a][2]} to {nodes[b][2]} {slope}" for (a, b), slope in slopes.items())
    return ", ".join(named) or "none yet"


def _short(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".").replace("-", "−")


PRODUCT_STEPS = (
    "Step 0: the inputs.",
    "Step 1, forward: d = a + b.",
    "Step 2, forward: f = d · c.",
    "Step 3, backward: the output starts with adjoint 1.",
    "Step 4, backward: through the product, to d and c.",
    "Step 5, backward: through the sum, to a and b.",
)


def product_graph(product_of_sum_gradients: Function) -> None:
    """Draw the graph of (a + b) c with values and adjoints, built step by step."""

    @picture
    def drawn(step: int) -> Drawn:
        a, b, c = 2.0, -5.0, 4.0
        d = a + b
        a_bar, b_bar, c_bar = (float(g) for g in product_of_sum_gradients(a, b, c))
        figure, axes = new_figure(width=7.6, height=3.6, placed=MARGINS)
        nodes = {
            "a": (0, 2.2, "a"), "b": (0, 0.9, "b"), "c": (0, -0.6, "c"),
            "d": (2, 1.55, "d = a + b"), "f": (4.2, 0.5, "f = d · c"),
        }  # fmt: skip
        edges = [("a", "d"), ("b", "d"), ("d", "f"), ("c", "f")]
        values = {"a": _short(a), "b": _short(b), "c": _short(c), "d": _short(d)}
        values["f"] = _short(d * c)
        known = ("a", "b", "c", "d", "f")[: 3 + min(step, 2)]
        adjoints = {"f": "1", "d": _short(a_bar), "c": _short(c_bar)}
        adjoints |= {"a": _short(a_bar), "b": _short(b_bar)}
        reached = ("f", "d", "c", "a", "b")[: {3: 1, 4: 3, 5: 5}.get(step, 0)]
        slopes = {("a", "d"): "× 1", ("b", "d"): "× 1"} if step >= 1 else {}
        slopes |= (
            {("d", "f"): f"× {values['c']}", ("c", "f"): f"× {values['d']}"} if step >= 2 else {}
        )
        sums, products = edges[:2], edges[2:]
        active = {1: sums, 2: products, 4: products, 5: sums}.get(step, ())
        _graph(
            axes, nodes, edges,
            {name: values[name] for name in known},
            {name: adjoints[name] for name in reached},
            slopes=slopes, active=active,
        )  # fmt: skip
        axes.set(xlim=(-0.5, 4.9), ylim=(-1.5, 2.8), title=PRODUCT_STEPS[step])
        _legend(axes)
        words = ", ".join(f"{name} = {values[name]}" for name in known)
        back = ", ".join(f"{name}: {adjoints[name]}" for name in reached) or "none yet"
        return figure, (
            "A graph: a and b lead to d = a + b, then d and c lead to f = d c. "
            f"{PRODUCT_STEPS[step]} Values so far: {words}. Local derivatives on the arrows: "
            f"{_told(slopes, nodes)}. Adjoints so far: {back}."
        )

    slider(drawn, range(6), 0, "step", still=5)


NEURON_STEPS = (
    "Step 0: the inputs.",
    "Step 1, forward: the products and the score z.",
    "Step 2, forward: from the score to the output.",
    "Step 3, backward: the output starts with adjoint 1.",
    "Step 4, backward: reciprocal, plus one, exponential, minus.",
    "Step 5, backward: the sum and the products hand it on to the inputs.",
)


def neuron_graph(neuron_gradients: Function) -> None:
    """Draw the graph of the sigmoid neuron with values and adjoints, built step by step."""

    @picture
    def drawn(step: int) -> Drawn:
        w, x = np.array([-3.0, 2.0, -3.0]), np.array([-1.0, -2.0])
        dw, dx = (np.asarray(g, dtype=float) for g in neuron_gradients(w, x))
        figure, axes = new_figure(width=9.6, height=5.2, placed=MARGINS)
        nodes = {
            "w0": (0, 5, "w₀"), "w1": (0, 4, "w₁"), "x1": (0, 3, "x₁"),
            "w2": (0, 2, "w₂"), "x2": (0, 1, "x₂"),
            "p1": (1.5, 3.5, "w₁x₁"), "p2": (1.5, 1.5, "w₂x₂"), "z": (3, 3, "z"),
            "m": (4.15, 3, "m = −z"), "r": (5.5, 3, "r = eᵐ"), "q": (6.9, 3, "q = 1 + r"),
            "f": (8.3, 3, "f = 1/q"),
        }  # fmt: skip
        edges = [
            ("w1", "p1"), ("x1", "p1"), ("w2", "p2"), ("x2", "p2"), ("w0", "z"), ("p1", "z"),
            ("p2", "z"), ("z", "m"), ("m", "r"), ("r", "q"), ("q", "f"),
        ]  # fmt: skip
        numbers = {"w0": w[0], "w1": w[1], "x1": x[0], "w2": w[2], "x2": x[1]}
        numbers |= {"p1": w[1] * x[0], "p2": w[2] * x[1]}
        numbers["z"] = w[0] + numbers["p1"] + numbers["p2"]
        numbers |= {"m": -numbers["z"], "r": np.exp(-numbers["z"])}
        numbers["q"] = 1 + numbers["r"]
        numbers["f"] = 1 / numbers["q"]
        values = {name: _short(number) for name, number in numbers.items()}
        known = list(values)[: {0: 5, 1: 8}.get(step, 12)]
        z_bar = dw[0]
        # These three are not in what the student's function returns.
        reciprocal = -1 / numbers["q"] ** 2
        adjoints = {"f": "1", "q": _short(reciprocal), "r": _short(reciprocal)}
        adjoints["m"] = _short(reciprocal * numbers["r"])
        adjoints |= {"z": _short(z_bar), "p1": _short(z_bar), "p2": _short(z_bar)}
        adjoints |= {"w0": _short(dw[0]), "w1": _short(dw[1]), "w2": _short(dw[2])}
        adjoints |= {"x1": _short(dx[0]), "x2": _short(dx[1])}
        reached = list(adjoints)[: {3: 1, 4: 5, 5: 12}.get(step, 0)]
        local = [values[name] for name in ("x1", "w1", "x2", "w2")]
        local += ["1", "1", "1", "−1", values["r"], "1", _short(reciprocal)]
        known_slopes = {0: 0, 1: 7}.get(step, 11)
        slopes = {edge: f"× {slope}" for edge, slope in zip(edges[:known_slopes], local)}
        active = {1: edges[:7], 2: edges[7:], 4: edges[7:], 5: edges[:7]}.get(step, ())
        _graph(
            axes, nodes, edges,
            {name: values[name] for name in known},
            {name: adjoints[name] for name in reached},
            slopes=slopes, active=active,
        )  # fmt: skip
        axes.set(xlim=(-0.5, 8.9), ylim=(0.1, 5.6), title=NEURON_STEPS[step])
        _legend(axes)
        back = ", ".join(f"{name} {adjoints[name]}" for name in reached) or "none yet"
        return figure, (
            "The graph of a sigmoid neuron, from five inputs through two products and their sum z "
            "to minus z, the exponential, plus one and the reciprocal. "
            f"{NEURON_STEPS[step]} {len(known)} of 12 values are filled in. Local derivatives on "
            f"the arrows: {_told(slopes, nodes)}. Adjoints: {back}."
        )

    slider(drawn, range(6), 0, "step", still=5)


@picture
def dag_and_tree(shared_node_gradient: Function) -> Drawn:
    """Draw x sin x + x² as a graph with a shared node, and unrolled into a tree."""
    x = 0.7
    total = float(shared_node_gradient(x))
    sine, square = np.sin(x), x**2
    values = {"x": x, "s": sine, "p": x * sine, "q": square, "f": x * sine + square}
    values = {name: _short(value) for name, value in values.items()}
    # What comes back to x through the sine, the product and the square.
    parts = {"s": x * np.cos(x), "p": sine, "q": 2 * x}
    through = {name: _short(part) for name, part in parts.items()}
    adjoints = {"f": "1", "p": "1", "q": "1", "s": values["x"]}
    figure, (left, right) = new_figure(1, 2, width=9.8, height=4.4)
    nodes = {
        "x": (0, 1.5, "x"), "s": (1.5, 2.5, "sin"), "p": (3, 1.9, "product"),
        "q": (1.9, 0.4, "square"), "f": (4.3, 1.2, "sum"),
    }  # fmt: skip
    edges = [("x", "s"), ("x", "p"), ("x", "q"), ("s", "p"), ("p", "f"), ("q", "f")]
    shares = {("x", name): share for name, share in through.items()}
    _graph(left, nodes, edges, values, adjoints | {"x": _short(total)}, shares)
    left.set(xlim=(-0.7, 4.7), ylim=(-0.2, 3.1), title="The graph: x stands there once")
    tree = {
        "x1": (0, 3, "x"), "x2": (0, 1.9, "x"), "s": (1.4, 1.9, "sin"), "p": (2.8, 2.5, "product"),
        "x3": (0, 0.5, "x"), "q": (1.7, 0.5, "square"), "f": (4.3, 1.5, "sum"),
    }  # fmt: skip
    branches = [("x1", "p"), ("x2", "s"), ("s", "p"), ("p", "f"), ("x3", "q"), ("q", "f")]
    leaves = {"x1": "p", "x2": "s", "x3": "q"}
    _graph(
        right, tree, branches, values | {leaf: values["x"] for leaf in leaves},
        adjoints | {leaf: through[name] for leaf, name in leaves.items()},
    )  # fmt: skip
    right.set(xlim=(-0.7, 4.7), ylim=(-0.2, 3.5), title="The tree: three copies of x")
    return figure, (
        f"Left: one node x, {x:g}, with three arrows, to the sine, to the product and to the "
        f"square; back along them come {', '.join(through.values())}, which add up to "
        f"{sum(parts.values()):.4f}; x has your {total:.4f}. Right: the same expression as a tree "
        "with three copies of x, each with one of the three shares."
    )


@picture
def v_curve(central_difference: Function) -> Drawn:
    """Draw the error of numerical derivatives of the sigmoid at 1 against the step."""
    start = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    exact = float(torch.autograd.grad(torch.sigmoid(start), start)[0])

    def f(x: float) -> float:
        return float(torch.sigmoid(torch.tensor(x, dtype=torch.float64)))

    steps = np.logspace(-15, -0.5, 59)
    central = [abs(central_difference(f, 1.0, h) - exact) for h in steps]
    # A one-sided quotient is the central one of half the step, half a step to the right.
    forward = [abs(central_difference(f, 1.0 + h / 2, h / 2) - exact) for h in steps]
    figure, axes = new_figure(width=7.6, height=4.2)
    looks = {"color": ORANGE, "markersize": 4, "label": "one-sided"}
    axes.loglog(steps, np.maximum(forward, 1e-16), "s--", **looks)
    looks = {"color": BLUE, "markersize": 4, "label": "central"}
    axes.loglog(steps, np.maximum(central, 1e-16), "o-", **looks)
    axes.axvline(1e-5, color=GREY, linestyle=":")
    axes.text(1.5e-5, 2e-14, "step 1e-5", color=GREY)
    axes.set(xlabel="step: on the left rounding counts, on the right truncation")
    axes.set(ylabel="error of the derivative")
    axes.set(xlim=(5e-16, 0.5), ylim=(8e-15, 0.2))
    axes.legend(loc="upper center")
    best = int(np.argmin(central))
    axes.set_title(
        f"Central: best at a step of {steps[best]:.0e}, with an error of {central[best]:.0e}"
    )
    told = []
    for name, errors in (("one-sided", forward), ("central", central)):
        low = int(np.argmin(errors))
        told.append(
            f"the {name} quotient is best at a step of {steps[low]:.0e} with an error of "
            f"{max(errors[low], 1e-16):.0e}, has {errors[0]:.0e} at {steps[0]:.0e} and "
            f"{errors[-1]:.0e} at {steps[-1]:.0e}"
        )
    return figure, (
        "Two curves of the error of the derivative of the sigmoid at 1 against the step, on "
        f"logarithmic axes: {'; '.join(told)}."
    )


@picture
def swelling() -> Drawn:
    """Draw the operations of a formula and of its derivative, written out and as a program."""
    figure, axes = new_figure(width=7.6, height=3.8)
    depth = np.arange(5)
    # Counted with SymPy on the nested formula; the program takes 1 - l, times l, times 4, and for
    # the derivative 2 l, 1 minus it, times 4, times the derivative so far.
    counts = (
        ("its derivative, written out", np.array([0, 2, 21, 82, 264]), RED, "o-"),
        ("the function, written out", np.array([0, 3, 8, 18, 38]), BLUE, "s--"),
        ("value and derivative, map by map", 7 * depth, GREEN, "^-."),
        ("the function, map by map", 3 * depth, INK, "d:"),
    )
    for (label, numbers, color, line), shift in zip(counts, (0, 5, -3, -6)):
        axes.plot(depth, numbers, line, color=color, label=label)
        axes.annotate(str(numbers[-1]), (4, numbers[-1]), xytext=(8, shift),
                      textcoords="offset points", va="center")  # fmt: skip
    axes.set(xlabel="how often the map l → 4 l (1 − l) is applied", ylabel="operations")
    axes.set(xlim=(-0.1, 4.4), ylim=(0, 290))
    axes.set_xticks(depth)
    axes.set_title("Written out, the formulas swell; map by map they do not")
    axes.legend(loc="upper left", fontsize=9.5)
    told = "; ".join(f"{label}: {', '.join(map(str, numbers))}" for label, numbers, _, _ in counts)
    return figure, f"Operations after 0 to 4 applications of the map. {told[0].upper()}{told[1:]}."


def _differences(
    largest_differences: Function,
    torch_gradients: Function,
    torch_intermediates: Function,
    hand: dict[str, Any],
) -> tuple[dict[str, Any], dict[str, float]]:
    X, y, params = recorded.network()
    auto = dict(torch_gradients(X, y, params)) | dict(torch_intermediates(X, y, params))
    auto = {name: _array(value) for name, value in auto.items()}
    return auto, largest_differences(hand, auto)


def _array(value: Any) -> np.ndarray:
    return value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)


@picture
def walk(
    largest_differences: Function,
    first_mismatch: Function,
    torch_gradients: Function,
    torch_intermediates: Function,
) -> Drawn:
    """Hand against autograd, from the loss backward: a right derivation and one with a slip."""
    figure, panels = new_figure(1, 2, width=10.0, height=3.8, sharey=True)
    order, found, told = recorded.ORDER, {}, []
    for axes, title, hand in zip(
        panels, ("Derived rightly", "With a slip"), (recorded.by_hand(), recorded.with_a_slip())
    ):
        auto, gaps = _differences(largest_differences, torch_gradients, torch_intermediates, hand)
        found[title] = first_mismatch(hand, auto, order)
        heights = np.maximum([float(gaps[name]) for name in order], 1e-18)
        bad = heights > 1e-9
        told.append(
            f"{title}: {int((~bad).sum())} of {len(order)} tables agree to 1e-9, the largest "
            f"difference is {heights.max():.1e}, and the first mismatch is "
            f"{found[title] or 'none'}."
        )
        places = np.arange(len(order))
        axes.semilogy(places[~bad], heights[~bad], "o", color=GREEN, label="agrees")
        axes.semilogy(places[bad], heights[bad], "X", color=RED, markersize=9, label="differs")
        axes.axhline(1e-9, color=GREY, linestyle=":")
        axes.text(len(order) - 0.6, 1.6e-9, "tolerance", color=GREY, ha="right")
        if found[title]:
            at = order.index(found[title])
            axes.annotate(
                f"first mismatch: {found[title]}", (at, heights[at]), xytext=(at - 0.2, 2e-6),
                ha="center", arrowprops={"arrowstyle": "->", "color": INK},
            )  # fmt: skip
        axes.set_xticks(places, order, rotation=60)
        axes.set(xlabel="walking backward from the loss →", title=title, ylim=(3e-19, 1))
    panels[0].set_ylabel("largest difference")
    panels[1].legend(loc="lower right")
    return figure, (
        "Two dot plots on a logarithmic scale, one dot a table, from y_hat back to b1. "
        f"{' '.join(told)}"
    )


@picture
def every_parameter(
    torch_gradients: Function, torch_forward: Function, central_difference: Function
) -> Drawn:
    """Hand against autograd and against central differences, one dot a parameter."""
    X, y, params = recorded.network()
    hand, auto = recorded.by_hand(), torch_gradients(X, y, params)
    target = torch.tensor(y)
    names, to_auto, to_numerical = [], [], []
    for name in ("W1", "b1", "W2", "b2", "U", "c"):
        base = np.array(params[name], dtype=float)
        for index in np.ndindex(base.shape):

            def loss(
                value: float, name: str = name, base: Any = base, index: tuple[int, ...] = index
            ) -> float:
                moved = base.copy()
                moved[index] = value
                y_hat = torch_forward(X, params | {name: moved})
                return float(binary_cross_entropy(y_hat, target))

            by_hand = float(np.asarray(hand[name])[index])
            names.append(name)
            to_auto.append(abs(by_hand - float(_array(auto[name])[index])))
            to_numerical.append(abs(by_hand - central_difference(loss, float(base[index]))))
    figure, axes = new_figure(width=8.6, height=4.0)
    places = np.arange(len(names))
    axes.semilogy(
        places, np.maximum(to_numerical, 1e-18), "D", color=ORANGE, markersize=6,
        label="hand − central difference",
    )  # fmt: skip
    axes.semilogy(
        places, np.maximum(to_auto, 1e-18), "o", color=BLUE, markersize=6,
        label="hand − autograd (exact agreement drawn at 1e-18)",
    )  # fmt: skip
    starts = [names.index(name) for name in dict.fromkeys(names)]
    for start in starts[1:]:
        axes.axvline(start - 0.5, color=GREY, linewidth=0.8)
    middles = [start + (names.count(names[start]) - 1) / 2 for start in starts]
    axes.set_xticks(middles, list(dict.fromkeys(names)))
    axes.grid(axis="x", visible=False)
    axes.set(ylim=(3e-19, 1e-6), xlim=(-0.7, len(names) - 0.3))
    axes.set(xlabel="the 29 parameters", ylabel="difference")
    axes.set_title("Your autograd and your central differences, against the derivation by hand")
    look = {"frameon": True, "facecolor": GROUND, "edgecolor": "none", "framealpha": 1}
    axes.legend(loc="upper left", ncols=2, fontsize=9.5, **look)
    return figure, (
        "One pair of dots for each of the 29 parameters, on a logarithmic scale. The differences "
        f"between hand and autograd are at most {max(to_auto):.0e}; those between hand and central "
        f"differences lie around {np.median(to_numerical):.0e}."
    )


@picture
def cost(torch_forward: Function, torch_gradients: Function, central_difference: Function) -> Drawn:
    """Draw the measured time of all derivatives, by reverse mode and numerically, as parameters
    grow."""
    rng = np.random.default_rng(5)
    sizes: list[int] = []
    times: dict[str, list[float]] = {"forward": [], "reverse": [], "numerical": []}
    for width in (2, 6, 20, 60):
        X, y = rng.normal(size=(20, 4)), np.arange(20) % 2.0
        params: dict[str, Any] = {
            "W1": rng.normal(size=(4, width)), "b1": rng.normal(size=width),
            "W2": rng.normal(size=(width, 4)), "b2": rng.normal(size=4),
            "U": rng.normal(size=4), "c": 0.1,
        }  # fmt: skip
        sizes.append(sum(np.size(value) for value in params.values()))
        target = torch.tensor(y)

        def loss(
            shift: float,
            name: str = "c",
            index: tuple[int, ...] = (),
            params: dict[str, Any] = params,
            X: np.ndarray = X,
            target: torch.Tensor = target,
        ) -> float:
            moved = np.array(params[name])
            moved[index] += shift
            return float(binary_cross_entropy(torch_forward(X, params | {name: moved}), target))

        def numerical(params: dict[str, Any] = params, loss: Function = loss) -> float:
            """Add up, over all parameters, the shortest time that each one's derivative took, in
            seconds."""
            return sum(
                _seconds(lambda: central_difference(lambda shift: loss(shift, name, index), 0.0), 3)
                for name, value in params.items()
                for index in np.ndindex(np.shape(value))
            )

        with _one_thread():
            times["forward"].append(_seconds(lambda: loss(0.0), 20))
            times["reverse"].append(_seconds(lambda: torch_gradients(X, y, params), 20))
            times["numerical"].append(numerical())
    figure, axes = new_figure(width=7.8, height=4.0)
    looks = (
        ("numerical", RED, "^-", "central differences"),
        ("reverse", BLUE, "o-", "reverse mode"),
        ("forward", GREY, "s--", "one forward pass"),
    )
    for name, color, line, label in looks:
        milliseconds = 1e3 * np.array(times[name])
        axes.loglog(sizes, milliseconds, line, color=color, label=label)
    factor = times["numerical"][-1] / times["reverse"][-1]
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.set(xlabel="number of parameters", ylabel="time for the whole gradient, ms")
    passes = times["reverse"][-1] / times["forward"][-1]
    axes.set_title(f"{sizes[-1]} parameters: central differences take {factor:.0f} times as long")
    axes.legend(loc="upper left")
    told = "; ".join(
        f"{label} {', '.join(f'{1e3 * t:.2g}' for t in times[name])}" for name, _, _, label in looks
    )
    return figure, (
        f"Shortest measured times in milliseconds for {', '.join(map(str, sizes))} parameters, on "
        f"logarithmic axes: {told}. With {sizes[-1]} parameters central differences take "
        f"{factor:.0f} times as long as reverse mode, and reverse mode {passes:.1f} times as long "
        "as one forward pass."
    )


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep PyTorch to one thread: times do not depend on what else the machine does at once."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _seconds(function: Function, repeats: int) -> float:
    """Measure the shortest time of one call, in seconds."""
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        found.append(time.perf_counter() - start)
    return min(found)


@picture
def traps(binary_loss: Function, class_loss: Function) -> Drawn:
    """Show right losses from scores, and what the wrong pipelines make of them."""
    figure, (left, right) = new_figure(1, 2, width=9.8, height=3.8)
    z = np.linspace(-200, 20, 111)
    one = torch.ones(1, dtype=torch.float64)

    def along(loss: Function, points: Iterable[float]) -> list[float]:
        return [float(loss(torch.tensor([point], dtype=torch.float64))) for point in points]

    left.plot(z, along(lambda s: binary_loss(s, one), z), color=BLUE, label="from logits")
    clamped = along(lambda s: binary_cross_entropy(torch.sigmoid(s), one), z)
    left.plot(z, clamped, "--", color=ORANGE, label="BCELoss of sigmoid(z)")
    twice = along(lambda s: binary_loss(torch.sigmoid(s), one), z)
    left.plot(z, twice, ":", color=RED, linewidth=2.6, label="sigmoid twice")
    left.set(xlabel="logit z of an example with label 1", ylabel="loss, nats")
    left.set_title("BCELoss stops at 100")
    left.legend(loc="upper right", fontsize=9.5)
    m = np.linspace(-4, 12, 81)
    label = torch.tensor([0])

    def scores(margin: float) -> torch.Tensor:
        return torch.tensor([[margin, 0.0, 0.0]], dtype=torch.float64)

    right.plot(m, [float(class_loss(scores(x), label)) for x in m], color=BLUE, label="from scores")
    double = [float(class_loss(torch.softmax(scores(x), dim=1), label)) for x in m]
    right.plot(m, double, ":", color=RED, linewidth=2.6, label="softmax twice")
    lowest = min(double)
    right.axhline(lowest, color=GREY, linewidth=0.8)
    right.annotate(
        f"not below {lowest:.2f}", (9, lowest), xytext=(0, 6),
        textcoords="offset points", ha="center",
    )  # fmt: skip
    right.set(xlabel="lead of the true class, 3 classes", ylabel="loss, nats")
    once = float(class_loss(scores(m[-1]), label))
    right.set_title(f"At a lead of {m[-1]:g}: {once:.2g}; softmax twice {double[-1]:.2f}")
    right.legend(loc="upper right", fontsize=9.5)
    at = [-200.0, -100.0, 0.0]
    told = "; ".join(
        f"{name} {', '.join(f'{value:.4g}' for value in along(loss, at))}"
        for name, loss in (
            ("from logits", lambda s: binary_loss(s, one)),
            ("BCELoss of the sigmoid", lambda s: binary_cross_entropy(torch.sigmoid(s), one)),
            ("with the sigmoid applied twice", lambda s: binary_loss(torch.sigmoid(s), one)),
        )
    )
    return figure, (
        "Left: the loss of a positive example against its logit, at -200, -100 and 0: "
        f"{told}. Right: the loss against the lead of the true class; at a lead of {m[-1]:g} it is "
        f"{once:.2g} from scores and {double[-1]:.2f} with softmax applied twice."
    )


@picture
def bce_slopes(binary_loss: Function) -> Drawn:
    """Draw the loss of one positive example, and the slopes that autograd gives for it."""
    figure, (left, right) = new_figure(1, 2, width=9.8, height=3.8)
    z = np.linspace(-120, 10, 131)
    kinds = (
        ("from logits", binary_loss, BLUE, "-"),
        (
            "BCELoss of sigmoid(z)",
            lambda s, y: binary_cross_entropy(torch.sigmoid(s), y),
            RED,
            "--",
        ),
    )
    told, parted = [], []
    for name, loss, color, line in kinds:
        values, slopes = [], []
        for point in z:
            score = torch.tensor([point], dtype=torch.float64, requires_grad=True)
            value = loss(score, torch.ones(1, dtype=torch.float64))
            values.append(float(value.detach()))
            slopes.append(float(torch.autograd.grad(value, score)[0]))
        left.plot(z, values, line, color=color, label=name)
        right.plot(z, slopes, line, color=color, label=name)
        parted.append(np.array(slopes))
        at = [int(np.argmin(np.abs(z - point))) for point in (-110, -50, -30, -20)]
        said = ", ".join(f"{slopes[k]:.2g} at {z[k]:g}" for k in at)
        told.append(f"{name}: loss {values[at[1]]:.4g} at -50; autograd's slopes {said}")
    left.set(xlabel="logit z, label 1", ylabel="loss, nats", title="The loss you see")
    right.set(xlabel="logit z, label 1", ylabel="slope", ylim=(-1.25, 0.15))
    right.set_title("The slope that autograd gives")
    for axis in (left, right):
        axis.legend(loc="lower left" if axis is left else "center left", fontsize=9.5)
    differ = np.flatnonzero(np.abs(parted[0] - parted[1]) > 0.1)
    if len(differ):
        edge = f"{z[differ[-1]]:.0f}".replace("-", "−")
        for axis in (left, right):
            axis.axvline(z[differ[-1]], color=GREY, linestyle=":")
        left.annotate(
            f"slopes apart\nfrom z = {edge}", (z[differ[-1]], 75), xytext=(6, 0),
            textcoords="offset points",
        )  # fmt: skip
        told.append(f"the slopes are more than 0.1 apart from {edge} downwards")
    return figure, (
        "Two panels over the logit of a positive example: the losses, and the slopes that autograd "
        f"gives for them. {'. '.join(told)}."
    )


@picture
def training(train_with_torch: Function, torch_forward: Function) -> Drawn:
    """Draw the loss of the example network while it trains, beside the hand-made run of notebook
    4."""
    X, y, params = recorded.network()
    target = torch.tensor(y)
    steps, current, losses = [0, 1, 3, 10, 30, 100, 300], params, []
    for before, now in zip([0, *steps], steps):
        if now > before:
            current = train_with_torch(X, y, current, 0.5, now - before)
            current = {name: _array(value) for name, value in current.items()}
        losses.append(float(binary_cross_entropy(torch_forward(X, current), target)))
    figure, axes = new_figure(width=7.4, height=3.8)
    axes.plot(steps, losses, ".-", color=BLUE, label="torch.optim.SGD, yours")
    by_hand = {0: 0.564018, 1: 0.551381, 10: 0.408241, 100: 0.044431}
    axes.plot(
        list(by_hand), list(by_hand.values()), "o", color=ORANGE, markersize=9,
        markerfacecolor="none", markeredgewidth=2, label="by hand, notebook 4",
    )  # fmt: skip
    axes.set_xscale("symlog", linthresh=1)
    axes.set_xticks([0, 1, 10, 100], ["0", "1", "10", "100"])
    axes.set(yscale="log", xlabel="steps", ylabel="mean loss, nats", xlim=(-0.1, 400))
    axes.minorticks_off()
    ticks = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    apart = [abs(losses[steps.index(step)] - value) for step, value in by_hand.items()
             if step in steps]  # fmt: skip
    axes.set_title(f"Yours, and by hand: at most {max(apart):.0e} apart")
    axes.legend(loc="lower left")
    return figure, (
        f"The loss after {', '.join(map(str, steps))} steps, on logarithmic axes: "
        f"{', '.join(f'{loss:.3f}' for loss in losses)}. Four circles are the numbers computed by "
        f"hand in notebook 4; they lie at most {max(apart):.0e} from yours."
    )

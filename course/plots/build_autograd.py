"""The pictures of 08-build-autograd, drawn with the functions and classes the student wrote.

In graphs, forward values are blue and stand above a node, adjoints are red and stand below it.
"""

from __future__ import annotations

import ast
import time
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from course import programs, recorded
from course.plots.style import Drawn, Function, new_figure, picture, slider, text_ground
from course.plots.themes import BLUE, GREEN, GREY, GROUND, INK, ORANGE, RED, blues

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN = "x * x.sin() + x ** 2"


def tangents(Dual: type, forward_derivative: Function) -> None:
    """Draw a curve with the tangent that a dual carries, and the slopes of the whole curve
    below."""
    grid = np.linspace(-3.0, 3.0, 120)

    def f(x: np.ndarray) -> Any:
        return programs.run(SHOWN, {"x": x})

    @cache
    def along() -> tuple[list[float], list[float]]:
        values = [f(Dual(float(t), 1.0)).value for t in grid]
        return values, [float(forward_derivative(f, float(t))) for t in grid]

    @picture
    def drawn(x: np.ndarray) -> Drawn:
        values, slopes = along()
        dual = f(Dual(float(x), 1.0))
        figure, (curve, below) = new_figure(
            2,
            1,
            width=7.6,
            height=5.2,
            sharex=True,
            height_ratios=(3, 2),
            placed={"left": 0.1, "right": 0.98, "bottom": 0.1, "top": 0.93},
        )
        curve.plot(grid, values, color=BLUE, label="value of x sin x + x²")
        run = np.array([-0.8, 0.8])
        curve.plot(
            x + run, dual.value + dual.tangent * run, "--", color=RED, linewidth=2.4,
            label="tangent of the dual",
        )  # fmt: skip
        curve.plot([x], [dual.value], "o", color=RED, markersize=8)
        curve.set(ylabel="f(x)", ylim=(-3.5, 11.5))
        curve.set_title(
            f"One pass at x = {x:g}: value {dual.value:.4f}, tangent {dual.tangent:.4f}"
        )
        curve.legend(loc="upper center")
        below.axhline(0, color=INK, linewidth=0.8)
        below.plot(grid, slopes, color=RED, linestyle="--")
        below.plot([x], [dual.tangent], "o", color=RED, markersize=8)
        below.set(xlabel="x", ylabel="f′(x)")
        crossed = np.flatnonzero(np.diff(np.sign(slopes)))
        where = ", ".join(f"{grid[i : i + 2].mean():.1f}" for i in crossed) or "no place"
        return figure, (
            f"Above, the curve x sin x + x² with the tangent that a dual carries at x = {x:g}: "
            f"value {dual.value:.4f}, slope {dual.tangent:.4f}. Below, the slopes along the whole "
            f"curve, from {slopes[0]:.2f} to {slopes[-1]:.2f}; they change their sign near {where}."
        )

    slider(drawn, [round(0.1 * k, 1) for k in range(-25, 26)], 0.7, "x")


@picture
def directions(chain_cost: Function) -> Drawn:
    """Draw the multiplications from either end of a chain of Jacobians, against the number of
    outputs."""
    outputs = np.array([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000])
    costs = np.array([chain_cost((100, 100, 100, int(n))) for n in outputs], dtype=float)
    figure, axes = new_figure(width=7.4, height=3.8)
    axes.plot(outputs, costs[:, 0], "--s", color=GREEN, label="forward, from the input")
    axes.plot(outputs, costs[:, 1], "-o", color=BLUE, label="reverse, from the output")
    axes.axvline(100, color=GREY, linewidth=1.2, linestyle=":")
    axes.annotate(
        "as many outputs as inputs", (100, costs.min()), xytext=(6, 0),
        textcoords="offset points", color=INK, fontsize=9.5,
    )  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="number of outputs", ylabel="multiplications")
    axes.set_title("Layers 100 → 100 → 100 → outputs: which end to start from?")
    axes.legend(loc="upper left")
    cheaper = ", ".join(str(n) for n in outputs[costs[:, 1] < costs[:, 0]]) or "none of these"
    forward, reverse = costs[0]
    return figure, (
        "Multiplications against the number of outputs, on logarithmic axes. With one output "
        f"forward takes {forward:,.0f} and reverse {reverse:,.0f}, with 1,000 outputs "
        f"{costs[-1, 0]:,.0f} and {costs[-1, 1]:,.0f}. Reverse takes fewer with these numbers of "
        f"outputs: {cheaper}."
    )


@picture
def graph_and_tree(topological_order: Function) -> Drawn:
    """Show how large a graph of repeated squarings is, and the tree that it unrolls into."""
    depths = np.arange(1, 21)
    ask = programs.order_of(topological_order)
    answers = [ask([(), *((i, i) for i in range(depth))]) for depth in depths]
    nodes = [answer["nodes"] for answer in answers]
    trees = [answer["sizes"][-1] for answer in answers]
    figure, axes = new_figure(width=7.4, height=3.8)
    axes.plot(depths, trees, "--s", color=RED, label="tree: every use computed anew")
    axes.plot(depths, nodes, "-o", color=BLUE, label="graph: nodes in your order")
    axes.set(yscale="log", xlabel="squarings, one on the other", ylabel="nodes")
    axes.set_xticks(depths[::2] + 1)
    axes.set_title(f"After twenty squarings: {nodes[19]} nodes, and {trees[19]:,.0f} in the tree")
    axes.legend(loc="upper left")
    return figure, (
        f"Nodes against the number of squarings, logarithmic upwards. After ten squarings the "
        f"graph has {nodes[9]} nodes and the tree {trees[9]:,.0f}; after twenty {nodes[19]} and "
        f"{trees[19]:,.0f}. The graph grows by {nodes[19] - nodes[18]} a squaring, the tree about "
        f"{trees[19] / max(trees[18], 1):.1f} times."
    )


PRODUCT = (
    "d = a + b; f = d * c; f",
    {"a": 2.0, "b": -5.0, "c": 4.0},
    {"a": (0, 2.4), "b": (0, 1.2), "c": (0, 0), "d": (2.1, 1.8), "f": (4.3, 0.9)},
)
SHARED = (
    "d = a * b; e = d.exp(); f = d * e; f",
    {"a": 0.5, "b": 2.0},
    {"a": (0, 1.9), "b": (0, 0.2), "d": (1.9, 1.05), "e": (3.4, 2.1), "f": (5.2, 1.05)},
)
WORDS = {"d = a + b": "d = a + b", "f = d * c": "f = d · c", "d = a * b": "d = a · b",
         "e = d.exp()": "e = exp(d)", "f = d * e": "f = d · e"}  # fmt: skip


class _Pass:
    """A program run forward and backward with a student's class, every number made by it."""

    def __init__(
        self, Value: type, topological_order: Function, program: str, leaves: dict[str, Any]
    ) -> None:
        parsed: Any = ast.parse(program).body
        *statements, last = parsed
        self.texts = {s.targets[0].id: ast.unparse(s) for s in statements}
        self.uses = {
            name: [n.id for n in ast.walk(s.value) if isinstance(n, ast.Name)]
            for name, s in zip(self.texts, statements)
        }
        self.root = last.value.id
        made = programs.trace(program, {name: Value(leaf) for name, leaf in leaves.items()})
        names = {id(node): name for name, node in made.items()}
        order = topological_order(made[self.root])
        self.order = [names[id(node)] for node in order if id(node) in names]
        self.values = {name: float(node.data) for name, node in made.items()}
        self.slopes: dict[tuple[str, str], float] = {}
        self.adjoints = {self.root: 1.0}
        for name, used in self.uses.items():
            own = {one: Value(self.values[one]) for one in used}
            programs.run(self.texts[name].split(" = ")[1], own).backward()
            self.slopes |= {(one, name): float(own[one].grad) for one in used}
        for name in self.values.keys() - {self.root}:
            # The derivative by a node on the way is that by a leaf in its place.
            rest = "; ".join(text for key, text in self.texts.items() if key != name)
            own = {one: Value(self.values[one]) for one in {*leaves, name}}
            programs.run(f"{rest}; {self.root}", own).backward()
            self.adjoints[name] = float(own[name].grad)

    @property
    def steps(self) -> int:
        """Count the steps: one for the leaves, one for each operation forward, then one for each
        node backward."""
        return 1 + len(self.texts) + 1 + len(self.texts)

    def at(self, step: int) -> tuple[list[str], list[str], str]:
        """Return the names whose value is known after `step`, those that have handed on, and the
        last."""
        inner = [name for name in self.order if name in self.texts]
        known = [name for name in self.order if name not in self.texts]
        known += inner[: min(step, len(inner))]
        handed = list(reversed(inner))[: max(0, step - len(inner) - 1)]
        active = inner[step - 1] if 0 < step <= len(inner) else handed[-1] if handed else ""
        return known, handed, active

    def title(self, step: int) -> str:
        known, handed, active = self.at(step)
        if step == 0:
            return "Step 0: the leaves"
        if step <= len(self.texts):
            return f"Step {step}, forward: {WORDS[self.texts[active]]}"
        if not handed:
            return f"Step {step}, backward: the root starts with adjoint 1"
        return f"Step {step}, backward: {active} hands its adjoint on"

    def complete(self, handed: list[str], started: bool) -> list[str]:
        """Return the nodes whose adjoint is complete: all that was made from them has handed on."""
        if not started:
            return []
        makers = {
            one: [name for name in self.texts if one in self.uses[name]] for one in self.order
        }
        return [one for one in self.order if set(makers[one]) <= set(handed)]

    def draw(self, axes: Axes, places: dict[str, Any], step: int) -> str:
        """Draw the state after `step` and return it in words."""
        known, handed, active = self.at(step)
        done = self.complete(handed, step > len(self.texts))
        for (one, name), slope in self.slopes.items():
            lit = name in handed
            axes.annotate(
                "", places[name], places[one], zorder=1,
                arrowprops={
                    "arrowstyle": "<|-" if lit else "-|>", "shrinkA": 24, "shrinkB": 38,
                    "color": RED if lit and name == active else GREY,
                    "linewidth": 2.4 if lit and name == active else 1.3,
                },
            )  # fmt: skip
            if name in known:
                text = f"× {_number(slope)}"
                if lit:
                    text = _number(self.adjoints[name] * slope)
                x, y = np.mean([places[one], places[name]], axis=0)
                axes.text(
                    x, y, text, color=RED if lit else INK, ha="center", va="center", fontsize=9,
                    bbox=text_ground(1.0),
                )  # fmt: skip
        for name, (x, y) in places.items():
            axes.text(
                x, y, WORDS[self.texts[name]] if name in self.texts else name,
                ha="center", va="center", fontsize=10.5, zorder=3,
                bbox={
                    "boxstyle": "round,pad=0.35", "facecolor": GROUND, "edgecolor": INK,
                    "linewidth": 2.6 if name == active else 1.1,
                },
            )  # fmt: skip
            for shown, numbers, color, shift, place in (
                (name in known, self.values, BLUE, 14, "bottom"),
                (name in done, self.adjoints, RED, -14, "top"),
            ):
                if shown:
                    axes.annotate(
                        _number(numbers[name]), (x, y), xytext=(0, shift),
                        textcoords="offset points", ha="center", va=place, color=color,
                        fontsize=10, fontweight="bold", zorder=4,
                        bbox=text_ground(0.6),
                    )  # fmt: skip
        xs, ys = zip(*places.values())
        axes.set(xlim=(min(xs) - 0.6, max(xs) + 0.8), ylim=(min(ys) - 0.75, max(ys) + 0.75))
        axes.set_title(self.title(step))
        axes.axis("off")
        values = ", ".join(f"{name} = {_number(self.values[name])}" for name in known)
        back = ", ".join(f"{name} {_number(self.adjoints[name])}" for name in done) or "none yet"
        return f"{self.title(step)}. Values: {values}. Complete adjoints: {back}."


def _number(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".").replace("-", "−")


def step_through(Value: type, topological_order: Function, which: str = "shared") -> None:
    """Draw a small graph, stepped through forward and backward with a slider.

    which  "product", the graph of (a + b) c, or "shared", that of d exp(d) with d = a b
    """
    program, leaves, places = {"product": PRODUCT, "shared": SHARED}[which]

    @picture
    def drawn(step: int) -> Drawn:
        run = _Pass(Value, topological_order, program, leaves)
        margins = {"left": 0.01, "right": 0.99, "bottom": 0.02, "top": 0.91}
        figure, axes = new_figure(width=7.8, height=3.6, placed=margins)
        words = run.draw(axes, places, step)
        return figure, f"The graph of {program.rpartition(';')[0]}. {words}"

    operations = program.count("=")
    slider(drawn, range(2 * operations + 2), operations, "step")


@picture
def backward_pass(Value: type, topological_order: Function) -> Drawn:
    """Draw the backward pass through the graph with a shared node, step by step in one picture."""
    program, leaves, places = SHARED
    run = _Pass(Value, topological_order, program, leaves)
    figure, rows = new_figure(2, 2, width=10.4, height=6.2)
    words = [run.draw(axes, places, step) for axes, step in zip(rows.flat, range(4, 8))]
    return figure, "Four states of the same graph. " + " ".join(words)


@picture
def copies(unbroadcast: Function) -> Drawn:
    """Draw a gradient (3, 4) and what comes back for the shapes that broadcasting stretched to
    it."""
    arrived = np.arange(1.0, 13.0).reshape(3, 4)
    shapes = ((4,), (3, 1), (1, 4), ())
    found = [np.asarray(unbroadcast(arrived, shape), dtype=float) for shape in shapes]
    figure, panels = new_figure(1, 5, width=10.4, height=2.7, width_ratios=(4, 4, 1.5, 4, 1.5))
    largest = max([float(np.abs(array).max(initial=1)) for array in found])
    for axes, array, title in zip(
        panels, [arrived, *found], ["arrives: (3, 4)", *(f"for {shape}" for shape in shapes)]
    ):
        table = array.reshape(1, -1) if array.ndim < 2 else array
        axes.imshow(table, cmap=blues(), vmin=0, vmax=largest, aspect="equal")
        for (row, column), entry in np.ndenumerate(table):
            axes.text(column, row, f"{entry:g}", ha="center", va="center", fontsize=9.5)
        axes.set_title(title, fontsize=10.5)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        axes.grid(False)
    words = "; ".join(
        f"for {shape} {np.array2string(array, precision=4, separator=', ')}".replace("\n", "")
        for shape, array in zip(shapes, found)
    )
    whole = [shape for shape, array in zip(shapes, found) if np.isclose(array.sum(), 78)]
    kept = "all four shapes" if len(whole) == 4 else f"{len(whole)} of the four shapes"
    return figure, (
        "A table with the numbers 1 to 12 in three rows of four arrives. What comes back: "
        f"{words}. The sum of all entries, 78, is kept for {kept}."
    )


@picture
def training(train_with_tensor: Function) -> Drawn:
    """Show how far the parameters are from those of training in PyTorch, step by step."""
    X, y, params = recorded.network()
    steps = (1, 2, 5, 10, 20, 50, 100)
    mine, torchs = dict(params), {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in params.items()
    }  # fmt: skip
    losses, apart = [], []
    for before, now in zip((0, *steps), steps):
        mine = {
            name: np.asarray(value)
            for name, value in train_with_tensor(X, y, mine, 0.5, now - before).items()
        }
        for _ in range(now - before):
            loss = _torch_loss(X, y, torchs)
            gradients = torch.autograd.grad(loss, list(torchs.values()))
            with torch.no_grad():
                for leaf, gradient in zip(torchs.values(), gradients):
                    leaf -= 0.5 * gradient
        losses.append(float(_torch_loss(X, y, {k: torch.as_tensor(v) for k, v in mine.items()})))
        differences = [np.abs(mine[name] - torchs[name].detach().numpy()).max() for name in params]
        apart.append(max(max(differences), 1e-18))
    figure, (left, right) = new_figure(1, 2, width=10.0, height=3.5)
    left.plot(steps, losses, "-o", color=BLUE)
    left.set(xscale="log", yscale="log", xlabel="steps", ylabel="mean loss, nats")
    left.set_title("The loss of your run")
    right.plot(steps, apart, "o", color=RED)
    right.axhline(1e-10, color=INK, linewidth=1.2, linestyle="--")
    right.annotate("ten digits", (1, 1e-10), xytext=(0, 5), textcoords="offset points")
    right.set(xscale="log", yscale="log", xlabel="steps", ylim=(1e-18, 10))
    right.set_title("Largest difference from PyTorch, any parameter")
    verdict = "below" if max(apart) < 1e-10 else "above"
    return figure, (
        f"Left, the loss of your run goes from {losses[0]:.4f} after one step to "
        f"{losses[-1]:.4f} after 100. Right, the largest difference between your parameters and "
        f"PyTorch's: {apart[0]:.0e} after one step and at most {max(apart):.0e}, {verdict} the "
        "line of ten digits."
    )


def _torch_loss(X: np.ndarray, y: np.ndarray, p: dict[str, torch.Tensor]) -> torch.Tensor:
    h1 = torch.tanh(torch.as_tensor(X) @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    y_hat = torch.sigmoid(h2 @ p["U"] + p["c"])
    return torch.nn.functional.binary_cross_entropy(y_hat, torch.as_tensor(y))


WIDTHS = (4, 16, 64, 256)
EXAMPLES, INPUTS = 64, 20


@picture
def price(Tensor: type, topological_order: Function) -> Drawn:
    """Draw time and memory of a gradient by one's own engine, by PyTorch and by differences."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(EXAMPLES, INPUTS))
    sizes, times, kept = [], [], []
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for width in WIDTHS:
            shapes = (INPUTS, width), (width,), (width, width), (width,), (width,)
            weights = [rng.normal(size=shape) / np.sqrt(shape[0]) for shape in shapes]
            sizes.append(sum(weight.size for weight in weights))
            times.append(_times(Tensor, X, weights))
            kept.append(_kept(Tensor, topological_order, X, weights))
    finally:
        torch.set_num_threads(threads)
    seconds, taken = np.array(times), np.array(kept)
    differences = 2 * np.array(sizes) * seconds[:, 0]
    figure, (left, right) = new_figure(1, 2, width=10.4, height=3.8)
    left.plot(sizes, differences, ":^", color=GREEN, label="differences, 2P passes of yours")
    left.plot(sizes, seconds[:, 1], "-o", color=BLUE, label="all gradients, yours")
    left.plot(sizes, seconds[:, 2], "--s", color=ORANGE, label="all gradients, PyTorch")
    left.plot(sizes, seconds[:, 0], "-.", color=INK, label="one forward pass, yours")
    left.set(xscale="log", yscale="log", xlabel="parameters P", ylabel="seconds")
    left.set_title("Time")
    left.legend(fontsize=8.5, loc="upper left")
    left.set_ylim(top=left.get_ylim()[1] * 30)
    right.plot(sizes, taken[:, 0], "-o", color=BLUE, label="yours: data and grad of every node")
    right.plot(sizes, taken[:, 1], "--s", color=ORANGE, label="PyTorch: saved for the way back")
    right.plot(sizes, 8 * np.array(sizes), "-.", color=INK, label="the parameters themselves")
    right.set(xscale="log", yscale="log", xlabel="parameters P", ylabel="bytes")
    right.set_title("Memory between the two passes")
    right.legend(fontsize=8.5, loc="upper left")
    right.set_ylim(top=right.get_ylim()[1] * 8)
    ratio = seconds[:, 1] / seconds[:, 0]
    return figure, (
        f"Left, times against the number of parameters, from {sizes[0]} to {sizes[-1]:,}, on this "
        f"machine and one thread of PyTorch. All gradients by your engine take {ratio.min():.1f} "
        f"to {ratio.max():.1f} of its forward passes; PyTorch takes {seconds[-1, 2] * 1e3:.1f} "
        f"milliseconds for the largest network, yours {seconds[-1, 1] * 1e3:.1f}, differences "
        f"would take {differences[-1]:.1f} seconds, computed from one forward pass. Right, what "
        f"is kept between the passes: yours {taken[-1, 0] / 1e6:.1f} megabytes for the largest "
        f"network, PyTorch {taken[-1, 1] / 1e6:.1f}, the parameters {8e-6 * sizes[-1]:.1f}."
    )


def _network(x: Any, weights: Any) -> Any:
    W1, b1, W2, b2, U = weights
    return ((((x @ W1 + b1).tanh() @ W2 + b2).tanh() @ U) ** 2).mean()


def _times(Tensor: type, X: np.ndarray, weights: list[np.ndarray]) -> tuple[float, ...]:
    """Measure the seconds of the quickest of several: a forward pass, all gradients, all by
    PyTorch."""

    def forward() -> Any:
        return _network(Tensor(X), [Tensor(weight) for weight in weights])

    def in_torch() -> None:
        leaves = [torch.from_numpy(weight).requires_grad_() for weight in weights]
        _network(torch.from_numpy(X), leaves).backward()

    return _quickest(forward, lambda: forward().backward(), in_torch)


def _quickest(*works: Function, turns: int = 9) -> tuple[float, ...]:
    """Measure the seconds of the quickest turn of each, one after the other in every turn."""
    best = [np.inf] * len(works)
    for _ in range(turns):
        for index, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[index] = min(best[index], time.perf_counter() - start)
    return tuple(best)


def _kept(
    Tensor: type, topological_order: Function, X: np.ndarray, weights: list[np.ndarray]
) -> tuple[int, int]:
    """Count the bytes in the nodes of one's own graph, and in what PyTorch saves for its way
    back."""
    nodes = topological_order(_network(Tensor(X), [Tensor(weight) for weight in weights]))
    arrays = {id(a): a for node in nodes for a in (node.data, node.grad)}
    saved: dict[int, int] = {}

    def pack(tensor: Any) -> Any:
        saved[tensor.data_ptr()] = tensor.nbytes
        return tensor

    leaves = [torch.from_numpy(weight).requires_grad_() for weight in weights]
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        _network(torch.from_numpy(X), leaves)
    return sum(np.asarray(a).nbytes for a in arrays.values()), sum(saved.values())


def target(x: np.ndarray) -> np.ndarray:
    """Return the values (n,) at x (n,) of the function that the staircases climb, on 0 to 1."""
    heights: np.ndarray = np.sin(2 * np.pi * x) / 2 + x**2
    return heights


GRID = np.linspace(0.0, 1.0, 401)
STEEPNESS = 400.0


def staircase(bumps: int, x: np.ndarray) -> np.ndarray:
    """Return the sum of `bumps` bumps, each the difference of two steep sigmoids, at x (n,)."""
    edges = np.linspace(0.0, 1.0, bumps + 1)
    heights = target((edges[:-1] + edges[1:]) / 2)
    # The first and the last step lie outside, so that the ends belong to a bump, too.
    edges = np.concatenate([[-0.1], edges[1:-1], [1.1]])
    steps = 1 / (1 + np.exp(-np.clip(STEEPNESS * (x[:, None] - edges), -500, 500)))
    total: np.ndarray = (steps[:, :-1] - steps[:, 1:]) @ heights
    return total


def staircases() -> None:
    """Draw a function, and the sum of bumps that a network with one hidden layer makes of it."""
    counts = [1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32, 40]
    errors = [float(np.abs(staircase(n, GRID) - target(GRID)).max()) for n in counts]

    @picture
    def drawn(bumps: int) -> Drawn:
        figure, (left, right) = new_figure(
            1, 2, width=10.2, height=3.7,
            placed={"left": 0.07, "right": 0.98, "bottom": 0.14, "top": 0.91, "wspace": 0.2},
        )  # fmt: skip
        left.plot(GRID, target(GRID), color=INK, linestyle="--", label="function")
        left.plot(GRID, staircase(bumps, GRID), color=BLUE, label=f"{bumps} bumps")
        left.set(xlabel="x", ylabel="f(x)")
        left.set_title(f"{2 * bumps} hidden units, no training")
        left.legend(loc="upper center")
        right.plot(counts, errors, "-o", color=BLUE)
        now = errors[counts.index(bumps)]
        right.plot([bumps], [now], "o", color=RED, markersize=12, markerfacecolor="none",
                   markeredgewidth=2.5)  # fmt: skip
        right.set(xscale="log", yscale="log", xlabel="bumps", ylabel="largest error")
        right.minorticks_off()
        right.set_title(f"Largest error: {now:.3f}")
        return figure, (
            f"Left, a curve and a staircase of {bumps} bumps that follows it. Right, the largest "
            f"error against the number of bumps on logarithmic axes: from {errors[0]:.2f} with "
            f"one bump to {errors[-1]:.3f} with {counts[-1]}; with {bumps} it is {now:.3f}."
        )

    slider(drawn, counts, 8, "bumps")


@picture
def fitted(Tensor: type) -> Drawn:
    """Draw the same function, fitted by gradient descent with one's own engine from three
    starts."""
    x = np.linspace(0.0, 1.0, 41)
    figure, axes = new_figure(width=7.6, height=3.9)
    axes.plot(GRID, target(GRID), color=INK, linestyle="--", label="function")
    found = []
    for seed, color, line in zip((0, 1, 2), (BLUE, GREEN, RED), ("-", "-.", ":")):
        values = _fit(Tensor, x, np.random.default_rng(seed))
        found.append(float(np.abs(values - target(x)).max()))
        axes.plot(
            x, values, line, color=color, label=f"start {seed}: largest error {found[-1]:.3f}"
        )
    axes.set(xlabel="x", ylabel="f(x)")
    axes.set_title(f"{UNITS} hidden units, {FIT_STEPS} steps of gradient descent")
    axes.legend(loc="upper center", fontsize=9)
    errors = ", ".join(f"{error:.3f}" for error in found)
    return figure, (
        f"The curve, and three fits with {UNITS} hidden tanh units after {FIT_STEPS} steps of "
        f"gradient descent from three random starts. Their largest errors are {errors}; the "
        f"staircase with {UNITS} units has "
        f"{np.abs(staircase(UNITS // 2, GRID) - target(GRID)).max():.3f}."
    )


UNITS, FIT_STEPS = 20, 1000


def _fit(Tensor: type, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the values (n,) at x of a network with one hidden layer, fitted to `target`."""
    W, b = rng.normal(0, 6, (1, UNITS)), rng.normal(0, 3, UNITS)
    U, c = rng.normal(0, 0.3, UNITS), 0.0
    for _ in range(FIT_STEPS):
        leaves = [Tensor(value) for value in (W, b, U, c)]
        output = (Tensor(x[:, None]) @ leaves[0] + leaves[1]).tanh() @ leaves[2] + leaves[3]
        ((output - target(x)) ** 2).mean().backward()
        W, b, U, c = (
            value - 0.05 * leaf.grad for value, leaf in zip((W, b, U, c), leaves)
        )  # fmt: skip
    return np.tanh(x[:, None] @ W + b) @ U + c

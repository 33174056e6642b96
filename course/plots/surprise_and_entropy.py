"""The pictures of 01-surprise-and-entropy, drawn with the functions the student wrote."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from course.plots.style import Drawn, Function, explorer, new_figure, picture, readings, text_ground
from course.plots.themes import (
    BLUE,
    GREEN,
    GREY,
    GROUND,
    INK,
    ON_DARK,
    ORANGE,
    PALE_ORANGE,
    RED,
    SKY,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike


@picture
def surprise_curve(surprise: Function) -> Drawn:
    """Draw surprise and 1/p against the probability, with the two sides of the lecture's coin."""
    figure, axes = new_figure(width=7.2, height=4.0)
    p = np.linspace(0.005, 1, 400)
    axes.plot(p, 1 / p, "--", color=GREY, label="first attempt, 1/p")
    axes.plot(p, surprise(p), color=BLUE, label="surprise, in bits")
    for side, x, place in (("heads", 0.9, (0.4, 0.15)), ("tails", 0.1, (0.02, 0.9))):
        y = float(surprise(x))
        axes.plot(x, y, "o", color=ORANGE, markersize=8, zorder=3)
        axes.annotate(
            f"{side}: p = {x}, {y:.2f} bits", (x, y), xytext=place, va="center",
            arrowprops={"arrowstyle": "-", "color": GREY},
        )  # fmt: skip
    axes.plot(1, 1, "s", color=GREY, markersize=7, zorder=3)
    axes.annotate("1/p misses 0", (1, 1), xytext=(2, 14), textcoords="offset points", ha="right")
    axes.set(xlim=(0, 1.03), ylim=(-0.15, 7), xlabel="probability p", ylabel="surprise")
    axes.set_title(f"The surprise of a sure event: {float(surprise(1.0)) + 0.0:.2f} bits")
    axes.legend(loc="upper right")
    return figure, (
        "The surprise and, dashed, 1/p against the probability. Read off the picture, "
        f"{readings(axes, (0.1, 0.5, 0.9, 1))}."
    )


@picture
def long_products(sequence_surprise: Function) -> Drawn:
    """Draw the product of many probabilities beside the sum of their surprises."""
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.4)
    rng = np.random.default_rng(7)
    tosses = rng.choice(["C", "S"], 5000, p=[0.6, 0.4]).tolist()
    chances = {"C": 0.6, "S": 0.4}
    lengths = np.arange(1, 5001)
    with np.errstate(under="ignore"):
        product = np.cumprod([chances[toss] for toss in tosses])
    alive = product > 0
    left.semilogy(lengths[alive], product[alive], color=RED)
    last = int(lengths[alive][-1])
    gone = "still above 0" if last == lengths[-1] else f"exactly 0 from\ntoss {last + 1} on"
    left.axvline(last, color=GREY, linestyle=":")
    left.annotate(
        gone, (last, 1e-150), xytext=(12, 0), textcoords="offset points", va="center",
    )  # fmt: skip
    left.set(xlabel="tosses of a .6/.4 coin", ylabel="product of probabilities", xlim=(0, 5000))
    left.set_yticks([1, 1e-100, 1e-200, 1e-300])
    left.set_title("Multiply: float64 runs out")
    shown = [1, 500, 1000, 2000, 3000, 4000, 5000]
    sums = [sequence_surprise(tosses[:n], chances) for n in shown]
    right.plot(shown, sums, "o-", color=BLUE)
    right.set(
        xlabel="tosses of a .6/.4 coin", ylabel="surprise of the sequence, bits", xlim=(0, 5150)
    )
    right.set_ylim(0)
    right.set_title(f"Add up surprises: {sums[-1]:.0f} bits at the end")
    gone = gone.replace("\n", " ")
    return figure, (
        "A coin of 0.6 and 0.4. Left: on a logarithmic scale the product of the probabilities "
        f"falls to {product[alive][-1]:.0e} and is {gone}. Right: the "
        f"sum of the surprises after {shown[1]}, {shown[3]} and {shown[-1]} tosses is "
        f"{sums[1]:.0f}, {sums[3]:.0f} and {sums[-1]:.0f} bits."
    )


@picture
def running_mean(surprise: Function, total_surprise: Function) -> Drawn:
    """Draw the mean surprise of simulated tosses settling on the expected surprise."""
    figure, axes = new_figure(width=7.6, height=3.6)
    rng = np.random.default_rng(20231105)
    steps = np.arange(1, 2001)
    expected = float(total_surprise(np.array([0.9, 0.1]), 1))
    ends = []
    for color, line, run in zip((BLUE, ORANGE, GREEN), ("-", "--", "-."), range(1, 4)):
        heads = rng.random(2000) < 0.9
        surprises = np.where(heads, surprise(0.9), surprise(0.1))
        mean = np.cumsum(surprises) / steps
        axes.semilogx(steps, mean, line, color=color, linewidth=1.5, label=f"run {run}")
        ends.append(f"{mean[-1]:.3f}")
    axes.plot(
        steps[[0, -1]], [expected] * 2, color=INK, linewidth=1, label=f"expected, {expected:.3f}"
    )
    axes.set(xlabel="number of tosses", ylabel="mean surprise so far, bits", xlim=(1, 2000))
    axes.set_title(f"The mean surprise after {steps[-1]} tosses: {', '.join(ends)}")
    axes.legend(loc="upper right")
    return figure, (
        "Three runs of the mean surprise against the number of tosses, on a logarithmic axis, "
        f"beside the expected {expected:.3f} bits. {readings(axes, (1, 2, 10, 100, 2000))}."
    )


@picture
def coin_entropy(entropy: Function) -> Drawn:
    """Draw the entropy of a coin against the probability of one side, in bits and nats."""
    figure, axes = new_figure(width=7.2, height=4.0)
    p = np.linspace(0, 1, 401)
    bits = np.asarray(entropy(np.stack([p, 1 - p], axis=-1)))
    axes.plot(p, bits, color=BLUE, label="bits")
    nats = np.asarray(entropy(np.stack([p, 1 - p], axis=-1), base=math.e))
    axes.plot(p, nats, "--", color=SKY, label="nats")
    said = []
    for label, x, side in (
        (".99/.01", 0.99, (-12, -4)), (".9/.1", 0.9, (-12, -4)), ("fair", 0.5, (0, 9)),
    ):  # fmt: skip
        y = float(entropy(np.array([x, 1 - x])))
        axes.plot(x, y, "o", color=ORANGE, markersize=8, zorder=3)
        axes.annotate(
            f"{label}: {y:.3f}", (x, y), xytext=side,
            textcoords="offset points", ha="center" if x == 0.5 else "right",
            bbox=text_ground(0.6),
        )  # fmt: skip
        said.append(f"{label} with {y:.3f}")
    axes.set(xlabel="probability of one side", ylabel="entropy", xlim=(0, 1), ylim=(0, 1.16))
    axes.set_xticks(np.linspace(0, 1, 6))
    axes.set_title(f"The highest point: {bits.max():.3f} bits, at {p[np.argmax(bits)]:.2f}")
    axes.legend(loc="lower center")
    return figure, (
        "The entropy of a coin against the probability of one side, in bits and in nats. "
        f"{readings(axes, (0, 0.25, 0.5, 0.75, 1))}. Marked, in bits: {', '.join(said)}."
    )


@picture
def groups(surprise: Function, group_entropy: Function) -> Drawn:
    """Draw three bags of balls and the parts their entropies are made of."""
    bags = {"G1": "X" * 6 + "O", "G2": "X" + "O" * 10, "G3": "X" * 7 + "O" * 7}
    figure, axes = new_figure(
        2, 3, width=9.0, height=4.6, gridspec_kw={"height_ratios": [1, 1.5]}, sharey="row"
    )
    told = []
    for (name, bag), top, bottom in zip(bags.items(), *axes):
        parts = []
        for index, ball in enumerate(bag):
            full = ball == "X"
            top.plot(
                index % 5, -(index // 5), "o", markersize=17, markeredgewidth=2,
                markeredgecolor=BLUE if full else ORANGE, color=BLUE if full else GROUND,
            )  # fmt: skip
            top.annotate(
                ball, (index % 5, -(index // 5)), ha="center", va="center",
                color=GROUND if full else INK,
            )  # fmt: skip
        top.set(xlim=(-0.7, 4.7), ylim=(-2.6, 0.6), title=f"{name}: {len(bag)} balls")
        top.axis("off")
        base = 0.0
        for ball, color, hatch in (("X", BLUE, None), ("O", ORANGE, "//")):
            share = bag.count(ball) / len(bag)
            part = share * float(surprise(share))
            bottom.bar(0, part, 0.5, bottom=base, color=color, hatch=hatch, edgecolor=GROUND)
            bottom.annotate(
                f"{ball}: {share:.2f} · {float(surprise(share)):.2f} = {part:.2f}",
                (0.32, base + part / 2), va="center",
            )  # fmt: skip
            base += part
            parts.append(f"{part:.2f} of {ball}")
        whole = float(group_entropy(list(bag)))
        told.append(f"{name} {' and '.join(parts)}, entropy {whole:.3f} bits")
        bottom.set_title(f"entropy {whole:.3f} bits")
        bottom.set(xlim=(-0.4, 1.5), ylim=(0, 1.08), xticks=[])
        bottom.grid(axis="x", visible=False)
    axes[1, 0].set_ylabel("share · surprise, bits")
    return figure, (
        "Three bags: six X and one O; one X and ten O; seven of each. Below each a bar made of "
        f"share times surprise: {'; '.join(told)}."
    )


@picture
def code_areas(surprise: Function, p: ArrayLike, q: ArrayLike) -> Drawn:
    """Draw cross-entropy as an area: widths are how often, heights how surprising.

    p, q  (n,) each
    """
    figure, axes = new_figure(1, 2, width=9.0, height=4.0, sharey=True)
    return figure, _skylines(axes, surprise, p, q)


def belief(surprise: Function, p: ArrayLike) -> None:
    """Draw the areas of entropy and cross-entropy under a belief that two sliders choose.

    The belief in the first outcome and the share of the rest that the second gets; the others
    share what is left. A still picture with all outcomes alike where no widget can run.

    p  (n,)
    """
    p = np.asarray(p, dtype=float)

    @picture
    def at(first: float, second: float) -> Drawn:
        others = len(p) - 2
        rest = 1 - first
        q = np.array([first, rest * second, *[rest * (1 - second) / others] * others])
        figure, axes = new_figure(
            1, 2, width=9.0, height=4.0, sharey=True,
            placed={"left": 0.07, "right": 0.99, "bottom": 0.13, "top": 0.82, "wspace": 0.06},
        )  # fmt: skip
        words = _skylines(axes, surprise, p, q)
        axes[0].set_ylim(0, 6)
        return figure, f"Believed are {_listed(q)}. {words}"

    even = 1 / (len(p) - 1)
    shares = sorted({even, *(round(step / 20, 2) for step in range(1, 20))})
    firsts = [round(step / 20, 2) for step in range(1, 20)]
    explorer(at, {"q of a": (firsts, 0.25), "b, of the rest": (shares, even)})


def _skylines(axes: np.ndarray, surprise: Function, p: ArrayLike, q: ArrayLike) -> str:
    """Draw the areas under p and under q, and return in words what they are."""
    from matplotlib.patches import Patch

    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    names = "abcdefghijklmnopqrstuvwxyz"[: len(p)]
    left = np.concatenate([[0], np.cumsum(p)[:-1]])
    own, wrong = np.asarray(surprise(p)), np.asarray(surprise(q))
    entropy, crossed = float(np.sum(p * own)), float(np.sum(p * wrong))
    added = float(np.sum(p * np.maximum(wrong - own, 0)))
    saved = float(np.sum(p * np.maximum(own - wrong, 0)))
    axes[0].bar(left, own, p, align="edge", color=BLUE, edgecolor=GROUND)
    axes[0].set_title(f"believing p: area {entropy:.3f} bits")
    looks: dict[str, dict[str, Any]] = {
        "added by believing q": {"facecolor": PALE_ORANGE, "edgecolor": RED, "hatch": "//"},
        "saved by believing q": {"facecolor": GROUND, "edgecolor": GREY, "hatch": "\\\\"},
    }
    for x, width, a, b in zip(left, p, own, wrong):
        axes[1].bar(x, min(a, b), width, align="edge", color=BLUE, edgecolor=GROUND)
        if a != b:
            look = looks["added by believing q" if b > a else "saved by believing q"]
            axes[1].bar(x, abs(b - a), width, bottom=min(a, b), align="edge", **look)
    axes[1].set_title(f"believing q: area {crossed:.3f} = {entropy:.3f} + {crossed - entropy:.3f}")
    for axis, heights in zip(axes, (own, wrong)):
        for name, x, width, height in zip(names, left, p, heights):
            axis.annotate(
                f"{height:.2f}", (x + width / 2, height), xytext=(0, 3), ha="center",
                textcoords="offset points", fontsize=9,
                bbox=text_ground(0.6),
            )  # fmt: skip
            axis.annotate(
                name, (x + width / 2, 0), xytext=(0, 4), textcoords="offset points", ha="center",
                color=GROUND, fontweight="bold",
            )  # fmt: skip
        axis.set(xlim=(0, 1), xlabel="width: how often it happens, p")
        axis.set_xticks([0, *np.cumsum(p)])
        axis.set_xticklabels([f"{edge:g}" for edge in (0, *np.cumsum(p))])
    axes[0].set_ylim(0, max(own.max(), wrong.max()) * 1.15)
    axes[0].set_ylabel("height: surprise, bits")
    patches = [Patch(label=label, **look) for label, look in looks.items()]
    axes[1].legend(handles=patches, loc="upper left", fontsize=9.5)
    return (
        f"Two skylines over the same widths p, {_listed(p)}. Left, heights are the surprises under "
        f"p and the area is the entropy, {entropy:.3f} bits. Right, heights are the surprises "
        f"under q, {_listed(wrong)}, and the area is the cross-entropy, {crossed:.3f} bits: "
        f"{added:.3f} were added, hatched, and {saved:.3f} saved; the waste is "
        f"{crossed - entropy:.3f} bits."
    )


def _listed(numbers: Iterable[float]) -> str:
    return ", ".join(f"{number:.3f}".rstrip("0").rstrip(".") for number in np.asarray(numbers))


@picture
def kl_both_ways(kl_divergence: Function) -> Drawn:
    """Draw the two directions of the divergence between two coins, as maps."""
    figure, axes = new_figure(1, 2, width=9.0, height=4.0, sharey=True)
    x = np.linspace(0.02, 0.98, 97)
    a, b = np.meshgrid(x, x)
    first, second = np.stack([a, 1 - a], -1), np.stack([b, 1 - b], -1)
    maps = (
        ("KL(p || q)", kl_divergence(first, second)),
        ("KL(q || p)", kl_divergence(second, first)),
    )
    told = []
    for axis, (title, values) in zip(axes, maps):
        mesh = axis.imshow(
            np.asarray(values), vmin=0, vmax=3, cmap="cividis", origin="lower",
            extent=(x[0], x[-1], x[0], x[-1]),
        )  # fmt: skip
        lines = axis.contour(
            x, x, np.asarray(values), levels=[0.1, 0.5, 1, 2], colors=ON_DARK, linewidths=0.9
        )
        axis.clabel(lines, fontsize=8)
        axis.plot(0.5, 0.9, "o", color=RED, markersize=9, markeredgecolor=ON_DARK)
        value = float(np.asarray(values)[np.abs(x - 0.9).argmin(), np.abs(x - 0.5).argmin()])
        axis.plot([0, 1], [0, 1], ":", color=ON_DARK, linewidth=1.2)
        middle = float(np.abs(np.diagonal(np.asarray(values))).max())
        told.append(f"{title} is {value:.3f} at the dot and at most {middle:.1g} where p = q")
        axis.set_title(f"{title}, at the dot {value:.3f}")
        axis.set(xlabel="p: probability of heads", aspect="equal", xlim=x[[0, -1]], ylim=x[[0, -1]])
        axis.grid(False)
    axes[0].set_ylabel("q: probability of heads")
    figure.colorbar(mesh, ax=axes, label="bits", extend="max")
    return figure, (
        "Two maps over the heads probabilities of two coins p and q, with a dotted line where they "
        f"are equal and a dot at p = 0.5, q = 0.9. {'; '.join(told)}."
    )


@picture
def letter_surprises(
    surprise: Function, text: str, letters: str, own: np.ndarray, other: np.ndarray
) -> Drawn:
    """Draw a text letter by letter: the surprise of each under two beliefs about the next letter.

    own, other  how probable each of `letters` is, in the language of the text and in another
    """
    figure, axes = new_figure(width=9.4, height=3.2)
    seen = [(place, letters.index(one)) for place, one in enumerate(text) if one in letters]
    places, which = np.array(seen).T
    means = []
    for belief, shift, look, name in (
        (own, -0.2, {"color": BLUE}, "its own language"),
        (other, 0.2, {"color": ORANGE, "hatch": "//"}, "the other one"),
    ):
        heights = np.asarray(surprise(np.asarray(belief, dtype=float)[which]), dtype=float)
        means.append(float(heights.mean()))
        label = f"{name}: {means[-1]:.2f} bits a letter"
        axes.bar(places + shift, heights, 0.4, edgecolor=GROUND, linewidth=0.3, label=label, **look)
        highest = int(np.argmax(heights))
    axes.set_xticks(range(len(text)), list(text))
    axes.tick_params(axis="x", length=0)
    axes.grid(axis="x", visible=False)
    axes.set(ylabel="surprise, bits", xlim=(-1, len(text)))
    axes.set_title(f"The greatest surprise for the other language: {text[places[highest]]}")
    axes.legend(loc="upper center", ncols=2, bbox_to_anchor=(0.5, -0.1))
    return figure, (
        f"The text “{text}” with two bars over each letter: its surprise for somebody who "
        f"believes in the letters of the text's own language, {means[0]:.2f} bits a letter, and "
        f"for somebody who believes in those of the other, {means[1]:.2f}. The greatest surprise "
        f"for the second is {text[places[highest]]}, with {heights[highest]:.2f} bits."
    )


@picture
def block_codes(entropy: Function) -> Drawn:
    """Draw the bits a toss of the best code for blocks of tosses, with the entropy as their
    floor."""
    figure, axes = new_figure(width=7.2, height=3.6)
    sizes = np.arange(1, 9)
    lengths = [_huffman_bits(_block_probabilities(0.9, int(size))) / size for size in sizes]
    floor = float(entropy(np.array([0.9, 0.1])))
    axes.plot(sizes, lengths, "o-", color=BLUE, label="best (Huffman) code for whole blocks")
    axes.axhline(floor, color=INK, linewidth=1)
    axes.annotate(
        f"entropy: {floor:.3f}", (8, floor), xytext=(0, -14), textcoords="offset points",
        ha="right",
    )  # fmt: skip
    for size, length in zip(sizes[:4], lengths):
        axes.annotate(
            f"{length:.3f}", (size, length), xytext=(6, 5), textcoords="offset points", fontsize=9
        )
    axes.set(xlabel="tosses in a block", ylabel="bits a toss", ylim=(0.4, 1.08), xlim=(0.7, 8.3))
    lowest = min(lengths)
    axes.set_title(f"The best code of these: {lowest:.3f} bits a toss; the entropy: {floor:.3f}")
    axes.legend()
    return figure, (
        f"Bits a toss of the best codes for blocks of 1 to {sizes[-1]} tosses: {_listed(lengths)}. "
        f"The lowest is {lowest:.3f}; the line of the entropy lies at {floor:.3f}."
    )


def _block_probabilities(heads: float, size: int) -> list[float]:
    counts = [bin(outcome).count("1") for outcome in range(2**size)]
    return [heads ** (size - tails) * (1 - heads) ** tails for tails in counts]


def _huffman_bits(probabilities: list[float]) -> float:
    """Return the average length of a Huffman code: the sum of all merged weights."""
    heap, total = list(probabilities), 0.0
    heapq.heapify(heap)
    while len(heap) > 1:
        merged = heapq.heappop(heap) + heapq.heappop(heap)
        total += merged
        heapq.heappush(heap, merged)
    return total


@picture
def likelihoods(likelihood: Function, average_log_likelihood: Function) -> Drawn:
    """Draw likelihood and mean log-likelihood of R-A-R-A-A against the belief in red."""
    figure, (left, right) = new_figure(1, 2, width=9.0, height=3.5)
    labels = list("RARAA")
    grid = np.linspace(0.02, 0.98, 97)
    beliefs = [{"R": r, "A": 1 - r} for r in grid.tolist()]
    left.plot(grid, [likelihood(labels, q) for q in beliefs], color=BLUE, label="likelihood")
    logs = [average_log_likelihood(labels, q) for q in beliefs]
    right.plot(grid, logs, color=BLUE, label="mean log-likelihood")
    for r, color, marker in ((0.8, RED, "s"), (0.5, ORANGE, "o"), (0.4, GREEN, "^")):
        q = {"R": r, "A": 1 - r}
        for axis, function in ((left, likelihood), (right, average_log_likelihood)):
            axis.plot(r, function(labels, q), marker, color=color, markersize=9, zorder=3)
            axis.annotate(
                f"{r}", (r, function(labels, q)),
                xytext={0.8: (8, 6), 0.5: (9, 2), 0.4: (-8, 6)}[r],
                ha="right" if r == 0.4 else "left", textcoords="offset points",
            )  # fmt: skip
    left.set(xlabel="belief in red, $q_R$", ylabel="likelihood", ylim=(0, 0.041))
    right.set(xlabel="belief in red, $q_R$", ylabel="mean log-likelihood, nats", ylim=(-2.5, -0.45))
    tops = [float(axis.get_lines()[0].get_xdata()[_top(axis)]) for axis in (left, right)]
    left.set_title(f"Likelihood of R-A-R-A-A, top at {tops[0]:.2f}")
    right.set_title(f"Its mean logarithm, top at {tops[1]:.2f}")
    return figure, (
        "Two curves over the belief in red, with marks at the beliefs 0.4, 0.5 and 0.8. "
        f"{readings(left, (0.2, 0.4, 0.5, 0.8))}, with the top at {tops[0]:.2f}; "
        f"{readings(right, (0.2, 0.4, 0.5, 0.8))}, with the top at {tops[1]:.2f}."
    )


def _top(axis: Axes) -> int:
    return int(np.argmax(axis.get_lines()[0].get_ydata()))


@picture
def two_errors(binary_cross_entropy: Function) -> Drawn:
    """Draw the error of one example against the predicted probability, for both labels."""
    figure, axes = new_figure(width=7.2, height=3.8)
    y_hat = np.linspace(0.01, 0.99, 197)
    for y, color, line, marker in ((1.0, BLUE, "-", "o"), (0.0, ORANGE, "--", "s")):
        errors = binary_cross_entropy(np.full(y_hat.shape, y), y_hat)
        axes.plot(y_hat, errors, line, color=color, label=f"y = {y:.0f}")
        for x in (0.32, 0.89):
            value = float(binary_cross_entropy(y, x))
            axes.plot(x, value, marker, color=color, markersize=8, zorder=3)
            axes.annotate(
                f"{value:.3f}", (x, value), xytext=(0, 9), textcoords="offset points",
                ha="center",
            )  # fmt: skip
    axes.set(xlabel=r"prediction $\hat{y}$", ylabel="error, nats", xlim=(0, 1), ylim=(0, 4.6))
    right, wrong = (float(binary_cross_entropy(1.0, sure)) for sure in (0.99, 0.01))
    axes.set_title(f"With y = 1: {right:.2f} nats at 0.99, {wrong:.2f} at 0.01")
    axes.legend(loc="upper center")
    return figure, (
        "The error of one example against the prediction, for both labels. "
        f"{readings(axes, (0.01, 0.32, 0.5, 0.89, 0.99))}."
    )


@picture
def codeword_space(codes: dict[str, list[str]]) -> Drawn:
    """Show how much of all strings of bits each codeword takes: pieces that overlap cannot be
    decoded.

    codes  what a code is called -> its codewords
    """
    figure, axes = new_figure(1, len(codes), width=9.0, height=2.8, sharey=True)
    said, inner = [], []
    deepest = max(len(word) for words in codes.values() for word in words)
    for axis, (name, words) in zip(np.atleast_1d(axes), codes.items()):
        for word in words:
            start, share = int(word, 2) / 2 ** len(word), 2.0 ** -len(word)
            inside = any(word != other and word.startswith(other) for other in words)
            inner += [word] if inside else []
            axis.barh(
                len(word), share, 0.7, left=start, color=ORANGE if inside else SKY,
                edgecolor=INK, hatch="//" if inside else None,
            )  # fmt: skip
            text = f"{word}\n1/{2 ** len(word)}"
            axis.annotate(
                text, (start + share / 2, len(word)), ha="center", va="center", fontsize=8.5,
                bbox=text_ground(0.8),
            )  # fmt: skip
        total = sum(2.0 ** -len(word) for word in words)
        axis.set(
            xlim=(0, 1), xlabel="all strings of bits", title=f"{name}: pieces add up to {total:g}"
        )
        axis.set(ylim=(deepest + 0.6, 0.4), yticks=range(1, deepest + 1))
        axis.grid(visible=False)
        said.append(
            f"{name}: the codewords {', '.join(words)} take pieces that add up to {total:g}"
        )
    np.atleast_1d(axes)[0].set_ylabel("length of the codeword")
    return figure, (
        "Each codeword as a piece of a line of length 1 that stands for all strings of bits, in a "
        "row for its length; hatched are the pieces that lie within another codeword's: "
        f"{', '.join(inner) or 'none'}. {'; '.join(said)}."
    )

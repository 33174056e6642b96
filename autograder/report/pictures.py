"""The pictures of a report, each with its description in words; none needs colour to be read."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from autograder.report.figures import ExerciseFigures, RootFigures, TrendFigures
from course.kinds import VerdictKind
from course.plots.style import STYLE, new_figure
from course.plots.themes import BLUE, GREY, INK, ORANGE, SKY
from course.words import TITLES

# Narrow enough that its words can be read on a phone.
WIDTH, DPI = 4.8, 150
LONGEST = 30


@dataclass(frozen=True)
class Picture:
    """A picture as a PNG, and what it shows."""

    png: bytes
    description: str


def picture(draw: Callable[..., tuple[Figure, str]]) -> Callable[..., Picture]:
    """Make a function that returns a figure and its description return a Picture in the style."""

    @wraps(draw)
    def drawn(*args) -> Picture:
        with mpl.rc_context(STYLE | {"axes.titlesize": 11, "font.size": 10}):
            figure, description = draw(*args)
            buffer = io.BytesIO()
            figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
        return Picture(buffer.getvalue(), description)

    return drawn


@picture
def scores(values: list[float], maximum: float, unit: str) -> tuple[Figure, str]:
    """Draw how the scores of one assignment are spread; `unit` says what is counted, up to
    `maximum`."""
    figure, axes = new_figure(width=WIDTH, height=2.5)
    edges = np.linspace(0, maximum or 1.0, 11)
    counts, _ = np.histogram(np.minimum(values, edges[-1]), edges)
    axes.bar(edges[:-1], counts, np.diff(edges), align="edge", color=SKY, edgecolor=INK, lw=0.8)
    median = float(np.median(values))
    axes.axvline(median, color=INK, ls="--", lw=1.5)
    axes.annotate(
        f"median {median:.3g}",
        (median, 1.0),
        (4 if median < 0.6 * edges[-1] else -4, -2),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="left" if median < 0.6 * edges[-1] else "right",
        va="top",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.85},
    )
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlabel=unit, ylabel="students", xlim=(0, edges[-1]))
    axes.set_ylim(0, max(counts) * 1.2)
    axes.grid(axis="x", visible=False)
    parts = [
        f"{count} between {low:.3g} and {high:.3g}"
        for count, low, high in zip(counts, edges, edges[1:])
        if count
    ]
    return figure, (
        f"Histogram of the scores of {len(values)}, in {unit}; median {median:.3g}. "
        f"{'; '.join(parts)}."
    )


@picture
def answers(figures: list[ExerciseFigures]) -> tuple[Figure, str]:
    """Draw the share of right, wrong and missing answers to each exercise."""
    figure, axes = new_figure(width=WIDTH, height=0.9 + 0.3 * len(figures))
    lines = np.arange(len(figures))
    left = np.zeros(len(figures))
    styles = (
        (VerdictKind.RIGHT, [f.right for f in figures], BLUE, ""),
        (VerdictKind.WRONG, [f.wrong for f in figures], ORANGE, "///"),
        (VerdictKind.NOT_ATTEMPTED, [f.blank for f in figures], "#e6e6e6", ".."),
    )
    graded = np.array([max(f.graded, 1) for f in figures])
    for kind, counts, colour, hatch in styles:
        values = np.array(counts) / graded
        axes.barh(
            lines,
            values,
            0.72,
            left=left,
            color=colour,
            hatch=hatch,
            edgecolor=INK,
            lw=0.6,
            label=TITLES[kind],
        )
        left += values
    axes.set_yticks(lines, [shortened(f.id.partition(".")[2]) for f in figures])
    axes.set(xlim=(0, 1), ylim=(len(figures) - 0.5, -0.5))
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(visible=False)
    figure.legend(
        *axes.get_legend_handles_labels(),
        loc="outside upper center",
        ncols=3,
        columnspacing=1,
        handlelength=1.5,
    )
    parts = [f"{f.id}: {f.right} right, {f.wrong} wrong, {f.blank} not attempted" for f in figures]
    return figure, f"Bars, one for each exercise. {'; '.join(parts)}."


@picture
def progress(figures: list[TrendFigures]) -> tuple[Figure, str]:
    """Draw how the class went from notebook to notebook."""
    figure, axes = new_figure(width=WIDTH, height=2.9)
    axes.boxplot(
        [f.shares for f in figures],
        widths=0.5,
        patch_artist=True,
        showmeans=True,
        boxprops={"facecolor": SKY, "linewidth": 0.8},
        medianprops={"color": INK, "linewidth": 2},
        meanprops={"marker": "D", "markerfacecolor": "white", "markeredgecolor": INK},
        flierprops={"marker": ".", "markersize": 4, "markeredgecolor": GREY},
    )
    places = np.arange(1, len(figures) + 1)
    axes.plot(places, [f.median for f in figures], color=BLUE, lw=1.5, zorder=1)
    axes.set_xticks(places, [shortened(f.assignment.title.partition(" ")[0], 10) for f in figures])
    axes.set(xlabel="notebook", ylabel="share of the points", ylim=(-0.03, 1.03))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(axis="x", visible=False)
    parts = [
        f"{f.assignment.title}: median {f.median:.0%}, middle half {f.lower:.0%} to {f.upper:.0%}, "
        f"mean {f.mean:.0%}"
        for f in figures
    ]
    return figure, (
        "One box for each notebook, of the shares of its points; the line joins the medians, "
        f"diamonds are means. {'; '.join(parts)}."
    )


@picture
def common_roots(figures: list[RootFigures]) -> tuple[Figure, str]:
    """Draw how many students met each root of mistakes, and how many more than once."""
    figure, axes = new_figure(width=WIDTH, height=0.9 + 0.52 * len(figures))
    lines = np.arange(len(figures))
    once = [f.students for f in figures]
    often = [f.often for f in figures]
    axes.barh(lines, once, 0.4, color=SKY, edgecolor=INK, lw=0.6, label="at least once")
    axes.barh(
        lines, often, 0.4, color=ORANGE, hatch="///", edgecolor=INK, lw=0.6, label="repeatedly"
    )
    for line, f in zip(lines, figures):
        axes.annotate(f.title, (0, line), (1, 13), textcoords="offset points", va="center")
        axes.annotate(str(f.students), (f.students, line), (3, 0), textcoords="offset points",
                      va="center")  # fmt: skip
    axes.set_yticks([])
    axes.set(xlabel="students", ylim=(len(figures) - 0.6, -0.8), xlim=(0, max(once) * 1.1))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", visible=False)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    parts = [f"{f.title}: {f.students}, {f.often} of them repeatedly" for f in figures]
    return figure, f"How many students met each root of mistakes. {'; '.join(parts)}."


def shortened(text: str, longest: int = LONGEST) -> str:
    """Text that is too long for its place, with an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"

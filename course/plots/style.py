"""One style for every picture of the course: colours, sizes, and the text description.

The colours are those of Okabe and Ito, which can be told apart with every common form of colour
blindness; pictures use them in one fixed meaning and never rely on colour alone.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable
from functools import wraps

import matplotlib as mpl
from IPython.display import display
from matplotlib.figure import Figure

# Okabe & Ito (2008), "Color universal design".
BLACK, GREY = "#222222", "#8c8c8c"
BLUE, ORANGE, GREEN = "#0072b2", "#e69f00", "#009e73"
RED, SKY, PINK, YELLOW = "#d55e00", "#56b4e9", "#cc79a7", "#f0e442"
CYCLE = (BLUE, ORANGE, GREEN, RED, PINK, SKY)
LINES = ("-", "--", "-.", ":")

STYLE = {
    "figure.dpi": 110,
    "savefig.dpi": 110,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.constrained_layout.use": True,
    "font.size": 10.5,
    "axes.titlesize": 11.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e6e6e6",
    "lines.linewidth": 2.0,
    "legend.frameon": False,
    "image.cmap": "cividis",
    "axes.prop_cycle": mpl.cycler(color=CYCLE),
}


def picture(draw: Callable[..., tuple[Figure, str]]) -> Callable[..., None]:
    """Make a function that returns a figure and its description display both, in the style."""

    @wraps(draw)
    def shown(*args, **kwargs) -> None:
        with mpl.rc_context(STYLE):
            show(*draw(*args, **kwargs))

    return shown


def new_figure(rows: int = 1, columns: int = 1, width: float = 8.0, height: float = 3.6, **options):
    """A figure and its axes, `options` as for `Figure.subplots`. Width and height in inches."""
    figure = Figure(figsize=(width, height))
    return figure, figure.subplots(rows, columns, **options)


def show(figure: Figure, description: str) -> None:
    """Display a figure with its text description as the alternative text of the image."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    image = base64.b64encode(buffer.getvalue()).decode()
    alternative = html.escape(description, quote=True)
    bundle = {
        "image/png": image,
        "text/html": f'<img src="data:image/png;base64,{image}" alt="{alternative}">',
        "text/plain": description,
    }
    display(bundle, metadata={"image/png": {"alt": description}}, raw=True)

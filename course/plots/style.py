"""One style for every picture of the course, how it is shown, and what it says to who can't see.

Matplotlib is imported by the first picture that is drawn. It takes longer to load than all that
judging a notebook takes, and where nobody looks on no picture is drawn.
"""

from __future__ import annotations

import gc
import html
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

import numpy as np
from IPython import get_ipython
from IPython.display import display

from course.check import students_frame
from course.plots.themes import CYCLE, GRID, GROUND, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# What a picture is made of: a figure, and its description for who cannot see it.
Drawn = tuple["Figure", str]
# One that a student wrote, or any other that a picture draws.
Function = Callable[..., Any]

STYLE: Any = {
    "figure.facecolor": GROUND,
    "savefig.facecolor": GROUND,
    "figure.constrained_layout.use": True,
    "text.color": INK,
    "axes.facecolor": "none",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "patch.edgecolor": INK,
    "font.family": "DejaVu Sans",
    "image.interpolation": "none",
    "font.size": 10.5,
    "axes.titlesize": 11.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "lines.linewidth": 2.0,
    "legend.frameon": False,
    "image.cmap": "cividis",
    "axes.prop_cycle": f"cycler('color', {list(CYCLE)})",
}


# What stands in place of a picture.
LEFT_OUT = "○ Pictures are left out while grading."
NOT_WRITTEN = "○ This picture needs a function you have not written yet: come back to it."
STOPPED_IN = "○ This picture cannot be drawn yet: {error} in {function}: {text}."
STOPPED = (
    "○ This picture cannot be drawn yet: {error} from what one of your functions returned: {text}."
)

# Grading turns this off: pictures are for the one who learns, and they take longer to draw than
# everything else in a notebook.
drawing = True


def picture(draw: Callable[..., Drawn]) -> Callable[..., None]:
    """Make a function that returns a figure and its description display both, in the style.

    Pictures are drawn with the student's own functions. Where one of these is not written yet or
    fails, one sentence stands in place of the picture.
    """

    @wraps(draw)
    def shown(*args: Any, **kwargs: Any) -> None:
        if not drawing:
            print(LEFT_OUT)
            return
        import matplotlib as mpl

        with mpl.rc_context(STYLE):
            try:
                # A right function may warn where it takes the logarithm of 0 to throw it away.
                with warnings.catch_warnings(action="ignore"):
                    figure, description = draw(*args, **kwargs)
            except NotImplementedError:
                print(NOT_WRITTEN)
            except Exception as error:
                frame = students_frame(error)
                print(
                    (STOPPED_IN if frame else STOPPED).format(
                        error=type(error).__name__,
                        function=frame.f_code.co_name if frame else "",
                        text=str(error).rstrip("."),
                    )
                )
            else:
                show(figure, description)

    return shown


def slider(
    draw: Callable[[float], None],
    values: Sequence[float],
    start: float,
    name: str,
    still: float | None = None,
) -> None:
    """Show a picture that moves with a slider; a still one where no widget can run.

    draw    draws and displays the picture for one value
    values  the positions of the slider
    start   where the slider stands at first
    name    what the slider changes, for its label
    still   the value of the still picture; `start` where it is left out
    """
    if still is not None and not widgets_run():
        draw(still)
    else:
        explorer(draw, {name: (values, start)})


def explorer(draw: Callable[..., None], controls: dict[str, tuple[Sequence[Any], object]]) -> None:
    """Show a picture that moves with one or more controls, all of which work by keyboard.

    It is a still picture, at the start values, where no widget can run. The picture is an ordinary
    output that later ones replace, so that it also stands in a saved notebook, in HTML, and
    wherever a notebook is run without a browser.

    draw      draws and displays the picture for one value of each control, in their order
    controls  what each changes, for its label -> its values and the one to start with; numbers make
              a slider, texts a list to choose from
    """
    starts = [start for _, start in controls.values()]
    if not widgets_run():
        draw(*starts)
        return
    import ipywidgets

    def control(name: str, values: Sequence[Any], start: object) -> Any:
        options = {
            "options": [_labelled(value) for value in values],
            "value": start,
            "description": name,
            "style": {"description_width": "initial"},
        }
        if isinstance(start, str):
            return ipywidgets.Dropdown(**options, layout={"width": "200px"})
        return ipywidgets.SelectionSlider(
            **options, continuous_update=False, layout={"width": "290px"}
        )

    widgets = [control(name, *choice) for name, choice in controls.items()]
    panel = widgets[0] if len(widgets) == 1 else ipywidgets.HBox(widgets)
    if len(widgets) > 1:
        panel.layout.flex_flow = "row wrap"
    show_controls(panel, ", ".join(controls))
    stage = Stage()
    stage.show(lambda: draw(*starts))

    def redraw(change: dict[str, Any]) -> None:
        stage.show(lambda: draw(*(widget.value for widget in widgets)))

    for widget in widgets:
        widget.observe(redraw, names="value")


def _labelled(value: object) -> tuple[str, object]:
    """Return a position of a control with the text to show for it."""
    if isinstance(value, tuple):
        return value
    return (f"{value:.3g}" if isinstance(value, float) else f"{value}", value)


# JupyterLab says of controls whose kernel is gone "Error displaying widget: model not found", and
# marks that place itself as a widget. This stands in its stead, unseen as long as they work.
AGAIN = (
    "<style>.moves-again{display:none}"
    ".jp-OutputArea-child:has(>.jp-OutputArea-output.jupyter-widgets):has(+* .moves-again)"
    "{display:none}"
    ".jp-OutputArea-child:has(>.jp-OutputArea-output.jupyter-widgets)+* .moves-again"
    "{display:block}"
    '</style><p class="moves-again">'
    "The controls of this picture work while its notebook runs: run this cell again to move it."
    "</p>"
)


def show_controls(panel: Any, names: str) -> None:
    """Display the controls of a picture that moves; `names` says what they are."""
    # What stands in a saved notebook, where no kernel answers the controls.
    text = f"Controls that work while the notebook runs: {names}."
    display(panel._repr_mimebundle_() | {"text/plain": text}, raw=True)
    display({"text/html": AGAIN, "text/plain": ""}, raw=True)


def widgets_run() -> bool:
    """Say whether this is a notebook's kernel that has widgets, which have a place to be shown."""
    in_a_kernel = getattr(get_ipython(), "kernel", None) is not None
    return in_a_kernel and find_spec("ipywidgets") is not None


class Stage:
    """One place below the controls of a moving picture, in which pictures replace each other."""

    def __init__(self) -> None:
        self._place, self._opened = uuid4().hex, False

    def show(self, draw: Callable[[], None]) -> None:
        """Show what `draw` shows in the place of what was there."""
        with swept_afterwards(), _shown_at(display_id=self._place, update=self._opened):
            draw()
        self._opened = True


@contextmanager
def swept_afterwards() -> Iterator[None]:
    """Clear away what is drawn as soon as it is shown, while it is quick to find.

    A figure is thousands of objects that refer to each other. Those that grow old make Python stop
    every few moves, in the middle of a drawing, and search all of its memory for them.
    """
    sweeps = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sweeps:
            gc.enable()
            gc.collect(0)


# Where `show` puts the next picture: options of IPython's `display`.
_place: ContextVar[dict[str, Any]] = ContextVar("_place", default={})


@contextmanager
def _shown_at(**place: Any) -> Iterator[None]:
    token = _place.set(place)
    try:
        yield
    finally:
        _place.reset(token)


def new_figure(
    rows: int = 1,
    columns: int = 1,
    width: float = 8.0,
    height: float = 3.6,
    placed: dict[str, Any] | None = None,
    **options: Any,
) -> tuple[Figure, Any]:
    """Make a figure and its axes, `options` as for `Figure.subplots`. Width and height in inches.

    placed  the margins as for `Figure.subplots_adjust`, for pictures that move: to find them out
            takes longer than to draw
    """
    from matplotlib.figure import Figure

    if placed is None:
        figure = Figure(figsize=(width, height))
        return figure, figure.subplots(rows, columns, **options)
    without: Any = "none"  # which Matplotlib knows, and its types do not
    figure = Figure(figsize=(width, height), layout=without)
    axes = figure.subplots(rows, columns, **options)
    figure.subplots_adjust(**placed)
    for axis in figure.axes:
        # A title with a place of its own is not moved about, which takes a fifth of the drawing.
        axis.set_title("", y=1.0)
    return figure, axes


def text_ground(pad: float, alpha: float | None = None) -> dict[str, Any]:
    """Return what lies behind a text that crosses lines, for `bbox`: the ground of the picture.

    pad  points between the text and the edge of its ground
    """
    return {"facecolor": GROUND, "edgecolor": "none", "pad": pad, "alpha": alpha}


def readings(axes: Axes, places: Sequence[float], form: str = ".3g") -> str:
    """Say what the named lines of a panel show at some places, in words, for its description.

    It is read off the numbers drawn, so that it is true of a wrong function, too.
    """
    told = []
    for line in axes.get_lines():
        name = str(line.get_label())
        x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
        points = line.get_linestyle() in ("None", "none", " ", "")
        if name.startswith("_") or points or len(x) < 2:
            continue
        values = ", ".join(f"{_value(x, y, place):{form}} at {place:g}" for place in places)
        told.append(f"{name}: {values}")
    return "; ".join(told)


def _value(x: np.ndarray, y: np.ndarray, place: float) -> float:
    """Return the height of a line at a place; between points of which one is not finite, the
    nearest."""
    between = float(np.interp(place, x, y))
    nearest = float(y[np.argmin(np.abs(x - place))])
    # Adding 0 makes a negative zero an ordinary one.
    return (between if np.isfinite(between) and np.isfinite(nearest) else nearest) + 0.0


# The image asks for the colour scheme of the place where it stands, and these pages tell theirs by
# a name alone: JupyterLab and nbconvert, VS Code, Colab.
SCHEMES = (
    "<style>:is([data-jp-theme-light=false],.vscode-dark,[theme=dark]) img.drawn"
    "{color-scheme:dark}</style>"
)


def show(figure: Figure, description: str) -> None:
    """Display a figure with its text description as the alternative text of the image.

    The image is an SVG, stored once. It stands in an element of its own, so that neither names nor
    rules of one picture meet those of another.
    """
    from course.plots.svg import svg

    # Of what may stand in an address only this little needs an escape; base64 is a third longer.
    image = quote(svg(figure), safe=" !$&'()*+,-./:;=?@[]^_`{|}~")
    source = html.escape(f"data:image/svg+xml,{image}", quote=False)
    drawn = f'<img class="drawn" src="{source}" alt="{html.escape(description)}">'
    display({"text/html": SCHEMES + drawn, "text/plain": description}, raw=True, **_place.get())
